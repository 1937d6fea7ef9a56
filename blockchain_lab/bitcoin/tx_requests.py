"""Whom a transaction was asked of: one peer at a time, the next one when that one does not deliver.

    ann: inv T   ->  getdata T to ann           bob: inv T   ->  remembered: bob has it, too
    60 s, and no T: getdata T to bob            T comes from anybody: all is forgotten

Source: Bitcoin Core `txrequest.cpp` (since 0.21). It also lets those wait a little who dialled us; we do not.
"""

from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.effects import CancelTimer, Effect, Send, SetTimer, TimerName
from blockchain_lab.base.units import SECOND, ConnectionId, Microseconds
from blockchain_lab.bitcoin.constants import MAX_GETDATA_ITEMS
from blockchain_lab.bitcoin.messages import MSG_WITNESS_TX, GetData, InventoryItem
from blockchain_lab.bitcoin.peers import Peer, Peers

TOPIC: Final = "transaction"
PATIENCE: Final = 60 * SECOND  # Core GETDATA_TX_INTERVAL
MAX_ANNOUNCED: Final = 5_000  # by one peer, open or remembered; Core MAX_PEER_TX_ANNOUNCEMENTS


@dataclass(slots=True)
class TransactionRequests:
    """Open requests. Each peer's own are in its `asked_transactions`, with the time of asking."""

    asked: dict[bytes, ConnectionId] = field(default_factory=dict)  # txid -> of whom
    others: dict[bytes, dict[ConnectionId, None]] = field(default_factory=dict)  # txid -> who has it, too

    def on_inv(self, peer: Peer, txids: list[bytes], now: Microseconds) -> list[Effect]:
        """A peer has transactions that we want. Ask for those that nobody was asked for."""
        wanted: list[bytes] = []
        for name in txids:
            if len(peer.asked_transactions) + len(wanted) >= MAX_ANNOUNCED:
                break
            if name not in self.asked:
                wanted.append(name)
            elif self.asked[name] != peer.conn:
                self.others.setdefault(name, {})[peer.conn] = None
        return self._ask(peer, wanted, now)

    def get_announcers(self, txid: bytes, peers: Peers) -> list[Peer]:
        """Who has said that it has this transaction, while it was asked for."""
        conns = [self.asked[txid], *self.others.get(txid, ())] if txid in self.asked else []
        return [peers[conn] for conn in conns]

    def close(self, txid: bytes, peers: Peers) -> list[Effect]:
        """It has come, from whomever."""
        self.others.pop(txid, None)
        conn = self.asked.pop(txid, None)
        if conn is None:
            return []
        peer = peers[conn]
        del peer.asked_transactions[txid]
        return [] if peer.asked_transactions else [CancelTimer(get_timer(conn))]

    def on_notfound(self, peer: Peer, txids: list[bytes], peers: Peers, now: Microseconds) -> list[Effect]:
        """The peer has them no longer: ask the next one who said that it has them."""
        return self._pass_on(peer, [name for name in txids if name in peer.asked_transactions], peers, now)

    def on_timer(self, peer: Peer, peers: Peers, now: Microseconds) -> list[Effect]:
        """Some were asked of this peer a minute ago."""
        overdue = [name for name, asked in peer.asked_transactions.items() if asked <= now - PATIENCE]
        effects = self._pass_on(peer, overdue, peers, now)
        if peer.asked_transactions:
            oldest = next(iter(peer.asked_transactions.values()))
            effects.append(SetTimer(get_timer(peer.conn), oldest + PATIENCE - now))
        return effects

    def release(self, gone: Peer, peers: Peers, now: Microseconds) -> list[Effect]:
        """A peer is gone: what it owes us is asked of others. O(what others have announced)."""
        for others in self.others.values():
            others.pop(gone.conn, None)
        return self._pass_on(gone, list(gone.asked_transactions), peers, now)

    def _pass_on(self, peer: Peer, txids: list[bytes], peers: Peers, now: Microseconds) -> list[Effect]:
        """What this peer owes us is asked of the next one, or of nobody."""
        by_peer: dict[ConnectionId, list[bytes]] = {}
        for name in txids:
            del peer.asked_transactions[name]
            del self.asked[name]
            others = self.others.get(name, {})
            if (following := next(iter(others), None)) is not None:
                del others[following]
                by_peer.setdefault(following, []).append(name)
            if not others:
                self.others.pop(name, None)
        return [effect for conn, names in by_peer.items() for effect in self._ask(peers[conn], names, now)]

    def _ask(self, peer: Peer, txids: list[bytes], now: Microseconds) -> list[Effect]:
        effects: list[Effect] = []
        if txids and not peer.asked_transactions:
            effects.append(SetTimer(get_timer(peer.conn), PATIENCE))
        for name in txids:
            self.asked[name] = peer.conn
            peer.asked_transactions[name] = now
        for start in range(0, len(txids), MAX_GETDATA_ITEMS):
            part = txids[start : start + MAX_GETDATA_ITEMS]
            effects.append(
                Send(peer.conn, GetData(tuple(InventoryItem(MSG_WITNESS_TX, name) for name in part)))
            )
        return effects


def get_timer(conn: ConnectionId) -> TimerName:
    """Runs out when a transaction may have been asked for in vain."""
    return TimerName(TOPIC, conn)
