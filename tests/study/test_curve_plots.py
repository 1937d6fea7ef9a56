"""Curves leave the notebook as figures: each kind that the view has, with its unit, up to the cursor."""

import re
from xml.etree import ElementTree

import pytest
from IPython.core.formatters import DisplayFormatter

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MILLISECOND, SECOND, display_hash
from blockchain_lab.lab import Lab
from blockchain_lab.study.curve_plots import PLOTS, draw_curves, plot_curves
from blockchain_lab.study.curves import find_spread, get_bytes, get_heights, get_records, get_round_trips

UNITS = {
    "coverage": "peers that have it",
    "percentiles": "until peers have it (s)",
    "heights": "height",
    "trips": "round trip (ms)",
    "bytes": "sent by all (bytes)",
    "pools": "transactions waiting",
}


@pytest.fixture(scope="module")
def lab() -> Lab:
    """A payment and blocks, run to the end."""
    lab = Lab("conflict")
    lab.run()
    return lab


@pytest.mark.parametrize("kind", UNITS)
def test_every_kind_has_a_figure_with_its_unit(lab: Lab, kind: str) -> None:
    """Seconds to the right, the value's unit at the other axis, the story's title above."""
    (axes,) = plot_curves(lab, kind).axes

    assert ("time (s)", UNITS[kind], lab.scenario.title) == (
        axes.get_xlabel(),
        axes.get_ylabel(),
        axes.get_title(),
    )
    assert axes.lines
    assert max(max(line.get_xdata()) for line in axes.lines) <= lab.now / SECOND


def test_waiting_lines_have_one_for_each_who_was_asked() -> None:
    """Twenty at ann first, twenty at dan later."""
    lab = Lab("the_herd")
    lab.run()
    (axes,) = plot_curves(lab, "queues").axes

    assert "pieces waiting" == axes.get_ylabel()
    assert {"ann": 20, "dan": 20} == {line.get_label(): max(line.get_ydata()) for line in axes.lines}


def test_finality_has_two_lines_for_each_peer() -> None:
    """What is justified, and what is final."""
    lab = Lab("happy_finality")
    lab.run()
    (axes,) = plot_curves(lab, "finality").axes

    names = {line.get_label() for line in axes.lines}
    assert {f"{name} → {what}" for name in lab.names for what in ("justified", "final")} == names
    assert {*UNITS, "finality", "queues"} == set(PLOTS)


def test_a_figure_shows_the_series_up_to_the_cursor(lab: Lab) -> None:
    """In the middle of the run it ends there, and its points are those of the folds."""
    lab.goto(event=lab.head // 2)
    (axes,) = plot_curves(lab, "heights").axes
    drawn = {line.get_label(): list(line.get_ydata()) for line in axes.lines}

    heights = get_heights(lab)
    assert {name: [value for _, value in series] for name, series in heights.items()} == {
        name: values[:-1] for name, values in drawn.items()
    }
    assert {lab.now / SECOND} == {line.get_xdata()[-1] for line in axes.lines}
    (axes,) = plot_curves(lab, "bytes").axes
    total = sum(series[-1][1] for series in get_bytes(get_records(lab)).values())
    assert total == sum(line.get_ydata()[-1] for line in axes.lines)
    lab.goto(event=lab.head)


def test_measurements_are_dots_in_their_own_unit(lab: Lab) -> None:
    """A round trip of 84,200 µs is 84.2 ms, at the time of its answer, and holds no longer."""
    trips = get_round_trips(get_records(lab), lab.names)
    pair, series = next(iter(trips.items()))
    (axes,) = plot_curves(lab, "trips").axes
    line = next(line for line in axes.lines if line.get_label() == " → ".join(pair))

    assert [took / MILLISECOND for _, took in series] == list(line.get_ydata())
    assert [at / SECOND for at, _ in series] == list(line.get_xdata())
    assert "o" == line.get_marker()


def test_one_thing_alone_can_be_drawn(lab: Lab) -> None:
    """The coverage of a block; one that never spread is refused, and so is a kind that nobody knows."""
    block = display_hash(lab.peer("ann").chain.tip.hash)
    (axes,) = plot_curves(lab, "coverage", block).axes

    (line,) = axes.lines
    points = find_spread(get_records(lab), lab.names, block).points
    assert [count for _, count in points] == list(line.get_ydata())[:-1]
    with pytest.raises(UsageError, match="found thing 'nothing', wanted one that has spread"):
        plot_curves(lab, "coverage", "nothing")
    with pytest.raises(UsageError, match="found kind 'height', wanted one of coverage, percentiles, heights"):
        plot_curves(lab, "height")
    with pytest.raises(UsageError, match="no point"):
        plot_curves(lab, "finality")


def test_curves_can_be_exported() -> None:
    """Stepped lines to the wanted end, whatever a peer is called; nothing to draw is a mistake."""
    figure = draw_curves({"ann $x$": [(0, 0), (2_000_000, 5)], "bob": []}, "height", until=4_000_000)

    (axes,) = figure.axes
    (line,) = axes.lines
    assert ([0, 2, 4], [0, 5, 5]) == (list(line.get_xdata()), list(line.get_ydata()))
    assert ("time (s)", "height") == (axes.get_xlabel(), axes.get_ylabel())
    with pytest.raises(UsageError, match="no point"):
        draw_curves({"ann": []}, "height")


def test_a_cell_shows_the_figure_itself() -> None:
    """Without pyplot IPython would write `<Figure ...>`: the figure brings a drawing, and what it shows.

    Paper has no colour, ink has the page's: the drawing is right in the light theme and in the dark one.
    """
    figure = draw_curves({"ann": [(0, 0), (3_000_000, 1)], "<bob>": [(0, 1)]}, "height", title="Two & two")
    formatted, _ = DisplayFormatter().format(figure)
    shown = formatted["text/html"]
    drawing = ElementTree.fromstring(shown[shown.index("<svg") : shown.index("</svg>") + 6])
    painted = {part for text in drawing.itertext() for part in re.findall(r"#[0-9a-f]{6}", text)}
    for element in drawing.iter():
        painted |= set(re.findall(r"#[0-9a-f]{6}", f"{element.get('style')} {element.get('fill')}"))

    assert 'aria-label="Two &amp; two height over time (s): ann, &lt;bob&gt;."' in shown
    assert {"#1f77b4", "#ff7f0e", "#b0b0b0"} == painted  # two lines and the grid
    assert "image/png" not in formatted
