"""Address books are read by pointer, by keyboard and as a table; what they show is what the nodes hold."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator
from support.address_story import FELLOWS, make_address_lab
from support.audit import PAPERS, find_faults, lay_on
from support.views_page import ViewsPage

from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.lab import Lab

FLOODED = 70 * SECOND  # the attacker has told of most of what stands in ann's book
LISTENING = 30 * SECOND  # some of it has come
CELLS = "all => all.map(each => [each.getAttribute('aria-label'), Number(each.dataset.count)])"
BUCKETS = """all => all.map(each =>
  [Number(each.dataset.bucket), each.querySelectorAll('.bl-cell').length])"""


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Twenty honest nodes, an attacker's five, a revival, a host that moves."""
    lab = make_address_lab()
    lab.run(until=lab.scenario.until)
    return lab


@pytest.fixture(scope="module")
def page_of_lab(browser: Browser, lab: Lab) -> ViewsPage:
    """One page for all tests of the story: most of a test's time is loading it."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=lab.head, name="address book")
    return view


@pytest.fixture
def view(page_of_lab: ViewsPage) -> Iterator[ViewsPage]:
    """That page; nothing may go wrong on it."""
    yield page_of_lab
    assert [] == page_of_lab.complaints


def show(view: ViewsPage, at: Microseconds = FLOODED, **options: Any) -> None:
    """The view alone, as it opens, at a time."""
    view.show_again(event=0, name="address book", height=480, **options)
    view.do(f"() => store.gotoTime({at})")


def find_node(lab: Lab, name: str, at: Microseconds = FLOODED) -> BitcoinNode:
    """A node at a time."""
    lab.goto(event=max(record.event for record in lab.trace if record.at <= at))
    node = lab.peer(name)
    assert isinstance(node, BitcoinNode)
    return node


def count_standing(node: BitcoinNode, table: str) -> Counter[int]:
    """How many addresses stand in which bucket of a table."""
    book = node.overlay.contacts.book
    standing = [book.get_standing(entry.address) for entry in book]
    return Counter(at.bucket for at in standing if at and at.table == table and at.bucket is not None)


def find_table(view: ViewsPage, title: str, column: int = 0) -> Locator:
    """A table of a book."""
    tables = view.page.locator(".bl-book").nth(column).locator(".bl-book-table")
    return tables.filter(has=view.page.get_by_text(title, exact=True))


@pytest.mark.parametrize("at", [4 * SECOND, FLOODED])
def test_every_address_stands_in_its_bucket(view: ViewsPage, lab: Lab, at: Microseconds) -> None:
    """Two tables, bucket by bucket, as in the node; the title counts them."""
    show(view, at, seen_by="ann")
    node = find_node(lab, "ann", at)

    for table, title in (("new", "New: hearsay"), ("tried", "Tried: once reached")):
        expected = count_standing(node, table)
        drawn = find_table(view, title)
        assert [list(pair) for pair in sorted(expected.items())] == drawn.locator(".bl-bucket").evaluate_all(
            BUCKETS
        )
        words = f"{sum(expected.values())} addresses in {len(expected)} of"
        assert words in drawn.locator(".bl-book-title").inner_text()
    known = len(node.overlay.contacts.book)
    assert f"{known} known" in view.page.locator(".bl-pool-words").inner_text()


def test_connections_stand_in_the_slots_of_their_kind(view: ViewsPage, lab: Lab) -> None:
    """Eight and two, who has dialled in; hosts whose owner attacks are marked, and told so."""
    show(view, seen_by="cat")
    node = find_node(lab, "cat")
    kinds = Counter("inbound" if peer.kind is None else peer.kind.value for peer in node.peers)
    homes = {address: name for name, address in lab.scenario.get_addresses().items()}
    theirs = [peer.remote for peer in node.peers if homes[peer.remote] in FELLOWS]
    rows = view.page.locator(".bl-slot-row")

    assert [f"Full relay {kinds['full relay']}/8", f"Blocks only {kinds['blocks only']}/2"] == [
        text.split("\n")[0].strip() for text in rows.locator(".bl-slot-kind").all_inner_texts()[:2]
    ]
    full = rows.first.locator(".bl-slot").evaluate_all("all => all.map(each => each.dataset.name)")
    assert sorted(
        f"peer:{homes[peer.remote]}" for peer in node.peers if peer.kind and peer.kind.value == "full relay"
    ) == sorted(full)
    attackers = view.page.locator(".bl-slot.bl-scheming")
    assert theirs
    assert all("an attacker's" in (each.get_attribute("aria-label") or "") for each in attackers.all())
    assert {f"peer:{homes[address]}" for address in theirs} >= {
        each.get_attribute("data-name") for each in attackers.all()
    }


def test_up_and_down_walk_the_book_and_select(view: ViewsPage, lab: Lab) -> None:
    """From mark to mark, and the book stays whose it was; Left is the time's, Enter lets go."""
    show(view, seen_by="ann")
    page = view.page
    view.do("() => { window.first = document.querySelector('.bl-slots'); }")
    page.locator(".bl-books [tabindex='0']").focus()

    walked = []
    for _ in range(30):
        page.keyboard.press("ArrowDown")
        view.wait_for_pictures()
        name = page.evaluate("() => store.selection")
        assert page.locator(".bl-cell.bl-selected").count() >= 1
        walked.append(name)
    assert {"peer", "address"} == {name.split(":")[0] for name in walked}
    assert "ann" == page.get_by_label("Peer of book 1").evaluate("each => each.selectedOptions[0].text")
    assert page.evaluate("() => first === document.querySelector('.bl-slots')")  # nothing was drawn anew
    page.keyboard.press("ArrowUp")
    assert walked[-2] == page.evaluate("() => store.selection")
    page.keyboard.press("Enter")
    assert page.evaluate("() => store.selection") is None
    cursor = page.evaluate("() => store.cursor")
    page.keyboard.press("ArrowLeft")
    view.wait_for_pictures()
    assert cursor - 1 == page.evaluate("() => store.cursor")
    assert 1 == page.locator(".bl-books [tabindex='0']").count()


def test_who_told_of_whom_is_lit(view: ViewsPage, lab: Lab) -> None:
    """Choosing an attacker's host lights what ann has heard from it; the line below tells where it stands."""
    show(view, LISTENING, seen_by="ann")
    page = view.page
    node = find_node(lab, "ann", LISTENING)
    teller = lab.scenario.get_addresses()["sybil1"]
    told = [entry for entry in node.overlay.contacts.book if entry.source == teller.ip]
    page.locator(".bl-cell[data-name='peer:sybil1']").first.click()
    view.wait_for_pictures()

    assert len(told) == page.locator(".bl-book-tables .bl-told").count() > 0
    words = page.locator(".bl-address-book .bl-detail").inner_text()
    assert words.startswith(f"sybil1 ({teller.ip}:8333) Group {'.'.join(teller.ip.split('.')[:2])}.")
    assert f"Told of {len(told)} address" in words
    assert "In ann's tried table, bucket " in words
    ghost = page.locator(".bl-cell:has(.bl-nobody)").first
    ghost.click()
    view.wait_for_pictures()
    assert page.evaluate("() => store.selection").startswith("address:")
    assert "(nobody is there)" in page.locator(".bl-address-book .bl-detail").inner_text()
    assert "true" == ghost.get_attribute("aria-pressed")


def test_whose_book_is_shown_and_what_is_said_where_there_is_none(view: ViewsPage, lab: Lab) -> None:
    """A peer chosen elsewhere takes the first column; a killed one's book is on its disk; a liar has none."""
    show(view, seen_by="ann")
    page = view.page
    view.do("() => store.select('peer:sybil1')")
    assert "No address book: sybil1 keeps none." in page.locator(".bl-book").inner_text()
    page.get_by_role("button", name="+ book").click()
    view.do("() => store.select('group:1,2,3')")
    shown = page.locator(".bl-pool-head select").evaluate_all(
        "all => all.map(e => e.selectedOptions[0].text)"
    )
    assert ["bob", "cat", "dan"] == shown

    killed = next(record for record in lab.trace if record.kind is Kind.KILL)
    view.do(f"() => {{ store.select('peer:ann'); store.goto({killed.event}); }}")
    known = len(find_node(lab, "ann", killed.at - 1).overlay.contacts.book)
    assert (
        f"ann is off. Its book, {known} addresses, is on its disk."
        in page.locator(".bl-book").first.inner_text()
    )
    revived = next(record for record in lab.trace if record.kind is Kind.START and record.event > 100)
    view.do(f"() => store.goto({revived.event})")
    assert f"{known} addresses read from the disk" in page.locator(".bl-book").first.inner_text()


def test_five_thousand_are_bundles_that_can_be_looked_into(browser: Browser) -> None:
    """Few marks; a press looks into a bundle until single ones stand there; a button shows all again."""
    view = ViewsPage(browser)
    view.show_story("books", {}, event=1, name="address book", height=480, seen_by=["ann", "bob"])
    view.do("() => store.gotoTime(6.5e6)")
    page = view.page
    cells = page.locator(".bl-book").first.locator(".bl-book-table").first.locator(".bl-cell")
    total = "all => all.reduce((sum, each) => sum + Number(each.dataset.count), 0)"

    assert 4_750 == cells.evaluate_all(total)
    assert cells.count() <= 30
    for _ in range(3):
        bundles = page.locator(".bl-book").first.locator(".bl-bundle")
        if bundles.count():
            bundles.first.click()
            view.wait_for_pictures()
    assert 0 == page.locator(".bl-book").first.locator(".bl-bundle").count()
    again = page.get_by_role("button", name="Show all addresses again")
    assert "of 4,750" in again.inner_text()
    again.click()
    view.wait_for_pictures()
    assert 4_750 == cells.evaluate_all(total)
    assert [] == view.complaints


def test_a_book_of_2010_is_one_list(browser: Browser) -> None:
    """No buckets, no second table."""
    view = ViewsPage(browser)
    view.show_story("books", {"count": 60, "isBucketed": False}, event=50, name="address book", seen_by="ann")

    assert 1 == view.page.locator(".bl-book-table").count()
    assert 0 == view.page.locator(".bl-strip, .bl-bucket-name").count()
    names = view.page.locator(".bl-book-table .bl-cell").evaluate_all(CELLS)
    assert all(", list" in label and count == 1 for label, count in names)
    assert len(names) > 30
    assert [] == view.complaints


def test_the_books_are_a_table_too(view: ViewsPage, lab: Lab) -> None:
    """A row for each address of each shown book; choosing it selects whose it is."""
    show(view, 10 * SECOND, seen_by=["bob", "cat"])
    page = view.page
    known = sum(len(find_node(lab, name, 10 * SECOND).overlay.contacts.book) for name in ("bob", "cat"))
    page.get_by_role("button", name="Table: Known addresses").click()
    view.wait_for_pictures()
    rows = page.locator(".bl-table tbody tr")

    assert known == rows.count()
    rows.nth(2).locator("button").click()
    view.wait_for_pictures()
    assert rows.nth(2).get_attribute("data-name") == page.evaluate("() => store.selection")
    page.get_by_role("button", name="Table: Known addresses").click()


@pytest.mark.parametrize("paper", PAPERS)
def test_axe_finds_no_fault_in_full_books(view: ViewsPage, lab: Lab, paper: str) -> None:
    """Names, roles and contrast, with slots, buckets, bundles, lines of what happened, and a selection."""
    lay_on(view.page, paper)
    show(view, seen_by=["ann", "cat"])
    view.page.locator(".bl-cell[data-name='peer:sybil1']").first.click()
    view.wait_for_pictures()

    assert [] == find_faults(view.page)
    words = view.page.locator(".bl-address-book > .bl-hidden").inner_text()
    node = find_node(lab, "ann")
    new, tried = (sum(count_standing(node, table).values()) for table in ("new", "tried"))
    assert words.startswith(
        f"ann knows {new + tried} addresses, {new} in the new table, {tried} tried. Connect"
    )
