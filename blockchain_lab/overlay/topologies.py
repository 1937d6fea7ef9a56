"""Who dials whom: networks as lists of edges, made of names and a seed.

    ring, star, mesh      as on the blackboard
    k_out                 everybody dials k others, as Bitcoin's and IPv8's peers do
    random_regular        everybody has d lines
    watts_strogatz        a ring with shortcuts: a small world
    barabasi_albert       newcomers dial whom many have dialled: a few hubs
    islands               parts with few bridges
    spread, get_latencies peers in six regions of the earth, and how long each edge then takes

An edge is (dialler, dialled), each pair of peers at most once. The same names and seed give the same edges;
those that networkx (3.2 or newer) makes depend on its version too, so a scenario keeps the edges themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise
from random import Random
from typing import Final, NamedTuple

import networkx as nx

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MILLISECOND, Microseconds

Edge = tuple[str, str]

REGIONS: Final = ("north america", "europe", "south america", "asia pacific", "japan", "australia")
# Milliseconds one way, means of 2019. SimBlock (Aoki and others 2019), NetworkConfiguration, LATENCY_2019.
BETWEEN_REGIONS: Final = (
    (32, 124, 184, 198, 151, 189),
    (124, 11, 227, 237, 252, 294),
    (184, 227, 88, 325, 301, 322),
    (198, 237, 325, 85, 58, 198),
    (151, 252, 301, 58, 12, 126),
    (189, 294, 322, 198, 126, 16),
)
FEW_DRAWS: Final = 20  # for each other that is looked for, before all are looked through


class Latency(NamedTuple):
    """How long one pair's link takes, either way: the fields of a scenario's `links.between`."""

    a: str
    b: str
    latency: Microseconds


def ring(names: Sequence[str]) -> list[Edge]:
    """Everybody dials the next one."""
    return keep_first(zip(names, [*names[1:], *names[:1]], strict=True))


def star(names: Sequence[str]) -> list[Edge]:
    """All dial the first one: a server."""
    return [(name, names[0]) for name in names[1:]]


def mesh(names: Sequence[str]) -> list[Edge]:
    """Everybody is connected to everybody."""
    return list(combinations(names, 2))


def k_out(names: Sequence[str], k: int, seed: int, *, most: int | None = None) -> list[Edge]:
    """Everybody draws `k` others and dials them. `most`: lines that one may have in all (None: any number).

    Two that draw each other share one line, so there are a few lines less than k n. Who comes late may find
    nobody with room, and dials fewer.
    """
    check_least("peers", len(names), k + 1)
    luck = CounterRandom(get_key(seed, "k-out", k))
    lines: dict[str, dict[str, None]] = {name: {} for name in names}
    edges = []

    def has_room(name: str, other: str) -> bool:
        free = most is None or max(len(lines[name]), len(lines[other])) < most
        return name != other and (free or other in lines[name])

    for name in luck.sample(names, len(names)):
        drawn: dict[str, None] = {}
        for _ in range(FEW_DRAWS * k):
            if len(drawn) < k and has_room(name, other := luck.choice(names)):
                drawn[other] = None
        if len(drawn) < k:
            left = [other for other in names if other not in drawn and has_room(name, other)]
            drawn |= dict.fromkeys(luck.sample(left, min(len(left), k - len(drawn))))
        for other in drawn:
            if other not in lines[name] and has_room(name, other):
                lines[name][other] = lines[other][name] = None
                edges.append((name, other))
    return edges


def random_regular(names: Sequence[str], degree: int, seed: int) -> list[Edge]:
    """Everybody has `degree` lines. UsageError unless that can be: degree times peers is even."""
    check_least("peers", len(names), degree + 1)
    if degree * len(names) % 2:
        raise UsageError(f"degree: {degree} lines for each of {len(names)} peers is an odd number of ends")
    return to_edges(nx.random_regular_graph(degree, len(names), Random(seed)), names, seed)


def watts_strogatz(names: Sequence[str], degree: int, rewired: float, seed: int) -> list[Edge]:
    """A ring on which each is connected to `degree` nearest ones; then a share of the lines is led elsewhere.

    Connected. Watts, Strogatz, "Collective dynamics of 'small-world' networks" (1998).
    """
    check_least("peers", len(names), degree + 1)
    graph = nx.connected_watts_strogatz_graph(len(names), degree, rewired, tries=1_000, seed=Random(seed))
    return to_edges(graph, names, seed)


def barabasi_albert(names: Sequence[str], links: int, seed: int) -> list[Edge]:
    """Each newcomer dials `links` peers, the more likely the more lines they have.

    Barabási, Albert, "Emergence of scaling in random networks" (1999).
    """
    check_least("peers", len(names), links + 1)
    graph = nx.barabasi_albert_graph(len(names), links, Random(seed))
    return keep_first((names[max(edge)], names[min(edge)]) for edge in graph.edges)


def islands(parts: Sequence[Sequence[str]], k: int, bridges: int, seed: int) -> list[Edge]:
    """Each part is a `k_out` of its own; `bridges` lines lead from each part to the next one."""
    luck = CounterRandom(get_key(seed, "bridges"))
    edges = [edge for part in parts for edge in k_out(part, k, seed)]
    for here, there in pairwise(parts):
        check_least("peers of a part", min(len(here), len(there)), bridges)
        edges += zip(luck.sample(here, bridges), luck.sample(there, bridges), strict=True)
    return edges


def spread(names: Sequence[str], shares: Mapping[str, int], seed: int) -> dict[str, str]:
    """A region for each peer. shares: region -> how many of a hundred peers, or any other weights."""
    unknown = [region for region in shares if region not in REGIONS]
    if unknown or not any(shares.values()):
        raise UsageError(f"shares: found {dict(shares)}, wanted weights for some of {', '.join(REGIONS)}")
    luck = CounterRandom(get_key(seed, "regions"))
    drawn = [region for region, weight in shares.items() for _ in range(weight)]
    return {name: luck.choice(drawn) for name in names}


def get_latencies(edges: Iterable[Edge], regions: Mapping[str, str]) -> list[Latency]:
    """How long each edge takes between these regions, as SimBlock has it for 2019."""
    numbers = {name: REGIONS.index(region) for name, region in regions.items()}
    return [Latency(a, b, BETWEEN_REGIONS[numbers[a]][numbers[b]] * MILLISECOND) for a, b in edges]


def to_edges(graph: nx.Graph, names: Sequence[str], seed: int) -> list[Edge]:
    """The edges of a graph of numbers, in order; a coin decides who dials."""
    luck = CounterRandom(get_key(seed, "who dials"))
    pairs = sorted(tuple(sorted(edge)) for edge in graph.edges)
    return [(names[a], names[b]) if luck.below(2) else (names[b], names[a]) for a, b in pairs]


def keep_first(edges: Iterable[Edge]) -> list[Edge]:
    """Each pair once, in whichever direction it came first; nobody dials itself."""
    kept: dict[Edge, None] = {}
    for a, b in edges:
        if a != b and (b, a) not in kept:
            kept[a, b] = None
    return list(kept)


def check_least(what: str, found: int, least: int) -> None:
    """UsageError when there are too few."""
    if found < least:
        raise UsageError(f"{what}: found {found}, wanted at least {least}")
