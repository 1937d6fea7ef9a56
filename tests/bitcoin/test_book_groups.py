"""Groups of addresses: Core's own test cases, and where the Internet ends."""

import pytest

from blockchain_lab.base.units import Address
from blockchain_lab.bitcoin.address_groups import (
    Net,
    get_address_key,
    get_group,
    get_net,
    is_local,
    is_routable,
)

ONION = "pg6mmjiez2xzmp52wdi23y2npsmvmxymdqk4apnbw3gkvxjj3b6xgpad.onion"


@pytest.mark.parametrize(
    ("ip", "group"),
    [
        ("127.0.0.1", [0]),  # local
        ("257.0.0.1", [0]),  # no address at all
        ("10.0.0.1", [0]),  # RFC 1918
        ("169.254.1.1", [0]),  # RFC 3927
        ("1.2.3.4", [1, 1, 2]),
        ("::FFFF:0:102:304", [1, 1, 2]),  # RFC 6145
        ("64:FF9B::102:304", [1, 1, 2]),  # RFC 6052
        ("2002:102:304:9999:9999:9999:9999:9999", [1, 1, 2]),  # RFC 3964, 6to4
        ("2001:0:9999:9999:9999:9999:FEFD:FCFB", [1, 1, 2]),  # RFC 4380, Teredo
        ("edarzcfi6pr7x3xj.onion", [3, 0x2F]),
        ("2001:470:abcd:9999:9999:9999:9999:9999", [2, 32, 1, 4, 112, 175]),  # he.net: 36 bits
        ("2001:470:a0cd:9999:9999:9999:9999:9999", [2, 32, 1, 4, 112, 175]),
        ("2001:2001:9999:9999:9999:9999:9999:9999", [2, 32, 1, 32, 1]),
    ],
)
def test_groups_as_core_makes_them(ip: str, group: list[int]) -> None:
    """The rows of Core's `netbase_getgroup`, numbers as it prints them (the onion name is ours)."""
    assert bytes(group) == get_group(ip)


def test_onion_names_fall_into_sixteen_groups() -> None:
    """Names are keys, so their first bits cost nothing: more groups would help only who makes many names."""
    assert [3, 0x7F] == list(get_group(ONION))  # "p" is 15: 01111 in base 32, its first four bits 0111
    assert 16 == len(
        {get_group(f"{letter}{'a' * 55}.onion") for letter in "abcdefghijklmnopqrstuvwxyz234567"}
    )
    assert Net.I2P is get_net("a" * 52 + ".b32.i2p")
    assert [4, 0x0F] == list(get_group("a" * 52 + ".b32.i2p"))


@pytest.mark.parametrize(
    "ip", ["", "ann", "1.2.3", "x.onion", "a" * 17 + ".onion", "8" * 56 + ".onion", "a.b32.i2p"]
)
def test_what_names_no_host_is_unroutable(ip: str) -> None:
    """It is a peer's text: no exception, no group of its own."""
    assert not is_routable(ip)
    assert bytes(1) == get_group(ip)


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ("0.255.1.1", "1.0.0.0"),
        ("100.64.0.0", "100.63.255.255"),
        ("100.127.255.255", "100.128.0.0"),
        ("127.255.255.255", "128.0.0.0"),
        ("169.254.255.255", "169.255.0.0"),
        ("172.31.255.255", "172.32.0.0"),
        ("192.168.0.0", "192.169.0.0"),
        ("192.0.2.255", "192.0.3.0"),
        ("198.19.255.255", "198.20.0.0"),
        ("198.51.100.0", "198.51.101.0"),
        ("203.0.113.9", "203.0.114.9"),
        ("255.255.255.255", "255.255.255.254"),  # Core calls multicast and the rest routable
        ("::", "1::"),
        ("::1", "::2"),
        ("2001:db8::1", "2001:db9::1"),
        ("2001:10::1", "2001:40::1"),
        ("2001:2f::1", "2001:30::1"),
        ("fdff::1", "fe00::1"),
        ("fe80::1", "fe80:0:0:1::1"),
    ],
)
def test_where_the_internet_ends(inside: str, outside: str) -> None:
    """On one side of each border nobody can be dialled."""
    assert (False, True) == (is_routable(inside), is_routable(outside))
    assert Net.UNROUTABLE is get_net(inside)


def test_a_simulated_network_may_count_private_addresses() -> None:
    """Its hosts live in 10.0.0.0/8; with the switch they have groups like everybody else."""
    assert is_routable("10.0.0.1", private_too=True)
    assert [1, 10, 7] == list(get_group("10.7.0.1", private_too=True))
    assert not is_routable("127.0.0.1", private_too=True)
    assert Net.UNROUTABLE is get_net("10.7.0.1")


def test_only_this_machine_is_local() -> None:
    """Private is not local."""
    assert [True, True, True, False, False, False] == [
        is_local(ip) for ip in ("127.0.0.1", "0.1.2.3", "::1", "10.0.0.1", "fe80::1", ONION)
    ]


def test_an_address_is_hashed_in_its_ipv6_form_with_its_port() -> None:
    """16 bytes and two, big-endian; a long onion name counts with all its 32 bytes."""
    mapped = bytes(10) + b"\xff\xff" + bytes([250, 1, 1, 1])

    assert mapped + b"\x20\x8d" == get_address_key(Address("250.1.1.1", 8333))
    assert get_address_key(Address("::ffff:250.1.1.1", 8333)) == get_address_key(Address("250.1.1.1", 8333))
    assert 34 == len(get_address_key(Address(ONION, 8333)))
    assert (
        "fd87d87eeb4320c11c88a8f3e3fbeee9" + "0001"
        == get_address_key(Address("edarzcfi6pr7x3xj.onion", 1)).hex()
    )
