"""The run is seen through one peer's eyes, by pointer and by keyboard, in the workbench and in the player."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from support.audit import PAPERS, find_faults, lay_on
from support.views_page import ViewsPage

from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill

PARTED = 32 * SECOND - 1  # ann, bob and cat are on B4, the other three on B5, and nobody knows of the others
VIEWS = ["tree", "chart", "mempool", "events", "spread"]
AT = "time => store.gotoTime(time)"
LENS = "() => store.lens"
FOCUS = "() => document.querySelector('.blockchain-lab').focus()"
FITS = "() => { const {scrollWidth: a, clientWidth: b} = document.querySelector('.bl-lens'); return a <= b; }"
UNSEEN = "all => all.map(each => each.classList.contains('bl-unseen'))"


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Two triangles, parted from each other for a while; at the end fay is switched off."""
    lab = Lab("fork_and_heal")
    lab.run(until=50 * SECOND)
    lab.do(Kill("fay", "silence"))
    lab.run(until=55 * SECOND)
    return lab


@pytest.fixture(scope="module")
def page_of_lab(browser: Browser, lab: Lab) -> ViewsPage:
    """One page for all tests of the story: most of a test's time is loading it."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=0, views=VIEWS)
    return view


@pytest.fixture
def view(page_of_lab: ViewsPage) -> Iterator[ViewsPage]:
    """That page during the partition, seen by nobody; nothing may go wrong on it."""
    page_of_lab.page.evaluate("store.lookAs(null)")
    page_of_lab.show_again(event=0, name="workbench", views=VIEWS)
    page_of_lab.page.evaluate(AT, PARTED)
    page_of_lab.wait_for_pictures()
    yield page_of_lab
    assert [] == page_of_lab.complaints


def get_strip(page: Page) -> Locator:
    """Below the bar, while a lens is on."""
    return page.locator(".bl-lens")


def get_option(page: Page, name: str) -> Locator:
    """A peer in the network, for the keyboard."""
    return page.get_by_role("listbox", name="Peers").locator(f"[aria-label^='{name}']")


def test_a_right_click_on_a_peer_shows_its_world_and_the_button_all_again(view: ViewsPage) -> None:
    """The strip says whose eyes these are and how little they see; the others lose names, tips and links."""
    page = view.page
    expect(page.locator(".bl-states")).to_have_text("2 local states")
    expect(get_strip(page)).to_be_hidden()

    place = get_option(page, "bob").bounding_box()
    assert place
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2, button="right")
    page.get_by_role("menuitem", name="See the run as bob").click()

    strip = get_strip(page)
    expect(strip.get_by_role("status")).to_have_text("Seen by bob")
    expect(strip).to_contain_text("knows 3 of 6 peers, 5 of 8 blocks")
    expect(strip).to_contain_text("2 local states in all")
    expect(get_option(page, "dan")).to_have_attribute("aria-label", "dan, unknown to bob")
    expect(get_option(page, "cat")).to_have_attribute(
        "aria-label", "cat, connected to bob, has told bob of B4"
    )
    expect(page.locator(".bl-network .bl-hidden").first).to_contain_text(
        "As bob sees it: it knows 3 of 6 peers"
    )
    expect(page.locator(".bl-legend-network")).to_contain_text("unknown")
    expect(page.locator(".bl-legend-network")).to_contain_text("B4 × 3")

    strip.get_by_role("button", name="See all").click()
    expect(strip).to_be_hidden()
    expect(get_option(page, "dan")).to_have_attribute(
        "aria-label", "dan, miner, tip B5, height 5, connected to 2 peers"
    )
    assert view.do("() => document.activeElement.classList.contains('blockchain-lab')")


def test_every_view_shows_the_peer_and_lets_nobody_choose_another_one(view: ViewsPage) -> None:
    """Tree, chart, pool, list and propagation are bob's, until all is seen again: then they are as before."""
    page = view.page
    tree_of = page.locator(".bl-tree .bl-head select")
    tags = page.locator(".bl-tree .bl-tags [data-name^='peer:']")
    assert 6 == tags.count()

    view.do("() => store.lookAs('bob')")
    expect(tags).to_have_count(3)
    expect(tree_of).to_have_value("bob")
    expect(tree_of).to_be_disabled()
    expect(page.locator(".bl-tree [data-name^='block:'].bl-moves")).to_have_count(5)

    page.get_by_role("tab", name="Space-time").click()
    heads = page.locator(".bl-chart-head")
    expect(heads.nth(1)).not_to_have_attribute("aria-description", "unknown to bob")
    assert [True, False, True, True, True, True] == heads.evaluate_all(UNSEEN)
    page.get_by_role("tab", name="Mempool").click()
    expect(page.locator(".bl-mempool .bl-pool-head select")).to_be_disabled()
    expect(page.locator(".bl-mempool .bl-pool-head option:checked")).to_have_text("bob")
    page.get_by_role("tab", name="Events").click()
    expect(page.get_by_role("combobox", name="Of whom")).to_be_disabled()
    assert all("→ bob" in who for who in page.locator(".bl-event .bl-who").all_inner_texts())
    page.get_by_role("tab", name="Propagation").click()
    expect(page.locator(".bl-spread .bl-detail")).to_contain_text("who else has it, it does not know")

    view.do("() => store.lookAs(null)")
    expect(page.locator(".bl-spread .bl-detail")).not_to_contain_text("does not know")
    page.get_by_role("tab", name="Block tree").click()
    expect(tree_of).to_be_enabled()
    expect(tree_of).to_have_value("")
    expect(tags).to_have_count(6)


def test_by_keys_alone_the_lens_is_put_on_and_escape_ends_it(view: ViewsPage) -> None:
    """What is open is closed first: the panel, a text beside a mark; and time goes on under a lens."""
    page, keys = view.page, view.page.keyboard
    get_option(page, "cat").focus()
    keys.press("Shift+F10")
    page.get_by_role("menuitem", name="See the run as cat").focus()
    keys.press("Enter")
    assert "cat" == view.do(LENS)

    before = view.do("() => store.cursor")
    keys.press("ArrowLeft")
    assert (before - 1, "cat") == (view.do("() => store.cursor"), view.do(LENS))

    page.get_by_role("button", name="More: jump").focus()
    keys.press("Enter")
    choice = page.get_by_role("combobox", name="See as")
    expect(choice).to_have_value("cat")
    choice.select_option("ann")
    assert "ann" == view.do(LENS)
    keys.press("Escape")
    expect(choice).to_have_count(0)
    assert "ann" == view.do(LENS), "the panel was open: it closes first"

    tag = page.locator(".bl-tree .bl-tags [tabindex]").first
    tag.hover()
    expect(page.locator(".bl-tree .bl-tooltip")).to_be_visible()
    page.evaluate(FOCUS)
    keys.press("Escape")
    assert "ann" == view.do(LENS), "a text was open: it closes first"
    keys.press("Escape")
    assert view.do(LENS) is None
    expect(get_strip(page)).to_be_hidden()


def test_what_the_reader_chooses_may_be_unknown_to_the_peer(view: ViewsPage) -> None:
    """The strip says so, whichever view shows it."""
    view.do("() => { store.lookAs('bob'); store.select('peer:eve'); }")
    expect(get_strip(view.page)).to_contain_text("this peer is unknown to bob")

    view.do("() => store.select('peer:ann')")
    expect(get_strip(view.page)).not_to_contain_text("unknown to bob")


def test_a_peer_that_is_off_knows_nothing(view: ViewsPage) -> None:
    """And those who had a line with it do not see that: silence is no message."""
    view.do("() => { store.lookAs('fay'); store.goto(store.trace.lastEvent); }")
    expect(get_strip(view.page)).to_contain_text("fay is off: it knows nothing")
    expect(get_option(view.page, "dan")).to_have_attribute("aria-label", "dan, unknown to fay")

    view.do("() => store.lookAs('dan')")
    expect(get_option(view.page, "fay")).to_have_attribute(
        "aria-label", "fay, connected to dan, has told dan of B4b"
    )


@pytest.mark.parametrize("paper", PAPERS)
def test_axe_finds_no_fault_under_a_lens(view: ViewsPage, paper: str) -> None:
    """Names, contrast of what stays, roles, in each of the views."""
    lay_on(view.page, paper)
    view.show_again(event=0, name="workbench", views=VIEWS)
    view.page.evaluate(AT, PARTED)
    view.do("() => { store.lookAs('bob'); store.select('peer:eve'); }")
    faults = []

    for tab in ("Block tree", "Space-time", "Mempool", "Events", "Propagation"):
        view.page.get_by_role("tab", name=tab).click()
        view.wait_for_pictures()
        faults += [f"{tab}: {fault}" for fault in find_faults(view.page)]

    lay_on(view.page, "light")
    assert [] == faults


@pytest.mark.parametrize("width", [934, 310])
def test_the_strip_fits(browser: Browser, lab: Lab, width: int) -> None:
    """Nothing of it is cut off, and nothing stands beside the widget."""
    view = ViewsPage(browser, width=width)
    view.show_lab(lab, event=100, lens="bob")

    strip = get_strip(view.page)
    expect(strip.get_by_role("button", name="See all")).to_be_in_viewport()
    assert view.do(FITS)
    assert [] == view.complaints


def test_the_player_has_the_lens_too_and_opens_with_it(browser: Browser, tmp_path: Path) -> None:
    """A file on a disk, without Python and without a network: right click, strip, Escape."""
    Lab("fork_and_heal").export(tmp_path / "bob.html", "tree", lens="bob")
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((tmp_path / "bob.html").as_uri())
    page.wait_for_selector("#waiting", state="hidden")
    page.wait_for_selector(".bl-network canvas")

    expect(get_strip(page).get_by_role("status")).to_have_text("Seen by bob")
    option = get_option(page, "ann")
    option.focus()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="See the run as ann").click()
    expect(get_strip(page).get_by_role("status")).to_have_text("Seen by ann")
    page.keyboard.press("Escape")
    expect(get_strip(page)).to_be_hidden()
    context.close()
    assert [] == complaints
