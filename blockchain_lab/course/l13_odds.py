"""Lesson 13, the sums: work of a branch, the chance to catch up, the selfish pool, the eclipsed shop."""

from collections.abc import Callable
from fractions import Fraction
from math import exp, factorial
from typing import Final

from blockchain_lab.chain.races import compute_success_as_nakamoto
from blockchain_lab.chain.selfish_mining import compute_revenue, compute_threshold
from blockchain_lab.chain.work import (
    MAINNET_LIMIT,
    TARGET_SPACING,
    bits_to_target,
    target_to_bits,
    work,
)

Compute = Callable[[int], float]

LIGHT: Final = (3, 10)  # blocks, and the difficulty of each
HEAVY: Final = (2, 16)
ECLIPSER: Final = Fraction(3, 10)  # its share of the hash power
WAITED_FOR: Final = 6


# -- total work ----------------------------------------------------------------------------------------------


def get_difficulty(count: int, difficulty: int) -> float:
    """The work of so many blocks, in blocks of difficulty 1, by their compact bits."""
    bits = target_to_bits(bits_to_target(MAINNET_LIMIT) // difficulty)
    return count * work(bits) / work(MAINNET_LIMIT)


def get_followed_work(seed: int) -> int:
    """Of the branch that a node follows."""
    return round(max(get_difficulty(*LIGHT), get_difficulty(*HEAVY)))


def multiply_followed_work(seed: int) -> int:
    """The same with difficulties alone."""
    return max(count * difficulty for count, difficulty in (LIGHT, HEAVY))


Branches = list[list[int]]


def strongest(branches: list[list[int]]) -> int:
    """The number of the branch with most work, from 0 on; of equals the first."""
    best = 0
    for number, branch in enumerate(branches):
        if sum(branch) > sum(branches[best]):
            best = number
    return best


def strongest_by_sorting(branches: Branches) -> int:
    """The same."""
    return max(range(len(branches)), key=lambda number: (sum(branches[number]), -number))


def take_longest(branches: Branches) -> int:
    """A mistake: blocks are counted."""
    return max(range(len(branches)), key=lambda number: (len(branches[number]), -number))


def take_last_of_equals(branches: Branches) -> int:
    """A mistake: a tie goes to the newcomer."""
    return max(range(len(branches)), key=lambda number: (sum(branches[number]), number))


def take_heaviest_block(branches: Branches) -> int:
    """A mistake: one block decides."""
    return max(range(len(branches)), key=lambda number: (max(branches[number]), -number))


def return_work(branches: Branches) -> int:
    """A mistake: the work, not whose it is."""
    return max(sum(branch) for branch in branches)


def return_branch(branches: Branches) -> list[int]:
    """A mistake: the branch itself."""
    return branches[strongest(branches)]


# -- catching up ---------------------------------------------------------------------------------------------


def sum_like_the_paper(share: float, confirmations: int) -> float:
    """Section 11 of the Bitcoin paper, as it stands there."""
    ratio = share / (1 - share)
    mean = confirmations * ratio
    behind = sum(
        exp(-mean) * mean**found / factorial(found) * (1 - ratio ** (confirmations - found))
        for found in range(confirmations + 1)
    )
    return 1 - behind


def by_engine(share: float, confirmations: int) -> Compute:
    """As the engine has it, for a question."""
    return lambda seed: compute_success_as_nakamoto(share, confirmations)


def by_paper(share: float, confirmations: int) -> Compute:
    """As the paper has it, for a question."""
    return lambda seed: sum_like_the_paper(share, confirmations)


# -- a selfish pool ------------------------------------------------------------------------------------------


def get_threshold(gamma: float, seed: int) -> float:
    """By the paper's formula."""
    return compute_threshold(gamma)


def search_threshold(gamma: float, seed: int) -> float:
    """The same by halving: where does the revenue become more than the share?"""
    low, high = 0.01, 0.49
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if compute_revenue(middle, gamma) > middle else (middle, high)
    return high


# -- an eclipsed shop ----------------------------------------------------------------------------------------


def get_eclipsed_minutes(seed: int) -> float:
    """Until somebody with a part of the power has found six blocks alone."""
    return float(WAITED_FOR * TARGET_SPACING / ECLIPSER / 60)


def multiply_hashes(seed: int) -> float:
    """The same by hashes: what a block of difficulty 1 costs, at the rate that is left."""
    cost = work(MAINNET_LIMIT)
    rate = Fraction(cost, TARGET_SPACING) * ECLIPSER  # hashes a second
    return float(WAITED_FOR * cost / rate / 60)
