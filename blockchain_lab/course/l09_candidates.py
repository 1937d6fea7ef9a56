"""Lesson 9, five candidates: what their machines do, what Q makes of it, and what one machine's counters say.

Every learner has five of their own. In a notebook they are drawn, elsewhere they are a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Final

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.course.l04_plots import write_rule, write_svg, write_text
from blockchain_lab.course.l07_race import LINES
from blockchain_lab.overlay.metric import (
    PACKET,
    THOUSAND,
    UPLOAD,
    Attributes,
    Reading,
    Weights,
    compute_quality,
    get_fair_attributes,
)

NAMES: Final = ("ann", "bob", "cat", "dan", "eve")
WHAT: Final = (("load", "tasks"), ("network", "packets a second"), ("disk", "packets a second"))
LEFT: Final = 70  # of all bars
COLUMN: Final = 220  # pixels from one kind of bar to the next
LONG: Final = 120  # pixels of the longest bar of a kind
ROW: Final = 36
TOP: Final = 46
TRIES: Final = 10_000  # of drawing five that differ enough
SPAN: Final = 10  # seconds between the two readings of the upload question


# -- five of one's own ---------------------------------------------------------------------------------------


@cache
def get_candidates(seed: int) -> dict[str, Attributes]:
    """Five machines, in hundredths of a task and tens of packets; the best has not the idlest processor."""
    random = CounterRandom(get_key(seed, "lesson 9", "candidates"))
    for _ in range(TRIES):
        found = {
            name: Attributes(
                (20 + 5 * random.below(30)) / 100, 10.0 * random.below(90), 10.0 * random.below(90)
            )
            for name in NAMES
        }
        ranks = sorted(found.values(), key=compute_quality)
        least_load = min(found.values(), key=lambda each: each.load)
        gap = compute_quality(ranks[1]) - compute_quality(ranks[0])
        loads = {each.load for each in found.values()}
        if gap > 0.05 and len(loads) == len(NAMES) and least_load is not ranks[0] and ranks[0].disk:
            return found
    raise AssertionError("five candidates that differ can be drawn with every seed")


def find_lowest(seed: int) -> float:
    """Q of the best of the five."""
    return round(min(compute_quality(each) for each in get_candidates(seed).values()), 3)


def add_lowest(seed: int) -> float:
    """The same in whole thousandths, without floats."""
    sums = [
        2 * round(each.load * 1_000) + round(each.network) + round(each.disk)
        for each in get_candidates(seed).values()
    ]
    return sorted(sums)[0] / 1_000


def find_highest(seed: int) -> float:
    """A mistake: the busiest one's."""
    return round(max(compute_quality(each) for each in get_candidates(seed).values()), 3)


def find_of_least_load(seed: int) -> float:
    """A mistake: of whoever has the least load."""
    return round(compute_quality(min(get_candidates(seed).values(), key=lambda each: each.load)), 3)


def find_unweighted(seed: int) -> float:
    """A mistake: the smallest sum without weights."""
    return round(min(each.load + each.network + each.disk for each in get_candidates(seed).values()), 3)


# -- the picture ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidates:
    """Five machines; with weights, what Q is made of."""

    machines: dict[str, Attributes]
    weights: Weights | None = None

    def get_parts(self, name: str) -> list[float]:
        """What the three attributes add to Q; the attributes themselves while there are no weights."""
        own, by = self.machines[name], self.weights or Weights(1, 1, 1)
        return [own.load * by.load, own.network * by.network, own.disk * by.disk]

    @property
    def best(self) -> str:
        """Whose Q is the lowest."""
        return min(self.machines, key=lambda name: sum(self.get_parts(name)))

    def __repr__(self) -> str:
        """A table."""
        if self.weights is None:
            rows = [f"{'':5} {'load':>6} {'network':>9} {'disk':>6}"]
            rows += [
                f"{name:5} {own.load:6.2f} {own.network:9.0f} {own.disk:6.0f}"
                for name, own in self.machines.items()
            ]
            return "\n".join(rows)
        rows = [f"{'':5} {'from load':>10} {'network':>10} {'disk':>10} {'Q':>10}"]
        for name in self.machines:
            parts = self.get_parts(name)
            cells = " ".join(f"{part:10.3f}" for part in [*parts, sum(parts)])
            rows.append(f"{name:5} {cells}{'  the lowest' if name == self.best else ''}")
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        """Three bars for each machine, or one bar that is made of three."""
        parts = self._draw_bars() if self.weights is None else self._draw_sums()
        high = TOP + ROW * len(self.machines) + (0 if self.weights is None else 34)
        return write_svg(high, f"Five candidates.\n{self!r}", parts)

    def _draw_bars(self) -> list[str]:
        parts = []
        for place, (what, unit) in enumerate(WHAT):
            x, values = LEFT + COLUMN * place, [self.get_parts(name)[place] for name in self.machines]
            parts.append(write_text(x, 18, f"{what}, {unit}", "start", font_weight="600"))
            for row, value in enumerate(values):
                y, long = TOP + ROW * row, LONG * value / (max(values) or 1)
                parts.append(draw_bar(x, y, long, place))
                shown = f"{value:.2f}" if place == 0 else f"{value:.0f}"
                parts.append(write_text(x + long + 8, y + 15, shown, "start"))
        return [*parts, *self._draw_names()]

    def _draw_sums(self) -> list[str]:
        most, wide = max(sum(self.get_parts(name)) for name in self.machines) or 1, 520
        parts = self._draw_names()
        for row, name in enumerate(self.machines):
            x, y, own = float(LEFT), TOP + ROW * row, self.get_parts(name)
            for place, part in enumerate(own):
                parts.append(draw_bar(x, y, wide * part / most, place))
                x += wide * part / most
            star, weight = ("  ★ lowest", "600") if name == self.best else ("", "400")
            parts.append(write_text(x + 8, y + 15, f"{sum(own):.3f}{star}", "start", font_weight=weight))
        keys = zip(WHAT, (LEFT, LEFT + 190, LEFT + 400), strict=True)
        for place, ((what, _), x) in enumerate(keys):
            parts.append(draw_bar(x, 6, 26, place, 14))
            parts.append(write_text(x + 34, 18, f"from {what}", "start"))
        bottom = TOP + ROW * len(self.machines) + 22
        return [*parts, write_text(LEFT, bottom, "Q: the lower, the better", "start")]

    def _draw_names(self) -> list[str]:
        base = TOP + ROW * len(self.machines) - 8
        names = [
            write_text(LEFT - 12, TOP + ROW * row + 15, name, "end") for row, name in enumerate(self.machines)
        ]
        return [write_rule(f"M{LEFT} {TOP - 6}V{base}"), *names]


def draw_bar(x: float, y: float, long: float, place: int, high: int = 20) -> str:
    """One bar in the colour of its attribute; the second and third are hatched each in its own way."""
    colour, (_, dash) = LINES[place][0], LINES[place]
    bar = f'<rect x="{x:.1f}" y="{y}" width="{max(long, 0):.1f}" height="{high}" fill="{colour}"/>'
    if place == 0 or long < 6:
        return bar
    across = f"M{x:.1f} {y + high / 2}h{long:.1f}"
    line = f'<path fill="none" stroke="#fff" stroke-width="2" stroke-dasharray="{dash}" d="{across}"/>'
    return bar + line


def show_candidates(seed: int, **weights: float) -> Candidates:
    """The learner's five; with `load=2, network=0.001, disk=0.001` also what Q makes of them. UsageError."""
    unknown = sorted(weights.keys() - {what for what, _ in WHAT})
    if unknown:
        raise UsageError(f"show_candidates: found {unknown[0]!r}, wanted load, network, disk")
    if not all(isinstance(each, int | float) and 0 <= each < float("inf") for each in weights.values()):
        raise UsageError(f"show_candidates: found {weights}, wanted weights from 0 on")
    by = Weights(**{what: weights.get(what, 0.0) for what, _ in WHAT}) if weights else None
    return Candidates(get_candidates(seed), by)


# -- one machine, for uploads --------------------------------------------------------------------------------


@cache
def get_readings(seed: int) -> tuple[Reading, Reading]:
    """Counters of a machine at two moments; whole packets a second, another number for each counter."""
    random = CounterRandom(get_key(seed, "lesson 9", "upload"))
    cores = random.choice((2, 4, 8))
    load = cores * (100 + 50 * random.below(6))  # thousandths: so much for each core
    rates = random.sample(range(100, 1_000, 10), 4)
    since = [random.below(10**6) * 5_000 for _ in rates]
    before = Reading(0, load, cores, *since)
    moved = [old + rate * PACKET * SPAN for old, rate in zip(since, rates, strict=True)]
    return before, Reading(SPAN * SECOND, load, cores, *moved)


def show_counters(seed: int) -> str:
    """Both readings as a table."""
    before, after = get_readings(seed)
    rows = [f"{'seconds':>24} {0:>16,} {SPAN:>16,}"]
    rows += [f"{'load, tasks':>24} {before.load / THOUSAND:>16} {after.load / THOUSAND:>16}"]
    rows += [f"{'processor cores':>24} {before.cores:>16} {after.cores:>16}"]
    for name in ("sent", "received", "read", "written"):
        old, new = getattr(before, name), getattr(after, name)
        rows.append(f"{f'bytes {name}':>24} {old:>16,} {new:>16,}")
    return "\n".join(rows)


def get_upload_quality(seed: int) -> float:
    """Q for somebody who wants to bring this machine something."""
    return round(compute_quality(get_fair_attributes(*get_readings(seed), UPLOAD)), 3)


def count_quality(
    seed: int, counters: Sequence[str], *, is_for_each_core: bool = True, size: int = PACKET
) -> float:
    """Q of some counters by hand: exact fractions, then rounded."""
    before, after = get_readings(seed)
    tasks = Fraction(after.load, THOUSAND) / (after.cores if is_for_each_core else 1)
    moved = sum(getattr(after, name) - getattr(before, name) for name in counters)
    total = 2 * tasks + Fraction(moved, size * SPAN) / 1_000
    return round(float(total), 3)
