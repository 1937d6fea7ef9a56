"""Marks what learners have handed in: every answer is computed anew, no stored verdict is believed.

An answer is looked for in three places: the shipped lesson with the learner's cells in it, the notebook as it
was handed in, and the last attempt in the progress file (a run that was clicked together stands only there).
The first that is right counts; if none is, the first that was given says why.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.extras import FILE as EXTRA
from blockchain_lab.course.extras import find_extra_questions
from blockchain_lab.course.functions import Function
from blockchain_lab.course.hand_in import SUFFIX, Handed, read_handed
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.l18_repair import Repair
from blockchain_lab.course.learner import FILE as LEARNER
from blockchain_lab.course.learner import GUEST, Learner, make_learner
from blockchain_lab.course.progress import FILE as PROGRESS
from blockchain_lab.course.progress import FOLDER, parse
from blockchain_lab.course.questions import Question
from blockchain_lab.course.registry import LESSONS, Lesson
from blockchain_lab.lessons_folder import find_lessons
from blockchain_lab.notebook_cells import read_code
from blockchain_lab.teach.capstone import judge_repair
from blockchain_lab.teach.fenced import run_fenced
from blockchain_lab.teach.program import assemble

CELL_SECONDS: Final = 10.0  # of one cell, and never more than a quarter of all
Answer = tuple[str, dict[str, Any]]  # question, packed answer


@dataclass(frozen=True, slots=True)
class Mark:
    """One question of one learner."""

    question: Question
    verdict: Verdict = Verdict.OPEN
    message: str = "Nothing was answered."
    source: str = ""  # lesson, notebook or progress: where the answer stood


@dataclass(slots=True)
class Report:
    """One learner's marks."""

    file: str
    learner: Learner = GUEST
    marks: list[Mark] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def right(self) -> int:
        """How many questions are answered rightly."""
        return sum(mark.verdict is Verdict.RIGHT for mark in self.marks)

    @property
    def percent(self) -> int:
        """0 to 100, whole."""
        return 100 * self.right // len(self.marks) if self.marks else 0


def find_submissions(folder: Path) -> list[Path]:
    """The archives and lone notebooks in a folder, by name. UsageError when there is none."""
    found = sorted([*folder.glob(f"*{SUFFIX}"), *folder.glob("*.ipynb")])
    if not found:
        raise UsageError(f"nothing to mark in {folder}: wanted NAME{SUFFIX} or notebooks")
    return found


@dataclass(frozen=True, slots=True)
class Exam:
    """What is marked, and how: the same for all learners."""

    lessons: Sequence[Lesson]
    seconds: int  # of processor time for one lesson's code, and as many for judging
    extra: str = ""  # a lecturer's own `extra_questions.py`

    def get_questions(self) -> list[Question]:
        """All questions, ours first. UsageError for a file of a lecturer's that is none."""
        with self.make_folder() as folder:
            theirs = find_extra_questions(folder).values()
        names = {lesson.id for lesson in self.lessons}
        ours = [question for lesson in self.lessons for question in lesson.questions]
        return [*ours, *(question for question in theirs if question.id.partition(".")[0] in names)]

    @contextmanager
    def make_folder(self) -> Iterator[Path]:
        """A folder to run in, with the lecturer's questions in it; gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="blockchain-lab-") as folder:
            if self.extra:
                (Path(folder) / EXTRA).write_text(self.extra, encoding="utf-8")
            yield Path(folder)


def mark(path: Path, exam: Exam) -> Report:
    """One submission. Never raises for what is in it."""
    report = Report(path.name, marks=[Mark(question) for question in exam.get_questions()])
    try:
        handed = read_handed(path)
        report.learner = read_learner(handed)
    except UsageError as problem:
        report.remarks.append(str(problem))
        return report
    if report.learner == GUEST:
        report.remarks.append("a guest: no name in it, and the seed of all guests")
    with exam.make_folder() as folder:
        lay_out(handed, folder)
        for source, answers in find_answers(handed, exam, folder, report):
            judge_all(report, source, answers, exam)
    return report


def read_learner(handed: Handed) -> Learner:
    """Who has handed this in, by the file in it. UsageError for a file that says nothing."""
    raw = handed.files.get(f"{FOLDER}/{LEARNER}")
    if raw is None:
        return GUEST
    try:
        return make_learner(json.loads(raw)["who"])
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise UsageError(f"{handed.file}: {LEARNER} cannot be read") from problem


def lay_out(handed: Handed, folder: Path) -> None:
    """Saved runs and the learner's name, where cells look for them: names without a folder only."""
    for name, data in handed.files.items():
        place = PurePosixPath(name)
        if name in (f"{FOLDER}/{LEARNER}", place.name) and place.suffix == ".json":
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(data)


def find_answers(
    handed: Handed, exam: Exam, folder: Path, report: Report
) -> Iterator[tuple[str, list[Answer]]]:
    """The answers of each source in turn. Later ones are looked for only while something is not right."""
    notebooks = {}
    for lesson in exam.lessons:
        if (raw := handed.files.get(f"{lesson.name}.ipynb")) is not None:
            try:
                notebooks[lesson] = read_code(raw)
            except ValueError as problem:
                report.remarks.append(f"{lesson.name}.ipynb: {problem}")
    for source in ("lesson", "notebook"):
        for lesson, cells in notebooks.items():
            shipped = read_code((find_lessons() / f"{lesson.name}.ipynb").read_bytes())
            program, as_it_stands = assemble(shipped, cells), [cell.source for cell in cells]
            marks = [each for each in report.marks if each.question.id.startswith(f"{lesson.id}.")]
            is_done = all(each.verdict is Verdict.RIGHT for each in marks) or program == as_it_stands
            if source == "notebook" and is_done:
                continue
            answers, remarks = run_program(
                program if source == "lesson" else as_it_stands, folder, exam.seconds
            )
            report.remarks += [f"{lesson.id}, {source}: {remark}" for remark in remarks]
            yield source, [answer for answer in answers if answer[0].startswith(f"{lesson.id}.")]
    yield "progress", list(read_attempts(handed, report))


def read_attempts(handed: Handed, report: Report) -> Iterator[Answer]:
    """The last attempt at each question that is not right yet. Functions are not run from their source."""
    entries, broken = parse(handed.files.get(f"{FOLDER}/{PROGRESS}", b""))
    if broken:
        report.remarks.append(f"{len(broken)} lines of progress cannot be read")
    last = {
        entry.question: entry.answer
        for entry in entries
        if entry.kind == "attempt" and entry.seed == report.learner.seed
    }
    for each in report.marks:
        name = each.question.id
        if name in last and each.verdict is not Verdict.RIGHT and not isinstance(each.question, Function):
            yield name, {"plain": last[name]}


def run_program(cells: list[str], folder: Path, seconds: int) -> tuple[list[Answer], list[str]]:
    """Run a learner's cells. The last answer to each question, and what went wrong."""
    work = {"cells": cells, "cell_seconds": min(CELL_SECONDS, seconds / 4), "seconds": seconds}
    lines, problem = run_fenced("cell_runner", work, folder, seconds)
    answers = {line["question"]: line for line in lines if isinstance(line.get("question"), str)}
    raised = [f"a cell ended with {line['raised']}" for line in lines if isinstance(line.get("raised"), str)]
    return list(answers.items()), [*dict.fromkeys(raised), *([problem] if problem else [])]


def judge_all(report: Report, source: str, answers: Iterable[Answer], exam: Exam) -> None:
    """Judge answers, and put each verdict where it tells more than what stands there."""
    place = {each.question.id: number for number, each in enumerate(report.marks)}
    wanted = [
        (name, packed)
        for name, packed in answers
        if name in place and report.marks[place[name]].verdict is not Verdict.RIGHT and "blank" not in packed
    ]
    if not wanted:
        return
    seed, plain = report.learner.seed, []

    def enter(name: str, verdict: Verdict, message: str) -> None:
        old = report.marks[place[name]]
        if verdict is Verdict.RIGHT or old.verdict is Verdict.OPEN:
            report.marks[place[name]] = Mark(old.question, verdict, message, source)

    for name, packed in wanted:
        question = report.marks[place[name]].question
        if isinstance(question, Repair):  # a learner's code runs: in a process of its own, not in the judge's
            judgement = judge_repair(question, packed, seed)
            enter(name, judgement.verdict, judgement.message)
        else:
            plain.append((name, packed))
    work = {"seed": seed, "seconds": exam.seconds, "answers": plain}
    with exam.make_folder() as folder:
        lines, problem = run_fenced("judge", work, folder, exam.seconds) if plain else ([], "")
    for (name, _), line in zip(plain, lines, strict=False):
        enter(name, Verdict(line["verdict"]), line["message"])
    if problem:
        report.remarks.append(f"judging, {source}: {problem}")


def get_lessons() -> list[Lesson]:
    """All written lessons."""
    return [lesson for lesson in LESSONS if lesson.is_written]
