"""Which waiting transactions a miner takes: those that pay most for the room they need, families together.

A child that pays well lifts its parents, for it cannot be mined without them. So what counts is the rate of
a transaction *with all its ancestors that are not chosen yet*, and whoever is chosen takes them along.

Pure: the same pool gives the same template. Source: Bitcoin Core `node/miner.cpp` (addPackageTxs, until 30).
"""

from heapq import heapify, heappop, heappush
from typing import Final, NamedTuple

from blockchain_lab.bitcoin.mempool import Mempool, Waiting
from blockchain_lab.bitcoin.rules import MAX_BLOCK_WEIGHT
from blockchain_lab.bitcoin.tx import WITNESS_SCALE, Transaction

RESERVED_WEIGHT: Final = 8_000  # weight units for header, count and coinbase; Core policy.h since 28.1


class Template(NamedTuple):
    """What to put behind the coinbase."""

    transactions: tuple[Transaction, ...]  # parents before their children
    fees: int  # satoshi


def choose_transactions(pool: Mempool, max_weight: int = MAX_BLOCK_WEIGHT - RESERVED_WEIGHT) -> Template:
    """The best-paying families that fit. At equal rates the one that came first. O(n * family * log n)."""
    chosen: dict[bytes, Waiting] = {}
    order = {name: number for number, name in enumerate(pool.waiting)}
    queue = [(get_rank(pool, name, chosen), order[name], name) for name in pool.waiting]
    heapify(queue)
    weight = 0
    while queue:
        rank, _, name = heappop(queue)
        if name in chosen or rank != get_rank(pool, name, chosen):
            continue  # an ancestor was chosen since: it stands in the queue once more, with its new rank
        family = get_unchosen(pool, name, chosen)
        family_weight = sum(each.size * WITNESS_SCALE for each in family.values())
        if weight + family_weight > max_weight:
            continue
        weight += family_weight
        for relative in sorted(family, key=lambda each: len(pool.get_ancestors(pool.waiting[each].tx))):
            chosen[relative] = pool.waiting[relative]
        for relative in pool.get_descendants(family):
            if relative not in chosen:  # fewer ancestors to pay for: its rank has changed
                heappush(queue, (get_rank(pool, relative, chosen), order[relative], relative))
    entries = chosen.values()
    return Template(tuple(entry.tx for entry in entries), sum(entry.fee for entry in entries))


def get_unchosen(pool: Mempool, txid: bytes, chosen: dict[bytes, Waiting]) -> dict[bytes, Waiting]:
    """It and its ancestors, as far as they are not chosen yet."""
    family = {txid: pool.waiting[txid], **pool.get_ancestors(pool.waiting[txid].tx)}
    return {name: entry for name, entry in family.items() if name not in chosen}


def get_rank(pool: Mempool, txid: bytes, chosen: dict[bytes, Waiting]) -> int:
    """Less is better: minus what it pays with its unchosen ancestors, satoshi per 1,000,000 virtual bytes."""
    family = get_unchosen(pool, txid, chosen).values()
    return -(sum(each.fee for each in family) * 1_000_000 // sum(each.size for each in family))
