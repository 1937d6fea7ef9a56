"""Lesson 5: its figures against other sources, its stories over seeds, its tasks, a learner's function."""

import socket
import sys

import pytest

from blockchain_lab.base.units import MINUTE, SECOND
from blockchain_lab.course import l05_runs as runs
from blockchain_lab.course import l05_sums as sums
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.l05 import QUESTIONS
from blockchain_lab.course.l05_missing import find_missing, find_missing_by_gaps, play_yours
from blockchain_lab.course.l05_pictures import draw_clocks, draw_ghosts, draw_megabyte
from blockchain_lab.course.l05_tasks import (
    FALSE_ALARM,
    LONGEST_SESSION,
    cut_off_cat,
    find_session_by_formula,
    get_set_up_part,
    keep_sessions,
    lose_three_asks,
)
from blockchain_lab.course.l05_timers import TUNE, set_timers, tune_for_short_silence
from blockchain_lab.lab import Lab
from blockchain_lab.study.claims import get_claim

SEED = 7


def test_the_figures_are_those_of_the_lecture() -> None:
    """65,507 bytes, 680 datagrams, 0.11 %, 57.5 s, 0.69 %, 920 peers."""
    assert (65_507, 680) == (sums.get_largest_payload(0), sums.get_datagrams(0))
    assert sums.get_all_arrive(0) == pytest.approx(0.11, abs=0.005)
    assert sums.get_false_drop(0) == pytest.approx(0.69, abs=0.005)
    assert (57.5, 920) == (sums.get_patience(0), sums.get_most_looked_at(0))
    assert get_claim("end of an IPv8 peer").get("IPv8").value == sums.get_patience(0)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems set a limit of their own")
def test_this_machine_refuses_a_larger_datagram_too() -> None:
    """The system's own UDP, on the loopback, takes 65,507 bytes and not one more."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        receiver.bind(("127.0.0.1", 0))

        assert sums.get_largest_payload(0) == sender.sendto(bytes(65_507), receiver.getsockname())
        with pytest.raises(OSError, match=r"[Tt]oo long"):
            sender.sendto(bytes(65_508), receiver.getsockname())


@pytest.mark.parametrize("seed", range(100, 105))
def test_a_dead_peer_is_believed_for_as_long_as_the_rules_say(seed: int) -> None:
    """IPv8 57.5 s; 90 minutes by the slides; 20 today, after a ping that leaves at most 2 minutes later."""
    assert 57.5 == runs.measure_patience(seed)
    assert 90 * 60 == pytest.approx(runs.measure_bitcoin_patience(seed), abs=1)
    assert 20 * 60 <= runs.measure_bitcoin_patience(seed, "today") <= 22 * 60
    assert runs.get_times_as_long(seed) == pytest.approx(runs.measure_times_as_long(seed), abs=0.1)


@pytest.mark.parametrize("seed", range(200, 204))
def test_a_megabyte_has_gaps_over_udp_and_none_over_tcp(seed: int) -> None:
    """Some of 680 are lost, and come back for who asks; TCP waits one round trip first."""
    plain, again, tcp = (
        runs.send_megabyte(seed, **policy) for policy in ({}, {"repeats": True}, {"over": "stream"})
    )

    assert 650 < len(runs.find_arrivals(plain)) < 680
    assert 680 == len(runs.find_arrivals(again)) == len(runs.find_arrivals(tcp))
    assert list(range(680)) == [number for _, number in runs.find_arrivals(tcp)]
    assert 1 == runs.measure_round_trips(seed)


@pytest.mark.parametrize("seed", range(300, 302))
def test_a_patient_rule_believes_in_ghosts(seed: int) -> None:
    """IPv8 stays below one in five, Bitcoin's rules above two in five; the formula comes close to all."""
    assert "b" == runs.find_who_has_ghosts(seed) == runs.reckon_who_has_ghosts(seed)
    for rule in runs.RULES:
        share = runs.count_ghosts(runs.play_rule(rule, seed)).get_share(runs.SETTLED)

        assert runs.reckon_ghosts(rule, runs.STAY, runs.AWAY) == pytest.approx(share, abs=0.05)


def test_for_peers_that_stay_patience_does_no_harm() -> None:
    """With days of staying even ninety minutes leave few ghosts; with minutes they leave nothing else."""
    day, minutes = 24 * 60 * MINUTE, 10 * MINUTE

    assert runs.reckon_ghosts("Bitcoin, slides", day, day) < 0.06
    assert runs.reckon_ghosts("Bitcoin, slides", minutes, minutes) == pytest.approx(0.5, abs=0.01)


def test_the_ghosts_are_those_that_the_last_moment_shows() -> None:
    """What was counted along the run is what Ann's list and the hosts say at its end."""
    lab = Lab(runs.GHOSTS, seed=SEED)
    lab.run()
    _, ghosts, entries = runs.count_ghosts(lab).curve[-1]
    clocks = draw_clocks(lab)

    assert (ghosts, entries) == (len(clocks.ghosts), len(clocks.silent))
    assert list(clocks.silent.values()) == sorted(clocks.silent.values(), reverse=True)


@pytest.mark.parametrize("seed", range(400, 402))
def test_timers_that_are_quick_cheap_and_sure_are_so_for_everybody(seed: int) -> None:
    """With room to spare: two settings pass, IPv8's own has twice too many ghosts."""
    for lab in (tune_for_short_silence(seed), set_timers(7, 3, 17, seed)):
        ghosts = runs.count_ghosts(lab)

        assert TUNE.judge(lab, seed).is_right
        assert 0.02 < ghosts.get_share() < 0.049
        assert 180 < ghosts.bytes_per_second < 285
    ipv8 = Lab(runs.GHOSTS, seed=seed)
    ipv8.run()
    assert runs.count_ghosts(ipv8).get_share() > 0.08


@pytest.mark.parametrize(("seconds", "part"), [(20, 120 / 408), (70, 120 / 1_128), (71, 120 / 1_272)])
def test_making_connections_takes_a_tenth_at_seventy_seconds(seconds: int, part: float) -> None:
    """120 bytes for a connection, 144 for each question with its answer."""
    assert part == get_set_up_part(keep_sessions(seconds, SEED))
    assert (part > 0.1) == (seconds <= 70)


@pytest.mark.parametrize("seed", range(500, 503))
def test_the_tasks_are_the_same_for_everybody(seed: int) -> None:
    """The longest session, and a living peer given up in two ways."""
    assert LONGEST_SESSION.judge(find_session_by_formula(seed), seed).is_right
    for lab in (cut_off_cat(seed), lose_three_asks(seed)):
        assert FALSE_ALARM.judge(lab, seed).is_right


def test_two_lost_asks_are_not_enough() -> None:
    """And the card leads to where the learner began."""
    lab = Lab(runs.LINE, seed=SEED)
    lab.goto(at=60 * SECOND)
    lab.do(lab.read_action({"do": "Partition", "group": ["ann"], "against": ["cat"]}))
    lab.run(until=100 * SECOND)
    lab.do(lab.read_action({"do": "Heal"}))
    lab.run()
    judgement = FALSE_ALARM.judge(lab, SEED)

    assert Verdict.WRONG == judgement.verdict
    assert "still believes" in judgement.message
    assert lab.trace.time_of(judgement.event or 0) <= 60 * SECOND


@pytest.mark.parametrize(
    ("function", "came"),
    [
        (find_missing, 680),
        (find_missing_by_gaps, 680),
        (lambda got, of: None, 671),
        (lambda got, of: 1 / 0, 671),
        (lambda got, of: ["x", -1, of, True], 671),
        (lambda got, of: [of - 1], 671),
    ],
)
def test_a_function_of_the_learners_drives_the_receiver(function, came: int) -> None:
    """A right one brings all; nonsense brings nothing, and the story goes on."""
    assert came == len(play_yours(function, SEED).peer("bob").got)


def test_the_pictures_say_in_words_what_they_show() -> None:
    """Each has a label that holds its table; a ghost is no matter of colour alone."""
    lab = Lab(runs.LINE, seed=SEED)
    lab.goto(at=80 * SECOND)
    clocks = draw_clocks(lab)
    megabyte = draw_megabyte({"UDP <1>": runs.send_megabyte(SEED)})

    assert ("bob",) == clocks.ghosts
    assert "bob    51.8 s  ghost" in repr(clocks)
    assert "a ghost" in clocks._repr_html_()
    assert "671 came, with gaps" in repr(megabyte)
    assert "UDP &lt;1&gt;" in megabyte._repr_html_()
    for picture in (clocks, megabyte, draw_ghosts(SEED)):
        assert 'role="img"' in picture._repr_html_()
    assert 13 == len(QUESTIONS)
