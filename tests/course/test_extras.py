"""A lecturer adds a question in one file, and it is asked, checked and kept like ours."""

from pathlib import Path

import pytest
from support.submissions import EXTRA_QUESTION as QUESTION

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course import check, more_questions
from blockchain_lab.course.extras import FILE, find_extra_questions
from blockchain_lab.course.progress import find_progress
from blockchain_lab.lessons_folder import copy_lessons, find_lessons


@pytest.fixture(autouse=True)
def notebook_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of lessons with a lecturer's question beside them."""
    copy_lessons(find_lessons(), tmp_path)
    (tmp_path / FILE).write_text(QUESTION)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_is_checked_like_ours() -> None:
    """Right, wrong with its own sentence, hinted at, and kept."""
    assert check("L14.x1", 80).is_right
    assert "transactions' count" in repr(check("L14.x1", 81))
    assert "It is short." in repr(check("L14.x1", 81).hint())
    assert 3 == sum(entry.kind == "attempt" for entry in find_progress().read())


def test_a_lesson_shows_what_its_text_does_not_ask(notebook_folder: Path) -> None:
    """The lecturer's question; and one of ours, where somebody has taken its cell out of the notebook."""
    notebook = notebook_folder / "14-joining-late.ipynb"

    assert ["L14.x1"] == [card.word for card in more_questions("L14").cards]
    notebook.write_text(notebook.read_text().replace("L14.q4", "somewhere else"))
    assert ["L14.q4", "L14.x1"] == [card.word for card in more_questions("L14").cards]
    assert "How many bytes has a header?" in more_questions("L14")._repr_html_()


def test_a_lesson_that_asks_everything_says_so(notebook_folder: Path) -> None:
    """An empty cell would look like a fault."""
    (notebook_folder / FILE).unlink()

    assert "asks all its questions" in repr(more_questions("L14"))
    assert "asks all its questions" in more_questions("L14")._repr_html_()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("QUESTIONS = [3]", "wanted questions"),
        ("QUESTIONS = 3", "cannot be run"),
        ("questions = []", "a list called QUESTIONS"),
        ("1 / 0", "ZeroDivisionError"),
        ("this is no Python", "SyntaxError"),
        (QUESTION.replace("L14.x1", "L14.q1"), "two questions called 'L14.q1'"),
    ],
)
def test_a_file_that_is_wrong_says_where(text: str, words: str, notebook_folder: Path) -> None:
    """A lecturer reads the file's name and what was wanted; ours are checked all the same."""
    (notebook_folder / FILE).write_text(text)

    with pytest.raises(UsageError, match=words):
        find_extra_questions()
    assert check("L14.q4", 425).is_right


@pytest.mark.parametrize("name", ["L1", "14", "", None, "../L14"])
def test_a_lesson_has_a_name(name: object) -> None:
    """Such as L07."""
    with pytest.raises(UsageError, match="L07"):
        more_questions(name)  # type: ignore[arg-type]
