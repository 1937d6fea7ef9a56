"""A run in a file: scenario, actions, head and cursor, and the digests that it must come to; a little JSON.

Records are not saved, they are made again. Nothing in a file is ever unpickled or evaluated.
"""

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.sim.actions import Action, ActionTable, action_from_json, action_to_json
from blockchain_lab.sim.plain import Range, check_type, from_plain, join, to_dataclass
from blockchain_lab.sim.proof import UNPROVEN, Proof, find_edit, find_faults, make_proof, proof_to_json
from blockchain_lab.sim.scenario import Scenario
from blockchain_lab.sim.scenario_json import (
    check_peers,
    check_version,
    scenario_from_json,
    scenario_to_json,
)
from blockchain_lab.sim.timeline import Timeline

FORMAT: Final = "blockchain-lab run"  # tells a run's file from a bare scenario's
VERSION: Final = 2  # of this format; 1 had no digests
KEYS: Final = ("scenario", "actions", "head", "cursor", "digests")
NEW_FILE_MODE: Final = 0o644  # others may read; a file that is there keeps its own


@dataclass(frozen=True, slots=True)
class SavedRun:
    """One line of descent, and where its reader stood."""

    scenario: Scenario
    actions: tuple[tuple[int, Action], ...] = ()  # (after this event, action)
    head: int = 0
    cursor: int = 0
    proof: Proof = UNPROVEN
    edit: str = ""  # how the file's own digest differs from what is written there


def run_to_json(run: SavedRun) -> dict[str, Any]:
    """JSON values."""
    plain = {
        "format": FORMAT,
        "version": VERSION,
        "scenario": scenario_to_json(run.scenario),
        "actions": [[after, action_to_json(action)] for after, action in run.actions],
        "head": run.head,
        "cursor": run.cursor,
    }
    return {**plain, "digests": proof_to_json(run.proof, plain)}


def run_from_json(value: Any, table: ActionTable) -> SavedRun:
    """A run, or a bare scenario at its beginning. ScenarioError, with the path of the key."""
    keys = dict(check_type(dict, value, "the file"))
    if "format" not in keys:
        return SavedRun(scenario_from_json(keys, table))
    if keys.pop("format") != FORMAT:
        raise ScenarioError("format", f"found {value['format']!r}, accepted: {FORMAT!r}")
    version = keys.pop("version", None)
    check_version(version, "", (1, VERSION))
    wanted = KEYS if version == VERSION else KEYS[:-1]
    for key in (*keys, *wanted):
        if key not in wanted:
            raise ScenarioError(key, f"unknown key, accepted: {', '.join(wanted)}")
        if key not in keys:
            raise ScenarioError("", f"the key {key!r} is missing")
    scenario = scenario_from_json(keys["scenario"], table, path="scenario")
    head, cursor = check_type(int, keys["head"], "head"), check_type(int, keys["cursor"], "cursor")
    Range(0).check(head, "head")
    Range(0, head).check(cursor, "cursor")
    actions = from_plain(tuple[Any, ...], keys["actions"], "actions")
    read = tuple(_read_action(item, f"actions.{n}", scenario, table) for n, item in enumerate(actions))
    _check_order([after for after, _ in read], head)
    if version == 1:
        return SavedRun(scenario, read, head, cursor)
    return SavedRun(scenario, read, head, cursor, _read_proof(keys["digests"]), find_edit(value))


def _read_proof(value: Any) -> Proof:
    digests = dict(check_type(dict, value, "digests"))
    if "file" not in digests:
        raise ScenarioError("digests", "the key 'file' is missing")
    check_type(str, digests.pop("file"), "digests.file")
    proof: Proof = to_dataclass(Proof, digests, "digests")
    return proof


def _read_action(value: Any, path: str, scenario: Scenario, table: ActionTable) -> tuple[int, Action]:
    after, plain = from_plain(tuple[int, Any], value, path)
    action = action_from_json(plain, join(path, 1), table)
    check_peers(action, scenario.peers, join(path, 1))
    return after, action


def _check_order(afters: list[int], head: int) -> None:
    """Each action is an event of its own, so each comes after a later event than the one before."""
    earliest = 0
    for place, after in enumerate(afters):
        Range(earliest, head - 1).check(after, f"actions.{place}.0")
        earliest = after + 1


def save_run(path: Path, timeline: Timeline) -> None:
    """Write the branch under the cursor, with its digests. UsageError. O(records)."""
    branch, scenario = timeline.branch, timeline.scenario
    proof = make_proof(timeline)
    run = SavedRun(scenario, tuple(branch.actions), branch.head, timeline.cursor, proof)
    write_json(path, run_to_json(run))


def play_back(timeline: Timeline, run: SavedRun) -> str:
    """Make a saved run again, and stand where its reader stood. UsageError when it ends before that.

    Returns why it is not the run that was saved; "" when it is, as far as the file tells.
    """
    for after, action in run.actions:
        timeline.goto(after)
        timeline.act(action)
    timeline.goto(run.head)
    if timeline.branch.head < run.head:
        raise UsageError(
            f"the saved run reached event {run.head}, this program only {timeline.branch.head}: it was saved "
            "by another version, or its node classes have changed"
        )
    timeline.goto(run.cursor)
    faults = [] if run.proof == UNPROVEN else find_faults(run.proof, make_proof(timeline))
    if run.edit:
        return f"the file was edited after it was saved ({'; '.join([run.edit, *faults])})"
    if faults:
        return f"this program, or a class of nodes, is not the one that saved the run ({'; '.join(faults)})"
    return ""


def write_json(path: Path, value: Any) -> None:
    """Write a whole file or nothing: the old one stays until the new one is complete. UsageError."""
    temporary: str | None = None
    path = path.resolve()  # through a link, to the file that it means
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} was not saved: it is no file")
    try:
        mode = path.stat().st_mode if path.exists() else NEW_FILE_MODE
        number, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            json.dump(value, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode & 0o777)
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                os.unlink(temporary)
        raise UsageError(
            f"{path} was not saved ({error.strerror or error}); what was there before is as it was. "
            "Free some space, or save to a folder where you may write."
        ) from error
