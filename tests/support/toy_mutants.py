"""The six decisions of the toy chain, each emptied or weakened in one way: what a learner may forget.

`MUTANTS` names all of them with the decision that they spoil; the other five are as they should be.
`test_l18_mutants` says which invariant finds each.
"""

from typing import Any, Final

from blockchain_lab.layers.toy_messages import Block, Payment, Vote
from blockchain_lab.layers.toy_node import OpenToyNode
from blockchain_lab.layers.toy_repairs import ToyNode
from blockchain_lab.layers.toy_rules import draw_leader, find_bad_payment, find_fault


class BelievesAll(ToyNode):
    def is_authentic(self, message):
        return True


class BelievesNobody(ToyNode):
    def is_authentic(self, message):
        return False


class BelievesPayments(ToyNode):
    def is_authentic(self, message):
        return isinstance(message, Payment) or message.has_own_signature


class BelievesBlocks(ToyNode):
    def is_authentic(self, message):
        return isinstance(message, Block) or message.has_own_signature


class BelievesVotes(ToyNode):
    def is_authentic(self, message):
        return isinstance(message, Vote) or message.has_own_signature


class LedByNobody(ToyNode):
    def get_leader(self, slot):
        return ""


class LedByHeight(ToyNode):
    def get_leader(self, slot):
        return draw_leader(self.chain.stakes, self.chain.seed, self.branches.height + 1)


class LedWithoutStake(ToyNode):
    def get_leader(self, slot):
        return draw_leader(dict.fromkeys(self.chain.stakes, 1), self.chain.seed, slot)


class LedWithoutSeed(ToyNode):
    def get_leader(self, slot):
        return draw_leader(self.chain.stakes, 0, slot)


class LedByMe(ToyNode):
    def get_leader(self, slot):
        return self.name


class AllValid(ToyNode):
    def is_valid(self, block):
        return True


class NoneValid(ToyNode):
    def is_valid(self, block):
        return False


def ask(node: OpenToyNode, block: Block, skipped: str) -> bool:
    """All questions of `ToyNode.is_valid` but one."""
    ledger = node.branches.ledgers[block.parent]
    answers = {
        "slot": block.slot > node.branches.blocks[block.parent].slot,
        "turn": block.proposer == node.get_leader(block.slot),
        "signatures": all(map(node.is_authentic, block.payments)),
        "coins": find_bad_payment(ledger, block.payments) is None,
    }
    del answers[skipped]
    return all(answers.values())


class NoSlot(ToyNode):
    def is_valid(self, block):
        return ask(self, block, "slot")


class NoTurn(ToyNode):
    def is_valid(self, block):
        return ask(self, block, "turn")


class NoSignatures(ToyNode):
    def is_valid(self, block):
        return ask(self, block, "signatures")


class NoCoins(ToyNode):
    def is_valid(self, block):
        return ask(self, block, "coins")


class EachAlone(ToyNode):
    def is_valid(self, block):
        ledger = self.branches.ledgers[block.parent]
        return ask(self, block, "coins") and not any(find_fault(ledger, each) for each in block.payments)


class PaymentsOnly(ToyNode):
    def is_valid(self, block):
        return find_bad_payment(self.branches.ledgers[block.parent], block.payments) is None


class DropsEarly(ToyNode):
    def on_early_vote(self, vote):
        return []


class KeepsOneEarly(ToyNode):
    def on_early_vote(self, vote):
        if vote.block not in self.branches.votes:
            self.branches.keep(vote)
        return []


class SettlesNothing(ToyNode):
    def settle(self, block):
        pass


class SettlesFirst(ToyNode):
    def settle(self, block):
        for payment in block.payments[:1]:
            self.pending.pop(payment.name, None)


class SettlesAll(ToyNode):
    def settle(self, block):
        self.pending.clear()


class SettlesKnown(ToyNode):
    def settle(self, block):
        for payment in block.payments:
            del self.pending[payment.name]


class DropsGap(ToyNode):
    def on_gap(self, block, source, now):
        return []


class KeepsGap(ToyNode):
    def on_gap(self, block, source, now):
        self.remember(block)
        return []


class AsksGap(ToyNode):
    def on_gap(self, block, source, now):
        return self.ask(source, now)


class AsksStrangers(ToyNode):
    def on_gap(self, block, source, now):
        if block.parent in self.branches.blocks:
            return []
        return super().on_gap(block, source, now)


class VotesTwice(ToyNode):
    def vote(self, block, now):
        self.voted = 0
        return super().vote(block, now)


class ProposesTwice(ToyNode):
    def propose(self, slot, now):
        twice = super().propose(slot, now)
        number = self.branches.ledgers[self.branches.tip].get_number(self.name) + 1
        other = Block(
            self.branches.tip,
            slot,
            self.name,
            (Payment(self.name, self.name, 1, number).signed_by(self.name),),
        )
        return [*twice, *self.tell(other.signed_by(self.name))]


MUTANTS: Final[dict[str, type[Any]]] = {
    kind.__name__: kind for kind in ToyNode.__subclasses__() if kind.__module__ == __name__
}
