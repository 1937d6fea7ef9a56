"""How far a learner is: solved once is solved, other seeds do not count, and the next step is named."""

from pathlib import Path

import pytest

from blockchain_lab.course import check, get_progress_table
from blockchain_lab.course.grading import ProgressTable, get_score
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.progress import Entry
from blockchain_lab.course.registry import LESSONS, Lesson

LESSON = LESSONS[14]


def attempt(name: str, verdict: Verdict, seed: int = 7, kind: str = "attempt") -> Entry:
    """One line of somebody's progress."""
    return Entry.now(kind, name, 1, verdict, seed)


def test_a_fresh_learner_starts_at_the_first_question() -> None:
    """Nothing is solved; the next question is the first of the lesson."""
    score = get_score(LESSON, [])

    assert (0, 12, 0) == (score.solved, score.total, score.percent)
    assert score.step.startswith("L14.q1: ")


def test_solved_once_is_solved() -> None:
    """A wrong answer after the right one takes nothing away; hints and strangers give nothing."""
    entries = [
        attempt("L14.q1", Verdict.RIGHT),
        attempt("L14.q1", Verdict.WRONG),
        attempt("L14.q2", Verdict.WRONG),
        attempt("L14.q3", Verdict.RIGHT, seed=8),
        attempt("L14.q4", Verdict.RIGHT, kind="hint"),
        attempt("L99.q1", Verdict.RIGHT),
    ]
    score = get_score(LESSON, entries)

    assert (1, 8) == (score.solved, score.percent)
    assert score.next is not None
    assert "L14.q2" == score.next.id


def test_all_solved_is_done() -> None:
    """100 %, and nothing is left to do."""
    score = get_score(LESSON, [attempt(question.id, Verdict.RIGHT) for question in LESSON.questions])

    assert (100, "done") == (score.percent, score.step)
    assert "every question" in ProgressTable((score,)).next_step


def test_a_lesson_that_is_not_written_has_no_questions() -> None:
    """A lecturer's plan for a twentieth: it scores nothing. All of ours are written."""
    planned = Lesson(19, "planned", "Not written yet", 30)

    assert not planned.is_written
    assert () == planned.questions
    assert 0 == get_score(planned, []).percent
    assert all(lesson.is_written for lesson in LESSONS)


def test_the_table_shows_what_check_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the file beside the notebook; as text and as a table with links and bars that are named."""
    monkeypatch.chdir(tmp_path)
    check("L14.q3", 162_003)
    table = get_progress_table()
    html = table._repr_html_()

    assert "Next: Go on with 14-joining-late: L14.q1: Headers before the first block." in repr(table)
    assert "1 of 12" in repr(table)
    assert 'href="14-joining-late.ipynb"' in html
    assert 'aria-label="1 of 12 solved"' in html
    assert "18-capstone" in html
