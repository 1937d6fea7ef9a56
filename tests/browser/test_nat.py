"""Boxes are read by pointer, by keyboard and as a table; what they show is what the boxes remember."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from blockchain_lab_widgets.facts import show_address
from playwright.sync_api import Browser, Locator
from support.audit import PAPERS, find_faults, lay_on
from support.nat_story import make_nat_lab
from support.views_page import ViewsPage

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.nat_box import NatBox

LATE = 31 * SECOND  # many mappings, a lease among them
DOORS = "all => all.map(each => [each.dataset.name, each.querySelector('.bl-nat-left').textContent])"


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Five boxes: one behind another, one that opens ports, a firewall."""
    lab = make_nat_lab()
    lab.run(until=lab.scenario.until)
    return lab


@pytest.fixture(scope="module")
def page_of_lab(browser: Browser, lab: Lab) -> ViewsPage:
    """One page for all tests of the story: most of a test's time is loading it."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=lab.head, name="nat")
    return view


@pytest.fixture
def view(page_of_lab: ViewsPage) -> Iterator[ViewsPage]:
    """That page; nothing may go wrong on it."""
    yield page_of_lab
    assert [] == page_of_lab.complaints


def show(view: ViewsPage, at: int = LATE, **options: Any) -> None:
    """The view alone, as it opens, at a time."""
    view.show_again(event=0, name="nat", height=560, **options)
    view.do(f"() => store.gotoTime({at})")


def find_box(view: ViewsPage, name: str) -> Locator:
    """One box's picture."""
    return view.page.get_by_role("group", name=re.compile(f"^{name}, "))


def find_node(lab: Lab, name: str, event: int) -> NatBox:
    """A box at an event."""
    lab.goto(event=event)
    node = lab.peer(name)
    assert isinstance(node, NatBox)
    return node


def find_record(lab: Lab, reason: str, name: str) -> Record:
    """The first packet that a box blocks for a reason."""
    return next(
        record
        for record in lab.trace
        if record.kind is Kind.NOTE
        and lab.names[record.peer] == name
        and record.detail[1].get("reason") == reason
    )


def show_left(left: int) -> str:
    """Minutes and seconds that are left."""
    seconds = left // SECOND
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60}:{seconds % 60:02}"


@pytest.mark.parametrize("name", ["carrier", "home", "wall"])
def test_every_mapping_is_a_port_with_the_time_it_has_left(view: ViewsPage, lab: Lab, name: str) -> None:
    """As in the box's own table; behind a firewall a port stands for the peer itself."""
    show(view, seen_by=name)
    cursor, clock = view.page.evaluate("() => [store.cursor, store.clock]")
    table = find_node(lab, name, cursor).table
    plan = {address: peer for peer, address in lab.scenario.get_addresses().items()}
    expected = {
        f"address:{show_address(outside)}" if table.ip else f"peer:{plan[outside]}": show_left(
            table.get_expiry(mapping) - clock
        )
        for outside, mapping in table.by_outside.items()
    }

    assert expected == dict(find_box(view, name).locator(".bl-nat-door").evaluate_all(DOORS))
    assert len(expected) >= 1


def test_time_that_is_left_runs_with_the_clock(view: ViewsPage) -> None:
    """Between two events too: nothing is drawn anew, and there is less of it."""
    show(view, seen_by="home")
    door = find_box(view, "home").locator(".bl-nat-door").first
    before = door.locator(".bl-nat-left").inner_text()
    view.do("() => { window.mark = document.querySelector('.bl-nat-door'); }")
    view.do("() => store.moveTo({cursor: store.cursor, clock: store.clock + 3e6, waited: 0})")

    assert view.page.evaluate("() => mark === document.querySelector('.bl-nat-door')")
    minutes, seconds = (int(part) for part in before.split(":"))
    assert show_left((60 * minutes + seconds - 3) * SECOND) == door.locator(".bl-nat-left").inner_text()


def test_a_packet_is_drawn_on_its_way_and_told_below(view: ViewsPage, lab: Lab) -> None:
    """What is filtered stops at the wall, and its sender is named; what goes out goes all the way."""
    show(view)
    filtered = find_record(lab, "filtered", "wall")
    view.do(f"() => store.goto({filtered.event})")
    wall = find_box(view, "wall")

    assert 1 == wall.locator(".bl-nat-cross").count()
    assert "not let in" in (wall.locator(".bl-nat-knock").get_attribute("data-tip") or "")
    line = view.page.locator(".bl-nat-current")
    assert "blocked by wall: nobody inside has written to it from there" in line.inner_text()
    line.click()
    view.wait_for_pictures()
    assert f"record:0:{filtered.cause}" == view.page.evaluate("() => store.selection")
    assert (
        "each packet that goes out opens the way back"
        in view.page.locator(".bl-nat > .bl-detail").inner_text()
    )
    line.click()

    opened = next(
        r for r in lab.trace if r.kind is Kind.NOTE and r.detail[0] == "mapping opened" and r.at > SECOND
    )
    view.do(f"() => store.goto({opened.event})")
    box = find_box(view, lab.names[opened.peer])
    assert 0 == box.locator(".bl-nat-cross").count()
    assert (2, 1) == (box.locator(".bl-nat-way").count(), box.locator(".bl-nat-arrow").count())
    assert view.page.locator(".bl-nat-current").inner_text().split(":")[-1].startswith(" a new port")


def test_who_knocks_where_nothing_is_open_stands_before_the_wall(view: ViewsPage, lab: Lab) -> None:
    """No mapping: the last line of the box is the closed part."""
    show(view, seen_by="cafe")
    record = find_record(lab, "no mapping", "cafe")
    view.do(f"() => store.goto({record.event})")

    assert 1 == find_box(view, "cafe").locator(".bl-nat-cross").count()
    assert "knocks in vain" in (
        find_box(view, "cafe").locator(".bl-nat-knock").get_attribute("aria-label") or ""
    )


def test_a_box_that_is_not_drawn_comes_when_it_or_its_peer_is_chosen(view: ViewsPage) -> None:
    """Four of five are drawn; a button stands for the other, and so does a peer chosen in another view."""
    show(view)
    drawn = view.page.locator(".bl-nat-box").count()
    other = view.page.locator(".bl-nat-other")
    name = other.get_attribute("data-name")

    assert (4, 1) == (drawn, other.count())
    other.click()
    view.wait_for_pictures()
    assert name == view.page.evaluate("() => store.selection")
    assert 1 == view.page.locator(f".bl-nat-title[data-name='{name}']").count()
    missing = view.page.locator(".bl-nat-other").get_attribute("data-name")
    inside = {"carrier": "abe", "home": "ann", "office": "bob", "cafe": "cat", "wall": "dan"}
    view.do(f"() => store.select('peer:{inside[str(missing).removeprefix('peer:')]}')")
    assert 1 == view.page.locator(f".bl-nat-title[data-name='{missing}']").count()


def test_up_and_down_walk_the_boxes_and_select(view: ViewsPage) -> None:
    """From mark to mark; the port in one box and the remote in another one are the same thing."""
    show(view, seen_by=["home", "office"])
    page = view.page
    page.locator(".bl-nat-body [tabindex='0']").focus()
    view.do("() => { window.mark = document.querySelector('.bl-nat-door'); }")

    walked = []
    for _ in range(8):
        page.keyboard.press("ArrowDown")
        view.wait_for_pictures()
        walked.append(page.evaluate("() => store.selection"))
        assert page.locator(".bl-nat-body .bl-selected").count() >= 1
    assert {"peer", "address"} == {name.split(":")[0] for name in walked}
    assert page.evaluate("() => mark === document.querySelector('.bl-nat-door')")  # nothing was drawn anew
    page.keyboard.press("ArrowUp")
    assert walked[-2] == page.evaluate("() => store.selection")
    page.keyboard.press("Enter")
    assert page.evaluate("() => store.selection") is None
    view.do("() => store.select('address:203.0.113.2:8333')")
    parts = page.locator(".bl-nat-body .bl-selected").evaluate_all("all => all.map(e => e.dataset.part)")
    assert {"door", "remote"} == {part.split(" ")[0] for part in parts}
    assert "stands for bob" in page.locator(".bl-nat > .bl-detail").inner_text()
    assert 1 == page.locator(".bl-nat-body [tabindex='0']").count()


def test_the_ladder_of_a_pair_is_told(view: ViewsPage) -> None:
    """Which rungs failed, and which one bore."""
    show(view, 33 * SECOND)
    rungs = view.page.locator(".bl-nat-attempt").first.locator(".bl-nat-rung").all_inner_texts()

    assert ["local ✕", "direct ✕", "punch ✓"] == rungs
    assert "bob → dan" in view.page.locator(".bl-nat-attempt").first.inner_text()


def test_the_mappings_of_all_boxes_are_a_table_too(view: ViewsPage, lab: Lab) -> None:
    """A row for each mapping, of boxes that are not drawn too; choosing it selects the address outside."""
    show(view)
    page = view.page
    page.get_by_role("button", name="Table: Mappings").click()
    view.wait_for_pictures()
    rows = page.locator(".bl-table tbody tr")
    cursor = page.evaluate("() => store.cursor")
    tables = [find_node(lab, name, cursor).table for name in ("carrier", "home", "office", "cafe", "wall")]

    assert sum(len(table.by_outside) for table in tables) == rows.count()
    rows.first.locator("button").click()
    view.wait_for_pictures()
    assert rows.first.get_attribute("data-name") == page.evaluate("() => store.selection")
    page.get_by_role("button", name="Table: Mappings").click()


def test_a_box_that_is_off_has_forgotten_everything(view: ViewsPage, lab: Lab) -> None:
    """A restart empties the table."""
    show(view, seen_by="office")
    killed = next(record for record in lab.trace if record.kind is Kind.KILL)
    view.do(f"() => store.goto({killed.event})")

    assert "office is off: nothing passes" in find_box(view, "office").inner_text()


def test_the_network_shows_who_stands_behind_whom(view: ViewsPage) -> None:
    """A line of its own, which the legend explains; a peer's words say it, too."""
    view.show_again(event=300, name="network", height=480)
    view.page.wait_for_selector(".bl-peer")

    assert "stands behind" in view.page.locator(".bl-legend-network").inner_text()
    ann = view.page.get_by_role("option", name=re.compile("^ann, "))
    assert "stands behind home" in (ann.get_attribute("aria-label") or "")


def test_of_a_crowd_of_boxes_four_are_drawn_and_the_others_can_be(browser: Browser) -> None:
    """A thousand peers behind three hundred boxes: few marks, and a count of the rest."""
    view = ViewsPage(browser)
    view.show_story(
        "boxes", {"homes": 300, "each": 3, "ports": 40, "remotes": 0}, event=9_999, name="nat", height=480
    )
    page = view.page

    assert 4 == page.locator(".bl-nat-box").count()
    assert (40, "+ 256 more") == (
        page.locator(".bl-nat-other").count(),
        page.locator(".bl-nat-others").inner_text().split("\n")[-1],
    )
    assert page.locator(".bl-nat-mark").count() < 160
    assert "see the table" in page.locator(".bl-nat-hidden").first.inner_text()
    assert [] == view.complaints
    page.close()


def test_where_nobody_stands_behind_a_box_the_view_says_so(browser: Browser) -> None:
    """In most stories everybody is in the open."""
    view = ViewsPage(browser)
    view.show_story("joinLate", event=90, name="nat")

    assert (
        "Nobody stands behind a NAT or a firewall in this story"
        in view.page.locator(".bl-empty").inner_text()
    )
    assert not view.page.locator(".bl-legend").is_visible()
    assert [] == view.complaints
    view.page.close()


@pytest.mark.parametrize("paper", PAPERS)
def test_axe_finds_no_fault_in_full_boxes(view: ViewsPage, lab: Lab, paper: str) -> None:
    """Names, roles and contrast, with ports, remotes, one who knocks, a ladder and a selection."""
    lay_on(view.page, paper)
    show(view)
    view.do(f"() => store.goto({find_record(lab, 'filtered', 'wall').event})")
    view.page.locator(".bl-nat-door").first.click()
    view.wait_for_pictures()

    assert [] == find_faults(view.page)
    words = view.page.locator(".bl-nat > .bl-hidden").inner_text()
    assert re.match(
        r"carrier, symmetric NAT: 6 mappings: port 1024 for abe: lets in server, forgotten in", words
    )
