"""What every browser test begins with."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from support.live_page import LivePage
from support.views_page import opened_browser

from blockchain_lab.lab import Lab


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a file."""
    with opened_browser() as opened:
        yield opened


@pytest.fixture
def live(browser: Browser, lab: Lab) -> Iterator[LivePage]:
    """The workbench of the file's own `lab` at event 30, with Python behind it. Nothing may go wrong."""
    page = LivePage(browser)
    page.show_live(lab, event=30)
    yield page
    assert [] == page.complaints
    page.page.close()
