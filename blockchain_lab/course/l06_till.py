"""Lesson 6, the money box: counted twice, the second task in the simulator, and a learner's function played.

A node asks the function about every message that comes. What it answers is used as far as it has the form
that was asked for; the same node runs over real sockets.
"""

from typing import Any, Final

from blockchain_lab.base.actions import Pay
from blockchain_lab.base.effects import CancelTimer, Effect, SendTo, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, NodeFactory, Setup
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.functions import call
from blockchain_lab.course.l06_bank import remember
from blockchain_lab.course.reading import get_messages, get_notes, get_records
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.bank_messages import Balance, Deposit
from blockchain_lab.overlay.bank_node import FULL, MOST, TOPIC, BankNode, note_total
from blockchain_lab.sim.actions import DropMessage, DuplicateMessage

STORY: Final = "paid_twice"
MOST_ANSWERS: Final = 60  # of one box: a function that answers without end must not fill the machine

Handle = Any  # a learner's function: anything may stand there, and anything may come of it


# -- a node that asks a learner's function -------------------------------------------------------------------


class AsWritten(BankNode):
    """A money box by a learner's function: it is asked about every message, and what it answers is done."""

    def __init__(self, setup: Setup, function: Handle) -> None:
        """As empty as the engine's own."""
        super().__init__(setup)
        self.function = function
        self.memory: dict[tuple[str, int], int] = {}
        self.left = MOST_ANSWERS

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """Ask, and do what the answer says."""
        match message:
            case Deposit(number, amount) | Balance(number, amount):
                sender = f"{source.ip}:{source.port}"
                me = remember(self.total, self.memory, *self.open)
                outcome = call(self.function, (me, sender, message.command, number, amount))
            case _:
                return []
        if not isinstance(outcome.value, tuple) or len(outcome.value) != 2:
            return []
        known, answers = outcome.value
        before = self.total
        effects = self._take_over(known)
        if self.total != before and isinstance(message, Deposit):
            effects.append(note_total(message, self.total))
        sent = read_answers(answers)[: self.left]
        self.left -= len(sent)
        return [*effects, *(SendTo(source, answer) for answer in sent)]

    def _take_over(self, known: Any) -> list[Effect]:
        """What the function wants to be remembered; nothing of what has another form."""
        if not isinstance(known, dict):
            return []
        if type(total := known.get("total")) is int and 0 <= total <= FULL:
            self.total = total
        if isinstance(done := known.get("done"), dict) and all(map(is_entry, done.items())):
            self.memory = done
        still_open = known.get("open")
        closed = [each for each in self.open if isinstance(still_open, list) and each not in still_open]
        for number in closed:
            del self.open[number]
        return [CancelTimer(TimerName(TOPIC, about=number)) for number in closed]


def is_entry(entry: tuple[Any, Any]) -> bool:
    """Is this an order that was carried out: ((sender, number), answer)?"""
    key, value = entry
    is_order = isinstance(key, tuple) and len(key) == 2 and type(key[0]) is str and type(key[1]) is int
    return is_order and type(value) is int


def read_answers(answers: Any) -> list[Message]:
    """The messages among a learner's answers; none in anything else."""
    found: list[Message] = []
    for answer in answers if isinstance(answers, list) else []:
        match answer:
            case ("balance", int(number), int(total)) if 0 <= number <= FULL and 0 <= total <= FULL:
                found.append(Balance(number, total))
            case ("deposit", int(number), int(amount)) if 0 <= number <= FULL and 0 < amount <= MOST:
                found.append(Deposit(number, amount))
    return found


def make_bank(function: Handle) -> NodeFactory:
    """Money boxes that do with a message what the function says."""

    def make(setup: Setup) -> Node:
        return AsWritten(setup, function)

    return make


def play_yours(function: Handle, seed: int) -> Lab:
    """The story with such boxes: bob's first answer is lost, and ann's second order comes twice."""
    lab = Lab(STORY, seed=seed, kinds={"bank": make_bank(function)})
    lab.look_ahead()
    if any(get_messages(lab, "balance")):  # else the function answers nobody
        act_on(lab, "balance", 1, DropMessage)
    act_on(lab, "deposit", 2, DuplicateMessage)
    lab.run()
    return lab


def find_sent(lab: Lab, command: str, number: int) -> Record:
    """The first sending of the message of this number, "deposit" or "balance". UsageError for none."""
    lab.look_ahead()
    for sent in get_messages(lab, command):
        if sent.detail.number == number:
            return sent
    raise UsageError(f"no {command} number {number} is sent in this run")


def act_on(lab: Lab, command: str, number: int, act: type[DropMessage] | type[DuplicateMessage]) -> None:
    """Lose a message, or let it come twice: right behind its sending."""
    sent = find_sent(lab, command, number)
    lab.goto(event=sent.event)
    lab.do(act(sent.id))


# -- counted twice -------------------------------------------------------------------------------------------


def count_twice(till: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    answer = find_sent(till, "balance", 1)
    till.goto(event=answer.event)
    till.do(DropMessage(answer.id))
    till.run()


def lose_an_answer(seed: int) -> Lab:
    """The run that `count_twice` makes."""
    lab = Lab(STORY, seed=seed)
    count_twice(lab)
    return lab


def play_act(seed: int, command: str, number: int, act: type[DropMessage] | type[DuplicateMessage]) -> Lab:
    """A run in which one message is lost, or comes twice."""
    lab = Lab(STORY, seed=seed)
    act_on(lab, command, number, act)
    lab.run()
    return lab


def pay_more(seed: int) -> Lab:
    """A run in which ann really pays a fourth time."""
    lab = Lab(STORY, seed=seed)
    lab.run()
    lab.do(Pay("ann", "bob", 5))
    return lab


def stop_early(seed: int) -> Lab:
    """A run that ends while ann still waits."""
    lab = Lab(STORY, seed=seed)
    act_on(lab, "balance", 1, DropMessage)
    return lab


def is_only_the_network(lab: Lab) -> bool:
    """Datagrams were lost or doubled, and nothing else was done."""
    return all(isinstance(act, DropMessage | DuplicateMessage) for _, act in get_actions(lab))


def is_all_answered(lab: Lab) -> bool:
    """Three orders are given, and each has its answer."""
    given = sum(isinstance(record.detail, Pay) for record in get_records(lab, Kind.COMMAND, "ann"))
    heard = {
        record.detail[1].number
        for record in get_records(lab, Kind.DATAGRAM, "ann")
        if isinstance(record.detail[1], Balance)
    }
    return given == len(heard) == 3


def is_too_much(lab: Lab) -> bool:
    """More is in bob's box than ann has paid."""
    paid = sum(r.detail.amount for r in get_records(lab, Kind.COMMAND, "ann") if isinstance(r.detail, Pay))
    totals = [facts["total"] for _, facts in get_notes(lab, "deposit carried out", "bob")]
    return bool(totals) and totals[-1] > paid


def find_first_order(lab: Lab) -> int | None:
    """The event at which bob carries out the first order."""
    return next((note.event for note, _ in get_notes(lab, "deposit carried out", "bob")), None)


TWICE: Final = Do(
    id="L06.q9",
    title="Counted twice",
    prompt="Ann pays 5, 3 and 2. Let more than 10 coins be in bob's box in the end, by nothing but a network"
    " that loses datagrams, or delivers one twice.",
    scenario=STORY,
    run="till",
    acts=count_twice,
    passes="only `DropMessage` and `DuplicateMessage`; all three orders are given, and answered in the"
    " end; more than 10 coins are in bob's box.",
    hints=(
        "Two ways: deliver a deposit twice, or find out what ann does when she gets no answer.",
        "Lose bob's *answer*, not ann's order: he has counted already, and she cannot know it.",
        "`answer = find_sent(till, 'balance', 1)`, `till.goto(event=answer.event)`, then"
        " `till.do(DropMessage(answer.id))` and `till.run()`.",
    ),
    because="Nobody lied and nothing is broken: a lost answer, a careful payer, and a box that forgets.",
    solution="Lose an answer, and ann asks again:\n\n{answer}",
    answer=lose_an_answer,
    again=lambda seed: play_act(seed, "deposit", 3, DuplicateMessage),
    mistakes=(),
    demands=(
        Demand(
            is_only_the_network,
            "That was more than the network's doing. Lose datagrams or double them, and nothing else.",
            pay_more,
        ),
        Demand(
            is_all_answered,
            "Not all three orders have their answer in this run. Let it go on: `till.run()`.",
            stop_early,
        ),
        Demand(
            is_too_much,
            "There is no coin too many in bob's box: an order that is lost was never counted.",
            lambda seed: play_act(seed, "deposit", 1, DropMessage),
            find_first_order,
        ),
    ),
)
