"""The carrier's talk with a page: push first, hello second, batches that may come twice, no echo."""

import asyncio
import json
import threading

import pytest
from blockchain_lab_widgets.carrier import Carrier
from support.talking_lab import Stumble, make_talking_lab
from support.widget_page import (
    PageChannel,
    answer,
    buffer_of,
    heads_of,
    open_page,
    rest_at,
    say_hello,
    types_of,
)

from blockchain_lab.base.units import MILLISECOND, SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill, SetLink


class PushedCarrier(Carrier):
    """A carrier whose page is there from the very first message."""

    def open(self) -> None:
        """Called by ipywidgets when the widget is made."""
        self.comm = PageChannel()


def make_carrier(lab: Lab) -> tuple[Carrier, PageChannel]:
    """A carrier that has pushed its opening, and a page that hears what comes next."""
    carrier = Carrier(lab)
    return carrier, open_page(carrier)


def facts_in(page: PageChannel, index: int) -> list[dict]:
    """The new facts of a batch of records: the JSON behind the columns."""
    head, buffer = heads_of(page)[index], buffer_of(page, index)
    return json.loads(buffer[head["count"] * (8 + 8 + 4 * 5 + 1) :])


def test_all_is_pushed_before_anybody_asks() -> None:
    """Modules, records, bytes; and the last word, `eager` is false, tells a page that missed them to ask."""
    lab = make_talking_lab()
    lab.goto(event=10)
    page = PushedCarrier(lab).comm

    assert ["modules", "records", "messages"] == types_of(page)
    assert {"method": "update", "state": {"eager": False}, "buffer_paths": []} == page.sent[-1][0]
    head = heads_of(page)[1]
    assert (0, len(lab.trace), 0, 10) == (head["from"], head["count"], head["epoch"], head["opening"])
    assert ["ann", "bob", "cat", "dan", "eve"] == head["peers"]


def test_the_future_is_there_to_be_played() -> None:
    """Play is playback: the page gets the run up to the scenario's end, while the lab stays where it is."""
    lab = make_talking_lab(until=2 * SECOND)
    PushedCarrier(lab)

    assert 0 == lab.cursor
    assert lab.trace.time_of(lab.head) > 1.9 * SECOND


def test_going_on_behind_the_end_sends_only_what_is_new() -> None:
    """The page holds the past already: records, facts and message bytes continue where they ended."""
    lab = make_talking_lab()
    _, page = make_carrier(lab)
    before = len(lab.trace)

    lab.run(until=3 * SECOND)

    head = heads_of(page)[0]
    assert (before, len(lab.trace) - before, 0) == (head["from"], head["count"], head["epoch"])
    assert lab.cursor == head["cursor"]
    assert any(facts.get("command") == "ping" for facts in facts_in(page, 0))
    assert "peers" not in head
    assert ["records", "messages"] == types_of(page)


def test_a_loop_of_steps_is_not_a_flood() -> None:
    """Jupyter drops messages beyond a thousand a second, so the steps of one cell come in few batches."""
    lab = make_talking_lab(until=0)

    async def cell() -> PageChannel:
        _, page = make_carrier(lab)
        for _ in range(500):
            lab.step()
        await asyncio.sleep(0.1)
        return page

    page = asyncio.run(cell())

    batches = [head for head in heads_of(page) if head["type"] == "records"]
    assert len(batches) < 50
    assert len(lab.trace) == batches[-1]["from"] + batches[-1]["count"]
    assert 500 == batches[-1]["cursor"]


def test_python_moves_the_page_and_hears_no_echo() -> None:
    """`lab.goto()` moves every view; where the reader rests moves the lab, which is not told back."""
    lab = make_talking_lab()
    carrier, page = make_carrier(lab)

    lab.goto(event=7)
    rest_at(carrier, 12, selection="peer:bob")

    assert [{"type": "cursor", "cursor": 7, "moves": 1}] == heads_of(page)
    assert (12, "peer:bob") == (lab.cursor, lab.selection)


def test_an_unseen_future_is_replaced_without_a_branch() -> None:
    """Acting at event 20: what the page was given beyond was never shown, so it is taken back."""
    lab = make_talking_lab()
    _, page = make_carrier(lab)
    lab.goto(event=20)
    kept = len([record for record in lab.trace if record.event <= 20])
    lab.do(Kill("ann"))

    cursor, records = heads_of(page)[:2]
    assert {"type": "cursor", "cursor": 20, "moves": 1} == cursor
    assert (1, kept, kept, 0) == tuple(records[name] for name in ("epoch", "cut", "from", "branch"))
    assert (21, len(lab.trace)) == (records["cursor"], records["from"] + records["count"])
    assert {"do": "Kill", "peer": "ann", "seen_as": "reset"} == facts_in(page, 1)[0]


def test_a_future_that_the_reader_has_seen_stays_on_its_branch() -> None:
    """The page tells how far it has shown; acting before that begins a branch, which the page follows."""
    lab = make_talking_lab()
    carrier, page = make_carrier(lab)
    rest_at(carrier, 20, furthest=100)

    lab.do(Kill("ann"))

    head = heads_of(page)[0]
    assert (1, 1, 21) == (head["epoch"], head["branch"], head["cursor"])
    lab.switch(0)
    back = [head for head in heads_of(page) if head["type"] == "records"][1]
    assert (2, 0, head["cut"]) == (back["epoch"], back["branch"], back["cut"])


def test_replacing_the_last_event_alone_is_noticed() -> None:
    """As many events and records as before: only what happened is not the same."""
    lab = make_talking_lab(until=40 * MILLISECOND)  # the last event is a connection, one record
    _, page = make_carrier(lab)
    before = len(lab.trace)
    lab.goto(event=lab.head - 1)
    lab.do(SetLink("ann", "bob", latency=1))

    assert before == heads_of(page)[1]["from"] + 1
    assert (1, "SetLink") == (heads_of(page)[1]["epoch"], facts_in(page, 1)[0]["do"])


def test_a_node_that_raises_leaves_the_page_as_it_was() -> None:
    """The event is undone; the learner sees the error in the cell, and the views show what is true."""
    lab = make_talking_lab()
    _, page = make_carrier(lab)
    lab.goto(event=lab.head)
    with pytest.raises(RuntimeError, match="stumbled"):
        lab.do(Stumble("ann"))

    assert ["cursor"] == types_of(page)


def test_a_node_that_raises_in_the_future_is_the_page_s_trouble() -> None:
    """Nobody asked for that future yet, so no cell fails: the views say it, and show the run up to there."""
    lab = make_talking_lab(until=2 * SECOND, story=((SECOND, Stumble("ann")),))
    page = PushedCarrier(lab).comm

    assert ["modules", "error", "records", "messages"] == types_of(page)
    sentence = f"Python raised RuntimeError: stumbled. The run is known up to event {lab.head}."
    assert sentence == heads_of(page)[1]["text"]
    assert 'raise RuntimeError("stumbled")' in heads_of(page)[1]["traceback"]
    assert 0 < heads_of(page)[2]["count"] == len(lab.trace)


def test_trouble_goes_when_the_future_is_mended() -> None:
    """The learner kills the peer that would stumble: nothing is wrong any more, and the views say so."""
    lab = make_talking_lab(until=2 * SECOND, story=((SECOND, Stumble("ann")),))
    page = PushedCarrier(lab).comm
    lab.goto(event=10)

    lab.do(Kill("ann"))

    errors = [head["text"] for head in heads_of(page) if head["type"] == "error"]
    assert ["Python raised RuntimeError: stumbled.", ""] == [text[:37] for text in errors]


def test_where_a_reader_rested_in_a_future_that_is_no_more_is_ignored() -> None:
    """The message was under way while Python replaced the future."""
    lab = make_talking_lab()
    carrier, _ = make_carrier(lab)
    lab.goto(event=20)
    lab.do(Kill("ann"))

    rest_at(carrier, 5, epoch=0)

    assert 21 == lab.cursor


@pytest.mark.parametrize(
    ("epoch", "have", "expected"),
    [(0, 0, 0), (0, 12, 12), (0, -1, None), (3, -1, 0)],
    ids=["a reload", "a gap", "nothing missing", "another kernel's epoch"],
)
def test_hello_is_answered_with_what_is_missing(epoch: int, have: int, expected: int | None) -> None:
    """A page tells what it has (-1: all) and gets the rest, once or twice: asking changes nothing."""
    lab = make_talking_lab()
    carrier, page = make_carrier(lab)
    have = have % (len(lab.trace) + 1)

    say_hello(carrier, epoch=epoch, have=have, facts=1, messages=1000)
    say_hello(carrier, epoch=epoch, have=have, facts=1, messages=1000)

    found = [(head["from"], head["from"] + head["count"]) for head in heads_of(page)]
    assert [(expected, len(lab.trace))] * 2 * (expected is not None) == found


def test_hello_brings_modules_scripts_and_bytes_when_asked() -> None:
    """A second page has nothing at all."""
    carrier, page = make_carrier(make_talking_lab())

    nothing = {"epoch": 0, "have": 0, "facts": 0, "messages": 0}
    answer(carrier, {"type": "hello", "modules": True, "libraries": ["vis"], **nothing})

    assert ["modules", "library", "records", "messages"] == types_of(page)


def test_a_long_trace_travels_compressed() -> None:
    """Twelve thousand records as columns are half a megabyte; the wire carries a fraction."""
    lab = make_talking_lab(until=50 * SECOND)
    page = PushedCarrier(lab).comm

    head = heads_of(page)[1]
    assert head["gzip"]
    assert len(page.sent[1][1][0]) < head["count"] * 37 / 3
    assert len(lab.trace) == head["count"]


def test_a_message_delivered_on_another_thread_is_handled_on_the_main_one() -> None:
    """Kernel subshells deliver on their own thread; the lab is touched on the main thread only."""
    lab = make_talking_lab()
    threads = []

    async def cell() -> None:
        carrier = Carrier(lab)
        lab.subscribe(lambda change: threads.append(threading.current_thread()))
        subshell = threading.Thread(target=rest_at, args=(carrier, 12))
        subshell.start()
        subshell.join()
        await asyncio.sleep(0)

    asyncio.run(cell())

    assert [threading.main_thread()] == threads
    assert 12 == lab.cursor
