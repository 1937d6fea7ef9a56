"""Thousands of gossiping nodes and the lightest possible network: whatever is sent takes 10 ms, or is lost.

The simulator draws a latency for every pair that ever speaks and keeps records; ten thousand peers that call
each other at random are more pairs than a test has time for. Nodes, messages and sizes are the real ones.
"""

from collections import Counter
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from blockchain_lab.base.actions import Publish
from blockchain_lab.base.draws import CounterRandom, get_key, is_hit
from blockchain_lab.base.effects import CancelTimer, Dial, Effect, HangUp, Note, Send, SendTo, SetTimer
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, NodeFactory, Setup
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import MILLISECOND, SECOND, Address, ConnectionId
from blockchain_lab.overlay.kinds import KINDS

LATENCY = 10 * MILLISECOND
Edges = tuple[tuple[str, str], ...]


def make_names(count: int) -> list[str]:
    """p0, p1, ..."""
    return [f"p{number}" for number in range(count)]


@dataclass
class Pump:
    """Nodes by name. `kinds`: which kind each one is, where it is not honest."""

    names: list[str]
    policy: dict[str, Any]
    edges: Edges = ()
    seed: int = 1
    loss: int = 0  # of datagrams, parts per million
    is_counting: bool = True  # sizes cost as much as all the rest
    kinds: dict[str, str] = field(default_factory=dict)

    now: int = 0
    nodes: dict[str, Node] = field(default_factory=dict)  # those that are on
    count: Counter[str] = field(default_factory=Counter)  # messages sent, by command
    size: Counter[str] = field(default_factory=Counter)  # bytes sent, by command
    notes: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    ends: dict[ConnectionId, str] = field(default_factory=dict)  # open end -> whose
    _queue: list[Any] = field(default_factory=list)
    _timers: dict[Any, int] = field(default_factory=dict)
    _number: int = 0

    def __post_init__(self) -> None:
        """Switch all nodes on."""
        plan = {
            name: Address(f"10.{at >> 16}.{at >> 8 & 255}.{at & 255}", 1)
            for at, name in enumerate(self.names)
        }
        self.where = {address: name for name, address in plan.items()}
        dialled: dict[str, list[Address]] = {}
        for a, b in self.edges:
            dialled.setdefault(a, []).append(plan[b])
        store, self.luck = ContentStore(), CounterRandom(get_key(self.seed, "loss"))
        for name in self.names:
            factory: NodeFactory = KINDS[self.kinds.get(name, "gossip")]
            self.nodes[name] = factory(
                Setup(
                    name,
                    plan[name],
                    tuple(dialled.get(name, ())),
                    CounterRandom(get_key(self.seed, name)),
                    policy=dict(self.policy),
                    store=store,
                    contacts=plan,
                )
            )
        self.addresses = plan
        for name in self.names:
            self.carry_out(name, self.nodes[name].on_start(0))

    # -- what a test does ---------------------------------------------------------------------------------

    def publish(self, name: str, text: str) -> None:
        """Let a node tell everybody something."""
        self.carry_out(name, self.nodes[name].on_command(Publish(name, text), self.now))

    def kill(self, name: str) -> None:
        """Switch a node off; its neighbours are told by a reset."""
        del self.nodes[name]
        for conn, owner in list(self.ends.items()):
            if owner == name:
                del self.ends[conn]
                self._later(LATENCY, self._lost, conn ^ 1)

    def run(self, seconds: float = 1_000) -> None:
        """Let this much time go by, or until nothing happens any more."""
        until = self.now + round(seconds * SECOND)
        while self._queue and self._queue[0][0] <= until:
            self.now, _, happen, what = heappop(self._queue)
            happen(*what)
        self.now = until

    def forget_counts(self) -> None:
        """Begin to count anew."""
        self.count.clear()
        self.size.clear()

    @property
    def honest(self) -> list[str]:
        """Names of the honest nodes that are on."""
        return [name for name in self.nodes if name not in self.kinds]

    # -- what nodes ask for -------------------------------------------------------------------------------

    def carry_out(self, name: str, effects: list[Effect]) -> None:
        """Do it."""
        for effect in effects:
            match effect:
                case SendTo(address, message):
                    self._count(message)
                    if not self.loss or not is_hit(self.luck.bits(), self.loss):
                        self._later(
                            LATENCY, self._datagram, self.where[address], self.addresses[name], message
                        )
                case Send(conn, message):
                    assert self.ends[conn] == name
                    self._count(message)
                    self._later(LATENCY, self._message, conn ^ 1, message)
                case SetTimer(timer, after):
                    self._timers[name, timer] = self._number
                    self._later(after, self._timer, name, timer, self._number)
                case CancelTimer(timer):
                    self._timers.pop((name, timer), None)
                case Dial(address):
                    self._later(LATENCY, self._dial, name, address)
                case HangUp(conn):
                    self._close(conn)
                    self._later(LATENCY, self._lost, conn ^ 1)
                case Note(topic, facts):
                    if topic != "item learned":
                        self.notes.append((name, topic, facts))

    def _count(self, message: Message) -> None:
        if self.is_counting:
            self.count[message.wire_name] += 1
            self.size[message.wire_name] += message.size

    def _later(self, after: int, happen: Any, *what: Any) -> None:
        self._number += 1
        heappush(self._queue, (self.now + after, self._number, happen, what))

    def _datagram(self, name: str, source: Address, message: Message) -> None:
        if name in self.nodes:
            self.carry_out(name, self.nodes[name].on_datagram(source, message, self.now))

    def _message(self, conn: ConnectionId, message: Message) -> None:
        if (name := self.ends.get(conn)) is not None:
            self.carry_out(name, self.nodes[name].on_message(conn, message, self.now))

    def _timer(self, name: str, timer: Any, number: int) -> None:
        if name in self.nodes and self._timers.get((name, timer)) == number:
            del self._timers[name, timer]
            self.carry_out(name, self.nodes[name].on_timer(timer, self.now))

    def _dial(self, name: str, address: Address) -> None:
        other = self.where[address]
        if name not in self.nodes:
            return
        if other not in self.nodes:
            self.carry_out(name, self.nodes[name].on_dial_failed(address, "nobody is there", self.now))
            return
        self._number += 1
        conn = 2 * self._number
        self.ends[conn], self.ends[conn + 1] = name, other
        effects = self.nodes[other].on_connected(conn + 1, self.addresses[name], True, self.now)
        self.carry_out(name, self.nodes[name].on_connected(conn, address, False, self.now))
        self.carry_out(other, effects)

    def _lost(self, conn: ConnectionId) -> None:
        if (name := self.ends.get(conn)) is not None:
            self._close(conn)
            self.carry_out(name, self.nodes[name].on_disconnected(conn, "closed", self.now))

    def _close(self, conn: ConnectionId) -> None:
        name = self.ends.pop(conn)
        for owner, timer in [key for key in self._timers if key[0] == name and key[1].conn == conn]:
            del self._timers[owner, timer]
