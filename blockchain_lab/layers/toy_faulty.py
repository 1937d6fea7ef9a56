"""The toy chain as the capstone hands it out: six decisions, each with the mistake that somebody would make.

All but the last word of this file is modelled on the lecture's program (Tribler/asci-a27, 2024), which has
most of these mistakes, some as exercises and some by accident. Each method is one fault and repairs none of
the others. `FAULTS` says which is which; nothing here is ever right.
"""

from collections.abc import Iterable
from typing import Final

from blockchain_lab.base.effects import Effect
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.layers.toy_messages import Block, Signed, Vote
from blockchain_lab.layers.toy_node import OpenToyNode
from blockchain_lab.layers.toy_repairs import ToyNode
from blockchain_lab.layers.toy_rules import draw_leader


class FaultyNode(OpenToyNode):
    """Kind "toy-faulty": runs well as long as nothing goes wrong and nobody lies."""

    def is_authentic(self, message: Signed) -> bool:
        """The author has an account: we know who that is."""
        return message.author in self.chain.balances

    def get_leader(self, slot: int) -> str:
        """Whoever is drawn for the next block of our chain."""
        return draw_leader(self.chain.stakes, self.chain.seed, self.branches.height + 1)

    def is_valid(self, block: Block) -> bool:
        """Blocks come from the leader, so they are fine."""
        return True

    def on_early_vote(self, vote: Vote) -> list[Effect]:
        """A vote for a block that nobody has heard of is worth nothing."""
        return []

    def settle(self, block: Block) -> None:
        """Its payments are done."""
        for payment in block.payments:
            del self.pending[payment.name]

    def on_gap(self, block: Block, source: Address, now: Microseconds) -> list[Effect]:
        """It belongs to another branch than ours."""
        return []


FAULTS: Final = ("is_authentic", "get_leader", "is_valid", "on_early_vote", "settle", "on_gap")


def plant(faults: Iterable[str]) -> type[OpenToyNode]:
    """A peer with these faults and no others. UsageError for a name that is none of `FAULTS`."""
    wanted = list(faults)
    for name in wanted:
        if name not in FAULTS:
            raise UsageError(f"plant: found {name!r}, accepted: {', '.join(FAULTS)}")
    return type("Planted", (ToyNode,), {name: vars(FaultyNode)[name] for name in wanted})
