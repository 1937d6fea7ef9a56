"""Layers above and beside a chain, as stories: what must come of each, read off its trace."""

from dataclasses import replace

import pytest
from support.settlements import assert_replays, assert_sums_hold
from support.story_runs import messages, notes, play, read, timed_notes

from blockchain_lab import scenarios
from blockchain_lab.base.units import SECOND, display_hash
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Revive

TOTALS = {
    "old_state": 170,
    "sleeping_victim": 170,
    "fraud_window": 420,
    "nobody_checks": 420,
    "hasty_bridge": 140,
    "patient_bridge": 140,
}


def get_coins(lab: Lab, *names: str) -> tuple[int, ...]:
    """Somebody's coins on the main chain, as Ann's branch has them."""
    return tuple(lab.peer("ann").views["main"].books.bank.get(name) for name in names)


@pytest.mark.parametrize("name", TOTALS)
def test_no_coin_is_made_or_lost_and_the_run_can_be_rebuilt(name: str) -> None:
    """On every branch of the main chain that a peer has seen."""
    lab = play(name)

    assert 0 < assert_sums_hold(lab, TOTALS[name])
    assert_replays(lab)


def test_an_old_state_is_disproved_in_the_window() -> None:
    """Ann opens with 100 and pays 30 and 40; Bob pays 10 back. Then she says that it is all hers."""
    lab = read("old_state")
    (closing,) = notes(lab, "cat", "channel closing")
    (punished,) = notes(lab, "cat", "channel punished")

    assert (0, 100, 0) == tuple(closing[key] for key in ("number", "opener_coins", "partner_coins"))
    assert ("ann", 6) == (punished["cheater"], punished["newer"])
    assert (20, 150) == get_coins(lab, "ann", "bob")
    # three payments in six messages between two peers; the chain has carried three calls, none of a payment
    words = [m.wire_name for pair in (("ann", "bob"), ("bob", "ann")) for m in messages(lab, *pair)]
    assert 6 == sum(word.startswith("channel-") for word in words)
    carried = [fact["action"] for fact in notes(lab, "cat", "call carried")]
    assert ["fund", "close-alone", "punish"] == carried


def test_a_victim_that_sleeps_too_long_is_robbed() -> None:
    """The same theft. Bob comes back with the proof on his disk, one block behind the window: it fails."""
    lab = read("sleeping_victim")
    (closed,) = notes(lab, "cat", "channel closed")
    (failed,) = notes(lab, "cat", "call failed")

    assert ("alone", 100, 0) == tuple(closed[key] for key in ("how", "opener_coins", "partner_coins"))
    assert ("bob", "punish", "status") == (failed["sender"], failed["action"], failed["rule"])
    assert (120, 50) == get_coins(lab, "ann", "bob")
    assert [] == notes(lab, "cat", "channel punished")


def test_the_same_victim_back_in_time_gets_all() -> None:
    """Ann's theft stands in the block of 20 s, so blocks up to that of 35 s may carry the proof."""
    scenario = scenarios.load("sleeping_victim")
    (theft,) = timed_notes(read("sleeping_victim"), "max", "channel closing")
    assert 20 * SECOND == theft[0]
    early = tuple((33 * SECOND if isinstance(act, Revive) else at, act) for at, act in scenario.story)
    lab = Lab(replace(scenario, story=early))
    lab.run()

    assert (20, 150) == get_coins(lab, "ann", "bob")


def test_one_checker_has_a_forged_batch_reverted() -> None:
    """Sam's second batch ends with Bob's 65 coins for himself. Cat objects in the next block."""
    lab = read("fraud_window")
    (found,) = notes(lab, "cat", "fraud found")
    (reverted,) = notes(lab, "bob", "batch reverted")
    posted = [(fact["batch"], fact["poster"]) for fact in notes(lab, "bob", "batch posted")]

    assert [(0, "sam"), (1, "sam"), (1, "sue")] == posted
    assert (1, "sam", "cat") == tuple(reverted[key] for key in ("batch", "poster", "prover"))
    assert found["step"] == reverted["step"]
    assert reverted["reason"].startswith("signature: not signed by")
    # the payments that the forged batch carried are in Sue's; Bob's exit is paid when its window is over
    assert {"ann": 55, "bob": 25, "cat": 10} == {n: c for n, c in lab.peer("bob").trade.coins.items() if c}
    assert ["bob"] == [fact["name"] for fact in notes(lab, "cat", "exit paid")]
    assert (20, 90, 130, 0) == get_coins(lab, "ann", "bob", "cat", "sam")


def test_what_nobody_checks_is_final_and_the_thief_is_paid() -> None:
    """The very same batch, and its window ends: Bob's exit is in no batch, for nobody builds on it."""
    lab = read("nobody_checks")
    (paid,) = notes(lab, "bob", "exit paid")

    assert ("sam", 1) == (paid["name"], paid["batch"])
    assert [0, 1] == [fact["batch"] for fact in notes(lab, "bob", "batch final")]
    assert (20, 50, 100, paid["amount"]) == get_coins(lab, "ann", "bob", "cat", "sam")
    assert 130 - paid["amount"] == get_coins(lab, "rollup")[0]


def test_a_bridge_that_believes_one_block_is_left_with_coins_that_nothing_backs() -> None:
    """Ann locks 50 on one side of a cut, and her other machine pays all her 60 to Cat on the longer one."""
    lab = read("hasty_bridge")
    gus = lab.peer("gus")
    (unbacked,) = notes(lab, "gus", "bridge unbacked")
    (held,) = notes(lab, "gus", "arrival held back")

    assert (50, 0, 50) == tuple(unbacked[key] for key in ("coins", "vault", "supply"))
    assert ["coins locked"] == [t for t in ("coins locked", "coins released") if notes(lab, "gus", t)]
    # Bob was paid on the side and has burnt what he got; on the main chain there is nothing for him
    assert ("bob", 50, "balance: vault has 0, wanted 50") == (held["name"], held["amount"], held["reason"])
    assert (0, 40, 100) == get_coins(lab, "ann", "bob", "cat")
    assert 0 == gus.views["side"].books.bank.get_sum()


def test_a_patient_bridge_makes_nothing_that_could_be_lost() -> None:
    """The same cut: the lock never lies three blocks deep, and Ann's payment to Bob cannot be made."""
    lab = read("patient_bridge")

    assert 1 == len(notes(lab, "gus", "coins locked")) == len(notes(lab, "gus", "call undone"))
    assert [] == notes(lab, "gus", "coins minted") == notes(lab, "gus", "bridge unbacked")
    assert [] == notes(lab, "ann", "coins moved")[1:], "only Eve's, to Cat"
    assert (0, 40, 100) == get_coins(lab, "ann", "bob", "cat")


def test_all_stories_stand_on_a_tree_that_views_can_draw() -> None:
    """Every block of the main chain is noted with its parent, down to the genesis that the lab names."""
    for name in TOTALS:
        lab = read(name)
        parents = {fact["hash"]: fact["parent"] for fact in notes(lab, "max", "block accepted")}
        tip = notes(lab, "max", "tip changed")[-1]["hash"]
        while tip in parents:
            tip = parents[tip]
        assert display_hash(lab.genesis) == tip, name
