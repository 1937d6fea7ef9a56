"""A sweep asks one function at every point of a grid: the same table for one worker and for many.

What is counted here is counted with files that the swept functions leave, for a worker shares no memory.
"""

import os
import random
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import swept

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.plan import Relay
from blockchain_lab.scale.sweep import sweep
from blockchain_lab.scale.sweep_progress import Progress
from blockchain_lab.scale.sweep_result import SweepResult

GRID = {"x": [3, 1, 2], "name": ["b", "a"]}
SEEDS = [7, 0, 5]


def get_texts(result: SweepResult) -> list[str]:
    """Rows as text: arrays have no plain equality."""
    return [repr(row) for row in result.rows]


def ask_by_hand(function: Any, grid: dict[str, list[Any]], seeds: list[int]) -> list[str]:
    """The same table from three loops: no batches, no workers."""
    rows = []
    for *values, seed in product(*grid.values(), seeds):
        params = dict(zip(grid, values, strict=True))
        rows.append(repr({**params, "seed": seed, **function(params, seed)}))
    return rows


class Shuffled(Executor):
    """Computes at once, but hands a result over only when `crowd` are waiting, the last one first."""

    def __init__(self, seed: int, crowd: int) -> None:
        self.luck, self.crowd = random.Random(seed), crowd
        self.held: list[tuple[Future[Any], Any]] = []

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A future that is done when others have come."""
        future: Future[Any] = Future()
        self.held.append((future, function(*args, **kwargs)))
        if len(self.held) >= self.crowd or not isinstance(self.held[0][1], list):
            self.luck.shuffle(self.held)
            while self.held:
                done, result = self.held.pop()
                done.set_result(result)
        return future


def test_the_table_is_the_one_of_three_loops() -> None:
    """One process, three processes, threads, and answers in any order: always the same rows."""
    expected = ask_by_hand(swept.luck, GRID, SEEDS)

    for executor in (1, 3):
        assert expected == get_texts(sweep(swept.luck, GRID, SEEDS, executor=executor))
    with ThreadPoolExecutor(2) as threads:
        assert expected == get_texts(sweep(swept.luck, GRID, SEEDS, executor=threads))
        assert 3 == threads.submit(sum, [1, 2]).result(), "a caller's executor is left running"


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_arrival_does_not_matter(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers come back in another order each time."""
    monkeypatch.setattr(os, "cpu_count", lambda: 6)

    result = sweep(swept.luck, GRID, SEEDS, executor=Shuffled(seed, crowd=2))

    assert ask_by_hand(swept.luck, GRID, SEEDS) == get_texts(result)


def test_columns_means_and_spreads() -> None:
    """X * 1000 + seed, so the mean over the seeds 1, 2, 6 is x * 1000 + 3, the deviation √7."""
    with ThreadPoolExecutor(1) as thread:
        result = sweep(swept.total, {"x": [2, 1]}, [1, 2, 6], executor=thread)

    assert [2001, 2002, 2006, 1001, 1002, 1006] == result.get_column("value").tolist()
    assert [2, 2, 2, 1, 1, 1] == result.get_column("x").tolist()
    assert [({"x": 2}, 2003.0, 3), ({"x": 1}, 1003.0, 3)] == [
        (each.params, each.mean, each.seeds) for each in result.get_spreads("value")
    ]
    assert [7**0.5, 7**0.5] == pytest.approx([each.spread for each in result.get_spreads("value")])
    assert result.is_complete
    with pytest.raises(UsageError, match=r"'speed'.*x, seed, value"):
        result.get_column("speed")


def test_arrays_are_stacked_and_a_single_seed_has_no_spread() -> None:
    """Elementwise, as numbers are."""
    with ThreadPoolExecutor(1) as thread:
        result = sweep(swept.luck, {"x": [1]}, [4], executor=thread)
    (only,) = result.get_spreads("few")

    assert (1, 3) == result.get_column("few").shape
    assert [0.0, 0.0, 0.0] == only.spread.tolist()
    assert np.array_equal(swept.luck({"x": 1}, 4)["few"], only.mean)


def test_a_point_that_raises_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    """Three is tried once and twice again; nobody else is run a second time."""
    result = sweep(swept.picky, {"x": [1, 2, 3, 4], "folder": [str(tmp_path)]}, [0, 9], executor=2)

    assert [1, 1, 2, 2, 4, 4] == result.get_column("value").tolist()
    assert [(3, 0, 3), (3, 9, 3)] == [(each.params["x"], each.seed, each.tries) for each in result.failed]
    assert "ValueError: three is not welcome with seed 9 (swept.py, line" in result.failed[1].problem
    assert 6 + 2 * 3 == swept.count_runs(tmp_path)
    assert "seed = 9: ValueError" in result.describe()
    assert not result.is_complete


def test_what_raises_once_is_well_the_second_time(tmp_path: Path) -> None:
    """Every point fails at first; without retries all of them do."""
    grid = {"x": [1, 2], "folder": [str(tmp_path)]}
    with ThreadPoolExecutor(1) as thread:
        hopeless = sweep(swept.shaky, grid, [0], executor=thread, retries=0)
        assert 2 == len(hopeless.failed)
        assert 1 == hopeless.failed[0].tries
        assert [1, 2] == sweep(swept.shaky, grid, [1], executor=thread).get_column("value").tolist()
    assert 2 + 4 == swept.count_runs(tmp_path)


def test_a_point_that_kills_its_worker_takes_nobody_along(tmp_path: Path) -> None:
    """33 kills every worker, 35 the first one; its neighbours in a batch have their answers, and no blame."""
    grid = {"x": list(range(64)), "bad": [33], "folder": [str(tmp_path)]}
    result = sweep(swept.deadly, grid, [0], executor=2, retries=1)

    assert [x for x in range(64) if x != 33] == result.get_column("value").tolist()
    (culprit,) = result.failed
    assert (33, "its worker died", 2) == (culprit.params["x"], culprit.problem, culprit.tries)
    assert 2 + 1 >= swept.count_runs(tmp_path, 33), "with its batch, then twice by itself"
    assert 1 == swept.count_runs(tmp_path, 63)


def test_a_callers_pool_that_breaks_ends_the_sweep(tmp_path: Path) -> None:
    """It is not ours to replace. What had come is kept; nobody is blamed for what nobody knows."""
    grid = {"x": [1, 2, 3, 4], "bad": [3], "folder": [str(tmp_path)]}
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        result = sweep(swept.deadly, grid, [0], executor=pool)

    assert ([1, 2], (), 2) == (result.get_column("value").tolist(), result.failed, len(result.missing))
    assert "the workers were lost: BrokenProcessPool" in result.describe()
    assert "not run: 2, first x = 3" in result.describe()


def test_an_exit_spoils_a_point_only() -> None:
    """`sys.exit` in a function of somebody's is no end of a worker."""
    result = sweep(swept.leaving, {"x": [1]}, [1], executor=1, retries=0)

    assert "SystemExit: 2 (swept.py, line" in result.failed[0].problem


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("text", "is a str; wanted a number"),
        ("empty", "empty dict"),
        ("taken", "'kind', which the point itself has"),
        ("seed", "'seed', which the point itself has"),
        ("large", "20,000 numbers; wanted at most 10,000"),
        ("objects", "array of object"),
        ("number", "the name 7"),
    ],
)
def test_an_answer_that_is_none_is_a_failure(kind: str, why: str) -> None:
    """The point is named with what was found; nothing reaches the table."""
    with ThreadPoolExecutor(1) as thread:
        result = sweep(swept.odd_answer, {"kind": [kind]}, [1], executor=thread, retries=0)

    assert why in result.failed[0].problem


def local(params: dict[str, Any], seed: int) -> int:
    """Hidden below by another function of this name."""
    return seed


hidden = local


def local(params: dict[str, Any], seed: int) -> int:  # type: ignore[no-redef]
    """What a worker would find instead."""
    return -seed


def get_from_a_cell() -> Any:
    """A function as a notebook's cell defines it."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec("def measure(params, seed):\n    return seed", names)
    return names["measure"]


def test_a_function_that_no_worker_can_import_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any worker starts, with what to do about it."""

    def inner(params: dict[str, Any], seed: int) -> int:
        return seed

    monkeypatch.delattr("__main__.__file__", raising=False)
    refused = {
        "found a lambda": lambda params, seed: seed,
        "defined inside another function": inner,
        "%%writefile my_sweep.py": get_from_a_cell(),
        "wanted a function defined by `def`": 5,
        "a worker finds": hidden,
    }
    for why, function in refused.items():
        with pytest.raises(UsageError, match=why):
            sweep(function, {"x": [1]}, [1])


@pytest.mark.parametrize(
    ("grid", "seeds", "why"),
    [
        ({}, [1], "grid: found {}"),
        ({"x": []}, [1], r"grid\['x'\]: found no values"),
        ({"x": "abc"}, [1], r"grid\['x'\]: found 'abc'"),
        ({"x": {1, 2}}, [1], "wanted a list"),
        ({"x": 5}, [1], "found 5"),
        ({"seed": [1]}, [1], "found the name 'seed'"),
        ({"x": [1, object()]}, [1], r"grid\['x'\]\[1\]: .*checkpoint cannot hold"),
        ({"x": [float("nan")]}, [1], r"grid\['x'\]\[0\]: found nan"),
        ({"x": [[1], {"a": {2}}]}, [1], r"grid\['x'\]\[1\]"),
        ({"x": [1, 2, 1]}, [1], "found 1, which stands at 0 already"),
        ({"x": [1]}, [], "seeds: found none"),
        ({"x": [1]}, 5, r"range\(5\)"),
        ({"x": [1]}, [1, 1], "found 1 twice"),
        ({"x": [1]}, [1.5], "found 1.5"),
        ({"x": [1]}, [True], "found True"),
    ],
)
def test_a_grid_that_is_none_is_refused(grid: Any, seeds: Any, why: str) -> None:
    """What was found, what was wanted, where."""
    with pytest.raises(UsageError, match=why):
        sweep(swept.total, grid, seeds)


@pytest.mark.parametrize("executor", [0, -1, True, "cluster", "127.0.0.1:8786", 2.0])
def test_an_executor_that_is_none_is_refused(executor: Any) -> None:
    """And told what there is."""
    with pytest.raises(UsageError, match="wanted None, a number of processes"):
        sweep(swept.total, {"x": [1]}, [1], executor=executor)


def test_other_arguments_that_cannot_be() -> None:
    """Retries and progress."""
    with pytest.raises(UsageError, match="retries: found -1"):
        sweep(swept.total, {"x": [1]}, [1], retries=-1)
    with pytest.raises(UsageError, match="progress: found 'loud'"):
        sweep(swept.total, {"x": [1]}, [1], progress="loud")  # type: ignore[arg-type]


def test_numbers_of_numpy_are_values_like_others() -> None:
    """1, 1.0 and True are three values, as a file keeps them apart."""
    with ThreadPoolExecutor(1) as thread:
        result = sweep(swept.luck, {"x": np.arange(3), "y": (1, 1.0, True)}, np.array([4]), executor=thread)

    assert [0, 1, 2] == sorted({row["x"] for row in result.rows})
    assert 9 == len(result.rows)
    assert all(type(row["x"]) is int for row in result.rows)


def test_a_function_gets_plain_values_and_may_change_them() -> None:
    """An enum is its text, a tuple a list: what the file says, wherever it runs; the table stays as it is."""
    with ThreadPoolExecutor(1) as thread:
        result = sweep(swept.greedy, {"relay": [Relay.PUSH], "few": [(1, 2)]}, [3], executor=thread)

    assert [{"relay": "push", "few": [1, 2], "seed": 3, "value": 5}] == result.rows
    assert str is type(result.rows[0]["relay"])


def test_progress_counts_up_to_the_end() -> None:
    """Never more than there is, and its last word is that it is over."""
    seen: list[Progress] = []
    with ThreadPoolExecutor(1) as thread:
        sweep(swept.total, {"x": list(range(40))}, [1], executor=thread, progress=seen.append)

    assert sorted(each.done for each in seen) == [each.done for each in seen]
    assert (40, 40, True) == (seen[-1].done, seen[-1].total, seen[-1].is_over)
    assert [False] * (len(seen) - 1) == [each.is_over for each in seen[:-1]]


def test_the_time_left_is_that_of_this_run() -> None:
    """20 of 60 came from the file, 10 took 5 s: the 30 left take 15."""
    assert 15.0 == Progress(done=28, failed=2, total=60, resumed=20, seconds=5.0).get_time_left()
    assert "28 of 60 points, 2 failed, about 0:15 left" == Progress(28, 2, 60, 20, 5.0).describe()
    assert Progress(20, 0, 60, 20, 1.0).get_time_left() is None
