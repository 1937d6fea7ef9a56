"""The part of `views.py` that needs a real JupyterLab: opening a lesson, and from Python to the paint."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

from playwright.sync_api import Browser
from support.lesson_page import LessonPage, served_lessons

Row = tuple[str, str, str]

LESSON = "Joining late: blocks first or headers first?"
STEPS = 40
# `window.painted[event]` becomes the moment (ms since 1970) at which the first picture has painted it.
WATCH = """() => {
  window.painted = {};
  const host = document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .blockchain-lab [data-drawn]');
  host.scrollIntoView({block: 'center'});
  const note = () => {
    const {port1, port2} = new MessageChannel(); // what is posted in a frame is handled behind its paint
    const event = host.dataset.drawn;
    port1.onmessage = () => { window.painted[event] = Date.now(); };
    port2.postMessage(null);
  };
  new MutationObserver(note).observe(host, {attributes: true, attributeFilter: ['data-drawn']});
}"""
BEGIN = "lab.goto(event=600)"
STEP = "[__import__('time').time(), lab.step(), lab.cursor][::2]"


def measure_kernel(browser: Browser) -> Iterator[Row]:
    """Lesson 14 from the click in the index to its first picture, then steps of the lab in Python."""
    with tempfile.TemporaryDirectory() as folder, served_lessons(Path(folder)) as address:
        lesson = LessonPage(browser, address)
        clicked = time.monotonic()
        lesson.follow_link(LESSON)
        ready = time.monotonic()
        lesson.page.get_by_role("menuitem", name="Run", exact=True).click()
        lesson.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        started = time.monotonic()
        lesson.notebook.locator(".blockchain-lab").first.scroll_into_view_if_needed(timeout=60_000)
        lesson.page.wait_for_selector(".blockchain-lab [data-drawn]", timeout=60_000)
        seen = time.monotonic()
        lesson.wait_until_idle()
        opened = f"{ready - clicked:.1f} s, then {seen - started:.1f} s"
        yield "open: lesson 14 and its kernel, then its first picture", opened, "under 5 s"
        yield "kernel to paint: lab.step()", measure_steps(lesson), ""
        lesson.page.close()


def measure_steps(lesson: LessonPage) -> str:
    """From the call in Python until the page has painted that event: one machine, one clock."""
    page = lesson.page
    page.evaluate(WATCH)
    lesson.ask_kernel(BEGIN)
    page.wait_for_timeout(500)
    spent = []
    for _ in range(STEPS):
        begun, event = (float(word) for word in lesson.ask_kernel(STEP).strip("[]").split(","))
        page.wait_for_function("event => event in window.painted", arg=int(event), timeout=10_000)
        spent.append(page.evaluate("event => window.painted[event]", int(event)) - 1000 * begun)
        page.wait_for_timeout(150)  # nobody steps faster by hand, and the carrier does not gather steps
    parts = quantiles(spent, n=20, method="inclusive")
    return f"p50 {parts[9]:.0f} ms, p95 {parts[18]:.0f} ms"
