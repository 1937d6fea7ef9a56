"""What is read off the columns of a run: delays, percentiles, curves, the chain that won.

Pure functions of arrays, so that a run that is not finished can be measured too. No plan and no network
comes in here; the methods of `Propagation` hand over their columns.

A *delay* is from the moment when a block was found until a peer has it, in microseconds; its miner's is 0.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.network import Numbers

NEVER: Final = -1  # a peer that no block reached
BEFORE: Final = -1  # the block that everybody stood on when the run began


class Curve(NamedTuple):
    """How a block spreads: at `times[i]` microseconds after it was found, `shares[i]` of all have it."""

    times: Numbers
    shares: NDArray[np.float64]


def compute_delays(found_at: Numbers, arrival: Numbers) -> Any:
    """A masked array [blocks, peers]; masked where a block never came. O(blocks x peers)."""
    return np.ma.masked_where(arrival == NEVER, arrival - found_at[:, None])


def compute_percentiles(delays: Any, percent: float) -> Any:
    """For each block, how long until so many percent of all peers had it; masked where it never was so many.

    Counted like this: the k-th shortest delay, k the least whole number of peers that are so many percent.
    The miner is one of them. O(blocks x peers). UsageError unless it is over 0 and at most 100.
    """
    if not 0 < percent <= 100:
        raise UsageError(f"percent: found {percent}, wanted more than 0 and at most 100")
    peers = delays.shape[1]
    place = int(np.ceil(peers * percent / 100)) - 1
    far = np.iinfo(np.int64).max
    chosen = np.partition(delays.filled(far), place, axis=1)[:, place]
    return np.ma.masked_where(chosen == far, chosen)


def compute_curve(delays: Any, weights: Numbers, points: int) -> Curve:
    """The mean over all blocks of the share that has it, at no more than `points` moments.

    weights: of each peer, ones or its hash power. Each point is exact: the share at that moment. The last
    one is less than 1 where blocks did not reach everybody. O(n log n) for n delays.
    """
    reached = ~np.ma.getmaskarray(delays)
    if points < 2 or not reached.any() or not weights.any():
        raise UsageError(
            f"curve: found {points} points, {int(reached.sum())} arrivals, weights that sum to "
            f"{int(weights.sum())}; wanted 2 points or more, an arrival, and some weight"
        )
    times = delays.data[reached]
    order = np.argsort(times, kind="stable")
    times = times[order]
    counted = np.cumsum(np.broadcast_to(weights, delays.shape)[reached][order])
    wanted = np.linspace(0, len(times) - 1, points).astype(np.int64)
    last = np.unique(np.searchsorted(times, times[wanted], side="right") - 1)  # of those at one moment
    return Curve(times[last], counted[last] / (int(weights.sum()) * len(delays)))


def compute_mean_delay(delays: Any, weights: Numbers) -> float:
    """The mean over blocks and peers, in microseconds: the integral of 1 - f(t), f being the curve.

    Peers that a block never reached are left out. O(blocks x peers).
    """
    reached = ~np.ma.getmaskarray(delays)
    counted = np.where(reached, weights, 0)
    if not counted.any():
        raise UsageError("mean delay: found no arrival at a peer with weight, wanted one")
    return float((delays.filled(0) * counted).sum(dtype=np.float64) / counted.sum())


def find_head(best: Numbers, power: Numbers) -> int:
    """The block that most hash power stands on; of equals the one found first. BEFORE: still the old one.

    Without any power, the block that most peers stand on. O(peers).
    """
    weights = power if power.any() else np.ones_like(power)
    held = np.zeros(int(best.max()) + 2, dtype=np.int64)
    np.add.at(held, best - BEFORE, weights)
    return int(held.argmax()) + BEFORE


def trace_chain(parent: Numbers, head: int) -> list[int]:
    """From the first block of the run to `head`, each the parent of the next. O(length)."""
    chain = []
    while head != BEFORE:
        chain.append(head)
        head = int(parent[head])
    return chain[::-1]


def find_stale(parent: Numbers, head: int) -> Numbers:
    """The blocks that are not among `head` and its ancestors, in the order in which they were found."""
    is_stale = np.ones(len(parent), dtype=np.bool_)
    is_stale[trace_chain(parent, head)] = False
    return np.flatnonzero(is_stale)
