"""The blocks that one peer knows, the state behind each, its head, and the anchor that it never leaves.

A block enters the tree when its parent is known and every rule of the chain allows it. The states behind
blocks are functions of the branch, so all peers share them: they stand in the content store, and a peer asks
only for those of blocks that it knows. No messages and no notes here: what happened is the return value.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from blockchain_lab.base.store import ContentStore
from blockchain_lab.chain.orphans import OrphanPool
from blockchain_lab.chain.tree import BlockTree, Snapshot, get_ancestor, is_ancestor
from blockchain_lab.consensus.block import Block, BlockEntry, make_entry
from blockchain_lab.consensus.chain_rules import ChainRules, PostState
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.sync_messages import MOST_BLOCKS, MOST_KNOWN
from blockchain_lab.consensus.view import BlockId, ForkChoice, View, get_tips

MOST_ORPHANS: Final = 1_000  # ours: a partition of a teaching network leaves fewer
MOST_REFUSED: Final = 10_000  # names; ours: whoever has more bad blocks to send pays for checking them again


@dataclass(frozen=True, slots=True)
class Move:
    """The head has moved."""

    old: BlockEntry
    new: BlockEntry


class Branches:
    """One peer's blocks."""

    def __init__(self, rules: ChainRules, choice: ForkChoice, store: ContentStore) -> None:
        """Nothing is known but the genesis."""
        self.rules, self.choice, self.store = rules, choice, store
        self.tree: BlockTree[Block] = BlockTree(Snapshot.of_genesis(rules.genesis))
        self.orphans: OrphanPool[Block] = OrphanPool(MOST_ORPHANS)
        self.refused: dict[BlockId, str] = {}  # blocks that broke a rule: the rule; oldest first
        self.head = self.anchor = rules.genesis

    def get_state(self, entry: BlockEntry) -> PostState:
        """What is true behind a block of the tree. O(1): it was computed when the block came."""
        if entry.previous is None:
            return self.rules.start
        state = self._compute(entry.header, entry.previous)
        assert isinstance(state, PostState)  # or the block would not be in the tree
        return state

    def add(self, block: Block) -> BlockEntry | RuleBroken:
        """Put a block behind its parent, which must be in the tree; or the rule that it breaks.

        O(block), once for all peers.
        """
        parent = self.tree[block.parent]
        state = self._compute(block, parent)
        if isinstance(state, RuleBroken):
            self.refuse(block.name, state.rule)
            return state
        entry = make_entry(block, parent)
        self.tree.add(entry)
        return entry

    def refuse(self, name: BlockId, rule: str) -> None:
        """Remember that a block breaks a rule; the name that was refused first is forgotten for it."""
        if len(self.refused) >= MOST_REFUSED:
            del self.refused[next(iter(self.refused))]
        self.refused[name] = rule

    def move_head(self, latest: Mapping[str, BlockId]) -> Move | None:
        """Choose again, after something was learned; None when the head stays. latest: see `View`."""
        old, new = self.head, self.choose_head(latest)
        if new == old:
            return None
        self.head = new
        return Move(old, new)

    def choose_head(self, latest: Mapping[str, BlockId]) -> BlockEntry:
        """What the fork choice says; while there is no fork, nobody needs to be asked."""
        if len(self.tree.tips) == 1:
            (tip,) = self.tree.tips.values()
            return tip
        return self.tree[self.choice(self.get_view(latest))]

    def move_anchor(self) -> bool:
        """Hold on to what the head's own branch has finalised. Has the anchor moved?"""
        finality = self.get_state(self.head).finality
        if finality is None:
            return False
        finalised = self.tree[finality.finalised]
        if finalised.height <= self.anchor.height or not is_ancestor(self.anchor, finalised):
            return False
        self.anchor = finalised
        return True

    def claim(self, tip: BlockEntry) -> Move | None:
        """Follow another branch as if there had never been one, anchor and all. Nobody honest does."""
        old, self.head, self.anchor = self.head, tip, self.rules.genesis
        self.move_anchor()
        return Move(old, tip) if old != tip else None

    def get_view(self, latest: Mapping[str, BlockId]) -> View:
        """What a fork choice may look at now. O(tips)."""
        states = {tip.hash: self.get_state(tip).finality for tip in self.tree.tips.values()}
        finality = {name: state for name, state in states.items() if state is not None}
        own = self.get_state(self.head).finality
        stakes = {} if own is None else own.get_stakes()
        return View(self.tree, self.anchor, finality, latest, stakes)

    def get_tips(self) -> list[BlockEntry]:
        """The ends of all branches through the anchor, first seen first."""
        return get_tips(self.get_view({}))

    def get_known(self) -> tuple[BlockId, ...]:
        """Names of the own branch: the head, then down in steps that double; the genesis always."""
        heights: list[int] = []
        step = 1
        height = self.head.height
        while height > 0 and len(heights) < MOST_KNOWN - 2:
            heights.append(height)
            height, step = height - step, step * 2
        return tuple(get_ancestor(self.head, height).hash for height in (*heights, 0))

    def get_missing(self, wanted: BlockId, known: Collection[BlockId]) -> tuple[tuple[Block, ...], bool]:
        """The first blocks that lead to `wanted` from what somebody else knows, and whether there are more.

        At most 200; none when we do not know the block either. O(way).
        """
        entry = self.tree.get(wanted)
        way: list[Block] = []
        while entry is not None and entry.previous is not None and entry.hash not in known:
            way.append(entry.header)
            entry = entry.previous
        return tuple(reversed(way))[:MOST_BLOCKS], len(way) > MOST_BLOCKS

    def get_anchor_epoch(self) -> int:
        """The anchor's epoch; 0 without Casper."""
        params = self.rules.casper
        return 0 if params is None else -(-self.anchor.height // params.epoch_length)

    def _compute(self, block: Block, parent: BlockEntry) -> PostState | RuleBroken:
        """The state behind a block, or why it has none: the same for all peers."""
        return self.store.once(
            self.rules.purpose, block.name, lambda: self.rules.check(self.get_state(parent), parent, block)
        )

    def __plain_state__(self) -> tuple[object, ...]:
        """For digests of state: what is known, in order; the states behind blocks follow from it."""
        return self.tree, self.orphans, self.refused, self.head, self.anchor
