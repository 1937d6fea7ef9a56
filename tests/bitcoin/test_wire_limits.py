"""Bad input on the wire, message by message: a text that says what is wrong, and no memory spent on it."""

import tracemalloc

import pytest

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.messages import Malformed
from blockchain_lab.base.reader import Reader
from blockchain_lab.bitcoin.codec import compact_size, hash256, read_compact_size
from blockchain_lab.bitcoin.messages import COMMANDS, AddrV2, NetworkAddress, Version, decode
from blockchain_lab.bitcoin.network_address import ip_to_text, text_to_ip

LOCATOR_VERSION = bytes(4)
ADDRESS = bytes(26)


def get_reason(command: str, payload: bytes) -> str:
    """Why a payload is malformed."""
    message = decode(command, payload)
    assert isinstance(message, Malformed), f"{command} was read: {message}"
    assert not message.fatal
    return message.reason


def test_a_well_known_double_hash() -> None:
    """SHA-256 twice over "hello"."""
    assert "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50" == hash256(b"hello").hex()


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        (0, "00"),
        (252, "fc"),
        (253, "fdfd00"),
        (0xFFFF, "fdffff"),
        (0x10000, "fe00000100"),
        (0x02000000, "fe00000002"),
    ],
)
def test_compact_sizes(value: int, raw: str) -> None:
    """One byte up to 252, then a marker and 2, 4 or 8 bytes."""
    reader = Reader(bytes.fromhex(raw))

    assert raw == compact_size(value).hex()
    assert value == read_compact_size(reader, "count")
    assert [("count", 0, len(raw) // 2)] == reader.fields


def test_compact_sizes_of_8_bytes_are_written_and_refused() -> None:
    """The form exists, but nothing on the wire may be that long."""
    assert "ff0000000001000000" == compact_size(1 << 32).hex()
    with pytest.raises(UsageError, match="64 bits"):
        compact_size(1 << 64)
    with pytest.raises(UsageError, match="-1 does not fit"):
        compact_size(-1)


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ("", "the bytes end inside the CompactSize at 0"),
        ("fd", "the bytes end inside"),
        ("fdff", "the bytes end inside"),
        ("fdfc00", "252 at 0 is not written in the shortest way"),
        ("feffff0000", "65535 at 0 is not written in the shortest way"),
        ("ffffffffff00000000", "4294967295 at 0 is not written in the shortest way"),
        ("fe01000002", "33554433 at 0 is over the limit of 33554432"),
        ("ff0000000001000000", "4294967296 at 0 is over the limit"),
    ],
)
def test_compact_sizes_that_core_refuses(raw: str, complaint: str) -> None:
    """Too short, too long, or over 32 MiB."""
    with pytest.raises(DecodeError, match=complaint):
        read_compact_size(Reader(bytes.fromhex(raw)), "count")


COUNTS = {
    "inv": (b"", 50_000, 36),
    "getdata": (b"", 50_000, 36),
    "notfound": (b"", 50_000, 36),
    "addr": (b"", 1_000, 30),
    "headers": (b"", 2_000, 81),
    "getheaders": (LOCATOR_VERSION, 101, 32),
    "getblocks": (LOCATOR_VERSION, 101, 32),
    "cmpctblock": (bytes(88), 65_535, 6),
    "getblocktxn": (bytes(32), 65_535, 1),
    "filterload": (b"", 36_000, 1),
    "filteradd": (b"", 520, 1),
}
# what follows the items: a stop hash behind a locator, no prefilled transactions, a filter's other fields
TAILS = {"getheaders": 32, "getblocks": 32, "cmpctblock": 1, "filterload": 9}


@pytest.mark.parametrize("command", COUNTS)
def test_counts_over_cores_limits(command: str) -> None:
    """As many as Core allows are read, one more is not."""
    before, limit, item_size = COUNTS[command]
    tail = bytes(TAILS.get(command, 0))

    allowed = decode(command, before + compact_size(limit) + bytes(limit * item_size) + tail)
    reason = get_reason(command, before + compact_size(limit + 1) + bytes((limit + 1) * item_size) + tail)

    assert isinstance(allowed, COMMANDS[command])
    assert f"{limit + 1} is over the limit of {limit}" in reason


def test_counts_of_things_that_are_not_all_zeros() -> None:
    """Addresses of 9 bytes, transactions of 10: as above, 1,000 and 65,535 are read, one more is not."""
    nobody, nothing = bytes(4) + b"\x00\x63\x00" + bytes(2), bytes(10)
    answer = bytes(32) + compact_size(65_536) + nothing * 65_536
    both = bytes(88) + compact_size(65_535) + bytes(6 * 65_535) + b"\x01" + b"\x00" + nothing

    assert isinstance(decode("addrv2", compact_size(1_000) + nobody * 1_000), AddrV2)
    assert "1001 is over the limit of 1000" in get_reason("addrv2", compact_size(1_001) + nobody * 1_001)
    assert "65536 is over the limit of 65535" in get_reason("blocktxn", answer)
    assert "prefilled_count: 1 is over the limit of 0" == get_reason("cmpctblock", both)


# what precedes the first count
BEFORE_COUNT = {command: before for command, (before, _, _) in COUNTS.items()} | {
    "tx": bytes(4),
    "block": bytes(80),
    "addrv2": b"",
    "blocktxn": bytes(32),
    "merkleblock": bytes(84),
    "alert": b"",
    "reply": bytes(36),
    "checkorder": bytes(36),
}


@pytest.mark.parametrize("command", BEFORE_COUNT)
@pytest.mark.parametrize("count", ["fe00000002", "feffffffff", "ff0000000001000000", "ffffffffffffffffff"])
def test_a_huge_count_reserves_no_memory(command: str, count: str) -> None:
    """Up to 2**64 items are promised in 9 bytes; nobody makes room for them."""
    payload = BEFORE_COUNT[command] + bytes.fromhex(count) + bytes(100)

    tracemalloc.start()
    reason = get_reason(command, payload)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert "limit" in reason or "found 100" in reason
    assert peak < 50_000


def test_a_script_longer_than_its_transaction_reserves_no_memory() -> None:
    """32 MiB of script are promised and not there."""
    payload = bytes(4) + b"\1" + bytes(36) + bytes.fromhex("fe00000002") + bytes(20)

    assert "input: the bytes end inside number 0" in get_reason("tx", payload)


def test_a_hostile_payload_costs_a_bounded_multiple_of_itself() -> None:
    """The worst known: a witness of empty items. Each byte becomes two noted fields."""
    items = 100_000
    spent = bytes(36) + b"\0" + bytes(4)
    payload = bytes(4) + b"\0\1\1" + spent + b"\0" + compact_size(items) + bytes(items) + bytes(4)

    tracemalloc.start()
    decode("tx", payload)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 64 * len(payload)


@pytest.mark.parametrize(
    ("command", "payload", "complaint"),
    [
        ("verack", b"x", "verack: 1 bytes left over at 0"),
        ("ping", bytes(7), "nonce: wanted 8 bytes at 0, found 7"),
        ("ping", bytes(9), "ping: 1 bytes left over at 8"),
        ("pong", b"", "nonce: wanted 8 bytes at 0, found 0"),
        ("sendcmpct", b"\x02" + bytes(8), "announce: wanted 0 or 1, found 2"),
        ("sendcmpct", bytes(8), "version: wanted 8 bytes"),
        ("headers", b"\x01" + bytes(80) + b"\x01", "transaction_count: wanted 0 behind a header, found 1"),
        ("headers", b"\x02" + bytes(81), "header_count: 2 items need 162 bytes, found 81"),
        ("inv", b"\x01" + bytes(35), "item_count: 1 items need 36 bytes, found 35"),
        ("inv", b"\x01" + bytes(37), "inv: 1 bytes left over at 37"),
        ("reject", b"\x0d" + b"x" * 13 + b"\x01\x00", "rejected_length: 13 is over the limit of 12"),
        ("reject", b"\x02tx\x01\x70" + b"x" * 112, "reason_length: 112 is over the limit of 111"),
        ("reject", b"\x02tx\x01\x00" + bytes(31), "hash: wanted 32 bytes"),
        ("feefilter", bytes(7), "rate: wanted 8 bytes at 0, found 7"),
        ("wtxidrelay", b"x", "wtxidrelay: 1 bytes left over at 0"),
        ("sendaddrv2", b"x", "sendaddrv2: 1 bytes left over at 0"),
        ("filterclear", b"x", "filterclear: 1 bytes left over at 0"),
        ("filterload", b"\0\x33" + bytes(8), "function_count: 51 is over the limit of 50"),
        (
            "getblocktxn",
            bytes(32) + b"\2\xfd\xff\xff\0",
            "place: 65536 is behind the last possible one, 65535",
        ),
        ("getblocktxn", bytes(32) + b"\1\xfe\0\0\1\0", "place: 65536 is behind the last possible one, 65535"),
        ("cmpctblock", bytes(89) + b"\1\1" + bytes(10), "place: 1 is behind the last possible one, 0"),
        (
            "cmpctblock",
            bytes(88) + b"\1" + bytes(6) + b"\1\2" + bytes(10),
            "place: 2 is behind the last possible",
        ),
        ("addrv2", b"\1" + bytes(4) + b"\0\1\5" + bytes(7), "host: wanted 4 bytes on network 1, found 5"),
        (
            "addrv2",
            b"\1" + bytes(4) + b"\0\4\x0a" + bytes(12),
            "host: wanted 32 bytes on network 4, found 10",
        ),
        (
            "addrv2",
            b"\1" + bytes(4) + b"\0\x63\xfd\1\2" + bytes(515),
            "host_length: 513 is over the limit of 512",
        ),
        ("merkleblock", bytes(84) + b"\1" + bytes(31), "hash_count: 1 items need 32 bytes, found 31"),
        ("alert", b"\2x", "payload_length: 2 items need 2 bytes, found 1"),
        ("reply", bytes(35), "code: wanted 4 bytes at 32, found 3"),
        ("block", bytes(79), "nonce: wanted 4 bytes at 76, found 3"),
        ("block", bytes(80) + b"\1" + bytes(9), "transaction_count: 1 items need 10 bytes, found 9"),
    ],
)
def test_payloads_that_do_not_fit_their_command(command: str, payload: bytes, complaint: str) -> None:
    """Each text names the field, what was wanted, what was found, and where."""
    assert complaint in get_reason(command, payload)


def test_a_version_message_has_its_own_ways_to_be_wrong() -> None:
    """A user agent over 256 bytes, a relay flag that is neither 0 nor 1, bytes behind it."""
    nobody = NetworkAddress(0, "::", 0)
    good = Version(70015, 1, 0, nobody, nobody, 7, "/x:1/", 0, True).encode()
    long = Version(70015, 1, 0, nobody, nobody, 7, "x" * 257, 0, True).encode()

    assert "user_agent_length: 257 is over the limit of 256" == get_reason("version", long)
    assert "relay: wanted 0 or 1, found 2" == get_reason("version", good[:-1] + b"\x02")
    assert "version: 1 bytes left over" in get_reason("version", good + b"\x00")


ONION = "fd87d87eeb43edb108e43588e54635ca"  # Source: Core netbase_tests.cpp


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("00000000000000000000ffff7f000001", "127.0.0.1"),
        ("20010db8000000000000000000000001", "2001:db8::1"),
        (ONION, "5wyqrzbvrdsumnok.onion"),
        ("00" * 16, "::"),
        ("00000000000000000000fffe7f000001", "::fffe:7f00:1"),
    ],
)
def test_addresses_as_people_write_them(raw: str, text: str) -> None:
    """IPv4 inside IPv6, onion names inside OnionCat's network, the rest as IPv6."""
    assert text == ip_to_text(bytes.fromhex(raw))
    assert raw == text_to_ip(text).hex()


def test_the_port_is_the_one_big_endian_number() -> None:
    """8333 is 0x208d."""
    assert "208d" == NetworkAddress(1, "10.0.0.1", 8333).encode()[-2:].hex()


@pytest.mark.parametrize(
    "text", ["", "ann", "10.0.0", "abc.onion", "5wyqrzbvrdsumn1k.onion", "x" * 56 + ".onion"]
)
def test_hosts_without_a_16_byte_form_are_the_callers_mistake(text: str) -> None:
    """Names, half addresses, and onion names of version 3, which need addrv2."""
    with pytest.raises(UsageError, match="ip: wanted IPv4, IPv6 or an onion name of 16 letters"):
        text_to_ip(text)
