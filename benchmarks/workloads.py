"""Two workloads for engines: ping-pong and flood. The node code is the same under ours and under SimPy.

flood       transactions spread by inv / getdata / tx over a random graph of degree 8
ping-pong   on a ring, everybody keeps one ping to its right neighbour in flight
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple, Self

from blockchain_lab.base.actions import Command
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.effects import Dial, Effect, Note, Send
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.reader import Reader
from blockchain_lab.base.units import MILLISECOND, SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.sim.scenario import Peer, Scenario, Topology

BETWEEN: Final = 50 * MILLISECOND  # between two new transactions
SEED: Final = 7


@dataclass(frozen=True)
class Inv(Message):
    """I have this transaction. Wire: name, 32 bytes."""

    command: ClassVar[str] = "inv"
    tx: bytes

    def encode(self) -> bytes:
        """The name."""
        return self.tx

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the name."""
        return cls(reader.take("tx", 32))


@dataclass(frozen=True)
class GetData(Inv):
    """Send me this transaction. Wire: name, 32 bytes."""

    command: ClassVar[str] = "getdata"


@dataclass(frozen=True)
class Tx(Message):
    """A transaction. Wire: name, 32 bytes; filling, 220."""

    command: ClassVar[str] = "tx"
    tx: bytes

    def encode(self) -> bytes:
        """Name and filling."""
        return self.tx + bytes(220)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the name."""
        name = reader.take("tx", 32)
        reader.take("filling", 220)
        return cls(name)


@dataclass(frozen=True)
class Ping(Message):
    """Are you there? Wire: nonce, 8 bytes, little endian."""

    command: ClassVar[str] = "ping"
    nonce: int

    def encode(self) -> bytes:
        """The nonce."""
        return self.nonce.to_bytes(8, "little")


@dataclass(frozen=True)
class Pong(Ping):
    """I am. Wire: nonce, 8 bytes, little endian."""

    command: ClassVar[str] = "pong"


@dataclass(frozen=True, slots=True)
class Submit(Command):
    """Give a peer a transaction of this number."""

    number: int


class FloodNode(Node):
    """inv / getdata / tx to everybody."""

    def __init__(self, setup: Setup) -> None:
        self.neighbours = setup.neighbours
        self.have: dict[bytes, Tx] = {}
        self.asked: dict[bytes, ConnectionId] = {}
        self.conns: list[ConnectionId] = []

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Dial everybody."""
        return [Dial(address) for address in self.neighbours]

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """Remember it."""
        self.conns.append(conn)
        return []

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """A transaction of our own."""
        assert isinstance(command, Submit)
        return self._take(Tx(command.number.to_bytes(32, "little")), -1)

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """The three messages."""
        kind = type(message)
        if kind is Inv:
            if message.tx in self.have or message.tx in self.asked:
                return []
            self.asked[message.tx] = conn
            return [Send(conn, GetData(message.tx))]
        if kind is GetData:
            return [Send(conn, self.have[message.tx])]
        return [] if message.tx in self.have else self._take(message, conn)

    def _take(self, tx: Tx, source: ConnectionId) -> list[Effect]:
        self.have[tx.tx] = tx
        inv, note = Inv(tx.tx), Note("accepted", {"tx": tx.tx[:4].hex()})
        return [note, *[Send(conn, inv) for conn in self.conns if conn != source]]


class PingPongNode(Node):
    """Keeps one ping in flight on every connection that it dialled, so many times."""

    def __init__(self, setup: Setup) -> None:
        self.neighbours, self.rounds = setup.neighbours, setup.policy["rounds"]

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Dial."""
        return [Dial(address) for address in self.neighbours]

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """Whoever dialled begins."""
        return [] if inbound else [Send(conn, Ping(1))]

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Answer, or ask again."""
        if type(message) is Ping:
            return [Send(conn, Pong(message.nonce))]
        return [Send(conn, Ping(message.nonce + 1))] if message.nonce < self.rounds else []


KINDS: Final = {"flood": FloodNode, "ping-pong": PingPongNode}


class Workload(NamedTuple):
    """A name, and the scenario for so many peers and so much work."""

    name: str
    make: Callable[[int, int], Scenario]


def make_flood(peers: int, transactions: int) -> Scenario:
    """Transactions from all peers in turn, after a second for connecting."""
    names = [f"p{i}" for i in range(peers)]
    story = [(SECOND + i * BETWEEN, Submit(f"p{i % peers}", i)) for i in range(transactions)]
    return Scenario(
        name="flood",
        seed=SEED,
        peers={name: Peer("flood") for name in names},
        topology=Topology(tuple(random_graph(names, 8))),
        story=tuple(story),
    )


def make_ping_pong(peers: int, rounds: int) -> Scenario:
    """A ring."""
    names = [f"p{i}" for i in range(peers)]
    return Scenario(
        name="ping-pong",
        seed=SEED,
        peers={name: Peer("ping-pong") for name in names},
        topology=Topology(tuple(zip(names, names[1:] + names[:1], strict=True))),
        policy={"rounds": rounds},
    )


def random_graph(names: list[str], degree: int) -> list[tuple[str, str]]:
    """A ring, so that all are connected, plus random chords: about `degree` links a peer."""
    luck = CounterRandom(get_key(SEED, "topology"))
    edges = dict.fromkeys(zip(names, names[1:] + names[:1], strict=True))
    for a in names:
        for b in luck.sample(names, degree // 2 - 1):
            if a != b and (b, a) not in edges:
                edges[a, b] = None
    return list(edges)


FLOOD: Final = Workload("flood", make_flood)
PING_PONG: Final = Workload("ping-pong", make_ping_pong)
