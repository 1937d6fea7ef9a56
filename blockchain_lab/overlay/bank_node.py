"""A money box that others pay into by datagram: the smallest overlay of all, and why orders need numbers.

    ann                        bob, forgetful       bob, who remembers
     deposit 1: 5  ----->       5 in the box         5 in the box
               x--- balance 1: 5                                        lost: was it the order, or the answer?
     deposit 1: 5  ----->      10                    5: number 1 is done
              <---- balance 1

Who pays repeats an order until it is answered: "at least once". Who is paid must then make twice the same as
once, that is to be *idempotent*: it remembers which orders it has carried out, and answers them as before.
(Ours never forgets; a real one would have to, or a stranger fills its memory with numbers.)
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from blockchain_lab.base.actions import Command, Pay, SetPolicy
from blockchain_lab.base.choices import check_keys, read_number
from blockchain_lab.base.effects import CancelTimer, Effect, Note, SendTo, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import SECOND, Address, Microseconds
from blockchain_lab.overlay.bank_messages import Balance, Deposit

TOPIC: Final = "unanswered"  # of the timer that repeats an order; its `about`: the order's number
MOST: Final = 1_000_000  # coins in one order
FULL: Final = 0xFFFFFFFF  # coins: more cannot be said in 4 bytes


@dataclass(slots=True)
class Order:
    """A deposit of ours that nobody has answered yet."""

    bank: Address
    deposit: Deposit
    tries: int = 1


class BankNode(Node):
    """Pays into the boxes of others, and has one itself. `total`: what is in it.

    Policy: `remembers` (0 or 1), `patience` (microseconds until an order is repeated), `tries`.
    """

    obeys: ClassVar[tuple[type[Command], ...]] = (Pay,)

    def __init__(self, setup: Setup) -> None:
        """An empty box. UsageError for a policy that cannot be."""
        check_keys(setup.policy, ("remembers", "patience", "tries"))
        self.setup = setup
        self.remembers = bool(read_number(setup.policy, "remembers", 0, least=0, most=1))
        self.patience = read_number(setup.policy, "patience", SECOND, least=1)
        self.tries = read_number(setup.policy, "tries", 4, least=1)
        self.total = 0
        self.done: dict[tuple[Address, int], int] = {}  # payer, number -> what we answered
        self.open: dict[int, Order] = {}  # by number
        self.last_number = 0

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """Whom to pay, and how much?"""
        if not isinstance(command, Pay):
            return None
        if command.to not in self.setup.contacts:
            return f"{self.setup.name} knows nobody called {command.to!r}"
        return None if 0 < command.amount <= MOST else f"wanted 1 to {MOST:,} coins, found {command.amount}"

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Pay somebody, or be told that a knob was turned."""
        if isinstance(command, SetPolicy):
            self.remembers = bool(read_number(self.setup.policy, "remembers", 0, least=0, most=1))
        if not isinstance(command, Pay):
            return []
        self.last_number += 1
        deposit = Deposit(self.last_number, command.amount)
        order = self.open[deposit.number] = Order(self.setup.contacts[command.to], deposit)
        return self._send(order)

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """No answer. The order is lost, or the answer is: nobody can know which. So ask again."""
        assert isinstance(name.about, int)
        order = self.open[name.about]
        if order.tries >= self.tries:
            del self.open[name.about]
            return [Note("deposit given up", {"number": name.about})]
        order.tries += 1
        return self._send(order)

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """Somebody pays in, or answers us; anything else is nothing to us."""
        if type(message) is Deposit:
            return self.on_deposit(source, message)
        if type(message) is Balance:
            return self.on_balance(source, message)
        return []

    def on_deposit(self, source: Address, message: Deposit) -> list[Effect]:
        """Carry it out and say so. Who remembers gives a repeated order the answer that it had before."""
        key = (source, message.number)
        if self.remembers and key in self.done:
            return [SendTo(source, Balance(message.number, self.done[key]))]
        self.total = min(FULL, self.total + message.amount)
        self.done[key] = self.total
        return [note_total(message, self.total), SendTo(source, Balance(message.number, self.total))]

    def on_balance(self, source: Address, message: Balance) -> list[Effect]:
        """Our order is carried out: stop asking. Answers that nobody waits for are nothing."""
        order = self.open.get(message.number)
        if order is None or order.bank != source:
            return []
        del self.open[message.number]
        return [CancelTimer(TimerName(TOPIC, about=message.number))]

    def _send(self, order: Order) -> list[Effect]:
        repeat = SetTimer(TimerName(TOPIC, about=order.deposit.number), self.patience)
        return [SendTo(order.bank, order.deposit), repeat]


def note_total(message: Deposit, total: int) -> Note:
    """Something was paid in."""
    return Note("deposit carried out", {"number": message.number, "amount": message.amount, "total": total})
