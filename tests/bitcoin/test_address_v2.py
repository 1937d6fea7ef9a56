"""Hosts on any network (BIP 155): names and bytes, and what is passed on without being understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin.address_v2 import SIZES, AddressNetwork, host_to_text, text_to_host
from blockchain_lab.bitcoin.messages import AddressV2, AddrV2

# Source: Core net_tests.cpp (cnetaddr_unserialize_v2), netbase_tests.cpp.
HOSTS = [
    (AddressNetwork.IPV4, "01020304", "1.2.3.4"),
    (AddressNetwork.IPV6, "0102030405060708090a0b0c0d0e0f10", "102:304:506:708:90a:b0c:d0e:f10"),
    (AddressNetwork.TOR_V2, "f1f2f3f4f5f6f7f8f9fa", "6hzph5hv6337r6p2.onion"),
    (
        AddressNetwork.TOR_V3,
        "79bcc625184b05194975c28b66b66b0469f7f6556fb1ac3189a79b40dda32f1f",
        "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion",
    ),
    (
        AddressNetwork.I2P,
        "a2894dabaec08c0051a481a6dac88b64f98232ae42d4b6fd2fa81952dfe36a87",
        "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2p",
    ),
    (AddressNetwork.CJDNS, "fc000001000200030004000500060007", "fc00:1:2:3:4:5:6:7"),
    (99, "0102", "network 99: 0102"),
    (99, "", "network 99: "),
]

# Three addresses, as Core writes them. Source: Core net_tests.cpp (stream_addrv2_hex).
STREAM = bytes.fromhex(
    "03"
    "61bc6649" + "00" + "0210" + "00000000000000000000000000000001" + "0000"
    "79627683" + "01" + "0210" + "00000000000000000000000000000001" + "00f1"
    "ffffffff" + "fd4804" + "0210" + "00000000000000000000000000000001" + "f1f2"
)


@pytest.mark.parametrize(("network", "raw", "text"), HOSTS)
def test_hosts_as_people_write_them(network: int, raw: str, text: str) -> None:
    """An onion name of version 3 is a public key, a checksum and a 3, in Base32."""
    assert text == host_to_text(network, bytes.fromhex(raw))
    assert raw == text_to_host(network, text).hex()
    assert text == AddressV2(0, 0, network, bytes.fromhex(raw), 0).host


def test_a_message_as_core_writes_it() -> None:
    """Service bits are a CompactSize here, and the port is big-endian still."""
    message = AddrV2.decode(STREAM)

    assert STREAM == message.encode()
    assert [0x4966BC61, 0x83766279, 0xFFFFFFFF] == [entry.time for entry in message.addresses]
    assert [0, 1, 8 | 1 << 6 | 1 << 10] == [entry.services for entry in message.addresses]
    assert [0, 0x00F1, 0xF1F2] == [entry.port for entry in message.addresses]
    assert {"::1"} == {entry.host for entry in message.addresses}


def test_all_64_service_bits() -> None:
    """They are no count: the limit of 32 MiB for counts does not hold."""
    entry = AddressV2(0, (1 << 64) - 1, AddressNetwork.IPV4, bytes(4), 1)

    assert AddrV2((entry,)) == AddrV2.decode(AddrV2((entry,)).encode())


@given(network=st.sampled_from(sorted(SIZES)), data=st.data())
def test_any_host_can_be_written_and_read(network: int, data: st.DataObject) -> None:
    """Bytes -> text -> the same bytes, on all networks that we know."""
    raw = data.draw(st.binary(min_size=SIZES[network], max_size=SIZES[network]))

    assert raw == text_to_host(network, host_to_text(network, raw))


@pytest.mark.parametrize(
    ("network", "text"),
    [
        (AddressNetwork.IPV4, "::1"),
        (AddressNetwork.IPV6, "1.2.3.4"),
        (AddressNetwork.TOR_V2, "6hzph5hv6337r6p2"),
        (AddressNetwork.TOR_V2, "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"),
        (AddressNetwork.TOR_V3, "6hzph5hv6337r6p2.onion"),
        (AddressNetwork.TOR_V3, "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryf.onion"),
        (AddressNetwork.TOR_V3, "qg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"),
        (AddressNetwork.I2P, "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnk1q.b32.i2p"),
        (99, "0102"),
        (99, "network 99: 1"),
    ],
)
def test_names_that_no_host_has(network: int, text: str) -> None:
    """Of another network, with a letter mistyped (two of them: version and checksum), not hexadecimal."""
    with pytest.raises(UsageError, match="host: "):
        text_to_host(network, text)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (AddressV2(0, 0, AddressNetwork.IPV4, bytes(16), 1), "wanted 4 bytes on network 1, found 16"),
        (AddressV2(0, 0, 99, bytes(513), 1), "wanted at most 512 bytes, found 513"),
        (AddressV2(0, 0, 99, b"", 65_536), "port: wanted 0 .. 65535, found 65536"),
        (AddressV2(0, 1 << 64, 99, b"", 1), "a CompactSize holds 64 bits"),
        (AddressV2(0, 0, 256, b"", 1), "256 does not fit 1 unsigned bytes"),
    ],
)
def test_values_that_do_not_fit_are_the_callers_mistake(entry: AddressV2, complaint: str) -> None:
    """From a peer the same is a malformed message."""
    with pytest.raises(UsageError, match=complaint):
        AddrV2((entry,)).encode()
