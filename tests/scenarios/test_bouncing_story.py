"""The bouncing attack among peers: what it needs, what it costs, and what ends it."""

from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from support.story_runs import notes, read, timed_notes

from blockchain_lab import scenarios
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.safety import watch
from blockchain_lab.sim.scenario import Scenario

OFF = 350 * SECOND  # when mallory is switched off
HONEST = ("ann", "bob", "cat")


def count_final(lab: Lab, until: int = OFF) -> int:
    """Checkpoints that are final on ann's branches before a time."""
    return sum(at < until for at, _ in timed_notes(lab, "ann", "checkpoint finalised"))


def count_bounces(lab: Lab) -> int:
    """How often ann has left one branch for the other, the end of the cut not counted."""
    after_the_cut = 100 * SECOND
    return sum(
        at > after_the_cut and fact["disconnected"] > 1 for at, fact in timed_notes(lab, "ann", "tip changed")
    )


@cache
def load() -> Scenario:
    """The story as it is."""
    return scenarios.load("bouncing")


def play_with(deposit: int = 1_000_000, signers: tuple[str, ...] = (), **values: Any) -> Lab:
    """The story up to mallory's end, with another deposit of hers, other signers, or anything else."""
    scenario = load()
    consensus = scenario.chain["consensus"]
    deposits = {**consensus["casper"]["deposits"], "mallory": deposit}
    chain = {
        "consensus": {
            "proposer": {
                **consensus["proposer"],
                "signers": list(signers or consensus["proposer"]["signers"]),
            },
            "casper": {**consensus["casper"], "deposits": {name: n for name, n in deposits.items() if n}},
        }
    }
    lab = Lab(replace(scenario, chain=chain, **values))
    lab.run(until=OFF)
    return lab


def test_all_go_to_and_fro_and_nothing_is_final_until_mallory_is_off() -> None:
    """Blocks come, votes come, checkpoints are justified: on this branch, on that one, on this one."""
    lab = read("bouncing")
    justified = [fact for at, fact in timed_notes(lab, "ann", "checkpoint justified") if at < OFF]
    moves = [fact["epoch"] for fact in justified]
    proposers = {fact["hash"]: fact["proposer"] for fact in notes(lab, "ann", "block proposed")}

    assert [1, 2, 3, 4, 5] == moves
    assert {"mallory"} == {proposers[fact["by"]] for fact in justified}
    assert all(fact["epoch"] - fact["source_epoch"] == 2 for fact in justified[1:]), "never by the one before"
    assert 5 == count_bounces(lab)
    assert 0 == count_final(lab)
    assert 35 < lab.peer("ann").head.height


def test_safety_holds_and_nobody_has_broken_a_commandment() -> None:
    """Every vote, mallory's too, goes upwards: the monitor, who has seen all of them, blames nobody."""
    lab = read("bouncing")
    monitor = watch(lab.scenario, lab.trace)
    own = sorted(monitor.histories["mallory"].votes, key=lambda vote: vote.target_height)

    assert [] == monitor.conflicts
    assert {} == monitor.guilty
    assert [] == [fact for peer in lab.names for fact in notes(lab, peer, "block invalid")]
    assert [1, 2, 3, 4, 5] == [vote.target_height for vote in own]
    assert all(one.source_height <= other.source_height for one, other in pairwise(own))
    assert [] == notes(lab, "mallory", "vote sent"), "nobody has heard a vote of hers but in a block"


def test_liveness_comes_back_by_itself() -> None:
    """The same three honest validators are two thirds, and all the while they could have finalised."""
    lab = read("bouncing")
    final = [fact["epoch"] for fact in notes(lab, "ann", "checkpoint finalised")]

    assert final
    assert 1 == len({lab.peer(peer).branches.anchor.hash for peer in HONEST})
    assert all(lab.peer(peer).branches.anchor.height > 0 for peer in HONEST)


@pytest.mark.parametrize("deposit", [1, 10_000, 500_000, 1_499_999])
def test_any_share_below_a_third_will_do(deposit: int) -> None:
    """With each move it needs one block; what others have cast counts in it. Its votes only fill up."""
    lab = play_with(deposit=deposit)

    assert 5 == count_bounces(lab)
    assert 0 == count_final(lab)


def test_without_a_vote_to_hold_back_the_honest_two_thirds_decide_at_once() -> None:
    """No deposit of mallory's: ann and bob are two thirds, and justify behind the cut what they vote for."""
    lab = play_with(deposit=0)

    assert 0 < count_final(lab)


def test_without_a_right_to_propose_a_vote_held_back_counts_nowhere() -> None:
    """A branch that all have left gets no block in which the vote could stand."""
    lab = play_with(signers=HONEST)

    assert 0 == count_bounces(lab)
    assert 0 < count_final(lab)


def test_without_two_branches_there_is_nowhere_to_go() -> None:
    """No cut, no second branch, and three of four votes are enough."""
    lab = play_with(story=())

    assert 0 == count_bounces(lab)
    assert 3 < count_final(lab)


def test_who_is_slower_than_the_next_block_is_outvoted() -> None:
    """A block with the honest votes comes first: its checkpoint is as high as any that mallory can raise."""
    lab = play_with(links=replace(load().links, latency=(2_400_000, 2_400_000)))

    assert 0 < count_final(lab)
