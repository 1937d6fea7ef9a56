"""From kernels to blocks: the next tick in which somebody may make one, and was a block made in its own?"""

from collections.abc import Callable
from dataclasses import dataclass

from blockchain_lab.base.units import Microseconds
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.checks import check_tick
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.kernel import Modifier, compute_kernel, compute_next_modifier, find_tick


@dataclass(frozen=True, slots=True)
class Clock:
    """The ticks of a chain, and how long a modifier holds."""

    tick: Microseconds
    spacing: Microseconds  # between blocks, when all take part
    interval: Microseconds  # between modifiers of the kind "interval"
    kind: str  # of modifier

    @property
    def ticks(self) -> int:
        """Of one spacing, at least 1."""
        return max(1, self.spacing // self.tick)

    def find(
        self,
        modifier: Modifier,
        ticket: bytes,
        parent: BlockEntry,
        after: Microseconds,
        get_limit: Callable[[int], int],
    ) -> int | None:
        """The first tick after `after` whose kernel wins, within 65,536 of them."""
        first = max(after, parent.header.time) // self.tick + 1
        return find_tick(modifier.value, ticket, first, get_limit)

    def check(self, modifier: Modifier, ticket: bytes, block: Block, get_limit: Callable[[int], int]) -> None:
        """RuleBroken "time", "kernel": this block's tick is none of the ticket's."""
        tick = check_tick(block, self.tick)
        if compute_kernel(modifier.value, ticket, tick) >= get_limit(tick):
            raise RuleBroken("kernel", f"{block.proposer!r} has no turn at {block.time}")

    def get_next_modifier(self, modifier: Modifier, parent: BlockEntry, block: Block) -> Modifier:
        """The one behind `block`."""
        is_new = block.time // self.interval > parent.header.time // self.interval
        return compute_next_modifier(
            modifier, self.kind, proposer=block.proposer, name=block.name, is_new_interval=is_new
        )
