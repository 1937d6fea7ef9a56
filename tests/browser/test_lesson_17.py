"""Lesson 17 in a real JupyterLab, from its first cell to its last, by keyboard alone."""

import re

from playwright.sync_api import expect
from support.lesson_walk import LessonWalk

LESSON = "L17"


def test_the_lesson_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
    """Opened from the index, looked at, answered wrongly and rightly; then one's own loop is drawn."""
    walk.check_opening()
    walk.do_all()

    walk.run_cell("own")
    own = walk.cell_named("own").locator(".blockchain-lab-plot")
    expect(own).to_have_attribute("aria-label", re.compile("loops: pending → executed → undone → pending"))
    walk.check_page()
    walk.check_index()
