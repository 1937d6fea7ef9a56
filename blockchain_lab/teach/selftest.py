"""The whole course, tried on this machine without a browser.

Each question by both its computations and with every wrong answer; each lesson from first cell to last,
untouched and solved.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

import nbformat

from blockchain_lab.course.hand_in import Handed
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.learner import FILE as LEARNER
from blockchain_lab.course.learner import make_learner
from blockchain_lab.course.progress import FOLDER
from blockchain_lab.course.questions import Question
from blockchain_lab.course.registry import Lesson
from blockchain_lab.lessons_folder import find_lessons
from blockchain_lab.teach.edition import fill_in_all
from blockchain_lab.teach.marking import Answer, Exam, Mark, Report, judge_all, lay_out, run_program

SECONDS: Final = 300  # of processor time for one lesson
HEAD: Final = ("lesson", "questions", "wrong answers", "seconds", "faults")
WIDTHS: Final = (22, 11, 15, 9)  # letters of all columns but the last


@dataclass(slots=True)
class Health:
    """How a lesson stands here."""

    lesson: Lesson
    questions: int = 0
    wrong_answers: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def to_plain(self) -> dict[str, Any]:
        """All but the lesson, as JSON values."""
        return {name: getattr(self, name) for name in ("questions", "wrong_answers", "seconds", "faults")}


def try_lesson(lesson: Lesson, seed: int, tell: Callable[[str], None]) -> Health:
    """All that can be tried of a lesson without a browser. `tell` hears what is being tried. Never raises."""
    health, began = Health(lesson), perf_counter()
    for question in lesson.questions:
        tell(question.id)
        health.questions += 1
        try:
            health.faults += find_faults(question, seed)
            health.wrong_answers += len(question.sentences)
        except Exception as problem:
            health.faults.append(f"{question.id}: {type(problem).__name__}: {problem}")
    for is_solved in (False, True):
        tell(f"{lesson.id} solved" if is_solved else f"{lesson.id} untouched")
        try:
            health.faults += try_notebook(lesson, seed, is_solved=is_solved)
        except Exception as problem:
            health.faults.append(f"{lesson.id}: {type(problem).__name__}: {problem}")
    health.seconds = perf_counter() - began
    return health


def find_faults(question: Question, seed: int) -> Iterator[str]:
    """What is wrong with a question: our own answer fails, a wrong one passes or is not named."""
    for compute in (question.answer, question.again):
        if not (judgement := question.judge(compute(seed), seed)).is_right:
            yield f"{question.id}: our own answer fails: {judgement.message}"
    for answer, sentence in question.get_wrong_answers(seed):
        judgement = question.judge(answer, seed)
        if (judgement.verdict, judgement.message) != (Verdict.WRONG, sentence):
            yield f"{question.id}: a wrong answer is told {judgement.message!r}, wanted {sentence!r}"


def try_notebook(lesson: Lesson, seed: int, *, is_solved: bool) -> Iterator[str]:
    """Run All, as a learner who has answered nothing, or everything: what should not have happened."""
    notebook = nbformat.read(find_lessons() / f"{lesson.name}.ipynb", as_version=4)
    if is_solved:
        fill_in_all(notebook, seed)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    with TemporaryDirectory(prefix="blockchain-lab-") as folder:
        lay_out(Handed("", {f"{FOLDER}/{LEARNER}": json.dumps({"who": seed}).encode()}), Path(folder))
        answers, remarks = run_program(cells, Path(folder), SECONDS)
    yield from (f"{lesson.id}: {remark}" for remark in remarks)
    yield from check_marks(lesson, seed, answers, is_solved=is_solved)


def check_marks(lesson: Lesson, seed: int, answers: list[Answer], *, is_solved: bool) -> Iterator[str]:
    """Solved, every question is right; untouched, none is."""
    report = Report(lesson.name, make_learner(seed), marks=[Mark(question) for question in lesson.questions])
    judge_all(report, "selftest", answers, Exam([lesson], SECONDS))
    for mark in report.marks:
        if (mark.verdict is Verdict.RIGHT) != is_solved:
            state = "solved" if is_solved else "untouched"
            yield f"{mark.question.id}, {state}: {mark.verdict.value}: {mark.message}"


def write_line(cells: Sequence[str]) -> str:
    """A line of the report: all columns but the last have a width of their own."""
    *front, last = cells
    return "".join(text.ljust(width) for text, width in zip(front, WIDTHS, strict=True)) + last


def write_health(health: Health) -> str:
    """A lesson's line; each fault after the first is one more."""
    numbers = (str(health.questions), str(health.wrong_answers), f"{health.seconds:.0f}")
    first, *others = health.faults or ["none"]
    more = [write_line(("", "", "", "", fault)) for fault in others]
    return "\n".join([write_line((health.lesson.name, *numbers, first)), *more])
