"""How many lines should a peer have? Two presets, what theory says of any number, and what a graph shows.

Everybody dials k others (`topologies.k_out`), lines are used both ways: 2k lines a peer, and 8 or 20 is the
answer of two systems to the same question. More lines: shorter ways and a network that survives more deaths,
paid with 2k - 1 copies of everything that is flooded.
"""

from collections.abc import Iterable, Sequence
from math import log
from typing import Final, NamedTuple

import networkx as nx

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError


class LinePlan(NamedTuple):
    """A system's choice."""

    outbound: int  # lines that a peer opens by itself
    most: int  # lines in all


BITCOIN: Final = LinePlan(8, 125)  # Core net.h: 8 full outbound, 125
IPV8: Final = LinePlan(20, 30)  # py-ipv8 3.2: target of the random walk, Community's max_peers
PLANS: Final = {"bitcoin": BITCOIN, "ipv8": IPV8}


# -- theory ---------------------------------------------------------------------------------------------


def compute_mean_path(peers: int, outbound: int) -> float:
    """Hops between two peers: ln n / ln 2k. (Each hop reaches 2k times as many, until all are reached.)"""
    check_outbound(outbound)
    return log(peers) / log(2 * outbound)


def compute_copies(outbound: int) -> int:
    """How often each peer sends what is flooded: on 2k lines but the one it came from."""
    check_outbound(outbound)
    return 2 * outbound - 1


def compute_keep_threshold(outbound: int) -> float:
    """The share of the peers that must live, or else the network falls into small pieces.

    1 / (<d²>/<d> - 1) (Cohen and others 2000). With k lines dialled, and as many as come (a Poisson number
    with mean and variance k), <d> = 2k and <d²> = 4k² + k: the share is 1 / (2k - 1/2).
    """
    check_outbound(outbound)
    return 1 / (2 * outbound - 0.5)


# -- graphs ---------------------------------------------------------------------------------------------


class Shape(NamedTuple):
    """What a network is like."""

    peers: int
    lines: int
    degrees: dict[int, int]  # lines of a peer -> how many peers have so many
    components: list[int]  # sizes of the parts that hang together, largest first
    mean_path: float  # hops between two peers of the largest part; over `sources` peers if there are more
    eccentricity: int  # hops to the farthest peer; the diameter when all peers were sources


def make_graph(names: Iterable[str], edges: Iterable[tuple[str, str]]) -> nx.Graph:
    """All peers and lines; who dialled does not matter any more."""
    graph = nx.Graph()
    graph.add_nodes_from(names)
    graph.add_edges_from(edges)
    return graph


def get_shape(graph: nx.Graph, *, sources: int = 50, seed: int = 1) -> Shape:
    """Measure a network. Ways are looked for from so many peers, drawn by chance: O(sources * lines)."""
    degrees: dict[int, int] = {}
    for _, degree in sorted(graph.degree, key=lambda pair: pair[1]):
        degrees[degree] = degrees.get(degree, 0) + 1
    parts = get_parts(graph)
    largest = parts[0]
    luck = CounterRandom(get_key(seed, "sources"))
    asked = largest if len(largest) <= sources else luck.sample(largest, sources)
    ways = [nx.single_source_shortest_path_length(graph, source) for source in asked]
    total, farthest = sum(sum(way.values()) for way in ways), max(max(way.values()) for way in ways)
    mean_path = total / (len(asked) * max(1, len(largest) - 1))
    components = [len(part) for part in parts]
    return Shape(len(graph), graph.number_of_edges(), degrees, components, mean_path, farthest)


def get_parts(graph: nx.Graph) -> list[list[str]]:
    """Which peers hang together: the largest part first, names in the graph's order."""
    place = {name: at for at, name in enumerate(graph)}
    parts = [sorted(part, key=place.__getitem__) for part in nx.connected_components(graph)]
    return sorted(parts, key=lambda part: (-len(part), place[part[0]]))


def compute_connectivity(graph: nx.Graph) -> int:
    """How many peers must at least die to cut the network in two. O(peers * lines): for a few hundred."""
    return int(nx.node_connectivity(graph))


def compute_survival(graph: nx.Graph, dead: float, seed: int) -> float:
    """A share of the peers dies, drawn by chance: which share of the others still hangs together?"""
    names: Sequence[str] = list(graph)
    living = len(names) - round(dead * len(names))
    if not 1 <= living <= len(names):
        raise UsageError(f"dead: found {dead}, wanted a share from 0 on that leaves somebody alive")
    alive = CounterRandom(get_key(seed, "survivors")).sample(names, living)
    return len(get_parts(graph.subgraph(alive))[0]) / living


def check_outbound(outbound: int) -> None:
    """UsageError for less."""
    if outbound < 1:
        raise UsageError(f"outbound: found {outbound}, wanted at least 1")
