"""A sweep under way: which points wait, which are out, what has come back, and what becomes of the others.

Whoever owns a run calls `fill`, waits for any of `futures`, calls `take`, until `is_over`; `sweep` does so
in a loop, a notebook between two cells. No waiting, no screen here.

A point that raises is tried again at the end. When a worker dies, its batch is split, and each point goes
out by itself; if the workers cannot tell whose batch killed them, even without any other one beside it. So
no point is counted as failed for what its neighbour did.
"""

import time
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from math import ceil
from typing import Final

from blockchain_lab.scale.checkpoint import Checkpoint
from blockchain_lab.scale.sweep_answers import Answer
from blockchain_lab.scale.sweep_points import Point
from blockchain_lab.scale.sweep_progress import Progress
from blockchain_lab.scale.sweep_result import Failure, SweepResult
from blockchain_lab.scale.sweep_task import Outcome, describe
from blockchain_lab.scale.workers import Workers

BATCH_SECONDS: Final = 0.1  # of work in one batch: sending it costs under 2 ms with any of the workers
ROUNDS: Final = 4  # but each worker gets at least so many more batches, or the last one keeps all waiting

Out = Future[list[Outcome]]


class SweepRun:
    """The books of one sweep."""

    def __init__(
        self, points: Sequence[Point], workers: Workers | None, checkpoint: Checkpoint | None, retries: int
    ) -> None:
        """`workers` is None only when the checkpoint holds every point already."""
        self.points, self.workers, self.checkpoint, self.retries = points, workers, checkpoint, retries
        self.answers: dict[int, Answer] = dict(checkpoint.answers) if checkpoint else {}
        self.resumed = len(self.answers)
        self.failures: dict[int, Failure] = {}
        self.futures: dict[Out, list[Point]] = {}
        self.is_cancelled = False  # set it from anywhere; the owner sees it after his next wait
        self._waiting = deque(point for point in points if point.number not in self.answers)
        self._again = deque[Point]()  # each by itself
        self._alone = deque[Point]()  # by itself, and nothing else beside it
        self._tries: dict[int, int] = {}
        self._seconds, self._measured = 0.0, 0
        self._lost = ""
        self._begun = time.perf_counter()

    @property
    def is_over(self) -> bool:
        """Is there nothing more to do, or nobody to do it?"""
        return self._is_ended() or self.is_cancelled or bool(self._lost)

    def fill(self) -> list[Out]:
        """Give every free worker something to do; answers the new futures."""
        assert self.workers is not None
        new: list[Out] = []
        while len(self.futures) < self.workers.size and not self._lost and (batch := self._get_next()):
            try:
                new.append(self.workers.submit(batch))
                self.futures[new[-1]] = batch
            except self.workers.losses as error:
                self._lost = describe(error)
        return new

    def take(self, done: Iterable[Out]) -> None:
        """Enter what has come back; the checkpoint has it before anybody hears of it."""
        finished: dict[int, Answer] = {}
        for future in done:
            batch = self.futures.pop(future)
            error = get_error(future)
            if error is None:
                finished |= self._enter(batch, future.result())
            else:
                self._explain(batch, error)
        if finished and self.checkpoint:
            self.checkpoint.add(finished)
        self.answers |= finished

    def close(self) -> None:
        """End workers and close the file. What was out and is not back counts as not run."""
        if self.workers is not None:
            self.workers.close(is_hurried=bool(self.futures))
        if self.checkpoint is not None:
            self.checkpoint.close()

    def get_progress(self) -> Progress:
        """How far it is."""
        passed = time.perf_counter() - self._begun
        counts = len(self.answers), len(self.failures), len(self.points), self.resumed
        return Progress(*counts, passed, self.is_over, self.is_cancelled and not self._is_ended())

    def get_result(self) -> SweepResult:
        """What there is now, in the order of the grid."""
        failed = tuple(self.failures[number] for number in sorted(self.failures))
        ended = self.answers.keys() | self.failures.keys()
        missing = tuple(point for point in self.points if point.number not in ended)
        trouble = [self.checkpoint.trouble] if self.checkpoint and self.checkpoint.trouble else []
        if self._lost:
            trouble.append(f"the workers were lost: {self._lost}")
        elif self.is_cancelled:
            trouble.append("the sweep was cancelled")
        return SweepResult(self.points, dict(self.answers), failed, missing, tuple(trouble), self.resumed)

    def _is_ended(self) -> bool:
        """Does every point have its answer, or its failure?"""
        return len(self.answers) + len(self.failures) == len(self.points)

    def _get_next(self) -> list[Point]:
        """The next batch; empty when nothing may go out now."""
        assert self.workers is not None
        if self._waiting:
            seconds = self._seconds / self._measured if self._measured else BATCH_SECONDS
            enough = ceil(BATCH_SECONDS / max(seconds, 1e-6))
            fair = len(self._waiting) // (self.workers.size * ROUNDS)
            return [self._waiting.popleft() for _ in range(max(1, min(enough, fair)))]
        if self._again:
            return [self._again.popleft()]
        if self._alone and not self.futures:
            return [self._alone.popleft()]
        return []

    def _enter(self, batch: Sequence[Point], outcomes: Sequence[Outcome]) -> dict[int, Answer]:
        """The answers of a batch that came back; points that raised are tried again."""
        answers = {}
        for point, outcome in zip(batch, outcomes, strict=True):
            self._seconds, self._measured = self._seconds + outcome.seconds, self._measured + 1
            if outcome.answer is None:
                self._count_try(point, outcome.problem)
            else:
                answers[point.number] = outcome.answer
        return answers

    def _explain(self, batch: list[Point], error: BaseException) -> None:
        """A batch that did not come back."""
        assert self.workers is not None
        is_death = isinstance(error, self.workers.deaths)
        if isinstance(error, self.workers.losses) and not is_death:
            self._lost = describe(error)
        elif len(batch) > 1:
            self._again.extend(batch)  # one of them did it
        elif not is_death or self.workers.is_certain:
            self._count_try(batch[0], "its worker died" if is_death else describe(error))
        elif self.futures or batch[0].number not in self._tries:
            self._tries.setdefault(batch[0].number, 0)
            self._alone.append(batch[0])
        else:  # the cluster has tried it on several workers, the last time with nothing beside it
            self._tries[batch[0].number] = self.retries
            self._count_try(batch[0], "every worker that ran it died")

    def _count_try(self, point: Point, problem: str) -> None:
        """Once more, or never again."""
        tries = self._tries[point.number] = self._tries.get(point.number, 0) + 1
        if tries > self.retries:
            self.failures[point.number] = Failure(point.params, point.seed, problem, tries)
        else:
            self._again.append(point)


def get_error(future: Out) -> BaseException | None:
    """Why a future that is done has no result; a cancelled one has an error, too."""
    try:
        return future.exception()
    except BaseException as error:
        return error
