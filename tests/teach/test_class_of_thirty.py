"""Thirty learners hand in, and the table is as it should be: for the careful, the cheat, the endless."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from support.class_of_thirty import CLASS, EXTRA, KEYS, RIGHT, Pupil, get_pupils, get_shipped, to_notebook

from blockchain_lab.cli import main
from blockchain_lab.course.learner import make_learner
from blockchain_lab.teach import commands, marking

PUPILS = {pupil.who: pupil for pupil in get_pupils()}
SECONDS = 10  # of processor time for a learner's cells: an endless one takes a quarter


def grade(folder: Path, pupils: Iterable[Pupil], workers: int) -> dict[str, dict[str, str]]:
    """What `blockchain-lab grade` writes of them, by who they are."""
    handed, lessons = folder / "handed", folder / "lessons"
    handed.mkdir()
    lessons.mkdir()
    nbformat.write(to_notebook(get_shipped()), lessons / f"{CLASS.name}.ipynb")
    (folder / "extra.py").write_text(EXTRA)
    names = {pupil.write(handed).name: pupil.who for pupil in pupils}
    limits = ["--seconds", SECONDS, "--workers", workers]
    files = ["--extra", folder / "extra.py", "--csv", folder / "marks.csv"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(marking, "find_lessons", lambda: lessons)
        patch.setattr(commands, "get_lessons", lambda: [CLASS])
        result = CliRunner().invoke(main, ["grade", str(handed), *map(str, [*limits, *files])])
    assert 0 == result.exit_code, result.output
    table = csv.DictReader(io.StringIO((folder / "marks.csv").read_text(encoding="utf-8")))
    return {names[row["file"].removeprefix("'")]: row for row in table}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The whole class, two learners at once."""
    return grade(tmp_path_factory.mktemp("class"), PUPILS.values(), workers=2)


def test_everybody_has_a_row(rows: dict[str, dict[str, str]]) -> None:
    """Thirty, and nobody's file stops the others."""
    assert 30 == len(PUPILS)
    assert PUPILS.keys() == rows.keys()


@pytest.mark.parametrize("pupil", PUPILS.values(), ids=lambda pupil: pupil.who)
def test_the_marks_are_those_that_are_due(pupil: Pupil, rows: dict[str, dict[str, str]]) -> None:
    """Each question of each learner, the sum, and what was remarked."""
    row = rows[pupil.who]
    count = list(pupil.due).count(RIGHT)

    assert tuple(pupil.due) == tuple(row[f"L90.{key}"] for key in KEYS)
    assert (str(count), "5", str(20 * count)) == (row["right"], row["questions"], row["percent"])
    assert pupil.remark in row["remarks"]
    assert bool(pupil.remark) or not row["remarks"], row["remarks"]


def test_each_has_a_seed_of_ones_own(rows: dict[str, dict[str, str]]) -> None:
    """A name that begins a formula is written as a text; a file that cannot be read is nobody's."""
    named = {who: row for who, row in rows.items() if who not in ("broken", "text")}

    assert {str(make_learner(who).seed) for who in named} == {row["seed"] for row in named.values()}
    assert "'=1+1" == rows["=1+1"]["learner"]
    assert "guest" == rows["broken"]["learner"]


@pytest.mark.parametrize("workers", [1, 5])
def test_nobodys_row_depends_on_the_number_of_workers(
    workers: int, rows: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    """Nor on who is marked beside whom: six by one worker and by five, as in the whole class by two."""
    # one leaves the process, one cheats, one has clicked, two files are none
    six = ["Ada", "Max", "Oto", "Uma", "broken", "text"]

    assert {who: rows[who] for who in six} == grade(tmp_path, map(PUPILS.__getitem__, six), workers)
    assert sorted(rows[who]["file"] for who in rows) == [row["file"] for row in rows.values()]
