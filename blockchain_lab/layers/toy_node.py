"""A peer of the toy chain: payments, a leader by stake for each slot, blocks, votes, and what is final.

    on_timer      a slot begins: its leader puts a block on the highest confirmed one and tells everybody
    on_block      is it valid? Then I vote for it, once in a slot, if its parent is as high as any I know
    on_vote       with two thirds of the stake the block is confirmed; three slots in a row make it final
    on_payment    I pass it on, and it waits until a leader takes it
    on_ask        somebody was away: here is what it has missed

Clients and validators run the same node; who holds no stake never leads and never votes. Everything goes by
datagrams, which may be lost, doubled and overtaken. Six decisions stand in methods that this class leaves
open (`is_authentic` to `on_gap`): `toy_repairs` has them as they should be, `toy_faulty` as the capstone
hands them out. The rules are `toy_rules`, the tree is `toy_branches`.
"""

from typing import Any, ClassVar, Final

from blockchain_lab.base.actions import Command, Pay
from blockchain_lab.base.choices import check_keys
from blockchain_lab.base.effects import Effect, Note, SendTo, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.layers import toy_notes as notes
from blockchain_lab.layers.toy_branches import Branches
from blockchain_lab.layers.toy_disk import read_disk, write_disk
from blockchain_lab.layers.toy_messages import MOST_PAYMENTS, Ask, Block, Payment, Signed, Vote
from blockchain_lab.layers.toy_rules import Chain, choose_payments, find_fault

SLOT: Final = TimerName("slot")
MOST_TOLD: Final = 10  # blocks in the answer to one question; who misses more asks again
MOST_STRANGERS: Final = 64  # blocks that wait for a parent; ours: memory is not endless


class OpenToyNode(Node):
    """All of a peer but its six decisions. No policy; the chain is the scenario's `chain.toy`."""

    obeys: ClassVar[tuple[type[Command], ...]] = (Pay,)

    def __init__(self, setup: Setup) -> None:
        """What the disk holds, or the genesis alone. UsageError for a chain or a disk that cannot be."""
        check_keys(setup.policy, ())
        self.setup, self.name = setup, setup.name
        self.chain = Chain.from_plain(setup.chain, setup.seed)
        self.branches = Branches(self.chain)
        self.strangers: dict[bytes, Block] = {}  # blocks whose parent is not here, by name
        self.pending: dict[bytes, Payment] = {}  # they wait for a block, by name
        self.mine: dict[bytes, Payment] = {}  # my own that are not final
        self.voted = 0  # the last slot in which I have voted
        self.proposed = 0  # the last slot in which I have made a block
        self.asked = -1  # the last slot in which I have asked what I miss
        read_disk(self, setup.disk)

    # -- the six decisions ----------------------------------------------------------------------------------

    def is_authentic(self, message: Signed) -> bool:
        """Has its `author` really said this?"""
        raise NotImplementedError

    def get_leader(self, slot: int) -> str:
        """Whose turn it is to propose."""
        raise NotImplementedError

    def is_valid(self, block: Block) -> bool:
        """May this block stand on its parent, which I know?"""
        raise NotImplementedError

    def on_early_vote(self, vote: Vote) -> list[Effect]:
        """A vote has overtaken its block."""
        raise NotImplementedError

    def settle(self, block: Block) -> None:
        """A block is final now: its payments wait no more."""
        raise NotImplementedError

    def on_gap(self, block: Block, source: Address, now: Microseconds) -> list[Effect]:
        """The parent of this block is not here, or not confirmed here."""
        raise NotImplementedError

    # -- time -----------------------------------------------------------------------------------------------

    def get_slot(self, now: Microseconds) -> int:
        """Which slot it is."""
        return now // self.chain.slot

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Say what the disk held, and wait for the next slot."""
        told = [block for name, block in self.branches.blocks.items() if self.branches.heights[name]]
        effects: list[Effect] = [
            note for block in told for note in notes.block_accepted(self.branches, block)
        ]
        return [*effects, SetTimer(SLOT, self.chain.slot - now % self.chain.slot)]

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """A slot begins. Who leads it proposes; who waits for a payment of its own sends it again."""
        slot = self.get_slot(now)
        effects: list[Effect] = [SetTimer(SLOT, self.chain.slot - now % self.chain.slot)]
        for payment in self.mine.values():
            effects += self.submit(payment)
        if slot > self.proposed and self.get_leader(slot) == self.name:
            effects += self.propose(slot, now)
        return effects

    def propose(self, slot: int, now: Microseconds) -> list[Effect]:
        """A block with what waits, on the highest confirmed one. Never two in a slot."""
        self.proposed = slot
        parent = self.branches.tip
        payments = choose_payments(self.branches.ledgers[parent], self.pending.values(), MOST_PAYMENTS)
        block = Block(parent, slot, self.name, payments).signed_by(self.name)
        return [*self.tell(block), *self.accept(block, now)]

    # -- what others say ------------------------------------------------------------------------------------

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """What we have no word for is ignored."""
        match message:
            case Payment():
                return self.on_payment(source, message)
            case Block():
                return self.on_block(source, message, now)
            case Vote():
                return self.on_vote(source, message, now)
            case Ask(height):
                return self.on_ask(source, height)
        return []

    def on_payment(self, source: Address, payment: Payment) -> list[Effect]:
        """Pass on what is new. Whether the sender can afford it is asked when it goes into a block."""
        is_old = payment.number <= self.branches.ledger.get_number(payment.sender)
        if is_old or payment.name in self.pending:
            return []
        if not self.is_authentic(payment):
            return [self.refuse(payment, "not its author's signature", source)]
        self.pending[payment.name] = payment
        return [notes.payment_heard(payment), *self.tell(payment, only_validators=True)]

    def on_block(self, source: Address, block: Block, now: Microseconds) -> list[Effect]:
        """Ask the four questions in turn: is it new, its proposer's, does it fit here, is it valid?"""
        if block.name in self.branches.blocks:
            return []
        if not self.is_authentic(block):
            return [self.refuse(block, "not its author's signature", source)]
        effects: list[Effect] = []
        if block.parent not in self.branches.confirmed:
            effects = self.on_gap(block, source, now)
        if block.parent not in self.branches.blocks:
            return effects
        if not self.is_valid(block):
            return [*effects, self.refuse(block, "against the rules", source)]
        return [*effects, *self.accept(block, now)]

    def on_vote(self, source: Address, vote: Vote, now: Microseconds) -> list[Effect]:
        """Count it, if who votes holds stake and has really voted."""
        if vote.voter not in self.chain.stakes or not self.is_authentic(vote):
            return [self.refuse(vote, "no validator's vote", source)]
        if vote.block not in self.branches.blocks:
            return self.on_early_vote(vote)
        self.branches.keep(vote)
        return self.confirm(vote.block, now)

    def on_ask(self, source: Address, height: int) -> list[Effect]:
        """Tell the confirmed blocks above, oldest first, each with those who voted for it."""
        effects: list[Effect] = []
        for block in self.branches.get_branch(self.branches.tip, height)[:MOST_TOLD]:
            votes = self.branches.votes.get(block.name, {})
            effects += [SendTo(source, block), *(SendTo(source, vote) for vote in votes.values())]
        return effects

    # -- blocks and votes -----------------------------------------------------------------------------------

    def accept(self, block: Block, now: Microseconds) -> list[Effect]:
        """A valid block: into the tree, perhaps a vote; then what has waited for it."""
        self.branches.add(block)
        effects: list[Effect] = [*notes.block_accepted(self.branches, block), *self.support(block, now)]
        for stranger in [each for each in self.strangers.values() if each.parent == block.name]:
            del self.strangers[stranger.name]
            if self.is_valid(stranger):
                effects += self.accept(stranger, now)
        return effects

    def support(self, block: Block, now: Microseconds) -> list[Effect]:
        """Vote for a block, if one may, and see what that comes to."""
        return [*self.vote(block, now), *self.confirm(block.name, now)]

    def vote(self, block: Block, now: Microseconds) -> list[Effect]:
        """Once in a slot, only forward in time, and never for a branch lower than one that is confirmed."""
        is_now = abs(block.slot - self.get_slot(now)) <= 1  # clocks differ a little, and messages take time
        if self.name not in self.chain.stakes or block.slot <= self.voted or not is_now:
            return []
        heights, parent = self.branches.heights, block.parent
        if parent not in self.branches.confirmed or heights[parent] < heights[self.branches.tip]:
            return []
        self.voted = block.slot
        vote = Vote(block.name, block.slot, self.name).signed_by(self.name)
        self.branches.keep(vote)
        return [notes.vote_cast(vote), *self.tell(vote)]

    def confirm(self, name: bytes, now: Microseconds) -> list[Effect]:
        """Two thirds of the stake, perhaps: what that confirms and makes final, and for what one may vote."""
        effects: list[Effect] = []
        old = self.branches.tip
        confirmed = self.branches.confirm(name)
        for block in confirmed:
            effects.append(notes.block_confirmed(self.branches, block))
            for final in self.branches.finalise(block.name):
                effects += self.finish(final)
        if self.branches.tip != old:
            effects.append(notes.tip_changed(self.branches, old))
        for block in confirmed:
            for child in self.branches.get_children(block.name):
                effects += self.support(child, now)
        self.mine = {name: each for name, each in self.mine.items() if not self.is_done(each)}
        return effects

    def finish(self, block: Block) -> list[Effect]:
        """A block is final. What goes wrong with the payments that wait, when they are settled, is said."""
        before = list(self.pending.values())
        self.settle(block)
        kept = [payment for payment in block.payments if payment.name in self.pending]
        gone = [each for each in before if each.name not in self.pending and each not in block.payments]
        lost = [payment for payment in gone if not self.is_done(payment)]
        return [notes.block_final(self.branches, block), *notes.payments_missettled(kept, lost)]

    def is_done(self, payment: Payment) -> bool:
        """Is a payment of this number final?"""
        return payment.number <= self.branches.ledger.get_number(payment.sender)

    # -- what a learner asks for ----------------------------------------------------------------------------

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Pay somebody."""
        if not isinstance(command, Pay):
            return []
        number = self.branches.ledger.get_number(self.name) + len(self.mine) + 1
        payment = Payment(self.name, command.to, command.amount, number).signed_by(self.name)
        self.mine[payment.name] = payment
        return self.submit(payment)

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """Can I afford it, behind all that I have paid already?"""
        if not isinstance(command, Pay):
            return None
        spent = sum(payment.amount for payment in self.mine.values())
        number = self.branches.ledger.get_number(self.name) + 1
        return find_fault(
            self.branches.ledger, Payment(self.name, command.to, command.amount + spent, number)
        )

    def submit(self, payment: Payment) -> list[Effect]:
        """To one validator, another one each time: it will tell the rest."""
        others = [name for name in self.chain.stakes if name != self.name and name in self.setup.contacts]
        self.pending.setdefault(payment.name, payment)
        if not others:
            return []
        return [SendTo(self.setup.contacts[self.setup.random.choice(others)], payment)]

    # -- small things ---------------------------------------------------------------------------------------

    def tell(self, message: Message, *, only_validators: bool = False) -> list[Effect]:
        """One datagram to everybody else."""
        return [
            SendTo(address, message)
            for name, address in self.setup.contacts.items()
            if name != self.name and (name in self.chain.stakes or not only_validators)
        ]

    def ask(self, source: Address, now: Microseconds) -> list[Effect]:
        """What comes behind my last final block? Once in a slot is enough."""
        if self.asked == self.get_slot(now):
            return []
        self.asked = self.get_slot(now)
        return [SendTo(source, Ask(self.branches.height))]

    def remember(self, block: Block) -> None:
        """Let a block wait for its parent. The oldest gives way."""
        self.strangers[block.name] = block
        if len(self.strangers) > MOST_STRANGERS:
            del self.strangers[next(iter(self.strangers))]

    def refuse(self, message: Signed, reason: str, source: Address) -> Note:
        """Say what was refused, and who brought it."""
        return notes.refused(message, reason, f"{source.ip}:{source.port}")

    def stored(self) -> dict[str, Any]:
        """Blocks, votes, own payments, and the slots in which a second word would be a lie."""
        return write_disk(self)
