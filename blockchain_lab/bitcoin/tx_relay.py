"""Transactions on their way: heard of, asked for, judged, kept in the pool, passed on.

    inv T      ->  getdata T          unless it is known, refused, or asked of somebody already
    tx T       ->  the pool           and after a while inv T to all who may not know it
               ->  the orphans        when a parent is missing: that is asked for
               ->  refused            with the reason noted; who breaks consensus is at fault

What is refused is remembered by wtxid: the fault may lie in the witness, and who changes that on the way must
not keep us from the honest transaction, which has the same txid.

Source: Bitcoin Core `net_processing.cpp` (ProcessMessage on inv and tx), `node/txdownloadman_impl.cpp`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.effects import Effect, TimerName
from blockchain_lab.bitcoin import notes
from blockchain_lab.bitcoin.chain_state import ChainState, TipChange
from blockchain_lab.bitcoin.mempool import Mempool, Waiting
from blockchain_lab.bitcoin.mempool_follow import follow_tip
from blockchain_lab.bitcoin.mempool_rules import (
    InputsNotStandard,
    NotWelcome,
    ParentsMissing,
    WitnessMissing,
    judge_transaction,
)
from blockchain_lab.bitcoin.messages import MSG_WTX, InventoryItem
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.params import Network
from blockchain_lab.bitcoin.peers import Handled, Peer
from blockchain_lab.bitcoin.policy import Policy
from blockchain_lab.bitcoin.rules import RuleBroken
from blockchain_lab.bitcoin.standardness import is_standard_required
from blockchain_lab.bitcoin.trickle import Trickle
from blockchain_lab.bitcoin.tx import OutPoint, Transaction
from blockchain_lab.bitcoin.tx_names import ask_by_txid, get_name, is_confirmed_lately, read_announced
from blockchain_lab.bitcoin.tx_orphans import OrphanTransactions
from blockchain_lab.bitcoin.tx_requests import BY_TXID, TransactionRequests

MAX_REFUSED: Final = 10_000  # names that are not asked for again before the tip moves; Core remembers 120,000


@dataclass(slots=True)
class TransactionRelay:
    """One node's transactions and what it does with them."""

    pool: Mempool
    orphans: OrphanTransactions
    requests: TransactionRequests = field(default_factory=TransactionRequests)
    trickle: Trickle = field(default_factory=Trickle)
    refused: dict[bytes, None] = field(default_factory=dict)  # wtxids; a txid if no witness could help

    def apply(self, policy: Policy, network: Network) -> None:
        """The policy has changed. Who waits already is not asked again."""
        self.pool.require_standard = is_standard_required(policy, network)

    # --- What comes in --------------------------------------------------------------------------------

    def on_inv(self, peer: Peer, items: Iterable[InventoryItem], moment: Moment) -> list[Effect]:
        """A peer has these: ask for those that we lack and want. Blocks among them are not looked at."""
        wanted = []
        for item in read_announced(peer, items, moment.era):
            self._learn(peer, self._find(item))
            if not self._is_settled(item, moment.chain):
                wanted.append(item)
        return self.requests.on_inv(peer, wanted, moment.peers, moment.now)

    def on_transaction(self, peer: Peer, tx: Transaction, moment: Moment) -> Handled:
        """A peer has sent one, asked or not. It is at fault when that can never be valid."""
        both = list(dict.fromkeys((tx.txid(), tx.wtxid())))
        announced = [self.requests.get_announcers(name, moment.peers) for name in both]
        knowing = [peer, *(other for others in announced for other in others)]
        if self._is_settled(InventoryItem(MSG_WTX, tx.wtxid()), moment.chain):
            self._learn(peer, self.pool.find(tx.wtxid()))
            known = [name for name in both if name == tx.wtxid() or tx.wtxid() not in self.refused]
            return Handled(self._close(peer, tx, known, moment), None)
        try:
            accepted = self.submit(tx, moment, knowing)
            peer.last_transaction = moment.now
            return Handled([*self._close(peer, tx, both, moment), *accepted], None)
        except ParentsMissing:
            closed = self._close(peer, tx, both, moment)
            return Handled([*closed, *self._keep_orphan(peer, tx, moment)], None)
        except (NotWelcome, RuleBroken) as fault:
            names = get_names_to_refuse(tx, fault)
            closed = self._close(peer, tx, names, moment)
            effects = [*closed, self._refuse(tx, fault.reason, names)]
            is_fault = isinstance(fault, RuleBroken)  # Core has not hung up for this since 30 (2025)
            return Handled(effects, f"transaction: {fault.reason}" if is_fault else None)

    def submit(self, tx: Transaction, moment: Moment, knowing: Iterable[Peer] = ()) -> list[Effect]:
        """Let one wait, and whoever waited for it; tell all but those `knowing`.

        NotWelcome, RuleBroken: then nothing has changed.
        """
        entry, replaced = judge_transaction(tx, self.pool, moment.chain, moment.time, moment.now)
        effects = self._forget(self.pool.remove_families(replaced), "replaced", moment)
        self.pool.add(entry)
        effects.append(notes.transaction_accepted(entry, moment.chain.store))
        effects += self._announce(entry, knowing, moment)
        effects += self._forget(self.pool.expire(moment.now), "expired", moment)
        effects += self._forget(self.pool.make_room(moment.now), "made room", moment)
        return [*effects, *self._adopt(tx.txid(), moment)]

    def on_tip(self, change: TipChange, moment: Moment) -> list[Effect]:
        """The active chain has moved: who is in it waits no longer, who is no longer in it waits again."""
        self.refused.clear()
        followed = follow_tip(change, self.pool, moment.chain, moment.time, moment.now)
        effects = self._forget(followed.confirmed, "confirmed", moment)
        effects += self._forget(followed.conflicting, "conflict", moment)
        effects += [notes.transaction_accepted(entry, moment.chain.store) for entry in followed.returned]
        effects += self._forget(followed.dropped, "reorganised", moment)
        for entry in change.path.connect:
            for tx in moment.chain.get_block(entry.hash).transactions:
                if tx.wtxid() in self.orphans:
                    self.orphans.remove(tx.wtxid())
                effects += self._adopt(tx.txid(), moment)
        return effects

    def forget_peer(self, gone: Peer, moment: Moment) -> list[Effect]:
        """A connection is gone."""
        self.trickle.forget(gone)
        self.orphans.forget_peer(gone.conn)
        return self.requests.release(gone, moment.peers, moment.now)

    # --- What goes out --------------------------------------------------------------------------------

    def on_timer(self, name: TimerName, moment: Moment) -> list[Effect]:
        """It is time to tell somebody of what waits."""
        return self.trickle.on_timer(name, moment.peers, moment.era, moment.random)

    def on_timer_of(self, peer: Peer, name: TimerName, moment: Moment) -> list[Effect]:
        """A peer has not sent in time what it was asked for, or may be asked now."""
        if name.about == BY_TXID:
            return self.requests.on_delay_over(
                peer, lambda item: self._is_settled(item, moment.chain), moment.now
            )
        return self.requests.on_timer(peer, moment.peers, moment.now)

    def _announce(self, entry: Waiting, knowing: Iterable[Peer], moment: Moment) -> list[Effect]:
        known = {peer.conn for peer in knowing}
        told = [
            peer for peer in moment.peers.ready if peer.wants_transaction(entry) and peer.conn not in known
        ]
        return self.trickle.announce(entry.tx, told, moment.era, moment.random)

    # --- What we remember -----------------------------------------------------------------------------

    def _find(self, item: InventoryItem) -> Transaction | None:
        """The transaction of that name, if it waits in the pool."""
        return self.pool.find(item.hash) if item.type == MSG_WTX else self.pool.get(item.hash)

    def _learn(self, peer: Peer, tx: Transaction | None) -> None:
        """The peer has this one, which waits in the pool: it need not be told."""
        if tx is not None:
            peer.to_announce.pop(get_name(peer, tx), None)

    def _is_settled(self, item: InventoryItem, chain: ChainState) -> bool:
        """Is there nothing to ask for? Who is in the chain is known by its unspent outputs, as in Core once.

        Orphans are not looked for by txid, unless that is their wtxid, too: a twin's witness may be wrong.
        """
        name = item.hash
        if name in self.orphans or name in self.refused or self._find(item) is not None:
            return True
        if any(OutPoint(name, index) in chain.ledger.coins for index in (0, 1)):
            return True
        return item.type == MSG_WTX and is_confirmed_lately(name, chain)

    def _close(self, peer: Peer, tx: Transaction, names: Iterable[bytes], moment: Moment) -> list[Effect]:
        """It is wanted no more under these names. If its txid is not one of them, somebody else is asked."""
        effects = [effect for name in names for effect in self.requests.close(name, moment.peers)]
        return [*effects, *self.requests.on_notfound(peer, [tx.txid()], moment.peers, moment.now)]

    def _refuse(self, tx: Transaction, reason: str, names: Iterable[bytes]) -> Effect:
        for name in names:
            if len(self.refused) >= MAX_REFUSED:
                del self.refused[next(iter(self.refused))]
            self.refused[name] = None
        return notes.transaction_refused(tx, reason)

    def _keep_orphan(self, peer: Peer, tx: Transaction, moment: Moment) -> list[Effect]:
        """Let it wait for its parents, and ask the peer for those that we do not know."""
        parents = list(dict.fromkeys(spending.previous.txid for spending in tx.inputs))
        if any(name in self.refused for name in parents):
            return [self._refuse(tx, "a parent was refused", (tx.wtxid(), tx.txid()))]
        self.orphans.add(tx, parents, peer.conn, moment.now)
        items = [ask_by_txid(peer, name, moment.era) for name in parents]
        missing = [item for item in items if not self._is_settled(item, moment.chain)]
        asked = self.requests.on_inv(peer, missing, moment.peers, moment.now)
        return [notes.transaction_orphaned(tx), *asked]

    def _adopt(self, parent: bytes, moment: Moment) -> list[Effect]:
        """A parent is there: judge who waited for it. Each may still wait for another one."""
        effects: list[Effect] = []
        for orphan in self.orphans.take_children(parent):
            try:
                knowing = [moment.peers[orphan.conn]] if orphan.conn in moment.peers else []
                effects += self.submit(orphan.tx, moment, knowing)
            except ParentsMissing:
                parents = [spending.previous.txid for spending in orphan.tx.inputs]
                self.orphans.add(orphan.tx, parents, orphan.conn, orphan.since)
            except (NotWelcome, RuleBroken) as fault:
                names = get_names_to_refuse(orphan.tx, fault)
                effects.append(self._refuse(orphan.tx, fault.reason, names))
        return effects

    def _forget(self, gone: list[Waiting], reason: str, moment: Moment) -> list[Effect]:
        """These wait no longer, so nobody is told of them."""
        if not gone:
            return []
        for peer in moment.peers:
            if peer.to_announce:
                for entry in gone:
                    peer.to_announce.pop(get_name(peer, entry.tx), None)
        return [notes.transactions_removed(gone, reason, moment.chain.store)]


def get_names_to_refuse(tx: Transaction, fault: NotWelcome | RuleBroken) -> tuple[bytes, ...]:
    """Under which names it need not be offered to us again: with this witness, with any, or there is none.

    Without its witness a transaction's wtxid is the honest one's txid, so it must stay welcome.
    """
    if isinstance(fault, WitnessMissing):
        return ()
    return (tx.wtxid(), tx.txid()) if isinstance(fault, InputsNotStandard) else (tx.wtxid(),)
