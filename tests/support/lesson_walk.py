"""A lesson done from its first cell to its last in a real JupyterLab, by keyboard alone.

What is asked, right and often wrong comes from the course's own questions, so a test is short:

    LESSON = "L07"

    def test_it_is_done_by_keyboard_alone(walk: LessonWalk) -> None:
        walk.check_opening()   # no cell failed; the first picture stands at its poster, and fits the laptop
        walk.do_all()          # each picture entered and left; each question answered wrongly, then rightly
        walk.check_page()      # nothing keeps people out, no error, no request to another machine
        walk.check_index()     # the index says that all is solved

The fixture `walk` (conftest.py) opens the lesson of the module's `LESSON` from the index and runs all cells.
A walk is a `LessonPage`, so a test of a lesson's own picture uses the same page, before `do_all` or after it:
`enter_picture("cell-id")`, then keys. `check_index` leaves the lesson and comes last. All lessons that one
process walks through share a server; each of them ends its kernels.
"""

import re
from typing import Any, Final

from playwright.sync_api import Browser, Locator, TimeoutError, expect

from blockchain_lab.course.registry import find_lesson
from support.asked import Asked, find_asked
from support.audit import find_faults
from support.lesson_page import CELLS, PANEL, LessonPage

MOST_STOPS: Final = 70  # presses of Tab until something counts as out of reach
MOST_ESCAPES: Final = 4  # a tip, a panel, a lens, the picture itself
PICTURE: Final = ".blockchain-lab"
FOCUS: Final = f"""() => {{
  const at = document.activeElement;
  const {{mode, activeCellIndex}} = {PANEL}.content;
  const cell = at.closest('.jp-Cell');
  const isInPicture = at.closest('{PICTURE}') !== null;
  return {{
    link: at.tagName === 'A' ? at.textContent.trim() : '', html: at.outerHTML.slice(0, 120),
    isInPicture, isFree: mode === 'command' && cell !== null && !isInPicture,
    cell: Number(cell?.dataset.windowedListIndex ?? -1), active: activeCellIndex,
  }}; }}"""
IS_FREE: Final = f"() => ({FOCUS})().isFree"
# By what the kernel has sent: the page may still be drawing it.
WITH_PICTURES: Final = f"""() => {CELLS}.map(cell => cell.model).filter(model => model.type === 'code' &&
  model.outputs.toJSON().some(({{data}}) => data?.['application/vnd.jupyter.widget-view+json']))
  .map(model => model.sharedModel.id)"""
FITS: Final = "element => element.scrollWidth <= element.clientWidth + 1"
ORDER: Final = f"() => {CELLS}.map(cell => cell.model.sharedModel.id)"
END_KERNELS: Final = "() => window.jupyterapp.serviceManager.sessions.shutdownAll()"
# Of what stands in a notebook, the outputs and the text are ours; the rest is JupyterLab's.
OURS: Final = [".jp-NotebookPanel:not(.lm-mod-hidden) :is(.jp-OutputArea-output, .jp-MarkdownOutput)"]


class LessonWalk(LessonPage):
    """A lesson's page, and the way through it."""

    def __init__(self, browser: Browser, address: str, lesson: str) -> None:
        """Open the index, go to the lesson (such as "L07") by its link, run all cells. All by keyboard."""
        self.lesson = find_lesson(lesson)
        self.asked = {asked.cell: asked for asked in find_asked(self.lesson)}
        super().__init__(browser, f"{address}&reset")  # not the notebooks that the last walk left open
        self.follow(self.lesson.title, f"{self.lesson.name}.ipynb")
        self.run_all_by_keyboard()

    def end(self) -> None:
        """Close the page, and the kernels that it has started."""
        self.page.evaluate(END_KERNELS)
        self.page.close()

    def follow(self, text: str, wanted: str) -> None:
        """Press Tab until the focus is on this link, then Enter; wait for the notebook that it leads to."""
        self.tab_until(lambda focus: focus["link"] == text, f"the link {text!r}")
        self.page.keyboard.press("Enter")
        self.wait_for_notebook(wanted)

    def tab_until(self, is_there: Any, goal: str) -> dict[str, Any]:
        """Press Tab until the focus is where it should be; AssertionError when that takes too long."""
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            focus: dict[str, Any] = self.page.evaluate(FOCUS)
            if is_there(focus):
                return focus
        raise AssertionError(f"Tab does not lead to {goal}; it is at {focus['html']}")

    def run_all_by_keyboard(self) -> None:
        """Run All Cells, from the list of all commands (Ctrl+Shift+C), and wait for the kernel."""
        self.page.wait_for_function(IS_FREE)  # where the palette gives the focus back to
        self.page.keyboard.press("Control+Shift+C")
        expect(self.page.locator(".lm-CommandPalette-input").last).to_be_focused()
        self.page.keyboard.type("run all cells")
        command = self.page.locator(".lm-CommandPalette-item.lm-mod-active")
        expect(command).to_have_text(re.compile("^Run All Cells"))
        self.run_by(lambda: self.page.keyboard.press("Enter"))

    def go_to(self, cell: str) -> None:
        """Leave the text or the picture that has the focus, and go to this cell with the arrow keys."""
        self.leave()
        super().go_to(cell)

    def leave(self) -> None:
        """Press Escape until arrow keys lead from cell to cell. AssertionError when there is no way out."""
        for _ in range(MOST_ESCAPES):
            focus = self.page.evaluate(FOCUS)
            if focus["isFree"]:
                assert focus["cell"] == focus["active"]
                return
            self.page.keyboard.press("Escape")
        try:
            self.page.wait_for_function(IS_FREE)
        except TimeoutError as error:
            focus = self.page.evaluate(FOCUS)
            raise AssertionError(f"Escape does not lead out of {focus['html']}") from error

    def enter_picture(self, cell: str) -> Locator:
        """Go to this cell, and from it by Tab into its picture, which is returned."""
        self.go_to(cell)
        index = self.page.evaluate(FOCUS)["active"]
        picture = self.notebook.locator(f".jp-Cell[data-windowed-list-index='{index}'] {PICTURE}").first
        expect(picture).to_be_visible()
        focus = self.tab_until(lambda focus: focus["isInPicture"], f"the picture of {cell}")
        assert index == focus["cell"], f"Tab leads past the picture of {cell}"
        return picture

    # -- what a test calls ------------------------------------------------------------------------------

    def check_opening(self) -> None:
        """No cell has failed; the first picture is past its start, and all of it is on a laptop's screen."""
        self.check_cells()
        first: str = self.page.evaluate(WITH_PICTURES)[0]
        view = self.enter_picture(first)
        expect(view.locator(".bl-place").first).to_have_text(re.compile(r"^[1-9][\d,]* / "))
        box, seen = view.bounding_box(), self.notebook.locator(".jp-WindowedPanel-outer").bounding_box()
        assert box is not None
        assert seen is not None
        assert 200 < box["height"] < seen["height"]
        self.page.wait_for_function(FITS, arg=view.element_handle())
        here = self.page.evaluate(FOCUS)["cell"]  # the next stop may be the next picture
        self.tab_until(
            lambda focus: (focus["isInPicture"], focus["cell"]) != (True, here), "the picture's end"
        )

    def check_cells(self) -> None:
        """No cell shows an exception."""
        errors = self.cell_errors()
        assert not errors, errors

    def do_all(self) -> None:
        """Cell by cell: into each picture and out of it; each question answered wrongly, then rightly."""
        with_pictures = self.page.evaluate(WITH_PICTURES)
        unanswered = []
        for cell in self.page.evaluate(ORDER):
            if cell in with_pictures:
                self.enter_picture(cell)
                self.leave()
            if cell in self.asked:
                unanswered += self.answer(self.asked[cell])
        assert not unanswered, "\n".join(unanswered)
        self.check_cells()

    def answer(self, asked: Asked) -> list[str]:
        """A listed wrong answer, then the right one. What the cards should have said, and did not."""
        wrong, sentence = asked.write_wrong()
        right, name = asked.write_right(), asked.question.id
        if asked.is_prediction:
            card = self.fill_in(asked, wrong)
            return [] if "locked in" in card else [f"{name}, predicted: {card!r}"]
        missing, card = [], self.fill_in(asked, wrong)
        if sentence.replace("`", "") not in card:
            missing.append(f"{name}: wanted {sentence!r}, found {card!r}")
        if asked.maker:
            self.run_cell(asked.maker)  # whoever acts anew begins with the run as it was
        card = self.fill_in(asked, right)
        return missing if "Right" in card else [*missing, f"{name}: wanted Right, found {card!r}"]

    def fill_in(self, asked: Asked, source: str) -> str:
        """Write this into the cell with the blank, and run it, and the one that checks; the card's text."""
        self.write_by_keyboard(asked.blank, source)
        if asked.blank != asked.cell:
            self.run_cell(asked.cell)
        card = self.cell_named(asked.cell).locator(".blockchain-lab-card").last
        expect(card).to_be_attached()
        return " ".join(card.inner_text().split())

    def check_page(self) -> None:
        """Nothing that keeps people out, no error on the console, no request to another machine."""
        faults = [*find_faults(self.page, OURS), *self.complaints]
        assert not faults, "\n".join(faults)

    def check_index(self) -> None:
        """Back by the link at the lesson's end; the index knows that all questions are solved."""
        self.go_to(self.find_text("](index.ipynb)"))
        self.follow("index", "index.ipynb")
        self.run_cell("who")
        self.run_cell("progress")
        count = len(self.lesson.questions)
        row = self.notebook.locator(".blockchain-lab-progress tr", has_text=self.lesson.title)
        expect(row).to_contain_text(f"{count} of {count}")
        self.check_cells()
        assert not self.complaints, self.complaints
