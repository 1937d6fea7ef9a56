"""Which kinds of node a scenario may name, and which bytes their network speaks."""

from collections.abc import Mapping
from typing import Final

from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.messages import Codec
from blockchain_lab.base.node import NodeFactory
from blockchain_lab.bitcoin.envelope import MAGIC, BitcoinCodec
from blockchain_lab.bitcoin.faulty import LyingNode, StallingNode
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.params import NETWORKS
from blockchain_lab.sim.scenario import Scenario

KINDS: Final[Mapping[str, NodeFactory]] = {
    "bitcoin": BitcoinNode,
    "bitcoin-stalling": StallingNode,
    "bitcoin-liar": LyingNode,
}


def get_codec(scenario: Scenario) -> Codec | None:
    """The codec of the network that `chain.network` names; None when the scenario has no Bitcoin chain."""
    name = get_network_name(scenario)
    return None if name is None else BitcoinCodec(MAGIC[name])


def get_genesis(scenario: Scenario) -> bytes | None:
    """The hash of block 0, which every node has from the start; None without a Bitcoin chain."""
    name = get_network_name(scenario)
    return None if name is None else NETWORKS[name].genesis.header.hash()


def get_network_name(scenario: Scenario) -> str | None:
    """What `chain.network` says. ScenarioError for a network that we do not know."""
    if "network" not in scenario.chain:
        return None
    name = scenario.chain["network"]
    if not isinstance(name, str) or name not in NETWORKS:
        raise ScenarioError("chain.network", f"found {name!r}, accepted: {', '.join(NETWORKS)}")
    return name
