"""Timers of a page that wait for the test: what is to happen within a while, or after it, on any machine.

A tooltip stays open for 250 ms while the pointer travels to it; a busy driver may need longer for four steps.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

HOLD = """() => {
  const usual = {setTimeout, clearTimeout};
  const held = window.held = new Map();
  let last = 0;
  window.setTimeout = act => held.set(--last, act) && last;
  window.clearTimeout = timer => { if (!held.delete(timer)) usual.clearTimeout.call(window, timer); };
  window.letGo = () => {
    Object.assign(window, usual);
    const due = [...held.values()];
    held.clear();
    due.forEach(act => act());
  };
}"""


@contextmanager
def held_timers(page: Page) -> Iterator[None]:
    """What the page puts off inside the block is due when that ends; `held` in the page has it until then.

    Animation frames come as ever, and so do timers that were set before.
    """
    page.evaluate(HOLD)
    yield
    page.evaluate("() => letGo()")
