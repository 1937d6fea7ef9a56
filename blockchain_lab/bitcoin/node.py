"""A Bitcoin node: shakes hands, catches up with the best chain, passes on what is new, answers questions.

It knows no clock, socket or thread: the same object runs in the simulator and over TCP. Every part stands
in a room of its own; here they meet:

    handshake, keep_alive          the line to each peer
    chain_state                    what we know; `rules` says what we believe
    block_relay                    blocks: catching up, hearing of new ones, telling others
    tx_relay                       transactions: the pool of those that wait, and who is told of them
    serving                        what others want from us
    overlay                        whom we have heard of, whom we dial, whom we let in
    side_talks                     alerts, payments by IP, what light clients ask
    paying                         what a learner wants of us

Over 300 lines: whoever asks what a node does with an event finds the answer on this page.
"""

from typing import Any

from blockchain_lab.base.actions import BumpFee, Command, Connect, Disconnect, Mine, Pay, SetPolicy, SubmitTx
from blockchain_lab.base.effects import Effect, HangUp, Send, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.bitcoin import (
    commands,
    handshake,
    keep_alive,
    mining,
    notes,
    overlay,
    serving,
    side_talks,
    trickle,
    tx_requests,
)
from blockchain_lab.bitcoin.block_relay import BlockRelay
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.compact import BY_WTXID
from blockchain_lab.bitcoin.compact_relay import on_getblocktxn, on_sendcmpct
from blockchain_lab.bitcoin.connections import Outcome
from blockchain_lab.bitcoin.disk import read_disk, write_disk
from blockchain_lab.bitcoin.mempool import MIN_RELAY_FEE_RATE, Mempool
from blockchain_lab.bitcoin.messages import (
    MSG_BLOCK,
    Addr,
    AddrV2,
    Block,
    BlockTransactions,
    CompactBlock,
    FeeFilter,
    GetAddr,
    GetBlocks,
    GetBlockTransactions,
    GetData,
    GetHeaders,
    Headers,
    Inv,
    NotFound,
    Ping,
    Pong,
    SendCompact,
    SendHeaders,
    Transaction,
    Version,
)
from blockchain_lab.bitcoin.misbehaviour import OVER_THE_LIMIT, Fault, Judgement, judge
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.neighbours import Neighbours
from blockchain_lab.bitcoin.overlay import Overlay
from blockchain_lab.bitcoin.params import network_from_plain
from blockchain_lab.bitcoin.paying import Cashier
from blockchain_lab.bitcoin.peers import Handled, Peer, PeerFault, Peers
from blockchain_lab.bitcoin.policy import COMPACT, COMPACT_UNASKED, Policy
from blockchain_lab.bitcoin.side_talks import SideTalks
from blockchain_lab.bitcoin.tx_orphans import OrphanTransactions
from blockchain_lab.bitcoin.tx_relay import TransactionRelay


class BitcoinNode(Node):
    """One peer's logic. `chain` is what it knows, `peers` whom; the rest is how it goes about it."""

    obeys = commands.OBEYED

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy, network or disk that cannot be."""
        self.setup, self.random = setup, setup.random
        self.policy = Policy.from_plain(setup.policy)
        network = network_from_plain(setup.chain).known_to(self.policy.era.services)
        self.chain = ChainState(read_disk(setup.disk, network, setup.store), setup.store)
        self.peers = Peers()
        era = self.policy.era
        self.blocks = BlockRelay(self.policy, self.chain.tip)
        self.transactions = TransactionRelay(
            Mempool.of_store(setup.store), OrphanTransactions(era.most_orphans, era.orphan_weight_per_peer)
        )
        self.transactions.apply(self.policy, network)
        self.cashier = Cashier(setup.name, setup.disk.get("wallet"))
        self.neighbours = Neighbours(setup.neighbours)
        self.overlay = Overlay(setup, self.policy)
        self.side_talks = SideTalks()

    @property
    def pool(self) -> Mempool:
        """The transactions that wait."""
        return self.transactions.pool

    def stored(self) -> dict[str, Any]:
        """The disk: what the chain is made of, and whom we have heard of. Transactions are forgotten."""
        book = self.overlay.stored(self.policy, self.peers)
        return {**write_disk(self.setup.disk, self.chain), **self.cashier.stored(), **book}

    # --- What happens ---------------------------------------------------------------------------------

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Say what was on the disk, and dial the neighbours."""
        known = notes.describe_stored_chain(self.chain.base)
        search = self.blocks.mining.begin(self._get_moment(now), self.pool)
        found = self.overlay.begin(self.setup, self._get_moment(now))
        return [*known, *self.neighbours.dial_all(), *search, *found]

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """Begin the handshake, if there is room."""
        peer = Peer(conn, remote, inbound, nonce=self.random.bits(), since=now)
        refusal, outcome = self.overlay.admit(peer, self._get_moment(now))
        if refusal is not None:
            return [HangUp(conn, refusal)]
        self.peers.add(peer)
        made_room = self._carry_out(outcome, now)
        return [*made_room, *handshake.on_connected(peer, self._introduce(peer, now), self.policy.era)]

    def on_dial_failed(self, remote: Address, reason: str, now: Microseconds) -> list[Effect]:
        """Try again later."""
        lost = self.overlay.on_lost(remote, self._get_moment(now))
        failed = self.side_talks.orders.on_dial_failed(remote, reason)
        return [*self.neighbours.on_lost(remote, self.policy.redial_after), *lost, *failed]

    def on_disconnected(self, conn: ConnectionId, reason: str, now: Microseconds) -> list[Effect]:
        """Go on without it; a neighbour that we had dialled is dialled again later."""
        return self._say(self._part(self.peers[conn], now), now)

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Understand it or ignore it; hang up on who breaks the protocol."""
        peer = self.peers[conn]
        keep_alive.hear(peer, self.policy.era, now)
        try:
            return self._say(self._hear(peer, message, now), now)
        except PeerFault as fault:
            return self._punish(peer, fault, now)

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """It is time to tell somebody of what waits, to dial again, or to look after one peer."""
        moment = self._get_moment(now)
        if name.topic == trickle.TOPIC:
            return self._say(self.transactions.on_timer(name, moment), now)
        if name == mining.TIMER:
            return self.blocks.mine(moment, self.transactions, self.cashier.get_reward_script(self.policy))
        if name.topic in overlay.TOPICS:
            outcome = self.overlay.on_timer(name, self.neighbours.wanted, moment)
            return self._say(self._carry_out(outcome, now), now)
        if name.topic in side_talks.TOPICS:
            return self._say(self.side_talks.on_timer(name, self.pool, moment), now)
        if name.conn is None:
            return [one for one in self.neighbours.on_timer(name.about) if not self.peers.find(one.address)]
        return self._say(self._on_timer_of(self.peers[name.conn], name, now), now)

    def _on_timer_of(self, peer: Peer, name: TimerName, now: Microseconds) -> list[Effect]:
        """Ping, or lose patience."""
        match name.topic:
            case "ping":
                effects, fault = keep_alive.look_after(peer, self.random.bits() | 1, self.policy.era, now)
                return effects if fault is None else self._drop(peer, fault, now)
            case "handshake":
                return self._drop(peer, "handshake timeout", now)
            case "pong":
                return self._drop(peer, "ping timeout", now)
            case tx_requests.TOPIC:
                return self.transactions.on_timer_of(peer, name, self._get_moment(now))
        effects, fault = self.blocks.on_timer(name, peer, self._get_moment(now))
        return effects if fault is None else [*effects, *self._drop(peer, fault, now)]

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """What a learner or a story wants of us. UsageError when it cannot be."""
        if problem := self.find_problem(command, now):
            raise UsageError(problem)
        return self._say(self._obey(command, self._get_moment(now)), now)

    def _obey(  # noqa: PLR0911 - a line for each command is the clearest table
        self, command: Command, moment: Moment
    ) -> list[Effect]:
        match command:
            case Mine(count=count):
                script = self.cashier.get_reward_script(self.policy)
                return self.blocks.mine_at_once(count, moment, self.transactions, script)
            case Pay() | BumpFee():
                return self.transactions.submit(self.cashier.make(command, moment, self.pool), moment)
            case SubmitTx(raw_hex=raw_hex):
                return self.transactions.submit(commands.read_transaction(raw_hex), moment)
            case Connect(to=name):
                return self.neighbours.add(self.setup.contacts[name])
            case Disconnect(other=name):
                return self._disconnect(name, moment.now)
            case SetPolicy():
                self.policy = Policy.from_plain(self.setup.policy)
                self.blocks.sync.apply(self.policy)
                self.transactions.apply(self.policy, self.chain.network)
                moment = self._get_moment(moment.now)
                return [*self.overlay.begin(self.setup, moment), *self.blocks.mining.begin(moment, self.pool)]
        return self.side_talks.obey(command, self.setup.contacts, moment)

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """Why this cannot be: see `commands`."""
        return commands.find_problem(command, self.setup, self._get_moment(now), self.pool, self.cashier)

    # --- Messages -------------------------------------------------------------------------------------

    def _hear(self, peer: Peer, message: Message, now: Microseconds) -> list[Effect]:
        if isinstance(message, Malformed):
            return self._on_malformed(peer, message)
        return (self._answer if peer.is_ready else self._shake_hands)(peer, message, now)

    def _say(self, effects: list[Effect], now: Microseconds) -> list[Effect]:
        """Note to whom we have spoken when: who keeps lines alive as in 2010 has to know."""
        keep_alive.note_words(effects, self.peers, self.policy.era, now)
        return effects

    def _shake_hands(self, peer: Peer, message: Message, now: Microseconds) -> list[Effect]:
        nonces = [other.nonce for other in self.peers if not other.inbound]
        effects = handshake.on_message(peer, message, self._introduce(peer, now), nonces, self.policy.era)
        if peer.is_ready:
            assert peer.version is not None  # the table asks for it before the verack
            effects.append(notes.handshake_done(peer.conn, peer.version))
            effects += keep_alive.begin(peer, self.random.bits() | 1, self.policy.era, now)
            least = max(self.pool.get_floor(now), MIN_RELAY_FEE_RATE)
            effects += handshake.wish_for_fees(peer, self.policy.era, least)
            if self.policy.announce in (COMPACT, COMPACT_UNASKED):
                effects.append(Send(peer.conn, SendCompact(announce=False, version=BY_WTXID)))
            effects += self.blocks.go_on(peer.conn, self._get_moment(now))
            effects += self.side_talks.on_ready(peer, self._get_moment(now))
            effects += self._carry_out(self.overlay.on_ready(peer, self._get_moment(now)), now)
        return effects

    def _answer(  # noqa: PLR0911, PLR0912 - a line for each message is the clearest table
        self, peer: Peer, message: Message, now: Microseconds
    ) -> list[Effect]:
        moment = self._get_moment(now)
        match message:
            case Block():
                return self._judge(peer, self.blocks.on_block(peer, message, moment, self.transactions), now)
            case GetData():
                return serving.on_getdata(peer, message, self.chain, self.pool, self.random)
            case Headers():
                return self.blocks.on_headers(peer, message.headers, moment)
            case GetHeaders():
                return serving.on_getheaders(peer, message, self.chain)
            case Inv():
                return self._on_inv(peer, message, moment)
            case GetBlocks():
                return serving.on_getblocks(peer, message, self.chain)
            case Transaction():
                verdict = self.transactions.on_transaction(peer, message, moment)
                return self._judge(peer, verdict, now, Fault.INVALID_TRANSACTION)
            case CompactBlock():
                verdict = self.blocks.on_compact_block(peer, message, moment, self.transactions)
                return self._judge(peer, verdict, now)
            case BlockTransactions():
                verdict = self.blocks.on_block_transactions(peer, message, moment, self.transactions)
                return self._judge(peer, verdict, now)
            case GetBlockTransactions():
                return on_getblocktxn(peer, message, self.chain)
            case SendCompact():
                on_sendcmpct(peer, message)
            case NotFound():
                names = [item.hash for item in message.items]
                return self.transactions.requests.on_notfound(peer, names, self.peers, now)
            case GetAddr() | Addr() | AddrV2():
                return self._carry_out(self.overlay.on_message(peer, message, moment), now)
            case FeeFilter():
                peer.fee_filter = max(message.rate, 0)
            case SendHeaders():
                peer.wants_headers = True
            case Ping():
                return keep_alive.on_ping(peer, message)
            case Pong():
                return keep_alive.on_pong(peer, message, now)
        verdict = self.side_talks.on_message(peer, message, moment, self.transactions, self.cashier)
        return self._judge(peer, verdict, now, Fault.REFUSED_ALERT)  # what nobody knows is ignored by design

    def _on_inv(self, peer: Peer, message: Inv, moment: Moment) -> list[Effect]:
        blocks = [item.hash for item in message.items if item.type == MSG_BLOCK]
        effects = self.transactions.on_inv(peer, message.items, moment)
        return [*effects, *(self.blocks.on_inv(peer, blocks, moment) if blocks else [])]

    def _judge(
        self, peer: Peer, verdict: Handled, now: Microseconds, fault: Fault = Fault.INVALID_BLOCK
    ) -> list[Effect]:
        """Punish who is at fault, after all that has to be said."""
        effects, reason = verdict
        return effects if reason is None else [*effects, *self._punish(peer, PeerFault(reason, fault), now)]

    def _on_malformed(self, peer: Peer, message: Malformed) -> list[Effect]:
        """Core ignores what it cannot read, unless the stream is lost or the message larger than allowed."""
        reason = f"{message.wire_name or 'stream'}: {message.reason}"
        if message.fatal:
            raise PeerFault(reason)
        if "over the limit" in message.reason and message.wire_name in OVER_THE_LIMIT:
            raise PeerFault(reason, OVER_THE_LIMIT[message.wire_name])
        return [notes.peer_misbehaved(peer.conn, reason)]

    # --- Peers ----------------------------------------------------------------------------------------

    def _punish(self, peer: Peer, fault: PeerFault, now: Microseconds) -> list[Effect]:
        """Somebody broke the protocol: in most eras, hang up and dial it no more (`misbehaviour`)."""
        effects: list[Effect] = [notes.peer_misbehaved(peer.conn, str(fault))]
        if fault.fault is not None:
            peer.score, judgement = judge(fault.fault, self.policy.era, peer.score)
            if judgement is Judgement.IGNORE:
                return effects
            effects += self.overlay.discourage(peer, self._get_moment(now))
        self.neighbours.remove(peer.remote)
        return [*effects, *self._drop(peer, str(fault), now)]

    def _carry_out(self, outcome: Outcome, now: Microseconds) -> list[Effect]:
        """What the overlay wants; on whom it wants to hang up, we do."""
        dropped = [self._drop(self.peers[conn], reason, now) for conn, reason in outcome.dropped.items()]
        return [*outcome.effects, *(effect for effects in dropped for effect in effects)]

    def _drop(self, peer: Peer, reason: str, now: Microseconds) -> list[Effect]:
        return [HangUp(peer.conn, reason), *self._part(peer, now)]

    def _part(self, peer: Peer, now: Microseconds) -> list[Effect]:
        """The connection is gone: ask others for what it owed us; if we dialled it, dial again later."""
        self.peers.remove(peer.conn)
        moment = self._get_moment(now)
        self.blocks.forget_peer(peer, moment)
        asked = self.transactions.forget_peer(peer, moment)
        lost = [] if peer.inbound else self.neighbours.on_lost(peer.remote, self.policy.redial_after)
        others = [*self.overlay.on_gone(peer, moment), *self.side_talks.on_gone(peer)]
        return [*lost, *asked, *self.blocks.go_on(peer.conn, moment), *others]

    def _introduce(self, peer: Peer, now: Microseconds) -> Version:
        time, height = self._get_moment(now).time, self.chain.height
        return handshake.make_version(peer, self.setup.address, height, time, self.policy.era)

    def _get_moment(self, now: Microseconds) -> Moment:
        time = self.setup.started_at + now // SECOND  # the wall clock
        return Moment(now, time, self.chain, self.peers, self.policy, self.random)

    # --- Commands -------------------------------------------------------------------------------------

    def _disconnect(self, name: str, now: Microseconds) -> list[Effect]:
        address = self.setup.contacts[name]
        self.neighbours.remove(address)
        dropped = [self._drop(peer, "asked to disconnect", now) for peer in self.peers.find(address)]
        return [effect for effects in dropped for effect in effects]
