"""What peers of the ledger say to each other, beside transactions and blocks themselves.

    status       first on each line: which overlay it belongs to, our tip, the topics we listen to
    tx-names     these transactions wait here          (devp2p eth/68, NewPooledTransactionHashes)
    want-txs     send me these                         (GetPooledTransactions)
    private-tx   a transaction for a builder alone: it is not passed on
    attest       a validator says which block it takes for the tip in its slot
    aggregate    all attestations of one committee that say the same

Wire: ours, in the envelope; numbers are little-endian.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, Self

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.fields import (
    read_bytes,
    read_list,
    read_text,
    write_bytes,
    write_list,
    write_text,
    write_unsigned,
)
from blockchain_lab.base.messages import Message
from blockchain_lab.base.once import once
from blockchain_lab.base.reader import UNSIGNED_8, UNSIGNED_16, UNSIGNED_32, Reader
from blockchain_lab.consensus.keys import is_signed_by, sign
from blockchain_lab.consensus.sync_messages import WantBranch
from blockchain_lab.layers.ledger_block import NAME_SIZE, Block, Branch
from blockchain_lab.layers.ledger_transaction import Transaction

MOST_NAMES: Final = 4_096  # in one `tx-names`; eth/68 recommends so many
MOST_TOPICS: Final = 128
MOST_SIGNERS: Final = 2_048  # of a committee; Ethereum's MAX_VALIDATORS_PER_COMMITTEE


class Overlay(IntEnum):
    """What a line is for. One pair of peers may have one of each."""

    EXECUTION = 0  # transactions, and blocks where they travel there
    CONSENSUS = 1  # attestations, and blocks where they travel there
    PRIVATE = 2  # from somebody who pays to the builder that it trusts


@dataclass(frozen=True)
class Status(Message):
    """Wire: overlay 1, head 32, height 4, topics 2 each."""

    command: ClassVar[str] = "status"
    lecture_class: ClassVar[str] = "connection"
    overlay: int
    head: bytes
    height: int  # what the sender says; nobody relies on it
    topics: tuple[int, ...] = ()  # subnets that the sender listens to

    def encode(self) -> bytes:
        """The fields in order."""
        head = write_unsigned("overlay", self.overlay, UNSIGNED_8) + self.head
        head += write_unsigned("height", self.height, UNSIGNED_32)
        return head + write_list(
            "topics", (write_unsigned("topic", each, UNSIGNED_16) for each in self.topics)
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError, for an overlay that there is not, too."""
        overlay = reader.unsigned("overlay", UNSIGNED_8)
        if overlay >= len(Overlay):
            raise DecodeError(f"overlay: wanted 0 to {len(Overlay) - 1}, found {overlay}")
        head, height = reader.take("head", NAME_SIZE), reader.unsigned("height", UNSIGNED_32)
        return cls(overlay, head, height, read_list(reader, "topics", read_topic, most=MOST_TOPICS))


@dataclass(frozen=True)
class TxNames(Message):
    """Wire: names 32 each, behind their count."""

    command: ClassVar[str] = "tx-names"
    lecture_class: ClassVar[str] = "announce"
    names: tuple[bytes, ...]

    def encode(self) -> bytes:
        """The names."""
        return write_list("names", self.names)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        return cls(read_list(reader, "names", read_name, most=MOST_NAMES))


@dataclass(frozen=True)
class WantTxs(TxNames):
    """Wire: names 32 each, behind their count."""

    command: ClassVar[str] = "want-txs"


@dataclass(frozen=True)
class PrivateTx(Message):
    """Wire: the transaction."""

    command: ClassVar[str] = "private-tx"
    lecture_class: ClassVar[str] = "data"
    transaction: Transaction

    def encode(self) -> bytes:
        """The transaction."""
        return self.transaction.encoding

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        return cls(Transaction.read(reader))


@dataclass(frozen=True)
class Attestation(Message):
    """Wire: slot 4, block 32, subnet 2, validator, signature."""

    command: ClassVar[str] = "attest"
    lecture_class: ClassVar[str] = "announce"
    slot: int
    block: bytes  # 32 bytes: the tip, as the validator sees it in that slot
    subnet: int
    validator: str
    signature: bytes = b""

    @classmethod
    def by(cls, slot: int, block: bytes, subnet: int, validator: str) -> Self:
        """Signed as its validator signs it."""
        return cls(
            slot,
            block,
            subnet,
            validator,
            sign(validator, b"attest" + get_attested_bytes(slot, block, subnet)),
        )

    def encode(self) -> bytes:
        """What is signed, who has signed it, the signature."""
        said = get_attested_bytes(self.slot, self.block, self.subnet)
        return said + write_text("validator", self.validator) + write_bytes("signature", self.signature)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        slot, block = reader.unsigned("slot", UNSIGNED_32), reader.take("block", NAME_SIZE)
        subnet, validator = reader.unsigned("subnet", UNSIGNED_16), read_text(reader, "validator")
        return cls(slot, block, subnet, validator, read_bytes(reader, "signature"))

    @once
    def is_signed(self) -> bool:
        """Is it the validator's own signature?"""
        said = b"attest" + get_attested_bytes(self.slot, self.block, self.subnet)
        return is_signed_by(self.validator, said, self.signature)


@dataclass(frozen=True)
class Aggregate(Message):
    """Wire: slot 4, block 32, subnet 2, who made it, validators with their signatures.

    Ethereum's signatures (BLS) add up to one of 96 bytes; ours stand side by side, so this saves messages
    and no bytes.
    """

    command: ClassVar[str] = "aggregate"
    lecture_class: ClassVar[str] = "announce"
    slot: int
    block: bytes
    subnet: int
    aggregator: str
    signers: tuple[tuple[str, bytes], ...]

    def encode(self) -> bytes:
        """The fields in order."""
        rows = [write_text("validator", name) + write_bytes("signature", raw) for name, raw in self.signers]
        said = get_attested_bytes(self.slot, self.block, self.subnet)
        return said + write_text("aggregator", self.aggregator) + write_list("signers", rows)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        slot, block = reader.unsigned("slot", UNSIGNED_32), reader.take("block", NAME_SIZE)
        subnet, aggregator = reader.unsigned("subnet", UNSIGNED_16), read_text(reader, "aggregator")
        return cls(
            slot, block, subnet, aggregator, read_list(reader, "signers", read_signer, most=MOST_SIGNERS)
        )

    @once
    def is_signed(self) -> bool:
        """Has every one of its validators signed?"""
        said = b"attest" + get_attested_bytes(self.slot, self.block, self.subnet)
        return all(is_signed_by(name, said, signature) for name, signature in self.signers)


def get_attested_bytes(slot: int, block: bytes, subnet: int) -> bytes:
    """What a validator says: slot 4, block 32, subnet 2."""
    return write_unsigned("slot", slot, UNSIGNED_32) + block + write_unsigned("subnet", subnet, UNSIGNED_16)


def read_topic(reader: Reader, name: str) -> int:
    """A subnet's number. DecodeError."""
    return reader.unsigned(name, UNSIGNED_16)


def read_name(reader: Reader, name: str) -> bytes:
    """A transaction's name. DecodeError."""
    return reader.take(name, NAME_SIZE)


def read_signer(reader: Reader, name: str) -> tuple[str, bytes]:
    """Who has signed, and the signature. DecodeError."""
    return read_text(reader, f"{name}.validator"), read_bytes(reader, f"{name}.signature")


MESSAGES: Final[tuple[type[Message], ...]] = (
    *(Status, Transaction, TxNames, WantTxs, PrivateTx),
    *(Block, WantBranch, Branch, Attestation, Aggregate),
)
