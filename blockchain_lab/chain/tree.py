r"""The block tree: every header a peer knows, and which branch carries the most work.

An `Entry` is a header with its place: height, and the work of its whole branch. A hash commits to all
that came before it, so an entry never changes and all peers may share it; it carries its own past with
it. What differs between peers is which entries they know: that is their `BlockTree`.

                      C3 -- C4          work 4, a stale branch
                     /
    G -- B1 -- B2 --+                   the best entry is D5: most work, and at equal work the one
                     \                  that was seen first
                      D3 -- D4 -- D5    work 5

No messages and no rules of validity enter here: who adds an entry has checked it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from blockchain_lab.base.errors import UsageError

HeaderT = TypeVar("HeaderT")


class Entry(Generic[HeaderT]):
    """A header and its place in the tree. Immutable; two entries are equal when their hashes are."""

    __slots__ = ("hash", "header", "height", "previous", "skip", "work")

    def __init__(
        self, name: bytes, header: HeaderT, work: int, previous: "Entry[HeaderT] | None" = None
    ) -> None:
        """`work` is the block's own; without `previous` it is a genesis."""
        self.hash = name
        self.header = header
        self.height: int = 0 if previous is None else previous.height + 1
        self.work: int = work if previous is None else previous.work + work  # of the whole branch
        self.previous = previous
        self.skip = None if previous is None else get_ancestor(previous, get_skip_height(self.height))

    def __eq__(self, other: object) -> bool:
        """Equal hashes mean equal headers and an equal past."""
        return isinstance(other, Entry) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def __repr__(self) -> str:
        return f"Entry({self.hash[::-1].hex()[:12]}… at {self.height})"

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Immutable, so shared; a copy would drag the whole chain along."""
        return self

    def __plain_state__(self) -> bytes:
        """For digests of state: the hash says it all."""
        return self.hash


def clear_lowest_bit(n: int) -> int:
    """`n` without its lowest 1 bit: 0b1011000 -> 0b1010000."""
    return n & (n - 1)


def get_skip_height(height: int) -> int:
    """Where an entry's far pointer leads: the skip list of Bitcoin Core (chain.cpp, GetSkipHeight)."""
    if height < 2:
        return 0
    if height & 1:
        return clear_lowest_bit(clear_lowest_bit(height - 1)) + 1
    return clear_lowest_bit(height)


def get_ancestor(entry: Entry[HeaderT], height: int) -> Entry[HeaderT]:
    """The entry at `height` on the branch that ends in `entry`. O(log n) steps; UsageError when above it.

    Follow the far pointer unless it overshoots, or unless one step back leads to a better far pointer.
    """
    if not 0 <= height <= entry.height:
        raise UsageError(f"ancestor: wanted a height of 0 .. {entry.height}, found {height}")
    while entry.height > height:
        far, near = entry.skip, entry.previous
        assert far is not None and near is not None  # only a genesis has none, and its height is 0
        is_near_better = near.skip is not None and height <= near.skip.height < far.height - 2
        entry = far if far.height == height or (far.height > height and not is_near_better) else near
    return entry


def is_ancestor(older: Entry[HeaderT], younger: Entry[HeaderT]) -> bool:
    """Does the branch that ends in `younger` contain `older`? An entry is its own ancestor. O(log n)."""
    return older.height <= younger.height and get_ancestor(younger, older.height) == older


def get_fork(one: Entry[HeaderT], other: Entry[HeaderT]) -> Entry[HeaderT]:
    """The last entry that two branches share. O(log n + length of the shorter branch).

    UsageError for branches that share none, not even a genesis.
    """
    height = min(one.height, other.height)
    left, right = get_ancestor(one, height), get_ancestor(other, height)
    while left != right:
        if left.previous is None or right.previous is None:
            raise UsageError("fork: these branches start from different genesis blocks")
        left, right = left.previous, right.previous
    return left


@dataclass(frozen=True, slots=True)
class ReorgPath(Generic[HeaderT]):
    """How to move from one tip to another: undo some blocks, then apply others."""

    fork: Entry[HeaderT]
    disconnect: tuple[Entry[HeaderT], ...]  # from the old tip down to just above the fork
    connect: tuple[Entry[HeaderT], ...]  # from just above the fork up to the new tip


def get_reorg_path(old: Entry[HeaderT], new: Entry[HeaderT]) -> ReorgPath[HeaderT]:
    """The way from tip `old` to tip `new`. O(log n + length of the way)."""
    if new.previous is old or new.previous == old:  # nearly always
        return ReorgPath(old, (), (new,))
    fork = get_fork(old, new)
    return ReorgPath(fork, get_branch(fork, old)[::-1], get_branch(fork, new))


def get_branch(fork: Entry[HeaderT], tip: Entry[HeaderT]) -> tuple[Entry[HeaderT], ...]:
    """The entries above `fork` up to `tip`, lowest first. `fork` must be an ancestor of `tip`."""
    branch = []
    while tip.height > fork.height:
        branch.append(tip)
        assert tip.previous is not None  # it stands above `fork`
        tip = tip.previous
    return tuple(reversed(branch))


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[HeaderT]):
    """A tree that will not change: what peers that start with the same chain share instead of copying."""

    entries: Mapping[bytes, Entry[HeaderT]]
    tips: tuple[Entry[HeaderT], ...]  # entries that nothing builds on, in the order seen
    best: Entry[HeaderT]

    @classmethod
    def of_genesis(cls, genesis: Entry[HeaderT]) -> Self:
        """The tree that every peer starts with."""
        return cls({genesis.hash: genesis}, (genesis,), genesis)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Immutable, so shared."""
        return self


class BlockTree(Generic[HeaderT]):
    """One peer's view: a shared snapshot, and on top of it the entries that this peer has added."""

    __slots__ = ("base", "best", "invalid", "own", "tips")

    def __init__(self, base: Snapshot[HeaderT]) -> None:
        """Start with what `base` holds; O(tips), whatever its length."""
        self.base = base
        self.own: dict[bytes, Entry[HeaderT]] = {}  # in the order seen
        self.tips: dict[bytes, Entry[HeaderT]] = {entry.hash: entry for entry in base.tips}
        self.best = base.best
        self.invalid: dict[
            bytes, None
        ] = {}  # ordered; entries that broke a rule, and all that builds on them

    def __contains__(self, name: bytes) -> bool:
        """Is an entry of that hash known?"""
        return name in self.own or name in self.base.entries

    def __getitem__(self, name: bytes) -> Entry[HeaderT]:
        """The entry of that hash. KeyError."""
        return self.own.get(name) or self.base.entries[name]

    def __len__(self) -> int:
        """How many entries are known, the genesis included."""
        return len(self.base.entries) + len(self.own)

    def get(self, name: bytes) -> Entry[HeaderT] | None:
        """The entry of that hash, if known."""
        return self.own.get(name) or self.base.entries.get(name)

    def add(self, entry: Entry[HeaderT]) -> None:
        """Learn an entry whose parent is known. A known one is ignored."""
        if entry.hash in self:
            return
        if entry.previous is None or entry.previous.hash not in self:
            raise UsageError(f"{entry}: its parent is not in the tree")
        self.own[entry.hash] = entry
        self.tips.pop(entry.previous.hash, None)
        self.tips[entry.hash] = entry
        if entry.previous.hash in self.invalid:
            self.invalid[entry.hash] = None
        elif entry.work > self.best.work:  # not >=: at equal work the first seen stays
            self.best = entry

    def mark_invalid(self, name: bytes) -> None:
        """An entry broke a rule: never again count it or what builds on it. O(entries). Not the genesis."""
        if self[name].previous is None:
            raise UsageError("mark_invalid: a genesis breaks no rule")
        self.invalid[name] = None
        for entry in self._get_all():
            if entry.previous is not None and entry.previous.hash in self.invalid:
                self.invalid[entry.hash] = None
        self.best = self._find_best()

    def is_valid(self, entry: Entry[HeaderT]) -> bool:
        """Is this entry free of known faults, its past included?"""
        return entry.hash not in self.invalid

    def get_stale_tips(self, tip: Entry[HeaderT]) -> list[Entry[HeaderT]]:
        """The ends of all branches but the one that leads to, or through, `tip`."""
        return [entry for entry in self.tips.values() if not is_ancestor(tip, entry)]

    def freeze(self) -> Snapshot[HeaderT]:
        """A view as it is now, for others to start from. O(n). UsageError when it holds invalid entries."""
        if self.invalid:
            raise UsageError(f"freeze: {len(self.invalid)} entries are invalid")
        return Snapshot({**self.base.entries, **self.own}, tuple(self.tips.values()), self.best)

    def _get_all(self) -> Iterator[Entry[HeaderT]]:
        """Parents before their children."""
        yield from self.base.entries.values()
        yield from self.own.values()

    def _find_best(self) -> Entry[HeaderT]:
        best, *others = [entry for entry in (self.base.best, *self._get_all()) if self.is_valid(entry)]
        for entry in others:
            if entry.work > best.work:
                best = entry
        return best

    def __deepcopy__(self, memo: dict[int, Any]) -> "BlockTree[HeaderT]":
        """The base and all entries are shared; only what we know of them is copied."""
        twin = BlockTree(self.base)
        twin.own, twin.tips, twin.invalid = dict(self.own), dict(self.tips), dict(self.invalid)
        twin.best = self.best
        return twin

    def __plain_state__(self) -> tuple[bytes, bytes, bytes, bytes]:
        """For digests of state: the base by its best entry, our own additions in order."""
        return self.base.best.hash, b"".join(self.own), b"".join(self.tips), b"".join(self.invalid)
