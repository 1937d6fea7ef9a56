"""Lesson 18, the smallest world for each of the six faults: found once, and all six side by side.

find_case("settle")        this fault alone, the other five repaired
show_cases()               what the checker found, and what shrinking has left of it
"""

from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Final

from blockchain_lab.course.l18_checking import check_world
from blockchain_lab.course.l18_shrinking import Case, find_smallest
from blockchain_lab.course.l18_worlds import World
from blockchain_lab.layers.toy_faulty import FAULTS, plant

NAME: Final = "blockchain-lab-cases"
HEAD: Final = ("fault", "what breaks first", "found: peers, slots, event", "made small", "worlds played")
STYLE: Final = (
    f"<style>.{NAME} td,.{NAME} th{{text-align:left!important;padding:3px 14px 3px 0}}"
    f".{NAME}{{border-collapse:collapse;font-size:14px}}</style>"
)


@cache
def find_case(fault: str) -> Case:
    """The smallest world in which a peer with only this fault fails. UsageError for no fault's name."""
    case = find_smallest(plant([fault]))
    assert case is not None, f"{fault} is found in the first world"
    return case


@dataclass(frozen=True, slots=True)
class Row:
    """One fault: before and after."""

    fault: str
    case: Case
    found_at: int  # the event of the world that was found

    @property
    def cells(self) -> tuple[str, ...]:
        """As the table shows it."""
        case = self.case
        before, after = describe(case.origin, self.found_at), describe(case.world, case.violation.event)
        return (self.fault, case.violation.invariant, before, after, str(case.tries))


@dataclass(frozen=True, slots=True)
class Cases:
    """All six."""

    rows: tuple[Row, ...]

    def __repr__(self) -> str:
        """As plain text, a line each."""
        return "\n".join(f"{' · '.join(row.cells)}" for row in self.rows)

    def _repr_html_(self) -> str:
        """As a table."""
        head = "".join(f'<th scope="col">{escape(word)}</th>' for word in HEAD)
        rows = "".join(f"<tr>{''.join(map(show_cell, row.cells))}</tr>" for row in self.rows)
        return f'{STYLE}<table class="{NAME}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def show_cell(text: str) -> str:
    """One of a row."""
    return f"<td>{escape(text)}</td>"


def describe(world: World, event: int) -> str:
    """How large a world is, and where it broke."""
    return f"{len(world.peers)}, {world.until}, {event}"


def show_cases() -> Cases:
    """The table. Plays every world that has not been played yet: some seconds."""
    rows = []
    for fault in FAULTS:
        case = find_case(fault)
        first = check_world(case.origin, case.node).first
        assert first is not None, "the world in which it was found fails"
        rows.append(Row(fault, case, first.event))
    return Cases(tuple(rows))
