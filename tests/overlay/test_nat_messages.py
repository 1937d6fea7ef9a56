"""Words between hosts, boxes and servers: what is written is read again, and half a message is no message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.units import Address
from blockchain_lab.overlay import nat_messages, rendezvous_messages
from blockchain_lab.overlay.nat_messages import MapPort, PortMapped
from blockchain_lab.overlay.rendezvous_messages import (
    Find,
    Found,
    Introduce,
    Meet,
    NotKnown,
    Probe,
    ProbeAnswer,
    Puncture,
    Register,
    Registered,
    Relayed,
    RelayTo,
)
from blockchain_lab.overlay.wire import OverlayCodec

ADDRESSES = st.builds(Address, st.ip_addresses(v=4).map(str), st.integers(0, 65_535))
NAMES = st.text(max_size=12)
SECONDS = st.integers(0, 2**32 - 1)
ANY = st.one_of(
    st.builds(MapPort, st.integers(0, 65_535), SECONDS),
    st.builds(PortMapped, st.integers(0, 255), ADDRESSES, SECONDS),
    st.builds(Register, NAMES, ADDRESSES, ADDRESSES),
    st.builds(Registered, ADDRESSES),
    *(st.builds(kind, NAMES) for kind in (Find, Introduce, NotKnown, Puncture)),
    *(st.builds(kind, NAMES, ADDRESSES, ADDRESSES) for kind in (Found, Meet)),
    *(st.builds(kind, NAMES, st.integers(0, 2**64 - 1)) for kind in (Probe, ProbeAnswer)),
    *(st.builds(kind, NAMES, st.binary(max_size=20)) for kind in (RelayTo, Relayed)),
)


@given(message=ANY)
def test_what_is_framed_is_read_again(message: Message) -> None:
    """Through the envelope and back: the same class, the same fields."""
    codec = OverlayCodec()

    assert ([message], b"") == codec.split(codec.frame(message))


@given(message=ANY, data=st.data())
def test_half_a_message_is_refused(message: Message, data: st.DataObject) -> None:
    """Cut anywhere, or with a byte too many."""
    cut = data.draw(st.integers(0, len(message.encoding) - 1))
    for payload in (message.encoding[:cut], message.encoding + b"\x00"):
        with pytest.raises(DecodeError):
            type(message).decode(payload)
        assert isinstance(OverlayCodec.decode(message.command, payload), Malformed)


def test_no_message_was_forgotten_here() -> None:
    """Every class of both rooms has been tried."""
    tried = (MapPort, PortMapped, Register, Registered, Find, Introduce, NotKnown, Found, Meet)
    tried += (Probe, ProbeAnswer, Puncture, RelayTo, Relayed)

    assert set(tried) == {*nat_messages.MESSAGES, *rendezvous_messages.MESSAGES}
