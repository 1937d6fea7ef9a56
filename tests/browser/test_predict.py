"""Predict, run, reconcile, by pointer and by keyboard: nobody sees what is asked before he has said."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator
from support.audit import find_faults, lay_on
from support.live_page import LivePage
from support.views_page import ViewsPage

from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill
from blockchain_lab.study.outcomes import arrival_order, coverage_curve, coverage_time, first_to_have
from blockchain_lab.study.prediction_kinds import Question
from blockchain_lab.study.predictions import Prediction, choice, curve, number, order, predict

SEAL = 118  # of fork_and_heal: the next event is ann's, who finds block 1
OTHERS = ["bob", "cat", "dan", "eve", "fay"]
QUESTIONS: dict[str, Question] = {
    "number": number(
        "How long until five peers have block 1?", coverage_time(1, 5),
        unit="s", least=0, most=5, tolerance=0.5,
    ),
    "choice": choice("Who has block 1 first after ann?", first_to_have(1, OTHERS), OTHERS),
    "order": order("In which order?", arrival_order(1, OTHERS), OTHERS),
    "curve": curve(
        "How many peers have block 1?", coverage_curve(1),
        unit="peers", least=0, most=6, fair=1, until=7 * SECOND,
    ),
}  # fmt: skip
VIEWS_OF_THE_FUTURE = ("events", "spread", "chart", "curves", "lanes", "network")


@pytest.fixture
def live(browser: Browser) -> Iterator[LivePage]:
    """A page, and nothing may have gone wrong on it in the end."""
    page = LivePage(browser)
    yield page
    assert [] == page.complaints


def show(live: LivePage, kind: str, **options: Any) -> Prediction:
    """A card of this kind, asked where nobody has a block yet."""
    lab = Lab("fork_and_heal")
    lab.goto(event=SEAL)
    said = predict(lab, QUESTIONS[kind])
    live.show_card(said.show(**options))
    live.page.wait_for_selector(".bl-predict-body > *")
    return said


def hear(live: LivePage) -> None:
    """Let the page hear what was done in a cell, the last of it too."""
    live.carrier.get_holdings()
    live.deliver()


def press(live: LivePage, name: str) -> None:
    """A button of the card, by the pointer."""
    live.page.get_by_role("button", name=name).click()
    live.settle()


def card(live: LivePage) -> Locator:
    """The card alone."""
    return live.page.locator(".bl-predict-root")


def words(live: LivePage) -> str:
    """What it says of how things stand."""
    return card(live).locator(".bl-predict-words").inner_text()


def stage(live: LivePage) -> str | None:
    """Where the prediction stands."""
    return card(live).get_attribute("data-stage")


def test_a_number_by_pointer(live: LivePage) -> None:
    """Slide, lock, play on to the outcome, be shown the event that decided, and why it came."""
    said = show(live, "number")
    page = live.page
    assert ("open", 0) == (stage(live), page.get_by_role("button", name="Show me").count())
    page.get_by_role("button", name="Lock my prediction").press("Enter")
    live.settle()
    assert "Nothing is predicted yet." in card(live).get_by_role("alert").inner_text()

    box = page.get_by_role("slider", name="Your prediction").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + box["height"] / 2)
    press(live, "Lock my prediction")

    assert said.guess == pytest.approx(2.5, abs=0.06)
    assert ("locked", SEAL) == (stage(live), page.evaluate("store.cursor"))
    assert words(live).startswith("Locked: 2.")
    live.do("() => { store.goto(145); store.setSpeed(4); }")
    card(live).get_by_role("button", name="Play").click()
    page.wait_for_selector("[data-stage=revealed]")
    assert (151, False) == (page.evaluate("store.cursor"), page.evaluate("store.playing"))
    assert "✗ Not so. You said 2." in words(live)
    assert "it was 1.829 s. dan was the 5th peer" in words(live)
    live.do("() => store.goto(300)")
    press(live, "Show me")
    assert 151 == page.evaluate("store.cursor")
    assert "dan" == page.evaluate(
        "store.trace.peers[store.trace.record(+store.selection.split(':')[2]).peer]"
    )
    assert "Why?" in page.get_by_role("tab", selected=True).inner_text()


def test_a_number_by_keyboard(live: LivePage) -> None:
    """Written beyond the range it is refused in Python's words; Right moves the slider, not the time."""
    said = show(live, "number")
    page = live.page
    field = page.get_by_role("textbox", name="Your prediction, in s")
    field.focus()
    page.keyboard.type("45")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    live.settle()
    refused = "the prediction: found 45 s, wanted a number from 0 s to 5 s"
    assert (refused, "open") == (card(live).get_by_role("alert").inner_text(), stage(live))

    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("1.5")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    assert (SEAL, "1.55 s") == (
        page.evaluate("store.cursor"),
        page.get_by_role("slider").first.get_attribute("aria-valuetext"),
    )
    for key in ("Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    live.settle()
    assert 1.55 == said.guess
    assert "Play" == page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    live.settle()
    assert "✓ Right. You said 1.55 s; it was 1.829 s." in words(live)
    assert "Show me" == page.evaluate("document.activeElement.textContent")


def test_a_choice(live: LivePage) -> None:
    """By keyboard: Down goes on among the options; two columns and a line tell what came true."""
    said = show(live, "choice")
    page = live.page
    page.get_by_role("radio", name="bob").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    live.settle()

    assert ("cat", SEAL) == (said.guess, page.evaluate("store.cursor"))
    assert ["?"] * 5 == card(live).locator(".bl-predict-columns li").all_inner_texts()[5:]
    press(live, "Skip to the outcome")
    assert "✓ Right. You said cat; it was cat. It was there at 3.822 s." in words(live)
    assert ["cat", "cat"] == card(live).locator(".bl-predict-it .bl-predict-thing").all_inner_texts()
    assert 1 == card(live).locator(".bl-predict-right").count()


def test_an_order_by_pointer_and_by_keyboard(live: LivePage) -> None:
    """Dragged, and moved by a button that keeps the focus; said and was stand side by side."""
    said = show(live, "order")
    page = live.page
    rows = card(live).locator(".bl-predict-order li")
    rows.nth(4).locator(".bl-predict-thing").hover()
    page.mouse.down()
    target = rows.nth(2).bounding_box()
    assert target is not None
    page.mouse.move(target["x"] + 30, target["y"] + 10, steps=4)
    page.mouse.up()
    assert ["bob", "cat", "fay", "dan", "eve"] == card(live).locator(".bl-predict-thing").all_inner_texts()
    page.get_by_role("button", name="bob later").focus()
    for _ in range(2):
        page.keyboard.press("Enter")
    assert "bob later" == page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert "bob is number 2 of 5" == card(live).get_by_role("status").first.inner_text()

    press(live, "Lock my prediction")
    assert ["cat", "bob", "fay", "dan", "eve"] == said.guess
    press(live, "Skip to the outcome")
    assert "✓ Right." in words(live)
    assert (5, 0) == (
        card(live).locator(".bl-predict-right").count(),
        card(live).locator(".bl-predict-wrong").count(),
    )


def test_a_curve_by_pointer(live: LivePage) -> None:
    """Drawn in one stroke; both lines and the area between them, and what is furthest off."""
    said = show(live, "curve")
    page = live.page
    box = card(live).locator(".bl-sketch-touch").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, box["y"] + box["height"] - 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] - 2, steps=8)
    page.mouse.up()
    press(live, "Lock my prediction")

    assert [0.0] * 24 == [value for _, value in said.guess]
    assert (said.lab.trace.time_of(SEAL), 7 * SECOND) == (said.guess[0][0], said.guess[-1][0])
    live.do("() => store.goto(140)")
    assert "" == (card(live).locator(".bl-predict-area").get_attribute("d") or "")
    press(live, "Skip to the outcome")
    assert "✗ Not so. On average your line was" in words(live)
    assert card(live).locator(".bl-predict-area").get_attribute("d")
    press(live, "Table: Both lines")
    cells = card(live).locator("tbody td, tbody th").all_inner_texts()
    assert (13 * 3, ["7.000 s", "0", "6"]) == (len(cells), cells[-3:])
    press(live, "Show me")
    assert 156 == page.evaluate("store.cursor")


def test_a_curve_by_keyboard(live: LivePage) -> None:
    """Tab to a point, Up and Down set it, Right goes on; the time does not move."""
    said = show(live, "curve")
    page = live.page
    card(live).get_by_role("slider").first.focus()
    page.keyboard.press("ArrowDown")
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    page.keyboard.press("PageUp")
    assert SEAL == page.evaluate("store.cursor")
    press(live, "Lock my prediction")

    assert [0, 1, 6] == [value for _, value in said.guess]


@pytest.mark.parametrize("name", VIEWS_OF_THE_FUTURE)
def test_the_seal_holds_in_every_view_of_the_lab(browser: Browser, live: LivePage, name: str) -> None:
    """A view in another cell says what it would say of a run that has no future yet; no key leads on."""
    show(live, "number", alone=True)
    live.page.evaluate("name => { unmount(); show({name}); }", name)
    for key in ("End", "ArrowRight", "Shift+ArrowRight", "Space"):
        live.page.locator(".blockchain-lab").focus()
        live.page.keyboard.press(key)
        live.wait_for_pictures()
        assert SEAL == live.page.evaluate("store.cursor")
    assert (
        "Predict first: what comes next is what you are asked." in live.page.locator(".bl-notes").inner_text()
    )

    lab = Lab("fork_and_heal")
    lab.goto(event=SEAL)
    page = ViewsPage(browser)
    page.show_lab(lab, event=SEAL, name=name)
    wanted, found = (each.page.locator(".blockchain-lab > div").nth(1).inner_text() for each in (page, live))
    assert wanted == found
    assert SEAL == live.page.evaluate("store.trace.lastEvent")


def test_what_was_done_since_makes_it_another_run(live: LivePage) -> None:
    """Acting waits for the prediction; after it the card says so, and asks again of the new run."""
    said = show(live, "number")
    page = live.page
    refused = live.act({"do": "Kill", "peer": "cat"})
    assert (False, "predict first, then act: the run is sealed behind event 118") == (
        refused["ok"],
        refused["text"],
    )
    said.commit(2)
    said.lab.do(Kill("cat"))
    hear(live)

    assert "The run has been changed since: this was the outcome of another one." in words(live)
    assert 0 == page.get_by_role("button", name="Show me").count()
    press(live, "Ask again")
    assert ("open", None, SEAL) == (stage(live), said.guess, page.evaluate("store.cursor"))
    assert 1 == len(said.earlier)


def test_of_two_cards_both_are_answered_before_the_run_goes_on(live: LivePage) -> None:
    """The first one says what it waits for."""
    said = show(live, "number")
    other = predict(said.lab, QUESTIONS["choice"])
    other.show(alone=True)
    said.commit(2)
    hear(live)
    play = live.page.locator(".bl-predict-buttons").get_by_role("button", name="Play")
    assert words(live).endswith("Another question about this run is open: answer it, then play.")
    assert 0 == play.count()
    other.commit("bob")
    hear(live)
    assert 1 == play.count()


def test_a_card_alone_opens_why_below_itself(live: LivePage) -> None:
    """Beside views of the same lab in other cells, or without any."""
    said = show(live, "choice", alone=True)
    page = live.page
    assert 0 == page.locator(".bl-workbench").count()
    said.commit("bob")
    hear(live)
    press(live, "Skip to the outcome")
    press(live, "Show me")

    assert "why" == page.locator(".bl-below").get_attribute("data-view")


def test_without_python_nobody_can_predict(live: LivePage) -> None:
    """The card says so, and goes on when Python is back."""
    show(live, "choice")
    page = live.page
    live.do("() => setKernel({status: 'dead'})")
    assert "Python is not connected" in words(live)
    assert 0 == page.get_by_role("button", name="Lock my prediction").count()
    live.do("() => setKernel({status: 'idle'})")
    assert 1 == page.get_by_role("button", name="Lock my prediction").count()


def test_words_of_strangers_stay_words(browser: Browser) -> None:
    """A question and its options may hold anything."""
    live = LivePage(browser)
    evil = '<img src=x onerror="window.hurt = 1"></script>'
    lab = Lab("fork_and_heal")
    lab.goto(event=SEAL)
    said = predict(lab, choice(evil, lambda _: evil, [evil, "ann"]))
    live.show_card(said.show(alone=True))
    live.page.wait_for_selector(".bl-predict-body > *")
    assert evil == card(live).get_by_role("heading").inner_text()
    said.commit(evil)
    hear(live)
    press(live, "Skip to the outcome")

    assert evil in words(live)
    assert live.page.evaluate("window.hurt") is None
    assert [] == live.complaints


@pytest.mark.parametrize("kind", QUESTIONS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_serious_fault(browser: Browser, kind: str, theme: str) -> None:
    """Asked, locked and revealed, on both papers."""
    live = LivePage(browser, theme=theme)
    said = show(live, kind, alone=True)
    lay_on(live.page, theme)
    faults = [f"asked: {fault}" for fault in find_faults(live.page)]
    guess = {"number": 2, "choice": "bob", "order": OTHERS, "curve": [[2_000_000, 1], [6_000_000, 6]]}[kind]
    said.commit(guess)
    hear(live)
    faults += [f"locked: {fault}" for fault in find_faults(live.page)]
    press(live, "Skip to the outcome")
    faults += [f"revealed: {fault}" for fault in find_faults(live.page)]

    assert [] == faults
    assert [] == live.complaints
