"""Checkpoints, validators and shares are read by pointer, keyboard and table; they show what nodes hold."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser
from support.audit import PAPERS, find_faults, lay_on
from support.views_page import ViewsPage

from blockchain_lab.base.units import display_hash
from blockchain_lab.consensus.finality_state import FinalityState
from blockchain_lab.consensus.shares import count_blocks
from blockchain_lab.lab import Lab

LEVELS = """all => Object.fromEntries(all.map(each =>
  [each.dataset.name.slice(6), each.querySelector('.bl-badge').dataset.level]))"""
TEXTS = "all => all.map(each => [...each.children].map(child => child.textContent))"


@pytest.fixture(scope="module")
def lab() -> Lab:
    """A validator that runs twice votes on both sides of a cut; both become final, and its deposit goes."""
    lab = Lab("twin_validator")
    lab.run(until=lab.scenario.until)
    return lab


@pytest.fixture(scope="module")
def page_of_lab(browser: Browser, lab: Lab) -> ViewsPage:
    """One page for all tests of the story: most of a test's time is loading it."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=lab.head, name="validators")
    return view


@pytest.fixture
def view(page_of_lab: ViewsPage) -> Iterator[ViewsPage]:
    """That page; nothing may go wrong on it."""
    yield page_of_lab
    assert [] == page_of_lab.complaints


def show(view: ViewsPage, name: str, event: int, **options: Any) -> None:
    """A view alone, as it opens, at an event."""
    view.show_again(event=event, name=name, height=480, **options)


def get_state(lab: Lab, name: str, event: int) -> FinalityState:
    """What Casper says behind a peer's head."""
    lab.goto(event=event)
    branches = lab.peer(name).branches
    return branches.get_state(branches.head).finality


def find_levels(lab: Lab, name: str, event: int) -> dict[str, str]:
    """Of the last justified and the last final checkpoint on a peer's branch."""
    state = get_state(lab, name, event)
    levels = {state.last_justified.block: "justified", state.last_finalised.block: "finalised"}
    return {display_hash(block): level for block, level in levels.items()}


def test_the_tree_marks_what_a_peer_knows_to_be_justified_and_final(view: ViewsPage, lab: Lab) -> None:
    """Before the cut no conflict; each mark is the node's, with words, a sign in the legend and a number."""
    event = lab.head // 4
    show(view, "tree", event, seen_by="ann")
    page = view.page
    marks = page.locator(".bl-boxes > g:has(.bl-badge)").evaluate_all(LEVELS)

    expected = find_levels(lab, "ann", event)
    assert 2 == len(set(expected.values()))
    assert expected == {name: marks[name] for name in expected}
    assert "conflicting" not in marks.values()
    legend = page.locator(".bl-legend").inner_text()
    assert "justified" in legend
    assert "two thirds voted so" in legend
    assert "epoch 2" in (page.locator(".bl-borders").text_content() or "")
    final = next(name for name, level in expected.items() if level == "finalised")
    box = page.locator(f"[data-name='block:{final}']")
    assert ", final" in (box.get_attribute("aria-label") or "")
    box.click()
    view.wait_for_pictures()
    assert "checkpoint of epoch" in page.locator(".bl-card").inner_text()
    assert page.locator(".bl-arc.bl-lit").count() >= 1
    page.get_by_role("button", name="Table: Blocks").click()
    view.wait_for_pictures()
    assert ", final" in page.locator(f".bl-table tr[data-name='block:{final}']").inner_text()
    page.get_by_role("button", name="Table: Blocks").click()


def test_two_final_checkpoints_in_conflict_are_seen_from_both_sides(view: ViewsPage, lab: Lab) -> None:
    """At the end everybody has heard of both branches; side by side each has the signs of its own blocks."""
    show(view, "tree", lab.head)
    page = view.page

    assert page.locator(".bl-boxes > g.bl-at-conflicting").count() >= 2
    assert "in conflict" in page.locator(".bl-tree > .bl-head .bl-summary").inner_text()
    show(view, "tree", lab.head, seen_by=["ann", "bob"])
    for section in page.locator(".bl-compare section").all():
        assert section.locator(".bl-at-conflicting .bl-badge").count() >= 2


def test_rows_bars_and_chips_are_those_of_the_node(view: ViewsPage, lab: Lab) -> None:
    """Deposits, sets, epochs, dynasty; what both sets have voted; at several moments, on two branches."""
    page = view.page
    for event, name in ((lab.head // 5, "ann"), (lab.head // 2, "bob"), (lab.head, "ann"), (lab.head, "bob")):
        show(view, "validators", event, seen_by=name)
        state = get_state(lab, name, event)
        rows = {row[0]: row for row in page.locator(".bl-rows .bl-validator").evaluate_all(TEXTS)}
        assert list(state.validators) == list(rows)
        for each, units in state.deposits.items():
            assert f"{units:,}" == rows[each][1]
        tally = state.get_tally()
        words = page.locator(".bl-tally-words").all_inner_texts()
        assert words[0].startswith(f"{tally.forward:,} of {state.epoch.forward.total:,}, ")
        assert words[1].startswith(f"{tally.rear:,} of {state.epoch.rear.total:,}, ")
        head = page.locator(".bl-head .bl-summary").inner_text()
        assert head.startswith(f"epoch {state.epoch.number}, dynasty {state.dynasty}, ")
        chips = page.locator(".bl-final-strip button").evaluate_all(
            "all => all.map(each => each.dataset.name)"
        )
        finals = [display_hash(at.block) for at in (state.last_finalised, state.last_justified)]
        assert [f"block:{hash}" for hash in finals] == chips[:2]
        included = page.locator(".bl-rows .bl-validator > :nth-child(6).bl-included").count()
        assert len(state.votes) == included


def test_who_can_be_slashed_and_who_was(view: ViewsPage, lab: Lab) -> None:
    """The account of the conflict stands over the rows; the row of the guilty one says what it lost."""
    show(view, "validators", lab.head, seen_by="ann")
    page = view.page

    account = page.locator(".bl-account")
    assert "slashable" in account.inner_text()
    assert "cat can be slashed" in (account.get_attribute("data-tip") or "")
    row = page.locator("[data-validator='cat']")
    assert "slashed: double" in row.inner_text()
    assert "Slashed: cat." in page.locator(".bl-validators > .bl-hidden").inner_text()
    show(view, "validators", lab.head // 4, seen_by="ann")
    assert 0 == page.locator(".bl-account").count()


def test_rows_are_walked_by_keys_and_votes_chosen(view: ViewsPage, lab: Lab) -> None:
    """Up and Down choose a validator, who is a peer too; its votes are buttons, and the tree knows them."""
    show(view, "validators", lab.head, seen_by="ann")
    page = view.page
    page.locator(".bl-rows .bl-validator[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    view.wait_for_pictures()
    assert "peer:bob" == page.evaluate("() => store.selection")
    assert "bob" == page.locator(".bl-head select").input_value()
    assert "bob" in page.locator(".bl-detail b").inner_text()
    page.keyboard.press("Enter")
    view.wait_for_pictures()
    assert page.evaluate("() => store.selection") is None

    cell = page.locator("[data-validator='cat'] [data-vote]").last
    vote = cell.get_attribute("data-vote")
    cell.click()
    view.wait_for_pictures()
    assert vote == page.evaluate("() => store.selection")
    assert page.locator("[data-validator='cat'].bl-about").is_visible()
    buttons = page.locator(".bl-detail-votes button")
    assert "true" == page.locator(f".bl-detail-votes [data-name='{vote}']").get_attribute("aria-pressed")
    buttons.last.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    view.wait_for_pictures()
    chosen = page.evaluate("() => store.selection")
    assert chosen.startswith("vote:")
    assert chosen != vote
    assert 1 == buttons.and_(page.locator(":focus")).count()
    page.evaluate("() => store.select(null)")


def test_shares_are_counted_on_the_branch_of_the_chosen_peer(view: ViewsPage, lab: Lab) -> None:
    """Blocks by name, and units, as the node's own branch has them; the table says the same."""
    page = view.page
    for name in ("ann", "bob"):
        show(view, "shares", lab.head, seen_by=name)
        lab.goto(event=lab.head)
        branches = lab.peer(name).branches
        counts = count_blocks(branches.rules.genesis, branches.head)
        tips = page.locator(".bl-rows .bl-bar-row").evaluate_all("all => all.map(each => each.dataset.tip)")
        for each, blocks in counts.items():
            assert any(tip.startswith(f"{each} ") and f" made {blocks} of " in tip for tip in tips), tips
    page.get_by_role("button", name="Table: Shares").click()
    view.wait_for_pictures()
    rows = page.locator(".bl-table tbody tr").evaluate_all(TEXTS)
    assert {name: str(blocks) for name, blocks in counts.items()} == {
        row[0]: row[3] for row in rows if row[3] != "0"
    }
    page.get_by_role("button", name="Table: Shares").click()


@pytest.mark.parametrize("paper", PAPERS)
def test_axe_finds_no_fault_in_conflicts_rows_and_bars(view: ViewsPage, lab: Lab, paper: str) -> None:
    """Names, roles and contrast of the tree with marks, of the validators and of the shares."""
    lay_on(view.page, paper)
    for name, event in (("tree", lab.head // 4), ("validators", lab.head), ("shares", lab.head)):
        show(view, name, event, seen_by="ann")
        view.do("() => store.select('peer:ann')")
        assert [] == find_faults(view.page), name


def test_a_majority_that_takes_all_blocks_stands_outside_its_band(browser: Browser) -> None:
    """Its own branch is nearly all its own; the bar has a sign and a word, not only a colour."""
    lab = Lab("majority_stake")
    lab.run(until=lab.scenario.until)
    view = ViewsPage(browser)
    view.show_lab(lab, event=lab.head, name="shares", seen_by="ann", height=480)
    row = view.page.locator("[data-name='peer:ann']")

    assert "!" in row.inner_text()
    assert "outside three standard errors" in (row.get_attribute("data-tip") or "")
    assert row.get_attribute("data-tip") == "".join(row.locator("b, .bl-hidden").all_text_contents())
    assert "outside 3σ: ann" in view.page.locator(".bl-summary").inner_text()
    assert [] == view.complaints


def test_a_thousand_validators_are_shown_in_portions(browser: Browser) -> None:
    """Forty rows and a count of the rest; a press shows more. Where nobody votes a line says so."""
    view = ViewsPage(browser)
    view.show_story("manyValidators", {}, event=30, name="validators", height=480)
    page = view.page
    rows = page.locator(".bl-rows .bl-validator")

    assert 40 == rows.count()
    page.get_by_role("button", name="960 more with").click()
    view.wait_for_pictures()
    assert 160 == rows.count()
    view.do("() => store.goto(0)")
    assert "ann is off." in page.locator(".bl-validators > .bl-empty").inner_text()
    assert [] == view.complaints


def test_where_nobody_votes_or_draws_lots_the_views_say_so(browser: Browser) -> None:
    """Bitcoin's nodes say neither who may vote nor by which share blocks are made."""
    view = ViewsPage(browser)
    view.show_story("forkAndHeal", event=60, name="validators")
    assert "Nobody votes here" in view.page.locator(".bl-empty").inner_text()
    view.show_again(event=60, name="shares")
    assert "Nobody says here who proposes blocks" in view.page.locator(".bl-empty").inner_text()
    assert [] == view.complaints
