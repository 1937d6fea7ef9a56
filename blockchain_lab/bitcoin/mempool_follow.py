r"""When the tip moves: what the new blocks hold waits no longer, what the old ones held waits again.

    old tip   ... -- B3 {a, b}              a is in C3 too:      it leaves, it is confirmed
              \                             b is not:            it waits again, with all that builds on it
    new tip     --- C3 {a, d} -- C4 {e}     x takes d's coin:    it can never be confirmed here, it leaves

Whoever moves to another branch and back has the same pool as before, unless somebody paid twice, or waited
for a coinbase of the branch that was left. Source: Bitcoin Core `validation.cpp`
(MaybeUpdateMempoolForReorg), `txmempool.cpp` (removeForBlock, removeForReorg).
"""

from typing import NamedTuple

from blockchain_lab.base.units import Microseconds
from blockchain_lab.bitcoin.chain_state import ChainState, TipChange
from blockchain_lab.bitcoin.mempool import CoinsWithPool, Mempool, Waiting
from blockchain_lab.bitcoin.mempool_rules import NotWelcome, judge_transaction
from blockchain_lab.bitcoin.rules import RuleBroken
from blockchain_lab.bitcoin.rules_spending import Place, check_final, check_maturity, check_relative_locks
from blockchain_lab.bitcoin.tx import Transaction


class Followed(NamedTuple):
    """What has become of those who waited."""

    confirmed: list[Waiting]
    conflicting: list[Waiting]  # a block has spent their coin otherwise, or a parent's
    returned: list[Waiting]  # from blocks that are no longer in the chain
    dropped: list[Waiting]  # their coins are gone, or too young again, or their locks are closed again


def follow_tip(change: TipChange, pool: Mempool, chain: ChainState, time: int, now: Microseconds) -> Followed:
    """The tip has moved so. time: Unix seconds. O(transactions of all blocks on the way, and the pool)."""
    followed = Followed([], [], [], [])
    for entry in change.path.connect:
        for tx in chain.get_block(entry.hash).transactions[1:]:
            if tx.txid() in pool:
                followed.confirmed.append(pool.remove(tx.txid()))
            followed.conflicting.extend(pool.remove_families(pool.get_conflicts(tx)))
    for entry in reversed(change.path.disconnect):  # parents before children
        for tx in chain.get_block(entry.hash).transactions[1:]:
            let_return(tx, pool, chain, time, now, followed)
    if change.path.disconnect:
        followed.dropped.extend(drop_hopeless(pool, chain, time))
    return followed


def let_return(
    tx: Transaction, pool: Mempool, chain: ChainState, time: int, now: Microseconds, followed: Followed
) -> None:
    """A transaction of a block that is no longer in the chain waits again, if it may."""
    try:
        entry, replaced = judge_transaction(tx, pool, chain, time, now)
    except (NotWelcome, RuleBroken):
        return  # it is in the new branch too, or its coins are not
    followed.dropped.extend(pool.remove_families(replaced))
    pool.add(entry)
    followed.returned.append(entry)


def drop_hopeless(pool: Mempool, chain: ChainState, time: int) -> list[Waiting]:
    """After a reorganisation: whoever could not be in the next block any more goes, with its descendants."""
    place = Place(chain.tip, time, chain.network)
    coins = CoinsWithPool(chain.ledger.coins, pool, place.height)
    hopeless = [name for name, entry in pool.waiting.items() if not is_hopeful(entry.tx, coins, place)]
    return pool.remove_families(hopeless)


def is_hopeful(tx: Transaction, coins: CoinsWithPool, place: Place) -> bool:
    """Are its coins there, old enough, and its locks open?"""
    found = [coins.get(spending.previous) for spending in tx.inputs]
    taken = [coin for coin in found if coin is not None]
    if len(taken) < len(found):
        return False
    try:
        check_final(tx, place)
        check_maturity(taken, place.height)
        check_relative_locks(tx, taken, place)
    except RuleBroken:
        return False
    return True
