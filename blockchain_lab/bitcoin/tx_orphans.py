"""Transactions that came before a parent: they wait, for a while and in a bounded room.

A child may overtake its parent on the way, so it is not refused; but anybody can make transactions whose
parents nobody has. How many wait differs by era: no limit in 2010, a count until 2025, a weight for each
peer today. Source: Bitcoin Core `node/txorphanage.cpp`; before, `net_processing.cpp` and `main.cpp`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.units import MINUTE, ConnectionId, Microseconds
from blockchain_lab.bitcoin.tx import Transaction

ORPHAN_EXPIRY: Final = 20 * MINUTE  # Core ORPHAN_TX_EXPIRE_TIME, 0.14 to 29


@dataclass(frozen=True, slots=True)
class Orphan:
    """One that waits."""

    tx: Transaction
    conn: ConnectionId  # who sent it
    since: Microseconds


@dataclass(slots=True)
class OrphanTransactions:
    """By txid, oldest first."""

    most: int = 0  # how many may wait; 0: no such limit
    weight_per_peer: int = 0  # weight units that one peer's may have; 0: no such limit
    waiting: dict[bytes, Orphan] = field(default_factory=dict)
    by_parent: dict[bytes, dict[bytes, None]] = field(default_factory=dict)  # parent -> who waits for it

    def __contains__(self, txid: object) -> bool:
        """Does it wait here?"""
        return txid in self.waiting

    def add(self, tx: Transaction, parents: Iterable[bytes], conn: ConnectionId, now: Microseconds) -> None:
        """Let one wait for these parents (txids). The oldest make room: of all, or of the same peer."""
        name = tx.txid()
        if name in self.waiting:
            return
        self._expire(now)
        self.waiting[name] = Orphan(tx, conn, now)
        for parent in parents:
            self.by_parent.setdefault(parent, {})[name] = None
        if self.most and len(self.waiting) > self.most:
            self.remove(next(iter(self.waiting)))
        if self.weight_per_peer:
            self._limit_weight(conn)

    def take_children(self, parent: bytes) -> list[Orphan]:
        """Remove and return who waited for this parent, oldest first. They may wait for another one, too."""
        return [self.remove(name) for name in list(self.by_parent.get(parent, ()))]

    def forget_peer(self, conn: ConnectionId) -> None:
        """The peer is gone, and what it left waiting with it. O(n)."""
        for name in [name for name, orphan in self.waiting.items() if orphan.conn == conn]:
            self.remove(name)

    def remove(self, txid: bytes) -> Orphan:
        """It waits no longer. KeyError."""
        orphan = self.waiting.pop(txid)
        for spending in orphan.tx.inputs:
            siblings = self.by_parent.get(spending.previous.txid)
            if siblings is not None:
                siblings.pop(txid, None)
                if not siblings:
                    del self.by_parent[spending.previous.txid]
        return orphan

    def _expire(self, now: Microseconds) -> None:
        while self.waiting:
            name, oldest = next(iter(self.waiting.items()))
            if oldest.since > now - ORPHAN_EXPIRY:
                return
            self.remove(name)

    def _limit_weight(self, conn: ConnectionId) -> None:
        names = [name for name, orphan in self.waiting.items() if orphan.conn == conn]
        weight = sum(self.waiting[name].tx.weight() for name in names)
        for name in names:
            if weight <= self.weight_per_peer:
                return
            weight -= self.remove(name).tx.weight()
