"""Lesson 3: boxes as tables against boxes in runs, the stories over many seeds, tasks, picture."""

from itertools import product

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.course import l03_runs as runs
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.l03 import QUESTIONS
from blockchain_lab.course.l03_boxes import (
    BOXES,
    PAIRS,
    TABLE,
    can_connect,
    connect_by_packets,
    forget_the_firewall,
    sort_pairs,
    survives,
)
from blockchain_lab.course.l03_reach import draw_reach, play_pair
from blockchain_lab.course.l03_tasks import (
    BREAK_IT,
    IN_ORDER,
    delay,
    find_meeting,
    get_step,
    hold_request,
    lose,
    lose_words,
)
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import DelayMessage
from blockchain_lab.study.twin import make_twin

SEED = 7


@pytest.mark.parametrize(("a", "b"), list(product(BOXES, BOXES)))
def test_rule_packets_and_runs_agree_for_every_pair(a: str, b: str) -> None:
    """Who writes first to whom does not matter; a run needs the relay just where the rule says so."""
    assert can_connect(a, b) is connect_by_packets(a, b) is can_connect(b, a)
    assert can_connect(a, b) is (play_pair(a, b, SEED) != "relay")


def test_two_of_ten_pairs_need_the_relay() -> None:
    """As the lecture has it: symmetric against symmetric, and against port restricted."""
    relayed = [pair for pair, way in sort_pairs(can_connect).items() if way == "relay"]

    assert 10 == len(PAIRS)
    assert ["port restricted cone + symmetric", "symmetric + symmetric"] == relayed
    assert Verdict.WRONG == TABLE.judge(dict.fromkeys(PAIRS, "punch"), SEED).verdict


@pytest.mark.parametrize("seed", range(100, 104))
def test_the_first_packet_out_opens_the_box_for_everybody(seed: int) -> None:
    """It leaves before Ann has reached Bob, and after she has knocked in vain."""
    lab = runs.play(runs.PUNCH, seed)
    reached = runs.find_reached(lab)
    blocked = [note.event for note, _ in get_notes(lab, "packet blocked", "office")]

    assert "c" == runs.find_opener(seed) == runs.try_openers(seed)
    assert reached is not None
    assert min(blocked) < runs.find_opening(seed) < reached
    assert 0 < runs.find_opening(seed) - min(blocked)
    assert "punch" == get_step(lab)
    assert runs.find_opening(seed) <= lab.scenario.poster < reached  # where the lesson's first picture stands


@pytest.mark.parametrize("seed", range(200, 204))
def test_hope_takes_six_seconds_and_a_little_for_everybody(seed: int) -> None:
    """Three steps in vain, and the ways there and back; the run ends with the answer."""
    assert 6.1 < runs.read_wait(seed) < 6.6
    assert runs.read_wait(seed) == pytest.approx(runs.reckon_wait(seed), abs=0.001)
    assert runs.find_relayed(seed) == runs.play(runs.SYMMETRIC, seed).head
    assert 3 == runs.count_ports(seed) == runs.count_remotes(seed)


def test_a_box_forgets_at_thirty_seconds_and_not_a_second_before() -> None:
    """RFC 4787's timers, tried out; half of it survives a lost keep-alive."""
    assert [True, True, False, False] == [survives(seconds) for seconds in (14, 29, 30, 31)]


def test_a_story_of_a_forgetful_box_agrees() -> None:
    """Who says hello every 29 s is found in second 52, who says it every 30 s is not always."""
    cat = {"server": "server", "register_every": 29 * SECOND}
    lab = make_twin(Lab("forgetful_nat", seed=SEED), {"peers.cat.policy": cat})
    lab.run()
    told = {facts["name"] for _, facts in get_notes(lab, "peer reached", "ann")}

    assert {"bob", "cat"} == told
    plain = Lab("forgetful_nat", seed=SEED)
    plain.run()
    assert {"bob"} == {facts["name"] for _, facts in get_notes(plain, "peer reached", "ann")}


@pytest.mark.parametrize("seed", range(300, 304))
def test_the_slow_word_fails_and_the_order_mends_it_for_everybody(seed: int) -> None:
    """Untouched they never meet; with the request held back they do, and nothing is thrown away."""
    untouched, mended = runs.play(runs.SLOW, seed), hold_request(seed)

    assert (None, True) == (find_meeting(untouched), runs.find_blocked(untouched) is not None)
    assert (True, None) == (find_meeting(mended) is not None, runs.find_blocked(mended))
    assert IN_ORDER.judge(mended, seed).is_right
    assert list(runs.WALK) == runs.order_walk(seed)


def test_too_short_a_delay_is_shown_where_the_packet_is_thrown_away() -> None:
    """A tenth of a second mends nothing; the card leads to the event."""
    lab = delay("intro-ask", "home", "office", SECOND // 10, SEED)
    judgement = IN_ORDER.judge(lab, SEED)

    assert "thrown away" in judgement.message
    assert runs.find_blocked(lab) == judgement.event


@pytest.mark.parametrize("seed", range(400, 404))
def test_three_lost_words_force_the_relay_for_everybody(seed: int) -> None:
    """Two are too few: the third try gets through."""
    assert "relay" == get_step(lose_words(seed))
    assert BREAK_IT.judge(lose_words(seed), seed).is_right
    assert "punch" == get_step(lose("meet", "server", "office", 2, seed))


def test_who_runs_to_a_message_that_never_comes_is_told_so() -> None:
    """A slip in a name, or a run that is over."""
    lab = Lab(runs.PUNCH, seed=SEED)
    with pytest.raises(UsageError, match="server sends no puncture to bob"):
        runs.run_to(lab, "puncture", "server", "bob")
    lab.goto(event=0)
    record = runs.run_to(lab, "register", "home", "server")
    lab.do(DelayMessage(record.id, by=SECOND))

    assert 0 < lab.now < SECOND
    with pytest.raises(UsageError, match="no peer 'zoe'"):
        runs.run_to(lab, "register", "zoe", "server")


def test_the_picture_is_empty_until_the_function_speaks() -> None:
    """Nothing is given away; a right function is right of all 36 pairs; a wrong one sees where."""
    empty, right = draw_reach(lambda a, b: None, SEED), draw_reach(can_connect, SEED)
    wrong = draw_reach(forget_the_firewall, SEED)

    assert {} == empty.done
    assert "Nothing to compare yet" in repr(empty)
    assert 0 == empty._repr_html_().count("relay<br>")
    assert (36, 34) == (right.right, wrong.right)
    assert 2 == wrong._repr_html_().count("✗ you say yes")
    assert 5 == right._repr_html_().count("relay<br>✓")
    assert 13 == len(QUESTIONS)


def raise_always(*arguments: object) -> None:
    """A function that fails."""
    raise RuntimeError("no")


@pytest.mark.parametrize("function", [None, raise_always, lambda a: True, lambda a, b: 1, lambda a, b: "yes"])
def test_whatever_a_function_answers_the_picture_stays_whole(function) -> None:
    """An error, a number, a text: as if nothing had been said."""
    assert {} == draw_reach(function, SEED).done
