"""A block: an 80-byte header, which is what proof of work is done on, and the transactions it commits to.

    header 80:  version 4 | previous 32 | merkle root 32 | time 4 | bits 4 | nonce 4
    block:      header | count | transactions

Whether a block is valid is not known here. Source: Bitcoin Core `primitives/block.h`.
"""

from dataclasses import dataclass
from functools import cached_property
from struct import Struct
from struct import error as StructError
from typing import Any, ClassVar, Final, Self

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.reader import UNSIGNED_32, Reader
from blockchain_lab.bitcoin.codec import HASH_SIZE, check_hash, compact_size, hash256, read_count
from blockchain_lab.bitcoin.message_base import BitcoinMessage, LectureClass, Versions
from blockchain_lab.bitcoin.tx import SMALLEST_TRANSACTION, WITNESS_SCALE, Transaction

HEADER_SIZE: Final = 80  # bytes
HEADER: Final = Struct("<i32s32sIII")


@dataclass(frozen=True)
class Header:
    """A block header. Its hash is the block's name and its proof of work."""

    version: int  # 4 bytes, signed: rules that the miner signals (BIP 9 sets bits of it)
    previous: bytes  # 32 bytes, internal order: hash of the parent's header; zeros in a genesis block
    merkle_root: bytes  # 32 bytes, internal order: over the txids
    time: int  # 4 bytes, unsigned: the miner's clock, Unix seconds
    bits: int  # 4 bytes, unsigned: the target in compact form, see `chain.work`
    nonce: int  # 4 bytes, unsigned: what the miner varies first

    def encode(self) -> bytes:
        """Its 80 bytes."""
        check_hash("previous", self.previous)
        check_hash("merkle_root", self.merkle_root)
        try:
            return HEADER.pack(
                self.version, self.previous, self.merkle_root, self.time, self.bits, self.nonce
            )
        except StructError as fault:
            raise UsageError(f"header: {fault}") from None

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read one, noted as `header` behind its fields. DecodeError."""
        start = reader.at
        header = cls(
            version=reader.signed("version", UNSIGNED_32),
            previous=reader.take("previous", HASH_SIZE),
            merkle_root=reader.take("merkle_root", HASH_SIZE),
            time=reader.unsigned("time", UNSIGNED_32),
            bits=reader.unsigned("bits", UNSIGNED_32),
            nonce=reader.unsigned("nonce", UNSIGNED_32),
        )
        reader.close("header", start)
        return header

    @classmethod
    def decode(cls, raw: bytes) -> Self:
        """Read exactly 80 bytes. DecodeError."""
        reader = Reader(raw)
        header = cls.read(reader)
        reader.check_end("header")
        return header

    @cached_property
    def _hash(self) -> bytes:
        return hash256(self.encode())

    def hash(self) -> bytes:
        """The block's name: 32 bytes, internal order. Computed once."""
        return self._hash

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Headers never change, so copies share them."""
        return self


@dataclass(frozen=True)
class Block(BitcoinMessage):
    """A header and its transactions, the coinbase first; also the message `block`."""

    command: ClassVar[str] = "block"
    lecture_class: ClassVar[LectureClass] = "data"
    versions: ClassVar[Versions] = Versions("0.1")
    source: ClassVar[str] = "Bitcoin 0.1; witnesses: BIP 144"

    header: Header  # 80 bytes
    transactions: tuple[Transaction, ...]  # CompactSize and at least 10 bytes each

    def encode(self) -> bytes:
        """All of it, witnesses included."""
        return self._encode(with_witness=True)

    def encode_stripped(self) -> bytes:
        """It as peers without witnesses see it."""
        return self._encode(with_witness=False)

    def _encode(self, *, with_witness: bool) -> bytes:
        parts = [self.header.encode(), compact_size(len(self.transactions))]
        for transaction in self.transactions:
            transaction.write_onto(parts, with_witness=with_witness)
        return b"".join(parts)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The header, the count, the transactions. DecodeError."""
        header = Header.read(reader)
        count = read_count(reader, "transaction_count", item_size=SMALLEST_TRANSACTION)
        return cls(header, tuple([Transaction.read(reader) for _ in range(count)]))

    def weight(self) -> int:
        """Weight units (BIP 141): 3 times the bytes without witnesses plus all bytes. O(size)."""
        return (WITNESS_SCALE - 1) * len(self.encode_stripped()) + len(self.encode())
