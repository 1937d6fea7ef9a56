"""How `addrv2` names a host (BIP 155): on which network, and bytes of that network's own length.

    1 IPv4 4 | 2 IPv6 16 | 3 Tor version 2 10 | 4 Tor version 3 32 | 5 I2P 32 | 6 CJDNS 16

The 16 bytes of `addr` were too few for onion names of version 3, which are public keys. A network that
somebody invents tomorrow is passed on as it is, up to 512 bytes, so nobody must agree on it before.
"""

from base64 import b32decode, b32encode
from collections.abc import Mapping
from enum import IntEnum
from hashlib import sha3_256
from ipaddress import IPv4Address, IPv6Address
from typing import Final, NamedTuple, Self

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.reader import UNSIGNED_8, UNSIGNED_16, UNSIGNED_32, Reader
from blockchain_lab.bitcoin.codec import (
    compact_size,
    read_bytes,
    read_compact_size,
    unsigned,
    variable_bytes,
)


class AddressNetwork(IntEnum):
    """The networks that have a number."""

    IPV4 = 1
    IPV6 = 2
    TOR_V2 = 3  # Tor dropped it in 2021; Core 22 and later ignore such addresses
    TOR_V3 = 4  # the host is a public key
    I2P = 5  # the host is a hash of a public key
    CJDNS = 6  # an IPv6 address beginning with fc, which only this network can reach


SIZES: Final[Mapping[int, int]] = {
    AddressNetwork.IPV4: 4,
    AddressNetwork.IPV6: 16,
    AddressNetwork.TOR_V2: 10,
    AddressNetwork.TOR_V3: 32,
    AddressNetwork.I2P: 32,
    AddressNetwork.CJDNS: 16,
}  # bytes

MAX_HOST_SIZE: Final = 512  # bytes, on any network: BIP 155; Core netaddress.h MAX_ADDRV2_SIZE
MAX_SERVICES: Final = (1 << 64) - 1  # they are bits and no count, so the limit of counts does not hold
SMALLEST_ADDRESS: Final = 9  # bytes: with a host of no bytes

ONION: Final = ".onion"
I2P_SUFFIX: Final = ".b32.i2p"
ONION_VERSION: Final = b"\x03"
ONION_CHECKSUM_SIZE: Final = 2  # bytes
BASE32_BLOCK: Final = 8  # letters; Base32 is filled up with = to whole blocks, names leave them out


class AddressV2(NamedTuple):
    """A host as `addrv2` names it."""

    time: int  # 4 bytes, little-endian: Unix seconds, when somebody last heard of it
    services: int  # CompactSize, up to 64 bits: service bits, see `network_address`
    network: int  # 1 byte: an `AddressNetwork`, or one that we do not know
    raw: bytes  # CompactSize and at most 512 bytes: the host in that network's own form
    port: int  # 2 bytes, BIG-endian

    @property
    def host(self) -> str:
        """The host as people write it."""
        return host_to_text(self.network, self.raw)

    def encode(self) -> bytes:
        """The fields in order. UsageError also for a host that has not its network's length."""
        problem = find_size_problem(self.network, self.raw)
        if problem or not 0 <= self.port <= 0xFFFF:
            raise UsageError(problem or f"port: wanted 0 .. 65535, found {self.port}")
        return b"".join(
            [
                unsigned(self.time, UNSIGNED_32),
                compact_size(self.services),
                unsigned(self.network, UNSIGNED_8),
                variable_bytes(self.raw),
                self.port.to_bytes(UNSIGNED_16, "big"),
            ]
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read one. DecodeError for a host that has not its network's length."""
        start = reader.at
        time = reader.unsigned("time", UNSIGNED_32)
        services = read_compact_size(reader, "services", MAX_SERVICES)
        network = reader.unsigned("network", UNSIGNED_8)
        raw = read_bytes(reader, "host", limit=MAX_HOST_SIZE)
        problem = find_size_problem(network, raw)
        if problem:
            raise DecodeError(problem)
        port = int.from_bytes(reader.take("port", UNSIGNED_16), "big")
        reader.close("address_v2", start)
        return cls(time, services, network, raw, port)


def find_size_problem(network: int, raw: bytes) -> str:
    """What is wrong with a host's length; nothing: ""."""
    wanted = SIZES.get(network)
    if wanted is not None and len(raw) != wanted:
        return f"host: wanted {wanted} bytes on network {network}, found {len(raw)}"
    if len(raw) > MAX_HOST_SIZE:
        return f"host: wanted at most {MAX_HOST_SIZE} bytes, found {len(raw)}"
    return ""


def host_to_text(network: int, raw: bytes) -> str:
    """A host of the right length as people write it; on an unknown network: `network 9: 0102`."""
    match network:
        case AddressNetwork.IPV4:
            return str(IPv4Address(raw))
        case AddressNetwork.IPV6 | AddressNetwork.CJDNS:
            return str(IPv6Address(raw))
        case AddressNetwork.TOR_V2:
            return to_base32(raw) + ONION
        case AddressNetwork.TOR_V3:
            return to_base32(raw + compute_onion_checksum(raw) + ONION_VERSION) + ONION
        case AddressNetwork.I2P:
            return to_base32(raw) + I2P_SUFFIX
    return f"network {network}: {raw.hex()}"


def text_to_host(network: int, text: str) -> bytes:
    """Back from `host_to_text`. UsageError when the network has no such host."""
    try:
        match network:
            case AddressNetwork.IPV4:
                return IPv4Address(text).packed
            case AddressNetwork.IPV6 | AddressNetwork.CJDNS:
                return IPv6Address(text).packed
            case AddressNetwork.TOR_V2:
                raw = from_base32(text, ONION)
            case AddressNetwork.TOR_V3:
                raw = from_base32(text, ONION)[: SIZES[AddressNetwork.TOR_V3]]
            case AddressNetwork.I2P:
                raw = from_base32(text, I2P_SUFFIX)
            case _:
                raw = bytes.fromhex(text.removeprefix(f"network {network}: "))
        if not find_size_problem(network, raw) and host_to_text(network, raw) == text:
            return raw
    except ValueError:
        pass
    raise UsageError(f"host: {text!r} is no host of network {network}, or its checksum is wrong")


def compute_onion_checksum(public_key: bytes) -> bytes:
    """2 bytes by which a mistyped onion name of version 3 is noticed. Source: Tor `rend-spec-v3`."""
    return sha3_256(b".onion checksum" + public_key + ONION_VERSION).digest()[:ONION_CHECKSUM_SIZE]


def to_base32(raw: bytes) -> str:
    """Lower case, not filled up."""
    return b32encode(raw).decode().rstrip("=").lower()


def from_base32(text: str, suffix: str) -> bytes:
    """Back from `to_base32`, without the suffix. ValueError."""
    if not text.endswith(suffix):
        raise ValueError(f"wanted a name that ends with {suffix}")
    letters = text.removesuffix(suffix).upper()
    return b32decode(letters + "=" * (-len(letters) % BASE32_BLOCK))
