"""Two runs drawn together: by pointer and by keyboard, with a real carrier behind each of them."""

from typing import Any

import pytest
from playwright.sync_api import Browser
from support.audit import PAPERS, find_faults, lay_on
from support.pair_page import PairPage

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import DropMessage
from blockchain_lab.study.compare import Comparison, compare
from blockchain_lab.study.twin import Change, make_twin

KNOB = {"jitter": 0}
POLICY = {"policy.era": "2014"}
PLACES = "() => stores.map(({cursor, clock}) => [cursor, clock])"
SELECTIONS = "() => stores.map(({selection}) => selection)"
# To a moment at which at least one of the runs has an event.
GO_TO = "at => stores.find(({trace}) => trace.timeOf(trace.eventAt(at)) === at).gotoTime(at)"
# Is anything painted at the upper right of a peer, where a flag stands? `[side, peer]`
HAS_FLAG = """([side, peer]) => {
  const box = document.querySelectorAll('.bl-pair-side')[side];
  const canvas = box.querySelectorAll('.bl-stage > canvas')[1];
  const spot = box.querySelectorAll('.bl-peer')[peer].getBoundingClientRect();
  const frame = canvas.getBoundingClientRect();
  const [x, y] = [spot.left + spot.width / 2 - frame.left, spot.top + spot.height / 2 - frame.top];
  const {data} = canvas.getContext('2d').getImageData(x + 9, y - 24, 8, 14);
  return data.some((value, at) => at % 4 === 3 && value > 0);
}"""


@pytest.fixture(scope="module")
def lab() -> Lab:
    """The story of a cut network, to its end."""
    lab = Lab("fork_and_heal")
    lab.run()
    return lab


def drop_one(lab: Lab) -> DropMessage:
    """A message that matters: eve hears of a block later."""
    lost = (each.id for each in lab.trace if each.kind == Kind.SEND and each.at >= 5 * SECOND)
    return DropMessage(next(row for row in lost if lab.trace[row].detail.command == "headers"))


class Shown:
    """A story, its twin and the page of both."""

    def __init__(self, browser: Browser, lab: Lab, change: Change, **looks: Any) -> None:
        """The twin differs in one thing; `looks` are the page's."""
        self.a, self.b = lab.fork(), make_twin(lab, change)
        self.live = PairPage(browser, **looks)
        self.live.show_pair(self.a, self.b)
        self.page = self.live.page

    @property
    def result(self) -> Comparison:
        """What Python says."""
        return compare(self.a, self.b)

    def open(self, tab: str) -> None:
        """One of the tabs on the right."""
        self.page.get_by_role("tab", name=tab, exact=True).click()
        self.live.wait_for_pictures()

    @property
    def words(self) -> str:
        """The line above both runs."""
        return self.page.locator(".bl-pair-words").inner_text()

    def read_rows(self) -> list[list[str]]:
        """The table that is shown."""
        rows = self.page.locator(".bl-pair .bl-tabbed .bl-table tbody tr").all()
        return [row.locator("th, td").all_inner_texts() for row in rows]


def test_two_runs_without_a_difference_say_so(browser: Browser, lab: Lab) -> None:
    """Null A/B: no mark, no button, no flag; every tab has a plain sentence."""
    shown = Shown(browser, lab, {})

    assert "The set-up is the same. No record differs up to 35.294 s." == shown.words
    assert not shown.page.get_by_role("button", name="Go to the first difference").is_visible()
    assert not shown.page.locator(".bl-pair-first").is_visible()
    for tab in ("Outcomes", "Reached", "Parting"):
        shown.open(tab)
        assert "No record differs" in shown.page.locator(".bl-pair .bl-tabbed .bl-empty").inner_text()
    shown.open("Set-up")
    assert "The set-up is the same" in shown.page.locator(".bl-pair .bl-tabbed .bl-empty").inner_text()
    assert ["0 of 6 reached"] * 2 == shown.page.locator(".bl-pair-title > span").all_inner_texts()
    assert not shown.live.do(f"() => ({HAS_FLAG})([1, 0])")
    assert [] == shown.live.complaints


def test_another_knob_is_told_and_its_outcomes_are_those_of_the_nodes(browser: Browser, lab: Lab) -> None:
    """A quantity is chosen by pointer or by keys; peers that differ stand first, A beside B."""
    shown = Shown(browser, lab, KNOB)
    page = shown.page
    assert shown.words.startswith("jitter (links.jitter): A 20 ms, B 0 µs. First difference at 0.101 s: eve.")

    page.get_by_role("radio", name="messages sent").click()
    shown.live.wait_for_pictures()
    outcomes = shown.result.outcomes
    changed = [name for name, each in outcomes.items() if each.a.messages_sent != each.b.messages_sent]
    rows = shown.read_rows()
    assert [*changed, *(name for name in outcomes if name not in changed)] == [row[0] for row in rows]
    for name, a, b, differs, _ in rows:
        pair = outcomes[name].a.messages_sent, outcomes[name].b.messages_sent
        assert [str(value) for value in pair] == [a, b]
        assert (differs == "same") == (pair[0] == pair[1])

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    shown.live.wait_for_pictures()
    chosen = page.locator("[role='radio'][aria-checked='true']")
    assert chosen.inner_text().startswith("messages received")
    page.get_by_role("button", name="dan", exact=True).click()
    shown.live.wait_for_pictures()
    assert ["peer:dan"] * 2 == page.evaluate(SELECTIONS)
    assert [] == shown.live.complaints


def test_a_dropped_message_is_followed_from_the_first_difference_on(browser: Browser, lab: Lab) -> None:
    """One press goes there; flags come as the difference spreads; the curve says how many and when."""
    shown = Shown(browser, lab, drop_one(lab))
    page, result = shown.page, shown.result
    first = result.first
    assert first is not None and first.b is not None
    assert shown.words.startswith("Only in B, at 6.214 s a message is taken out of flight. First difference")

    page.get_by_role("button", name="Go to the first difference").press("Enter")
    shown.live.settle()
    assert [first.b.event, first.at] == page.evaluate(PLACES)[1]
    assert first.at == page.evaluate(PLACES)[0][1]
    assert [first.b.event, first.at] == [shown.b.cursor, shown.b.now]

    for at in (first.at, *result.cone.values()):
        shown.live.do(f"() => ({GO_TO})({at})")
        count = result.count_touched(at)
        assert [f"{count} of 6 reached"] * 2 == page.locator(".bl-pair-title > span").all_inner_texts()
        for peer, name in enumerate(lab.names):
            expected = result.cone.get(name, at + 1) <= at
            assert [expected] * 2 == [page.evaluate(HAS_FLAG, [side, peer]) for side in (0, 1)]

    shown.open("Reached")
    assert list(result.cone) == [row[0] for row in shown.read_rows()]
    assert page.locator(".bl-pair-curve .bl-plot-line").first.is_visible()
    assert [] == shown.live.complaints


def test_the_two_lives_of_a_peer_stand_side_by_side(browser: Browser, lab: Lab) -> None:
    """What it did in A, what in B instead; a record of B is asked "why?" in B, and read byte by byte."""
    shown = Shown(browser, lab, drop_one(lab))
    page, result = shown.page, shown.result
    shown.open("Parting")
    shown.live.do("() => stores[0].select('peer:dan')")
    parting = next(each for each in result.divergences if each.peer == "dan")
    assert parting.a is not None and parting.b is not None

    differs = page.locator(".bl-pair-differs")
    names = [f"record:0:{parting.a.id}", f"record:{shown.b.branch}:{parting.b.id}"]
    assert names == [each.get_attribute("data-name") for each in differs.all()]
    shared = [page.locator(".bl-pair-records").nth(side).locator(".bl-pair-shared") for side in (0, 1)]
    assert 3 == shared[0].count()
    assert shared[0].all_inner_texts() == shared[1].all_inner_texts()

    differs.nth(1).click()
    shown.live.settle()
    assert [None, names[1]] == page.evaluate(SELECTIONS)
    assert parting.b.event == shown.b.cursor
    assert not page.get_by_role("button", name="Why? in A").is_enabled()
    page.get_by_role("button", name="Why? in B").click()
    shown.live.wait_for_pictures()
    assert page.get_by_role("region", name="B: Why?").is_visible()

    differs.first.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    shown.live.wait_for_pictures()
    assert page.evaluate(SELECTIONS) == [shared[0].last.get_attribute("data-name"), None]
    page.get_by_role("button", name="Bytes in A").click()
    shown.live.wait_for_pictures()
    assert page.get_by_role("region", name="A: Bytes").is_visible()
    assert [] == shown.live.complaints


def test_one_time_leads_both(browser: Browser, lab: Lab) -> None:
    """Keys and the bar move A, and B goes along; who moves B moves A; Python hears of both."""
    shown = Shown(browser, lab, POLICY)
    page = shown.page
    page.locator(".bl-pair-root").focus()
    page.keyboard.press("Home")
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    shown.live.settle()
    clocks = [clock for _, clock in page.evaluate(PLACES)]
    assert 40 == shown.a.cursor
    assert clocks[0] == clocks[1] == shown.a.now >= shown.b.now

    shown.live.do("() => stores[1].goto(200)")
    shown.live.settle()
    assert shown.b.now == page.evaluate(PLACES)[0][1]
    assert 200 == shown.b.cursor
    assert shown.a.trace.last_at(shown.b.now) == shown.a.cursor

    shown.live.do("() => { stores[0].setSpeed(4); stores[0].play(); }")
    page.wait_for_function("() => stores[0].cursor > 220")
    shown.live.do("() => stores[0].pause()")
    assert len({clock for _, clock in page.evaluate(PLACES)}) == 1
    assert [] == shown.live.complaints


def test_a_menu_acts_on_the_lab_whose_network_it_is(browser: Browser, lab: Lab) -> None:
    """Ann mines in B only: B's lab has it, both are compared again, and the set-up tells of both."""
    shown = Shown(browser, lab, KNOB)
    page = shown.page
    shown.live.do("() => stores[0].goto(150)")
    shown.live.settle()

    ann = page.locator(".bl-pair-side").nth(1).get_by_role("option", name="ann")
    spot = ann.bounding_box()
    assert spot is not None
    page.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2, button="right")
    page.get_by_role("menuitem", name="Mine a block", exact=True).click()
    shown.live.settle()

    assert [Mine("ann")] == [action for _, action in shown.b.branches[shown.b.branch].actions]
    assert () == tuple(shown.a.branches[shown.a.branch].actions)
    assert len(shown.result.set_up) == 2
    assert "And 1 other difference." in shown.words
    shown.open("Set-up")
    assert ["done live", "nothing"] == shown.read_rows()[1][:2]
    assert "ann shall mine" in shown.read_rows()[1][2]
    assert len(shown.b.trace) == page.evaluate("() => stores[1].trace.length")

    page.locator(".bl-pair-side").first.get_by_role("option", name="bob").focus()
    page.keyboard.press("ContextMenu")
    page.get_by_role("menuitem", name="Mine a block", exact=True).press("Enter")
    shown.live.settle()
    assert [Mine("bob")] == [action for _, action in shown.a.branches[shown.a.branch].actions]
    assert "And 2 other differences." in shown.words
    assert [] == shown.live.complaints


def test_runs_of_different_stories_are_refused_in_words(browser: Browser, lab: Lab) -> None:
    """Another seed, another scenario: the sentence that says so stands for the picture, and goes again."""
    shown = Shown(browser, lab, KNOB)
    shown.a.reset(9)
    shown.live.deliver()

    fault = shown.page.locator(".bl-pair-fault")
    assert fault.inner_text().startswith("These two runs are not compared: these are different scenarios;")
    assert "they differ in seed (9 and 7)" in fault.inner_text()
    assert 0 == shown.page.locator(".bl-pair-side").count()
    assert shown.page.locator(".bl-transport").is_visible()

    shown.a.begin("ping")
    shown.live.deliver()
    assert "name ('ping' and 'fork_and_heal')" in fault.inner_text()

    shown.a.begin("fork_and_heal")
    shown.live.deliver()
    assert 0 == fault.count()
    assert 2 == shown.page.locator(".bl-pair-side").count()
    assert shown.words.startswith("jitter (links.jitter): A 20 ms, B 0 µs. First difference at 0.101 s: eve.")
    assert [] == shown.live.complaints


def test_all_is_reached_with_keys_and_left_again(browser: Browser, lab: Lab) -> None:
    """Few stops, each with a name; none keeps the reader."""
    shown = Shown(browser, lab, drop_one(lab))
    page = shown.page
    shown.open("Parting")
    page.evaluate("""() => {
      const stop = Object.assign(document.createElement('button'), {id: 'behind', textContent: 'behind'});
      document.body.append(stop);
    }""")
    page.locator(".bl-pair-root").focus()
    stops: list[str] = []
    while "behind" not in stops and len(stops) < 40:
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate("""() => {
          const at = document.activeElement;
          const named = at.getAttribute('aria-label') || at.labels?.[0]?.textContent || at.textContent;
          return at.id === 'behind' ? at.id : named;
        }""")
        )

    assert "behind" == stops[-1]
    assert "" not in stops
    assert len(stops) <= 26
    for name in ("Play (Space)", "Go to the first difference", "Parting", "Whose lives part"):
        assert any(name in stop for stop in stops), f"{name} is not in {stops}"
    assert [] == shown.live.complaints


@pytest.mark.parametrize("paper", PAPERS)
def test_axe_finds_no_serious_fault(browser: Browser, lab: Lab, paper: str) -> None:
    """In every tab, with something selected, and in the sentence that stands for the picture."""
    shown = Shown(browser, lab, drop_one(lab), theme=paper)
    lay_on(shown.page, paper)
    shown.live.do("() => { stores[0].gotoTime(7e6); stores[0].select('peer:dan'); }")
    faults = []
    for tab in ("Outcomes", "Reached", "Parting", "Set-up"):
        shown.open(tab)
        faults += find_faults(shown.page)
    shown.a.reset(9)
    shown.live.deliver()

    assert [] == faults + find_faults(shown.page)
    assert [] == shown.live.complaints


@pytest.mark.parametrize("width", [934, 700, 467, 310])
def test_both_runs_fit(browser: Browser, lab: Lab, width: int) -> None:
    """At 934 pixels in 560 of height; in a narrow page nothing sticks out, and all can be reached."""
    shown = Shown(browser, lab, drop_one(lab), width=width)
    page = shown.page
    outside = """width => [...document.querySelectorAll('.blockchain-lab :is(button, select, input)')]
      .filter(each => each.checkVisibility() && !each.closest('.bl-table, .bl-tablist'))
      .map(each => [each.getBoundingClientRect(), each])
      .filter(([spot]) => spot.left < 0 || spot.right > width)
      .map(([, each]) => each.outerHTML.slice(0, 120))"""

    for tab in ("Outcomes", "Reached", "Parting", "Set-up"):
        shown.open(tab)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        assert [] == page.evaluate(outside, width)
    if width == 934:
        assert 562 == page.evaluate("() => document.querySelector('.bl-pair-root').offsetHeight")
    assert [] == shown.live.complaints
