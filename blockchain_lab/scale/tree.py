"""The way that one block took: from whom each peer had it, and over how many hops.

Only columns; a graph of networkx is made when somebody asks for it, for it takes a second at full size.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from blockchain_lab.base.units import NOBODY
from blockchain_lab.scale.measures import NEVER
from blockchain_lab.scale.network import Numbers


@dataclass(frozen=True, slots=True, eq=False)
class FloodTree:
    """A tree over the peers that a block reached. Its root is the miner."""

    root: int
    deliverer: Numbers  # [peers] from whom; NOBODY for the root and for whom it never reached
    depth: Numbers  # [peers] hops from the root; NEVER
    delay: Numbers  # [peers] microseconds since the block was found; NEVER

    def get_children(self, peer: int) -> Numbers:
        """To whom `peer` delivered the block, the earliest first. O(peers)."""
        own = np.flatnonzero(self.deliverer == peer)
        return own[np.argsort(self.delay[own], kind="stable")]

    def count_children(self) -> Numbers:
        """To how many each peer delivered it. O(peers)."""
        return np.bincount(self.deliverer[self.deliverer != NOBODY], minlength=len(self.deliverer))

    def count_by_depth(self) -> Numbers:
        """How many peers got it over 0, 1, 2 … hops. O(peers)."""
        return np.bincount(self.depth[self.depth != NEVER])

    def find_path(self, peer: int) -> list[int]:
        """From the root to `peer`; empty when the block never reached it. O(depth)."""
        if self.depth[peer] == NEVER:
            return []
        path = [peer]
        while path[-1] != self.root:
            path.append(int(self.deliverer[path[-1]]))
        return path[::-1]

    def to_networkx(self) -> Any:
        """A `networkx.DiGraph` with `depth` and `delay` at its nodes. O(peers), a second for 100,000."""
        import networkx as nx  # noqa: PLC0415  (0.1 s, seldom wanted)

        graph = nx.DiGraph()
        for peer in np.flatnonzero(self.depth != NEVER).tolist():
            graph.add_node(peer, depth=int(self.depth[peer]), delay=int(self.delay[peer]))
        told = np.flatnonzero(self.deliverer != NOBODY)
        graph.add_edges_from(zip(self.deliverer[told].tolist(), told.tolist(), strict=True))
        return graph


def make_tree(root: int, deliverer: Numbers, delay: Numbers) -> FloodTree:
    """The tree of one block from a row of the columns of a run. O(peers x depth), vectorised.

    deliverer: as in `Propagation`, where a miner has its own block from itself.
    """
    told_by = np.where((deliverer == NEVER) | (np.arange(len(deliverer)) == root), NOBODY, deliverer)
    depth = np.full(len(deliverer), NEVER, dtype=np.int64)
    depth[root] = level = 0
    while True:
        level += 1
        known = np.where(told_by == NOBODY, NEVER, depth[told_by])
        new = (depth == NEVER) & (known != NEVER)
        if not new.any():
            return FloodTree(root, told_by, depth, delay)
        depth[new] = level
