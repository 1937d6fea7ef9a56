"""A block of the laboratory: who made it, on what, with which right, and what it carries.

All proposers share this one form. The right to propose is `proof`: bytes that only the proposer's rule
understands (a kernel, a deadline, a signer's ballot), and `weight` is what the block adds to its branch's
work. The rules of validity stand with the proposers and with `ffg`; the wire stands here.
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
from blockchain_lab.consensus.orders import OPERATIONS, Operation
from blockchain_lab.consensus.vote import NAME_SIZE

WEIGHT_SIZE: Final = 32  # bytes: up to 2**256, as Bitcoin's and Peercoin's work
MOST_OPERATIONS: Final = 4_096  # in a block; ours: a vote of each of 1,000 validators and room to spare
NO_PARENT: Final = bytes(NAME_SIZE)


@dataclass(frozen=True)
class Block(Message):
    """Wire: parent 32, height 4, time 8, proposer, weight 32, proof, operations (kind 1 each), signature."""

    command: ClassVar[str] = "proposal"
    lecture_class: ClassVar[str] = "data"
    parent: bytes  # a block's name, 32 bytes
    height: int
    time: Microseconds  # since the start of the run
    proposer: str
    weight: int  # of this block alone
    proof: bytes = b""
    operations: tuple[Operation, ...] = ()
    signature: bytes = b""  # the proposer's, over all that is before; empty where a rule asks for none

    def sign(self) -> Self:
        """The same block with its proposer's signature."""
        return replace(self, signature=sign(self.proposer, self.signed_bytes))

    def is_signed(self) -> bool:
        """Is it the proposer's own signature?"""
        return is_signed_by(self.proposer, self.signed_bytes, self.signature)

    @once
    def signed_bytes(self) -> bytes:
        """All but the signature."""
        head = self.parent + write_unsigned("height", self.height, UNSIGNED_32)
        head += write_unsigned("time", self.time, UNSIGNED_64) + write_text("proposer", self.proposer)
        head += write_unsigned("weight", self.weight, WEIGHT_SIZE) + write_bytes("proof", self.proof)
        return head + write_list("operations", map(write_operation, self.operations))

    def encode(self) -> bytes:
        """What is signed, and the signature."""
        return self.signed_bytes + write_bytes("signature", self.signature)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        parent, height = reader.take("parent", NAME_SIZE), reader.unsigned("height", UNSIGNED_32)
        time, proposer = reader.unsigned("time", UNSIGNED_64), read_text(reader, "proposer")
        weight, proof = reader.unsigned("weight", WEIGHT_SIZE), read_bytes(reader, "proof")
        operations = read_list(reader, "operations", read_operation, most=MOST_OPERATIONS)
        signature = read_bytes(reader, "signature")
        return cls(parent, height, time, proposer, weight, proof, operations, signature)

    @once
    def name(self) -> bytes:
        """32 bytes: the SHA-256 of the whole block."""
        return sha256(self.encoding).digest()


BlockEntry = Entry[Block]


def write_operation(operation: Operation) -> bytes:
    """Its kind in one byte, then itself."""
    return write_unsigned("kind", OPERATIONS.index(type(operation)), UNSIGNED_8) + operation.encoding


def read_operation(reader: Reader, name: str) -> Operation:
    """Back from `write_operation`. DecodeError for a kind that nobody knows."""
    kind = reader.unsigned(f"{name}.kind", UNSIGNED_8)
    if kind >= len(OPERATIONS):
        raise DecodeError(f"{name}.kind: wanted 0 .. {len(OPERATIONS) - 1}, found {kind}")
    return OPERATIONS[kind].read(reader)


def make_genesis(text: str = "") -> BlockEntry:
    """Block 0, of height 0, at time 0, without work; `text` tells networks apart."""
    block = Block(NO_PARENT, 0, 0, "", 0, text.encode())
    return Entry(block.name, block, 0)


def make_entry(block: Block, parent: BlockEntry) -> BlockEntry:
    """A block's place behind its parent."""
    return Entry(block.name, block, block.weight, parent)
