"""Curves as a figure for a page or a slide. matplotlib is imported when the first one is drawn; no pyplot.

figure = plot_curves(lab, "heights"); figure.savefig("heights.svg")     as the view "curves", up to the cursor
figure = draw_curves({"ann": [(0, 0), (3_200_000, 1)]}, "height")       any series
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MILLISECOND, SECOND, Microseconds
from blockchain_lab.lab import Lab
from blockchain_lab.study.curves import (
    PERCENTS,
    Series,
    find_spreads,
    get_bytes,
    get_finality,
    get_heights,
    get_percentiles,
    get_pool_sizes,
    get_queues,
    get_records,
    get_round_trips,
)

MOST_NAMED: Final = 10  # more lines than that have no legend
SIZE: Final = (8.0, 4.0)  # inches

Curves = Mapping[Any, Series]


def draw_curves(
    curves: Curves, unit: str, *, title: str = "", until: Microseconds | None = None, are_steps: bool = True
) -> Any:
    """A matplotlib `Figure`: one line for each series, seconds to the right.

    unit: of the values, written at their axis; until: how far lines go, by default to the last change of any;
    are_steps: a value holds until the next one; otherwise each is a measurement, a dot.
    UsageError for nothing to draw.
    """
    from blockchain_lab.study.shown_figure import ShownFigure  # noqa: PLC0415  (0.3 s, not always wanted)

    if not any(curves.values()):
        raise UsageError("draw_curves: found no point in any series, wanted at least one")
    end = until if until is not None else max(series[-1][0] for series in curves.values() if series)
    figure = ShownFigure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    for name, series in curves.items():
        points = [point for point in series if point[0] <= end]
        if not points:
            continue
        label = " → ".join(name) if isinstance(name, tuple) else str(name)
        last = [(end, points[-1][1])] if are_steps else []
        times, values = zip(*points, *last, strict=True)
        seconds = [at / SECOND for at in times]
        if are_steps:
            axes.step(seconds, values, where="post", label=label, linewidth=1.5)
        else:
            axes.plot(seconds, values, marker="o", markersize=3, label=label, linewidth=1)
    axes.set_xlabel("time (s)")
    axes.set_ylabel(unit, parse_math=False)
    axes.set_title(title, parse_math=False)
    axes.grid(alpha=0.3)
    if len(curves) <= MOST_NAMED:
        for text in axes.legend(frameon=False).get_texts():
            text.set_parse_math(False)  # a dollar sign in a peer's name begins no formula
    return figure


# -- the curves of the view, by its names for them -----------------------------------------------------------


def plot_curves(lab: Lab, kind: str, thing: str | None = None) -> Any:
    """One of `PLOTS` up to the lab's cursor, with its unit: a matplotlib `Figure`.

    thing: whose coverage, as notes name it; by default all that spread.
    UsageError for a kind that nobody knows, and for one of which this run has nothing.
    """
    if kind not in PLOTS:
        raise UsageError(f"plot_curves: found kind {kind!r}, wanted one of {', '.join(PLOTS)}")
    read, unit, are_steps = PLOTS[kind]
    curves = read(lab)
    if thing is not None and thing not in curves:
        raise UsageError(f"plot_curves: found thing {thing!r}, wanted one that has spread at the cursor")
    wanted = curves if thing is None else {thing: curves[thing]}
    until = lab.now if are_steps else None
    return draw_curves(wanted, unit, title=lab.scenario.title, until=until, are_steps=are_steps)


def get_coverage(lab: Lab) -> Curves:
    """How many peers have each thing."""
    return {thing: spread.points for thing, spread in find_spreads(get_records(lab), lab.names).items()}


def get_propagation(lab: Lab) -> Curves:
    """How long until a percentage of all peers had a thing, in seconds, at the time when it began."""
    spreads = find_spreads(get_records(lab), lab.names).values()
    waits = get_percentiles(spreads, PERCENTS)
    return {f"{name} of peers": in_units(points, SECOND) for name, points in waits.items()}


def get_epochs(lab: Lab) -> Curves:
    """Two lines for each peer: ("ann", "final")."""
    names = {"justified": "justified", "finalised": "final"}
    return {
        (peer, names[what]): series for what, own in get_finality(lab).items() for peer, series in own.items()
    }


def get_pings(lab: Lab) -> Curves:
    """Round trips in milliseconds, by who asked whom."""
    trips = get_round_trips(get_records(lab), lab.names)
    return {pair: in_units(points, MILLISECOND) for pair, points in trips.items()}


def in_units(points: Series, unit: int) -> Any:
    """Values that are times, in another unit than microseconds."""
    return [(at, value / unit) for at, value in points]


PLOTS: Final[Mapping[str, tuple[Callable[[Lab], Curves], str, bool]]] = {  # series, unit, are they steps?
    "coverage": (get_coverage, "peers that have it", True),
    "percentiles": (get_propagation, "until peers have it (s)", False),
    "heights": (get_heights, "height", True),
    "finality": (get_epochs, "epoch", True),
    "trips": (get_pings, "round trip (ms)", False),
    "bytes": (lambda lab: get_bytes(get_records(lab)), "sent by all (bytes)", True),
    "pools": (get_pool_sizes, "transactions waiting", True),
    "queues": (lambda lab: get_queues(get_records(lab), lab.names), "pieces waiting", True),
}
