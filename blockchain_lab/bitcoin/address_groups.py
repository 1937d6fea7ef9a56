"""Which network an address belongs to, whether the Internet can reach it, and which group it is counted in.

One person can easily hold 65,536 addresses of one provider, and hardly ten of different ones. So a node never
counts addresses, it counts *groups*:

    IPv4                 250.1.2.3            the first 16 bits       01 fa 01
    IPv6                 2a01:4f8:1:2::3      the first 32 bits       02 2a 01 04 f8
    Tor, I2P             xyz...onion          the first 4 bits        03 ef
    IPv6 at he.net       2001:470:ab..        the first 36 bits
    all that is local or cannot be routed     one group for all       00

IPv4 inside IPv6 (mapped, 6to4, Teredo, ...) is counted as the IPv4 address that it stands for. Addresses are
text here, as in `base.units.Address`. We count fc00::/8 as private and do not know CJDNS.

A simulated network lives in 10.0.0.0/8 unless its scenario gives addresses, and Core would not store or pass
on a single one of those: with `private_too`, RFC 1918's addresses count as ordinary ones.

Source: Bitcoin Core `netgroup.cpp` GetGroup and `netaddress.cpp`.
"""

from base64 import b32decode
from enum import IntEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from blockchain_lab.base.units import Address
from blockchain_lab.bitcoin.network_address import IPV4_PREFIX, ONION_PREFIX

ONION_LETTERS: Final = (16, 56)  # version 2, until 2021, and version 3
I2P_LETTERS: Final = 52
ONION_KEY_SIZE: Final = (
    32  # bytes; behind them in version 3 a checksum and the version, which we do not check
)

PRIVATE: Final = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))  # RFC 1918
NOWHERE_4: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this host
            "127.0.0.0/8",  # local
            "100.64.0.0/10",  # RFC 6598, a provider's own
            "169.254.0.0/16",  # RFC 3927, link local
            "198.18.0.0/15",  # RFC 2544, benchmarks
            "192.0.2.0/24",  # RFC 5737, three networks for books
            "198.51.100.0/24",
            "203.0.113.0/24",
            "255.255.255.255/32",
        ),
    )
)
NOWHERE_6: Final = tuple(
    map(
        IPv6Network,
        (
            "::/127",  # unspecified, local
            "2001:db8::/32",  # RFC 3849, for books
            "2001:10::/28",  # RFC 4843, names of keys
            "2001:20::/28",  # RFC 7343, the same anew
            "fc00::/7",  # RFC 4193, private
            "fe80::/64",  # RFC 4862, link local
        ),
    )
)
IPV4_AT_END: Final = tuple(map(IPv6Network, ("::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
SIX_TO_FOUR: Final = IPv6Network("2002::/16")  # RFC 3964: the IPv4 address stands behind the first 16 bits
TEREDO: Final = IPv6Network("2001::/32")  # RFC 4380: at the end, every bit turned over
HURRICANE_ELECTRIC: Final = IPv6Network("2001:470::/32")  # gives whole /48s away for nothing


class Net(IntEnum):
    """Networks, by the numbers that Core writes in front of a group (netaddress.h)."""

    UNROUTABLE = 0
    IPV4 = 1
    IPV6 = 2
    ONION = 3
    I2P = 4


GROUP_BITS: Final = {Net.IPV4: 16, Net.IPV6: 32, Net.ONION: 4, Net.I2P: 4}
HURRICANE_ELECTRIC_BITS: Final = 36


@lru_cache(maxsize=1 << 16)
def read_name(ip: str) -> tuple[Net, bytes]:
    """The network in which a host's name is written, and the name's bytes; UNROUTABLE, b"" if none.

    4 bytes for IPv4, also when it stands inside an IPv6 address; 16 for IPv6, 10 or 32 for onion names.
    """
    try:
        if ip.endswith(".onion"):
            return read_onion(ip.removesuffix(".onion"))
        if ip.endswith(".b32.i2p"):
            return read_i2p(ip.removesuffix(".b32.i2p"))
        address = ip_address(ip)
    except ValueError:
        return Net.UNROUTABLE, b""
    if isinstance(address, IPv4Address):
        return Net.IPV4, address.packed
    inner = find_inner_ipv4(address)
    return (Net.IPV6, address.packed) if inner is None else (Net.IPV4, inner)


def read_onion(letters: str) -> tuple[Net, bytes]:
    """The key in a Tor name. ValueError."""
    if len(letters) not in ONION_LETTERS:
        raise ValueError(letters)
    return Net.ONION, b32decode(letters.upper())[:ONION_KEY_SIZE]


def read_i2p(letters: str) -> tuple[Net, bytes]:
    """The hash in an I2P name. ValueError."""
    if len(letters) != I2P_LETTERS:
        raise ValueError(letters)
    return Net.I2P, b32decode(letters.upper() + "====")


def find_inner_ipv4(address: IPv6Address) -> bytes | None:
    """The IPv4 address that an IPv6 address stands for."""
    if any(address in network for network in IPV4_AT_END):
        return address.packed[12:]
    if address in SIX_TO_FOUR:
        return address.packed[2:6]
    if address in TEREDO:
        return bytes([byte ^ 0xFF for byte in address.packed[12:]])
    return None


@lru_cache(maxsize=1 << 16)
def is_routable(ip: str, *, private_too: bool = False) -> bool:
    """Can any host on the Internet reach this one? Core's IsRoutable."""
    net, raw = read_name(ip)
    if net is Net.IPV4:
        address = IPv4Address(raw)
        if any(address in network for network in NOWHERE_4):
            return False
        return private_too or not any(address in network for network in PRIVATE)
    if net is Net.IPV6:
        return not any(IPv6Address(raw) in network for network in NOWHERE_6)
    return net is not Net.UNROUTABLE


def is_local(ip: str) -> bool:
    """Is it this very machine? Core's IsLocal."""
    net, raw = read_name(ip)
    if net is Net.IPV4:
        return raw[0] in {0, 127}
    return net is Net.IPV6 and raw == bytes(15) + b"\x01"


def get_net(ip: str, *, private_too: bool = False) -> Net:
    """The network by which an address is counted. Core's GetNetClass."""
    return read_name(ip)[0] if is_routable(ip, private_too=private_too) else Net.UNROUTABLE


@lru_cache(maxsize=1 << 16)
def get_group(ip: str, *, private_too: bool = False) -> bytes:
    """The group in which an address is counted: its network, its first bits, then ones up to a whole byte."""
    net = get_net(ip, private_too=private_too)
    if net is Net.UNROUTABLE:
        return bytes([net])
    raw = read_name(ip)[1]
    bits = GROUP_BITS[net]
    if net is Net.IPV6 and IPv6Address(raw) in HURRICANE_ELECTRIC:
        bits = HURRICANE_ELECTRIC_BITS
    whole, rest = divmod(bits, 8)
    last = [raw[whole] | (0xFF >> rest)] if rest else []
    return bytes([net, *raw[:whole], *last])


def get_address_key(address: Address) -> bytes:
    """The bytes that stand for an address in hashes: its IPv6 form or onion key, and the port, big-endian.

    Core's CService::GetKey. Text that names no host stands for itself.
    """
    net, raw = read_name(address.ip)
    match net:
        case Net.IPV4:
            raw = IPV4_PREFIX + raw
        case Net.ONION if len(raw) < ONION_KEY_SIZE:
            raw = ONION_PREFIX + raw
        case Net.UNROUTABLE:
            raw = address.ip.encode()
    return raw + address.port.to_bytes(2, "big")
