"""Transactions that came before a parent: they wait, for a while and in a bounded room.

A child may overtake its parent on the way, so it is not refused; but anybody can make transactions whose
parents nobody has. How many wait differs by era: no limit in 2010, a count until 2025, a weight for each
peer today. They are named by wtxid, for nobody knows yet which of two twins has the right witness.
Source: Bitcoin Core `node/txorphanage.cpp`; before, `net_processing.cpp` and `main.cpp`.
"""

from collections import OrderedDict
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
class Share:
    """What one peer has sent. An `OrderedDict` finds its first item in O(1), however many went before it."""

    names: OrderedDict[bytes, None] = field(default_factory=OrderedDict)  # wtxids, oldest first
    weight: int = 0  # weight units


@dataclass(slots=True)
class OrphanTransactions:
    """By wtxid, oldest first. Everything is O(1) for each that comes or goes."""

    most: int = 0  # how many may wait; 0: no such limit
    weight_per_peer: int = 0  # weight units that one peer's may have; 0: no such limit
    waiting: OrderedDict[bytes, Orphan] = field(default_factory=OrderedDict)
    shares: dict[ConnectionId, Share] = field(default_factory=dict)
    by_parent: dict[bytes, dict[bytes, None]] = field(default_factory=dict)  # its txid -> who waits for it

    def __contains__(self, wtxid: object) -> bool:
        """Does it wait here?"""
        return wtxid in self.waiting

    def add(self, tx: Transaction, parents: Iterable[bytes], conn: ConnectionId, now: Microseconds) -> None:
        """Let one wait for these parents (txids). The oldest make room: of all, or of the same peer."""
        name = tx.wtxid()
        if name in self.waiting:
            return
        self._expire(now)
        self.waiting[name] = Orphan(tx, conn, now)
        share = self.shares.setdefault(conn, Share())
        share.names[name] = None
        share.weight += tx.weight()
        for parent in parents:
            self.by_parent.setdefault(parent, {})[name] = None
        if self.most and len(self.waiting) > self.most:
            self.remove(next(iter(self.waiting)))
        while self.weight_per_peer and share.weight > self.weight_per_peer:
            self.remove(next(iter(share.names)))

    def take_children(self, parent: bytes) -> list[Orphan]:
        """Remove and return who waited for this parent, oldest first. They may wait for another one, too."""
        return [self.remove(name) for name in list(self.by_parent.get(parent, ()))]

    def forget_peer(self, conn: ConnectionId) -> None:
        """The peer is gone, and what it left waiting with it."""
        if conn in self.shares:
            for name in list(self.shares[conn].names):
                self.remove(name)

    def remove(self, wtxid: bytes) -> Orphan:
        """It waits no longer. KeyError."""
        orphan = self.waiting.pop(wtxid)
        share = self.shares[orphan.conn]
        del share.names[wtxid]
        share.weight -= orphan.tx.weight()
        if not share.names:
            del self.shares[orphan.conn]
        for spending in orphan.tx.inputs:
            siblings = self.by_parent.get(spending.previous.txid)
            if siblings is not None:
                siblings.pop(wtxid, None)
                if not siblings:
                    del self.by_parent[spending.previous.txid]
        return orphan

    def _expire(self, now: Microseconds) -> None:
        while self.waiting:
            name, oldest = next(iter(self.waiting.items()))
            if oldest.since > now - ORPHAN_EXPIRY:
                return
            self.remove(name)
