"""Synthetic learners: what they hand in, from the perfect one to the one who deletes files."""

import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import nbformat
from nbformat.v4 import new_code_cell

from blockchain_lab.course.hand_in import SUFFIX
from blockchain_lab.course.learner import FILE as LEARNER
from blockchain_lab.course.learner import make_learner
from blockchain_lab.course.progress import FILE as PROGRESS
from blockchain_lab.course.progress import FOLDER
from blockchain_lab.course.registry import get_questions
from blockchain_lab.notebook_cells import ASKED
from blockchain_lab.teach.edition import fill_in
from support.solved_lessons import LESSONS, get_code_cells, read_notebook

EXTRA_QUESTION = """
from blockchain_lab.course.questions import Mistake, Number

QUESTIONS = [
    Number(
        id="L14.x1", title="Bytes of a header", prompt="How many bytes has a header?", unit="bytes",
        passes="the exact number.", hints=("It is short.", "Less than 100.", "Four score."),
        because="Six fields make 80 bytes.", solution="4 + 32 + 32 + 4 + 4 + 4 = {answer}.",
        answer=lambda seed: 80, again=lambda seed: 4 + 32 + 32 + 4 + 4 + 4,
        mistakes=(Mistake(81, "That counts the transactions' count."), Mistake(32, "That is a hash.")),
    ),
]
"""

Notebook = nbformat.NotebookNode
Change = Callable[[Notebook], None]


def make_notebook(lesson: str, seed: int, solved: Callable[[str], bool] = lambda question: True) -> Notebook:
    """A lesson with the reference answers to those questions filled in."""
    notebook = read_notebook(LESSONS / f"{lesson}.ipynb")
    for cell in get_code_cells(notebook):
        for question in ASKED.findall(cell.source):
            if solved(question):
                cell.source = fill_in(cell.source, get_questions()[question], seed)
    return notebook


def add_cell(notebook: Notebook, source: str, before: str = "q4") -> None:
    """A cell of the learner's own, in front of one of ours."""
    place = next(number for number, cell in enumerate(notebook.cells) if cell.id == before)
    notebook.cells.insert(place, new_code_cell(source))


def pack(
    folder: Path,
    who: str,
    notebooks: dict[str, Notebook | str],
    entries: list[dict[str, object]] | None = None,
) -> Path:
    """The file that `hand_in` would have written."""
    path = folder / f"{who.replace(' ', '-')}{SUFFIX}"
    with ZipFile(path, "w") as archive:
        if make_learner(who).name:
            archive.writestr(f"{FOLDER}/{LEARNER}", json.dumps({"who": who}))
        for name, notebook in notebooks.items():
            text = notebook if isinstance(notebook, str) else nbformat.writes(notebook)
            archive.writestr(f"{name}.ipynb", text)
        lines = "".join(json.dumps(entry) + "\n" for entry in entries or [])
        archive.writestr(f"{FOLDER}/{PROGRESS}", lines)
    return path
