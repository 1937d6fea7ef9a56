"""What an epoch pays: EIP-1011's figures from whole units, and by the formulas of whole curves."""

from dataclasses import replace
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.ffg import run_epochs
from blockchain_lab.consensus.ffg_params import PRESETS
from blockchain_lab.consensus.leak import count_late_epochs, walk_leak
from blockchain_lab.consensus.rewards import (
    WHOLE,
    RewardRules,
    Tally,
    compute_collective_reward,
    compute_proposer_reward,
    compute_reward_factor,
    settle_epoch,
)
from blockchain_lab.consensus.theory import (
    compute_constant_recovery,
    compute_deposits,
    compute_quadratic_recovery,
    compute_return,
    compute_silent_share,
)

COIN = 10**9  # units: EIP-1011 counts in ether, its contract in smaller ones
EIP_1011 = RewardRules(base_interest=7_000_000, base_penalty=200, coin=COIN)  # 7e-3 and 2e-7
CONTRACT_TESTS = RewardRules(base_interest=20_000_000, base_penalty=2_000_000, coin=COIN)  # 0.02 and 0.002
LEAK_ONLY = RewardRules(base_interest=0, base_penalty=200, coin=COIN)
NORMAL = 2  # epochs since the last finalised one


def run_full(deposits, rules, epochs):
    """Everybody votes, everything is finalised."""
    paid = 0
    for _ in range(epochs):
        tally = Tally(sum(deposits.values()), sum(deposits.values()))
        factor = compute_reward_factor(tally.total, NORMAL, rules)
        settlement = settle_epoch(deposits, deposits, factor, NORMAL, tally, tally)
        deposits, paid = settlement.deposits, paid + settlement.for_proposers
    return deposits, paid


@pytest.mark.parametrize(("rules", "coins"), [(EIP_1011, 10_000_000), (CONTRACT_TESTS, 10_000)])
def test_growth_is_d_of_n(rules, coins):
    """D(n) = (root D0 + BIF n/4)**2 within 0.1 %: the root grows by the same in each epoch."""
    interest = rules.base_interest / 10**9
    for epochs in (1, 100, 3_000):
        deposits, _ = run_full({"ann": coins * COIN // 4, "bob": coins * COIN * 3 // 4}, rules, epochs)
        grown = sum(deposits.values()) / COIN - coins

        assert (sqrt(coins) + interest * epochs / 4) ** 2 == pytest.approx(coins + grown, rel=1e-3)
        assert compute_deposits(coins, interest, epochs) - coins == pytest.approx(grown, rel=1e-3)
        assert deposits["bob"] == pytest.approx(3 * deposits["ann"]), "in proportion to what was put in"


@pytest.mark.parametrize(("millions", "percent"), [(2.5, 10.12), (10, 5.00), (20, 3.52), (40, 2.48)])
def test_a_year_of_eip_1011(millions, percent):
    """The table of its section "Issuance"; within 0.02 points."""
    assert percent == pytest.approx(100 * compute_return(millions * 1e6, 7e-3), abs=0.02)


def test_proposers_get_a_fifth_of_what_is_made():
    """EIP-1011: each vote pays its includer an eighth of its own reward, of which voters keep half."""
    before = {"ann": 4_000_000 * COIN, "bob": 6_000_000 * COIN}
    after, paid = run_full(before, EIP_1011, 100)
    made = sum(after.values()) - sum(before.values())

    assert 1 / 5 == pytest.approx(paid / (paid + made), rel=1e-3)
    assert 125 == compute_proposer_reward(1_000, WHOLE)


def test_half_offline_are_back_to_two_thirds_after_2633_epochs():
    """EIP-1011's penalty: approximately 3 weeks of epochs of 50 blocks of 14 seconds."""
    deposits = {"here": 5_000_000 * COIN, "gone": 5_000_000 * COIN}
    steps = list(walk_leak(deposits, {"here"}, LEAK_ONLY))

    assert 2_633 == len(steps)
    assert 2_633 == pytest.approx(compute_quadratic_recovery(0.5, 2e-7), abs=1)
    assert 21.3 == pytest.approx(2_633 * 50 * 14 / 86_400, abs=0.05)  # days
    assert [False, True] == [step.is_justified for step in steps[-2:]]
    assert steps[-1].deposits["here"] == deposits["here"], "who votes stands still"
    assert steps[-1].deposits["gone"] == pytest.approx(deposits["gone"] / 2, rel=1e-3)
    for late in (500, 1_000, 2_000):
        step = steps[late - 1]
        assert compute_silent_share(0.5, 2e-7, late) == pytest.approx(1 - step.votes / step.total, abs=1e-4)


def test_the_state_machine_of_casper_needs_as_many():
    """Epochs 1 and 2 are normal, 3 to 2,635 are late, 2,636 justifies and the next one finalises."""
    params = replace(PRESETS["eip1011"], warm_up=0, rewards=LEAK_ONLY)
    deposits = dict.fromkeys(("here", "gone"), 5_000_000 * COIN)
    results = run_epochs(deposits, {epoch: ["here"] for epoch in range(1, 2_640)}, 2_639, params=params)
    justified = [result.epoch for result in results if result.is_justified]

    assert [2_636, 2_637, 2_638, 2_639] == justified
    assert [0, 0, 2_636, 2_637, 2_638] == [result.finalised for result in results[-5:]]
    assert 2_633 == justified[0] - 1 - 2
    assert deposits["gone"] / 2 == pytest.approx(results[2_635].deposits["gone"], rel=1e-3)


def test_the_state_machine_of_casper_grows_by_d_of_n():
    """With all of EIP-1011's constants and everybody voting: an epoch is settled when the next one begins."""
    params = replace(PRESETS["eip1011"], warm_up=0)
    deposits = dict.fromkeys(("ann", "bob"), 5_000_000 * COIN)
    results = run_epochs(deposits, {epoch: ["ann", "bob"] for epoch in range(1, 1_001)}, 1_000, params=params)
    grown = sum(results[-1].deposits.values()) / COIN - 10_000_000

    assert compute_deposits(10_000_000, 7e-3, 999) - 10_000_000 == pytest.approx(grown, rel=1e-3)
    assert [0, 1, 2, 3] == [result.finalised for result in results[:4]]


def test_interest_that_is_not_earned_speeds_the_leak_up_a_little():
    """The reward factor holds both; at ten million ether the interest saves 12 epochs of 2,633."""
    deposits = {"here": 5_000_000 * COIN, "gone": 5_000_000 * COIN}

    assert 2_621 == count_late_epochs(deposits, {"here"}, EIP_1011)


def test_a_constant_leak_takes_its_share_each_epoch():
    """The Casper FFG paper's D * p: a thousandth each epoch halves a deposit in 693."""
    rules = RewardRules(base_interest=0, base_penalty=1_000_000, coin=COIN, leak="constant")
    steps = list(walk_leak({"here": COIN, "gone": COIN}, {"here"}, rules))

    assert 693 == len(steps)
    assert 693 == pytest.approx(compute_constant_recovery(0.5, 1e-3), abs=1)
    assert COIN * 999 // 1_000 == pytest.approx(steps[0].deposits["gone"], abs=1)


def test_without_a_leak_the_silent_lose_only_what_others_earn():
    """Policy "none": late or not, the factor is the interest, and nothing is leaking without any."""
    rules = RewardRules(base_interest=0, base_penalty=200, leak="none")

    for since_finality in (2, 3, 1_000):
        assert 0 == compute_reward_factor(10_000, since_finality, rules)
    assert EIP_1011.base_interest * 10**9 // 100 == compute_reward_factor(
        10_000, 1_000, RewardRules(base_interest=7_000_000, base_penalty=200, leak="none")
    )


@pytest.mark.parametrize(
    ("since_finality", "factor"),
    [(0, 0), (1, 0), (2, 0), (3, 200 * 10**9), (4, 400 * 10**9), (102, 20_000 * 10**9)],
)
def test_two_epochs_without_finality_are_normal(since_finality, factor):
    """The checkpoint two epochs ago is the last that can be final when an epoch begins."""
    assert factor == compute_reward_factor(COIN, since_finality, LEAK_ONLY)


def test_the_smaller_share_of_the_two_sets_decides_what_all_get():
    """All of the forward set and half of the rear set: half of half of the factor; late or empty: nothing."""
    factor, full, half, empty = WHOLE // 1_000, Tally(80, 80), Tally(20, 40), Tally(0, 0)

    assert factor // 2 == compute_collective_reward(factor, 2, full, full)
    assert factor // 4 == compute_collective_reward(factor, 2, full, half)
    assert factor // 4 == compute_collective_reward(factor, 2, half, full)
    assert 0 == compute_collective_reward(factor, 3, full, full)
    assert 0 == compute_collective_reward(factor, 2, full, empty)
    assert 0 == compute_collective_reward(factor, 2, empty, full)
    assert 0 == compute_reward_factor(0, 100, EIP_1011), "nobody has a deposit"


def test_a_silent_member_loses_while_others_earn():
    """A hand-worked epoch: factor 1 %, three quarters vote, so c = 0.375 %."""
    tally = Tally(3_000_000, 4_000_000)
    after = settle_epoch({"ann": 3_000_000, "bob": 1_000_000}, {"ann"}, WHOLE // 100, 2, tally, tally)

    assert WHOLE * 375 // 100_000 == after.collective
    assert {"ann": 3_011_250, "bob": 993_811} == after.deposits  # 1,000,000 * 1.00375 / 1.01
    assert 3_750 == after.for_proposers
    assert (WHOLE + after.collective, WHOLE) == after.voter_gain
    assert (WHOLE + after.collective, WHOLE + WHOLE // 100) == after.silent_gain


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 10**15), min_size=1),
    st.sets(st.sampled_from("abcdefgh")),
    st.integers(0, 5_000),
    st.sampled_from(["none", "constant", "quadratic"]),
)
def test_voters_never_lose_and_the_silent_never_gain_on_them(deposits, voters, since_finality, leak):
    """Whatever happens: a voter keeps its deposit at least, and no silent deposit gains on a voting one."""
    rules = RewardRules(base_interest=7_000_000, base_penalty=2_000, leak=leak)
    total = sum(deposits.values())
    tally = Tally(sum(deposits[name] for name in deposits if name in voters), total)
    factor = compute_reward_factor(total, since_finality, rules)
    after = settle_epoch(deposits, voters, factor, since_finality, tally, tally)
    gain, base = after.voter_gain
    silent_gain, silent_base = after.silent_gain

    assert list(deposits) == list(after.deposits)
    assert all(after.deposits[name] >= deposits[name] for name in deposits if name in voters)
    assert gain * silent_base >= silent_gain * base
    assert all(amount >= 0 for amount in after.deposits.values())


@pytest.mark.parametrize(
    "wrong",
    [
        {"leak": "cubic"},
        {"base_interest": -1},
        {"base_penalty": 10**9},
        {"coin": 0},
    ],
)
def test_rules_that_cannot_be_are_the_caller_s_mistake(wrong):
    """With what is accepted."""
    with pytest.raises(UsageError, match=r"accepted|wanted"):
        RewardRules(**{"base_interest": 1, "base_penalty": 1} | wrong)
