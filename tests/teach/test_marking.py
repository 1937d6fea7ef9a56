"""A class hands in, and every answer is computed anew: of the careful, the hostile, the endless."""

from pathlib import Path

import pytest
from support.submissions import EXTRA_QUESTION as QUESTION
from support.submissions import make_notebook, pack

from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.learner import make_learner
from blockchain_lab.course.registry import LESSONS, find_lesson
from blockchain_lab.teach.marking import Exam, Report, mark

LESSON = "14-joining-late"
L14 = [lesson for lesson in LESSONS if lesson.name == LESSON]
EXAM = Exam(L14, seconds=60)
TOUR = find_lesson("L00")  # its runs are short ones


def get_verdicts(report: Report) -> dict[str, str]:
    """By question."""
    return {each.question.id: each.verdict.value for each in report.marks}


def get_messages(report: Report) -> dict[str, str]:
    """By question."""
    return {each.question.id: each.message for each in report.marks}


def test_who_answered_everything_has_everything(tmp_path: Path) -> None:
    """The run of the lesson is this learner's own, with her seed."""
    seed = make_learner("7").seed
    handed = pack(tmp_path, "7", {TOUR.name: make_notebook(TOUR.name, seed)})
    report = mark(handed, Exam([TOUR], seconds=60))

    assert (len(TOUR.questions), 100, []) == (report.right, report.percent, report.remarks)


def test_who_answered_half_is_told_why_the_rest_failed(tmp_path: Path) -> None:
    """Wrong answers have their own sentences; what was not answered says so."""
    notebook = make_notebook(TOUR.name, 7, lambda question: question == "L00.q4")
    next(cell for cell in notebook.cells if cell.id == "q3").source = 'check("L00.q3", 5)'
    report = mark(pack(tmp_path, "7", {TOUR.name: notebook}), Exam([TOUR], seconds=60))

    assert ("right", "wrong", "open") == tuple(map(get_verdicts(report).get, ("L00.q4", "L00.q3", "L00.q6")))
    assert "how many he knows" in get_messages(report)["L00.q3"]


def test_a_stored_verdict_is_not_believed(tmp_path: Path) -> None:
    """Progress says "right" of a wrong answer, and "wrong" of a right one: both are judged again."""
    entry = {"kind": "attempt", "seed": 7, "at": "", "format": 1}
    entries = [
        {**entry, "question": "L14.q3", "answer": 1, "verdict": "right"},
        {**entry, "question": "L14.q4", "answer": 425, "verdict": "wrong"},
        {**entry, "question": "L14.q6", "answer": 1_700, "verdict": "right", "seed": 8},  # somebody else's
    ]
    report = mark(pack(tmp_path, "7", {}, entries), EXAM)

    assert ("wrong", "right", "open") == tuple(map(get_verdicts(report).get, ("L14.q3", "L14.q4", "L14.q6")))


def test_a_run_that_was_clicked_together_counts(tmp_path: Path) -> None:
    """It stands in the progress file only; it is played again. With a forged head it is not a run at all."""
    question = next(question for question in TOUR.questions if question.kind == "do")
    run, exam = question.to_plain(question.answer(7)), Exam([TOUR], seconds=60)
    entry = {"kind": "attempt", "question": question.id, "verdict": "wrong", "seed": 7, "at": "", "format": 1}
    honest = mark(pack(tmp_path, "7", {}, [{**entry, "answer": run}]), exam)
    forged = mark(pack(tmp_path, "7", {}, [{**entry, "answer": {**run, "actions": []}}]), exam)
    copied = mark(pack(tmp_path, "8", {}, [{**entry, "answer": run, "seed": 8}]), exam)

    assert "right" == get_verdicts(honest)[question.id]
    assert "right" != get_verdicts(forged)[question.id]
    assert "unclear" == get_verdicts(copied)[question.id]
    assert "yours is 8" in get_messages(copied)[question.id]


@pytest.mark.parametrize(
    ("text", "remark"),
    [("{", "14-joining-late.ipynb"), ("[]", "no notebook"), ('{"cells": [1]}', "no notebook")],
)
def test_a_notebook_that_is_none_is_remarked_on(text: str, remark: str, tmp_path: Path) -> None:
    """And nothing is right."""
    report = mark(pack(tmp_path, "7", {LESSON: text}), EXAM)

    assert 0 == report.right
    assert any(remark in each for each in report.remarks)


def test_what_is_no_archive_is_remarked_on(tmp_path: Path) -> None:
    """A class of thirty is not stopped by one broken file."""
    path = tmp_path / "broken.lab.zip"
    path.write_bytes(b"PK\x03\x04 and so on")
    report = mark(path, EXAM)

    assert "cannot be read" in report.remarks[0]
    assert {Verdict.OPEN} == {each.verdict for each in report.marks}


def test_a_lecturers_own_question_is_marked_from_the_lecturers_own_file(tmp_path: Path) -> None:
    """It stands behind ours, and is judged anew like ours."""
    exam = Exam(L14, 60, QUESTION)
    entry = {
        "kind": "attempt",
        "question": "L14.x1",
        "answer": 80,
        "verdict": "wrong",
        "seed": 7,
        "at": "",
        "format": 1,
    }
    report = mark(pack(tmp_path, "7", {}, [entry]), exam)

    assert "L14.x1" == list(get_verdicts(report))[-1]
    assert "right" == get_verdicts(report)["L14.x1"]
