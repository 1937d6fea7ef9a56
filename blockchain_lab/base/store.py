"""Immutable things, shared by all nodes and all worlds, and each node's own view of them.

The store stands outside the world, so it already holds the future. A node therefore reads it only
through its `Known`: what it has learned itself.
"""

from collections.abc import Callable, Iterator
from typing import Any, Generic, Self, TypeVar

Thing = TypeVar("Thing")


class ContentStore:
    """Hash -> immutable thing, and the results of pure checks on such things (proof of work, Merkle root).

    Neither copied with a world nor counted in its state.
    """

    def __init__(self) -> None:
        """An empty store."""
        self._things: dict[bytes, Any] = {}
        self._results: dict[tuple[str, bytes], Any] = {}

    def put(self, name: bytes, thing: Any) -> None:
        """Keep the first thing of that name; equal names mean equal things."""
        self._things.setdefault(name, thing)

    def get(self, name: bytes) -> Any:
        """The thing of that name, for `Known` only. KeyError."""
        return self._things[name]

    def once(self, purpose: str, name: bytes, compute: Callable[[], Thing]) -> Thing:
        """The result of a pure function of the thing called `name`, computed at its first use."""
        key = (purpose, name)
        if key not in self._results:
            self._results[key] = compute()
        result: Thing = self._results[key]
        return result

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Shared, never copied."""
        return self


class Known(Generic[Thing]):
    """What one node has learned, in the order in which it did. A dict serves as an ordered set."""

    __slots__ = ("names", "store")

    def __init__(self, store: ContentStore) -> None:
        """Nothing is known yet."""
        self.store = store
        self.names: dict[bytes, None] = {}

    def add(self, name: bytes, thing: Thing) -> None:
        """Learn a thing."""
        self.store.put(name, thing)
        self.names[name] = None

    def __contains__(self, name: bytes) -> bool:
        """Has this node learned it?"""
        return name in self.names

    def __getitem__(self, name: bytes) -> Thing:
        """The thing. KeyError unless this node has learned it, even if another one has."""
        if name not in self.names:
            raise KeyError(name)
        thing: Thing = self.store.get(name)
        return thing

    def __len__(self) -> int:
        """How many things this node has learned."""
        return len(self.names)

    def __iter__(self) -> Iterator[bytes]:
        """Their names, oldest first."""
        return iter(self.names)
