"""A peer of the toy chain that wants other people's coins, and tries in every slot what the rules forbid.

    in every slot    a payment from somebody else's account to its own, under its own signature
                     a block that must not be, with votes for it in all validators' names
    in its own slot  two valid blocks, half of the network gets each, one peer both; or none; or,
                     now and then, an honest one

Each of its blocks breaks one rule and keeps the others, so that whoever forgets this one rule takes it:

    another's turn   coins that it has not got; then a clean block, out of turn; then one in the leader's name
    its own turn     coins that it has not got; and a payment that its sender has not signed
    behind its own   a block no later than its parent, which it may propose as it leads that slot

It may hold stake of its own. As long as that is less than a third, and the others keep the rules, it can
waste its own slots and nothing else. It signs with its own key only: nobody's secret key is stolen here.
"""

from typing import Final

from blockchain_lab.base.effects import Effect, SendTo, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import Microseconds
from blockchain_lab.layers.toy_messages import MOST_PAYMENTS, Block, Payment, Vote
from blockchain_lab.layers.toy_repairs import ToyNode
from blockchain_lab.layers.toy_rules import Ledger, choose_payments

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
        """A stolen payment, and blocks that must not be, each with everybody's votes."""
        victims = [name for name in self.chain.balances if name != self.name]
        if not victims:
            return []
        victim = self.setup.random.choice(victims)
        lies: list[Message] = [self.steal(victim, self.branches.ledger)]
        for block in self.make_blocks(slot, victim):
            lies += [block, *self.vote_for_all(block)]
        return [effect for lie in lies for effect in self.tell(lie)]

    def make_blocks(self, slot: int, victim: str) -> list[Block]:
        """What the table above says, on the highest confirmed block."""
        tip, leader = self.branches.blocks[self.branches.tip], self.get_leader(slot)
        ledger = self.branches.ledgers[tip.name]
        waiting = choose_payments(ledger, self.pending.values(), MOST_PAYMENTS)
        number = ledger.get_number(self.name) + 1
        uncovered = (Payment(self.name, victim, MOON, number).signed_by(self.name),)
        made: list[tuple[int, str, tuple[Payment, ...]]]
        if leader == self.name:
            made = [(slot, self.name, uncovered), (slot, self.name, (self.steal(victim, ledger),))]
        else:
            lies = ((leader, waiting), (self.name, uncovered), (self.name, waiting))
            made = [(slot, *lies[slot % len(lies)])]
        if tip.proposer == self.name:
            made.append((tip.slot, self.name, waiting))
        return [Block(tip.name, *content).signed_by(self.name) for content in made]

    def steal(self, victim: str, ledger: Ledger) -> Payment:
        """Somebody's next payment, to itself; all of it is right but the signature."""
        return Payment(victim, self.name, LOOT, ledger.get_number(victim) + 1).signed_by(self.name)

    def vote_for_all(self, block: Block) -> list[Vote]:
        """A vote in each validator's name, under its own signature: its own is real, if it holds stake."""
        return [Vote(block.name, block.slot, name).signed_by(self.name) for name in self.chain.stakes]

    def tell_two(self, slot: int) -> list[Effect]:
        """Two blocks for one slot, both valid: every other peer gets the second one, the first peer both.

        It votes for both.
        """
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
            for block in pair if number == 0 else [pair[number % 2]]:
                lies: list[Message] = [block, *self.vote_for_all(block)]
                effects += [SendTo(message.address, lie) for lie in lies]
        return effects

    def pay_itself(self, parent: bytes) -> tuple[Payment, ...]:
        """A payment that may be, and makes a block another one; none if it has no coin."""
        ledger = self.branches.ledgers[parent]
        number = ledger.get_number(self.name) + 1
        own = Payment(self.name, self.name, 1, number).signed_by(self.name)
        return choose_payments(ledger, [own], 1)
