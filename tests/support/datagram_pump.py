"""Nodes that speak by datagrams only, thousands of them: a queue, a clock and counters, and nothing recorded.

The simulator keeps links, bytes and records; this does not, so it is several times as fast. Every datagram
takes the same time, plus what is drawn for it. Lookups and joins of large networks are measured on it; that
the nodes do the same in the simulator is tested with small networks.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from typing import Any

from blockchain_lab.base.actions import Command
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.effects import CancelTimer, Effect, Note, SendTo, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import NodeFactory, Setup
from blockchain_lab.base.units import MILLISECOND, Address

DELAY = 50 * MILLISECOND
SPREAD = 20 * MILLISECOND


class Pump:
    """Nodes by name. A killed one is silent; what it is sent is counted all the same."""

    def __init__(self, seed: int = 1) -> None:
        """Nobody is there yet."""
        self.seed, self.now, self.number = seed, 0, 0
        self.loss = 0  # percent of the datagrams
        self.queue: list[tuple[int, int, str, Any]] = []
        self.contacts: dict[str, Address] = {}
        self.nodes: dict[str, Any] = {}
        self.names: dict[Address, str] = {}
        self.timers: dict[tuple[str, TimerName], int] = {}
        self.dead: dict[str, None] = {}
        self.asleep: dict[str, Callable[[], None]] = {}  # what must be done before a node is told anything
        self.luck = CounterRandom(get_key(seed, "pump"))
        self.sent: Counter[str] = Counter()  # by command
        self.heard: Counter[str] = Counter()  # by receiver: how many datagrams
        self.notes: dict[str, list[tuple[str, dict[str, Any]]]] = {}  # of whom we listen to

    def add(self, name: str, factory: NodeFactory, policy: dict[str, Any], *, listen: bool = False) -> Any:
        """A new node, not yet started. `listen`: keep its notes."""
        address = self.reserve(name)
        random = CounterRandom(get_key(self.seed, "node", name))
        setup = Setup(name, address, (), random, policy=dict(policy), contacts=self.contacts)
        self.nodes[name] = node = factory(setup)
        if listen:
            self.notes[name] = []
        return node

    def reserve(self, name: str) -> Address:
        """The address of a node that is there already, or will be."""
        if name not in self.contacts:
            number = len(self.contacts)
            address = Address(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 8333)
            self.contacts[name], self.names[address] = address, name
        return self.contacts[name]

    def start(self, name: str) -> None:
        """Switch a node on."""
        self.do(name, "on_start")

    def order(self, command: Command) -> None:
        """Let a node obey."""
        self.do(command.peer, "on_command", command)

    def kill(self, names: Iterable[str]) -> None:
        """They are silent from now on."""
        self.dead |= dict.fromkeys(names)

    def do(self, name: str, handler: str, *told: Any) -> None:
        """Call a handler, and do what the node asks. The dead are not told."""
        if name in self.dead:
            return
        if name in self.asleep:
            self.asleep.pop(name)()
        effects: list[Effect] = getattr(self.nodes[name], handler)(*told, self.now)
        source = self.contacts[name]
        for effect in effects:
            kind = type(effect)
            if kind is Note:
                if name in self.notes:
                    self.notes[name].append((effect.topic, effect.facts))
            elif kind is SendTo:
                self._send(source, effect.address, effect.message)
            elif kind is SetTimer:
                self.number += 1
                self.timers[name, effect.name] = self.number
                self._put(self.now + effect.after, name, effect.name)
            elif kind is CancelTimer:
                self.timers.pop((name, effect.name), None)
            else:
                raise AssertionError(f"{name} asked for {effect!r}")

    def run(self, until: int | None = None) -> None:
        """Handle everything up to a moment; all there is without one."""
        queue = self.queue
        while queue and (until is None or queue[0][0] <= until):
            self.now, number, name, thing = heappop(queue)
            if type(thing) is TimerName:
                if self.timers.get((name, thing)) == number:
                    del self.timers[name, thing]
                    self.do(name, "on_timer", thing)
            elif name not in self.dead:
                self.do(name, "on_datagram", *thing)
        if until is not None:
            self.now = max(self.now, until)

    def _send(self, source: Address, target: Address, message: Message) -> None:
        self.sent[message.wire_name] += 1
        name = self.names.get(target)
        if name is None or name not in self.nodes or (self.loss and self.luck.below(100) < self.loss):
            return
        self.heard[name] += 1
        self.number += 1
        self._put(self.now + DELAY + self.luck.below(SPREAD), name, (source, message))

    def _put(self, at: int, name: str, thing: Any) -> None:
        heappush(self.queue, (at, self.number, name, thing))
