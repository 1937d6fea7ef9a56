"""The toy chain's messages: their bytes, their signatures, and whether a block fits into a packet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.envelope import HEADER_SIZE
from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.layers.toy_messages import MESSAGES, MOST_PAYMENTS, Ask, Block, Payment, Vote
from blockchain_lab.layers.wire import LayersCodec, decode

PACKET = 1_200  # bytes: what py-ipv8's line of ours lets through, `sockets.ipv8_line.MOST_BYTES`

names = st.text(max_size=8)
numbers = st.integers(0, 0xFFFFFFFF)
signatures = st.binary(max_size=64)
hashes = st.binary(min_size=32, max_size=32)
payments = st.builds(Payment, names, names, numbers, numbers, signatures)
blocks = st.builds(Block, hashes, numbers, names, st.lists(payments, max_size=5).map(tuple), signatures)
votes = st.builds(Vote, hashes, numbers, names, signatures)


@given(st.one_of(payments, blocks, votes, st.builds(Ask, numbers)))
def test_every_message_comes_back_from_its_bytes(message: Message) -> None:
    """Alone, and out of a stream."""
    codec = LayersCodec()

    assert message == type(message).decode(message.encoding)
    assert ([message], b"") == codec.split(codec.frame(message))


@given(st.sampled_from(MESSAGES), st.binary(max_size=200))
def test_any_bytes_are_a_message_or_say_why_not(kind: type[Message], raw: bytes) -> None:
    """What a peer gets wrong is data."""
    message = decode(kind.command, raw)

    assert raw == message.encoding
    assert isinstance(message, kind | Malformed)


def test_a_signature_is_its_authors_or_it_is_none() -> None:
    """Under another key, and behind a changed amount, it is worth nothing."""
    payment = Payment("ann", "bob", 5, 1)
    signed = payment.signed_by("ann")

    assert signed.has_own_signature
    assert not payment.has_own_signature
    assert not payment.signed_by("eve").has_own_signature
    assert not Payment("ann", "bob", 6, 1, signed.signature).has_own_signature
    assert 64 == len(signed.signature)


@given(st.one_of(payments, blocks, votes), names)
def test_what_the_signer_knows_is_what_the_curve_says(message: Payment | Block | Vote, name: str) -> None:
    """Read from its bytes, a message knows nothing of who has signed it: the public key decides."""
    for signer in (name, message.author):
        signed = message.signed_by(signer)
        read = type(signed).decode(signed.encoding)

        assert "has_own_signature" not in vars(read)
        assert (signer == message.author) is read.has_own_signature is signed.has_own_signature


@pytest.mark.parametrize(
    "message", [Block(bytes(32), 1, "ann"), Vote(bytes(32), 1, "ann"), Payment("ann", "bob", 1, 1)]
)
def test_what_is_signed_is_all_but_the_signature(message: Payment | Block | Vote) -> None:
    """So two signatures make two names of one content."""
    one, other = message.signed_by("ann"), message.signed_by("bob")

    assert one.signed_bytes == other.signed_bytes
    assert one.name != other.name
    assert "ann" == one.author


def test_a_full_block_fits_into_one_packet() -> None:
    """Five payments between names of ten letters."""
    long = Payment("bartholomä"[:9], "wilhelmina", 0xFFFFFFFF, 0xFFFFFFFF).signed_by("ann")
    block = Block(bytes(32), 0xFFFFFFFF, "wilhelmina", (long,) * MOST_PAYMENTS).signed_by("wilhelmina")

    assert HEADER_SIZE + len(block.encoding) <= PACKET


def test_a_block_with_too_many_payments_is_malformed() -> None:
    """A packet that nobody could send is no block."""
    payment = Payment("ann", "bob", 1, 1)
    block = Block(bytes(32), 1, "ann", (payment,) * (MOST_PAYMENTS + 1))

    with pytest.raises(DecodeError, match="6 items are over the limit of 5"):
        Block.decode(block.encoding)


def test_an_amount_that_does_not_fit_is_the_callers_mistake() -> None:
    """Four bytes hold 4,294,967,295."""
    with pytest.raises(UsageError, match="amount: wanted a number of 4 bytes"):
        Payment("ann", "bob", 1 << 32, 1).encode()
