"""Who mines, and with how much power: pools at a few peers, or everybody a little."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np

from blockchain_lab.base.draws import get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.keyed_arrays import shuffle_all, to_normal_all
from blockchain_lab.scale.network import Numbers


class Pool(NamedTuple):
    """One miner, or many who work as one."""

    weight: int  # in the lottery; only the ratio to the others' counts
    region: str = ""  # where it stands; "": anywhere


EVERYBODY: Final = "everybody"  # SimBlock: each peer mines, N(400,000, 100,000) hashes per millisecond
SIMBLOCK_MEAN: Final = 400_000
SIMBLOCK_DEVIATION: Final = 100_000

# Thousandths, as they stand there; rounding makes their sum 1,001. A. Gervais and others, "On the security
# and performance of proof of work blockchains" (2016), Bitcoin-Simulator, `bitcoin-test.cc`.
GERVAIS_2016: Final = (
    Pool(289, "asia pacific"),
    Pool(196, "asia pacific"),
    Pool(159, "asia pacific"),
    Pool(133, "north america"),
    Pool(66, "asia pacific"),
    Pool(54, "north america"),
    Pool(29, "europe"),
    Pool(16, "europe"),
    Pool(12, "north america"),
    Pool(12, "north america"),
    Pool(12, "north america"),
    Pool(9, "europe"),
    Pool(5, "north america"),
    Pool(5, "north america"),
    Pool(2, "north america"),
    Pool(2, "north america"),
)
EQUAL: Final = 10  # pools, as many as in G. Andresen's simulation of mining

POOLS: Final = MappingProxyType({"2016": GERVAIS_2016, "equal": (Pool(1),) * EQUAL})


def get_pools(name: str) -> tuple[Pool, ...]:
    """A named table. UsageError when nobody knows it."""
    if name not in POOLS:
        raise UsageError(f"pools: found {name!r}, wanted one of {', '.join(POOLS)}, {EVERYBODY}")
    return POOLS[name]


def get_equal_pools(count: int) -> tuple[Pool, ...]:
    """`count` pools, none stronger than another."""
    if count < 1:
        raise UsageError(f"pools: found {count}, wanted at least 1")
    return (Pool(1),) * count


def spread_power(pools: Sequence[Pool] | str, region: Numbers, regions: Sequence[str], seed: int) -> Numbers:
    """[peers] weight in the lottery. Each pool mines at one peer, drawn from those of its region.

    A region without peers counts as anywhere. Two pools meet at one peer only where there are fewer peers
    than pools. UsageError when all power is zero or some is negative.
    """
    peers = len(region)
    if pools == EVERYBODY:
        key = get_key(seed, "power")
        return np.maximum(to_normal_all(key, peers, SIMBLOCK_MEAN, SIMBLOCK_DEVIATION), 1)
    table = get_pools(pools) if isinstance(pools, str) else tuple(pools)
    check_pools(table)
    power = np.zeros(peers, dtype=np.int64)
    order = shuffle_all(get_key(seed, "pools"), peers)
    for pool in table:
        there = order[region[order] == regions.index(pool.region)] if pool.region in regions else order[:0]
        free = [*there[power[there] == 0][:1], *order[power[order] == 0][:1], *order[:1]]
        power[free[0]] += pool.weight
    return power


def check_pools(pools: Sequence[Pool]) -> None:
    """UsageError for a negative weight, and where nobody mines."""
    weights = [pool.weight for pool in pools]
    if min(weights, default=0) < 0 or sum(weights) <= 0:
        raise UsageError(f"pools: found weights {weights}, wanted none below 0, and at least one above")
