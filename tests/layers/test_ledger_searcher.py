"""The sandwich: how much fits before a victim's trade, what it brings, and when there is none."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from support.ledgers import ETHER, buy, make_state, pay, run, sell

from blockchain_lab.layers.ledger_exchange import compute_output
from blockchain_lab.layers.ledger_searcher import find_largest, find_sandwich, is_trade
from blockchain_lab.layers.ledger_transaction import Transaction

BUDGET = 500 * ETHER
RICH = {"ann": 100 * ETHER, "eve": BUDGET + ETHER}  # what is over pays for the gas


def does_victim_run(given_: int, victim: Transaction, coins: int, tokens: int) -> bool:
    """By running both trades, one after the other."""
    state = make_state({"ann": 10**15, "eve": 10**15}, coins, tokens)
    front = [buy("eve", given_, price=0)] if compute_output(given_, coins, tokens) else []
    if not front and given_:
        return True  # a trade that gets nothing fails, and changes nothing
    return run(state, *front, victim)[1][-1].is_ok


@given(st.integers(2_000, 10**6), st.integers(2_000, 10**6), st.integers(1, 10**4), st.integers(0, 10**4))
def test_the_front_trade_is_as_large_as_the_limit_allows(
    coins: int, tokens: int, value: int, least: int
) -> None:
    """With it the victim's trade still runs, with one gwei more it does not; unless that is all there is."""
    victim = buy("ann", value, least, price=0)
    most = 10 * coins
    found = find_largest(make_state({"ann": 10**15}, coins, tokens), victim, most)

    if found:
        assert does_victim_run(found, victim, coins, tokens)
    if found < most and compute_output(found + 1, coins, tokens):
        assert not does_victim_run(found + 1, victim, coins, tokens)


def test_what_is_promised_is_what_comes_of_it() -> None:
    """Front, victim and back run; ann gets her limit, eve what she has reckoned with."""
    state, victim = make_state(RICH), buy("ann", 10 * ETHER, 9_400)
    found = find_sandwich(state, victim, "eve", 0, BUDGET)
    assert found is not None
    after, receipts = run(state, found.front, victim, found.back)

    assert [True] * 3 == [receipt.is_ok for receipt in receipts]
    assert 9_400 == receipts[1].output
    assert found.profit == after.get_account("eve").balance - state.get_account("eve").balance > 0
    assert found.front.gas_price > victim.gas_price > found.back.gas_price
    assert (0, 1) == (found.front.nonce, found.back.nonce)


def test_a_small_purse_makes_a_small_sandwich() -> None:
    """What it may give is its policy's choice."""
    found = find_sandwich(make_state(RICH), buy("ann", 10 * ETHER, 9_000), "eve", 0, ETHER)

    assert found is not None and ETHER == found.front.value


def test_where_there_is_no_room_there_is_no_sandwich() -> None:
    """A limit met exactly; a trade that fails anyway; one whose turn comes later; no money for gas."""
    state = make_state(RICH)
    exact = compute_output(10 * ETHER, 1_000 * ETHER, 1_000_000)
    tight = find_sandwich(state, buy("ann", 10 * ETHER, exact), "eve", 0, BUDGET)

    assert tight is None or tight.profit < 0, "one token's worth of rounding at most, and gas to pay"
    assert find_sandwich(state, buy("ann", 10 * ETHER, exact + 1), "eve", 0, BUDGET) is None
    assert find_sandwich(state, buy("ann", 10 * ETHER, 1, nonce=1), "eve", 0, BUDGET) is None
    assert find_sandwich(make_state({"ann": 100 * ETHER}), buy("ann", ETHER), "eve", 0, BUDGET) is None


def test_only_somebody_else_s_purchase_is_a_victim() -> None:
    """Not her own, no payment, no sale, no call that will fail for want of a limit."""
    assert is_trade(buy("ann", 1), "eve")
    assert not is_trade(buy("eve", 1), "eve")
    assert not is_trade(pay("ann", "bob", 1), "eve")
    assert not is_trade(sell("ann", 1), "eve")
    assert not is_trade(replace(buy("ann", 1), arguments=()), "eve")
