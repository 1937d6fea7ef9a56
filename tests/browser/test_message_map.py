"""The map of messages counts what was said, lights what is said, and leads to the messages themselves."""

from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from support.views_page import ViewsPage

from blockchain_lab.base.records import Kind
from blockchain_lab.bitcoin.messages import COMMANDS
from blockchain_lab.lab import Lab

SAID = (Kind.SEND, Kind.DELIVER)
COUNTS = """all => Object.fromEntries(all.map(each =>
  [each.querySelector('.bl-command').textContent, each.querySelector('.bl-count').textContent]))"""
LIT = "all => all.map(each => each.querySelector('.bl-command').textContent)"


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Twelve peers on six continents, with blocks and payments."""
    lab = Lab("continents")
    lab.run(until=lab.scenario.until)
    return lab


@pytest.fixture(scope="module")
def page_of_lab(browser: Browser, lab: Lab) -> ViewsPage:
    """One page for all tests of the story: most of a test's time is loading it."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=1, name="message map")
    return view


@pytest.fixture
def view(page_of_lab: ViewsPage) -> Iterator[ViewsPage]:
    """That page; nothing may go wrong on it."""
    yield page_of_lab
    assert [] == page_of_lab.complaints


def show(view: ViewsPage, event: int) -> None:
    """The view alone, as it opens."""
    view.show_again(event=event, name="message map", height=480)


def count(lab: Lab, event: int, kinds: tuple[Kind, ...], host: int | None = None) -> Counter[str]:
    """How many messages of each command there were up to an event."""
    return Counter(
        record.detail.wire_name
        for record in lab.trace
        if record.event <= event and record.kind in kinds and host in (None, record.peer)
        if record.detail is not None
    )


def find_answer(lab: Lab, asked: str, answered: str) -> int:
    """The first event in which a message is answered at once by another one."""
    for record in lab.trace:
        if record.kind is not Kind.SEND or record.detail.wire_name != answered or record.cause < 0:
            continue
        cause = lab.trace[record.cause]
        if cause.kind is Kind.DELIVER and cause.detail.wire_name == asked:
            return record.event
    raise AssertionError(f"no {asked} was answered by {answered}")


def test_words_are_bitcoins_commands_with_their_counts(view: ViewsPage, lab: Lab) -> None:
    """Every command once; all that was sent so far, or what a selected peer did; of history, who knew it."""
    show(view, 1)
    words = view.page.locator(".bl-map-stage .bl-word")

    for event in (100, 300, lab.head):
        view.do(f"() => store.goto({event})")
        shown = words.evaluate_all(COUNTS)
        assert {*COMMANDS} == {*shown}
        sent = count(lab, event, (Kind.SEND,))
        assert sent == {name: int(text) for name, text in shown.items() if text.isdigit()}
    view.do("() => store.select('peer:ben')")
    both = count(lab, lab.head, (Kind.SEND, Kind.DELIVER), lab.names.index("ben"))
    assert both == {name: int(text) for name, text in words.evaluate_all(COUNTS).items() if text.isdigit()}
    assert "ben" == view.page.get_by_label("Messages of").input_value()

    releases = {name: each.versions for name, each in COMMANDS.items() if each.versions.last}
    history = view.page.locator(".bl-map-stage .bl-history").evaluate_all(COUNTS)
    assert {name: f"{known.first} – {known.last}" for name, known in releases.items()} == history


def test_what_is_said_at_the_cursor_is_lit_with_the_way_it_took(view: ViewsPage, lab: Lab) -> None:
    """A getdata comes in and a block goes out: both are lit and the arrow between them, nothing else.

    What another view selects or points at is lit here too.
    """
    event = find_answer(lab, "getdata", "block")
    show(view, event)
    page = view.page

    said = [record.detail.wire_name for record in lab.trace if record.event == event and record.kind in SAID]
    assert {*said} == {*page.locator(".bl-map-stage .bl-word.bl-lit").evaluate_all(LIT)}
    assert 1 == page.locator(".bl-answer.bl-lit").count()
    assert "Now: getdata leads to block" == page.locator(".bl-message-map .bl-summary").inner_text()
    words = page.locator(".bl-message-map > .bl-hidden")
    assert "Now: getdata leads to block." in words.inner_text()

    row = next(row for row, each in enumerate(lab.trace) if each.kind is Kind.DELIVER and row > 200)
    name = lab.trace[row].detail.wire_name
    chosen = page.locator(".bl-word.bl-selected .bl-command")
    view.do(f"() => store.select('record:0:{row}')")  # by another view
    assert [name] == chosen.all_text_contents()
    view.do(f"() => {{ store.select(null); store.point('record:0:{row}'); }}")
    assert [] == chosen.all_text_contents()
    assert [name] == page.locator(".bl-word.bl-hover .bl-command").all_text_contents()
    view.do("() => store.goto(0)")
    assert 0 == page.locator(".bl-map-stage :is(.bl-lit, .bl-faded)").count()
    assert words.inner_text().startswith(f"0 messages sent so far, with 0 of {len(COMMANDS)} commands.")


def test_a_command_leads_to_its_messages(view: ViewsPage, lab: Lab) -> None:
    """A press selects its last message, buttons go to those before and after, another press lets go."""
    arrivals = [
        (row, record.event)
        for row, record in enumerate(lab.trace)
        if record.kind is Kind.DELIVER and record.detail.wire_name == "getdata"
    ]
    row, event = arrivals[9]
    show(view, event)
    page = view.page
    word = page.locator(".bl-map-stage .bl-word", has_text="getdata")

    word.click()
    assert f"record:0:{row}" == page.evaluate("() => store.selection")
    view.wait_for_pictures()
    assert "true" == word.get_attribute("aria-pressed")
    assert "Leads to block, tx" in page.locator(".bl-map-text").inner_text()
    page.get_by_role("button", name="The one before").click()
    assert [f"record:0:{arrivals[8][0]}", arrivals[8][1]] == page.evaluate(
        "() => [store.selection, store.cursor]"
    )
    view.wait_for_pictures()
    page.get_by_role("button", name="The next one").click()
    assert [f"record:0:{row}", event] == page.evaluate("() => [store.selection, store.cursor]")
    view.wait_for_pictures()
    word.click()
    assert page.evaluate("() => store.selection") is None
    view.wait_for_pictures()
    assert 0 == page.locator(".bl-word.bl-selected").count()


def test_words_are_walked_by_keyboard(view: ViewsPage, lab: Lab) -> None:
    """One tab stop; Down and Enter choose, also what was never said; Left is the time's."""
    show(view, 463)
    page = view.page
    assert 1 == page.locator(".bl-word[tabindex='0']").count()
    page.locator(".bl-word[tabindex='0']").focus()
    for _ in COMMANDS:
        page.keyboard.press("ArrowDown")
        if page.evaluate("() => document.activeElement.textContent").startswith("reject"):
            break
    page.keyboard.press("Enter")
    view.wait_for_pictures()

    assert "reject" in page.locator(".bl-word:focus").get_attribute("aria-label")
    assert "true" == page.locator(".bl-word:focus").get_attribute("aria-pressed")
    assert page.evaluate("() => store.selection") is None
    assert "History: Bitcoin 0.9 to 0.19" in page.locator(".bl-map-text").inner_text()
    assert "Not used so far." in page.locator(".bl-map-text").inner_text()
    page.keyboard.press("ArrowLeft")
    assert 462 == page.evaluate("() => store.cursor")


def test_the_map_is_a_table_too(view: ViewsPage, lab: Lab) -> None:
    """A row for each command, with its answers and who knew it."""
    show(view, lab.head)
    page = view.page
    page.get_by_role("button", name="Table: Commands").click()
    view.wait_for_pictures()
    rows = page.locator(".bl-table tbody tr")

    assert [*COMMANDS] == rows.locator("th").all_inner_texts()
    getdata = rows.nth([*COMMANDS].index("getdata")).locator("td").all_inner_texts()
    assert ["block, tx, cmpctblock, merkleblock, notfound", "inv, headers"] == getdata[3:5]


def test_another_language_is_drawn_as_it_is_spoken(browser: Browser) -> None:
    """Of a toy network that nobody described the words are those that occur."""
    view = ViewsPage(browser)
    view.show_story("joinLate", event=90, name="message map")

    shown = view.page.locator(".bl-map-stage .bl-word").evaluate_all(COUNTS)
    assert {"version", "verack", "getheaders", "headers", "getdata", "block"} == {*shown}
    assert 0 == view.page.locator(".bl-map-stage .bl-answer").count()
    assert [] == view.complaints
