"""How far a line drawn by hand lies from a series that was measured: on average, and at the worst."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from blockchain_lab.base.units import Microseconds

Line = Sequence[Sequence[int | float]]  # points (µs, value)
BEFORE: Final = 0.0  # what a series is before its first point


@dataclass(frozen=True, slots=True)
class Distance:
    """In the unit of the values."""

    mean: float
    at: Microseconds  # when the two were furthest apart
    drawn: float  # then
    measured: float


def find_distance(drawn: Line, series: Line, begin: Microseconds, end: Microseconds) -> Distance:
    """Points joined by straight lines, level before the first and behind the last; a series goes in steps.

    O(points).
    """
    line, steps = read_line(drawn), read_steps(series)
    inner = {int(at) for at, _ in (*drawn, *series) if begin < at < end}
    times = sorted({begin, end, *inner})
    area, worst = 0.0, Distance(0.0, begin, line(begin), steps(begin))
    for start, stop in pairwise(times):
        level = steps(start)
        ends = (line(start), line(stop))
        area += get_area(ends[0] - level, ends[1] - level) * (stop - start)
        for at, value in zip((start, stop - 1), ends, strict=True):
            if abs(value - level) > abs(worst.drawn - worst.measured):
                worst = Distance(0.0, at, value, level)
    return Distance(area / (end - begin), worst.at, worst.drawn, worst.measured)


def get_area(first: float, last: float) -> float:
    """Between a straight line and zero, for a width of 1: crossing it leaves two triangles."""
    if first * last >= 0:
        return (abs(first) + abs(last)) / 2
    return (first * first + last * last) / (2 * (abs(first) + abs(last)))


def read_line(points: Line) -> Callable[[Microseconds], float]:
    """The value at a time of points joined by straight lines."""
    times = [at for at, _ in points]

    def read(at: Microseconds) -> float:
        place = bisect_right(times, at)
        if not 0 < place < len(times):
            return float(points[max(0, place - 1)][1])
        (left, low), (right, high) = points[place - 1], points[place]
        return float(low + (high - low) * (at - left) / (right - left))

    return read


def read_steps(points: Line) -> Callable[[Microseconds], float]:
    """The value at a time of a series that goes in steps."""
    times = [at for at, _ in points]

    def read(at: Microseconds) -> float:
        place = bisect_right(times, at)
        return float(points[place - 1][1]) if place else BEFORE

    return read
