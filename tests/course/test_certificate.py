"""The certificate says what the progress file says, whoever's name is on it, and promises no more."""

import re
from html import escape
from pathlib import Path

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course import get_certificate, i_am, save_certificate
from blockchain_lab.course.certificate import FINE_PRINT, Certificate, make_certificate
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.learner import find_seed
from blockchain_lab.course.progress import Entry, find_progress
from blockchain_lab.course.registry import LESSONS, find_lesson

SEED = 41
WRITTEN = [lesson for lesson in LESSONS if lesson.is_written]
QUESTIONS = [question.id for lesson in WRITTEN for question in lesson.questions]


def solve(questions: list[str], day: str = "2026-11-03", seed: int = SEED) -> list[Entry]:
    """Right answers, all given on one day."""
    return [Entry("attempt", name, 1, Verdict.RIGHT, seed, f"{day}T09:00:00+00:00") for name in questions]


def test_nothing_done_is_said_kindly() -> None:
    """No day, no lesson finished; a guest has no name."""
    certificate = make_certificate("", [], SEED)

    assert f"has answered 0 of {len(QUESTIONS)} questions" in certificate.sentence
    assert "The first block is still to come." == certificate.days
    assert repr(certificate).startswith("On the way: A guest")


def test_half_a_lesson_is_half_a_block() -> None:
    """Two lessons, one of them whole; hints, wrong answers and other seeds do not count."""
    whole, half = find_lesson("L13"), find_lesson("L14")
    entries = [
        *solve([question.id for question in whole.questions]),
        *solve([question.id for question in half.questions[: len(half.questions) // 2]], "2026-11-05"),
        *solve(["L00.q1"], seed=SEED + 1),
        Entry("attempt", "L00.q2", 1, Verdict.WRONG, SEED, "2026-11-09T09:00:00+00:00"),
        Entry("hint", "L00.q2", 1, Verdict.NOTED, SEED, "2026-11-09T09:00:00+00:00"),
    ]
    certificate = make_certificate("Ada", entries, SEED)
    page = certificate._repr_html_()

    assert f"has answered {len(whole.questions) + len(half.questions) // 2} of" in certificate.sentence
    assert f"finished 1 of {len(WRITTEN)} lessons" in certificate.sentence
    assert "2026-11-03 to 2026-11-05" == certificate.days
    assert 1 == page.count('class="whole"')
    assert 'class="part" x=' in page
    assert f'width="{48 // 2 - 2}"' in page


def test_all_questions_make_it_a_certificate() -> None:
    """With one missing it is none."""
    whole, almost = (make_certificate("Ada", solve(done), SEED) for done in (QUESTIONS, QUESTIONS[1:]))

    assert (True, False) == (whole.is_whole, almost.is_whole)
    assert repr(whole).startswith(f"Certificate: Ada has answered all {len(QUESTIONS)} questions")
    assert len(WRITTEN) == whole._repr_html_().count('class="whole"')
    assert "On the way" in almost._repr_html_()


def test_the_picture_is_told_in_words() -> None:
    """For who cannot see the chain: each lesson with its count."""
    label = make_certificate("Ada", solve(QUESTIONS[:3]), SEED)._repr_html_()

    for lesson in WRITTEN:
        assert f" of {len(lesson.questions)}" in label
    assert f"00 {WRITTEN[0].title}: 3 of {len(WRITTEN[0].questions)}" in label


def test_a_name_is_text_and_nothing_else() -> None:
    """Whoever is called like a tag is written down so."""
    page = Certificate("<script>alert(1)</script>", ())._repr_html_()

    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_it_is_saved_as_a_page_that_asks_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The learner's own seed counts; the page forbids itself every connection, and says what it is worth."""
    monkeypatch.chdir(tmp_path)
    i_am("Ada Lovelace")
    find_progress().append(*solve(QUESTIONS[:2], seed=find_seed()))
    card = save_certificate()
    page = (tmp_path / "my.certificate.html").read_text(encoding="utf-8")

    assert 2 == get_certificate().solved
    assert "my.certificate.html" in repr(card)
    assert "default-src 'none'" in page
    assert "Ada Lovelace" in page
    assert escape(FINE_PRINT) in page
    assert not re.search(r"(https?:)?//\w", page)


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path) -> None:
    """A folder that is not there."""
    with pytest.raises(UsageError, match="not written"):
        save_certificate(tmp_path / "nowhere" / "page.html")
