"""A lecturer's own questions: one file beside the notebooks, `extra_questions.py`, with a list `QUESTIONS`.

    from blockchain_lab.course.questions import Number
    QUESTIONS = [Number(id="L07.x1", ...)]

They are checked, hinted at and marked like ours. `more_questions("L07")` in a lesson's last cell shows them,
and those of ours that the notebook's text does not ask.
"""

import re
import runpy
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.cards import Card
from blockchain_lab.course.functions import Function
from blockchain_lab.course.questions import Choice, Order, Question
from blockchain_lab.course.registry import get_questions
from blockchain_lab.course.sorting import Sorting
from blockchain_lab.notebook_cells import read_code

FILE: Final = "extra_questions.py"


@dataclass(frozen=True, slots=True)
class Cards:
    """Several cards, one below the other."""

    cards: tuple[Card, ...]

    def __repr__(self) -> str:
        """As plain text."""
        return "\n\n".join(map(repr, self.cards)) or "This lesson asks all its questions above."

    def _repr_html_(self) -> str:
        """As cards."""
        return "".join(card._repr_html_() for card in self.cards) or f"<p>{self!r}</p>"


def find_extra_questions(folder: Path | None = None) -> dict[str, Question]:
    """The questions of the folder's file (the notebook's folder unless given), by name; none without a file.

    Runs the file. UsageError for one that cannot be run, or that holds no questions.
    """
    file = (folder or Path.cwd()) / FILE
    if not file.is_file():
        return {}
    try:
        questions = list(runpy.run_path(str(file))["QUESTIONS"])
    except KeyError as problem:
        raise UsageError(f"{file}: wanted a list called QUESTIONS") from problem
    except Exception as problem:
        raise UsageError(f"{file} cannot be run: {type(problem).__name__}: {problem}") from problem
    found: dict[str, Question] = {}
    for question in questions:
        if not isinstance(question, Question):
            raise UsageError(f"{file}: found {question!r:.60} in QUESTIONS, wanted questions")
        if question.id in found or question.id in get_questions():
            raise UsageError(f"{file}: there are two questions called {question.id!r}")
        found[question.id] = question
    return found


def find_question(question_id: str) -> Question:
    """The question of that name, ours or the folder's. UsageError, with the nearest ones, for none."""
    known = get_questions()
    if not isinstance(question_id, str):
        kind = type(question_id).__name__
        raise UsageError(f"a question's name is wanted, such as {next(iter(known))!r}, found {kind}")
    if question_id not in known:
        known = {**known, **find_extra_questions()}
    if question_id not in known:
        near = get_close_matches(question_id, known, n=3, cutoff=0.4) or list(known)[:3]
        raise UsageError(f"no question is called {question_id!r}; did you mean {' or '.join(near)}?")
    return known[question_id]


def more_questions(name: str) -> Cards:
    """A lesson's questions that its text does not ask, and a lecturer's own. UsageError."""
    if not isinstance(name, str) or not re.fullmatch(r"[A-Z]\d\d", name):
        raise UsageError(f"more_questions: found {name!r}, wanted a lesson such as 'L07'")
    ours = [question for question in get_questions().values() if question.id.startswith(f"{name}.")]
    theirs = [question for question in find_extra_questions().values() if question.id.startswith(f"{name}.")]
    notebooks = sorted(Path.cwd().glob(f"{name[1:]}-*.ipynb"))
    asked = {question for notebook in notebooks for question in get_asked(notebook)}
    if not notebooks:  # it is run elsewhere: then only what cannot stand in its text is shown
        asked = {question.id for question in ours}
    return Cards(tuple(pose(question) for question in (*ours, *theirs) if question.id not in asked))


def get_asked(notebook: Path) -> set[str]:
    """The questions that a notebook's code cells check, by name. None that this version knows: no harm."""
    try:
        return {name for cell in read_code(notebook.read_bytes()) for name in cell.asked}
    except (OSError, ValueError):
        return set()


def pose(question: Question) -> Card:
    """A question as it would stand in a lesson, with the cell to answer it in."""
    paragraphs = [question.prompt]
    if isinstance(question, Choice):
        paragraphs += [f"`{key}` {words}" for key, words in question.options.items()]
    if isinstance(question, Sorting):
        paragraphs += [f"`{key}` {words}" for key, words in question.groups.items()]
    if isinstance(question, Order | Sorting):
        paragraphs.append(", ".join(f"`{item}`" for item in question.items))
    answer = question.name if isinstance(question, Function) else "answer"
    code = f'check("{question.id}", {answer})'
    small = (f"To pass: {question.passes}", "Answer in a cell of your own; the last line is given above.")
    return Card("plain", "?", question.id, question.title, tuple(paragraphs), code=code, small=small)
