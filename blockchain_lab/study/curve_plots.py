"""Curves as a figure for a page or a slide. matplotlib is imported when the first one is drawn; no pyplot.

figure = draw_curves(get_heights(lab), "height"); figure.savefig("heights.svg")
"""

from collections.abc import Mapping
from typing import Any

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.study.curves import Series

MOST_NAMED = 10  # more lines than that have no legend
SIZE = (8.0, 4.0)  # inches


def draw_curves(
    curves: Mapping[Any, Series], unit: str, *, title: str = "", until: Microseconds | None = None
) -> Any:
    """A matplotlib `Figure`: one stepped line for each series, seconds to the right.

    unit: of the values, written at their axis; until: how far lines go, by default to the last change of any.
    UsageError for nothing to draw.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415  (0.3 s, and not always wanted)

    if not any(curves.values()):
        raise UsageError("draw_curves: found no point in any series, wanted at least one")
    end = until if until is not None else max(series[-1][0] for series in curves.values() if series)
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    for name, series in curves.items():
        points = [point for point in series if point[0] <= end]
        if points:
            times, values = zip(*points, (end, points[-1][1]), strict=True)
            label = " → ".join(name) if isinstance(name, tuple) else str(name)
            axes.step([at / SECOND for at in times], values, where="post", label=label, linewidth=1.5)
    axes.set_xlabel("time (s)")
    axes.set_ylabel(unit, parse_math=False)
    axes.set_title(title, parse_math=False)
    axes.grid(alpha=0.3)
    if len(curves) <= MOST_NAMED:
        for text in axes.legend().get_texts():
            text.set_parse_math(False)  # a dollar sign in a peer's name begins no formula
    return figure
