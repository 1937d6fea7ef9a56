"""Blocks that came before their parent: a bounded waiting room.

Bounded, because anybody can make blocks whose parent nobody has; the oldest makes room for the newest.
"""

from typing import Generic, TypeVar

from blockchain_lab.base.errors import UsageError

BlockT = TypeVar("BlockT")


class OrphanPool(Generic[BlockT]):
    """At most `limit` blocks, found by their own hash or by the parent they wait for."""

    __slots__ = ("_by_parent", "_waiting", "limit")

    def __init__(self, limit: int) -> None:
        """Nobody waits yet."""
        if limit < 1:
            raise UsageError(f"orphan pool: wanted room for at least 1 block, found {limit}")
        self.limit = limit
        self._waiting: dict[bytes, tuple[bytes, BlockT]] = {}  # hash -> (parent, block), oldest first
        self._by_parent: dict[bytes, dict[bytes, None]] = {}  # parent -> hashes that wait for it

    def __len__(self) -> int:
        """How many blocks wait."""
        return len(self._waiting)

    def __contains__(self, name: bytes) -> bool:
        """Does the block of that hash wait here?"""
        return name in self._waiting

    def add(self, name: bytes, parent: bytes, block: BlockT) -> None:
        """Let a block wait. When the room is full, the one that has waited longest is forgotten."""
        if name in self._waiting:
            return
        if len(self._waiting) >= self.limit:
            self._remove(next(iter(self._waiting)))
        self._waiting[name] = (parent, block)
        self._by_parent.setdefault(parent, {})[name] = None

    def get_root(self, name: bytes) -> bytes:
        """The eldest of this orphan's family that waits here. KeyError when the orphan itself does not.

        Bitcoin 0.1, `GetOrphanRoot`. O(length of the family); hashes cannot form a ring.
        """
        while (parent := self._waiting[name][0]) in self._waiting:
            name = parent
        return name

    def take_children(self, parent: bytes) -> list[BlockT]:
        """Remove and return the blocks that waited for `parent`, oldest first."""
        names = list(self._by_parent.get(parent, ()))
        return [self._remove(name) for name in names]

    def _remove(self, name: bytes) -> BlockT:
        parent, block = self._waiting.pop(name)
        siblings = self._by_parent[parent]
        del siblings[name]
        if not siblings:
            del self._by_parent[parent]
        return block

    def __plain_state__(self) -> tuple[bytes, ...]:
        """For digests of state: who waits, in order."""
        return tuple(self._waiting)
