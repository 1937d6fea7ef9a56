"""Every notebook of the course, run as a learner runs it: untouched, and with every answer filled in."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from support.solved_lessons import (
    LESSONS,
    NOTEBOOKS,
    get_code_cells,
    get_text,
    read_notebook,
    run_notebook,
)

from blockchain_lab.course.grading import get_score
from blockchain_lab.course.progress import FOLDER, Progress
from blockchain_lab.course.questions import GUEST_SEED
from blockchain_lab.course.registry import LESSONS as COURSE
from blockchain_lab.course.registry import Lesson
from blockchain_lab.teach.edition import fill_in_all

WRITTEN = [lesson for lesson in COURSE if lesson.is_written]
ASKED = re.compile(r'\b(?:check|predict)\(\s*"(L\d\d\.q\d+)"')
EVERY_NOTEBOOK = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
EVERY_LESSON = pytest.mark.parametrize("lesson", WRITTEN, ids=lambda lesson: lesson.name)


def path_of(lesson: Lesson) -> Path:
    """Its notebook."""
    return LESSONS / f"{lesson.name}.ipynb"


def test_lessons_and_questions_belong_together() -> None:
    """A lesson with questions has a notebook, and the other way round; the pages around them are there."""
    expected = {"index", "gallery", "glossary", *(lesson.name for lesson in WRITTEN)}

    assert expected == {path.stem for path in NOTEBOOKS}


@EVERY_NOTEBOOK
def test_it_is_clean(path: Path) -> None:
    """A kernel is named (else none starts), nothing has been run, and every cell has a name that stays."""
    notebook = read_notebook(path)
    names = [cell.id for cell in notebook.cells]

    assert {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"} == dict(
        notebook.metadata.kernelspec
    )
    assert {"kernelspec", "language_info"} >= set(notebook.metadata)
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z][a-z0-9-]{1,40}", name) for name in names), names
    assert all(not cell.metadata for cell in notebook.cells)
    assert all(cell.outputs == [] and cell.execution_count is None for cell in get_code_cells(notebook))


@EVERY_NOTEBOOK
def test_its_headings_are_a_ladder(path: Path) -> None:
    """One title, first of all; no level is skipped. Screen readers navigate by headings."""
    text = "\n".join(cell.source for cell in read_notebook(path).cells if cell.cell_type == "markdown")
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]

    assert 1 == levels[0]
    assert 1 == levels.count(1)
    assert all(after <= before + 1 for before, after in pairwise(levels))


@EVERY_NOTEBOOK
def test_its_links_and_pictures_exist(path: Path) -> None:
    """Every relative link leads somewhere, every picture has words for those who cannot see it."""
    text = "\n".join(cell.source for cell in read_notebook(path).cells if cell.cell_type == "markdown")

    for words, target in re.findall(r"!?\[([^\]]*)\]\(([^)]+)\)", text):
        assert words.strip(), target
        if not target.startswith(("https://", "#")):
            assert (LESSONS / target.split("#")[0]).exists(), target
    assert "/home/" not in text
    assert not re.search(r"<(script|iframe|img)", text)


@EVERY_NOTEBOOK
def test_a_link_with_the_number_of_a_lesson_leads_there(path: Path) -> None:
    """What is called lesson 13 is 13-..., not the index, and not another lesson."""
    text = "\n".join(cell.source for cell in read_notebook(path).cells if cell.cell_type == "markdown")

    for number, target in re.findall(r"\[(?:lesson )?(\d+)[^\]]*\]\(([^)]+\.ipynb)[^)]*\)", text):
        assert target.startswith(f"{int(number):02}-"), (number, target)


@EVERY_LESSON
def test_it_asks_every_question_once(lesson: Lesson) -> None:
    """Each question is checked in one cell; predicted ones have a cell for the prediction before that."""
    asked = [ASKED.findall(cell.source) for cell in get_code_cells(read_notebook(path_of(lesson)))]
    expected = []
    for question in lesson.questions:
        expected += [question.id] * (2 if question.predicted else 1)

    assert all(len(ids) <= 1 for ids in asked)
    assert expected == [ids[0] for ids in asked if ids]


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("09-choosing-a-peer", "sums"),
        ("09-choosing-a-peer", "ageing"),
        ("11-proof-of-work", "gaps"),
        ("12-spreading-a-block", "table"),
        ("17-layers", "costs"),
    ],
)
def test_what_would_show_an_answer_sleeps(name: str, cell: str) -> None:
    """Run All comes before the first question, so these cells wait until somebody takes away their `#`."""
    (source,) = (each.source for each in read_notebook(LESSONS / f"{name}.ipynb").cells if each.id == cell)

    assert source.splitlines()[-1].startswith("# ")


def test_the_index_works_without_running() -> None:
    """It is a page of links first: one to every lesson that exists, and the others by name."""
    notebook = read_notebook(LESSONS / "index.ipynb")
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")

    for lesson in COURSE:
        assert f"{lesson.number:02}" in text
        assert lesson.is_written == (f"({lesson.name}.ipynb)" in text), lesson.name


def score_of(lesson: Lesson, folder: Path) -> int:
    """Percent of a lesson's questions solved, by the progress file beside the notebook."""
    return get_score(lesson, Progress(folder / FOLDER).read()).percent


@EVERY_LESSON
def test_untouched_it_runs_and_scores_nothing(lesson: Lesson, tmp_path: Path) -> None:
    """Run All on a fresh copy: no exception, every check says that nothing was answered."""
    notebook = run_notebook(read_notebook(path_of(lesson)), tmp_path)
    checked = [cell for cell in get_code_cells(notebook) if ASKED.search(cell.source)]

    assert 0 == score_of(lesson, tmp_path)
    assert all("Not answered yet" in get_text(cell) for cell in checked)
    assert all(cell.outputs for cell in checked)


@EVERY_LESSON
def test_with_the_reference_answers_it_scores_everything(lesson: Lesson, tmp_path: Path) -> None:
    """The same notebook with every blank filled in: every check passes."""
    notebook = read_notebook(path_of(lesson))
    fill_in_all(notebook, GUEST_SEED)
    run_notebook(notebook, tmp_path)
    shown = [(cell.id, get_text(cell)) for cell in get_code_cells(notebook) if "check(" in cell.source]

    assert [] == [(name, text) for name, text in shown if not text.startswith("✓ Right")]
    assert 100 == score_of(lesson, tmp_path)


def test_the_index_shows_progress_when_run(tmp_path: Path) -> None:
    """A table with the next step, from the progress beside it."""
    notebook = run_notebook(read_notebook(LESSONS / "index.ipynb"), tmp_path)
    shown = "\n".join(get_text(cell) for cell in get_code_cells(notebook))

    assert "Next: Start with" in shown
    assert "14-joining-late" in shown
