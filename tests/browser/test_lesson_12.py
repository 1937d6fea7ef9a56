"""Lesson 12 in a real JupyterLab, from its first cell to its last, by keyboard alone."""

from support.lesson_walk import LessonWalk

LESSON = "L12"


def test_the_lesson_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
    """Opened from the index, looked at, answered wrongly and rightly, and back to the index."""
    walk.check_opening()
    walk.do_all()
    walk.check_page()
    walk.check_index()
