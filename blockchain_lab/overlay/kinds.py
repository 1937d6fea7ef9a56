"""Which kinds of node of the overlays a scenario may name."""

from collections.abc import Mapping
from typing import Final

from blockchain_lab.base.node import NodeFactory
from blockchain_lab.overlay.artifact_liar import ArtifactLiar
from blockchain_lab.overlay.artifact_node import ArtifactNode
from blockchain_lab.overlay.bank_node import BankNode
from blockchain_lab.overlay.build_verifier import BuildVerifier
from blockchain_lab.overlay.chord_node import ChordNode
from blockchain_lab.overlay.crawler_node import CrawlerNode
from blockchain_lab.overlay.evolution_bittorrent import BitTorrentNode
from blockchain_lab.overlay.evolution_central import CentralNode
from blockchain_lab.overlay.evolution_gnutella import GnutellaNode
from blockchain_lab.overlay.evolution_napster import NapsterNode
from blockchain_lab.overlay.evolution_ultrapeers import UltrapeerNode
from blockchain_lab.overlay.evolution_usenet import UsenetNode
from blockchain_lab.overlay.gossip import GossipNode
from blockchain_lab.overlay.gossip_faulty import LyingNode, SilentNode
from blockchain_lab.overlay.kademlia_liars import KademliaLiar, KademliaSybil
from blockchain_lab.overlay.kademlia_node import KademliaNode
from blockchain_lab.overlay.liveness import LivenessNode
from blockchain_lab.overlay.nat_box import NatBox
from blockchain_lab.overlay.rendezvous import RendezvousNode
from blockchain_lab.overlay.sessions import SessionNode
from blockchain_lab.overlay.transfer import TransferNode
from blockchain_lab.overlay.traversal import TraversalNode
from blockchain_lab.overlay.walk_node import TrackerNode, WalkNode

KINDS: Final[Mapping[str, NodeFactory]] = {
    "gossip": GossipNode,
    "gossip-silent": SilentNode,
    "gossip-liar": LyingNode,
    "kademlia": KademliaNode,
    "chord": ChordNode,
    "kademlia-liar": KademliaLiar,
    "kademlia-sybil": KademliaSybil,
    "liveness": LivenessNode,
    "nat": NatBox,  # or a firewall; others stand behind it
    "rendezvous": RendezvousNode,
    "traversal": TraversalNode,
    "walker": WalkNode,
    "walk-tracker": TrackerNode,
    "crawler": CrawlerNode,
    "artifact-peer": ArtifactNode,
    "artifact-liar": ArtifactLiar,
    "build-verifier": BuildVerifier,
    "bank": BankNode,
    "central": CentralNode,
    "usenet": UsenetNode,
    "napster": NapsterNode,
    "gnutella": GnutellaNode,
    "ultrapeer": UltrapeerNode,
    "bittorrent": BitTorrentNode,
    "transfer": TransferNode,
    "session": SessionNode,
}
