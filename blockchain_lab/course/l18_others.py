"""Lesson 18, the six repairs written another way: the second opinion on `layers.toy_repairs`.

And how the text of a repair comes from a class of ours, as a learner would have written it.
"""

import inspect
from collections.abc import Iterable, Mapping
from textwrap import dedent, indent
from typing import Any

from blockchain_lab.base.effects import Effect
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.course.l18_repair import CLASS_LINE
from blockchain_lab.layers.toy_faulty import FAULTS, FaultyNode
from blockchain_lab.layers.toy_messages import Block, Signed, Vote
from blockchain_lab.layers.toy_repairs import ToyNode
from blockchain_lab.layers.toy_rules import draw_leader, find_fault, pay


class OtherNode(FaultyNode):
    """Right as well."""

    def is_authentic(self, message: Signed) -> bool:
        """Known, and signed."""
        if message.author not in self.chain.balances:
            return False
        return message.has_own_signature

    def get_leader(self, slot: int) -> str:
        """What everybody knows: stakes, seed, slot."""
        chain = self.chain
        return draw_leader(chain.stakes, chain.seed, number=slot)

    def is_valid(self, block: Block) -> bool:
        """Payment by payment."""
        ledger = self.branches.ledgers[block.parent]
        for payment in block.payments:
            if not self.is_authentic(payment) or find_fault(ledger, payment):
                return False
            ledger = pay(ledger, payment)
        is_later = block.slot > self.branches.blocks[block.parent].slot
        return is_later and self.get_leader(block.slot) == block.proposer

    def on_early_vote(self, vote: Vote) -> list[Effect]:
        """Into the drawer from which it will be counted."""
        self.branches.votes.setdefault(vote.block, {}).setdefault(vote.voter, vote)
        return []

    def settle(self, block: Block) -> None:
        """Keep what is not in the block."""
        done = [payment.name for payment in block.payments]
        self.pending = {name: each for name, each in self.pending.items() if name not in done}

    def on_gap(self, block: Block, source: Address, now: Microseconds) -> list[Effect]:
        """Ask first, then keep."""
        effects = self.ask(source, now)
        if self.branches.blocks.get(block.parent) is None:
            self.remember(block)
        return effects


def write_methods(node: type[Any], names: Iterable[str] = FAULTS) -> str:
    """The text of a class with the methods of these names that the given class of ours has itself."""
    methods: Mapping[str, Any] = vars(node)
    sources = [dedent(inspect.getsource(methods[name])) for name in names if name in methods]
    return f"{CLASS_LINE}\n" + "\n".join(indent(source, "    ") for source in sources)


def write_reference(*names: str) -> str:
    """The reference repairs of these decisions; of all six when none is named."""
    return write_methods(ToyNode, names or FAULTS)


def write_other(*names: str) -> str:
    """The same, the other way."""
    return write_methods(OtherNode, names or FAULTS)
