"""Words of walkers and crawlers: what is written is read again, and half a message is no message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.units import Address
from blockchain_lab.overlay.walk_messages import (
    MOST_TOLD,
    IntroductionRequest,
    IntroductionResponse,
    PeersAsk,
    PeersTold,
    PunctureRequest,
    WalkPuncture,
)
from blockchain_lab.overlay.wire import OverlayCodec

ADDRESSES = st.builds(Address, st.ip_addresses(v=4).map(str), st.integers(0, 65_535))
NONCES = st.integers(0, 2**48 - 1)
ANY = st.one_of(
    st.builds(IntroductionRequest, NONCES, *[ADDRESSES] * 3),
    st.builds(IntroductionResponse, NONCES, *[ADDRESSES] * 5),
    *(st.builds(kind, ADDRESSES, ADDRESSES) for kind in (PunctureRequest, WalkPuncture)),
    st.builds(PeersAsk, NONCES),
    st.builds(PeersTold, NONCES, st.lists(ADDRESSES, max_size=5).map(tuple)),
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


def test_as_many_addresses_as_fit_and_not_one_more() -> None:
    """Two hundred of them are 1,208 bytes with nonce and count; more is refused before it is read."""
    nobody = Address("10.0.0.1", 1)
    most = PeersTold(1, (nobody,) * MOST_TOLD)

    assert 6 + 2 + 200 * 6 == len(most.encoding)
    assert most == PeersTold.decode(most.encoding)
    with pytest.raises(DecodeError, match=r"addresses: 201 items are over the limit of 200"):
        PeersTold.decode(PeersTold(1, (nobody,) * (MOST_TOLD + 1)).encoding)
