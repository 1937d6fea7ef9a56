"""Which kinds of node a scenario may name, and which bytes their network speaks."""

from collections.abc import Collection, Mapping
from typing import Final

from blockchain_lab.base.messages import Codec
from blockchain_lab.base.node import NodeFactory
from blockchain_lab.bitcoin.attacks_addresses import EclipseNode, SybilNode
from blockchain_lab.bitcoin.attacks_flood import FloodingNode, LowWorkNode
from blockchain_lab.bitcoin.attacks_secret import WithholdingMiner
from blockchain_lab.bitcoin.attacks_selfish import SelfishMiner, TossingNode
from blockchain_lab.bitcoin.attacks_spending import DoubleSpender
from blockchain_lab.bitcoin.dns_seed import DnsSeedNode
from blockchain_lab.bitcoin.envelope import BitcoinCodec
from blockchain_lab.bitcoin.faulty import LyingNode, StallingNode
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.params import Network, network_from_plain
from blockchain_lab.consensus.chain_rules import read_rules
from blockchain_lab.consensus.kinds import KINDS as CONSENSUS_KINDS
from blockchain_lab.consensus.wire import ConsensusCodec
from blockchain_lab.layers.bridge_blocks import make_genesis as make_settlement_genesis
from blockchain_lab.layers.bridge_params import MAIN, read_chains
from blockchain_lab.layers.kinds import KINDS as LAYER_KINDS
from blockchain_lab.layers.ledger_rules import read_rules as read_ledger
from blockchain_lab.layers.toy_messages import GENESIS as TOY_GENESIS
from blockchain_lab.layers.wire import LayersCodec
from blockchain_lab.overlay.kinds import KINDS as OVERLAY_KINDS
from blockchain_lab.overlay.wire import OverlayCodec
from blockchain_lab.sim.scenario import Scenario

BITCOIN_KINDS: Final[Mapping[str, NodeFactory]] = {
    "bitcoin": BitcoinNode,
    "bitcoin-stalling": StallingNode,
    "bitcoin-liar": LyingNode,
    "dns-seed": DnsSeedNode,
    "bitcoin-double-spender": DoubleSpender,
    "bitcoin-selfish": SelfishMiner,
    "bitcoin-tossing": TossingNode,  # honest, but for its choice between two tips of equal work
    "bitcoin-withholding": WithholdingMiner,
    "bitcoin-low-work": LowWorkNode,
    "bitcoin-flooding": FloodingNode,
    "bitcoin-sybil": SybilNode,
    "bitcoin-eclipse": EclipseNode,
}
KINDS: Final[Mapping[str, NodeFactory]] = {
    **BITCOIN_KINDS,
    **CONSENSUS_KINDS,
    **OVERLAY_KINDS,
    **LAYER_KINDS,
}


def get_codec(scenario: Scenario, own_kinds: Collection[str] = ()) -> Codec | None:
    """Bitcoin's for the network that `chain.network` names, else that of the kinds that are there.

    None for a scenario of kinds that only a learner knows: `own_kinds`, which may bear the names of ours.
    """
    network = get_network(scenario)
    if network is not None:
        return BitcoinCodec(network.magic)
    kinds = {peer.kind for peer in scenario.peers.values()}.difference(own_kinds)
    if not kinds.isdisjoint(CONSENSUS_KINDS):
        return ConsensusCodec()
    if not kinds.isdisjoint(LAYER_KINDS):
        return LayersCodec()
    return None if kinds.isdisjoint(OVERLAY_KINDS) else OverlayCodec()


def get_genesis(scenario: Scenario) -> bytes | None:
    """The hash of block 0, which every node has from the start; None without a chain. ScenarioError."""
    if "consensus" in scenario.chain:
        return read_rules(scenario.chain, scenario.seed).genesis.hash
    if "ledger" in scenario.chain:
        return read_ledger(scenario.chain, scenario.seed).genesis.hash
    if "settlement" in scenario.chain:
        return make_settlement_genesis(read_chains(scenario.chain)[MAIN]).hash
    if "toy" in scenario.chain:
        return TOY_GENESIS.name
    network = get_network(scenario)
    return None if network is None else network.genesis.header.hash()


def get_network(scenario: Scenario) -> Network | None:
    """The network of `chain`, with what the scenario changes of it; None without `chain.network`.

    ScenarioError for a network, a key or a value that we do not know.
    """
    return network_from_plain(scenario.chain) if "network" in scenario.chain else None
