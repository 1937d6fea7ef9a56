"""Which kinds of node of the overlays a scenario may name."""

from collections.abc import Mapping
from typing import Final

from blockchain_lab.base.node import NodeFactory
from blockchain_lab.overlay.gossip import GossipNode
from blockchain_lab.overlay.gossip_faulty import LyingNode, SilentNode
from blockchain_lab.overlay.kademlia_node import KademliaNode

KINDS: Final[Mapping[str, NodeFactory]] = {
    "gossip": GossipNode,
    "gossip-silent": SilentNode,
    "gossip-liar": LyingNode,
    "kademlia": KademliaNode,
}
