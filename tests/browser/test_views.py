"""The views in a real browser, without Jupyter: keyboard, pointer, untrusted text, both themes."""

import pytest
from playwright.sync_api import Browser
from support.views_page import ViewsPage

from blockchain_lab.lab import Lab

VIEWS = [
    "network",
    "tree",
    "chart",
    "bytes",
    "lanes",
    "peers",
    "events",
    "mempool",
    "message map",
    "address book",
    "dht",
    "nat",
    "validators",
    "shares",
    "curves",
    "readings",
]
OVERFLOWING = """() => [...document.querySelectorAll('.blockchain-lab *')]
  .filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1 && !e.closest('svg'))
  .filter(e => getComputedStyle(e).overflowX === 'visible' && getComputedStyle(e).display !== 'inline')
  .map(e => e.className)"""
SCROLL = """part => document.querySelectorAll('.bl-window')
  .forEach(e => { e.scrollTop = part * e.scrollHeight; })"""
SELECT_FIRST = """label => {
  const rows = [...Array(store.trace.length).keys()];
  store.select(`record:0:${rows.find(row => store.trace.record(row).facts.label === label)}`);
}"""


@pytest.fixture(scope="module")
def headers_first() -> Lab:
    """The lesson's own story, run to its end."""
    lab = Lab("headers_first")
    lab.run(until=lab.scenario.until)
    return lab


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["workbench", *VIEWS])
def test_every_view_draws_at_every_moment(
    browser: Browser, headers_first: Lab, name: str, theme: str
) -> None:
    """Start, middle, end and back again, on both papers: no error, and nothing sticks out of its box."""
    view = ViewsPage(browser, theme=theme)
    view.show_lab(headers_first, event=0, name=name)

    for event in (1, headers_first.head // 3, headers_first.head, 40):
        view.do(f"() => store.goto({event})")
        assert [] == view.do(OVERFLOWING)

    assert theme == view.page.locator(".blockchain-lab").get_attribute("data-palette")
    view.do("() => unmount()")
    assert 0 == view.page.locator("#host > *").count()
    assert [] == view.complaints


def test_a_workbench_fits_a_laptop_and_folds_into_one_column(browser: Browser) -> None:
    """934 x 560 beside JupyterLab's side bar; below 720 px network and tabs stand one above the other."""
    view = ViewsPage(browser)
    view.show_story("joinLate", event=90)
    size = view.page.locator(".blockchain-lab").bounding_box()
    assert (934, 562) == (size["width"], size["height"])  # with its border
    network, tabs = (view.page.locator(name).bounding_box() for name in (".bl-network", ".bl-tabbed"))
    assert network["y"] == tabs["y"]

    view.page.set_viewport_size({"width": 600, "height": 700})
    view.wait_for_pictures()

    network, tabs = (view.page.locator(name).bounding_box() for name in (".bl-network", ".bl-tabbed"))
    assert network["y"] + network["height"] <= tabs["y"]

    for width in (600, 310):  # the second: a laptop's page enlarged to 200 %
        view.page.set_viewport_size({"width": width, "height": 700})
        view.wait_for_pictures()
        assert [] == view.do(OVERFLOWING)
        assert width - 2 == view.page.locator(".bl-stage").bounding_box()["width"]
    assert [] == view.complaints


@pytest.mark.parametrize("name", ["workbench", *VIEWS])
def test_what_peers_say_never_becomes_markup(browser: Browser, name: str) -> None:
    """Names, user agents, reasons and labels full of markup are shown letter by letter."""
    view = ViewsPage(browser)
    view.show_story("hostileTalk", event=9, name=name, bar=False)
    view.do("() => [0, 3, 6, 9].forEach(event => store.goto(event))")
    view.do("() => { store.select('record:0:4'); store.setTrouble('<img src=x onerror=hacked=true>'); }")
    view.page.locator("select").evaluate_all(
        "all => all.forEach(e => {"
        " e.selectedIndex = e.options.length - 1; e.dispatchEvent(new Event('change')); })"
    )
    view.wait_for_pictures()

    assert 0 == view.page.locator("img, iframe, #host script").count()
    assert view.page.evaluate("() => window.hacked === undefined")
    assert "<img" in view.page.locator("#host").inner_text()
    assert [] == view.complaints


def test_peers_are_reached_by_keyboard_and_seen_through(browser: Browser, headers_first: Lab) -> None:
    """Down moves among the peers, Enter selects one, the tree is seen with its eyes; Left is the time's."""
    view = ViewsPage(browser)
    view.show_lab(headers_first, event=611)
    page = view.page
    page.locator(".bl-peer").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    view.wait_for_pictures()

    assert "peer:ann" == page.evaluate("() => store.selection")
    assert "ann" == page.get_by_label("As seen by").input_value()
    assert "ann, newcomer, tip B118" in page.locator(".bl-peer:focus").get_attribute("aria-label")

    page.keyboard.press("ArrowLeft")
    assert 610 == page.evaluate("() => store.cursor")
    assert [] == view.complaints


def test_a_peer_and_a_message_are_found_under_the_pointer(browser: Browser, headers_first: Lab) -> None:
    """A click on a peer selects it, another lets it go; a click on a flying message selects its record."""
    view = ViewsPage(browser)
    view.show_lab(headers_first, event=611)
    page = view.page
    place = page.locator(".bl-peer").nth(3).bounding_box()
    centre = (place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.click(*centre)
    assert "peer:cat" == page.evaluate("() => store.selection")
    page.mouse.click(*centre)
    assert page.evaluate("() => store.selection") is None

    server, ann = (page.locator(".bl-peer").nth(peer).bounding_box() for peer in (0, 1))
    found = None
    for step in range(20, 80, 2):
        x = server["x"] + 20 + (ann["x"] - server["x"]) * step / 100
        y = server["y"] + 20 + (ann["y"] - server["y"]) * step / 100
        page.mouse.move(x, y)
        found = page.evaluate("() => store.hover")
        if found and found.startswith("record:"):
            page.mouse.click(x, y)
            break

    assert found == page.evaluate("() => store.selection")
    assert "server" in page.locator(".bl-network .bl-tooltip").inner_text()


def test_the_wheel_scrolls_the_page_and_zooms_only_with_ctrl(browser: Browser) -> None:
    """A notebook is scrolled past its widgets all the time: the wheel must not be caught."""
    view = ViewsPage(browser)
    view.show_story("joinLate", event=90)
    page = view.page
    page.set_viewport_size({"width": 934, "height": 300})
    page.mouse.move(150, 150)
    where = "() => document.querySelector('.bl-peer').getBoundingClientRect().x"
    before = page.evaluate(where)
    page.mouse.wheel(0, 80)
    page.wait_for_function("() => scrollY > 0")
    assert before == page.evaluate(where)

    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_function(f"() => Math.abs(({where})() - {before}) > 5")


def test_a_field_lights_its_bytes_and_a_byte_its_field(browser: Browser, headers_first: Lab) -> None:
    """Pointing at `previous` of the first header lights 32 bytes; pointing at a byte lights its field."""
    view = ViewsPage(browser)
    view.show_lab(headers_first, event=300, views=["bytes"])
    view.page.evaluate(SELECT_FIRST, "headers 151")
    view.wait_for_pictures()
    page = view.page
    page.locator(".bl-field", has_text="header 0").click()
    page.locator(".bl-field", has_text="previous").hover()
    assert 32 == page.locator(".bl-hex .bl-lit").count()
    assert "block G" in page.locator(".bl-detail").inner_text()

    page.locator(".bl-hex b[data-at='21']").hover()
    assert ["checksum"] == page.locator(".bl-detail").inner_text().split(",")[:1]
    assert ["20", "21", "22", "23"] == page.locator(".bl-hex .bl-lit").evaluate_all(
        "all => all.map(e => e.dataset.at)"
    )
    assert [] == view.complaints


def test_bytes_are_walked_by_keyboard(browser: Browser, headers_first: Lab) -> None:
    """Down to the first header, Enter opens it, Down again lights its version."""
    view = ViewsPage(browser)
    view.show_lab(headers_first, event=300, views=["bytes"])
    view.page.evaluate(SELECT_FIRST, "headers 151")
    view.wait_for_pictures()
    page = view.page
    page.locator(".bl-field[tabindex='0']").focus()
    for key in ("ArrowDown", "Enter", "ArrowDown"):
        page.keyboard.press(key)

    assert "version" in page.locator(".bl-field:focus").inner_text()
    assert ["25", "26", "27", "28"] == page.locator(".bl-hex .bl-lit").evaluate_all(
        "all => all.map(e => e.dataset.at)"
    )


def test_a_message_of_two_thousand_headers_makes_few_elements(browser: Browser) -> None:
    """162,027 bytes and 16,000 fields: only what is in sight has elements, wherever the lists stand."""
    lab = Lab("four_servers")
    lab.run(until=4_000_000)
    view = ViewsPage(browser)
    view.show_lab(lab, event=lab.head, views=["bytes"])
    view.page.evaluate(SELECT_FIRST, "headers 2000")
    view.wait_for_pictures()

    assert "162,027 bytes" in view.page.locator(".bl-bytes .bl-title").inner_text()
    for part in (0, 0.5, 1):
        view.page.evaluate(SCROLL, part)
        view.wait_for_pictures()
        assert view.page.locator(".bl-bytes *").count() < 1_200  # some forty lines of 16 bytes, and fields
    assert "1999" in view.page.locator(".bl-fields").inner_text()


def test_tabs_follow_the_usual_keys_and_views_can_be_added(browser: Browser) -> None:
    """Right chooses the next tab, and "+ view" adds one; only the chosen view is there."""
    view = ViewsPage(browser)
    view.show_story("joinLate", event=90, views=["tree", "lanes"])
    page = view.page
    page.get_by_role("tab", name="Block tree").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("tab", name="Download").get_attribute("aria-selected") == "true"
    assert (0, 1) == (page.locator(".bl-tree").count(), page.locator(".bl-lanes").count())
    assert 90 == page.evaluate("() => store.cursor")

    page.get_by_label("Add a view").select_option("events")
    assert page.get_by_role("tab", name="Events").get_attribute("aria-selected") == "true"
    assert 1 == page.locator(".bl-events").count()
    assert [] == view.complaints


def test_an_event_is_chosen_and_its_causes_are_marked(browser: Browser) -> None:
    """A click goes to the record's event and selects it; what led to it is marked in the list."""
    view = ViewsPage(browser)
    view.show_story("joinLate", event=90, name="events")
    page = view.page
    page.locator(".bl-event", has_text="block B").nth(2).click()
    view.wait_for_pictures()

    assert page.evaluate("() => store.selection.startsWith('record:0:')")
    assert page.evaluate(
        "() => store.cursor === store.trace.record(Number(store.selection.split(':')[2])).event"
    )
    assert page.evaluate("() => document.querySelectorAll('.bl-because').length") >= 1


def test_a_run_opens_where_it_is_clicked(browser: Browser) -> None:
    """A click in the middle of 4,497 collapsed blocks brings out the block there, with its neighbours."""
    view = ViewsPage(browser)
    view.show_story("joinLate", {"blocks": 4500}, event=2000, name="tree")
    bar = view.page.locator(".bl-run-line").first.bounding_box()
    view.page.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    view.wait_for_pictures()

    chosen = view.page.locator(".bl-selected .bl-name").text_content() or ""
    assert 2000 < int(chosen.removeprefix("B")) < 2500
    assert 2 == view.page.locator(".bl-run").count()
    assert [] == view.complaints


def test_nothing_is_drawn_while_nothing_happens(browser: Browser) -> None:
    """Paused, a workbench asks for no animation frames."""
    view = ViewsPage(browser)
    view.show_story("joinLate", event=90)
    view.page.wait_for_timeout(300)
    frames = view.do("""() => new Promise(done => {
      const usual = requestAnimationFrame;
      let asked = 0;
      window.requestAnimationFrame = act => { asked += 1; return usual(act); };
      setTimeout(() => { window.requestAnimationFrame = usual; done(asked); }, 400);
    })""")

    assert 0 == frames
