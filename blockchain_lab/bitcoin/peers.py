"""What a node remembers of each peer that it is connected to, and how it says that one broke the rules."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from blockchain_lab.base.effects import Effect
from blockchain_lab.base.units import Address, ConnectionId, Microseconds
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.connection_plan import Kind
from blockchain_lab.bitcoin.eviction import NO_PING
from blockchain_lab.bitcoin.keep_alive_plan import LineTimes
from blockchain_lab.bitcoin.mempool import Waiting
from blockchain_lab.bitcoin.messages import Version
from blockchain_lab.bitcoin.misbehaviour import Fault
from blockchain_lab.bitcoin.stored_chain import HeaderEntry
from blockchain_lab.chain.tree import is_ancestor


class PeerFault(Exception):
    """A peer broke the protocol so badly that it is hung up on. Raised before anything has changed.

    It never leaves the node: whoever handles the message turns it into a note and, by the rules of the era,
    into points or a `HangUp`. Without a `fault` the line ends in all eras, and nobody is blamed.
    """

    def __init__(self, reason: str, fault: Fault | None = None) -> None:
        """`reason`: Core's words where it has some."""
        super().__init__(reason)
        self.fault = fault


class Handled(NamedTuple):
    """What a part did about a message or a timer of a peer's: what to do, and why to hang up on it, if so."""

    effects: list[Effect]
    fault: str | None


class Stage(Enum):
    """How far the handshake has come."""

    AWAIT_VERSION = "await version"
    AWAIT_VERACK = "await verack"
    READY = "ready"


@dataclass(slots=True)
class Peer:
    """One connection and who is at its other end."""

    conn: ConnectionId
    remote: Address
    inbound: bool  # it has dialled us
    nonce: int  # of our version message: who sends it back is ourselves
    stage: Stage = Stage.AWAIT_VERSION
    version: Version | None = None  # what it said of itself
    kind: Kind | None = None  # what we have dialled it for; None: a neighbour, or it has dialled us
    since: Microseconds = 0  # when the connection opened
    names_by_wtxid: bool = False  # both have said `wtxidrelay`, see `tx_names`
    wants_addrv2: bool = False  # it said `sendaddrv2`

    # how it has served us
    times: LineTimes = field(default_factory=lambda: LineTimes(0, 0, 0))
    min_ping: Microseconds = NO_PING  # the shortest time that a pong took
    last_block: Microseconds = 0  # when it last brought a block that was new and valid
    last_transaction: Microseconds = 0  # when it last brought one that came into our pool
    score: int = 0  # points for its faults, in eras that count them

    # what we know of its chain
    best_known: HeaderEntry | None = None  # the best block that it is known to have
    unknown_block: bytes | None = None  # a block it announced whose header we have not got yet
    best_sent: HeaderEntry | None = None  # the last block that we have told it about
    wants_headers: bool = False  # it said `sendheaders`: announce new blocks to it by headers, not by inv
    knows_our_wish: bool = False  # we have said `sendheaders` to it

    # what we have asked it for
    was_asked_for_headers: bool = False
    awaits_headers: bool = False
    in_flight: dict[bytes, None] = field(default_factory=dict)  # blocks, oldest request first
    downloading_since: Microseconds = 0  # when the oldest of these was asked for, or became the oldest
    planned_to: HeaderEntry | None = None  # up to here, all blocks on its branch are stored or asked for
    is_suspect: bool = False  # everybody waits for a block of its
    is_slow: bool = False  # blocks first: it did not answer in time
    offered: dict[bytes, None] = field(
        default_factory=dict
    )  # blocks first: announced by it, and not here yet
    asked_transactions: dict[bytes, Microseconds] = field(default_factory=dict)  # name -> when, oldest first

    # what it wants of us
    to_announce: dict[bytes, None] = field(default_factory=dict)  # transactions, by the name it is told
    fee_filter: int = 0  # BIP 133: tell it of no transaction that pays less, satoshi per 1,000 virtual bytes
    sends_compact: bool = False  # it understands compact blocks (BIP 152)
    wants_compact: bool = False  # and wants new ones so, without asking
    continue_at: bytes | None = None  # when it fetches this block, it is told of our tip
    ping: int | None = None  # nonce of the ping that it has not answered

    @property
    def is_ready(self) -> bool:
        """Is the handshake done?"""
        return self.stage is Stage.READY

    @property
    def start_height(self) -> int:
        """The height of its chain as it claimed when we met; not to be trusted."""
        return -1 if self.version is None else self.version.start_height

    @property
    def is_block_only(self) -> bool:
        """Have we dialled it for blocks, or only to see whether it lives? Then no transactions, no hosts."""
        return self.kind in (Kind.BLOCKS, Kind.FEELER)

    def wants_transaction(self, entry: Waiting) -> bool:
        """Has it not said that it wants none (BIP 37's `relay`), or none that pays so little (BIP 133)?"""
        is_silent = self.version is not None and self.version.relay is False
        return not is_silent and not self.is_block_only and entry.fee_rate >= self.fee_filter

    def has(self, entry: HeaderEntry) -> bool:
        """Is it known to have this block, or have we told it?"""
        return any(
            known is not None and is_ancestor(entry, known) for known in (self.best_known, self.best_sent)
        )

    def learn_block(self, name: bytes, chain: ChainState) -> None:
        """It says that it has this block. (Core's UpdateBlockAvailability.)"""
        entry = chain.tree.get(name)
        if entry is None:
            self.unknown_block = name
        elif self.best_known is None or entry.work >= self.best_known.work:
            self.best_known = entry

    def resolve_unknown(self, chain: ChainState) -> None:
        """Perhaps the header of what it once announced has come meanwhile."""
        if self.unknown_block is not None and self.unknown_block in chain.tree:
            self.learn_block(self.unknown_block, chain)
            self.unknown_block = None


class Peers:
    """All peers by connection, in the order in which the connections opened."""

    def __init__(self) -> None:
        """Nobody yet."""
        self.by_conn: dict[ConnectionId, Peer] = {}

    def __getitem__(self, conn: ConnectionId) -> Peer:
        """The peer at the other end of `conn`. KeyError."""
        return self.by_conn[conn]

    def __contains__(self, conn: ConnectionId) -> bool:
        """Is the connection open?"""
        return conn in self.by_conn

    def __iter__(self) -> Iterator[Peer]:
        """All peers, whatever their stage."""
        return iter(self.by_conn.values())

    def __len__(self) -> int:
        """How many connections are open."""
        return len(self.by_conn)

    @property
    def ready(self) -> list[Peer]:
        """Those whose handshake is done."""
        return [peer for peer in self.by_conn.values() if peer.stage is Stage.READY]

    def add(self, peer: Peer) -> None:
        """A connection has opened."""
        self.by_conn[peer.conn] = peer

    def remove(self, conn: ConnectionId) -> Peer:
        """A connection has closed. KeyError."""
        return self.by_conn.pop(conn)

    def find(self, remote: Address) -> list[Peer]:
        """The peers at an address; two when both sides have dialled."""
        return [peer for peer in self if peer.remote == remote]
