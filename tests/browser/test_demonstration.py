"""The demonstration in a real JupyterLab: every cell shows what it promises, and nothing complains.

The tests share one page; the notebook is run once.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect
from support.lesson_page import LessonPage, served_lessons

NOTEBOOK = Path(__file__).parents[2] / "docs" / "demonstration.ipynb"
LESSONS_HERE = "blockchain-lab-lessons"
HANDED_ON = {"run.json", "moment.svg", "storyboard.svg", "graph.html", "player.html"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A learner's folder, the demonstration among the lessons."""
    folder = tmp_path_factory.mktemp("learner")
    (folder / LESSONS_HERE).mkdir()
    shutil.copy(NOTEBOOK, folder / LESSONS_HERE)
    return folder


@pytest.fixture(scope="module")
def shown(browser: Browser, folder: Path) -> Iterator[LessonPage]:
    """The notebook in front, all cells run."""
    with served_lessons(folder) as address:
        page = LessonPage(browser, re.sub(r"[\w-]+\.ipynb", NOTEBOOK.name, address))
        page.run_all()
        yield page


def look_at(shown: LessonPage, source: str, root: str) -> Locator:
    """What the cell with this source shows; it is scrolled to, for JupyterLab draws only what is near."""
    cell = shown.cell_with(source)
    cell.scroll_into_view_if_needed()
    return cell.locator(root).first


def test_no_cell_raises(shown: LessonPage) -> None:
    """The page found nothing to complain about, either."""
    assert [] == shown.cell_errors()
    assert [] == shown.complaints


@pytest.mark.parametrize(
    ("source", "root", "words"),
    [
        ('lab.show("tree", "chart")', ".bl-workbench-root", "Block tree"),
        ("predict(asked", ".bl-predict-root", "When does the last of six peers get block 3?"),
        ("compare(lab", ".bl-pair-root", "Outcomes"),
        ('lens="bob"', ".bl-workbench-root", "bob"),
        ('"curves", "peers"', ".bl-workbench-root", "Curves"),
        ("get_claim", ".bl-claim-root", "ping"),
    ],
)
def test_every_cell_shows_what_it_promises(shown: LessonPage, source: str, root: str, words: str) -> None:
    """A live view with its words, not the sentence that stands where no view runs."""
    expect(look_at(shown, source, root)).to_contain_text(words, timeout=30_000)


def test_what_is_handed_on_lies_in_the_folder(shown: LessonPage, folder: Path) -> None:
    """A run that plays to the same digest, a picture, a storyboard, a graph, a player."""
    made = folder / LESSONS_HERE / "handed-on"

    assert HANDED_ON == {file.name for file in made.iterdir()}
    expect(shown.cell_with("told.share.storyboard")).to_contain_text("the same digest: True")


def test_the_lecture_goes_from_moment_to_moment_with_one_key(shown: LessonPage) -> None:
    """As large as the window: Page Down, the caption of the next moment, Escape."""
    cell = shown.cell_with("told.present")
    shown.write_by_pointer(cell, 'told.present("tree")')
    shown.wait_until_idle()
    stage = shown.page.locator(".bl-presenting").first
    expect(stage).to_contain_text("All is well")
    shown.page.keyboard.press("PageDown")
    expect(stage).to_contain_text("Two chains")
    shown.page.keyboard.press("Escape")
    expect(shown.page.locator(".bl-presenting")).to_have_count(0)

    assert [] == shown.complaints
