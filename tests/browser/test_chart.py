"""The space-time chart in a real browser: by pointer and by keyboard, at any moment, never rebuilt."""

import re

import pytest
from playwright.sync_api import Browser
from support.chart_page import ARROWS, EVENT, WORDS, ChartPage
from support.live_page import LivePage
from support.views_page import ViewsPage

from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import DropMessage

# How many messages were sent up to the cursor.
SENT = """() => {
  const {kinds, columns: {kind, event}} = store.trace;
  const send = kinds.indexOf('send');
  const isSent = (each, row) => each === send && event[row] <= store.cursor;
  return kind.subarray(0, store.trace.length).filter(isSent).length;
}"""
BRAND = "() => document.querySelectorAll('.bl-chart-arrow').forEach(arrow => { arrow.mine = true; })"
COUNT_BRANDED = "() => [...document.querySelectorAll('.bl-chart-arrow')].filter(arrow => arrow.mine).length"


@pytest.fixture(scope="module")
def fork_and_heal() -> Lab:
    """Two miners, a partition and its healing."""
    lab = Lab("fork_and_heal")
    lab.run(until=lab.scenario.until)
    return lab


@pytest.mark.parametrize(("theme", "width"), [("light", 574), ("dark", 467), ("light", 700)])
def test_it_draws_at_every_moment(browser: Browser, fork_and_heal: Lab, theme: str, width: int) -> None:
    """Start, bursts, silences and the end, on both papers, narrow too: no error, and nothing left behind."""
    view = ChartPage(browser, fork_and_heal, theme=theme, width=width)

    for event in (0, 1, 40, 100, 230, fork_and_heal.head, 3):
        view.do(f"() => store.goto({event})")
        assert f"around event {event}" in view.words
        name = view.page.locator(".bl-chart-picture").get_attribute("aria-label")
        assert name.startswith("Space-time chart, 6 lanes")
        assert "time not to scale" in name
    view.do("() => unmount()")

    assert 0 == view.page.locator("#host > *").count()
    assert [] == view.complaints


def test_messages_in_flight_end_on_the_cursors_line(browser: Browser, fork_and_heal: Lab) -> None:
    """A dot for each of them, all on the line; what is below it has not happened and lies under a veil."""
    view = ChartPage(browser, fork_and_heal)
    flying = view.do("() => store.trace.flying(store.clock).length")

    line = float(re.findall(r"[\d.]+", view.page.locator(".bl-chart-now").get_attribute("d"))[1])
    dots = [float(dot.get_attribute("cy")) for dot in view.page.locator(".bl-chart-dots circle").all()]
    assert flying == len(dots) > 2
    assert all(abs(dot - line) <= 8 for dot in dots)
    assert line == pytest.approx(float(view.page.locator(".bl-chart-veil").get_attribute("y")), abs=0.1)


def test_the_pointer_lights_up_selects_and_goes(browser: Browser, fork_and_heal: Lab) -> None:
    """Near its tail a message means its sending, near its head its arrival; a double click goes there."""
    view = ChartPage(browser, fork_and_heal)
    row, x, y = view.get_point(0.35)
    assert f"record:0:{row}" == view.point_at(x, y)
    assert "→" in view.page.locator(".bl-tooltip").inner_text()
    assert view.page.locator(".bl-chart-lit").get_attribute("d").startswith("M")
    assert view.page.locator(f"{ARROWS}[data-key='{row}']").evaluate("e => e.matches('.bl-hover')")
    view.page.mouse.move(300, 690)
    view.wait_for_pictures()
    assert view.do("() => store.hover") is None

    view.page.mouse.dblclick(x, y)
    view.wait_for_pictures()
    assert f"record:0:{row}" == view.do("() => store.selection")
    assert view.do(f"() => store.trace.columns.event[{row}] === store.cursor")
    assert "before and after" in view.words
    view.do("() => store.select(null)")

    row, x, y = view.get_point(0.65)
    view.page.mouse.click(x, y)
    view.wait_for_pictures()
    end = view.do("() => store.trace.record(Number(store.selection.split(':')[2]))")
    assert (row, "deliver") == (end["cause"], end["kind"])


def test_an_empty_place_and_the_same_message_again_select_nothing(
    browser: Browser, fork_and_heal: Lab
) -> None:
    """What was selected stays where it was on the page, so that a second click finds it."""
    view = ChartPage(browser, fork_and_heal)
    row, x, y = view.get_point(0.2)
    view.page.mouse.click(x, y)
    view.wait_for_pictures()
    assert f"record:0:{row}" == view.do("() => store.selection")

    plot = view.page.locator(".bl-chart-back").bounding_box()
    view.page.mouse.click(plot["x"] + plot["width"] - 3, plot["y"] + plot["height"] - 3)
    view.wait_for_pictures()

    assert view.do("() => store.selection") is None
    assert f"around event {EVENT}" in view.words


def test_hover_and_selection_rebuild_nothing(browser: Browser, fork_and_heal: Lab) -> None:
    """The same elements before and after, however a thing was lit up or selected."""
    view = ChartPage(browser, fork_and_heal)
    view.page.get_by_label("Messages about").select_option("*")  # or the selection would choose
    view.wait_for_pictures()
    view.do(BRAND)
    count = view.do(COUNT_BRANDED)
    some = view.page.locator(ARROWS).first.get_attribute("data-key")

    for script in ("store.point('peer:ann')", f"store.select('record:0:{some}')", "store.select('peer:bob')"):
        view.do(f"() => {script}")
        assert count == view.do(COUNT_BRANDED) == view.page.locator(ARROWS).count()

    assert 1 == view.page.locator(".bl-chart-head.bl-selected").count()
    assert 1 == view.page.locator(".bl-chart-head.bl-hover").count()


def test_the_chain_of_causes_is_numbered_and_stays(browser: Browser, fork_and_heal: Lab) -> None:
    """From the mining to a tip that changed elsewhere: 1, 2, 3 ..., whatever is pointed at meanwhile."""
    view = ChartPage(browser, fork_and_heal, event=0)
    chain = view.do("""() => {
      const rows = [...Array(store.trace.length).keys()].map(row => store.trace.record(row));
      const tip = rows.filter(({facts}) => facts.topic === 'tip changed')[3];
      store.select(`record:0:${tip.row}`);
      const found = [];
      for (let at = tip.row; at >= 0; at = rows[at].cause) found.push(rows[at].event);
      return new Set(found).size;
    }""")

    badges = ".bl-chart-badges text"
    assert [str(number) for number in range(1, chain)] == view.page.locator(badges).all_text_contents()
    view.do("() => store.point('peer:dan')")
    assert chain - 1 == view.page.locator(badges).count()
    assert view.page.locator(f"{ARROWS}.bl-because").count() >= chain - 2


def test_filters_by_class_and_by_peer(browser: Browser, fork_and_heal: Lab) -> None:
    """A class that is switched off is gone, and its events have no rows; the line below says so."""
    view = ChartPage(browser, fork_and_heal)
    for name in ("connection", "addresses", "data"):
        view.page.get_by_role("button", name=name, exact=True).click()
    view.wait_for_pictures()
    others = f"{ARROWS}:not(.bl-class-announce)"
    assert (0, True) == (view.page.locator(others).count(), view.page.locator(ARROWS).count() > 5)
    assert "only announce" in view.words
    view.page.get_by_role("button", name="announce", exact=True).click()
    view.wait_for_pictures()
    assert "0 messages" in view.words and "no class chosen" in view.words

    view = ChartPage(browser, fork_and_heal)
    view.page.get_by_label("Messages about").select_option("peer:ann")
    view.wait_for_pictures()
    texts = [arrow.get_attribute("aria-label") for arrow in view.page.locator(ARROWS).all()]
    assert texts and all("ann →" in text or "→ ann" in text for text in texts)
    assert "about peer ann" in view.words


def test_lanes_can_be_hidden_by_keyboard_and_are_counted(browser: Browser, fork_and_heal: Lab) -> None:
    """A list of peers with ticks; Escape closes it and gives the focus back."""
    view = ChartPage(browser, fork_and_heal)
    button = view.page.get_by_role("button", name="Lanes")
    button.press("Enter")
    view.page.get_by_role("checkbox", name="bob").focus()
    view.page.keyboard.press("Space")
    view.wait_for_pictures()
    view.page.keyboard.press("Escape")

    heads = view.page.locator(".bl-chart-head text").all_text_contents()
    assert ["ann", "cat", "dan", "eve", "fay"] == sorted(heads)
    assert "5 of 6 lanes" in view.words
    assert button.evaluate("button => button === document.activeElement")
    assert "Lanes 5 of 6" == button.inner_text()
    assert view.do("() => store.playing === false && store.cursor") == EVENT  # Space was the box's


def test_time_is_moved_by_axis_drag_buttons_and_ctrl_wheel(browser: Browser, fork_and_heal: Lab) -> None:
    """The axis moves the cursor, everything else only the window; the plain wheel belongs to the page."""
    view = ChartPage(browser, fork_and_heal)
    plot = view.page.locator(".bl-chart-back").bounding_box()
    get_times = view.page.locator(".bl-chart-times text").all_text_contents
    get_rows = "() => [...document.querySelectorAll('.bl-chart-times text')].length"
    before = get_times()

    view.page.mouse.move(plot["x"] + 200, plot["y"] + 300)
    view.page.mouse.down()
    view.page.mouse.move(plot["x"] + 200, plot["y"] + 100, steps=4)
    view.page.mouse.up()
    view.wait_for_pictures()
    dragged = get_times()
    assert before != dragged
    assert (EVENT, None) == (view.do("() => store.cursor"), view.do("() => store.selection"))
    view.page.get_by_role("button", name="Back to the cursor").click()
    view.wait_for_pictures()
    assert before == get_times()
    view.page.get_by_role("button", name="Later").click()
    view.wait_for_pictures()
    assert before != get_times()

    view.do("() => document.querySelector('.bl-plot').addEventListener('wheel', event => setTimeout(() => "
            "{ window.taken = event.defaultPrevented; }))")  # fmt: skip
    view.page.mouse.move(plot["x"] + 200, plot["y"] + 100)
    view.page.mouse.wheel(0, 100)
    view.page.wait_for_function("window.taken === false")
    view.page.keyboard.down("Control")
    view.page.mouse.wheel(0, 500)
    view.page.keyboard.up("Control")
    view.page.wait_for_function("window.taken === true")
    view.wait_for_pictures()
    span = "() => document.querySelector('.bl-chart-picture').getAttribute('aria-label')"
    assert view.do(get_rows) > 3, view.do(span)

    view.page.mouse.click(plot["x"] - 30, plot["y"] + 20)
    view.wait_for_pictures()
    assert EVENT != view.do("() => store.cursor")


def test_the_keyboard_walks_in_time_order_and_asks_for_menus(browser: Browser, fork_and_heal: Lab) -> None:
    """Down and Up along the messages, Enter selects and goes, the Menu key asks; lanes are a second stop."""
    view = ChartPage(browser, fork_and_heal)
    view.page.locator("g.bl-chart-arrow[tabindex='0'], g.bl-chart-mark[tabindex='0']").focus()
    get_row = "() => Number(document.activeElement.dataset.key.replace('mark ', ''))"
    rows = [view.do(get_row)]
    for _ in range(8):
        view.page.keyboard.press("ArrowDown")
        rows.append(view.do(get_row))
    assert sorted(set(rows)) == rows
    view.page.keyboard.press("ArrowUp")
    assert rows[-2] == view.do(get_row)
    assert view.do("() => store.hover").startswith("record:0:")
    assert EVENT == view.do("() => store.cursor")

    view.page.keyboard.press("ContextMenu")
    assert f"record:0:{rows[-2]}" == view.do("() => menu.target")
    view.page.keyboard.press("Escape")
    view.page.locator(f"[data-key='{rows[-2]}']").focus()
    view.page.keyboard.press("Enter")
    view.wait_for_pictures()
    ends = f"[{rows[-2]}, Number(store.selection.split(':')[2])]"
    begins, ends = view.do(f"() => {ends}.map(row => store.trace.columns.event[row])")
    assert view.do("() => store.cursor") in (begins, ends)
    assert "true" == view.page.locator(f"[data-key='{rows[-2]}']").get_attribute("aria-pressed")

    view.page.locator(".bl-chart-head[tabindex='0']").focus()
    view.page.keyboard.press("ArrowDown")
    view.page.keyboard.press("Enter")
    assert "peer:bob" == view.do("() => store.selection")


def test_the_focus_stays_in_the_chart_when_its_message_leaves(browser: Browser, fork_and_heal: Lab) -> None:
    """Right arrow and End move time on; the next key must not be the notebook's."""
    view = ChartPage(browser, fork_and_heal)
    view.page.locator("g.bl-chart-arrow[tabindex='0'], g.bl-chart-mark[tabindex='0']").focus()
    for key in ("ArrowRight", "End", "Home", "ArrowRight"):
        view.page.keyboard.press(key)
        view.wait_for_pictures()
        assert view.do("() => document.activeElement.matches('.bl-chart g')"), key

    assert 1 == view.do("() => store.cursor")


def test_right_clicks_name_what_they_are_about(browser: Browser, fork_and_heal: Lab) -> None:
    """Of a message the record of its sending, of a lane its peer, of an empty place nothing."""
    view = ChartPage(browser, fork_and_heal)
    row, x, y = view.get_point(0.7)
    view.page.mouse.click(x, y, button="right")
    assert f"record:0:{row}" == view.do("() => menu.target")
    view.page.keyboard.press("Escape")
    view.page.locator(".bl-chart-head[data-host='3']").click(button="right")
    assert "peer:dan" == view.do("() => menu.target")
    view.page.keyboard.press("Escape")
    plot = view.page.locator(".bl-chart-back").bounding_box()
    view.page.mouse.click(plot["x"] + plot["width"] - 3, plot["y"] + plot["height"] - 3, button="right")
    assert view.do("() => menu.target") is None


def test_the_window_follows_in_steps_while_playing(browser: Browser, fork_and_heal: Lab) -> None:
    """The cursor is always in sight, and the picture stands still most of the time."""
    view = ChartPage(browser, fork_and_heal)
    seen = []
    for event in range(EVENT, EVENT + 60):
        view.do(f"() => {{ store.goto({event}); }}")
        now = float(re.findall(r"-?[\d.]+", view.page.locator(".bl-chart-now").get_attribute("d"))[1])
        assert 0 <= now <= view.page.locator(".bl-chart-back").bounding_box()["height"]
        seen.append(view.page.locator(".bl-chart-times text").first.text_content())

    assert len(set(seen)) <= 15


def test_a_message_dropped_now_is_crossed_out_where_it_was(browser: Browser) -> None:
    """The chart shows the new future of a real lab: a cross, and a label that says what was lost."""
    live = LivePage(browser, width=574)
    lab = Lab("fork_and_heal")
    live.show_live(lab, event=EVENT, name="chart", bar=False, height=480)
    row = live.do("() => store.trace.flying(store.clock)[0].sent")
    assert 0 == live.page.locator(f"{ARROWS}.bl-lost").count()

    answer = live.act({"do": "DropMessage", "record": row})

    assert {"ok": True, "text": ""} == answer
    assert DropMessage(row) == lab.branches[lab.branch].actions[-1][1]
    assert [str(row)] == [
        each.get_attribute("data-key") for each in live.page.locator(f"{ARROWS}.bl-lost").all()
    ]
    assert "lost after" in live.page.locator(f"{ARROWS}.bl-lost").get_attribute("aria-label")
    assert [] == live.complaints


def test_markup_in_names_stays_text(browser: Browser) -> None:
    """Peers may call themselves and their messages what they like."""
    view = ViewsPage(browser, width=574)
    view.show_story("hostileTalk", event=9, name="chart", bar=False, height=480)

    assert "<img" in view.page.locator(".bl-chart-picture").inner_html().replace("&lt;", "<")
    assert 0 == view.page.locator("#host img, #host script").count()
    assert not view.do("() => window.hacked")
    assert [] == view.complaints


def test_a_long_trace_of_a_crowd_is_windowed_and_says_so(browser: Browser) -> None:
    """200 peers: 24 lanes, 60 messages that stand out, and words for all that is hidden."""
    view = ViewsPage(browser, width=574)
    view.show_story("long", {"peers": 200, "blocks": 8}, event=5_000, name="chart", bar=False, height=480)

    for script in ("store.goto(9000)", "store.select('peer:' + store.trace.peers[77])", "store.select(null)"):
        view.do(f"() => {script}")
        assert view.page.locator(ARROWS).count() <= 60
        assert view.page.locator(".bl-chart-head").count() <= 24
        words = view.page.locator(WORDS).inner_text()
        assert re.match(r"\d+ of [\d,]+ messages .* of 200 lanes$", words)
    assert [] == view.complaints


def test_a_table_stands_behind_the_chart(browser: Browser, fork_and_heal: Lab) -> None:
    """Every message sent so far with its fate; choosing a row selects its record."""
    view = ChartPage(browser, fork_and_heal)
    view.page.get_by_role("button", name="Table").click()
    view.wait_for_pictures()
    rows = view.page.locator(".bl-table tbody tr")
    sent = view.do(f"() => ({SENT})()")
    assert sent == rows.count()
    assert {"arrived", "on its way"} == set(view.page.locator("tbody td:last-child").all_inner_texts())

    rows.first.get_by_role("button").click()
    assert view.do("() => store.selection").startswith("record:0:")
