"""A line is drawn by hand on a plot: by pointer, and by keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from support.audit import PAPERS, find_faults, lay_on
from support.views_page import ViewsPage
from support.views_server import ORIGIN

SKETCH = """async ({origin}) => {
  const load = name => import(`${origin}/widgets/blockchain_lab_widgets/js/${name}.js`);
  const names = ["curve-plot", "curve-sketch", "style", "theme", "keys", "store"];
  const modules = await Promise.all(names.map(load));
  const [{CurvePlot}, {sketch}, {install}, {watchTheme}, {bindKeys}, {Store}] = modules;
  install(document);
  window.drawn?.stop();
  const host = document.getElementById("host");
  host.replaceChildren();
  const root = host.appendChild(document.createElement("div"));
  root.className = "blockchain-lab";
  root.style.height = "260px";
  root.tabIndex = 0;
  watchTheme(root);
  window.other = new Store();
  bindKeys(root, other);
  window.plot = new CurvePlot(root, {title: "How many peers have the block?"});
  window.changes = 0;
  window.drawn = sketch(plot, {count: 11, label: "your prediction", onChange: () => { changes += 1; }});
  const y = {title: "peers", kind: "count", isWhole: true, least: 0, most: 10};
  plot.set({from: 0, to: 10e6, y, series: []});
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> ViewsPage:
    """One empty page for all tests."""
    return ViewsPage(browser)


@pytest.fixture
def paper(page: ViewsPage) -> Iterator[ViewsPage]:
    """A plot of 0 .. 10 peers over ten seconds, with a line of eleven points to draw."""
    page.page.evaluate(SKETCH, {"origin": ORIGIN})
    page.wait_for_pictures()
    yield page
    assert [] == page.complaints


def get_drawn(view: ViewsPage) -> list[list[int]]:
    """[second, peers] of the points that are drawn."""
    points: list[list[int]] = view.page.evaluate("() => drawn.get().map(([at, value]) => [at / 1e6, value])")
    return points


def test_a_line_is_drawn_with_the_pointer(paper: ViewsPage) -> None:
    """From corner to corner, however fast: no point between is left out, and none leaves the axes."""
    box = paper.page.locator(".bl-sketch-touch").bounding_box()
    assert box is not None
    mouse = paper.page.mouse
    left, right, top, bottom = box["x"], box["x"] + box["width"], box["y"], box["y"] + box["height"]

    mouse.move(left + 1, bottom - 1)
    mouse.down()
    mouse.move((left + right) / 2, (top + bottom) / 2)
    mouse.move(right - 1, top - 40)  # over the edge
    mouse.up()
    drawn = get_drawn(paper)

    assert list(range(11)) == [at for at, _ in drawn]
    assert [[0, 0], [5, 5], [10, 10]] == [drawn[0], drawn[5], drawn[10]]
    assert drawn == sorted(drawn, key=lambda point: point[1])
    mouse.move(left + 1, top + 1)
    assert drawn == get_drawn(paper)  # nothing is drawn while no button is down


def test_a_line_is_drawn_with_keys(paper: ViewsPage) -> None:
    """One tab stop; Left and Right among points, not through time; Up and Down change; Delete takes away."""
    page = paper.page
    paper.do("() => { other.cursor = 3; }")
    assert 1 == page.locator(".bl-sketch-point[tabindex='0']").count()
    page.locator(".bl-sketch-point[tabindex='0']").focus()
    keys = [
        "ArrowUp",
        "ArrowUp",
        "ArrowRight",
        "ArrowUp",
        "End",
        "PageUp",
        "PageUp",
        "ArrowLeft",
        "ArrowDown",
    ]
    for key in keys:
        page.keyboard.press(key)

    focused = page.locator(".bl-sketch-point:focus")
    assert [[0, 2], [1, 3], [9, 2], [10, 10]] == get_drawn(paper)
    assert 3 == page.evaluate("() => other.cursor")
    assert "your prediction at 9.000 s" == focused.get_attribute("aria-label")
    assert "peers 2" == focused.get_attribute("aria-valuetext")
    assert ("0", "10", "2") == tuple(
        focused.get_attribute(f"aria-value{which}") for which in ("min", "max", "now")
    )
    page.keyboard.press("Delete")
    assert [[0, 2], [1, 3], [10, 10]] == get_drawn(paper)
    assert "nothing drawn" == focused.get_attribute("aria-valuetext")
    assert 7 == page.evaluate("() => changes")


def test_a_given_line_is_shown_and_can_be_locked(paper: ViewsPage) -> None:
    """Between its points the line is straight; beyond the axes it lies on them; locked, nobody changes it."""
    page = paper.page
    paper.do("() => drawn.set([[0, 0], [5e6, 99], [10e6, 4]])")
    drawn = get_drawn(paper)

    assert ([0, 0], [5, 10], [10, 4]) == (drawn[0], drawn[5], drawn[10])
    paper.do("() => drawn.lock(true)")
    assert not page.locator(".bl-sketch-touch").is_visible()
    assert 0 == page.locator(".bl-sketch-point[tabindex='0']").count()
    assert drawn == get_drawn(paper)
    paper.do("() => { drawn.lock(false); drawn.clear(); }")
    assert [] == get_drawn(paper)
    assert 0 == page.evaluate("() => changes")  # the reader has changed nothing


@pytest.mark.parametrize("theme", PAPERS)
def test_axe_finds_no_fault_in_a_drawn_line(paper: ViewsPage, theme: str) -> None:
    """Sliders with names, values and room; some drawn and some not."""
    lay_on(paper.page, theme)
    paper.do("() => drawn.set([[2e6, 0], [7e6, 9]])")

    assert [] == find_faults(paper.page)
    assert 6 == len(get_drawn(paper))
