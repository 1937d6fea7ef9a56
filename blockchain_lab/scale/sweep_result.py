"""What a sweep has found: a table in the order of the grid, and the points that it lacks, with why.

Nothing here depends on who computed a point, or when.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.sweep_answers import Answer
from blockchain_lab.scale.sweep_points import SEED, Point


class Failure(NamedTuple):
    """A point without an answer."""

    params: dict[str, Any]
    seed: int
    problem: str  # the sentence of the last error
    tries: int

    def __str__(self) -> str:
        times = "once" if self.tries == 1 else f"{self.tries} times"
        return f"{Point(0, self.params, self.seed)}: {self.problem} (tried {times})"


class Spread(NamedTuple):
    """One choice of values over its seeds."""

    params: dict[str, Any]
    mean: Any  # a number, or an array like the answers
    spread: Any  # standard deviation of the sample (n - 1 below); 0 for a single seed
    seeds: int  # how many of them finished


@dataclass(frozen=True, slots=True, eq=False)
class SweepResult:
    """Finished points as rows; the others in `failed` and `missing`.

    `trouble` holds what went wrong around the points, in sentences: a full disk, a lost cluster, a cancel.
    """

    points: Sequence[Point] = field(repr=False)
    answers: Mapping[int, Answer] = field(repr=False)
    failed: tuple[Failure, ...]
    missing: tuple[Point, ...]  # never run to an end: the sweep was cancelled, or its workers were lost
    trouble: tuple[str, ...]
    resumed: int  # of the finished points, how many were read from the checkpoint

    @property
    def is_complete(self) -> bool:
        """Does every point have its answer?"""
        return len(self.answers) == len(self.points)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One dict for each finished point, in the order of the grid: its values, its seed, its answer."""
        return [
            {**point.params, SEED: point.seed, **self.answers[point.number]} for point in self._get_finished()
        ]

    def get_column(self, name: str) -> NDArray[Any]:
        """One column of `rows` as an array; answers that are arrays are stacked. UsageError: no such name."""
        return np.array([find_value(row, name) for row in self.rows])

    def get_spreads(self, name: str) -> list[Spread]:
        """Mean and spread of a column of answers over the seeds, for each choice of the grid's values.

        In the order of the grid; seeds that failed are left out, and a choice without any seed as well.
        """
        groups: dict[tuple[Any, ...], list[Any]] = {}
        params: dict[tuple[Any, ...], dict[str, Any]] = {}
        for point in self._get_finished():
            key = tuple(map(repr, point.params.values()))  # lists in a grid have no hash
            params[key] = point.params
            groups.setdefault(key, []).append(find_value(self.answers[point.number], name))
        return [
            Spread(params[key], np.mean(values, axis=0), get_deviation(values), len(values))
            for key, values in groups.items()
        ]

    def describe(self) -> str:
        """How it went, in lines: how many finished, and every failure."""
        counts = f"{len(self.answers)} of {len(self.points)} points finished"
        if self.resumed:
            counts += f" ({self.resumed} of them earlier)"
        failures = [f"failed: {failure}" for failure in self.failed]
        left = [f"not run: {len(self.missing)}, first {self.missing[0]}"] if self.missing else []
        return "\n".join([counts, *failures, *left, *self.trouble])

    def _get_finished(self) -> Iterator[Point]:
        return (point for point in self.points if point.number in self.answers)


def find_value(row: Mapping[str, Any], name: str) -> Any:
    """A value of a row. UsageError with the names that there are."""
    if name not in row:
        raise UsageError(f"sweep: found no column {name!r} in every row, wanted one of {', '.join(row)}")
    return row[name]


def get_deviation(values: Sequence[Any]) -> Any:
    """The standard deviation of a sample; 0 for one value, which says nothing of its spread."""
    if len(values) == 1:
        return np.zeros_like(values[0], dtype=float)[()]
    return np.std(values, axis=0, ddof=1)
