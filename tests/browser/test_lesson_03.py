"""Lesson 3 in a real JupyterLab, from its first cell to its last, by keyboard alone."""

from playwright.sync_api import expect
from support.lesson_walk import LessonWalk

LESSON = "L03"


def test_the_lesson_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
    """Opened from the index, looked at, answered wrongly and rightly, and back to the index."""
    walk.check_opening()
    knocked = walk.enter_picture("late")
    expect(knocked.locator(".bl-nat-box .bl-nat-cross")).to_have_count(1)  # Ann's request ends at Bob's box
    walk.leave()
    walk.do_all()
    walk.run_cell("picture")
    reach = walk.cell_named("picture").locator(".blockchain-lab-reach")
    expect(reach.locator("caption")).to_contain_text("36 of 36 pairs")
    expect(reach.locator("td.relay")).to_have_count(5)
    walk.check_page()
    walk.check_index()
