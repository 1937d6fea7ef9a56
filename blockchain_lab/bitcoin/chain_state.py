"""What one node knows of the chain: the headers, the blocks it has stored, and the tip it follows.

    headers   tree.best ......... the branch with most work that we have heard of
    blocks    stored ............ bodies that we have and found valid, in any order
    chain     active.tip ........ the branch with most work whose blocks we have all, from the genesis on

No messages here, and no peers. A node starts with a `StoredChain`, which it shares with all that start
with the same one; it copies nothing but the list of the active chain.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple, Self

from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import display_hash
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.miner import get_genesis_entry
from blockchain_lab.bitcoin.params import Network
from blockchain_lab.bitcoin.pow import work
from blockchain_lab.bitcoin.rules import RuleBroken, check_body, check_header, check_time_before_future
from blockchain_lab.chain.path import ChainPath
from blockchain_lab.chain.tree import BlockTree, Entry, ReorgPath, Snapshot, get_reorg_path

HeaderEntry = Entry[Header]


@dataclass(frozen=True)
class StoredChain:
    """A chain that will not change: what was on a node's disk when it started."""

    network: Network
    tree: Snapshot[Header]
    blocks: Mapping[bytes, Block]  # hash -> block, the genesis included, in the order of arrival
    active: ChainPath[Header]
    waiting: Mapping[bytes, tuple[bytes, ...]] = field(default_factory=dict)  # as in `ChainState`
    incomplete: tuple[bytes, ...] = ()

    @classmethod
    def of_genesis(cls, network: Network) -> Self:
        """An empty disk."""
        genesis = get_genesis_entry(network)
        return cls(
            network, Snapshot.of_genesis(genesis), {genesis.hash: network.genesis}, ChainPath([genesis])
        )

    @cached_property
    def name(self) -> bytes:
        """32 bytes that tell this chain from all others: what is known, and which blocks are there."""
        return sha256(b"".join(self.tree.entries) + b"".join(self.blocks)).digest()

    @cached_property
    def side_entries(self) -> tuple[HeaderEntry, ...]:
        """Entries off the active chain, parents before children: stale branches, headers without blocks."""
        return tuple(entry for entry in self.tree.entries.values() if entry not in self.active)

    @cached_property
    def shown_hashes(self) -> list[str]:
        """The active chain's hashes as people write them, from height 1 on. Do not change the list."""
        return [display_hash(entry.hash) for entry in self.active.get_slice(1, len(self.active))]

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Immutable, so shared."""
        return self

    def __plain_state__(self) -> bytes:
        """For digests of state: the name says it all."""
        return self.name


class TipChange(NamedTuple):
    """The active chain has moved."""

    old: HeaderEntry
    new: HeaderEntry
    path: ReorgPath[Header]


class ChainState:
    """One node's view. A `StoredChain` below, its own additions above."""

    def __init__(self, base: StoredChain, store: ContentStore) -> None:
        """Start from `base`. O(1), but for the list of the active chain."""
        self.network, self.base, self.store = base.network, base, store
        self.tree = BlockTree(base.tree)
        self.active = base.active.copy()
        self.header_path = base.active.copy()  # leads to `best_header`
        self.stored: dict[bytes, Block] = {}  # our own additions, in the order of arrival
        # hash of a block that is not complete -> its stored children
        self.waiting = {parent: dict.fromkeys(names) for parent, names in base.waiting.items()}
        self.incomplete = dict.fromkeys(base.incomplete)  # stored blocks of which some ancestor is missing
        self.header_path.move_to(self.tree.best)

    @property
    def tip(self) -> HeaderEntry:
        """The last block of the active chain."""
        return self.active.tip

    @property
    def height(self) -> int:
        """The tip's height."""
        return self.active.tip.height

    @property
    def best_header(self) -> HeaderEntry:
        """The header with most work, whether or not we have its block."""
        return self.tree.best

    @property
    def is_complete(self) -> bool:
        """Have we all blocks that we know to be worth having?"""
        return self.tree.best.work <= self.active.tip.work

    def has_block(self, name: bytes) -> bool:
        """Is the block's body stored?"""
        return name in self.stored or name in self.base.blocks

    def get_block(self, name: bytes) -> Block:
        """A stored block. KeyError."""
        return self.stored.get(name) or self.base.blocks[name]

    def get_new_headers(self) -> list[Header]:
        """The valid headers added since the start, parents first; none when the blocks came in that order."""
        if list(self.stored) == list(self.tree.own):
            return []
        return [entry.header for entry in self.tree.own.values() if self.tree.is_valid(entry)]

    def get_fork(self, entry: HeaderEntry) -> HeaderEntry:
        """The last block that the active chain shares with the branch that ends in `entry`.

        O(1) while our tip and `entry` both lie on the way to the best header, as they do while we catch up.
        """
        if entry in self.header_path and self.tip in self.header_path:
            return min(self.tip, entry, key=lambda either: either.height)
        return self.active.get_fork(entry)

    def get_stale_tips(self) -> list[HeaderEntry]:
        """Ends of branches that the active chain does not lead to."""
        return self.tree.get_stale_tips(self.tip)

    def check_headers(self, headers: Sequence[Header], now: int) -> list[HeaderEntry]:
        """The entries of a batch in which each header is the next one's parent; the first one's is known.

        Changes nothing. now: Unix seconds. RuleBroken for the first header that is not valid.
        """
        entries: list[HeaderEntry] = []
        for header in headers:
            name = header.hash()
            entry = self.tree.get(name)
            if entry is None:
                parent = entries[-1] if entries else self.tree[header.previous]
                entry = self._judge(header, name, parent)
                check_time_before_future(header, now)
            if not self.tree.is_valid(entry) or header.previous in self.tree.invalid:
                raise RuleBroken("duplicate-invalid" if name in self.tree.invalid else "bad-prevblk")
            entries.append(entry)
        return entries

    def add_headers(self, entries: Sequence[HeaderEntry]) -> list[HeaderEntry]:
        """Learn checked entries. Returns those that were new."""
        new = [entry for entry in entries if entry.hash not in self.tree]
        for entry in new:
            self.tree.add(entry)
        if new:
            self.header_path.move_to(self.tree.best)
        return new

    def add_block(self, block: Block, now: int) -> TipChange | None:
        """Store a block whose parent's header is known, and follow the best chain. now: Unix seconds.

        RuleBroken when it is not valid: then it is not stored, and unless it may have been changed on the
        way, its header is marked. A stored block is ignored.
        """
        name = block.header.hash()
        if self.has_block(name):
            return None
        entry = self.tree.get(name)
        if entry is None or entry.hash in self.tree.invalid:
            (entry,) = self.check_headers((block.header,), now)
        try:
            self._judge_body(block, entry)
        except RuleBroken as fault:
            if not fault.is_mutation:
                self.add_headers((entry,))
                self._mark_invalid(entry)
            raise
        self.add_headers((entry,))
        self.stored[name] = block
        return self._connect(entry)

    def _judge(self, header: Header, name: bytes, parent: HeaderEntry) -> HeaderEntry:
        """The header's entry, checked once for all peers: its hash commits to all that the rules ask for."""

        def compute() -> HeaderEntry | RuleBroken:
            try:
                check_header(header, parent, self.network)
            except RuleBroken as fault:
                return fault
            return Entry(name, header, work(header.bits), parent)

        verdict = self.store.once(f"header {self.network.name}", name, compute)
        if isinstance(verdict, RuleBroken):
            raise RuleBroken(verdict.reason)
        return verdict

    def _judge_body(self, block: Block, entry: HeaderEntry) -> None:
        """Check the body, once for all its bytes: the header's hash does not name every byte of a body."""

        def compute() -> RuleBroken | None:
            try:
                check_body(block, entry.height, self.network)
            except RuleBroken as fault:
                return fault
            return None

        name = sha256(block.encoding).digest()
        verdict = self.store.once(f"body {self.network.name}", name, compute)
        if verdict is not None:
            raise RuleBroken(verdict.reason, is_mutation=verdict.is_mutation)

    def _connect(self, entry: HeaderEntry) -> TipChange | None:
        """The entry's block is stored: complete it and what waited for it, as far as the past has no hole."""
        assert entry.previous is not None  # a genesis is always stored
        parent = entry.previous.hash
        if not self.has_block(parent) or parent in self.incomplete:
            self.waiting.setdefault(parent, {})[entry.hash] = None
            self.incomplete[entry.hash] = None
            return None
        best, ready = self.tip, [entry]
        for complete in ready:  # grows while children are found waiting
            if complete.work > best.work:  # not >=: at equal work the first complete one stays
                best = complete
            for child in self.waiting.pop(complete.hash, ()):
                del self.incomplete[child]
                ready.append(self.tree[child])
        return self._follow(best)

    def _follow(self, tip: HeaderEntry) -> TipChange | None:
        old = self.tip
        if tip == old:
            return None
        path = get_reorg_path(old, tip)
        self.active.move_to(tip)
        return TipChange(old, tip, path)

    def _mark_invalid(self, entry: HeaderEntry) -> None:
        """No block that builds on this one can be complete, so the tip is not concerned."""
        self.tree.mark_invalid(entry.hash)
        self.header_path.move_to(self.tree.best)

    def freeze(self) -> StoredChain:
        """What is known and stored now, for others to start from. O(n)."""
        blocks = {**self.base.blocks, **self.stored}
        waiting = {parent: tuple(names) for parent, names in self.waiting.items()}
        tree, active = self.tree.freeze(), self.active.copy()
        return StoredChain(self.network, tree, blocks, active, waiting, tuple(self.incomplete))

    def __deepcopy__(self, memo: dict[int, Any]) -> "ChainState":
        """Blocks and entries are shared; only what we know of them is copied."""
        twin = ChainState(self.base, self.store)
        twin.tree = deepcopy(self.tree, memo)
        twin.active, twin.header_path = self.active.copy(), self.header_path.copy()
        twin.stored, twin.incomplete = dict(self.stored), dict(self.incomplete)
        twin.waiting = {parent: dict(children) for parent, children in self.waiting.items()}
        return twin

    def __plain_state__(self) -> tuple[object, ...]:
        """For digests of state: the shared base by its name, our own additions by theirs."""
        return (
            self.base,
            self.tree,
            self.tip,
            b"".join(self.stored),
            b"".join(self.incomplete),
        )
