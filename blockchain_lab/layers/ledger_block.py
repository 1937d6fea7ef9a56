"""A block of the ledger: who made it, on what, in which slot, and the transactions that it runs in order.

It names the state behind it by its root: who runs the same transactions on the same state must come to the
same root, or the block is invalid. The wire stands here; whether a block is valid says `ledger_rules`.
"""

from dataclasses import dataclass, replace
from hashlib import sha256
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
from blockchain_lab.base.reader import UNSIGNED_8, UNSIGNED_32, UNSIGNED_64, Reader
from blockchain_lab.base.units import Microseconds
from blockchain_lab.chain.tree import Entry
from blockchain_lab.consensus.keys import is_signed_by, sign
from blockchain_lab.layers.ledger_transaction import Transaction

NAME_SIZE: Final = 32  # bytes: SHA-256, of blocks and of states
MOST_TRANSACTIONS: Final = 2_000  # in a block; ours: 30 million gas of payments are 1,428
MOST_BLOCKS: Final = 100  # in a `branch`; who wants more asks again
NO_PARENT: Final = bytes(NAME_SIZE)


@dataclass(frozen=True)
class Block(Message):
    """Wire: parent 32, height 4, slot 4, time 8, proposer, state root 32, transactions, signature."""

    command: ClassVar[str] = "proposal"
    lecture_class: ClassVar[str] = "data"
    parent: bytes  # a block's name, 32 bytes
    height: int
    slot: int  # 0 in a chain without slots
    time: Microseconds  # since the start of the run
    proposer: str
    state_root: bytes  # 32 bytes: of the state behind it
    transactions: tuple[Transaction, ...] = ()
    signature: bytes = b""  # the proposer's, over all that is before

    def sign(self) -> Self:
        """The same block with its proposer's signature."""
        return replace(self, signature=sign(self.proposer, b"block" + self.signed_bytes))

    @once
    def is_signed(self) -> bool:
        """Is it the proposer's own signature?"""
        return is_signed_by(self.proposer, b"block" + self.signed_bytes, self.signature)

    @once
    def signed_bytes(self) -> bytes:
        """All but the signature."""
        head = self.parent + write_unsigned("height", self.height, UNSIGNED_32)
        head += write_unsigned("slot", self.slot, UNSIGNED_32) + write_unsigned(
            "time", self.time, UNSIGNED_64
        )
        head += write_text("proposer", self.proposer) + self.state_root
        return head + write_list("transactions", (each.encoding for each in self.transactions))

    def encode(self) -> bytes:
        """What is signed, and the signature."""
        return self.signed_bytes + write_bytes("signature", self.signature)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        parent, height = reader.take("parent", NAME_SIZE), reader.unsigned("height", UNSIGNED_32)
        slot, time = reader.unsigned("slot", UNSIGNED_32), reader.unsigned("time", UNSIGNED_64)
        proposer, root = read_text(reader, "proposer"), reader.take("state_root", NAME_SIZE)
        transactions = read_list(reader, "transactions", read_transaction, most=MOST_TRANSACTIONS)
        return cls(parent, height, slot, time, proposer, root, transactions, read_bytes(reader, "signature"))

    @once
    def name(self) -> bytes:
        """32 bytes: the SHA-256 of the whole block."""
        return sha256(self.encoding).digest()


BlockEntry = Entry[Block]


@dataclass(frozen=True)
class Branch(Message):
    """The blocks that lead to one, lowest first. Wire: wanted 32, is_cut 1, blocks."""

    command: ClassVar[str] = "branch"
    lecture_class: ClassVar[str] = "data"
    wanted: bytes  # as in the question
    is_cut: bool  # is there more on the way to it?
    blocks: tuple[Block, ...]

    def encode(self) -> bytes:
        """Wanted, is_cut, the blocks behind their count."""
        head = self.wanted + write_unsigned("is_cut", int(self.is_cut), UNSIGNED_8)
        return head + write_list("blocks", (block.encoding for block in self.blocks))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        wanted, flag = reader.take("wanted", NAME_SIZE), reader.unsigned("is_cut", UNSIGNED_8)
        if flag > 1:
            raise DecodeError(f"is_cut: wanted 0 or 1, found {flag}")
        return cls(wanted, bool(flag), read_list(reader, "blocks", read_block, most=MOST_BLOCKS))


def read_transaction(reader: Reader, name: str) -> Transaction:
    """One of a block's. DecodeError."""
    return Transaction.read(reader)


def read_block(reader: Reader, name: str) -> Block:
    """One of a branch's. DecodeError."""
    return Block.read(reader)
