"""Pools are read by pointer, by keyboard and as a table; what they show is what the nodes hold."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser
from support.audit import PAPERS, find_faults, lay_on
from support.pool_story import make_pool_lab
from support.views_page import ViewsPage

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND, Microseconds, display_hash
from blockchain_lab.bitcoin.mempool import Waiting
from blockchain_lab.lab import Lab

BUSY = 34 * SECOND - 1  # then a dozen wait everywhere, some take coins that others wanted; a block comes
WAITING = "all => all.reduce((sum, each) => sum + Number(each.dataset.count), 0)"


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Six peers, many fees, a coin taken twice, two branches, a revival."""
    lab = make_pool_lab()
    lab.run(until=lab.scenario.until)
    return lab


@pytest.fixture(scope="module")
def page_of_lab(browser: Browser, lab: Lab) -> ViewsPage:
    """One page for all tests of the story: most of a test's time is loading it."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=lab.head, name="mempool")
    return view


@pytest.fixture
def view(page_of_lab: ViewsPage) -> Iterator[ViewsPage]:
    """That page; nothing may go wrong on it."""
    yield page_of_lab
    assert [] == page_of_lab.complaints


def show(view: ViewsPage, at: Microseconds = BUSY, **options: Any) -> None:
    """The view alone, as it opens, at a time."""
    view.show_again(event=0, name="mempool", height=460, **options)
    view.do(f"() => store.gotoTime({at})")


def find_pool(lab: Lab, name: str, at: Microseconds = BUSY) -> list[Waiting]:
    """Who waits in a node at a time, best payers first; of equals who came first."""
    lab.goto(event=max(record.event for record in lab.trace if record.at <= at))
    return sorted(lab.peer(name).pool, key=lambda entry: -entry.fee / entry.size)


def get_name(entry: Waiting) -> str:
    """As it is selected."""
    return f"tx:{display_hash(entry.tx.txid())}"


def find_left(lab: Lab, reason: str) -> Record:
    """The first note by which transactions left a pool for a reason."""
    notes = [record for record in lab.trace if record.kind is Kind.NOTE]
    return next(note for note in notes if note.detail[1].get("reason") == reason)


def test_four_pools_side_by_side_are_those_of_the_nodes(view: ViewsPage, lab: Lab) -> None:
    """Each transaction stands in one row of its pool, best payers first; the head counts them."""
    names = ["ann", "bob", "dan", "fay"]
    show(view, seen_by=names)

    for at in (20 * SECOND, BUSY, 34 * SECOND + 800_000, 100 * SECOND):
        view.do(f"() => store.gotoTime({at})")
        for place, name in enumerate(names):
            waiting = find_pool(lab, name, at)
            column = view.page.locator(".bl-pool").nth(place)
            assert len(waiting) == column.locator(".bl-waiting").evaluate_all(WAITING), f"{name}, {at}"
            words = view.page.locator(".bl-pool-words").nth(place).inner_text()
            assert words.startswith(str(len(waiting)) if waiting else "empty")
            first = column.locator(".bl-waiting").evaluate_all("all => all[0]?.dataset.name ?? null")
            assert first == (get_name(waiting[0]) if waiting else None)


def test_up_and_down_walk_the_stack_and_select(view: ViewsPage, lab: Lab) -> None:
    """From the best payer down, one at a time, bundles too; Left is the time's, Enter lets go."""
    names = [get_name(entry) for entry in find_pool(lab, "dan")]
    show(view, seen_by="dan")
    page = view.page
    view.do("() => { window.first = document.querySelector('.bl-pool svg'); }")
    page.locator(".bl-waiting[tabindex='0']").focus()

    walked = []
    for _ in names[1:]:
        page.keyboard.press("ArrowDown")
        view.wait_for_pictures()
        walked.append(page.evaluate("() => store.selection"))
        assert 1 == page.locator(".bl-waiting.bl-selected").count()
    assert names[1:] == walked
    assert page.evaluate("() => first === document.querySelector('.bl-pool svg')")  # nothing was drawn anew
    page.keyboard.press("ArrowUp")
    assert names[-2] == page.evaluate("() => store.selection")
    page.keyboard.press("Enter")
    assert page.evaluate("() => store.selection") is None
    cursor = page.evaluate("() => store.cursor")
    page.keyboard.press("ArrowLeft")
    assert cursor - 1 == page.evaluate("() => store.cursor")
    assert 1 == page.locator(".bl-waiting[tabindex='0'], .bl-left[tabindex='0']").count()


def test_two_that_take_one_coin_are_told(view: ViewsPage, lab: Lab) -> None:
    """The one that lost has left; the one that took its coin is marked in every pool that has it."""
    left = find_left(lab, "replaced")
    loser = left.detail[1]["txids"][0]
    show(view, left.at, seen_by=["ann", "bob", "cat", "dan"])
    view.do(f"() => store.select('tx:{loser}')")
    page = view.page
    lab.goto(event=left.event)
    holding = [name for name in lab.names if bytes.fromhex(loser)[::-1] in lab.peer(name).pool]

    words = page.locator(".bl-mempool .bl-detail").inner_text()
    assert words.startswith(f"tx {loser[:4]} 2,000 satoshi for 71 vB")
    assert f"({len(holding)} of 6)" in words
    assert "Takes the same coin as tx" in words
    assert f"Replaced at {left.at / 1e6:.3f} s: {lab.names[left.peer]}" in words
    assert page.locator(".bl-same-coin .bl-rival").count() >= 2
    line = page.locator(f".bl-left[data-name='tx:{loser}']")
    assert f"tx {loser[:4]} replaced" in line.inner_text()
    assert "true" == line.get_attribute("aria-pressed")


def test_why_they_left_and_what_an_empty_pool_says(view: ViewsPage, lab: Lab) -> None:
    """A block confirms all; a killed peer's pool is gone; before anybody pays nothing has come."""
    mined = find_left(lab, "confirmed")
    name = lab.names[mined.peer]
    show(view, mined.at, seen_by=name)
    page = view.page
    pool = page.locator(".bl-pool")

    assert (
        f"{len(mined.detail[1]['txids'])} tx confirmed in B141" in page.locator(".bl-left").first.inner_text()
    )
    assert "Nothing waits here now." in pool.inner_text()
    page.locator(".bl-left").first.click()
    assert page.evaluate("() => store.selection").startswith("record:0:")
    view.do("() => store.gotoTime(9e6)")
    assert "No transaction has come yet." in pool.inner_text()
    killed = next(record for record in lab.trace if record.kind is Kind.KILL)
    view.do(f"() => {{ store.select('peer:bob'); store.goto({killed.event}); }}")
    assert "bob is off" in pool.inner_text()
    assert "bob is off." in page.locator(".bl-mempool > .bl-hidden").inner_text()


def test_whose_pools_are_shown_is_chosen_in_many_ways(view: ViewsPage, lab: Lab) -> None:
    """By the list over a pool, by one more and one fewer, by a selected peer or group; a tab remembers it."""
    show(view)
    page = view.page
    shown = "all => all.map(each => each.selectedOptions[0].text)"
    choices = page.locator(".bl-pool-head select")

    page.get_by_label("Peer of pool 1").select_option("eve")
    page.get_by_role("button", name="+ pool").click()
    view.wait_for_pictures()
    assert ["eve", "ann"] == choices.evaluate_all(shown)
    view.do("() => store.select('peer:cat')")
    assert ["cat", "ann"] == choices.evaluate_all(shown)
    page.get_by_role("button", name="Close pool 2").click()
    view.wait_for_pictures()
    assert ["cat"] == choices.evaluate_all(shown)
    view.do("() => store.select('group:1,3,4,5,0')")
    assert ["bob", "dan", "eve", "fay"] == choices.evaluate_all(shown)
    assert page.get_by_role("button", name="+ pool").is_disabled()


def test_five_thousand_are_bundles_that_can_be_looked_into(browser: Browser) -> None:
    """Few marks; a press looks into a bundle until single ones stand there; a button shows all again."""
    view = ViewsPage(browser)
    view.show_story("pools", {}, event=18_527, name="mempool", height=460, seen_by=["ann", "bob"])
    page = view.page
    column = page.locator(".bl-pool").first
    marks = column.locator(".bl-waiting")

    assert 5_000 == marks.evaluate_all(WAITING)
    assert marks.count() <= 30
    assert 0 == column.locator(".bl-break").count()  # more than a block: its line is where it should be
    marks.nth(3).focus()
    walked = set()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
        walked.add(page.evaluate("() => store.selection"))
    view.wait_for_pictures()
    assert 3 == len(walked)
    assert "true" == marks.nth(4).get_attribute("aria-pressed")  # three within the fifth row
    for _ in range(4):
        bundles = column.locator(".bl-waiting:not([data-count='1'])")
        if bundles.count():
            bundles.first.click(position={"x": 20, "y": 3})
            view.wait_for_pictures()
    assert 0 == column.locator(".bl-waiting:not([data-count='1'])").count()
    assert "of 5,000" in page.get_by_role("button", name="Show all that wait again").inner_text()
    page.get_by_role("button", name="Show all that wait again").click()
    view.wait_for_pictures()
    assert 5_000 == marks.evaluate_all(WAITING)
    view.do("() => store.goto(store.trace.lastEvent)")
    assert 3_000 == marks.evaluate_all(WAITING)
    assert [] == view.complaints


def test_the_pools_are_a_table_too(view: ViewsPage, lab: Lab) -> None:
    """A row for each that waits at one of the peers; choosing it selects the transaction."""
    show(view, seen_by=["ann", "dan"])
    page = view.page
    expected = {get_name(entry) for name in ("ann", "dan") for entry in find_pool(lab, name)}
    page.get_by_role("button", name="Table: Waiting transactions").click()
    view.wait_for_pictures()
    rows = page.locator(".bl-table tbody tr")

    assert expected == {row.get_attribute("data-name") for row in rows.all()}
    rows.nth(2).locator("button").click()
    view.wait_for_pictures()
    assert rows.nth(2).get_attribute("data-name") == page.evaluate("() => store.selection")


@pytest.mark.parametrize("paper", PAPERS)
def test_axe_finds_no_fault_in_full_pools(view: ViewsPage, lab: Lab, paper: str) -> None:
    """Names, roles and contrast, with rows, rivals, lines of those who left, and a selection."""
    lay_on(view.page, paper)
    show(view, seen_by=["ann", "dan", "cat"])
    view.do(f"() => store.select('tx:{find_left(lab, 'replaced').detail[1]['txids'][0]}')")

    assert [] == find_faults(view.page)
    words = view.page.locator(".bl-mempool > .bl-hidden").inner_text()
    waiting = find_pool(lab, "ann")
    assert words.startswith(f"{len(waiting)} transactions at ann, 0.1 % of a block, from 98.9 down to 1.27")
    assert "take a coin that another one takes." in words
