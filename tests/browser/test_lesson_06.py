"""Lesson 6 in a real JupyterLab, from its first cell to its last, by keyboard alone."""

from playwright.sync_api import expect
from support.lesson_walk import LessonWalk

LESSON = "L06"


def test_a_bit_is_flipped_in_the_picture_and_the_checksum_protests(walk: LessonWalk) -> None:
    """Edit, one digit typed over: it says what the receiver will do. Repaired, it has nothing to say."""
    walk.check_opening()
    view = walk.enter_picture("line")
    view.locator(".bl-bytes button", has_text="Edit").press("Enter")
    for _ in range(24):
        walk.page.keyboard.press("ArrowRight")
    walk.page.keyboard.press("f")
    expect(view.locator(".bl-checks .bl-wrong")).to_contain_text("the receiver will refuse it")
    view.locator("button", has_text="Repair checksum").press("Enter")
    expect(view.locator(".bl-checks .bl-wrong")).to_have_count(0)


def test_the_lesson_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
    """Opened from the index, looked at, answered wrongly and rightly, and back to the index."""
    walk.do_all()
    walk.check_page()
    walk.check_index()
