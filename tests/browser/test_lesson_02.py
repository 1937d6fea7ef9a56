"""Lesson 2 in a real JupyterLab: a newcomer's book fills, all is done by keyboard alone."""

import re

from playwright.sync_api import expect
from support.lesson_walk import LessonWalk

LESSON = "L02"


def test_the_book_fills_from_nothing(walk: LessonWalk) -> None:
    """At the poster ann knows ten, at the start nobody: Home and End lead from one to the other."""
    walk.check_opening()
    view = walk.enter_picture("open")
    book = view.locator(".bl-address-book")
    expect(book).to_contain_text("10 known")
    walk.page.keyboard.press("Home")
    expect(view.locator(".bl-place")).to_have_text(re.compile(r"^0 /"))
    expect(book).not_to_contain_text("10 known")
    walk.page.keyboard.press("End")
    expect(book).to_contain_text("10 known, 10 out")


def test_it_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
    """Each picture entered and left, each question answered wrongly, then rightly."""
    walk.do_all()
    walk.check_page()
    walk.check_index()
