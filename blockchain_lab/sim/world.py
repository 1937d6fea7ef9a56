"""The world: all that changes while a run goes on. It takes events from the queue and hands them out.

`sim.events` says what an entry of the queue does, `sim.effects` what a node's answer does, `sim.faults` what
an action does. The world writes its records to a trace, which it never reads.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from heapq import heappop
from sys import getsizeof
from typing import Any, Final, Self

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Codec
from blockchain_lab.base.node import NodeFactory
from blockchain_lab.base.records import Kind
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.telling import TELL
from blockchain_lab.base.units import NOBODY, Address, ConnectionId, Microseconds
from blockchain_lab.sim import faults
from blockchain_lab.sim.actions import Action
from blockchain_lab.sim.digest import Digest
from blockchain_lab.sim.effects import carry_out
from blockchain_lab.sim.events import HAPPEN
from blockchain_lab.sim.hosts import End, Host, Life
from blockchain_lab.sim.problems import find_problem
from blockchain_lab.sim.replay import make_setup
from blockchain_lab.sim.scenario import Scenario
from blockchain_lab.sim.scheduler import (
    ACTION,
    CLOSED,
    COMMAND,
    FIRST_STALE_KIND,
    START,
    TIMER,
    Entry,
    Scheduler,
)
from blockchain_lab.sim.trace import Trace
from blockchain_lab.sim.transport import ALWAYS, Transport
from blockchain_lab.sim.wire import get_waiting_bytes

FOREVER: Final = 1 << 62
BATCH: Final = 1024  # events between two tidyings of the trace
START_KIND: Final = int(Kind.START)


class World:
    """Hosts, transport and queue. `codec` is needed where messages become bytes; `is_wire`: at every hop."""

    def __init__(
        self,
        scenario: Scenario,
        kinds: Mapping[str, NodeFactory],
        trace: Trace,
        store: ContentStore,
        codec: Codec | None = None,
        *,
        is_wire: bool = False,
    ) -> None:
        """The world at time 0, before its first event."""
        self.scenario, self.kinds, self.trace, self.store, self.codec = scenario, kinds, trace, store, codec
        addresses, common = scenario.get_addresses(), scenario.links.bandwidth
        self.hosts = [
            Host(number, name, addresses[name], peer.bandwidth or common, deepcopy(peer.disk))
            for number, (name, peer) in enumerate(scenario.peers.items())
        ]
        self.by_name = {host.name: host for host in self.hosts}
        self.copied = 0  # bytes, about, that a copy takes beside its original
        self.by_address = {host.address: host for host in self.hosts}
        self.moved: dict[str, Address] = {}  # peer -> its address, where it is no longer the scenario's
        self.scheduler = Scheduler()
        self.transport = Transport(scenario, self.scheduler, self.hosts, is_wire)
        for host in self.hosts:
            self.scheduler.schedule(0, START, host.index, NOBODY, NOBODY, NOBODY, None)
        for at, action in scenario.story:  # the host of such an entry does not matter
            self.scheduler.schedule(at, ACTION, 0, NOBODY, NOBODY, NOBODY, action)

    @property
    def next_at(self) -> Microseconds | None:
        """When the next event is due; None when the world is at rest."""
        return self.scheduler.queue[0][0] if self.scheduler.queue else None

    @property
    def event(self) -> int:
        """How many events have happened."""
        return self.trace.last_event

    def run(
        self,
        *,
        last_event: int = FOREVER,
        until: Microseconds = FOREVER,
        between: Callable[[], None] | None = None,
    ) -> None:
        """Handle all events up to a number and a time, both included. `between` is called now and then."""
        while self._run_some(min(last_event - self.event, BATCH), until):
            self.trace.tidy()
            if between is not None:
                between()

    def _run_some(self, count: int, until: Microseconds) -> bool:
        """At most `count` events. False when no more are wanted or left."""
        scheduler, hosts, trace = self.scheduler, self.hosts, self.trace
        queue, add_time, add_first = scheduler.queue, trace.event_at.append, trace.event_first.append
        for _ in range(count):
            if not queue or queue[0][0] > until:
                return False
            scheduler.now, _, kind, host, other, conn, cause, detail = heappop(queue)
            add_time(scheduler.now)
            add_first(trace.next_id)
            HAPPEN[kind](self, hosts[host], other, conn, cause, detail)
            if queue and queue[0][2] >= FIRST_STALE_KIND:
                scheduler.discard_first(self._is_stale)  # now, so that nobody's looking changes the queue
        return count > 0

    def act(self, action: Action) -> None:
        """Let a live action be the next event, at the time of the last one. UsageError when it cannot be."""
        self.check(action)
        self.trace.open_event(self.scheduler.now)
        faults.perform(self, action)
        self.scheduler.discard_first(self._is_stale)

    def check(self, action: Action) -> None:
        """UsageError when an action is impossible now."""
        problem = find_problem(self, action)
        if problem:
            raise UsageError(problem)

    def start(self, host: Host, cause: int) -> None:
        """Switch a host on: a new node, from the disk that the last one left."""
        life = Life(host.lives, tuple(self.moved.items()), tuple(host.policy.items()))
        host.setup = make_setup(self.scenario, self.store, host.name, life, host.disk)
        host.disk, host.lives = {}, host.lives + 1
        host.node = self.kinds[self.scenario.peers[host.name].kind](host.setup)
        self.tell(host, START_KIND, NOBODY, NOBODY, cause, life)

    def tell(self, host: Host, kind: int, other: int, conn: ConnectionId, cause: int, detail: Any) -> int:
        """Record what a node is told, tell it, and do what it asks. The id of the record."""
        assert host.node is not None, f"{host.name} is off and cannot be told anything"
        record = self.trace.append(kind, host.index, other, conn, cause, detail)
        carry_out(self, host, TELL[kind](host.node, conn, detail, self.scheduler.now), record)
        return record

    def copy(self, trace: Trace) -> Self:
        """A second world in the same state, which writes to another trace. What never changes is shared."""
        twin = object.__new__(type(self))
        twin.scenario, twin.kinds, twin.store, twin.codec = self.scenario, self.kinds, self.store, self.codec
        twin.trace = trace
        shared = [self.scenario, self.scenario.links, self.scenario.chain]
        shared += [host.setup.contacts for host in self.hosts if host.setup]
        memo = {id(thing): thing for thing in shared}
        twin.hosts, twin.moved, twin.transport = deepcopy((self.hosts, self.moved, self.transport), memo)
        twin.copied = sum(map(getsizeof, memo.values()))
        twin.scheduler = twin.transport.scheduler
        twin.by_name = {host.name: host for host in twin.hosts}
        twin.by_address = {host.address: host for host in twin.hosts}
        return twin

    def _is_stale(self, entry: Entry) -> bool:
        """Cancelled timers, news for ends that are gone, patience that a healed partition restored."""
        _, _, kind, index, _, conn, _, detail = entry
        host = self.hosts[index]
        if kind == TIMER:
            name, generation = detail
            return bool(host.timers.get(name) != generation)
        if kind == COMMAND:
            _, life = detail
            return bool(host.node is None or host.lives != life)
        if conn not in host.ends:
            return True
        return bool(kind != CLOSED and detail[1] not in (ALWAYS, self.transport.partitions))

    def state_digest(self) -> str:
        """A hash of nodes, hosts, links, partition and queue: all that the future depends on."""
        digest, clock, transport = Digest(), self.scheduler, self.transport
        digest.add([self.event, clock.now, clock.next_number, self.moved])
        digest.add([transport.settings, transport.own, list(transport.links.items())])
        digest.add([transport.side, transport.partitions, sorted(transport.held)])
        for host in self.hosts:
            digest.add([host.index, host.address, host.bandwidth, host.disk, host.lives, host.policy])
            digest.add([host.uplink_free, host.dials, host.timers_set, host.timers])
            digest.add([(conn, *_get_end_state(end)) for conn, end in host.ends.items()])
            digest.add([host.setup.random if host.setup else None, host.node])
        digest.add(sorted(clock.queue))
        return digest.hex()


def _get_end_state(end: End) -> tuple[Any, ...]:
    ready = end.intake.ready if end.intake else []
    return end.other, end.remote, end.is_open, end.last_arrival, get_waiting_bytes(end.intake), ready
