"""Lesson 9, chance against the herd: how many come to the busiest, when what they read is fresh, and old.

Requests come one after another. The numbers are read anew after every so many of them (`age`): with 1 each
sees all who came before it, with 20 nobody sees anybody. Whoever waits counts as a task, as in the story.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import factorial, prod
from typing import Final

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Address
from blockchain_lab.course.l04_plots import write_rule, write_svg, write_text
from blockchain_lab.course.l07_race import LINES
from blockchain_lab.course.l09_herd import MINIMUM, REQUESTERS, TWO, WAYS, WEIGHTED, get_metrics
from blockchain_lab.course.l13_plots import write_line
from blockchain_lab.overlay.choosing import Offer, choose, get_weight
from blockchain_lab.overlay.metric import PYRSIA

AGES: Final = (1, 2, 4, 7, 10, 20)
MOST_ROUNDS: Final = 20_000
DRAWN: Final = 200  # rounds for each point of the picture
WORDS: Final = {MINIMUM: "the lowest", TWO: "the lower of two", WEIGHTED: "by chance, weighted"}
LEFT: Final = 60
RIGHT: Final = 560
TOP: Final = 20
BOTTOM: Final = 250
HEIGHT: Final = 300


# -- by playing ----------------------------------------------------------------------------------------------


def count_busiest(way: str, age: int, seed: int, rounds: int = 1_000) -> float:
    """Requests at the busiest of the five when twenty choose in this way, on average. UsageError."""
    if way not in WAYS:
        raise UsageError(f"count_busiest: found way {way!r}, wanted one of {', '.join(WAYS)}")
    for what, number, most in (("age", age, REQUESTERS), ("rounds", rounds, MOST_ROUNDS)):
        if type(number) is not int or not 1 <= number <= most:
            raise UsageError(f"count_busiest: found {what} {number!r}, wanted 1 to {most}")
    random = CounterRandom(get_key(seed, "lesson 9", way, age))
    return sum(max(play_round(way, age, random)) for _ in range(rounds)) / rounds


def play_round(way: str, age: int, random: CounterRandom) -> list[int]:
    """How many come to each of the five."""
    base = list(get_metrics().values())
    places = [Address(name, place) for place, name in enumerate(get_metrics())]
    came = [0] * len(base)
    offers: Sequence[Offer] = ()
    for number in range(REQUESTERS):
        if number % age == 0:
            metrics = (own + PYRSIA.load * waiting for own, waiting in zip(base, came, strict=True))
            offers = [Offer(place, metric) for place, metric in zip(places, metrics, strict=True)]
        came[choose(way, offers, random.bits()).provider.port] += 1
    return came


# -- by counting ---------------------------------------------------------------------------------------------


@cache
def get_chances(way: str) -> tuple[float, ...]:
    """With which chance each of the five is chosen by somebody who reads the story's numbers."""
    metrics = list(get_metrics().values())
    count, ranks = len(metrics), [sorted(metrics).index(each) for each in metrics]
    if way == MINIMUM:
        return tuple(float(rank == 0) for rank in ranks)
    if way == TWO:  # of all pairs, in so many this one is the lower
        return tuple(2 * (count - 1 - rank) / (count * (count - 1)) for rank in ranks)
    weights = [get_weight(each) for each in metrics]
    return tuple(weight / sum(weights) for weight in weights)


@cache
def compute_busiest(way: str) -> float:
    """Requests at the busiest on average when all twenty read the same: over all ways to divide twenty."""
    chances = get_chances(way)
    return sum(
        max(came)
        * factorial(REQUESTERS)
        * prod(chance**count / factorial(count) for chance, count in zip(chances, came, strict=True))
        for came in divide(REQUESTERS, len(chances))
    )


def divide(count: int, parts: int) -> Iterator[tuple[int, ...]]:
    """All ways to put so many requests before so many peers."""
    if parts == 1:
        yield (count,)
        return
    for first in range(count + 1):
        for rest in divide(count - first, parts - 1):
            yield (first, *rest)


def get_busiest_of_two(seed: int) -> float:
    """By the lower of two, from old numbers: what is to be expected."""
    return round(compute_busiest(TWO), 2)


def play_busiest_of_two(seed: int) -> float:
    """The same by playing it with the learner's luck."""
    return round(count_busiest(TWO, REQUESTERS, seed, 1_500), 2)


def order_ways(seed: int) -> list[str]:
    """From the way whose busiest has least to do to the one whose busiest has most, from old numbers."""
    return sorted(WAYS, key=compute_busiest)


def play_ways(seed: int) -> list[str]:
    """The same by playing."""
    return sorted(WAYS, key=lambda way: count_busiest(way, REQUESTERS, seed, 300))


# -- the picture ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ageing:
    """For each way: age -> requests at the busiest."""

    curves: dict[str, dict[int, float]]

    def __repr__(self) -> str:
        """A table."""
        rows = [f"{'requests that read the same':28}" + "".join(f"{age:7}" for age in AGES)]
        for way, points in self.curves.items():
            rows.append(f"{WORDS[way]:28}" + "".join(f"{points[age]:7.2f}" for age in AGES))
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        """A curve for each way over the age of what was read; names stand at their ends."""

        def place(age: float, busiest: float) -> tuple[float, float]:
            span = REQUESTERS - 1
            across = LEFT + (RIGHT - LEFT) * (age - 1) / span
            return across, BOTTOM - (BOTTOM - TOP) * busiest / REQUESTERS

        parts = [write_rule(f"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}")]
        for busiest in range(0, REQUESTERS + 1, 4):
            y = place(1, busiest)[1]
            parts += [write_text(LEFT - 8, y + 5, busiest, "end"), write_rule(f"M{LEFT} {y}H{RIGHT}", 0.15)]
        parts += [write_text(place(age, 0)[0], BOTTOM + 18, age) for age in AGES]
        for number, points in enumerate(self.curves.values()):
            spots = [place(age, points[age]) for age in AGES]
            colour = LINES[number][0]
            parts.append(write_line(spots, number))
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>' for x, y in spots]
        ends = sorted(((points[AGES[-1]], way) for way, points in self.curves.items()), reverse=True)
        lowest = TOP - 30.0
        for last, way in ends:
            lowest = max(place(1, last)[1] + 5, lowest + 22)  # two names never stand on each other
            shown = f"{WORDS[way]}: {last:.1f}"
            parts.append(write_text(RIGHT + 14, lowest, shown, "start", font_weight="600"))
        words = "requests that read the same numbers, of twenty; upwards: requests at the busiest"
        parts.append(write_text((LEFT + RIGHT) / 2, HEIGHT - 10, words))
        return write_svg(HEIGHT, f"Old numbers.\n{self!r}", parts)


@cache
def draw_ageing(seed: int) -> Ageing:
    """All ways at all ages, played with the learner's luck."""
    return Ageing({way: {age: count_busiest(way, age, seed, DRAWN) for age in AGES} for way in WAYS})
