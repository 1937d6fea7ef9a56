"""Which kinds of node of the layers a scenario may name. Each topic enters its own."""

from collections.abc import Mapping
from typing import Final

from blockchain_lab.base.node import NodeFactory

KINDS: Final[Mapping[str, NodeFactory]] = {}
