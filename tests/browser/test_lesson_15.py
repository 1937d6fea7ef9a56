"""Lesson 15 in a real JupyterLab, from its first cell to its last, by keyboard alone."""

import re

from playwright.sync_api import expect
from support.lesson_walk import LessonWalk

LESSON = "L15"


def test_the_lesson_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
    """Opened from the index, looked at, answered wrongly and rightly; each drawing says what is in it."""
    walk.check_opening()
    walk.do_all()

    for cell, words in (
        ("coins", r"ann, 60% of all coins: blocks at second \d+"),
        ("greed", r"Nothing at stake\.\s+sign both"),
        ("grinding", r"Grinding\.\s+variants"),
        ("leaders", r"slots 0 to \d+, seconds 0 to \d+: [a-e]"),
        ("side", r"capacity: ann 10% and \d"),
    ):
        drawing = walk.cell_named(cell).locator(".blockchain-lab-plot")
        expect(drawing).to_have_attribute("aria-label", re.compile(words))
    walk.check_page()
    walk.check_index()
