"""Formulas that a run of a large network should come near: forks, and whether a random graph holds together.

Floats, so nothing in an executor may depend on them. Those that stand elsewhere are not repeated here:

    1 - exp(-D / T)                          chain.races.compute_stale_rate
    double spends (Nakamoto, Rosenfeld)      chain.races
    selfish mining (Eyal, Sirer)             chain.selfish_mining
    rounds of a rumour (Frieze and Grimmett, Pittel, Karp and others)    overlay.theory_gossip

D is one delay, for instance the median; but a miner that hears late loses more than one that hears early
wins, so what counts is the mean over hash power: the area above the curve f(t) of who has heard.

Sources: C. Decker, R. Wattenhofer, "Information Propagation in the Bitcoin Network" (P2P 2013), section on
forks; P. Erdős, A. Rényi, "On Random Graphs I" (1959), theorem 1.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import exp, expm1, log, log1p

from blockchain_lab.base.errors import UsageError


def compute_lost_time(times: Sequence[float], shares: Sequence[float]) -> float:
    """The integral of 1 - f(t) over t from 0 on, in the unit of `times`: the delay that costs hash power.

    f is a curve of steps, `shares[i]` from `times[i]` on, and 0 before the first. Where it ends below 1, the
    rest never hears: infinite. UsageError for a curve that falls, or goes back in time. O(points).
    """
    check_curve(times, shares)
    if shares[-1] < 1:
        return float("inf")
    steps = zip(times, times[1:], shares[:-1], strict=False)
    return times[0] + sum((after - before) * (1 - share) for before, after, share in steps)


def compute_fork_rate(times: Sequence[float], shares: Sequence[float], spacing: float) -> float:
    """The chance that somebody who has not heard of a block finds a rival: 1 - exp(-lost time / spacing).

    shares: of the hash power. spacing: the mean time between blocks, in the unit of `times`.
    """
    check_spacing(spacing)
    return -expm1(-compute_lost_time(times, shares) / spacing)


def compute_fork_rate_by_seconds(times: Sequence[float], shares: Sequence[float], spacing: float) -> float:
    """As Decker and Wattenhofer write it: 1 - (1 - P) ** lost time, P the chance of a block in one second.

    P = 1 / spacing; all in seconds. Slightly more than `compute_fork_rate`, which is its limit for seconds
    that are cut ever smaller. UsageError for a spacing of a second or less.
    """
    check_spacing(spacing)
    if spacing <= 1:
        raise UsageError(f"spacing: found {spacing} s, wanted more than one second between blocks")
    return -expm1(compute_lost_time(times, shares) * log1p(-1 / spacing))


def compute_connected_chance(peers: int, degree: float) -> float:
    """The chance that a graph whose edges are drawn independently is connected: exp(-exp(-c)).

    degree: the mean, ln n + c. True in the limit of many peers.
    """
    check_peers(peers)
    return exp(-exp(log(peers) - degree))


def compute_connecting_degree(peers: int, chance: float) -> float:
    """The mean degree at which such a graph is connected with this chance: ln n - ln(-ln chance)."""
    check_peers(peers)
    if not 0 < chance < 1:
        raise UsageError(f"chance: found {chance}, wanted more than 0 and less than 1")
    return log(peers) - log(-log(chance))


def check_curve(times: Sequence[float], shares: Sequence[float]) -> None:
    """UsageError unless this is a share that only grows, over times that do, too."""
    is_curve = (
        0 < len(times) == len(shares)
        and times[0] >= 0
        and shares[0] >= 0
        and all(a <= b for a, b in pairwise(times))
        and all(a <= b for a, b in pairwise(shares))
    )
    if not is_curve:
        raise UsageError(
            f"curve: found {len(times)} times and {len(shares)} shares, wanted as many of both, at least "
            "one, from 0 on, none smaller than the one before"
        )


def check_spacing(spacing: float) -> None:
    """UsageError unless there is time between blocks."""
    if not spacing > 0:
        raise UsageError(f"spacing: found {spacing}, wanted more than 0")


def check_peers(peers: int) -> None:
    """UsageError unless there are two that could be connected."""
    if peers < 2:
        raise UsageError(f"peers: found {peers}, wanted 2 or more")
