"""Rows of six values as columns: five arrays of whole numbers and one list of references."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from struct import pack
from typing import Any, Self

Row = tuple[int, int, int, int, int, Any]


@dataclass(slots=True)
class Columns:
    """Parallel columns: 21 bytes a row, and 8 for the reference."""

    kinds: "array[int]"
    peers: "array[int]"
    others: "array[int]"
    conns: "array[int]"
    causes: "array[int]"
    details: list[Any]

    @classmethod
    def empty(cls) -> Self:
        """No rows."""
        return cls(array("b"), array("i"), array("i"), array("q"), array("i"), [])

    def take(self, flat: list[Any]) -> None:
        """Append rows given as one flat list, six values a row. Packing is quicker than arrays from lists."""
        count = len(flat) // 6
        for place, column in enumerate(self.numbers()):
            column.frombytes(pack(f"{count}{column.typecode}", *flat[place::6]))
        self.details += flat[5::6]

    def numbers(self) -> "Iterator[array[int]]":
        """The five columns of numbers."""
        return iter((self.kinds, self.peers, self.others, self.conns, self.causes))

    def row(self, place: int) -> Row:
        """One row."""
        kind, peer, other, conn, cause = [column[place] for column in self.numbers()]
        return kind, peer, other, conn, cause, self.details[place]

    def part(self, start: int, stop: int) -> Self:
        """A copy of some rows."""
        kinds, peers, others, conns, causes = [column[start:stop] for column in self.numbers()]
        return type(self)(kinds, peers, others, conns, causes, self.details[start:stop])

    def extend(self, other: Self) -> None:
        """Append the rows of another one."""
        for ours, theirs in zip(self.numbers(), other.numbers(), strict=True):
            ours.extend(theirs)
        self.details += other.details

    def cut(self, count: int) -> None:
        """Keep the first `count` rows."""
        for column in self.numbers():
            del column[count:]
        del self.details[count:]

    def drop(self, count: int) -> None:
        """Forget the first `count` rows; O(rows)."""
        for column in self.numbers():
            del column[:count]
        del self.details[:count]

    def __len__(self) -> int:
        """How many rows."""
        return len(self.kinds)
