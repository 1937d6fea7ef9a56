"""The locator: where our chain stands, told in a few hashes, so that a stranger can find where we part.

    heights 20 19 18 17 16 15 14 13 12 11 10 9   7   3   0        a tip at 20: one by one, then doubling

Source: Bitcoin Core `chain.cpp` (LocatorEntries) and `net_processing.cpp` (FindForkInGlobalIndex).
"""

from collections.abc import Sequence
from typing import Final

from blockchain_lab.bitcoin.block import Header
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.chain.tree import Entry, get_ancestor

DENSE: Final = 10  # once more hashes than that are listed, each step is twice the last


def compute_locator_heights(height: int) -> list[int]:
    """The heights that a locator for a tip at `height` names, the tip first, always ending in 0."""
    heights = [height]
    step = 1
    while heights[-1] > 0:
        below = max(0, heights[-1] - step)
        if len(heights) > DENSE:
            step *= 2
        heights.append(below)
    return heights


def make_locator(entry: Entry[Header]) -> tuple[bytes, ...]:
    """The hashes at those heights on the branch that ends in `entry`. O(log n) hashes, O(log² n) time."""
    hashes = []
    for height in compute_locator_heights(entry.height):
        entry = get_ancestor(entry, height)
        hashes.append(entry.hash)
    return tuple(hashes)


def find_fork(locator: Sequence[bytes], chain: ChainState) -> Entry[Header]:
    """The first block of a stranger's locator that is on our active chain; the genesis when none is."""
    for name in locator:
        entry = chain.tree.get(name)
        if entry is not None and entry in chain.active:
            return entry
    return chain.active[0]
