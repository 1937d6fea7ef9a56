"""The space-time chart in a real browser: by pointer and by keyboard, at any moment, never rebuilt."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from support.views_page import ViewsPage, opened_browser

from blockchain_lab.lab import Lab

WORDS = ".bl-chart-foot .bl-summary"
ARROWS = ".bl-chart-arrow"
LINES = """() => Object.fromEntries([...document.querySelectorAll('.bl-chart-arrow')].map(arrow => {
  const box = document.querySelector('.bl-plot').getBoundingClientRect();
  const path = arrow.querySelector('.bl-chart-shaft').getAttribute('d');
  const [x0, y0, x1, y1] = path.match(/-?[\\d.]+/g).map(Number);
  return [arrow.dataset.key, {x0: x0 + box.x, y0: y0 + box.y, x1: x1 + box.x, y1: y1 + box.y}];
}))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all these tests."""
    with opened_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def fork_and_heal() -> Lab:
    """Two miners, a partition and its healing."""
    lab = Lab("fork_and_heal")
    lab.run(until=lab.scenario.until)
    return lab


def open_chart(
    browser: Browser, lab: Lab, event: int = 180, *, width: int = 574, theme: str = "light"
) -> ViewsPage:
    """The chart alone, in the width of a workbench's pane."""
    view = ViewsPage(browser, theme=theme, width=width)
    view.show_lab(lab, event=event, name="chart", bar=False, height=480)
    return view


@pytest.mark.parametrize(("theme", "width"), [("light", 574), ("dark", 467), ("light", 700)])
def test_it_draws_at_every_moment(browser: Browser, fork_and_heal: Lab, theme: str, width: int) -> None:
    """Start, bursts, silences and the end, on both papers, narrow too: no error, and nothing left behind."""
    view = open_chart(browser, fork_and_heal, theme=theme, width=width)

    for event in (0, 1, 40, 100, 230, fork_and_heal.head, 3):
        view.do(f"() => store.goto({event})")
        assert f"around event {event}" in view.page.locator(WORDS).inner_text()
    view.do("() => unmount()")

    assert 0 == view.page.locator("#host > *").count()
    assert [] == view.complaints
