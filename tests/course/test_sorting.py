"""Sorting into groups: what passes, what is named, and what costs no try."""

from dataclasses import replace

import pytest

from blockchain_lab.course.extras import pose
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.questions import Mistake
from blockchain_lab.course.sorting import Sorting

RIGHT = {"ping": "control", "tx": "data", "verack": "control"}
QUESTION = Sorting(
    id="L99.q1",
    title="Which is which",
    prompt="Put each message into its group.",
    items=("ping", "tx", "verack"),
    groups={"control": "between two peers", "data": "goes on to others"},
    passes="all right.",
    hints=("first", "second", "third"),
    because="It is so.",
    solution="It is {answer}.",
    answer=lambda seed: RIGHT,
    again=lambda seed: dict(RIGHT),
    mistakes=(Mistake(("tx", "control"), "Others want to know of it."),),
)


@pytest.mark.parametrize("answer", [RIGHT, {"verack": " Control", "tx": "DATA", "ping": "control"}])
def test_the_order_of_lines_and_capitals_do_not_matter(answer: dict[str, str]) -> None:
    """A table has no order."""
    assert QUESTION.judge(answer).is_right


@pytest.mark.parametrize("answer", [None, ..., {}, {"ping": None, "tx": None}, {"ping": ..., "tx": ...}])
def test_an_empty_table_is_no_answer(answer: object) -> None:
    """The notebook's own cell says that nothing was answered yet."""
    assert Verdict.OPEN == QUESTION.judge(answer).verdict


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({**RIGHT, "tx": None}, "Not sorted yet: tx."),
        ({**RIGHT, "pong": "control"}, "'pong' is not one of ping, tx, verack."),
        ({**RIGHT, "tx": "food"}, '`tx`: put it into one of "control", "data", in quotes.'),
        ({**RIGHT, "tx": 3}, '`tx`: put it into one of "control", "data", in quotes.'),
        ({**RIGHT, "tx": ["data"]}, '`tx`: put it into one of "control", "data", in quotes.'),
        ({7: "data"}, "7 is not one of ping, tx, verack."),
        ("data", 'A table {"ping": group, ...} is wanted here.'),
        (list(RIGHT.items()), 'A table {"ping": group, ...} is wanted here.'),
    ],
)
def test_what_cannot_be_read_costs_no_try(answer: object, words: str) -> None:
    """It says what was found and what is wanted."""
    judgement = QUESTION.judge(answer)

    assert (Verdict.UNCLEAR, words) == (judgement.verdict, judgement.message)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"tx": "control"}, "Others want to know of it."),
        ({"verack": "data"}, '`verack` does not belong to "data".'),
        ({"tx": "control", "verack": "data"}, "Others want to know of it. (2 of 3 are wrong.)"),
    ],
)
def test_the_first_wrong_one_is_named(wrong: dict[str, str], words: str) -> None:
    """By its own sentence, if somebody foresaw it."""
    judgement = QUESTION.judge({**RIGHT, **wrong})

    assert (Verdict.WRONG, words) == (judgement.verdict, judgement.message)


@pytest.mark.parametrize("item", ["BitTorrent's DHT", 'the "best" one', "back\\slash", "Nörd ★"])
def test_whatever_stands_in_a_name_is_written_as_python(item: str) -> None:
    """For the teacher's edition."""
    question = replace(QUESTION, items=(item,), answer=lambda seed: {item: "data"})

    assert {item: "data"} == eval(question.write_answer(7))


def test_it_is_written_and_shown_as_a_person_would() -> None:
    """Python for the teacher's edition, groups for the reader, a card for a question outside the text."""
    assert RIGHT == eval(QUESTION.write_answer(7))  # our own text
    assert "It is control: ping, verack; data: tx." == QUESTION.get_solution(7)
    assert "`data` goes on to others" in repr(pose(QUESTION))
