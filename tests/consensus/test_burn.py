"""Burnt coins take part after a while, count less and less, and come back never."""

from dataclasses import replace
from itertools import pairwise
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.consensus.block import make_entry, make_genesis
from blockchain_lab.consensus.burn import BurnLottery, compute_decayed
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.orders import Burn, Deposit
from blockchain_lab.consensus.shares import count_blocks, make_block, run_lottery

GENESIS = make_genesis()
FEW_TICKS = {"tick": 3 * SECOND}  # 20 a block


def extend(lottery, entry, state, *orders):
    """Ann's next block, with these orders."""
    turn = lottery.find_turn(state, entry, "ann", entry.header.time, luck=0)
    block = replace(make_block(entry, "ann", turn), operations=orders).sign()
    return make_entry(block, entry), lottery.apply(state, entry, block)


@pytest.mark.parametrize(
    ("age", "expected"), [(0, 800), (50, 600), (100, 400), (150, 300), (200, 200), (800, 3), (1_100, 0)]
)
def test_a_burn_halves_with_each_half_life(age, expected):
    """800 units, 100 blocks; in a straight line between, rounded down, and nothing in the end."""
    assert expected == compute_decayed(800, age, 100)
    assert 800 == compute_decayed(800, age, 0), "or never"


@given(amount=st.integers(0, 10**12), age=st.integers(0, 10_000), half_life=st.integers(1, 500))
def test_a_burn_never_grows(amount, age, half_life):
    """From one block to the next it stays or falls, and after a half-life it is half."""
    now = compute_decayed(amount, age, half_life)

    assert 0 <= compute_decayed(amount, age + 1, half_life) <= now <= amount
    assert now // 2 == compute_decayed(amount, age + half_life, half_life)


def test_a_burn_counts_after_its_wait():
    """Bob burns 50 in block 1; with a wait of 3 it counts from block 4 on."""
    lottery = BurnLottery({"ann": 100}, wait=3, **FEW_TICKS)
    entry, state = GENESIS, lottery.get_start()
    shares = [lottery.get_shares(state).get("bob", 0)]
    entry, state = extend(lottery, entry, state, Burn.by("bob", 50), Deposit.by("bob", 1))
    for _ in range(4):
        shares.append(lottery.get_shares(state).get("bob", 0))
        entry, state = extend(lottery, entry, state)

    assert [0, 0, 0, 50, 50] == shares, "in the lottery for block 1, 2, 3, 4, 5"
    assert lottery.find_turn(state, entry, "bob", entry.header.time, luck=0) is not None


def test_nobody_proposes_before_its_burn_counts():
    """Known, but without weight: no turn, and a block of his is refused."""
    lottery = BurnLottery({"ann": 100}, wait=3, **FEW_TICKS)
    entry, state = extend(lottery, GENESIS, lottery.get_start(), Burn.by("bob", 50))
    turn = lottery.find_turn(state, entry, "ann", entry.header.time, luck=0)

    assert lottery.find_turn(state, entry, "bob", entry.header.time, luck=0) is None
    with pytest.raises(RuleBroken, match="kernel: 'bob' has no turn"):
        lottery.apply(state, entry, make_block(entry, "bob", turn))


@pytest.mark.parametrize(
    ("orders", "rule"),
    [
        ([replace(Burn.by("bob", 50), amount=60)], "signature"),
        ([Burn.by("bob", 0)], "amount"),
        ([Burn.by("bob", 50), Burn.by("bob", 50)], "duplicate"),
        ([Burn.by("bob", 7)], "duplicate"),
    ],
)
def test_burns_that_are_none_are_refused(orders, rule):
    """With the block that carries them; the state is what it was. Bob has burnt 7 before, in block 1."""
    lottery = BurnLottery({"ann": 100}, **FEW_TICKS)
    entry, state = extend(lottery, GENESIS, lottery.get_start(), Burn.by("bob", 7))

    with pytest.raises(RuleBroken) as caught:
        extend(lottery, entry, state, *orders)

    assert rule == caught.value.rule


def test_what_was_burnt_before_the_genesis_was_no_order():
    """Ann may burn the same amount again; bob another one."""
    lottery = BurnLottery({"ann": 100}, wait=1, **FEW_TICKS)
    orders = Burn.by("ann", 100), Burn.by("bob", 50), Burn.by("bob", 51)
    _, state = extend(lottery, GENESIS, lottery.get_start(), *orders)

    assert {"ann": 200, "bob": 101} == lottery.get_shares(state)


def test_each_block_is_a_draw_by_what_burns_weigh_by_then():
    """Bob burns as much as ann did, 150 blocks later: 1,000 blocks, the sum of his chances, 3 sigma."""
    lottery = BurnLottery({"ann": 10**6}, wait=1, half_life=150, **FEW_TICKS)
    branch = run_lottery(lottery, ["ann"], 150)
    branch += run_lottery(
        lottery, ["ann", "bob"], 1_000, 1, extend(lottery, *branch[-1], Burn.by("bob", 10**6))
    )
    later = branch[151:]
    chances = []
    for (_, before), _ in pairwise(later):
        shares = lottery.get_shares(before)
        chances.append(shares["bob"] / sum(shares.values()))
    blocks = count_blocks(later[0][0], later[-1][0])

    assert all(chance == pytest.approx(2 / 3, abs=0.04) for chance in chances[:700]), "one half-life younger"
    error = sqrt(sum(chance * (1 - chance) for chance in chances))
    assert sum(chances) == pytest.approx(blocks["bob"], abs=3 * error)


def test_when_all_has_decayed_nobody_is_left():
    """100 units are below 1 after seven half-lives, and the chain stops: somebody must burn in time."""
    lottery = BurnLottery({"ann": 100}, half_life=10, **FEW_TICKS)
    branch = run_lottery(lottery, ["ann"], 66)

    assert 1 == lottery.get_shares(branch[-1][1])["ann"]
    with pytest.raises(UsageError, match="nobody of ann has a turn"):
        run_lottery(lottery, ["ann"], 10, 1, branch[-1])
