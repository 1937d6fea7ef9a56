"""A large network in a real JupyterLab: its curve grows beside other cells, is stopped, and ends.

The tests share one page and go on where the one before stopped.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect
from support.audit import find_faults
from support.lesson_page import KERNEL, LessonPage
from support.lesson_walk import END_KERNELS, OURS
from support.small_notebook import address_of, write_notebook

LONG = """from blockchain_lab.scale.live import LiveRun
from blockchain_lab.scale.plan import Plan
from blockchain_lab.scale.presets import get_network
from blockchain_lab.scale.run import simulate

network = get_network("bitcoin 2019", peers=600)
run = LiveRun(network, Plan(blocks=5_000), engine="plain")
run.show()"""
BESIDE = "print('beside', 6 * 7)"
SHORT = """short = LiveRun(network, Plan(blocks=30), engine="plain")
short.show()"""
SAME = "bool((simulate(network, Plan(blocks=30), engine='plain').arrival == short.result.arrival).all())"
ON_THE_WAY = re.compile(r"^[\d,]+ of 5,000 blocks, about [\d.]+ (s|min) left$")
STOPPED = re.compile(r"^Stopped after [\d,]+ of 5,000 blocks\.$")
THEME = "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})"


@pytest.fixture(scope="module")
def notebook(browser: Browser, lessons_address: str, learner_folder: Path) -> Iterator[LessonPage]:
    """Three cells, none run yet."""
    write_notebook(learner_folder, "growing.ipynb", LONG, BESIDE, SHORT)
    address = address_of(lessons_address, "lab/tree/growing.ipynb")
    page = LessonPage(browser, f"{address}&reset")  # not the notebooks that another test left open
    yield page
    page.page.evaluate(END_KERNELS)
    page.page.close()


def get_view(notebook: LessonPage, cell: str) -> Locator:
    """The picture below a cell."""
    view = notebook.cell_named(cell).locator(".bl-growing")
    view.scroll_into_view_if_needed()
    return view


def get_words(view: Locator) -> Locator:
    """How far it is."""
    return view.locator(".bl-growing-words")


def test_it_grows_while_other_cells_run(notebook: LessonPage) -> None:
    """The cell is done at once; bar, line and time left go on; another cell answers in between."""
    notebook.run_cell("one")
    view = get_view(notebook, "one")
    expect(get_words(view)).to_have_text(ON_THE_WAY)
    line, bar = view.locator("polyline"), view.get_by_role("progressbar")
    points, found = line.get_attribute("points"), bar.get_attribute("aria-valuenow")

    expect(bar).not_to_have_attribute("aria-valuenow", str(found))
    expect(line).not_to_have_attribute("points", str(points))
    expect(view.get_by_role("img", name=re.compile(r"^50 % of the peers are reached after"))).to_be_visible()
    notebook.run_cell("two")
    expect(notebook.cell_named("two")).to_contain_text("beside 42")
    expect(get_words(view)).to_have_text(ON_THE_WAY)
    assert [] == notebook.cell_errors()


def test_stop_keeps_the_curve_and_no_result(notebook: LessonPage) -> None:
    """By pointer. Nothing goes on behind it; the run says that it was not played to its end."""
    view = get_view(notebook, "one")
    view.get_by_role("button", name="Stop the run").click()
    expect(get_words(view)).to_have_text(STOPPED)
    words, points = get_words(view).inner_text(), view.locator("polyline").get_attribute("points")
    found = view.get_by_role("progressbar").get_attribute("aria-valuenow")

    notebook.page.wait_for_timeout(500)
    assert (words, points) == (get_words(view).inner_text(), view.locator("polyline").get_attribute("points"))
    assert f"Stopped after {int(found or 0):,} of 5,000 blocks." == words
    assert len((points or "").split()) > 10
    unfinished = "'bitcoin 2019, 600 peers, inventory, 5,000 blocks: not played to its end'"
    assert unfinished == notebook.ask_kernel("repr(run)")
    assert "True" == notebook.ask_kernel("run.result is None")


def test_by_keyboard_it_plays_again_and_is_stopped(notebook: LessonPage) -> None:
    """Space begins anew, Enter stops; the focus stays; Escape leads back to the cell."""
    view = get_view(notebook, "one")
    button = view.locator(".bl-growing-press")
    before = int(view.get_by_role("progressbar").get_attribute("aria-valuenow") or 0)
    expect(button).to_be_focused()
    notebook.page.keyboard.press("Space")
    expect(get_words(view)).to_have_text(ON_THE_WAY)
    again = int(view.get_by_role("progressbar").get_attribute("aria-valuenow") or 0)
    expect(button).to_have_text("Stop")
    notebook.page.keyboard.press("Enter")
    expect(get_words(view)).to_have_text(STOPPED)
    expect(button).to_be_focused()
    expect(button).to_have_text("Play again")

    assert 0 < again
    assert before > 0
    notebook.page.keyboard.press("Escape")
    expect(button).not_to_be_focused()


def test_at_its_end_it_says_how_long_it_took_and_has_its_result(notebook: LessonPage) -> None:
    """The same as without a picture."""
    notebook.run_cell("three")
    view = get_view(notebook, "three")

    expect(get_words(view)).to_have_text(re.compile(r"^30 of 30 blocks in [\d.]+ (s|min)\.$"), timeout=60_000)
    expect(view.get_by_role("button", name="Play again from the beginning")).to_be_visible()
    expect(view.get_by_role("status")).to_have_text(re.compile(r"^30 of 30 blocks in .* 90 % after"))
    assert "True" == notebook.ask_kernel(SAME)


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_both_themes_of_jupyterlab(notebook: LessonPage, theme: str) -> None:
    """The pictures follow the theme, and keep nobody out."""
    notebook.page.evaluate(THEME, theme)
    for cell in ("one", "three"):
        palette = theme.removeprefix("JupyterLab ").lower()
        expect(get_view(notebook, cell)).to_have_attribute("data-palette", palette)

    assert [] == find_faults(notebook.page, OURS)


def test_a_cell_that_runs_again_leaves_nothing_behind(notebook: LessonPage) -> None:
    """The run of the old picture is over with it: the kernel does one thing, not two."""
    notebook.run_cell("one")
    expect(get_words(get_view(notebook, "one"))).to_have_text(ON_THE_WAY)
    count = "len([task for task in __import__('asyncio').all_tasks() if '_play' in repr(task)])"
    assert "1" == notebook.ask_kernel(count)
    notebook.run_cell("one")
    expect(get_words(get_view(notebook, "one"))).to_have_text(ON_THE_WAY)
    assert "1" == notebook.ask_kernel(count)


def test_who_has_no_kernel_is_told_at_the_press(notebook: LessonPage) -> None:
    """It was restarted: what is drawn stays."""
    view = get_view(notebook, "one")
    notebook.page.evaluate(f"() => {KERNEL}.restart()")
    notebook.wait_until_idle()
    view.locator(".bl-growing-press").click()

    expect(get_words(view)).to_have_text("Python does not answer: run this cell again.")
    assert [] == notebook.complaints
