"""Figures of large runs: the right lines, names at them, and nothing that only a colour tells."""

from dataclasses import replace

import pytest
from support.small_propagation import make_small_propagation

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.network import freeze
from blockchain_lab.scale.plan import Relay
from blockchain_lab.scale.thing import RUMOURS
from blockchain_lab.study.spread_figures import plot_bytes, plot_spread, plot_tree

RUN = make_small_propagation()
FAST = replace(
    make_small_propagation(Relay.PUSH), messages={"cmpctblock": 15}, bytes_sent={"cmpctblock": 150_000}
)
BOTH = {"inventory": RUN, "push $1$": FAST}


def test_a_line_for_each_run() -> None:
    """Seconds to the right, percent upwards, as the curve has it; each with its own dash and name."""
    figure = plot_spread(BOTH)
    (axes,) = figure.axes
    slow, fast, *quiet = axes.get_lines()
    curve = RUN.get_curve()

    assert (curve.times / 1e6).tolist() == slow.get_xdata().tolist()
    assert (curve.shares * 100).tolist() == slow.get_ydata().tolist()
    assert slow.get_linestyle() != fast.get_linestyle()
    assert ["50 %", "90 %"] == [line.get_label() for line in quiet]
    assert ["inventory", "push $1$"] == [text.get_text() for text in axes.texts]
    assert not any(text.get_parse_math() for text in axes.texts)
    assert "% of the peers" == axes.get_ylabel()
    assert "inventory" in figure.describe()


def test_by_power_and_with_a_logarithm() -> None:
    """The miner's own moment, 0, has no place on a logarithmic axis."""
    (axes,) = plot_spread({"run": RUN}, by_power=True, is_log=True).axes
    curve = RUN.get_curve(by_power=True)

    assert "log" == axes.get_xscale()
    assert (curve.times[1:] / 1e6).tolist() == axes.get_lines()[0].get_xdata().tolist()
    assert "% of the hash power" == axes.get_ylabel()


def test_what_goes_round_may_be_no_block() -> None:
    """The axis says what."""
    labels = [plot_spread({"run": RUN}, **words).axes[0].get_xlabel() for words in ({}, {"thing": RUMOURS})]

    assert ["seconds since a block was found", "seconds since a rumour began"] == labels


def test_bars_by_command() -> None:
    """The largest part first; the sum is written behind each bar; parts differ by hatch."""
    (axes,) = plot_bytes(BOTH).axes
    names = [part.get_label() for part in axes.containers]
    first = [bar.get_width() for bar in axes.containers[0]]

    assert ["block", "cmpctblock", "inv", "getdata"] == names
    assert [5_350_000 / 15, 0] == first
    assert 4 == len({part.patches[0].get_hatch() for part in axes.containers})
    assert [" 356,768", " 10,000"] == [text.get_text() for text in axes.texts]


def test_the_tree_of_a_flood() -> None:
    """Dots at milliseconds and hops, a way from each deliverer, and how many there are at each depth."""
    (axes,) = plot_tree(RUN, 2).axes
    (dots,) = axes.collections
    ways = [list(zip(*line.get_data(), strict=True)) for line in axes.get_lines()]

    assert [[0, 0], [0.01, 1], [0.01, 1], [0.04, 2], [0.1, 3]] == dots.get_offsets().tolist()
    assert [(0, 0), (0.01, 1)] in ways and [(0.04, 2), (0.1, 3)] in ways and 4 == len(ways)
    assert ["1", "2", "1", "1"] == [text.get_text() for text in axes.texts]


def test_a_large_flood_is_thinned() -> None:
    """Two thousand peers in a star: every second dot, no ways, and the count is of all."""
    peers = 2_000
    network = replace(RUN.network, offsets=freeze(range(peers + 1)), others=freeze([0] * peers))
    star = replace(
        RUN,
        network=network,
        arrival=freeze([[1_000, *range(1_001, 1_000 + peers)]]),
        deliverer=freeze([[0] * peers]),
    )
    (axes,) = plot_tree(star, 0).axes

    assert peers // 2 == len(axes.collections[0].get_offsets())
    assert [] == list(axes.get_lines())
    assert ["1", "1,999"] == [text.get_text() for text in axes.texts]


@pytest.mark.parametrize("plot", [plot_spread, plot_bytes])
def test_too_few_or_too_many(plot: object) -> None:
    """Eight lines cannot be told apart."""
    for runs in ({}, dict.fromkeys("abcdefgh", RUN)):
        with pytest.raises(UsageError, match=f"found {len(runs)}, wanted 1 to 7"):
            plot(runs)
