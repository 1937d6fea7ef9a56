"""Lesson 9, the lines at five candidates over time, when twenty choose in each of three ways.

In a notebook a drawing in the theme's colours: a row for each candidate, a column for each way. Elsewhere a
table of the longest lines.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.course.l04_plots import write_rule, write_svg, write_text
from blockchain_lab.course.l07_race import LINES
from blockchain_lab.course.l09_herd import STORY, WAYS, get_metrics, play
from blockchain_lab.course.l09_ways import WORDS
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios import load
from blockchain_lab.study.curves import Series, get_queues

LEFT: Final = 60
WIDE: Final = 210  # pixels of a plot
GAP: Final = 22
ROW: Final = 58
HIGH: Final = 44  # of a plot at the longest line of all
TOP: Final = 44


@dataclass(frozen=True, slots=True)
class Waiting:
    """For each way: each candidate's line over time, and how long the last of all took to be served."""

    lines: Mapping[str, Mapping[str, Series]]
    until: Microseconds
    last: Mapping[str, Microseconds]  # the slowest download of each way

    def get_longest(self, way: str, name: str) -> int:
        """How many waited there at most."""
        return max((count for _, count in self.lines[way].get(name, ())), default=0)

    def __repr__(self) -> str:
        """The longest lines, and the slowest download."""
        names = list(get_metrics())
        rows = [f"{'longest line at':24}" + "".join(f"{name:>6}" for name in names) + "   slowest download"]
        for way in self.lines:
            cells = "".join(f"{self.get_longest(way, name):6}" for name in names)
            rows.append(f"{WORDS[way]:24}{cells}   {self.last[way] / SECOND:14.1f} s")
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        """Small plots on one scale."""
        names = list(get_metrics())
        most = max(self.get_longest(way, name) for way in self.lines for name in names)
        parts = []
        for row, name in enumerate(names):
            parts.append(write_text(LEFT - 12, TOP + ROW * row + HIGH, name, "end", font_weight="600"))
        for column, way in enumerate(self.lines):
            x = LEFT + (WIDE + GAP) * column
            parts.append(write_text(x, 16, WORDS[way], "start", font_weight="600"))
            slowest = f"slowest download {self.last[way] / SECOND:.1f} s"
            parts.append(write_text(x, 34, slowest, "start", font_size="12"))
            for row, name in enumerate(names):
                base = TOP + ROW * row + HIGH
                parts += self._draw(x, base, column, self.lines[way].get(name, []), most)
        high = TOP + ROW * len(names) + 34
        seconds = range(0, self.until // SECOND + 1, 6)
        for column in range(len(self.lines)):
            x = LEFT + (WIDE + GAP) * column
            parts += [
                write_text(x + WIDE * at * SECOND / self.until, high - 22, at, font_size="12")
                for at in seconds
            ]
        words = "seconds; upwards: pieces that wait, with the most of them"
        parts.append(write_text(LEFT + 1.5 * WIDE + GAP, high - 4, words))
        return write_svg(high, f"Lines at five candidates.\n{self!r}", parts)

    def _draw(self, x: float, base: float, column: int, line: Series, most: int) -> list[str]:
        """One line over time as a filled curve, its top named."""
        parts = [write_rule(f"M{x} {base}h{WIDE}", 0.4)]
        top = max((count for _, count in line), default=0)
        if not top:
            return [*parts, write_text(x + WIDE / 2, base - 6, "nobody", font_size="12", opacity="0.7")]
        path = [f"M{x} {base}"]
        for at, count in line:
            path.append(
                f"H{x + WIDE * min(at, self.until) / self.until:.1f}V{base - HIGH * count / most:.1f}"
            )
        colour = LINES[column][0]
        parts.append(f'<path fill="{colour}" fill-opacity="0.75" d="{"".join(path)}V{base}Z"/>')
        at = next(at for at, count in line if count == top)
        across, high = x + WIDE * at / self.until, base - HIGH * top / most
        y = min(max(high + 10, base - HIGH + 10), base - 5)  # between the ground and the highest
        parts.append(write_text(across - 5, y, top, "end", font_weight="600"))
        return parts


def draw_waiting(seed: int) -> Waiting:
    """The learner's three runs."""
    runs = {way: play(seed, way) for way in WAYS}
    lines = {way: get_queues(lab.trace, lab.names) for way, lab in runs.items()}
    return Waiting(lines, load(STORY).until, {way: find_slowest(lab) for way, lab in runs.items()})


def find_slowest(lab: Lab) -> Microseconds:
    """How long the last one waited for its file."""
    took: list[Microseconds] = [facts["took"] for _, facts in get_notes(lab, "fetch finished")]
    return max(took)
