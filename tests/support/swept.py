"""Functions that tests sweep: workers import them by name, so they stand in a module of their own.

Each call that a test wants to count leaves a file behind, for workers share no memory with a test.
"""

import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np

from blockchain_lab.base.draws import draw, get_key, to_below


def luck(params: dict[str, Any], seed: int) -> dict[str, Any]:
    """Two numbers and an array that depend on the point alone."""
    key = get_key(seed, *[repr(item) for item in sorted(params.items())])
    few = np.array([to_below(draw(key, number), 1000) for number in range(3)], dtype=np.int32)
    return {"whole": to_below(key, 10**6), "ratio": key / 3.0, "few": few}


def total(params: dict[str, Any], seed: int) -> int:
    """A bare number."""
    return sum(params.values()) * 1000 + seed


def counted(params: dict[str, Any], seed: int) -> int:
    """`total` of `x`, and one more file in the folder for each run of this point."""
    note_run(params, seed)
    time.sleep(params.get("sleep", 0))
    return params["x"] * 1000 + seed


def note_run(params: dict[str, Any], seed: int) -> int:
    """Leave a file; answers how many runs of this point there have been, this one included."""
    folder = Path(params["folder"])
    (folder / f"{params['x']}-{seed}-{time.time_ns()}-{os.getpid()}").touch()
    return count_runs(folder, params["x"], seed)


def count_runs(folder: Path, x: Any = "*", seed: Any = "*") -> int:
    """How often a point was run, or all points."""
    return len(list(folder.glob(f"{x}-{seed}-*")))


def picky(params: dict[str, Any], seed: int) -> int:
    """Raises at x = 3, always."""
    note_run(params, seed)
    if params["x"] == 3:
        raise ValueError(f"three is not welcome with seed {seed}")
    return int(params["x"])


def shaky(params: dict[str, Any], seed: int) -> int:
    """Raises the first time at every point."""
    if note_run(params, seed) == 1:
        raise OSError("not now")
    return int(params["x"])


def deadly(params: dict[str, Any], seed: int) -> int:
    """At x = `bad` its worker is killed, always; two further on the first time."""
    runs, bad = note_run(params, seed), params["bad"]
    if params["x"] == bad or (params["x"] == bad + 2 and runs == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    return int(params["x"])


def leaving(params: dict[str, Any], seed: int) -> int:
    """Calls for the end of its worker, politely."""
    raise SystemExit(params["x"] + seed)


def odd_answer(params: dict[str, Any], seed: int) -> Any:
    """What no checkpoint could hold, by name."""
    return {
        "text": "seven",
        "empty": {},
        "taken": {"kind": 1},
        "seed": {"seed": 1},
        "large": np.zeros(20_000),
        "objects": {"a": np.array([object()])},
        "number": {7: seed},
    }[params["kind"]]


def extremes(params: dict[str, Any], seed: int) -> dict[str, Any]:
    """Numbers that JSON does not know."""
    return {
        "nan": float("nan"),
        "inf": np.float32("inf"),
        "few": np.array([np.nan, -np.inf, params["x"] + seed]),
    }


def greedy(params: dict[str, Any], seed: int) -> int:
    """Eats what it is given."""
    few = params.pop("few")
    few.append(seed)
    return int(few.pop()) + few.pop()


def slow(params: dict[str, Any], seed: int) -> int:
    """From x = 3 on longer than any test waits."""
    time.sleep(600 if params["x"] >= 3 else 0)
    return int(params["x"] + seed)
