"""Messages of the lecture's second class: who else is there."""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.reader import Reader
from blockchain_lab.bitcoin.address_v2 import SMALLEST_ADDRESS, AddressV2
from blockchain_lab.bitcoin.codec import compact_size, read_count
from blockchain_lab.bitcoin.message_base import BitcoinMessage, EmptyMessage, LectureClass, Versions
from blockchain_lab.bitcoin.network_address import TIMED_ADDRESS_SIZE, TimedAddress

MAX_ADDRESSES: Final = 1_000  # in one message: Core's MAX_ADDR_TO_SEND


@dataclass(frozen=True)
class GetAddr(EmptyMessage):
    """Whom do you know? Answered by an `Addr`, or by silence."""

    command: ClassVar[str] = "getaddr"
    lecture_class: ClassVar[LectureClass] = "addresses"
    versions: ClassVar[Versions] = Versions("0.1")
    source: ClassVar[str] = "Bitcoin 0.1"


@dataclass(frozen=True)
class Addr(BitcoinMessage):
    """Hosts that I have heard of, at most 1,000. Nobody vouches for them."""

    command: ClassVar[str] = "addr"
    lecture_class: ClassVar[LectureClass] = "addresses"
    versions: ClassVar[Versions] = Versions("0.1")
    source: ClassVar[str] = "Bitcoin 0.1; the time since protocol version 31402"

    addresses: tuple[TimedAddress, ...]  # CompactSize and 30 bytes each

    def encode(self) -> bytes:
        """The count and the addresses."""
        return compact_size(len(self.addresses)) + b"".join([entry.encode() for entry in self.addresses])

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The count and the addresses."""
        count = read_count(reader, "address_count", item_size=TIMED_ADDRESS_SIZE, limit=MAX_ADDRESSES)
        return cls(addresses=tuple([TimedAddress.read(reader) for _ in range(count)]))


@dataclass(frozen=True)
class AddrV2(BitcoinMessage):
    """Hosts on any network, at most 1,000; instead of `Addr`, to who has said `SendAddrV2`."""

    command: ClassVar[str] = "addrv2"
    lecture_class: ClassVar[LectureClass] = "addresses"
    versions: ClassVar[Versions] = Versions("0.21", protocol=70016)
    source: ClassVar[str] = "BIP 155"

    addresses: tuple[AddressV2, ...]  # CompactSize and at least 9 bytes each

    def encode(self) -> bytes:
        """The count and the addresses."""
        return compact_size(len(self.addresses)) + b"".join([entry.encode() for entry in self.addresses])

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The count and the addresses."""
        count = read_count(reader, "address_count", item_size=SMALLEST_ADDRESS, limit=MAX_ADDRESSES)
        return cls(addresses=tuple([AddressV2.read(reader) for _ in range(count)]))
