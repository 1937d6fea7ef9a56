"""A Bitcoin node: shakes hands, catches up with the best chain, passes on what is new, answers questions.

It knows no clock, socket or thread: the same object runs in the simulator and over TCP. Every part stands
in a room of its own; here they meet:

    handshake, keep_alive          the line to each peer
    headers_sync + download        catching up today; `blocks_sync` is how it was done before 2015
    chain_state                    what we know; `rules` says what we believe
    tx_relay                       transactions: the pool of those that wait, and who is told of them
    serving, announcing            what others want from us

A little over 300 lines: whoever asks what a node does with an event finds the answer on this page.
"""

from typing import Any, Final

from blockchain_lab.base.actions import Command, Connect, Disconnect, Mine, Pay, SetPolicy, SubmitTx
from blockchain_lab.base.effects import Effect, HangUp, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import NOBODY, SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.bitcoin import commands, handshake, keep_alive, notes, serving, trickle, tx_requests
from blockchain_lab.bitcoin.accepting import accept_block
from blockchain_lab.bitcoin.announcing import announce_tip
from blockchain_lab.bitcoin.blocks_sync import BlocksSync
from blockchain_lab.bitcoin.chain_state import ChainState, TipChange
from blockchain_lab.bitcoin.disk import read_disk, write_disk
from blockchain_lab.bitcoin.download import Download
from blockchain_lab.bitcoin.eras import BLOCKS_FIRST
from blockchain_lab.bitcoin.headers_sync import HeadersSync
from blockchain_lab.bitcoin.mempool import Mempool
from blockchain_lab.bitcoin.messages import (
    MSG_BLOCK,
    MSG_TX,
    Block,
    FeeFilter,
    GetBlocks,
    GetData,
    GetHeaders,
    Headers,
    Inv,
    NotFound,
    Ping,
    Pong,
    SendHeaders,
    Transaction,
    Version,
)
from blockchain_lab.bitcoin.miner import make_block
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.neighbours import Neighbours
from blockchain_lab.bitcoin.params import network_from_plain
from blockchain_lab.bitcoin.paying import find_coins, make_payment
from blockchain_lab.bitcoin.peers import Peer, PeerFault, Peers
from blockchain_lab.bitcoin.policy import Policy
from blockchain_lab.bitcoin.rules import RuleBroken
from blockchain_lab.bitcoin.template import choose_transactions
from blockchain_lab.bitcoin.tx_orphans import OrphanTransactions
from blockchain_lab.bitcoin.tx_relay import TransactionRelay

EXTRA_NONCE_SIZE: Final = 8  # bytes
LIMITED: Final = frozenset({"headers", "inv", "getdata", "notfound", "addr", "getheaders", "getblocks"})


class BitcoinNode(Node):
    """One peer's logic. `chain` is what it knows, `peers` whom; the rest is how it goes about it."""

    obeys = (Mine, Pay, SubmitTx, Connect, Disconnect, SetPolicy)

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy, network or disk that cannot be."""
        network = network_from_plain(setup.chain)
        self.setup, self.random = setup, setup.random
        self.policy = Policy.from_plain(setup.policy)
        self.chain = ChainState(read_disk(setup.disk, network, setup.store), setup.store)
        self.peers = Peers()
        era = self.policy.era
        self.relay = TransactionRelay(
            Mempool(), OrphanTransactions(era.most_orphans, era.orphan_weight_per_peer)
        )
        self.sync: HeadersSync | BlocksSync = (
            BlocksSync()
            if era.sync == BLOCKS_FIRST
            else HeadersSync(Download(self.policy.in_transit, self.policy.window))
        )
        self.announced = self.chain.tip  # the last tip that we have told everybody about
        self.is_syncing = False
        self.neighbours = Neighbours(setup.neighbours)

    @property
    def pool(self) -> Mempool:
        """The transactions that wait."""
        return self.relay.pool

    def stored(self) -> dict[str, Any]:
        """The disk: what the chain is made of. Peers and transactions are forgotten."""
        return write_disk(self.setup.disk, self.chain)

    # --- What happens ---------------------------------------------------------------------------------

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Say what was on the disk, and dial the neighbours."""
        return [*notes.describe_stored_chain(self.chain.base), *self.neighbours.dial_all()]

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """Begin the handshake."""
        peer = Peer(conn, remote, inbound, nonce=self.random.bits())
        self.peers.add(peer)
        return handshake.on_connected(peer, self._introduce(peer, now))

    def on_dial_failed(self, remote: Address, reason: str, now: Microseconds) -> list[Effect]:
        """Try again later."""
        return self.neighbours.on_lost(remote, self.policy.redial_after)

    def on_disconnected(self, conn: ConnectionId, reason: str, now: Microseconds) -> list[Effect]:
        """Go on without it; a neighbour that we had dialled is dialled again later."""
        return self._part(self.peers[conn], now)

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Understand it or ignore it; hang up on who breaks the protocol."""
        peer = self.peers[conn]
        try:
            if isinstance(message, Malformed):
                return self._on_malformed(peer, message)
            if not peer.is_ready:
                return self._shake_hands(peer, message, now)
            return self._answer(peer, message, now)
        except PeerFault as fault:
            return self._punish(peer, str(fault), now)

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """It is time to tell somebody of what waits, to dial again, or to look after one peer."""
        if name.topic == trickle.TOPIC:
            return self.relay.on_timer(name, self.peers, self._get_moment(now))
        if name.conn is None:
            lost = self.neighbours.on_timer(name.about)
            return [dial for dial in lost if not self.peers.find(dial.address)]
        return self._on_timer_of(self.peers[name.conn], name, now)

    def _on_timer_of(self, peer: Peer, name: TimerName, now: Microseconds) -> list[Effect]:
        """Ping, or lose patience."""
        match name.topic:
            case "ping":
                return keep_alive.ping(peer, self.random.bits() | 1)
            case "handshake":
                return self._drop(peer, "handshake timeout", now)
            case "pong":
                return self._drop(peer, "ping timeout", now)
            case tx_requests.TOPIC:
                return self.relay.requests.on_timer(peer, self.peers, now)
        effects, fault = self.sync.on_timer(name.topic, peer, self.peers, now)
        return [*effects, *(self._go_on(peer.conn, now) if fault is None else self._drop(peer, fault, now))]

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """What a learner or a story wants of us. UsageError when it cannot be."""
        if problem := self.find_problem(command, now):
            raise UsageError(problem)
        match command:
            case Mine(count=count):
                return self._mine(count, now)
            case Pay():
                coins = find_coins(self.chain, self.pool.spenders)
                return self._submit(make_payment(*self.random.choice(coins)), now)
            case SubmitTx(raw_hex=raw_hex):
                return self._submit(commands.read_transaction(raw_hex), now)
            case Connect(to=name):
                return self.neighbours.add(self.setup.contacts[name])
            case Disconnect(other=name):
                return self._disconnect(name, now)
            case SetPolicy():
                self.policy = Policy.from_plain(self.setup.policy)
                self.sync.apply(self.policy)
        return []

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """Why this cannot be: see `commands`."""
        return commands.find_problem(command, self.setup, self.chain, self.pool, self._get_time(now))

    # --- Messages -------------------------------------------------------------------------------------

    def _shake_hands(self, peer: Peer, message: Message, now: Microseconds) -> list[Effect]:
        nonces = [other.nonce for other in self.peers if not other.inbound]
        effects = handshake.on_message(peer, message, self._introduce(peer, now), nonces)
        if peer.is_ready:
            assert peer.version is not None  # the table asks for it before the verack
            effects.append(notes.handshake_done(peer.conn, peer.version))
            effects += keep_alive.ping(peer, self.random.bits() | 1)
            effects += self._go_on(peer.conn, now)
        return effects

    def _answer(  # noqa: PLR0911 - one line for each message is the clearest table
        self, peer: Peer, message: Message, now: Microseconds
    ) -> list[Effect]:
        match message:
            case Block():
                return self._on_block(peer, message, now)
            case GetData():
                return serving.on_getdata(peer, message, self.chain, self.pool)
            case Headers():
                return self._on_headers(peer, message, now)
            case GetHeaders():
                return serving.on_getheaders(peer, message, self.chain)
            case Inv():
                return self._on_inv(peer, message, now)
            case GetBlocks():
                return serving.on_getblocks(peer, message, self.chain)
            case Transaction():
                return self._on_transaction(peer, message, now)
            case NotFound():
                names = [item.hash for item in message.items]
                return self.relay.requests.on_notfound(peer, names, self.peers, now)
            case FeeFilter():
                peer.fee_filter = max(message.rate, 0)
            case SendHeaders():
                peer.wants_headers = True
            case Ping():
                return keep_alive.on_ping(peer, message)
            case Pong():
                return keep_alive.on_pong(peer, message)
        return []  # `Unknown`, and what we know but do not use: ignored, as Bitcoin does by design

    def _on_headers(self, peer: Peer, message: Headers, now: Microseconds) -> list[Effect]:
        best = self.chain.best_header
        new, effects = self.sync.on_headers(
            peer, message.headers, self.chain, self.peers, self._get_time(now)
        )
        if new:
            effects.append(notes.headers_accepted(new))
        if self.chain.best_header != best:
            effects.append(notes.best_header(self.chain.best_header))
        wishes = handshake.wish_for_headers(peer) if self.policy.announce == "headers" else []
        return [*effects, *wishes, *self._go_on(peer.conn, now)]

    def _on_inv(self, peer: Peer, message: Inv, now: Microseconds) -> list[Effect]:
        blocks = [item.hash for item in message.items if item.type == MSG_BLOCK]
        transactions = [item.hash for item in message.items if item.type == MSG_TX]
        for name in blocks:
            peer.learn_block(name, self.chain)
        effects = self.relay.on_inv(peer, transactions, self.chain, now)
        if blocks:
            effects += self.sync.on_inv(peer, blocks, self.chain, now)
            effects += self._go_on(peer.conn, now)
        return effects

    def _on_block(self, peer: Peer, message: Block, now: Microseconds) -> list[Effect]:
        name = message.header.hash()
        if message.header.previous not in self.chain.tree:
            closed = self.sync.on_block(name, self.peers, now)
            return [*closed, *self.sync.on_stray_block(peer, message, self.chain)]
        if self.chain.has_block(name):
            return [*self.sync.on_block(name, self.peers, now), *self._go_on(peer.conn, now)]
        try:
            accepted = self._accept(message, now)
        except RuleBroken as fault:
            return self._refuse(peer, name, fault, now)
        peer.learn_block(name, self.chain)
        return [*self.sync.on_block(name, self.peers, now), *accepted, *self._go_on(peer.conn, now)]

    def _on_transaction(self, peer: Peer, message: Transaction, now: Microseconds) -> list[Effect]:
        effects, fault = self.relay.on_transaction(
            peer, message, self.chain, self.peers, self._get_moment(now)
        )
        return effects if fault is None else [*effects, *self._punish(peer, fault, now)]

    def _on_malformed(self, peer: Peer, message: Malformed) -> list[Effect]:
        """Core ignores what it cannot read, unless the stream is lost or the message larger than allowed."""
        reason = f"{message.wire_name or 'stream'}: {message.reason}"
        if message.fatal or (message.wire_name in LIMITED and "over the limit" in message.reason):
            raise PeerFault(reason)
        return [notes.peer_misbehaved(peer.conn, reason)]

    def _accept(self, block: Block, now: Microseconds) -> list[Effect]:
        def follow(change: TipChange) -> list[Effect]:
            return self.relay.on_tip(change, self.chain, self.peers, self._get_moment(now))

        return accept_block(block, self.chain, self._get_time(now), self.sync.take_children, follow)

    def _refuse(self, peer: Peer, name: bytes, fault: RuleBroken, now: Microseconds) -> list[Effect]:
        """A block is not valid. Only a wrong clock is nobody's fault."""
        invalid = notes.block_invalid(name, fault.reason)
        if fault.reason == "time-too-new":
            return [invalid, *self.sync.on_block(name, self.peers, now)]
        return [invalid, *self._punish(peer, f"invalid block: {fault.reason}", now)]

    def _go_on(self, conn: ConnectionId, now: Microseconds) -> list[Effect]:
        """Something has changed: ask for what is next, say whether we are behind, pass on a new tip."""
        old_leader = self.sync.leader
        effects = self.sync.proceed(self.chain, self.peers, now)
        leader = self.sync.leader
        if leader is not None and leader != old_leader:
            self.is_syncing = True
            effects.insert(0, notes.sync_started(leader, self.sync.mode))
        elif not self.is_syncing and self.sync.is_far_behind(self.chain):
            self.is_syncing = True
            effects.insert(0, notes.sync_started(conn, self.sync.mode))
        if not self.sync.is_caught_up(self.chain, self.peers):
            return effects
        if self.is_syncing:
            self.is_syncing = False
            effects.append(notes.sync_finished(conn, self.sync.mode))
        if self.announced != self.chain.tip:
            self.announced = self.chain.tip
            effects += announce_tip(self.chain, self.peers)
        return effects

    # --- Peers ----------------------------------------------------------------------------------------

    def _punish(self, peer: Peer, reason: str, now: Microseconds) -> list[Effect]:
        """Hang up on who broke the protocol, and dial it no more."""
        self.neighbours.remove(peer.remote)
        return [notes.peer_misbehaved(peer.conn, reason), *self._drop(peer, reason, now)]

    def _drop(self, peer: Peer, reason: str, now: Microseconds) -> list[Effect]:
        return [HangUp(peer.conn, reason), *self._part(peer, now)]

    def _part(self, peer: Peer, now: Microseconds) -> list[Effect]:
        """The connection is gone: ask others for what it owed us; if we dialled it, dial again later."""
        self.peers.remove(peer.conn)
        self.sync.release(peer, self.peers)
        asked = self.relay.forget_peer(peer, self.peers, now)
        lost = [] if peer.inbound else self.neighbours.on_lost(peer.remote, self.policy.redial_after)
        return [*lost, *asked, *self._go_on(peer.conn, now)]

    def _introduce(self, peer: Peer, now: Microseconds) -> Version:
        return handshake.make_version(peer, self.setup.address, self.chain.height, self._get_time(now))

    def _get_time(self, now: Microseconds) -> int:
        """The wall clock, Unix seconds."""
        return self.setup.started_at + now // SECOND

    def _get_moment(self, now: Microseconds) -> Moment:
        return Moment(now, self._get_time(now), self.policy.era, self.random)

    # --- Commands -------------------------------------------------------------------------------------

    def _submit(self, tx: Transaction, now: Microseconds) -> list[Effect]:
        return self.relay.submit(tx, self.chain, self.peers, self._get_moment(now))

    def _mine(self, count: int, now: Microseconds) -> list[Effect]:
        effects: list[Effect] = []
        for _ in range(count):
            extra_nonce = self.random.bits().to_bytes(EXTRA_NONCE_SIZE, "little")
            chosen, fees = choose_transactions(self.pool)
            block = make_block(
                self.chain.tip,
                self._get_time(now),
                extra_nonce,
                self.chain.network,
                transactions=chosen,
                fees=fees,
            )
            effects += self._accept(block, now)
        return [*effects, *self._go_on(NOBODY, now)]

    def _disconnect(self, name: str, now: Microseconds) -> list[Effect]:
        address = self.setup.contacts[name]
        self.neighbours.remove(address)
        effects: list[Effect] = []
        for peer in self.peers.find(address):
            effects += self._drop(peer, "asked to disconnect", now)
        return effects
