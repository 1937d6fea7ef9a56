"""A small lab for the views: five peers in a ring ping each other ten times a second, and note it."""

from dataclasses import dataclass, field
from typing import Any

from blockchain_lab.base.actions import Command
from blockchain_lab.base.effects import Dial, Effect, Note, Send, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import MILLISECOND, SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.bitcoin.envelope import MAGIC, BitcoinCodec
from blockchain_lab.bitcoin.messages import Ping
from blockchain_lab.lab import Lab
from blockchain_lab.sim.scenario import Peer, Scenario, Topology

NAMES = ("ann", "bob", "cat", "dan", "eve")
PAUSE = 100 * MILLISECOND


@dataclass(frozen=True, slots=True)
class Stumble(Command):
    """Make the peer's node raise."""


@dataclass
class Talker(Node):
    """Pings over every connection at every tick, with a nonce that counts the ticks."""

    neighbours: tuple[Address, ...]
    conns: list[ConnectionId] = field(default_factory=list)
    ticks: int = 0

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Dial the neighbours and begin to tick."""
        return [SetTimer(TimerName("tick"), PAUSE), *[Dial(address) for address in self.neighbours]]

    def on_connected(self, conn: Any, remote: Any, inbound: Any, now: Any) -> list[Effect]:
        """One more to talk to."""
        self.conns.append(conn)
        return []

    def on_disconnected(self, conn: Any, reason: Any, now: Any) -> list[Effect]:
        """One less."""
        self.conns.remove(conn)
        return []

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Tick."""
        self.ticks += 1
        pings = [Send(conn, Ping(self.ticks)) for conn in self.conns]
        return [*pings, SetTimer(TimerName("tick"), PAUSE)]

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Note what was heard."""
        return [Note("heard", {"nonce": message.nonce})]  # type: ignore[attr-defined]

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """The only command there is."""
        raise RuntimeError("stumbled")


def make_talking_lab(**values: Any) -> Lab:
    """A lab that was not run yet; `values` replace the scenario's."""
    ring = tuple(zip(NAMES, NAMES[1:] + NAMES[:1], strict=True))
    plan = {
        "name": "talk",
        "title": "Five talkers",
        "peers": {name: Peer("talker") for name in NAMES},
        "topology": Topology(ring),
        "until": 2 * SECOND,
        "poster": 10,
    }
    scenario = Scenario(**(plan | values))
    codec = BitcoinCodec(MAGIC["regtest"])

    def make_talker(setup: Setup) -> Talker:
        return Talker(setup.neighbours)

    return Lab(scenario, kinds={"talker": make_talker}, actions=[Stumble], codec=codec)
