"""How long a page takes: from a move of the cursor until every view in sight is painted."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from playwright.sync_api import Page

# Paint follows the animation frames in which the views drew; a message posted in one is handled behind it.
SCRUB = """async events => {
  const painted = () => new Promise(done => requestAnimationFrame(() => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => done(performance.now());
    port2.postMessage(null);
  }));
  const isDrawn = event => [...document.querySelectorAll('[data-drawn]')]
    .every(host => !host.checkVisibility() || Number(host.dataset.drawn) === event);
  const spent = [];
  for (const event of events) {
    const start = performance.now();
    store.goto(event);
    let end = await painted();
    while (!isDrawn(store.cursor)) end = await painted();
    spent.push(end - start);
  }
  return spent;
}"""


@dataclass(frozen=True)
class Latency:
    """Milliseconds: the half of all moves, and 95 of 100, took no longer."""

    median: float
    p95: float

    def __str__(self) -> str:
        """For a table."""
        return f"p50 {self.median:.0f} ms, p95 {self.p95:.0f} ms"


def scrub(page: Page, events: Sequence[int]) -> Latency:
    """Move the cursor to these events, two at least, each as soon as the one before is painted."""
    spent = page.evaluate(SCRUB, list(events))
    parts = quantiles(spent, n=20, method="inclusive")
    return Latency(parts[9], parts[18])


def spread_out(last: int, count: int) -> list[int]:
    """Events all over a trace, far from each other, the same ones each time: each move is a jump."""
    step = max(
        1, round(last * 0.618)
    )  # the golden section comes everywhere, and never soon to the same place
    return [(index * step) % (last + 1) for index in range(1, count + 1)]


def drag_over(last: int, count: int) -> list[int]:
    """Events as a hand drags over them, from the first third to the second."""
    return [last // 3 + index * last // (3 * count) for index in range(count)]
