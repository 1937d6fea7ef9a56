"""How peers of the consensus floor find out what the other one has. Blocks travel by themselves.

head          "my branch ends here, and this is the checkpoint that I never leave"
want-branch   "I do not know that block: send me what leads to it from what I know"
branch        some blocks, each the next one's parent, lowest first
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.fields import read_list, write_list, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_8, UNSIGNED_32, Reader
from blockchain_lab.consensus.block import Block
from blockchain_lab.consensus.vote import NAME_SIZE

MOST_KNOWN: Final = 64  # names in a `want-branch`: steps that double reach 2**50 blocks down
MOST_BLOCKS: Final = 200  # in a `branch`; who wants more asks again


def read_name(reader: Reader, name: str) -> bytes:
    """A block's name. DecodeError."""
    return reader.take(name, NAME_SIZE)


@dataclass(frozen=True)
class Head(Message):
    """Wire: name 32, height 4, anchor 32."""

    command: ClassVar[str] = "head"
    lecture_class: ClassVar[str] = "announce"
    name: bytes
    height: int  # what the sender says; nobody relies on it
    anchor: bytes  # its last finalised checkpoint; for those who trust it

    def encode(self) -> bytes:
        """Name, height, anchor."""
        return self.name + write_unsigned("height", self.height, UNSIGNED_32) + self.anchor

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        name, height = read_name(reader, "name"), reader.unsigned("height", UNSIGNED_32)
        return cls(name, height, read_name(reader, "anchor"))


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
    """Wire: wanted 32, is_cut 1, blocks."""

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
        wanted, flag = read_name(reader, "wanted"), reader.unsigned("is_cut", UNSIGNED_8)
        if flag > 1:
            raise DecodeError(f"is_cut: wanted 0 or 1, found {flag}")
        return cls(wanted, bool(flag), read_list(reader, "blocks", read_block, most=MOST_BLOCKS))


def read_block(reader: Reader, name: str) -> Block:
    """One of a branch's. DecodeError."""
    return Block.read(reader)


MESSAGES: Final = (Head, WantBranch, Branch)
