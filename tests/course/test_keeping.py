"""A learner's progress is taken away, brought back, and begun anew: nothing gets lost on the way."""

import json
from pathlib import Path

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course import check, get_progress_table, i_am
from blockchain_lab.course.keeping import FILE, download_progress, reset_lesson, restore_progress
from blockchain_lab.course.learner import find_learner
from blockchain_lab.course.progress import FOLDER, PUT_ASIDE, find_progress
from blockchain_lab.lessons_folder import copy_lessons, find_lessons


def count_solved() -> int:
    """How many questions of all lessons the progress table says are solved."""
    return sum(score.solved for score in get_progress_table().scores)


@pytest.fixture(autouse=True)
def notebook_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's folder of lessons."""
    copy_lessons(find_lessons(), tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def move_to(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another machine, with nothing on it but the file that was downloaded."""
    saved = repr(download_progress())
    (folder / FOLDER).mkdir(parents=True)
    monkeypatch.chdir(folder)
    (folder / FILE).write_text(saved)


def test_binder_forgets_and_the_file_remembers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ada answers two questions, downloads, comes back the next day, and goes on where she was."""
    i_am("Ada")
    check("L14.q3", 160_003)
    check("L14.q4", 425)
    move_to(tmp_path / "next day", monkeypatch)

    assert 0 == count_solved()
    card = restore_progress()
    assert "2 of 2 answers" in repr(card)
    assert ("Ada", 1) == (find_learner().name, count_solved())


def test_to_restore_twice_adds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what was answered meanwhile stays."""
    check("L14.q4", 425)
    move_to(tmp_path / "elsewhere", monkeypatch)
    check("L14.q3", 162_003)
    restore_progress()
    before = find_progress().read()

    assert "0 of 1 answers" in repr(restore_progress())
    assert before == find_progress().read()
    assert 2 == count_solved()


def test_the_link_holds_the_file_and_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name may be anything: it is in the file, and the file is in the link, encoded."""
    i_am("<script>alert(1)</script>")

    assert "<script>" not in download_progress()._repr_html_()
    assert "<script>alert(1)</script>" == json.loads(repr(download_progress()))["who"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (None, "no file"),
        ("{", "holds no progress"),
        ("[]", "wanted format"),
        ('{"format": "blockchain-lab progress", "version": 9, "who": "", "entries": []}', "version 1"),
        (
            '{"format": "blockchain-lab progress", "version": 1, "who": "", "entries": [1]}',
            "holds no progress",
        ),
        ('{"format": "blockchain-lab progress", "version": 1, "who": [], "entries": []}', "'who'"),
        ("[" * 100_000, "holds no progress"),
    ],
)
def test_what_is_no_progress_is_refused(text: str | None, complaint: str, notebook_folder: Path) -> None:
    """It says what was wanted, and what was here stays as it was."""
    check("L14.q4", 425)
    before = find_progress().read()
    if text is not None:
        (notebook_folder / FILE).write_text(text)

    with pytest.raises(UsageError, match=complaint):
        restore_progress()
    assert before == find_progress().read()


def test_a_lesson_begins_anew(notebook_folder: Path) -> None:
    """The notebook is the shipped one again, the answers are put aside, those of others stay."""
    notebook = notebook_folder / "14-joining-late.ipynb"
    shipped = notebook.read_text()
    check("L14.q4", 425, seed=8)
    check("L14.q4", 425)
    notebook.write_text(shipped.replace("Joining late", "My notes"))
    reset_lesson("L14")

    assert shipped == notebook.read_text()
    assert "My notes" in notebook.with_suffix(".before-reset.ipynb").read_text()
    assert [8] == [entry.seed for entry in find_progress().read()]
    assert 1 == len((notebook_folder / FOLDER / PUT_ASIDE).read_text().splitlines())


def test_a_lesson_that_there_is_not_cannot_be_reset() -> None:
    """It says which there are."""
    with pytest.raises(UsageError, match="L14"):
        reset_lesson("L99")
