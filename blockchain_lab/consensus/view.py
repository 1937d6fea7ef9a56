"""What one peer knows when it chooses a branch: the tree, and what votes and stakes say about it.

A fork choice reads a view and answers with a block's name; it changes nothing, so that any rule can be asked
about the same view at the same moment. What is justified is a property of a branch: it is read off a block's
own state behind it. Only the anchor belongs to the peer alone: the finalised checkpoint that it will never
leave again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from blockchain_lab.chain.tree import BlockTree, get_ancestor, is_ancestor
from blockchain_lab.consensus.block import Block, BlockEntry

BlockId = bytes  # a block's name


class Justification(Protocol):
    """What the state behind a block says of the checkpoints on its branch."""

    @property
    def justified(self) -> bytes:
        """The highest justified checkpoint's name."""
        ...

    @property
    def justified_epoch(self) -> int:
        """Its height in epochs; 0 is the root's."""
        ...


@dataclass(frozen=True, slots=True)
class View:
    """One peer's, at one moment. Read only."""

    tree: BlockTree[Block]  # valid blocks; in the order in which this peer has seen them
    anchor: BlockEntry  # nothing that does not build on it is followed; the genesis at first
    finality: Mapping[BlockId, Justification] = field(default_factory=dict)  # by block; empty without Casper
    latest: Mapping[str, BlockId] = field(default_factory=dict)  # validator -> what it voted for last
    stakes: Mapping[str, int] = field(default_factory=dict)  # validator -> what its vote weighs


ForkChoice = Callable[[View], BlockId]


def get_tips(view: View) -> list[BlockEntry]:
    """Blocks that nothing builds on, first seen first, of branches through the anchor. O(tips log height)."""
    return [tip for tip in view.tree.tips.values() if is_ancestor(view.anchor, tip)]


def get_children(view: View, root: BlockEntry) -> dict[BlockId, list[BlockEntry]]:
    """Of each block from `root` on, those that build on it, first seen first. O(blocks above the root)."""
    children: dict[BlockId, list[BlockEntry]] = {root.hash: []}
    for entry in view.tree.own.values():  # parents come before their children
        if entry.previous is not None and entry.previous.hash in children:
            children[entry.previous.hash].append(entry)
            children[entry.hash] = []
    return children


def get_child_towards(root: BlockEntry, tip: BlockEntry) -> BlockEntry:
    """The block right above `root` on the branch to `tip`, which must lead through it. O(log height)."""
    return get_ancestor(tip, root.height + 1)
