"""A page acts on a real lab: what the reader asks for reaches Python, and what comes of it all views."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from support.live_page import LivePage
from support.views_page import opened_browser

from blockchain_lab.lab import Lab


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all these tests."""
    with opened_browser() as opened:
        yield opened


def test_a_block_mined_from_the_page_is_in_python_and_on_the_page(browser: Browser) -> None:
    """The event of the action is the next one; the page stands there, and so does the lab."""
    lab = Lab("fork_and_heal")
    live = LivePage(browser)
    live.show_live(lab, event=100)

    answered = live.act({"do": "Mine", "peer": lab.names[0], "count": 1})

    assert {"ok": True, "text": ""} == answered
    assert (101, 101) == (lab.cursor, live.do("() => store.cursor"))
    assert "Mine" == live.do("() => store.trace.record(store.trace.rowsUpTo(100)).facts.do")
    assert [] == live.complaints
