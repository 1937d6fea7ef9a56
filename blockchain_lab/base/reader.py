"""Reads fields off bytes and remembers where each lay: the bytes view needs no second schema."""

from array import array
from typing import Final

from blockchain_lab.base.errors import DecodeError

Field = tuple[str, int, int]  # (name, start, end): the bytes source[start:end]

UNSIGNED_8: Final = 1
UNSIGNED_16: Final = 2
UNSIGNED_32: Final = 4
UNSIGNED_64: Final = 8


class Reader:
    """A position in some bytes, and the fields read so far.

    A compound (a header, an input) adds a row of its own after its parts, through `close`; who draws
    the fields nests them by containment.

    A block has a hundred thousand fields and few people look at them, so they are kept as two columns,
    16 bytes a field. Tight loops may append to both columns themselves.
    """

    __slots__ = ("at", "names", "places", "source")

    def __init__(self, source: bytes) -> None:
        """Start at the first byte of `source`."""
        self.source = source
        self.at = 0
        self.names: list[str] = []
        self.places = array("I")  # start and end of each name, in turn

    @property
    def fields(self) -> list[Field]:
        """What was read so far, in order. Made anew at each look: O(fields)."""
        return list(zip(self.names, self.places[::2], self.places[1::2], strict=True))

    @property
    def left(self) -> int:
        """How many bytes have not been read."""
        return len(self.source) - self.at

    def take(self, name: str, width: int) -> bytes:
        """The next `width` bytes, noted as `name`. DecodeError when there are fewer."""
        start = self.at
        end = start + width
        if end > len(self.source):
            raise DecodeError(f"{name}: wanted {width} bytes at {start}, found {self.left}")
        self.at = end
        self.names.append(name)
        self.places.extend((start, end))
        return self.source[start:end]

    def unsigned(self, name: str, width: int) -> int:
        """An unsigned little-endian integer of `width` bytes."""
        return int.from_bytes(self.take(name, width), "little")

    def signed(self, name: str, width: int) -> int:
        """A two's complement little-endian integer of `width` bytes."""
        return int.from_bytes(self.take(name, width), "little", signed=True)

    def close(self, name: str, start: int) -> None:
        """Note a compound that began at `start` and ends here."""
        self.names.append(name)
        self.places.extend((start, self.at))

    def check_end(self, name: str) -> None:
        """DecodeError when bytes are left over."""
        if self.left:
            raise DecodeError(f"{name}: {self.left} bytes left over at {self.at}")
