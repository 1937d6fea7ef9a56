"""Lesson 5, the pictures: lines over time with their names beside them, a bar of silence for each peer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from blockchain_lab.base.units import MINUTE, SECOND
from blockchain_lab.course.l05_runs import (
    CHURN_ENDS,
    OBSERVER,
    RULES,
    SETTLED,
    count_ghosts,
    find_arrivals,
    play_rule,
)
from blockchain_lab.course.l07_race import LINES
from blockchain_lab.lab import Lab

WIDTH: Final = 760
HEIGHT: Final = 300
LEFT: Final = 52  # of the plot
RIGHT: Final = 540
TOP: Final = 16
BOTTOM: Final = 250
ROW: Final = 22  # pixels of a bar with its gap
ALIVE, GHOST = LINES[0][0], LINES[1][0]
STYLE: Final = (
    "<style>.blockchain-lab-line{display:block;max-width:100%;height:auto;font-size:13px;"
    "font-family:var(--jp-content-font-family,sans-serif);color:var(--jp-content-font-color1,#212121)}"
    ".blockchain-lab-line text{fill:currentColor}</style>"
)

Point = tuple[float, float]


def make_drawing(high: int, words: str, inside: str) -> str:
    """An SVG element with its words for who cannot see it."""
    return (
        f'{STYLE}<svg class="blockchain-lab-line" viewBox="0 0 {WIDTH} {high}" width="{WIDTH}" role="img" '
        f'aria-label="{escape(words, quote=True)}">{inside}</svg>'
    )


def write(x: float, y: float, text: str, anchor: str = "start", more: str = "") -> str:
    """One line of text."""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}"{more}>{escape(text)}</text>'


@dataclass(frozen=True, slots=True)
class Lines:
    """Steps over time: by name the points, each true from its time on, and a remark below the name."""

    lines: Mapping[str, Sequence[Point]]
    remarks: Mapping[str, str]
    until: float  # to the right
    most: float  # upwards
    step: float  # between two numbers below
    across: str  # what is counted to the right
    counted: str  # what is counted upwards

    def __repr__(self) -> str:
        """The names with their remarks."""
        return "\n".join(f"{name:18} {self.remarks[name]}" for name in self.lines)

    def _repr_html_(self) -> str:
        """A drawing."""
        lines = "".join(self._draw(place, name) for place, name in enumerate(self.lines))
        return make_drawing(HEIGHT, f"{self._say()}.\n{self!r}", self._draw_frame() + lines)

    def _say(self) -> str:
        return f"{self.across}; upwards: {self.counted}"

    def _place(self, at: float, value: float) -> Point:
        across = LEFT + (RIGHT - LEFT) * min(at / self.until, 1)
        return round(across, 1), round(BOTTOM - (BOTTOM - TOP) * min(value / self.most, 1), 1)

    def _draw(self, number: int, name: str) -> str:
        """One line in steps to the right edge, and its name beside the plot."""
        colour, dash = LINES[number % len(LINES)]
        look = f'fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"'
        path = ["M{} {}".format(*self._place(*self.lines[name][0]))]
        for point in self.lines[name]:
            across, y = self._place(*point)
            path.append(f"H{across}V{y}")
        low = TOP + 14 + 54 * number
        return (
            f'<path {look} d="{"".join(path)}H{RIGHT}"/><path {look} d="M{RIGHT + 16} {low - 4}h28"/>'
            + write(RIGHT + 52, low, name, more=' font-weight="600"')
            + write(RIGHT + 52, low + 18, self.remarks[name], more=' font-size="12"')
        )

    def _draw_frame(self) -> str:
        """Axes, three lines across, numbers."""
        parts = [
            f'<path fill="none" stroke="currentColor" opacity="0.6" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>'
        ]
        for value in (0, self.most / 2, self.most):
            _, y = self._place(0, value)
            parts.append(write(LEFT - 8, y + 4, f"{value:g}", "end"))
            parts.append(f'<path stroke="currentColor" opacity="0.25" d="M{LEFT} {y}H{RIGHT}"/>')
        for number in range(int(self.until / self.step) + 1):
            across, _ = self._place(number * self.step, 0)
            parts.append(write(across, BOTTOM + 18, f"{number * self.step:g}", "middle"))
        return "".join([*parts, write((LEFT + RIGHT) / 2, BOTTOM + 38, self._say(), "middle")])


def draw_ghosts(seed: int) -> Lines:
    """The share of ghosts among Ann's entries over forty minutes, under each of the rules."""
    lines, remarks = {}, {}
    for rule in RULES:
        ghosts = count_ghosts(play_rule(rule, seed))
        lines[rule] = [
            (at / MINUTE, 100 * false / entries) for at, false, entries in ghosts.curve if entries and at
        ]
        remarks[rule] = f"{100 * ghosts.get_share(SETTLED):.0f} % from minute {SETTLED // MINUTE} on"
    counted = "per cent of Ann's entries that are ghosts"
    return Lines(lines, remarks, CHURN_ENDS / MINUTE, 80, 5, "minutes", counted)


def draw_megabyte(labs: Mapping[str, Lab]) -> Lines:
    """How many pieces are there without a gap, from the first on, in each of some runs."""
    lines, remarks = {}, {}
    for name, lab in labs.items():
        of = lab.peer("bob").of
        here: dict[int, None] = {}
        line, whole = [(0.0, 0.0)], 0
        for at, number in find_arrivals(lab):
            here[number] = None
            while whole in here:
                whole += 1
            line.append((at / SECOND, whole))
        lines[name] = line
        done = f"all after {line[-1][0]:.2f} s" if whole == of else f"{len(here)} came, with gaps"
        remarks[name] = done
    return Lines(lines, remarks, 2, 680, 0.25, "seconds", "pieces that are there without a gap")


@dataclass(frozen=True, slots=True)
class Clocks:
    """How long each peer has been silent, in seconds, longest first; and who of them is a ghost."""

    silent: Mapping[str, float]
    ghosts: tuple[str, ...]
    marks: tuple[float, ...]  # when Ann asks, three times, and when she gives up

    def __repr__(self) -> str:
        """A table."""
        rows = [
            f"{name:4} {silent:6.1f} s{'  ghost' if name in self.ghosts else ''}"
            for name, silent in self.silent.items()
        ]
        return "\n".join(rows) or "Ann believes in nobody."

    def _repr_html_(self) -> str:
        """A bar for each, and a line for each moment at which something is due."""
        bottom = TOP + 20 + ROW * len(self.silent)
        longest = self.marks[-1] * 1.1
        scale = (WIDTH - LEFT - 90) / longest
        parts = []
        for mark, word in zip(self.marks, ("ask", "ask", "ask", "drop"), strict=True):
            x = round(LEFT + mark * scale, 1)
            parts.append(f'<path stroke="currentColor" stroke-dasharray="3 3" d="M{x} {TOP + 6}V{bottom}"/>')
            parts.append(write(x, TOP, word, "middle"))
            parts.append(write(x, bottom + 16, f"{mark:g}", "middle"))
        for row, (name, silent) in enumerate(self.silent.items()):
            parts.append(self._draw_row(name, min(silent, longest) * scale, TOP + 14 + ROW * row))
        parts.append(write(LEFT, bottom + 34, "seconds of silence"))
        words = f"Seconds of silence of each peer in whom Ann believes.\n{self!r}"
        return make_drawing(bottom + 44, words, "".join(parts))

    def _draw_row(self, name: str, wide: float, y: float) -> str:
        is_ghost = name in self.ghosts
        look = f'fill="none" stroke="{GHOST}" stroke-width="2"' if is_ghost else f'fill="{ALIVE}"'
        bar = f'<rect x="{LEFT}" y="{y}" width="{max(wide, 1):.1f}" height="{ROW - 8}" {look}/>'
        halo = ' style="paint-order:stroke;stroke:var(--jp-layout-color0,#fff);stroke-width:5px"'
        said = write(LEFT + max(wide, 1) + 8, y + 12, "a ghost", more=halo) if is_ghost else ""
        return write(LEFT - 8, y + 12, name, "end") + bar + said


def draw_clocks(lab: Lab) -> Clocks:
    """Ann's clocks at the cursor, held against who really is there."""
    ann, now = lab.peer(OBSERVER), lab.trace.time_of(lab.cursor)
    names = {address: name for name, address in lab.scenario.get_addresses().items()}
    silent = {names[address]: (now - watched.heard_at) / SECOND for address, watched in ann.watched.items()}
    rule = ann.rule
    asks = [(rule.idle_after + number * rule.ask_every) / SECOND for number in range(3)]
    return Clocks(
        dict(sorted(silent.items(), key=lambda item: -item[1])),
        tuple(name for name in silent if lab.peer(name) is None),
        (*asks, rule.drop_after / SECOND),
    )
