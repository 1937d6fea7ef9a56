"""What one node knows of the chain: the headers, the blocks it has stored, and the tip it follows.

    headers   tree.best ......... the branch with most work that we have heard of
    blocks    stored ............ bodies that we have and found valid, in any order
    chain     active.tip ........ the branch with most work whose blocks we have all, from the genesis on
    coins     ledger.coins ...... what nobody has spent yet on that branch

A block's body is judged when it comes; what it spends is judged when it is connected, for only then are
all coins at hand. A block that fails there is invalid with all that builds on it, and the chain goes back
to the best branch that is left.

No messages here, and no peers. A node starts with a `StoredChain`, which it shares with all that start
with the same one; it copies nothing but the list of the active chain.
"""

from collections.abc import Sequence
from copy import deepcopy
from hashlib import sha256
from typing import Any, NamedTuple

from blockchain_lab.base.store import ContentStore
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.coins import CoinSet, Shelf
from blockchain_lab.bitcoin.connecting import Ledger
from blockchain_lab.bitcoin.pow import work
from blockchain_lab.bitcoin.rules import RuleBroken, check_body, check_header, check_time_before_future
from blockchain_lab.bitcoin.rules_spending import Place, check_all_final, check_sigops
from blockchain_lab.bitcoin.sigops import count_legacy_sigops
from blockchain_lab.bitcoin.stored_chain import HeaderEntry, StoredChain
from blockchain_lab.bitcoin.tx import WITNESS_SCALE
from blockchain_lab.chain.tree import BlockTree, Entry, ReorgPath, get_reorg_path


class TipChange(NamedTuple):
    """The active chain has moved."""

    old: HeaderEntry
    new: HeaderEntry
    path: ReorgPath[Header]


class Added(NamedTuple):
    """What storing a block has led to."""

    change: TipChange | None
    invalid: tuple[tuple[HeaderEntry, str], ...] = ()  # blocks found to be invalid when connected, and why


class InvalidOnTheWay(Exception):
    """A block could not be connected. It never leaves this room."""

    def __init__(self, entry: HeaderEntry, reason: str) -> None:
        super().__init__(reason)
        self.entry, self.reason = entry, reason


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
        self.completed: dict[bytes, None] = {}  # our own of which none is, in that order
        self.ledger = Ledger(base.network, store, CoinSet(base.coins), base.undo)
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

    def add_block(self, block: Block, now: int) -> Added:
        """Store a block whose parent's header is known, and follow the best chain. now: Unix seconds.

        RuleBroken when it is not valid: then it is not stored, and unless it may have been changed on the
        way, its header is marked. A stored block is ignored.
        """
        name = block.header.hash()
        if self.has_block(name):
            return Added(None)
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
        added = self._connect(entry)
        for broken, reason in added.invalid:
            if broken == entry:
                raise RuleBroken(reason)
        return added

    def _judge(self, header: Header, name: bytes, parent: HeaderEntry) -> HeaderEntry:
        """The header's entry, checked once for all peers: its hash commits to all that the rules ask for."""

        def compute() -> HeaderEntry | RuleBroken:
            try:
                check_header(header, parent, self.network)
            except RuleBroken as fault:
                return fault
            return Entry(name, header, work(header.bits), parent)

        verdict = self.store.once(f"header {self.network.key}", name, compute)
        if isinstance(verdict, RuleBroken):
            raise RuleBroken(verdict.reason)
        return verdict

    def _judge_body(self, block: Block, entry: HeaderEntry) -> None:
        """Check the body, once for all its bytes: the header's hash does not name every byte of a body."""

        def compute() -> RuleBroken | None:
            try:
                check_body(block, entry.height, self.network)
                check_sigops(WITNESS_SCALE * sum(count_legacy_sigops(tx) for tx in block.transactions))
                assert entry.previous is not None  # nobody sends us a genesis that we accept
                check_all_final(block, Place(entry.previous, block.header.time, self.network))
            except RuleBroken as fault:
                return fault
            return None

        name = sha256(block.encoding).digest()
        verdict = self.store.once(f"body {self.network.key}", name, compute)
        if verdict is not None:
            raise RuleBroken(verdict.reason, is_mutation=verdict.is_mutation)

    def _connect(self, entry: HeaderEntry) -> Added:
        """The entry's block is stored: complete it and what waited for it, as far as the past has no hole."""
        assert entry.previous is not None  # a genesis is always stored
        parent = entry.previous.hash
        if not self.has_block(parent) or parent in self.incomplete:
            self.waiting.setdefault(parent, {})[entry.hash] = None
            self.incomplete[entry.hash] = None
            return Added(None)
        best, ready = self.tip, [entry]
        for complete in ready:  # grows while children are found waiting
            self.completed[complete.hash] = None
            if complete.work > best.work:  # not >=: at equal work the first complete one stays
                best = complete
            for child in self.waiting.pop(complete.hash, ()):
                del self.incomplete[child]
                ready.append(self.tree[child])
        return self._follow(best)

    def _follow(self, best: HeaderEntry) -> Added:
        """Move to `best`; where a block on the way is invalid, to the best that is left."""
        old, invalid = self.tip, []
        while best != self.tip:
            try:
                self._move_to(best)
            except InvalidOnTheWay as found:
                invalid.append((found.entry, found.reason))
                self._mark_invalid(found.entry)
                best = self._find_best_complete()
        change = None if self.tip == old else TipChange(old, self.tip, get_reorg_path(old, self.tip))
        return Added(change, tuple(invalid))

    def _move_to(self, tip: HeaderEntry) -> None:
        """Disconnect down to the fork, connect up to `tip`. InvalidOnTheWay: we stand below that block."""
        path = get_reorg_path(self.tip, tip)
        for entry in path.disconnect:
            self.ledger.disconnect(self.get_block(entry.hash), entry.height)
        if path.disconnect:
            self.active.move_to(path.fork)
        for entry in path.connect:
            try:
                self.ledger.connect(self.get_block(entry.hash), self.tip)
            except RuleBroken as fault:
                raise InvalidOnTheWay(entry, fault.reason) from None
            self.active.move_to(entry)

    def _find_best_complete(self) -> HeaderEntry:
        """Of the valid blocks with a whole past, the one with most work; of several, the first. O(own)."""
        best = self.base.active.tip
        for name in self.completed:
            if self.tree[name].work > best.work:
                best = self.tree[name]
        return best

    def _mark_invalid(self, entry: HeaderEntry) -> None:
        """A block is invalid, and all that builds on it; their bodies are of no use any more."""
        self.tree.mark_invalid(entry.hash)
        self.header_path.move_to(self.tree.best)
        for name in self.tree.invalid:
            for known in (self.stored, self.completed, self.incomplete, self.waiting):
                known.pop(name, None)

    def freeze(self) -> StoredChain:
        """What is known and stored now, for others to start from. O(n)."""
        blocks = {**self.base.blocks, **self.stored}
        waiting = {parent: tuple(names) for parent, names in self.waiting.items()}
        tree, active, coins = self.tree.freeze(), self.active.copy(), Shelf(self.ledger.coins)
        return StoredChain(
            self.network, tree, blocks, active, waiting, tuple(self.incomplete), coins, dict(self.ledger.undo)
        )

    def __deepcopy__(self, memo: dict[int, Any]) -> "ChainState":
        """Blocks and entries are shared; only what we know of them is copied."""
        twin = ChainState(self.base, self.store)
        twin.tree = deepcopy(self.tree, memo)
        twin.active, twin.header_path = self.active.copy(), self.header_path.copy()
        twin.stored, twin.incomplete = dict(self.stored), dict(self.incomplete)
        twin.waiting = {parent: dict(children) for parent, children in self.waiting.items()}
        twin.completed, twin.ledger = dict(self.completed), deepcopy(self.ledger, memo)
        return twin

    def __plain_state__(self) -> tuple[object, ...]:
        """For digests of state: the shared base by its name, our own additions by theirs."""
        return (
            self.base,
            self.tree,
            self.tip,
            b"".join(self.stored),
            b"".join(self.incomplete),
            b"".join(self.completed),
        )
