"""Kademlia's messages: each is read as it was written; what is cut, too long or no address is refused."""

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.messages import Malformed
from blockchain_lab.base.units import Address
from blockchain_lab.overlay.kademlia_contacts import MOST_CONTACTS, Contact
from blockchain_lab.overlay.kademlia_ids import LAST_ID
from blockchain_lab.overlay.kademlia_messages import (
    MAY_ANSWER,
    MESSAGES,
    MOST_VALUE,
    FoundNodes,
    FoundValue,
    NodePing,
    Store,
)
from blockchain_lab.overlay.wire import COMMANDS, OverlayCodec

IDS = st.integers(0, LAST_ID)
ADDRESSES = st.builds(Address, st.ip_addresses(v=4).map(str), st.integers(0, 65_535))
CONTACTS = st.lists(st.builds(Contact, IDS, ADDRESSES), max_size=MOST_CONTACTS).map(tuple)
FIELDS = {
    "nonce": st.integers(0, (1 << 48) - 1),
    "sender": IDS,
    "target": IDS,
    "key": IDS,
    "age": st.integers(0, (1 << 32) - 1),
    "value": st.binary(max_size=MOST_VALUE),
    "contacts": CONTACTS,
    "providers": CONTACTS,
}
MOST_BYTES = 1_500  # of a packet on Ethernet, so that no datagram is cut up


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.command)
@settings(max_examples=20)
@given(data=st.data())
def test_what_is_written_is_read_again(kind: type, data: st.DataObject) -> None:
    """Through the envelope, whole; and cut anywhere, it is malformed."""
    message = data.draw(st.builds(kind, **{each.name: FIELDS[each.name] for each in fields(kind)}))
    codec = OverlayCodec()

    assert ([message], b"") == codec.split(codec.frame(message))
    cut = data.draw(st.integers(0, len(message.encoding) - 1))
    with pytest.raises(DecodeError):
        kind.decode(message.encoding[:cut])


def test_all_of_them_are_entered() -> None:
    """And every question has an answer."""
    assert all(COMMANDS[kind.command] is kind for kind in MESSAGES)
    assert set(MESSAGES) == set(MAY_ANSWER) | {kind for kinds in MAY_ANSWER.values() for kind in kinds}


def test_the_largest_answers_fit_into_a_packet() -> None:
    """All contacts that a message may hold, or the longest value."""
    contacts = tuple(Contact(number, Address("10.0.0.1", number)) for number in range(MOST_CONTACTS))

    assert FoundNodes(1, 2, contacts).size < MOST_BYTES
    assert Store(1, 2, 3, 4, bytes(MOST_VALUE)).size < MOST_BYTES


def test_an_id_that_is_cut_short_is_malformed() -> None:
    """19 bytes where 20 were wanted."""
    raw = NodePing(7, LAST_ID).encoding[:-1]

    assert Malformed("node-ping", "sender: wanted 20 bytes at 6, found 19", raw, fatal=False) == read(
        "node-ping", raw
    )


def test_too_many_contacts_and_too_long_values_are_malformed() -> None:
    """A count is two bytes and cheap; memory is not."""
    contacts = tuple(Contact(number, Address("10.0.0.1", number)) for number in range(MOST_CONTACTS + 1))
    many, long = FoundNodes(1, 2, contacts).encoding, FoundValue(1, 2, 3, bytes(MOST_VALUE + 1)).encoding

    assert "contacts: 41 items are over the limit of 40" == read("found-nodes", many).reason
    assert "value: 1001 bytes are over the limit of 1000" == read("found-value", long).reason


def test_an_id_that_does_not_fit_is_its_writers_mistake() -> None:
    """Nothing is cut in silence."""
    with pytest.raises(UsageError, match="an id of 160 bits"):
        NodePing(1, LAST_ID + 1).encode()


def read(command: str, payload: bytes) -> Malformed:
    """What a peer's bytes turn out to be."""
    message = OverlayCodec.decode(command, payload)
    assert isinstance(message, Malformed)
    return message
