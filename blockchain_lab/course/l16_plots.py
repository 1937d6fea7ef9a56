"""Lesson 16, the pictures: two final histories with what lies between them, and how a leak brings two thirds.

In a notebook drawings, elsewhere tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.ffg_params import PRESETS
from blockchain_lab.consensus.leak import count_late_epochs
from blockchain_lab.consensus.rewards import BILLION
from blockchain_lab.consensus.theory import compute_quadratic_recovery, compute_silent_share
from blockchain_lab.course.l04_plots import write_rule, write_svg, write_text
from blockchain_lab.course.l13_plots import write_dots, write_line
from blockchain_lab.course.l16_spares import Overlap, find_overlap
from blockchain_lab.lab import Lab

LEFT: Final = 60
RIGHT: Final = 700
STRIP: Final = (92, 54)  # top and height of the strip of deposits
SIDE: Final = ("#0072b2", "#007a5a")  # of the two histories; white letters can be read on both
RED: Final = "#b3261e"

TOP: Final = 22
BOTTOM: Final = 262
HEIGHT: Final = 310
DAYS: Final = 30
EPOCH_DAYS: Final = 50 * 14 / 86_400  # EIP-1011: 50 blocks, about 14 seconds each in 2018
UNITS: Final = 10**16  # of all deposits in the leak that is played: 10,000,000 ETH


# -- two final histories -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Between:
    """Two final histories, or None where there are none."""

    overlap: Overlap | None

    def __repr__(self) -> str:
        """What the picture shows, in words."""
        if self.overlap is None:
            return "There are no two final histories in this run yet. Once there are, run this cell again."
        each = self.overlap
        lines = [
            f"final on {owner}'s side: {votes:,} of {total:,} coins voted ({', '.join(names)})"
            for owner, names, (votes, total) in zip(each.owners, each.voters, each.counted, strict=True)
        ]
        lines.append(f"voted on both: {each.sum(each.both):,} coins ({', '.join(each.both) or 'nobody'})")
        return "\n".join([*lines, f"broke a commandment: {', '.join(each.guilty) or 'nobody'}"])

    def _repr_html_(self) -> str:
        """All deposits in a row: those of one history, those of both in red, those of the other one."""
        if self.overlap is None:
            return f"<p>{self!r}</p>"
        each, (top, high) = self.overlap, STRIP
        only = [tuple(n for n in names if n not in each.both) for names in each.voters]
        row = [
            *((n, SIDE[0]) for n in only[0]),
            *((n, RED) for n in each.both),
            *((n, SIDE[1]) for n in only[1]),
        ]
        scale = (RIGHT - LEFT) / each.sum([name for name, _ in row])
        x, parts, edges = float(LEFT), [], [float(LEFT)]
        for name, colour in row:
            wide = each.deposits[name] * scale
            parts.append(
                f'<rect x="{x:.1f}" y="{top}" width="{wide - 2:.1f}" height="{high}" rx="4" fill="{colour}"/>'
            )
            for line, words in enumerate((name, f"{each.deposits[name]:,}")):
                parts.append(
                    f'<text x="{x + wide / 2 - 1:.1f}" y="{top + 24 + 18 * line}" text-anchor="middle" '
                    f'style="fill:#ffffff">{words}</text>'
                )
            x += wide
            edges.append(x)
        ends = len(only[0]), len(only[0]) + len(each.both)
        parts += draw_brace(edges[0], edges[ends[1]] - 2, top - 12, SIDE[0], self._tell(0), -1)
        parts += draw_brace(edges[ends[0]], edges[-1] - 2, top + high + 12, SIDE[1], self._tell(1), 1)
        red = f"in red: voted for both, {each.sum(each.both):,} coins. Slashed: {each.slashed:,}."
        middle = (edges[ends[0]] + edges[ends[1]]) / 2
        words = red if each.both else "Nothing between them: nobody has voted twice, nobody can be slashed."
        parts.append(write_text(middle, 18, words, font_weight="600"))
        return write_svg(top + high + 62, f"Two final histories.\n{self!r}", parts)

    def _tell(self, side: int) -> str:
        assert self.overlap is not None
        votes, total = self.overlap.counted[side]
        share = f"{100 * votes / total:.1f} %"
        return f"final on {self.overlap.owners[side]}'s side: {votes:,} of {total:,} coins voted, {share}"


def draw_brace(start: float, end: float, y: float, colour: str, words: str, away: int) -> list[str]:
    """A line over what belongs together, and what it is; away: -1 upwards, 1 downwards."""
    foot = y - 7 * away
    line = f'fill="none" stroke="{colour}" stroke-width="3"'
    low = y + (24 if away > 0 else -12)
    return [
        f'<path {line} d="M{start:.1f} {foot}V{y}H{end:.1f}V{foot}"/>',
        write_text((start + end) / 2, low, words),
    ]


def draw_between(lab: Lab) -> Between:
    """What lies between two final histories of a run."""
    return Between(find_overlap(lab))


# -- the leak ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Leaks:
    """For some silent shares: days until two thirds vote again, by formula and epoch by epoch."""

    days: dict[float, tuple[float, float]]

    def __repr__(self) -> str:
        """A table."""
        rows = ["silent  days by formula  days, played"]
        rows += [f"{share:6.0%}  {days:15.1f}  {played:12.1f}" for share, (days, played) in self.days.items()]
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        """The voters' share of all deposits over days; dots where it has been played out."""

        def place(days: float, share: float) -> tuple[float, float]:
            return LEFT + (RIGHT - 90 - LEFT) * days / DAYS, BOTTOM - (BOTTOM - TOP) * (share - 0.3) / 0.5

        parts = [write_rule(f"M{LEFT} {TOP}V{BOTTOM}H{RIGHT - 90}")]
        for share in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
            x, y = place(0, share)
            parts += [
                write_text(x - 8, y + 5, f"{share * 100:.0f} %", "end"),
                write_rule(f"M{x} {y}h550", 0.12),
            ]
        x, y = place(0, 2 / 3)
        parts += [write_rule(f"M{x} {y}H{RIGHT - 90}", 0.9, "2 4")]
        parts.append(write_text(RIGHT - 84, y + 5, "two thirds", "start"))
        parts += [write_text(place(days, 0)[0], BOTTOM + 18, days) for days in range(0, DAYS + 1, 5)]
        rate = PRESETS["eip1011"].rewards.base_penalty / BILLION
        for number, (silent, (days, played)) in enumerate(self.days.items()):
            steps = [day / 2 for day in range(2 * DAYS + 1)]
            shares = [1 - compute_silent_share(silent, rate, day / EPOCH_DAYS) for day in steps]
            points = [place(*point) for point in zip(steps, shares, strict=True) if point[1] <= 0.8]
            parts += [write_line(points, number), write_dots([place(played, 2 / 3)], number)]
            x, y = place(played, 2 / 3)
            parts.append(write_text(x + 8, y + 20, f"day {days:.1f}", "start", font_weight="600"))
            x, y = place(0, 1 - silent)
            parts.append(write_text(x + 10, y - 8, f"{silent * 100:.0f} % silent", "start"))
        words = "days without finality; upwards: the voters' share of what is left"
        parts.append(write_text((LEFT + RIGHT - 90) / 2, HEIGHT - 8, words))
        return write_svg(HEIGHT, f"The leak of EIP-1011.\n{self!r}", parts)


def draw_leak(shares: Sequence[float]) -> Leaks:
    """How long so many silent ones stop EIP-1011's finality. UsageError unless each is from 1/3 to 2/3."""
    if not all(1 / 3 < share < 2 / 3 for share in shares):
        raise UsageError(f"draw_leak: found {list(shares)}, wanted shares above 1/3 and below 2/3")
    rules = PRESETS["eip1011"].rewards
    days: dict[float, tuple[float, float]] = {}
    for share in shares:
        silent = round(share * UNITS)
        by_formula = compute_quadratic_recovery(share, rules.base_penalty / BILLION)
        played = count_late_epochs({"silent": silent, "voters": UNITS - silent}, ("voters",), rules)
        days[share] = by_formula * EPOCH_DAYS, played * EPOCH_DAYS
    return Leaks(days)
