"""Lesson 14 in a real JupyterLab: played, scrubbed, pointed at and answered, by pointer and by keyboard.

The tests share one page and go on where the one before stopped, as a learner does.
"""

import re
from pathlib import Path

from playwright.sync_api import Locator, expect
from support.lesson_page import get_box
from support.lesson_walk import LessonWalk
from support.small_notebook import LESSONS_HERE

LESSON = "L14"
WAIT_FOR_FILE = "import pathlib, time\nwhile not pathlib.Path('go-on').exists(): time.sleep(0.05)"


def bench(walk: LessonWalk) -> Locator:
    """The picture at the top: the first workbench of the notebook."""
    return walk.notebook.locator(".bl-workbench-root").first


def place(view: Locator) -> int:
    """At which event a picture stands, as its bar says."""
    text = view.locator(".bl-place").first.inner_text()
    return int(text.split("/")[0].replace(",", "").strip())


def go_home(walk: LessonWalk) -> Locator:
    """Put the focus on the first picture and go to the start."""
    view = bench(walk)
    view.scroll_into_view_if_needed()
    view.focus()
    walk.page.keyboard.press("Home")
    expect(view.locator(".bl-place")).to_have_text(re.compile(r"^0 /"))
    return view


def test_run_all_shows_a_picture_that_fits(walk: LessonWalk) -> None:
    """No cell fails; the picture at the top stands at its poster, and is whole on a laptop's screen."""
    walk.check_opening()
    expect(bench(walk).locator(".bl-place")).to_have_text(re.compile(r"^[1-9]\d* / 1,\d{3}$"))


def test_play_pause_and_back_by_keyboard(walk: LessonWalk) -> None:
    """Space plays and pauses, the left arrow goes back by one event; nothing moves by itself."""
    view = go_home(walk)
    walk.page.wait_for_timeout(400)
    assert 0 == place(view)

    walk.page.keyboard.press("Space")
    expect(view.locator(".bl-place")).not_to_have_text(re.compile(r"^[0-5] /"))
    walk.page.keyboard.press("Space")
    walk.wait_for_pictures()
    paused = place(view)
    walk.page.wait_for_timeout(400)
    assert paused == place(view)

    walk.page.keyboard.press("ArrowLeft")
    expect(view.locator(".bl-place")).to_have_text(re.compile(rf"^{paused - 1} /"))


def test_play_pause_and_back_by_pointer(walk: LessonWalk) -> None:
    """The same with the buttons of the bar; the button says what a press would do."""
    view = go_home(walk)

    view.get_by_role("button", name="Play (Space)").click()
    expect(view.locator(".bl-place")).not_to_have_text(re.compile(r"^[0-5] /"))
    view.get_by_role("button", name="Pause (Space)").click()
    walk.wait_for_pictures()
    paused = place(view)
    view.get_by_role("button", name="One event back (Left arrow)").click()
    expect(view.locator(".bl-place")).to_have_text(re.compile(rf"^{paused - 1} /"))


def scrub(walk: LessonWalk, view: Locator, share: float) -> int:
    """Drag the scrubber to a share of its length; where it then stands."""
    box = get_box(view.locator(".bl-scrubber").first)
    y = box["y"] + box["height"] / 2
    walk.page.mouse.move(box["x"] + 10, y)
    walk.page.mouse.down()
    walk.page.mouse.move(box["x"] + box["width"] * share, y, steps=12)
    walk.page.mouse.up()
    there = int(view.locator(".bl-scrubber").first.input_value())
    expect(view.locator(".bl-place")).to_have_text(re.compile(rf"^{there:,} /"))
    return there


def test_python_stands_where_the_scrubber_rests(walk: LessonWalk) -> None:
    """The learner scrubs, then asks Python for ann's state: it is hers at that moment."""
    there = scrub(walk, go_home(walk), 0.7)
    assert there > 500

    walk.wait_for_kernel("lab.cursor", str(there))
    assert 0 < int(walk.ask_kernel("lab.peer('ann').chain.height")) <= 151


def test_scrubbing_goes_on_while_the_kernel_is_busy(walk: LessonWalk, learner_folder: Path) -> None:
    """A cell waits; the picture follows the pointer all the same, since its records are in the page."""
    view = go_home(walk)
    walk.start_in_kernel(WAIT_FOR_FILE)

    first, second = scrub(walk, view, 0.3), scrub(walk, view, 0.8)
    walk.page.keyboard.press("ArrowLeft")
    expect(view.locator(".bl-place")).to_have_text(re.compile(rf"^{second - 1:,} /"))

    assert "busy" == walk.kernel_status()
    assert 0 < first < second
    (learner_folder / LESSONS_HERE / "go-on").touch()
    walk.wait_until_idle()
    walk.wait_for_kernel("lab.cursor", str(second - 1))


def test_a_field_lights_up_its_bytes(walk: LessonWalk) -> None:
    """Pointing at the count of headers marks its one byte, 97 in hexadecimal: 151."""
    cell = walk.cell_with("close_up.show")
    view = cell.locator(".bl-bytes")
    view.scroll_into_view_if_needed()
    view.locator(".bl-field", has_text="header count").hover()

    expect(view.locator(".bl-hex .bl-lit")).to_have_text("97")
    expect(view.locator(".bl-checks")).to_have_css("padding-left", "10px")  # ours, not JupyterLab's for lists


def test_a_wrong_answer_then_the_right_one_by_pointer(walk: LessonWalk) -> None:
    """Click into the cell, type, click the run button: the card names the mistake, then it is content."""
    cell = walk.cell_with('check("L14.q3"')
    walk.write_by_pointer(cell, 'answer = 160_003\n\ncheck("L14.q3", answer)')
    expect(cell.locator(".blockchain-lab-card.wrong")).to_contain_text("its count of transactions, always 0")

    walk.write_by_pointer(cell, 'answer = 162_003\n\ncheck("L14.q3", answer)')
    expect(cell.locator(".blockchain-lab-card.right")).to_contain_text("Right")


def test_doing_it_in_the_simulator_moves_the_picture(walk: LessonWalk) -> None:
    """The learner stops a server in a cell; the card passes, the picture shows the new run."""
    cell = walk.cell_with('check("L14.q7"')
    code = 'four.goto(at=5 * SECOND)\nfour.do(Kill("sue"))\nfour.run()\n\ncheck("L14.q7", four)'
    walk.write_by_pointer(cell, code)
    expect(cell.locator(".blockchain-lab-card.right")).to_contain_text("Right")

    view = walk.cell_with("four.show").locator(".bl-workbench-root")
    view.scroll_into_view_if_needed()
    cursor, head = (f"{int(walk.ask_kernel(f'four.{name}')):,}" for name in ("cursor", "head"))
    assert "9,045" == cursor  # without the act the story ends at event 9,012
    expect(view.locator(".bl-place")).to_have_text(f"{cursor} / {head}")


def test_the_lesson_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
    """From the first cell to the last: a wrong answer and the right one to each question, and back."""
    walk.do_all()
    walk.check_page()
    walk.check_index()
