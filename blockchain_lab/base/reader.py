"""Reads fields off bytes and remembers where each lay: the bytes view needs no second schema."""

from typing import Final

from blockchain_lab.base.errors import DecodeError

Field = tuple[str, int, int]  # (name, start, end): the bytes source[start:end]

UNSIGNED_8: Final = 1
UNSIGNED_16: Final = 2
UNSIGNED_32: Final = 4
UNSIGNED_64: Final = 8


class Reader:
    """A position in some bytes, and the list of fields read so far.

    A compound (a header, an input) adds a row of its own after its parts, through `close`; who draws
    the fields nests them by containment.
    """

    __slots__ = ("at", "fields", "source")

    def __init__(self, source: bytes) -> None:
        """Start at the first byte of `source`."""
        self.source = source
        self.at = 0
        self.fields: list[Field] = []

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
        self.fields.append((name, start, end))
        return self.source[start:end]

    def unsigned(self, name: str, width: int) -> int:
        """An unsigned little-endian integer of `width` bytes."""
        return int.from_bytes(self.take(name, width), "little")

    def signed(self, name: str, width: int) -> int:
        """A two's complement little-endian integer of `width` bytes."""
        return int.from_bytes(self.take(name, width), "little", signed=True)

    def close(self, name: str, start: int) -> None:
        """Note a compound that began at `start` and ends here."""
        self.fields.append((name, start, self.at))

    def check_end(self, name: str) -> None:
        """DecodeError when bytes are left over."""
        if self.left:
            raise DecodeError(f"{name}: {self.left} bytes left over at {self.at}")
