"""A peer of a rollup: it pays there, or posts batches for all, or steals, and checks what others have posted.

Payments on the rollup go to everybody; whoever posts batches takes them from there. What has happened on the
rollup each peer computes from the batches on its own branch of the main chain. Kind "rollup"; policy, besides
that of `bridge_node`:

    checks       false: it objects to no batch
    batch_every  microseconds from the first thing to post to the batch; 0: it posts none. It needs a bond
    forges       which of its batches, from 1 on, gives it somebody else's coins; 0: none
"""

from typing import Any, ClassVar, Final

from blockchain_lab.base.actions import Command, Mine, Pay, SetPolicy
from blockchain_lab.base.actions_layers import EnterLayer, LeaveLayer, PayOnChain
from blockchain_lab.base.choices import read_flag, read_number
from blockchain_lab.base.effects import Effect, Note, Send, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import HOUR, ConnectionId, Microseconds
from blockchain_lab.chain.tree import ReorgPath
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.bridge_bank import find_wrong_amount
from blockchain_lab.layers.bridge_blocks import ChainBlock
from blockchain_lab.layers.bridge_desk import Desk, Trade
from blockchain_lab.layers.bridge_node import SettlementNode
from blockchain_lab.layers.bridge_params import MAIN
from blockchain_lab.layers.bridge_view import ChainView
from blockchain_lab.layers.rollup_actions import Claim, EnterRollup, PostBatch
from blockchain_lab.layers.rollup_replay import (
    Replay,
    forge_batch,
    get_next_nonce,
    make_batch,
    make_proof,
    replay,
)
from blockchain_lab.layers.rollup_rules import Rollup
from blockchain_lab.layers.rollup_steps import NOBODY, Step, check_step
from blockchain_lab.layers.rollup_tree import Account

BATCH: Final = "batch"
MOST_HEARD: Final = 10_000  # payments; ours


class RollupTrade(Trade):
    """One peer's part in the rollup. `heard`: payments that somebody has signed, in a batch or not."""

    keys: ClassVar[tuple[str, ...]] = ("checks", "batch_every", "forges")

    def __init__(self, desk: Desk) -> None:
        """UsageError for a policy that cannot be, or a chain without a rollup."""
        super().__init__(desk)
        if MAIN not in desk.views or desk.views[MAIN].rules.rollup is None:
            raise UsageError("chain.settlement.rollup: found none, wanted bonds and a window")
        self.heard: dict[bytes, Step] = {}  # by signed bytes: of two that say the same, one
        self.is_planned = False
        self.posted = 0  # batches of ours
        self.final = 0  # batches whose window is over on our branch

    def check_policy(self, policy: dict[str, Any]) -> None:
        """UsageError."""
        read_flag(policy, "checks", default=True)
        read_number(policy, "batch_every", 0, least=0, most=HOUR)
        read_number(policy, "forges", 0, least=0)

    @property
    def rollup(self) -> Rollup:
        """The contract on our branch."""
        rollup = self.desk.views[MAIN].books.rollup
        assert rollup is not None  # or this peer would not have been made
        return rollup

    @property
    def found(self) -> Replay:
        """What comes of the batches on our branch: computed once for all peers."""
        view = self.desk.views[MAIN]
        return view.store.once("rollup", view.head.hash, lambda: replay(self.rollup))

    @property
    def coins(self) -> dict[str, int]:
        """Who has what on the rollup, by the batches on our branch."""
        return {account.name: account.coins for account in self.found.accounts}

    # -- payments -------------------------------------------------------------------------------------------

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Enter, pay, leave; or a knob."""
        match command:
            case EnterLayer(amount=amount):
                return self.desk.submit(MAIN, EnterRollup(amount))
            case Pay(to=to, amount=amount):
                return self.sign(self.make_step(to, amount), now)
            case LeaveLayer(amount=amount):
                return self.sign(self.make_step(NOBODY, amount), now)
            case SetPolicy():
                return self.plan(now)
        return []

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """In words."""
        match command:
            case EnterLayer(amount=amount):
                return find_wrong_amount(amount) or self.desk.find_problem(MAIN, EnterRollup(amount))
            case Pay(to=to, amount=amount):
                if to not in self.rollup.rules.places:
                    return f"nobody on the rollup is called {to!r}"
                return find_wrong_amount(amount) or self.find_wrong_step(to, amount)
            case LeaveLayer(amount=amount):
                return find_wrong_amount(amount) or self.find_wrong_step(NOBODY, amount)
        return None

    def find_wrong_step(self, to: str, amount: int) -> str | None:
        """Why no batch could take this payment of ours after those that wait; None when one could."""
        if self.desk.name not in self.rollup.rules.places:
            return f"{self.desk.name} has no account on the rollup"
        account, step = self.get_account(), self.make_step(to, amount)
        own = [each for each in self.get_waiting() if each.sender == account.name]
        spent = sum(each.amount for each in own)
        left = Account(account.name, max(0, account.coins - spent), step.nonce)
        try:
            check_step(step.sign(), left, (), 0)
        except RuleBroken as broken:
            return str(broken)
        return None

    def get_account(self) -> Account:
        """Ours."""
        return self.found.accounts[self.rollup.rules.places[self.desk.name]]

    def get_waiting(self) -> list[Step]:
        """Payments that no batch of our branch carries."""
        nonces = {account.name: account.nonce for account in self.found.accounts}
        return [step for step in self.heard.values() if step.nonce >= nonces.get(step.sender, 0)]

    def make_step(self, to: str, amount: int) -> Step:
        """Our next payment, not signed yet."""
        return Step(self.desk.name, to, amount, get_next_nonce(self.get_account(), self.get_waiting()))

    def sign(self, step: Step, now: Microseconds) -> list[Effect]:
        """Sign a payment and tell everybody."""
        signed = step.sign()
        self.heard[signed.signed_bytes] = signed
        return [note_payment("rollup payment made", signed), *self.desk.tell(signed), *self.plan(now)]

    def on_connected(self, conn: ConnectionId) -> list[Effect]:
        """Say what waits: they may have been away."""
        return [Send(conn, step) for step in self.get_waiting()]

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """A payment: kept and passed on if it is signed and new."""
        if not isinstance(message, Step) or message.signed_bytes in self.heard:
            return []
        if message.sender not in self.rollup.rules.places or len(self.heard) >= MOST_HEARD:
            return self.accuse(conn, f"account: nobody on the rollup is called {message.sender!r}")
        try:  # all but its turn and its cover, which may come later
            check_step(message, Account(message.sender, message.amount, message.nonce), (), 0)
        except RuleBroken as broken:
            return self.accuse(conn, str(broken))
        self.heard[message.signed_bytes] = message
        told = self.desk.tell(message, conn)
        return [note_payment("rollup payment heard", message), *told, *self.plan(now)]

    # -- the contract ---------------------------------------------------------------------------------------

    def on_moved(self, view: ChainView, path: ReorgPath[ChainBlock], now: Microseconds) -> list[Effect]:
        """Object, claim, say what has become final, and think of the next batch."""
        if view.rules.name != MAIN:
            return []
        return [*self.object(view), *self.claim(view), *self.tell_final(view), *self.plan(now)]

    def object(self, view: ChainView) -> list[Effect]:
        """Prove the first wrong step while its batch may still be reverted."""
        found, height = self.found, view.head.height + 1
        checks = read_flag(self.desk.setup.policy, "checks", default=True)
        if found.fault is None or not checks or self.rollup.is_final(found.fault[0], height):
            return []
        poster = self.rollup.batches[found.fault[0]].poster
        proof = make_proof(self.rollup, found)
        if poster == self.desk.name or proof in view.get_actions(self.desk.name):
            return []
        facts = {"batch": proof.batch, "step": proof.step, "poster": poster}
        return [Note("fraud found", facts), *self.desk.submit(MAIN, proof)]

    def claim(self, view: ChainView) -> list[Effect]:
        """Ask for every exit of ours whose batch is final."""
        effects: list[Effect] = []
        for number, batch in enumerate(self.rollup.batches):
            if not self.rollup.is_final(number, view.head.height + 1):
                break
            for place, step in enumerate(batch.steps):
                action = Claim(number, place)
                is_ours = step.is_exit and step.sender == self.desk.name
                if not is_ours or self.desk.find_problem(MAIN, action) is not None:
                    continue  # it was paid, or there is nothing left to pay it
                if action not in view.get_actions(self.desk.name):
                    effects += self.desk.submit(MAIN, action)
        return effects

    def tell_final(self, view: ChainView) -> list[Effect]:
        """Which batches can no longer be reverted, right or wrong."""
        rollup, height = self.rollup, view.head.height + 1
        final = sum(rollup.is_final(number, height) for number in range(len(rollup.batches)))
        before, self.final = self.final, final
        return [Note("batch final", {"batch": number}) for number in range(before, final)]

    def plan(self, now: Microseconds) -> list[Effect]:
        """Set the timer, if there is something to post and it is ours to do."""
        every = read_number(self.desk.setup.policy, "batch_every", 0, least=0)
        if self.is_planned or not every or self.make_next() is None:
            return []
        self.is_planned = True
        return [SetTimer(TimerName(BATCH), every)]

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Post the next batch."""
        self.is_planned = False
        batch = self.make_next()
        if batch is None:
            return []
        self.posted += 1
        return self.desk.submit(MAIN, batch)

    def make_next(self) -> PostBatch | None:
        """What we would post now; None while a batch of ours waits, one is wrong, or there is nothing."""
        view, rollup, found = self.desk.views[MAIN], self.rollup, self.found
        has_bond = dict(rollup.bonds).get(self.desk.name, 0) > 0
        waits = any(isinstance(each, PostBatch) for each in view.get_actions(self.desk.name))
        if not has_bond or waits or found.fault is not None:  # nobody honest builds on what is wrong
            return None
        batch = make_batch(rollup, found, self.get_waiting())
        if self.posted + 1 == read_number(self.desk.setup.policy, "forges", 0, least=0):
            return forge_batch(rollup, found, batch, self.desk.name)
        return batch


def note_payment(topic: str, step: Step) -> Note:
    """Who pays whom on the rollup; "" stands for the main chain."""
    return Note(topic, {"sender": step.sender, "to": step.to, "amount": step.amount, "nonce": step.nonce})


class RollupNode(SettlementNode):
    """Kind "rollup"."""

    obeys: ClassVar[tuple[type[Command], ...]] = (Mine, PayOnChain, EnterLayer, Pay, LeaveLayer)
    trade_kind: ClassVar[type[Trade]] = RollupTrade
