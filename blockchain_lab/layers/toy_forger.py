"""A peer of the toy chain that wants other people's coins, and tries in every slot what the rules forbid.

    in every slot    a payment from somebody else's account to its own, under its own signature
                     a block of its own, whosever turn it is, with coins that it has not got
                     votes for that block in all validators' names
    in its own slot  two valid blocks, half of the network gets each, with everybody's votes; or none; or,
                     now and then, an honest one

It may hold stake of its own. As long as that is less than a third, and the others keep the rules, it can
waste its own slots and nothing else. It signs with its own key only: nobody's secret key is stolen here.
"""

from typing import Final

from blockchain_lab.base.effects import Effect, SendTo, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import Microseconds
from blockchain_lab.layers.toy_messages import MOST_PAYMENTS, Block, Payment, Vote
from blockchain_lab.layers.toy_repairs import ToyNode
from blockchain_lab.layers.toy_rules import choose_payments

LOOT: Final = 7  # coins that it takes from somebody: few, so that only the signature is wrong
MOON: Final = 1_000_000  # coins that it has not got


class ToyForger(ToyNode):
    """Kind "toy-forger"."""

    def propose(self, slot: int, now: Microseconds) -> list[Effect]:
        """Its turn: one of three things, by its own luck."""
        self.proposed = slot
        choice = self.setup.random.below(3)
        if choice == 0:
            return super().propose(slot, now)
        return self.tell_two(slot) if choice == 1 else []  # `on_timer` has forged a block for this slot

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Lies first, then what everybody does."""
        return [*self.forge(self.get_slot(now)), *super().on_timer(name, now)]

    def forge(self, slot: int) -> list[Effect]:
        """A stolen payment, and a block with what it has not got, with everybody's votes."""
        victims = [name for name in self.chain.balances if name != self.name]
        if not victims:
            return []
        victim, ledger = self.setup.random.choice(victims), self.branches.ledger
        stolen = Payment(victim, self.name, LOOT, ledger.get_number(victim) + 1).signed_by(self.name)
        number = self.branches.ledgers[self.branches.tip].get_number(self.name) + 1
        uncovered = Payment(self.name, victim, MOON, number).signed_by(self.name)
        block = Block(self.branches.tip, slot, self.name, (uncovered,)).signed_by(self.name)
        lies = (stolen, block, *self.vote_for_all(block))
        return [effect for lie in lies for effect in self.tell(lie)]

    def vote_for_all(self, block: Block) -> list[Vote]:
        """A vote in each validator's name, under its own signature: its own is real, if it holds stake."""
        return [Vote(block.name, block.slot, name).signed_by(self.name) for name in self.chain.stakes]

    def tell_two(self, slot: int) -> list[Effect]:
        """Two blocks for one slot, both valid: every other peer gets the second one. It votes for both."""
        parent = self.branches.tip
        ledger, pending = self.branches.ledgers[parent], list(self.pending.values())
        full = Block(parent, slot, self.name, choose_payments(ledger, pending, MOST_PAYMENTS))
        empty = Block(parent, slot, self.name, choose_payments(ledger, pending, MOST_PAYMENTS - 1))
        if full == empty:
            empty = Block(parent, slot, self.name, self.pay_itself(parent))
        pair = [block.signed_by(self.name) for block in (full, empty)]
        effects: list[Effect] = []
        for number, message in enumerate(self.tell(pair[0])):
            assert isinstance(message, SendTo)
            block = pair[number % 2]
            lies: list[Message] = [block, *self.vote_for_all(block)]
            effects += [SendTo(message.address, lie) for lie in lies]
        return effects

    def pay_itself(self, parent: bytes) -> tuple[Payment, ...]:
        """A payment that may be, and makes a block another one; none if it has no coin."""
        ledger = self.branches.ledgers[parent]
        number = ledger.get_number(self.name) + 1
        own = Payment(self.name, self.name, 1, number).signed_by(self.name)
        return choose_payments(ledger, [own], 1)
