"""The least of a memory pool: transactions that wait, so that they can be passed on.

They are checked for what they say of themselves only; whether their coins exist is not known here, and so
our miner does not take them into blocks.
"""

from dataclasses import dataclass, field

from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.bitcoin import notes
from blockchain_lab.bitcoin.constants import MAX_GETDATA_ITEMS, MAX_POOL_TRANSACTIONS
from blockchain_lab.bitcoin.messages import (
    MSG_TX,
    MSG_WITNESS_TX,
    GetData,
    Inv,
    InventoryItem,
    Transaction,
)
from blockchain_lab.bitcoin.peers import Peer, PeerFault, Peers
from blockchain_lab.bitcoin.rules import RuleBroken, check_transaction
from blockchain_lab.bitcoin.tx import OutPoint


@dataclass(slots=True)
class Pool:
    """At most 5,000 transactions; the oldest makes room for the newest."""

    waiting: dict[bytes, Transaction] = field(default_factory=dict)  # txid -> transaction, oldest first

    def get(self, txid: bytes) -> Transaction | None:
        """The transaction of that name, if it waits here."""
        return self.waiting.get(txid)

    def accept(self, tx: Transaction, peers: Peers, sender: Peer | None = None) -> list[Effect]:
        """Keep a transaction and tell everybody but its sender. A known one is ignored. RuleBroken."""
        name = tx.txid()
        if sender is not None:
            sender.asked_transactions.pop(name, None)
        if name in self.waiting:
            return []
        check_transaction(tx)
        if tx.is_coinbase():
            raise RuleBroken("coinbase")
        if len(self.waiting) >= MAX_POOL_TRANSACTIONS:
            del self.waiting[next(iter(self.waiting))]
        self.waiting[name] = tx
        news = Inv((InventoryItem(MSG_TX, name),))
        told: list[Effect] = [Send(peer.conn, news) for peer in peers.ready if peer is not sender]
        return [notes.transaction_accepted(tx), *told]

    def on_transaction(self, peer: Peer, tx: Transaction, peers: Peers) -> list[Effect]:
        """A peer has sent one. PeerFault when it cannot be valid."""
        try:
            return self.accept(tx, peers, sender=peer)
        except RuleBroken as fault:
            raise PeerFault(f"transaction: {fault.reason}") from None

    def get_spent(self) -> list[OutPoint]:
        """All that the waiting transactions spend. O(their inputs)."""
        return [spending.previous for tx in self.waiting.values() for spending in tx.inputs]

    def on_inv(self, peer: Peer, names: list[bytes]) -> list[Effect]:
        """Ask for the announced transactions that we lack; at most 1,000 may be owed by one peer."""
        room = MAX_GETDATA_ITEMS - len(peer.asked_transactions)
        known = (self.waiting, peer.asked_transactions)
        wanted = [name for name in dict.fromkeys(names) if not any(name in those for those in known)][:room]
        if not wanted:
            return []
        peer.asked_transactions.update(dict.fromkeys(wanted))
        return [Send(peer.conn, GetData(tuple(InventoryItem(MSG_WITNESS_TX, name) for name in wanted)))]

    def on_notfound(self, peer: Peer, names: list[bytes]) -> None:
        """The peer has them no longer."""
        for name in names:
            peer.asked_transactions.pop(name, None)
