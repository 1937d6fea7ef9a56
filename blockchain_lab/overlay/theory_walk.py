"""How much of a network a crawler finds, and after how many levels. Pure functions, floats, for comparison.

n peers know each other at random, and each tells k addresses. Who is told of at least once is found: a crawl
is an epidemic whose carriers are called once and name k others, so gossip's formulas hold for it
(Demers and others 1987, see `theory_gossip`).
"""

from itertools import pairwise
from math import ceil, log

from blockchain_lab.overlay.theory_gossip import check_positive, compute_coverage, compute_coverage_by_hop


def compute_crawl_coverage(told: float) -> float:
    """The share that is found: the largest s = 1 - exp(-k s). 0.98 for 4, 0.9997 for 8."""
    return compute_coverage(told)


def compute_crawl_levels(peers: int, told: float) -> int:
    """The last level that finds somebody, half a peer at least, by `compute_coverage_by_hop`."""
    check_positive("told", told)
    shares = compute_coverage_by_hop(peers, told, peers)
    news = [after - before for before, after in pairwise(shares)]
    return next(level for level, new in enumerate(news) if new * peers < 0.5)


def compute_least_levels(peers: int, told: int) -> int:
    """No crawl is faster than a tree without a repetition: k**levels reaches n."""
    return ceil(log(check_positive("peers", peers)) / log(told))
