"""The words of the early systems on the wire, and peers who abuse them: nothing that arrives raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.gossip_pump import Pump, make_names

from blockchain_lab.base.actions import FindProviders
from blockchain_lab.base.effects import Effect, HangUp, Note, Send
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed, Message, Unknown
from blockchain_lab.base.node import Node
from blockchain_lab.base.units import Address
from blockchain_lab.overlay.evolution import SYSTEMS
from blockchain_lab.overlay.evolution_messages import (
    Article,
    Fetch,
    File,
    Hit,
    Join,
    Seek,
    Share,
    Upload,
)
from blockchain_lab.overlay.wire import OverlayCodec, decode

WORDS = st.text(max_size=20)
IDS = st.binary(min_size=16, max_size=16)
BYTES = st.integers(0, 255)
ADDRESSES = st.builds(Address, st.ip_addresses(v=4).map(str), st.integers(0, 65_535))
MESSAGES = st.one_of(
    st.builds(Join, st.booleans(), st.lists(WORDS, max_size=3).map(tuple)),
    st.builds(Share, WORDS),
    st.builds(Fetch, WORDS),
    st.builds(Seek, IDS, st.integers(1, 255), BYTES, WORDS),
    st.builds(Hit, IDS, st.lists(ADDRESSES, max_size=3).map(tuple)),
    st.builds(File, WORDS, st.binary(max_size=50)),
    st.builds(Upload, WORDS, st.binary(max_size=50)),
    st.builds(Article, WORDS, st.binary(max_size=50), st.lists(WORDS, max_size=3).map(tuple)),
)
STRANGER = 1_001  # a connection of whom the node has not heard


@given(message=MESSAGES)
def test_what_is_framed_is_split_again(message: Message) -> None:
    """Every word, through the envelope and back."""
    codec = OverlayCodec()

    assert ([message], b"") == codec.split(codec.frame(message))


@given(message=MESSAGES, cut=st.integers(1, 40))
def test_a_payload_cut_short_is_malformed(message: Message, cut: int) -> None:
    """It is data and says why."""
    payload = message.encoding

    assert isinstance(decode(message.command, payload[: max(0, len(payload) - cut)]), Malformed)


@pytest.mark.parametrize(
    ("command", "payload", "reason"),
    [
        ("join", b"\x02\0\0", "serves: found 2, wanted 0 or 1"),
        ("join", b"\x01\xff\xff", "over the limit of 1000"),
        ("seek", bytes(20), "ttl: found 0, wanted at least 1"),
        ("hit", bytes(16) + b"\x33\0" + bytes(6 * 51), "over the limit of 50"),
        ("share", b"\xc9\0" + b"x" * 201, "over the limit of 200"),
        ("fetch", b"\1\0\xff", "can't decode"),
    ],
)
def test_what_is_over_the_limits_is_malformed(command: str, payload: bytes, reason: str) -> None:
    """The reason names the part and the limit."""
    found = decode(command, payload)

    assert isinstance(found, Malformed)
    assert reason in found.reason


def make_node(kind: str, **policy: object) -> Node:
    """A node that a stranger has dialled."""
    names = make_names(2)
    pump = Pump(names, policy, (("p0", "p1"),), kinds=dict.fromkeys(names, kind))
    pump.run(1)
    node = pump.nodes["p1"]
    node.on_connected(STRANGER, Address("192.0.2.1", 1), True, pump.now)
    return node


def get_complaints(effects: list[Effect]) -> list[str]:
    """Why."""
    return [e.facts["reason"] for e in effects if isinstance(e, Note) and e.topic == "peer misbehaved"]


@pytest.mark.parametrize("kind", SYSTEMS)
@given(said=st.lists(st.one_of(MESSAGES, st.just(Unknown("?", b""))), max_size=8))
def test_no_order_of_words_raises(kind: str, said: list[Message]) -> None:
    """Before joining, after it, twice, unasked: the node lives until it has hung up itself."""
    node = make_node(kind, serves=True)
    for message in said:
        if any(isinstance(effect, HangUp) for effect in node.on_message(STRANGER, message, 5)):
            break
    assert all(line in node.open for line in node.lines)


@pytest.mark.parametrize("kind", SYSTEMS)
def test_unreadable_bytes_end_the_line(kind: str) -> None:
    """Noted, and hung up on."""
    node = make_node(kind)
    effects = node.on_message(STRANGER, Malformed("seek", "too short", b"", False), 5)

    assert ["too short"] == get_complaints(effects)
    assert HangUp(STRANGER, "too short") in effects
    assert STRANGER not in node.open


@pytest.mark.parametrize(
    "message", [Seek(bytes(16), 7, 0, "x"), Hit(bytes(16), ()), Share("x"), File("x", b""), Upload("x", b"")]
)
def test_strangers_have_to_join_first(message: Message) -> None:
    """All but a fetch."""
    assert [f"{message.wire_name}: out of place"] == get_complaints(
        make_node("napster", serves=True).on_message(STRANGER, message, 5)
    )


def test_an_answer_that_nobody_asked_for_is_noted() -> None:
    """Gnutella: an id that was never seen has no way back. An empty answer ends nobody's question."""
    node = make_node("gnutella")
    node.on_message(STRANGER, Join(True), 5)
    node.on_command(FindProviders("p1", "song"), 5)
    (id,) = node.queries
    bogus = node.on_message(STRANGER, Hit(bytes(16), (Address("192.0.2.1", 1),)), 5)

    assert ["hit: nobody asked for it"] == get_complaints(bogus)
    assert ["hit: out of place"] == get_complaints(node.on_message(STRANGER, Hit(id, ()), 5))
    assert [id] == list(node.queries)


def test_nobody_s_question_goes_farther_than_ours() -> None:
    """A time to live of 255 is cut down to what is left of seven lines."""
    node = make_node("gnutella")
    node.on_message(STRANGER, Join(True), 5)
    further = {}
    for number, hops in enumerate((0, 5, 6, 200)):
        effects = node.on_message(STRANGER, Seek(bytes([number] * 16), 255, hops, "song"), 5)
        further[hops] = [e.message.ttl for e in effects if isinstance(e, Send)]

    assert {0: [6], 5: [1], 6: [], 200: []} == further


def test_a_file_that_is_not_there_ends_the_errand() -> None:
    """The fetcher learns it by the hanging up."""
    assert [HangUp(STRANGER, "no such file")] == make_node("napster").on_message(STRANGER, Fetch("x"), 5)


@pytest.mark.parametrize("policy", [{"serves": 1}, {"ttl": 0}, {"size": 60_001}, {"speed": 1}])
def test_policies_that_cannot_be_are_refused(policy: dict[str, int]) -> None:
    """With the key."""
    with pytest.raises(UsageError, match=f"policy.{next(iter(policy))}"):
        make_node("gnutella", **policy)
