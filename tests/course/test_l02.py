"""Lesson 2: the way in, the handshake, who is named, who is refused, the tasks; each over several seeds."""

from typing import Any

import pytest
from support.outbound_lines import get_chosen, get_lines

from blockchain_lab.base.actions import Connect
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import MINUTE, SECOND
from blockchain_lab.course import l02_runs as runs
from blockchain_lab.course import l02_size as size
from blockchain_lab.course import l02_sums as sums
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.l02 import ACTIVE, CALLERS, QUESTIONS, STALE
from blockchain_lab.course.l02_tasks import (
    COME_BACK,
    MET_AGAIN,
    MOVE,
    act,
    call_after_the_move,
    come_back_at_once,
    find_move,
)
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.study.twin import make_twin

SEED = 7


@pytest.mark.parametrize("seed", range(100, 102))
def test_without_seeds_the_list_is_opened_after_a_minute(seed: int) -> None:
    """Nothing is known before; in the end she has lines, to all six."""
    lab = runs.play(runs.NO_SEEDS, seed)
    first, _ = next(get_notes(lab, "address added", "ann"))

    assert "c" == runs.find_way_in(seed) == runs.reckon_way_in(seed)
    assert MINUTE == first.at
    assert 6 == len(get_lines(lab, "ann"))


@pytest.mark.parametrize("seed", range(200, 202))
def test_six_messages_until_the_first_address(seed: int) -> None:
    """The lecture's count: each of the six is needed, as losing it shows; the other two are not."""
    expected = (
        "version from ann", "version from seed", "verack from seed", "verack from ann",
        "getaddr from ann", "addr from seed",
    )  # fmt: skip

    assert expected == runs.get_order(seed) == runs.find_needed(seed)
    assert 8 == len(runs.get_talk(runs.play(runs.FILM, seed, runs.OLD_ERA)))


def test_the_quiet_twin_of_the_lesson_says_the_same() -> None:
    """What the lesson shows, with nobody else talking, has the messages that the question is about."""
    twin = make_twin(Lab(runs.FILM, seed=SEED), {"policy.era": "lecture", "topology.edges": ()})
    twin.run()
    said = [line.split()[2:] for line in runs.list_messages(twin, "ann", "seed")]
    ends = {twin.names.index(name) for name in ("ann", "seed")}
    early = [each for each in get_records(twin, Kind.SEND) if each.at < 300_000]

    assert [["ann", "version"], ["seed", "version"], ["seed", "verack"], ["ann", "verack"]] == said[:4]
    assert [["ann", "getheaders"], ["ann", "getaddr"], ["ann", "addr"], ["seed", "addr"]] == said[4:]
    assert all({each.peer, each.other} == ends for each in early)


def test_sums_of_the_syllabus() -> None:
    """30,003 bytes, 0.0039, 6,683 nodes: the figures of the lecture."""
    assert 30_003 == sums.get_addr_size(0) == sums.sum_addr_size(0)
    assert 0.0039 == round(sums.get_chance_of_all_bad(0), 4) == round(sums.count_all_bad(0), 4)
    assert 6_683 == size.count_with_country(0) == size.scale_with_country(0)
    assert 63 == round(100 * size.WITHOUT_COUNTRY / size.REACHABLE)


def test_the_book_names_whom_the_clock_names() -> None:
    """Only bob and cat; a table with dan in the wrong place is told why."""
    table = sums.find_active(SEED)

    assert ["bob", "cat"] == [name for name, group in table.items() if group == "named"]
    assert sums.reckon_active(SEED) == table
    assert "more than three hours" in ACTIVE.judge({**table, "dan": "named"}).message
    assert Verdict.UNCLEAR == ACTIVE.judge({"bob": "named"}).verdict


@pytest.mark.parametrize("seed", range(300, 302))
def test_who_is_refused_is_refused_in_runs_too(seed: int) -> None:
    """The rule of the handshake and four played greetings agree."""
    table = sums.find_refused(seed)

    assert {"A": "welcome", "B": "too old", "C": "welcome", "D": "ourselves"} == table
    assert sums.play_refusals(seed) == table
    assert "no new one" not in CALLERS.judge({**table, "B": "welcome"}).message


@pytest.mark.parametrize("seed", [400, 113])
def test_an_hour_makes_more_than_a_third_of_the_book_stale(seed: int) -> None:
    """State and records agree; each move leaves an entry behind. (With seed 113 one news found no place.)"""
    share = runs.get_stale_share(seed)

    assert share == pytest.approx(runs.reckon_stale_share(seed))
    assert 35 < share < 45
    assert STALE.judge(runs.get_stale_count(seed), seed).message.startswith("That is how many")


@pytest.mark.parametrize("seed", range(500, 502))
def test_without_the_seed_she_comes_back_by_her_book(seed: int) -> None:
    """Eight lines and two, and nobody calls the seed any more."""
    lab = come_back_at_once(seed)
    back = max(record.at for record in get_records(lab, Kind.START, "ann"))

    assert COME_BACK.judge(lab, seed).is_right
    assert 10 == len(get_lines(lab, "ann"))
    assert "seed" not in {name for name, _ in get_chosen(lab, "ann", since=back)}


def test_with_an_empty_book_she_is_lost() -> None:
    """The other end of the same task: both off in the first moments, and she is alone for ever."""
    lost = COME_BACK.demands[3].broken_by(SEED)

    assert {} == get_lines(lost, "ann")
    assert "how to lose her" in COME_BACK.judge(lost, SEED).message


@pytest.mark.parametrize("seed", range(600, 602))
def test_one_call_makes_her_friends_find_her(seed: int) -> None:
    """A friend's own call helps nobody; hers does: three or more call the new address."""
    met = call_after_the_move(seed)

    assert [] == get_finders(act(MOVE, ((90, Connect("bob", "ann")),), seed))
    assert 3 <= len(get_finders(met))
    assert MET_AGAIN.judge(met, seed).is_right


def get_finders(lab: Lab) -> list[Any]:
    """Who has called ann at her new address, by number."""
    move = find_move(lab)
    assert move is not None
    calls = (each for each in get_records(lab, Kind.CONNECT) if each.detail == (move[1], False))
    return sorted({call.peer for call in calls})


def test_a_friend_that_the_lesson_shows_calls_in_vain() -> None:
    """cat, whose book the lesson opens, calls the old address before the learner acts."""
    lab = Lab(MOVE, seed=SEED)
    lab.run(until=90 * SECOND)

    assert 3 < len(list(get_records(lab, Kind.DIAL_FAILED, "cat")))


def test_homes_are_those_of_the_cursor() -> None:
    """Where everybody lives depends on when one asks."""
    hour = runs.play(runs.HOUR, SEED)
    late = runs.get_homes(hour)
    hour.goto(at=MINUTE)

    assert hour.scenario.get_addresses() == runs.get_homes(hour)
    assert 7 == sum(late[name] != home for name, home in runs.get_homes(hour).items())  # cat moves twice
    assert 13 == len(QUESTIONS)
