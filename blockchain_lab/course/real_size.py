"""Real size: what lessons show of networks as large as Bitcoin's, 18,077 peers on 20 February 2024.

    run = spread(seed, outbound=16, relay=Relay.INVENTORY)
    print(write_row("16 lines", run))

The network is the preset "lecture 2024": two thirds of its peers are behind Tor. A run plays one block unless
told otherwise, a second or two without numba. Runs are kept, since the question below a cell asks for the
same ones again.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

import numpy as np

from blockchain_lab.base.units import SECOND
from blockchain_lab.scale.countries import REACHABLE
from blockchain_lab.scale.engines import get_engine
from blockchain_lab.scale.live import LiveRun
from blockchain_lab.scale.network import Network, freeze
from blockchain_lab.scale.presets import get_network, get_plan
from blockchain_lab.scale.propagation import Propagation
from blockchain_lab.scale.run import simulate
from blockchain_lab.scale.thing import BLOCKS, Thing

PRESET: Final = "lecture 2024"
OUTBOUND: Final = 8  # lines that everybody opens, unless a lesson asks for others
SHARES: Final = (50, 90, 99)  # per cent of the peers, in a row
WATCHED: Final = {"compiled": 20, "plain": 3}  # blocks, so that it takes some seconds


@lru_cache(maxsize=4)
def make_real_network(
    seed: int, peers: int = REACHABLE, outbound: int = OUTBOUND, *, lacks_nothing: bool = False
) -> Network:
    """The network of the lecture, or one like it with other numbers; about 0.2 s and 7 MB at full size.

    lacks_nothing: no compact block lacks transactions at anybody, so that it is news like any other.
    UsageError for a network that cannot be.
    """
    network = get_network(PRESET, peers=peers, outbound=outbound, seed=seed)
    if not lacks_nothing:
        return network
    return replace(network, misses=freeze(np.zeros(network.size)))


@lru_cache(maxsize=8)
def spread(
    seed: int,
    *,
    peers: int = REACHABLE,
    outbound: int = OUTBOUND,
    blocks: int = 1,
    lacks_nothing: bool = False,
    **plan: Any,
) -> Propagation:
    """One run in the learner's network; `plan` are fields of `scale.plan.Plan`, such as `relay`.

    UsageError for what cannot be played. About 18 messages for each peer and block.
    """
    network = make_real_network(seed, peers, outbound, lacks_nothing=lacks_nothing)
    return simulate(network, get_plan(PRESET, seed=seed, blocks=blocks, **plan))


def make_live_run(
    seed: int,
    *,
    peers: int = REACHABLE,
    outbound: int = OUTBOUND,
    lacks_nothing: bool = False,
    thing: Thing = BLOCKS,
    **plan: Any,
) -> LiveRun:
    """The same to be watched, with several blocks: `make_live_run(seed).show()`. No question asks for it.

    It takes some seconds, so there are more blocks where numba is. UsageError as `spread`.
    """
    network = make_real_network(seed, peers, outbound, lacks_nothing=lacks_nothing)
    wanted = get_plan(PRESET, seed=seed, blocks=WATCHED[get_engine().name], **plan)
    return LiveRun(network, wanted, thing=thing)


def write_row(name: str, run: Propagation) -> str:
    """What a table in a lesson says of a run: when which share of the peers had a block, and the messages."""
    times = (f"{percent} % after {write_seconds(run, percent):>6}" for percent in SHARES)
    messages = round(sum(run.messages.values()) / run.blocks)
    return f"{name}: {', '.join(times)}; {messages:>7,} messages"


def write_seconds(run: Propagation, percent: float) -> str:
    """When so many per cent of the peers had a block, in seconds; the mean over blocks that got so far."""
    reached = run.get_percentiles(percent).compressed()
    return f"{reached.mean() / SECOND:.2f} s" if len(reached) else "never"
