"""Structured overlays are read by pointer, by keyboard and as a table; they show what the nodes hold."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser
from support.audit import PAPERS, find_faults, lay_on
from support.views_page import ViewsPage

from blockchain_lab.base.records import Kind
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.kademlia_ids import hash_to_id, id_to_hex
from blockchain_lab.overlay.kademlia_node import KademliaNode

EARLY, LATE = 100, 2_300  # events: peers join; after the keepers have left
SONG = hash_to_id("song")
PEERS, LOOKUPS = (f".bl-dht .bl-head label:nth-child({place}) select" for place in (1, 2))
TEXTS = "all => all.map(each => each.getAttribute('aria-label'))"
OVERFLOWING = """() => [...document.querySelectorAll('.blockchain-lab *')]
  .filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1 && !e.closest('svg'))
  .filter(e => getComputedStyle(e).overflowX === 'visible' && getComputedStyle(e).display !== 'inline')
  .map(e => e.className)"""


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Sixteen peers; those that keep a song leave one by one."""
    lab = Lab("kademlia_churn")
    lab.run(until=lab.scenario.until)
    return lab


@pytest.fixture(scope="module")
def page_of_lab(browser: Browser, lab: Lab) -> ViewsPage:
    """One page for all tests of the story: most of a test's time is loading it."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=lab.head, name="dht")
    return view


@pytest.fixture
def view(page_of_lab: ViewsPage) -> Iterator[ViewsPage]:
    """That page; nothing may go wrong on it."""
    yield page_of_lab
    assert [] == page_of_lab.complaints


def show(view: ViewsPage, event: int, **options: Any) -> None:
    """The view alone, as it opens, at an event."""
    view.do("() => store.select(null)")
    view.show_again(event=event, name="dht", height=560, **options)


def find_node(lab: Lab, name: str, event: int) -> KademliaNode:
    """A node at an event."""
    lab.goto(event=event)
    node = lab.peer(name)
    assert isinstance(node, KademliaNode)
    return node


@pytest.mark.parametrize("event", [EARLY, LATE])
def test_the_tree_and_its_brackets_are_the_table(view: ViewsPage, lab: Lab, event: int) -> None:
    """Leaves in the order of ids, full for contacts; a bracket for each bucket that somebody is in."""
    show(view, event, seen_by="ann")
    node = find_node(lab, "ann", event)
    names = {hash_to_id(name): name for name in lab.names}
    known = {names[contact.id] for contact in node.table}
    there = {name for name in lab.names if lab.peer(name)} | known
    waiting = {names[spare] for bucket in node.table.buckets for spare in bucket.spares}

    leaves = view.page.locator(".bl-id[data-part=leaf]")
    ordered = sorted(there | waiting, key=hash_to_id)
    assert [f"peer:{name}" for name in ordered] == leaves.evaluate_all(
        "all => all.map(each => each.dataset.name)"
    )
    full = view.page.locator(".bl-id.bl-contact").evaluate_all("all => all.map(each => each.dataset.name)")
    assert {f"peer:{name}" for name in known} == set(full)
    brackets = view.page.locator(".bl-bracket").evaluate_all(TEXTS)
    expected = [
        f"{f'bucket {bucket.prefix}' if bucket.prefix else 'the only bucket'}: {len(bucket.contacts)} of 3"
        for bucket in node.table.buckets
    ]
    assert expected == [text.split(", ")[1].split(";")[0] for text in brackets]


def test_buckets_are_listed_in_the_order_of_last_hearing(view: ViewsPage, lab: Lab) -> None:
    """Below the picture: each bucket's contacts, who was heard of longest ago first, then who waits."""
    show(view, LATE, seen_by="ann")
    node = find_node(lab, "ann", LATE)
    names = {hash_to_id(name): name for name in lab.names}
    section = view.page.locator(".bl-dht-list", has_text="Buckets of ann")

    for row, bucket in enumerate(node.table.buckets):
        chips = section.locator(".bl-dht-row").nth(row).locator(".bl-chip span").all_inner_texts()
        assert [names[each] for each in (*bucket.contacts, *bucket.spares)] == chips


def test_a_lookup_is_followed_hop_by_hop(view: ViewsPage, lab: Lab) -> None:
    """Ann wants the song at last: its steps are those that the node has noted, and the value is told."""
    found = find_end(lab)
    show(view, found)
    page = view.page
    assert "latest: ann wants “song”" == page.locator(LOOKUPS).evaluate("e => e.selectedOptions[0].text")
    progress = page.locator(".bl-dht-progress").inner_text()
    assert progress.startswith("found “la la la” at ")
    holder = progress.split(" at ")[1].split(":")[0]
    steps = page.locator(".bl-step[data-name]").evaluate_all(TEXTS)
    assert any(text.startswith(f"{holder}, hop ") and text.endswith("had the value") for text in steps)
    lab.goto(event=found)
    nodes = {name: lab.peer(name) for name in lab.names if lab.peer(name)}
    keepers = {name for name, node in nodes.items() if SONG in node.keeping.storage.values}
    marked = page.locator(".bl-id:has(.bl-wanted)").evaluate_all("all => all.map(e => e.dataset.name)")
    assert {f"peer:{name}" for name in keepers} == set(marked)


def find_end(lab: Lab) -> int:
    """The event in which ann has found the song."""
    ann = lab.names.index("ann")
    notes = [each for each in lab.trace if each.kind is Kind.NOTE and each.peer == ann]
    ends = [each for each in notes if each.detail[0] == "lookup finished"]
    return next(each.event for each in ends if each.detail[1]["purpose"] == "value")


def test_another_lookup_and_another_peer_can_be_chosen(view: ViewsPage, lab: Lab) -> None:
    """The table of one, the lookup of another: why did it tell of these?"""
    show(view, lab.head)
    page = view.page
    page.locator(PEERS).select_option(label="cat")
    view.wait_for_pictures()
    assert 1 == page.get_by_text("Buckets of cat").count()
    options = page.locator(LOOKUPS).evaluate("e => [...e.options].map(each => each.text)")
    stored = next(text for text in options if text == "bob stores “song”")
    page.locator(LOOKUPS).select_option(label=stored)
    view.wait_for_pictures()
    assert page.locator(".bl-dht-list h4").first.inner_text().startswith("bob stores “song”")
    assert 1 == page.get_by_text("Buckets of cat").count()
    view.do("() => store.select('peer:eve')")
    assert 1 == page.get_by_text("Buckets of eve").count()


def test_up_and_down_walk_the_space_and_select(view: ViewsPage, lab: Lab) -> None:
    """From leaf to leaf, each shows its table; Left is the time's, Enter lets go."""
    show(view, LATE, seen_by="ann")
    page = view.page
    page.locator(".bl-dht-stage [tabindex='0']").focus()

    walked = []
    for _ in range(6):
        page.keyboard.press("ArrowDown")
        view.wait_for_pictures()
        walked.append(page.evaluate("() => store.selection"))
        name = walked[-1].removeprefix("peer:")
        assert 1 == page.locator(".bl-id.bl-own").count() or lab.peer(name) is None
        assert walked[-1] == page.evaluate("() => document.activeElement.dataset.name")
    assert 6 == len(set(walked))
    page.keyboard.press("ArrowUp")
    assert walked[-2] == page.evaluate("() => store.selection")
    page.keyboard.press("Enter")
    assert page.evaluate("() => store.selection") is None
    page.keyboard.press("ArrowLeft")
    view.wait_for_pictures()
    assert LATE - 1 == page.evaluate("() => store.cursor")
    assert 1 == page.locator(".bl-dht-stage [tabindex='0']").count()


def test_a_bracket_selects_its_contacts_and_a_step_its_record(view: ViewsPage, lab: Lab) -> None:
    """The other views light up whom a bucket holds, and the note of an answer."""
    show(view, find_end(lab), seen_by="ann")
    page = view.page
    node = find_node(lab, "ann", find_end(lab))
    bucket = node.table.buckets[0]
    page.locator(".bl-bracket").first.click()
    view.wait_for_pictures()
    hosts = sorted(lab.names.index(name) for name in lab.names if hash_to_id(name) in bucket.contacts)
    assert "group:" + ",".join(map(str, hosts)) == page.evaluate("() => store.selection")
    assert len(hosts) == page.locator(".bl-id.bl-selected").count()

    page.locator(".bl-step[data-name]").first.click()
    view.wait_for_pictures()
    topic = "() => store.trace.record(Number(store.selection.split(':')[2])).facts.topic"
    assert page.evaluate(topic).startswith("lookup ")
    assert page.locator(".bl-dht .bl-detail").inner_text().startswith("ann wants “song” ")


def test_the_ids_are_a_table_too(view: ViewsPage, lab: Lab) -> None:
    """A row for each id that is drawn; choosing it selects whose it is."""
    show(view, LATE, seen_by="ann")
    page = view.page
    drawn = page.locator(".bl-id[data-part=leaf]").count()
    page.get_by_role("button", name="Table: Ids").click()
    view.wait_for_pictures()
    rows = page.locator(".bl-table tbody tr")
    assert drawn == rows.count()
    cells = rows.nth(2).locator("th, td").all_inner_texts()
    assert id_to_hex(hash_to_id(cells[0])) == cells[1]
    rows.nth(2).locator("button").click()
    view.wait_for_pictures()
    assert f"peer:{cells[0]}" == page.evaluate("() => store.selection")
    page.get_by_role("button", name="Table: Ids").click()


def test_a_thousand_peers_are_bundles_that_can_be_looked_into(browser: Browser) -> None:
    """Few marks; a press looks into a branch; a button shows the whole space again."""
    view = ViewsPage(browser)
    view.show_story("ids", {}, event=1, name="dht", height=560, seen_by="n0")
    view.do("() => store.gotoTime(20000)")
    page = view.page
    leaves = page.locator(".bl-id[data-part=leaf]")
    total = "all => all.reduce((sum, each) => sum + Number(each.dataset.count), 0)"

    assert 1_000 == leaves.evaluate_all(total)
    assert leaves.count() <= 30
    assert 1 == page.locator(".bl-id.bl-own").count()
    bundle = page.locator(".bl-bundle-of-ids").last
    inside = int(bundle.get_attribute("data-count") or 0)
    bundle.click()
    view.wait_for_pictures()
    assert inside == leaves.evaluate_all(total)
    again = page.get_by_role("button", name="Show the whole space again")
    assert f"× {inside} of 1,000" == again.inner_text()
    again.click()
    view.wait_for_pictures()
    assert 1_000 == leaves.evaluate_all(total)

    assert [] == view.complaints
    page.close()


def test_a_ring_of_a_thousand_has_ticks(browser: Browser) -> None:
    """Only whom the shown peer knows, or the lookup has asked, has a mark."""
    view = ViewsPage(browser)
    page = view.page
    view.show_story("ids", {"isRing": True}, event=1_003, name="dht", height=560, seen_by="n0")
    assert 5 < page.locator(".bl-id").count() <= 60
    assert "1,000 peers" in page.locator(".bl-dht-picture").inner_text()
    assert [] == view.complaints
    page.close()


def test_a_ring_shows_successors_fingers_and_hops(browser: Browser) -> None:
    """Fay looks a point up on Chord's ring: two are asked, the owner is known then."""
    lab = Lab("chord_ring")
    lab.look_ahead()
    view = ViewsPage(browser)
    view.show_lab(lab, event=lab.scenario.poster, name="dht", height=480)
    page = view.page
    lab.goto(event=lab.scenario.poster)
    ring = lab.peer("fay").ring
    names = {lab.peer(name).own.id: name for name in lab.names if lab.peer(name)}

    behind = page.locator(".bl-dht-row", has_text="behind").locator(".bl-chip span").all_inner_texts()
    assert [names[each.id] for each in ring.successors] == behind
    assert len({each.id for each in ring.fingers.values()}) == page.locator(".bl-finger").count()
    assert ["1", "2"] == page.locator(".bl-step[data-name] text").all_text_contents()
    assert page.locator(".bl-dht-progress").inner_text().startswith("its owner is bob: 3 hops, 2 questions")
    assert [] == view.complaints
    page.close()


def test_where_nobody_has_an_id_this_is_said(browser: Browser) -> None:
    """A story of Bitcoin."""
    view = ViewsPage(browser)
    view.show_story("joinLate", event=90, name="dht")
    assert "Nobody in this story has an id" in view.page.locator(".bl-dht .bl-empty").inner_text()
    assert [] == view.complaints
    view.page.close()


@pytest.mark.parametrize("width", [934, 700, 467, 310])
def test_nothing_sticks_out_at_any_width(view: ViewsPage, lab: Lab, width: int) -> None:
    """A laptop, a half, enlarged to 200 %, and both: the picture fits, and no mark leaves it."""
    view.page.set_viewport_size({"width": width, "height": 900})
    show(view, LATE, seen_by="ann")
    assert [] == view.do(OVERFLOWING)
    outside = """() => {
      const box = document.querySelector('.bl-dht').getBoundingClientRect();
      const isOut = ({left, right}) => left < box.left - 1 || right > box.right + 1;
      const texts = [...document.querySelectorAll('.bl-dht-picture text')];
      return texts.filter(each => isOut(each.getBoundingClientRect())).map(each => each.textContent);
    }"""
    assert [] == view.do(outside)
    view.page.set_viewport_size({"width": 934, "height": 900})


@pytest.mark.parametrize("paper", PAPERS)
def test_axe_finds_no_fault(view: ViewsPage, lab: Lab, paper: str) -> None:
    """Names, roles and contrast, with leaves, brackets, steps, lists, and a selection."""
    lay_on(view.page, paper)
    show(view, LATE, seen_by="ann")
    assert [] == find_faults(view.page)
    view.page.locator(".bl-id.bl-contact").first.click()
    view.wait_for_pictures()
    assert [] == find_faults(view.page)
    words = view.page.locator(".bl-dht > .bl-hidden").inner_text()
    assert words.startswith(f"{sum(lab.peer(name) is not None for name in lab.names)} peers in the space. ")
