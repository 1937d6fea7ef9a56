"""The learner's own copy of the lessons: where the shipped ones lie, and how a newer copy meets edited ones.

A learner's work is never overwritten. A notebook counts as edited when its cells' sources differ from
what was put there last (outputs and metadata do not count: running a lesson is not editing it). What was
put there is remembered in `.blockchain-lab/lessons.json` of the same folder; where that is lost, whatever
differs from the shipped lesson counts as edited. A newer version goes beside an edited one, as
`14-joining-late.new.ipynb`; who deletes it is not given that version again.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.notebook_cells import read_cells

PACKAGE: Final = Path(__file__).parent
STATE_FOLDER: Final = ".blockchain-lab"  # progress lies here too
STATE_FILE: Final = "lessons.json"
INDEX: Final = "index.ipynb"


class Outcome(StrEnum):
    """What became of one shipped file."""

    COPIED = "copied"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"  # the learner's; nothing newer is shipped, or it was declined
    BESIDE = "put beside the edited one"


@dataclass(frozen=True, slots=True)
class Placed:
    """One file of the lessons folder after a copy. `name` is relative to it, with forward slashes."""

    name: str
    outcome: Outcome


def find_lessons(package: Path = PACKAGE) -> Path:
    """The shipped lessons: the wheel's copy inside the package, else the checkout's. UsageError without."""
    for folder in (package / "_lessons", package.parent / "lessons"):
        if (folder / INDEX).is_file():
            return folder
    raise UsageError(f"no lessons beside {package}: install blockchain-lab again")


def copy_lessons(source: Path, target: Path) -> list[Placed]:
    """Bring `target` up to date with the shipped lessons; in order of names. OSError when it cannot be.

    Each file is written whole or not at all, so a full disk leaves the old ones as they were.
    """
    target.mkdir(parents=True, exist_ok=True)
    state = target / STATE_FOLDER / STATE_FILE
    put_there = _read_state(state)
    placed = [_place(shipped, source, target, put_there) for shipped in _shipped_files(source)]
    _write(state, json.dumps(put_there, indent=1, sort_keys=True).encode())
    return placed


def get_fingerprint(file: Path) -> str:
    """What must differ for a file to count as edited: a notebook's cells, any other file's bytes."""
    raw = file.read_bytes()
    cells = _get_cells(raw) if file.suffix == ".ipynb" else None
    return sha256(raw if cells is None else json.dumps(cells).encode()).hexdigest()


def _get_cells(raw: bytes) -> list[tuple[str, str]] | None:
    """Kind and source of each cell. None when the file is no notebook (any more)."""
    try:
        return [(cell.kind, cell.source) for cell in read_cells(raw)]
    except ValueError:
        return None


def _shipped_files(source: Path) -> Iterator[Path]:
    """Notebooks and pictures; the scripts that make them stay behind."""
    for file in sorted(source.rglob("*")):
        parts = file.relative_to(source).parts
        if (
            file.is_file()
            and file.suffix != ".py"
            and not any(part.startswith((".", "__")) for part in parts)
        ):
            yield file


def _place(shipped: Path, source: Path, target: Path, put_there: dict[str, str]) -> Placed:
    """Bring one file up to date, or find it a name beside what the learner made of the old one."""
    ours = get_fingerprint(shipped)
    name = shipped.relative_to(source).as_posix()
    for attempt, place in enumerate(_names(target / name)):
        key = place.relative_to(target).as_posix()
        last = put_there.get(key)
        if not place.exists():
            if attempt and last == ours:
                return Placed(name, Outcome.KEPT)  # this version was offered, and deleted
            outcome = Outcome.BESIDE if attempt else Outcome.COPIED
        elif (theirs := get_fingerprint(place)) == ours:
            put_there[key] = ours
            return Placed(key, Outcome.UNCHANGED)
        elif theirs == last:
            outcome = Outcome.BESIDE if attempt else Outcome.UPDATED
        elif last == ours:
            return Placed(key, Outcome.KEPT)  # edited, and nothing newer is shipped
        else:
            continue
        _write(place, shipped.read_bytes())
        put_there[key] = ours
        return Placed(key, outcome)
    raise AssertionError("there is always one more name")


def _names(wanted: Path) -> Iterator[Path]:
    """`14-x.ipynb`, `14-x.new.ipynb`, `14-x.new-2.ipynb`, …"""
    yield wanted
    yield wanted.with_suffix(f".new{wanted.suffix}")
    number = 2
    while True:
        yield wanted.with_suffix(f".new-{number}{wanted.suffix}")
        number += 1


def _read_state(file: Path) -> dict[str, str]:
    try:
        state: Any = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(key): str(value) for key, value in state.items()} if isinstance(state, dict) else {}


def _write(file: Path, content: bytes) -> None:
    """Replace a file in one stroke."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        if file.exists():
            shutil.copymode(file, temporary)
        else:
            os.chmod(temporary, 0o644)
        os.replace(temporary, file)
    except BaseException:
        os.unlink(temporary)
        raise
