"""Lesson 4, the pictures: how many peers have how many lines, and the knee between ways and price.

In a notebook drawings in the theme's colours, elsewhere tables.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.l04_network import Measured
from blockchain_lab.course.l07_race import LINES

WIDTH: Final = 760
LEFT: Final = 56  # of a plot
RIGHT: Final = 700
PANEL: Final = 150  # pixels of one histogram, its words included
KNEE: Final = 300  # pixels of the other drawing
MOST_HOPS: Final = 10  # at the top of its axis: a longer way is written there
LOW: Final = 5  # pixels of a bar, at least: one peer is seen beside a hundred
MOST_LINES: Final = 1_000  # of a peer, that are drawn
MARKS: Final = ((8, "Bitcoin opens 8"), (20, "IPv8 looks for 20"))
STYLE: Final = (
    "<style>.blockchain-lab-plot{display:block;max-width:100%;height:auto;font-size:13px;"
    "font-family:var(--jp-content-font-family,sans-serif);color:var(--jp-content-font-color1,#212121)}"
    ".blockchain-lab-plot text{fill:currentColor}</style>"
)


def write_svg(high: int, words: str, parts: Sequence[str]) -> str:
    """A drawing that scales with the page; `words` for who cannot see it."""
    return (
        f'{STYLE}<svg class="blockchain-lab-plot" viewBox="0 0 {WIDTH} {high}" width="{WIDTH}" '
        f'role="img" aria-label="{escape(words, quote=True)}">{"".join(parts)}</svg>'
    )


def write_text(x: float, y: float, text: object, anchor: str = "middle", **look: str) -> str:
    """One line of text."""
    more = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in look.items())
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(str(text))}</text>'


def write_rule(path: str, opacity: float = 0.6, dash: str = "") -> str:
    """A thin line of an axis."""
    return (
        f'<path fill="none" stroke="currentColor" opacity="{opacity}" stroke-dasharray="{dash}" d="{path}"/>'
    )


# -- how many peers have how many lines ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Histogram:
    """For each network: lines -> how many peers have so many."""

    networks: Mapping[str, Mapping[int, int]]

    def __repr__(self) -> str:
        """A line for each."""
        return "\n".join(f"{name}: {tell(counts)}" for name, counts in self.networks.items())

    def _repr_html_(self) -> str:
        """One below the other, on one scale."""
        most = max(max(counts, default=1) for counts in self.networks.values())
        parts = [
            self._draw(number, name, counts, max(most, 10))
            for number, (name, counts) in enumerate(self.networks.items())
        ]
        high = PANEL * len(parts) + 24
        axis = write_text((LEFT + RIGHT) / 2, high - 6, "lines of a peer; upwards: peers that have so many")
        return write_svg(high, f"Lines of each peer.\n{self!r}", [*parts, axis])

    def _draw(self, number: int, name: str, counts: Mapping[int, int], most: int) -> str:
        top, bottom = PANEL * number + 34, PANEL * (number + 1) - 18
        step, tallest = (RIGHT - LEFT) / (most + 1), max(counts.values(), default=1)
        colour = LINES[number % len(LINES)][0]
        parts = [
            write_text(LEFT, top - 16, name, "start", font_weight="600"),
            write_text(RIGHT, top - 16, tell(counts), "end"),
            write_rule(f"M{LEFT} {top}V{bottom}H{RIGHT}"),
            write_text(LEFT - 8, top + 5, tallest, "end"),
        ]
        for lines, peers in sorted(counts.items()):
            x, y = LEFT + lines * step, bottom - max(LOW, (bottom - top) * peers / tallest)
            parts.append(
                f'<rect x="{x + step * 0.1:.1f}" y="{y:.1f}" width="{step * 0.8:.1f}" '
                f'height="{bottom - y:.1f}" fill="{colour}"/>'
            )
        every = next(gap for gap in (1, 2, 5, 10, 20, 50, 100, most) if gap * 16 >= most)
        ticks = range(0, most + 1, every)
        parts += [write_text(LEFT + (tick + 0.5) * step, bottom + 15, tick) for tick in ticks]
        return "".join(parts)


def tell(counts: Mapping[int, int]) -> str:
    """The span of the lines, and their mean."""
    peers = sum(counts.values())
    if not peers:
        return "no table of {peer: lines} yet"
    mean = sum(lines * count for lines, count in counts.items()) / peers
    return f"{peers} peers, {min(counts)} to {max(counts)} lines, {mean:.1f} on average"


def draw_lines_of_each(networks: Mapping[str, Any]) -> Histogram:
    """Of some networks, each given as {peer: how many lines it has}. What is no such table has no bars."""
    return Histogram({name: count_peers(table) for name, table in networks.items()})


def count_peers(table: Any) -> dict[int, int]:
    """Lines -> how many peers have so many; nothing of what is no table (a function not written yet)."""
    if not isinstance(table, Mapping) or not all(is_count(lines) for lines in table.values()):
        return {}
    return dict(sorted(Counter(table.values()).items()))


def is_count(value: object) -> bool:
    """Can a peer have so many lines?"""
    return type(value) is int and 0 <= value <= MOST_LINES


# -- the knee ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Knee:
    """What each number of friends comes to: the longest way, and the messages for one news."""

    points: Sequence[Measured]

    def __repr__(self) -> str:
        """A table."""
        rows = ["friends  longest way  messages for one news"]
        for point in self.points:
            rows.append(f"{point.friends:7}  {say_way(point):>11}  {point.messages:21,}")
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        """Two lines over the number of friends."""
        right = max(point.friends for point in self.points) + 1
        most = max(point.messages for point in self.points)
        top, bottom = 40, KNEE - 44

        def place(friends: float, share: float) -> tuple[float, float]:
            return LEFT + (RIGHT - LEFT) * friends / right, bottom - (bottom - top) * min(share, 1)

        ways = [place(point.friends, point.shape.eccentricity / MOST_HOPS) for point in self.points]
        prices = [place(point.friends, point.messages / most) for point in self.points]
        parts = [write_rule(f"M{LEFT} {top}V{bottom}H{RIGHT}V{top}")]
        for hops in range(0, MOST_HOPS + 1, 2):
            parts.append(write_text(LEFT - 8, place(0, hops / MOST_HOPS)[1] + 4, hops, "end"))
        for share in (0, 0.5, 1):
            parts.append(write_text(RIGHT + 6, place(0, share)[1] + 4, f"{round(most * share):,}", "start"))
        for friends in sorted({point.friends for point in self.points}):
            parts.append(write_text(place(friends, 0)[0], bottom + 17, friends))
        for friends, words in MARKS:
            if friends < right:
                x = place(friends, 0)[0]
                parts.append(write_rule(f"M{x:.1f} {top}V{bottom}", 0.5, "2 4"))
                parts.append(write_text(x + 5, bottom - 8, words, "start", font_size="12"))
        parts += [draw_marked(ways, 0), draw_marked(prices, 1)]
        for point, (x, y) in zip(self.points, ways, strict=True):
            if len(point.shape.components) > 1 or point.shape.eccentricity > MOST_HOPS:
                parts.append(write_text(x + 10, y + 4, say_way(point), "start", font_size="12"))
        parts += [
            write_text(LEFT - 40, 18, "● longest way, in hops", "start", font_weight="600"),
            write_text(RIGHT + 50, 18, "messages for one news ■", "end", font_weight="600"),
            write_text((LEFT + RIGHT) / 2, KNEE - 6, "lines that everybody opens"),
        ]
        return write_svg(KNEE, f"The knee.\n{self!r}", parts)


def draw_marked(places: Sequence[tuple[float, float]], number: int) -> str:
    """A line through some places: round marks on the first, square ones on the second."""
    colour, dash = LINES[number]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    look = f'fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"'
    marks = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>'
        if number == 0
        else f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{colour}"/>'
        for x, y in places
    ]
    return f'<path {look} d="{path}"/>{"".join(marks)}'


def say_way(point: Measured) -> str:
    """The longest way, unless some peers cannot be reached at all."""
    parts = len(point.shape.components)
    return f"{point.shape.eccentricity} hops" if parts == 1 else f"in {parts} pieces"


def draw_knee(points: Sequence[Measured]) -> Knee:
    """Of networks that were measured, with fewer friends first. UsageError for fewer than two."""
    if len(points) < 2:
        raise UsageError(f"draw_knee: found {len(points)} networks, wanted at least two")
    return Knee(sorted(points, key=lambda point: point.friends))
