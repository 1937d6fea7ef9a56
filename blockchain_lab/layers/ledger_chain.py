"""The blocks that one peer of the ledger knows, the state behind each, and the one that it follows.

A block enters the tree when its parent is known and every rule allows it; most blocks win, and of two
branches of one length the one seen first. States behind blocks are functions of the branch, so all peers
share them: they stand in the content store, and a peer asks only for those of blocks that it knows. No
messages and no notes here.
"""

from collections.abc import Collection
from typing import Final

from blockchain_lab.base.store import ContentStore
from blockchain_lab.chain.orphans import OrphanPool
from blockchain_lab.chain.tree import BlockTree, Entry, Snapshot, get_ancestor
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.sync_messages import MOST_KNOWN
from blockchain_lab.layers.ledger_block import MOST_BLOCKS, Block, BlockEntry
from blockchain_lab.layers.ledger_execution import Receipt
from blockchain_lab.layers.ledger_rules import LedgerRules, PostState
from blockchain_lab.layers.ledger_state import State

MOST_ORPHANS: Final = 100  # ours: a partition of a teaching network leaves fewer
MOST_REFUSED: Final = 1_000  # names; ours


class LedgerChain:
    """One peer's blocks."""

    def __init__(self, rules: LedgerRules, store: ContentStore) -> None:
        """Nothing is known but the genesis."""
        self.rules, self.store = rules, store
        self.tree: BlockTree[Block] = BlockTree(Snapshot.of_genesis(rules.genesis))
        self.orphans: OrphanPool[Block] = OrphanPool(MOST_ORPHANS)
        self.refused: dict[bytes, None] = {}  # names of blocks that broke a rule, oldest first
        self.tip = rules.genesis  # of the branch that this peer follows

    @property
    def height(self) -> int:
        """Of the tip."""
        return self.tip.height

    @property
    def state(self) -> State:
        """Behind the tip."""
        return self.get_post_state(self.tip).state

    def get_post_state(self, entry: BlockEntry) -> PostState:
        """What is true behind a block of the tree. O(1): it was computed when the block came."""
        if entry.previous is None:
            return self.rules.start
        post = self._compute(entry.header, entry.previous)
        assert isinstance(post, PostState)  # or the block would not be in the tree
        return post

    def get_receipts(self, entry: BlockEntry) -> tuple[Receipt, ...]:
        """What came of a block's transactions, in its order."""
        return self.get_post_state(entry).receipts

    def add(self, block: Block) -> BlockEntry | RuleBroken:
        """Put a block behind its parent, which must be in the tree; or the rule that it breaks."""
        parent = self.tree[block.parent]
        post = self._compute(block, parent)
        if isinstance(post, RuleBroken):
            self.refuse(block.name)
            return post
        entry = Entry(block.name, block, 1, parent)
        self.tree.add(entry)
        return entry

    def refuse(self, name: bytes) -> None:
        """Remember that a block breaks a rule; the name that was refused first is forgotten for it."""
        if len(self.refused) >= MOST_REFUSED:
            del self.refused[next(iter(self.refused))]
        self.refused[name] = None

    def is_known(self, name: bytes) -> bool:
        """Is there nothing new about this block?"""
        return name in self.tree or name in self.orphans or name in self.refused

    def get_known(self) -> tuple[bytes, ...]:
        """Names of the own branch: the tip, then down in steps that double. The genesis everybody has."""
        heights: list[int] = []
        height, step = self.tip.height, 1
        while height > 0 and len(heights) < MOST_KNOWN - 1:
            heights.append(height)
            height, step = height - step, step * 2
        return tuple(get_ancestor(self.tip, height).hash for height in heights)

    def get_missing(self, wanted: bytes, known: Collection[bytes]) -> tuple[tuple[Block, ...], bool]:
        """The first blocks that lead to `wanted` from what somebody else knows, and whether there are more.

        At most 100; none when we do not know the block either. O(way).
        """
        entry = self.tree.get(wanted)
        way: list[Block] = []
        while entry is not None and entry.previous is not None and entry.hash not in known:
            way.append(entry.header)
            entry = entry.previous
        return tuple(reversed(way))[:MOST_BLOCKS], len(way) > MOST_BLOCKS

    def _compute(self, block: Block, parent: BlockEntry) -> PostState | RuleBroken:
        """The state behind a block, or why it has none: the same for all peers."""
        return self.store.once(
            self.rules.purpose,
            block.name,
            lambda: self.rules.check(self.get_post_state(parent), parent, block),
        )

    def __plain_state__(self) -> tuple[object, ...]:
        """For digests of state: what is known, in order; the states behind blocks follow from it."""
        return self.tree, self.orphans, self.refused, self.tip
