"""Which kinds of node of the consensus floor a scenario may name."""

from collections.abc import Mapping
from typing import Final

from blockchain_lab.base.node import NodeFactory
from blockchain_lab.consensus.consensus_node import ConsensusNode

KINDS: Final[Mapping[str, NodeFactory]] = {"consensus": ConsensusNode}
