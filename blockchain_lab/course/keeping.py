"""Progress that outlives a machine: taken away as one file, brought back, or begun anew for one lesson.

Binder forgets a learner's folder when the browser is closed; a laptop is lost now and then. What is brought
back is added to what is there, so nothing is lost by doing it twice, or in the wrong order.
"""

import json
from base64 import b64encode
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from shutil import copyfile
from typing import Any, Final

from filelock import Timeout

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.cards import Card
from blockchain_lab.course.learner import GUEST, find_learner, i_am, make_learner
from blockchain_lab.course.progress import Entry, check_entry, find_progress
from blockchain_lab.course.registry import find_lesson
from blockchain_lab.lessons_folder import find_lessons

FORMAT: Final = "blockchain-lab progress"
VERSION: Final = 1
FILE: Final = "my.progress.json"


@dataclass(frozen=True, slots=True)
class Download:
    """A link that saves the file on the learner's own machine."""

    text: str
    entries: int

    def __repr__(self) -> str:
        """As plain text: where there is no link to click, the file itself says all."""
        return self.text

    def _repr_html_(self) -> str:
        """As a link. The file is in it: no server is asked."""
        data = b64encode(self.text.encode()).decode()
        words = f"Download {self.entries:,} answers as {FILE}"
        return f'<a download="{FILE}" href="data:application/json;base64,{data}">{escape(words)}</a>'


def download_progress() -> Download:
    """All answers of this folder of lessons, and the learner's name, to be kept elsewhere."""
    entries = find_progress().read()
    run = {"format": FORMAT, "version": VERSION, "who": find_learner().name}
    return Download(json.dumps({**run, "entries": [asdict(entry) for entry in entries]}), len(entries))


def restore_progress(path: str | Path = FILE) -> Card:
    """Add what `download_progress` saved. Drag the file into JupyterLab's list of files first. UsageError."""
    path = Path(path)
    try:
        who, entries = read_download(json.loads(path.read_bytes()))
    except FileNotFoundError as problem:
        raise UsageError(f"no file {path}: drag it into the list of files beside this notebook") from problem
    except (OSError, ValueError, RecursionError) as problem:
        raise UsageError(f"{path} holds no progress that this version can read: {problem}") from problem
    progress = find_progress()
    known = progress.read()
    fresh = [entry for entry in entries if entry not in known]
    if fresh and (complaint := progress.append(*fresh)):
        raise UsageError(complaint)
    if who and find_learner() == GUEST:
        i_am(who)
    text = f"{len(fresh):,} of {len(entries):,} answers were not here yet, and are now."
    return Card("noted", "●", "Restored", find_learner().name or "guest", (text,))


def read_download(value: Any) -> tuple[str, list[Entry]]:
    """The learner's name and the entries. ValueError."""
    if not isinstance(value, dict) or (value.get("format"), value.get("version")) != (FORMAT, VERSION):
        raise ValueError(f"wanted format {FORMAT!r}, version {VERSION}")
    if not isinstance(value.get("entries"), list) or not isinstance(value.get("who"), str):
        raise ValueError("wanted the keys 'who', a text, and 'entries', a list")
    try:
        entries = [check_entry(Entry(**entry)) for entry in value["entries"]]
        return (make_learner(value["who"]).name if value["who"] else ""), entries
    except (TypeError, UsageError) as problem:
        raise ValueError(str(problem)) from problem


def reset_lesson(name: str) -> Card:
    """Begin a lesson anew: `reset_lesson("L14")`. Its notebook and its answers are put aside, not lost.

    UsageError for a lesson that there is not, and where nothing can be written.
    """
    lesson = find_lesson(name)
    progress, seed = find_progress(), find_learner().seed
    notebook = progress.folder.parent / f"{lesson.name}.ipynb"
    old = notebook.with_suffix(".before-reset.ipynb")
    try:
        if notebook.exists():
            copyfile(notebook, old)
        copyfile(find_lessons() / notebook.name, notebook)
        count = progress.put_aside(
            lambda entry: entry.question.startswith(f"{lesson.id}.") and entry.seed == seed
        )
    except (OSError, Timeout) as problem:
        raise UsageError(f"{lesson.id} was not reset: {problem}") from problem
    texts = (
        f"{count:,} entries were put aside; your old notebook is `{old.name}`.",
        f"Open `{notebook.name}` again: choose File > Reload Notebook from Disk if it is open.",
    )
    return Card("noted", "●", "Begun anew", lesson.title, texts)
