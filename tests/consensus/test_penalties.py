"""What slashing costs, all at once or by how many did it together, and when a deposit is free."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.penalties import (
    Penalty,
    check_withdrawal,
    compute_payout,
    compute_penalty,
    get_forced_end,
    sum_slashed,
)


def test_the_paper_takes_the_whole_deposit():
    """4 % to the finder, 96 % to nobody."""
    assert Penalty(left=0, lost=1_000, bounty=40, burnt=960, made=0) == compute_penalty(1_000, "full")


def test_the_contract_takes_nothing_yet_and_makes_the_bounty():
    """Its finder's fee is not subtracted from the deposit."""
    assert Penalty(left=1_000, lost=0, bounty=40, burnt=0, made=40) == compute_penalty(1_000, "proportional3")


def test_small_bounties_are_rounded_down():
    """24 units pay nobody."""
    assert [0, 1, 1, 2] == [compute_penalty(deposit, "full").bounty for deposit in (24, 25, 49, 50)]


@settings(deadline=None)
@given(st.integers(0, 10**18), st.sampled_from(["full", "proportional3"]))
def test_no_unit_is_lost_or_made_unseen(deposit, policy):
    """What was there and what is made is left, burnt or paid."""
    penalty = compute_penalty(deposit, policy)

    assert deposit + penalty.made == penalty.left + penalty.burnt + penalty.bounty
    assert deposit == penalty.left + penalty.lost


@pytest.mark.parametrize(
    ("slashed", "kept"),
    [(0, 900), (1, 897), (100, 600), (200, 300), (299, 3), (300, 0), (301, 0), (900, 0)],
)
def test_three_times_the_share_that_was_slashed(slashed, kept):
    """Of 900 units in all: one alone loses little, with a third everything is lost."""
    assert kept == compute_payout(900, slashed, total_at_exit=900)


def test_what_counts_as_about_that_time():
    """The contract's window: the 2 * delay epochs that end with the withdrawal epoch."""
    slashed = {epoch: 1 << (epoch - 90) for epoch in range(90, 112)}
    counted = sum_slashed(slashed, end_epoch=100, delay=8)

    assert counted == sum(slashed[epoch] for epoch in range(93, 109))
    assert 0 == sum_slashed({92: 5, 109: 7}, end_epoch=100, delay=8)


def test_the_slashed_leave_with_the_next_dynasty():
    """Unless they leave as soon already."""
    assert 8 == get_forced_end(None, dynasty=7)
    assert 8 == get_forced_end(700, dynasty=7)
    assert 8 == get_forced_end(8, dynasty=7)
    assert 6 == get_forced_end(6, dynasty=7)


def test_withdrawal_too_early():
    """The delay is counted from the first epoch after the end dynasty, not from the wish to leave."""
    check_withdrawal(epoch=108, end_epoch=100, delay=8)
    for epoch, end_epoch in ((107, 100), (100, 100), (10_000, None)):
        with pytest.raises(RuleBroken) as caught:
            check_withdrawal(epoch, end_epoch, delay=8)
        assert "withdrawal too early" == caught.value.rule


def test_a_policy_that_nobody_knows():
    """Named, with what is accepted."""
    with pytest.raises(UsageError, match="accepted: full, proportional3"):
        compute_penalty(1, "half")
