"""The space-time chart on a page, and where its arrows lie."""

from typing import Any

from playwright.sync_api import Browser

from blockchain_lab.lab import Lab
from support.views_page import ViewsPage

EVENT = 180  # of fork_and_heal: B2 spreads, eight messages are in flight
WORDS = ".bl-chart-foot .bl-summary"
ARROWS = ".bl-chart-arrow"
# The arrows' visible lines on the page, by the row of their sending.
LINES = """() => Object.fromEntries([...document.querySelectorAll('.bl-chart-arrow')].map(arrow => {
  const box = document.querySelector('.bl-chart-back').getBoundingClientRect();
  const path = arrow.querySelector('.bl-chart-shaft').getAttribute('d');
  const [x0, y0, x1, y1] = path.match(/-?[\\d.]+/g).map(Number);
  return [arrow.dataset.key, [x0 + box.x, y0 + box.y, x1 + box.x, y1 + box.y]];
}))"""
HEAR_MENUS = "() => document.addEventListener('bl-menu', ({detail}) => { window.menu = detail; })"


class ChartPage(ViewsPage):
    """The chart alone, in the width of a workbench's pane."""

    def __init__(self, browser: Browser, lab: Lab, event: int = EVENT, **paper: Any) -> None:
        super().__init__(browser, **{"width": 574} | paper)
        self.show_lab(lab, event=event, name="chart", bar=False, height=480)
        self.do(HEAR_MENUS)

    @property
    def words(self) -> str:
        """The line that says what is shown and hidden."""
        return self.page.locator(WORDS).inner_text()

    def get_point(self, part: float) -> tuple[int, float, float]:
        """The row of a sending, and a point of its arrow, whole in sight, that no other arrow is near."""
        lines = {int(key): line for key, line in self.do(LINES).items()}
        plot = self.page.locator(".bl-chart-back").bounding_box()
        top, bottom = plot["y"] + 1, plot["y"] + plot["height"] - 1
        for row, (x0, y0, x1, y1) in lines.items():
            x, y = x0 + part * (x1 - x0), y0 + part * (y1 - y0)
            others = [line for key, line in lines.items() if key != row]
            if y0 > top and y1 < bottom and all(get_distance(line, x, y) > 9 for line in others):
                return row, x, y
        raise AssertionError("no arrow stands alone")

    def point_at(self, x: float, y: float) -> Any:
        """Move the pointer there; what lights up."""
        self.page.mouse.move(x, y)
        self.wait_for_pictures()
        return self.do("() => store.hover")


def get_distance(line: list[float], x: float, y: float) -> float:
    """Of a point from a line."""
    x0, y0, x1, y1 = line
    square = (x1 - x0) ** 2 + (y1 - y0) ** 2
    part = max(0.0, min(1.0, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / square)) if square else 0.0
    return ((x0 + part * (x1 - x0) - x) ** 2 + (y0 + part * (y1 - y0) - y) ** 2) ** 0.5
