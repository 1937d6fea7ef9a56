"""Selfish mining on real blocks, and the tie rule of the honest that decides how well it pays.

    our lead     the others find a block
    1            we show ours: both branches are as long, and each miner has to choose (a tie)
    2            we show both: ours is longer by one, and theirs is lost
    more         we show as many as they have; the rest stays secret

In a tie, whoever finds the next block decides; if it is us, we show it at once. How many of the others mine
on our block in a tie is gamma. In Bitcoin everybody stays with what came first; `TossingNode` is an honest
miner that tosses a coin instead, so that a lesson can set gamma.

The state machine, the formula and the source stand in `chain.selfish_mining`.
"""

from dataclasses import replace

from blockchain_lab.base.actions import Command, SetPolicy
from blockchain_lab.base.draws import MILLION, draw, get_key, is_hit
from blockchain_lab.base.effects import Effect
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.bitcoin.attacks_secret import NO_PAYMENTS, SecretMiner, think
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.faulty import DisguisedNode
from blockchain_lab.bitcoin.node import BitcoinNode


class SelfishMiner(SecretMiner):
    """Keeps its blocks back, and shows them when that costs the others most."""

    def __init__(self, setup: Setup) -> None:
        """Takes the policy of an honest node."""
        super().__init__(setup)
        self.is_tie = False  # our branch is public, and as long as that of the others

    def on_found(self, now: Microseconds) -> list[Effect]:
        """In a tie it wins us both blocks; else it stays secret."""
        if not self.is_tie:
            return [think("keeps a block back", lead=self.get_lead())]
        self.is_tie = False
        return [think("wins the tie", height=self.head.height), *self.publish(len(self.secret), now)]

    def on_public_tip(self, now: Microseconds) -> list[Effect]:
        """The others have found one: how far are we ahead now?"""
        lead, secret = self.get_lead(), len(self.secret)
        if self.head.work < self.inner.chain.tip.work:
            lost, self.is_tie = self.is_tie or secret > 0, False
            self.start_over()
            return [think("starts over", height=self.head.height)] if lost else []
        if lead == 0:
            self.is_tie = True
            return [think("makes it a tie", height=self.head.height), *self.publish(secret, now)]
        if lead == 1:
            return [think("shows all and wins", blocks=secret), *self.publish(secret, now)]
        return [think("shows as many as they have", lead=lead), *self.publish(secret - lead, now)]


class TossingNode(DisguisedNode):
    """An honest miner that does not always stay with what came first.

    Policy `toss`, over that of an honest node: the chance, in parts per million, that of two branches with
    equal work it mines on the one that came second. 0 is Bitcoin; 500,000 is what Eyal and Sirer propose
    against selfish mining. The coin belongs to the node and the block: seen again, it falls as before.
    Only mining is touched: what it says, serves and lets wait goes with the branch that came first, which
    is why it finds empty blocks on the other one.
    """

    def __init__(self, setup: Setup) -> None:
        """UsageError for a chance that is none."""
        self.toss = setup.policy.get("toss", 0)
        if problem := find_problem_of_toss(self.toss):
            raise UsageError(problem)
        self.key = get_key(setup.random.key, "toss")
        honest = {key: value for key, value in setup.policy.items() if key != "toss"}
        super().__init__(BitcoinNode(replace(setup, policy=honest)))

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """As the inner node; then toss, if this was a block that makes it a tie."""
        effects = super().on_message(conn, message, now)
        if isinstance(message, Block) and self._is_rival(name := message.header.hash()):
            goes_over = is_hit(draw(self.key, int.from_bytes(name[:8], "little")), self.toss)
            if goes_over:
                mining = self.inner.blocks.mining  # its timer runs on: waiting so far has gained nothing
                mining.parent, mining.template = self.chain.tree[name], NO_PAYMENTS
            effects.append(think("tosses a coin", height=self.chain.height, goes_over=goes_over))
        return effects

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """As the inner node, whose policy has no coin in it."""
        match command:
            case SetPolicy(key="toss", value=value):
                self.toss = value
                return []
            case SetPolicy(key=key, value=value):
                self.inner.setup.policy[key] = value
        return super().on_command(command, now)

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """As the inner node, and for the coin."""
        match command:
            case SetPolicy(key="toss", value=value):
                return find_problem_of_toss(value)
        return super().find_problem(command, now)

    def _is_rival(self, name: bytes) -> bool:
        """Is it a stored block, not our tip, with as much work behind it; and do we mine?"""
        entry, tip = self.chain.tree.get(name), self.chain.tip
        is_equal = entry is not None and entry != tip and entry.work == tip.work
        return is_equal and self.chain.has_block(name) and self.inner.blocks.mining.parent is not None


def find_problem_of_toss(chance: object) -> str | None:
    """Why this is no chance in parts per million."""
    if type(chance) is int and 0 <= chance <= MILLION:
        return None
    return f"policy.toss: found {chance!r}, accepted: a whole number from 0 to 1000000"
