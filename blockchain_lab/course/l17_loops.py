"""Lesson 17, the picture: a run's lifecycle as a graph with loops, and one transaction's way through it.

States are boxes with how often they were entered, arrows say how often one state followed the other. The
chosen way is drawn over it and walked below, stop by stop. In a notebook a drawing, elsewhere lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.course.l04_plots import write_svg, write_text
from blockchain_lab.lab import Lab
from blockchain_lab.layers import lifecycle as life
from blockchain_lab.layers.lifecycle import Lifecycle, Step, find_loops, find_ways, get_lifecycle, get_states

PLACES: Final[Mapping[str, tuple[int, int]]] = {  # middle of each state's box
    life.REFUSED: (64, 40),
    life.QUEUED: (360, 40),
    life.PRIVATE: (540, 30),
    life.MADE: (200, 100),
    life.CONFIRMED: (690, 60),
    life.EXECUTED: (540, 120),
    life.UNKNOWN: (64, 200),
    life.PENDING: (360, 200),
    life.UNDONE: (690, 200),
    life.DROPPED: (64, 330),
    life.REPLACED: (200, 330),
    life.OUTDATED: (336, 330),
    life.FAILED: (490, 330),
}
RARE: Final = (life.CONFIRMED,)  # where nothing is executed: drawn only if it is there
BOX: Final = (104, 40)  # width and height
BEND: Final = 18  # pixels that an arrow leaves the straight line
BLUE: Final = "#0072b2"
LINE: Final = 20  # pixels of a line of the walk
GRAPH: Final = 370  # height of the graph alone
MARK: Final = 0.26  # part of an arrow where its step stands
COUNT: Final = 0.6  # and where its count does

Point = tuple[float, float]
Bow = tuple[Point, Point, Point]  # from, towards, to: a quadratic Bezier curve


@dataclass(frozen=True, slots=True)
class Loops:
    """The graph of a run, and one way through it."""

    graph: Lifecycle
    title: str  # whose way it is
    way: tuple[Step, ...]

    def __repr__(self) -> str:
        """Every arrow with its count, then the walk."""
        arrows = [f"{source} → {to}: {count}" for (source, to), count in self.graph.transitions.items()]
        return "\n".join([*(arrows or ["no transaction yet"]), *self._tell()])

    def _repr_html_(self) -> str:
        """Boxes and arrows; those of the way are blue and numbered."""
        steps = self.get_steps()
        arrows = [draw_arrow(pair, count, steps.get(pair, [])) for pair, count in self._sort(steps)]
        counts = {state: self.graph.states.get(state, 0) for state in PLACES}
        shown = {state: count for state, count in counts.items() if count or state not in RARE}
        boxes = [draw_box(state, count, self._is_on_way(state)) for state, count in shown.items()]
        lines = [
            write_text(20, GRAPH + 22 + LINE * row, line, "start", font_weight="400" if row else "600")
            for row, line in enumerate(self._tell())
        ]
        high = GRAPH + 20 + LINE * len(lines)
        return write_svg(high, f"The lifecycle of this run.\n{self!r}", [*arrows, *boxes, *lines])

    def get_steps(self) -> dict[tuple[str, str], list[int]]:
        """Arrow -> which steps of the way go along it, from 1 on."""
        steps: dict[tuple[str, str], list[int]] = {}
        for number, pair in enumerate(pairwise(get_states(self.way)), 1):
            steps.setdefault(pair, []).append(number)
        return steps

    def _sort(self, steps: Mapping[tuple[str, str], list[int]]) -> list[tuple[tuple[str, str], int]]:
        """Those of the way last, so that they lie on top."""
        return sorted(self.graph.transitions.items(), key=lambda each: each[0] in steps)

    def _is_on_way(self, state: str) -> bool:
        return bool(self.way) and state in get_states(self.way)

    def _tell(self) -> list[str]:
        """The walk: a line for each step, and its circles."""
        if not self.way:
            return []
        lines = [
            f"{number}. second {step.at / SECOND:.1f}: {step.state} ({step.why})"
            for number, step in enumerate(self.way, 1)
        ]
        circles = [" → ".join(circle) for circle in find_loops(self.way)]
        return [self.title, *lines, f"loops: {'; '.join(circles) or 'none'}"]


def draw_box(state: str, count: int, is_on_way: bool) -> str:
    """A state; faint where nothing ever came."""
    (x, y), (wide, high) = PLACES[state], BOX
    stroke, width = (BLUE, 3) if is_on_way else ("currentColor", 1.2)
    box = (
        f'<rect x="{x - wide / 2}" y="{y - high / 2}" width="{wide}" height="{high}" rx="8" '
        f'style="fill:var(--jp-layout-color0,#ffffff)" stroke="{stroke}" stroke-width="{width}"/>'
    )
    words = write_text(x, y - 2, state, font_weight="600") + write_text(x, y + 14, f"{count:,}")
    return f'<g opacity="{1 if count else 0.35}">{box}{words}</g>'


def get_bow(pair: tuple[str, str]) -> Bow:
    """From box to box, bent to its left, so that two that lead to and fro lie apart."""
    start, end = PLACES[pair[0]], PLACES[pair[1]]
    far = hypot(end[0] - start[0], end[1] - start[1])
    across = ((end[1] - start[1]) / far, (start[0] - end[0]) / far)
    middle = ((start[0] + end[0]) / 2 + 2 * BEND * across[0], (start[1] + end[1]) / 2 + 2 * BEND * across[1])
    return leave_box(start, middle), middle, leave_box(end, middle)


def draw_arrow(pair: tuple[str, str], count: int, steps: Sequence[int]) -> str:
    """One arrow with its count, and with its steps if the way goes along it."""
    bow = get_bow(pair)
    colour, width = (BLUE, 3) if steps else ("currentColor", 1.2)
    (a, b), (c, d), (e, f) = bow
    line = (
        f'<path fill="none" stroke="{colour}" stroke-width="{width}" opacity="{1 if steps else 0.6}" '
        f'd="M{a:.1f} {b:.1f}Q{c:.1f} {d:.1f} {e:.1f} {f:.1f}"/>'
    )
    marks = draw_mark(find_point(bow, MARK), steps) if steps else ""
    return line + draw_head(bow[1], bow[2], colour) + draw_count(find_point(bow, COUNT), count, steps) + marks


def find_point(bow: Bow, part: float) -> Point:
    """A point of a bent line."""
    start, middle, end = bow
    return (
        (1 - part) ** 2 * start[0] + 2 * part * (1 - part) * middle[0] + part**2 * end[0],
        (1 - part) ** 2 * start[1] + 2 * part * (1 - part) * middle[1] + part**2 * end[1],
    )


def leave_box(middle: Point, towards: Point) -> Point:
    """Where a line from a box's middle crosses its edge."""
    dx, dy = towards[0] - middle[0], towards[1] - middle[1]
    share = min(
        (BOX[0] / 2 + 3) / abs(dx) if dx else float("inf"), (BOX[1] / 2 + 3) / abs(dy) if dy else float("inf")
    )
    return middle[0] + dx * share, middle[1] + dy * share


def draw_head(before: Point, tip: Point, colour: str) -> str:
    """A triangle at the end of an arrow."""
    far = hypot(tip[0] - before[0], tip[1] - before[1])
    along = ((tip[0] - before[0]) / far, (tip[1] - before[1]) / far)
    back = (tip[0] - 10 * along[0], tip[1] - 10 * along[1])
    ends = [(back[0] - side * along[1], back[1] + side * along[0]) for side in (5, -5)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (tip, *ends))
    return f'<polygon fill="{colour}" points="{points}"/>'


def draw_count(at: Point, count: int, steps: Sequence[int]) -> str:
    """How often; on the page's own ground, so that no line runs through it."""
    look = "paint-order:stroke;stroke:var(--jp-layout-color0,#ffffff);stroke-width:5px"
    return write_text(at[0], at[1] + 4, f"{count:,}", style=look, font_weight="600" if steps else "400")


def draw_mark(at: Point, steps: Sequence[int]) -> str:
    """The numbers of the steps that go this way, white on blue."""
    words = ", ".join(map(str, steps))
    wide = 12 + 7 * len(words)
    return (
        f'<rect x="{at[0] - wide / 2:.1f}" y="{at[1] - 9:.1f}" width="{wide}" height="18" rx="9" '
        f'fill="{BLUE}"/>' + write_text(at[0], at[1] + 4.5, words, style="fill:#ffffff", font_weight="600")
    )


# -- whose way -----------------------------------------------------------------------------------------------


def choose_way(lab: Lab) -> tuple[int, str] | None:
    """The way with the most loops, then the most steps, of the first peer that has one: (peer, txid)."""
    ways = find_ways(lab.trace)
    return max(ways, key=lambda key: (len(find_loops(ways[key])), len(ways[key]), -key[0]), default=None)


def draw_lifecycle(lab: Lab, peer: str = "", txid: str = "") -> Loops:
    """All that transactions went through in a run, and the way of one: the one named, else the longest.

    UsageError for a peer that is not there, or has not heard of the transaction.
    """
    if peer and peer not in lab.names:
        raise UsageError(f"draw_lifecycle: found peer {peer!r}, wanted one of {', '.join(lab.names)}")
    ways = find_ways(lab.trace)
    if peer and txid:
        key = (lab.names.index(peer), txid)
        if key not in ways:
            raise UsageError(f"draw_lifecycle: {peer} has not heard of the transaction {txid:.8}")
    else:
        found = choose_way(lab)
        if found is None:
            return Loops(get_lifecycle(lab.trace), "", ())
        key = found
    title = f"The way of transaction {key[1]:.8}, as {lab.names[key[0]]} saw it"
    return Loops(get_lifecycle(lab.trace), title, tuple(ways[key]))
