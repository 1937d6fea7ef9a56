"""What is read off a run: every number of a run made by hand is checked with a pencil."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.small_propagation import make_small_propagation

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale import measures
from blockchain_lab.scale.network import freeze
from blockchain_lab.scale.propagation import NEVER

RUN = make_small_propagation()


def test_delays_count_from_a_block_s_birth() -> None:
    """The miner's is nothing; where a block never came there is no number."""
    delays = RUN.get_delays()

    assert [[0, 10, 30, 60, None], [90, 50, 20, 0, None], [10, 0, 10, 40, 100]] == delays.tolist()
    assert 2 == np.ma.count_masked(delays)


@pytest.mark.parametrize(
    ("percent", "each", "mean"),
    [
        (20, [0, 0, 0], 0),  # one of five: the miner
        (21, [10, 20, 10], 13),  # two are needed for a little more
        (50, [30, 50, 10], 30),
        (60, [30, 50, 10], 30),
        (80, [60, 90, 40], 63),
        (90, [None, None, 100], 100),  # four of five are no 90 %
        (100, [None, None, 100], 100),
    ],
)
def test_percentiles_are_of_all_peers(percent: float, each: list[int | None], mean: int) -> None:
    """The miner counts, and so does who is never reached. The mean is of blocks that got so far."""
    assert each == RUN.get_percentiles(percent).tolist()
    assert mean == RUN.get_percentile(percent)


@pytest.mark.parametrize("percent", [0, -1, 101, float("nan")])
def test_there_is_no_such_percentile(percent: float) -> None:
    """Over nothing, at most all."""
    with pytest.raises(UsageError, match=r"wanted more than 0 and at most 100"):
        RUN.get_percentile(percent)


def test_what_nobody_reached_has_no_percentile() -> None:
    """A question about something that never was is answered by a sentence, not by a number."""
    lonely = replace(RUN, arrival=freeze([[1_000] + [NEVER] * 4] * 3), found_at=freeze([1_000] * 3))

    assert 0 == lonely.get_percentile(20)
    with pytest.raises(UsageError, match="no block of this run reached so many peers"):
        lonely.get_percentile(50)


def test_the_curve_is_the_mean_over_blocks() -> None:
    """Of 15 pairs of block and peer, 3 at once, 6 after 10 µs … and 13 in the end, for two never are."""
    curve = RUN.get_curve(points=15)

    assert [0, 10, 20, 30, 40, 50, 60, 90, 100] == curve.times.tolist()
    assert [3, 6, 7, 8, 9, 10, 11, 12, 13] == [round(share * 15) for share in curve.shares]


def test_the_curve_by_power() -> None:
    """Peer 4 has none, so all power is reached; of 30 shares the miners' own are there at once."""
    curve = RUN.get_curve(points=15, by_power=True)

    assert 8 == round(curve.shares[0] * 30)
    assert 8 + 4 + 1 + 2 == round(curve.shares[1] * 30)  # 10 µs: block 0 at peer 1, block 2 at 0 and 2
    assert 1.0 == curve.shares[-1]


def test_a_thin_curve_has_points_of_the_full_one() -> None:
    """It is not smoothed: each point is true."""
    full = dict(zip(*map(np.ndarray.tolist, RUN.get_curve(points=15)), strict=True))
    thin = dict(zip(*map(np.ndarray.tolist, RUN.get_curve(points=4)), strict=True))

    assert 4 == len(thin)
    assert thin.items() <= full.items()
    with pytest.raises(UsageError, match="found 1 points"):
        RUN.get_curve(points=1)


def test_mean_delays() -> None:
    """420 µs over 13 arrivals; by power each arrival counts as often as its peer has power."""
    by_power = 1 * (0 + 90 + 10) + 4 * (10 + 50 + 0) + 2 * (30 + 20 + 10) + 3 * (60 + 0 + 40)

    assert 420 / 13 == RUN.get_mean_delay()
    assert by_power / 30 == RUN.get_mean_delay(by_power=True)


def test_the_chain_that_won() -> None:
    """Block 2 stands on block 0, so block 1 was found in vain."""
    assert (2, [0, 2], [1]) == (RUN.find_head(), RUN.get_chain(), RUN.get_stale().tolist())
    assert 1 / 3 == RUN.get_stale_rate()


@pytest.mark.parametrize(
    ("best", "power", "head", "stale"),
    [
        ([0, 0, 0, 1, 1], [1, 4, 2, 3, 0], 0, [1, 2]),
        ([0, 1, 0, 1, 0], [1, 4, 2, 3, 0], 1, [0, 2]),
        ([0, 1, 1, 0, 2], [1, 1, 1, 1, 0], 0, [1, 2]),  # a tie: the one found first
        ([1, 1, 2, 2, 2], [0, 0, 0, 0, 0], 2, [1]),  # nobody mines: peers count
        ([-1, -1, -1, 0, 0], [1, 1, 1, 1, 1], -1, [0, 1, 2]),  # most have heard nothing
    ],
)
def test_the_head_is_where_most_power_stands(
    best: list[int], power: list[int], head: int, stale: list[int]
) -> None:
    """Not where most peers stand, unless none of them mines."""
    network = replace(RUN.network, power=freeze(power))
    run = replace(RUN, best=freeze(best), network=network)

    assert (head, stale) == (run.find_head(), run.get_stale().tolist())


def test_the_tree_of_a_block() -> None:
    """Block 2 began in peer 1: two children at once, a chain behind them."""
    tree = RUN.get_tree(2)

    assert (1, [1, 0, 1, 2, 3]) == (tree.root, tree.depth.tolist())
    assert [1, 2, 1, 1] == tree.count_by_depth().tolist()
    assert [0, 2, 1, 1, 0] == tree.count_children().tolist()
    assert ([0, 2], []) == (tree.get_children(1).tolist(), tree.get_children(0).tolist())
    assert [1, 2, 3, 4] == tree.find_path(4)
    graph = tree.to_networkx()
    assert {(1, 0), (1, 2), (2, 3), (3, 4)} == set(graph.edges)
    assert {"depth": 3, "delay": 100} == graph.nodes[4]


def test_the_tree_leaves_out_whom_it_never_reached() -> None:
    """Peer 4 has no depth, no path and no node."""
    tree = RUN.get_tree(0)

    assert (NEVER, NEVER, []) == (tree.depth[4], tree.delay[4], tree.find_path(4))
    assert [1, 1, 1, 1] == tree.count_by_depth().tolist()
    assert 4 not in tree.to_networkx()
    with pytest.raises(UsageError, match="found 3, wanted 0 to 2"):
        RUN.get_tree(3)


def test_bytes_for_each_peer_and_block() -> None:
    """Fifteen pairs share them."""
    assert {"inv": 61.0, "getdata": 610 / 15, "block": 5_350_000 / 15} == RUN.get_bytes_each()


def test_it_says_what_came_of_it() -> None:
    """A table in a terminal and in a notebook, one line as a value in a list."""
    text = str(RUN)

    for words in (
        "five in a row, 5 peers",
        "3 found, 1 stale (33.33%)",
        "86.67% of all",
        "15 messages, 61 b",
    ):
        assert words in text
    assert "<Propagation of 3 blocks among 5 peers, inventory>" == repr(RUN)
    assert text.count("\n") + 1 == RUN._repr_html_().count("<tr>")
    hostile = replace(RUN, network=replace(RUN.network, name="<b>"))
    assert "&lt;b&gt;" in hostile._repr_html_()


@given(st.lists(st.lists(st.integers(-1, 50), min_size=4, max_size=4), min_size=1, max_size=6))
def test_mean_delay_is_the_area_above_the_curve(rows: list[list[int]]) -> None:
    """What theory calls the integral of 1 - f(t), for any arrivals that reach everybody."""
    delays = measures.compute_delays(freeze([0] * len(rows)), freeze(rows).clip(0))
    weights = freeze([1, 2, 3, 0])
    times, shares = measures.compute_curve(delays, weights, 50)
    area = times[0] + ((1 - shares[:-1]) * np.diff(times)).sum()

    assert shares[-1] == 1.0
    assert area == pytest.approx(measures.compute_mean_delay(delays, weights))
