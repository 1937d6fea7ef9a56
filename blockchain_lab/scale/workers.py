"""Who computes the points of a sweep: processes of this machine, a Dask cluster, a caller's executor.

All do the same: `submit` a batch of points, get a future of its outcomes. What differs is what is known when
a worker dies. Our own processes hold one batch each, so a death tells whose fault it was, and only that
process is replaced. Dask runs the batch again on another worker, and gives up after some deaths.

Everything listens on the loopback address only, unless a caller names a scheduler elsewhere.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import current_process, get_context
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.sweep_points import Point
from blockchain_lab.scale.sweep_task import Greeting, Outcome, greet, run_points, settle_in

Batch = Sequence[Point]
Choice = Executor | int | str | None

LOOPBACK: Final = "127.0.0.1"
DASK: Final = "dask"
ADDRESSES: Final = ("tcp://", "tls://", "ws://", "wss://", "ucx://", "inproc://")  # as Dask writes them
PATIENCE: Final = 60.0  # seconds for the first word of a worker: it imports the function's module
DIAL_PATIENCE: Final = 10.0  # seconds until a scheduler counts as unreachable
GUARD: Final = (
    "in a script, call sweep below the line `if __name__ == '__main__':`, for every worker begins by reading "
    "the script; a script from standard input cannot be read"
)


class Workers:
    """A caller's own executor: used as it is, and left running."""

    deaths: tuple[type[BaseException], ...] = ()  # exceptions that say: the worker died under this batch
    losses: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError, RuntimeError)  # nothing runs
    is_certain = False  # does a death tell which batch was at fault?

    def __init__(self, executor: Executor, name: str) -> None:
        """UsageError when the function cannot be imported there."""
        self.executor, self.name = executor, name
        self.size = getattr(executor, "_max_workers", None) or os.cpu_count() or 1  # as the library's own say
        check_greetings([executor.submit(greet, name)], PATIENCE)

    def submit(self, batch: Batch) -> Future[list[Outcome]]:
        """Hand over a batch. No more than `size` at a time."""
        return self.executor.submit(run_points, self.name, batch)

    def close(self, *, is_hurried: bool) -> None:
        """The sweep is over; `is_hurried`: what still runs is not waited for."""


@dataclass(slots=True)
class Desk:
    """One worker process, and what it is working on."""

    executor: ProcessPoolExecutor
    greeting: Future[Greeting]
    work: Future[list[Outcome]] | None = None

    @property
    def is_free(self) -> bool:
        """Can it take a batch?"""
        return self.work is None or self.work.done()


class LocalWorkers(Workers):
    """Processes of this machine, started afresh ("spawn"), so that nothing of ours is in them by accident."""

    deaths = (BrokenExecutor,)
    losses = (OSError,)  # the system starts no more processes
    is_certain = True

    def __init__(self, size: int, name: str) -> None:
        """Start them and wait until each has found the function. UsageError when one cannot begin."""
        check_is_not_being_read()
        self.name, self.size = name, size
        self.desks = [self._open_desk() for _ in range(size)]
        try:
            check_greetings([desk.greeting for desk in self.desks], PATIENCE)
        except BaseException:
            self.close(is_hurried=True)
            raise

    def submit(self, batch: Batch) -> Future[list[Outcome]]:
        """To a free process; one that has died is replaced first."""
        number = next(number for number, desk in enumerate(self.desks) if desk.is_free)
        try:
            work = self.desks[number].executor.submit(run_points, self.name, batch)
        except BrokenExecutor:
            self.desks[number].executor.shutdown(wait=False)
            self.desks[number] = self._open_desk()
            work = self.desks[number].executor.submit(run_points, self.name, batch)
        self.desks[number].work = work
        return work

    def get_processes(self) -> list[int]:
        """The ids of the processes that have said their first word."""
        greetings = [desk.greeting for desk in self.desks]
        return [each.result().process for each in greetings if each.done() and each.exception() is None]

    def close(self, *, is_hurried: bool) -> None:
        """End the processes."""
        if is_hurried:
            for desk in self.desks:
                self._end(desk)
        for desk in self.desks:
            desk.executor.shutdown(wait=not is_hurried, cancel_futures=True)

    def _open_desk(self) -> Desk:
        executor = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=settle_in)
        return Desk(executor, executor.submit(greet, self.name))

    def _end(self, desk: Desk) -> None:
        """Not at the end of its batch, but now: a point may take hours."""
        if desk.is_free:
            return
        wait([desk.greeting], timeout=PATIENCE)  # a process that is only just beginning
        if desk.greeting.done() and desk.greeting.exception() is None:
            with suppress(ProcessLookupError):
                os.kill(desk.greeting.result().process, signal.SIGTERM)


class DaskWorkers(Workers):
    """Workers of a Dask scheduler, ours or somebody's."""

    def __init__(self, address: str | None, size: int, name: str, tries: int) -> None:
        """Connect to `address`; None: a cluster of `size` processes, listening on the loopback address.

        UsageError: Dask is not installed, nobody answers, no workers, the function is not there.
        """
        self.name, self.address = name, address
        self.cluster: Any = None
        self.client: Any = None
        distributed = import_distributed()
        self.deaths = (distributed.KilledWorker,)
        self.losses = (CancelledError, asyncio.CancelledError, OSError)
        try:
            if address is None:
                check_is_not_being_read()
                self.cluster = start_cluster(distributed, size, tries)
            self.client = connect(distributed, self.cluster or address, address)
            self.size = sum(self.client.ncores().values())
            self.executor = self.client.get_executor(pure=False)
            check_greetings([self.executor.submit(greet, name)], PATIENCE)
        except BaseException:
            self.close(is_hurried=True)
            raise

    def close(self, *, is_hurried: bool) -> None:
        """Disconnect, and end the cluster if it is ours."""
        if self.client is not None:
            if is_hurried and self.client.status == "running":
                self.executor.shutdown(wait=False)  # Dask cancels what it still has
            self.client.close()
        if self.cluster is not None:
            self.cluster.close()


def open_workers(choice: Choice, name: str, points: int, tries: int) -> Workers:
    """The workers that a caller chose, for a function by name; `points` is how much there is to do.

    `choice`: None (a process for each core), a number of processes, an executor, "dask", a scheduler's
    address; `tries`: after how many deaths a cluster of ours gives a batch up.
    UsageError for anything else, and for workers that cannot begin.
    """
    cores = os.cpu_count() or 1
    match choice:
        case None:
            return LocalWorkers(min(cores, points), name)
        case int() if choice >= 1 and not isinstance(choice, bool):
            return LocalWorkers(min(choice, points), name)
        case Executor():
            return Workers(choice, name)
        case str() if choice == DASK:
            return DaskWorkers(None, min(cores, points), name, tries)
        case str() if choice.startswith(ADDRESSES):
            return DaskWorkers(choice, 0, name, tries)
    raise UsageError(
        f"executor: found {choice!r}, wanted None, a number of processes from 1, an executor of "
        f"concurrent.futures, {DASK!r}, or a scheduler's address such as 'tcp://{LOOPBACK}:8786'"
    )


def check_greetings(greetings: Sequence[Future[Greeting]], patience: float) -> None:
    """Wait until every worker has found the function. UsageError says why one has not."""
    done, late = wait(greetings, timeout=patience)
    if late:
        raise UsageError(f"executor: {len(late)} workers have said nothing for {patience:.0f} s")
    for greeting in done:
        try:
            problem = greeting.result().problem
        except BrokenExecutor:
            raise UsageError(f"executor: a worker died before it could begin; {GUARD}") from None
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        if problem:
            raise UsageError(f"executor: a worker cannot import the function: {problem}")


def check_is_not_being_read() -> None:
    """A new process reads the script that started it: it must not begin a sweep meanwhile. UsageError."""
    if getattr(current_process(), "_inheriting", False):  # multiprocessing's own mark of this moment
        raise UsageError(f"executor: this process is only now being started; {GUARD}")


def import_distributed() -> Any:
    """Dask, when somebody asks for it. UsageError when it is missing."""
    try:
        return import_module("distributed")
    except ImportError as error:
        raise UsageError(
            f"executor: Dask cannot be imported ({error}); pip install 'blockchain-lab[cluster]'"
        ) from None


def start_cluster(distributed: Any, size: int, tries: int) -> Any:
    """Worker processes of this machine: one thread each, no dashboard, loopback only.

    A scheduler has a small HTTP server even without its dashboard; it gets any free port instead of 8787.
    """
    return distributed.LocalCluster(
        host=LOOPBACK,
        n_workers=size,
        threads_per_worker=1,
        processes=True,
        dashboard_address=f"{LOOPBACK}:0",
        worker_dashboard_address=None,
        scheduler_kwargs={"allowed_failures": tries - 1, "dashboard": False},
    )


def connect(distributed: Any, scheduler: Any, address: str | None) -> Any:
    """A client with at least one worker behind it, within DIAL_PATIENCE each. UsageError."""
    where = f"scheduler at {address or scheduler.scheduler_address}"
    late = f"executor: the {where} cannot be reached within"

    def dial() -> Any:
        return distributed.Client(scheduler, timeout=f"{DIAL_PATIENCE:.0f}s", set_as_default=False)

    try:
        client = call_within(2 * DIAL_PATIENCE, dial)
    except TimeoutError:
        raise UsageError(
            f"{late} {2 * DIAL_PATIENCE:.0f} s (something listens there, and does not answer)"
        ) from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{late} {DIAL_PATIENCE:.0f} s ({error})") from None
    try:
        client.wait_for_workers(1, timeout=DIAL_PATIENCE)
    except TimeoutError:
        client.close()
        raise UsageError(f"executor: the {where} has no workers; start one with dask worker") from None
    return client


def call_within(seconds: float, function: Callable[[], Any]) -> Any:
    """Call it, and give up waiting after some seconds with TimeoutError. It goes on behind our back.

    Dask's own time limit covers a scheduler that is not there, not one that takes the call and says nothing.
    """
    answer: Future[Any] = Future()

    def call() -> None:
        try:
            answer.set_result(function())
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=call, daemon=True, name="call of a scheduler").start()
    return answer.result(seconds)
