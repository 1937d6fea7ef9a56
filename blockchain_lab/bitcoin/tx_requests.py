"""Whom a transaction was asked of: one peer at a time, the next one when that one does not deliver.

    ann: inv T   ->  getdata T to ann           bob: inv T   ->  remembered: bob has it, too
    60 s, and no T: getdata T to bob            T comes from anybody: all is forgotten

Its txid T and its wtxid W are two names, and from an `inv` nobody can tell that they belong together. So who
names by txid is asked two seconds later while there are peers who name by wtxid: by then it has come from one
of those, as a rule, and it is fetched once. Without a witness both names are one.

Source: Bitcoin Core `txrequest.cpp` (since 0.21). It also lets those wait a little who dialled us; we do not.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.effects import CancelTimer, Effect, Send, SetTimer, TimerName
from blockchain_lab.base.units import SECOND, ConnectionId, Microseconds
from blockchain_lab.bitcoin.constants import MAX_GETDATA_ITEMS
from blockchain_lab.bitcoin.messages import MSG_WTX, GetData, InventoryItem
from blockchain_lab.bitcoin.peers import Peer, Peers

TOPIC: Final = "transaction"
BY_TXID: Final = "by txid"  # what the timer of who is asked two seconds later is about
PATIENCE: Final = 60 * SECOND  # Core GETDATA_TX_INTERVAL
TXID_DELAY: Final = 2 * SECOND  # Core TXID_RELAY_DELAY, since 0.21
MAX_ANNOUNCED: Final = 5_000  # by one peer, open or remembered; Core MAX_PEER_TX_ANNOUNCEMENTS


@dataclass(slots=True)
class TransactionRequests:
    """Open requests. Each peer's own are in its `asked_transactions`, with the time of asking."""

    asked: dict[bytes, ConnectionId] = field(default_factory=dict)  # name -> of whom
    # name -> who has it, too, and by which type in `getdata` it is asked for there
    others: dict[bytes, dict[ConnectionId, int]] = field(default_factory=dict)
    postponed: dict[ConnectionId, dict[bytes, Microseconds]] = field(default_factory=dict)  # name -> until

    def on_inv(self, peer: Peer, items: list[InventoryItem], peers: Peers, now: Microseconds) -> list[Effect]:
        """A peer has what we want, written as in `getdata`. Ask for what nobody else owes us."""
        wanted: list[InventoryItem] = []
        postponed = self.postponed.get(peer.conn, {})
        room = MAX_ANNOUNCED - len(peer.asked_transactions) - len(postponed)
        for item in items:
            if len(wanted) >= room:
                break
            if item.hash not in self.asked:
                wanted.append(item)
            elif self.asked[item.hash] != peer.conn:
                self.others.setdefault(item.hash, {})[peer.conn] = item.type
        if any(other.names_by_wtxid for other in peers):
            by_txid = [item for item in wanted if item.type != MSG_WTX]
            wanted = [item for item in wanted if item.type == MSG_WTX]
            return [*self._ask(peer, wanted, now), *self._postpone(peer, by_txid, now)]
        return self._ask(peer, wanted, now)

    def get_announcers(self, name: bytes, peers: Peers) -> list[Peer]:
        """Who has said that it has this transaction, while it was wanted."""
        asked = [self.asked[name]] if name in self.asked else []
        return [peers[conn] for conn in (*asked, *self.others.get(name, ()))]

    def close(self, name: bytes, peers: Peers) -> list[Effect]:
        """It has come, from whomever."""
        for other in self.others.pop(name, ()):
            self._forget_postponed(other, name)
        conn = self.asked.pop(name, None)
        if conn is None:
            return []
        peer = peers[conn]
        del peer.asked_transactions[name]
        return [] if peer.asked_transactions else [CancelTimer(get_timer(conn))]

    def on_notfound(self, peer: Peer, names: list[bytes], peers: Peers, now: Microseconds) -> list[Effect]:
        """The peer has them no longer, or what it sent was of no use: ask the next one who has them."""
        return self._pass_on(peer, [name for name in names if name in peer.asked_transactions], peers, now)

    def on_timer(self, peer: Peer, peers: Peers, now: Microseconds) -> list[Effect]:
        """Some were asked of this peer a minute ago."""
        overdue = [name for name, asked in peer.asked_transactions.items() if asked <= now - PATIENCE]
        effects = self._pass_on(peer, overdue, peers, now)
        if peer.asked_transactions:
            oldest = next(iter(peer.asked_transactions.values()))
            effects.append(SetTimer(get_timer(peer.conn), oldest + PATIENCE - now))
        return effects

    def on_delay_over(
        self, peer: Peer, is_settled: Callable[[InventoryItem], bool], now: Microseconds
    ) -> list[Effect]:
        """Two seconds have passed: what has not come by its wtxid is asked for by txid."""
        wanted = []
        postponed = self.postponed[peer.conn]
        for name in [name for name, until in postponed.items() if until <= now]:
            item = InventoryItem(self.others[name][peer.conn], name)
            self._forget_postponed(peer.conn, name)
            if name not in self.asked:
                self._forget_other(peer.conn, name)
                if not is_settled(item):
                    wanted.append(item)
        effects = self._ask(peer, wanted, now)
        if postponed:
            effects.append(SetTimer(get_delay_timer(peer.conn), next(iter(postponed.values())) - now))
        else:
            del self.postponed[peer.conn]
        return effects

    def release(self, gone: Peer, peers: Peers, now: Microseconds) -> list[Effect]:
        """A peer is gone: what it owes us is asked of others. O(what others have announced)."""
        self.postponed.pop(gone.conn, None)
        for name in [name for name, others in self.others.items() if gone.conn in others]:
            self._forget_other(gone.conn, name)
        return self._pass_on(gone, list(gone.asked_transactions), peers, now)

    def _pass_on(self, peer: Peer, names: list[bytes], peers: Peers, now: Microseconds) -> list[Effect]:
        """What this peer owes us is asked of the next one, or of nobody."""
        by_peer: dict[ConnectionId, list[InventoryItem]] = {}
        for name in names:
            del peer.asked_transactions[name]
            del self.asked[name]
            following = next(iter(self.others.get(name, ())), None)
            if following is not None:
                by_peer.setdefault(following, []).append(InventoryItem(self.others[name][following], name))
                self._forget_other(following, name)
                self._forget_postponed(following, name)
        return [effect for conn, items in by_peer.items() for effect in self._ask(peers[conn], items, now)]

    def _ask(self, peer: Peer, items: list[InventoryItem], now: Microseconds) -> list[Effect]:
        effects: list[Effect] = []
        if items and not peer.asked_transactions:
            effects.append(SetTimer(get_timer(peer.conn), PATIENCE))
        for item in items:
            self.asked[item.hash] = peer.conn
            peer.asked_transactions[item.hash] = now
        for start in range(0, len(items), MAX_GETDATA_ITEMS):
            effects.append(Send(peer.conn, GetData(tuple(items[start : start + MAX_GETDATA_ITEMS]))))
        return effects

    def _postpone(self, peer: Peer, items: list[InventoryItem], now: Microseconds) -> list[Effect]:
        if not items:
            return []
        is_first = peer.conn not in self.postponed
        postponed = self.postponed.setdefault(peer.conn, {})
        for item in items:
            self.others.setdefault(item.hash, {})[peer.conn] = item.type
            postponed.setdefault(item.hash, now + TXID_DELAY)
        return [SetTimer(get_delay_timer(peer.conn), TXID_DELAY)] if is_first else []

    def _forget_other(self, conn: ConnectionId, name: bytes) -> None:
        others = self.others[name]
        del others[conn]
        if not others:
            del self.others[name]

    def _forget_postponed(self, conn: ConnectionId, name: bytes) -> None:
        """Its timer goes on, and will find nothing."""
        if conn in self.postponed:
            self.postponed[conn].pop(name, None)


def get_timer(conn: ConnectionId) -> TimerName:
    """Runs out when a transaction may have been asked for in vain."""
    return TimerName(TOPIC, conn)


def get_delay_timer(conn: ConnectionId) -> TimerName:
    """Runs out when a peer is asked by txid."""
    return TimerName(TOPIC, conn, BY_TXID)
