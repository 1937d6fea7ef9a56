"""Who may propose the next block, and when: the one interface of all lotteries and of all schedules.

A proposer rule is a small frozen object of parameters. Its state is a function of a branch alone: `start`
at the genesis, `apply` for each block on the way. So two branches have two states, nobody asks a clock, and
whoever has the blocks can check every right to propose again.

    pow_lottery · stake · peercoin · authority · clique · burn · capacity · history      one room each

No network and no finality here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from blockchain_lab.base.units import Microseconds
from blockchain_lab.consensus.block import Block, BlockEntry

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to propose a block: `proof` and `weight` go into it as they are."""

    at: Microseconds  # the earliest time at which the block may be made; also its `time`
    weight: int
    proof: bytes = b""


class Proposer(Protocol[State]):
    """`State` is immutable, and equal for equal branches."""

    def get_start(self) -> State:
        """The state behind the genesis."""
        ...

    def apply(self, state: State, parent: BlockEntry, block: Block) -> State:
        """The state behind `block`, its parent's being `state`. RuleBroken when it had no right to be."""
        ...

    def find_turn(
        self, state: State, parent: BlockEntry, who: str, after: Microseconds, luck: int
    ) -> Turn | None:
        """When `who` may propose on `parent`, the first time after `after`; None when it never may.

        luck: a 64-bit key of this node, for lotteries without proof (proof of work); the others ignore it.
        Asked again whenever the tip changes.
        """
        ...

    def get_shares(self, state: State) -> Mapping[str, int]:
        """Everybody's weight in the lottery here: the resource that should get its share of blocks."""
        ...
