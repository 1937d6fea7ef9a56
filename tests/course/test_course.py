"""Every question of the course: two computations agree, right passes, wrong fails with its own words."""

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from blockchain_lab.course import l14_runs
from blockchain_lab.course.functions import Function
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.l18_repair import Repair
from blockchain_lab.course.learner import make_learner
from blockchain_lab.course.questions import GUEST_SEED, Choice, Number, Order, Question
from blockchain_lab.course.registry import LESSONS
from blockchain_lab.course.sorting import Sorting
from blockchain_lab.layers.toy_faulty import FaultyNode
from blockchain_lab.teach.question_table import write_table

ROOT = Path(__file__).parents[2]
FEW = tuple(range(3))  # worlds: all two hundred are played in test_l18_all_worlds
QUESTIONS = [
    replace(question, worlds=FEW) if isinstance(question, Repair) else question
    for lesson in LESSONS
    for question in lesson.questions
]
EVERY_QUESTION = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
QUESTION = {question.id: question for question in QUESTIONS}
KINDS = {"number", "choice", "order", "sorting", "function", "do", "chain", "repair"}


@pytest.fixture(scope="module", autouse=True)
def each_run_is_played_once() -> Iterator[None]:
    """A judge plays the lesson's run for every answer: the same each time, and nobody acts in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(l14_runs, "play", cache(l14_runs.play))
        yield


@cache
def get_right(question: str) -> Any:
    """The right answer to the question of this id: of a task, a run, in which nobody may act."""
    return QUESTION[question].answer(GUEST_SEED)


def test_names_follow_the_lessons() -> None:
    """L14.q1, L14.q2, ...: in order, without gaps, and no two questions of a lesson share a title."""
    for lesson in LESSONS:
        expected = [f"{lesson.id}.q{number}" for number in range(1, len(lesson.questions) + 1)]

        assert expected == [question.id for question in lesson.questions]
        assert len(expected) == len({question.title for question in lesson.questions})


@EVERY_QUESTION
def test_the_words_are_complete(question: Question) -> None:
    """Three different hints, a pass condition, a reason, a way to the answer; every kind is a known one."""
    words = [question.title, question.prompt, question.passes, question.because, *question.hints]

    assert question.kind in KINDS
    assert 3 == len(set(question.hints))
    assert all(text.strip() for text in words)
    assert all(text.endswith((".", "?")) for text in (question.because, *question.hints, question.passes))
    assert "{answer}" in question.solution
    assert "{answer}" not in question.get_solution(GUEST_SEED)


@EVERY_QUESTION
def test_both_computations_pass(question: Question) -> None:
    """The engine and the formula, or two ways to act: both are right answers."""
    for answer in (get_right(question.id), question.again(GUEST_SEED)):
        judgement = question.judge(answer)

        assert Verdict.RIGHT == judgement.verdict, judgement.message
        assert question.because == judgement.message


@EVERY_QUESTION
def test_every_listed_wrong_answer_fails_with_its_sentence(question: Question) -> None:
    """And no two share one."""
    wrong = list(question.get_wrong_answers(GUEST_SEED))

    assert 2 <= len(wrong)
    assert question.sentences == [sentence for _, sentence in wrong]
    assert len(wrong) == len(set(question.sentences))
    for answer, sentence in wrong:
        judgement = question.judge(answer)

        assert (Verdict.WRONG, sentence) == (judgement.verdict, judgement.message)


@EVERY_QUESTION
def test_no_mutation_of_the_answer_passes(question: Question) -> None:
    """Off by one, swapped, shortened, empty, of the wrong type, NaN: none of these may pass."""
    for bad in get_mutations(question):
        assert not question.judge(bad).is_right, bad


def get_mutations(question: Question) -> list[Any]:
    """Answers close to the right one, and nonsense."""
    nonsense = [
        None,
        ...,
        True,
        math.nan,
        -math.inf,
        "",
        "?",
        b"x",
        {},
        [None],
        [[]],
        object(),
        1j,
        Question,
        len,
    ]
    right = get_right(question.id)
    if isinstance(question, Number):
        step = math.floor(question.tolerance) + 1
        return [*nonsense, right + step, right - step, -right, right * 10, str(right), [right]]
    if isinstance(question, Choice):
        return [*nonsense, 0, *(key for key in question.options if key != right), "".join(question.options)]
    if isinstance(question, Order):
        swaps = [swap(right, index) for index in range(len(right) - 1)]
        return [*nonsense, right[::-1], right[1:], right[:-1], [*right, *right], sorted(right), *swaps]
    if isinstance(question, Sorting):
        moved = [{**right, item: key} for item in right for key in question.groups if key != right[item]]
        return [*nonsense, *moved, dict(list(right.items())[1:]), {**right, "?": "?"}, list(right.items())]
    if isinstance(question, Function):
        return [*nonsense, lambda *a: None, lambda *a: [], lambda *a: list(right(*a))[:-1], lambda: right(1)]
    if isinstance(question, Repair):
        return [
            *nonsense,
            "class Mine: pass",
            f"{right}import os",
            right.replace("def ", "def x"),
            FaultyNode,
        ]
    return nonsense


def swap(items: list[str], index: int) -> list[str]:
    """The list with two neighbours exchanged."""
    return [*items[:index], items[index + 1], items[index], *items[index + 2 :]]


@EVERY_QUESTION
def test_what_is_kept_can_be_judged_again(question: Question) -> None:
    """The progress file holds plain data; for all but functions, enough to reach the same verdict."""
    plain = question.to_plain(get_right(question.id))

    if question.kind == "function":
        assert "def " in plain
        return
    assert question.judge(plain).is_right


@EVERY_QUESTION
def test_learners_have_their_own_answers_where_it_says_so(question: Question) -> None:
    """Two names give two answers; what a protocol fixes is the same for all. Runs differ by their seed."""
    ada, bob = make_learner("Ada Lovelace").seed, make_learner("Bob").seed
    if question.kind == "do":
        assert ada == question.answer(ada).scenario.seed
    elif question.kind != "function":
        assert question.varies == (question.answer(ada) != question.answer(bob))


def test_the_table_of_all_questions_is_true_and_has_no_empty_cell() -> None:
    """Lesson, question, kind, two computations, wrong answers: what the page in `docs` says."""
    table = write_table()
    cells = [
        cell for line in table.splitlines() if line.startswith("|") for cell in line.strip("| ").split(" | ")
    ]

    assert (ROOT / "docs" / "questions.md").read_text() == table
    assert all(cell.strip() for cell in cells)
    assert all(
        int(line.strip("| ").split(" | ")[-1]) >= 2 for line in table.splitlines() if line.startswith("| L")
    )


def test_every_option_of_a_choice_is_answered() -> None:
    """Whoever picks a wrong option is told why it is wrong."""
    for question in QUESTIONS:
        if isinstance(question, Choice):
            listed = {
                get_right(question.id),
                *(answer for answer, _ in question.get_wrong_answers(GUEST_SEED)),
            }

            assert set(question.options) == listed
