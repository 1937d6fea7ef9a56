"""How what happens reaches a node: one table, for the live network and for replay, so they cannot differ."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

from blockchain_lab.base.actions import Command, SetPolicy
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.effects import Effect
from blockchain_lab.base.node import Node, NodeFactory, Setup
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.sim.hosts import Life
from blockchain_lab.sim.scenario import Scenario

Tell = Callable[[Node, ConnectionId, Any, Microseconds], list[Effect]]

TELL: Final[dict[int, Tell]] = {
    int(Kind.START): lambda node, conn, detail, now: node.on_start(now),
    int(Kind.CONNECT): lambda node, conn, detail, now: node.on_connected(conn, detail[0], detail[1], now),
    int(Kind.DIAL_FAILED): lambda node, conn, detail, now: node.on_dial_failed(detail[0], detail[1], now),
    int(Kind.DELIVER): lambda node, conn, detail, now: node.on_message(conn, detail, now),
    int(Kind.DATAGRAM): lambda node, conn, detail, now: node.on_datagram(detail[0], detail[1], now),
    int(Kind.TIMER): lambda node, conn, detail, now: node.on_timer(detail, now),
    int(Kind.DISCONNECT): lambda node, conn, detail, now: node.on_disconnected(conn, detail, now),
    int(Kind.COMMAND): lambda node, conn, detail, now: node.on_command(detail, now),
}


def make_setup(scenario: Scenario, store: ContentStore, name: str, life: Life, disk: dict[str, Any]) -> Setup:
    """What a node is built from at the start of a life. The disk is given away; O(peers + edges)."""
    contacts = {**scenario.get_addresses(), **dict(life.moved)}
    return Setup(
        name=name,
        address=contacts[name],
        neighbours=tuple(contacts[b] for a, b in scenario.topology.edges if a == name),
        random=CounterRandom(get_key(scenario.seed, "node", name, life.number)),
        policy={**deepcopy(scenario.get_policy(name)), **dict(life.policy)},
        chain=scenario.chain,
        disk=disk,
        started_at=scenario.started_at,
        store=store,
        contacts=contacts,
    )


def apply_policy(setup: Setup, command: Command) -> None:
    """A turned knob changes the policy that the node was given; then the node is told."""
    if isinstance(command, SetPolicy):
        setup.policy[command.key] = command.value


@dataclass(slots=True)
class Replay:
    """A node on its way through its inbox. Copies of it can be kept and continued."""

    node: Node | None = None  # None while its host is off
    setup: Setup | None = None
    disk: dict[str, Any] = field(default_factory=dict)
    told: int = 0  # how many records it has been told

    def tell(
        self,
        inbox: Iterable[Record],
        scenario: Scenario,
        store: ContentStore,
        factory: NodeFactory,
        name: str,
    ) -> None:
        """Continue with these records. Effects are forgotten: what they led to is in the trace."""
        for record in inbox:
            self.told += 1
            if record.kind == Kind.KILL:
                assert self.node is not None
                self.disk, self.node, self.setup = self.node.stored(), None, None
                continue
            if record.kind == Kind.START:
                disk = self.disk if record.detail.number else deepcopy(scenario.peers[name].disk)
                self.setup = make_setup(scenario, store, name, record.detail, disk)
                self.node = factory(self.setup)
            assert self.node is not None and self.setup is not None
            if record.kind == Kind.COMMAND:
                apply_policy(self.setup, record.detail)
            TELL[record.kind](self.node, record.conn, record.detail, record.at)
