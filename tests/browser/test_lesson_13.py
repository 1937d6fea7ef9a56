"""Lesson 13 in a real JupyterLab, from its first cell to its last, by keyboard alone."""

import re

from playwright.sync_api import expect
from support.lesson_walk import LessonWalk

LESSON = "L13"


def test_the_lesson_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
    """Opened from the index, looked at, answered wrongly and rightly; the blocks hang on their tree."""
    walk.check_opening()
    walk.do_all()

    cell = walk.cell_named("late")
    walk.write_by_keyboard("late", "show_arrivals(find_seed(), 8, labels=True)")
    tree = cell.locator(".blockchain-lab-plot")
    expect(tree).to_have_attribute("aria-label", re.compile("7. block [A-G], its parent is [A-G]: main"))
    walk.check_page()
    walk.check_index()
