"""The earth in two years: what was published, and what a network makes of it."""

import numpy as np
import pytest

from blockchain_lab.base.draws import MILLION
from blockchain_lab.base.errors import UsageError
from blockchain_lab.overlay.topologies import BETWEEN_REGIONS
from blockchain_lab.overlay.topologies import REGIONS as REGIONS_OF_SMALL_NETWORKS
from blockchain_lab.scale.build import get_latency
from blockchain_lab.scale.graph import make_outbound_graph
from blockchain_lab.scale.keyed_arrays import LOGNORMAL, share_out
from blockchain_lab.scale.presets import get_network
from blockchain_lab.scale.regions import EARTHS, ONION, REGIONS, add_onion, check_earth, get_earth

YEARS = sorted(EARTHS)

# Bitcoin-Simulator (Gervais and others 2016), bitcoin-topology-helper.cc: milliseconds, not rounded.
GERVAIS = (
    (35.5, 119.49, 254.79, 310.11, 154.36, 207.91),
    (119.49, 11.61, 221.08, 241.9, 266.45, 350.07),
    (254.79, 221.08, 137.09, 346.65, 255.95, 268.91),
    (310.11, 241.9, 346.65, 99.46, 172.24, 277.8),
    (154.36, 266.45, 255.95, 172.24, 8.76, 162.59),
    (207.91, 350.07, 268.91, 277.8, 162.59, 21.72),
)


def test_the_matrix_of_2019_is_that_of_the_small_networks() -> None:
    """Two floors that may not import each other have the same table."""
    assert REGIONS_OF_SMALL_NETWORKS == REGIONS
    assert BETWEEN_REGIONS == EARTHS[2019].latency


def test_the_matrix_of_2015_is_another_source_rounded() -> None:
    """SimBlock's whole milliseconds are those that Gervais and others had measured."""
    assert np.abs(np.array(EARTHS[2015].latency) - GERVAIS).max() <= 0.5


@pytest.mark.parametrize("year", YEARS)
def test_published_regions_are_possible(year: int) -> None:
    """Square, symmetric, shares that sum to one, and no line that is faster up than down."""
    earth = get_earth(year)
    check_earth(earth)
    latency = earth.get_latencies()

    assert year == earth.year
    assert (latency == latency.T).all()
    assert MILLION == sum(earth.shares)
    assert all(up < down for up, down in zip(earth.upload, earth.download, strict=True))


def test_speeds_are_bytes_not_bits() -> None:
    """Europe's 20.7 Mbit/s of 2019."""
    upload, download = EARTHS[2019].get_speeds()

    assert 2_587_500 == upload[1]
    assert 5_000_000 == download[1]


def test_four_years_made_most_ways_shorter() -> None:
    """The published comparison of the two years lives on this: lines got faster everywhere."""
    before, after = EARTHS[2015], EARTHS[2019]

    assert all(old < new for old, new in zip(before.upload, after.upload, strict=True))
    assert np.mean(before.latency) > np.mean(after.latency)


def test_behind_tor_everybody_is_equally_far() -> None:
    """One more row and column of the matrix; the six others stay as they are."""
    earth = add_onion(EARTHS[2019])
    latency = earth.get_latencies()
    check_earth(earth)

    assert (*REGIONS, ONION) == earth.regions
    assert [350_000] == np.unique(latency[-1]).tolist() == np.unique(latency[:, -1]).tolist()
    assert (EARTHS[2019].get_latencies() == latency[:-1, :-1]).all()


def test_bare_latencies_are_the_matrix() -> None:
    """Looked up peer by peer."""
    earth, graph = EARTHS[2019], make_outbound_graph(60, 4, 3)
    region = share_out(3, earth.shares, 60)
    latency = get_latency(graph, earth, region, 3, is_spread=False)
    expected = [
        earth.latency[region[peer]][region[other]] * 1_000
        for peer in range(60)
        for other in graph.others[graph.offsets[peer] : graph.offsets[peer + 1]]
    ]

    assert expected == latency.tolist()


def test_a_connection_is_as_long_there_as_back() -> None:
    """Its factor is drawn for the two peers, not for a direction; and it stays within the table."""
    earth, graph = EARTHS[2015], make_outbound_graph(200, 8, 1)
    region = share_out(1, earth.shares, 200)
    bare = get_latency(graph, earth, region, 1, is_spread=False)
    latency = get_latency(graph, earth, region, 1, is_spread=True)
    one, other = (latency[graph.connection == line] for line in (0, 7))

    assert one[0] == one[1] != other[0] == other[1]
    assert (latency * MILLION >= bare * (LOGNORMAL[0] - 1)).all()
    assert (latency * MILLION <= bare * LOGNORMAL[-1]).all()
    assert len(np.unique(latency)) > 700  # 800 connections, hardly two alike


def test_jitter_is_a_part_of_the_latency() -> None:
    """A tenth of it, for every message anew; off unless asked for."""
    calm, shaky = (
        get_network("bitcoin 2019", peers=100),
        get_network("bitcoin 2019", peers=100, jitter=100_000),
    )

    assert not calm.jitter.any()
    assert (calm.latency // 10).tolist() == shaky.jitter.tolist()


def test_a_year_that_nobody_published() -> None:
    """Refused with those that there are."""
    with pytest.raises(UsageError, match=r"^year: found 2024, wanted one of 2015, 2019$"):
        get_earth(2024)
