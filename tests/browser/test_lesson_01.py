"""Lesson 1 in a real JupyterLab, from its first cell to its last, by keyboard alone."""

from playwright.sync_api import expect
from support.lesson_walk import LessonWalk

from blockchain_lab.course.l01_runs import FILM, STEP
from blockchain_lab.course.l01_worlds import count_worlds, find_most_worlds
from blockchain_lab.course.questions import GUEST_SEED
from blockchain_lab.lab import Lab

LESSON = "L01"


def test_it_opens_with_six_worlds(walk: LessonWalk) -> None:
    """The first picture stands where all six lists differ; the drawing below says so, too."""
    walk.check_opening()
    lab = Lab(FILM, seed=GUEST_SEED)
    lab.look_ahead()
    view = walk.enter_picture("open")

    expect(view.locator(".bl-place")).to_have_text(f"{find_most_worlds(lab)} / {lab.head}")
    expect(view).to_contain_text("6 peers · 6 local states")
    expect(walk.cell_with("draw_worlds(lab)").locator("svg.blockchain-lab-worlds")).to_contain_text(
        "6 worlds"
    )


def test_the_first_picture_goes_where_python_goes(walk: LessonWalk) -> None:
    """As the second question asks: the table counts the worlds of that step."""
    walk.start_in_kernel(f"lab.goto(event={STEP})")
    lab = Lab(FILM, seed=GUEST_SEED)
    lab.run()

    expect(walk.enter_picture("open")).to_contain_text(f"6 peers · {count_worlds(lab, STEP)} local states")


def test_the_lens_leaves_ann_her_neighbours(walk: LessonWalk) -> None:
    """Two of five: the other three she does not know."""
    expect(walk.enter_picture("lens")).to_contain_text("knows 3 of 6 peers")


def test_the_lesson_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
    """Answered wrongly and rightly, looked at, and back to the index."""
    walk.do_all()
    walk.check_page()
    walk.check_index()
