"""Lesson 14 in a real JupyterLab: played, scrubbed, pointed at and answered, by pointer and by keyboard.

The tests share one page and go on where the one before stopped, as a learner does.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect
from support.lesson_page import LessonPage, served_lessons

from blockchain_lab.course.extras import find_question
from blockchain_lab.course.questions import GUEST_SEED

LESSONS_HERE = "blockchain-lab-lessons"
WAIT_FOR_FILE = "import pathlib, time\nwhile not pathlib.Path('go-on').exists(): time.sleep(0.05)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the learner starts the command."""
    return tmp_path_factory.mktemp("learner")


@pytest.fixture(scope="module")
def lesson(browser: Browser, folder: Path) -> Iterator[LessonPage]:
    """Lesson 14, opened from the index as a learner does it, all cells run."""
    with served_lessons(folder) as address:
        page = LessonPage(browser, address)
        page.follow_link("Joining late: blocks first or headers first?")
        page.run_all()
        yield page


def bench(lesson: LessonPage) -> Locator:
    """The picture at the top: the first workbench of the notebook."""
    return lesson.notebook.locator(".bl-workbench-root").first


def place(view: Locator) -> int:
    """At which event a picture stands, as its bar says."""
    text = view.locator(".bl-place").first.inner_text()
    return int(text.split("/")[0].replace(",", "").strip())


def go_home(lesson: LessonPage) -> Locator:
    """Put the focus on the first picture and go to the start."""
    view = bench(lesson)
    view.scroll_into_view_if_needed()
    view.focus()
    lesson.page.keyboard.press("Home")
    expect(view.locator(".bl-place")).to_have_text(re.compile(r"^0 /"))
    return view


def test_run_all_shows_pictures_and_cards(lesson: LessonPage) -> None:
    """No cell fails; the picture is there, the first checks say that nothing was answered."""
    assert [] == lesson.cell_errors()
    bench(lesson).scroll_into_view_if_needed()
    expect(bench(lesson).locator(".bl-place")).to_have_text(re.compile(r"^[1-9]\d* / 1,\d{3}$"))
    expect(lesson.cell_with('check("L14.q1"').locator(".blockchain-lab-card")).to_contain_text(
        "Not answered yet"
    )


def test_the_first_picture_fits_the_laptop(lesson: LessonPage) -> None:
    """Nothing is cut off at 1366 x 768: the whole workbench is as high as what can be seen of a notebook."""
    view = bench(lesson)
    view.scroll_into_view_if_needed()
    box, seen = view.bounding_box(), lesson.notebook.locator(".jp-WindowedPanel-outer").bounding_box()

    assert box is not None
    assert seen is not None
    assert 300 < box["height"] < seen["height"]
    assert not view.evaluate("element => element.scrollWidth > element.clientWidth + 1")


def test_play_pause_and_back_by_keyboard(lesson: LessonPage) -> None:
    """Space plays and pauses, the left arrow goes back by one event; nothing moves by itself."""
    view = go_home(lesson)
    lesson.page.wait_for_timeout(400)
    assert 0 == place(view)

    lesson.page.keyboard.press("Space")
    expect(view.locator(".bl-place")).not_to_have_text(re.compile(r"^[0-5] /"))
    lesson.page.keyboard.press("Space")
    lesson.page.wait_for_timeout(200)
    paused = place(view)
    lesson.page.wait_for_timeout(400)
    assert paused == place(view)

    lesson.page.keyboard.press("ArrowLeft")
    expect(view.locator(".bl-place")).to_have_text(re.compile(rf"^{paused - 1} /"))


def test_play_pause_and_back_by_pointer(lesson: LessonPage) -> None:
    """The same with the buttons of the bar; the button says what a press would do."""
    view = go_home(lesson)

    view.get_by_role("button", name="Play (Space)").click()
    expect(view.locator(".bl-place")).not_to_have_text(re.compile(r"^[0-5] /"))
    view.get_by_role("button", name="Pause (Space)").click()
    paused = place(view)
    view.get_by_role("button", name="One event back (Left arrow)").click()
    expect(view.locator(".bl-place")).to_have_text(re.compile(rf"^{paused - 1} /"))


def scrub(lesson: LessonPage, view: Locator, share: float) -> int:
    """Drag the scrubber to a share of its length; where it then stands."""
    box = view.locator(".bl-scrubber").first.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    lesson.page.mouse.move(box["x"] + 10, y)
    lesson.page.mouse.down()
    lesson.page.mouse.move(box["x"] + box["width"] * share, y, steps=12)
    lesson.page.mouse.up()
    there = int(view.locator(".bl-scrubber").first.input_value())
    expect(view.locator(".bl-place")).to_have_text(re.compile(rf"^{there:,} /"))
    return there


def test_python_stands_where_the_scrubber_rests(lesson: LessonPage) -> None:
    """The learner scrubs, then asks Python for ann's state: it is hers at that moment."""
    there = scrub(lesson, go_home(lesson), 0.7)
    assert there > 500

    lesson.wait_for_kernel("lab.cursor", str(there))
    assert 0 < int(lesson.ask_kernel("lab.peer('ann').chain.height")) <= 151


def test_scrubbing_goes_on_while_the_kernel_is_busy(lesson: LessonPage, folder: Path) -> None:
    """A cell waits; the picture follows the pointer all the same, since its records are in the page."""
    view = go_home(lesson)
    lesson.start_in_kernel(WAIT_FOR_FILE)

    first, second = scrub(lesson, view, 0.3), scrub(lesson, view, 0.8)
    lesson.page.keyboard.press("ArrowLeft")
    expect(view.locator(".bl-place")).to_have_text(re.compile(rf"^{second - 1:,} /"))

    assert "busy" == lesson.kernel_status()
    assert 0 < first < second
    (folder / LESSONS_HERE / "go-on").touch()
    lesson.wait_until_idle()
    lesson.wait_for_kernel("lab.cursor", str(second - 1))


def test_a_field_lights_up_its_bytes(lesson: LessonPage) -> None:
    """Pointing at the count of headers marks its one byte, 97 in hexadecimal: 151."""
    cell = lesson.cell_with("close_up.show")
    view = cell.locator(".bl-bytes")
    view.scroll_into_view_if_needed()
    view.locator(".bl-field", has_text="header count").hover()

    expect(view.locator(".bl-hex .bl-lit")).to_have_text("97")


def test_a_wrong_answer_then_the_right_one_by_pointer(lesson: LessonPage) -> None:
    """Click into the cell, type, click the run button: the card names the mistake, then it is content."""
    cell = lesson.cell_with('check("L14.q3"')
    lesson.write_by_pointer(cell, 'answer = 160_003\n\ncheck("L14.q3", answer)')
    expect(cell.locator(".blockchain-lab-card.wrong")).to_contain_text("its count of transactions, always 0")

    lesson.write_by_pointer(cell, 'answer = 162_003\n\ncheck("L14.q3", answer)')
    expect(cell.locator(".blockchain-lab-card.right")).to_contain_text("Right")


def test_a_wrong_answer_then_the_right_one_by_keyboard(lesson: LessonPage) -> None:
    """No pointer at all: arrow keys to the cell, Enter, type, Shift+Enter."""
    cell = lesson.cell_with('check("L14.q4"')
    lesson.write_by_keyboard("q4", 'answer = 1_700\n\ncheck("L14.q4", answer)')
    expect(cell.locator(".blockchain-lab-card.wrong")).to_contain_text("500 at a time")

    lesson.write_by_keyboard("q4", 'answer = 425\n\ncheck("L14.q4", answer)')
    expect(cell.locator(".blockchain-lab-card.right")).to_contain_text("Right")


def test_doing_it_in_the_simulator_moves_the_picture(lesson: LessonPage) -> None:
    """The learner stops a server in a cell; the card passes, the picture shows the new run."""
    cell = lesson.cell_with('check("L14.q7"')
    code = 'four.goto(at=5 * SECOND)\nfour.do(Kill("sue"))\nfour.run()\n\ncheck("L14.q7", four)'
    lesson.write_by_pointer(cell, code)
    expect(cell.locator(".blockchain-lab-card.right")).to_contain_text("Right")

    view = lesson.cell_with("four.show").locator(".bl-workbench-root")
    view.scroll_into_view_if_needed()
    cursor, head = (f"{int(lesson.ask_kernel(f'four.{name}')):,}" for name in ("cursor", "head"))
    assert "9,045" == cursor  # without the act the story ends at event 9,012
    expect(view.locator(".bl-place")).to_have_text(f"{cursor} / {head}")


def answer(lesson: LessonPage, cell: str, code: str) -> Locator:
    """Write code above the check of this question, by keyboard, and run the cell; its card."""
    given = {"q7": "four", "q10": "locator", "q12": "fake"}.get(cell, "answer")
    lesson.write_by_keyboard(cell, f'{code}\n\ncheck("L14.{cell}", {given})')
    card: Locator = lesson.cell_with(f'check("L14.{cell}"').locator(".blockchain-lab-card")
    return card


def test_a_prediction_then_the_answer_by_keyboard(lesson: LessonPage) -> None:
    """The first cells of the lesson: a wrong prediction costs nothing."""
    lesson.write_by_keyboard("predict", 'prediction = "b"\n\npredict("L14.q1", prediction)')
    expect(answer(lesson, "q1", 'answer = "b"')).to_contain_text("They do not take turns")
    expect(answer(lesson, "q1", 'answer = "c"')).to_contain_text("Right")


@pytest.mark.parametrize("cell", ["q2", "q5", "q6", "q8", "q9", "q11"])
def test_answers_by_keyboard_from_first_to_last(lesson: LessonPage, cell: str) -> None:
    """The other questions that take a value."""
    question = find_question(f"L14.{cell}")
    code = f"answer = {question.write_answer(GUEST_SEED)}"

    expect(answer(lesson, cell, code)).to_contain_text("Right")


@pytest.mark.parametrize("cell", ["q10", "q12"])
def test_code_and_acts_by_keyboard(lesson: LessonPage, cell: str) -> None:
    """A function, and the lines that fool the careful one; typed as the solution shows them."""
    question = find_question(f"L14.{cell}")

    expect(answer(lesson, cell, question.write_answer(GUEST_SEED))).to_contain_text("Right")
    assert [] == lesson.cell_errors()


def test_the_index_shows_the_progress(lesson: LessonPage) -> None:
    """Back by the link at the lesson's end: all questions are solved."""
    lesson.go_back_to_index()
    lesson.run_all()

    expect(lesson.notebook.locator(".blockchain-lab-progress")).to_contain_text("12 of 12")
    assert [] == lesson.cell_errors()


def test_nothing_went_wrong_in_the_page(lesson: LessonPage) -> None:
    """In all that was done above: no error on the console, no request to another machine."""
    assert [] == lesson.complaints
