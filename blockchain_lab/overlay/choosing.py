"""Whom to ask, of those who have it? Four ways to choose, as pure functions of offers and one draw.

    first     the first that is below a threshold; else the lowest       Pyrsia's code: 0.5
    minimum   the lowest                                                 Pyrsia's blog
    two       two by chance, the lower of them                           Mitzenmacher 2001
    weighted  by chance, a busier one the less often                     ours

A metric is old when it is read: whoever asked at the same time has read the same. So all who take the lowest
take the same one, and it is the busiest from then on ("herd behaviour"). Of two by chance, nobody is chosen
by all. With n requests and n peers the fullest gets about ln n / ln ln n of them by pure chance, and
ln ln n / ln 2 by the lower of two, if what they say is fresh.

Sources: Pyrsia, `src/network/client.rs`, get_idle_peer; Mitzenmacher, "The Power of Two Choices in Randomized
Load Balancing" (IEEE TPDS 2001); Mitzenmacher, "How Useful Is Old Information?" (IEEE TPDS 2000).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from blockchain_lab.base.draws import draw, to_below
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Address
from blockchain_lab.overlay.metric import find_problem, metric_to_bits

IDLE_BELOW: Final = 0.5  # client.rs: the first answer below it wins
UNIT: Final = 1_000  # a metric counts in thousandths where chances are made of it
SCALE: Final = 1 << 48  # of a weight: large, so that whole numbers lose nothing that matters
MOST_COUNTED: Final = 1e9  # a busier peer is as unlikely as this one


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody who has it, and how busy it says it is."""

    provider: Address
    metric: float

    @property
    def order(self) -> int:
        """Where it stands: the lower, the better. A whole number, so every two can be compared."""
        return metric_to_bits(self.metric)


class Choose(Protocol):
    """One way to choose."""

    def __call__(self, offers: Sequence[Offer], bits: int) -> Offer:
        """One of the offers, which stand in the order in which they came; `bits`: 64 random ones."""


def choose_first(offers: Sequence[Offer], bits: int) -> Offer:
    """The first that is idle; the lowest when nobody is. No chance in it."""
    idle = [offer for offer in offers if is_idle(offer)]
    return idle[0] if idle else choose_minimum(offers, bits)


def choose_minimum(offers: Sequence[Offer], bits: int) -> Offer:
    """The lowest; of equals the one that came first. No chance in it."""
    return min(offers, key=lambda offer: offer.order)


def choose_two(offers: Sequence[Offer], bits: int) -> Offer:
    """The lower of two different ones."""
    first = to_below(bits, len(offers))
    if len(offers) == 1:
        return offers[0]
    second = to_below(draw(bits, 2), len(offers) - 1)
    second += second >= first
    return choose_minimum([offers[first], offers[second]], bits)  # of equals the one drawn first


def choose_weighted(offers: Sequence[Offer], bits: int) -> Offer:
    """By chance: one that is at 1 is chosen half as often as one at 0, one at 9 a tenth as often."""
    weights = [get_weight(offer.metric) for offer in offers]
    place = to_below(bits, sum(weights))
    for offer, weight in zip(offers, weights, strict=True):
        place -= weight
        if place < 0:
            return offer
    raise AssertionError("a place below the sum lies in one of its parts")


def get_weight(metric: float) -> int:
    """Proportional to 1 / (1 + Q), in whole numbers."""
    return SCALE // (UNIT + int(min(metric, MOST_COUNTED) * UNIT))


def is_idle(offer: Offer) -> bool:
    """Below the threshold: nobody else need be asked."""
    return offer.metric < IDLE_BELOW


FIRST: Final = "first"
CHOICES: Final[Mapping[str, Choose]] = MappingProxyType(
    {FIRST: choose_first, "minimum": choose_minimum, "two": choose_two, "weighted": choose_weighted}
)


def choose(way: str, offers: Sequence[Offer], bits: int) -> Offer:
    """One of the offers. UsageError for none, for a way that there is not, for an offer that is no metric."""
    if way not in CHOICES:
        raise UsageError(f"a way to choose: found {way!r}, accepted: {', '.join(CHOICES)}")
    if not offers:
        raise UsageError("there is nobody to choose")
    for offer in offers:
        if problem := find_problem(offer.metric):
            raise UsageError(f"{offer.provider.ip}:{offer.provider.port}: its metric is {problem}")
    return CHOICES[way](offers, bits)
