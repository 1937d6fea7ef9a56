"""Which kinds of node of the layers a scenario may name. Each topic enters its own."""

from collections.abc import Mapping
from typing import Final

from blockchain_lab.base.node import NodeFactory
from blockchain_lab.layers.bridge_keeper import BridgeNode
from blockchain_lab.layers.channel_node import ChannelNode
from blockchain_lab.layers.ledger_node import LedgerNode
from blockchain_lab.layers.ledger_searcher import SearcherNode
from blockchain_lab.layers.rollup_node import RollupNode
from blockchain_lab.layers.toy_faulty import FaultyNode
from blockchain_lab.layers.toy_forger import ToyForger
from blockchain_lab.layers.toy_repairs import ToyNode

KINDS: Final[Mapping[str, NodeFactory]] = {
    "ledger": LedgerNode,
    "ledger-searcher": SearcherNode,
    "bridge": BridgeNode,
    "channel": ChannelNode,
    "rollup": RollupNode,
    "toy": ToyNode,
    "toy-faulty": FaultyNode,
    "toy-forger": ToyForger,
}
