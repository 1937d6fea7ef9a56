"""What two nodes say to find out which items only one of them has, in Erlay's manner.

    dialler                          dialled
      reconcile (salt, how many)  ->
                                  <- sketch (how many, cells)
      differ (found?, wanted)     ->                             then both announce what the other lacks

Source: G. Naumenko and others, "Erlay: Efficient Transaction Relay for Bitcoin" (CCS 2019), §4; BIP 330 has
`reqrecon`, `sketch` and `reconcildiff`. Their sketches are PinSketches; ours are simpler (`sketch`).
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.fields import read_list, write_list, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_8, UNSIGNED_16, UNSIGNED_64, Reader
from blockchain_lab.overlay.sketch import (
    CHECK_SIZE,
    MOST_CELLS,
    SHORT_SIZE,
    Cell,
)

MOST_SHORT: Final = MOST_CELLS  # in one `differ`: a sketch cannot show more than it has cells


def write_cell(cell: Cell) -> bytes:
    """12 bytes."""
    return (
        cell.members.to_bytes(UNSIGNED_16, "little", signed=True)
        + write_unsigned("short", cell.short, SHORT_SIZE)
        + write_unsigned("check", cell.check, CHECK_SIZE)
    )


def read_cell(reader: Reader, name: str) -> Cell:
    """Back from `write_cell`. DecodeError."""
    members = reader.signed(f"{name}.members", UNSIGNED_16)
    short = reader.unsigned(f"{name}.short", SHORT_SIZE)
    return Cell(members, short, reader.unsigned(f"{name}.check", CHECK_SIZE))


def read_short(reader: Reader, name: str) -> int:
    """A short name. DecodeError."""
    return reader.unsigned(name, SHORT_SIZE)


@dataclass(frozen=True)
class Reconcile(Message):
    """Let us compare what waits for the other. Wire: salt 8 bytes, size 2."""

    command: ClassVar[str] = "reconcile"
    lecture_class: ClassVar[str] = "announce"
    salt: int  # of the short names, new each time: nobody can make two names collide beforehand
    size: int  # how many items wait for you

    def encode(self) -> bytes:
        """Salt, size."""
        return write_unsigned("salt", self.salt, UNSIGNED_64) + write_unsigned("size", self.size, UNSIGNED_16)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Salt, size."""
        return cls(reader.unsigned("salt", UNSIGNED_64), reader.unsigned("size", UNSIGNED_16))


@dataclass(frozen=True)
class Sketch(Message):
    """What waits for you here. Wire: list of cells of 12 bytes. No cells: nothing waits on either side."""

    command: ClassVar[str] = "sketch"
    lecture_class: ClassVar[str] = "announce"
    cells: tuple[Cell, ...]

    def encode(self) -> bytes:
        """The cells."""
        return write_list("cells", map(write_cell, self.cells))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The cells. DecodeError for too many."""
        return cls(read_list(reader, "cells", read_cell, most=MOST_CELLS))


@dataclass(frozen=True)
class Differ(Message):
    """What came of it. Wire: found 1 byte (0 or 1), list of short names of 6 bytes.

    Not found: the sketch was too small, so both sides announce all that waits.
    """

    command: ClassVar[str] = "differ"
    lecture_class: ClassVar[str] = "announce"
    is_found: bool
    wanted: tuple[int, ...] = ()  # which of yours I lack

    def encode(self) -> bytes:
        """Found, list."""
        shorts = (write_unsigned("short", short, SHORT_SIZE) for short in self.wanted)
        return bytes([self.is_found]) + write_list("wanted", shorts)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Found, list. Any number but 0 means found."""
        is_found = reader.unsigned("found", UNSIGNED_8) != 0
        return cls(is_found, read_list(reader, "wanted", read_short, most=MOST_SHORT))


MESSAGES: Final[tuple[type[Message], ...]] = (Reconcile, Sketch, Differ)
