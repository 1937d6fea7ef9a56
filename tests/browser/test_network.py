"""The network view in a real browser: layouts, light, groups, the lasso, menus, and a thousand peers."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from support.acting_page import ActingPage
from support.views_page import ViewsPage

from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill, Partition

LAYOUTS = ["story", "ring", "spring", "bipartite", "regions"]
PLACES = """() => [...document.querySelectorAll('.bl-peer')].map(peer => {
  const {x, y, width, height} = peer.getBoundingClientRect();
  return [Math.round(x + width / 2), Math.round(y + height / 2)];
})"""
SAME = "() => document.querySelector('.bl-stage canvas') === window.before"  # nothing was built anew
EARLY = 150  # in fork_and_heal: messages are in flight, nothing is parted yet
INK = """() => {  // how many points of the layer with the peers are painted
  const canvas = document.querySelector('.bl-stage > canvas');
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let painted = 0;
  for (let i = 3; i < data.length; i += 4) painted += data[i] > 0;
  return painted;
}"""


@pytest.fixture(scope="module")
def continents() -> Lab:
    """Twelve peers on six continents, some behind firewalls; a cable breaks."""
    lab = Lab("continents")
    lab.run(until=lab.scenario.until)
    return lab


@pytest.fixture(scope="module")
def fork() -> Lab:
    """Six peers in two groups; a partition stands from the tenth second to the thirty-second."""
    lab = Lab("fork_and_heal")
    lab.run(until=lab.scenario.until)
    return lab


def rest(page: Page, layout: str = "") -> list[list[int]]:
    """Where peers are when all have come to where this layout, or the first one, wants them."""
    page.wait_for_selector(f"[data-layout={layout}]" if layout else "[data-layout]")
    places: list[list[int]] = page.evaluate(PLACES)
    return places


def choose_layout(view: ViewsPage, name: str) -> list[list[int]]:
    """By the select over the picture; where peers are then."""
    view.page.get_by_label("Layout of the network").select_option(name)
    return rest(view.page, name)


def test_every_layout_moves_the_same_peers_elsewhere(browser: Browser, continents: Lab) -> None:
    """Nobody stands on anybody, all are in the picture, and no element is made anew."""
    view = ViewsPage(browser)
    view.show_lab(continents, event=400, name="network", height=520)
    view.page.evaluate("() => { window.before = document.querySelector('.bl-stage canvas'); }")
    stage = view.page.locator(".bl-stage").bounding_box()
    seen = {}
    for name in LAYOUTS:
        seen[name] = places = choose_layout(view, name)
        assert len(places) == len({tuple(place) for place in places}), name
        for x, y in places:
            assert stage["x"] < x < stage["x"] + stage["width"], name
            assert stage["y"] < y < stage["y"] + stage["height"], name

    assert len(LAYOUTS) == len({str(places) for places in seen.values()})
    assert seen["story"] == choose_layout(view, "story")
    assert view.page.evaluate(SAME)
    assert [] == view.complaints


def test_a_view_opens_with_the_layout_it_is_given(browser: Browser, continents: Lab, fork: Lab) -> None:
    """`lab.show("network", layout="ring")`; a map is not offered where nobody says where he stands."""
    view = ViewsPage(browser)
    view.show_lab(continents, event=400, name="network", layout="ring")
    assert "ring" == view.page.get_by_label("Layout of the network").input_value()

    plain = ViewsPage(browser)
    plain.show_lab(fork, event=100, name="network", layout="regions")
    assert "story" == plain.page.get_by_label("Layout of the network").input_value()
    assert 4 == plain.page.locator(".bl-layout option").count()


def test_who_wants_less_motion_sees_none(browser: Browser, fork: Lab) -> None:
    """Peers are where they go at the next picture; otherwise they are on their way for a moment."""
    view = ViewsPage(browser)
    view.show_lab(fork, event=100, name="network")
    start = rest(view.page)
    jump = f"""async () => {{
      const select = document.querySelector('.bl-layout');
      select.value = select.value === 'ring' ? 'story' : 'ring';
      select.dispatchEvent(new Event('change'));
      await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
      return ({PLACES})();
    }}"""
    gliding = view.page.evaluate(jump)
    ring = rest(view.page, "ring")
    assert ring != gliding

    view.page.emulate_media(reduced_motion="reduce")

    assert start == view.page.evaluate(jump)


def test_nothing_is_drawn_when_everybody_has_arrived(browser: Browser, fork: Lab) -> None:
    """After a change of layout the view rests: no frames."""
    view = ViewsPage(browser)
    view.show_lab(fork, event=100, name="network")
    choose_layout(view, "ring")
    view.page.wait_for_timeout(300)
    frames = view.do("""() => new Promise(done => {
      const usual = requestAnimationFrame;
      let asked = 0;
      window.requestAnimationFrame = act => { asked += 1; return usual(act); };
      setTimeout(() => { window.requestAnimationFrame = usual; done(asked); }, 400);
    })""")

    assert 0 == frames


def test_pointing_tells_what_is_there_and_lights_it_up(browser: Browser, fork: Lab) -> None:
    """A peer, a link between two, empty space; leaving ends it; nothing is selected by it."""
    view = ViewsPage(browser)
    view.show_lab(fork, event=100, name="network", height=520)
    page = view.page
    ann, bob = rest(page)[:2]
    hover = "() => store.hover"
    tip = page.locator(".bl-network .bl-tooltip")

    page.mouse.move(*ann)
    assert "peer:ann" == view.do(hover)
    assert "ann, miner\ntip" in tip.inner_text()
    assert 1 == page.locator(".bl-lit").count()
    page.mouse.move((ann[0] + bob[0]) / 2, (ann[1] + bob[1]) / 2)
    assert "link:0-1" == view.do(hover)
    assert "ann – bob\nconnected" in tip.inner_text()
    page.mouse.move(ann[0] + 60, ann[1] - 30)
    assert view.do(hover) is None
    assert 0 == page.locator(".bl-lit").count()
    assert page.evaluate("() => store.selection") is None
    assert [] == view.complaints


@pytest.mark.parametrize("name", ["peer:dan", "link:0-1", "group:1,4", "block", "record"])
def test_a_selection_changes_the_picture_and_builds_nothing(browser: Browser, fork: Lab, name: str) -> None:
    """Whatever view it comes from: the picture is another one, and the same when it is let go."""
    view = ViewsPage(browser)
    view.show_lab(fork, event=fork.scenario.poster, name="network")
    page = view.page
    if name == "block":
        tip = "Object.values(store.trace.table).findLast(facts => facts.topic === 'tip changed').hash"
        name = f"block:{page.evaluate(tip)}"
    elif name == "record":
        name = f"record:0:{page.evaluate('() => store.trace.flights.columns.sent[5]')}"
    page.evaluate("() => { window.before = document.querySelector('.bl-stage canvas'); }")
    options = page.locator(".bl-peer").element_handles()
    pictures = (
        "() => [...document.querySelectorAll('.bl-stage > canvas')].map(each => each.toDataURL()).join()"
    )
    plain = page.evaluate(pictures)

    view.do(f"() => store.select({name!r})")
    assert plain != page.evaluate(pictures)
    view.do("() => store.select(null)")

    assert plain == page.evaluate(pictures)
    assert page.evaluate(SAME)
    assert all(option.evaluate("each => each.isConnected") for option in options)


def test_the_partition_is_a_line_in_the_picture_and_a_sentence(browser: Browser, fork: Lab) -> None:
    """It is painted over the space between the groups, named in words, and gone when it heals."""
    view = ViewsPage(browser)
    view.show_lab(fork, event=200, name="network")
    parted = view.page.evaluate(INK)
    words = view.page.locator(".bl-network > .bl-hidden").text_content()
    view.do("() => { store.goto(store.trace.lastEvent); }")

    assert "A partition stands between 3 and 3 of them." in words
    assert "partition" not in view.page.locator(".bl-network > .bl-hidden").text_content()
    assert parted > view.page.evaluate(INK) + 1000


def test_the_legend_speaks_of_what_is_in_the_picture(browser: Browser, continents: Lab, fork: Lab) -> None:
    """Firewalls where there are any; links that are cut, peers that are off, as long as there are some."""
    walled, open_ = ViewsPage(browser), ViewsPage(browser)
    walled.show_lab(continents, event=1, name="network")
    open_.show_lab(fork, event=0, name="network")
    legend = open_.page.locator(".bl-legend")

    assert "firewall" in walled.page.locator(".bl-legend").inner_text()
    assert "firewall" not in legend.inner_text()
    assert "off" in legend.inner_text()
    high = legend.bounding_box()["height"]
    open_.do("() => store.gotoTime(10000000)")
    assert "cut off" in legend.inner_text()
    assert "\noff" not in legend.inner_text()
    assert high == legend.bounding_box()["height"]


def test_the_legend_learns_of_messages_that_come_later(browser: Browser) -> None:
    """At first only handshakes have happened; blocks come while it is looked at."""
    lab = Lab("fork_and_heal")
    lab.run(until=300_000)
    view = ViewsPage(browser)
    view.show_lab(lab, event=1, name="network")
    legend = view.page.locator(".bl-legend")
    assert "connection" in legend.inner_text()
    assert "data" not in legend.inner_text()

    view.do("""() => {
      const {epoch, length, table} = store.trace;
      const {buffer} = new TextEncoder().encode(JSON.stringify([{class: 'data'}]));
      store.append({epoch, cut: 0, from: length, count: 0, factsFrom: table.length}, buffer);
    }""")
    assert "data" in legend.inner_text()
    assert [] == view.complaints


def test_a_group_is_made_with_keys(browser: Browser, fork: Lab) -> None:
    """Shift+Enter and Ctrl+Space add the focused peer or take it out; Enter alone selects only it."""
    view = ViewsPage(browser)
    view.show_lab(fork, event=100, name="network")
    keys = view.page.keyboard
    selection = "() => store.selection"
    assert "true" == view.page.get_by_role("listbox", name="Peers").get_attribute("aria-multiselectable")
    view.page.locator(".bl-peer").first.focus()
    keys.press("Enter")
    assert "peer:ann" == view.do(selection)
    for press in ("ArrowDown", "ArrowDown", "Shift+Enter", "ArrowDown", "Control+Space"):
        keys.press(press)
    assert "group:0,2,3" == view.do(selection)
    chosen = view.page.locator(".bl-peer[aria-selected=true]")
    assert ["ann,", "cat,", "dan,"] == [each.get_attribute("aria-label")[:4] for each in chosen.all()]
    assert not view.do("() => store.playing")

    keys.press("Shift+Enter")
    assert "group:0,2" == view.do(selection)
    keys.press("Enter")
    assert "peer:dan" == view.do(selection)
    keys.press("Control+Space")
    assert view.do(selection) is None


def draw_round(page: Page, places: list[list[int]]) -> None:
    """A line with the pointer round these places."""
    left, right = (pick(x for x, _ in places) for pick in (min, max))
    top, bottom = (pick(y for _, y in places) for pick in (min, max))
    around = [
        (left - 25, top - 25),
        (right + 25, top - 25),
        (right + 25, bottom + 25),
        (left - 25, bottom + 25),
    ]
    page.mouse.move(*around[0])
    page.mouse.down()
    for place in around[1:]:
        page.mouse.move(*place, steps=6)
    page.mouse.up()


@pytest.mark.parametrize("by", ["button", "shift"])
def test_a_lasso_parts_a_group_from_the_rest(browser: Browser, by: str) -> None:
    """Drawn round ann, bob and cat: they are selected, their menu opens, and Python parts them."""
    live = ActingPage(browser, EARLY, name="network", height=520)
    page = live.page
    places = rest(page)
    button = page.get_by_role("button", name="Lasso")
    if by == "button":
        button.click()
        assert "true" == button.get_attribute("aria-pressed")
    else:
        page.keyboard.down("Shift")
    draw_round(page, places[:3])
    page.keyboard.up("Shift")

    assert "group:0,1,2" == live.do("() => store.selection")
    assert "false" == button.get_attribute("aria-pressed")
    assert places == page.evaluate(PLACES)  # nobody was dragged along
    live.choose("Part these from the rest")
    live.settle()
    assert Partition(("ann", "bob", "cat")) == live.done[-1]
    assert "A partition stands" in page.locator(".bl-network > .bl-hidden").text_content()
    assert [] == live.complaints


def test_escape_takes_a_lasso_away(browser: Browser, fork: Lab) -> None:
    """A line half drawn is nothing."""
    view = ViewsPage(browser)
    view.show_lab(fork, event=100, name="network")
    view.page.get_by_role("button", name="Lasso").click()
    stage = view.page.locator(".bl-stage").bounding_box()
    view.page.mouse.move(stage["x"] + 5, stage["y"] + 5)
    view.page.mouse.down()
    view.page.mouse.move(stage["x"] + 300, stage["y"] + 250, steps=5)
    assert 1 == view.page.locator(".bl-lasso").count()
    view.page.keyboard.press("Escape")
    view.page.mouse.up()

    assert 0 == view.page.locator(".bl-lasso").count()
    assert view.do("() => store.selection") is None


def test_menus_are_asked_for_by_pointer_and_key(browser: Browser, fork: Lab) -> None:
    """On a peer, a link, a message in flight, empty space; on a chosen peer for the whole group."""
    view = ViewsPage(browser)
    view.show_lab(fork, event=EARLY, name="network", height=520)
    page = view.page
    ann, bob, cat = rest(page)[:3]
    page.evaluate("""() => {
      window.asked = [];
      document.addEventListener('bl-menu', event => asked.push(event.detail), true);
    }""")

    def ask(x: float, y: float) -> Any:
        page.mouse.click(x, y, button="right")
        page.keyboard.press("Escape")
        return page.evaluate("() => asked.at(-1).target")

    assert "peer:ann" == ask(*ann)
    assert "link:0-1" == ask((ann[0] + bob[0]) / 2, (ann[1] + bob[1]) / 2)
    assert ask(ann[0] + 60, ann[1] - 30) is None
    view.do("() => store.select('group:0,2')")
    assert "group:0,2" == ask(*cat)
    assert "peer:bob" == ask(*bob)
    page.locator(".bl-peer").nth(1).focus()
    page.keyboard.press("ContextMenu")
    detail = page.evaluate("() => asked.at(-1)")
    assert "peer:bob" == detail["target"]
    assert (bob[0], bob[1]) == (round(detail["x"]), round(detail["y"]))
    assert [] == view.complaints


def test_a_killed_peer_is_hollow_and_says_so(browser: Browser) -> None:
    """Through its menu, with keys only; Python's host is off, and legend, name and table agree."""
    live = ActingPage(browser, EARLY, name="network", height=520)
    live.page.locator(".bl-peer").nth(4).focus()
    live.page.keyboard.press("ContextMenu")
    live.page.get_by_role("menuitem", name="Kill").first.press("Enter")
    live.page.keyboard.press("Enter")
    live.settle()

    assert isinstance(live.done[-1], Kill)
    assert live.lab.peer("eve") is None
    assert "eve, miner, off" == live.page.locator(".bl-peer").nth(4).get_attribute("aria-label")
    assert "off" in live.page.locator(".bl-legend").inner_text()
    live.page.get_by_role("button", name="Table: Peers").click()
    live.wait_for_pictures()
    row = live.page.get_by_role("row", name="eve")
    assert ["miner", "off", "", "", "0"] == row.locator("td").all_inner_texts()


def test_a_dial_through_a_firewall_is_seen_to_fail(browser: Browser) -> None:
    """Dotted while it is tried, a cross when it is given up; the legend says both."""
    live = ActingPage(browser, 100, story="continents", name="network", height=520)
    walls = live.page.evaluate("() => store.trace.firewalls.indexOf(true)")
    peer, walled = "ava", live.lab.names[walls]
    answer = live.act({"do": "Connect", "peer": peer, "to": walled})
    assert answer["ok"], answer["text"]
    legend = live.page.locator(".bl-legend")
    assert "half open" in legend.inner_text()

    live.lab.run(until=live.lab.now + 20_000_000)
    live.deliver()
    live.do("""() => {
      const rows = [...Array(store.trace.length).keys()];
      const failed = rows.findLast(row => store.trace.record(row).kind === 'dial-failed'
        && store.trace.record(row).peer === 0 && store.trace.record(row).facts.reason === 'unreachable');
      store.goto(store.trace.record(failed).event);
    }""")
    assert "dial failed" in legend.inner_text()


def test_a_thousand_peers_are_drawn_chosen_and_laid_out(browser: Browser) -> None:
    """Every one has its element and its place; a selection and a wave of messages are painted."""
    view = ViewsPage(browser)
    view.show_story("crowd", {"peers": 1000, "blocks": 1}, event=1, name="network", height=520)
    page = view.page
    assert "ring" == page.get_by_label("Layout of the network").input_value()
    view.do("() => store.gotoTime(11900000)")
    assert int(page.locator(".bl-network").get_attribute("data-dots")) > 20
    view.do("() => store.select('peer:p500')")
    page.wait_for_function("() => document.querySelectorAll('.bl-peer[aria-selected=true]').length === 1")

    before = page.evaluate(PLACES)
    choose_layout(view, "regions")
    page.wait_for_function(f"before => String(({PLACES})()) !== String(before)", arg=before)  # when they rest
    places = page.evaluate(PLACES)
    assert 1000 == len(places)
    assert 990 < len({tuple(place) for place in places})
    assert [] == view.complaints
