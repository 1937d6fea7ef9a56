"""Lesson 7: theory against many runs, the story over many seeds, the tasks, a learner's own function."""

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.course import l07_runs as runs
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.l07 import QUESTIONS
from blockchain_lab.course.l07_receive import on_receive, play_yours, tell_again, tell_all
from blockchain_lab.course.l07_tasks import (
    LEAST_HOPS,
    STOP_IT,
    find_from_below,
    find_publishing,
    get_limits,
    limit,
    stop_in_flight,
    switch_off,
)
from blockchain_lab.course.l07_theory import get_left_by_pull, get_left_by_push, get_missed
from blockchain_lab.course.reading import get_records
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.gossip_policy import PULL, PUSH_ONCE

SEED = 7


@pytest.mark.parametrize("seed", range(100, 104))
def test_the_curves_cross_for_everybody(seed: int) -> None:
    """Push is at half long before pull, and never at all sixty; pull gets there before its story ends."""
    race = runs.play_race(seed)

    assert "b" == runs.find_winners(seed) == runs.reckon_winners(seed)
    assert 3 * (race.when(PUSH_ONCE, 30) or 0) < (race.when(PULL, 30) or 0)
    assert race.when(PUSH_ONCE, 60) is None
    assert race.when(PULL, 60) is not None


@pytest.mark.parametrize(("fanout", "missed", "spread"), [(2, 20.32, 5), (3, 5.95, 3), (4, 1.98, 2)])
def test_a_network_misses_as_many_as_the_equation_says(fanout: int, missed: float, spread: float) -> None:
    """Three runs of 200 peers each; the figures of the lecture, the fixed point and the engine agree."""
    assert missed == get_missed(fanout)(0)
    assert missed == pytest.approx(runs.measure_missed(fanout, SEED), abs=spread)


def test_the_tail_is_pulls() -> None:
    """Of the last hundred push leaves 37, pull one."""
    assert (37, 1) == (get_left_by_push(0), get_left_by_pull(0))


@pytest.mark.parametrize("seed", range(200, 203))
def test_the_least_number_of_hops_is_a_handful_for_everybody(seed: int) -> None:
    """4 to 6 hops, as five told by each let expect; the run that finds them passes."""
    lab = find_from_below(seed)

    assert get_limits(lab)[-1][1] in (4, 5, 6)
    assert LEAST_HOPS.judge(lab, seed).is_right


def test_no_limit_at_all_is_refused_by_the_knob() -> None:
    """0 would mean "no limit"; so the knob begins at 1."""
    with pytest.raises(UsageError, match="1 to 20"):
        limit(0, SEED)


@pytest.mark.parametrize("seed", range(300, 304))
def test_two_switches_stop_a_rumour_for_everybody(seed: int) -> None:
    """The two who are told first are lost: p0 alone knows."""
    lab = stop_in_flight(seed)

    assert 1 == runs.count_informed(lab)
    assert STOP_IT.judge(lab, seed).is_right


def test_two_others_do_not_stop_it() -> None:
    """Two who are told later, or never, change little; the card leads to the publishing."""
    lab = Lab("push_or_pull", seed=SEED)
    lab.run()
    told = {record.other for record in get_records(lab, Kind.SEND, "p0")}
    others = [name for number, name in enumerate(lab.names) if number not in {0, *told}]
    stopped = switch_off(others[:2], SEED)
    judgement = STOP_IT.judge(stopped, SEED)

    assert Verdict.WRONG == judgement.verdict
    assert "It lives" in judgement.message
    assert find_publishing(stopped) == judgement.event


@pytest.mark.parametrize("seed", range(400, 402))
def test_who_was_away_is_helped_by_pull_alone(seed: int) -> None:
    """With push once nobody speaks any more when it comes back."""
    assert "b" == runs.find_what_helps_who_was_away(seed)


def count_sent(lab: Lab) -> int:
    """Messages of a run."""
    return sum(record.kind == Kind.SEND for record in lab.trace)


def test_a_right_function_spreads_the_news_as_the_engine_does() -> None:
    """Two messages for each that knows; four fifths know in the end, give or take chance."""
    lab = play_yours(on_receive, SEED)

    assert 38 <= runs.count_informed(lab) <= 58
    assert 2 * runs.count_informed(lab) == count_sent(lab)


@pytest.mark.parametrize("function", [tell_again, tell_all])
def test_a_function_that_never_stops_does_not_fill_the_machine(function) -> None:
    """Each peer may send sixty rumours, then it is silent."""
    lab = play_yours(function, SEED)

    assert 60 == runs.count_informed(lab)
    assert 3_000 < count_sent(lab) <= 60 * 60 + 2


def raise_always(*arguments: object) -> None:
    """A function that fails."""
    raise RuntimeError("no")


@pytest.mark.parametrize(
    "function",
    [
        None,
        raise_always,
        lambda *a: 7,
        lambda *a: ["p1"],
        lambda *a: [("nobody", 1), ("p1", 999), ("p2", "1")],
    ],
)
def test_whatever_a_function_answers_the_story_goes_on(function) -> None:
    """Nothing, an error, a number, names without hops, strangers: nothing of this is sent."""
    assert 2 == count_sent(play_yours(function, SEED))


def test_the_picture_says_what_the_table_says() -> None:
    """Its words are the table; names are escaped."""
    race = runs.play_race(SEED)
    drawing = race._repr_html_()

    assert "never" in repr(race)
    assert "never all" in drawing
    assert 'role="img"' in drawing
    assert 3 == drawing.count("font-weight")
    assert 11 == len(QUESTIONS)


def test_the_knob_turned_late_is_shown_where_it_was_too_late() -> None:
    """A wrong run points at the publishing."""
    lab = limit(6, SEED, at=3)
    judgement = LEAST_HOPS.judge(lab, SEED)

    assert "Too late" in judgement.message
    assert find_publishing(lab) == judgement.event
