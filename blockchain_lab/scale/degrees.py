"""How many lines do peers have? Named plans, and the law that was measured in 2015.

`overlay.degrees` tells what theory says of these numbers; here they wire networks of real size.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from blockchain_lab.base.draws import MILLION, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.graph import Graph, make_outbound_graph, make_target_graph
from blockchain_lab.scale.keyed_arrays import draw_all, to_below_all
from blockchain_lab.scale.network import Numbers

# How many of a million peers dial at most 1, 2 .. 20 others. A. Miller and others, "Discovering Bitcoin's
# public topology and influential nodes" (2015), as SimBlock has it (DEGREE_DISTRIBUTION_BITCOIN_2015).
MEASURED_2015: Final = (
    25_000, 50_000, 75_000, 100_000, 200_000, 300_000, 400_000, 500_000, 600_000, 700_000,
    800_000, 850_000, 900_000, 950_000, 970_000, 970_000, 980_000, 990_000, 995_000, 1_000_000,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePlan:
    """A system's choice. Either all dial `outbound` others, or each draws its number from a `law`."""

    outbound: int = 0
    maximum: int | None = None  # connections in all; None: no bound
    counts_callers: bool = False  # who calls counts as one of the `outbound`
    law: tuple[int, ...] = ()  # of a million peers, how many dial at most 1, 2, .. others


LINE_PLANS: Final = MappingProxyType(
    {
        "bitcoin": LinePlan(outbound=8, maximum=125),  # Core net.h: 8 full outbound, 117 left for callers
        "ipv8": LinePlan(outbound=20, maximum=30, counts_callers=True),  # py-ipv8 3.2: RandomWalk, max_peers
        "measured 2015": LinePlan(law=MEASURED_2015),
    }
)


def get_line_plan(lines: int | str) -> LinePlan:
    """A plan by its name; or a number that all dial, 125 lines (or twice the number) at most."""
    if isinstance(lines, int | np.integer):
        return LinePlan(outbound=int(lines), maximum=max(125, 2 * int(lines)))
    if lines not in LINE_PLANS:
        raise UsageError(f"outbound: found {lines!r}, wanted a number, or one of {', '.join(LINE_PLANS)}")
    return LINE_PLANS[lines]


def wire_peers(plan: LinePlan, peers: int, seed: int) -> Graph:
    """The connections of a network in which all follow the plan. UsageError when there are too few peers."""
    if plan.law:
        return make_outbound_graph(peers, draw_outbound(plan.law, peers, seed), seed, plan.maximum)
    if plan.counts_callers:
        most = peers if plan.maximum is None else plan.maximum
        return make_target_graph(peers, plan.outbound, most, seed)
    return make_outbound_graph(peers, plan.outbound, seed, plan.maximum)


def draw_outbound(law: tuple[int, ...], peers: int, seed: int) -> Numbers:
    """[peers] how many others each dials: 1 more than the steps of the law below its draw."""
    if list(law) != sorted(law) or min(law, default=-1) < 0 or law[-1] != MILLION:
        raise UsageError(f"law: found {law}, wanted numbers that rise to {MILLION}")
    luck = to_below_all(draw_all(get_key(seed, "degrees"), np.arange(peers)), MILLION)
    return np.searchsorted(np.asarray(law), luck, side="right") + 1
