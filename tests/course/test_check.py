"""What a lesson calls: check and predict, hints, the solution, and how the cards read."""

from pathlib import Path

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course import check, get_progress_table, i_am, predict
from blockchain_lab.course.cards import Card
from blockchain_lab.course.check import TRIES_BEFORE_SOLUTION
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.l14_locator import forget_genesis, name_every_height, upside_down
from blockchain_lab.course.learner import make_learner
from blockchain_lab.course.progress import FOLDER, Progress, find_progress
from blockchain_lab.course.questions import GUEST_SEED
from blockchain_lab.lab import Lab


def count_solved() -> int:
    """How many questions of all lessons the progress table says are solved."""
    return sum(score.solved for score in get_progress_table().scores)


@pytest.fixture(autouse=True)
def notebook_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test is a notebook in a fresh folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_wrong_answer_then_the_right_one(notebook_folder: Path) -> None:
    """The first forgets a byte per header and is told so; the second passes; both are kept."""
    wrong, right = check("L14.q3", 160_003), check("L14.q3", 162_003)

    assert not wrong.is_right
    assert "count of transactions" in repr(wrong)
    assert "To pass: the exact number of bytes" in repr(wrong)
    assert right.is_right
    assert repr(right).startswith("✓ Right: L14.q3 · The largest headers message")
    assert "To pass" not in repr(right)
    kept = Progress(notebook_folder / FOLDER).read()
    assert [(160_003, "wrong"), (162_003, "right")] == [(entry.answer, entry.verdict) for entry in kept]


def test_no_answer_leaves_no_trace(notebook_folder: Path) -> None:
    """Run All on an untouched lesson writes nothing, and says what to do."""
    for blank in (None, ..., ""):
        assert Verdict.OPEN == check("L14.q3", blank).judgement.verdict

    assert "Not answered yet" in repr(check("L14.q3"))
    assert Verdict.UNCLEAR == check("L14.q3", "162003").judgement.verdict
    assert not (notebook_folder / FOLDER).exists()


def test_an_unknown_question_is_a_misuse() -> None:
    """A slip in the name raises, and says which names are near."""
    with pytest.raises(UsageError, match=r"no question is called 'L14\.p3'; did you mean .*L14\.q3"):
        check("L14.p3", 1)


@pytest.mark.parametrize("name", [None, 14, ["x"]])
def test_a_name_that_is_no_text_is_the_same_misuse(name: object) -> None:
    """Who forgets the name, or its quotes, is told so."""
    with pytest.raises(UsageError, match=r"a question's name is wanted, such as 'L00\.q1', found"):
        check(name, 1)


class Untouchable:
    """Raises whatever is asked of it."""

    def __call__(self, *arguments):
        """As a function."""
        raise self

    def __eq__(self, other):
        """In comparisons."""
        raise SystemExit(2)

    __hash__ = None

    def __repr__(self):
        """When shown."""
        raise RecursionError

    @property
    def __class__(self):
        """Even when asked for its type."""
        raise OverflowError


@pytest.mark.parametrize("question", ["L14.q2", "L14.q3", "L14.q7", "L14.q9", "L14.q10"])
@pytest.mark.parametrize("make", [Untouchable, lambda: [Untouchable()]], ids=["object", "list"])
def test_no_answer_raises(question: str, make, notebook_folder: Path) -> None:
    """Not even one that cannot be touched: it is not understood, and costs no try."""
    assert Verdict.UNCLEAR == check(question, make()).judgement.verdict
    assert Verdict.UNCLEAR == predict("L14.q1", make()).judgement.verdict
    assert "cannot be read" in repr(check("L14.q3", Untouchable()))
    assert not (notebook_folder / FOLDER).exists()


def test_the_solution_opens_after_three_different_tries() -> None:
    """Running the same wrong cell again is no new try."""
    results = [check("L14.q4", answer) for answer in (1_700, 1_700, 1_700, 426)]

    assert [1, 1, 1, 2] == [result.tries for result in results]
    assert "1 to go" in repr(results[-1].solution())
    assert "425" not in repr(results[-1].solution())
    third = check("L14.q4", 424)
    assert TRIES_BEFORE_SOLUTION == third.tries
    assert "= 425 messages" in repr(third.solution())
    assert ".solution()" in repr(third)


def test_who_is_right_may_see_the_solution() -> None:
    """To compare the ways."""
    assert "850,000 / 2,000 = 425 messages." in repr(check("L14.q4", 425).solution())


def test_the_solution_of_a_function_is_code() -> None:
    """Three wrong functions, then the reference's source, as a block."""
    for wrong in (forget_genesis, name_every_height, upside_down):
        result = check("L14.q10", wrong)

    card = result.solution()
    assert "def get_locator(height: int)" in card.code
    assert "<pre>def get_locator" in card._repr_html_()


def test_hints_come_one_by_one() -> None:
    """Each run of the cell shows one more; after the last they stay."""
    shown = [check("L14.q3").hint() for _ in range(4)]

    assert [1, 2, 3, 3] == [len(card.paragraphs) for card in shown]
    assert "That was the last hint." in repr(shown[-1])
    assert shown[-1].paragraphs[0] == shown[0].paragraphs[0]
    assert 2 == len(check("L14.q4").hint(2).paragraphs)
    assert 3 == len(check("L14.q4").hint(9).paragraphs)


def test_hints_never_go_backwards() -> None:
    """After the second, asked for by its number, comes the third; another seed begins anew."""
    second, third = check("L14.q3").hint(2), check("L14.q3").hint()

    assert [2, 3] == [len(card.paragraphs) for card in (second, third)]
    assert 1 == len(check("L14.q3", seed=8).hint().paragraphs)


def test_a_prediction_is_locked_and_compared() -> None:
    """The first prediction stays; after the run the learner says what happened, and the two are compared."""
    too_soon = check("L14.q1", "c")
    blank, unclear = predict("L14.q1"), predict("L14.q1", "z")
    first, second = predict("L14.q1", "a"), predict("L14.q1", "c")
    after = check("L14.q1", "c")

    assert "First commit to a prediction" in repr(too_soon)
    assert (Verdict.OPEN, Verdict.UNCLEAR) == (blank.judgement.verdict, unclear.judgement.verdict)
    assert "To pass" not in repr(blank)
    assert "locked in: a (none" in repr(first)
    assert "Your prediction stands: a (none" in repr(second)
    assert after.is_right
    assert "You had predicted a (none" in repr(after)


def test_a_true_prediction_is_praised_only_after_the_run() -> None:
    """Before it, nothing shows whether the prediction is right; a wrong reading does not give it away."""
    before, misread = predict("L14.q1", "c"), check("L14.q1", "a")
    after = check("L14.q1", "c")

    assert Verdict.NOTED == before.judgement.verdict
    assert "predicted" not in repr(misread)
    assert "You had predicted just that." in repr(after)


def test_a_wrong_reading_is_sent_to_the_event_that_refutes_it() -> None:
    """The card names the event at which ann asks for her first block; there the run can be looked at."""
    predict("L14.q1", "c")
    result = check("L14.q1", "a")
    lab = Lab("headers_first", seed=7)
    lab.goto(event=result.judgement.event or 0)

    assert f"`lab.goto(event={lab.cursor})`" in repr(result)
    assert "getdata" in [getattr(record.detail, "command", "") for record in lab.records]


def test_only_some_questions_are_predicted() -> None:
    """Predicting another one is a misuse."""
    with pytest.raises(UsageError, match=r"L14\.q3 is not predicted"):
        predict("L14.q3", 1)


def test_a_prediction_that_was_tampered_with_is_none(notebook_folder: Path) -> None:
    """A progress file edited by hand cannot break the lesson."""
    predict("L14.q1", "a")
    path = find_progress().path
    path.write_text(path.read_text(encoding="utf-8").replace('"a"', '["x"]'), encoding="utf-8")

    assert "First commit to a prediction" in repr(check("L14.q1", "c"))


def test_a_lesson_goes_on_without_a_disk(notebook_folder: Path) -> None:
    """Answers are judged, the card says that they were not saved; hints and solution need no memory then."""
    (notebook_folder / FOLDER).write_text("in the way", encoding="utf-8")
    wrong = check("L14.q3", 1)

    assert "Progress was not saved: File exists" in repr(wrong)
    assert 3 == len(wrong.hint().paragraphs)
    assert "162,003 bytes" in repr(wrong.solution())
    assert "Progress was not saved" in repr(predict("L14.q1", "a"))


def test_seeds_are_kept_apart() -> None:
    """Another student's tries on the same machine do not count for this one."""
    check("L14.q4", 1_700, seed=8)

    assert 1 == check("L14.q4", 426).tries


def test_a_card_escapes_what_the_learner_wrote() -> None:
    """An answer may hold markup; it is shown, never obeyed. Backticks become code."""
    card = Card("wrong", "✗", "Not yet", "<b>title</b>", ("say `<i>x</i>` & go",), code="a < b")
    html = card._repr_html_()

    assert "<b>" not in html
    assert "<code>&lt;i&gt;x&lt;/i&gt;</code> &amp; go" in html
    assert "<pre>a &lt; b</pre>" in html


def test_no_verdict_is_said_by_colour_alone() -> None:
    """Every verdict has a sign and a word of its own."""
    cards = [check("L14.q3", answer) for answer in (None, "x", 1, 162_003)] + [predict("L14.q1", "a")]
    signs = {result.card.sign for result in cards}
    words = {result.card.word for result in cards}

    assert 5 == len(signs) == len(words)
    assert all("var(--jp-" in result._repr_html_() for result in cards)


def test_an_answer_counts_for_whoever_learns_here() -> None:
    """Ada's attempts are hers: a guest in the same folder has not answered anything yet."""
    i_am("Ada Lovelace")

    ada = check("L14.q4", 425)
    assert (True, make_learner("Ada Lovelace").seed) == (ada.is_right, ada.seed)
    assert 1 == count_solved()
    i_am(GUEST_SEED)
    assert 0 == count_solved()
