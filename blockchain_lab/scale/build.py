"""A network out of its parts: a graph, the earth, where each peer stands, and who mines.

A connection takes what the matrix says for its two regions, the same both ways. With `is_spread` that is
multiplied by a factor of its own, lognormal with median 1 and sigma 0.2, drawn once for the two peers: two
lines between two cities are not equally long. With `jitter` every message pays up to so much more.
"""

from typing import Final

import numpy as np

from blockchain_lab.base.draws import MILLION, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.checks import warn_of
from blockchain_lab.scale.graph import Graph
from blockchain_lab.scale.keyed_arrays import draw_all, share_out, to_lognormal_all
from blockchain_lab.scale.network import Flags, Network, Numbers, freeze
from blockchain_lab.scale.regions import Earth

# Of a million nodes, those that come and go, and how often a compact block lacks something at one of them,
# and at one that stays. SimBlock 2019, SimulationConfiguration: CHURN_NODE_RATE, CBR_FAILURE_RATE_FOR_...
COMES_AND_GOES: Final = 976_000
MISSES_OF_GUEST: Final = 270_000
MISSES_OF_RESIDENT: Final = 130_000


def make_network(
    name: str,
    graph: Graph,
    earth: Earth,
    region: Numbers,
    power: Numbers,
    *,
    seed: int,
    is_spread: bool = True,
    jitter: int = 0,
    loss: int = 0,
    compact: int = 0,
    churn: int = 0,
    address_kind: Numbers | None = None,
    country: Numbers | None = None,
    countries: tuple[str, ...] = (),
) -> Network:
    """Columns for the graph's peers, checked; warns of a network in parts. O(slots log slots).

    `jitter`: parts per million of a link's latency, and `loss` of the messages; `compact`: of the peers, who
    speaks BIP 152; `churn`: of the peers, who comes and goes, and so lacks more of a compact block.
    UsageError when something cannot be: what was found, wanted, where.
    """
    for word, chance in (("compact", compact), ("churn", churn)):
        if not 0 <= chance <= MILLION:
            raise UsageError(f"{word}: found {chance}, wanted 0 to {MILLION} parts per million")
    if jitter < 0:
        raise UsageError(f"jitter: found {jitter}, wanted 0 or more parts per million of the latency")
    upload, download = earth.get_speeds()
    latency = get_latency(graph, earth, region, seed, is_spread=is_spread)
    return warn_of(
        Network(
            name=name,
            offsets=graph.offsets,
            others=graph.others,
            latency=freeze(latency),
            jitter=freeze(latency * jitter // MILLION),
            upload=freeze(upload[region]),
            download=freeze(download[region]),
            power=freeze(power),
            region=freeze(region),
            regions=earth.regions,
            speaks_compact=freeze(deal_flags("compact", compact, graph.size, seed), np.bool_),
            misses=freeze(get_misses(churn, graph.size, seed)),
            loss=loss,
            address_kind=None if address_kind is None else freeze(address_kind),
            country=None if country is None else freeze(country),
            countries=countries,
        )
    )


def get_latency(graph: Graph, earth: Earth, region: Numbers, seed: int, *, is_spread: bool) -> Numbers:
    """[slots] microseconds, symmetric."""
    owner = np.repeat(np.arange(graph.size), np.diff(graph.offsets))
    latency = earth.get_latencies()[region[owner], region[graph.others]]
    if is_spread:
        low, high = np.minimum(owner, graph.others), np.maximum(owner, graph.others)
        factor = to_lognormal_all(draw_all(get_key(seed, "latency"), low, high))
        latency = latency * factor // MILLION
    return latency


def get_misses(churn: int, peers: int, seed: int) -> Numbers:
    """[peers] chance that a compact block lacks something there, parts per million."""
    return np.where(deal_flags("churn", churn, peers, seed), MISSES_OF_GUEST, MISSES_OF_RESIDENT)


def deal_flags(purpose: str, share: int, peers: int, seed: int) -> Flags:
    """[peers] true for exactly so many of a million, who these are is drawn."""
    flags: Flags = share_out(get_key(seed, purpose), (share, MILLION - share), peers) == 0
    return flags
