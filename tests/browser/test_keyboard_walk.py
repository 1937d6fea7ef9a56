"""The whole workbench without a pointer: few stops in a sane order, no trap, a focus that is seen."""

import string
from itertools import cycle, islice
from typing import Any

import pytest
from blockchain_lab_widgets.view import VIEWS
from playwright.sync_api import Browser, Page
from support.views_page import ViewsPage

from blockchain_lab.lab import Lab

NAMES = ["workbench", *VIEWS]
MIDDLE = 900
MOST_STOPS = 26  # of a workbench: who reads on below it must not have to press Tab a hundred times
OWN_ARROWS = ("tab", "slider", "treeitem")  # ARIA's patterns give Left and Right a meaning of their own
AROUND = """() => {
  const stop = text => Object.assign(document.createElement('button'), {textContent: text, id: text});
  document.body.prepend(stop('before'));
  document.body.append(stop('after'));
}"""
# Lit is what has the focus, a frame later: without that class, or the same stop would look like two.
FOCUSED = """() => {
  const at = document.activeElement;
  const look = getComputedStyle(at);
  const halo = at.querySelector('.bl-halo');
  return {
    id: at.id, part: at.closest('.bl-transport, .bl-network, .bl-tabs, .bl-panel')?.className ?? '',
    name: at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent, tag: at.tagName,
    role: at.getAttribute("role"), html: at.outerHTML.replace(/ bl-hover\\b/g, '').slice(0, 120),
    seen: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 1
      || Boolean(halo && getComputedStyle(halo).stroke !== 'none'),
    own: at.hasAttribute('data-bl-own-keys'),
    guarded: at.getAttribute('data-lm-suppress-shortcuts') === 'true',
  };
}"""


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Lesson 14's story, run to its end."""
    lab = Lab("headers_first")
    lab.run(until=lab.scenario.until)
    return lab


def walk(view: ViewsPage, key: str, start: str, goal: str) -> list[dict[str, Any]]:
    """Press Tab from one button around the view to the other: every stop in between, in order."""
    page = view.page
    page.locator(f"#{start}").focus()
    stops: list[dict[str, Any]] = []
    for _ in range(200):
        page.keyboard.press(key)
        stop = page.evaluate(FOCUSED)
        if stop["id"] == goal:
            return stops
        stops.append(stop)
    raise AssertionError(f"no way out of the view: {[stop['html'] for stop in stops[-3:]]}")


def go_before(page: Page) -> None:
    """Leave the view by keyboard: to the button before it, until tips that the focus has brought are gone."""
    page.locator("#before").focus()
    page.locator(".bl-tooltip:visible").first.wait_for(state="hidden")


@pytest.mark.parametrize("name", NAMES)
def test_tab_walks_through_a_view_and_out_of_it(browser: Browser, lab: Lab, name: str) -> None:
    """There and back the same stops; each has a name, shows the focus, and keeps keys from JupyterLab."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=MIDDLE, name=name)
    view.page.evaluate(AROUND)

    there = walk(view, "Tab", "before", "after")
    back = walk(view, "Shift+Tab", "after", "before")

    assert [stop["html"] for stop in there] == [stop["html"] for stop in reversed(back)]
    assert len(there) <= MOST_STOPS, [stop["html"] for stop in there]
    assert [] == [stop["html"] for stop in there if not stop["name"].strip()]
    assert [] == [stop["html"] for stop in there if not stop["seen"]]
    assert [] == [stop["html"] for stop in there if not stop["guarded"]]
    assert [] == view.complaints


def test_a_workbench_is_walked_as_it_is_read(browser: Browser, lab: Lab) -> None:
    """First the time, then the network, then the tabs and the chosen view; the tabs are one stop."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=MIDDLE)
    view.page.evaluate(AROUND)

    stops = walk(view, "Tab", "before", "after")
    parts = [stop["part"].split()[0] for stop in stops[1:] if stop["part"]]

    assert sorted(parts, key=["bl-transport", "bl-network", "bl-tabs", "bl-panel"].index) == parts
    assert 4 == len(set(parts))
    assert 1 == sum(stop["role"] == "tab" for stop in stops)


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_typed_in_a_view_changes_nothing(browser: Browser, lab: Lab, name: str) -> None:
    """Letters are JupyterLab's and the learner's: no view reacts to one, and none reaches the notebook.

    All letters where the first of a kind of element has the focus, some where another one of it has.
    """
    view = ViewsPage(browser)
    view.show_lab(lab, event=MIDDLE, name=name)
    page = view.page
    page.evaluate(AROUND)
    state = "() => [store.cursor, store.selection, store.playing, document.querySelector('#host').innerText]"
    stops = walk(view, "Tab", "before", "after")
    go_before(page)
    before = page.evaluate(state)
    kinds, some = set(), cycle(string.ascii_letters)

    for stop in stops:
        page.keyboard.press("Tab")
        if stop["tag"] in ("SELECT", "INPUT", "TEXTAREA"):
            continue  # a letter is an answer there
        kind = stop["tag"], stop["role"], stop["part"]
        for letter in islice(some, 4) if kind in kinds else string.ascii_letters:
            page.keyboard.press(letter)
        kinds.add(kind)
        assert stop["html"] == page.evaluate(FOCUSED)["html"]

    go_before(page)
    assert before == page.evaluate(state)


@pytest.mark.parametrize("name", NAMES)
def test_arrow_keys_move_the_time_from_wherever_the_focus_is(browser: Browser, lab: Lab, name: str) -> None:
    """Right and Left on any stop that is no field, slider, tab or tree: one event on, and back."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=MIDDLE, name=name)
    page = view.page
    page.evaluate(AROUND)
    stops = walk(view, "Tab", "before", "after")
    page.locator("#before").focus()
    stuck = []

    for stop in stops:
        page.keyboard.press("Tab")
        if stop["tag"] in ("SELECT", "INPUT", "TEXTAREA") or stop["role"] in OWN_ARROWS or stop["own"]:
            continue
        page.keyboard.press("ArrowRight")
        on = page.evaluate("() => store.cursor")
        page.keyboard.press("ArrowLeft")
        if (on, page.evaluate("() => store.cursor")) != (MIDDLE + 1, MIDDLE):
            stuck.append(stop["html"])
        view.do(f"() => store.goto({MIDDLE})")

    assert [] == stuck


def test_buttons_in_a_row_are_walked_up_and_down(browser: Browser, lab: Lab) -> None:
    """Tab arrives at "Play"; Down goes on to the next button of its row, Enter presses it, Up comes back."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=MIDDLE, name="bar")
    page = view.page
    page.evaluate(AROUND)
    page.locator("#before").focus()
    name = "() => document.activeElement.getAttribute('aria-label')"

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert "Play (Space)" == page.evaluate(name)
    page.keyboard.press("ArrowDown")
    assert "One event on (Right arrow)" == page.evaluate(name)
    page.keyboard.press("Enter")
    assert MIDDLE + 1 == page.evaluate("() => store.cursor")
    page.keyboard.press("ArrowUp")
    assert "Play (Space)" == page.evaluate(name)
