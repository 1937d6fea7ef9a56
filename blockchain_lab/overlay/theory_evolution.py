"""What theory says of a question that goes from neighbour to neighbour: how far, and what it finds.

d   neighbours of each peer      T   time to live      f   share of the peers that have the file
"""

from blockchain_lab.base.errors import UsageError
from blockchain_lab.overlay.theory_gossip import check_share


def compute_tree_reach(degree: int, ttl: int) -> int:
    """How many peers a question reaches at most, the asker included: 1 + sum of d (d-1)^(h-1) for h = 1..T.

    So many if no two ways meet, that is in a tree without an end. Real networks fold back, the farther out
    the more often, and end.
    """
    if degree < 1 or ttl < 0:
        raise UsageError(f"wanted a degree from 1 on and a ttl from 0 on, found {degree} and {ttl}")
    reach: int = 1 + sum(degree * (degree - 1) ** (hop - 1) for hop in range(1, ttl + 1))
    return reach


def compute_hit_rate(share: float, reach: float) -> float:
    """The chance that somebody who is asked has the file: 1 - (1-f)^(reach-1). The asker has it not."""
    check_share("share", share)
    if reach < 1:
        raise UsageError(f"reach: found {reach}, wanted at least 1, the asker")
    rate: float = 1 - (1 - share) ** (reach - 1)
    return rate
