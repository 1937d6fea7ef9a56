"""How `version` and `addr` name a host: service bits, 16 bytes of IP address, a port.

IPv4 is written as the IPv6 address ::ffff:a.b.c.d, an onion name of version 2 inside OnionCat's
network fd87:d87e:eb43::/48. Longer onion names do not fit; BIP 155 (addrv2) was made for them.
"""

from base64 import b32decode, b32encode
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final, NamedTuple, Self

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.reader import UNSIGNED_16, UNSIGNED_32, UNSIGNED_64, Reader
from blockchain_lab.bitcoin.codec import unsigned

# Service bits: what a peer offers. Source: Bitcoin Core `protocol.h`.
NODE_NETWORK: Final = 1 << 0  # serves all blocks
NODE_BLOOM: Final = 1 << 2  # filters for light clients (BIP 37)
NODE_WITNESS: Final = 1 << 3  # serves blocks and transactions with witnesses (BIP 144)
NODE_NETWORK_LIMITED: Final = 1 << 10  # serves at least the last 288 blocks (BIP 159)

IP_SIZE: Final = 16  # bytes
ADDRESS_SIZE: Final = 26  # bytes: services, IP, port
TIMED_ADDRESS_SIZE: Final = 30  # bytes: the same behind a time
IPV4_PREFIX: Final = bytes(10) + b"\xff\xff"
ONION_PREFIX: Final = bytes.fromhex("fd87d87eeb43")


def ip_to_text(raw: bytes) -> str:
    """16 bytes as people write them: IPv4 dotted, onion names as such, the rest as IPv6."""
    if raw.startswith(IPV4_PREFIX):
        return str(IPv4Address(raw[len(IPV4_PREFIX) :]))
    if raw.startswith(ONION_PREFIX):
        return b32encode(raw[len(ONION_PREFIX) :]).decode().lower() + ".onion"
    return str(IPv6Address(raw))


def text_to_ip(text: str) -> bytes:
    """Back from `ip_to_text`. UsageError for what has no 16-byte form."""
    try:
        if text.endswith(".onion"):
            raw = ONION_PREFIX + b32decode(text.removesuffix(".onion").upper())
        else:
            address = ip_address(text)
            raw = IPV4_PREFIX + address.packed if isinstance(address, IPv4Address) else address.packed
    except ValueError:
        raw = b""
    if len(raw) != IP_SIZE:
        raise UsageError(f"ip: wanted IPv4, IPv6 or an onion name of 16 letters, found {text!r}")
    return raw


class NetworkAddress(NamedTuple):
    """A host as `version` names it: 26 bytes."""

    services: int  # 8 bytes, little-endian: service bits
    ip: str  # 16 bytes, see above
    port: int  # 2 bytes, BIG-endian: with `ip` the only fields in network order

    def encode(self) -> bytes:
        """Its 26 bytes."""
        try:
            port = self.port.to_bytes(UNSIGNED_16, "big")
        except OverflowError:
            raise UsageError(f"port: wanted 0 .. 65535, found {self.port}") from None
        return unsigned(self.services, UNSIGNED_64) + text_to_ip(self.ip) + port

    @classmethod
    def read(cls, reader: Reader, name: str) -> Self:
        """Read one, noted as `name`."""
        start = reader.at
        services = reader.unsigned("services", UNSIGNED_64)
        ip = ip_to_text(reader.take("ip", IP_SIZE))
        port = int.from_bytes(reader.take("port", UNSIGNED_16), "big")
        reader.close(name, start)
        return cls(services, ip, port)


class TimedAddress(NamedTuple):
    """A host as `addr` names it: 30 bytes."""

    time: int  # 4 bytes, little-endian: Unix seconds, when somebody last heard of it
    address: NetworkAddress  # 26 bytes

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Nothing in it can change."""
        return self

    def encode(self) -> bytes:
        """Its 30 bytes."""
        return unsigned(self.time, UNSIGNED_32) + self.address.encode()

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read one."""
        start = reader.at
        time = reader.unsigned("time", UNSIGNED_32)
        address = NetworkAddress.read(reader, "address")
        reader.close("timed_address", start)
        return cls(time, address)
