"""Play a plan in a large network: the one call that the rest of the house uses."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from blockchain_lab.scale.engines import Engine, get_engine, get_player
from blockchain_lab.scale.memory import check_memory
from blockchain_lab.scale.network import Network
from blockchain_lab.scale.outcome import make_outcome, to_propagation
from blockchain_lab.scale.plan import Plan
from blockchain_lab.scale.propagation import Propagation
from blockchain_lab.scale.wiring import make_wiring

__all__ = ["Engine", "get_engine", "simulate"]


def simulate(
    network: Network,
    plan: Plan,
    *,
    engine: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Propagation:
    """Play the whole plan; the result is the same whatever plays it ("plain", "compiled", None: the faster).

    `progress(blocks found so far, all blocks)` is called now and then and in the end; what it raises ends
    the run. UsageError for what cannot be played, or for too little memory. O(messages log messages), and
    a message to each neighbour per peer and block; where luck is keyed by link, a hash for each slot first.
    """
    chosen = get_engine(engine)
    check_memory(network, plan, chosen.name)
    wiring = make_wiring(network, plan)
    outcome = make_outcome(wiring)
    with _no_collector():
        for found in get_player(chosen.name)(wiring, outcome):
            if progress is not None:
                progress(found, plan.blocks)
    return to_propagation(network, plan, chosen.name, wiring.found_at, wiring.miner, outcome)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Millions of tuples and no cycles among them: the collector would look for some all the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
