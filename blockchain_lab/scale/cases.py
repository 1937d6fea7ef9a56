"""Named cases: a network and a plan that belong together, because something is to be seen in the run.

equal pools            ten pools of equal power: who is how often first?
two blocks at once     two blocks within one propagation time: who stands on which in the end?
"""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MILLISECOND
from blockchain_lab.scale.network import Network, freeze
from blockchain_lab.scale.plan import Plan
from blockchain_lab.scale.presets import change, get_network, get_plan

SMALL: Final = 600  # peers: enough for a flood of several hops, and quick


class Case(NamedTuple):
    """What `simulate` takes."""

    network: Network
    plan: Plan


def get_case(name: str, *, peers: int = SMALL, seed: int = 1, **changes: Any) -> Case:
    """A case by its name; `changes` are fields of its plan. UsageError when nobody knows it."""
    if name not in CASES:
        raise UsageError(f"case: found {name!r}, wanted one of {', '.join(CASES)}")
    case = CASES[name](peers, seed)
    return Case(case.network, change(case.plan, "change of a plan", changes, ()))


def make_equal_pools(peers: int, seed: int) -> Case:
    """Ten pools with the same power, in the network of 2019 (ten like in G. Andresen's simulation)."""
    return Case(get_network("bitcoin 2019", peers=peers, seed=seed, pools="equal"), get_plan("bitcoin 2019"))


def make_two_at_once(peers: int, seed: int) -> Case:
    """Two blocks on the same parent, within one propagation time, whatever the seed.

    It is forced: the plan says that a peer in Europe finds block 0, and all power to mine is at one peer in
    Asia, which so finds block 1. It does that after a millisecond on average, and after 45 at most (the
    longest draw of `to_exponential` is 64 ln 2 times the mean); no way out of Europe is shorter than 60.
    """
    network = get_network("bitcoin 2013", peers=peers, seed=seed)
    first, second = find_peer(network, "europe"), find_peer(network, "asia pacific")
    power = np.zeros(network.size, dtype=np.int64)
    power[second] = 1
    plan = get_plan("bitcoin 2013", blocks=2, interval=MILLISECOND, first_miner=first, seed=seed)
    return Case(replace(network, name="two blocks at once", power=freeze(power)), plan)


def find_peer(network: Network, region: str) -> int:
    """The first peer of a region; by the shares of 2015 the two largest and Asia are never empty."""
    return int(np.flatnonzero(network.region == network.regions.index(region))[0])


CASES: Final = MappingProxyType[str, Callable[[int, int], Case]](
    {"equal pools": make_equal_pools, "two blocks at once": make_two_at_once}
)
