"""A hundred thousand events, a thousand peers, and names made to break a page: every view stays usable."""

import re
from typing import Any

import pytest
from blockchain_lab_widgets.view import VIEWS
from playwright.sync_api import Browser
from support.stopwatch import drag_over, scrub, spread_out
from support.views_page import ViewsPage

NAMES = ["workbench", *VIEWS]
MOST_ELEMENTS = 3_000  # of a page with one view or workbench on it
COUNT = "() => document.querySelectorAll('#host *').length"
SAMPLE_JUMPS, SAMPLE_DRAG = 12, 20  # moves


def show(browser: Browser, name: str, story: str, event: int, **story_options: Any) -> ViewsPage:
    """A toy story in one view."""
    view = ViewsPage(browser)
    view.show_story(story, story_options, event=event, name=name)
    return view


@pytest.mark.parametrize("name", NAMES)
def test_a_hundred_thousand_events_stay_usable(browser: Browser, name: str) -> None:
    """Jumps and drags all over the trace are drawn, and no view makes an element per event or block."""
    view = show(browser, name, "long", 50_000)
    page = view.page
    last = page.evaluate("() => store.trace.lastEvent")

    jumps = scrub(page, spread_out(last, SAMPLE_JUMPS))
    drag = scrub(page, drag_over(last, SAMPLE_DRAG))
    elements = page.evaluate(COUNT)
    print(f"{name}: {last} events, jumps {jumps}, drag {drag}, {elements} elements")

    assert last > 100_000
    assert elements < MOST_ELEMENTS
    assert [] == view.complaints


@pytest.mark.parametrize("name", NAMES)
def test_a_thousand_peers_stay_usable(browser: Browser, name: str) -> None:
    """An element per peer is all that a view may make: what is more, it lists while it is looked at."""
    view = show(browser, name, "crowd", 20_000, peers=1_000, blocks=3)
    page = view.page
    last = page.evaluate("() => store.trace.lastEvent")

    jumps = scrub(page, spread_out(last, SAMPLE_JUMPS))
    elements = page.evaluate(COUNT)
    print(f"{name}: {last} events, jumps {jumps}, {elements} elements")

    assert elements < MOST_ELEMENTS
    assert [] == view.complaints


LISTS = {"bar", "events", "bytes", "why", "controls", "lanes", "peers"}  # no picture with a table behind it


@pytest.mark.parametrize("name", sorted(set(VIEWS) - LISTS))
def test_a_table_says_what_it_hides(browser: Browser, name: str) -> None:
    """Of more than 500 rows the first are shown, and a line tells how many there are."""
    view = show(browser, name, "crowd", 20_000, peers=1_000, blocks=3)
    page = view.page
    page.locator(".bl-table-button").click()
    view.wait_for_pictures()
    rows = page.locator(".bl-table tbody tr").count()

    assert rows <= 500
    if rows == 500:
        total = re.search(r"of ([\d,]+) rows", page.locator(".bl-table-hidden").inner_text())
        assert total
        assert int(total[1].replace(",", "")) > 500
    assert page.evaluate(COUNT) < MOST_ELEMENTS + 500 * 12  # 500 rows of some cells
    assert [] == view.complaints


@pytest.mark.parametrize("name", NAMES)
def test_names_that_are_words_of_javascript_do_no_harm(browser: Browser, name: str) -> None:
    """Peers and topics called "__proto__" or "constructor" are drawn, and change nothing in the page."""
    view = show(browser, name, "pollution", 0)
    page = view.page

    for event in range(1, page.evaluate("() => store.trace.lastEvent") + 1):
        view.do(f"() => store.goto({event})")
    for selection in (
        "peer:__proto__",
        "peer:constructor",
        "block:__proto__",
        "tx:constructor",
        "record:0:5",
    ):
        view.do(f"() => store.select({selection!r})")

    polluted = "() => [Object.keys(Object.prototype), Object.getOwnPropertyNames({}), typeof {}.constructor]"
    assert [[], [], "function"] == page.evaluate(polluted)
    assert [] == view.complaints


@pytest.mark.parametrize("name", NAMES)
def test_markup_is_text_in_tables_and_words_too(browser: Browser, name: str) -> None:
    """What a peer calls itself stands in the table, the narration and the tooltips as it was written."""
    view = show(browser, name, "hostileTalk", 1)
    page = view.page

    page.locator(".blockchain-lab").focus()
    for button in page.locator(".bl-table-button").all():
        button.click()
    for event in range(1, page.evaluate("() => store.trace.lastEvent") + 1):
        view.do(f"() => {{ store.goto({event}); store.select(`peer:${{store.trace.peers[0]}}`); }}")
    page.wait_for_function("() => document.querySelector('.bl-narration').textContent")

    assert 0 == page.locator("#host :is(img, script)").count()
    assert page.evaluate("() => typeof hacked") == "undefined"
    assert [] == view.complaints
