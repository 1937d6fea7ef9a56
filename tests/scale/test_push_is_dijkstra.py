"""A pushed block takes the shortest path: without queues each hop costs what its link and its sender cost.

So networkx, which knows nothing of messages, must find the same times to the microsecond.
"""

import networkx as nx
import pytest
from support.engines import ENGINES, need_engine
from support.random_networks import make_random_network

from blockchain_lab.base.units import SECOND
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.protocol import Kind, get_sizes
from blockchain_lab.scale.readable_run import play_readable
from blockchain_lab.scale.run import simulate


def compute_shortest(network, plan, miner: int) -> list[int]:
    """Microseconds from a miner to each peer, by Dijkstra; who passes a block on has checked it."""
    size, graph = get_sizes(plan)[Kind.CMPCTBLOCK], nx.DiGraph()
    for peer in range(network.size):
        upload = -(-size * SECOND // int(network.upload[peer]))
        wait = 0 if peer == miner else plan.validation
        for slot in range(network.offsets[peer], network.offsets[peer + 1]):
            cost = upload + wait + int(network.latency[slot])
            graph.add_edge(peer, int(network.others[slot]), weight=cost)
    found = nx.single_source_dijkstra_path_length(graph, miner)
    return [found[peer] for peer in range(network.size)]


@pytest.mark.parametrize(("engine", "peers"), [("readable", 40), *((engine, 400) for engine in ENGINES)])
def test_push_equals_dijkstra(engine, peers) -> None:
    """Every arrival of four blocks, of which some are under way at the same time."""
    network = make_random_network(peers, is_mixed=False)
    plan = Plan(relay=Relay.PUSH, blocks=4, interval=SECOND // 5, validation=7_000, is_queued=False)
    if engine == "readable":
        run = play_readable(network, plan)
    else:
        need_engine(engine)
        run = simulate(network, plan, engine=engine)

    for block in range(plan.blocks):
        expected = compute_shortest(network, plan, int(run.miner[block]))
        assert expected == (run.arrival[block] - run.found_at[block]).tolist()
