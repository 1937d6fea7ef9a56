"""Keyed draws for whole columns: what `base.draws` gives for one thing, at once for a hundred thousand.

The same bits as `base.draws` for the same ids (a test compares them), whole numbers only, so a network is
the same on every machine. Here too a draw is named by what it is for: a peer's luck does not depend on how
many peers there are.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from blockchain_lab.base.draws import MILLION
from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.network import Numbers

Bits = NDArray[np.uint64]

GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)  # the three numbers of splitmix64, as in `base.draws`
FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
SECOND: Final = np.uint64(0x94D049BB133111EB)
LOW_32: Final = np.uint64(0xFFFFFFFF)

# Quantiles of a lognormal law with mu = 0 and sigma = 0.2, at 0/64, 1/64 .. 64/64, in parts per million;
# the two ends, which would be 0 and infinite, are those at 1/512 and 511/512.
LOGNORMAL: Final = np.array([
    561_509, 650_005, 688_978, 715_204, 735_780, 753_098, 768_279, 781_944, 794_478, 806_136, 817_097,
    827_492, 837_420, 846_960, 856_172, 865_106, 873_805, 882_303, 890_630, 898_812, 906_871, 914_828,
    922_701, 930_507, 938_260, 945_976, 953_667, 961_347, 969_028, 976_721, 984_440, 992_195, 1_000_000,
    1_007_866, 1_015_806, 1_023_834, 1_031_962, 1_040_207, 1_048_584, 1_057_109, 1_065_802, 1_074_683,
    1_083_775, 1_093_102, 1_102_693, 1_112_580, 1_122_801, 1_133_398, 1_144_420, 1_155_927, 1_167_990,
    1_180_694, 1_194_144, 1_208_472, 1_223_846, 1_240_486, 1_258_688, 1_278_863, 1_301_610, 1_327_848,
    1_359_102, 1_398_203, 1_451_426, 1_538_449, 1_780_914,
], dtype=np.int64)  # fmt: skip


def mix_all(x: Bits) -> Bits:
    """One step of splitmix64 for each; `base.draws.mix`."""
    x = x + GOLDEN  # arrays of whole numbers overflow silently, which is what the mixer wants
    x = (x ^ (x >> np.uint64(30))) * FIRST
    x = (x ^ (x >> np.uint64(27))) * SECOND
    return x ^ (x >> np.uint64(31))


def draw_all(key: int, *ids: Any) -> Bits:
    """64 random bits for each row of ids: `base.draws.draw`. An id is a column, or one for all rows."""
    bits = np.atleast_1d(np.asarray(key, dtype=np.uint64))
    for part in ids:
        bits = mix_all(bits ^ np.asarray(part).astype(np.uint64))
    return bits


def to_below_all(bits: Bits, n: int | Numbers) -> Numbers:
    """Each to 0 .. n - 1, evenly, for n up to 2**32: `base.draws.to_below`, in two halves of 32 bits.

    `n` is one for all, or a column.
    """
    number = np.asarray(n).astype(np.uint64)
    high, low = bits >> np.uint64(32), bits & LOW_32
    return ((high * number + ((low * number) >> np.uint64(32))) >> np.uint64(32)).astype(np.int64)


def to_lognormal_all(bits: Bits) -> Numbers:
    """Each to a factor of median 1 and sigma 0.2, in parts per million; cut at 1/512 and 511/512."""
    row = (bits >> np.uint64(58)).astype(np.int64)
    rest = ((bits >> np.uint64(26)) & LOW_32).astype(np.int64)
    return LOGNORMAL[row] + ((LOGNORMAL[row + 1] - LOGNORMAL[row]) * rest >> 32)


def to_normal_all(key: int, count: int, mean: int, deviation: int) -> Numbers:
    """Whole numbers that are nearly normal: twelve even draws each, added, which have variance 1."""
    rows = np.arange(count)
    total = np.zeros(count, dtype=np.int64)
    for nth in range(12):
        total += to_below_all(draw_all(key, rows, nth), MILLION)
    return mean + (total - 6 * MILLION) * deviation // MILLION


def shuffle_all(key: int, count: int) -> Numbers:
    """0 .. count - 1 in random order; O(count log count)."""
    return np.argsort(draw_all(key, np.arange(count)), kind="stable")


def get_quotas(weights: Sequence[int], count: int) -> list[int]:
    """`count` things by weight, in whole numbers: rounded down, then one more for the largest remainders.

    A tie goes to the earlier one. UsageError when a weight is negative or all are 0.
    """
    total = sum(weights)
    if min(weights, default=0) < 0 or total <= 0:
        raise UsageError(f"weights: found {list(weights)}, wanted none below 0, and at least one above")
    quotas = [count * weight // total for weight in weights]
    remainders = [count * weight % total for weight in weights]
    neediest = sorted(range(len(weights)), key=lambda place: (-remainders[place], place))
    for place in neediest[: count - sum(quotas)]:
        quotas[place] += 1
    return quotas


def share_out(key: int, weights: Sequence[int], count: int) -> Numbers:
    """For each of `count` peers a place in `weights`: exact quotas, dealt out in random order."""
    places = np.repeat(np.arange(len(weights)), get_quotas(weights, count))
    dealt = np.empty(count, dtype=np.int64)
    dealt[shuffle_all(key, count)] = places
    return dealt
