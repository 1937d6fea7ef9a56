"""Popular sentences about Casper beside the rule: walked, listened to, and compared with the nodes."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser
from support.audit import PAPERS, find_faults, lay_on
from support.views_page import ViewsPage

from blockchain_lab.consensus.ffg_misreadings import MISREADINGS, get_growing_epoch
from blockchain_lab.lab import Lab

TEXTS = "all => all.map(each => [...each.children].slice(0, 3).map(child => child.textContent))"
PLACES = "all => all.map(each => [each.textContent, parseFloat(each.style.left)])"


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Eve joins; dan leaves, waits and takes his deposit."""
    lab = Lab("join_and_leave")
    lab.run(until=lab.scenario.until)
    return lab


@pytest.fixture(scope="module")
def page_of_lab(browser: Browser, lab: Lab) -> ViewsPage:
    """One page for all tests of the story: most of a test's time is loading it."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=lab.head, name="readings")
    return view


@pytest.fixture
def view(page_of_lab: ViewsPage, lab: Lab) -> Iterator[ViewsPage]:
    """That page, at its end, with the first sentence; nothing may go wrong on it."""
    page_of_lab.show_again(event=lab.head, name="readings", height=480)
    yield page_of_lab
    assert [] == page_of_lab.complaints


def test_every_sentence_stands_beside_its_rule_and_is_called_a_misreading(view: ViewsPage) -> None:
    """Nine rows; the chosen one with both texts, the source, and the word and the sign of the misreading."""
    page = view.page
    rows = page.locator(".bl-rows .bl-reading")
    assert [each.about.capitalize() for each in MISREADINGS] == rows.locator("b").all_inner_texts()

    for place, each in enumerate(MISREADINGS):
        rows.nth(place).click()
        view.wait_for_pictures()
        assert "true" == rows.nth(place).get_attribute("aria-pressed")
        holds, says = page.locator(".bl-reading-side").all_inner_texts()
        assert holds.startswith("✓ the rule")
        assert each.holds in holds
        assert each.source in holds
        assert says.startswith("✗ misreading")
        assert f"“{each.says}”" in says
        assert page.locator(".bl-strip-cell").count() >= 1
        assert page.locator(".bl-strip-over .bl-strip-span").count() >= 1
        assert page.locator(".bl-strip-under .bl-strip-span").count() >= 1
        assert page.locator(".bl-reading-here").inner_text()


def test_the_answers_are_those_of_the_run(view: ViewsPage, lab: Lab) -> None:
    """Of an earlier moment, too: epoch, what is final, and when dan may withdraw."""
    page = view.page
    for event in (lab.head // 3, lab.head):
        view.do(f"() => store.goto({event})")
        lab.goto(event=event)
        branches = lab.peer("ann").branches
        state, height = branches.get_state(branches.head).finality, branches.head.height
        told = {
            name: (rule, misread)
            for name, rule, misread in page.locator(".bl-rows .bl-reading").evaluate_all(TEXTS)
        }
        final = branches.tree[state.last_finalised.block].height
        assert told["Epoch"][0].startswith(f"epoch {height // 5},")
        assert told["Epoch"][1].startswith(f"epoch {get_growing_epoch(height, 5)},")
        assert told["Finality"][0].startswith(f"up to B{final}")
        assert f"{state.finalised_count} for all blocks" == told["Dynasty"][1]
    end = state.dynasty_starts[state.validators["dan"].end]
    assert f"dan: from epoch {end + 4}" == told["Withdrawal"][0]
    assert told["Withdrawal"][0] != told["Withdrawal"][1]


def test_rows_and_blocks_are_walked_by_keys(view: ViewsPage) -> None:
    """Up and Down choose a sentence; in the picture they choose a block, for all views."""
    page = view.page
    page.locator(".bl-rows .bl-reading[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    view.wait_for_pictures()
    assert "Checkpoint" == page.locator(".bl-rows .bl-selected b").inner_text()
    assert page.evaluate("() => store.selection") is None
    assert "Checkpoint" == page.locator(".bl-reading-card").get_attribute("aria-label")

    page.locator(".bl-strip-cell[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    view.wait_for_pictures()
    chosen = page.evaluate("() => store.selection")
    assert chosen == page.locator(".bl-strip-cell.bl-selected").get_attribute("data-name")
    assert chosen.startswith("block:")
    page.keyboard.press("Enter")
    view.wait_for_pictures()
    assert page.evaluate("() => store.selection") is None


def test_epochs_of_equal_length_stand_over_growing_ones(view: ViewsPage) -> None:
    """The borders over the blocks are equally far apart; those under them ever farther."""
    page = view.page
    over, under = (
        page.locator(f".bl-strip-{side} .bl-strip-span").evaluate_all(PLACES) for side in ("over", "under")
    )
    steps = [[b - a for (_, a), (_, b) in pairwise(side)][1:] for side in (over, under)]

    assert max(steps[0]) - min(steps[0]) < 0.01
    assert all(later > earlier for earlier, later in pairwise(steps[1]))


def test_the_table_has_both_texts_and_both_answers(view: ViewsPage) -> None:
    """For who copies them or hears them."""
    page = view.page
    page.get_by_role("button", name="Table: Readings").click()
    view.wait_for_pictures()
    rows = page.locator(".bl-table tbody tr").all_inner_texts()
    assert all(each.says in row and each.holds in row for each, row in zip(MISREADINGS, rows, strict=True))
    page.get_by_role("button", name="Table: Readings").click()
    summary = page.locator(".bl-readings > .bl-hidden").inner_text()
    assert summary.startswith("Readings on the branch of ann, each rule and its popular misreading.")


def test_where_a_run_has_no_example_the_story_that_has_one_is_named(view: ViewsPage) -> None:
    """Early nobody has asked to leave; before its start a peer has no branch."""
    page = view.page
    view.do("() => store.goto(60)")
    page.locator(".bl-rows [data-name='withdrawal']").click()
    view.wait_for_pictures()
    assert "the story join_and_leave shows it" in page.locator(".bl-reading-here").inner_text()
    assert page.locator(".bl-reading-strip").is_hidden()
    view.do("() => store.goto(0)")
    assert "ann is off." == page.locator(".bl-readings > .bl-empty").inner_text()


@pytest.mark.parametrize("paper", PAPERS)
def test_axe_finds_no_fault(view: ViewsPage, lab: Lab, paper: str) -> None:
    """Names, roles and contrast of rows, texts and every picture."""
    lay_on(view.page, paper)
    view.show_again(event=lab.head, name="readings", height=480)
    for name in ("epoch", "deposit", "who votes"):
        view.page.locator(f".bl-rows [data-name='{name}']").click()
        view.wait_for_pictures()
        assert [] == find_faults(view.page), name


def test_under_a_lens_it_is_that_peers_branch(view: ViewsPage) -> None:
    """Nobody chooses another one until the lens goes; then the choice is what it was before."""
    choice = view.page.locator(".bl-readings select")
    view.do("() => store.lookAs('bob')")
    assert ("bob", True) == (choice.input_value(), choice.is_disabled())
    view.do("() => store.lookAs(null)")
    assert ("ann", False) == (choice.input_value(), choice.is_disabled())


def test_where_no_popular_text_is_known_the_view_says_so(browser: Browser) -> None:
    """Other chains have rules, too, and nobody has collected what is said of them."""
    view = ViewsPage(browser)
    view.show_story("finality", event=40, name="readings", height=480)
    assert "Casper's have some" in view.page.locator(".bl-readings > .bl-empty").inner_text()
    assert [] == view.complaints
