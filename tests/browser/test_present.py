"""A presentation: the widget fills the window, type is larger, one key goes to the next prepared moment."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from support.audit import find_faults, lay_on
from support.views_page import ViewsPage

from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.scenario import Moment

PROJECTOR = {"width": 1366, "height": 768}
HACK = "<img src=x onerror='window.hacked = 1'>\"'"
MOMENTS = (
    Moment(at=4 * SECOND, caption="Everybody agrees"),
    Moment(event=216, caption=HACK, select="peer:dan", views=("tree",)),
    Moment(event=266, caption="The cut heals"),
)
WINDOW = "() => [innerWidth, innerHeight]"
BOX = """() => {
  const {width, height} = document.querySelector(".bl-presenting").getBoundingClientRect();
  return [width, height];
}"""
TYPE = """() => {
  const place = document.querySelector(".bl-place");
  return place.getBoundingClientRect().height / place.offsetHeight;
}"""
COVERING = ".bl-covering:is(:fullscreen, :popover-open)"


@pytest.fixture(scope="module")
def lab() -> Lab:
    """A network is cut and heals, with three prepared moments."""
    lab = Lab("fork_and_heal")
    lab.look_ahead()
    lab.goto(event=150)
    lab.moments = MOMENTS
    return lab


@pytest.fixture
def shown(browser: Browser, lab: Lab) -> Iterator[ViewsPage]:
    """Its workbench at event 150, between the first moment and the second. Nothing may go wrong."""
    page = ViewsPage(browser)
    page.page.set_viewport_size(PROJECTOR)
    page.show_lab(lab, event=150, views=["chart", "tree", "bytes"])
    yield page
    page.page.evaluate("window.unmount()")
    assert [] == page.complaints


def present(page: Page) -> None:
    """As a reader begins it: behind the bar's "more" button."""
    page.get_by_role("button", name="More: ").first.click()
    page.get_by_role("button", name="Present", exact=True).click()
    page.wait_for_selector(COVERING)


def get_place(page: Page) -> tuple[str, str, int]:
    """Number and caption of the moment, and the event."""
    bar = page.locator(".bl-present-bar")
    number = bar.locator(".bl-present-count").text_content() or ""
    caption = bar.locator(".bl-present-caption").text_content() or ""
    return number, caption, page.evaluate("store.cursor")


def test_it_fills_the_window_with_larger_type_and_ends_as_it_began(shown: ViewsPage) -> None:
    """By pointer. Afterwards nothing of it is left: no class, no top layer, no bar."""
    page = shown.page
    before = page.locator(".blockchain-lab").bounding_box()

    present(page)
    assert page.evaluate(WINDOW) == page.evaluate(BOX)
    assert 1.5 == page.evaluate(TYPE)
    assert ("1 of 3", "Everybody agrees", 150) == get_place(page)

    page.get_by_role("button", name="End the presentation").click()
    expect(page.locator(".bl-presenting")).to_have_count(0)
    expect(page.locator(".bl-present-bar")).to_have_count(0)
    page.wait_for_function("() => !document.fullscreenElement && !document.querySelector('[popover]')")
    shown.wait_for_pictures()
    assert before == page.locator(".blockchain-lab").bounding_box()
    assert 1 == page.evaluate(TYPE)


def test_page_down_goes_to_the_next_moment_and_page_up_back(shown: ViewsPage) -> None:
    """What a presenter's clicker sends. A moment selects, opens its view, and its words are text."""
    page = shown.page
    present(page)

    page.keyboard.press("PageDown")
    assert ("2 of 3", HACK, 216) == get_place(page)
    assert "peer:dan" == page.evaluate("store.selection")
    expect(page.get_by_role("tab", name="Block tree")).to_have_attribute("aria-selected", "true")
    assert [0, "undefined"] == page.evaluate("[document.querySelectorAll('img').length, typeof hacked]")
    page.keyboard.press("ArrowRight")  # the keys of time go on
    assert ("2 of 3", HACK, 217) == get_place(page)
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")  # there is no fourth
    assert ("3 of 3", "The cut heals", 266) == get_place(page)
    expect(page.get_by_role("button", name="The next moment")).to_be_disabled()

    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    number, caption, event = get_place(page)
    assert ("1 of 3", "Everybody agrees") == (number, caption)
    assert event == page.evaluate("store.trace.eventAt(4e6)")


def test_escape_closes_what_is_open_first_and_then_ends_it(shown: ViewsPage) -> None:
    """A panel, then the presentation. The focus stays in the widget."""
    page = shown.page
    present(page)
    page.get_by_role("button", name="In the page").click()  # a browser's own full screen would end at once
    page.locator(".blockchain-lab").focus()
    page.keyboard.press("F1")
    expect(page.get_by_role("dialog", name="Help")).to_be_visible()

    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Help")).to_have_count(0)
    expect(page.locator(".bl-presenting")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".bl-presenting")).to_have_count(0)
    expect(page.locator(".blockchain-lab")).to_be_focused()


def test_in_the_page_the_keys_act_in_the_widget_only(shown: ViewsPage) -> None:
    """The type stays large. Elsewhere Page Down is the page's."""
    page = shown.page
    present(page)
    page.get_by_role("button", name="In the page").click()
    expect(page.locator(".bl-covering")).to_have_count(0)
    assert 1.5 == page.evaluate(TYPE)

    page.evaluate("document.body.append(Object.assign(document.createElement('input'), {id: 'cell'}))")
    page.locator("#cell").focus()
    page.keyboard.press("PageDown")
    assert "1 of 3" == get_place(page)[0]
    page.locator(".blockchain-lab").focus()
    page.keyboard.press("PageDown")
    assert "2 of 3" == get_place(page)[0]
    page.evaluate("document.getElementById('cell').remove()")


def test_while_it_covers_the_window_no_key_is_lost_beneath(shown: ViewsPage) -> None:
    """A cell that has the focus, as after a run, does not swallow what a clicker sends."""
    page = shown.page
    page.evaluate("document.body.append(Object.assign(document.createElement('input'), {id: 'cell'}))")
    present(page)
    page.evaluate("document.getElementById('cell').focus()")

    page.keyboard.press("PageDown")

    assert "2 of 3" == get_place(page)[0]
    page.evaluate("document.getElementById('cell').remove()")


def test_what_is_drawn_is_pointed_at_where_it_is_drawn(shown: ViewsPage) -> None:
    """Peers in the canvas, a tooltip beside the pointer, a menu at it: though all is half as large again."""
    page = shown.page
    present(page)
    shown.wait_for_pictures()
    spot = page.evaluate(
        """() => {
      const [x, y] = [180, 235];
      const stage = document.querySelector(".bl-network .bl-stage").getBoundingClientRect();
      const canvas = document.querySelector(".bl-network .bl-stage > canvas:not(.vis-network canvas)");
      return [stage.left, stage.top, canvas.width / stage.width, x, y];
    }"""
    )
    assert abs(spot[2] - 1) < 0.01  # as sharp as the screen

    found = None
    for y in range(20, 200, 12):
        for x in range(60, 260, 12):
            page.mouse.move(spot[0] + x, spot[1] + y)
            if page.evaluate("store.hover") == "peer:ann":
                found = (spot[0] + x, spot[1] + y)
                break
        if found:
            break
    assert found
    tip = page.locator(".bl-network .bl-tooltip").first.bounding_box()
    assert abs(tip["x"] - found[0]) < 60
    assert abs(tip["y"] - found[1]) < 60

    page.mouse.click(*found, button="right")
    menu = page.locator(".bl-menu").bounding_box()
    assert abs(menu["x"] - found[0]) < 12
    assert menu["y"] + menu["height"] <= PROJECTOR["height"]
    page.keyboard.press("Escape")


def test_a_sealed_run_stays_sealed(shown: ViewsPage) -> None:
    """What a class is asked to predict is not told by the next key: not its event, not its caption."""
    page = shown.page
    page.evaluate("() => { window.unseal = store.seal(230, 'Predict first.'); }")
    present(page)
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")

    assert ("2 of 3", HACK, 230) == get_place(page)
    expect(page.locator(".bl-note", has_text="Predict first.")).to_be_visible()
    page.evaluate("window.unseal()")
    page.keyboard.press("PageDown")
    assert ("3 of 3", "The cut heals", 266) == get_place(page)


def test_a_widget_that_is_taken_away_takes_its_presentation_along(browser: Browser, lab: Lab) -> None:
    """A cell that runs again. The notebook is told, both times, so that its code comes back."""
    page = ViewsPage(browser)
    page.show_lab(lab, event=150)
    page.page.evaluate(
        """async () => {
      unmount();
      window.told = [];
      const {mount} = await import("/widgets/blockchain_lab_widgets/js/views.js");
      const options = {name: "workbench", present: true, onPresent: isOn => told.push(isOn)};
      window.unmount = mount(document.getElementById("host"), store, options);
    }"""
    )
    page.page.wait_for_selector(COVERING)

    assert ("1 of 3", "Everybody agrees") == get_place(page.page)[:2]
    page.page.evaluate("unmount()")
    assert [True, False] == page.page.evaluate("told")
    assert [] == page.complaints


def test_only_one_widget_of_a_page_is_presented(shown: ViewsPage) -> None:
    """Who begins takes the window from the other."""
    page = shown.page
    page.evaluate(
        """async () => {
      const {mount} = await import("/widgets/blockchain_lab_widgets/js/views.js");
      const second = document.body.appendChild(document.createElement("div"));
      const stop = mount(second, store, {name: "tree"});
      window.end = () => { stop(); second.remove(); };
    }"""
    )
    roots = page.locator(".blockchain-lab")
    present(page)
    roots.nth(1).evaluate("root => root.dispatchEvent(new CustomEvent('bl-present'))")

    expect(page.locator(".bl-presenting")).to_have_count(1)
    expect(roots.nth(1)).to_have_class("blockchain-lab bl-tree-root bl-presenting bl-covering")
    page.evaluate("window.end()")


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_nothing_keeps_people_out_of_it(browser: Browser, lab: Lab, paper: str) -> None:
    """On either paper, and in a narrow window everything is still reached."""
    page = ViewsPage(browser, theme=paper)
    page.show_lab(lab, event=150, views=["tree"])
    lay_on(page.page, paper)
    present(page.page)
    shown = page.page
    assert [] == find_faults(shown)

    shown.set_viewport_size({"width": 420, "height": 700})
    page.wait_for_pictures()
    expect(shown.get_by_role("button", name="End the presentation")).to_be_in_viewport()
    assert shown.evaluate("() => document.querySelector('.bl-covering').scrollWidth <= 420 / 1.5")
    assert [] == find_faults(shown)
    shown.evaluate("window.unmount()")


def test_a_lecture_is_a_file(browser: Browser, lab: Lab, tmp_path: Path) -> None:
    """Without a kernel and without a network: it opens as a presentation, at the first moment."""
    file = lab.export(tmp_path / "lecture.html", "tree", present=True)
    context = browser.new_context(viewport=PROJECTOR, offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector(".bl-covering")

    bar = page.locator(".bl-present-bar")
    expect(bar).to_contain_text("1 of 3")
    page.keyboard.press("PageDown")
    expect(bar.locator(".bl-present-caption")).to_have_text(HACK)
    expect(page.locator(".bl-place")).to_contain_text("216 /")
    page.get_by_role("button", name="In the page").click()
    page.locator(".blockchain-lab").focus()
    page.keyboard.press("Escape")
    expect(page.locator(".bl-presenting")).to_have_count(0)
    context.close()
