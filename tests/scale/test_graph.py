"""Graphs of any size: simple, the same at both ends, with the degrees asked for, always the same."""

from hashlib import sha256

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.graph import Graph, find_parts, make_graph, make_outbound_graph, make_target_graph
from blockchain_lab.scale.graph_by_degrees import lay_lines, make_graph_by_degrees

SEEDS = st.integers(0, 2**32)


def check_simple(graph: Graph) -> nx.Graph:
    """No line to oneself, none twice, and every line has a slot at both ends: as networkx has it."""
    same = nx.Graph()
    same.add_nodes_from(range(graph.size))
    same.add_edges_from(zip(graph.dialler.tolist(), graph.dialled.tolist(), strict=True))
    assert 0 == nx.number_of_selfloops(same)
    assert len(graph.dialler) == same.number_of_edges()
    for peer in range(graph.size):
        mine = slice(graph.offsets[peer], graph.offsets[peer + 1])
        assert sorted(same.neighbors(peer)) == sorted(graph.others[mine].tolist())
        for other, line in zip(graph.others[mine], graph.connection[mine], strict=True):
            assert {peer, int(other)} == {int(graph.dialler[line]), int(graph.dialled[line])}
    return same


@settings(max_examples=40)
@given(peers=st.integers(2, 60), seed=SEEDS, data=st.data())
def test_everybody_dials_as_many_as_wanted_or_knows_all(peers: int, seed: int, data: st.DataObject) -> None:
    """Any number, up to the complete graph."""
    outbound = data.draw(st.integers(1, peers - 1))
    graph = make_outbound_graph(peers, outbound, seed)
    check_simple(graph)
    dialled, degrees = np.bincount(graph.dialler, minlength=peers), np.diff(graph.offsets)

    assert (dialled <= outbound).all()
    assert ((dialled == outbound) | (degrees == peers - 1)).all()


@settings(max_examples=40)
@given(outbound=st.integers(1, 6), more=st.integers(0, 10), spare=st.integers(0, 4), seed=SEEDS)
def test_nobody_has_more_lines_than_the_maximum(outbound: int, more: int, spare: int, seed: int) -> None:
    """Even where it is so tight that all lines for callers are needed."""
    peers, maximum = 3 * outbound + 2 + more, 2 * outbound + spare
    graph = make_outbound_graph(peers, outbound, seed, maximum)
    same = check_simple(graph)
    dialled, called = (np.bincount(ends, minlength=peers) for ends in (graph.dialler, graph.dialled))

    assert np.diff(graph.offsets).max() <= maximum
    assert dialled.max() <= outbound
    for peer in np.flatnonzero(dialled < outbound):  # who lacks somebody knows all that take calls
        assert all(called[other] == maximum - outbound for other in nx.non_neighbors(same, peer))


@settings(max_examples=30)
@given(peers=st.integers(32, 120), seed=SEEDS)
def test_ipv8_peers_have_twenty_to_thirty_neighbours(peers: int, seed: int) -> None:
    """Whoever dialled: at least the target, at most the maximum."""
    graph = make_target_graph(peers, 20, 30, seed)
    check_simple(graph)
    degrees = np.diff(graph.offsets)

    assert 20 <= degrees.min() <= degrees.max() <= 30


@settings(max_examples=60)
@given(peers=st.integers(2, 40), seed=SEEDS, chance=st.floats(0.1, 1))
def test_a_graph_has_the_degrees_of_any_other_graph(peers: int, seed: int, chance: float) -> None:
    """Sparse ones by trading ends, dense ones by Havel and Hakimi; who has no neighbour gets one first."""
    other = nx.compose(nx.gnp_random_graph(peers, chance, seed=seed), nx.path_graph(peers))
    wanted = [degree for _, degree in sorted(other.degree)]
    graph = make_graph_by_degrees(wanted, seed)
    check_simple(graph)

    assert wanted == np.diff(graph.offsets).tolist()


@settings(max_examples=100)
@given(degrees=st.lists(st.integers(1, 8), min_size=9, max_size=9))
def test_degrees_are_refused_exactly_when_no_graph_has_them(degrees: list[int]) -> None:
    """Against networkx, which asks Erdős and Gallai too, but in another way."""
    try:
        graph = make_graph_by_degrees(degrees, 1)
    except UsageError:
        assert not nx.is_graphical(degrees, method="hh")
    else:
        assert degrees == np.diff(graph.offsets).tolist()


def test_havel_and_hakimi_lay_a_nearly_complete_graph() -> None:
    """Where trading would never come to an end."""
    lines = lay_lines([4, 4, 4, 3, 3])

    assert 9 == len(lines) == len({frozenset(line) for line in lines})
    assert [4, 4, 4, 3, 3] == np.bincount(np.array(lines).ravel()).tolist()


def test_own_dials_come_first_then_the_callers() -> None:
    """The order of slots is the order in which news is told, so it is part of the contract."""
    graph = make_graph(4, np.array([2, 0, 3, 0]), np.array([0, 3, 2, 1]))

    assert [3, 1, 2] == graph.others[graph.offsets[0] : graph.offsets[1]].tolist()
    assert [0, 3] == graph.others[graph.offsets[2] : graph.offsets[3]].tolist()


def test_parts_are_counted_as_networkx_counts_them() -> None:
    """One dial each leaves a network in parts; a peer without any line is a part, too."""
    graph = make_outbound_graph(300, 1, 4)
    parts = sorted(map(len, nx.connected_components(check_simple(graph))), reverse=True)

    assert len(parts) > 1
    assert parts == find_parts(graph)
    assert [2, 1] == find_parts(make_graph(3, np.array([0]), np.array([2])))


@pytest.mark.parametrize("peers", [200, 2_000, 18_077])
def test_eight_dials_connect_everybody(peers: int) -> None:
    """With a mean degree of 16; two dials would do, almost surely (Fenner, Frieze 1982)."""
    graph = make_outbound_graph(peers, 8, 1, 125)

    assert [peers] == find_parts(graph)
    assert 16 * peers == len(graph.others)
    assert np.diff(graph.offsets).max() < 125


def test_a_peer_dials_everybody_equally_often() -> None:
    """Callers are a Poisson number with mean 8, but for the dials that would be a second line."""
    graph = make_outbound_graph(18_077, 8, 7)
    callers = np.bincount(graph.dialled, minlength=18_077)

    assert 8 == callers.mean()
    assert abs(callers.var() - 8) < 0.3


def test_the_same_graph_on_every_machine() -> None:
    """By its SHA-256: only whole numbers, and no stream that somebody else could draw from."""
    digests = [
        sha256(graph.offsets.astype("<i8").tobytes() + graph.others.astype("<i8").tobytes()).hexdigest()[:16]
        for graph in (
            make_outbound_graph(2_000, 8, 1, 125),
            make_outbound_graph(30, 12, 1, 25),
            make_target_graph(2_000, 20, 30, 1),
            make_graph_by_degrees([3, 5] * 500, 1),
        )
    ]

    assert ["de1122cc839278b7", "fa0a08914df163fd", "334b6eb3e7d1edee", "6227f66bfff5640d"] == digests
