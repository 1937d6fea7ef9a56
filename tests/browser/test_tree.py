"""The block tree in a real browser: tips, card, reorganisations, side by side; by pointer and by keys."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from support.views_page import ViewsPage

from blockchain_lab.lab import Lab

LEAVING = 300  # the event of fork_and_heal at which cat leaves its branch
WATCH_MENU = """() => {
  window.menus = [];
  document.getElementById('host').addEventListener('bl-menu', ({detail}) => menus.push(detail), true);
}"""
WATCH_CHANGES = """() => {
  window.changes = [];
  new MutationObserver(list => changes.push(...list.filter(({type}) => type === 'childList')))
    .observe(document.querySelector('.bl-scroll'), {childList: true, subtree: true});
}"""
TRAVELLING = """() => document.querySelector('.bl-scroll').getAnimations({subtree: true})
  .filter(animation => !(animation instanceof CSSTransition || animation instanceof CSSAnimation)).length"""
# What moves, and what is told, a frame after a step: a second later nothing moves any more.
STEP = f"""async () => {{
  store.stepBy(1);
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const count = document.querySelectorAll('.bl-way').length;
  return [({TRAVELLING})(), count, document.querySelector('.bl-news').textContent];
}}"""


@pytest.fixture(scope="module")
def labs() -> dict[str, Lab]:
    """Stories, run to their ends."""
    made = {name: Lab(name) for name in ("headers_first", "fork_and_heal")}
    for lab in made.values():
        lab.run(until=lab.scenario.until)
    return made


def show(browser: Browser, what: Lab | tuple[Any, ...], event: int, **options: Any) -> ViewsPage:
    """The tree alone."""
    view = ViewsPage(browser)
    if isinstance(what, Lab):
        view.show_lab(what, event=event, name="tree", **options)
    else:
        view.show_story(*what, event=event, name="tree", **options)
    return view


def block(page: Page, name: str) -> Any:
    """The box of a block, by the name that it shows."""
    return page.locator(".bl-boxes > g").filter(has=page.get_by_text(name, exact=True)).first


def get_tips(page: Page) -> list[str]:
    """What the chips over the tree say."""
    return [text.replace("\n", "") for text in page.locator(".bl-tip").all_inner_texts()]


def test_the_longest_branch_and_the_one_with_most_work_are_told_apart(browser: Browser) -> None:
    """Ten easy blocks weigh less than five of which three are hard: the chips and the colours say so."""
    view = show(browser, ("lightAndHeavy",), 5)

    tips = get_tips(view.page)
    assert ["B5c", "B10", "B6b"] == [tip.split("height")[0].strip() for tip in tips]
    assert "height 5, work 66, most" in tips[0]
    assert "height 10, 44 less work, longest" in tips[1]
    assert "height 6, 44 less work" in tips[2]

    view.do("() => store.goto(4)")
    assert "same work" in get_tips(view.page)[1]
    assert [] == view.complaints


def test_a_selected_block_tells_what_is_known_of_it_and_leads_on(
    browser: Browser, labs: dict[str, Lab]
) -> None:
    """A click: height, work, owners, who saw it first, its hash; on to the event, to "why", to the bytes."""
    view = show(browser, labs["headers_first"], 611)
    page = view.page
    page.evaluate("() => { window.opened = []; store.onOpen(name => opened.push(name)); }")
    block(page, "B150").click()
    view.wait_for_pictures()

    card = page.locator(".bl-card")
    text = card.inner_text()
    assert "full block, active, height 150, work 302 (2 less work than B151)" in text
    assert "full: server; header only: ann and bob. First on the disk of server" in text
    chosen = page.evaluate("() => store.selection.slice(6)")
    assert card.locator("code").inner_text() == chosen

    card.get_by_role("button", name="Bytes of the message that brought it").click()
    facts = page.evaluate("() => store.trace.record(Number(store.selection.split(':')[2])).facts")
    assert "headers" == facts["command"]  # its body is not there yet
    page.evaluate("hash => store.select('block:' + hash)", chosen)
    view.wait_for_pictures()
    card.get_by_role("button", name="Why does this block exist?").click()
    assert ["bytes", "why"] == page.evaluate("() => opened")

    card.get_by_role("button", name="event").click()
    assert page.evaluate("() => store.cursor") < 10
    card.get_by_role("button", name="Let the block go").click()
    view.wait_for_pictures()
    assert card.is_hidden()
    assert [] == view.complaints


def test_a_reorganisation_is_shown_on_its_way_and_told(browser: Browser, labs: dict[str, Lab]) -> None:
    """Stepping onto the event: cat's chip and its way move for a second, a text says how many off and on."""
    view = show(browser, labs["fork_and_heal"], LEAVING - 1)
    page = view.page
    before = page.get_by_role("button", name="tip of cat: B4").bounding_box()
    # The chip and the line under it.
    assert [2, 1, "cat reorganised: 2 off, 3 on"] == page.evaluate(STEP)

    page.wait_for_selector(".bl-way", state="detached")
    after = page.get_by_role("button", name="tip of cat: B5").bounding_box()
    assert after["x"] > before["x"]
    assert after["y"] < before["y"]

    view.do(f"() => store.goto({LEAVING - 1})")
    assert 0 == page.evaluate(TRAVELLING)
    assert 0 == page.locator(".bl-news").count()
    assert [] == view.complaints


def test_with_less_motion_a_reorganisation_is_only_told(browser: Browser, labs: dict[str, Lab]) -> None:
    """The text is there, and nothing moves."""
    view = show(browser, labs["fork_and_heal"], LEAVING - 1)
    view.page.emulate_media(reduced_motion="reduce")
    view.do("() => store.stepBy(1)")

    assert (0, 0) == (view.page.evaluate(TRAVELLING), view.page.locator(".bl-way").count())
    assert "cat reorganised: 2 off, 3 on" == view.page.locator(".bl-news").inner_text()


def test_a_branch_that_is_left_turns_stale(browser: Browser, labs: dict[str, Lab]) -> None:
    """When the last peer has left it, B4 is stale: dashed, by name, in the legend."""
    lab = labs["fork_and_heal"]
    view = show(browser, lab, lab.head - 1)
    legend = view.page.locator(".bl-legend")
    assert "stale" not in legend.inner_text()

    view.do("() => store.stepBy(1)")

    assert "stale" in (block(view.page, "B4").get_attribute("aria-label") or "")
    assert "stale" in legend.inner_text()


def test_trees_stand_side_by_side_and_lacking_blocks_are_hollow(
    browser: Browser, labs: dict[str, Lab]
) -> None:
    """Two sides of a partition: one scale, what a peer lacks is hollow, twins are named, states counted."""
    view = show(browser, labs["fork_and_heal"], 266)
    page = view.page
    page.get_by_role("button", name="Side by side").click()
    view.wait_for_pictures()

    sections = page.locator(".bl-compare section")
    assert 6 == sections.count()
    assert "distinct local states: 2" in page.locator(".bl-summary").inner_text()
    assert "lacks 3 blocks, same as bob and cat" in page.locator(".bl-compare-name").first.inner_text()
    assert ["Tree of ann", "Tree of dan"] == [sections.nth(i).get_attribute("aria-label") for i in (0, 1)]
    hollow = [
        sections.nth(i).locator(".bl-unknown .bl-name").all_text_contents() for i in (0, 1)
    ]  # ann's, then dan's
    assert [["B3b", "B4b", "B5"], ["B3", "B4"]] == [sorted(names) for names in hollow]
    places = [sections.nth(i).locator("g", has_text="B5").last.bounding_box()["x"] for i in (0, 1)]
    assert places[0] == places[1]

    page.locator(".bl-chooser summary").click()
    page.get_by_label("ann", exact=True).uncheck()
    view.wait_for_pictures()
    assert 5 == sections.count()
    page.keyboard.press("Escape")
    assert page.get_by_label("bob", exact=True).is_hidden()
    assert [] == view.complaints


def test_side_by_side_is_asked_for_by_a_list_and_walked_by_keys(
    browser: Browser, labs: dict[str, Lab]
) -> None:
    """`seen_by` takes a list; Down goes through names and blocks of all trees, Enter selects in all."""
    view = show(browser, labs["headers_first"], 611, seen_by=["ann", "server"])
    page = view.page
    names = page.locator(".bl-compare section").evaluate_all("all => all.map(each => each.ariaLabel)")
    assert ["Tree of ann", "Tree of server"] == names

    page.locator(".bl-compare-name").first.focus()
    page.keyboard.press("ArrowDown")
    assert "ann: block G, height 0, full block" == page.locator(":focus").get_attribute("aria-label")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    view.wait_for_pictures()

    assert 2 == page.locator(".bl-compare .bl-selected").count()
    assert "header only: ann" in page.locator(".bl-card").inner_text()
    assert [] == view.complaints


def test_keys_walk_the_tree_select_and_ask_for_a_menu(browser: Browser, labs: dict[str, Lab]) -> None:
    """One tab stop: Down moves from block to tag, Enter selects, the Menu key asks at the mark's place."""
    view = show(browser, labs["headers_first"], 611)
    page = view.page
    page.evaluate(WATCH_MENU)
    assert 1 == page.locator(".bl-scroll [tabindex='0']").count()
    page.locator(".bl-scroll [tabindex='0']").focus()
    page.keyboard.press("Enter")
    view.wait_for_pictures()
    assert page.evaluate("() => store.selection === `block:${store.trace.genesis}`")

    page.keyboard.press("ArrowDown")
    assert "tip of cat: G" == page.locator(":focus").get_attribute("aria-label")
    page.keyboard.press("ContextMenu")
    (menu,) = page.evaluate("() => menus")
    place = page.locator(".bl-tag", has_text="cat").bounding_box()
    assert "peer:cat" == menu["target"]
    assert place["x"] <= menu["x"] <= place["x"] + place["width"]
    assert 611 == page.evaluate("() => store.cursor")
    assert [] == view.complaints


def test_a_right_click_asks_for_the_menu_of_what_is_there(browser: Browser, labs: dict[str, Lab]) -> None:
    """A block, a block within a run, empty space; with Shift the browser keeps its own menu."""
    view = show(browser, labs["headers_first"], 611)
    page = view.page
    page.evaluate(WATCH_MENU)
    chosen = block(page, "B150")
    chosen.click(button="right")
    chosen.click(button="right", modifiers=["Shift"])
    page.locator(".bl-run-line").click(button="right")
    box = page.locator(".bl-scroll").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 20, button="right")

    menus = page.evaluate("() => menus.map(({target}) => target)")
    assert [chosen.get_attribute("data-name"), None] == [menus[0], menus[2]]
    heights = (
        "hash => [...document.querySelectorAll('.bl-boxes [data-name]')].some(e => e.dataset.name === hash)"
    )
    assert menus[1].startswith("block:")
    assert not page.evaluate(heights, menus[1])  # it has no box of its own
    assert [] == view.complaints


def test_pointing_and_selecting_build_nothing(browser: Browser, labs: dict[str, Lab]) -> None:
    """Hover and selection are shared and only toggle classes; a record lights up the blocks it is about."""
    view = show(browser, labs["headers_first"], 611)
    page = view.page
    page.evaluate(WATCH_CHANGES)
    block(page, "B149").hover()
    view.wait_for_pictures()
    assert block(page, "B149").get_attribute("data-name") == page.evaluate("() => store.hover")
    block(page, "B149").click()
    view.wait_for_pictures()
    assert ["B149"] == page.locator(".bl-boxes .bl-selected .bl-name").all_text_contents()

    view.do("""() => {
      const rows = [...Array(store.trace.length).keys()];
      const name = document.querySelector('.bl-boxes .bl-selected').dataset.name.slice(6);
      const row = rows.find(at => store.trace.record(at).facts.hash === name);
      store.select(`record:${store.branch}:${row}`);
    }""")
    assert ["B149"] == page.locator(".bl-boxes .bl-about .bl-name").all_text_contents()
    assert 0 == page.locator(".bl-boxes .bl-selected").count()
    assert 0 == page.evaluate("() => changes.length")
    assert [] == view.complaints


def test_a_liars_many_blocks_become_a_count_that_opens(browser: Browser) -> None:
    """300 stale blocks of height 1, 40 orphans: four marks each; a click shows more, the table lists all."""
    view = show(browser, ("liar", {"blocks": 900}), 843)
    page = view.page
    boxes = page.locator(".bl-boxes > g")
    few = boxes.count()
    assert few < 20
    assert "334 hidden" in page.locator(".bl-summary").inner_text()
    stale = page.get_by_role("button", name="297 more blocks on 297 stale branches")
    assert "+ 297" == stale.text_content()

    stale.dispatch_event("click")
    view.wait_for_pictures()
    assert few + 9 == boxes.count()
    assert "325 hidden" in page.locator(".bl-summary").inner_text()

    page.get_by_role("button", name="Table: Blocks").click()
    view.wait_for_pictures()
    assert "The first 500 of 1,241 rows" in page.locator(".bl-table").inner_text()
    assert [] == view.complaints


def test_the_table_tells_what_the_picture_shows(browser: Browser, labs: dict[str, Lab]) -> None:
    """Block, height, state, work, first seen, tips on it; choosing a row selects the block."""
    view = show(browser, labs["fork_and_heal"], labs["fork_and_heal"].head)
    page = view.page
    page.get_by_role("button", name="Table: Blocks").click()
    view.wait_for_pictures()
    rows = page.locator(".bl-table tbody tr").all_inner_texts()

    assert 8 == len(rows)
    assert ["B5", "5", "full block, active", "12"] == rows[0].split("\t")[:4]
    assert rows[0].endswith("ann, bob, cat, dan, eve, fay")
    assert any(row.startswith("B4\t4\tfull block, stale\t10\t") for row in rows)

    page.locator(".bl-table").get_by_role("button", name="B4", exact=True).click()
    view.wait_for_pictures()
    assert "full block, stale, height 4, work 10" in page.locator(".bl-card").inner_text()
    assert [] == view.complaints
