"""All 33 messages: what is written is read again, field by field, and btclib agrees on every byte."""

from copy import deepcopy
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.btclib_twins import TWINS, WITHOUT_TWIN, check_against_btclib
from support.wire_strategies import MESSAGES

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed, Message, Unknown
from blockchain_lab.base.reader import Reader
from blockchain_lab.bitcoin.message_base import LectureClass, Versions
from blockchain_lab.bitcoin.messages import (
    COMMANDS,
    GetHeaders,
    Inv,
    InventoryItem,
    NetworkAddress,
    Ping,
    Reject,
    Version,
    decode,
)

ADDRESS = NetworkAddress(services=1, ip="10.0.0.1", port=8333)


def test_every_command_has_a_strategy_an_oracle_and_a_place_in_the_lecture() -> None:
    """A new message cannot be forgotten here."""
    assert 33 == len(COMMANDS)
    assert set(COMMANDS) == set(MESSAGES) == {*TWINS, *WITHOUT_TWIN}
    for command, message in COMMANDS.items():
        assert command == message.command
        assert message.lecture_class in get_args(LectureClass)
        assert isinstance(message.versions, Versions), command
        assert message.source, command


def test_the_age_of_each_message() -> None:
    """What a peer of a release spoke: eleven commands in 0.1, and five that have died since."""
    first = {command for command, message in COMMANDS.items() if message.versions.first == "0.1"}
    dead = {command for command, message in COMMANDS.items() if message.versions.last is not None}
    asked = {command: message.versions.protocol for command, message in COMMANDS.items()}

    assert first == {
        *("version", "getaddr", "addr", "inv", "getdata", "getblocks", "block", "tx"),
        *("checkorder", "submitorder", "reply"),
    }
    assert dead == {"checkorder", "submitorder", "reply", "alert", "reject"}
    assert {None, 209, 31800, 60001, 60002, 70001, 70002, 70012, 70013, 70014, 70016} == set(asked.values())


@pytest.mark.parametrize("command", MESSAGES)
@given(sample=st.data())
@settings(max_examples=40)
def test_a_message_survives_the_wire(command: str, sample: st.DataObject) -> None:
    """Fields -> bytes -> the same fields; `size` counts the envelope; btclib writes the same bytes."""
    message = sample.draw(MESSAGES[command])
    payload = message.encode()

    assert message == decode(command, payload)
    assert 24 + len(payload) == message.size
    if message != Ping(None) and command not in WITHOUT_TWIN:  # btclib knows no ping without a nonce
        check_against_btclib(message, payload)


@pytest.mark.parametrize("command", MESSAGES)
@given(sample=st.data())
@settings(max_examples=20)
def test_noted_fields_cover_every_byte_and_nest(command: str, sample: st.DataObject) -> None:
    """The bytes view draws these rows: no byte without a name, and no two rows that only overlap."""
    message = sample.draw(MESSAGES[command])
    reader = Reader(message.encode())
    type(message).read(reader)

    covered = {place for _, start, end in reader.fields for place in range(start, end)}
    assert set(range(len(message.encode()))) == covered
    for _, start, end in reader.fields:
        for _, other_start, other_end in reader.fields:
            apart = end <= other_start or other_end <= start
            nested = (start <= other_start and other_end <= end) or (
                other_start <= start and end <= other_end
            )
            assert apart or nested


@pytest.mark.parametrize("command", MESSAGES)
@given(sample=st.data())
@settings(max_examples=20)
def test_a_payload_cut_or_prolonged_is_another_message_or_none(command: str, sample: st.DataObject) -> None:
    """Optional tails aside, a payload has one length: any other is a fault that says where."""
    payload = sample.draw(MESSAGES[command]).encode()
    cut = payload[: sample.draw(st.integers(0, max(0, len(payload) - 1)))]
    prolonged = payload + sample.draw(st.binary(min_size=1, max_size=50))

    for changed in (cut, prolonged):
        message = decode(command, changed)
        assert isinstance(message, Malformed) or message.encode() == changed
        if isinstance(message, Malformed):
            assert (command, changed, False) == (message.wire_name, message.raw, message.fatal)
            assert message.reason


def test_the_optional_tails() -> None:
    """`relay` may be absent (before BIP 37), a ping's nonce too (before BIP 31), a reject's hash as well."""
    version = Version(60000, 1, 1_300_000_000, ADDRESS, ADDRESS, 7, "/old:0.3/", 100_000, None)

    assert version == decode("version", version.encode())
    assert version.encode() + b"\x01" == Version(**(vars(version) | {"relay": True})).encode()
    assert Ping(None) == decode("ping", b"")
    assert Reject("tx", 0x10, "bad-txns", None) == decode("reject", b"\x02tx\x10\x08bad-txns")


def test_a_command_that_we_do_not_speak_is_no_fault() -> None:
    """Bitcoin grows by new commands, which old peers ignore."""
    assert Unknown("review", b"\xe8\x03" + bytes(6)) == decode("review", b"\xe8\x03" + bytes(6))
    assert Unknown("", b"") == decode("", b"")


def test_the_two_locator_messages_differ_only_in_name() -> None:
    """Same bytes, other command: not equal, and told apart by content id."""
    headers, blocks = (COMMANDS[name].decode(bytes(37)) for name in ("getheaders", "getblocks"))

    assert headers.encode() == blocks.encode()
    assert headers != blocks
    assert headers.content_id != blocks.content_id


def test_copies_of_a_message_share_it() -> None:
    """A world is copied often, its messages never."""
    message = Inv((InventoryItem(1, bytes(32)),))

    assert deepcopy([message])[0] is message


WRONG_VALUES: list[tuple[Message, str]] = [
    (Ping(1 << 64), "18446744073709551616 does not fit 8 unsigned bytes"),
    (Version(1 << 31, 0, 0, ADDRESS, ADDRESS, 0, "", 0, None), "2147483648 does not fit 4 signed bytes"),
    (Version(1, 0, 0, ADDRESS, ADDRESS, 0, "日本", 0, None), "more than one byte"),
    (Version(1, 0, 0, NetworkAddress(1, "ann", 1), ADDRESS, 0, "", 0, None), "found 'ann'"),
    (Version(1, 0, 0, NetworkAddress(1, "::1", 65536), ADDRESS, 0, "", 0, None), "found 65536"),
    (Inv((InventoryItem(1, b"short"),)), "hash: wanted a hash of 32 bytes, found 5"),
    (GetHeaders(1, (b"short",)), "locator: wanted a hash of 32 bytes, found 5"),
]


@pytest.mark.parametrize(("message", "complaint"), WRONG_VALUES, ids=lambda value: str(value)[:40])
def test_values_that_do_not_fit_are_the_callers_mistake(message: Message, complaint: str) -> None:
    """Not a peer's fault, so an exception, and one that says what is wrong."""
    with pytest.raises(UsageError, match=complaint):
        message.encode()
