"""Kinds of question: what passes, what fails and with which words, and what costs no try."""

from fractions import Fraction

import numpy as np
import pytest

from blockchain_lab.course.functions import LINE_BUDGET, STEP_BUDGET, Function, is_equal
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.questions import Choice, Mistake, Number, Order, Question

WORDS = {
    "id": "L99.q1",
    "title": "A question",
    "prompt": "What is it?",
    "passes": "the right answer",
    "hints": ("first", "second", "third"),
    "because": "It is so.",
    "solution": "It is {answer}.",
}


def number(**more) -> Number:
    """Twelve bytes, computed in two ways; people forget the two bytes of the header."""
    forgot = Mistake(10, "You forgot the header.")
    defaults = {
        "answer": lambda seed: 12,
        "again": lambda seed: 6 + 6,
        "mistakes": (forgot,),
        "unit": "bytes",
    }
    return Number(**WORDS, **{**defaults, **more})


def choice() -> Choice:
    """Two options."""
    return Choice(
        **WORDS,
        answer=lambda seed: "b",
        again=lambda seed: "b",
        mistakes=(Mistake("a", "a is too early."),),
        options={"a": "before", "b": "after"},
    )


def order() -> Order:
    """Three of four names, in a row."""
    backwards = Mistake(["verack", "version", "ping"], "Greet first.")
    return Order(
        **WORDS,
        answer=lambda seed: ["version", "verack", "ping"],
        again=lambda seed: ["version", "verack", "ping"],
        mistakes=(backwards,),
        items=("ping", "reject", "verack", "version"),
    )


def double_all(numbers):
    """The reference function."""
    return [2 * one for one in numbers]


def double_first(numbers):
    """A mistake: stops after the first."""
    return [2 * one for one in numbers[:1]]


def function() -> Function:
    """Double every number of a list."""
    return Function(
        **WORDS,
        answer=lambda seed: double_all,
        again=lambda seed: lambda numbers: [one + one for one in numbers],
        mistakes=(Mistake(double_first, "The loop stops after one turn."),),
        name="double_all",
        cases=(([1, 2],), ([3, 4, 5],)),
    )


@pytest.mark.parametrize("blank", [None, ..., "", "  ", [], (), {}])
@pytest.mark.parametrize("question", [number(), choice(), order(), function()], ids=lambda q: q.kind)
def test_an_untouched_cell_is_not_wrong(question: Question, blank: object) -> None:
    """Run All on a fresh notebook: every question says that nothing has been answered yet."""
    judgement = question.judge(blank)

    assert Verdict.OPEN == judgement.verdict


@pytest.mark.parametrize("answer", [12, 12.0, np.int64(12), np.float32(12), Fraction(12)])
def test_a_number_may_be_any_real_number(answer: object) -> None:
    """A learner may compute with numpy or with fractions."""
    assert number().judge(answer).is_right


@pytest.mark.parametrize("answer", [True, "12", float("nan"), float("inf"), 12j, [12], object(), print])
def test_what_is_no_number_is_not_understood_and_costs_no_try(answer: object) -> None:
    """`True` is no number here, nor is "12"; the card says what is wanted instead of "wrong"."""
    judgement = number().judge(answer)

    assert Verdict.UNCLEAR == judgement.verdict
    assert "number" in judgement.message


HUGE = {"whole": 10**15 + 1, "float": -1e16, "fraction": -Fraction(10**400), "unprintable": 10**5_000}


@pytest.mark.parametrize("answer", HUGE.values(), ids=HUGE)
def test_a_huge_number_is_a_slip_and_costs_no_try(answer: object) -> None:
    """Some are too large for a float, some even to be printed: none may raise."""
    judgement = number().judge(answer)

    assert Verdict.UNCLEAR == judgement.verdict
    assert "1,000,000,000,000,000 at most" in judgement.message


def test_a_wrong_number_is_explained() -> None:
    """A listed mistake by its own sentence, a slip of the unit as such, the rest by its side."""
    question = number()

    assert "You forgot the header." == question.judge(10).message
    assert "factor of 8:" in question.judge(96).message
    assert "factor of 1,000:" in question.judge(0.012).message
    assert question.judge(13).message.startswith("Too large.")
    assert question.judge(-(10**15)).message.startswith("Too small.")
    assert question.judge(0).message.startswith("Too small.")


def test_the_tolerance_is_the_border() -> None:
    """12 ± 0.5: 12.5 passes, 12.51 does not."""
    question = number(tolerance=0.5)

    assert question.judge(12.5).is_right
    assert question.judge(11.5).is_right
    assert not question.judge(12.51).is_right


def test_an_answer_may_depend_on_the_seed() -> None:
    """Two students get different right numbers, and different wrong ones."""
    question = number(answer=lambda seed: 10 * seed, mistakes=(Mistake(lambda seed: seed, "Times ten!"),))

    assert question.judge(70, seed=7).is_right
    assert not question.judge(70, seed=8).is_right
    assert "Times ten!" == question.judge(8, seed=8).message
    assert [(9, "Times ten!")] == list(question.get_wrong_answers(9))


def test_a_choice_is_one_of_its_keys() -> None:
    """Capitals and spaces do not matter; another letter is not understood."""
    assert choice().judge(" B ").is_right
    assert "a is too early." == choice().judge("a").message
    assert Verdict.UNCLEAR == choice().judge("c").verdict
    assert Verdict.UNCLEAR == choice().judge(1).verdict
    assert 'one of "a", "b"' in choice().judge(["b"]).message


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (["verack", "version", "ping"], "Greet first."),
        (["version", "ping"], "Right up to number 1, then a slip: `ping`"),
        (["ping"], "The first one is wrong"),
        (["version", "verack"], "2 of 3"),
        (["version", "reject"], "`reject`, number 2 in your list, has no place"),
        (["version", "verack", "ping", "reject"], "`reject`, number 4 in your list, has no place"),
    ],
)
def test_a_wrong_order_names_the_first_slip(answer: list[str], said: str) -> None:
    """Not the solution, but the place to look at."""
    judgement = order().judge(answer)

    assert Verdict.WRONG == judgement.verdict
    assert said in judgement.message


@pytest.mark.parametrize("answer", ["version", ["hello"], [3], [["version"]], ["ping", "ping"], {"ping": 1}])
def test_what_is_no_order_of_the_items_is_not_understood(answer: object) -> None:
    """Unknown names, doubles and texts cost no try."""
    assert Verdict.UNCLEAR == order().judge(answer).verdict


def test_a_right_order_passes_as_list_or_tuple() -> None:
    """The brackets do not matter."""
    assert order().judge(["version", "verack", "ping"]).is_right
    assert order().judge(("version", "verack", "ping")).is_right


def stub(numbers):
    """As the lesson left it."""
    raise NotImplementedError


def test_a_function_is_judged_by_what_it_returns() -> None:
    """Right, untouched, one of the known mistakes, or a description of the first failing case."""
    question = function()

    assert question.judge(lambda numbers: [n * 2 for n in numbers]).is_right
    assert Verdict.OPEN == question.judge(stub).verdict
    assert Verdict.OPEN == question.judge(lambda numbers: ...).verdict
    assert "The loop stops after one turn." == question.judge(lambda numbers: [2 * numbers[0]]).message
    assert "`double_all([1, 2])` gives [1, 2]" in question.judge(list).message
    assert "gives (2, 4)" in question.judge(lambda numbers: tuple(2 * n for n in numbers)).message
    assert Verdict.UNCLEAR == question.judge([2, 4]).verdict


def spoiling(numbers):
    """Right, but empties the list that it was given."""
    doubled = double_all(numbers)
    numbers.clear()
    return doubled


def test_a_function_gets_copies_of_the_arguments() -> None:
    """One that changes what it is given spoils neither the reference nor the next try."""
    question = function()

    assert question.judge(spoiling).is_right
    assert question.judge(double_all).is_right
    assert ([1, 2],) == question.cases[0]


def test_values_of_another_type_are_not_equal() -> None:
    """1, 1.0 and True are the same to Python's `==`, not to a question that asks for a list or a count."""
    assert is_equal([1], [1])
    assert not is_equal(True, 1)
    assert not is_equal(1.0, 1)
    assert not is_equal([1.0], [1])
    assert not is_equal(([True],), ([1],))
    assert not is_equal({"a": 1.0}, {"a": 1})
    assert not is_equal({1.0: "a"}, {1: "a"})
    assert is_equal({"a": (1, [2])}, {"a": (1, [2])})


def printing(numbers):
    """A mistake of beginners."""
    print([2 * one for one in numbers])


def endless(numbers):
    """Never comes back, and catches what it can."""
    while True:
        try:
            numbers = [*numbers[1:], numbers[0]]
        except Exception:
            continue


def make_one_line_loop():
    """A function whose endless loop stands on one line: Python tells a tracer of no new line in it."""
    names = {}
    exec(compile("def f(h): \n    while True: pass", "<cell>", "exec"), names)
    return names["f"]


class Spiteful(Exception):
    """An object of a learner's that cannot be looked at."""

    def __repr__(self):
        """Never ends by itself."""
        return repr(self)

    def __str__(self):
        """Tries to end the notebook."""
        raise SystemExit(2)


def throwing(numbers):
    """Raises what cannot be shown."""
    raise Spiteful


def leaving(numbers):
    """Tries to end the notebook."""
    raise SystemExit(2)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (printing, "prints its result but returns nothing"),
        (endless, f"stopped after {LINE_BUDGET:,} lines"),
        (lambda numbers: numbers[9], "raises IndexError"),
        (lambda: 3, "raises TypeError"),
        (leaving, "raises SystemExit"),
        (make_one_line_loop(), f"stopped after {STEP_BUDGET:,} steps"),
        (lambda numbers: Spiteful(), "gives <Spiteful>, which"),
        (lambda numbers: [10**5_000], "gives <list>, which"),
        (throwing, "raises Spiteful: <Spiteful>"),
        (lambda numbers: np.array(numbers) * 2, "not right yet"),
    ],
)
def test_a_function_cannot_harm_the_notebook(bad, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Loops, exceptions, printing, leaving: each becomes a sentence, and the arguments are copies."""
    judgement = function().judge(bad)

    assert Verdict.WRONG == judgement.verdict
    assert said in judgement.message
    assert "" == capsys.readouterr().out
