"""Messages of the lecture's third class: what I have, what I want.

    blocks first     getblocks  ->  inv (at most 500)        getdata  ->  block, block, ...
    headers first    getheaders ->  headers (at most 2,000)  getdata  ->  block, block, ... from many peers

A *locator* says where we are without saying how many blocks we have: hashes of our chain from the tip
backwards, first one by one, then in doubling steps. The other side goes on from the first one it knows.

`getblocktxn` stands with the other messages of compact blocks, the three of Bloom filters with `merkleblock`.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.reader import UNSIGNED_32, UNSIGNED_64, Reader
from blockchain_lab.bitcoin.codec import (
    HASH_SIZE,
    ZERO_HASH,
    check_hash,
    compact_size,
    read_count,
    read_flag,
    signed,
    unsigned,
)
from blockchain_lab.bitcoin.inventory import InventoryItem, read_items, write_items
from blockchain_lab.bitcoin.message_base import BitcoinMessage, EmptyMessage, LectureClass, Versions

MAX_LOCATOR: Final = 101  # hashes: Core's MAX_LOCATOR_SZ


@dataclass(frozen=True)
class LocatorMessage(BitcoinMessage):
    """What `getblocks` and `getheaders` share: all their fields."""

    version: int  # 4 bytes, signed: protocol version; nobody reads it
    locator: tuple[bytes, ...]  # CompactSize (at most 101) and 32 bytes each, internal order, tip first
    stop: bytes = ZERO_HASH  # 32 bytes: the last one wanted; zeros: as many as you may

    def encode(self) -> bytes:
        """The fields in order."""
        return b"".join(
            [
                signed(self.version, UNSIGNED_32),
                compact_size(len(self.locator)),
                *[check_hash("locator", known) for known in self.locator],
                check_hash("stop", self.stop),
            ]
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order."""
        version = reader.signed("version", UNSIGNED_32)
        count = read_count(reader, "locator_count", item_size=HASH_SIZE, limit=MAX_LOCATOR)
        start = reader.at
        locator = tuple([reader.take("hash", HASH_SIZE) for _ in range(count)])
        reader.close("locator", start)
        return cls(version, locator, reader.take("stop", HASH_SIZE))


@dataclass(frozen=True)
class GetBlocks(LocatorMessage):
    """Which blocks come after these? Answered by an `Inv` of at most 500."""

    command: ClassVar[str] = "getblocks"
    lecture_class: ClassVar[LectureClass] = "announce"
    versions: ClassVar[Versions] = Versions("0.1")
    source: ClassVar[str] = "Bitcoin 0.1"


@dataclass(frozen=True)
class GetHeaders(LocatorMessage):
    """Which headers come after these? Answered by `Headers`, at most 2,000."""

    command: ClassVar[str] = "getheaders"
    lecture_class: ClassVar[LectureClass] = "announce"
    versions: ClassVar[Versions] = Versions("0.3.18", protocol=31800)
    source: ClassVar[str] = "protocol version 31800 (2010); used for synchronisation since Core 0.10"


@dataclass(frozen=True)
class InventoryMessage(BitcoinMessage):
    """What `inv`, `getdata` and `notfound` share: all their fields."""

    items: tuple[InventoryItem, ...]  # CompactSize (at most 50,000) and 36 bytes each

    def encode(self) -> bytes:
        """The count and the items."""
        return write_items(self.items)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The count and the items."""
        return cls(items=read_items(reader))


@dataclass(frozen=True)
class Inv(InventoryMessage):
    """I have these."""

    command: ClassVar[str] = "inv"
    lecture_class: ClassVar[LectureClass] = "announce"
    versions: ClassVar[Versions] = Versions("0.1")
    source: ClassVar[str] = "Bitcoin 0.1"


@dataclass(frozen=True)
class GetData(InventoryMessage):
    """Send me these. Answered by `Block` and `Transaction`, or `NotFound`."""

    command: ClassVar[str] = "getdata"
    lecture_class: ClassVar[LectureClass] = "announce"
    versions: ClassVar[Versions] = Versions("0.1")
    source: ClassVar[str] = "Bitcoin 0.1; witnesses: BIP 144"


@dataclass(frozen=True)
class NotFound(InventoryMessage):
    """I do not have these."""

    command: ClassVar[str] = "notfound"
    lecture_class: ClassVar[LectureClass] = "announce"
    versions: ClassVar[Versions] = Versions("0.8", protocol=70001)
    source: ClassVar[str] = "protocol version 70001 (2013), with BIP 37"


@dataclass(frozen=True)
class Mempool(EmptyMessage):
    """Which transactions wait in your memory pool? Answered by an `Inv`."""

    command: ClassVar[str] = "mempool"
    lecture_class: ClassVar[LectureClass] = "announce"
    versions: ClassVar[Versions] = Versions("0.7", protocol=60002)
    source: ClassVar[str] = "BIP 35"


@dataclass(frozen=True)
class SendHeaders(EmptyMessage):
    """Announce new blocks to me by `Headers` instead of `Inv`."""

    command: ClassVar[str] = "sendheaders"
    lecture_class: ClassVar[LectureClass] = "announce"
    versions: ClassVar[Versions] = Versions("0.12", protocol=70012)
    source: ClassVar[str] = "BIP 130"


@dataclass(frozen=True)
class SendCompact(BitcoinMessage):
    """I understand compact blocks; with `announce`, send me new ones so without asking."""

    command: ClassVar[str] = "sendcmpct"
    lecture_class: ClassVar[LectureClass] = "announce"
    versions: ClassVar[Versions] = Versions("0.13", protocol=70014)
    source: ClassVar[str] = "BIP 152"

    announce: bool  # 1 byte, 0 or 1
    version: int  # 8 bytes: 1 = short ids from txids, 2 = from wtxids (the only one Core still speaks)

    def encode(self) -> bytes:
        """9 bytes."""
        return bytes([self.announce]) + unsigned(self.version, UNSIGNED_64)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """9 bytes."""
        return cls(announce=read_flag(reader, "announce"), version=reader.unsigned("version", UNSIGNED_64))


@dataclass(frozen=True)
class FeeFilter(BitcoinMessage):
    """Do not announce transactions to me that pay less than this. A wish, not a rule."""

    command: ClassVar[str] = "feefilter"
    lecture_class: ClassVar[LectureClass] = "announce"
    versions: ClassVar[Versions] = Versions("0.13", protocol=70013)
    source: ClassVar[str] = "BIP 133"

    rate: int  # 8 bytes, signed: satoshi for 1,000 virtual bytes; who is told nonsense ignores it

    def encode(self) -> bytes:
        """8 bytes."""
        return signed(self.rate, UNSIGNED_64)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """8 bytes."""
        return cls(rate=reader.signed("rate", UNSIGNED_64))
