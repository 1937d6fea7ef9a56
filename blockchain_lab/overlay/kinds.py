"""Which kinds of node of the overlays a scenario may name."""

from collections.abc import Mapping
from typing import Final

from blockchain_lab.base.node import NodeFactory

KINDS: Final[Mapping[str, NodeFactory]] = {}
