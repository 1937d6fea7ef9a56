"""The blocks of a chain that carries calls, and the three words with which peers keep each other up to date.

    settle-block   a block, unasked when it is new
    settle-tip     "my branch of that chain ends here"
    settle-want    "I lack that block: send what leads to it from what I know"; answered with blocks

Who may make a block is the question of other rooms (`bitcoin`, `consensus`): here whoever is told to makes
one, each weighs the same, and the longest branch counts, the first seen of equals.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, Final, Self

from blockchain_lab.base.fields import read_list, read_text, write_list, write_text, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.once import once
from blockchain_lab.base.reader import UNSIGNED_32, UNSIGNED_64, Reader
from blockchain_lab.base.units import Microseconds
from blockchain_lab.chain.tree import Entry
from blockchain_lab.layers.bridge_calls import Call
from blockchain_lab.layers.bridge_params import SettlementRules

NAME_SIZE: Final = 32  # bytes
NO_PARENT: Final = bytes(NAME_SIZE)
WEIGHT: Final = 1  # of each block
MOST_CALLS: Final = 1_000  # in a block; ours
MOST_KNOWN: Final = 64  # names in a `settle-want`: steps that double reach 2**60 blocks down


@dataclass(frozen=True)
class ChainBlock(Message):
    """Wire: chain, parent 32, height 4, time 8, miner, calls."""

    command: ClassVar[str] = "settle-block"
    lecture_class: ClassVar[str] = "data"
    chain: str
    parent: bytes  # a block's name
    height: int
    time: Microseconds  # since the start of the run
    miner: str
    calls: tuple[Call, ...] = ()

    def encode(self) -> bytes:
        """The fields in order."""
        head = write_text("chain", self.chain) + self.parent
        head += write_unsigned("height", self.height, UNSIGNED_32)
        head += write_unsigned("time", self.time, UNSIGNED_64) + write_text("miner", self.miner)
        return head + write_list("calls", (call.encoding for call in self.calls))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        chain, parent = read_text(reader, "chain"), reader.take("parent", NAME_SIZE)
        height, time = reader.unsigned("height", UNSIGNED_32), reader.unsigned("time", UNSIGNED_64)
        miner = read_text(reader, "miner")
        return cls(chain, parent, height, time, miner, read_list(reader, "calls", read_call, most=MOST_CALLS))

    @once
    def name(self) -> bytes:
        """32 bytes: the SHA-256 of the whole block."""
        return sha256(self.encoding).digest()


def read_call(reader: Reader, name: str) -> Call:
    """One of a block's. DecodeError."""
    return Call.read(reader)


def make_genesis(rules: SettlementRules) -> Entry[ChainBlock]:
    """Block 0, whose miner's name is a hash of the rules: other rules, another chain."""
    block = ChainBlock(rules.name, NO_PARENT, 0, 0, rules.origin)
    return Entry(block.name, block, 0)


@dataclass(frozen=True)
class Tip(Message):
    """Wire: chain, name 32."""

    command: ClassVar[str] = "settle-tip"
    lecture_class: ClassVar[str] = "announce"
    chain: str
    name: bytes

    def encode(self) -> bytes:
        """The fields in order."""
        return write_text("chain", self.chain) + self.name

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        return cls(read_text(reader, "chain"), reader.take("name", NAME_SIZE))


@dataclass(frozen=True)
class WantBlocks(Message):
    """Wire: chain, wanted 32, known (names of 32)."""

    command: ClassVar[str] = "settle-want"
    lecture_class: ClassVar[str] = "announce"
    chain: str
    wanted: bytes  # the block whose past is missing
    known: tuple[bytes, ...]  # of the asker's own branch: its tip, and further down in steps that double

    def encode(self) -> bytes:
        """The fields in order."""
        return write_text("chain", self.chain) + self.wanted + write_list("known", self.known)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        chain, wanted = read_text(reader, "chain"), reader.take("wanted", NAME_SIZE)
        return cls(chain, wanted, read_list(reader, "known", read_name, most=MOST_KNOWN))


def read_name(reader: Reader, name: str) -> bytes:
    """A block's name. DecodeError."""
    return reader.take(name, NAME_SIZE)


MESSAGES: Final[tuple[type[Message], ...]] = (Call, ChainBlock, Tip, WantBlocks)
