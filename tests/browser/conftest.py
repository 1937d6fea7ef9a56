"""What every browser test begins with."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from support.lesson_page import served_lessons
from support.lesson_walk import LessonWalk
from support.live_page import LivePage
from support.tabs import get_tabs
from support.views_page import opened_browser

from blockchain_lab.lab import Lab

# What a page shall show may take as long as a busy machine needs; whatever else it is asked may, too.
expect.set_options(timeout=30_000)

HAS_FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a file."""
    with opened_browser() as opened:
        yield opened


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether something went wrong."""
    report = yield
    item.stash[HAS_FAILED] = item.stash.get(HAS_FAILED, False) or report.failed
    return report


@pytest.fixture(autouse=True)
def tabs_for_the_next(browser: Browser, request: pytest.FixtureRequest) -> Iterator[None]:
    """The tabs that a test has opened are used again by the next one; those of a failed test are not."""
    tabs = get_tabs(browser)
    before = list(tabs.taken)
    yield
    for page in [page for page in tabs.taken if page not in before]:
        tabs.give_back(page, is_sound=not request.node.stash[HAS_FAILED])


@pytest.fixture
def live(browser: Browser, lab: Lab) -> Iterator[LivePage]:
    """The workbench of the file's own `lab` at event 30, with Python behind it. Nothing may go wrong."""
    page = LivePage(browser)
    page.show_live(lab, event=30)
    yield page
    assert [] == page.complaints


@pytest.fixture(scope="session")
def learner_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the learner starts the command: once for all lessons that this process walks through."""
    return tmp_path_factory.mktemp("learner")


@pytest.fixture(scope="session")
def lessons_address(learner_folder: Path) -> Iterator[str]:
    """What the command prints."""
    with served_lessons(learner_folder) as address:
        yield address


@pytest.fixture(scope="module")
def walk(browser: Browser, lessons_address: str, request: pytest.FixtureRequest) -> Iterator[LessonWalk]:
    """The lesson of the module's `LESSON`, opened from the index, all cells run, by keyboard."""
    opened = LessonWalk(browser, lessons_address, request.module.LESSON)
    yield opened
    opened.end()
