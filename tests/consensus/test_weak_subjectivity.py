"""How long may one be away? Tables of the beacon chain, and the bound that they come from."""

from fractions import Fraction

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.block import Block, make_entry, make_genesis
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.weak_subjectivity import (
    Drift,
    check_branch,
    check_fresh,
    compute_bound,
    compute_period,
    compute_period_by_count,
    count_safe_epochs,
    measure_drift,
)

# Source: ethereum/consensus-specs, phase 0, weak-subjectivity.md, its two tables: validators, epochs.
BY_COUNT = [
    (1_024, 268),
    (2_048, 281),
    (4_096, 307),
    (8_192, 358),
    (16_384, 460),
    (32_768, 665),
    (65_536, 1_075),
    (131_072, 1_894),
    (262_144, 3_532),
    (524_288, 3_532),
]
BY_BALANCE = {  # ETH -> 32,768 validators and doubled five times
    28: (504, 752, 1_248, 2_241, 2_241, 2_241),
    32: (665, 1_075, 1_894, 3_532, 3_532, 3_532),
}


@pytest.mark.parametrize(("validators", "epochs"), BY_COUNT)
def test_the_beacon_chain_s_first_table(validators, epochs):
    """Ten rows."""
    assert epochs == compute_period_by_count(validators)


@pytest.mark.parametrize(("balance", "periods"), BY_BALANCE.items())
def test_the_beacon_chain_s_later_table(balance, periods):
    """Less balance is topped up sooner, so the period is shorter."""
    assert list(periods) == [compute_period(32_768 << doubled, balance) for doubled in range(6)]


def test_balances_that_leave_no_margin_for_churn():
    """So little that filling it up is the faster attack; and what cannot be is refused."""
    assert 256 + 3 * 65_536 * 10 * 16 // (200 * 512 * 16) == compute_period(65_536, 16)
    for validators, balance in ((0, 32), (1, 0), (1, 33)):
        with pytest.raises(UsageError):
            compute_period(validators, balance)


def test_a_third_while_nothing_has_changed():
    """The theorem for one set."""
    assert Fraction(100) == compute_bound(Drift(300), Drift(300))


def test_each_change_takes_from_the_third():
    """Of 300 thirty have been replaced on one side, on both, or all: what both have in common is less."""
    assert Fraction(70) == compute_bound(Drift(300, activated=30, exited=30), Drift(300))
    assert Fraction(40) == compute_bound(Drift(300, activated=30, exited=30), Drift(300, 30, 30))
    assert compute_bound(Drift(300, 60, 60), Drift(300, 60, 60)) < 0
    assert Fraction(120) == compute_bound(Drift(330), Drift(300)), "the larger of two estimates"
    assert Fraction(-200) == compute_bound(Drift(300, activated=300, exited=300), Drift(300))


def test_drift_is_measured_by_who_came_and_who_went():
    """In units."""
    before, now = {"ann": 5, "bob": 7}, {"bob": 8, "cat": 2}

    assert Drift(10, activated=2, exited=5) == measure_drift(before, now)


def test_the_bound_explains_the_beacon_chain_s_number():
    """One of 65,536 comes and goes each epoch, a tenth of the weight may be lost: 3,276 epochs."""
    safe = count_safe_epochs(1 << 32, 1 << 16, Fraction(1, 3) - Fraction(1, 10))
    drift = Drift(1 << 32, safe << 16, safe << 16)

    assert 3_276 == safe == compute_period_by_count(262_144) - 256
    assert compute_bound(drift, drift) >= (1 << 32) * (Fraction(1, 3) - Fraction(1, 10))
    with pytest.raises(UsageError):
        count_safe_epochs(100, 1, Fraction(1, 2))


def test_a_trusted_checkpoint_must_be_fresh():
    """The last epoch of the period still is."""
    check_fresh(100, 200, 100)
    with pytest.raises(RuleBroken) as caught:
        check_fresh(100, 201, 100)
    assert "stale checkpoint" == caught.value.rule


def test_a_branch_must_lead_through_the_trusted_checkpoint():
    """Else it is another history, however heavy."""
    genesis = make_genesis()
    left, right = (
        make_entry(Block(genesis.hash, 1, 1, who, weight), genesis)
        for who, weight in (("ann", 1), ("bob", 9))
    )

    check_branch(left, genesis.hash, 0)
    check_branch(left, left.hash, 1)
    for trusted, height in ((left.hash, 1), (left.hash, 2)):
        with pytest.raises(RuleBroken) as caught:
            check_branch(right, trusted, height)
        assert "another history" == caught.value.rule
