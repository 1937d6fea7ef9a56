"""A lecturer begins a lesson and a question of each kind: what is written works at once."""

from pathlib import Path

import nbformat
import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course import check, more_questions
from blockchain_lab.course.extras import find_extra_questions
from blockchain_lab.notebook_cells import read_code
from blockchain_lab.teach.beginnings import KINDS, add_lesson, add_question


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a lecturer works."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_question_of_each_kind_works_at_once(folder: Path) -> None:
    """They are numbered on, both computations pass, and every wrong answer has its own sentence."""
    names = [add_question(folder, "L07", kind) for kind in KINDS]
    questions = find_extra_questions(folder)

    assert ["L07.x1", "L07.x2", "L07.x3", "L07.x4"] == names == list(questions)
    assert list(KINDS) == [question.kind for question in questions.values()]
    for name, question in questions.items():
        assert check(name, question.answer(7)).is_right
        assert check(name, question.again(7)).is_right
        for answer, sentence in question.get_wrong_answers(7):
            assert sentence == check(name, answer).judgement.message


def test_a_lesson_begins_with_a_question_of_its_own(folder: Path) -> None:
    """The notebook is whole, asks it, and shows others that are added later."""
    path = add_lesson(folder, 42, "my-topic", "My topic")
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    asked = [question for cell in read_code(path.read_bytes()) for question in cell.asked]

    assert "42-my-topic.ipynb" == path.name
    assert "# 42 · My topic" == notebook.cells[0].source.splitlines()[0]
    assert ["L42.x1"] == asked == list(find_extra_questions(folder))
    add_question(folder, "L42", "choice")
    assert ["L42.x2"] == [card.word for card in more_questions("L42").cards]


def test_the_code_of_a_new_lesson_runs(folder: Path) -> None:
    """All cells but the one that draws: nothing is answered yet, nothing raises."""
    path = add_lesson(folder, 42, "my-topic", "My topic")
    names: dict[str, object] = {}
    for cell in read_code(path.read_bytes()):
        exec(cell.source.replace("lab.show(", "(lambda *views: None)("), names)

    assert "lab" in names


@pytest.mark.parametrize(
    ("number", "slug", "title"),
    [(14, "my-topic", "Taken"), (-1, "x", "x"), (100, "x", "x"), (42, "My Topic", "x"), (42, "../x", "x"),
     (42, "", "x"), (42, "x", 'a "quoted" one'), (42, "x", "two\nlines")],
)  # fmt: skip
def test_a_lesson_that_cannot_be_is_refused(number: int, slug: str, title: str, folder: Path) -> None:
    """And nothing is written."""
    with pytest.raises(UsageError):
        add_lesson(folder, number, slug, title)
    assert [] == list(folder.rglob("*"))


def test_what_is_there_is_not_overwritten(folder: Path) -> None:
    """A lesson that was begun stays as it is; so do questions."""
    path = add_lesson(folder, 42, "my-topic", "My topic")
    path.write_text("mine")

    with pytest.raises(UsageError, match="there already"):
        add_lesson(folder, 42, "my-topic", "My topic")
    assert "mine" == path.read_text()


@pytest.mark.parametrize(("lesson", "kind"), [("L7", "number"), ("../x", "number"), ("L07", "essay")])
def test_a_question_that_cannot_be_is_refused(lesson: str, kind: str, folder: Path) -> None:
    """It says what there is."""
    with pytest.raises(UsageError, match="wanted"):
        add_question(folder, lesson, kind)
