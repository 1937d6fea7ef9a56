"""Lesson 11 in a real JupyterLab, by keyboard alone: all questions, a broken chain, a search cancelled."""

import re

from playwright.sync_api import Locator, expect
from support.lesson_walk import LessonWalk

LESSON = "L11"


def tab_to(walk: LessonWalk, field: Locator) -> None:
    """Press Tab until the focus is on this field."""
    for _ in range(20):
        if field.evaluate("element => element === document.activeElement"):
            return
        walk.page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there")


def test_the_lesson_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
    """Opened from the index, looked at, answered wrongly and rightly."""
    walk.check_opening()
    walk.do_all()
    walk.check_page()


def test_a_letter_breaks_three_blocks_and_enter_seals_one(walk: LessonWalk) -> None:
    """Written into block 2: three crosses. Mined by Enter: two are left; the focus stays in the field."""
    view = walk.enter_picture("open")
    text = view.get_by_label("Text of block 2")
    tab_to(walk, text)
    walk.page.keyboard.press("End")
    walk.page.keyboard.type("0")
    expect(view.locator(".bl-place")).to_have_text("1 / 4 sealed")
    expect(view.get_by_role("group", name="Block 4, broken")).to_be_visible()

    walk.page.keyboard.press("Enter")
    expect(view.locator(".bl-place")).to_have_text("2 / 4 sealed")
    expect(view.locator(".bl-seals-words")).to_have_text(re.compile(r"^Block 2 is sealed: [\d,]+ tr"))
    expect(text).to_be_focused()
    expect(text).to_have_value("bob pays cat 30")
    walk.leave()


def test_a_long_search_is_cancelled_by_the_button_that_began_it(walk: LessonWalk) -> None:
    """Bitcoin's first block takes hours. Other cells run in between; Space begins, and Space stops."""
    view = walk.enter_picture("first")
    button = view.locator(".bl-seal-mine")
    tab_to(walk, button)
    walk.page.keyboard.press("Space")
    expect(button).to_have_text("Cancel")
    expect(view.locator(".bl-seals-words")).to_have_text(re.compile(r"^Block 0: [\d,]+ tries, .* on average"))

    walk.leave()
    walk.run_cell("real")
    expect(walk.cell_named("real")).to_contain_text("24,371,874,614,346")
    expect(button).to_have_text("Cancel")

    walk.enter_picture("first")
    tab_to(walk, button)
    walk.page.keyboard.press("Space")
    expect(button).to_have_text("Mine")
    expect(view.locator(".bl-seals-words")).to_have_text(re.compile(r"^Stopped after [\d,]+ tries"))
    expect(button).to_be_focused()
    walk.leave()
    walk.check_page()
    walk.check_index()
