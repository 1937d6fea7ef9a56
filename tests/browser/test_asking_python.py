"""A page and a real lab: what the reader asks reaches Python, and what comes of it the reader."""

import pytest
from playwright.sync_api import Browser, expect
from support.live_page import LivePage
from support.talking_lab import make_talking_lab

from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill

KILL = {"do": "Kill", "peer": "ann", "seen_as": "reset"}
STUMBLE = {"do": "Stumble", "peer": "ann"}


@pytest.fixture
def lab() -> Lab:
    """Five talkers."""
    return make_talking_lab(title="Five <b>talkers</b>")


def test_a_block_mined_from_the_page_is_in_python_and_on_the_page(browser: Browser) -> None:
    """The event of the action is the next one; the page stands there, and so does the lab."""
    lab = Lab("fork_and_heal")
    live = LivePage(browser)
    live.show_live(lab, event=100)

    answered = live.act({"do": "Mine", "peer": lab.names[0], "count": 1})

    assert {"ok": True, "text": ""} == answered
    assert (101, 101) == (lab.cursor, live.do("() => store.cursor"))
    assert "Mine" == live.do("() => store.trace.record(store.trace.rowsUpTo(100)).facts.do")
    assert [] == live.complaints


def test_where_the_reader_rests_and_what_he_selects_is_in_python(lab: Lab, live: LivePage) -> None:
    """By keyboard: two events on; then a peer is chosen."""
    live.page.locator(".blockchain-lab").focus()
    for _ in range(2):
        live.page.keyboard.press("ArrowRight")
    live.do("() => store.select('peer:bob')")
    live.settle()

    assert (32, "peer:bob") == (lab.cursor, lab.selection)


def test_a_branch_is_begun_and_left_and_a_selection_follows(lab: Lab, live: LivePage) -> None:
    """A record before the fork is the same one on both branches; one behind it is let go."""
    live.do("() => store.goto(100)")
    live.do("() => store.goto(40)")
    live.do("() => store.select(`record:0:${store.trace.rowsUpTo(20)}`)")
    live.settle()

    live.act(KILL)
    assert ([1, 41], (1, 41)) == (live.do("() => [store.branch, store.cursor]"), (lab.branch, lab.cursor))
    assert "Kill ann" == live.do("() => store.branches[1].label")
    assert lab.selection is not None
    assert lab.selection.startswith("record:1:")

    live.do("() => store.select(`record:1:${store.trace.length - 1}`)")
    live.do("() => store.switchTo(0)")
    live.settle()
    assert [0, 41, None] == live.do("() => [store.branch, store.cursor, store.selection]")
    assert (0, 41, None) == (lab.branch, lab.cursor, lab.selection)


def test_beginning_anew_with_another_seed(lab: Lab, live: LivePage) -> None:
    """Everything that a page knows of a run is told again."""
    live.act(KILL)

    live.do("() => store.reset('99')")
    live.settle()

    told = "() => [store.trace.seed, store.cursor, store.branches.length, store.trace.length]"
    assert ["99", 10, 0, len(lab.trace)] == live.do(told)
    assert (99, 10) == (lab.scenario.seed, lab.cursor)


def test_a_refusal_is_a_note_that_can_be_dismissed(lab: Lab, live: LivePage) -> None:
    """In the words of a cell; the focus goes back to the widget, so that the keys go on."""
    refused = live.act({"do": "Kill", "peer": "<i>zoe</i>", "seen_as": "reset"})

    note = live.page.locator(".bl-notes").get_by_role("status").filter(has_text="zoe")
    expect(note).to_contain_text("<i>zoe</i>")
    assert not refused["ok"]
    note.get_by_role("button", name="Dismiss").click()
    expect(note).to_have_count(0)
    live.page.keyboard.press("ArrowRight")
    assert 31 == live.do("() => store.cursor")


def test_a_node_that_raises_is_told_in_a_sentence_with_its_traceback_folded(lab: Lab, live: LivePage) -> None:
    """The event is undone, the lab goes on; who wants to know where, unfolds it, by keyboard too."""
    refused = live.act(STUMBLE)

    alert = live.page.get_by_role("alert")
    sentence = "Python raised RuntimeError: stumbled. The lab stands at event 30."
    expect(alert).to_contain_text(sentence)
    assert {"ok": False, "text": sentence} == refused
    assert 1 == live.page.get_by_text(sentence).count()  # not as a notice, too
    code = live.page.get_by_label("Traceback")
    expect(code).to_be_hidden()
    live.page.locator("summary", has_text="Traceback").focus()
    live.page.keyboard.press("Space")
    expect(code).to_contain_text('raise RuntimeError("stumbled")')
    assert not live.do("() => store.playing")

    assert live.act(KILL)["ok"]
    expect(alert).to_be_hidden()
    expect(code).to_be_hidden()
    assert 31 == lab.cursor


def test_a_dead_kernel_leaves_the_page_to_be_looked_at(lab: Lab, live: LivePage) -> None:
    """Time goes on, acting says why not; when the line is back, so is everything that was missed."""
    live.do("() => setKernel({status: 'dead'})")
    gone = live.page.get_by_role("status").filter(has_text="Python is gone")
    expect(gone).to_have_text("Python is gone: looking works, acting does not. Run the cell again.")

    live.page.locator(".blockchain-lab").focus()
    live.page.keyboard.press("End")
    assert lab.head == live.do("() => store.cursor")
    assert "not connected" in live.act(KILL)["text"]
    assert 30 == lab.cursor

    lab.do(Kill("bob"))
    live.miss()
    live.do("() => setKernel({status: 'idle'})")
    live.settle()
    expect(gone).to_have_count(0)
    assert len(lab.trace) == live.do("() => store.trace.length")


def test_two_pages_of_one_lab_see_the_same_run(browser: Browser, lab: Lab, live: LivePage) -> None:
    """Each reader stands where he likes until somebody acts: then both see what came of it."""
    second = LivePage(browser)
    second.show_live(lab, name="network")
    second.do("() => store.goto(50)")
    second.settle()
    assert (30, 50) == (live.do("() => store.cursor"), lab.cursor)

    assert second.act(KILL)["ok"]
    live.deliver()

    where = "() => [store.cursor, store.trace.length, store.branch]"
    assert [51, len(lab.trace), 0] == live.do(where) == second.do(where)
    assert [] == second.complaints


def test_two_labs_on_two_pages_do_not_meet(browser: Browser, lab: Lab, live: LivePage) -> None:
    """Two notebooks: what happens to one lab leaves the other alone."""
    other = make_talking_lab()
    second = LivePage(browser)
    second.show_live(other, event=30)
    digest = lab.digest()

    second.act(KILL)
    second.do("() => store.select('peer:cat')")
    second.settle()
    live.deliver()

    assert ([30, None], digest) == (live.do("() => [store.cursor, store.selection]"), lab.digest())
    assert (31, "peer:cat") == (other.cursor, other.selection)


def test_two_views_of_one_lab_on_one_page_go_together(lab: Lab, live: LivePage) -> None:
    """A second view in another cell: one store, one cursor; taking one away leaves the other."""
    live.page.evaluate("""async () => {
      const {mount} = await import(`${location.origin}/widgets/blockchain_lab_widgets/js/views.js`);
      const host = document.body.appendChild(document.createElement("div"));
      window.second = mount(host, store, {name: "events"});
    }""")
    live.wait_for_pictures()
    places = live.page.locator(".bl-place")
    expect(places).to_have_count(2)

    live.do("() => store.goto(44)")
    assert ["44", "44"] == [text.split("/")[0].strip() for text in places.all_inner_texts()]
    live.do("() => unmount()")
    live.do("() => store.goto(45)")
    expect(places).to_have_count(1)
    assert places.inner_text().startswith("45 /")
