"""The books of a sweep alone, with workers that a test plays: who is blamed when nobody knows who did it."""

from concurrent.futures import Future
from typing import Any

import pytest

from blockchain_lab.scale.sweep_points import Point, make_points
from blockchain_lab.scale.sweep_run import SweepRun
from blockchain_lab.scale.sweep_task import Outcome
from blockchain_lab.scale.workers import Workers


class Death(Exception):
    """What a cluster raises for each batch that was on a dead worker."""


class Cluster(Workers):
    """Three places on one machine: a bad point takes down all that is under way with it."""

    deaths, losses = (Death,), (ConnectionError,)
    is_certain = False
    size = 3

    def __init__(self, *bad: int) -> None:
        self.bad = bad
        self.sizes: list[int] = []  # of each crowd

    def submit(self, batch: Any) -> Future[Any]:
        """Under way until `play`."""
        return Future()

    def play(self, under_way: dict[Future[Any], list[Point]]) -> None:
        """All that is under way ends."""
        self.sizes.append(len(under_way))
        is_bad = any(point.number in self.bad for batch in under_way.values() for point in batch)
        for future, batch in under_way.items():
            if is_bad:
                future.set_exception(Death())
            else:
                future.set_result([Outcome(point.number, {"value": 1}, "", 1.0) for point in batch])


class Processes(Cluster):
    """Workers of which one dies alone; quick points, so they travel in batches."""

    is_certain = True

    def play(self, under_way: dict[Future[Any], list[Point]]) -> None:
        """All that is under way ends."""
        for future, batch in under_way.items():
            self.sizes.append(len(batch))
            if any(point.number in self.bad for point in batch):
                future.set_exception(Death())
            else:
                future.set_result([Outcome(point.number, {"value": 1}, "", 0.001) for point in batch])


def run_to_the_end(cluster: Cluster, points: int, retries: int) -> SweepRun:
    """Fill, play, take, until it is over."""
    run = SweepRun(make_points({"x": list(range(points))}, [0]), cluster, None, retries)
    for _ in range(20 * points):
        if run.is_over:
            break
        run.fill()
        assert run.futures, "something waits, and nothing is under way"
        cluster.play(run.futures)
        run.take(list(run.futures))
    return run


@pytest.mark.parametrize("bad", [(), (0,), (4,), (2, 3), (0, 8)])
def test_only_the_culprits_fail(bad: tuple[int, ...]) -> None:
    """Whoever was beside one is asked again by itself, with nothing beside it."""
    result = run_to_the_end(Cluster(*bad), 9, retries=1).get_result()

    assert list(bad) == [failure.params["x"] for failure in result.failed]
    assert [x for x in range(9) if x not in bad] == result.get_column("x").tolist()
    assert () == result.missing


def test_a_batch_that_died_is_split() -> None:
    """Its other points have done nothing; even without retries they are asked once more."""
    processes = Processes(120, 121)
    result = run_to_the_end(processes, 300, retries=0).get_result()

    assert [120, 121] == [failure.params["x"] for failure in result.failed]
    assert [1, 1] == [failure.tries for failure in result.failed]
    assert 298 == len(result.rows)
    assert max(processes.sizes) > 5
    assert [1, 1] == processes.sizes[-2:]


def test_what_is_suspect_waits_for_the_others() -> None:
    """Nobody else is slowed down by a quarrel about one point."""
    cluster = Cluster(0)
    run_to_the_end(cluster, 9, retries=1)

    assert [3, 3, 3, 1, 1, 1] == cluster.sizes


def test_nothing_more_goes_out_when_the_workers_are_lost() -> None:
    """The first refusal ends it; what had come stays."""
    cluster = Cluster()
    run = SweepRun(make_points({"x": list(range(9))}, [0]), cluster, None, 1)
    run.fill()
    cluster.play(run.futures)
    run.take(list(run.futures))

    asked = []

    def refuse(batch: Any) -> Future[Any]:
        asked.append(batch)
        raise ConnectionError("gone")

    cluster.submit = refuse  # type: ignore[method-assign]
    assert [] == run.fill()

    assert 1 == len(asked)
    assert run.is_over
    assert (3, 6) == (len(run.get_result().rows), len(run.get_result().missing))
    assert "the workers were lost: ConnectionError: gone" in run.get_result().trouble[0]
