"""A growing curve on a plain page: what it says and sends, on both papers, by key, and in little room.

What Python makes of it in a real notebook is in `test_jupyterlab_growing.py`.
"""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from support.audit import PAPERS, find_faults, lay_on
from support.views_page import ORIGIN, ViewsPage

MOUNT = """async origin => {
  const {mount} = await import(`${origin}/widgets/blockchain_lab_widgets/js/growing.js`);
  window.sent = [];
  window.view = mount(document.getElementById("host"), message => sent.push(message));
}"""
PLAYING: dict[str, Any] = {
    "title": "lecture 2024, 18,077 peers, push, 20 rumours",
    "many": "rumours",
    "since": "a rumour began",
    "phase": "playing",
    "found": 6,
    "blocks": 20,
    "passed": 3.0,
    "left": 7.0,
    "seconds": [0, 0.2, 0.4, 0.5, 0.7, 1.1],
    "percents": [0, 10, 50, 80, 95, 100],
    "trouble": "",
}
STATES: dict[str, dict[str, Any]] = {
    "beginning": PLAYING | {"found": 0, "blocks": 0, "left": None, "seconds": [], "percents": []},
    "playing": PLAYING,
    "stopped": PLAYING | {"phase": "stopped", "left": None},
    "over": PLAYING | {"phase": "over", "found": 20, "passed": 10.4, "left": None},
    "trouble": PLAYING | {"phase": "stopped", "left": None, "trouble": "Python raised ValueError: no more"},
}
WORDS = {
    "beginning": "Beginning …",
    "playing": "6 of 20 rumours, about 7.0 s left",
    "stopped": "Stopped after 6 of 20 rumours.",
    "over": "20 of 20 rumours in 10 s.",
    "trouble": "Python raised ValueError: no more",
}
CURVE = "50 % of the peers are reached after 0.40 s, 90 % after 0.70 s."
LETTERS = """() => [...document.querySelectorAll('.bl-growing text')].map(text => {
  const { left, right, top, bottom } = text.getBoundingClientRect();
  return { left, right, top, bottom, size: (bottom - top) };
})"""
TOO_WIDE = """() => [...document.querySelectorAll('.bl-growing, .bl-growing *')]
  .filter(part => !part.classList.contains('bl-hidden'))
  .filter(part => part.getBoundingClientRect().right > innerWidth + 0.5)
  .map(part => part.outerHTML.slice(0, 80))"""


class GrowingPage(ViewsPage):
    """One growing curve."""

    def __init__(self, browser: Browser, **look: Any) -> None:
        """Mounted, and nothing shown yet."""
        super().__init__(browser, **look)
        self.page.evaluate(MOUNT, ORIGIN)

    def show(self, name: str) -> None:
        """One of the states, as Python would send it."""
        self.page.evaluate("state => view.show(state)", STATES[name])
        self.wait_for_pictures()

    def get_sent(self) -> list[dict[str, str]]:
        """The reader's wishes."""
        sent: list[dict[str, str]] = self.page.evaluate("() => sent")
        return sent


@pytest.fixture
def growing(browser: Browser) -> GrowingPage:
    """On light paper, in a notebook's width."""
    return GrowingPage(browser)


@pytest.mark.parametrize("name", STATES)
def test_each_state_has_its_words_bar_and_button(growing: GrowingPage, name: str) -> None:
    """What an eye sees, and what a screen reader says of it."""
    growing.show(name)
    state, root = STATES[name], growing.page.get_by_role("group", name=PLAYING["title"])
    bar = root.get_by_role("progressbar", name="Progress")
    is_playing = state["phase"] == "playing"

    expect(root.locator(".bl-growing-words")).to_have_text(WORDS[name])
    expect(bar).to_have_attribute("aria-valuetext", WORDS[name])
    expect(bar).to_have_attribute("aria-valuenow", str(state["found"]))
    expect(bar).to_have_attribute("aria-valuemax", str(max(1, state["blocks"])))
    filled = bar.evaluate("bar => bar.firstElementChild.offsetWidth / bar.clientWidth")
    assert abs(filled - state["found"] / max(1, state["blocks"])) < 0.01
    label = "Stop the run" if is_playing else "Play again from the beginning"
    expect(root.get_by_role("button", name=label)).to_have_text("Stop" if is_playing else "Play again")
    told = "No curve yet." if name == "beginning" else CURVE
    expect(root.get_by_role("img", name=told)).to_be_visible()
    expect(root.get_by_role("status")).to_have_text("" if is_playing else f"{WORDS[name]} {CURVE}")
    assert [] == growing.complaints


def test_the_line_grows_to_the_right_and_is_dashed_while_it_plays(growing: GrowingPage) -> None:
    """From nothing to steps; whole when nothing more comes. The axis says what goes round."""
    line, seen = growing.page.locator(".bl-growing polyline"), []
    for name in ("beginning", "playing", "over"):
        growing.show(name)
        points = line.get_attribute("points") or ""
        seen.append((len(points.split()), line.evaluate("line => getComputedStyle(line).strokeDasharray")))

    assert [(0, "7px, 3px"), (11, "7px, 3px"), (11, "none")] == seen
    axes = "seconds since a rumour began; share of the peers that it has reached"
    expect(growing.page.locator(".bl-growing-axes")).to_have_text(axes)


@pytest.mark.parametrize("how", ["pointer", "Space", "Enter"])
def test_one_button_stops_and_begins_anew(growing: GrowingPage, how: str) -> None:
    """The focus stays on it, though its words change."""
    button = growing.page.locator(".bl-growing-press")

    def press() -> None:
        if how == "pointer":
            button.click()
        else:
            growing.page.keyboard.press(how)

    growing.show("playing")
    growing.page.keyboard.press("Tab")
    growing.page.keyboard.press("Tab")
    expect(button).to_be_focused()
    press()
    growing.show("stopped")
    expect(button).to_be_focused()
    press()

    assert [{"do": "stop"}, {"do": "begin"}] == growing.get_sent()


def test_who_is_gone_is_said(growing: GrowingPage) -> None:
    """The curve stays."""
    growing.show("playing")
    growing.do("() => view.lose()")

    expect(growing.page.locator(".bl-growing-words")).to_have_text(
        "Python does not answer: run this cell again."
    )
    expect(growing.page.get_by_role("img", name=CURVE)).to_be_visible()


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", ["playing", "over"])
def test_nothing_keeps_people_out(browser: Browser, paper: str, name: str) -> None:
    """On both papers; the line is to be told from the paper."""
    growing = GrowingPage(browser, theme=paper)
    lay_on(growing.page, paper)
    growing.show(name)
    line = growing.page.locator(".bl-growing polyline")

    assert [] == find_faults(growing.page)
    expect(growing.page.locator(".bl-growing")).to_have_attribute("data-palette", paper)
    stroke = line.evaluate("line => getComputedStyle(line).stroke.match(/[0-9]+/g).map(Number)")
    brightness = sum(stroke[:3]) / 3
    assert brightness < 160 if paper == "light" else brightness > 96


@pytest.mark.parametrize(("width", "scale"), [(934, 1), (683, 2), (467, 2), (320, 4)])
def test_it_fits_and_its_letters_keep_their_size(browser: Browser, width: int, scale: float) -> None:
    """A notebook; a laptop at 200 %; half of that; a phone, or a laptop at 400 % (WCAG 1.4.10)."""
    growing = GrowingPage(browser, width=width, scale=scale)
    growing.show("playing")
    letters = growing.page.evaluate(LETTERS)

    assert [] == growing.page.evaluate(TOO_WIDE)
    assert len(letters) >= 6
    for number, box in enumerate(letters):
        assert 12 <= box["size"] <= 20
        assert 0 <= box["left"] and box["right"] <= width
        for other in letters[:number]:
            assert (
                box["left"] >= other["right"]
                or other["left"] >= box["right"]
                or box["top"] >= other["bottom"]
                or other["top"] >= box["bottom"]
            )
    growing.page.close()


def test_it_follows_the_room_that_it_has(growing: GrowingPage) -> None:
    """The side bar opens while it plays: the plot is drawn anew before the next state comes."""
    growing.show("playing")
    growing.page.set_viewport_size({"width": 420, "height": 700})
    growing.wait_for_pictures()

    expect(growing.page.locator(".bl-growing-plot")).to_have_attribute("viewBox", "0 0 418 270")
    assert [] == growing.page.evaluate(TOO_WIDE)
