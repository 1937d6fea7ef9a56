"""The six decisions of the toy chain as they should be, and the peer that is whole with them.

`toy_faulty` has the same six with one mistake each. They are small on purpose: each is one rule, and each
rule is broken in another way. (This is the capstone's answer: `course.l18` lets nobody hand it in.)
"""

from blockchain_lab.base.effects import Effect
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.layers.toy_messages import Block, Signed, Vote
from blockchain_lab.layers.toy_node import OpenToyNode
from blockchain_lab.layers.toy_rules import draw_leader, find_bad_payment


class ToyNode(OpenToyNode):
    """Kind "toy": a peer that keeps all rules."""

    def is_authentic(self, message: Signed) -> bool:
        """A name is a claim, a signature a proof."""
        return message.has_own_signature

    def get_leader(self, slot: int) -> str:
        """From the slot's number, which is the same for everybody."""
        return draw_leader(self.chain.stakes, self.chain.seed, slot)

    def is_valid(self, block: Block) -> bool:
        """The leader's, later than its parent, and all payments signed and covered."""
        parent = self.branches.blocks[block.parent]
        return (
            block.slot > parent.slot
            and block.proposer == self.get_leader(block.slot)
            and all(self.is_authentic(payment) for payment in block.payments)
            and find_bad_payment(self.branches.ledgers[block.parent], block.payments) is None
        )

    def on_early_vote(self, vote: Vote) -> list[Effect]:
        """Keep it: the block will come."""
        self.branches.keep(vote)
        return []

    def settle(self, block: Block) -> None:
        """Who has never heard of a payment has nothing to forget."""
        for payment in block.payments:
            self.pending.pop(payment.name, None)

    def on_gap(self, block: Block, source: Address, now: Microseconds) -> list[Effect]:
        """Keep the block, and ask whoever sent it for what comes before."""
        if block.parent not in self.branches.blocks:
            self.remember(block)
        return self.ask(source, now)
