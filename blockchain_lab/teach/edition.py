"""The teacher's edition: lessons with every blank filled, and what a lecturer wants to know of each question.

It is made for a seed when it is asked for; no copy of it stands in the repository.
"""

import re
from pathlib import Path
from typing import Any, Final

import nbformat
from nbformat.v4 import new_markdown_cell

from blockchain_lab.course.questions import Question
from blockchain_lab.course.registry import Lesson, get_questions
from blockchain_lab.lessons_folder import find_lessons
from blockchain_lab.notebook_cells import ASKED

BLANK: Final = "# your answer"
STUBS: Final = ("function", "repair")  # kinds whose blank stands in a body: the answer goes behind it
WANTED: Final = re.compile(r"""\b(?:check|predict)\(\s*["']([A-Z]\d\d\.\w+)["']""")
Notebook = Any  # nbformat tells no types


def make_edition(lesson: Lesson, seed: int) -> Notebook:
    """A lesson's notebook with answers and notes. Plays the lesson's runs."""
    notebook = nbformat.read(find_lessons() / f"{lesson.name}.ipynb", as_version=4)
    fill_in_all(notebook, seed)
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        for name in ASKED.findall(cell.source) if cell.cell_type == "code" else ():
            note = write_note(get_questions()[name], seed)
            cells.append(new_markdown_cell(note, id=f"note-{name.lower().replace('.', '-')}"))
    notebook.cells = cells
    return notebook


def fill_in_all(notebook: Notebook, seed: int) -> None:
    """Put the reference answer in every blank: it stands in the cell that asks, or in one before it."""
    blank = None
    for cell in notebook.cells:
        if cell.cell_type == "code":
            blank = cell if BLANK in cell.source else blank
            for name in WANTED.findall(cell.source):
                if blank is not None:
                    blank.source, blank = fill_in(blank.source, get_questions()[name], seed), None


def write_edition(lesson: Lesson, seed: int, folder: Path) -> Path:
    """The file that it was written to. OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{lesson.name}.ipynb"
    nbformat.write(make_edition(lesson, seed), path)
    return path


def fill_in(source: str, question: Question, seed: int) -> str:
    """A cell's source with the reference answer in its blank."""
    return put_in(source, question.write_answer(seed), is_function=question.kind in STUBS)


def put_in(source: str, answer: str, *, is_function: bool) -> str:
    """A cell's source with its blank filled: `answer = None  # your answer`, a table, a stub, `...`."""
    lines = source.splitlines()
    place = next((number for number, line in enumerate(lines) if line.rstrip().endswith(BLANK)), None)
    if place is None:
        return source
    if is_function:  # the blank stands in the body of a stub: the answer goes behind it
        return "\n".join([*lines[: place + 1], "", answer, *lines[place + 1 :]])
    name, assigned, blank = lines[place].partition(" = ")
    if blank.startswith("{"):  # a table to be filled in, one item a line: the answer takes its place
        del lines[place + 1 : lines.index("}", place) + 1]
    lines[place] = f"{name} = {answer}" if assigned else answer
    return "\n".join(lines)


def write_note(question: Question, seed: int) -> str:
    """For the lecturer: the way to the answer, why it is right, and what each wrong one shows."""
    way, _, code = question.get_solution(seed).partition("\n\n")
    lines = [f"**For the lecturer: {question.id}, {question.title}** ({question.kind})", "", way, ""]
    lines += ["```python", code, "```", ""] if code else []
    lines += [
        f"*Why it is right:* {question.because}",
        "",
        f"*To pass:* {question.passes}",
        "",
        "*Often wrong:*",
        "",
    ]
    lines += [f"- {sentence}" for sentence in question.sentences]
    lines += [
        "",
        "*Hints:*",
        "",
        *(f"{number}. {text}" for number, text in enumerate(question.hints, start=1)),
    ]
    return "\n".join(lines)
