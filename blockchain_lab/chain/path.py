"""One branch of the tree as a list by height (Bitcoin Core's `CChain`): who is at height h, in O(1).

A peer keeps one for the chain it follows and one for the best headers it knows. It is derived from its
tip, so it adds nothing to a digest of state.
"""

from collections.abc import Iterable
from typing import Any, Generic

from blockchain_lab.chain.tree import Entry, HeaderT, get_branch, get_fork


class ChainPath(Generic[HeaderT]):
    """The entries from the genesis up to a tip."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Iterable[Entry[HeaderT]]) -> None:
        """`entries`: a whole branch, genesis first."""
        self._entries = list(entries)

    @property
    def tip(self) -> Entry[HeaderT]:
        """The last entry."""
        return self._entries[-1]

    def __len__(self) -> int:
        """How many entries, the genesis included: one more than the tip's height."""
        return len(self._entries)

    def __getitem__(self, height: int) -> Entry[HeaderT]:
        """The entry at that height. IndexError above the tip."""
        return self._entries[height]

    def __contains__(self, entry: Entry[HeaderT]) -> bool:
        """Does this branch lead through `entry`?"""
        if entry.height >= len(self._entries):
            return False
        own = self._entries[entry.height]
        return own is entry or own == entry  # entries are shared: nearly always it is the same object

    def get_slice(self, start: int, end: int) -> list[Entry[HeaderT]]:
        """The entries at heights `start` .. `end - 1`, as far as the chain reaches."""
        return self._entries[start:end]

    def get_fork(self, entry: Entry[HeaderT]) -> Entry[HeaderT]:
        """The last entry that this branch shares with the one that ends in `entry`."""
        return entry if entry in self else get_fork(self.tip, entry)

    def move_to(self, tip: Entry[HeaderT]) -> None:
        """Follow another tip. O(length of the way there)."""
        if tip.previous is self._entries[-1]:  # nearly always: one more
            self._entries.append(tip)
            return
        fork = get_fork(self.tip, tip)
        del self._entries[fork.height + 1 :]
        self._entries += get_branch(fork, tip)

    def copy(self) -> "ChainPath[HeaderT]":
        """A list of our own to move."""
        return ChainPath(self._entries)

    def __deepcopy__(self, memo: dict[int, Any]) -> "ChainPath[HeaderT]":
        """Entries are shared, so a plain copy is deep enough."""
        return self.copy()

    def __plain_state__(self) -> bytes:
        """For digests of state: the tip says it all."""
        return self.tip.hash
