"""“Why?” is asked and walked by pointer and by keyboard; the chain is Python's. And the list of events."""

import pytest
from playwright.sync_api import Browser
from support.live_page import LivePage
from support.views_page import ViewsPage

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.lab import Lab

ROWS = "all => all.map(e => Number(e.dataset.row))"


@pytest.fixture(scope="module")
def fork() -> Lab:
    """A cut network and its healing, run to the end."""
    lab = Lab("fork_and_heal")
    lab.run(until=lab.scenario.until)
    return lab


def find_tip_note(lab: Lab, peer: str, event: int) -> Record:
    """The last change of a peer's tip up to an event."""
    host = lab.names.index(peer)
    notes = [r for r in lab.trace if r.event <= event and r.peer == host and r.kind is Kind.NOTE]
    return [note for note in notes if note.detail[0] == "tip changed"][-1]


def get_chain(lab: Lab, record: Record) -> list[int]:
    """Python's answer, origin first."""
    return [cause.id for cause in lab.why(record)][::-1]


def open_why(browser: Browser, lab: Lab, event: int) -> ViewsPage:
    """A workbench with the view beside the network."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=event, views=["why", "bytes"])
    return view


def test_a_peers_tip_is_explained_with_pythons_own_chain(browser: Browser, fork: Lab) -> None:
    """Why is eve on B2? Because of these records, origin first; after B4 has come, because of others."""
    view = open_why(browser, fork, 200)
    view.do("() => store.select('peer:eve')")
    page = view.page
    assert "Why is eve on B2?" == page.locator(".bl-question").inner_text()
    assert get_chain(fork, find_tip_note(fork, "eve", 200)) == page.locator(".bl-step").evaluate_all(ROWS)
    sentences = page.locator(".bl-step .bl-what").all_inner_texts()
    assert ("dan shall mine", "eve stands on B2 now") == (sentences[0], sentences[-1])

    view.do(f"() => store.goto({fork.head})")
    assert get_chain(fork, find_tip_note(fork, "eve", fork.head)) == page.locator(".bl-step").evaluate_all(
        ROWS
    )
    assert [] == view.complaints


def test_the_chain_is_walked_by_keyboard_and_the_question_stays(browser: Browser, fork: Lab) -> None:
    """Down moves, Enter goes there in time and selects the step for the other views; Tab reaches its hex."""
    view = open_why(browser, fork, 200)
    view.do("() => store.select('peer:eve')")
    page = view.page
    page.locator(".bl-step-main[tabindex='0']").focus()
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    view.wait_for_pictures()
    row = get_chain(fork, find_tip_note(fork, "eve", 200))[2]
    expected = [fork.trace[row].event, f"record:0:{row}", "Why is eve on B2?"]
    shown = "() => [store.cursor, store.selection, document.querySelector('.bl-question').textContent]"
    assert expected == view.do(shown)
    assert str(row) == page.locator(".bl-step.bl-selected").get_attribute("data-row")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "item count" in page.locator(".bl-peek").inner_text()
    page.keyboard.press("ArrowLeft")
    assert expected[0] - 1 == view.do("() => store.cursor")
    assert [] == view.complaints


def test_a_steps_bytes_open_in_the_bytes_view(browser: Browser, fork: Lab) -> None:
    """First fields and bytes at hand; a button shows the whole message."""
    view = open_why(browser, fork, 200)
    view.do("() => store.select('peer:eve')")
    view.page.locator(".bl-unfold").first.click()
    view.page.get_by_role("button", name="Open in Bytes").click()
    view.wait_for_pictures()

    assert "Bytes" == view.page.locator(".bl-tab[aria-selected='true']").inner_text()
    assert "inv 1: B2, dan → eve" in view.page.locator(".bl-bytes .bl-title").inner_text()
    assert [] == view.complaints


def test_what_came_of_a_record_is_a_tree_that_says_what_it_hides(browser: Browser, fork: Lab) -> None:
    """Mining B1 set off hundreds of records: the first fifty hang together, the rest is counted."""
    mined = next(r for r in fork.trace if r.kind is Kind.ACTION)
    came = [r for r in fork.trace if mined.id in get_chain(fork, r)]
    view = open_why(browser, fork, mined.event)
    view.do(f"() => store.select('record:0:{mined.id}')")
    view.page.get_by_role("button", name="What came of it").click()
    view.wait_for_pictures()

    rows = view.page.locator(".bl-step").evaluate_all(ROWS)
    assert sorted(r.id for r in came)[:50] == sorted(rows)
    assert f"{len(came) - 50} later records left out" in view.page.locator(".bl-hidden-count").inner_text()
    assert f"{len(came) - 1} records came of it" in view.page.locator(".bl-why .bl-summary").inner_text()
    assert [] == view.complaints


def test_somebody_elses_copy_of_a_block_has_a_story_of_its_own(browser: Browser, fork: Lab) -> None:
    """The first who had it made it; cat got it otherwise, and at the start has not got it yet."""
    accepted = [
        r
        for r in fork.trace
        if r.kind is Kind.NOTE and r.detail[0] == "block accepted" and r.detail[1]["height"] == 1
    ]
    view = open_why(browser, fork, fork.head)
    page = view.page
    view.do(f"() => store.select('block:{accepted[0].detail[1]['hash']}')")
    assert (
        f"How did {fork.names[accepted[0].peer]} get block B1?" == page.locator(".bl-question").inner_text()
    )

    page.get_by_label("Whose copy").select_option("cat")
    view.wait_for_pictures()
    cats = next(note for note in accepted if fork.names[note.peer] == "cat")
    assert get_chain(fork, cats) == page.locator(".bl-step").evaluate_all(ROWS)
    view.do("() => store.goto(3)")
    assert "At the cursor cat does not have it yet." == page.locator(".bl-answer").inner_text()
    assert [] == view.complaints


def test_why_is_asked_with_one_key_from_anywhere(browser: Browser, fork: Lab) -> None:
    """The question mark opens the view for what is selected, in a workbench that did not show it."""
    view = ViewsPage(browser)
    view.show_lab(fork, event=200, views=["tree"])
    view.do("() => store.select('peer:fay')")
    view.page.locator(".blockchain-lab").focus()
    view.page.keyboard.press("?")
    view.wait_for_pictures()

    assert "Why is fay on B2?" == view.page.locator(".bl-question").inner_text()
    assert [] == view.complaints


def test_a_step_lights_up_elsewhere_and_asks_for_its_menu(browser: Browser, fork: Lab) -> None:
    """Pointing shares the hover; the right button asks for the menu of that record, by the Menu key, too."""
    view = open_why(browser, fork, 200)
    view.do("() => store.select('peer:eve')")
    view.do(
        "() => { window.asked = [];"
        "document.addEventListener('bl-menu', e => asked.push(e.detail.target), true); }"
    )
    page = view.page
    row = page.locator(".bl-step").nth(2).get_attribute("data-row")
    page.locator(".bl-step-main").nth(2).hover()
    assert f"record:0:{row}" == view.do("() => store.hover")

    page.locator(".bl-step-main").nth(2).click(button="right")
    page.keyboard.press("Escape")
    page.locator(".bl-step-main[tabindex='0']").focus()
    page.keyboard.press("Shift+F10")
    assert [f"record:0:{row}"] == view.do("() => asked.slice(0, 1)")
    assert 2 == len(view.do("() => asked"))
    assert [] == view.complaints


def test_events_are_filtered_by_kind_peer_and_word(browser: Browser, fork: Lab) -> None:
    """Tip changes; of ann only; those onto B1. Each list is Python's, too."""
    view = ViewsPage(browser)
    view.show_lab(fork, event=fork.head, name="events", height=500)
    page = view.page
    notes = [r for r in fork.trace if r.kind is Kind.NOTE and r.detail[0] == "tip changed"]
    page.get_by_label("Show", exact=True).select_option("tip change only")
    view.wait_for_pictures()
    assert f"{len(notes)} of {len(notes)}" == page.locator(".bl-events .bl-summary").inner_text()

    page.get_by_label("Of whom").select_option("ann")
    view.wait_for_pictures()
    anns = [note for note in notes if fork.names[note.peer] == "ann"]
    assert len(anns) == page.locator(".bl-event").count()

    page.get_by_label("Find a word").fill("on b1 ")
    page.wait_for_function("() => document.querySelectorAll('.bl-event').length === 1")
    assert "stands on B1 now" == page.locator(".bl-event .bl-what").inner_text()
    page.get_by_label("Find a word").fill("no such thing")
    page.get_by_text("No such record.").wait_for()
    assert [] == view.complaints


def test_an_action_is_the_origin_of_what_it_led_to(browser: Browser) -> None:
    """A block mined from the page: asked why, its chain begins with the reader's own deed."""
    lab = Lab("fork_and_heal")
    live = LivePage(browser)
    live.show_live(lab, event=150, views=["why"])
    live.act({"do": "Mine", "peer": "cat", "count": 1})
    tip = find_tip_note(lab, "bob", lab.head)
    live.do(f"() => store.select('record:{lab.branch}:{tip.id}')")

    assert get_chain(lab, tip) == live.page.locator(".bl-step").evaluate_all(ROWS)
    mined = next(r for r in lab.trace if r.event == 151)
    live.do(f"() => store.select('record:{lab.branch}:{mined.id}')")
    assert "cat shall mine" == live.page.locator(".bl-step .bl-what").first.inner_text()
    assert [] == live.complaints
