"""Lesson 4: the network over many seeds, sums in two ways, the tasks, a learner's function, the pictures."""

import pytest

from blockchain_lab.base.units import SECOND
from blockchain_lab.course import l04_sums as sums
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.l04 import QUESTIONS, TWO_PLANS
from blockchain_lab.course.l04_count import count_lines
from blockchain_lab.course.l04_crash import (
    CRASH,
    count_survivors_told,
    find_from_below,
    find_news,
    get_turns,
    play_crash,
    search_from_above,
)
from blockchain_lab.course.l04_cut import CUT_OFF, count_friends, cut_off_at_once
from blockchain_lab.course.l04_network import (
    OPEN_HOSTS,
    SOURCE,
    choose_half,
    count_lines_of_each,
    find_friends,
    get_lines,
    make_few_open,
    make_friends,
    measure,
)
from blockchain_lab.course.l04_plots import draw_knee, draw_lines_of_each
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.theory_gossip import count_flood_messages
from blockchain_lab.sim.actions import Kill, SetKnob
from blockchain_lab.study.curves import get_records

SEED = 7


@pytest.mark.parametrize("seed", [7, 101])
def test_ways_collapse_while_the_price_grows_evenly(seed: int) -> None:
    """2, 4, 8, 20 friends: the farthest is 5-8, 4-5, 3, 2 hops away; 2m - (n - 1) messages; all are told."""
    measured = {friends: measure(friends, seed) for friends in (2, 4, 8, 20)}

    for friends, found in measured.items():
        assert 80 * friends == found.lines
        assert count_flood_messages(80, 80 * friends) == found.messages
        assert (80, [80]) == (found.reached, found.shape.components)
    hops = [found.shape.eccentricity for found in measured.values()]
    assert 5 <= hops[0] <= 8
    assert hops[1] in (4, 5)
    assert [3, 2] == hops[2:]
    assert "c" == sums.find_ten_times(seed) == sums.reckon_ten_times(seed)


def test_one_friend_more_costs_two_messages_a_peer() -> None:
    """The straight line of the knee."""
    assert 160 == measure(3, SEED).messages - measure(2, SEED).messages


def test_what_is_read_off_a_run_is_what_the_nodes_know() -> None:
    """Lines from the trace, and from each node's own state: after a knob was turned, and after deaths."""
    lab = Lab("how_many_friends", seed=SEED)
    lab.goto(at=1 * SECOND)
    lab.do(SetKnob("friends", 6))
    lab.run(until=3 * SECOND // 2)
    lab.do(SetKnob("friends", 4))
    lab.run(until=1_900_000)
    for name in choose_half(lab)[:20]:
        lab.do(Kill(name))
    lab.run(until=7 * SECOND)
    names = {address: name for name, address in lab.scenario.contacts.items()}
    nodes = {name: node for name in lab.names if (node := lab.peer(name)) is not None}
    expected = {
        (name, names[line.remote])
        for name, node in nodes.items()
        for line in node.ground.lines.values()
        if not line.inbound
    }

    assert 60 == len(nodes)
    assert expected == set(get_lines(lab))
    assert 200 < len(expected) <= 4 * 60, "most have found new friends by then"
    assert count_lines(lab.names, get_lines(lab)) == count_lines_of_each(lab)
    assert len(find_friends(lab, SOURCE)) == count_lines_of_each(lab)[SOURCE]


def test_lines_are_read_at_the_cursor() -> None:
    """Going back takes lines away."""
    lab = make_friends(3, SEED)
    lab.run(until=1 * SECOND)
    lab.goto(event=80)

    assert [] == get_lines(lab)
    assert len(get_records(lab)) < len(lab.trace)


@pytest.mark.parametrize("seed", [7, 102])
def test_a_few_friends_survive_the_crash_and_the_second_news_reaches_all(seed: int) -> None:
    """Both searches find a least number, 2 to 7; by 8 s those who are left have found new friends."""
    below, above = find_from_below(seed), search_from_above(seed)
    friends = get_turns(below)[-1][1]

    assert 2 <= friends <= 7
    assert 40 == count_survivors_told(friends, seed)
    assert count_survivors_told(friends - 1, seed) < 40
    assert CRASH.judge(below, seed).is_right
    assert CRASH.judge(above, seed).is_right


def test_who_is_left_finds_new_friends_in_time_for_the_second_news() -> None:
    """Two friends each, half dead: some miss the first news, nobody the second."""
    lab = play_crash(2, SEED)
    lab.run()
    notes = [record.detail[1]["text"] for record in lab.trace if record.kind.name == "NOTE"]

    assert notes.count("Ann has a new dog") < 40
    assert 40 == notes.count("Its name is Bello")


def test_the_crash_without_the_knob_is_judged_too() -> None:
    """Three friends as the story has it: a run like all others, right if it is the least number."""
    lab = Lab("how_many_friends", seed=SEED)
    lab.goto(at=1_900_000)
    for name in choose_half(lab):
        lab.do(Kill(name))
    lab.run()
    told = count_survivors_told(3, SEED), count_survivors_told(2, SEED)

    assert (told[0] == 40 and told[1] < 40) == CRASH.judge(lab, SEED).is_right


def test_a_late_crash_is_shown_where_the_news_came_out() -> None:
    """The card leads to the publishing."""
    lab = play_crash(8, SEED, at=2_200_000)
    judgement = CRASH.judge(lab, SEED)

    assert "too late" in judgement.message
    assert find_news(lab) == judgement.event


@pytest.mark.parametrize("seed", [7, 103])
def test_p0_is_cut_off_by_its_friends_deaths(seed: int) -> None:
    """It opened three lines, and had some more; all of them gone, nobody hears it."""
    lab = cut_off_at_once(seed)

    assert 3 <= count_friends(seed) <= 14
    assert CUT_OFF.judge(lab, seed).is_right


def test_judging_leaves_the_cursor_alone() -> None:
    """A learner may stand anywhere in the run."""
    lab = cut_off_at_once(SEED)
    lab.goto(event=500)

    assert CUT_OFF.judge(lab, SEED).is_right
    assert 500 == lab.cursor


def test_more_than_nine_of_ten_may_die() -> None:
    """The formula, and a sum over how many lines come in; 71 per cent for two friends each."""
    assert 93.5 == sums.compute_deaths(8)(0) == sums.sum_deaths(8)(0)
    assert 71.4 == sums.compute_deaths(2)(0) == sums.sum_deaths(2)(0)


@pytest.mark.parametrize("seed", [7, 300])
def test_twenty_networks_are_whole_from_eight_friends_on(seed: int) -> None:
    """And nearly none is with two."""
    assert sums.count_whole(2, seed) <= 2
    assert 20 == sums.count_whole(8, seed)


@pytest.mark.parametrize("seed", [7])
def test_nine_open_hosts_carry_a_hundred_and_twenty(seed: int) -> None:
    """8 lines for each of the others, 95 to 125 for the nine, 960 lines less those that two of them share."""
    lab = Lab(make_few_open(seed))
    lab.run()
    lines = list(count_lines_of_each(lab).values())

    assert {8} == set(lines[OPEN_HOSTS:])
    assert all(95 <= count <= 125 for count in lines[:OPEN_HOSTS])
    assert 888 + 9 * 8 // 2 == len(get_lines(lab))
    assert "b" == sums.find_who_pays(seed)


def test_one_host_in_fifteen_must_be_open() -> None:
    """8 / 117, and by placing 80,000 lines one by one."""
    assert 6.84 == sums.compute_least_open(0) == sums.place_lines(0)


def test_thirty_places_leave_fifteen_lines_to_open() -> None:
    """The engine comes close to it and never above, as a network that is merely drawn does."""
    lab = sums.play_ipv8(SEED)
    lines = count_lines_of_each(lab)

    assert max(lines.values()) <= 30
    assert 14 < len(get_lines(lab)) / 80 <= 15
    assert [15] * 5 == [sums.draw_most_opened(seed) for seed in range(5)]


def test_a_table_with_one_slip_is_told_which() -> None:
    """The first wrong sentence is named."""
    right = sums.sort_rules(0)
    judgement = TWO_PLANS.judge({**right, "has a limit to how many it talks with": "8/125"})

    assert sums.list_rules(0) == right
    assert Verdict.WRONG == judgement.verdict
    assert "above 30" in judgement.message


def test_the_knee_says_what_was_measured() -> None:
    """A table, and the same as the drawing's words; a network in pieces has no longest way."""
    knee = draw_knee([measure(friends, SEED) for friends in (8, 2, 1)])
    drawing = knee._repr_html_()

    assert [1, 2, 8] == [point.friends for point in knee.points]
    assert "1,201" in repr(knee)
    assert "Bitcoin opens 8" in drawing
    assert 'role="img"' in drawing
    assert repr(knee).split("\n")[1].split("  ")[-1].strip() in drawing


@pytest.mark.parametrize(
    "table", [None, 7, [("p0", 3)], {"p0": "3"}, {"p0": -1}, {"p0": True}, {"p0": 10**9}]
)
def test_bars_of_what_is_no_table_are_missing(table: object) -> None:
    """A function that is not written yet, or wrong, breaks no picture."""
    histogram = draw_lines_of_each({"yours": table, "<b>": {"p0": 1, "p1": 3}})

    assert "no table of {peer: lines} yet" in repr(histogram)
    assert "2 peers, 1 to 3 lines, 2.0 on average" in histogram._repr_html_()
    assert 2 == histogram._repr_html_().count("<rect")
    assert "<b>" not in histogram._repr_html_()


def test_there_are_thirteen_questions() -> None:
    """As the text asks them."""
    assert 13 == len(QUESTIONS)
