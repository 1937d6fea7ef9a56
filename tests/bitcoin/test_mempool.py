"""The memory pool: who may wait, who pushes out whom, and whom a miner takes."""

from dataclasses import replace

import pytest
from support.bitcoin_purse import COIN, Purse, output

from blockchain_lab.base.units import HOUR
from blockchain_lab.bitcoin.mempool import EXPIRY, INCREMENTAL_FEE_RATE, MIN_RELAY_FEE_RATE
from blockchain_lab.bitcoin.mempool_rules import MAX_FAMILY, NotWelcome, ParentsMissing
from blockchain_lab.bitcoin.miner import make_coinbase
from blockchain_lab.bitcoin.rules import RuleBroken
from blockchain_lab.bitcoin.tx import FINAL_SEQUENCE, Transaction, TxOutput

LOST = TxOutput(0, b"\x6a" + bytes(80))  # OP_RETURN: makes a transaction longer, costs no coin


def names(*transactions: Transaction) -> list[bytes]:
    """Their txids."""
    return [tx.txid() for tx in transactions]


def refuse(purse: Purse, tx: Transaction) -> str:
    """The reason why it may not wait; the pool is as it was before."""
    before = list(purse.pool.waiting)
    with pytest.raises((NotWelcome, RuleBroken)) as fault:
        purse.judge(tx)
    assert before == list(purse.pool.waiting)
    return str(fault.value)


def test_a_child_waits_with_its_parent() -> None:
    """One pays another pays a third: each knows its family, and with the first all of them go."""
    purse = Purse()
    a = purse.make(purse.coinbase(1))
    b = purse.make(output(a))
    c = purse.make(output(b), output(a, 1))
    for tx in (a, b, c):
        purse.admit(tx)

    assert names(b, a) == list(purse.pool.get_ancestors(c))[:2]
    assert names(a, b, c) == list(purse.pool.get_descendants(names(a)))
    assert names(b, c) == purse.pool.get_children(a.txid())
    assert names(a, b, c) == [gone.tx.txid() for gone in purse.pool.remove_families(names(a))]
    assert (0, 0, None) == (len(purse.pool), purse.pool.size, purse.pool.get_spender(output(a)))


def test_why_a_transaction_may_not_wait() -> None:
    """One after the other, with Core's word for it."""
    purse = Purse()
    known = purse.make(purse.coinbase(1))
    purse.admit(known)
    mined = purse.make(purse.coinbase(2))
    purse.connect(purse.mine(purse.chain.tip, mined))
    coin = purse.coinbase(3)

    assert "txn-already-in-mempool" == refuse(purse, known)
    assert "txn-already-known" == refuse(purse, mined)
    assert "missing-inputs" == refuse(purse, purse.make(output(purse.make(coin))))
    assert "missing-inputs" == refuse(purse, make_child_of_nothing(purse))
    assert "coinbase" == refuse(purse, make_coinbase(1, 50, b"free"))
    assert "tx-size-small" == refuse(purse, purse.make(coin, parts=1))
    huge = replace(purse.make(coin), outputs=(LOST,) * 1_200)
    assert "tx-size" == refuse(purse, huge)
    assert "min relay fee not met" == refuse(purse, purse.make(coin, fee=7))
    assert "bad-txns-premature-spend-of-coinbase" == refuse(purse, purse.make(purse.coinbase(23)))
    locked = replace(purse.make(coin), lock_time=purse.chain.height + 1)
    assert "bad-txns-nonfinal" == refuse(purse, locked)
    assert "bad-txns-in-belowout" == refuse(purse, purse.make(coin, fee=-1))
    purse.admit(purse.make(coin, fee=8))


def make_child_of_nothing(purse: Purse) -> Transaction:
    """Takes an output that a waiting transaction does not have."""
    first = next(iter(purse.pool)).tx
    place = output(first, 9)
    purse.values[place] = COIN
    return purse.make(place)


def test_missing_coins_make_an_orphan_not_a_fault() -> None:
    """The parent may be on its way."""
    purse = Purse()
    parent = purse.make(purse.coinbase(1))
    child = purse.make(output(parent))

    with pytest.raises(ParentsMissing):
        purse.judge(child)
    purse.admit(parent)
    assert child == purse.admit(child).tx


def test_who_pays_more_replaces() -> None:
    """BIP 125: a higher rate, and a satoshi per ten bytes on top of all that goes. The child goes, too."""
    purse = Purse()
    coin = purse.coinbase(1)
    old = purse.make(coin, fee=1_000)
    child = purse.make(output(old), fee=500)
    purse.admit(old)
    purse.admit(child)
    size = purse.pool.waiting[old.txid()].size
    price = 1_500 + -(-INCREMENTAL_FEE_RATE * size // 1_000)

    assert "insufficient fee: its rate" in refuse(purse, purse.make(coin, fee=999))
    assert "it does not pay for" in refuse(purse, purse.make(coin, fee=price - 1))
    new = purse.make(coin, fee=price)
    purse.admit(new)
    assert names(new) == list(purse.pool.waiting)


def test_a_replacement_may_not_lean_on_what_it_replaces_nor_on_new_risks() -> None:
    """It cannot spend what it pushes out; and a new parent that waits itself may never be mined."""
    purse = Purse()
    old, other = purse.make(purse.coinbase(1)), purse.make(purse.coinbase(2))
    purse.admit(old)
    purse.admit(other)

    assert "bad-txns-spends-conflicting-tx" == refuse(
        purse, purse.make(purse.coinbase(1), output(old), fee=50_000)
    )
    assert "replacement-adds-unconfirmed" == refuse(
        purse, purse.make(purse.coinbase(1), output(other), fee=50_000)
    )


def test_no_more_than_a_hundred_go_for_one() -> None:
    """Five families of 21 in a row: four of them may go for one that pays enough, not five."""
    purse = Purse()
    coins = [purse.coinbase(height) for height in range(1, 6)]
    for coin in coins:
        last = purse.make(coin)
        purse.admit(last)
        for _ in range(20):
            last = purse.make(output(last))
            purse.admit(last)

    assert 5 * 21 == len(purse.pool)
    assert "too many potential replacements" == refuse(purse, purse.make(*coins, fee=10_000_000))
    purse.admit(purse.make(*coins[:4], fee=10_000_000))
    assert 1 + 21 == len(purse.pool)


def test_a_family_has_25_members() -> None:
    """In a row, and side by side: the 26th must wait until one is mined."""
    purse = Purse()
    last = purse.make(purse.coinbase(1))
    purse.admit(last)
    for _ in range(MAX_FAMILY - 1):
        last = purse.make(output(last))
        purse.admit(last)
    assert "too-long-mempool-chain" == refuse(purse, purse.make(output(last)))

    wide = purse.make(purse.coinbase(2), fee=10_000, parts=30)
    purse.admit(wide)
    for index in range(MAX_FAMILY - 1):
        purse.admit(purse.make(output(wide, index)))
    assert "too-long-mempool-chain" == refuse(purse, purse.make(output(wide, 29)))


def test_who_waits_for_two_weeks_goes() -> None:
    """And its child, even if that came yesterday."""
    purse = Purse()
    old, young = purse.make(purse.coinbase(1)), purse.make(purse.coinbase(2))
    child = purse.make(output(old))
    purse.admit(old, now=0)
    purse.admit(young, now=1)
    purse.admit(child, now=EXPIRY - 1)

    assert [] == purse.pool.expire(EXPIRY - 1)
    assert names(old, child) == [gone.tx.txid() for gone in purse.pool.expire(EXPIRY)]
    assert names(young) == list(purse.pool.waiting)


def test_a_full_pool_lets_the_worst_family_go_and_asks_for_more() -> None:
    """A poor parent is held by its rich child; the poor single goes. For a while others must pay more."""
    purse = Purse()
    parent = purse.make(purse.coinbase(1), fee=20)
    child = purse.make(output(parent), fee=9_000)
    single = purse.make(purse.coinbase(2), fee=200)
    for tx in (parent, child, single):
        purse.admit(tx)
    rate = purse.pool.waiting[single.txid()].fee_rate
    purse.pool.max_size = purse.pool.size - 1

    assert names(single) == [gone.tx.txid() for gone in purse.pool.make_room(now=0)]
    assert names(parent, child) == list(purse.pool.waiting)
    assert rate + INCREMENTAL_FEE_RATE == purse.pool.get_floor(0)
    assert "mempool min fee not met" == refuse(purse, purse.make(purse.coinbase(3), fee=200))
    assert (rate + INCREMENTAL_FEE_RATE) // 2 == purse.pool.get_floor(12 * HOUR)
    assert 0 == purse.pool.get_floor(12 * 12 * HOUR)
    assert MIN_RELAY_FEE_RATE == INCREMENTAL_FEE_RATE


def test_a_script_that_we_do_not_know_does_not_wait_here() -> None:
    """Taproot: not invalid, not verified. In a block it is kept, and said to be unknown."""
    purse = Purse()
    strange = replace(
        purse.make(purse.coinbase(1)), outputs=(TxOutput(COIN - 1_000, b"\x51\x20" + bytes([7] * 32)),)
    )
    purse.connect(purse.mine(purse.chain.tip, strange))
    purse.values[output(strange)] = COIN - 1_000
    spending = purse.make(output(strange))

    assert "script not evaluated here: a witness program of version 1" in refuse(purse, spending)
    block = purse.mine(purse.chain.tip, spending)
    purse.connect(block)
    assert block.header.hash() == purse.chain.tip.hash
    assert [spending.txid()] == [name for name, _ in purse.chain.ledger.unevaluated[purse.chain.tip.hash]]


# --- What a miner takes ---------------------------------------------------------------------------------


def test_a_miner_takes_who_pays_most() -> None:
    """By rate, not by fee; and only as many as there is room for."""
    purse = Purse()
    poor, rich, middle = (
        purse.make(purse.coinbase(height), fee=fee) for height, fee in ((1, 500), (2, 9_000), (3, 2_000))
    )
    for tx in (poor, rich, middle):
        purse.admit(tx)

    assert names(rich, middle, poor) == purse.choose()
    assert names(rich, middle) == purse.choose(max_weight=rich.weight() + middle.weight())


def test_a_child_pays_for_its_parent() -> None:
    """The poor parent enters before everybody else, for its child cannot be had without it."""
    purse = Purse()
    parent = purse.make(purse.coinbase(1), fee=20)
    rival = purse.make(purse.coinbase(2), fee=2_000)
    child = purse.make(output(parent), fee=10_000)
    for tx in (parent, rival, child):
        purse.admit(tx)

    assert names(parent, child, rival) == purse.choose()


def test_a_chosen_parent_raises_its_other_children() -> None:
    """One child pays for the parent; then its brother, who could not, counts for himself alone."""
    purse = Purse()
    parent = purse.make(purse.coinbase(1), fee=20)
    saviour, brother = purse.make(output(parent), fee=20_000), purse.make(output(parent, 1), fee=3_000)
    rival = purse.make(purse.coinbase(2), fee=2_500)
    for tx in (parent, saviour, brother, rival):
        purse.admit(tx)

    assert names(parent, saviour, brother, rival) == purse.choose()


def test_a_rich_parent_does_not_pay_for_a_poor_child() -> None:
    """Together they would come before the rival; the parent is taken alone, and then the child is poor."""
    purse = Purse()
    parent = purse.make(purse.coinbase(1), fee=10_000)
    child, rival = purse.make(output(parent), fee=20), purse.make(purse.coinbase(2), fee=3_000)
    for tx in (parent, child, rival):
        purse.admit(tx)

    assert names(parent, rival, child) == purse.choose()


def test_a_final_sequence_does_not_protect_any_more() -> None:
    """Core since 28: who did not say that it may be replaced is replaced all the same."""
    purse = Purse()
    coin = purse.coinbase(1)
    purse.admit(purse.make(coin, sequence=FINAL_SEQUENCE))
    new = purse.make(coin, fee=5_000)
    purse.admit(new)

    assert names(new) == list(purse.pool.waiting)
