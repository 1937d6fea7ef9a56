"""Which kinds of node a scenario may name, and which bytes their network speaks."""

from collections.abc import Mapping
from typing import Final

from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.messages import Codec
from blockchain_lab.base.node import NodeFactory
from blockchain_lab.bitcoin.envelope import MAGIC, BitcoinCodec
from blockchain_lab.bitcoin.faulty import LyingNode, StallingNode
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.sim.scenario import Scenario

KINDS: Final[Mapping[str, NodeFactory]] = {
    "bitcoin": BitcoinNode,
    "bitcoin-stalling": StallingNode,
    "bitcoin-liar": LyingNode,
}


def get_codec(scenario: Scenario) -> Codec | None:
    """The codec of the network that `chain.network` names; None when the scenario has no Bitcoin chain."""
    name = scenario.chain.get("network")
    if name is None:
        return None
    if name not in MAGIC:
        raise ScenarioError("chain.network", f"found {name!r}, accepted: {', '.join(MAGIC)}")
    return BitcoinCodec(MAGIC[name])
