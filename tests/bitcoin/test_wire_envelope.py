"""The envelope: 24 bytes before each payload, and a stream that comes in any pieces, true or false."""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.wire_strategies import any_message

from blockchain_lab.base.envelope import MAX_PAYLOAD, get_checksum
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Codec, Malformed, Message, Unknown
from blockchain_lab.bitcoin.envelope import MAGIC, BitcoinCodec
from blockchain_lab.bitcoin.messages import Ping, Verack
from blockchain_lab.bitcoin.params import NETWORKS

MAIN = BitcoinCodec(MAGIC["mainnet"])
PING = MAIN.frame(Ping(7))


def feed(codec: Codec, pieces: list[bytes]) -> tuple[list[Message], bytes]:
    """What a socket does: put each piece behind the rest of the last one, and split."""
    messages: list[Message] = []
    rest = b""
    for piece in pieces:
        found, rest = codec.split(rest + piece)
        messages += found
    return messages, rest


def test_the_shortest_message_of_all() -> None:
    """Verack on the main network, byte for byte: its checksum is that of nothing."""
    assert bytes.fromhex("f9beb4d976657261636b000000000000000000005df6e0e2") == MAIN.frame(Verack())
    assert bytes.fromhex("5df6e0e2") == get_checksum(b"")


def test_the_magics_are_the_networks() -> None:
    """Five networks, five different first words."""
    assert {name: network.magic for name, network in NETWORKS.items()} == dict(MAGIC)
    assert 5 == len(set(MAGIC.values()))


@given(messages=st.lists(any_message, max_size=5), data=st.data())
@settings(max_examples=60)
def test_it_does_not_matter_how_a_stream_is_cut(messages: list[Message], data: st.DataObject) -> None:
    """Cut anywhere, even inside a header: the same messages come out, in order, and nothing is left."""
    codec = BitcoinCodec(MAGIC["regtest"])
    stream = b"".join(codec.frame(message) for message in messages)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    assert (messages, b"") == feed(codec, pieces)


def test_an_unfinished_message_is_kept_as_rest() -> None:
    """Whole messages come out; the bytes of the next one stay until the rest of it is there."""
    for kept in range(len(PING)):
        assert ([Ping(7)], PING[:kept]) == MAIN.split(PING + PING[:kept])


def test_a_wrong_magic_ends_the_stream() -> None:
    """A testnet peer on the main network, or lost bytes: nobody knows where the next message begins."""
    stranger = BitcoinCodec(MAGIC["testnet3"]).frame(Ping(7))

    (good, bad), rest = MAIN.split(PING + stranger + PING)

    assert Ping(7) == good
    assert Malformed("ping", "magic: wanted f9beb4d9, found 0b110907", stranger[:24], fatal=True) == bad
    assert b"" == rest


@pytest.mark.parametrize("length", [MAX_PAYLOAD + 1, 0xFFFFFFFF])
def test_a_length_over_the_limit_ends_the_stream_at_once(length: int) -> None:
    """The fault is seen from the header: nobody waits for four gigabytes that may never come."""
    header = PING[:16] + length.to_bytes(4, "little") + PING[20:24]

    (bad,), rest = MAIN.split(header)

    assert Malformed("ping", f"length: {length} is over the limit of 4000000", header, fatal=True) == bad
    assert b"" == rest


def test_a_wrong_checksum_costs_one_message() -> None:
    """One flipped bit in the payload; the stream goes on behind it."""
    flipped = PING[:-1] + bytes([PING[-1] ^ 1])

    (bad, good), rest = MAIN.split(flipped + PING)

    assert isinstance(bad, Malformed)
    assert ("ping", flipped[24:], False) == (bad.name, bad.raw, bad.fatal)
    assert "checksum" in bad.reason
    assert (Ping(7), b"") == (good, rest)


@pytest.mark.parametrize(
    "command", [b"pi\xffng", b"ping\0x", b"\0ping", b"tab\there", b"del\x7f", b"\xff" * 12]
)
def test_a_command_must_be_printable_ascii_then_nuls(command: bytes) -> None:
    """Else two different headers would name the same command. It costs that message only."""
    framed = MAIN.magic + command.ljust(12, b"\0") + PING[16:]

    (bad, good), _ = MAIN.split(framed + PING)

    assert isinstance(bad, Malformed)
    assert ("", False) == (bad.name, bad.fatal)
    assert "command" in bad.reason
    assert Ping(7) == good


@pytest.mark.parametrize("command", [b"", b"review", b"twelve chars"])
def test_unknown_commands_pass_as_they_came(command: bytes) -> None:
    """Even the empty one: Core ignores it too."""
    framed = MAIN.magic + command.ljust(12, b"\0") + PING[16:]

    (message,), _ = MAIN.split(framed)

    assert Unknown(command.decode(), PING[24:]) == message
    assert framed == MAIN.frame(message)


def test_what_is_malformed_stays_so_on_the_next_hop() -> None:
    """A simulated wire frames what it split: the reader there must see the same fault."""
    faults = {
        "magic": BitcoinCodec(MAGIC["signet"]).frame(Ping(7)),
        "length": PING[:16] + b"\xff\xff\xff\xff" + PING[20:24],
        "checksum": PING[:-1] + b"x",
        "command": MAIN.magic + b"\xffping".ljust(12, b"\0") + PING[16:],
        "nonce": MAIN.frame(Unknown("ping", b"short")),
    }
    for name, stream in faults.items():
        (first,), _ = MAIN.split(stream)
        (second,), _ = MAIN.split(MAIN.frame(first))

        assert isinstance(first, Malformed)
        assert name in first.reason
        assert first == second


@pytest.mark.parametrize("name", ["thirteen char", "naïve", "nul\0", "line\n"])
def test_a_command_that_does_not_fit_is_the_callers_mistake(name: str) -> None:
    """We do not put on the wire what no header can spell."""
    with pytest.raises(UsageError, match="command: wanted at most 12 printable ASCII"):
        MAIN.frame(Unknown(name, b""))


def test_a_payload_over_the_limit_is_not_framed() -> None:
    """Every receiver would hang up on it."""
    assert 24 + MAX_PAYLOAD == len(MAIN.frame(Unknown("big", bytes(MAX_PAYLOAD))))
    with pytest.raises(UsageError, match="4000001 bytes is over 4000000"):
        MAIN.frame(Unknown("big", bytes(MAX_PAYLOAD + 1)))


@given(noise=st.binary(max_size=200))
@settings(max_examples=100)
def test_noise_never_raises(noise: bytes) -> None:
    """Whatever comes, what is not consumed is less than one message."""
    for stream in (noise, MAIN.magic + noise, PING + noise, PING[:20] + noise):
        messages, rest = MAIN.split(stream)

        assert len(rest) < 24 + MAX_PAYLOAD
        assert all(isinstance(message, Message) for message in messages)


def test_a_long_stream_holds_no_more_than_one_message() -> None:
    """A peer trickles the largest message; the splitter keeps that, and no second copy for long."""
    largest = MAIN.frame(Unknown("big", bytes(MAX_PAYLOAD)))
    piece = 500_000
    rest = b""
    longest = 0
    tracemalloc.start()
    for start in range(0, 2 * len(largest), piece):
        messages, rest = MAIN.split(rest + (largest + largest)[start : start + piece])
        longest = max(longest, len(rest))
        del messages
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert longest < 24 + MAX_PAYLOAD
    assert peak < 8 * MAX_PAYLOAD, "the stream itself is made here: two copies of 8 MB"
