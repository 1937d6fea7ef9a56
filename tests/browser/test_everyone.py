"""The views for everyone: axe-core finds no fault, and words and tables stand for every picture."""

from typing import Any

import pytest
from blockchain_lab_widgets.view import VIEWS
from playwright.sync_api import Browser, Locator
from support.audit import find_faults
from support.held_timers import held_timers
from support.views_page import ViewsPage

from blockchain_lab.lab import Lab

NAMES = ["workbench", *VIEWS]
THEMES = ["light", "dark"]
MIDDLE = 900  # an event of headers_first: blocks are on their way, one peer is behind
LISTS = {"bar", "events", "bytes", "why", "controls", "peers"}  # views that are text already
FILLED = {"chart", "curves", "lanes", "message map", "network", "spread", "tree"}  # views with rows here
# Faults of a page that has nothing but a view on it; a notebook has headings and landmarks of its own.
PAGE = "() => document.documentElement.lang = 'en'"
SELECT = """what => {
  const rows = [...Array(store.trace.length).keys()];
  const row = rows.find(at => store.trace.record(at).facts.command === 'block' && at > 600);
  const note = rows.find(at => store.trace.record(at).facts.topic === 'block accepted');
  const hash = store.trace.record(note).facts.hash;
  store.select({record: `record:${store.branch}:${row}`, block: `block:${hash}`, peer: 'peer:bob'}[what]);
}"""


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Lesson 14's story, run to its end."""
    lab = Lab("headers_first")
    lab.run(until=lab.scenario.until)
    return lab


def show(browser: Browser, lab: Lab, name: str, theme: str = "light", **options: Any) -> ViewsPage:
    """A view in the middle of the story, in a page with a language."""
    view = ViewsPage(browser, theme=theme, **options)
    view.show_lab(lab, event=MIDDLE, name=name)
    view.page.evaluate(PAGE)
    return view


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_no_serious_fault(browser: Browser, lab: Lab, name: str, theme: str) -> None:
    """Names, roles and contrast, at rest and with something selected, in every view on both papers."""
    view = show(browser, lab, name, theme)
    faults = find_faults(view.page)

    for what in ("record", "block", "peer"):
        view.page.evaluate(SELECT, what)
        view.wait_for_pictures()
        faults += [f"{what}: {fault}" for fault in find_faults(view.page)]

    assert [] == faults
    assert [] == view.complaints


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", sorted(set(VIEWS) - LISTS))
def test_a_table_stands_behind_each_graph(browser: Browser, lab: Lab, name: str, theme: str) -> None:
    """A press puts a real table in the graph's place, which can be sorted; another one takes it away.

    Some views have nothing to tell of this story: their own tests look at what their tables say.
    """
    view = show(browser, lab, name, theme)
    page = view.page
    button = page.locator(".bl-table-button")

    button.click()
    view.wait_for_pictures()
    table = page.locator(".bl-table table")
    assert "true" == button.get_attribute("aria-pressed")
    assert "event 900 of" in table.locator("caption").inner_text()
    assert 0 == table.locator("th:not([scope])").count()
    rows = table.locator("tbody tr").count()
    assert rows > 1 or name not in FILLED
    if rows > 1:
        check_sorting(view, table)
    assert [] == find_faults(page)

    view.do("() => store.goto(0)")
    assert "event 0 of" in table.locator("caption").inner_text()
    button.press("Enter")
    view.wait_for_pictures()
    assert 0 == page.locator(".bl-table").count()
    assert [] == view.complaints


def check_sorting(view: ViewsPage, table: Locator) -> None:
    """By the first column: up, then down."""
    sorted_rows = []
    for order in ("ascending", "descending"):
        table.locator("thead button").first.click()
        view.wait_for_pictures()
        assert order == table.locator("thead th").first.get_attribute("aria-sort")
        sorted_rows.append(table.locator("tbody tr").all_inner_texts())
    up, down = sorted_rows
    assert len(up) == len(down)
    assert up != down


def test_a_row_of_a_table_selects_what_it_lists(browser: Browser, lab: Lab) -> None:
    """One tab stop for the whole table; Up and Down walk it, Enter selects, and the store knows."""
    view = show(browser, lab, "lanes")
    page = view.page
    page.locator(".bl-table-button").click()
    view.wait_for_pictures()

    assert 1 == page.locator(".bl-table button[tabindex='0']").count()
    page.locator(".bl-table tbody button").nth(3).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    view.wait_for_pictures()
    selected = page.locator(".bl-table tr.bl-selected")

    assert selected.get_attribute("data-name") == page.evaluate("() => store.selection")
    assert "true" == selected.locator("button").get_attribute("aria-pressed")
    assert page.evaluate("() => store.cursor") == MIDDLE  # Up and Down are not the time's


def test_a_widget_tells_what_happens_when_the_reader_rests(browser: Browser, lab: Lab) -> None:
    """One live line: silent at first and while playing fast, live only while the focus is inside."""
    view = show(browser, lab, "workbench")
    page = view.page
    line = page.locator(".blockchain-lab .bl-narration")

    assert 1 == page.locator("[aria-live]:not([role])").count()
    assert ["", "off"] == [line.inner_text(), line.get_attribute("aria-live")]
    page.locator(".blockchain-lab").focus()
    with held_timers(page):
        page.keyboard.press("ArrowLeft")
        assert "" == line.inner_text()
    assert "polite" == line.get_attribute("aria-live")
    assert line.inner_text().startswith("event 899 of 1,528, 9.2")

    with held_timers(page):
        view.do("() => { store.setSpeed(4); store.play(); }")
        page.wait_for_function("() => store.cursor > 910")
        assert "playing" == line.inner_text()
        view.do("() => { store.pause(); store.select('peer:bob'); }")
    assert line.inner_text().startswith("selected: peer bob. event ")


def test_every_view_has_a_name_and_its_graph_a_description(browser: Browser, lab: Lab) -> None:
    """What a screen reader says on arrival comes from the state at the cursor, and changes with it."""
    for name, late, early in [("network", "on B151", "6 peers"), ("tree", "155 blocks", "nobody")]:
        view = show(browser, lab, name)
        host = view.page.locator(f".bl-{name}")
        words = view.page.locator(f"[id='{host.get_attribute('aria-describedby')}']")

        assert host.get_attribute("aria-label")
        assert late in words.inner_text()
        view.do("() => store.goto(0)")
        assert early in words.inner_text()


def test_a_tooltip_can_be_reached_and_dismissed(browser: Browser, lab: Lab) -> None:
    """WCAG 1.4.13: the pointer may go onto it; Escape takes it away until something else is pointed at."""
    view = show(browser, lab, "network")
    page, box = view.page, view.page.locator(".bl-network .bl-tooltip")
    spot = page.locator(".bl-peer").first.bounding_box()
    assert spot
    x, y = spot["x"] + 20, spot["y"] + 20

    page.mouse.move(x, y)
    assert box.is_visible()
    place = box.bounding_box()
    assert place
    with held_timers(page):  # the grace lasts until the pointer is there
        page.mouse.move(place["x"] + 8, place["y"] + place["height"] / 2, steps=4)
        assert 0 == page.evaluate("() => held.size")  # and then nothing is to close it
    assert box.is_visible()

    page.mouse.move(x, y)
    page.keyboard.press("Escape")
    assert not box.is_visible()
    page.mouse.move(x + 2, y)
    assert not box.is_visible()
    page.mouse.move(2, 2)
    page.mouse.move(x, y)
    assert box.is_visible()


@pytest.mark.parametrize("name", NAMES)
def test_who_wants_no_motion_gets_none(browser: Browser, lab: Lab, name: str) -> None:
    """With prefers-reduced-motion nothing slides or fades: the next picture is there at once."""
    view = show(browser, lab, name)
    view.page.emulate_media(reduced_motion="reduce")

    for event in (5, MIDDLE, lab.head):
        view.do(f"() => store.goto({event})")
        assert 0 == view.page.evaluate("() => document.getAnimations().length")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost_at_twice_the_size(browser: Browser, lab: Lab, name: str) -> None:
    """At 200 % a cell is 467 px wide: nothing sticks out sideways, and every control can still be reached."""
    view = show(browser, lab, name, width=467)
    view.page.set_viewport_size({"width": 467, "height": 1200})
    view.wait_for_pictures()

    assert view.page.evaluate("() => document.documentElement.scrollWidth") <= 467
    outside = """() => [...document.querySelectorAll('.blockchain-lab :is(button, select, input)')]
      .filter(each => each.checkVisibility() && !each.closest('.bl-table, .bl-window, .bl-scroll'))
      .map(each => [each.getBoundingClientRect(), each])
      .filter(([spot]) => spot.left < 0 || spot.right > 467)
      .map(([, each]) => each.outerHTML.slice(0, 120))"""
    assert [] == view.page.evaluate(outside)


@pytest.mark.parametrize("name", NAMES)
def test_marks_stay_visible_when_the_system_chooses_the_colours(
    browser: Browser, lab: Lab, name: str
) -> None:
    """In a high contrast mode text and marks still stand out from the paper."""
    view = show(browser, lab, name)
    view.page.emulate_media(forced_colors="active")
    view.do("() => store.goto(60)")
    invisible = """() => [...document.querySelectorAll('.blockchain-lab svg :is(rect, path, circle, text)')]
      .filter(mark => mark.checkVisibility() && mark.getBoundingClientRect().width > 1)
      .filter(mark => {
        const {fill, stroke} = getComputedStyle(mark);
        const paper = getComputedStyle(document.querySelector('.blockchain-lab')).backgroundColor;
        return [fill, stroke].every(colour => colour === paper);
      }).map(mark => mark.outerHTML.slice(0, 120))"""

    assert [] == view.page.evaluate(invisible)
    assert [] == view.complaints
