"""The trace: places, events and times, branches that share a past, forgetting, and spilling to a file."""

import json

import pytest
from support.toys_worlds import mixed, toy_lab

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.sim.trace import BITE


def test_records_events_and_times_belong_together() -> None:
    """At full level a record's place is its id; events are whole stretches of records, in order of time."""
    lab = toy_lab(mixed(1, 6))
    lab.goto(event=300)
    records = list(lab.trace)

    assert list(range(len(lab.trace))) == [record.id for record in records]
    assert sorted(record.at for record in records) == [record.at for record in records]
    for event in (0, 1, 150, 300):
        assert lab.trace.end_of(event) == sum(record.event <= event for record in records)
        assert all(lab.trace.time_of(event) == record.at for record in records if record.event == event)
    assert records[-1] == lab.trace[-1] == lab.trace[len(records) - 1]
    with pytest.raises(IndexError, match="this trace has"):
        lab.trace[len(records)]


@pytest.mark.parametrize("level", ["full", "notes"])
def test_reading_all_is_reading_one_by_one(level) -> None:
    """Across bites and a fork, whole or by kind; a reader that has begun hears nothing of what comes."""
    lab = toy_lab(mixed(1, 6), level=level)
    lab.goto(event=2_500)
    lab.goto(event=2_400)
    lab.do(Mine("p0"))
    lab.goto(event=2_500)
    whole = [lab.trace[place] for place in range(len(lab.trace))]
    reader = iter(lab.trace)
    lab.goto(event=2_600)

    assert lab.trace.first_row > (BITE if level == "full" else 100)
    assert len(whole) < len(lab.trace)
    assert whole == list(reader)
    for kinds in ((Kind.NOTE,), (Kind.COMMAND, Kind.ACTION), ()):
        expected = [record for record in lab.trace if record.kind in kinds]

        assert expected == list(lab.trace.of_kind(*kinds))
    assert any(lab.trace.of_kind(Kind.NOTE))


def test_an_event_writes_records_and_tells_at_most_one_node() -> None:
    """The two promises about events that views rely on."""
    lab = toy_lab(mixed(2, 8))
    lab.goto(event=600)
    told = [record.event for record in lab.trace if record.kind < Kind.KILL]

    assert set(range(1, 601)) == {record.event for record in lab.trace}
    assert len(told) == len(set(told))


def test_columns_are_the_records_side_by_side() -> None:
    """Any stretch of them, across a fork too."""
    lab = toy_lab(mixed(1, 6))
    lab.goto(event=300)
    lab.goto(event=200)
    lab.do(Mine("p0"))
    lab.goto(event=320)
    for start, stop in ((0, len(lab.trace)), (17, 90), (lab.trace.end_of(190), lab.trace.end_of(210))):
        columns, records = lab.trace.columns(start, stop), [lab.trace[i] for i in range(start, stop)]
        expected = [[r.kind, r.peer, r.other, r.conn, r.cause] for r in records]

        assert expected == [list(row) for row in zip(*columns.numbers(), strict=True)]
        assert [record.detail for record in records] == columns.details


def test_branches_share_their_past_and_nothing_else() -> None:
    """Two futures of one past; the first branch keeps its own, the second holds only its suffix."""
    lab = toy_lab(mixed(1, 6))
    lab.goto(event=300)
    first = list(lab.trace)
    lab.goto(event=200)
    lab.do(Mine("p1"))
    lab.goto(event=400)
    fork = lab.trace.end_of(200)

    assert (1, 400) == (lab.branch, lab.head)
    assert first[:fork] == list(lab.trace)[:fork]
    assert first[fork] != lab.trace[fork]
    assert len(lab.trace) - fork == len(lab.trace._kept)
    lab.switch(0)
    assert (0, 300, first) == (lab.branch, lab.cursor, list(lab.trace))


def test_a_lab_may_keep_only_its_newest_records() -> None:
    """It remembers how many there were; asking for a forgotten one says so, and peers still can be read."""
    whole, short = toy_lab(mixed(1, 6)), toy_lab(mixed(1, 6), keep=500)
    for lab in (whole, short):
        lab.run(until=40 * SECOND)

    assert len(whole.trace) == len(short.trace)
    assert 500 <= len(short.trace) - short.trace.first_kept < len(whole.trace)
    assert list(whole.trace)[short.trace.first_kept :] == list(short.trace)
    assert whole.state_digest() == short.state_digest()
    assert whole.peer("p1").tip == short.peer("p1").tip
    with pytest.raises(UsageError, match="record 0 was forgotten: this lab keeps its last 500"):
        short.trace[0]
    with pytest.raises(UsageError, match="the whole trace is needed"):
        short.digest()
    short.back()
    with pytest.raises(UsageError, match="keeps only part of its trace, so it cannot act in its past"):
        short.do(Mine("p0"))


@pytest.mark.parametrize("level", ["full", "notes"])
def test_every_record_goes_to_the_spill_file(level, tmp_path) -> None:
    """One JSON line each, complete whenever the lab rests, although few stay in memory."""
    whole = toy_lab(mixed(1, 6), level=level)
    short = toy_lab(mixed(1, 6), level=level, keep=100, spill=tmp_path / "out.jsonl")
    for until in (10, 25, 40):
        for lab in (whole, short):
            lab.run(until=until * SECOND)
        lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()

        assert len(whole.trace) == len(lines)
    told, records = [json.loads(line) for line in lines], list(whole.trace)
    assert [record.id for record in records] == [line["id"] for line in told]
    assert [whole.names[record.peer] for record in records] == [line["peer"] for line in told]
    note = next(line for line in told if line["kind"] == "note")
    assert note["detail"][0] in ("tip", "round trip")
    assert len(short.trace._kept) <= 200 + 6 * 1024


def test_an_undone_event_is_not_spilled(tmp_path) -> None:
    """The file holds what happened."""
    lab = toy_lab(mixed(1, 6), spill=tmp_path / "out.jsonl")
    lab.goto(event=50)
    before = (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    with pytest.raises(UsageError):
        lab.do(Mine("nobody"))

    assert before == (tmp_path / "out.jsonl").read_text(encoding="utf-8")


def test_a_spill_file_that_cannot_be_written_is_said_at_once(tmp_path) -> None:
    """Before anything has happened."""
    with pytest.raises(UsageError, match=r"cannot write records to .*nowhere"):
        toy_lab(mixed(1, 6), spill=tmp_path / "nowhere" / "out.jsonl")


def test_the_trace_of_a_flood_takes_less_than_seventy_bytes_a_record() -> None:
    """Columns, references, inbox and the moments of events together; messages and nodes not counted."""
    lab = toy_lab(mixed(1, 12))
    lab.goto(event=6000)
    trace = lab.trace
    trace.tidy()
    columns = sum(column.itemsize for column in trace._kept.numbers()) + 8
    inbox = sum(ids.itemsize * len(ids) for ids in trace._inbox)
    events = len(trace.event_at) * (trace.event_at.itemsize + trace.event_first.itemsize)

    assert columns + (inbox + events) / len(trace) <= 70
