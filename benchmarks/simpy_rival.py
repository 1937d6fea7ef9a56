"""The same nodes, workloads and link formula under SimPy, with a trace of tuples, in SimPy's two styles.

process    each message in flight is a generator that waits; how SimPy's manual does it
callback   each message is a timeout with a callback; SimPy at its quickest
"""

from collections.abc import Callable, Generator
from typing import Any

import simpy
import workloads

from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.base.messages import Message
from blockchain_lab.base.store import ContentStore
from blockchain_lab.sim.hosts import Life
from blockchain_lab.sim.link import stream_arrival
from blockchain_lab.sim.replay import make_setup
from blockchain_lab.sim.scenario import Scenario, make_link


class Rival:
    """Nodes, links and a clock."""

    def __init__(self, case: Scenario, *, by_process: bool) -> None:
        self.env, self.sent, self.bandwidth = simpy.Environment(), 0, case.links.bandwidth
        self.trace: list[tuple[Any, ...]] = []
        self.fly: Callable[..., None] = self._by_process if by_process else self._by_callback
        names, store = list(case.peers), ContentStore()
        kinds = [workloads.KINDS[peer.kind] for peer in case.peers.values()]
        setups = [make_setup(case, store, name, Life(0), {}) for name in names]
        self.nodes = [kind(setup) for kind, setup in zip(kinds, setups, strict=True)]
        self.free = [0] * len(names)
        self.ends: dict[int, tuple[int, int, Any]] = {}  # conn -> (host, other, link)
        self.last: dict[int, int] = {}  # conn -> when the last thing sent on it arrives
        addresses = case.get_addresses()
        for number, (a, b) in enumerate(case.topology.edges):
            for conn, host, other in ((2 * number, a, b), (2 * number + 1, b, a)):
                link = make_link(case.seed, case.links, host, other, None)
                self.ends[conn] = (names.index(host), names.index(other), link)
                self.last[conn] = 0
        for conn, (host, other, _) in self.ends.items():
            self.do(host, self.nodes[host].on_connected(conn, addresses[names[other]], bool(conn & 1), 0))
        self.env.process(self._story(case, names))

    def run(self) -> int:
        """To the end of the world; how many messages were sent."""
        self.env.run()
        return self.sent

    def _story(self, case: Scenario, names: list[str]) -> Generator[Any, Any, None]:
        for at, action in case.story:
            yield self.env.timeout(at - self.env.now)
            host = names.index(action.peer)
            self.do(host, self.nodes[host].on_command(action, self.env.now))

    def do(self, host: int, effects: list[Effect]) -> None:
        """Send, or note."""
        now = self.env.now
        for effect in effects:
            if type(effect) is not Send:
                self.trace.append(("note", now, host, -1, effect))
                continue
            conn, message = effect.conn, effect.message
            _, other, link = self.ends[conn]
            self.sent += 1
            self.trace.append(("send", now, host, other, message))
            self.free[host], arrive = stream_arrival(
                link, now, self.free[host], message.size, self.bandwidth, message.content_id, self.last[conn]
            )
            self.last[conn] = arrive
            self.fly(arrive - now, other, conn ^ 1, message)

    def arrive(self, host: int, conn: int, message: Message) -> None:
        """A message is there."""
        self.trace.append(("deliver", self.env.now, host, conn, message))
        self.do(host, self.nodes[host].on_message(conn, message, self.env.now))

    def _by_process(self, delay: int, host: int, conn: int, message: Message) -> None:
        def flight() -> Generator[Any, Any, None]:
            yield self.env.timeout(delay)
            self.arrive(host, conn, message)

        self.env.process(flight())

    def _by_callback(self, delay: int, host: int, conn: int, message: Message) -> None:
        timeout = self.env.timeout(delay, (host, conn, message))
        timeout.callbacks.append(lambda event: self.arrive(*event.value))
