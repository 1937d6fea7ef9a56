"""What travels when one peer sends another a large thing in pieces: pieces, and the wish for some again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.fields import read_list, write_list, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_32, Reader

LEAST_PIECE: Final = Message.overhead + 2 * UNSIGNED_32  # bytes of a piece that carries nothing
MOST_MISSING: Final = 350  # numbers in one `missing`: 1,426 bytes, so that it fits into an Ethernet frame


@dataclass(frozen=True)
class Piece(Message):
    """One piece. Wire: number 4 bytes, of 4, filler to the end: what is in it does not matter here."""

    command: ClassVar[str] = "file-piece"
    lecture_class: ClassVar[str] = "data"
    number: int  # from 0 on
    of: int  # so many in all
    filler: int  # bytes

    def encode(self) -> bytes:
        """The two numbers, then as many zeros as there are bytes to carry."""
        head = write_unsigned("number", self.number, UNSIGNED_32) + write_unsigned("of", self.of, UNSIGNED_32)
        return head + bytes(self.filler)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError for a number that is not below `of`, and for a filler that is not all zeros."""
        number, of = reader.unsigned("number", UNSIGNED_32), reader.unsigned("of", UNSIGNED_32)
        filler = reader.take("filler", reader.left)
        if number >= of:
            raise DecodeError(f"number: found {number}, wanted less than {of}")
        if any(filler):
            raise DecodeError("filler: wanted zeros only")
        return cls(number, of, len(filler))


@dataclass(frozen=True)
class Missing(Message):
    """Send me these again. Wire: a list of numbers, 4 bytes each."""

    command: ClassVar[str] = "missing"
    lecture_class: ClassVar[str] = "data"
    numbers: Sequence[int]  # MOST_MISSING at most

    def encode(self) -> bytes:
        """The numbers behind their count."""
        return write_list("numbers", (write_unsigned("number", each, UNSIGNED_32) for each in self.numbers))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError for more numbers than one message may hold."""
        return cls(read_list(reader, "numbers", read_number, most=MOST_MISSING))


def read_number(reader: Reader, name: str) -> int:
    """The number of a piece. DecodeError."""
    return reader.unsigned(name, UNSIGNED_32)


MESSAGES: Final[tuple[type[Message], ...]] = (Piece, Missing)
