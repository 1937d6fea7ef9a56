"""What one peer knows of one chain: its blocks, the branch that it follows, the calls that wait.

The states behind blocks follow from the blocks, so all peers share them in the content store, and a peer
asks only for those of blocks that it knows. A block that was left gives its calls back: they wait again,
unless the new branch has carried them, too, or others with their nonces. No messages, no notes.
"""

from collections.abc import Collection, Iterable
from typing import Final

from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import Microseconds
from blockchain_lab.chain.orphans import OrphanPool
from blockchain_lab.chain.tree import BlockTree, Entry, ReorgPath, Snapshot, get_ancestor, get_reorg_path
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.bridge_blocks import MOST_CALLS, MOST_KNOWN, WEIGHT, ChainBlock, make_genesis
from blockchain_lab.layers.bridge_books import FUTURE, Books, check_call
from blockchain_lab.layers.bridge_calls import Call
from blockchain_lab.layers.bridge_params import SettlementRules

MOST_ORPHANS: Final = 1_000  # ours: a partition of a teaching network leaves fewer
MOST_WAITING: Final = 10_000  # calls; ours
BlockEntry = Entry[ChainBlock]


class ChainView:
    """One peer's knowledge of one chain."""

    def __init__(self, rules: SettlementRules, store: ContentStore) -> None:
        """Nothing is known but the genesis."""
        self.rules, self.store = rules, store
        genesis = make_genesis(rules)
        self.tree: BlockTree[ChainBlock] = BlockTree(Snapshot.of_genesis(genesis))
        self.orphans: OrphanPool[ChainBlock] = OrphanPool(MOST_ORPHANS)
        self.refused: dict[bytes, str] = {}  # blocks that broke a rule, and the rule
        self.waiting: dict[bytes, Call] = {}  # by name, in the order heard
        self.head = genesis

    @property
    def books(self) -> Books:
        """What is true where the own branch ends. Not to be changed: all peers share it."""
        return self.get_books(self.head)

    def get_books(self, entry: BlockEntry) -> Books:
        """What is true behind a block of the tree. O(1): it was computed when the block came."""
        if entry.previous is None:
            return self.store.once(self.rules.purpose, entry.hash, lambda: Books.begin(self.rules))
        books = self._compute(entry.header, entry.previous)
        assert isinstance(books, Books)  # or the block would not be in the tree
        return books

    def get_final(self, depth: int) -> Books:
        """What is true under `depth` blocks of the own branch, the one that carries it counted."""
        height = self.head.height - depth + 1
        return self.get_books(get_ancestor(self.head, max(0, min(height, self.head.height))))

    def is_known(self, name: bytes) -> bool:
        """Was this block here, whatever became of it?"""
        return name in self.tree or name in self.orphans or name in self.refused

    def add(self, block: ChainBlock) -> BlockEntry | RuleBroken:
        """Put a block behind its parent, which must be in the tree; or the rule that it breaks."""
        parent = self.tree[block.parent]
        books = self._compute(block, parent)
        if isinstance(books, RuleBroken):
            self.refused[block.name] = books.rule
            return books
        entry = Entry(block.name, block, WEIGHT, parent)
        self.tree.add(entry)
        return entry

    def move_head(self) -> ReorgPath[ChainBlock] | None:
        """Follow the longest branch; None when it is followed already."""
        if self.tree.best == self.head:
            return None
        path = get_reorg_path(self.head, self.tree.best)
        self.head = self.tree.best
        for entry in reversed(path.disconnect):
            self.waiting |= {call.name: call for call in entry.header.calls}
        for entry in path.connect:
            for call in entry.header.calls:
                self.waiting.pop(call.name, None)
        return path

    def drop_stale(self) -> list[Call]:
        """Forget calls whose nonce the branch has used, and return them. O(waiting)."""
        books = self.books
        stale = [call for call in self.waiting.values() if call.nonce < books.get_nonce(call.sender)]
        for call in stale:
            del self.waiting[call.name]
        return stale

    def check_waiting(self, call: Call) -> None:
        """May this call wait? RuleBroken. What its action is worth is known only when its turn comes."""
        try:
            check_call(self.books, call)
        except RuleBroken as broken:
            if broken.rule != FUTURE:
                raise
        for other in self.waiting.values():
            if (other.sender, other.nonce) == (call.sender, call.nonce):
                raise RuleBroken("nonce", f"another call {call.nonce} of {call.sender} was here first")
        if len(self.waiting) >= MOST_WAITING:
            raise RuleBroken("room", f"{MOST_WAITING} calls wait")

    def is_carried(self, call: Call) -> bool:
        """Does our own branch carry it already? O(blocks)."""
        entry: BlockEntry | None = self.head
        while entry is not None and call not in entry.header.calls:
            entry = entry.previous
        return entry is not None

    def get_next_nonce(self, name: str) -> int:
        """The number of a name's next call, those that wait counted."""
        taken = [call.nonce for call in self.waiting.values() if call.sender == name]
        nonce = self.books.get_nonce(name)
        while nonce in taken:
            nonce += 1
        return nonce

    def get_actions(self, name: str) -> list[object]:
        """What a name has asked for and no block of the branch carries yet."""
        return [call.action for call in self.waiting.values() if call.sender == name]

    def make_block(self, miner: str, now: Microseconds) -> ChainBlock:
        """A block on the head, with all waiting calls whose turn it is. O(waiting), squared at worst."""
        draft = self.books.open_block()
        chosen: list[Call] = []
        is_over = False
        while not is_over:
            is_over = True
            for call in self.waiting.values():
                if call in chosen or len(chosen) >= MOST_CALLS:
                    continue
                try:
                    draft = draft.after(call)
                except RuleBroken:
                    continue
                chosen.append(call)
                is_over = False
        time = max(now, self.head.header.time)
        return ChainBlock(self.rules.name, self.head.hash, self.head.height + 1, time, miner, tuple(chosen))

    def get_known(self) -> tuple[bytes, ...]:
        """Names of the own branch: the head, then down in steps that double; the genesis always."""
        heights: list[int] = []
        height, step = self.head.height, 1
        while height > 0 and len(heights) < MOST_KNOWN - 1:
            heights.append(height)
            height, step = height - step, step * 2
        return tuple(get_ancestor(self.head, height).hash for height in (*heights, 0))

    def get_missing(self, wanted: bytes, known: Collection[bytes]) -> Iterable[ChainBlock]:
        """The blocks that lead to `wanted` from what somebody else knows, lowest first. O(way)."""
        entry = self.tree.get(wanted)
        way: list[ChainBlock] = []
        while entry is not None and entry.previous is not None and entry.hash not in known:
            way.append(entry.header)
            entry = entry.previous
        return reversed(way)

    def _compute(self, block: ChainBlock, parent: BlockEntry) -> Books | RuleBroken:
        """The state behind a block, or why it has none: the same for all peers."""
        purpose = self.rules.purpose
        return self.store.once(purpose, block.name, lambda: carry_out(self.get_books(parent), parent, block))

    def __plain_state__(self) -> tuple[object, ...]:
        """For digests of state: what is known, in order; the states behind blocks follow from it."""
        return self.tree, self.orphans, self.refused, self.waiting, self.head


def carry_out(books: Books, parent: BlockEntry, block: ChainBlock) -> Books | RuleBroken:
    """The state behind a block: its calls, one after another, on the state behind its parent."""
    try:
        if block.chain != books.rules.name:
            raise RuleBroken("chain", f"found {block.chain!r}, wanted {books.rules.name!r}")
        if block.height != parent.height + 1:
            raise RuleBroken("height", f"found {block.height}, wanted {parent.height + 1}")
        if block.time < parent.header.time:
            raise RuleBroken("time", f"found {block.time}, wanted at least {parent.header.time}")
        draft = books.open_block()
        for call in block.calls:
            draft = draft.after(call)
    except RuleBroken as broken:
        return broken
    return draft
