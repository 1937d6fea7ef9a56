"""Lesson 18, repairs that are none: what people write first, one method each, and what each forgets.

Every class here is wrong in one way, which the checker finds. `l18_others` has repairs that are right. They
are classes so that Python and we can read them; the questions take their text.
"""

from blockchain_lab.base.effects import Effect
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.layers.toy_faulty import FaultyNode
from blockchain_lab.layers.toy_messages import Block, Signed, Vote
from blockchain_lab.layers.toy_rules import draw_leader, find_bad_payment


class PopAlone(FaultyNode):
    """Of `settle`."""

    def settle(self, block: Block) -> None:
        """`pop` with one argument raises as `del` does."""
        for payment in block.payments:
            self.pending.pop(payment.name)


class PopBlock(FaultyNode):
    """Of `settle`."""

    def settle(self, block: Block) -> None:
        """What waits has payments' names, not blocks'."""
        del self.pending[block.name]


class KeepAll(FaultyNode):
    """Of `settle`."""

    def settle(self, block: Block) -> None:
        """Nothing raises, and nothing is done."""
        return


class AnySignature(FaultyNode):
    """Of `is_authentic`."""

    def is_authentic(self, message: Signed) -> bool:
        """Everything bears a signature. Whose is it?"""
        return bool(message.signature)


class ValidatorsOnly(FaultyNode):
    """Of `is_authentic`."""

    def is_authentic(self, message: Signed) -> bool:
        """Clients have no stake, and pay all the same."""
        return message.author in self.chain.stakes


class NobodyBelieved(FaultyNode):
    """Of `is_authentic`."""

    def is_authentic(self, message: Signed) -> bool:
        """Nothing wrong happens, nor anything else."""
        return False


class ByTip(FaultyNode):
    """Of `get_leader`."""

    def get_leader(self, slot: int) -> str:
        """The highest confirmed block differs from peer to peer as the last final one does."""
        return draw_leader(self.chain.stakes, self.chain.seed, self.branches.heights[self.branches.tip] + 1)


class InTurn(FaultyNode):
    """Of `get_leader`."""

    def get_leader(self, slot: int) -> str:
        """The same for all, but a small stake leads as often as a large one."""
        return list(self.chain.stakes)[slot % len(self.chain.stakes)]


class LeaderOnly(FaultyNode):
    """Of `is_valid`."""

    def is_valid(self, block: Block) -> bool:
        """The forger has turns of its own."""
        return block.proposer == self.get_leader(block.slot)


class CoinsOnly(FaultyNode):
    """Of `is_valid`."""

    def is_valid(self, block: Block) -> bool:
        """The forger may pay its own coins, but not whenever it likes."""
        return find_bad_payment(self.branches.ledgers[block.parent], block.payments) is None


class NoList(FaultyNode):
    """Of `on_early_vote`."""

    def on_early_vote(self, vote: Vote) -> list[Effect]:
        """Kept, but None is no list of effects."""
        self.branches.keep(vote)
        return None  # type: ignore[return-value]


class AmongPayments(FaultyNode):
    """Of `on_early_vote`."""

    def on_early_vote(self, vote: Vote) -> list[Effect]:
        """A vote waits among payments."""
        self.pending[vote.name] = vote  # type: ignore[assignment]
        return []


class KeepAlone(FaultyNode):
    """Of `on_gap`."""

    def on_gap(self, block: Block, source: Address, now: Microseconds) -> list[Effect]:
        """Nobody sends what is missing unless somebody asks."""
        self.remember(block)
        return []


class AskOnce(FaultyNode):
    """Of `on_gap`."""

    def on_gap(self, block: Block, source: Address, now: Microseconds) -> list[Effect]:
        """The time is not told: who asks in slot 0 asks once in a life."""
        if block.parent not in self.branches.blocks:
            self.remember(block)
        return self.ask(source, 0)
