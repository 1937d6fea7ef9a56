"""Lesson 7, the picture: how many peers know the news, over time, for several ways of telling it.

In a notebook a drawing in the theme's colours, elsewhere a table: who was at half and at all of them when.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.measures_gossip import find_learning, get_curve

WIDTH: Final = 760
HEIGHT: Final = 300
LEFT: Final = 46  # of the plot
RIGHT: Final = 560
TOP: Final = 16
BOTTOM: Final = 256
LINES: Final = (  # after Okabe and Ito, "Color Universal Design" (2008); a dash each, too
    ("#0072b2", ""),
    ("#d55e00", "8 4"),
    ("#009e73", "2 3"),
    ("#b35a8c", "12 3 2 3"),
)
STYLE: Final = (
    "<style>.blockchain-lab-race{display:block;max-width:100%;height:auto;font-size:13px;"
    "font-family:var(--jp-content-font-family,sans-serif);color:var(--jp-content-font-color1,#212121)}"
    ".blockchain-lab-race text{fill:currentColor}</style>"
)

Curve = list[tuple[Microseconds, int]]


@dataclass(frozen=True, slots=True)
class Race:
    """Curves of one network, from the moment at which the news was published."""

    curves: Mapping[str, Curve]
    peers: int
    axes: str = "seconds since the news was published; upwards: peers that know it"

    @property
    def until(self) -> int:
        """Whole seconds to the right: one more than the last peer took."""
        return max(at for curve in self.curves.values() for at, _ in curve) // SECOND + 1

    def when(self, name: str, count: int) -> Microseconds | None:
        """When so many knew it; None if they never did."""
        return next((at for at, known in self.curves[name] if known >= count), None)

    def __repr__(self) -> str:
        """A table."""
        rows = [f"{'':12} {'half':>9} {'all':>9} {'in the end':>15}"]
        for name, curve in self.curves.items():
            half, all_of_them = (say(self.when(name, count)) for count in (-(-self.peers // 2), self.peers))
            rows.append(f"{name:12} {half:>9} {all_of_them:>9} {curve[-1][1]:>8} of {self.peers:3}")
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        """A drawing, with the table as its words."""
        lines = "".join(self._draw(place, name) for place, name in enumerate(self.curves))
        words = escape(f"Over time, {self.axes}.\n{self!r}", quote=True)
        return (
            f'{STYLE}<svg class="blockchain-lab-race" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
            f'role="img" aria-label="{words}">{self._draw_frame()}{lines}</svg>'
        )

    def _place(self, at: Microseconds, known: int) -> tuple[float, float]:
        across = LEFT + (RIGHT - LEFT) * at / (self.until * SECOND)
        return round(across, 1), round(BOTTOM - (BOTTOM - TOP) * known / self.peers, 1)

    def _draw(self, place: int, name: str) -> str:
        """One curve in steps to the right edge, and its name beside the plot, with when it was done."""
        colour, dash = LINES[place % len(LINES)]
        across, y = self._place(*self.curves[name][0])
        path = [f"M{across} {y}"]
        for at, known in self.curves[name]:
            across, y = self._place(at, known)
            path.append(f"H{across}V{y}")
        line = f'fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"'
        low = TOP + 14 + 54 * place
        done, last = self.when(name, self.peers), self.curves[name][-1][1]
        end = (
            f"all {self.peers} after {say(done)}"
            if done is not None
            else f"never all: {last} of {self.peers}"
        )
        return (
            f'<path {line} d="{"".join(path)}H{RIGHT}"/><path {line} d="M{RIGHT + 16} {low - 4}h28"/>'
            f'<text x="{RIGHT + 52}" y="{low}" font-weight="600">{escape(name)}</text>'
            f'<text x="{RIGHT + 52}" y="{low + 18}" font-size="12">{end}</text>'
        )

    def _draw_frame(self) -> str:
        """Axes, the line at half of the peers, seconds."""
        parts = [
            f'<path fill="none" stroke="currentColor" opacity="0.6" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>'
        ]
        for known in (0, self.peers // 2, self.peers):
            _, y = self._place(0, known)
            parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{known}</text>')
            parts.append(f'<path stroke="currentColor" opacity="0.25" d="M{LEFT} {y}H{RIGHT}"/>')
        for second in range(0, self.until + 1, max(1, self.until // 8)):
            across, _ = self._place(second * SECOND, 0)
            parts.append(f'<text x="{across}" y="{BOTTOM + 18}" text-anchor="middle">{second}</text>')
        middle = (LEFT + RIGHT) / 2
        words = f'<text x="{middle}" y="{BOTTOM + 38}" text-anchor="middle">{escape(self.axes)}</text>'
        return "".join(parts) + words


def say(at: Microseconds | None) -> str:
    """In seconds."""
    return "never" if at is None else f"{at / SECOND:.2f} s"


def get_news_curve(lab: Lab) -> Curve:
    """How many knew a run's first news, from its publishing on."""
    learning = find_learning(lab.trace)
    return get_curve(learning, next(iter(learning)))


def draw_race(labs: Mapping[str, Lab]) -> Race:
    """The curves of runs of one network, by the names that they shall have. Plays nothing on."""
    return Race(
        {name: get_news_curve(lab) for name, lab in labs.items()}, len(next(iter(labs.values())).names)
    )
