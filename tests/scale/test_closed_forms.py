"""Formulas against sums done otherwise, figures recomputed from papers, and graphs that are drawn."""

from math import exp, log

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.errors import UsageError
from blockchain_lab.chain.races import compute_stale_rate
from blockchain_lab.scale.closed_forms import (
    compute_connected_chance,
    compute_connecting_degree,
    compute_fork_rate,
    compute_fork_rate_by_seconds,
    compute_lost_time,
)

CURVES = st.lists(
    st.tuples(st.integers(0, 50), st.floats(0, 1, allow_nan=False)), min_size=1, max_size=20
).map(lambda points: (sorted(at for at, _ in points), sorted(share for _, share in points)))


@pytest.mark.parametrize(
    ("times", "shares", "lost"),
    [
        ([0], [1.0], 0),
        ([7], [1.0], 7),  # nobody, not even the miner, before
        ([0, 10], [0.0, 1.0], 10),  # all at once after 10
        ([0, 10], [0.5, 1.0], 5),
        ([0, 4, 10], [0.25, 0.5, 1.0], 4 * 0.75 + 6 * 0.5),
        ([0, 4], [0.25, 0.9], float("inf")),  # a tenth never hears
    ],
)
def test_lost_time_is_the_area_above_the_curve(times: list[int], shares: list[float], lost: float) -> None:
    """Rectangles, added by hand."""
    assert lost == pytest.approx(compute_lost_time(times, shares))


@given(CURVES)
def test_lost_time_equals_a_sum_over_every_unit_of_time(curve: tuple[list[int], list[float]]) -> None:
    """The slow way: look at each unit, and see who knows."""
    times, shares = curve
    shares[-1] = 1.0
    slow = sum(
        1 - max((share for at, share in zip(times, shares, strict=True) if at <= now), default=0)
        for now in range(times[-1])
    )

    assert slow == pytest.approx(compute_lost_time(times, shares))


@pytest.mark.parametrize(
    ("delay", "percent"), [(1, 0.1665), (2, 0.3328), (6.5, 1.0775), (12.6, 2.0781), (20, 3.2784)]
)
def test_when_all_hear_at_once_it_is_the_simple_formula(delay: float, percent: float) -> None:
    """1 - exp(-D / 600), recomputed for the delays that are quoted most."""
    assert percent == pytest.approx(100 * compute_fork_rate([0, delay], [0, 1], 600), abs=5e-5)
    assert compute_stale_rate(delay, 600) == pytest.approx(compute_fork_rate([0, delay], [0, 1], 600))


def test_the_median_alone_says_too_little() -> None:
    """Half of the power hears after 2 s, the rest after 60: far more forks than 2 s for all would make."""
    curve = [0, 2, 60], [0, 0.5, 1]

    assert 31 == pytest.approx(compute_lost_time(*curve))
    assert 15 < compute_fork_rate(*curve, 600) / compute_stale_rate(2, 600) < 15.5


def test_decker_and_wattenhofer_by_seconds() -> None:
    """Their 1.78 % is what 11.37 s of lost time give at their 633.68 s between blocks; exactly, by powers."""
    found = compute_fork_rate_by_seconds([0, 11.37], [0, 1], 633.68)

    assert 1 - (1 - 1 / 633.68) ** 11.37 == pytest.approx(found)
    assert 1.78 == round(100 * found, 2)
    assert compute_fork_rate([0, 11.37], [0, 1], 633.68) < found < 1.001 * compute_stale_rate(11.37, 633.68)


def test_what_never_arrives_forks_for_sure() -> None:
    """Two halves of a network that never meet."""
    assert 1.0 == compute_fork_rate([0, 1], [0, 0.5], 600)
    assert 1.0 == compute_fork_rate_by_seconds([0, 1], [0, 0.5], 600)


@pytest.mark.parametrize(
    ("times", "shares"),
    [([], []), ([0], [0, 1]), ([0, 1], [1, 0.5]), ([2, 1], [0, 1]), ([-1, 1], [0, 1]), ([0, 1], [-0.1, 1])],
)
def test_what_is_no_curve_is_refused(times: list[float], shares: list[float]) -> None:
    """Time does not go back, and nobody forgets a block."""
    with pytest.raises(UsageError, match="wanted as many of both"):
        compute_lost_time(times, shares)


def test_other_bad_arguments() -> None:
    """What was found and what was wanted."""
    with pytest.raises(UsageError, match="spacing: found 0, wanted more than 0"):
        compute_fork_rate([0], [1], 0)
    with pytest.raises(UsageError, match=r"found 0\.5 s, wanted more than one second"):
        compute_fork_rate_by_seconds([0], [1], 0.5)
    with pytest.raises(UsageError, match="peers: found 1, wanted 2"):
        compute_connected_chance(1, 3)
    with pytest.raises(UsageError, match="chance: found 1, wanted more than 0 and less"):
        compute_connecting_degree(100, 1)


def test_connected_when_the_degree_is_the_logarithm() -> None:
    """At ln n, 9.80 for 18,077 peers, one graph in e ** -1 holds together; both formulas are inverse."""
    assert 9.80 == round(log(18_077), 2)
    assert exp(-1) == pytest.approx(compute_connected_chance(18_077, log(18_077)))
    for chance in (0.01, 0.5, 0.999):
        degree = compute_connecting_degree(18_077, chance)
        assert chance == pytest.approx(compute_connected_chance(18_077, degree))


@pytest.mark.parametrize("above", [-0.5, 1.0, 2.5])
def test_random_graphs_hold_together_as_often_as_they_should(above: float) -> None:
    """A hundred graphs of networkx with 1,000 peers each: within three standard deviations of the formula."""
    peers, graphs = 1_000, 100
    degree = log(peers) + above
    chance = compute_connected_chance(peers, degree)
    found = sum(
        nx.is_connected(nx.fast_gnp_random_graph(peers, degree / (peers - 1), seed=seed))
        for seed in range(graphs)
    )

    assert abs(found - graphs * chance) < 3 * (graphs * chance * (1 - chance)) ** 0.5
