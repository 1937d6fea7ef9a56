"""One function at every point of a grid, over all cores or over a cluster.

    def measure(params, seed):                       # in a file my_sweep.py, at its top level
        return {"stale": ..., "median": ...}

    result = sweep(measure, {"degree": [4, 8, 16], "relay": ["inventory", "compact"]}, seeds=range(5))
    result.rows, result.get_column("stale"), result.get_spreads("median"), result.failed

The rows are the same for one worker and for a hundred, in whatever order they answer: a function of its
point alone, seeds by number, rows by the order of the grid.
"""

import asyncio
import os
from collections.abc import Generator, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import suppress
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.checkpoint import Checkpoint
from blockchain_lab.scale.sweep_points import (
    Swept,
    check_grid,
    check_seeds,
    get_function_name,
    get_lasting_name,
    make_points,
    make_question,
)
from blockchain_lab.scale.sweep_progress import SHOWN_EVERY, Bar, Paced, Show, make_show
from blockchain_lab.scale.sweep_result import SweepResult
from blockchain_lab.scale.sweep_run import SweepRun
from blockchain_lab.scale.workers import Choice, open_workers

RETRIES: Final = 2
Grid = Mapping[str, Iterable[Any]]
File = str | os.PathLike[str] | None


def sweep(
    function: Swept,
    grid: Grid,
    seeds: Iterable[int],
    *,
    executor: Choice = None,
    checkpoint: File = None,
    retries: int = RETRIES,
    progress: bool | Show | None = None,
) -> SweepResult:
    """Call `function(params, seed)` for every choice of the grid's values and every seed; wait for all.

    function    of a module, so that workers can import it; answers with a number, or a dict of numbers and
                small numpy arrays; the same for the same point, or a retry changes the result
    executor    None: a process for each core; a number of processes; any `concurrent.futures.Executor`;
                "dask": a cluster on this machine's loopback address; "tcp://host:port": a running scheduler
    checkpoint  a file that gets every finished point at once; the same call with the same file goes on there
    retries     how often a point that raises, or whose worker dies, is tried again before it counts as failed
    progress    None: a line if there is a terminal; True, False, or a function of a `Progress`

    Ctrl-C (a notebook's stop button) cancels: finished points are returned, and `trouble` says so. A notebook
    hears nothing else while this runs; `start_sweep` leaves it free.
    UsageError, before anything is run: whatever of this cannot be. What goes wrong later is in the result.
    """
    show = Paced(make_show(progress))
    run = begin(function, grid, seeds, executor, checkpoint, retries)
    try:
        while not run.is_over:
            run.fill()
            run.take(wait(run.futures, SHOWN_EVERY, FIRST_COMPLETED).done)
            show(run.get_progress())
    except KeyboardInterrupt:
        run.is_cancelled = True
    finally:
        run.close()
    show(run.get_progress())
    return run.get_result()


def start_sweep(
    function: Swept,
    grid: Grid,
    seeds: Iterable[int],
    *,
    executor: Choice = None,
    checkpoint: File = None,
    retries: int = RETRIES,
) -> "LiveSweep":
    """For notebooks: the same as `sweep`, but returns at once, with something to look at and to cancel.

    It goes on between cells, on the kernel's own loop, without a thread: while another cell computes, the
    workers finish what they have and wait, as a press on Cancel does. `await live` in a later cell waits for
    the result; `live.result` is what there is by now. UsageError as `sweep`, and where no loop runs (in a
    script).
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        raise UsageError("start_sweep: found no running loop (this is no notebook); call sweep") from None
    return LiveSweep(begin(function, grid, seeds, executor, checkpoint, retries), loop)


class LiveSweep:
    """A sweep that runs beside the cells of a notebook. As the last thing in a cell it shows its bar."""

    def __init__(self, run: SweepRun, loop: asyncio.AbstractEventLoop) -> None:
        self.run, self._loop = run, loop
        self.bar = Bar(self.cancel)
        self.show = Paced(self.bar)
        self.task = loop.create_task(self._go_on())

    @property
    def result(self) -> SweepResult:
        """What there is now."""
        return self.run.get_result()

    def cancel(self) -> None:
        """Stop soon; what is finished stays, in `result` and in the checkpoint. From any thread."""
        self.run.is_cancelled = True

    def __await__(self) -> Generator[Any, None, SweepResult]:
        """Wait for the end."""
        return asyncio.shield(self.task).__await__()

    async def _go_on(self) -> SweepResult:
        """What `sweep` does, but the kernel is free while it waits."""
        woken = asyncio.Event()

        def wake(_future: object) -> None:  # on a thread of the workers'
            self._loop.call_soon_threadsafe(woken.set)

        try:
            while not self.run.is_over:
                for future in self.run.fill():
                    future.add_done_callback(wake)
                with suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), SHOWN_EVERY)
                woken.clear()
                self.run.take([future for future in self.run.futures if future.done()])
                self.show(self.run.get_progress())
        except Exception as error:  # no cell would show it before somebody awaits
            self.bar.words.value = f"Python raised {type(error).__name__}: {error}"
            raise
        finally:
            self.run.close()
        self.show(self.run.get_progress())
        return self.result

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The bar; and, where no widget runs, words."""
        bundle = self.bar.view._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "text/plain": self.result.describe()}, metadata


def begin(
    function: Swept, grid: Grid, seeds: Iterable[int], executor: Choice, checkpoint: File, retries: int
) -> SweepRun:
    """Check everything, open the checkpoint, start the workers that are still needed. UsageError."""
    if not isinstance(retries, int) or isinstance(retries, bool) or retries < 0:
        raise UsageError(f"retries: found {retries!r}, wanted a whole number from 0")
    name = get_function_name(function)
    values, numbers = check_grid(grid), check_seeds(seeds)
    points = make_points(values, numbers)
    question = make_question(get_lasting_name(name), values, numbers)
    file = None if checkpoint is None else Checkpoint(checkpoint, question, len(points))
    left = len(points) - (len(file.answers) if file else 0)
    try:
        workers = open_workers(executor, name, left, retries + 1) if left else None
    except BaseException:
        if file is not None:
            file.close()
        raise
    return SweepRun(points, workers, file, retries)
