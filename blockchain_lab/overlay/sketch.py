"""Two sets compared at the price of their difference: an invertible Bloom lookup table.

    encode     each member is added to three cells: count + 1, its number xored in, a check of it xored in
    subtract   cell by cell: what both sets have is gone, whatever it was
    peel       a cell with one member left shows it; take it out of its other two cells; go on

The size hangs on how much the sets differ, not on how large they are. Too few cells: peeling stops before the
end, and whoever asked has to send everything. Erlay's PinSketch needs one short name for each
member of the difference, a fraction of our bytes, and more mathematics.

Sources: M. Goodrich, M. Mitzenmacher, "Invertible Bloom Lookup Tables" (2011); D. Eppstein and others,
"What's the Difference?" (SIGCOMM 2011), where the check comes from.
"""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Final, NamedTuple

SHORT_SIZE: Final = 6  # bytes of a short name; BIP 330 has 4, BIP 152 has 6
CHECK_SIZE: Final = 4  # bytes: one wrong peel in 2**32
MEMBER_CELLS: Final = 3  # cells that each member is in; Eppstein and others use 3 or 4
MOST_CELLS: Final = 99  # ours: 1,190 bytes with their count, so one IPv8 packet of 1,200 holds them
SPARE: Final = 3  # cells in each third beyond those counted: small tables fail most


class Cell(NamedTuple):
    """What the members of one cell add up to."""

    members: int = 0  # ours less theirs, once subtracted
    short: int = 0  # 6 bytes: their numbers, xored
    check: int = 0  # 4 bytes: their checks, xored


class Difference(NamedTuple):
    """What two sets do not share."""

    ours: list[int]
    theirs: list[int]


def shorten(name: bytes, salt: int) -> int:
    """A name as a number of 6 bytes that nobody knows who does not know the salt (8 bytes)."""
    return int.from_bytes(
        blake2b(name, digest_size=SHORT_SIZE, key=salt.to_bytes(8, "little")).digest(), "little"
    )


def choose_size(ours: int, theirs: int) -> int:
    """How many cells, for sets of so many members; 0 when both are empty.

    As Erlay (§4) estimates: the difference of the sizes, and a quarter of the smaller one for what crossed on
    its way. (Its tenth suits sets of hundreds; ours have a dozen.) Twice as many cells: three hashes need
    1.22 for a member in the limit, and more in small tables.
    """
    if ours == theirs == 0:
        return 0
    differing = abs(ours - theirs) + min(ours, theirs) // 4 + 1
    return min(MOST_CELLS, MEMBER_CELLS * (2 * differing // MEMBER_CELLS + SPARE))


def encode(members: Iterable[int], size: int) -> list[Cell]:
    """A table of `size` cells, a multiple of three; O(members)."""
    cells = [Cell()] * size
    if size:
        for member in members:
            add(cells, member, 1)
    return cells


def subtract(ours: Sequence[Cell], theirs: Sequence[Cell]) -> list[Cell]:
    """What is left of ours when theirs is taken out. Both have as many cells."""
    return [
        Cell(a.members - b.members, a.short ^ b.short, a.check ^ b.check)
        for a, b in zip(ours, theirs, strict=True)
    ]


def peel(cells: Sequence[Cell]) -> Difference | None:
    """The members of the difference; None when the table is too full, or nonsense. O(cells)."""
    left, found = list(cells), Difference([], [])
    ripe = list(range(len(left)))
    while ripe:
        members, short, check = left[ripe.pop()]
        if abs(members) != 1 or check != get_check(short):
            continue
        if len(found.ours) + len(found.theirs) == len(left):
            return None  # more members than cells: somebody has made this up
        (found.ours if members == 1 else found.theirs).append(short)
        ripe += add(left, short, -members)
    return found if all(cell == Cell() for cell in left) else None


def add(cells: list[Cell], member: int, times: int) -> list[int]:
    """Put a member in (1) or take it out (-1), in place. Which cells it was."""
    check = get_check(member)
    places = get_places(member, len(cells))
    for place in places:
        cell = cells[place]
        cells[place] = Cell(cell.members + times, cell.short ^ member, cell.check ^ check)
    return places


def get_check(member: int) -> int:
    """4 bytes that only one member has, most likely."""
    return _hash(member, b"check") & (1 << 8 * CHECK_SIZE) - 1


def get_places(member: int, size: int) -> list[int]:
    """Its three cells, one in each third of the table: never the same twice."""
    third, bits = size // MEMBER_CELLS, _hash(member, b"place")
    return [part * third + (bits >> 20 * part) % third for part in range(MEMBER_CELLS)]


def _hash(member: int, purpose: bytes) -> int:
    raw = member.to_bytes(SHORT_SIZE, "little")
    return int.from_bytes(blake2b(raw, digest_size=8, person=purpose).digest(), "little")
