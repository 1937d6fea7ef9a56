"""Transactions on their way: heard of, asked for, judged, kept in the pool, passed on.

    inv T      ->  getdata T          unless it is known, refused, or asked of somebody already
    tx T       ->  the pool           and after a while inv T to all who may not know it
               ->  the orphans        when a parent is missing: that is asked for
               ->  refused            with the reason noted; who breaks consensus is at fault

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
from blockchain_lab.bitcoin.mempool_rules import NotWelcome, ParentsMissing, judge_transaction
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.peers import Peer, Peers, Verdict
from blockchain_lab.bitcoin.rules import RuleBroken
from blockchain_lab.bitcoin.trickle import Trickle
from blockchain_lab.bitcoin.tx import OutPoint, Transaction
from blockchain_lab.bitcoin.tx_orphans import OrphanTransactions
from blockchain_lab.bitcoin.tx_requests import TransactionRequests

MAX_REFUSED: Final = 10_000  # txids that are not asked for again before the tip moves; Core remembers 120,000


@dataclass(slots=True)
class TransactionRelay:
    """One node's transactions and what it does with them."""

    pool: Mempool
    orphans: OrphanTransactions
    requests: TransactionRequests = field(default_factory=TransactionRequests)
    trickle: Trickle = field(default_factory=Trickle)
    refused: dict[bytes, None] = field(default_factory=dict)
    known_to: dict[bytes, int] = field(default_factory=dict)  # waiting txid -> who has it, a bit each

    # --- What comes in --------------------------------------------------------------------------------

    def on_inv(self, peer: Peer, txids: list[bytes], moment: Moment) -> list[Effect]:
        """A peer has these: ask for those that we lack and want."""
        for name in txids:
            self._learn(peer, name)
        wanted = [name for name in dict.fromkeys(txids) if not self._is_settled(name, moment.chain)]
        return self.requests.on_inv(peer, wanted, moment.now)

    def on_transaction(self, peer: Peer, tx: Transaction, moment: Moment) -> Verdict:
        """A peer has sent one, asked or not. It is at fault when that can never be valid."""
        knowing = [peer, *self.requests.get_announcers(tx.txid(), moment.peers)]
        effects = self.requests.close(tx.txid(), moment.peers)
        if self._is_settled(tx.txid(), moment.chain):
            self._learn(peer, tx.txid())
            return Verdict(effects, None)
        try:
            accepted = self.submit(tx, moment, knowing)
            peer.last_transaction = moment.now
            return Verdict([*effects, *accepted], None)
        except ParentsMissing:
            return Verdict([*effects, *self._keep_orphan(peer, tx, moment)], None)
        except NotWelcome as fault:
            return Verdict([*effects, self._refuse(tx, fault.reason)], None)
        except RuleBroken as fault:  # Core has not hung up for this since 30 (2025)
            return Verdict([*effects, self._refuse(tx, fault.reason)], f"transaction: {fault.reason}")

    def submit(self, tx: Transaction, moment: Moment, knowing: Iterable[Peer] = ()) -> list[Effect]:
        """Let one wait, and whoever waited for it; tell all but those `knowing`.

        NotWelcome, RuleBroken: then nothing has changed.
        """
        entry, replaced = judge_transaction(tx, self.pool, moment.chain, moment.time, moment.now)
        effects = self._forget(self.pool.remove_families(replaced), "replaced", moment.peers)
        self.pool.add(entry)
        effects.append(notes.transaction_accepted(entry, moment.chain.store))
        for peer in knowing:
            self._learn(peer, tx.txid())
        effects += self._announce(entry, moment)
        effects += self._forget(self.pool.expire(moment.now), "expired", moment.peers)
        effects += self._forget(self.pool.make_room(moment.now), "made room", moment.peers)
        return [*effects, *self._adopt(tx.txid(), moment)]

    def on_tip(self, change: TipChange, moment: Moment) -> list[Effect]:
        """The active chain has moved: who is in it waits no longer, who is no longer in it waits again."""
        self.refused.clear()
        followed = follow_tip(change, self.pool, moment.chain, moment.time, moment.now)
        effects = self._forget(followed.confirmed, "confirmed", moment.peers)
        effects += self._forget(followed.conflicting, "conflict", moment.peers)
        effects += [notes.transaction_accepted(entry, moment.chain.store) for entry in followed.returned]
        effects += self._forget(followed.dropped, "reorganised", moment.peers)
        for entry in change.path.connect:
            for tx in moment.chain.get_block(entry.hash).transactions:
                if tx.txid() in self.orphans:
                    self.orphans.remove(tx.txid())
                effects += self._adopt(tx.txid(), moment)
        return effects

    def forget_peer(self, gone: Peer, moment: Moment) -> list[Effect]:
        """A connection is gone. O(pool)."""
        self.trickle.forget(gone)
        self.orphans.forget_peer(gone.conn)
        for name, known in self.known_to.items():
            self.known_to[name] = known & ~(1 << gone.slot)
        return self.requests.release(gone, moment.peers, moment.now)

    # --- What goes out --------------------------------------------------------------------------------

    def on_timer(self, name: TimerName, moment: Moment) -> list[Effect]:
        """It is time to tell somebody of what waits."""
        return self.trickle.on_timer(name, moment.peers, moment.era, moment.random)

    def _announce(self, entry: Waiting, moment: Moment) -> list[Effect]:
        name = entry.tx.txid()
        known = self.known_to.get(name, 0)
        told = [
            peer
            for peer in moment.peers.ready
            if peer.wants_transaction(entry) and not known >> peer.slot & 1
        ]
        for peer in told:
            known |= 1 << peer.slot
        self.known_to[name] = known
        return self.trickle.announce(name, told, moment.era, moment.random)

    # --- What we remember -----------------------------------------------------------------------------

    def _learn(self, peer: Peer, txid: bytes) -> None:
        """The peer has it: it need not be told."""
        peer.to_announce.pop(txid, None)
        if txid in self.pool:
            self.known_to[txid] = self.known_to.get(txid, 0) | 1 << peer.slot

    def _is_settled(self, txid: bytes, chain: ChainState) -> bool:
        """Is there nothing to ask for? Who is in the chain is known by its unspent outputs, as in Core."""
        if txid in self.pool or txid in self.orphans or txid in self.refused:
            return True
        return any(OutPoint(txid, index) in chain.ledger.coins for index in (0, 1))

    def _refuse(self, tx: Transaction, reason: str) -> Effect:
        if len(self.refused) >= MAX_REFUSED:
            del self.refused[next(iter(self.refused))]
        self.refused[tx.txid()] = None
        return notes.transaction_refused(tx, reason)

    def _keep_orphan(self, peer: Peer, tx: Transaction, moment: Moment) -> list[Effect]:
        """Let it wait for its parents, and ask the peer for those that we do not know."""
        parents = list(dict.fromkeys(spending.previous.txid for spending in tx.inputs))
        if any(name in self.refused for name in parents):
            return [self._refuse(tx, "a parent was refused")]
        self.orphans.add(tx, parents, peer.conn, moment.now)
        missing = [name for name in parents if not self._is_settled(name, moment.chain)]
        return [notes.transaction_orphaned(tx), *self.requests.on_inv(peer, missing, moment.now)]

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
            except NotWelcome as fault:
                effects.append(self._refuse(orphan.tx, fault.reason))
            except RuleBroken as fault:
                effects.append(self._refuse(orphan.tx, fault.reason))
        return effects

    def _forget(self, gone: list[Waiting], reason: str, peers: Peers) -> list[Effect]:
        """These wait no longer, so nobody is told of them."""
        if not gone:
            return []
        names = [entry.tx.txid() for entry in gone]
        for name in names:
            self.known_to.pop(name, None)
            for peer in peers:
                peer.to_announce.pop(name, None)
        return [notes.transactions_removed(names, reason)]
