"""A network and a plan played by readable nodes on `sim`: for proofs, and for whoever wants to look inside.

The times of a `Propagation` begin when all connections are open and everything is quiet.
"""

from collections import Counter
from dataclasses import replace

import numpy as np

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.node import NodeFactory
from blockchain_lab.base.records import Kind as RecordKind
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import Microseconds
from blockchain_lab.scale.mining import Finds, get_finds
from blockchain_lab.scale.network import Network
from blockchain_lab.scale.outcome import Outcome, to_propagation
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.propagation import NEVER, Propagation
from blockchain_lab.scale.protocol import MESSAGES, NO_PARENT, get_name, get_sizes
from blockchain_lab.scale.readable_relay import About, RelayNode
from blockchain_lab.sim.formulas import PacedLink
from blockchain_lab.sim.scenario import Links, Peer, Scenario, Topology, make_link
from blockchain_lab.sim.trace import Trace
from blockchain_lab.sim.world import World

KINDS: dict[str, NodeFactory] = {"relay": RelayNode}


def make_scenario(network: Network, plan: Plan, finds: Finds, opened: Microseconds) -> Scenario:
    """The run as a scenario: who dials whom, and who mines when, counted from `opened`.

    Its links all look alike; what each slot has of its own, in its direction, `make_world` sets.
    """
    peers = {}
    for peer in range(network.size):
        others = network.get_neighbours(peer).tolist()
        compact = [other for other in others if _is_compact(network, plan, peer, other)]
        policy = {
            "neighbours": [get_name(other) for other in others],
            "compact": [get_name(other) for other in compact],
            "finds": np.flatnonzero(finds.by == peer).tolist(),
            "misses": int(network.misses[peer]),
        }
        peers[get_name(peer)] = Peer("relay", policy, bandwidth=int(network.upload[peer]))
    edges = [
        (get_name(peer), get_name(other))
        for peer in range(network.size)
        for other in network.get_neighbours(peer).tolist()
        if peer < other
    ]
    links = Links(loss=network.loss, retransmit=network.retransmit)
    return Scenario(
        name=network.name,
        seed=plan.seed,
        peers=peers,
        policy={"relay": str(plan.relay), "sizes": get_sizes(plan), "validation": plan.validation},
        topology=Topology(tuple(edges)),
        links=replace(links, formula=plan.formula + ("" if plan.is_queued else " unqueued")),
        story=tuple(
            (opened + at, Mine(get_name(by)))
            for at, by in zip(finds.at.tolist(), finds.by.tolist(), strict=True)
        ),
    )


def make_world(network: Network, plan: Plan, scenario: Scenario) -> World:
    """The world of such a scenario, each link as the network has it."""
    world = World(scenario, KINDS, Trace(network.size), ContentStore())
    for peer in range(network.size):
        for slot in range(network.offsets[peer], network.offsets[peer + 1]):
            other = int(network.others[slot])
            base = make_link(plan.seed, scenario.links, get_name(peer), get_name(other), None)
            world.transport.links[peer, other] = PacedLink(
                base.key,
                int(network.latency[slot]),
                int(network.jitter[slot]),
                network.loss,
                retransmit=network.retransmit,
                download=int(network.download[other]),
            )
    return world


def play_readable(network: Network, plan: Plan) -> Propagation:
    """The whole run, played twice as far as opening connections goes. Meant for some hundred peers."""
    finds = get_finds(network, plan)
    nobody = Finds(finds.at[:0], finds.by[:0])
    opening = make_world(network, plan, make_scenario(network, plan, nobody, 0))
    opening.run()
    opened = opening.scheduler.now
    world = make_world(network, plan, make_scenario(network, plan, finds, opened))
    world.run()
    outcome, shape = _read(world, opened, plan.blocks), (plan.blocks, network.size)
    assert outcome.arrival.shape == shape
    return to_propagation(network, plan, "readable", finds.at, finds.by, outcome)


def _read(world: World, opened: Microseconds, blocks: int) -> Outcome:
    """What the nodes know in the end, and what the trace says was sent."""
    shape = blocks, len(world.hosts)
    outcome = Outcome(
        np.full(shape, NEVER), np.full(shape, NEVER), np.full(blocks, NO_PARENT), np.full(shape[1], NO_PARENT)
    )
    for peer, host in enumerate(world.hosts):
        assert isinstance(host.node, RelayNode)
        outcome.best[peer] = host.node.best
        for number, block in host.node.blocks.items():
            outcome.parent[number] = block.parent
            if block.arrived is not None:
                outcome.arrival[number, peer] = block.arrived - opened
                outcome.deliverer[number, peer] = (
                    peer if block.source is None else host.ends[block.source].other
                )
    sends = world.trace.of_kind(RecordKind.SEND)
    sent = Counter(record.detail.kind for record in sends if isinstance(record.detail, About))
    outcome.sent[:] = [sent[kind] for kind in MESSAGES]
    return outcome


def _is_compact(network: Network, plan: Plan, a: int, b: int) -> bool:
    is_used = plan.relay in (Relay.COMPACT, Relay.PUSH)
    return bool(is_used and network.speaks_compact[a] and network.speaks_compact[b])
