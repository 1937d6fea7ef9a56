"""Lesson 5 in a real JupyterLab, from its first cell to its last, by keyboard alone."""

from playwright.sync_api import expect
from support.lesson_walk import LessonWalk

LESSON = "L05"


def test_the_clocks_follow_the_picture(walk: LessonWalk) -> None:
    """The clocks show the moment of the first picture: Bob's bar stands first, and is a ghost's."""
    clocks = walk.cell_with("draw_clocks(lab)").locator("svg.blockchain-lab-line")

    expect(clocks).to_contain_text("a ghost")
    expect(clocks.locator("text").nth(8)).to_have_text("bob")  # behind four marks and their seconds


def test_the_lesson_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
    """Opened from the index, looked at, answered wrongly and rightly, and back to the index."""
    walk.check_opening()
    walk.do_all()
    walk.check_page()
    walk.check_index()
