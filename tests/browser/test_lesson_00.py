"""Lesson 0 in a real JupyterLab, from the first cell to the last, by keyboard alone.

The tests share one page and go on where the one before stopped, as a learner does.
"""

import re

from playwright.sync_api import expect
from support.lesson_walk import LessonWalk

from blockchain_lab.course.l00 import CAUSES, FIRST_ARRIVAL, WAVE
from blockchain_lab.course.questions import GUEST_SEED

LESSON = "L00"


def test_run_all_shows_a_film_in_the_middle_of_the_cut(walk: LessonWalk) -> None:
    """No cell fails; the picture stands at its poster, not at its start."""
    walk.check_opening()
    expect(walk.enter_picture("open").locator(".bl-place")).to_have_text(re.compile(r"^265 / 315$"))


def test_play_and_the_end_of_the_film(walk: LessonWalk) -> None:
    """Home, the space bar, and the end."""
    view = walk.enter_picture("open")
    walk.page.keyboard.press("Home")
    expect(view.locator(".bl-place")).to_have_text(re.compile(r"^0 /"))
    walk.page.keyboard.press("Space")
    expect(view.locator(".bl-place")).not_to_have_text(re.compile(r"^0 /"))
    walk.page.keyboard.press("End")
    expect(view.locator(".bl-place")).to_have_text(re.compile(r"^315 /"))


def test_the_first_message_is_one_key_away(walk: LessonWalk) -> None:
    """Home, then the next event of this kind; Python stands there, too, so that it can be the answer."""
    view = walk.enter_picture("open")
    walk.page.keyboard.press("Home")
    walk.page.keyboard.press("Shift+ArrowRight")
    expect(view.locator(".bl-time")).to_have_text(f"{FIRST_ARRIVAL.answer(GUEST_SEED):.3f} s")
    walk.wait_for_kernel("lab.now / 1_000_000", str(FIRST_ARRIVAL.answer(GUEST_SEED)))

    walk.write_by_keyboard("q2", 'answer = lab.now / 1_000_000\n\ncheck("L00.q2", answer)')
    expect(walk.cell_named("q2").locator(".blockchain-lab-card")).to_contain_text("Right")


def test_why_is_bob_on_the_first_block(walk: LessonWalk) -> None:
    """As the text says: tip change by tip change until bob is there, bob chosen, and the key "?"."""
    view = walk.enter_picture("open")
    walk.page.keyboard.press("Home")
    view.locator(".bl-kind").select_option(label="tip change")
    view.focus()
    bob = view.get_by_role("option", name=re.compile("^bob,"))
    for _ in range(20):
        walk.wait_for_pictures()
        if "tip B1," in (bob.get_attribute("aria-label") or ""):
            break
        walk.page.keyboard.press("Shift+ArrowRight")
    bob.press("Enter")
    walk.page.keyboard.press("?")

    expect(view.locator(".bl-question")).to_have_text("Why is bob on B1?")
    for kind in CAUSES.answer(GUEST_SEED):
        expect(view.locator(".bl-why")).to_contain_text(kind)


def test_the_lens_shows_what_bob_knows(walk: LessonWalk) -> None:
    """The strip has the two numbers whose difference is asked."""
    expect(walk.enter_picture("lens")).to_contain_text("knows 3 of 6 peers, 5 of 8 blocks")


def test_the_wave_has_its_number_below_the_rows(walk: LessonWalk) -> None:
    """What the propagation view says is what the check wants."""
    expect(walk.enter_picture("wave")).to_contain_text(f"90 % after {WAVE.answer(GUEST_SEED):.3f} s")


def test_a_future_that_was_seen_is_one_key_away(walk: LessonWalk) -> None:
    """Who goes back and acts there has two; in the strip below the bar Up and Enter lead to the first one."""
    code = 'mine.run()\nmine.goto(at=15 * SECOND)\nmine.do(Mine("bob"))'
    walk.write_by_keyboard("q7", code)
    view = walk.enter_picture("break")
    view.locator(".bl-future[tabindex='0']").focus()
    walk.page.keyboard.press("ArrowUp")
    walk.page.keyboard.press("Enter")

    first = view.get_by_role("button", name="future 1: the story itself")
    expect(first).to_have_attribute("aria-current", "true")
    walk.wait_for_kernel("(mine.branch, len(mine.branches))", "(0, 2)")


def test_the_lesson_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
    """From the first cell to the last; where the network was broken, the picture shows that all ten agree."""
    walk.do_all()
    expect(walk.enter_picture("break")).to_contain_text("B123 × 10")
    walk.check_page()
    walk.check_index()
