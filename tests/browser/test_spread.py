"""The propagation tree is read by pointer, by keyboard and as a table, and follows the selection."""

import pytest
from playwright.sync_api import Browser
from support.live_page import LivePage
from support.views_page import ViewsPage

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.lab import Lab


@pytest.fixture(scope="module")
def world() -> Lab:
    """Twelve peers on six continents, with blocks and payments."""
    lab = Lab("continents")
    lab.run(until=lab.scenario.until)
    return lab


def find_accepted(lab: Lab, topic: str = "block accepted", key: str = "hash") -> dict[str, list[Record]]:
    """Block or transaction -> the notes by which peers accepted it."""
    found: dict[str, list[Record]] = {}
    for record in lab.trace:
        if record.kind is Kind.NOTE and record.detail[0] == topic:
            found.setdefault(record.detail[1][key], []).append(record)
    return found


def show_spread(browser: Browser, lab: Lab, select: str, *, event: int | None = None) -> ViewsPage:
    """The view alone, with something selected."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=lab.head if event is None else event, name="spread", height=460)
    view.do(f"() => store.select({select!r})")
    return view


def test_every_peer_stands_under_whom_it_got_the_block_from(browser: Browser, world: Lab) -> None:
    """A mark for every peer that has it, later ones further right; in words from whom and when."""
    name, notes = next((name, notes) for name, notes in find_accepted(world).items() if len(notes) == 12)
    view = show_spread(browser, world, f"block:{name}")
    marks = view.page.locator(".bl-receipt")
    assert len(notes) == marks.count() == view.page.locator(".bl-receipt .bl-full").count()

    places = marks.evaluate_all(
        "all => all.map(e => [Number(e.dataset.host), e.querySelector('.bl-full').cx.baseVal.value])"
    )
    at = {note.peer: note.at for note in notes}
    assert sorted(at, key=at.get) == [host for host, _ in sorted(places, key=lambda place: place[1])]
    maker = world.names[notes[0].peer]
    assert marks.first.get_attribute("aria-label").startswith(f"{maker} made it")
    words = view.page.locator(".bl-detail").inner_text()
    assert f"all 12 after {(notes[-1].at - notes[0].at) / 1e6:.3f} s" in words
    assert [] == view.complaints


def test_a_transaction_spreads_as_well(browser: Browser, world: Lab) -> None:
    """A payment's own tree, chosen in the list or by a selection."""
    name, notes = max(
        find_accepted(world, "transaction accepted", "txid").items(), key=lambda each: len(each[1])
    )
    view = show_spread(browser, world, f"tx:{name}")

    assert f"tx:{name}" == view.page.get_by_label("What spreads").input_value()
    assert len({note.peer for note in notes}) == view.page.locator(".bl-receipt .bl-full").count()
    assert [] == view.complaints


def test_marks_are_chosen_by_keyboard_and_by_pointer(browser: Browser, world: Lab) -> None:
    """Down and Enter select the record by which a peer got it; the subject stays; Left is the time's."""
    name = next(name for name, notes in find_accepted(world).items() if len(notes) == 12)
    view = show_spread(browser, world, f"block:{name}")
    page = view.page
    page.locator(".bl-receipt[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    view.wait_for_pictures()
    second = page.locator(".bl-receipt").nth(1)
    assert second.get_attribute("data-name") == view.do("() => store.selection")
    assert "true" == second.get_attribute("aria-pressed")
    assert f"block:{name}" == page.get_by_label("What spreads").input_value()

    page.keyboard.press("ArrowLeft")
    assert world.head - 1 == view.do("() => store.cursor")
    third = page.locator(".bl-receipt").nth(2)
    third.hover()
    assert third.get_attribute("data-name") == view.do("() => store.hover")
    third.click()
    assert third.get_attribute("data-name") == view.do("() => store.selection")
    assert [] == view.complaints


def test_what_is_later_than_the_cursor_is_faint_and_nothing_moves(browser: Browser, world: Lab) -> None:
    """Only classes change with time: the same elements stand where they stood."""
    notes = next(notes for notes in find_accepted(world).values() if len(notes) == 12)
    view = show_spread(browser, world, f"block:{notes[0].detail[1]['hash']}")
    view.do("() => { window.first = document.querySelector('.bl-spread-stage svg'); }")
    for note in (notes[0], notes[5], notes[11]):
        view.do(f"() => store.goto({note.event})")
        expected = sum(each.event > note.event for each in notes)
        assert expected == view.page.locator(".bl-receipt.bl-later").count()

    assert view.do("() => first === document.querySelector('.bl-spread-stage svg')")
    assert [] == view.complaints


def test_the_tree_is_a_table_too(browser: Browser, world: Lab) -> None:
    """One row for every peer, who got it first first; choosing a row selects its record."""
    name, notes = next((name, notes) for name, notes in find_accepted(world).items() if len(notes) == 12)
    view = show_spread(browser, world, f"block:{name}")
    page = view.page
    page.get_by_role("button", name="Table: Who got it when").click()
    view.wait_for_pictures()
    rows = page.locator(".bl-table tbody tr")
    expected = [world.names[note.peer] for note in notes]
    assert expected == rows.locator("th").all_inner_texts()

    rows.nth(3).locator("button").click()
    assert view.do("() => store.selection").startswith("record:0:")
    page.get_by_role("button", name="Table: Who got it when").click()
    view.wait_for_pictures()
    assert 12 == page.locator(".bl-receipt").count()
    assert [] == view.complaints


def test_a_block_mined_from_the_page_is_the_latest_that_spreads(browser: Browser) -> None:
    """Act, and the tree of the new block is there, made by whom we told to, with Python's peers."""
    lab = Lab("fork_and_heal")
    live = LivePage(browser)
    live.show_live(lab, event=150, name="spread", height=400)
    live.act({"do": "Mine", "peer": "cat", "count": 1})
    live.do("() => store.goto(store.cursor)")
    notes = next(notes for notes in find_accepted(lab).values() if notes[0].event == 151)

    assert live.page.locator(".bl-receipt").first.get_attribute("aria-label").startswith("cat made it")
    assert len({note.peer for note in notes}) == live.page.locator(".bl-receipt .bl-full").count()
    assert [] == live.complaints
