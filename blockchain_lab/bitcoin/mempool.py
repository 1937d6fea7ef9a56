"""The memory pool: transactions that wait for a block, who spends whose outputs, and what they pay.

    parent A  ---output--->  child B  ---output--->  grandchild C        A is B's and C's ancestor

A child is worth nothing without its parents, so nobody waits without them: who removes a transaction
removes its descendants too, unless a block took it. Which transactions may come in is not known here: see
`mempool_rules`. Source: Bitcoin Core `txmempool.cpp` (up to 30; since 31 it sorts clusters instead).

Hundreds of pools with thousands of transactions each must fit into memory, so what is the same for all of
them (a fee, who takes which coin) is written down once, in the content store.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import HOUR, Microseconds
from blockchain_lab.bitcoin.coins import Coin, CoinSet, is_spendable
from blockchain_lab.bitcoin.tx import OutPoint, Transaction
from blockchain_lab.bitcoin.tx_index import PURPOSE, TransactionIndex

MAX_POOL_SIZE: Final = 75_000_000  # virtual bytes; Core counts 300 MB of memory, some four times as much
EXPIRY: Final = 336 * HOUR  # two weeks; Core kernel/mempool_options.h, since 0.14 (72 hours before)
ROLLING_FEE_HALF_LIFE: Final = 12 * HOUR  # Core txmempool.h
MIN_RELAY_FEE_RATE: Final = (
    100  # satoshi per 1,000 virtual bytes; Core policy.h since 29.1 (2025), before 1,000
)
INCREMENTAL_FEE_RATE: Final = 100  # likewise: what room is worth to who makes it


@dataclass(frozen=True, slots=True)
class Waiting:
    """One transaction that waits."""

    tx: Transaction
    fee: int  # satoshi
    size: int  # virtual bytes
    entered: Microseconds

    @property
    def fee_rate(self) -> int:
        """Satoshi per 1,000 virtual bytes, rounded down."""
        return compute_fee_rate(self.fee, self.size)


def compute_fee_rate(fee: int, size: int) -> int:
    """Satoshi per 1,000 virtual bytes, rounded down."""
    return fee * 1_000 // size


def compute_fee_at(rate: int, size: int) -> int:
    """What `size` virtual bytes cost at a rate (satoshi per 1,000), rounded up as Core does since 29."""
    return -(-rate * size // 1_000)


@dataclass(slots=True)
class Mempool:
    """Transactions by txid, oldest first."""

    max_size: int = MAX_POOL_SIZE
    require_standard: bool = False  # may only what has a well-known form wait? See `standardness`
    names: TransactionIndex = field(default_factory=TransactionIndex)  # shared, see `of_store`
    waiting: dict[bytes, Waiting] = field(default_factory=dict)
    size: int = 0  # virtual bytes in all
    pushed_out_rate: int = 0  # what the last one paid that had to make room, and a little more
    pushed_out_at: Microseconds = 0

    @classmethod
    def of_store(cls, store: ContentStore) -> Self:
        """An empty pool that shares its index with all others of this store."""
        return cls(names=store.once(PURPOSE, b"", TransactionIndex))

    def __contains__(self, txid: object) -> bool:
        """Does it wait here?"""
        return txid in self.waiting

    def __len__(self) -> int:
        """How many wait."""
        return len(self.waiting)

    def __iter__(self) -> Iterator[Waiting]:
        """Those who wait, oldest first."""
        return iter(self.waiting.values())

    def get(self, txid: bytes) -> Transaction | None:
        """The transaction of that name, if it waits here."""
        found = self.waiting.get(txid)
        return None if found is None else found.tx

    def find(self, wtxid: bytes) -> Transaction | None:
        """The transaction of that name, if it waits here with just this witness."""
        found = self.get(self.names.get_txid(wtxid))
        return found if found is not None and found.wtxid() == wtxid else None

    def get_spender(self, coin: OutPoint) -> bytes | None:
        """The txid of who takes this coin and waits here. There is one at most: no two of them conflict."""
        return next((name for name in self.names.get_spenders(coin) if name in self.waiting), None)

    # --- Families -------------------------------------------------------------------------------------

    def get_parents(self, tx: Transaction) -> list[bytes]:
        """Those who wait and whose outputs it takes."""
        names = dict.fromkeys(spending.previous.txid for spending in tx.inputs)
        return [name for name in names if name in self.waiting]

    def get_children(self, txid: bytes) -> list[bytes]:
        """Those who take its outputs."""
        outputs = range(len(self.waiting[txid].tx.outputs))
        found = (self.get_spender(OutPoint(txid, index)) for index in outputs)
        return list(dict.fromkeys(name for name in found if name is not None))

    def get_ancestors(self, tx: Transaction) -> dict[bytes, Waiting]:
        """Parents, their parents, and so on; nearest first. O(family)."""
        names = self.get_parents(tx)
        for name in names:  # grows while parents are found
            names += [parent for parent in self.get_parents(self.waiting[name].tx) if parent not in names]
        return {name: self.waiting[name] for name in names}

    def get_descendants(self, txids: Iterable[bytes]) -> dict[bytes, Waiting]:
        """These, their children, and so on. O(family)."""
        names = list(dict.fromkeys(txids))
        known = dict.fromkeys(names)
        for name in names:  # grows while children are found
            for child in self.get_children(name):
                if child not in known:
                    known[child] = None
                    names.append(child)
        return {name: self.waiting[name] for name in names}

    def get_conflicts(self, tx: Transaction) -> list[bytes]:
        """Those who take a coin that it takes too."""
        found = (self.get_spender(spending.previous) for spending in tx.inputs)
        return list(dict.fromkeys(name for name in found if name is not None and name != tx.txid()))

    # --- Coming and going -----------------------------------------------------------------------------

    def add(self, entry: Waiting) -> None:
        """Let one wait that may; a known one is ignored."""
        name = entry.tx.txid()
        if name in self.waiting:
            return
        self.waiting[name] = entry
        self.size += entry.size
        self.names.add(entry.tx)

    def remove(self, txid: bytes) -> Waiting:
        """Take out one alone: a block has taken it, or its descendants are taken out too. KeyError."""
        entry = self.waiting.pop(txid)
        self.size -= entry.size
        return entry

    def remove_families(self, txids: Iterable[bytes]) -> list[Waiting]:
        """Take out these and all that descends from them. O(families)."""
        return [self.remove(name) for name in self.get_descendants(txids)]

    def expire(self, now: Microseconds) -> list[Waiting]:
        """Whoever has waited for two weeks goes, and its descendants. O(those who go)."""
        old = []
        for name, entry in self.waiting.items():
            if entry.entered > now - EXPIRY:
                break
            old.append(name)
        return self.remove_families(old)

    def make_room(self, now: Microseconds) -> list[Waiting]:
        """While there are too many: the family that pays least goes. O(n) for each that goes."""
        gone: list[Waiting] = []
        while self.size > self.max_size:
            rate, name = min((self.get_family_rate(name), name) for name in self.waiting)
            gone += self.remove_families([name])
            self.pushed_out_rate = max(self.get_floor(now), rate + INCREMENTAL_FEE_RATE)
            self.pushed_out_at = now
        return gone

    def get_family_rate(self, txid: bytes) -> int:
        """What is lost with it, per 1,000 virtual bytes: its own rate or its family's, if higher."""
        family = self.get_descendants([txid]).values()
        total = compute_fee_rate(sum(each.fee for each in family), sum(each.size for each in family))
        return max(self.waiting[txid].fee_rate, total)

    def get_floor(self, now: Microseconds) -> int:
        """What a newcomer must pay after others had to go, satoshi per 1,000 virtual bytes.

        Core lets it fall smoothly, by half in twelve hours; we let it fall by half every twelve hours.
        """
        rate = self.pushed_out_rate >> ((now - self.pushed_out_at) // ROLLING_FEE_HALF_LIFE)
        return rate if rate >= INCREMENTAL_FEE_RATE // 2 else 0

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Who waits never changes, only which ones do: that is copied."""
        waiting = memo[id(self.waiting)] = dict(self.waiting)
        return replace(self, waiting=waiting)


class CoinsWithPool:
    """The coins of the next block: those of the chain, and those that waiting transactions would make."""

    def __init__(self, coins: CoinSet, pool: Mempool, height: int) -> None:
        """`height`: of the next block."""
        self.coins, self.pool, self.height = coins, pool, height

    def get(self, place: OutPoint) -> Coin | None:
        """The coin there, if there is one. What waiting transactions spend is still there."""
        tx = self.pool.get(place.txid)
        if tx is None:
            return self.coins.get(place)
        if place.index >= len(tx.outputs) or not is_spendable(tx.outputs[place.index]):
            return None
        return Coin(tx.outputs[place.index], self.height, is_coinbase=False)
