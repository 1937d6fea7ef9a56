"""The view "Act" without a pointer, and with more peers than a list can bear."""

import pytest
from playwright.sync_api import Browser, expect
from support.acting_page import ActingPage
from support.views_page import ViewsPage

from blockchain_lab.base.actions import Mine
from blockchain_lab.sim.actions import DropMessage, Heal, Partition

EARLY = 150  # in fork_and_heal: B1 spreads, messages are in flight, nothing is parted yet
PARTED = 250  # the story's own partition stands, so that there is a button more
CROWD = 1_000
FOCUSED = "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
QUICK_KEYS = """() => {
  const list = document.querySelector("[role=listbox][aria-label='Act on']");
  const press = key => list.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  ["Home", "ArrowDown"].forEach(press);
}"""
WHOSE_BUTTONS = "() => document.activeElement.closest('[role=toolbar]').getAttribute('aria-label')"
NO_FRAME = "() => { window.requestAnimationFrame = () => 1; }"
IN_THE_VIEW = "() => document.activeElement.closest('.bl-acting') !== null"
MOST_STOPS = 12  # a list, a row of buttons, two knobs of two, two sides, two buttons, the messages


@pytest.fixture
def crowd(browser: Browser) -> ViewsPage:
    """A thousand peers, and hundreds of messages in flight; nobody can act."""
    view = ViewsPage(browser)
    view.show_story("crowd", {"peers": CROWD, "blocks": 3}, event=20_000, name="controls")
    return view


def test_the_view_has_few_tab_stops_while_python_listens(browser: Browser) -> None:
    """Knobs can be turned and everything is offered: still each group of buttons is one stop."""
    live = ActingPage(browser, EARLY)
    live.choose_peer("ann")
    page = live.page
    page.get_by_role("listbox").focus()
    stops = []

    while len(stops) <= MOST_STOPS and page.evaluate(IN_THE_VIEW):
        stops.append(page.evaluate(FOCUSED))
        page.keyboard.press("Tab")

    assert "Mine a block" == stops[1]
    assert ["jitter", "jitter, µs"] == stops[2:4]
    assert len(stops) <= MOST_STOPS, stops


def test_buttons_are_walked_up_and_down_and_pressed(browser: Browser) -> None:
    """From the peer to her buttons with Tab; Right is still the time's; a press keeps the focus there."""
    live = ActingPage(browser, EARLY)
    live.choose_peer("ann")
    keys = live.page.keyboard
    live.page.get_by_role("listbox").focus()

    keys.press("Tab")
    keys.press("ArrowDown")
    assert "Mine 3 blocks" == live.do(FOCUSED)
    keys.press("ArrowRight")
    assert EARLY + 1 == live.do("() => store.cursor")
    assert "Mine 3 blocks" == live.do(FOCUSED)
    keys.press("Enter")
    live.settle()

    assert Mine("ann", 3) == live.done[-1]
    assert "Mine 3 blocks" == live.do(FOCUSED)
    assert [] == live.complaints


def test_keys_that_are_quicker_than_a_frame_still_count_from_what_is_selected(browser: Browser) -> None:
    """A link stood in the list: Home takes it out, and Down from there is the first peer, not its row."""
    live = ActingPage(browser, EARLY)
    live.do("() => store.select('link:0-1')")
    live.settle()

    live.do(QUICK_KEYS)

    assert "peer:ann" == live.do("() => store.selection")
    assert [] == live.complaints


def test_tab_that_is_quicker_than_a_frame_leads_to_the_buttons_of_whom_was_chosen(browser: Browser) -> None:
    """No frame is drawn between the keys: Enter would else act on the one that was chosen before."""
    live = ActingPage(browser, EARLY)
    live.choose_peer("ann")
    page = live.page
    page.get_by_role("listbox").focus()
    page.evaluate(NO_FRAME)

    for key in ("ArrowDown", "Tab"):
        page.keyboard.press(key)

    assert "peer:bob" == page.evaluate("() => store.selection")
    assert "bob" == page.evaluate(WHOSE_BUTTONS)
    assert "Mine a block" == page.evaluate(FOCUSED)


def test_the_focus_stays_on_what_cannot_be_done_for_a_moment(browser: Browser) -> None:
    """At the start nobody has a link to be changed, and its button says so: it has the focus nevertheless."""
    live = ActingPage(browser, PARTED)
    live.choose_peer("ann")
    live.page.get_by_role("button", name="Change its link to …").focus()

    live.do("() => store.goto(0)")
    assert "Change its link to …there is nobody to choose" == live.do(FOCUSED)

    live.do(f"() => store.goto({PARTED})")
    assert "Change its link to …" == live.do(FOCUSED)
    assert [] == live.complaints


def test_the_page_does_not_jump_back_to_a_button_that_is_drawn_anew(browser: Browser) -> None:
    """Part was pressed, the reader has scrolled up to the bar: when Python moves the lab, he stays there."""
    live = ActingPage(browser, EARLY)
    live.page.set_viewport_size({"width": 934, "height": 300})
    button = live.page.locator(".bl-act-parting").get_by_role("button").first
    button.focus()
    live.do("() => scrollTo(0, 0)")
    expect(button).not_to_be_in_viewport()

    live.do(f"() => store.goto({PARTED})")
    expect(button).to_be_focused()
    expect(button).to_contain_text("parted already")

    assert 0 == live.do("() => scrollY")
    assert [] == live.complaints


def test_the_network_is_parted_with_keys_only(browser: Browser) -> None:
    """Each side is one stop: Down moves among its names, Space checks; Part keeps the focus, Heal is next."""
    live = ActingPage(browser, EARLY)
    keys = live.page.keyboard
    live.page.get_by_role("group", name="One side").get_by_label("ann").focus()

    for key in ("Space", "ArrowDown", "Space", "Tab", "ArrowDown", "ArrowDown", "Space", "Tab", "Enter"):
        keys.press(key)
    live.settle()
    assert Partition(("ann", "bob"), ("cat",)) == live.done[-1]
    assert "Partparted already" == live.do(FOCUSED)

    keys.press("ArrowDown")
    keys.press("Enter")
    live.settle()
    assert Heal() == live.done[-1]
    assert [] == live.complaints


def test_a_message_in_flight_is_dropped_with_keys(browser: Browser) -> None:
    """The messages are one stop; Enter on one opens its menu, which begins with "Drop it"."""
    live = ActingPage(browser, EARLY)
    keys = live.page.keyboard
    rows = live.page.locator(".bl-flight-name")
    assert rows.count() > 1
    second = rows.nth(1).text_content()

    rows.first.focus()
    keys.press("ArrowDown")
    assert second == live.do(FOCUSED)
    keys.press("Enter")
    assert "Drop it" == live.do(FOCUSED)
    keys.press("Enter")
    live.settle()

    assert isinstance(live.done[-1], DropMessage)
    assert second not in rows.all_text_contents()
    assert live.do(IN_THE_VIEW)
    assert [] == live.complaints


def test_the_focus_stays_in_the_widget_when_no_message_is_left(browser: Browser) -> None:
    """The only one in flight is dropped: its button goes, and Left still moves the time."""
    live = ActingPage(browser)
    live.do("""() => store.goto([...Array(store.trace.lastEvent).keys()].find(
      event => store.trace.flying(store.trace.timeOf(event)).length === 1))""")
    live.settle()
    row = live.page.locator(".bl-flight")
    assert 1 == row.count()

    row.get_by_role("button", name="Drop it").press("Enter")
    live.settle()
    assert isinstance(live.done[-1], DropMessage)
    assert 0 == row.count()
    cursor = live.do("() => store.cursor")
    live.page.keyboard.press("ArrowLeft")
    assert cursor - 1 == live.do("() => store.cursor")
    assert [] == live.complaints


def test_one_of_a_thousand_is_found_by_name(crowd: ViewsPage) -> None:
    """What begins with the word comes first, Enter takes it; what is chosen stays listed, found or not."""
    page = crowd.page
    field, names = (
        page.get_by_label("Find a peer to act on"),
        page.get_by_role("listbox").get_by_role("option"),
    )

    field.fill("99")
    crowd.wait_for_pictures()
    assert "19 found" == page.locator(".bl-act-whom small[role=status]").inner_text()
    field.fill("p99")
    field.press("Enter")
    crowd.wait_for_pictures()
    assert "peer:p99" == page.evaluate("() => store.selection")
    assert "p99" == page.locator(".bl-act-targets [aria-selected=true] span").inner_text()

    field.fill("nobody")
    crowd.wait_for_pictures()
    assert ["The network", "p99"] == names.locator("span").all_inner_texts()
    assert [] == crowd.complaints


def test_the_last_of_a_thousand_is_reached_by_keys(crowd: ViewsPage) -> None:
    """Only what is in sight has elements, and each tells its place among all."""
    page = crowd.page
    peers = page.get_by_role("listbox")
    chosen = peers.get_by_role("option", selected=True)

    peers.press("End")
    crowd.wait_for_pictures()
    assert f"peer:p{CROWD - 1}" == page.evaluate("() => store.selection")
    assert [str(CROWD + 1)] * 2 == [chosen.get_attribute(f"aria-{name}") for name in ("posinset", "setsize")]
    assert chosen.get_attribute("id") == peers.get_attribute("aria-activedescendant")
    assert peers.get_by_role("option").count() < 50

    peers.press("PageUp")
    crowd.wait_for_pictures()
    assert f"peer:p{CROWD - 8}" == page.evaluate("() => store.selection")
    assert [] == crowd.complaints


def test_names_to_part_are_found_and_stay_checked(crowd: ViewsPage) -> None:
    """A check outlives the box: back among all names it comes first, and the sentence names it throughout."""
    page = crowd.page
    parting = page.locator(".bl-act-parting")
    field, side = page.get_by_label("Find peers to part"), page.get_by_role("group", name="One side")
    assert "24 of 1,000 shown" == parting.locator("[role=status]").inner_text()

    field.fill("p500")
    crowd.wait_for_pictures()
    side.get_by_label("p500").check()
    field.fill("")
    crowd.wait_for_pictures()

    assert "p500" == side.locator("label").first.inner_text()
    assert side.get_by_label("p500").is_checked()
    assert 24 == side.get_by_role("checkbox").count()
    assert "To be parted: p500 from everybody else." in parting.inner_text()
    assert [] == crowd.complaints


def test_messages_that_are_not_listed_are_counted_and_shown_elsewhere(crowd: ViewsPage) -> None:
    """The next eight to arrive are listed; the line below tells of the others and opens the list of all."""
    page = crowd.page
    rows, more = page.locator(".bl-flight"), page.locator(".bl-act-more")

    assert 8 == rows.count()
    assert more.inner_text().endswith(" more, which arrive later: see Events")
    more.press("Enter")
    crowd.wait_for_pictures()
    assert page.locator(".bl-events").is_visible()
    assert [] == crowd.complaints
