"""The words of gossip on the wire: what is written is read again, and nothing that arrives raises."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.fields import write_bytes, write_list
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.overlay import gossip_messages, reconcile_messages
from blockchain_lab.overlay.gossip_messages import (
    MOST_PREFIXES,
    MOST_TEXT,
    Graft,
    Have,
    IHave,
    Item,
    Prune,
    Pull,
    Rumour,
    Want,
    announce,
)
from blockchain_lab.overlay.reconcile_messages import MOST_SHORT, Differ, Reconcile, Sketch
from blockchain_lab.overlay.sketch import MOST_CELLS, Cell
from blockchain_lab.overlay.wire import OverlayCodec, decode

NAMES = st.binary(min_size=32, max_size=32)
PREFIXES = st.binary(min_size=8, max_size=8)
SHORTS = st.integers(0, (1 << 48) - 1)
ITEMS = st.builds(Item, st.text(max_size=50))
CELLS = st.builds(Cell, st.integers(-32_768, 32_767), SHORTS, st.integers(0, (1 << 32) - 1))
MESSAGES = st.one_of(
    ITEMS,
    st.builds(Rumour, st.integers(0, 255), ITEMS),
    st.builds(Pull, PREFIXES, PREFIXES, st.lists(PREFIXES, max_size=3).map(tuple)),
    st.builds(Have, st.lists(NAMES, max_size=3).map(tuple)),
    st.builds(Want, st.lists(NAMES, max_size=3).map(tuple)),
    st.builds(IHave, st.integers(0, 255), NAMES),
    st.builds(Graft, st.lists(NAMES, max_size=1).map(tuple)),
    st.just(Prune()),
    st.builds(Reconcile, st.integers(0, (1 << 64) - 1), st.integers(0, 65_535)),
    st.builds(Sketch, st.lists(CELLS, max_size=4).map(tuple)),
    st.builds(Differ, st.booleans(), st.lists(SHORTS, max_size=3).map(tuple)),
)


@given(message=MESSAGES)
def test_what_is_framed_is_split_again(message: Message) -> None:
    """Every word, through the envelope and back."""
    codec = OverlayCodec()

    assert ([message], b"") == codec.split(codec.frame(message))


@given(message=MESSAGES, cut=st.integers(1, 40), tail=st.binary(max_size=3))
def test_a_payload_cut_short_or_with_a_tail_is_malformed(message: Message, cut: int, tail: bytes) -> None:
    """It never raises; whatever is read is a message, and what is no message says why."""
    payload = message.encoding
    short = decode(message.command, payload[: max(0, len(payload) - cut)])
    long = decode(message.command, payload + b"\0" + tail)

    assert isinstance(long, Malformed)
    assert isinstance(short, Malformed) or payload == b""


@given(
    command=st.sampled_from(["item", "rumour", "pull", "have", "graft", "sketch", "differ"]), raw=st.binary()
)
def test_anything_may_arrive(command: str, raw: bytes) -> None:
    """Noise is a message that is malformed, or one that can be written again."""
    message = decode(command, raw)

    assert isinstance(message, Malformed) or message == decode(command, message.encoding)


def test_an_item_is_named_by_its_own_hash() -> None:
    """Whoever has the name can tell whether it is given the right item: 2 bytes of length, then the text."""
    assert sha256(b"\x02\x00hi").digest() == Item("hi").name
    assert Rumour(3, Item("hi")).item.name == Item("hi").name


def test_too_long_a_text_or_list_is_refused() -> None:
    """A text over 1,000 bytes, more names than one message may have, two names to graft."""
    with pytest.raises(DecodeError, match="text: 1001 bytes are over the limit of 1000"):
        Item.decode(write_bytes("text", b"x" * (MOST_TEXT + 1)))
    with pytest.raises(DecodeError, match="names: 38 items are over the limit of 37"):
        Have.decode(write_list("names", [bytes(32)] * 38))
    with pytest.raises(DecodeError, match="missing: 2 items are over the limit of 1"):
        Graft.decode(write_list("missing", [bytes(32)] * 2))


def test_what_is_more_than_a_message_holds_is_said_in_several() -> None:
    """A hundred names: three `have`s, in their order, none over the 1,200 bytes of an IPv8 packet."""
    names = [bytes([number] * 32) for number in range(100)]
    haves = announce(names)

    assert [37, 37, 26] == [len(have.names) for have in haves]
    assert names == [name for have in haves for name in have.names]
    assert haves == [Have.decode(have.encoding) for have in haves]
    assert [] == announce([])
    largest = (haves[0], Rumour(255, Item("x" * MOST_TEXT)), Sketch((Cell(),) * MOST_CELLS))
    asked = (Want(haves[0].names), Differ(True, (0,) * MOST_SHORT), Pull(b"", b"", (b"8bytes..",) * 140))
    assert max(len(message.encoding) for message in (*largest, *asked)) == 1_190


def test_a_question_and_the_longest_item_fit_into_a_datagram() -> None:
    """An Ethernet frame carries 1,500 bytes; IP and UDP headers take 28 of them."""
    question = Pull(bytes(8), bytes(8), (bytes(8),) * MOST_PREFIXES)

    assert 24 + 16 + 2 + 8 * 140 == question.size < 1_472
    assert 24 + 1 + 2 + 1_000 == Rumour(1, Item("x" * MOST_TEXT)).size < 1_472


def test_every_word_is_entered_once() -> None:
    """Twelve letters at most, and no two messages share a command."""
    words = [m.command for m in (*gossip_messages.MESSAGES, *reconcile_messages.MESSAGES)]

    assert 11 == len(words) == len(set(words))
    assert {True} == {len(word) <= 12 and word.isascii() for word in words}
