"""Networks made of names and a seed: each has the shape it is named after, and is the same every time."""

import subprocess
import sys
from collections import Counter

import networkx as nx
import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.overlay.degrees import make_graph
from blockchain_lab.overlay.topologies import (
    BETWEEN_REGIONS,
    REGIONS,
    barabasi_albert,
    get_latencies,
    islands,
    k_out,
    mesh,
    random_regular,
    ring,
    spread,
    star,
    watts_strogatz,
)

NAMES = [f"p{number}" for number in range(200)]
SOME = {
    "ring": lambda seed: ring(NAMES),
    "star": lambda seed: star(NAMES),
    "mesh": lambda seed: mesh(NAMES),
    "k-out": lambda seed: k_out(NAMES, 3, seed),
    "regular": lambda seed: random_regular(NAMES, 4, seed),
    "small world": lambda seed: watts_strogatz(NAMES, 4, 0.1, seed),
    "hubs": lambda seed: barabasi_albert(NAMES, 2, seed),
    "islands": lambda seed: islands([NAMES[:90], NAMES[90:]], 3, 2, seed),
}


@pytest.mark.parametrize("kind", list(SOME))
def test_every_pair_at_most_once_and_nobody_dials_itself(kind: str) -> None:
    """An edge twice would be two lines of one pair, and count twice in every formula."""
    for seed in range(3):
        edges = SOME[kind](seed)

        assert len(edges) == len({frozenset(edge) for edge in edges})
        assert {2} == {len(set(edge)) for edge in edges}
        assert {name for edge in edges for name in edge} <= set(NAMES)


@pytest.mark.parametrize("kind", list(SOME))
def test_the_seed_decides(kind: str) -> None:
    """The same seed gives the same edges in the same order; another one others, where there is a choice."""
    assert SOME[kind](5) == SOME[kind](5)
    assert (SOME[kind](5) == SOME[kind](6)) == (kind in ("ring", "star", "mesh"))


def test_another_process_makes_the_same_networks() -> None:
    """Sets of strings are in another order there; no edge is."""
    program = (
        "from blockchain_lab.overlay.topologies import *\n"
        "names = [f'p{n}' for n in range(60)]\n"
        "print(k_out(names, 3, 1), random_regular(names, 4, 1), watts_strogatz(names, 4, 0.2, 1),"
        " barabasi_albert(names, 2, 1), islands([names[:30], names[30:]], 2, 2, 1))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }

    assert 1 == len(told)


def test_shapes_are_what_their_names_say() -> None:
    """Ring: two lines each. Star: one, and a hub. Mesh: all pairs. Hubs: far over the mean."""
    degrees = {kind: dict(make_graph(NAMES, make(1)).degree) for kind, make in SOME.items()}

    assert {2} == set(degrees["ring"].values())
    assert Counter({1: 199, 199: 1}) == Counter(degrees["star"].values())
    assert {199} == set(degrees["mesh"].values())
    assert {4} == set(degrees["regular"].values())
    assert 5 * 4 < max(degrees["hubs"].values())
    assert ([("a", "b")], []) == (ring(["a", "b"]), ring(["a"])), "two on a ring are one line"


def test_a_small_world_has_short_ways_and_still_many_triangles() -> None:
    """A tenth of the lines led elsewhere halves the ways; neighbours still know each other."""
    lattice, world = (make_graph(NAMES, watts_strogatz(NAMES, 6, share, 1)) for share in (0.0, 0.1))

    assert nx.average_shortest_path_length(world) < 0.5 * nx.average_shortest_path_length(lattice)
    assert nx.average_clustering(world) > 0.6 * nx.average_clustering(lattice)


def test_everybody_dials_k_others() -> None:
    """3-out of 200: 600 lines less those few that two have drawn; each way of dialling counts."""
    edges = k_out(NAMES, 3, 1)
    dialled = Counter(a for a, _ in edges)

    assert 580 < len(edges) <= 600
    assert {3} == {count for count in dialled.values() if count > 2}
    assert max(dialled.values()) == 3


def test_nobody_has_more_lines_than_it_takes() -> None:
    """8 dialled and 16 in all: most peers are full, and none has one too many."""
    graph = make_graph(NAMES, k_out(NAMES, 8, 1, most=16))
    degrees = Counter(dict(graph.degree).values())

    assert 16 == max(degrees)
    assert degrees[16] > 120
    assert 8 <= min(degrees)


def test_islands_hang_on_their_bridges() -> None:
    """Three parts, two bridges to the next: without the bridges there are three networks."""
    parts = [NAMES[:60], NAMES[60:120], NAMES[120:180]]
    edges = islands(parts, 3, 2, 1)
    home = {name: number for number, part in enumerate(parts) for name in part}
    bridges = [edge for edge in edges if home[edge[0]] != home[edge[1]]]

    assert Counter({(0, 1): 2, (1, 2): 2}) == Counter((home[a], home[b]) for a, b in bridges)
    assert 1 == nx.number_connected_components(make_graph(home, edges))
    assert 3 == nx.number_connected_components(make_graph(home, set(edges) - set(bridges)))


def test_regions_say_how_long_a_line_takes() -> None:
    """SimBlock's table of 2019: 124 ms from North America to Europe, and back; 11 ms inside Europe."""
    regions = {"ann": "north america", "bob": "europe", "cat": "europe"}
    latencies = get_latencies([("ann", "bob"), ("bob", "cat")], regions)

    assert [("ann", "bob", 124_000), ("bob", "cat", 11_000)] == latencies
    assert BETWEEN_REGIONS == tuple(zip(*BETWEEN_REGIONS, strict=True))
    placed = Counter(spread(NAMES, {"europe": 50, "japan": 50}, 1).values())
    assert {"europe", "japan"} == set(placed)
    assert 70 < placed["japan"] < 130
    assert 6 == len(REGIONS) == len(BETWEEN_REGIONS)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: k_out(NAMES[:3], 3, 1), "peers: found 3, wanted at least 4"),
        (
            lambda: random_regular(NAMES[:5], 3, 1),
            "degree: 3 lines for each of 5 peers is an odd",
        ),
        (lambda: islands([NAMES[:5], NAMES[5:9]], 2, 5, 1), "peers of a part: found 4, wanted at least 5"),
        (
            lambda: spread(NAMES, {"moon": 1}, 1),
            "shares: found {'moon': 1}, wanted weights for some of north",
        ),
    ],
)
def test_what_cannot_be_is_refused(make: object, problem: str) -> None:
    """With what was found and what is wanted."""
    with pytest.raises(UsageError) as fault:
        make()  # type: ignore[operator]

    assert problem in str(fault.value)
