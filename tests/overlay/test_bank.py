"""The smallest overlay: orders by datagram that may be lost, or come twice, and a box that counts them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.actions import Pay
from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.bank_messages import MESSAGES, Balance, Deposit
from blockchain_lab.overlay.wire import OverlayCodec
from blockchain_lab.sim.actions import DropMessage, DuplicateMessage, SetKnob

STORY = "paid_twice"
NUMBERS = st.integers(0, 2**32 - 1)


def play(act: type[Any] | None, command: str = "deposit", *, remembers: int = 0) -> Lab:
    """The story; something happens to the first message of this command."""
    lab = Lab(STORY)
    lab.goto(event=1)
    lab.do(SetKnob("remembers", remembers))
    if act is not None:
        lab.look_ahead()
        sent = next(r for r in lab.trace if r.kind is Kind.SEND and r.detail.command == command)
        lab.goto(event=sent.event)
        lab.do(act(sent.id))
    lab.run()
    return lab


@pytest.mark.parametrize("remembers", [0, 1])
def test_on_a_good_day_both_boxes_count_right(remembers: int) -> None:
    """Three orders, three answers: 10 coins, and nobody waits for anything."""
    lab = play(None, remembers=remembers)

    assert 10 == lab.peer("bob").total
    assert {} == lab.peer("ann").open


@pytest.mark.parametrize(
    ("act", "command"), [(DuplicateMessage, "deposit"), (DropMessage, "balance"), (DropMessage, "deposit")]
)
def test_only_who_remembers_counts_right_on_a_bad_day(act: type[Any], command: str) -> None:
    """An order that comes twice, or whose answer is lost, costs who forgets 5 coins; a lost order none."""
    is_counted_twice = (act, command) != (DropMessage, "deposit")

    assert (15 if is_counted_twice else 10) == play(act, command).peer("bob").total
    assert 10 == play(act, command, remembers=1).peer("bob").total


def test_a_repeated_order_gets_the_answer_that_was_lost() -> None:
    """The same bytes, though there is more in the box meanwhile or not."""
    lab = play(DropMessage, "balance", remembers=1)
    answers = [r.detail for r in lab.trace if r.kind is Kind.SEND and r.detail.command == "balance"]

    assert [Balance(1, 5), Balance(1, 5), Balance(2, 8), Balance(3, 10)] == answers


def test_who_is_never_answered_gives_up() -> None:
    """Four tries, a second apart; then it is noted, and nothing is waited for."""
    lab = Lab(STORY)
    lab.goto(at=SECOND // 2)
    lab.do(SetKnob("remembers", 1))
    for _ in range(4):
        lab.look_ahead()
        sends = [r for r in lab.trace if r.kind is Kind.SEND and r.detail == Deposit(1, 5)]
        lab.goto(event=sends[-1].event)
        lab.do(DropMessage(sends[-1].id))
    lab.run()
    notes = [r.detail for r in lab.trace if r.kind is Kind.NOTE and r.detail[0] == "deposit given up"]

    assert [("deposit given up", {"number": 1})] == notes
    assert 5 == lab.peer("bob").total, "the other two orders"
    assert {} == lab.peer("ann").open


def test_an_answer_of_somebody_else_closes_nothing() -> None:
    """Only who was asked can answer."""
    lab = Lab(STORY)
    lab.goto(at=SECOND)
    ann = lab.peer("ann")

    assert [] == ann.on_datagram(("10.9.9.9", 1), Balance(1, 99), lab.now)
    assert [1] == list(ann.open)


@pytest.mark.parametrize(("to", "amount", "problem"), [("zoe", 5, "nobody called"), ("bob", 0, "coins")])
def test_what_cannot_be_paid_is_refused(to: str, amount: int, problem: str) -> None:
    """Before anything happens: by the node, wherever it runs, and so by the lab."""
    lab = Lab(STORY)
    lab.run()

    assert problem in lab.peer("ann").find_problem(Pay("ann", to, amount), lab.now)
    with pytest.raises(UsageError):
        lab.do(Pay("ann", to, amount))


@given(st.sampled_from(MESSAGES), NUMBERS, NUMBERS)
def test_messages_survive_the_wire(kind: type[Any], number: int, coins: int) -> None:
    """Eight bytes each, the smallest byte first; a ninth is refused."""
    message = kind(number, coins)
    codec = OverlayCodec()

    assert ([message], b"") == codec.split(codec.frame(message))
    assert number.to_bytes(4, "little") + coins.to_bytes(4, "little") == message.encoding
    with pytest.raises(DecodeError):
        kind.decode(message.encoding + b"\0")
