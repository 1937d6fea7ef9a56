"""Lesson 4 in a real JupyterLab, from its first cell to its last, by keyboard alone."""

import re

from playwright.sync_api import expect
from support.lesson_walk import LessonWalk

LESSON = "L04"


def test_the_lesson_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
    """Opened from the index, looked at, answered wrongly and rightly; the learner's function draws bars."""
    walk.check_opening()
    bars = walk.cell_with("draw_lines_of_each(\n").first.locator(".blockchain-lab-plot")
    expect(bars).to_have_attribute("aria-label", re.compile("no table of"))
    walk.do_all()

    walk.run_cell("bars")
    expect(bars).to_have_attribute("aria-label", re.compile("opens 20: 80 peers, .* 40.0 on average"))
    expect(walk.cell_named("knee").locator(".blockchain-lab-plot circle")).to_have_count(9)
    walk.check_page()
    walk.check_index()
