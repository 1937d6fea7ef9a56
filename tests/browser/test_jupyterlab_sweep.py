"""A sweep in a real JupyterLab is cancelled with the button below its cell; what is finished is kept.

The button is heard while the kernel is free, and while a cell waits for the sweep. While a cell computes it
waits, and so does the sweep. The tests share one page and go on where the one before stopped.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect
from support.audit import find_faults
from support.lesson_page import LessonPage
from support.lesson_walk import END_KERNELS, OURS
from support.small_notebook import LESSONS_HERE, address_of, write_notebook

MODULE = """%%writefile my_points.py
import time

def measure(params, seed):
    time.sleep(0.1)
    return 10 * params["x"] + seed"""
BEGIN = """from blockchain_lab.scale.sweep import start_sweep
from my_points import measure

def begin():
    return start_sweep(measure, {"x": range(400)}, seeds=[1], executor=2, checkpoint="my_points.jsonl")

live = begin()
live"""
WAIT = """result = await live
print(result.describe())"""
AGAIN = "live = begin()\nlive"
BUSY = """import pathlib, time
while not pathlib.Path("pressed").exists():
    time.sleep(0.02)
print("computed, with", len(live.result.rows), "points")"""
UNDER_WAY = re.compile(r"^[1-9]\d* of 400 points, about [\d:]+ left$")
PATIENCE = 120_000  # milliseconds: two processes start, on a machine that may do other things
MOST_OUT = 8  # points: two workers, a batch of up to 0.1 s each; and one more of each before it is heard
CANCELLED = re.compile(r"^(\d+) of 400 points, cancelled after [\d:]+, these are kept$")


@pytest.fixture(scope="module")
def notebook(browser: Browser, lessons_address: str, learner_folder: Path) -> Iterator[LessonPage]:
    """Five cells; the first, which writes the module, has run."""
    write_notebook(learner_folder, "sweep.ipynb", MODULE, BEGIN, WAIT, AGAIN, BUSY)
    address = address_of(lessons_address, "lab/tree/sweep.ipynb")
    page = LessonPage(browser, f"{address}&reset")  # not the notebooks that another test left open
    page.run_cell("one")
    yield page
    page.page.evaluate(END_KERNELS)
    page.page.close()


def get_bar(notebook: LessonPage, cell: str) -> Locator:
    """The bar, the button and the words below a cell."""
    bar = notebook.cell_named(cell).locator(".jp-OutputArea-output .widget-hbox").first
    bar.scroll_into_view_if_needed()
    return bar


def start_cell(notebook: LessonPage, name: str) -> None:
    """Run it, and do not wait."""
    notebook.go_to(name)
    notebook.page.keyboard.press("Shift+Enter")
    expect(notebook.cell_named(name).locator(".jp-InputPrompt")).to_have_text("[*]:")


def count_kept(notebook: LessonPage, words: Locator) -> int:
    """Points that the bar says are kept; the result has as many."""
    expect(words).to_have_text(CANCELLED, timeout=PATIENCE)
    kept = int(CANCELLED.match(words.inner_text())[1])
    assert str(kept) == notebook.ask_kernel("len(live.result.rows)")
    assert "('the sweep was cancelled',)" == notebook.ask_kernel("live.result.trouble")
    return kept


def test_cancelled_while_a_cell_waits_for_it(notebook: LessonPage, learner_folder: Path) -> None:
    """By pointer. The cell that waits goes on, and its answer says what was cancelled."""
    notebook.run_cell("two")
    bar = get_bar(notebook, "two")
    words, button = bar.locator(".widget-label").last, bar.locator("button")
    expect(words).to_have_text(UNDER_WAY, timeout=PATIENCE)
    start_cell(notebook, "three")
    assert "busy" == notebook.kernel_status()
    button.click()
    notebook.wait_until_idle()

    kept = count_kept(notebook, words)
    assert 0 < kept < 400
    expect(notebook.cell_named("three")).to_contain_text(f"{kept} of 400 points finished")
    expect(notebook.cell_named("three")).to_contain_text("the sweep was cancelled")
    expect(button).to_have_text("Cancelled")
    expect(button).to_be_focused()
    rows = (learner_folder / LESSONS_HERE / "my_points.jsonl").read_text("utf-8").splitlines()
    assert kept == len(rows) - 1, "a line for each point, below the one that says what was asked"


def test_what_was_kept_is_where_the_next_one_begins(notebook: LessonPage) -> None:
    """By keyboard, with the kernel free. No finished point runs again."""
    kept = int(notebook.ask_kernel("len(live.result.rows)"))
    notebook.run_cell("four")
    bar = get_bar(notebook, "four")
    words, button = bar.locator(".widget-label").last, bar.locator("button")
    assert str(kept) == notebook.ask_kernel("live.result.resumed")
    expect(words).to_have_text(UNDER_WAY, timeout=PATIENCE)  # it says how long, so it has answers of its own
    button.focus()
    notebook.page.keyboard.press("Enter")

    assert count_kept(notebook, words) > kept
    expect(button).to_be_focused()


def test_cancelled_while_a_cell_computes(notebook: LessonPage, learner_folder: Path) -> None:
    """It is heard when the cell is done. Nothing has gone on meanwhile but what was out with the workers."""
    notebook.run_cell("four")
    bar = get_bar(notebook, "four")
    words, button = bar.locator(".widget-label").last, bar.locator("button")
    expect(words).to_have_text(UNDER_WAY, timeout=PATIENCE)
    start_cell(notebook, "five")
    assert "busy" == notebook.kernel_status()
    button.click()
    (learner_folder / LESSONS_HERE / "pressed").touch()
    notebook.wait_until_idle()
    kept = count_kept(notebook, words)
    computed = notebook.cell_named("five").locator(".jp-OutputArea-output").inner_text().strip()

    before = int(computed.removeprefix("computed, with ").removesuffix(" points"))
    assert before <= kept <= before + MOST_OUT


def test_nothing_keeps_people_out_and_nothing_went_wrong(notebook: LessonPage) -> None:
    """The bar has a name, and so has the button."""
    assert [] == notebook.cell_errors()
    assert [] == find_faults(notebook.page, OURS)
    assert [] == notebook.complaints
