"""Lesson 7, the runs: the race of push and pull, how many a rumour misses, who was away."""

from functools import cache

from blockchain_lab import scenarios
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.course.l07_race import Race, draw_race
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.gossip_policy import PULL, PUSH_ONCE, PUSH_PULL
from blockchain_lab.overlay.measures_gossip import find_learning
from blockchain_lab.overlay.theory_gossip import (
    compute_coverage,
    compute_coverage_by_hop,
    compute_pull_rounds,
)
from blockchain_lab.sim.actions import Kill, Revive
from blockchain_lab.study.twin import make_twin

STORY = "push_or_pull"
CROWD = "hops_at_most"
RACERS = (PUSH_ONCE, PULL, PUSH_PULL)
AWAY = "p7"  # a peer that is off when the news is published


def play(protocol: str, seed: int) -> Lab:
    """The story of sixty peers to its end, told in one of the ways."""
    lab = make_twin(Lab(STORY, seed=seed), {"policy.protocol": protocol})
    lab.run()
    return lab


def play_race(seed: int) -> Race:
    """The three ways with the same seed."""
    return draw_race({protocol: play(protocol, seed) for protocol in RACERS})


def count_informed(lab: Lab) -> int:
    """Peers that have heard of a run's first news; 0 before it is published."""
    learning = find_learning(lab.trace)
    return len(next(iter(learning.values()), {}))


# -- who is first at half, who at all ------------------------------------------------------------------------


@cache
def find_winners(seed: int) -> str:
    """Which of push and pull informs half of the peers first, and which all, as the key of an option."""
    race = play_race(seed)
    return name_winners(*((race.when(PUSH_ONCE, count), race.when(PULL, count)) for count in (30, 60)))


def reckon_winners(seed: int) -> str:
    """The same without a run: rumours travel at once, a link in 0.1 s on average; pulls wait for rounds."""
    shares = compute_coverage_by_hop(60, 2, 30)
    hops = next(hop for hop, share in enumerate(shares) if share >= 0.5)
    rounds = compute_pull_rounds(60)
    push = (hops * SECOND // 10, None if compute_coverage(2) < 59.5 / 60 else 30 * SECOND // 10)
    pull = (round(rounds / 2) * SECOND, round(rounds) * SECOND)
    return name_winners((push[0], pull[0]), (push[1], pull[1]))


def name_winners(*pairs: tuple[Microseconds | None, Microseconds | None]) -> str:
    """The option for who is first at half and at all; each pair: when push got there, and when pull."""
    half, everybody = (push is not None and (pull is None or push < pull) for push, pull in pairs)
    return {(True, True): "a", (True, False): "b", (False, True): "c", (False, False): "d"}[half, everybody]


# -- whom a rumour misses ------------------------------------------------------------------------------------


@cache
def measure_missed(fanout: int, seed: int, runs: int = 3) -> float:
    """Per cent of 200 peers that a rumour of twenty hops at most never reaches, on average over some runs."""
    scenario = scenarios.load(CROWD).with_value("policy.fanout", fanout).with_value("policy.ttl", 20)
    informed = 0
    for number in range(runs):
        lab = Lab(scenario, seed=seed + number, level="notes")
        lab.run()
        informed += count_informed(lab)
    return 100 - 100 * informed / (200 * runs)


# -- who was away --------------------------------------------------------------------------------------------


def play_absence(protocol: str, seed: int) -> Lab:
    """The story with one peer switched off before the news is published, and on again six seconds after."""
    lab = make_twin(Lab(STORY, seed=seed), {"policy.protocol": protocol})
    lab.goto(at=SECOND)
    lab.do(Kill(AWAY))
    lab.goto(at=8 * SECOND)
    lab.do(Revive(AWAY))
    lab.run()
    return lab


@cache
def find_what_helps_who_was_away(seed: int) -> str:
    """Does a peer that was away hear of it by push, by pull? As the key of an option; from two runs."""
    pushed, pulled = (is_told(play_absence(protocol, seed)) for protocol in (PUSH_ONCE, PULL))
    return {(True, True): "c", (False, True): "b", (True, False): "a", (False, False): "d"}[pushed, pulled]


def is_told(lab: Lab) -> bool:
    """Has the peer that was away heard of it in the end?"""
    return bool(lab.peer(AWAY).ground.items)


def reckon_what_helps_who_was_away(seed: int) -> str:
    """The same by thought: when it is back, is anybody left who still tells, is it itself one who asks?"""
    tells_still, asks_itself = False, True  # push once tells upon first receipt only; pull asks every round
    return {(True, True): "c", (False, True): "b", (True, False): "a"}.get((tells_still, asks_itself), "d")
