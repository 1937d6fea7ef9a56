"""The messages with which Bitcoin 0.1 paid to an IP address, while both sides were online: `payment`.

    payer -> checkorder: an order, its transaction still empty      payee: "may I send you this?"
             reply 0 and a script to pay to                      <- payee
             submitorder: the order with the signed transaction  -> payee keeps it and tells the network
             reply 0                                             <- payee

The payer could not tell the payee from somebody on the way between them, and so it went: orders were
submitted no more from 0.3.24 on (2011), asked about no more from 0.8 on (2013).

The order is the payer's own record of the transaction, as it lay in the wallet file: with the proof that
links earlier transactions to the chain, and with notes to the payee. We read all of its fields, in the
form of Bitcoin 0.1; later releases put more keys into `values`, and changed nothing else that we know of.
Source: Bitcoin 0.1 `main.h` (CMerkleTx, CWalletTx), `main.cpp` (ProcessMessage).
"""

from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple, Self

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.reader import UNSIGNED_8, UNSIGNED_32, Reader
from blockchain_lab.bitcoin.codec import (
    HASH_SIZE,
    MAX_COMPACT_SIZE,
    check_hash,
    compact_size,
    read_bytes,
    read_count,
    read_text,
    signed,
    unsigned,
    variable_bytes,
    variable_text,
)
from blockchain_lab.bitcoin.message_base import BitcoinMessage, LectureClass, Versions
from blockchain_lab.bitcoin.tx import SMALLEST_TRANSACTION, Transaction, read_inputs, read_outputs

SMALLEST_LINKED: Final = SMALLEST_TRANSACTION + HASH_SIZE + 1 + UNSIGNED_32  # bytes: with an empty branch

ACCEPTED: Final = 0  # codes of a reply
REFUSED: Final = 1  # the transaction was not valid
NOT_ALLOWED: Final = 2  # since 0.3.13: the payee takes payments by IP only when started with a switch

Pairs = tuple[tuple[str, str], ...]


class LinkedTransaction(NamedTuple):
    """A transaction and its way to the chain: a Merkle proof (CMerkleTx)."""

    transaction: Transaction  # without witnesses: there were none yet
    block: bytes  # 32 bytes, internal order: hash of its block; zeros: in none yet
    branch: tuple[bytes, ...]  # CompactSize and 32 bytes each: the Merkle proof, lowest first
    place: int  # 4 bytes, signed: in the block, counts from 0; -1: in none yet

    def encode(self) -> bytes:
        """The fields in order. UsageError for a transaction with witnesses."""
        if self.transaction.has_witness:
            raise UsageError("transaction: witnesses came six years after orders")
        return b"".join(
            [
                self.transaction.encode_stripped(),
                check_hash("block", self.block),
                compact_size(len(self.branch)),
                *[check_hash("branch", neighbour) for neighbour in self.branch],
                signed(self.place, UNSIGNED_32),
            ]
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order."""
        start = reader.at
        transaction = read_old_transaction(reader)
        block = reader.take("block", HASH_SIZE)
        count = read_count(reader, "branch_count", item_size=HASH_SIZE)
        branch = tuple([reader.take("branch", HASH_SIZE) for _ in range(count)])
        linked = cls(transaction, block, branch, reader.signed("place", UNSIGNED_32))
        reader.close("linked_transaction", start)
        return linked


class WalletTransaction(NamedTuple):
    """A transaction as its owner's wallet kept it (CWalletTx)."""

    linked: LinkedTransaction
    previous: tuple[LinkedTransaction, ...]  # CompactSize, then each: those it spends, back to the chain
    values: Pairs  # CompactSize, then two texts each: "to", "from", "message" and the like
    order_form: Pairs  # CompactSize, then two texts each: fields of a form that nobody ever made
    time_is_transactions: int  # 4 bytes: is the next one the transaction's own time? 0 or 1
    time_received: int  # 4 bytes: Unix seconds
    from_me: int  # 1 byte: 1 when the wallet's owner made it
    spent: int  # 1 byte: 1 when it was spent

    def encode(self) -> bytes:
        """The fields in order."""
        return b"".join(
            [
                self.linked.encode(),
                compact_size(len(self.previous)),
                *[linked.encode() for linked in self.previous],
                write_pairs(self.values),
                write_pairs(self.order_form),
                unsigned(self.time_is_transactions, UNSIGNED_32),
                unsigned(self.time_received, UNSIGNED_32),
                unsigned(self.from_me, UNSIGNED_8),
                unsigned(self.spent, UNSIGNED_8),
            ]
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order."""
        start = reader.at
        linked = LinkedTransaction.read(reader)
        count = read_count(reader, "previous_count", item_size=SMALLEST_LINKED)
        order = cls(
            linked=linked,
            previous=tuple([LinkedTransaction.read(reader) for _ in range(count)]),
            values=read_pairs(reader, "value"),
            order_form=read_pairs(reader, "order_form"),
            time_is_transactions=reader.unsigned("time_is_transactions", UNSIGNED_32),
            time_received=reader.unsigned("time_received", UNSIGNED_32),
            from_me=reader.unsigned("from_me", UNSIGNED_8),
            spent=reader.unsigned("spent", UNSIGNED_8),
        )
        reader.close("wallet_transaction", start)
        return order


@dataclass(frozen=True)
class OrderMessage(BitcoinMessage):
    """What `checkorder` and `submitorder` share: all their fields."""

    request: bytes  # 32 bytes: drawn by the payer; comes back in the reply
    order: WalletTransaction

    def encode(self) -> bytes:
        """The fields in order."""
        return check_hash("request", self.request) + self.order.encode()

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order."""
        return cls(reader.take("request", HASH_SIZE), WalletTransaction.read(reader))


@dataclass(frozen=True)
class CheckOrder(OrderMessage):
    """May I pay you so? Answered by a `Reply` with a script to pay to."""

    command: ClassVar[str] = "checkorder"
    lecture_class: ClassVar[LectureClass] = "payment"
    versions: ClassVar[Versions] = Versions("0.1", last="0.7")
    source: ClassVar[str] = "Bitcoin 0.1; removed for 0.8"


@dataclass(frozen=True)
class SubmitOrder(OrderMessage):
    """Here is the payment. Answered by a `Reply` without a script."""

    command: ClassVar[str] = "submitorder"
    lecture_class: ClassVar[LectureClass] = "payment"
    versions: ClassVar[Versions] = Versions("0.1", last="0.3.23")
    source: ClassVar[str] = "Bitcoin 0.1; gone with 0.3.24"


@dataclass(frozen=True)
class Reply(BitcoinMessage):
    """The payee's answer to either of them."""

    command: ClassVar[str] = "reply"
    lecture_class: ClassVar[LectureClass] = "payment"
    versions: ClassVar[Versions] = Versions("0.1", last="0.7")
    source: ClassVar[str] = "Bitcoin 0.1; removed for 0.8"

    request: bytes  # 32 bytes: as in the order
    code: int  # 4 bytes, signed: 0 accepted, 1 refused, 2 not allowed
    script: bytes | None = None  # CompactSize and bytes: what to pay to; absent behind a `submitorder`

    def encode(self) -> bytes:
        """The fields in order."""
        script = b"" if self.script is None else variable_bytes(self.script)
        return check_hash("request", self.request) + signed(self.code, UNSIGNED_32) + script

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order; `script` only if there are bytes left."""
        request = reader.take("request", HASH_SIZE)
        code = reader.signed("code", UNSIGNED_32)
        return cls(request, code, read_bytes(reader, "script") if reader.left else None)


def read_old_transaction(reader: Reader) -> Transaction:
    """A transaction as before BIP 144: no inputs are no inputs, not a sign that witnesses follow."""
    start = reader.at
    version = reader.unsigned("version", UNSIGNED_32)
    inputs, outputs = read_inputs(reader), read_outputs(reader)
    lock_time = reader.unsigned("lock_time", UNSIGNED_32)
    reader.close("transaction", start)
    return Transaction(version, inputs, outputs, lock_time=lock_time)


def read_pairs(reader: Reader, name: str) -> Pairs:
    """A count and that many pairs of texts."""
    pairs = []
    for _ in range(read_count(reader, f"{name}_count", item_size=2)):
        key = read_text(reader, f"{name}_key", limit=MAX_COMPACT_SIZE)
        pairs.append((key, read_text(reader, name, limit=MAX_COMPACT_SIZE)))
    return tuple(pairs)


def write_pairs(pairs: Pairs) -> bytes:
    """Back from `read_pairs`."""
    return compact_size(len(pairs)) + b"".join(
        [variable_text(key) + variable_text(value) for key, value in pairs]
    )
