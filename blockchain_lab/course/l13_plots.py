"""Lesson 13, the pictures: the chance to catch up over confirmations, and what a selfish pool earns.

In a notebook drawings in the theme's colours, elsewhere tables.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log10
from typing import Final

from blockchain_lab.base.draws import MILLION
from blockchain_lab.base.errors import UsageError
from blockchain_lab.chain.races import compute_success, compute_success_as_nakamoto, count_successes
from blockchain_lab.chain.selfish_mining import compute_revenue, simulate
from blockchain_lab.course.l04_plots import write_rule, write_svg, write_text
from blockchain_lab.course.l07_race import LINES

LEFT: Final = 66
RIGHT: Final = 610
TOP: Final = 22
BOTTOM: Final = 262
HEIGHT: Final = 310
LEAST: Final = 1e-4  # at the bottom of the chances
RACES: Final = 1_000  # played for each dot
PLAYED: Final = (1, 2, 4, 6, 8)  # confirmations that have a dot
MOST: Final = 10  # confirmations
BLOCKS: Final = 4_000  # of a selfish pool's run
SHARES: Final = (0.1, 0.2, 0.25, 0.3, 1 / 3, 0.4, 0.45)
GAMMAS: Final = (0.0, 0.5)

Point = tuple[float, float]


def write_line(points: Sequence[Point], number: int) -> str:
    """A line through some places, in the colour and the dash of its number."""
    colour, dash = LINES[number % len(LINES)]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}" d="{path}"/>'


def write_dots(points: Sequence[Point], number: int) -> str:
    """Round marks in the colour of a line."""
    colour = LINES[number % len(LINES)][0]
    return "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>' for x, y in points)


# -- catching up ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Odds:
    """For some shares: the chance after each number of confirmations, by both formulas and by races."""

    shares: tuple[float, ...]
    races: dict[float, dict[int, float]]  # share -> confirmations -> part of the races that were won

    def __repr__(self) -> str:
        """A table."""
        rows = ["share  confirmations  Nakamoto  Rosenfeld    races"]
        for share in self.shares:
            for count, won in self.races[share].items():
                by = compute_success_as_nakamoto(share, count), compute_success(share, count)
                rows.append(f"{share:5.0%}  {count:13}  {by[0]:8.4f}  {by[1]:9.4f}  {won:7.4f}")
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        """Curves, each step downwards ten times less likely; dots are races that were played."""

        def place(count: float, chance: float) -> Point:
            depth = log10(max(chance, LEAST)) / log10(LEAST)
            return LEFT + (RIGHT - LEFT) * count / MOST, TOP + (BOTTOM - TOP) * depth

        parts = [write_rule(f"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}")]
        for chance, words in (
            (1, "100 %"),
            (0.1, "10 %"),
            (0.01, "1 %"),
            (0.001, "0.1 %"),
            (LEAST, "0.01 %"),
        ):
            y = place(0, chance)[1]
            parts += [write_text(LEFT - 8, y + 5, words, "end"), write_rule(f"M{LEFT} {y}H{RIGHT}", 0.15)]
        parts += [write_text(place(count, 1)[0], BOTTOM + 18, count) for count in range(0, MOST + 1, 2)]
        for number, share in enumerate(self.shares):
            parts += self._draw_share(place, number, share)
        words = "confirmations that the shop waits for; upwards: the attacker's chance"
        parts.append(write_text((LEFT + RIGHT) / 2, HEIGHT - 8, words))
        top = BOTTOM - 76
        keys = ((write_line, "Nakamoto", 0), (write_line, "Rosenfeld", 1))
        for row, (draw, name, number) in enumerate(keys):
            y = top + 24 * row
            parts += [
                draw([(RIGHT + 18, y), (RIGHT + 52, y)], number),
                write_text(RIGHT + 60, y + 5, name, "start"),
            ]
        y = top + 48
        parts += [write_dots([(RIGHT + 35, y)], 2), write_text(RIGHT + 60, y + 5, "races played", "start")]
        return write_svg(HEIGHT, f"The chance to catch up.\n{self!r}", parts)

    def _draw_share(self, place: Callable[[float, float], Point], number: int, share: float) -> list[str]:
        parts = []
        for line, compute in enumerate((compute_success_as_nakamoto, compute_success)):
            chances = [(count, compute(share, count)) for count in range(MOST + 1)]
            parts.append(write_line([place(*point) for point in chances if point[1] >= LEAST], line))
        played = [place(count, won) for count, won in self.races[share].items() if won >= LEAST]
        end_count = max(c for c in range(MOST + 1) if compute_success(share, c) >= LEAST)
        x, y = place(end_count, compute_success(share, end_count))
        return [
            *parts,
            write_dots(played, 2),
            write_text(x + 8, y - 6, f"{share * 100:.0f} %", "start", font_weight="600"),
        ]


def draw_odds(shares: Sequence[float], seed: int) -> Odds:
    """Both formulas, and races of the learner's seed. UsageError unless each is between 0 and a half."""
    if not all(0 < share < 0.5 for share in shares):
        raise UsageError(f"draw_odds: found {list(shares)}, wanted shares above 0 and below 0.5")
    races = {
        share: {
            count: count_successes(round(share * MILLION), count, RACES, seed) / RACES for count in PLAYED
        }
        for share in shares
    }
    return Odds(tuple(shares), races)


# -- a selfish pool ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Selfish:
    """What a selfish pool owns of the chain in the end: gamma -> share -> part, simulated."""

    played: dict[float, dict[float, float]]

    def __repr__(self) -> str:
        """A table."""
        rows = ["gamma  share  formula  simulated"]
        for gamma, points in self.played.items():
            for share, part in points.items():
                rows.append(f"{gamma:5}  {share:5.1%}  {compute_revenue(share, gamma):7.1%}  {part:9.1%}")
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        """A curve for each gamma, dots that were simulated, and honest mining as a dotted line."""

        def place(share: float, part: float) -> Point:
            return LEFT + (RIGHT - LEFT) * share / 0.5, BOTTOM - (BOTTOM - TOP) * part

        parts = [write_rule(f"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}")]
        for part in (0, 0.25, 0.5, 0.75, 1):
            y = place(0, part)[1]
            parts += [
                write_text(LEFT - 8, y + 5, f"{part * 100:.0f} %", "end"),
                write_rule(f"M{LEFT} {y}H{RIGHT}", 0.15),
            ]
        parts += [write_text(place(s / 10, 0)[0], BOTTOM + 18, f"{s * 10} %") for s in range(6)]
        (from_x, from_y), (to_x, to_y) = place(0, 0), place(0.5, 0.5)
        parts.append(write_rule(f"M{from_x} {from_y}L{to_x} {to_y}", 0.9, "2 4"))
        parts.append(write_text(RIGHT + 10, to_y + 5, "honest mining", "start"))
        for number, (gamma, points) in enumerate(self.played.items()):
            curve = [place(s / 200, compute_revenue(s / 200, gamma)) for s in range(100)]
            parts += [
                write_line(curve, number),
                write_dots([place(*point) for point in points.items()], number),
            ]
            y = TOP + 14 + 26 * number
            parts.append(write_line([(RIGHT + 10, y), (RIGHT + 44, y)], number))
            parts.append(write_text(RIGHT + 52, y + 5, f"γ = {gamma:g}", "start"))
        words = "the pool's share of the power; upwards: its part of the chain"
        parts.append(write_text((LEFT + RIGHT) / 2, HEIGHT - 8, words))
        return write_svg(HEIGHT, f"What a selfish pool earns.\n{self!r}", parts)


def draw_selfish(seed: int) -> Selfish:
    """The formula of Eyal and Sirer, and runs of their state machine with the learner's seed."""
    played = {
        gamma: {
            share: simulate(round(share * MILLION), round(gamma * MILLION), BLOCKS, seed).revenue
            for share in SHARES
        }
        for gamma in GAMMAS
    }
    return Selfish(played)
