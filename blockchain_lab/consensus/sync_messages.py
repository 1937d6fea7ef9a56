"""How peers of the consensus floor find out what the other one has. Blocks travel by themselves.

head          "my branch ends here"
want-branch   "I do not know that block: send me what leads to it from what I know"
branch        some blocks, each the next one's parent, lowest first
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.fields import read_list, write_list, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_32, Reader
from blockchain_lab.consensus.block import Block
from blockchain_lab.consensus.vote import NAME_SIZE

MOST_KNOWN: Final = 64  # names in a `want-branch`: steps that double reach 2**50 blocks down
MOST_BLOCKS: Final = 200  # in a `branch`; who wants more asks again


def read_name(reader: Reader, name: str) -> bytes:
    """A block's name. DecodeError."""
    return reader.take(name, NAME_SIZE)


@dataclass(frozen=True)
class Head(Message):
    """Wire: name 32, height 4."""

    command: ClassVar[str] = "head"
    lecture_class: ClassVar[str] = "announce"
    name: bytes
    height: int  # what the sender says; nobody relies on it

    def encode(self) -> bytes:
        """Name, height."""
        return self.name + write_unsigned("height", self.height, UNSIGNED_32)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        return cls(read_name(reader, "name"), reader.unsigned("height", UNSIGNED_32))


@dataclass(frozen=True)
class WantBranch(Message):
    """Wire: wanted 32, known (names)."""

    command: ClassVar[str] = "want-branch"
    lecture_class: ClassVar[str] = "announce"
    wanted: bytes  # the block whose past is missing
    known: tuple[bytes, ...]  # of the asker's own branch: its tip, and further down in steps that double

    def encode(self) -> bytes:
        """Wanted, known."""
        return self.wanted + write_list("known", self.known)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        return cls(read_name(reader, "wanted"), read_list(reader, "known", read_name, most=MOST_KNOWN))


@dataclass(frozen=True)
class Branch(Message):
    """Wire: blocks."""

    command: ClassVar[str] = "branch"
    lecture_class: ClassVar[str] = "data"
    blocks: tuple[Block, ...]

    def encode(self) -> bytes:
        """The blocks behind their count."""
        return write_list("blocks", (block.encoding for block in self.blocks))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        return cls(read_list(reader, "blocks", lambda source, name: Block.read(source), most=MOST_BLOCKS))


MESSAGES: Final = (Head, WantBranch, Branch)
