"""Lesson 0 in a real JupyterLab, from the first cell to the last, by keyboard alone.

The tests share one page and go on where the one before stopped, as a learner does.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect
from support.lesson_page import LessonPage, served_lessons

from blockchain_lab.course.l00 import CAUSES, FIRST_ARRIVAL, WAVE
from blockchain_lab.course.l00_break import BREAK_IT
from blockchain_lab.course.questions import GUEST_SEED


@pytest.fixture(scope="module")
def lesson(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LessonPage]:
    """Lesson 0, opened from the index, all cells run."""
    with served_lessons(tmp_path_factory.mktemp("learner")) as address:
        page = LessonPage(browser, address)
        page.follow_link("A tour of the workbench", "00-tour.ipynb")
        page.run_all()
        yield page


def bench(lesson: LessonPage, source: str = "lab.show") -> Locator:
    """The picture below the cell with this text, with the focus in it."""
    view = lesson.cell_with(source).locator(".bl-workbench-root")
    view.scroll_into_view_if_needed()
    view.focus()
    return view


def write(lesson: LessonPage, cell: str, code: str) -> None:
    """Leave the picture, go to the cell of this id with the arrow keys, and run this code in it."""
    lesson.notebook.locator(".jp-Notebook").first.focus()
    lesson.write_by_keyboard(cell, code)


def answer(lesson: LessonPage, cell: str, written: str) -> Locator:
    """Write an answer into the cell of this question by keyboard, run it; its card."""
    write(lesson, cell, f'answer = {written}\n\ncheck("L00.{cell}", answer)')
    card: Locator = lesson.cell_with(f'check("L00.{cell}"').locator(".blockchain-lab-card")
    return card


def test_run_all_shows_pictures_and_cards(lesson: LessonPage) -> None:
    """No cell fails; the film stands in the middle of the cut, not at its start."""
    assert [] == lesson.cell_errors()
    expect(bench(lesson).locator(".bl-place")).to_have_text(re.compile(r"^265 / 315$"))
    expect(lesson.cell_with('check("L00.q1"').locator(".blockchain-lab-card")).to_contain_text("Not answered")


def test_predict_play_and_reconcile(lesson: LessonPage) -> None:
    """A prediction, the space bar, the end of the film, and the answer that it shows."""
    write(lesson, "predict", 'prediction = "a"\n\npredict("L00.q1", prediction)')
    view = bench(lesson)
    lesson.page.keyboard.press("Home")
    expect(view.locator(".bl-place")).to_have_text(re.compile(r"^0 /"))
    lesson.page.keyboard.press("Space")
    expect(view.locator(".bl-place")).not_to_have_text(re.compile(r"^0 /"))
    lesson.page.keyboard.press("End")
    expect(view.locator(".bl-place")).to_have_text(re.compile(r"^315 /"))

    expect(answer(lesson, "q1", '"a"')).to_contain_text("one colour")
    expect(answer(lesson, "q1", '"c"')).to_contain_text("Right")


def test_the_first_message_is_one_key_away(lesson: LessonPage) -> None:
    """Home, then the next event of this kind; Python stands there, too."""
    view = bench(lesson)
    lesson.page.keyboard.press("Home")
    lesson.page.keyboard.press("Shift+ArrowRight")
    expect(view.locator(".bl-time")).to_have_text(f"{FIRST_ARRIVAL.answer(GUEST_SEED):.3f} s")
    lesson.wait_for_kernel("lab.now / 1_000_000", str(FIRST_ARRIVAL.answer(GUEST_SEED)))

    expect(answer(lesson, "q2", "lab.now / 1_000_000")).to_contain_text("Right")


def test_the_lens_shows_what_bob_knows(lesson: LessonPage) -> None:
    """The strip has the two numbers; the difference is the answer."""
    expect(bench(lesson, "still.show")).to_contain_text("knows 3 of 6 peers, 5 of 8 blocks")

    expect(answer(lesson, "q3", "5")).to_contain_text("how many he knows")
    expect(answer(lesson, "q3", "8 - 5")).to_contain_text("Right")


def test_the_wave_has_its_number_below_the_rows(lesson: LessonPage) -> None:
    """What the propagation view says is what the check wants."""
    seconds = f"{WAVE.answer(GUEST_SEED):.3f}"
    expect(bench(lesson, "net.show")).to_contain_text(f"90 % after {seconds} s")

    expect(answer(lesson, "q4", repr(CAUSES.answer(GUEST_SEED)))).to_contain_text("Right")
    expect(answer(lesson, "q5", seconds)).to_contain_text("Right")
    expect(answer(lesson, "q6", '"b"')).to_contain_text("Right")


def test_breaking_it_moves_the_picture(lesson: LessonPage) -> None:
    """The lines of the solution, written and run; the picture shows that all ten agree again."""
    write(lesson, "q7", f'{BREAK_IT.write_answer(GUEST_SEED)}\n\ncheck("L00.q7", mine)')

    expect(lesson.cell_with('check("L00.q7"').locator(".blockchain-lab-card")).to_contain_text("Right")
    expect(bench(lesson, "mine.show")).to_contain_text("B123 × 10")
    expect(answer(lesson, "q8", '"b"')).to_contain_text("Right")


def test_nothing_went_wrong_in_the_page(lesson: LessonPage) -> None:
    """In all that was done above: no exception in a cell, no error on the console, no outside request."""
    assert [] == lesson.cell_errors()
    assert [] == lesson.complaints
