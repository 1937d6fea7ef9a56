"""Who may wait at a peer, who is replaced, who is queued behind a gap, and who goes when there is no room."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.ledgers import ETHER, NAMES, ROOM, forge, make_state, pay

from blockchain_lab.base.units import HOUR
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.ledger_pool import Change, Pool, compute_replacement_price
from blockchain_lab.layers.ledger_state import Account, State
from blockchain_lab.layers.ledger_transaction import Transaction


def add(pool: Pool, *transactions: Transaction, state: State | None = None, now: int = 0) -> Change:
    """Let them wait, one after another; what the last one has changed."""
    change = Change()
    for transaction in transactions:
        change = pool.add(transaction, state or make_state(), ROOM, 1, now)
    return change


def refuse(pool: Pool, transaction: Transaction, state: State | None = None) -> str:
    """By which rule a pool refuses one; it is as it was."""
    names = [*pool.names]
    with pytest.raises(RuleBroken) as fault:
        add(pool, transaction, state=state)
    assert names == [*pool.names]
    return fault.value.rule


def with_nonce(name: str, nonce: int) -> State:
    """The usual state, in which somebody has sent so many already."""
    state = make_state()
    return State({**state.accounts, name: Account(nonce, 10 * ETHER)}, state.slots)


@pytest.mark.parametrize(("price", "wanted"), [(100, 110), (20, 22), (15, 16), (9, 10), (1, 2), (0, 1)])
def test_the_price_of_a_replacement(price: int, wanted: int) -> None:
    """go-ethereum's PriceBump: 10 % more, the fraction cut off, and never the same price."""
    assert wanted == compute_replacement_price(price)


def test_one_of_two_with_the_same_nonce_waits() -> None:
    """The dearer one, if it pays ten per cent more."""
    pool, first = Pool(), pay("ann", "bob", 1, price=100)
    add(pool, first)

    assert "replacement transaction underpriced" == refuse(pool, pay("ann", "bob", 1, price=109))
    change = add(pool, pay("ann", "cat", 2, price=110))
    assert ((first, "replaced"),) == change.removed
    assert ["cat"] == [each.to for each in pool.get_pending()]


def test_behind_a_gap_one_waits_until_it_closes() -> None:
    """Nonces 2 and 1 come before 0: nobody can run until 0 is here, then all can."""
    pool = Pool()
    late = [pay("ann", "bob", 1, nonce=nonce) for nonce in (2, 1)]
    add(pool, *late)

    assert ([], [1, 2]) == (
        [each.nonce for each in pool.get_pending()],
        [each.nonce for each in pool.get_queued()],
    )
    change = add(pool, pay("ann", "bob", 1))
    assert [1, 2] == [each.nonce for each in change.promoted]
    assert [0, 1, 2] == [each.nonce for each in pool.get_pending()]
    assert 3 == pool.get_next_nonce("ann", make_state())


def test_the_cheapest_goes_when_the_pool_is_full_and_may_open_a_gap() -> None:
    """Ann's first pays 5 gwei and goes; her second, which pays 50, has nobody before it any more."""
    pool = Pool(limit=3)
    cheap = pay("ann", "bob", 1, price=5)
    add(pool, cheap, pay("ann", "bob", 1, nonce=1, price=50), pay("bob", "ann", 1, price=20))

    assert "transaction underpriced" == refuse(pool, pay("cat", "ann", 1, price=5))
    change = add(pool, pay("cat", "ann", 1, price=6))
    assert ((cheap, "made room"),) == change.removed
    assert [1] == [each.nonce for each in change.demoted]
    assert [1] == [each.nonce for each in pool.get_queued()]


def test_of_two_that_pay_the_same_the_later_nonce_goes() -> None:
    """So that no gap opens where none need be; who comes must pay more than it, not as much."""
    pool = Pool(limit=2)
    add(pool, pay("ann", "bob", 1, price=5), pay("ann", "bob", 1, nonce=1, price=5))
    change = add(pool, pay("bob", "ann", 1, price=6))

    assert [1] == [each.nonce for each, _ in change.removed]
    assert () == change.demoted


def test_what_a_pool_refuses_by_name() -> None:
    """The words are go-ethereum's where it has some."""
    pool = Pool(least_price=2)
    add(pool, pay("ann", "bob", 1))

    assert "already known" == refuse(pool, pay("ann", "bob", 1))
    assert "transaction underpriced" == refuse(pool, pay("bob", "ann", 1, price=1))
    assert "signature" == refuse(pool, forge(pay("bob", "ann", 1), to="eve"))
    assert "insufficient funds" == refuse(pool, pay("bob", "ann", 10 * ETHER))
    assert "nonce too low" == refuse(pool, pay("bob", "ann", 1), with_nonce("bob", 1))
    assert "intrinsic gas too low" == refuse(pool, pay("bob", "ann", 1, limit=20_000))
    assert "exceeds block gas limit" == refuse(pool, pay("bob", "ann", 1, limit=ROOM + 1))
    assert "other chain" == refuse(pool, replace(pay("bob", "ann", 1), chain=2).sign())
    assert "queue full" == refuse(pool, pay("bob", "ann", 1, nonce=65))


def test_a_block_takes_some_makes_some_impossible_and_lets_others_run() -> None:
    """Confirmed; nonce used by another; the sender has spent what it would cost; a gap has closed."""
    pool = Pool()
    ran, rival = pay("ann", "bob", 1), pay("bob", "ann", 1)
    poor, late = pay("cat", "ann", 9 * ETHER), pay("dan", "ann", 1, nonce=1)
    add(pool, ran, rival, poor, late)
    accounts = {
        "ann": Account(1, ETHER),
        "bob": Account(1, ETHER),
        "cat": Account(0, 5),
        "dan": Account(1, ETHER),
    }
    change = pool.follow(State(accounts, {}), [ran])

    assert (
        (ran, "confirmed"),
        (rival, "nonce used by another"),
        (poor, "sender cannot pay"),
    ) == change.removed
    assert (late,) == change.promoted
    assert [late] == [*pool.get_pending()]


def test_nobody_is_queued_for_ever() -> None:
    """go-ethereum's Lifetime: three hours; who can run is not concerned."""
    pool = Pool()
    late = pay("ann", "bob", 1, nonce=1)
    add(pool, late, pay("bob", "ann", 1))

    assert Change() == pool.expire(3 * HOUR - 1)
    assert ((late, "expired"),) == pool.expire(3 * HOUR).removed
    assert 1 == len(pool)


ARRIVALS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.integers(0, 5), st.integers(1, 200), st.booleans()), max_size=30
)


@given(ARRIVALS, st.integers(1, 8))
def test_what_can_run_is_always_a_row_without_gaps(
    arrivals: list[tuple[str, int, int, bool]], limit: int
) -> None:
    """Whatever comes, goes and is confirmed: a plain account of who waits says the same as the pool."""
    pool, state = Pool(limit=limit), make_state()
    for sender, nonce, price, is_confirmed in arrivals:
        with suppress(RuleBroken):
            add(pool, pay(sender, "ann", 1, nonce=nonce, price=price), state=state)
        ready = next(pool.get_pending(), None)
        if is_confirmed and ready is not None:
            account = state.get_account(ready.sender)
            state = State({**state.accounts, ready.sender: Account(account.nonce + 1, account.balance)}, {})
            pool.follow(state, [ready])

        assert len(pool) <= limit
        for name in NAMES:
            waiting = sorted(each.nonce for each in pool.names.values() if each.sender == name)
            first = state.get_account(name).nonce
            row = [nonce for place, nonce in enumerate(waiting) if nonce == first + place]
            assert row == [each.nonce for each in pool.get_pending() if each.sender == name]
            assert waiting == sorted(row + [each.nonce for each in pool.get_queued() if each.sender == name])
