"""Futures, seeds and help in a real browser: the strip under the bar with a real lab behind it."""

import pytest
from playwright.sync_api import Browser, Locator, expect
from support.live_page import LivePage
from support.talking_lab import make_talking_lab
from support.views_page import ViewsPage

from blockchain_lab.lab import Lab

KILL = {"do": "Kill", "peer": "ann", "seen_as": "reset"}
LINES = "() => [...document.querySelectorAll('.bl-futures-picture path[data-branch]')].length"


@pytest.fixture
def lab() -> Lab:
    """Five talkers."""
    return make_talking_lab(title="Five talkers")


def fork(live: LivePage, *events: int) -> None:
    """Kill ann in the past whose future was seen, again and again: each time another future begins."""
    live.do("() => store.goto(store.trace.lastEvent)")
    for event in events:
        assert live.act(KILL, event)["ok"]
        live.do("() => store.goto(store.trace.lastEvent)")
        live.do("() => store.switchTo(0)")
        live.settle()


def future(live: LivePage, number: int) -> Locator:
    """The button of a future."""
    return live.page.get_by_role("button", name=f"future {number}:")


def test_no_strip_while_there_is_one_future(live: LivePage) -> None:
    """The bar stays at 40 px."""
    expect(live.page.get_by_role("group", name="Futures")).to_be_hidden()
    box = live.page.locator(".bl-transport").bounding_box()
    assert box is not None
    assert 40 == box["height"]


def test_futures_are_told_and_switched_by_pointer(live: LivePage, lab: Lab) -> None:
    """Each says which action began it; a click goes there, in Python, too."""
    fork(live, 40, 60)
    assert 0 == lab.branch
    heads = [branch.head for branch in lab.branches]
    names = [
        f"future 1: the story itself, {heads[0]:,} events; current",
        f"future 2: Kill ann at event 40, {heads[1]:,} events",
        f"future 3: Kill ann at event 60, {heads[2]:,} events",
    ]
    buttons = live.page.get_by_role("group", name="Futures").get_by_role("button")
    assert names == [button.get_attribute("aria-label") for button in buttons.all()]

    future(live, 3).hover()
    expect(live.page.locator(".bl-futures-words")).to_have_text(names[2])
    future(live, 3).click()
    live.settle()
    assert [lab.branch, lab.cursor] == live.do("() => [store.branch, store.cursor]")
    assert lab.branch == 2
    assert lab.cursor > 60  # where the futures differ
    expect(future(live, 3)).to_have_attribute("aria-current", "true")
    assert "; current" in (future(live, 3).get_attribute("aria-label") or "")


def test_futures_are_one_tab_stop_and_walked_by_keyboard(live: LivePage, lab: Lab) -> None:
    """The stop is the present future; Down goes on, Left is time's, Enter switches and keeps the focus."""
    fork(live, 40, 60)
    stops = live.page.locator(".bl-future[tabindex='0']")
    assert ["1"] == stops.all_inner_texts()

    stops.focus()
    live.page.keyboard.press("ArrowDown")
    expect(future(live, 2)).to_be_focused()
    before = live.do("() => store.cursor")
    live.page.keyboard.press("ArrowLeft")
    assert before - 1 == live.do("() => store.cursor")

    live.page.keyboard.press("Enter")
    live.settle()
    assert (1, 1) == (lab.branch, live.do("() => store.branch"))
    expect(future(live, 2)).to_be_focused()
    assert ["2"] == stops.all_inner_texts()


def test_lines_leave_each_other_where_the_futures_do(live: LivePage) -> None:
    """On the scrubber's scale: the strip's cursor stands under the thumb, the fork at its event."""
    fork(live, 40)
    future(live, 2).click()
    live.settle()
    live.do("() => store.goto(40)")
    box = live.page.locator(".bl-scrubber").bounding_box()
    mark = live.page.locator(".bl-futures-cursor").bounding_box()
    line = live.page.locator(".bl-futures-picture path[data-branch='1']").bounding_box()
    assert box is not None
    assert mark is not None
    assert line is not None

    thumb = box["x"] + 7 + (box["width"] - 14) * 40 / live.do("() => store.trace.lastEvent")
    assert abs(mark["x"] - thumb) < 2
    assert abs(line["x"] - thumb) < 2
    assert 2 == live.do(LINES)

    live.page.mouse.click(box["x"] + 20, line["y"])  # a line is found by the pointer, too: the upper one
    live.settle()
    assert 0 == live.do("() => store.branch")


def test_more_futures_than_fit_are_in_a_list(live: LivePage, lab: Lab) -> None:
    """Eight buttons; the ninth future is chosen from the list, and drawn when it is the present one."""
    fork(live, *range(20, 65, 5))
    assert 10 == len(lab.branches)
    assert 8 == live.page.locator(".bl-future").count()
    rest = live.page.get_by_label("More futures")
    assert ["+ 2", "future 9:", "future 10:"] == [
        text if text.startswith("+") else text[: text.index(":") + 1]
        for text in rest.locator("option").all_inner_texts()
    ]
    assert 8 == live.do(LINES)

    rest.select_option("9")
    live.settle()
    assert (9, 9) == (lab.branch, live.do("() => store.branch"))
    assert ("9", 9) == (rest.input_value(), live.do(LINES))


def test_another_run_with_another_seed_and_the_same_again(live: LivePage, lab: Lab) -> None:
    """By keyboard: a typed seed begins another run; the button without typing begins the same one anew."""
    fork(live, 40)
    live.do("() => store.setLoop({ from: 3, to: 9 })")
    live.page.get_by_role("button", name="More: jump, loop, pace, seed").press("Enter")
    seed = live.page.get_by_label("Seed", exact=True)
    assert str(lab.scenario.seed) == seed.input_value()

    seed.fill("no number")
    expect(live.page.get_by_role("button", name="Run again")).to_be_disabled()
    seed.fill("12345")
    seed.press("Enter")
    live.settle()
    assert (12345, "12345") == (lab.scenario.seed, live.do("() => store.trace.seed"))
    assert (1, None) == (len(lab.branches), live.do("() => store.loop"))

    live.act(KILL)
    live.page.get_by_role("button", name="More: jump, loop, pace, seed").click()
    live.page.get_by_role("button", name="Run again").click()
    live.settle()
    assert (12345, []) == (lab.scenario.seed, list(lab.branches[0].actions))


def test_without_python_nobody_runs_again(browser: Browser) -> None:
    """The button is off, and says why."""
    view = ViewsPage(browser)
    view.show_story("joinLate", event=9, name="bar")
    view.page.get_by_role("button", name="More: jump, loop, pace, seed").click()

    expect(view.page.get_by_role("button", name="Run again")).to_be_disabled()
    expect(
        view.page.get_by_text("Python is not connected: there is nobody who could run it.")
    ).to_be_visible()
    assert [] == view.complaints


@pytest.mark.parametrize("name", ["workbench", "bar", "tree"])
@pytest.mark.parametrize("width", [934, 467])
def test_help_opens_over_every_view_and_gives_the_focus_back(browser: Browser, name: str, width: int) -> None:
    """F1 and the bar's button; it lies within the widget, scrolls inside, and Escape closes it."""
    view = ViewsPage(browser, width=width)
    view.show_story("joinLate", event=90, name=name)
    page = view.page
    root = page.locator(".blockchain-lab")
    root.focus()
    page.keyboard.press("F1")
    panel = page.get_by_role("dialog", name="Help")
    expect(panel).to_be_focused()
    for word in ("Space", "Home", "Esc", "F1", "right click", "shape", "dash", "outline", "addresses"):
        assert panel.get_by_text(word).count() > 0
    inner, outer = panel.bounding_box(), root.bounding_box()
    assert inner is not None
    assert outer is not None
    assert outer["y"] <= inner["y"] < inner["y"] + inner["height"] <= outer["y"] + outer["height"]
    assert inner["height"] <= 560

    page.keyboard.press("ArrowRight")  # the keys of time go on
    assert 91 == page.evaluate("() => store.cursor")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(root).to_be_focused()

    page.get_by_role("button", name="Help: keys, pointer, marks (F1)").click()
    panel.get_by_role("button", name="Close Help").click()
    expect(panel).to_have_count(0)
    assert [] == view.complaints
