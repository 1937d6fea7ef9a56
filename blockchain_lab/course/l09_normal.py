"""Lesson 9, a Q whose units do not matter: the learner's function, two references, and what goes wrong."""

from collections.abc import Sequence
from typing import Final

Numbers = Sequence[int]

CASES: Final[tuple[tuple[list[int], list[int], list[int]], ...]] = (
    ([2, 500, 250], [4, 1_000, 1_000], [1, 1, 1]),
    ([2, 750_000, 375_000], [4, 1_500_000, 1_500_000], [1, 1, 1]),  # the same machine, in bytes
    ([3, 100, 900], [8, 1_000, 1_000], [3, 2, 1]),
    ([0, 0, 0], [4, 1_000, 1_000], [5, 5, 5]),
    ([1, 999, 1], [3, 1_000, 7], [2, 1, 4]),
    ([4, 0, 80], [4, 100, 100], [1, 9, 2]),
)


def quality(attributes: list[int], full: list[int], weights: list[int]) -> int:
    """Each attribute as per cent of what the machine can do at most, times its weight, all added up."""
    total = 0
    for attribute, most, weight in zip(attributes, full, weights, strict=True):
        total += weight * (100 * attribute // most)
    return total


def quality_by_shares(attributes: Numbers, full: Numbers, weights: Numbers) -> int:
    """The same."""
    shares = [int(100 * amount / most) for amount, most in zip(attributes, full, strict=True)]
    return sum(map(int.__mul__, shares, weights))


def leave_units(attributes: Numbers, full: Numbers, weights: Numbers) -> int:
    """A mistake: tasks and packets are added as they come."""
    return sum(amount * weight for amount, weight in zip(attributes, weights, strict=True))


def forget_weights(attributes: Numbers, full: Numbers, weights: Numbers) -> int:
    """A mistake: every share counts the same."""
    return sum(100 * amount // most for amount, most in zip(attributes, full, strict=True))


def divide_sums(attributes: Numbers, full: Numbers, weights: Numbers) -> int:
    """A mistake: normalised when all is added up already."""
    return 100 * leave_units(attributes, full, weights) // leave_units(full, full, weights)


def divide_first(attributes: Numbers, full: Numbers, weights: Numbers) -> int:
    """A mistake: a whole division of a part by the whole is nearly always 0."""
    return sum(
        weight * 100 * (amount // most)
        for amount, most, weight in zip(attributes, full, weights, strict=True)
    )


def take_largest(attributes: Numbers, full: Numbers, weights: Numbers) -> int:
    """A mistake: only the busiest part of the machine counts."""
    return max(
        weight * (100 * amount // most)
        for amount, most, weight in zip(attributes, full, weights, strict=True)
    )
