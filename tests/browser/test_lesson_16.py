"""Lesson 16 in a real JupyterLab, from its first cell to its last, by keyboard alone."""

import re

from playwright.sync_api import expect
from support.lesson_walk import LessonWalk

LESSON = "L16"


def test_the_lesson_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
    """Opened from the index, looked at, answered wrongly and rightly; then the red third is drawn."""
    walk.check_opening()
    walk.do_all()

    walk.run_cell("between")
    between = walk.cell_named("between").locator(".blockchain-lab-plot")
    expect(between).to_have_attribute("aria-label", re.compile(r"voted on both: 350 coins \(bob, dan\)"))
    walk.write_by_keyboard(
        "sentences",
        "from blockchain_lab.course.l16_sentences import show_sentences\n\n"
        "show_sentences(find_seed(), runs=True)",
    )
    table = walk.cell_named("sentences").locator(".blockchain-lab-sentences")
    expect(table.locator("tr", has_text="holds")).to_have_count(3)
    walk.check_page()
    walk.check_index()
