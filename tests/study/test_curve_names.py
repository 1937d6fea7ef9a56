"""Names beside curves: whatever lies close, none touches a curve or another name, and each finds its own."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from blockchain_lab.study.curve_names import name_curves

QUIET = (50, 90)
TIMES = np.linspace(0, 10, 200)


def make_rise(half: float, slope: float = 2.0) -> Any:
    """Percent over `TIMES`: an S whose middle is at `half`."""
    return 100 / (1 + np.exp(-slope * (TIMES - half)))


def draw(rises: dict[str, Any], *, is_log: bool = False) -> tuple[Any, list[Any]]:
    """Axes with named curves, and the curves."""
    axes = Figure(figsize=(8, 4), layout="constrained").subplots()
    lines = [
        line
        for name, rise in rises.items()
        for line in axes.step(TIMES[1:], rise[1:], where="post", label=name)
    ]
    if is_log:
        axes.set_xscale("log")
    axes.set_ylim(0, 104)
    axes.set_xlabel("seconds")
    name_curves(axes, lines, QUIET)
    axes.figure.draw_without_rendering()
    return axes, lines


def trace(axes: Any, line: Any) -> Any:
    """All points of a curve, one for each tenth of a pixel: level to the next time, then upright."""
    points = axes.transData.transform(line.get_xydata())
    parts = []
    for (x, y), (next_x, next_y) in pairwise(points):
        across, up = (max(2, int(10 * abs(way))) for way in (next_x - x, next_y - y))
        parts.append(np.stack([np.linspace(x, next_x, across), np.full(across, y)], axis=1))
        parts.append(np.stack([np.full(up, next_x), np.linspace(y, next_y, up)], axis=1))
    return np.concatenate(parts)


def measure_gap(box: Any, points: Any) -> float:
    """Pixels from a text to the nearest point; 0 if it is under the text."""
    across = np.maximum.reduce([box.x0 - points[:, 0], points[:, 0] - box.x1, np.zeros(len(points))])
    up = np.maximum.reduce([box.y0 - points[:, 1], points[:, 1] - box.y1, np.zeros(len(points))])
    return float(np.hypot(across, up).min())


def get_letters(text: Any) -> Any:
    """The box of the letters alone, without a line that leads away."""
    return Text.get_window_extent(text)


APART = {"soon": make_rise(2), "later": make_rise(5), "last": make_rise(8)}
CLOSE = {f"{number} lines": make_rise(4 + 0.12 * number) for number in range(6)}
CROSSING = {"steep": make_rise(5, 5), "flat": make_rise(5, 0.8), "early": make_rise(4.6, 5)}
SAME = {"inv": make_rise(5), "headers": make_rise(5), "a name that is much longer": make_rise(5.2)}


@pytest.mark.parametrize("is_log", [False, True])
@pytest.mark.parametrize("rises", [APART, CLOSE, CROSSING, SAME], ids=["apart", "close", "crossing", "same"])
def test_no_name_touches_anything(rises: dict[str, Any], is_log: bool) -> None:
    """Not another name, no curve (its own neither), no quiet line, not the frame."""
    axes, lines = draw(rises, is_log=is_log)
    boxes = [get_letters(text) for text in axes.texts]
    curves, frame = [trace(axes, line) for line in lines], axes.get_window_extent()
    quiet = axes.transData.transform([(1, percent) for percent in QUIET])[:, 1]

    assert list(rises) == [text.get_text() for text in axes.texts]
    for number, box in enumerate(boxes):
        assert all(measure_gap(box, curve) > 2 for curve in curves)
        assert all(not box.overlaps(other) for other in boxes[:number])
        assert all(not box.y0 <= height <= box.y1 for height in quiet)
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1


@pytest.mark.parametrize("rises", [APART, CLOSE, CROSSING, SAME], ids=["apart", "close", "crossing", "same"])
def test_each_name_finds_its_curve(rises: dict[str, Any]) -> None:
    """It stands nearest to its own, or a line of its curve's colour leads from it to a point of it."""
    axes, lines = draw(rises)
    curves = [trace(axes, line) for line in lines]

    for number, text in enumerate(axes.texts):
        gaps = [measure_gap(get_letters(text), curve) for curve in curves]
        if text.arrow_patch is None:
            assert all(gaps[number] < gap for gap in gaps[:number] + gaps[number + 1 :])
        else:
            x, y = axes.transData.transform(text.xy)
            assert np.hypot(*(curves[number] - (x, y)).T).min() < 1
            assert lines[number].get_color() == text.arrowprops["color"]


def test_only_close_curves_need_lines_to_their_names() -> None:
    """Three that lie apart have their names beside them; of six in a bundle some are led."""
    apart, close = (draw(rises)[0].texts for rises in (APART, CLOSE))

    assert [None] * 3 == [text.arrow_patch for text in apart]
    assert any(text.arrow_patch for text in close)


def test_the_same_curves_have_their_names_in_the_same_places() -> None:
    """To the pixel."""
    first, second = ([text.get_position() for text in draw(CLOSE)[0].texts] for _ in range(2))

    assert first == second
    assert len(set(first)) == len(first)


def test_a_curve_that_is_over_at_once_still_has_its_name() -> None:
    """It is at all heights at one moment, or at none of them."""
    axes, _ = draw({"at once": np.full(len(TIMES), 100.0), "never": np.full(len(TIMES), 1.0)})

    assert ["at once", "never"] == [text.get_text() for text in axes.texts]
