"""The bar in a real browser: every control by pointer and by keyboard, and no key leaves the widget."""

import time
from collections.abc import Iterator
from statistics import median

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from support.views_page import ViewsPage

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import MILLISECOND, SECOND
from blockchain_lab.lab import Lab

MOVES = 120
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
OURS = ["Space", "Space", "ArrowLeft", "ArrowRight", "Shift+ArrowLeft", "Shift+ArrowRight", "End", "Home"]
# Stands for the page around: JupyterLab's shortcuts leave a focused element with this attribute alone.
PAGE_AROUND = """() => {
  window.heard = [];
  document.body.style.minHeight = '3000px';
  document.addEventListener('keydown', event => {
    if (!event.target.hasAttribute('data-lm-suppress-shortcuts')) heard.push(event.key);
  });
}"""
EVERYTHING = """() => JSON.stringify([store.cursor, store.clock, store.playing, store.speed, store.pace,
  store.kind, store.loop, store.selection, store.notice, scrollY])"""
PLAY_AND_WATCH = """() => {
  window.seen = [];
  store.subscribe(() => seen.push(store.cursor));
  store.play();
}"""
# Notes when the slider was moved and when each view had drawn it.
WATCH_DRAWING = """() => {
  window.moved = new Map();
  window.drawn = [...document.querySelectorAll('[data-drawn]')].map(host => {
    const times = new Map();
    const see = () => times.has(host.dataset.drawn) || times.set(host.dataset.drawn, performance.now());
    new MutationObserver(see).observe(host, {attributes: true, attributeFilter: ['data-drawn']});
    return {name: host.className, times};
  });
  document.querySelector('.bl-scrubber').addEventListener('input', event => {
    if (!moved.has(event.target.value)) moved.set(event.target.value, performance.now());
  });
}"""
DRAWN = """() => drawn.map(({name, times}) => [name, [...moved].filter(([value]) => !times.has(value)).length,
  [...moved].map(([value, at]) => times.get(value) - at)])"""


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Two miners, a partition and its end: every kind of event happens."""
    lab = Lab("fork_and_heal")
    lab.run(until=lab.scenario.until)
    return lab


@pytest.fixture
def view(browser: Browser, lab: Lab) -> Iterator[ViewsPage]:
    """The bar above a list of events, at event 100; nothing may go wrong on the page."""
    shown = ViewsPage(browser)
    shown.show_lab(lab, event=100, name="events")
    yield shown
    assert [] == shown.complaints


def cursor(view: ViewsPage) -> int:
    """Where the reader stands."""
    event: int = view.page.evaluate("() => store.cursor")
    return event


def press(page: Page, name: str) -> None:
    """Press a button of the bar by pointer."""
    page.get_by_role("button", name=name).click()


def open_more(page: Page) -> Locator:
    """The panel behind the three dots, opened by keyboard."""
    page.get_by_role("button", name="More: jump, loop, pace, seed").press("Enter")
    return page.get_by_role("dialog", name="More about time")


def drag(page: Page, start: float, end: float) -> None:
    """Drag on the scrubber from one part of its way to another."""
    box = page.locator(".bl-scrubber").bounding_box()
    assert box is not None
    x = [box["x"] + 7 + part * (box["width"] - 14) for part in (start, end)]
    y = box["y"] + box["height"] / 2
    page.mouse.move(x[0], y)
    page.mouse.down()
    page.mouse.move(x[1], y, steps=6)
    page.mouse.up()


def test_buttons_and_keys_step_alike(view: ViewsPage, lab: Lab) -> None:
    """First, back, on and last, each once by pointer and once by its key."""
    page = view.page
    ways = [
        ("One event back (Left arrow)", "ArrowLeft", 99),
        ("One event on (Right arrow)", "ArrowRight", 101),
        ("To the start (Home)", "Home", 0),
        ("To the end (End)", "End", lab.head),
    ]
    for name, key, event in ways:
        view.do("() => store.goto(100)")
        press(page, name)
        assert event == cursor(view)

        view.do("() => store.goto(100)")
        page.locator(".blockchain-lab").focus()
        page.keyboard.press(key)
        assert event == cursor(view)


def test_play_and_pause_by_pointer_and_by_space(view: ViewsPage) -> None:
    """The button says what a press would do; nothing plays by itself."""
    page = view.page
    assert 100 == cursor(view)

    press(page, "Play (Space)")
    page.wait_for_function("() => store.cursor > 102")
    press(page, "Pause (Space)")
    page.locator(".blockchain-lab").focus()
    page.keyboard.press("Space")
    assert page.evaluate("() => store.playing")
    page.keyboard.press("Space")
    assert not page.evaluate("() => store.playing")


def is_reorganisation(record: Record) -> bool:
    """Does a peer leave blocks behind?"""
    return (
        record.kind == Kind.NOTE
        and record.detail[0] == "tip changed"
        and record.detail[1]["disconnected"] > 0
    )


def test_next_and_previous_event_of_a_kind(view: ViewsPage, lab: Lab) -> None:
    """The list chooses reorganisations; buttons and Shift with an arrow go to those that Python knows."""
    page = view.page
    wanted = sorted({record.event for record in lab.trace if is_reorganisation(record)})
    page.get_by_label("Kind of event to step to").select_option(label="reorganisation")
    page.locator(".blockchain-lab").focus()
    page.keyboard.press("Home")

    found = []
    for _ in wanted:
        page.keyboard.press("Shift+ArrowRight")
        found.append(cursor(view))
    assert wanted == found
    press(page, "Next event of this kind (Shift+Right arrow)")
    expect(page.get_by_text(f"There is no reorganisation after event {wanted[-1]:,}.")).to_be_visible()

    press(page, "Previous event of this kind (Shift+Left arrow)")
    assert wanted[-2] == cursor(view)
    page.keyboard.press("Shift+ArrowRight")  # with the focus on the button
    assert wanted[-1] == cursor(view)


def test_the_scrubber_follows_pointer_and_arrows(view: ViewsPage, lab: Lab) -> None:
    """Dragged to three quarters; an arrow key on it is one event, as everywhere; it says where it stands."""
    page = view.page
    drag(page, 0.2, 0.75)
    assert abs(cursor(view) - 0.75 * lab.head) < lab.head / 100
    there = cursor(view)

    slider = page.get_by_role("slider", name="Event")
    slider.press("ArrowRight")
    view.wait_for_pictures()

    assert there + 1 == cursor(view)
    assert f"event {there + 1:,} of {lab.head:,}" in (slider.get_attribute("aria-valuetext") or "")
    assert f"{there + 1:,} / {lab.head:,}" == page.locator(".bl-readout .bl-place").inner_text()


def test_speed_and_pace(view: ViewsPage) -> None:
    """Real time has other speeds: from a tenth to a hundred times."""
    page = view.page
    speeds = page.get_by_label("Speed of playing")
    speeds.select_option(label="½ ×")
    assert 0.5 == page.evaluate("() => store.speed")

    open_more(page).get_by_label("real time").check()
    view.wait_for_pictures()
    assert ["real", 1] == page.evaluate("() => [store.pace, store.speed]")
    assert ["0.1 ×", "100 ×"] == [speeds.locator("option").nth(n).inner_text() for n in (0, -1)]

    page.get_by_label("real time").press("ArrowLeft")  # a key of the list of choices, not of time
    assert ("compressed", 100) == (page.evaluate("() => store.pace"), cursor(view))


def test_a_silence_that_is_cut_short_is_marked(view: ViewsPage, lab: Lab) -> None:
    """While minutes pass in half a second, the clock has a sign before it; standing still it has none."""
    times = {record.event: record.at for record in lab.trace}
    silent = next(event for event in times if times.get(event + 1, 0) - times[event] > SECOND)
    view.do(f"() => store.goto({silent})")
    clock = view.page.locator(".bl-readout .bl-time")
    expect(clock).not_to_have_class("bl-time bl-jump")

    view.do("() => { store.setSpeed(0.25); store.play(); }")

    expect(clock).to_have_class("bl-time bl-jump")
    assert "A silence of" in (clock.get_attribute("title") or "")
    view.do("() => store.pause()")


def test_jump_to_a_time_or_an_event_by_keyboard(view: ViewsPage, lab: Lab) -> None:
    """Enter goes there, closes the panel and gives the focus back, so that arrows step on from there."""
    page = view.page
    moments = {"2.3 s": 2300 * MILLISECOND, "120 ms": 120 * MILLISECOND, "0:41": 41 * SECOND}
    for typed, moment in moments.items():
        panel = open_more(page)
        page.keyboard.type(f"{typed}\n")
        expect(panel).to_have_count(0)
        assert max([r.event for r in lab.trace if r.at <= moment], default=0) == cursor(view)

    open_more(page)
    page.keyboard.type("#120\n")
    page.keyboard.press("ArrowRight")
    assert 121 == cursor(view)


def test_what_cannot_be_read_is_said_and_escape_closes(view: ViewsPage) -> None:
    """The reader stays where he is and may try again; Escape gives the focus back to the button."""
    page = view.page
    panel = open_more(page)
    page.keyboard.type("soon")
    panel.get_by_role("button", name="Go").click()

    expect(panel.get_by_text("Cannot read “soon”: type 2.3 s, 120 ms, 1:02 or #120.")).to_be_visible()
    assert "true" == panel.get_by_label("Time or event to go to").get_attribute("aria-invalid")
    more = page.get_by_role("button", name="More: jump, loop, pace, seed")
    assert "true" == more.get_attribute("aria-expanded")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(more).to_be_focused()
    assert ("false", 100) == (more.get_attribute("aria-expanded"), cursor(view))


def test_a_loop_from_here_to_there_is_played_again_and_again(view: ViewsPage) -> None:
    """Set with the panel's buttons, drawn on the scrubber; playing wraps at its end."""
    page = view.page
    panel = open_more(page)
    panel.get_by_role("button", name="From here").click()
    view.do("() => store.goto(104)")
    panel.get_by_role("button", name="To here").click()
    assert {"from": 100, "to": 104} == page.evaluate("() => store.loop")
    expect(panel.get_by_text("events 100 to 104")).to_be_visible()

    page.locator(".bl-list, .bl-events").first.click()  # the pointer goes down elsewhere: the panel closes
    expect(panel).to_have_count(0)
    view.do(PLAY_AND_WATCH)
    page.wait_for_function("() => seen.some((event, index) => index && event < seen[index - 1])")
    seen = page.evaluate("() => seen")
    assert (100, 104) == (min(seen), max(seen))

    open_more(page).get_by_role("button", name="Clear").press("Enter")
    assert page.evaluate("() => store.loop") is None
    expect(page.get_by_role("button", name="From here")).to_be_focused()  # what is disabled loses it
    view.wait_for_pictures()
    expect(page.locator(".bl-loop")).to_be_hidden()


def test_shift_and_drag_draws_a_loop(view: ViewsPage, lab: Lab) -> None:
    """Backwards, too; the reader stays where he is, and the band lies over what was drawn."""
    page = view.page
    page.keyboard.down("Shift")
    drag(page, 0.75, 0.25)
    page.keyboard.up("Shift")
    view.wait_for_pictures()

    loop = page.evaluate("() => store.loop")
    assert abs(loop["from"] - 0.25 * lab.head) < lab.head / 100
    assert abs(loop["to"] - 0.75 * lab.head) < lab.head / 100
    assert 100 == cursor(view)
    band, slider = (page.locator(name).bounding_box() for name in (".bl-loop", ".bl-scrubber"))
    assert band is not None
    assert slider is not None
    assert abs(band["width"] - (slider["width"] - 14) / 2) < 3
    assert abs(band["x"] - slider["x"] - 7 - (slider["width"] - 14) / 4) < 3


def test_letters_do_nothing_and_no_key_reaches_the_page_around(view: ViewsPage) -> None:
    """JupyterLab deletes a cell at "d d"; and Space or End would scroll the notebook away."""
    page = view.page
    page.evaluate(PAGE_AROUND)
    page.locator(".blockchain-lab").focus()
    before = page.evaluate(EVERYTHING)
    for letter in LETTERS:
        page.keyboard.press(letter)
    assert before == page.evaluate(EVERYTHING)

    for key in [*OURS, "F1", "Escape", "?"]:
        page.keyboard.press(key)
    open_more(page)
    page.keyboard.type("dd")
    page.keyboard.press("Escape")
    assert [0, []] == page.evaluate("() => [scrollY, heard]")

    page.evaluate("() => document.activeElement.blur()")
    where = cursor(view)
    page.keyboard.press("ArrowRight")  # outside, keys are the page's
    assert (where, ["ArrowRight"]) == (cursor(view), page.evaluate("() => heard"))


@pytest.mark.parametrize("selection", [None, "peer:ann"])
def test_a_question_mark_asks_why(browser: Browser, lab: Lab, selection: str | None) -> None:
    """Of the selection; with none, of the latest record. The workbench opens the view that answers."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=100)
    view.do(f"() => store.select({'null' if selection is None else repr(selection)})")
    view.page.locator(".blockchain-lab").focus()

    view.page.keyboard.press("?")

    latest = f"record:0:{lab.trace.end_of(100) - 1}"
    assert (selection or latest) == view.page.evaluate("() => store.selection")
    expect(view.page.get_by_role("tab", name="Why?")).to_have_attribute("aria-selected", "true")
    assert [] == view.complaints


def test_every_move_of_the_scrubber_is_drawn(browser: Browser) -> None:
    """120 moves, each drawn by bar, network and block tree. How soon is printed, not judged."""
    lab = Lab("headers_first")
    lab.run(until=lab.scenario.until)
    view = ViewsPage(browser)
    view.show_lab(lab, event=0)
    page = view.page
    box = page.locator(".bl-scrubber").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 7, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.evaluate(WATCH_DRAWING)

    began = time.monotonic()
    for move in range(1, MOVES + 1):
        page.mouse.move(box["x"] + 7 + move * (box["width"] - 14) / MOVES, box["y"] + box["height"] / 2)
    took = time.monotonic() - began
    page.mouse.up()
    view.wait_for_pictures()

    for name, missing, delays in page.evaluate(DRAWN):
        assert (name, 0) == (name, missing)
        assert MOVES == len(delays)
        print(
            f"{name}: {MOVES} moves in {took:.2f} s, p50 {median(delays):.1f} ms, worst {max(delays):.1f} ms"
        )
    assert [] == view.complaints
