"""Four ways to choose among offers: rows by hand, shares by counting, and what is refused."""

from collections import Counter
from math import inf, nan

import pytest

from blockchain_lab.base.draws import draw
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Address
from blockchain_lab.overlay.choosing import CHOICES, Offer, choose, get_weight

DRAWS = 20_000


def offers(*metrics: float) -> list[Offer]:
    """From different peers."""
    return [Offer(Address("10.0.0.1", place), metric) for place, metric in enumerate(metrics)]


def pick(way: str, *metrics: float, bits: int = 0) -> int:
    """The place of the one that was chosen."""
    return choose(way, offers(*metrics), bits).provider.port


def count(way: str, *metrics: float) -> list[float]:
    """How often each is chosen, as shares of many draws."""
    found = Counter(pick(way, *metrics, bits=draw(7, number)) for number in range(DRAWS))
    return [found[place] / DRAWS for place in range(len(metrics))]


@pytest.mark.parametrize(
    ("metrics", "first", "minimum"),
    [
        ((0.7,), 0, 0),
        ((0.4, 0.1), 0, 1),  # below 0.5: nobody looks any further
        ((0.6, 0.49, 0.1), 1, 2),
        ((0.6, 0.5, 0.1), 2, 2),  # 0.5 is not below it; 0.1 is
        ((9.0, 5_000_000.0, 2.5, 2.5), 2, 2),  # nobody is idle; of equals the earlier one
        ((0.0, 0.0), 0, 0),
    ],
)
def test_first_is_not_lowest(metrics: tuple[float, ...], first: int, minimum: int) -> None:
    """Pyrsia's blog says "the lowest number", its code takes the first below 0.5. No luck in either."""
    for bits in (0, draw(1, 2), (1 << 64) - 1):
        assert first == pick("first", *metrics, bits=bits)
        assert minimum == pick("minimum", *metrics, bits=bits)


def test_two_choices_never_take_the_worst() -> None:
    """Of n, the one with rank r (0 the best) is the lower of two with chance 2 (n - 1 - r) / (n (n - 1))."""
    assert pytest.approx([0.4, 0.3, 0.2, 0.1, 0.0], abs=0.015) == count("two", 0.1, 0.2, 0.3, 0.4, 0.5)


def test_weights_are_one_over_one_plus_q() -> None:
    """0, 1 and 9: in the ratio 10 to 5 to 1; and a machine at 5,000,000 is not wholly out of the question."""
    assert pytest.approx([10 / 16, 5 / 16, 1 / 16], abs=0.015) == count("weighted", 0.0, 1.0, 9.0)
    assert get_weight(0.0) > get_weight(5e6) >= get_weight(1e300) > 0


def test_equal_offers_are_equally_likely() -> None:
    """Where chance decides."""
    for way in ("two", "weighted"):
        assert pytest.approx([0.25] * 4, abs=0.015) == count(way, 3.0, 3.0, 3.0, 3.0)


@pytest.mark.parametrize("way", CHOICES)
def test_what_cannot_be_chosen(way: str) -> None:
    """Nobody, and whoever says what is no metric: it never decides an order."""
    with pytest.raises(UsageError, match="there is nobody"):
        choose(way, [], 0)
    for metric, reason in {nan: "not a number", -inf: "infinite", -0.1: "negative"}.items():
        with pytest.raises(UsageError, match=f"10.0.0.1:1: its metric is {reason}"):
            choose(way, offers(0.5, metric), 0)
    with pytest.raises(UsageError, match="accepted: first, minimum, two, weighted"):
        choose("best", offers(0.5), 0)
