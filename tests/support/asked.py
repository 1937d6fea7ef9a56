"""What a lesson asks, where, and what a learner would type there: a listed wrong answer, the right one."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from nbformat import NotebookNode

from blockchain_lab.course.questions import GUEST_SEED, Question
from blockchain_lab.course.registry import Lesson
from blockchain_lab.lab import Lab
from blockchain_lab.study.cell import write_run
from blockchain_lab.teach.edition import BLANK, STUBS, put_in
from support.solved_lessons import LESSONS, get_code_cells, read_notebook

CALL: Final = re.compile(r"""\b(check|predict)\(\s*["']([A-Z]\d\d\.\w+)["']""")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question at the place where the lesson asks it. Cells are told by their names."""

    question: Question
    is_prediction: bool
    cell: str  # that calls `check` or `predict`
    blank: str  # that holds `# your answer`: the same cell, or one before it
    source: str  # of the cell with the blank
    maker: str  # of a task: the cell that makes the run in which the learner acts, else ""

    def write_right(self) -> str:
        """The cell with the reference answer in its blank."""
        return self._put_in(self.question.write_answer(GUEST_SEED))

    def write_wrong(self) -> tuple[str, str]:
        """The cell with a wrong answer in its blank, and the sentence that names the mistake."""
        for answer, sentence in self.question.get_wrong_answers(GUEST_SEED):
            typed = write_down(self.question, answer)
            if typed is not None:
                return self._put_in(typed), sentence
        raise AssertionError(f"{self.question.id}: none of its wrong answers can be typed")

    def _put_in(self, answer: str) -> str:
        return put_in(self.source, answer, is_function=self.question.kind in STUBS)


def write_down(question: Question, answer: Any) -> str | None:
    """An answer as a learner would type it. None for what has no such form, as a function without a name."""
    if isinstance(answer, Lab):
        return write_acts(answer, question.run)
    if question.kind == "repair":
        return question.show(answer)
    if callable(answer):
        name = getattr(answer, "__name__", "")
        is_there = getattr(sys.modules[answer.__module__], name, None) is answer
        return f"from {answer.__module__} import {name} as {question.name}" if is_there else None
    try:
        ast.literal_eval(repr(answer))
    except (SyntaxError, ValueError):
        return None
    return repr(answer)


def write_acts(lab: Lab, run: str) -> str:
    """The lines that do in `run` what was done in this lab."""
    lines = write_run(lab)
    made = next(number for number, line in enumerate(lines) if line.startswith("lab = Lab("))
    imports = [line for line in lines[:made] if line.startswith("from ")]
    acts = [line.replace("lab.", f"{run}.", 1) for line in lines[made + 1 :]]
    return "\n".join([*imports, *acts, f"{run}.goto(event={lab.head})"])


def find_asked(lesson: Lesson) -> Iterator[Asked]:
    """What a lesson's notebook asks, in the order of the text."""
    questions = {question.id: question for question in lesson.questions}
    cells = get_code_cells(read_notebook(LESSONS / f"{lesson.name}.ipynb"))
    blank = None
    for place, cell in enumerate(cells):
        blank = cell if BLANK in cell.source else blank
        for call, name in CALL.findall(cell.source):
            assert blank is not None, f"{name} is asked where nothing is to be filled in"
            maker = find_maker(questions[name].run, cells[:place]) if questions[name].kind == "do" else ""
            yield Asked(questions[name], call == "predict", cell.id, blank.id, blank.source, maker)


def find_maker(run: str, cells: list[NotebookNode]) -> str:
    """The last of these cells that gives a value to the variable `run`; "" for none."""
    makes = re.compile(rf"^{run}\b[^\n=]*=[^=]", re.MULTILINE)
    return next((cell.id for cell in reversed(cells) if makes.search(cell.source)), "")
