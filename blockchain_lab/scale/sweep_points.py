"""What a sweep asks: which function, at which points; and how two questions differ.

A point is one choice of a value for every name in the grid, with one seed. Points are numbered in the order
of the grid: the first name turns slowest, seeds turn fastest. All that follows (rows, files, means) goes by
these numbers, so nothing depends on which worker was quicker.

A function travels by its name, never by its code: a worker imports it. No run, no file, no process here.
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from itertools import product
from math import isfinite
from pathlib import Path
from typing import Any, Final

import numpy as np

from blockchain_lab import __version__
from blockchain_lab.base.errors import UsageError

Swept = Callable[[dict[str, Any], int], Any]
SEED: Final = "seed"  # the name of the seed's column, so no name in a grid
FILE_OF_MAIN: Final = "__main__"


@dataclass(frozen=True, slots=True)
class Point:
    """One call: `function(params, seed)`."""

    number: int
    params: dict[str, Any]
    seed: int

    def __str__(self) -> str:
        return ", ".join(f"{name} = {value!r}" for name, value in {**self.params, SEED: self.seed}.items())


@dataclass(frozen=True, slots=True)
class Question:
    """All that a result depends on. Two sweeps with the same question have the same rows."""

    function: str  # "module:qualified name"
    version: str  # of this package
    grid: dict[str, list[Any]]  # plain data, as it is written to a file
    seeds: list[int]

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {"function": self.function, "version": self.version, "grid": self.grid, "seeds": self.seeds}

    def get_digest(self) -> str:
        """SHA-256 of the question as text; O(values in the grid)."""
        return sha256(json.dumps(self.to_dict()).encode()).hexdigest()

    def find_differences(self, other: Mapping[str, Any]) -> list[str]:
        """In words, how another question as plain data (from a file) differs from this one."""
        mine, found = self.to_dict(), []
        for name in ("function", "version", "seeds"):
            if other.get(name) != mine[name]:
                found.append(f"{name}: {other.get(name)!r} there, {mine[name]!r} here")
        there = other.get("grid")
        theirs = there if isinstance(there, dict) else {}
        for name in dict.fromkeys((*theirs, *self.grid)):
            if json.dumps(theirs.get(name)) != json.dumps(
                self.grid.get(name)
            ):  # 1, 1.0 and true are three values
                found.append(f"grid[{name!r}]: {theirs.get(name)!r} there, {self.grid.get(name)!r} here")
        if not found and list(theirs) != list(self.grid):
            found.append(f"order of the grid: {list(theirs)} there, {list(self.grid)} here")
        return found


def make_question(function: str, grid: Mapping[str, list[Any]], seeds: list[int]) -> Question:
    """The question of a checked grid; `function` by the name that lasts."""
    return Question(function, __version__, dict(grid), seeds)


def make_points(grid: Mapping[str, list[Any]], seeds: list[int]) -> list[Point]:
    """The points of a checked grid, in order; O(points)."""
    return [
        Point(number, dict(zip(grid, chosen, strict=True)), seed)
        for number, (*chosen, seed) in enumerate(product(*grid.values(), seeds))
    ]


def check_grid(grid: Mapping[str, Iterable[Any]]) -> dict[str, list[Any]]:
    """The grid as lists of plain data. UsageError with the place of what is wrong."""
    if not isinstance(grid, Mapping) or not grid:
        raise UsageError(f"grid: found {grid!r}, wanted a dict of at least one name with a list of values")
    checked = {}
    for name, column in grid.items():
        if not isinstance(name, str) or not name or name == SEED:
            raise UsageError(f"grid: found the name {name!r}, wanted a text other than {SEED!r}")
        if isinstance(column, (str, bytes, Mapping, set, frozenset)) or not isinstance(column, Iterable):
            raise UsageError(f"grid[{name!r}]: found {column!r}, wanted a list of values")
        checked[name] = check_values(name, list(column))
    return checked


def check_values(name: str, values: Sequence[Any]) -> list[Any]:
    """The values as plain data: at least one, and none twice. UsageError."""
    if not values:
        raise UsageError(f"grid[{name!r}]: found no values, wanted at least one")
    by_text: dict[str, Any] = {}
    for index, value in enumerate(values):
        place = f"grid[{name!r}][{index}]"
        try:
            plain = get_plain(value)
        except TypeError as error:
            raise UsageError(f"{place}: found {value!r}, {error}") from None
        if (text := json.dumps(plain)) in by_text:
            raise UsageError(f"{place}: found {value!r}, which stands at {list(by_text).index(text)} already")
        by_text[text] = plain
    return list(by_text.values())


def get_plain(value: Any) -> Any:
    """A value of a grid as JSON has it, and as the function gets it, in a worker or elsewhere.

    Tuples become lists; numbers of numpy and enums of texts or numbers become Python's. TypeError for the
    rest.
    """
    if isinstance(value, np.generic):
        value = value.item()
    match value:
        case None | bool():
            return value
        case str():
            return str(value)
        case int():
            return int(value)
        case float() if isfinite(value):
            return float(value)
        case list() | tuple():
            return [get_plain(item) for item in value]
        case dict() if all(isinstance(key, str) for key in value):
            return {key: get_plain(item) for key, item in value.items()}
    wanted = "None, a truth value, a finite number, a text, or lists and dicts of these"
    raise TypeError(f"a {type(value).__name__} that a checkpoint cannot hold; wanted {wanted}")


def check_seeds(seeds: Iterable[int]) -> list[int]:
    """The seeds as a list of different whole numbers, at least one. UsageError."""
    if isinstance(seeds, (str, bytes)) or not isinstance(seeds, Iterable):
        raise UsageError(f"seeds: found {seeds!r}, wanted a list of whole numbers, for example range(5)")
    checked: dict[int, None] = {}
    for seed in seeds:
        number = seed.item() if isinstance(seed, np.integer) else seed
        if not isinstance(number, int) or isinstance(number, bool):
            raise UsageError(f"seeds: found {seed!r}, wanted whole numbers")
        if number in checked:
            raise UsageError(f"seeds: found {number} twice; a run would be counted twice")
        checked[number] = None
    if not checked:
        raise UsageError("seeds: found none, wanted at least one")
    return list(checked)


def get_function_name(function: Swept) -> str:
    """How a worker finds the function: "module:qualified name". UsageError when no worker could."""
    name, module = getattr(function, "__qualname__", None), getattr(function, "__module__", None)
    if not callable(function) or name is None or module is None:
        raise UsageError(f"function: found {function!r}, wanted a function defined by `def` in a module")
    if "<lambda>" in name:
        raise UsageError("function: found a lambda, which a worker cannot import; give it a name with `def`")
    if "<locals>" in name:
        raise UsageError(
            f"function: found {name}, which is defined inside another function, where no worker can import "
            "it; move it to the top of its module"
        )
    if module == FILE_OF_MAIN and get_script() is None:
        raise UsageError(
            f"function: found {name}, which is defined in a cell of a notebook (or at a prompt). A worker is "
            "a new Python that knows no cells; write the function into a file beside the notebook (a cell "
            f"that begins with %%writefile my_sweep.py), then `from my_sweep import {name}`"
        )
    full = f"{module}:{name}"
    try:
        found = find_function(full)
    except (ImportError, AttributeError):
        found = None
    if found is not function:
        raise UsageError(f"function: under the name {full} a worker finds {found!r}, wanted {function!r}")
    return full


def get_script() -> Path | None:
    """The file that Python was started with; None in a notebook, at a prompt, for text from a pipe."""
    file = getattr(sys.modules[FILE_OF_MAIN], "__file__", None)
    return Path(file) if file is not None and Path(file).is_file() else None


def get_lasting_name(name: str) -> str:
    """The function's name for a file: what a script calls `__main__` has the script's own name."""
    script = get_script()
    module, _, function = name.partition(":")
    return f"{script.stem}:{function}" if module == FILE_OF_MAIN and script else name


def find_function(name: str) -> Any:
    """What stands under a name; ImportError and AttributeError when nothing does."""
    module, _, path = name.partition(":")
    found: Any = import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    return found
