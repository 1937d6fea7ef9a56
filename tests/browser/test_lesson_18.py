"""Lesson 18 in a real JupyterLab, from its first cell to its last, by keyboard alone."""

from playwright.sync_api import expect
from support.lesson_walk import LessonWalk

LESSON = "L18"
PATIENCE = 240_000  # milliseconds: two hundred worlds


def test_the_lesson_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
    """Opened from the index, looked at, answered wrongly and rightly; then no world fails any more."""
    expect.set_options(timeout=PATIENCE)
    walk.check_opening()
    expect(walk.cell_named("cases").locator("tbody tr")).to_have_count(6)
    walk.do_all()

    walk.run_cell("failing")
    expect(walk.cell_named("failing").locator(".jp-OutputArea-output").first).to_contain_text(
        "These worlds hold"
    )
    walk.check_page()
    walk.check_index()
