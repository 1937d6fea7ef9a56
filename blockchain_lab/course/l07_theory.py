"""Lesson 7, the sums: hops of a rumour, the share that it misses, what one round of push or pull leaves.

Each is done twice: the second way must not use the first one's formula.
"""

from math import ceil, exp, factorial, log

from blockchain_lab.course.questions import Compute
from blockchain_lab.overlay.theory_gossip import compute_coverage

TERMS = 80  # of a series whose terms shrink by half or more from one to the next
NETWORK = 10_000  # peers, in the question about the tail
UNAWARE = 100  # of them have not heard of the news


def get_hops(peers: int, fanout: int) -> Compute:
    """Hops until everybody knows, if nobody is ever told twice: log_F N."""
    return lambda seed: round(log(peers) / log(fanout), 2)


def search_hops(peers: int, fanout: int) -> Compute:
    """The same without a logarithm: halve the span in which F to the power of x passes N."""

    def search(seed: int) -> float:
        low, high = 0.0, float(peers)
        while high - low > 1e-9:
            middle = (low + high) / 2
            low, high = (middle, high) if fanout**middle < peers else (low, middle)
        return round(low, 2)

    return search


def get_missed(fanout: int) -> Compute:
    """Per cent of the peers that never hear of it, from the fixed point of s = 1 - exp(-F s)."""
    return lambda seed: round(100 * (1 - compute_coverage(fanout)), 2)


def sum_missed(fanout: int) -> Compute:
    """The same as a sum: the chance that a family whose members have F children on average dies out.

    It has n members in all with the chance exp(-F n) (F n)**(n-1) / n! (Borel 1942).
    """
    terms = [exp(-fanout * n) * (fanout * n) ** (n - 1) / factorial(n) for n in range(1, TERMS)]
    return lambda seed: round(100 * sum(terms), 2)


def get_least_fanout(share: float) -> Compute:
    """The smallest whole F by which so large a share hears of it, tried one after the other."""
    return lambda seed: next(fanout for fanout in range(1, 100) if compute_coverage(fanout) >= share)


def solve_least_fanout(share: float) -> Compute:
    """The same from the equation, solved for F: F = -ln(1 - s) / s."""
    return lambda seed: ceil(-log(1 - share) / share)


def get_left_by_push(seed: int) -> int:
    """Peers still unaware when each of those who know has told one other, on average, rounded."""
    callers, others = NETWORK - UNAWARE, NETWORK - 1
    missed_by_all = (1 - 1 / others) ** callers
    return round(UNAWARE * missed_by_all)


def reckon_left_by_push(seed: int) -> int:
    """The same, for a large network: all calls miss a peer with the chance exp(-calls / peers)."""
    return round(UNAWARE * exp(-(NETWORK - UNAWARE) / NETWORK))


def get_left_by_pull(seed: int) -> int:
    """Peers still unaware when each of them has asked one other: it asked one that did not know, either."""
    return round(UNAWARE * UNAWARE / NETWORK)
