"""A few Bitcoin nodes and the shortest possible network between them: every message takes 10 ms.

For tests of what nodes say to each other. Timers run, faults and bandwidth do not exist.
"""

from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.effects import CancelTimer, Dial, Effect, HangUp, Note, Send, SetTimer
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import MILLISECOND, Address, ConnectionId
from blockchain_lab.bitcoin.node import BitcoinNode

LATENCY = 10 * MILLISECOND
STARTED_AT = 1_300_000_000  # Unix seconds: after the last block of every chain that tests use


def make_setup(name: str, **values: Any) -> Setup:
    """What a node on regtest is built from; `values` replace the rest."""
    plain: dict[str, Any] = {
        "address": Address("10.0.0.1", 8333),
        "neighbours": (),
        "random": CounterRandom(get_key(name)),
        "chain": {"network": "regtest"},
        "started_at": STARTED_AT,
    }
    return Setup(name=name, **{**plain, **values})


@dataclass
class Pump:
    """Nodes by name; `sent` lists (sender, receiver, message), `notes` (node, topic, facts)."""

    nodes: dict[str, Node] = field(default_factory=dict)
    sent: list[tuple[str, str, Message]] = field(default_factory=list)
    notes: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    hang_ups: list[tuple[str, str, str]] = field(default_factory=list)  # (who, on whom, reason)
    now: int = 0
    _store: ContentStore = field(default_factory=ContentStore)
    _addresses: dict[Address, str] = field(default_factory=dict)
    _queue: list[Any] = field(default_factory=list)
    _ends: dict[ConnectionId, tuple[str, str]] = field(default_factory=dict)  # end -> (whose, the other)
    _timers: dict[Any, int] = field(default_factory=dict)
    _count: int = 0

    def add(self, name: str, dials: tuple[str, ...] = (), kind: Any = BitcoinNode, **values: Any) -> Node:
        """Switch a node on. It dials those named, which must be on already."""
        address = Address(f"10.0.0.{len(self.nodes) + 1}", 8333)
        self._addresses[address] = name
        where = {named: at for at, named in self._addresses.items()}
        neighbours = tuple(where[other] for other in dials)
        setup = make_setup(
            name, address=address, neighbours=neighbours, store=self._store, contacts=where, **values
        )
        self.nodes[name] = kind(setup)
        self.carry_out(name, self.nodes[name].on_start(self.now))
        return self.nodes[name]

    def run(self, until: int) -> None:
        """Deliver everything that happens up to this time (µs)."""
        while self._queue and self._queue[0][0] <= until:
            self.now, _, (kind, *what) = heappop(self._queue)
            getattr(self, f"_{kind}")(*what)
        self.now = until

    def do(self, name: str, command: Any) -> None:
        """Ask a node to act."""
        self.carry_out(name, self.nodes[name].on_command(command, self.now))

    def commands_between(self, sender: str, receiver: str) -> list[str]:
        """The commands that one has sent to the other, in order."""
        return [message.wire_name for a, b, message in self.sent if (a, b) == (sender, receiver)]

    def carry_out(self, name: str, effects: list[Effect]) -> None:
        """What a node asks for."""
        for effect in effects:
            match effect:
                case Send(conn, message):
                    self.sent.append((name, self._ends[conn][1], message))
                    self._later(LATENCY, "deliver", conn ^ 1, message)
                case SetTimer(timer, after):
                    self._count += 1
                    self._timers[name, timer] = self._count
                    self._later(after, "timer", name, timer, self._count)
                case CancelTimer(timer):
                    self._timers.pop((name, timer), None)
                case Dial(address):
                    self._count += 1
                    self._later(LATENCY, "connect", name, address, 2 * self._count)
                case HangUp(conn, reason):
                    self.hang_ups.append((name, self._ends[conn][1], reason))
                    self._close(conn)
                    self._later(LATENCY, "disconnect", conn ^ 1, reason)
                case Note(topic, facts):
                    self.notes.append((name, topic, facts))

    def _later(self, after: int, *what: Any) -> None:
        self._count += 1
        heappush(self._queue, (self.now + after, self._count, what))

    def _close(self, conn: ConnectionId) -> None:
        owner = self._ends.pop(conn)[0]
        for name, timer in list(self._timers):
            if name == owner and timer.conn == conn:
                del self._timers[name, timer]

    def _connect(self, dialler: str, address: Address, conn: ConnectionId) -> None:
        other = self._addresses[address]
        (own,) = [at for at, name in self._addresses.items() if name == dialler]
        self._ends[conn], self._ends[conn + 1] = (dialler, other), (other, dialler)
        self.carry_out(other, self.nodes[other].on_connected(conn + 1, own, True, self.now))
        self.carry_out(dialler, self.nodes[dialler].on_connected(conn, address, False, self.now))

    def _deliver(self, conn: ConnectionId, message: Message) -> None:
        if conn in self._ends:
            name = self._ends[conn][0]
            self.carry_out(name, self.nodes[name].on_message(conn, message, self.now))

    def _disconnect(self, conn: ConnectionId, reason: str) -> None:
        if conn in self._ends:
            name = self._ends[conn][0]
            self._close(conn)
            self.carry_out(name, self.nodes[name].on_disconnected(conn, reason, self.now))

    def _timer(self, name: str, timer: Any, generation: int) -> None:
        if self._timers.get((name, timer)) == generation:
            del self._timers[name, timer]
            self.carry_out(name, self.nodes[name].on_timer(timer, self.now))
