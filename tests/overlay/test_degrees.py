"""What is the effect of this value? Networks of peers that dial 1 to 20 others, against theory and the table.

The table (5,000 peers; mean way, share of the survivors that hangs together) was made with another program;
beside each test stands how far we may be from it.
"""

import networkx as nx
import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.overlay.degrees import (
    BITCOIN,
    IPV8,
    PLANS,
    compute_connectivity,
    compute_copies,
    compute_keep_threshold,
    compute_mean_path,
    compute_survival,
    get_shape,
    make_graph,
)
from blockchain_lab.overlay.topologies import k_out, ring

PEERS = [f"p{number}" for number in range(5_000)]
PATHS = {2: (6.49, 6.14), 3: (5.08, 4.75), 4: (4.34, 4.10), 8: (3.42, 3.07)}  # k: measured, ln n / ln 2k
FARTHEST = {2: 10, 3: 7, 4: 6, 8: 5, 20: 4}
SURVIVORS = {  # k: share of the dead -> share of the others in one piece
    2: {0.5: 0.84, 0.9: 0.03},
    3: {0.5: 0.97, 0.7: 0.75, 0.9: 0.03},
    4: {0.5: 0.99, 0.7: 0.87, 0.9: 0.07},
    8: {0.5: 1.0, 0.7: 0.995, 0.8: 0.97, 0.9: 0.69},
}


@pytest.fixture(scope="module")
def graphs() -> dict[int, nx.Graph]:
    """Networks of 5,000 peers, by how many each dials."""
    return {k: make_graph(PEERS, k_out(PEERS, k, seed=1)) for k in (2, 3, 4, 8, 20)}


def test_ways_grow_with_the_logarithm(graphs: dict[int, nx.Graph]) -> None:
    """The mean way is a little longer than ln n / ln 2k. Within 0.4 of the table; the farthest within a hop.

    From 8 to 20 lines: 0.7 hops less, and 2.6 times the copies.
    """
    shapes = {k: get_shape(graph, sources=15) for k, graph in graphs.items()}
    for k, (measured, formula) in PATHS.items():
        assert measured == pytest.approx(shapes[k].mean_path, abs=0.4)
        assert formula == pytest.approx(compute_mean_path(5_000, k), abs=0.01)
    for k, shape in shapes.items():
        assert [5_000] == shape.components, "from two lines on, all hang together"
        assert FARTHEST[k] == pytest.approx(shape.eccentricity, abs=1)
        assert 2 * k == pytest.approx(2 * shape.lines / shape.peers, rel=0.01)
        assert 5_000 == sum(shape.degrees.values())
        assert k <= min(shape.degrees)
    assert 0.5 < shapes[8].mean_path - shapes[20].mean_path < 0.9
    assert [15, 39] == [compute_copies(8), compute_copies(20)]


@pytest.mark.parametrize("k", list(SURVIVORS))
def test_a_network_outlives_most_of_its_peers(graphs: dict[int, nx.Graph], k: int) -> None:
    """Within 0.06 of the table. Near the threshold luck decides, so those cells are left out there."""
    for dead, share in SURVIVORS[k].items():
        alive = sum(compute_survival(graphs[k], dead, seed) for seed in range(3)) / 3

        assert share == pytest.approx(alive, abs=0.06), dead


def test_below_a_threshold_it_falls_to_pieces(graphs: dict[int, nx.Graph]) -> None:
    """1 / (<d²>/<d> - 1) of the peers must live: 0.285, 0.183, 0.133, 0.065 for 2, 3, 4, 8."""
    for k, threshold in ((2, 0.285), (3, 0.183), (4, 0.133), (8, 0.065)):
        degrees = [degree for _, degree in graphs[k].degree]
        mean, squares = sum(degrees) / 5_000, sum(degree * degree for degree in degrees) / 5_000

        assert threshold == pytest.approx(compute_keep_threshold(k), abs=0.002)
        assert threshold == pytest.approx(1 / (squares / mean - 1), abs=0.006)
        assert compute_survival(graphs[k], 1 - 0.5 * threshold, 1) < 0.1
        assert compute_survival(graphs[k], 1 - 2.5 * threshold, 1) > 0.5


def test_the_fewest_that_must_die_are_the_neighbours_of_the_loneliest() -> None:
    """A 3-out network of 60 is cut by as many deaths as its loneliest peer has lines; a ring by two."""
    names = PEERS[:60]
    graph = make_graph(names, k_out(names, 3, seed=1))

    assert min(get_shape(graph).degrees) == compute_connectivity(graph) >= 3
    assert 2 == compute_connectivity(make_graph(names, ring(names)))


def test_a_ring_is_measured_right() -> None:
    """Ten peers: two lines each, at most five hops, 25/9 on average; and a peer without lines is a part."""
    shape = get_shape(make_graph(PEERS[:10], ring(PEERS[:10])))
    lonely = get_shape(make_graph(PEERS[:11], ring(PEERS[:10])))

    assert (10, 10, {2: 10}, [10], 5) == (*shape[:4], shape.eccentricity)
    assert 25 / 9 == pytest.approx(shape.mean_path)
    assert ([10, 1], {0: 1, 2: 10}) == (lonely.components, lonely.degrees)


def test_two_systems_two_answers() -> None:
    """8 of 125 and 20 of 30. IPv8's peers have little room left: most of them are full."""
    assert (BITCOIN, IPV8) == (PLANS["bitcoin"], PLANS["ipv8"]) == ((8, 125), (20, 30))
    names = PEERS[:300]
    for plan in PLANS.values():
        shape = get_shape(make_graph(names, k_out(names, plan.outbound, 1, most=plan.most)))

        assert max(shape.degrees) <= plan.most
        assert [300] == shape.components
        assert (shape.degrees.get(30, 0) > 200) == (plan == IPV8)


def test_what_cannot_be_is_refused() -> None:
    """Nobody dials none, and somebody must be left alive."""
    with pytest.raises(UsageError, match="outbound: found 0, wanted at least 1"):
        compute_keep_threshold(0)
    with pytest.raises(UsageError, match="dead: found 1, wanted a share from 0 on"):
        compute_survival(make_graph(PEERS[:10], []), 1, 1)
