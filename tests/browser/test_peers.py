"""All peers in one table: sorted by pointer and by keyboard, filtered, chosen with all views; a crowd."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from support.audit import find_faults, lay_on
from support.views_page import ViewsPage

from blockchain_lab.base.records import Kind
from blockchain_lab.lab import Lab
from blockchain_lab.study.peer_table import make_peer_table
from blockchain_lab.study.standing import count_local_states, stand_at

MOST_ELEMENTS = 40  # rows that a page has at once, however many peers there are
COLUMN = """id => {
  const at = [...document.querySelectorAll('[data-column]')].findIndex(head => head.dataset.column === id);
  const rows = [...document.querySelectorAll('.bl-spacer > [role=row]')];
  const place = row => Number(row.getAttribute('aria-rowindex'));
  return rows.sort((a, b) => place(a) - place(b)).map(row => row.children[at].textContent);
}"""
FOCUSED = "() => document.activeElement.closest('[role=row]')?.querySelector('button span')?.textContent"


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Six peers, a partition, two branches; run to its end."""
    lab = Lab("fork_and_heal")
    lab.run()
    return lab


@pytest.fixture(scope="module")
def page_of_lab(browser: Browser, lab: Lab) -> ViewsPage:
    """One page for all tests of the story: most of a test's time is loading it."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=lab.head, name="peers")
    return view


@pytest.fixture
def view(page_of_lab: ViewsPage, lab: Lab) -> Iterator[ViewsPage]:
    """The table, in the middle of the run; nothing may go wrong on it."""
    page_of_lab.show_again(event=lab.head // 2, name="peers", height=360)
    yield page_of_lab
    assert [] == page_of_lab.complaints


def read(view: ViewsPage, column: str) -> list[str]:
    """A column's texts from the first row that is there to the last."""
    return list(view.page.evaluate(COLUMN, column))


def sort_by(view: ViewsPage, column: str) -> str | None:
    """Press a column's head; what it then says of its order."""
    head = view.page.locator(f"[data-column='{column}']")
    head.click()
    view.wait_for_pictures()
    return head.locator("xpath=..").get_attribute("aria-sort")


def test_rows_are_pythons_at_every_moment(view: ViewsPage, lab: Lab) -> None:
    """Names, heights, bytes and latencies as the table in Python has them, and how many states there are."""
    for event in (1, lab.head // 3, lab.head):
        view.do(f"() => store.goto({event})")
        lab.goto(event=event)
        rows = make_peer_table(lab)

        assert [row.name for row in rows] == read(view, "name")
        assert ["" if row.height is None else f"{row.height:,}" for row in rows] == read(view, "height")
        assert [f"{row.bytes_sent:,}" for row in rows] == read(view, "bytes-sent")
        assert [row.mean_latency is None for row in rows] == [not text for text in read(view, "latency")]
        states = count_local_states(stand_at(lab))
        assert f"· {states} local state" in view.page.locator(".bl-standing .bl-summary").inner_text()


def test_a_head_sorts_up_then_down_then_not(view: ViewsPage) -> None:
    """ARIA says so; the sort is found again behind another tab, and follows the cursor."""
    given = read(view, "name")
    sent = sorted(int(text.replace(",", "")) for text in read(view, "bytes-sent"))

    assert "ascending" == sort_by(view, "bytes-sent")
    assert [f"{size:,}" for size in sent] == read(view, "bytes-sent")
    assert 1 == view.page.locator("[aria-sort]").count()
    assert "descending" == sort_by(view, "bytes-sent")
    assert [f"{size:,}" for size in reversed(sent)] == read(view, "bytes-sent")
    view.do("() => store.goto(1)")
    assert given == read(view, "name")  # all have sent nothing: the hosts' own order
    assert sort_by(view, "bytes-sent") is None


def test_heads_and_rows_are_two_stops_of_the_keyboard(view: ViewsPage, lab: Lab) -> None:
    """Down walks along the heads, Enter sorts; in the rows it selects as it goes, and Left is the time's."""
    page = view.page
    page.get_by_label("Find peers").focus()
    page.keyboard.press("Tab")
    assert "name" == page.evaluate("() => document.activeElement.dataset.column")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    view.wait_for_pictures()
    assert "ascending" == page.locator("[aria-sort]").get_attribute("aria-sort")
    assert "tip" == page.evaluate("() => document.querySelector('[aria-sort] button').dataset.column")

    page.keyboard.press("Tab")
    names = read(view, "name")
    assert lab.names[0] == page.evaluate(FOCUSED)
    first = names.index(lab.names[0])
    key = "ArrowDown" if first + 1 < len(names) else "ArrowUp"
    page.keyboard.press(key)
    view.wait_for_pictures()
    chosen = names[first + (1 if key == "ArrowDown" else -1)]
    assert (f"peer:{chosen}", chosen) == (page.evaluate("() => store.selection"), page.evaluate(FOCUSED))
    page.keyboard.press("ArrowLeft")
    view.wait_for_pictures()
    assert lab.head // 2 - 1 == page.evaluate("() => store.cursor")
    assert chosen == page.evaluate(FOCUSED)
    page.keyboard.press("Enter")
    assert page.evaluate("() => store.selection") is None


def test_choosing_a_peer_tells_latencies_to_it(view: ViewsPage, lab: Lab) -> None:
    """A click selects, for all views; another lets go. The head says to whom; only those linked have any."""
    page = view.page
    row = page.locator("[data-host='1']")
    row.locator("[role=cell]").nth(2).click()
    view.wait_for_pictures()
    assert "peer:bob" == page.evaluate("() => store.selection")
    assert "true" == row.locator("button").get_attribute("aria-pressed")
    assert "to bob" == page.locator("[data-column='latency']").inner_text()
    assert read(view, "latency")[1] == ""
    link = lab.scenario.get_latency("bob", "ann")
    assert f"{round(link / 1000)} ms" == read(view, "latency")[0]

    row.locator("button").click()
    view.wait_for_pictures()
    assert page.evaluate("() => store.selection") is None
    assert "Latency" == page.locator("[data-column='latency']").inner_text()


def test_words_filter_the_rows(view: ViewsPage) -> None:
    """All words of the filter, anywhere in a row; whatever is typed stays text."""
    page = view.page
    word = page.get_by_label("Find peers")
    word.fill("on a")
    view.wait_for_pictures()
    assert ["ann", "cat", "dan", "fay"] == read(view, "name")
    assert page.locator(".bl-standing .bl-summary").inner_text().startswith("4 of 6 peers")
    word.fill("<img src=x>")
    view.wait_for_pictures()
    assert "No row has “<img src=x>” in it." == page.locator(".bl-standing .bl-empty").inner_text()
    assert 0 == page.locator("#host img").count()
    word.fill("")
    view.wait_for_pictures()
    assert 6 == len(read(view, "name"))


def test_what_the_event_has_changed_is_marked(view: ViewsPage, lab: Lab) -> None:
    """Somebody's new tip, in tip and height; a step further nobody's."""
    marked = "all => all.map(cell => [cell.closest('[role=row]').dataset.host, cell.textContent])"
    notes = [record for record in lab.trace if record.kind is Kind.NOTE]
    tips = [note for note in notes if note.detail[0] == "tip changed"]
    note = tips[len(tips) // 2]
    tip, height = str(note.peer), str(note.detail[1]["height"])

    view.do(f"() => store.goto({note.event})")
    assert [tip, height] in view.page.locator(".bl-standing .bl-changed").evaluate_all(marked)
    view.do(f"() => store.goto({note.event + 1})")
    assert [tip, height] not in view.page.locator(".bl-standing .bl-changed").evaluate_all(marked)


def test_a_thousand_peers_are_a_few_elements(browser: Browser) -> None:
    """Rows in sight only; a peer that is chosen elsewhere comes into sight, and keys go on from there."""
    view = ViewsPage(browser)
    view.show_story("crowd", {"peers": 1_000, "blocks": 2}, event=20_000, name="peers", height=460)
    page = view.page
    rows = page.locator(".bl-spacer > [role=row]")

    assert "1001" == page.locator("[role=table]").get_attribute("aria-rowcount")
    assert rows.count() < MOST_ELEMENTS
    view.do("() => store.select('peer:p900')")
    assert page.locator("[data-host='900']").is_visible()
    assert "902" == page.locator("[data-host='900']").get_attribute("aria-rowindex")
    page.locator("[data-host='900'] button").focus()
    page.keyboard.press("PageDown")
    view.wait_for_pictures()
    assert ("peer:p910", "p910") == (page.evaluate("() => store.selection"), page.evaluate(FOCUSED))
    sort_by(view, "name")
    sort_by(view, "name")
    assert "p999" == read(view, "name")[0]
    assert rows.count() < MOST_ELEMENTS
    assert 1 == page.locator(".bl-spacer button[tabindex='0']").count()
    assert [] == view.complaints


def test_nobody_to_list_is_said(browser: Browser) -> None:
    """A page that has no records yet."""
    view = ViewsPage(browser)
    view.show_story("crowd", {"peers": 0, "blocks": 0}, event=0, name="peers", height=300)

    assert "Nobody takes part here." == view.page.locator(".bl-standing .bl-empty").inner_text()
    assert [] == view.complaints


@pytest.mark.parametrize(("paper", "lens"), [("light", None), ("dark", "bob")])
def test_axe_finds_no_fault_in_the_table(view: ViewsPage, lab: Lab, paper: str, lens: str | None) -> None:
    """Names, roles and contrast, with a sort, a selection, marks of change, and through somebody's eyes."""
    lay_on(view.page, paper)
    view.show_again(event=lab.head // 2, name="peers", height=360)
    view.page.evaluate("name => { store.select('peer:dan'); store.lookAs(name); }", lens)
    sort_by(view, "tip")

    assert [] == find_faults(view.page)
    words = view.page.locator(".bl-standing .bl-summary").inner_text()
    assert words == ("6 peers · 2 local states" if lens is None else "6 peers · as bob knows them")
    view.do("() => store.lookAs(null)")
