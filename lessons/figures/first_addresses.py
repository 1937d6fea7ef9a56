"""What the picture of lesson 2 is made of: a newcomer's address book over time, with a seed and without."""

from collections.abc import Mapping, Sequence

from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.course.l02_runs import FILM, NEWCOMER, NO_SEEDS, play
from blockchain_lab.course.reading import get_notes

UNTIL = 114 * SECOND
Line = Sequence[tuple[Microseconds, float]]


def tell_first_addresses(seed: int) -> tuple[Mapping[str, Line], str, str, str]:
    """The lines, the title, the words for those who do not see it, and what is counted."""
    lines = {"the seed is on": grow(FILM, seed), "both seeds are off": grow(NO_SEEDS, seed)}
    known = {name: line[-1][1] for name, line in lines.items()}
    about = "; ".join(f"{name}: {count} after nearly two minutes" for name, count in known.items())
    return lines, "What a newcomer knows", f"Addresses in its book. {about}.", "addresses in the book"


def grow(story: str, seed: int) -> Line:
    """How many addresses stand in the newcomer's book, from nothing on."""
    notes = get_notes(play(story, seed), "address added", NEWCOMER)
    line = [(0, 0), *((note.at, count) for count, (note, _) in enumerate(notes, 1) if note.at < UNTIL)]
    return [*line, (UNTIL, line[-1][1])]
