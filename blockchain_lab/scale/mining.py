"""When blocks are found and by whom: the same two draws for every executor, before a run begins.

Many miners with exponential clocks are one exponential clock and a lottery by power: the first of them
rings at the sum of their rates, and is miner m with the chance power(m) / all power.
"""

from itertools import accumulate
from typing import NamedTuple

import numpy as np

from blockchain_lab.base.draws import draw, get_key, to_below, to_exponential
from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.network import Network, Numbers
from blockchain_lab.scale.plan import Plan


class Finds(NamedTuple):
    """Block n is found at `at[n]` microseconds by peer `by[n]`."""

    at: Numbers
    by: Numbers


def get_finds(network: Network, plan: Plan) -> Finds:
    """All finds of a run; O(blocks log peers). UsageError when nobody can find a block."""
    key, cumulated = get_key(plan.seed, "mining"), np.cumsum(network.power)
    total = int(cumulated[-1]) if network.size else 0
    if total <= 0 and (plan.first_miner is None or plan.blocks > 1):
        raise UsageError(
            f"network.power: found {total} in all, wanted a peer with more than 0 to find blocks"
        )
    if plan.first_miner is not None and not 0 <= plan.first_miner < network.size:
        wanted = f"a peer, 0 .. {network.size - 1}"
        raise UsageError(f"plan.first_miner: found {plan.first_miner}, wanted {wanted}")
    gaps = (to_exponential(draw(key, 0, number), plan.interval) for number in range(plan.blocks))
    tickets = [to_below(draw(key, 1, number), total) for number in range(plan.blocks)]
    by = np.searchsorted(cumulated, np.array(tickets, np.int64), side="right").astype(np.int64)
    if plan.first_miner is not None and plan.blocks:
        by[0] = plan.first_miner
    return Finds(np.array([*accumulate(gaps)], np.int64), by)
