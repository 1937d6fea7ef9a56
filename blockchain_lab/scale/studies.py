"""Functions that lessons sweep: one run in a large network, as a few numbers.

    grid = {"network": ["bitcoin 2019"], "peers": [600], "relay": ["inventory", "compact"]}
    sweep(study_relay, grid, seeds=range(5))

A grid may name what makes the network (`network`, a preset; `peers`; `outbound`, how many each peer dials)
and every field of `Plan` but the seed: `relay`, `block_size`, `interval`, `blocks` and so on. The seed of a
point is that of its network and of its luck. What is swept over is said by the grid alone; no run is made
here that `simulate` would not make.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from blockchain_lab.base.draws import MILLION, draw, get_key, is_hit
from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.network import Flags, Network, freeze
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.presets import get_network, get_plan
from blockchain_lab.scale.propagation import Propagation
from blockchain_lab.scale.run import simulate

OF_NETWORK: Final = ("peers", "outbound")
CUT: Final = "cut"


def study_relay(params: dict[str, Any], seed: int) -> dict[str, float]:
    """How fast blocks spread, how many are lost, and what it costs.

    `median` and `p90` in microseconds, means over the blocks; `stale`, a share of all blocks; `bytes` and
    `messages` for one block and one peer. UsageError for a name that is none; as long as the run takes.
    """
    network, plan = make_run(params, seed)
    ran = simulate(network, plan)
    return {
        "median": ran.get_percentile(50),
        "p90": ran.get_percentile(90),
        "stale": ran.get_stale_rate(),
        "bytes": sum(ran.get_bytes_each().values()),
        "messages": sum(ran.messages.values()) / (ran.blocks * network.size),
    }


def study_partition(params: dict[str, Any], seed: int) -> dict[str, float]:
    """The network falls into two, from the first block to the last: what the smaller side mines is lost.

    `cut`: the chance of each peer, in parts per million, to be on the other side. `lost`: the share of all
    blocks that are not on the chain with most power behind it in the end; `power`: that of the cut side's
    hash power, what `lost` comes down to when blocks are rare; `reached`: the share of peers that the mean
    block reaches. UsageError without `cut`.
    """
    chance = params.get(CUT)
    if not isinstance(chance, int) or not 0 <= chance <= MILLION:
        raise UsageError(f"{CUT}: found {chance!r}, wanted parts per million, from 0 to {MILLION:,}")
    network, plan = make_run({name: value for name, value in params.items() if name != CUT}, seed)
    key = get_key(seed, CUT)
    is_apart = np.array([is_hit(draw(key, peer), chance) for peer in range(network.size)])
    ran = simulate(cut(network, is_apart), plan)
    return {
        "lost": ran.get_stale_rate(),
        "power": float(network.power[is_apart].sum() / network.power.sum()),
        "reached": get_reached(ran),
    }


def make_run(params: Mapping[str, Any], seed: int) -> tuple[Network, Plan]:
    """The network and the plan of a point. UsageError for a preset, a relay or a field that nobody knows."""
    wanted = dict(params)
    name = wanted.pop("network", None)
    shape = {key: wanted.pop(key) for key in OF_NETWORK if key in wanted}
    if "seed" in wanted:
        raise UsageError("seed: found in the grid, wanted among the seeds of the sweep")
    if "relay" in wanted:
        try:
            wanted["relay"] = Relay(wanted["relay"])
        except ValueError:
            raise UsageError(f"relay: found {wanted['relay']!r}, wanted one of {', '.join(Relay)}") from None
    return get_network(name, seed=seed, **shape), get_plan(name, seed=seed, **wanted)


def cut(network: Network, is_apart: Flags) -> Network:
    """The network without the connections between two sides; all peers stay. O(slots)."""
    owners = np.repeat(np.arange(network.size), network.get_degrees())
    stays = is_apart[owners] == is_apart[network.others]
    degrees = np.bincount(owners[stays], minlength=network.size)
    return replace(
        network,
        offsets=freeze(np.concatenate(([0], np.cumsum(degrees)))),
        others=freeze(network.others[stays]),
        latency=freeze(network.latency[stays]),
        jitter=freeze(network.jitter[stays]),
    )


def get_reached(ran: Propagation) -> float:
    """The share of peers that a block reached, the mean over all blocks."""
    delays = ran.get_delays()
    return float(delays.count() / delays.size)
