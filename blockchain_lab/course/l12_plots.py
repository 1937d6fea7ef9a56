"""Lesson 12, the picture: what each way of passing on a block costs, in seconds and in bytes.

In a notebook a drawing in the theme's colours, elsewhere a table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final

from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.course.l04_plots import write_rule, write_svg, write_text
from blockchain_lab.course.l07_race import LINES
from blockchain_lab.course.l12_runs import WAYS, weigh
from blockchain_lab.lab import Lab

LEFT: Final = 76
RIGHT: Final = 560
TOP: Final = 24
BOTTOM: Final = 270
HEIGHT: Final = 322
MARKS: Final = (
    "M-7 -7h14v14h-14z",
    "M0 -9L9 7H-9z",
    "M0 -9L9 0L0 9L-9 0z",
    "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0 -16 0z",
)
STEP: Final = 5_000  # bytes between two lines


@dataclass(frozen=True, slots=True)
class Ways:
    """Way -> bytes in all, and until the last peer of its network had the block."""

    costs: Mapping[str, tuple[int, Microseconds]]

    def __repr__(self) -> str:
        """A table."""
        rows = [f"{'way':22} {'all six have it':>16} {'bytes in all':>13}"]
        for way, (size, slowest) in self.costs.items():
            rows.append(f"{WAYS[way]:22} {slowest / SECOND:14.2f} s {size:13,}")
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        """Seconds to the right, bytes upwards: whoever is near the lower left corner is quick and cheap."""
        halves = max((ceil(2 * slowest / SECOND) for _, slowest in self.costs.values()), default=0) or 1
        most = STEP * (max((ceil(size / STEP) for size, _ in self.costs.values()), default=0) or 1)

        def place(slowest: Microseconds, size: int) -> tuple[float, float]:
            across = 2 * slowest / SECOND / halves
            return LEFT + (RIGHT - LEFT) * across, BOTTOM - (BOTTOM - TOP) * size / most

        parts = [write_rule(f"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}")]
        for size in range(0, most + 1, STEP):
            y = place(0, size)[1]
            parts += [
                write_text(LEFT - 8, y + 5, f"{size:,}", "end"),
                write_rule(f"M{LEFT} {y}H{RIGHT}", 0.15),
            ]
        for half in range(halves + 1):
            x = place(half * SECOND // 2, 0)[0]
            parts.append(write_text(x, BOTTOM + 18, f"{half / 2:g}"))
        words = "seconds until all six have the block; upwards: bytes in all"
        parts.append(write_text((LEFT + RIGHT) / 2, HEIGHT - 10, words))
        for number, way in enumerate(WAYS):
            if way not in self.costs:
                continue
            size, slowest = self.costs[way]
            x, y = place(slowest, size)
            row = TOP + 14 + 30 * number
            parts += [self._draw_mark(number, x, y), self._draw_mark(number, RIGHT + 24, row - 5)]
            parts.append(write_text(RIGHT + 42, row, WAYS[way], "start"))
        return write_svg(HEIGHT, f"Four ways to pass on a block.\n{self!r}", parts)

    def _draw_mark(self, number: int, x: float, y: float) -> str:
        look = f'fill="{LINES[number][0]}" fill-opacity="0.85"'
        return f'<path {look} transform="translate({x:.1f} {y:.1f})" d="{MARKS[number]}"/>'


def draw_ways(lab: Lab) -> Ways:
    """Of the race in `four_ways`, as far as it was played; who has found no block yet is left out."""
    return Ways({way: (cost.total, cost.slowest) for way, cost in weigh(lab).items()})
