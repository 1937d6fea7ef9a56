"""Networks of nodes that find each other: every peer in a /16 of its own, known to one seed."""

from typing import Any

from blockchain_lab.base.units import HOUR, Address
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.lab import Lab
from blockchain_lab.sim.scenario import Peer, Scenario, Topology

SEED = Address("9.9.9.9", 8333)


def get_home(number: int) -> Address:
    """Where the peer with this number lives: no two in one /16."""
    return Address(f"{20 + number // 250}.{number % 250}.1.1", 8333)


def make_net(count: int, edges: tuple[tuple[str, str], ...] = (), **policy: Any) -> Scenario:
    """Peers n0, n1, ... and `seed`, who names all of them."""
    peers = {f"n{number}": Peer(kind="bitcoin", address=get_home(number)) for number in range(count)}
    seed = Peer(kind="dns-seed", address=SEED)
    return Scenario(
        peers={**peers, "seed": seed},
        policy={"era": "today", "gossip": True, **policy},
        chain={"network": "regtest"},
        topology=Topology(edges=edges),
        until=HOUR,
    )


def get_node(lab: Lab, name: str) -> BitcoinNode:
    """A peer that is no seed."""
    node = lab.peer(name)
    assert isinstance(node, BitcoinNode)
    return node


def count_kinds(node: BitcoinNode) -> dict[str, int]:
    """How many ready connections it has dialled, by what for."""
    kinds = [peer.kind.value for peer in node.peers.ready if peer.kind is not None]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}
