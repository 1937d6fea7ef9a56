"""The safety monitor looks at whole runs: every vote and every block that anybody has sent."""

from fractions import Fraction
from functools import cache

import pytest
from support.story_runs import notes, read

from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.units import display_hash
from blockchain_lab.consensus.monitor import Account, SafetyMonitor
from blockchain_lab.scenarios.safety import watch


@cache
def watch_story(name: str) -> SafetyMonitor:
    """A story, watched from its first record to its last."""
    lab = read(name)
    return watch(lab.scenario, lab.trace)


def get_reasons(name: str) -> dict[str, str]:
    """Who is guilty of what."""
    return {validator: guilt.reason for validator, guilt in watch_story(name).guilty.items()}


def get_shares(name: str) -> list[Fraction]:
    """Of each set that finalised one of two conflicting checkpoints, the guilty part."""
    monitor = watch_story(name)
    accounts = [account for conflict in monitor.conflicts for account in monitor.get_accounts(conflict)]
    return [Fraction(account.guilty, account.total) for account in accounts]


def test_a_spare_machine_costs_a_third_of_all_deposits() -> None:
    """Cat's key votes on both sides of a cut. Cat alone is guilty, and holds a third on either side."""
    shares = get_shares("twin_validator")

    assert {"cat": "double"} == get_reasons("twin_validator")
    assert shares
    assert all(share >= Fraction(1, 3) for share in shares), shares


def test_two_halves_that_leak_finalise_two_histories_and_nobody_is_guilty() -> None:
    """The theorem promises a third of one set: deposits that leak differently on two branches are two."""
    shares = get_shares("leak_both_halves")

    assert {} == get_reasons("leak_both_halves")
    assert shares
    assert {Fraction(0)} == set(shares)


def test_double_votes_at_stake_are_found_and_nothing_conflicts() -> None:
    """Dan and eve vote for every branch; two of five are too few to finalise two of them."""
    assert {"dan": "double", "eve": "double"} == get_reasons("votes_at_stake")
    assert [] == watch_story("votes_at_stake").conflicts


def test_old_keys_rewrite_history_and_the_guilty_have_nothing_left() -> None:
    """Dan, eve and fay have voted twice for each epoch; with their money back they weigh nothing."""
    monitor = watch_story("long_range")
    reasons = get_reasons("long_range")
    anchor = read("long_range").peer("ann").branches
    finality = anchor.get_state(anchor.anchor).finality
    account = monitor.get_account(finality.epoch.forward.weights)

    assert {"dan": "double", "eve": "double", "fay": "double"} == reasons
    assert monitor.conflicts
    assert Account(0, finality.epoch.forward.total) == account
    assert all(share == 1 for share in get_shares("long_range")[:2])  # while they were everybody


@pytest.mark.parametrize("story", ["happy_finality", "third_offline", "join_and_leave"])
def test_where_all_are_honest_nobody_is_guilty_and_nothing_conflicts(story: str) -> None:
    """Through silence, a leak, and sets that change."""
    monitor = watch_story(story)

    assert ({}, []) == (monitor.guilty, monitor.conflicts)
    assert len(monitor.finalised) > 3


@pytest.mark.parametrize("story", ["happy_finality", "third_offline", "join_and_leave", "twin_validator"])
def test_what_a_branch_has_finalised_the_monitor_has(story: str) -> None:
    """A branch counts the votes that its blocks include, the monitor those and all others."""
    lab, monitor = read(story), watch_story(story)
    known = {display_hash(name) for name in monitor.finalised}
    told = {fact["block"] for peer in lab.names for fact in notes(lab, peer, "checkpoint finalised")}

    assert told
    assert set() == told - known


def test_a_peer_can_prove_no_more_than_the_monitor_knows() -> None:
    """Whom the notes of a conflict name is guilty, with a weight out of the peer's own set."""
    for story in ("twin_validator", "long_range"):
        lab, guilty = read(story), watch_story(story).guilty
        facts = [fact for peer in lab.names for fact in notes(lab, peer, "finality conflict")]

        assert facts
        for fact in facts:
            assert set(fact["slashable"]) <= guilty.keys()
            assert 0 <= fact["weight"] <= fact["total"]


def test_at_a_conflict_the_peer_itself_can_prove_a_third() -> None:
    """Cat's votes of both sides are in the blocks that finalise; no outside observer is needed."""
    lab = read("twin_validator")
    for peer in lab.names:
        for fact in notes(lab, peer, "finality conflict"):
            assert ["cat"] == fact["slashable"]
            assert 3 * fact["weight"] >= fact["total"]


def test_a_chain_without_validators_has_nothing_to_watch() -> None:
    """Proof of work finalises nothing."""
    lab = read("work_shares")
    with pytest.raises(ScenarioError, match=r"chain\.consensus\.casper"):
        watch(lab.scenario, lab.trace)
