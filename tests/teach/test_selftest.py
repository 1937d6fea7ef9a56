"""The self-test finds what is wrong with a question, and says it on one screen."""

from dataclasses import replace
from pathlib import Path

import pytest

from blockchain_lab.course.questions import Mistake, Number
from blockchain_lab.course.registry import find_lesson, get_questions
from blockchain_lab.teach import selftest
from blockchain_lab.teach.selftest import (
    HEAD,
    Health,
    check_marks,
    find_faults,
    try_lesson,
    write_health,
    write_line,
)

SEED = 7


@pytest.fixture
def question() -> Number:
    """One of ours, which is right."""
    found = get_questions()["L14.q4"]
    assert isinstance(found, Number)
    return found


def test_a_sound_question_has_no_faults(question: Number) -> None:
    """Both computations pass, all slips are named."""
    assert [] == list(find_faults(question, SEED))


def test_two_computations_that_disagree_are_found(question: Number) -> None:
    """The second is off by one."""
    faults = list(find_faults(replace(question, again=lambda seed: question.answer(seed) + 1), SEED))

    assert 1 == len(faults)
    assert "our own answer fails" in faults[0]


def test_a_wrong_answer_that_passes_is_found(question: Number) -> None:
    """A slip that is none: the tolerance is too wide, or the answer is right after all."""
    slip = Mistake(question.answer(SEED), "You forgot something.")
    (fault,) = find_faults(replace(question, mistakes=(slip,)), SEED)

    assert "wanted 'You forgot something.'" in fault


def test_a_lesson_that_passes_untouched_or_fails_solved_is_found() -> None:
    """Nothing was answered: that is a fault of the solved one only."""
    lesson = find_lesson("L14")

    assert [] == list(check_marks(lesson, SEED, [], is_solved=False))
    assert len(lesson.questions) == len(list(check_marks(lesson, SEED, [], is_solved=True)))
    (fault,) = check_marks(lesson, SEED, [("L14.q4", {"plain": 425})], is_solved=False)
    assert fault.startswith("L14.q4, untouched: right")


def test_the_report_is_a_line_for_each_lesson() -> None:
    """With what is wrong in it: one line more for each fault behind the first."""
    expected = [
        "lesson                questions  wrong answers  seconds  faults",
        "14-joining-late       10         42             3        none",
        "14-joining-late       0          0              0        L14.q1: broken",
        "                                                         L14.q2: broken, too",
    ]
    broken = Health(find_lesson("L14"), faults=["L14.q1: broken", "L14.q2: broken, too"])
    lines = [write_line(HEAD), write_health(Health(find_lesson("L14"), 10, 42, 3.2)), write_health(broken)]

    assert expected == "\n".join(lines).splitlines()


def test_a_notebook_that_cannot_be_tried_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """There are no notebooks: both runs of it are told as faults, by the lesson's name."""
    monkeypatch.setattr(selftest, "find_lessons", lambda: tmp_path)
    health = try_lesson(replace(find_lesson("L14"), number=90), SEED, lambda what: None)

    assert 0 == health.questions
    assert ["L90: FileNotFoundError"] * 2 == [fault[:22] for fault in health.faults]
