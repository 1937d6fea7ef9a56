"""What runs in a worker: some points of a sweep, each with its own fate.

Only plain data goes in and comes out. A function that raises spoils its own point; a function that cannot be
imported is said before the first point runs.
"""

import os
import signal
import threading
import time
import traceback
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from multiprocessing import parent_process
from typing import Any

from blockchain_lab.scale.sweep_answers import Answer, read_answer
from blockchain_lab.scale.sweep_points import SEED, Point, find_function


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one point: its answer, or in one sentence why there is none."""

    number: int
    answer: Answer | None
    problem: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a worker says first: its process, and why it cannot work, if it cannot."""

    process: int
    problem: str


def greet(name: str) -> Greeting:
    """Is the function there?"""
    try:
        find_function(name)
    except Exception as error:  # importing a module runs it
        return Greeting(os.getpid(), f"{type(error).__name__}: {error}")
    return Greeting(os.getpid(), "")


def run_points(name: str, points: Sequence[Point]) -> list[Outcome]:
    """One after the other, in order. Raises what importing the function raises, and nothing else."""
    function = find_function(name)
    return [run_point(function, point) for point in points]


def run_point(function: Any, point: Point) -> Outcome:
    """One call. What it raises, and an answer that is none, become a sentence."""
    begun = time.perf_counter()
    answer, problem = None, ""
    try:
        found = function(deepcopy(point.params), point.seed)
    except (Exception, SystemExit) as error:
        problem = describe(error)
    else:
        try:
            answer = read_answer(found, {**point.params, SEED: None})
        except ValueError as error:
            problem = str(error)
    return Outcome(point.number, answer, problem, time.perf_counter() - begun)


def describe(error: BaseException) -> str:
    """The error in a sentence, with the place where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({os.path.basename(frames[-1].filename)}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{place}"


def settle_in() -> None:
    """Before anything else in a process of ours: who decides when it ends.

    Ctrl-C reaches every process of a terminal, but only the one that sweeps may answer it. And a process
    ends when the one that started it is gone, however that went (a kill, too).
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()

    def watch() -> None:
        assert parent is not None
        parent.join()
        os._exit(1)

    if parent is not None:
        threading.Thread(target=watch, daemon=True, name="watch of the parent").start()
