"""How many lines peers have: named plans, and the law of 2015 against its own table."""

import numpy as np
import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.overlay.degrees import BITCOIN, IPV8
from blockchain_lab.scale.degrees import (
    LINE_PLANS,
    MEASURED_2015,
    LinePlan,
    draw_outbound,
    get_line_plan,
    wire_peers,
)
from blockchain_lab.scale.graph import find_parts


def test_the_plans_are_those_of_the_small_networks() -> None:
    """8 of 125 and 20 of 30, the same two numbers on both floors."""
    here = {name: (plan.outbound, plan.maximum) for name, plan in LINE_PLANS.items() if not plan.law}

    assert {"bitcoin": tuple(BITCOIN), "ipv8": tuple(IPV8)} == here


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_drawn_degrees_follow_the_law(seed: int) -> None:
    """Pearson's chi-square; one degree has no chance. With 18 free ones, 42.3 is exceeded once in 1,000."""
    peers = 18_077
    found = np.bincount(draw_outbound(MEASURED_2015, peers, seed), minlength=21)[1:]
    expected = np.diff([0, *MEASURED_2015]) * peers / 1_000_000
    possible = expected > 0

    assert 0 == found[~possible].sum()
    assert ((found - expected)[possible] ** 2 / expected[possible]).sum() < 42.3


def test_the_mean_of_the_law() -> None:
    """The sum of the chances to have more than 0, 1, 2 .. is the mean: 8.645."""
    mean = sum(1_000_000 - below for below in (0, *MEASURED_2015[:-1])) / 1_000_000

    assert 8.645 == mean
    assert abs(draw_outbound(MEASURED_2015, 100_000, 1).mean() - mean) < 0.05


def test_a_peer_keeps_its_degree_when_others_join() -> None:
    """Its draw is keyed by its own number."""
    few, many = (draw_outbound(MEASURED_2015, peers, 9) for peers in (100, 1_000))

    assert few.tolist() == many[:100].tolist()


@pytest.mark.parametrize(
    ("name", "least", "most"), [("bitcoin", 8, 125), ("ipv8", 20, 30), ("measured 2015", 1, 2_000)]
)
def test_a_plan_wires_a_network_in_one_part(name: str, least: int, most: int) -> None:
    """2,000 peers, everybody within the plan's bounds."""
    graph = wire_peers(get_line_plan(name), 2_000, 1)
    degrees = np.diff(graph.offsets)

    assert least <= degrees.min() <= degrees.max() <= most
    assert [2_000] == find_parts(graph)


def test_a_walk_stops_when_it_has_found_enough() -> None:
    """Most peers of IPv8 stay near 20: they look for one neighbour after the other, and callers count."""
    degrees = np.diff(wire_peers(get_line_plan("ipv8"), 2_000, 1).offsets)

    assert 20 == np.median(degrees) or 21 == np.median(degrees)
    assert degrees.mean() < 22


def test_a_number_is_a_plan() -> None:
    """All dial so many; those who dial more than 62 get more than Core's 125 lines."""
    assert LinePlan(outbound=10, maximum=125) == get_line_plan(10) == get_line_plan(np.int64(10))
    assert LinePlan(outbound=100, maximum=200) == get_line_plan(100)


@pytest.mark.parametrize("law", [(), (500_000, 400_000, 1_000_000), (100_000, 900_000), (-1, 1_000_000)])
def test_a_law_that_is_none_is_refused(law: tuple[int, ...]) -> None:
    """It must rise to one."""
    with pytest.raises(UsageError, match=r"^law: found .* wanted numbers that rise to 1000000$"):
        draw_outbound(law, 10, 1)
