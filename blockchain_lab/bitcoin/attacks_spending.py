"""A double spend: pay a shop, mine in secret a branch on which the same coin went back, show it later.

    G -- payment -- 1 -- 2              z confirmations, and the shop hands over the goods
      \\
       back to us -- 1' -- 2' -- 3'     longer: whoever follows the most work forgets the payment

One strategy with three names, by its policy:

    confirmations 1, 2, ...   the race of the Bitcoin paper, section 11; `chain.races` has its chances
    premine, confirmations 0  the Finney attack: the block is there before the payment, the shop awaits none
    more than half the power  it wins every race if it never gives up (give_up 0): the 51 % attack

Until it is asked to pay, and when the race is over, it mines as honestly as anybody.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import ClassVar, Final

from blockchain_lab.base.actions import Command, Pay
from blockchain_lab.base.effects import Effect, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import SECOND, Microseconds, display_hash
from blockchain_lab.bitcoin.attacks_secret import SecretMiner, think
from blockchain_lab.bitcoin.mempool_rules import NotWelcome, ParentsMissing
from blockchain_lab.bitcoin.rules import RuleBroken
from blockchain_lab.bitcoin.template import Template
from blockchain_lab.bitcoin.tx import Transaction

DELIVERY: Final = TimerName("delivery")
HONEST: Final = "honest"
PREMINING: Final = "premining"  # seeks the block with the coin's way back; nobody was paid yet
RACING: Final = "racing"


class DoubleSpender(SecretMiner):
    """Obeys `Pay` with a payment that it takes back.

    Policy, over that of an honest node: `confirmations` that the shop waits for; `premine`: 1, to find a
    block before paying; `give_up`: how many blocks behind it gives up, 0 for never; `delivery`: how long the
    shop takes at least, microseconds.
    """

    defaults: ClassVar[Mapping[str, int]] = {
        "confirmations": 1,
        "premine": 0,
        "give_up": 6,
        "delivery": 5 * SECOND,
    }

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy that cannot be."""
        super().__init__(setup)
        self.stage = HONEST
        self.payment: Transaction | None = None
        self.way_back: Transaction | None = None  # spends the same coins, to ourselves
        self.has_delivered = False

    # --- Paying ---------------------------------------------------------------------------------------

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Begin the attack, when asked to pay."""
        if not isinstance(command, Pay):
            return super().on_command(command, now)
        if problem := self.find_problem(command, now):
            raise UsageError(problem)
        moment = self.get_moment(now)
        same_luck = replace(moment, random=deepcopy(moment.random))
        to_self = replace(command, to=self.setup.name)
        self.payment = self.inner.cashier.make(command, moment, self.inner.pool)
        self.way_back = self.inner.cashier.make(to_self, same_luck, self.inner.pool)
        self.has_delivered = False
        if not self.choices["premine"]:
            return self._pay(now)
        self.stage = PREMINING
        return [think("seeks a block before it pays"), *self._seek(now)]

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """As the inner node; one attack at a time, and not against itself."""
        if isinstance(command, Pay):
            if self.stage != HONEST:
                return f"Pay: {command.peer} is {self.stage} already"
            if command.to in ("", self.setup.name):
                return f"Pay.to: found {command.to!r}, wanted whom to cheat: another peer's name"
        return super().find_problem(command, now)

    def choose_template(self) -> Template:
        """The first block of the attack takes the coin back; it leaves the fee to nobody."""
        if self.stage == HONEST:
            return super().choose_template()
        return Template((self.way_back,) if not self.secret and self.way_back else (), 0)

    def _pay(self, now: Microseconds) -> list[Effect]:
        """Tell everybody of the payment; from now on we race."""
        assert self.payment is not None  # it was made when we were asked to pay
        moment = self.get_moment(now)
        try:
            told = self.inner.transactions.submit(self.payment, moment)
        except (NotWelcome, ParentsMissing, RuleBroken):  # anyone's coin, and somebody was faster
            return self._end("finds its coin spent")
        self.stage = RACING
        thought = think(
            "pays, and means to take it back",
            txid=display_hash(self.payment.txid()),
            confirmations=self.choices["confirmations"],
            lead=self.get_lead(),
        )
        return [thought, *told, SetTimer(DELIVERY, max(1, self.choices["delivery"]))]

    # --- Racing ---------------------------------------------------------------------------------------

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """The shop may have handed over the goods; or as before."""
        if name != DELIVERY:
            return super().on_timer(name, now)
        self.has_delivered = True
        return self._decide(now) if self.stage == RACING else []

    def on_found(self, now: Microseconds) -> list[Effect]:
        """An honest one is told of at once; the first of an attack may be what the payment has waited for."""
        if self.stage == HONEST:
            return self.publish(len(self.secret), now)
        kept = think("keeps a block back", lead=self.get_lead())
        return [kept, *(self._pay(now) if self.stage == PREMINING else self._decide(now))]

    def on_public_tip(self, now: Microseconds) -> list[Effect]:
        """The others are one further. While we race, our branch stays where it is."""
        if self.stage == RACING:
            return self._decide(now)
        self.start_over()
        return []

    def _decide(self, now: Microseconds) -> list[Effect]:
        """Show the branch, give up, or go on."""
        tip, confirmations = self.inner.chain.tip, self.count_confirmations()
        is_paid_for = self.has_delivered and confirmations >= self.choices["confirmations"]
        if is_paid_for and self.head.work > tip.work:
            shown = think("shows its branch", blocks=len(self.secret), confirmations=confirmations)
            effects = [shown, *self.publish(len(self.secret), now)]
            return [*effects, *self._end("has its coin back")]
        if self.choices["give_up"] and -self.get_lead() >= self.choices["give_up"]:
            return self._end("gives up")
        return []

    def count_confirmations(self) -> int:
        """Of the payment, on the public chain. O(blocks since the fork)."""
        assert self.payment is not None  # we race for it
        chain = self.inner.chain
        start = self.head.height - len(self.secret) + 1
        for entry in chain.active.get_slice(start, chain.height + 1):
            if self.payment in chain.get_block(entry.hash).transactions:
                return chain.height - entry.height + 1
        return 0

    def _end(self, why: str) -> list[Effect]:
        """The attack is over: be honest again."""
        self.stage, self.payment, self.way_back = HONEST, None, None
        thought = think(why, behind=max(0, -self.get_lead()))
        self.start_over()
        return [thought]
