"""Lesson 9 in a real JupyterLab, from its first cell to its last, by keyboard alone."""

import re

from playwright.sync_api import expect
from support.lesson_walk import LessonWalk

LESSON = "L09"


def test_the_lesson_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
    """Opened from the index, looked at, answered wrongly and rightly; lines, bars and curves are drawn."""
    walk.check_opening()
    curves = walk.enter_picture("open").locator(".bl-curves")
    expect(curves.get_by_label("Which curves")).to_have_value("queues")
    walk.page.keyboard.press("End")
    expect(curves.locator(".bl-plot-series")).to_have_count(2)
    walk.do_all()

    walk.write_by_keyboard("sums", "show_candidates(find_seed(), load=0, network=1, disk=0)")
    bars = walk.cell_named("sums").locator(".blockchain-lab-plot")
    expect(bars).to_have_attribute("aria-label", re.compile(r"eve +0\.000 +60\.000 .*the lowest"))
    lines = walk.cell_named("lines").locator(".blockchain-lab-plot")
    expect(lines).to_have_attribute("aria-label", re.compile("the lowest +20 +0 +0 +20 +0"))
    expect(walk.cell_named("machine").locator("table tr")).to_have_count(5)
    walk.check_page()
    walk.check_index()
