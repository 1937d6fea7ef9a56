"""The learner's copy of the lessons: new versions arrive, edited notebooks stay as they are."""

import json
import os
from pathlib import Path

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.lessons_folder import INDEX, Outcome, Placed, copy_lessons, find_lessons


def notebook(*sources: str, output: str = "") -> str:
    """A notebook of code cells, as JSON; with an output when it was run."""
    outputs = [{"output_type": "stream", "name": "stdout", "text": [output]}] if output else []
    cells = [
        {"cell_type": "code", "source": source, "outputs": outputs, "metadata": {}, "execution_count": None}
        for source in sources
    ]
    return json.dumps({"cells": cells, "metadata": {"run": output}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """The lessons as they are shipped: an index, one lesson, a figure, and what must stay behind."""
    folder = tmp_path / "shipped"
    (folder / "figures").mkdir(parents=True)
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / INDEX).write_text(notebook("index"))
    (folder / "14-joining-late.ipynb").write_text(notebook("predict()", "play()"))
    (folder / "figures" / "locator.svg").write_text("<svg/>")
    (folder / "figures" / "make_figures.py").write_text("print()")
    (folder / ".ipynb_checkpoints" / "14-joining-late-checkpoint.ipynb").write_text(notebook("old"))
    return folder


def names_in(folder: Path) -> list[str]:
    """The visible files, by their path in the folder."""
    found = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return sorted(path.as_posix() for path in found if not path.parts[0].startswith("."))


def only(outcome: Outcome, name: str, placed: list[Placed]) -> Placed:
    """The one file with that outcome."""
    assert [Placed(name, outcome)] == [file for file in placed if file.outcome is outcome]
    return next(file for file in placed if file.outcome is outcome)


def test_the_wheels_copy_comes_before_the_checkouts(tmp_path: Path) -> None:
    """Installed from a wheel the package carries `_lessons`; in a checkout they lie beside the package."""
    package = tmp_path / "site" / "blockchain_lab"
    wheels, checkouts = package / "_lessons", package.parent / "lessons"
    for folder in (wheels, checkouts):
        folder.mkdir(parents=True)
        (folder / INDEX).write_text(notebook("index"))

    assert wheels == find_lessons(package)
    (wheels / INDEX).unlink()
    assert checkouts == find_lessons(package)
    (checkouts / INDEX).unlink()
    with pytest.raises(UsageError, match="install blockchain-lab again"):
        find_lessons(package)


def test_a_first_copy_is_whole_and_leaves_litter_behind(shipped: Path, tmp_path: Path) -> None:
    """Notebooks and figures arrive; checkpoints and other hidden files do not."""
    placed = copy_lessons(shipped, tmp_path / "mine")

    assert ["14-joining-late.ipynb", "figures/locator.svg", "index.ipynb"] == names_in(tmp_path / "mine")
    assert not (tmp_path / "mine" / ".ipynb_checkpoints").exists()
    assert {Outcome.COPIED} == {file.outcome for file in placed}
    assert 0o644 == (tmp_path / "mine" / INDEX).stat().st_mode & 0o777


def test_a_second_copy_touches_nothing(shipped: Path, tmp_path: Path) -> None:
    """Running a lesson adds outputs; that is no edit, and they are still there after the next start."""
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine)
    run = notebook("predict()", "play()", output="151 blocks")
    (mine / "14-joining-late.ipynb").write_text(run)

    placed = copy_lessons(shipped, mine)

    assert {Outcome.UNCHANGED} == {file.outcome for file in placed}
    assert run == (mine / "14-joining-late.ipynb").read_text()


def test_an_old_copy_that_nobody_edited_is_replaced(shipped: Path, tmp_path: Path) -> None:
    """It was run, but its cells are as we put them there: the newer version takes its place."""
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine)
    (mine / "14-joining-late.ipynb").write_text(notebook("predict()", "play()", output="151 blocks"))
    newer = notebook("predict()", "play()", "why()")
    (shipped / "14-joining-late.ipynb").write_text(newer)

    placed = copy_lessons(shipped, mine)

    only(Outcome.UPDATED, "14-joining-late.ipynb", placed)
    assert newer == (mine / "14-joining-late.ipynb").read_text()


def test_an_edited_lesson_is_never_overwritten(shipped: Path, tmp_path: Path) -> None:
    """The learner's answers stay; a newer version lies beside them, once, and follows what is shipped."""
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine)
    answered = notebook("predict(2)", "play()")
    (mine / "14-joining-late.ipynb").write_text(answered)

    only(Outcome.KEPT, "14-joining-late.ipynb", copy_lessons(shipped, mine))
    for newer in ("first", "second"):
        (shipped / "14-joining-late.ipynb").write_text(notebook(newer))
        only(Outcome.BESIDE, "14-joining-late.new.ipynb", copy_lessons(shipped, mine))
        assert Outcome.BESIDE not in {file.outcome for file in copy_lessons(shipped, mine)}

    assert answered == (mine / "14-joining-late.ipynb").read_text()
    assert notebook("second") == (mine / "14-joining-late.new.ipynb").read_text()
    assert 4 == len(names_in(mine))


def test_an_edited_newer_version_is_not_overwritten_either(shipped: Path, tmp_path: Path) -> None:
    """Who worked in both gets the third under yet another name."""
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine)
    for number, name in enumerate(("14-joining-late.ipynb", "14-joining-late.new.ipynb")):
        (mine / name).write_text(notebook(f"answer {number}"))
        (shipped / "14-joining-late.ipynb").write_text(notebook(f"version {number}"))
        placed = copy_lessons(shipped, mine)

    only(Outcome.BESIDE, "14-joining-late.new-2.ipynb", placed)
    assert notebook("answer 0") == (mine / "14-joining-late.ipynb").read_text()
    assert notebook("answer 1") == (mine / "14-joining-late.new.ipynb").read_text()


def test_a_declined_version_does_not_come_back(shipped: Path, tmp_path: Path) -> None:
    """Deleting the newer version is an answer; deleting the lesson itself is a wish to begin again."""
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine)
    (mine / "14-joining-late.ipynb").write_text(notebook("answered"))
    (shipped / "14-joining-late.ipynb").write_text(notebook("newer"))
    copy_lessons(shipped, mine)
    (mine / "14-joining-late.new.ipynb").unlink()

    only(Outcome.KEPT, "14-joining-late.ipynb", copy_lessons(shipped, mine))
    assert not (mine / "14-joining-late.new.ipynb").exists()
    (mine / "14-joining-late.ipynb").unlink()
    only(Outcome.COPIED, "14-joining-late.ipynb", copy_lessons(shipped, mine))


def test_a_deleted_lesson_comes_back(shipped: Path, tmp_path: Path) -> None:
    """The way to begin again: delete it and start the workbench."""
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine)
    (mine / "14-joining-late.ipynb").unlink()

    only(Outcome.COPIED, "14-joining-late.ipynb", copy_lessons(shipped, mine))


def test_taking_the_newer_version_ends_the_detour(shipped: Path, tmp_path: Path) -> None:
    """Who moves the newer version over the old one has an unedited lesson again, which later ones replace."""
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine)
    (mine / "14-joining-late.ipynb").write_text(notebook("answered"))
    (shipped / "14-joining-late.ipynb").write_text(notebook("newer"))
    copy_lessons(shipped, mine)
    (mine / "14-joining-late.new.ipynb").replace(mine / "14-joining-late.ipynb")
    assert Outcome.BESIDE not in {file.outcome for file in copy_lessons(shipped, mine)}
    (shipped / "14-joining-late.ipynb").write_text(notebook("newest"))

    only(Outcome.UPDATED, "14-joining-late.ipynb", copy_lessons(shipped, mine))


@pytest.mark.parametrize("damage", ["", "not JSON", "[1, 2]"])
def test_a_lost_memory_makes_us_careful(shipped: Path, tmp_path: Path, damage: str) -> None:
    """Without a record of what was put there, whatever differs may be the learner's work."""
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine)
    state = mine / ".blockchain-lab" / "lessons.json"
    state.write_text(damage) if damage else state.unlink()
    (shipped / "14-joining-late.ipynb").write_text(notebook("newer"))

    only(Outcome.BESIDE, "14-joining-late.new.ipynb", copy_lessons(shipped, mine))
    assert notebook("predict()", "play()") == (mine / "14-joining-late.ipynb").read_text()


def test_a_damaged_notebook_is_left_alone(shipped: Path, tmp_path: Path) -> None:
    """It no longer reads as a notebook, so nobody can say that it was not edited."""
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine)
    (mine / "14-joining-late.ipynb").write_text('{"cells": 3}')

    only(Outcome.KEPT, "14-joining-late.ipynb", copy_lessons(shipped, mine))


def test_a_failing_disk_leaves_the_old_lesson_whole(shipped: Path, tmp_path: Path, monkeypatch) -> None:
    """A write that fails half-way: the lesson is the old one, and no fragment lies about."""
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine)
    before = names_in(mine)
    (shipped / "14-joining-late.ipynb").write_text(notebook("newer"))

    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        copy_lessons(shipped, mine)

    assert before == names_in(mine)
    assert [] == list(mine.rglob(".writing-*"))
    assert notebook("predict()", "play()") == (mine / "14-joining-late.ipynb").read_text()
