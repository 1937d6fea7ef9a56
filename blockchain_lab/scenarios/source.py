"""What a lab may be made from: a scenario's name, a `Scenario`, or the path of a saved run or scenario."""

from dataclasses import replace
from pathlib import Path

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scenarios.library import load, names
from blockchain_lab.sim.actions import ActionTable
from blockchain_lab.sim.plain import describe
from blockchain_lab.sim.saved import SavedRun, run_from_json
from blockchain_lab.sim.scenario import Scenario
from blockchain_lab.sim.scenario_json import read_json


def read_source(source: str | Path | Scenario, seed: int | None, table: ActionTable) -> SavedRun:
    """The run to play, from its beginning unless it was saved later. UsageError, ScenarioError."""
    if isinstance(source, Scenario):
        run = SavedRun(source)
    elif isinstance(source, Path) or (isinstance(source, str) and is_path(source)):
        run = run_from_json(read_json(Path(source)), table)
    elif isinstance(source, str):
        run = SavedRun(load_named(source))
    else:
        raise UsageError(f"Lab: found {describe(source)}, wanted a scenario's name, a Scenario, or a path")
    if seed is not None and run.head:
        raise UsageError(f"a saved run has its seed ({run.scenario.seed}) already; leave seed={seed} out")
    return run if seed is None else replace(run, scenario=replace(run.scenario, seed=seed))


def is_path(text: str) -> bool:
    """Is this the path of a file, rather than a scenario's name?"""
    return text.endswith(".json") or "/" in text


def load_named(name: str) -> Scenario:
    """One of our own. UsageError when there is none of that name."""
    if name not in names():
        known = ", ".join(names())
        raise UsageError(f"no scenario {name!r}; there are {known}; a saved run's path ends in .json")
    return load(name)
