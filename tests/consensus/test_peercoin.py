"""Peercoin: what a coin's age weighs, how it is used up, and what that does to the time between blocks."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MINUTE, SECOND
from blockchain_lab.consensus.block import make_entry, make_genesis
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.kernel import HASHES
from blockchain_lab.consensus.lottery_attacks import compute_mean_gap
from blockchain_lab.consensus.peercoin import (
    COIN,
    DAY,
    Peercoin,
    get_coin_days,
    get_next_target,
    get_trust,
    split_amount,
    weight,
)
from blockchain_lab.consensus.shares import Share, count_blocks, make_block, run_lottery

GENESIS = make_genesis()
YOUNG_DAYS = {"tick": SECOND, "day": SECOND}  # a day is one tick
NO_RETARGET = {"patience": 0}


@pytest.mark.parametrize(
    ("coins", "age", "expected"),
    [
        (100, 29.9, 0),
        (100, 30, 0),
        (100, 31, 100),
        (100, 60, 3_000),
        (100, 90, 6_000),
        (100, 365, 6_000),
        (0.5, 31, 0),  # rounded down
        (0.5, 32, 1),
        (0.1, 40, 1),  # a tenth is a tenth, not the nearest binary fraction
        (Decimal("0.1"), Fraction(40), 1),
        (0.0000009, 90, 0),  # less than the smallest unit
        (0, 90, 0),
    ],
)
def test_weight_is_coins_times_days_between_30_and_90(coins, age, expected):
    """Coin-days, rounded down."""
    assert expected == weight(coins, age)


def test_nothing_weighs_less_than_nothing():
    """Neither coins nor days are below 0."""
    for coins, age in ((-1, 40), (1, -40)):
        with pytest.raises(UsageError, match="wanted neither below 0"):
            weight(coins, age)


@given(units=st.integers(0, 10**15), age=st.integers(0, 400 * DAY))
def test_the_rule_as_peercoin_computes_it(units, age):
    """Two divisions one after the other, as in its kernel, give what one by both does."""
    counted = max(0, min(age, 90 * DAY) - 30 * DAY)

    assert units * counted // COIN // DAY == get_coin_days(units, age)


@given(units=st.integers(0, 10**15), age=st.integers(0, 400 * DAY), more=st.integers(0, 100 * DAY))
def test_an_older_coin_never_weighs_less(units, age, more):
    """And a larger one neither."""
    assert get_coin_days(units, age) <= get_coin_days(units, age + more)
    assert get_coin_days(units, age) <= get_coin_days(units + more, age)


def test_the_retarget_of_each_block():
    """On time: as before. Twice as slow: easier by 1/505 after a week of blocks. At once: harder by 1/505."""
    target = 10**60

    assert target == get_next_target(target, 600, 600)
    assert target * 1_011 // 1_009 == get_next_target(target, 1_200, 600)
    assert target * 1_007 // 1_009 == get_next_target(target, 0, 600)
    assert 2 * target == get_next_target(target, 1_200, 600, patience=1)
    assert HASHES - 1 == get_next_target(HASHES - 1, 10**9, 600), "no kernel is larger"
    assert 1 == get_next_target(1, 0, 600)


def test_chain_trust_is_the_hashes_that_a_target_asks_for():
    """The smaller the target, the more a block counts."""
    assert 1 == get_trust(HASHES - 1)
    assert 2 == get_trust(HASHES // 2 - 1)
    assert 1 << 200 == get_trust((1 << 56) - 1)


def test_an_amount_is_split_into_coins():
    """As many as fit, and the rest."""
    assert [10, 10, 5] == split_amount(25, 10)
    assert [25] == split_amount(25, 0)
    assert [] == split_amount(0, 10)


def play_one_coin(ticks, blocks):
    """The gaps, in days, of one coin alone whose chance at the full age is 1 / ticks."""
    lottery = Peercoin({"ann": 100}, spacing=ticks * SECOND, **YOUNG_DAYS, **NO_RETARGET)
    times = [entry.header.time for entry, _ in run_lottery(lottery, ["ann"], blocks)]
    return [(later - earlier) / SECOND for earlier, later in pairwise(times[1:])]


@pytest.mark.parametrize(("ticks", "blocks"), [(5, 1_100), (30, 3_500)])
def test_a_coin_that_has_staked_waits_30_days_and_then_some(ticks, blocks):
    """The mean gap after each reset of the age, within 2 % of the formula; never less than 30 days.

    So many blocks that 2 % are 3 standard errors: single gaps differ by 22 % and by 39 % of the mean.
    """
    gaps = play_one_coin(ticks, blocks)
    expected = compute_mean_gap(1 / (60 * ticks))

    assert min(gaps) > 30
    assert expected == pytest.approx(sum(gaps) / len(gaps), rel=0.02)


@pytest.mark.parametrize("ticks", [5, 30, 100, 1_000])
def test_the_mean_gap_day_by_day(ticks):
    """The weights of the rule, each day one try; in the formula chances rise smoothly. Within 1 %."""
    idle, gap, age = 1.0, 0.0, 0
    while idle > 1e-12:
        gap += idle
        age += 1
        idle *= 1 - get_coin_days(COIN, age * DAY) / (60 * ticks)

    assert compute_mean_gap(1 / (60 * ticks)) == pytest.approx(gap, rel=0.01)


def test_an_older_coin_is_a_better_one_and_loses_its_age_when_it_stakes():
    """Both are 60 days old; after the block one has no weight, the other has as much as before, and more."""
    lottery = Peercoin({"ann": 10, "bob": 10}, first_age=60, **YOUNG_DAYS)
    branch = run_lottery(lottery, ["ann"], 1)
    entry, state = branch[-1]
    age_of_bob = 60 + entry.header.time // SECOND

    assert {"ann": 300, "bob": 300} == lottery.get_shares(branch[0][1])
    assert {"ann": 0, "bob": 10 * (min(age_of_bob, 90) - 30)} == lottery.get_shares(state)
    in_40_days = lottery.get_weights(state, entry.header.time + 40 * SECOND)
    assert {"ann": 100, "bob": 600} == in_40_days


def test_each_block_is_a_draw_by_coin_age_at_its_second():
    """Coins of three sizes, their ages always changing: the sum of everybody's chances, 3 standard errors.

    At each block the chance is the weight of one's coins in that very second against everybody's.
    """
    coins = {"ann": 400, "bob": 200, "cat": 100}
    lottery = Peercoin(coins, output=50, tick=SECOND, day=SECOND, spacing=10 * SECOND)
    branch = run_lottery(lottery, coins, 2_000)
    blocks = count_blocks(branch[0][0], branch[-1][0])
    expected, variance = dict.fromkeys(coins, 0.0), dict.fromkeys(coins, 0.0)
    for (_, before), (entry, _) in pairwise(branch):
        weights = lottery.get_weights(before, entry.header.time)
        for name, coin_days in weights.items():
            chance = coin_days / sum(weights.values())
            expected[name] += chance
            variance[name] += chance * (1 - chance)

    for name, amount in coins.items():
        assert expected[name] == pytest.approx(blocks[name], abs=3 * sqrt(variance[name]))
        assert Share(name, amount, 700, blocks[name], 2_000).is_fair(), "equal coins: by their number"


def test_one_large_coin_has_less_than_its_share():
    """Ann has 90 % in one coin, which loses all its age with each block: she has far less than 90 % of them.

    In ten coins of the size of bob's she has her share.
    """
    coins = {"ann": 900, "bob": 100}
    for output, is_fair in ((0, False), (100, True)):
        lottery = Peercoin(coins, output=output, tick=SECOND, day=SECOND, spacing=10 * SECOND)
        branch = run_lottery(lottery, coins, 400)
        bar = Share("ann", 900, 1_000, count_blocks(branch[0][0], branch[-1][0])["ann"], 400)
        assert is_fair == bar.is_fair()
        assert is_fair == (bar.blocks > 0.8 * bar.among)


def test_the_retarget_keeps_the_spacing():
    """70 coins, rarely at the full age that the first target was made for: a block a minute within 5 %."""
    lottery = Peercoin({"ann": 70}, output=1, tick=20 * SECOND, day=MINUTE, patience=50)
    branch = run_lottery(lottery, ["ann"], 800)
    later = branch[200:]
    mean = (later[-1][0].header.time - later[0][0].header.time) / (len(later) - 1)

    assert MINUTE == pytest.approx(mean, rel=0.05)
    assert len({entry.header.weight for entry, _ in later}) > 100, "each block has its own difficulty"


def test_a_coin_stakes_for_its_owner_only():
    """Bob names ann's coin, and a coin that nobody has."""
    lottery = Peercoin({"ann": 10, "bob": 10}, **YOUNG_DAYS)
    state = lottery.get_start()
    block = make_block(GENESIS, "ann", lottery.find_turn(state, GENESIS, "ann", 0, luck=0))

    for changed, words in (
        (replace(block, proposer="bob"), "proof: coin 0 belongs to 'ann', not to 'bob'"),
        (replace(block, proof=b"\x02\x00"), "proof: found 0200, wanted the number of a coin"),
        (replace(block, proof=b""), "proof: found , wanted"),
    ):
        with pytest.raises(RuleBroken, match=words):
            lottery.apply(state, GENESIS, changed.sign())


def test_the_same_coin_cannot_stake_at_once_again():
    """Its kernels are new ones, and for 30 days none of them counts."""
    lottery = Peercoin({"ann": 10}, **YOUNG_DAYS)
    state = lottery.get_start()
    block = make_block(GENESIS, "ann", lottery.find_turn(state, GENESIS, "ann", 0, luck=0))
    entry, after = make_entry(block, GENESIS), lottery.apply(state, GENESIS, block)
    turn = lottery.find_turn(after, entry, "ann", block.time, luck=0)
    early = replace(make_block(entry, "ann", turn), time=block.time + 30 * SECOND).sign()

    assert turn.at > block.time + 30 * SECOND
    with pytest.raises(RuleBroken, match="kernel"):
        lottery.apply(after, entry, early)
