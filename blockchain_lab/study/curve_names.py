"""Names beside rising curves, each where it touches no other curve, no other name, and no quiet line.

    name_curves(axes, lines, quiet=(50, 90))      when all else is drawn: it measures what there is

A name stands right or left of its own curve. Where curves lie too close for that, it stands in the nearest
free place, and a thin line leads from it to its curve. The same curves have their names in the same places.
"""

from collections.abc import Iterator, Sequence
from math import hypot
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.float64]  # [points, 2]

HEIGHTS: Final = range(20, 90, 5)  # percent, in which names stand beside their curves
GAP: Final = 6.0  # points from a curve to its own name, and between two names
CLEAR: Final = 12.0  # points from a name to other curves: twice as far as to its own
STEP: Final = (16.0, 8.0)  # points from one free place to the next that is tried
WIDER: Final = 1.06  # a page may have other letters than those that are measured here


class Box(NamedTuple):
    """In pixels, y upwards."""

    left: float
    bottom: float
    right: float
    top: float

    def widen(self, x: float, y: float) -> "Box":
        """With a margin around it."""
        return Box(self.left - x, self.bottom - y, self.right + x, self.top + y)

    def is_in(self, other: "Box") -> bool:
        """All of it?"""
        is_across = other.left <= self.left and self.right <= other.right
        return is_across and other.bottom <= self.bottom and self.top <= other.top

    def meets(self, other: "Box") -> bool:
        """Do they have a point in common?"""
        is_across = self.left <= other.right and other.left <= self.right
        return is_across and self.bottom <= other.top and other.bottom <= self.top


class Place(NamedTuple):
    """Where a name stands, and the point of its curve that it belongs to."""

    box: Box
    at: tuple[float, float]
    is_led: bool  # by a line, for it stands away from its curve


class Names:
    """The places of some names, found one after another."""

    def __init__(self, curves: Sequence[Pixels], frame: Box, quiet: Sequence[float], unit: float) -> None:
        """Curves in level and upright steps; `quiet`: heights of level lines; `unit`: pixels of a point."""
        self.curves, self.frame, self.quiet, self.unit = curves, frame, quiet, unit
        self.boxes: list[Box] = []

    def place(self, number: int, size: tuple[float, float], heights: Sequence[float]) -> Place:
        """The first place that is free: at these heights of its curve, or anywhere. If none is, the first."""
        beside = [*self._stand_beside(number, size, heights)]
        free = (place for place in beside if self._is_free(number, place))
        away = (place for place in self._stand_away(number, size, heights) if self._is_free(number, place))
        found = next(free, None) or next(away, None) or beside[0]
        self.boxes.append(found.box)
        return found

    def _stand_beside(
        self, number: int, size: tuple[float, float], heights: Sequence[float]
    ) -> Iterator[Place]:
        """Right and left of the curve; as far as it goes sideways over the height of the letters."""
        width, tall = size
        for height in heights:
            low, high = height - tall / 2, height + tall / 2
            if not (near := find_across(self.curves[number], low, high)):
                continue
            left, right = near[0] - GAP * self.unit, near[1] + GAP * self.unit
            yield Place(Box(right, low, right + width, high), (near[1], height), False)
            yield Place(Box(left - width, low, left, high), (near[0], height), False)

    def _stand_away(
        self, number: int, size: tuple[float, float], heights: Sequence[float]
    ) -> Iterator[Place]:
        """All over the frame, nearest first to where the curve is furthest from all others."""
        frame, (width, tall) = self.frame, size
        x, y = at = max(self._get_points(number, heights), key=lambda point: self._get_room(number, point))
        lefts = np.arange(frame.left, frame.right - width, STEP[0] * self.unit)
        bottoms = np.arange(frame.bottom, frame.top - tall, STEP[1] * self.unit)
        corners = [(left, bottom) for bottom in bottoms.tolist() for left in lefts.tolist()]
        for left, bottom in sorted(
            corners, key=lambda corner: hypot(corner[0] + width / 2 - x, corner[1] + tall / 2 - y)
        ):
            yield Place(Box(left, bottom, left + width, bottom + tall), at, True)

    def _get_points(self, number: int, heights: Sequence[float]) -> list[tuple[float, float]]:
        """Of a curve, at these heights; its end, if it reaches none of them."""
        found = [(height, find_across(self.curves[number], height, height)) for height in heights]
        points = [(near[0], height) for height, near in found if near]
        return points or [(float(self.curves[number][-1, 0]), float(self.curves[number][-1, 1]))]

    def _get_room(self, number: int, point: tuple[float, float]) -> float:
        """How far it is to the next curve, sideways."""
        others = [curve for each, curve in enumerate(self.curves) if each != number]
        near = [find_across(curve, point[1], point[1]) for curve in others]
        return min((abs(x - point[0]) for found in near if found for x in found), default=0.0)

    def _is_free(self, number: int, place: Place) -> bool:
        gap, clear = GAP * self.unit, CLEAR * self.unit
        box, wide = place.box, place.box.widen(clear, gap / 2)
        if not box.is_in(self.frame) or any(box.bottom <= height <= box.top for height in self.quiet):
            return False
        if any(box.widen(gap, 0).meets(other) for other in self.boxes):
            return False
        others = [curve for each, curve in enumerate(self.curves) if each != number]
        own = box.widen(gap / 2, 0)
        return not find_touched(self.curves[number], own).size and not any(
            find_touched(curve, wide).size for curve in others
        )


def find_across(curve: Pixels, low: float, high: float) -> tuple[float, float] | None:
    """From where to where a curve goes sideways between two heights; None if it never is there."""
    near = curve[find_touched(curve, Box(-np.inf, low, np.inf, high))][..., 0]
    return (float(near.min()), float(near.max())) if near.size else None


def find_touched(curve: Pixels, box: Box) -> NDArray[np.int64]:
    """The ends of the steps that are in a box, or cross it, as [steps, 2] places in the curve."""
    begins, ends = curve[:-1], curve[1:]
    low, high = np.minimum(begins, ends), np.maximum(begins, ends)
    is_across = (low[:, 0] <= box.right) & (high[:, 0] >= box.left)
    steps = np.flatnonzero(is_across & (low[:, 1] <= box.top) & (high[:, 1] >= box.bottom))
    return np.stack([steps, steps + 1], axis=1)


def name_curves(axes: Any, lines: Sequence[Any], quiet: Sequence[float]) -> None:
    """Write the label of each line, drawn with `where="post"`, beside it. quiet: values with a line across.

    The axes keep their limits from now on. O(lines^2 x points x places that are tried).
    """
    figure = axes.figure
    axes.set_xlim(axes.get_xlim())
    figure.draw_without_rendering()  # only now things lie where they will be drawn
    unit = figure.dpi / 72
    curves = [axes.transData.transform(make_steps(line.get_xydata())) for line in lines]
    window = axes.get_window_extent()
    names = Names(curves, Box(window.x0, window.y0, window.x1, window.y1), get_heights(axes, quiet), unit)
    for number, line in enumerate(lines):
        wanted = HEIGHTS[0] + (HEIGHTS[-1] - HEIGHTS[0]) * number / len(lines)  # not one above another
        heights = get_heights(axes, sorted(HEIGHTS, key=lambda height: abs(height - wanted)))
        text = axes.annotate(line.get_label(), (0, 0), xycoords="axes fraction", parse_math=False)
        extent = text.get_window_extent()
        text.remove()
        write_name(axes, line, names.place(number, (extent.width * WIDER, extent.height), heights), unit)


def write_name(axes: Any, line: Any, place: Place, unit: float) -> None:
    """The text, and the line that leads to its curve where it needs one. A dollar sign begins no formula."""
    (x, y), box = place.at, place.box
    where = (box.left - x) / unit, ((box.bottom + box.top) / 2 - y) / unit
    look = {"arrowstyle": "-", "color": line.get_color(), "linewidth": 0.8, "shrinkA": 2, "shrinkB": 0}
    axes.annotate(
        line.get_label(),
        axes.transData.inverted().transform(place.at),
        xytext=where,
        textcoords="offset points",
        va="center",
        arrowprops=look if place.is_led else None,
        parse_math=False,
    )


def make_steps(points: Pixels) -> Pixels:
    """A curve that stays where it is until its next point, and goes straight up there."""
    steps = np.repeat(points, 2, axis=0)
    return np.stack([steps[1:, 0], steps[:-1, 1]], axis=1)


def get_heights(axes: Any, values: Sequence[float]) -> list[float]:
    """Pixels."""
    return [float(axes.transData.transform((axes.get_xlim()[0], value))[1]) for value in values]
