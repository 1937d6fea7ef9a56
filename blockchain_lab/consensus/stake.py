"""Plain proof of stake: in each tick everybody has a chance that is proportional to its stake.

Peercoin without ages, as later coins have it (Blackcoin's "proof of stake 3.0"): stakes stand in the
scenario and never change, and everybody knows their sum. So the chain needs no retarget, and each block
counts 1. The kernel, and where its modifier comes from, is told in `kernel`.

A majority does not always win: 51 % find the next block with a chance of 51 %, and the next six with 1.8 %.
It wins long races, sooner or later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Self

from blockchain_lab.base.draws import MASK_64
from blockchain_lab.base.units import MINUTE, SECOND, Microseconds
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.checks import check_block, check_no_proof, check_weight
from blockchain_lab.consensus.kernel import MODIFIERS, Modifier, compute_limit, get_first_modifier
from blockchain_lab.consensus.kernel_turn import Clock
from blockchain_lab.consensus.parameters import MOST_TIME, read_parameters
from blockchain_lab.consensus.proposer import Turn

WEIGHT: Final = 1  # of every block


@dataclass(frozen=True)
class Stake:
    """A `Proposer`. Its state is the kernel's modifier."""

    UNITS: ClassVar[Mapping[str, str]] = {"stakes": "units of stake"}
    NUMBERS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "tick": (1, MOST_TIME),
        "spacing": (1, MOST_TIME),
        "interval": (1, MOST_TIME),
        "seed": (0, MASK_64),
    }
    WORDS: ClassVar[Mapping[str, tuple[str, ...]]] = {"modifier": MODIFIERS}

    stakes: Mapping[str, int]
    tick: Microseconds = SECOND  # Peercoin: one kernel a second
    spacing: Microseconds = MINUTE  # between blocks, when all take part; Peercoin has 10 minutes
    interval: Microseconds = 36 * MINUTE  # between modifiers, in spacings as many as Peercoin's 6 hours have
    modifier: str = "interval"
    seed: int = 0  # of the first modifier; the scenario's, if its chain names no other

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """From a scenario. ScenarioError."""
        return read_parameters(cls, plain)

    def get_start(self) -> Modifier:
        """No block has said anything yet."""
        return get_first_modifier(self.seed)

    def get_shares(self, state: Modifier) -> Mapping[str, int]:
        """The stakes."""
        return self.stakes

    @property
    def clock(self) -> Clock:
        """Its ticks."""
        return Clock(self.tick, self.spacing, self.interval, self.modifier)

    def get_limit(self, who: str) -> int:
        """Below which its kernels win, in any tick."""
        return compute_limit(self.stakes.get(who, 0), sum(self.stakes.values()), self.clock.ticks)

    def find_turn(
        self, state: Modifier, parent: BlockEntry, who: str, after: Microseconds, luck: int
    ) -> Turn | None:
        """The next tick in which its kernel is small enough, within 65,536 of them."""
        limit = self.get_limit(who)
        if limit == 0:
            return None
        tick = self.clock.find(state, who.encode(), parent, after, lambda tick: limit)
        return None if tick is None else Turn(tick * self.tick, WEIGHT)

    def apply(self, state: Modifier, parent: BlockEntry, block: Block) -> Modifier:
        """RuleBroken "kernel", "weight", "proof", and what `check_block` asks."""
        check_block(parent, block, self.stakes)
        check_weight(block, WEIGHT)
        check_no_proof(block)
        limit = self.get_limit(block.proposer)
        self.clock.check(state, block.proposer.encode(), block, lambda tick: limit)
        return self.clock.get_next_modifier(state, parent, block)
