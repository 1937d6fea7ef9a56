"""Share of the resource against share of the blocks: does a lottery give everybody what it promises?

`run_lottery` plays one without a network: everybody hears of a block at once, and whoever's turn is first
makes the next one. What delays and forks do to the shares, nodes show.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from blockchain_lab.base.draws import draw, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.chain.tree import get_branch
from blockchain_lab.consensus.block import Block, BlockEntry, make_entry, make_genesis
from blockchain_lab.consensus.proposer import Proposer, Turn


@dataclass(frozen=True, slots=True)
class Share:
    """One bar of the histogram."""

    name: str
    units: int  # of the resource
    total: int  # everybody's
    blocks: int
    among: int  # blocks of the branch

    def is_fair(self, sigmas: int = 3) -> bool:
        """Are the blocks within so many standard errors of independent draws? Whole numbers only."""
        off = self.blocks * self.total - self.among * self.units  # times `total`
        return off**2 <= sigmas**2 * self.among * self.units * (self.total - self.units)


def count_blocks(root: BlockEntry, tip: BlockEntry) -> dict[str, int]:
    """Blocks by proposer above `root` up to `tip`, in the order of their first. O(blocks)"""
    counts: dict[str, int] = {}
    for entry in get_branch(root, tip):
        counts[entry.header.proposer] = counts.get(entry.header.proposer, 0) + 1
    return counts


def get_histogram(shares: Mapping[str, int], blocks: Mapping[str, int]) -> list[Share]:
    """One bar for each name that has a share or a block, shares first."""
    total, among = sum(shares.values()), sum(blocks.values())
    names = list(dict.fromkeys([*shares, *blocks]))
    return [Share(name, shares.get(name, 0), total, blocks.get(name, 0), among) for name in names]


def choose_first(
    proposer: Proposer[Any], state: Any, parent: BlockEntry, names: Iterable[str], after: int, seed: int
) -> tuple[str, Turn] | None:
    """Whose turn is first? At the same time luck decides: each peer keeps what it hears first."""
    turns = []
    for number, name in enumerate(names):
        turn = proposer.find_turn(state, parent, name, after, get_key(seed, name))
        if turn is not None:
            turns.append((turn.at, draw(seed, parent.height, number), name, turn))
    if not turns:
        return None
    *_, name, turn = min(turns, key=lambda row: row[:2])
    return name, turn


def make_block(parent: BlockEntry, name: str, turn: Turn) -> Block:
    """Without operations, signed."""
    return Block(parent.hash, parent.height + 1, turn.at, name, turn.weight, turn.proof).sign()


def run_lottery(
    proposer: Proposer[Any],
    names: Iterable[str],
    blocks: int,
    seed: int = 1,
    start: tuple[BlockEntry, Any] | None = None,
) -> list[tuple[BlockEntry, Any]]:
    """So many blocks, each with the state behind it; at first the genesis, or `start`. Each is checked.

    UsageError when nobody has a turn any more.
    """
    names = list(names)
    branch = [(make_genesis(), proposer.get_start()) if start is None else start]
    for _ in range(blocks):
        parent, state = branch[-1]
        first = choose_first(proposer, state, parent, names, parent.header.time, seed)
        if first is None:
            raise UsageError(f"lottery: nobody of {', '.join(names)} has a turn behind {parent}")
        block = make_block(parent, *first)
        branch.append((make_entry(block, parent), proposer.apply(state, parent, block)))
    return branch
