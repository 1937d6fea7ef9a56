"""Proof of burn: whoever has destroyed coins takes part, as if they were stake. They come back never.

    burn 100  ->  wait  ->  a weight of 100, half of it after `half_life` blocks, a quarter after two ...

A burn is an order in a block. It counts a number of blocks later, so that nobody burns for a draw that is
already known, and then it decays: who wants to stay must burn again. All that a name has burnt is one ticket
of the `kernel`, and its chance is its part of what everybody's burns weigh in that block.

Costs have been paid whichever branch wins: to sign two branches is as cheap as with stake, and there is
nothing left to take away.

The idea is Slimcoin's (2014); waiting time and halving are ours, in whole numbers. Nobody has a purse here,
so a scenario must not let anybody burn what it has not. The same amount burns only once for each name: orders
have no number, so a second one could as well be a copy of the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final, NamedTuple, Self

from blockchain_lab.base.draws import MASK_64
from blockchain_lab.base.units import MINUTE, SECOND, Microseconds
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.checks import check_block, check_no_proof, check_weight
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.kernel import MODIFIERS, Modifier, compute_limit, get_first_modifier
from blockchain_lab.consensus.kernel_turn import Clock
from blockchain_lab.consensus.orders import Burn
from blockchain_lab.consensus.parameters import MOST_TIME, read_parameters
from blockchain_lab.consensus.proposer import Turn

WEIGHT: Final = 1  # of every block
FOREVER: Final = 1 << 32  # blocks


class Burnt(NamedTuple):
    """One burn."""

    name: str
    amount: int
    counts_from: int  # a height


@dataclass(frozen=True, slots=True)
class Ashes:
    """The state behind a block: what has been burnt by then, and the kernel's modifier."""

    burns: tuple[Burnt, ...]
    modifier: Modifier
    height: int


def compute_decayed(amount: int, age: int, half_life: int) -> int:
    """What a burn of this age, in blocks, still weighs: halved each half-life, in a straight line between.

    Rounded down. half_life 0: it never decays.
    """
    if half_life == 0:
        return amount
    halvings, rest = divmod(age, half_life)
    if halvings > amount.bit_length():
        return 0
    return amount * (2 * half_life - rest) // (2 * half_life << halvings)


@dataclass(frozen=True)
class BurnLottery:
    """A `Proposer`. Its state is `Ashes`."""

    UNITS: ClassVar[Mapping[str, str]] = {"burnt": "units burnt before the genesis"}
    NUMBERS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "wait": (1, FOREVER),
        "half_life": (0, FOREVER),
        "tick": (1, MOST_TIME),
        "spacing": (1, MOST_TIME),
        "interval": (1, MOST_TIME),
        "seed": (0, MASK_64),
    }
    WORDS: ClassVar[Mapping[str, tuple[str, ...]]] = {"modifier": MODIFIERS}

    burnt: Mapping[str, int] = field(default_factory=dict)
    wait: int = 6  # blocks from the one that carries a burn to the first for which it counts; ours
    half_life: int = 0  # blocks; 0: burns do not decay
    tick: Microseconds = SECOND
    spacing: Microseconds = MINUTE  # between blocks, when all take part
    interval: Microseconds = 36 * MINUTE  # between modifiers
    modifier: str = "interval"
    seed: int = 0  # of the first modifier; the scenario's, if its chain names no other

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """From a scenario. ScenarioError."""
        return read_parameters(cls, plain)

    def get_start(self) -> Ashes:
        """What was burnt before counts from block 1 on."""
        burns = tuple(Burnt(name, amount, 1) for name, amount in self.burnt.items() if amount)
        return Ashes(burns, get_first_modifier(self.seed), 0)

    def get_shares(self, state: Ashes) -> Mapping[str, int]:
        """What everybody's burns weigh in the lottery for the next block. O(burns)"""
        shares: dict[str, int] = {}
        for name, amount, counts_from in state.burns:
            age = state.height + 1 - counts_from
            weight = compute_decayed(amount, age, self.half_life) if age >= 0 else 0
            shares[name] = shares.get(name, 0) + weight
        return shares

    @property
    def clock(self) -> Clock:
        """Its ticks."""
        return Clock(self.tick, self.spacing, self.interval, self.modifier)

    def get_limit(self, state: Ashes, who: str) -> int:
        """Below which its kernels win, in any tick before the next block."""
        shares = self.get_shares(state)
        weight = shares.get(who, 0)
        return compute_limit(weight, sum(shares.values()), self.clock.ticks) if weight else 0

    def find_turn(
        self, state: Ashes, parent: BlockEntry, who: str, after: Microseconds, luck: int
    ) -> Turn | None:
        """The next tick in which its kernel is small enough, within 65,536 of them."""
        limit = self.get_limit(state, who)
        if limit == 0:
            return None
        tick = self.clock.find(state.modifier, who.encode(), parent, after, lambda tick: limit)
        return None if tick is None else Turn(tick * self.tick, WEIGHT)

    def apply(self, state: Ashes, parent: BlockEntry, block: Block) -> Ashes:
        """RuleBroken "kernel", "weight", "proof", what `check_block` asks; and what `check_burn` does."""
        check_block(parent, block, self.get_shares(state))
        check_weight(block, WEIGHT)
        check_no_proof(block)
        limit = self.get_limit(state, block.proposer)
        self.clock.check(state.modifier, block.proposer.encode(), block, lambda tick: limit)
        for order in block.operations:
            if isinstance(order, Burn):
                state = self.add(state, order, block.height)
        return Ashes(state.burns, self.clock.get_next_modifier(state.modifier, parent, block), block.height)

    def add(self, state: Ashes, order: Burn, height: int) -> Ashes:
        """The same state with one more burn, in a block of this height. RuleBroken, as `check_burn`."""
        return replace(state, burns=(*state.burns, self.check_burn(state.burns, order, height)))

    def check_burn(self, burns: tuple[Burnt, ...], order: Burn, height: int) -> Burnt:
        """The burn that an order is, at this height. RuleBroken "signature", "amount", "duplicate"."""
        if not order.is_signed():
            raise RuleBroken("signature", f"a burn is not signed by {order.name!r}")
        if order.amount == 0:
            raise RuleBroken("amount", "found a burn of 0, wanted more")
        is_copy = any(each[:2] == (order.name, order.amount) and each.counts_from > 1 for each in burns)
        if is_copy:  # what counts from block 1 on was burnt before the genesis, without an order
            raise RuleBroken("duplicate", f"{order.name!r} has burnt {order.amount} before: this is a copy")
        return Burnt(order.name, order.amount, height + self.wait)
