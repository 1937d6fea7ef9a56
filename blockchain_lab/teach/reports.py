"""Marks as a lecturer reads them: a table for a spreadsheet, and a page that says why a question failed."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from blockchain_lab.course.cards import to_html
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.questions import Question
from blockchain_lab.teach.marking import Report

VERDICTS: Final = {
    Verdict.RIGHT: "✓ right",
    Verdict.WRONG: "✗ wrong",
    Verdict.UNCLEAR: "? not understood",
    Verdict.OPEN: "○ not answered",
    Verdict.NOTED: "○ not answered",
}
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute a text that begins so


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of one question in a class."""

    question: Question
    right: int
    worst: str  # the sentence that most learners were told, and how often


def write_csv(reports: Sequence[Report]) -> str:
    """A row for each learner: what came of each question, how many are right, and what was remarked."""
    questions = [mark.question.id for mark in reports[0].marks] if reports else []
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["learner", "seed", "file", *questions, "right", "questions", "percent", "remarks"])
    for report, remarks in zip(reports, get_remarks(reports), strict=True):
        words = [VERDICTS[mark.verdict][2:] for mark in report.marks]
        about = [str(report.learner.seed), report.file, *words]
        sums = [str(report.right), str(len(report.marks)), str(report.percent), "; ".join(remarks)]
        table.writerow([to_cell(text) for text in (report.learner.name or "guest", *about, *sums)])
    return file.getvalue()


def to_cell(text: str) -> str:
    """A text that a spreadsheet takes for what it is."""
    return f"'{text}" if text.startswith(FORMULA) else text


def write_html(reports: Sequence[Report]) -> str:
    """One page without scripts: all learners, which questions were hard, and each answer with its reason."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True
    )
    environment.filters["words"] = lambda text: Markup(to_html(text))
    return environment.get_template("marks.html").render(
        reports=reports, questions=count(reports), remarks=get_remarks(reports), verdicts=VERDICTS
    )


def count(reports: Sequence[Report]) -> list[Tally]:
    """Each question, over all learners."""
    tallies = []
    for marks in zip(*(report.marks for report in reports), strict=True):
        right = sum(mark.verdict is Verdict.RIGHT for mark in marks)
        told = Counter(mark.message for mark in marks if mark.verdict is Verdict.WRONG).most_common(1)
        tallies.append(Tally(marks[0].question, right, f"{told[0][1]} times: {told[0][0]}" if told else ""))
    return tallies


def get_remarks(reports: Sequence[Report]) -> list[list[str]]:
    """What was remarked on each, and who else has the same seed."""
    by_seed: dict[int, list[str]] = {}
    for report in reports:
        by_seed.setdefault(report.learner.seed, []).append(report.file)
    return [[*report.remarks, *name_twins(report, by_seed[report.learner.seed])] for report in reports]


def name_twins(report: Report, files: Sequence[str]) -> list[str]:
    """A sentence about others with the same seed, if there are any."""
    others = [file for file in files if file != report.file]
    return [f"the same seed as {', '.join(others[:3])}"] if others else []
