"""Messages that send a block without the transactions that the receiver has already (BIP 152).

    miner -> cmpctblock: header, short ids, the coinbase     receiver looks into its memory pool
             getblocktxn: places of what it lacks         <- receiver
             blocktxn: those transactions                 -> receiver has the block

`sendcmpct`, by which peers agree on it, stands with the other announcements. What short ids are and how a
block is put together again is in `compact`.

On the wire a list of places is written as differences: place - previous place - 1, so that neighbours cost
a byte each. Here they are the places themselves. Source: Core `blockencodings.h`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple, Self

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.reader import UNSIGNED_64, Reader
from blockchain_lab.bitcoin.block import Header
from blockchain_lab.bitcoin.codec import (
    HASH_SIZE,
    check_hash,
    compact_size,
    read_compact_size,
    read_count,
    unsigned,
)
from blockchain_lab.bitcoin.message_base import BitcoinMessage, LectureClass, Versions
from blockchain_lab.bitcoin.tx import SMALLEST_TRANSACTION, Transaction

SHORT_ID_SIZE: Final = 6  # bytes
MAX_PLACE: Final = 0xFFFF  # Core keeps places in 16 bits; as many transactions a compact block may have
BEFORE_FIRST: Final = -1  # what the first place is counted from


class Prefilled(NamedTuple):
    """A transaction sent whole, because the receiver cannot have it: the coinbase."""

    place: int  # CompactSize, written as difference: counts from 0
    transaction: Transaction


@dataclass(frozen=True)
class CompactBlock(BitcoinMessage):
    """A block in some 6 bytes a transaction. Sent unasked, or for a `GetData` of type MSG_CMPCT_BLOCK."""

    command: ClassVar[str] = "cmpctblock"
    lecture_class: ClassVar[LectureClass] = "data"
    versions: ClassVar[Versions] = Versions("0.13", protocol=70014)
    source: ClassVar[str] = "BIP 152"

    header: Header  # 80 bytes
    nonce: int  # 8 bytes: drawn by the sender, so that nobody can prepare collisions for all at once
    short_ids: tuple[int, ...]  # CompactSize and 6 bytes each: all others, in the block's order
    prefilled: tuple[Prefilled, ...]  # CompactSize, then each a difference and a transaction

    def encode(self) -> bytes:
        """The fields in order. UsageError when places do not grow, or point behind the block."""
        check_positions([entry.place for entry in self.prefilled], len(self.short_ids))
        parts = [self.header.encode(), unsigned(self.nonce, UNSIGNED_64), compact_size(len(self.short_ids))]
        parts += [unsigned(short_id, SHORT_ID_SIZE) for short_id in self.short_ids]
        parts.append(compact_size(len(self.prefilled)))
        differences = get_differences(entry.place for entry in self.prefilled)
        for difference, entry in zip(differences, self.prefilled, strict=True):
            parts.append(compact_size(difference))
            entry.transaction.write_onto(parts, with_witness=True)
        return b"".join(parts)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order. DecodeError also for a place behind the block's end."""
        header = Header.read(reader)
        nonce = reader.unsigned("nonce", UNSIGNED_64)
        count = read_count(reader, "short_id_count", item_size=SHORT_ID_SIZE, limit=MAX_PLACE)
        short_ids = tuple([reader.unsigned("short_id", SHORT_ID_SIZE) for _ in range(count)])
        limit = MAX_PLACE - count
        prefilled_count = read_count(
            reader, "prefilled_count", item_size=1 + SMALLEST_TRANSACTION, limit=limit
        )
        prefilled: list[Prefilled] = []
        place = BEFORE_FIRST
        for number in range(prefilled_count):
            start = reader.at
            place = read_place(reader, place, last=count + number)
            prefilled.append(Prefilled(place, Transaction.read(reader)))
            reader.close("prefilled", start)
        return cls(header, nonce, short_ids, tuple(prefilled))


@dataclass(frozen=True)
class GetBlockTransactions(BitcoinMessage):
    """Of this block I lack the transactions at these places. Answered by `BlockTransactions`."""

    command: ClassVar[str] = "getblocktxn"
    lecture_class: ClassVar[LectureClass] = "announce"
    versions: ClassVar[Versions] = Versions("0.13", protocol=70014)
    source: ClassVar[str] = "BIP 152"

    block: bytes  # 32 bytes, internal order: the block's hash
    places: tuple[int, ...]  # CompactSize and one each, written as differences: they grow

    def encode(self) -> bytes:
        """The hash, the count, the differences. UsageError when the places do not grow."""
        check_positions(self.places, MAX_PLACE)
        differences = [compact_size(difference) for difference in get_differences(self.places)]
        return b"".join([check_hash("block", self.block), compact_size(len(self.places)), *differences])

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The hash, the count, the places."""
        block = reader.take("block", HASH_SIZE)
        count = read_count(reader, "place_count", item_size=1, limit=MAX_PLACE)
        places: list[int] = []
        place = BEFORE_FIRST
        for _ in range(count):
            place = read_place(reader, place, last=MAX_PLACE)
            places.append(place)
        return cls(block, tuple(places))


@dataclass(frozen=True)
class BlockTransactions(BitcoinMessage):
    """The transactions that a `GetBlockTransactions` asked for, in its order."""

    command: ClassVar[str] = "blocktxn"
    lecture_class: ClassVar[LectureClass] = "data"
    versions: ClassVar[Versions] = Versions("0.13", protocol=70014)
    source: ClassVar[str] = "BIP 152"

    block: bytes  # 32 bytes, internal order: the block's hash
    transactions: tuple[Transaction, ...]  # CompactSize and at least 10 bytes each

    def encode(self) -> bytes:
        """The hash, the count, the transactions with their witnesses."""
        parts = [check_hash("block", self.block), compact_size(len(self.transactions))]
        for transaction in self.transactions:
            transaction.write_onto(parts, with_witness=True)
        return b"".join(parts)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The hash, the count, the transactions."""
        block = reader.take("block", HASH_SIZE)
        count = read_count(reader, "transaction_count", item_size=SMALLEST_TRANSACTION, limit=MAX_PLACE)
        return cls(block, tuple([Transaction.read(reader) for _ in range(count)]))


def get_differences(places: Iterable[int]) -> Iterator[int]:
    """Growing places as they are written: 0 for the one right behind the previous."""
    previous = BEFORE_FIRST
    for place in places:
        yield place - previous - 1
        previous = place


def read_place(reader: Reader, previous: int, *, last: int) -> int:
    """The place that a difference leads to. DecodeError when it lies behind `last`: an overflow in Core."""
    place = previous + 1 + read_compact_size(reader, "place")
    if place > last:
        raise DecodeError(f"place: {place} is behind the last possible one, {last}; found up to {reader.at}")
    return place


def check_positions(places: Iterable[int], others: int) -> None:
    """UsageError unless places grow and fit a block with `others` transactions besides."""
    previous = BEFORE_FIRST
    for number, place in enumerate(places):
        if not previous < place <= min(MAX_PLACE, others + number):
            raise UsageError(f"place: wanted {previous + 1} .. {others + number}, found {place}")
        previous = place
