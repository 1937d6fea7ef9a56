"""Blocks on their way: heard of by inv, header or short ids, fetched, judged, connected, passed on.

    headers_sync + download        catching up today; `blocks_sync` is how it was done before 2015
    compact_relay                  new blocks put together from the memory pool
    accepting, announcing          what a block does to the chain, and who is told of a new tip
    mining                         when we find one ourselves

What a peer sends comes in at the top; `go_on` is called whenever anything has changed, and asks for what is
next. Who is to be hung up on, and how, is the node's business.
"""

from collections.abc import Sequence

from blockchain_lab.base.effects import Effect, TimerName
from blockchain_lab.base.units import NOBODY, ConnectionId
from blockchain_lab.bitcoin import handshake, notes
from blockchain_lab.bitcoin.accepting import accept_block
from blockchain_lab.bitcoin.announcing import announce_tip
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.blocks_sync import BlocksSync
from blockchain_lab.bitcoin.chain_state import TipChange
from blockchain_lab.bitcoin.compact_relay import CompactRelay, ask_for_whole
from blockchain_lab.bitcoin.download import Download
from blockchain_lab.bitcoin.eras import BLOCKS_FIRST
from blockchain_lab.bitcoin.headers_sync import HeadersSync
from blockchain_lab.bitcoin.messages import BlockTransactions, CompactBlock
from blockchain_lab.bitcoin.mining import Mining, find_block
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.peers import Handled, Peer
from blockchain_lab.bitcoin.policy import COMPACT_UNASKED, INV, Policy
from blockchain_lab.bitcoin.rules import RuleBroken
from blockchain_lab.bitcoin.stored_chain import HeaderEntry
from blockchain_lab.bitcoin.template import choose_transactions
from blockchain_lab.bitcoin.tx_relay import TransactionRelay


class BlockRelay:
    """How one node learns of blocks, and lets others learn."""

    def __init__(self, policy: Policy, tip: HeaderEntry) -> None:
        """`tip`: of the chain that the node starts with."""
        self.sync: HeadersSync | BlocksSync = (
            BlocksSync()
            if policy.era.sync == BLOCKS_FIRST
            else HeadersSync(Download(policy.in_transit, policy.window))
        )
        self.compact = CompactRelay()
        self.mining = Mining()
        self.announced = tip  # the last tip that we have told everybody about
        self.is_syncing = False

    # --- What comes in --------------------------------------------------------------------------------

    def on_headers(self, peer: Peer, headers: Sequence[Header], moment: Moment) -> list[Effect]:
        """Headers, asked for or not. PeerFault."""
        effects = self._learn_headers(peer, headers, moment)
        wishes = [] if moment.policy.announce == INV else handshake.wish_for_headers(peer)
        return [*effects, *wishes, *self.go_on(peer.conn, moment)]

    def on_inv(self, peer: Peer, names: list[bytes], moment: Moment) -> list[Effect]:
        """A peer has these blocks."""
        for name in names:
            peer.learn_block(name, moment.chain)
        effects = self.sync.on_inv(peer, names, moment.chain, moment.now)
        return [*effects, *self.go_on(peer.conn, moment)]

    def on_block(
        self,
        peer: Peer,
        block: Block,
        moment: Moment,
        transactions: TransactionRelay,
        *,
        is_whole: bool = True,
    ) -> Handled:
        """A block, whole or put together from short ids. PeerFault for a stray one."""
        name = block.header.hash()
        if block.header.previous not in moment.chain.tree:
            closed = self.sync.on_block(name, moment.peers, moment.now)
            return Handled([*closed, *self.sync.on_stray_block(peer, block, moment.chain)], None)
        if moment.chain.has_block(name) or self.sync.is_too_cheap(block.header, moment):
            closed = self.sync.on_block(name, moment.peers, moment.now)
            return Handled([*closed, *self.go_on(peer.conn, moment)], None)
        try:
            accepted = self.accept(block, moment, transactions)
        except RuleBroken as fault:
            return self._refuse(peer, name, fault, moment, is_whole=is_whole)
        peer.learn_block(name, moment.chain)
        peer.last_block = moment.now
        closed = self.sync.on_block(name, moment.peers, moment.now)
        fastest = self._choose_fastest(peer, moment) if moment.chain.tip.hash == name else []
        return Handled([*closed, *accepted, *fastest, *self.go_on(peer.conn, moment)], None)

    def on_compact_block(
        self, peer: Peer, message: CompactBlock, moment: Moment, transactions: TransactionRelay
    ) -> Handled:
        """A new block as short ids. PeerFault for a header that is not valid, or ids that cannot be."""
        if self.sync.is_too_cheap(message.header, moment):
            return Handled([], None)
        effects = self._learn_headers(peer, (message.header,), moment)
        entry = moment.chain.tree.get(message.header.hash())
        if entry is None or moment.chain.has_block(entry.hash) or entry.previous != moment.chain.tip:
            return Handled([*effects, *self.go_on(peer.conn, moment)], None)  # no news, or none for a pool
        pool = [waiting.tx for waiting in transactions.pool]
        block, asked = self.compact.on_compact_block(peer, message, pool)
        if block is not None:
            verdict = self.on_block(peer, block, moment, transactions, is_whole=False)
            return Handled([*effects, *asked, *verdict.effects], verdict.fault)
        return Handled([*effects, *asked, *self.sync.claim(peer, entry, moment.now)], None)

    def on_block_transactions(
        self, peer: Peer, message: BlockTransactions, moment: Moment, transactions: TransactionRelay
    ) -> Handled:
        """What was missing of a block. PeerFault for something else."""
        block, effects = self.compact.on_transactions(peer, message)
        if block is None:
            return Handled(effects, None)
        return self.on_block(peer, block, moment, transactions, is_whole=False)

    def on_timer(self, name: TimerName, peer: Peer, moment: Moment) -> Handled:
        """Headers or blocks have not come in time. Says whether to hang up."""
        effects, fault = self.sync.on_timer(name.topic, peer, moment.peers, moment.now)
        return Handled([*effects, *(self.go_on(peer.conn, moment) if fault is None else [])], fault)

    def forget_peer(self, gone: Peer, moment: Moment) -> None:
        """A connection is gone: what it owes us may be asked of others."""
        self.sync.release(gone, moment.peers)
        self.compact.forget(gone)

    # --- What follows ---------------------------------------------------------------------------------

    def accept(self, block: Block, moment: Moment, transactions: TransactionRelay) -> list[Effect]:
        """Store a block, found by ourselves or sent to us, and follow the best chain. RuleBroken."""

        def follow(change: TipChange) -> list[Effect]:
            return [*transactions.on_tip(change, moment), *self.mining.on_tip(moment, transactions.pool)]

        return accept_block(block, moment.chain, moment.time, self.sync.take_children, follow)

    def mine(self, moment: Moment, transactions: TransactionRelay, script: bytes) -> list[Effect]:
        """The block that we sought is found; seek the next one. A node that catches up has no use for it."""
        pool = transactions.pool
        if self.is_syncing:
            return self.mining.begin(moment, pool)
        effects = self.accept(self.mining.find(moment, pool, script), moment, transactions)
        return [*effects, *self.mining.begin(moment, pool), *self.go_on(NOBODY, moment)]

    def mine_at_once(
        self, count: int, moment: Moment, transactions: TransactionRelay, script: bytes
    ) -> list[Effect]:
        """So many blocks on our tip, one after the other, told of when all are found."""
        effects: list[Effect] = []
        for _ in range(count):
            template = choose_transactions(transactions.pool)
            block = find_block(moment.chain.tip, template, moment, script)
            effects += self.accept(block, moment, transactions)
        return [*effects, *self.go_on(NOBODY, moment)]

    def go_on(self, conn: ConnectionId, moment: Moment) -> list[Effect]:
        """Something has changed: ask for what is next, say whether we are behind, pass on a new tip."""
        chain, peers = moment.chain, moment.peers
        old_leader = self.sync.leader
        effects = self.sync.proceed(chain, peers, moment.now)
        leader = self.sync.leader
        if leader is not None and leader != old_leader:
            self.is_syncing = True
            effects.insert(0, notes.sync_started(leader, self.sync.mode))
        elif not self.is_syncing and self.sync.is_far_behind(chain):
            self.is_syncing = True
            effects.insert(0, notes.sync_started(conn, self.sync.mode))
        if not self.sync.is_caught_up(chain, peers):
            return effects
        if self.is_syncing:
            self.is_syncing = False
            effects.append(notes.sync_finished(conn, self.sync.mode))
        if self.announced != chain.tip:
            self.announced = chain.tip
            effects += announce_tip(chain, peers, moment.random, whole=moment.policy.push_blocks)
        return effects

    def _refuse(
        self, peer: Peer, name: bytes, fault: RuleBroken, moment: Moment, *, is_whole: bool
    ) -> Handled:
        """A block is not valid. Its sender is at fault unless a clock is wrong, or it sent short ids only.

        Those may be passed on before a block is judged. And a witness may be wrong where the block is not.
        """
        note = notes.block_invalid(name, fault.reason)
        if is_whole and fault.reason != "time-too-new":
            return Handled([note], f"invalid block: {fault.reason}")
        if fault.is_mutation:
            return Handled([note, ask_for_whole(peer, name)], None)
        return Handled([note, *self.sync.on_block(name, moment.peers, moment.now)], None)

    def _learn_headers(self, peer: Peer, headers: Sequence[Header], moment: Moment) -> list[Effect]:
        best = moment.chain.best_header
        new, effects = self.sync.on_headers(peer, headers, moment)
        if new:
            effects.append(notes.headers_accepted(new))
        if moment.chain.best_header != best:
            effects.append(notes.best_header(moment.chain.best_header))
        return effects

    def _choose_fastest(self, peer: Peer, moment: Moment) -> list[Effect]:
        """Somebody was first with a new tip: perhaps it shall send the next one unasked."""
        if moment.policy.announce != COMPACT_UNASKED or self.is_syncing:
            return []
        return self.compact.on_delivered(peer, moment.peers)
