"""Lesson 6: bytes against other programs' bytes, both tasks over many seeds, handlers of learners."""

from collections.abc import Callable
from importlib.util import find_spec

import pytest
from btclib import var_int
from hypothesis import given
from hypothesis import strategies as st
from support.event_loop import in_loop
from support.required import require

from blockchain_lab.base.envelope import get_checksum
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.bitcoin.eras import TODAY
from blockchain_lab.bitcoin.messages import COMMANDS
from blockchain_lab.course import l06_frames as frames
from blockchain_lab.course import l06_packets as packets
from blockchain_lab.course.l06_bank import on_message, on_message_by_parts
from blockchain_lab.course.l06_bank_wrong import count_again, count_only
from blockchain_lab.course.l06_classes import HISTORY, LIST, ask_messages
from blockchain_lab.course.l06_code import compact_size, compact_size_by_format, parse_header
from blockchain_lab.course.l06_cutting import cut
from blockchain_lab.course.l06_edit import CORRUPT, find_refused, forge, forge_first, play_as_written
from blockchain_lab.course.l06_picture import draw_frames
from blockchain_lab.course.l06_till import (
    MOST_ANSWERS,
    TWICE,
    find_sent,
    lose_an_answer,
    play_act,
    play_yours,
)
from blockchain_lab.course.reading import get_records
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import DropMessage, DuplicateMessage

SEED = 7


@given(st.integers(0, 2**64 - 1))
def test_counts_are_written_as_another_program_writes_them(number: int) -> None:
    """Both references against btclib."""
    assert var_int.serialize(number) == compact_size(number) == compact_size_by_format(number)


@pytest.mark.parametrize("story", ["ping", "pay_by_ip"])
def test_all_that_is_sent_is_cut_into_fields_without_a_gap(story: str) -> None:
    """The fields put together are the frame, and the header says what is there."""
    lab = Lab(story, seed=SEED)
    lab.run()
    for sent in get_records(lab, Kind.SEND):
        frame = frames.get_frame(lab, sent)
        command, length, checksum = parse_header(frame[:24])

        assert frame == b"".join(part.data for part in cut(frame))
        assert (sent.detail.command, frame[24:]) == (command, frame[24 : 24 + length])
        assert get_checksum(frame[24:]).hex() == checksum


def test_what_cannot_be_read_is_one_field() -> None:
    """A payload of another length than its command has, a command that nobody knows."""
    for frame in (make_frame("ping", b"abc"), make_frame("verack", b"x"), make_frame("hello", b"abcd")):
        assert ["magic", "command", "length", "checksum", "payload"] == [part.name for part in cut(frame)]


def make_frame(command: str, payload: bytes) -> bytes:
    """A frame of the main network."""
    head = bytes.fromhex("f9beb4d9") + command.encode().ljust(12, b"\0")
    return head + len(payload).to_bytes(4, "little") + get_checksum(payload) + payload


# -- one bit -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(100, 105))
def test_a_flipped_bit_costs_one_message_and_no_more(seed: int) -> None:
    """Bob notes it and says nothing; his own ping, later, is answered on the same line."""
    lab, arrival = frames.play_flip(seed), frames.find_arrival(seed)
    caused = [record.detail[0] for record in lab.trace if record.cause == arrival.id]

    assert "b" == frames.read_flip(seed) == frames.split_flip(seed)
    assert ["peer misbehaved"] == caused
    assert 24 == frames.measure_verack(seed)
    assert list(lab.peer("ann").peers), "the line is open"


@pytest.mark.parametrize("seed", range(200, 230))
def test_every_learner_has_a_checksum_of_their_own(seed: int) -> None:
    """Read off the run and computed by hand; no listed slip comes to the same number by chance."""
    right = frames.read_checksum(seed)
    slips = [(1, 24, "big"), (2, 24, "little"), (2, 0, "big"), (0, 24, "big")]

    assert right == frames.hash_payload(seed)
    assert right not in [frames.hash_otherwise(*slip)(seed) for slip in slips]


def test_the_picture_marks_the_bit_and_the_checksum() -> None:
    """One byte differs; with its own checksum four more. Names are escaped."""
    lab = frames.play_flip(SEED)
    frame = frames.get_frame(lab, frames.find_ping(lab))
    wrong = frames.flip_bit(frame)
    drawing = draw_frames({"a<b": frame, "wrong": wrong, "repaired": frames.repair_checksum(wrong)})

    assert 1 + 1 + 4 == drawing._repr_html_().count("<mark>")
    assert "a&lt;b" in drawing._repr_html_()
    assert ", 5 of them changed" in repr(drawing)
    assert "<mark>" not in draw_frames({"ping": frame, "packet": packets.FIRST})._repr_html_()


@pytest.mark.parametrize("seed", range(300, 305))
def test_an_accident_is_found_and_a_forger_believed(seed: int) -> None:
    """The checksum of the second one fits, so ann answers what bob never asked."""
    for lab in (play_as_written(seed), forge_first(seed)):
        assert CORRUPT.judge(lab, seed).is_right
        assert find_refused(lab) is not None


def test_a_wrong_length_is_no_wrong_checksum() -> None:
    """Whoever breaks another field has not done what was asked: bob waits for bytes that never come."""
    lab = Lab(frames.STORY, seed=SEED)
    frames.edit(lab, "bob", forge)
    frames.edit(lab, "ann", lambda frame: frames.flip_bit(frame, at=16, bit=4), number=2)
    lab.run()

    assert "Bob has thrown no ping" in CORRUPT.judge(lab, SEED).message


# -- what they are for -------------------------------------------------------------------------------------


def test_four_of_sixteen_are_history() -> None:
    """Payments to an IP address and alerts, which a node of today does not know; all others still live."""
    sorted_ = ask_messages(SEED)

    assert 16 == len(LIST) == len(set(LIST))
    assert {"submitorder", "checkorder", "reply", "alert"} == {c for c in LIST if sorted_[c] == HISTORY}
    assert not TODAY.knows_orders
    assert not TODAY.knows_alert
    assert all((COMMANDS[c].versions.last is None) == (sorted_[c] != HISTORY) for c in LIST)


# -- the money box -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(400, 405))
def test_a_lost_answer_and_a_doubled_order_count_twice(seed: int) -> None:
    """15, 13 or 12 coins, by which order it was; a lost order is counted once."""
    assert TWICE.judge(lose_an_answer(seed), seed).is_right
    assert 15 == lose_an_answer(seed).peer("bob").total
    for number, total in ((1, 15), (2, 13), (3, 12)):
        lab = play_act(seed, "deposit", number, DuplicateMessage)

        assert TWICE.judge(lab, seed).is_right
        assert total == lab.peer("bob").total
    assert 10 == play_act(seed, "deposit", 2, DropMessage).peer("bob").total


@pytest.mark.parametrize("function", [on_message, on_message_by_parts])
def test_a_right_handler_counts_right_in_a_bad_network(function: Callable[..., object]) -> None:
    """An answer is lost and an order comes twice; nobody waits in the end."""
    lab = play_yours(function, SEED)

    assert 10 == lab.peer("bob").total
    assert {} == lab.peer("ann").open
    assert 5 == sum(r.kind is Kind.SEND and r.detail.command == "balance" for r in lab.trace)


@pytest.mark.parametrize("function", [count_again, count_only])
def test_a_forgetful_handler_does_not(function: Callable[..., object]) -> None:
    """5 once more for the lost answer, 3 for the order that came twice."""
    assert 18 == play_yours(function, SEED).peer("bob").total


def raise_always(*arguments: object) -> None:
    """A function that fails."""
    raise RuntimeError("no")


@pytest.mark.parametrize(
    "function",
    [
        None,
        raise_always,
        lambda *a: 7,
        lambda *a: (7, 7),
        lambda *a: (
            {"total": -1, "done": {1: 2}, "open": 7},
            [("x",), 3, ("balance", -1, 0), ("deposit", 1, 0)],
        ),
    ],
)
def test_whatever_a_handler_answers_the_story_goes_on(function: Callable[..., object] | None) -> None:
    """Nothing of this is sent or kept; ann gives up after four tries for each order."""
    lab = play_yours(function, SEED)

    assert 0 == lab.peer("bob").total
    assert 12 == sum(record.kind is Kind.SEND for record in lab.trace)


def test_a_handler_that_answers_answers_does_not_fill_the_machine() -> None:
    """A box sends sixty messages, and then no more."""
    lab = play_yours(lambda me, *a: (me, [("balance", 1, 1)] * 50), SEED)

    assert 2 * MOST_ANSWERS + 12 >= sum(record.kind is Kind.SEND for record in lab.trace)


def test_what_was_never_sent_is_not_found() -> None:
    """There is no fourth order."""
    with pytest.raises(UsageError, match="no deposit number 4"):
        find_sent(Lab("paid_twice"), "deposit", 4)


# -- IPv8 --------------------------------------------------------------------------------------------------


@in_loop
async def test_the_packets_are_those_of_py_ipv8() -> None:
    """Made again by it, from the same keys: byte for byte. The signature is right."""
    require(find_spec("ipv8"), 'py-ipv8 is missing: pip install -e ".[ipv8]"')
    from support.ipv8_packets import make_packet, verify  # noqa: PLC0415

    assert packets.FIRST == await make_packet("bob", packets.BALANCE_ID, 7, 4_321)
    assert packets.SECOND == await make_packet("ann", packets.DEPOSIT_ID, 7, 1_250)
    assert verify(packets.SECOND)
    assert not verify(frames.flip_bit(packets.SECOND, at=106))


def test_the_packets_say_what_the_lesson_asks() -> None:
    """22 bytes of prefix, 1,250 coins; the fields put together are the packet."""
    assert (22, 1_250) == (packets.count_same_start(SEED), packets.unpack_amount(SEED))
    for packet in packets.PACKETS:
        assert packet == b"".join(part.data for part in cut(packet))
        assert [1, 1, 20, 1, 2, 74, 8, 64] == [len(part.data) for part in cut(packet)]
