"""Lesson 11, the sums: tries, waits, the retarget, the subsidy, each by the engine and by hand."""

from dataclasses import dataclass
from fractions import Fraction
from math import exp
from typing import Any, Final

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.bitcoin.params import COIN, NETWORKS
from blockchain_lab.bitcoin.rules_spending import compute_subsidy
from blockchain_lab.chain.work import (
    NUMBER_OF_HASHES,
    RETARGET_INTERVAL,
    TARGET_SPACING,
    TARGET_TIMESPAN,
    bits_to_target,
    next_bits,
    work,
)
from blockchain_lab.course.l11_chain import get_limit, make_chain
from blockchain_lab.course.l11_first import JANUARY_2022
from blockchain_lab.course.sorting import Sorting

ASKED_ZEROS: Final = 5
SPACING: Final = TARGET_SPACING // 60  # minutes
LONG_WAIT: Final = 30  # minutes
WAITED: Final = 20  # minutes, in vain
DAY: Final = 24 * 60 * 60  # seconds
FASTER: Final = 10  # times the hash power
HEIGHTS: Final = {  # as the question names them
    "0 (January 2009)": 0,
    "209,999 (November 2012)": 209_999,
    "210,000 (November 2012)": 210_000,
    "717,696 (January 2022)": 717_696,
}
AMOUNTS: Final = ("50", "25", "12.5", "6.25", "3.125")


# -- tries ---------------------------------------------------------------------------------------------------


def count_expected(seed: int) -> int:
    """All hashes there are, over those that begin with five zeros."""
    return NUMBER_OF_HASHES // (get_limit(ASKED_ZEROS) + 1)


def multiply_digits(seed: int) -> int:
    """One digit of 16 must be a zero, five times."""
    return 16**ASKED_ZEROS


def find_cheap_check(seed: int) -> str:
    """The option that fits: how many hashes does it take to seal a block, how many to check it?"""
    chain = make_chain()
    sought = sum(nonce + 1 for nonce in chain.nonces)
    return "a" if sought > 1_000 * len(chain.nonces) and chain.is_sealed(1) else "c"


def compare_work(seed: int) -> str:
    """The same of January 2022: so many hashes for who seeks, one double hash for who checks."""
    header = JANUARY_2022
    is_one_enough = int.from_bytes(header.hash(), "little") <= bits_to_target(header.bits)
    return "a" if is_one_enough and work(header.bits) > 1_000 else "c"


# -- waiting -------------------------------------------------------------------------------------------------


def get_chance_of_wait(seed: int) -> float:
    """No block in 30 minutes, one in ten on average: the formula of memoryless waiting."""
    return exp(-LONG_WAIT / SPACING)


def multiply_failures(seed: int) -> float:
    """The same by tries: each of 3 x 2**20 fails, if 2**20 of them take ten minutes."""
    tries = 1 << 20
    return (1 - 1 / tries) ** (tries * LONG_WAIT // SPACING)


def get_rest(seed: int) -> int:
    """Minutes still to wait on average, after 20 in vain: as many as ever."""
    return SPACING


def measure_rest(seed: int) -> int:
    """The same from 20,000 drawn waits: of those over 20 minutes, the mean of what came after, rounded."""
    random = CounterRandom(get_key("lesson 11", "waits"))
    waits = [random.exponential(SPACING * 60_000) / 60_000 for _ in range(20_000)]
    late = [wait - WAITED for wait in waits if wait > WAITED]
    return round(sum(late) / len(late))


# -- the retarget --------------------------------------------------------------------------------------------


def get_days_when_doubled(seed: int) -> int:
    """2,016 blocks, each in half of its time."""
    return RETARGET_INTERVAL * TARGET_SPACING // 2 // DAY


def find_days_by_target(seed: int) -> int:
    """The same the other way round: after how many days does the rule halve the target?"""
    target = bits_to_target(JANUARY_2022.bits)
    return min(
        range(1, 15),
        key=lambda days: abs(bits_to_target(next_bits(0, days * DAY, JANUARY_2022.bits)) * 2 - target),
    )


def get_minutes_after_clamp(seed: int) -> float:
    """Ten times the power, but the rule makes it only four times as hard."""
    taken = TARGET_TIMESPAN // FASTER
    harder = Fraction(work(next_bits(0, taken, JANUARY_2022.bits)), work(JANUARY_2022.bits))
    return round(float(SPACING * harder / FASTER), 3)


def divide_after_clamp(seed: int) -> float:
    """The same by hand."""
    return SPACING / FASTER * min(FASTER, 4)


# -- the subsidy ---------------------------------------------------------------------------------------------


def list_subsidies(seed: int) -> dict[str, str]:
    """By the rule of the engine."""
    return {
        name: f"{compute_subsidy(height, NETWORKS['mainnet']) / COIN:g}" for name, height in HEIGHTS.items()
    }


def halve_subsidies(seed: int) -> dict[str, str]:
    """By halving 50 as often as 210,000 blocks have passed."""
    amounts = {}
    for name, height in HEIGHTS.items():
        amount, left = 50.0, height
        while left >= 210_000:
            left, amount = left - 210_000, amount / 2
        amounts[name] = f"{amount:g}"
    return amounts


@dataclass(frozen=True, kw_only=True)
class Amounts(Sorting):
    """Sorting into amounts of money, which may be written as numbers."""

    def _read_group(self, item: str, group: Any) -> str:
        is_number = isinstance(group, int | float) and not isinstance(group, bool)
        return super()._read_group(item, f"{group:g}" if is_number else group)
