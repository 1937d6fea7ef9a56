"""A small notebook in a real JupyterLab: views that follow a busy, a raising, a lost and a new kernel.

Lesson 14 proves that views draw, play and tell Python where they rest; here is what goes wrong in a class.
The tests share one page and go on where the one before stopped.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect
from support.lesson_page import KERNEL, PANEL, LessonPage, served_lessons
from support.small_notebook import LESSONS_HERE, address_of, write_notebook

SETUP = """from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.lab import Lab

class Clumsy(BitcoinNode):
    \"\"\"Cannot mine.\"\"\"

    def on_command(self, command, now):
        \"\"\"Stumble.\"\"\"
        raise ValueError("<b>dropped</b> the hammer")

lab = Lab("fork_and_heal")
lab.show()"""
SECOND = "lab.show('events')"
CLUMSY = "clumsy = Lab('ping', kinds={'bitcoin': Clumsy})\nclumsy.show('network')"

# 120 moves, one every 29 ms: which were not drawn within twenty seconds, and how long the slowest took.
SCRUB = """async bar => {
  const range = bar.querySelector(".bl-scrubber");
  const place = bar.querySelector(".bl-place");
  const missed = [];
  let slowest = 0;
  const isDrawn = event => place.textContent.startsWith(`${event} /`);
  for (let event = 2; event <= 240; event += 2) {
    const begun = performance.now();
    const rest = new Promise(done => setTimeout(done, 29));
    range.value = String(event);
    range.dispatchEvent(new Event("input", { bubbles: true }));
    while (!isDrawn(event) && performance.now() - begun < 20_000) await new Promise(requestAnimationFrame);
    if (!isDrawn(event)) missed.push(event);
    await rest;
    slowest = Math.max(slowest, performance.now() - begun);
  }
  return [missed, slowest];
}"""
REST = 150  # milliseconds without a move, after which the page tells Python where it stands
WAIT_FOR_FILE = "import pathlib, time\nwhile not pathlib.Path('go-on').exists(): time.sleep(0.05)"
CELL_TEXTS = f"() => {PANEL}.content.widgets.map(cell => cell.model.sharedModel.source)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the learner starts the command."""
    return tmp_path_factory.mktemp("learner")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A server with two small notebooks."""
    with served_lessons(folder) as printed:
        write_notebook(folder, "small.ipynb", SETUP, SECOND, CLUMSY)
        write_notebook(folder, "other.ipynb", SETUP.replace("fork_and_heal", "headers_first"))
        yield printed


@pytest.fixture(scope="module")
def small(browser: Browser, address: str) -> LessonPage:
    """The first notebook, all cells run."""
    page = LessonPage(browser, address_of(address, "lab/tree/small.ipynb"))
    page.run_all()
    return page


def view_of(notebook: LessonPage, source: str) -> Locator:
    """The picture below a cell."""
    view = notebook.cell_with(source).locator(".blockchain-lab").first
    view.scroll_into_view_if_needed()
    return view


def where(view: Locator) -> tuple[int, int]:
    """Event and last event, as the bar says them."""
    expect(view.locator(".bl-place")).to_contain_text("/")  # drawn as soon as it is on the screen
    here, _, last = view.locator(".bl-place").inner_text().replace(",", "").partition("/")
    return int(here), int(last)


def bench(notebook: LessonPage) -> Locator:
    """The workbench in the first cell."""
    return view_of(notebook, "lab = Lab")


def test_three_views_of_two_labs_draw(small: LessonPage) -> None:
    """Views of one lab stand at one place, those of another lab at their own."""
    assert [] == small.cell_errors()
    bench(small).locator("[data-drawn]").first.wait_for()

    view_of(small, "lab.show('events')").locator(".bl-place").wait_for()
    bench(small).focus()
    small.page.keyboard.press("Home")
    small.page.keyboard.press("ArrowRight")
    expect(view_of(small, "lab.show('events')").locator(".bl-place")).to_contain_text("1 /")
    expect(view_of(small, "clumsy.show").locator(".bl-place")).to_have_text(re.compile(r"^[1-9]\d+ /"))


def test_120_moves_are_drawn_while_the_kernel_is_busy_and_nothing_is_sent(
    small: LessonPage, folder: Path
) -> None:
    """All records are in the page. Python hears only where the reader rests, and is there when it is free.

    Where the machine is so slow that a move takes as long as a rest, a rest may be told.
    """
    view = bench(small)
    small.wait_for_kernel("lab.cursor", str(where(view)[0]))  # nothing is left to be told
    small.start_in_kernel(WAIT_FOR_FILE)
    before = len(small.sent_to_kernels)
    missed, slowest = view.evaluate(SCRUB)
    sent = small.sent_to_kernels[before:]
    status = small.kernel_status()
    view.locator(".bl-scrubber").dispatch_event("pointerup")
    (folder / LESSONS_HERE / "go-on").touch()
    small.wait_until_idle()

    assert ("busy", []) == (status, missed)
    assert sent == [] or slowest >= REST
    assert "240" == small.ask_kernel("lab.cursor")


@pytest.mark.parametrize("place", ["itself", "a button", "a peer"])
def test_keys_in_a_view_never_edit_the_notebook(small: LessonPage, place: str) -> None:
    """Every key that means something to JupyterLab's command mode, on the view and on what is inside it."""
    view, before = bench(small), small.page.evaluate(CELL_TEXTS)
    inside = {
        "itself": view,
        "a button": view.get_by_role("button", name="Play (Space)"),
        "a peer": view.get_by_role("listbox").get_by_role("option").first,
    }
    inside[place].focus()
    for key in [*"abcdfhiklmnopqrstvwxyz", *"ddxxcv", "Delete", "Backspace", "Shift+M"]:
        small.page.keyboard.press(key)
    small.page.keyboard.press("ArrowLeft")
    expect(view.locator(".bl-place")).to_contain_text("239 /")
    small.page.keyboard.press("ArrowRight")

    assert before == small.page.evaluate(CELL_TEXTS)
    small.wait_for_kernel("lab.cursor", "240")


def mine(view: Locator) -> None:
    """By keyboard: the first peer's menu, its first offer."""
    view.get_by_role("listbox").get_by_role("option").first.press("Shift+F10")
    view.page.get_by_role("menuitem", name="Mine a block").press("Enter")


def test_a_block_is_mined_from_the_page_and_python_has_it(small: LessonPage) -> None:
    """In a past whose future was seen: a branch, in the page and in Python."""
    view = bench(small)
    mine(view)

    expect(view.locator(".bl-place")).to_contain_text("241 /")
    small.wait_for_kernel("(lab.cursor, lab.branch, len(lab.branches))", "(241, 1, 2)")
    small.wait_for_kernel("type(lab.branches[1].actions[-1][1]).__name__", "'Mine'")
    expect(view.locator(".bl-place")).to_have_text(f"241 / {int(small.ask_kernel('lab.head')):,}")


def test_a_node_that_raises_is_told_below_the_view(small: LessonPage) -> None:
    """No cell runs, so no cell could show it; the other lab is as it was."""
    view = view_of(small, "clumsy.show")
    here = where(view)
    mine(view)

    alert = view.get_by_role("alert")
    sentence = f"Python raised ValueError: <b>dropped</b> the hammer. The lab stands at event {here[0]}."
    expect(alert).to_contain_text(sentence)
    assert here == where(view)
    assert (str(here), "241") == (
        small.ask_kernel("(clumsy.cursor, clumsy.head)"),
        small.ask_kernel("lab.cursor"),
    )
    alert.get_by_role("button", name="Dismiss").click()
    expect(alert).to_be_hidden()


def test_two_notebooks_do_not_disturb_each_other(small: LessonPage) -> None:
    """Two kernels, one page: each view asks its own."""
    command = "path => window.jupyterapp.commands.execute('docmanager:open', {path})"
    small.page.evaluate(command, "other.ipynb")
    small.wait_for_notebook("other.ipynb")
    small.run_all()
    view = bench(small)
    view.focus()
    small.page.keyboard.press("End")
    head = where(view)[1]
    small.wait_for_kernel("lab.cursor", str(head))

    small.page.evaluate(command, "small.ipynb")
    small.wait_for_notebook("small.ipynb")
    assert "241" == small.ask_kernel("lab.cursor")
    expect(bench(small).locator(".bl-place")).to_contain_text("241 /")


def test_a_reload_brings_the_views_back(small: LessonPage) -> None:
    """The notebook is saved, the page reloaded, the kernel lives: same branch, same place, all as before."""
    before = where(bench(small))
    small.page.evaluate(f"() => {PANEL}.context.save()")
    small.page.reload(wait_until="domcontentloaded")
    small._wait_until_open()

    view = bench(small)
    expect(view.locator(".bl-place")).to_contain_text("241 /", timeout=30_000)
    assert before == where(view)
    view.focus()
    small.page.keyboard.press("ArrowRight")
    small.wait_for_kernel("(lab.cursor, lab.branch)", "(242, 1)")


def test_a_restarted_kernel_leaves_views_to_be_looked_at(small: LessonPage) -> None:
    """The lab is gone with its kernel: the view says so, and is still scrubbed; the cell brings a new one."""
    view = bench(small)
    small.page.evaluate(f"() => {KERNEL}.restart()")
    gone = view.get_by_role("status").filter(has_text="Python is gone")
    expect(gone).to_have_text("Python is gone: looking works, acting does not. Run the cell again.")
    small.wait_until_idle()
    expect(gone).to_be_visible()
    view.focus()
    small.page.keyboard.press("Home")
    expect(view.locator(".bl-place")).to_contain_text("0 /")

    small.run_all()

    expect(bench(small).locator(".bl-place")).to_contain_text("266 /")
    expect(bench(small).get_by_role("status").filter(has_text="Python is gone")).to_have_count(0)
    assert [] == small.cell_errors()


def test_nothing_else_went_wrong_in_the_page(small: LessonPage) -> None:
    """In all that was done above: no error on the console, no request to another machine."""
    assert [] == small.complaints
