"""A node built and told again, as its records say: what it is made from, and its way through its inbox."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.node import Node, NodeFactory, Setup
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.telling import TELL, apply_policy
from blockchain_lab.sim.hosts import Life
from blockchain_lab.sim.scenario import Scenario


def make_setup(scenario: Scenario, store: ContentStore, name: str, life: Life, disk: dict[str, Any]) -> Setup:
    """What a node is built from at the start of a life. The disk is given away.

    O(lines), or O(peers) once somebody has moved: before that, all nodes share one address plan.
    """
    contacts = {**scenario.contacts, **dict(life.moved)} if life.moved else scenario.contacts
    return Setup(
        name=name,
        address=contacts[name],
        neighbours=tuple(contacts[other] for other in scenario.dialled.get(name, ())),
        random=CounterRandom(get_key(scenario.seed, "node", name, life.number)),
        policy={**deepcopy(scenario.get_policy(name)), **dict(life.policy)},
        chain=scenario.chain,
        seed=scenario.seed,
        disk=disk,
        started_at=scenario.started_at,
        store=store,
        contacts=contacts,
        gateway=contacts.get(scenario.peers[name].behind),
        inside=tuple(contacts[other] for other in scenario.inside.get(name, ())),
    )


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
