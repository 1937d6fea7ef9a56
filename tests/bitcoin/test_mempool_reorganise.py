"""The pool follows the tip: onto another branch, and back again."""

from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st
from support.bitcoin_purse import RIPE, Purse, output

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.tx import OutPoint, Transaction


def names(*transactions: Transaction) -> list[bytes]:
    """Their txids."""
    return [tx.txid() for tx in transactions]


def mine_branch(purse: Purse, *bodies: list[Transaction], tag: int) -> list[Block]:
    """Blocks one on the other above the tip, each with these transactions. Nothing is connected."""
    twin, blocks = deepcopy(purse), []
    for body in bodies:
        blocks.append(twin.mine(twin.chain.tip, *body, tag=tag))
        twin.connect(blocks[-1])
    return blocks


def test_what_the_lost_branch_held_waits_again() -> None:
    r"""Block B held a and b, which pays on from a. The longer branch holds a only: b waits again.

    base -- B {a, b}
         \\- C {a} -- C'
    """
    purse = Purse()
    a = purse.make(purse.coinbase(1))
    b = purse.make(output(a))
    old, new = mine_branch(purse, [a, b], tag=1), mine_branch(purse, [a], [], tag=2)
    purse.connect(*old)

    (followed,) = purse.connect(*new)

    assert names(b) == list(purse.pool.waiting) == [entry.tx.txid() for entry in followed.returned]


def test_who_paid_twice_can_be_confirmed_once() -> None:
    """The new branch holds another payment from the same coin: the old one is gone, and its waiting child."""
    purse = Purse()
    coin = purse.coinbase(1)
    first, second = purse.make(coin), purse.make(coin, fee=2_000)
    child = purse.make(output(first))
    old, new = mine_branch(purse, [first], tag=1), mine_branch(purse, [second], [], tag=2)
    purse.connect(*old)
    purse.admit(child)

    (followed,) = purse.connect(*new)

    assert [] == list(purse.pool.waiting)
    assert names(child) == [entry.tx.txid() for entry in followed.dropped]


def test_a_block_that_pays_twice_clears_the_pool_of_the_other() -> None:
    """No reorganisation needed: a block has taken the coin that a waiting family lives on."""
    purse = Purse()
    coin = purse.coinbase(1)
    loser, winner = purse.make(coin), purse.make(coin, fee=9_000)
    child = purse.make(output(loser))
    purse.admit(loser)
    purse.admit(child)

    (followed,) = purse.connect(*mine_branch(purse, [winner], tag=1))

    assert names(loser, child) == [entry.tx.txid() for entry in followed.conflicting]
    assert [] == followed.confirmed
    assert 0 == len(purse.pool)


def test_a_coin_that_a_lost_block_created_cannot_be_spent() -> None:
    """A miner spends a coinbase that has just grown ripe; the other branch never saw that block.

    Its grandchild payment goes with it.
    """
    purse = Purse()
    young = mine_branch(purse, *[[] for _ in range(100)], tag=1)
    old = deepcopy(purse)
    purse.connect(*young)
    spending = purse.make(purse.coinbase(RIPE + 1))
    grand = purse.make(output(spending))
    purse.admit(spending)
    purse.admit(grand)

    followed = purse.connect(*mine_branch(old, *[[] for _ in range(101)], tag=2))

    assert names(spending, grand) == [entry.tx.txid() for entry in followed[-1].dropped]
    assert 0 == len(purse.pool)


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_to_another_branch_and_back_restores_coins_and_pool(seed: int) -> None:
    """A tree of payments; some in the blocks of the old branch, some in those of the new one, the rest waits.

    Old branch, new branch, old branch prolonged by empty blocks: the same entries wait, though some of them
    at the end of the queue now, and the coins are the same but for what the empty blocks created.
    """
    luck = CounterRandom(get_key("there and back", seed))
    purse = Purse()
    coins_left = [purse.coinbase(height) for height in range(1, 6)]
    payments: list[Transaction] = []
    for _ in range(12):
        taken = luck.sample(coins_left, 1 + luck.below(2))
        coins_left = [coin for coin in coins_left if coin not in taken]
        payments.append(purse.make(*taken, parts=2 + luck.below(2)))
        coins_left += [OutPoint(payments[-1].txid(), i) for i in range(len(payments[-1].outputs))]
    first, second, stale = sorted(luck.below(len(payments) + 1) for _ in range(3))
    split = luck.below(first + 1)
    here = mine_branch(purse, payments[:split], payments[split:first], tag=1)
    there = mine_branch(purse, payments[:second], payments[second:stale], [], tag=2)
    back = mine_branch(deep_connect(purse, here), [], [], tag=3)
    for tx in payments:
        purse.admit(tx)
    purse.connect(*here)
    pool, coins = dict(purse.pool.waiting), dict(purse.chain.ledger.coins)

    purse.connect(*there)
    assert there[-1].header.hash() == purse.chain.tip.hash
    assert names(*payments[stale:]) == sorted(purse.pool.waiting, key=names(*payments).index)
    purse.connect(*back)
    assert back[-1].header.hash() == purse.chain.tip.hash

    assert pool == purse.pool.waiting
    assert sum(entry.size for entry in purse.pool) == purse.pool.size
    for name, entry in pool.items():
        assert {name} == {purse.pool.get_spender(spending.previous) for spending in entry.tx.inputs}
    made = [output(block.transactions[0]) for block in back]
    assert coins == {place: coin for place, coin in purse.chain.ledger.coins.items() if place not in made}


def deep_connect(purse: Purse, blocks: list[Block]) -> Purse:
    """A copy that has gone on; the original has not."""
    twin = deepcopy(purse)
    twin.connect(*blocks)
    return twin
