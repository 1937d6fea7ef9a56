"""Curves are read by pointer, by keyboard and as a table; they say what Python's folds say, and no more."""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Locator
from support.audit import PAPERS, find_faults, lay_on
from support.views_page import ViewsPage

from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.study.curves import (
    find_spread,
    find_things,
    get_bytes,
    get_heights,
    get_pool_sizes,
    get_records,
    get_round_trips,
    value_at,
)

MIDDLE = 200  # an event of fork_and_heal: two sides of a partition stand on different heights
RIGHTS = "all => all.map(each => each.getBoundingClientRect()).filter(box => box.width).map(box => box.right)"
LINES = (
    "all => all.filter(each => each.getAttribute('visibility') !== 'hidden').map(each => each.dataset.name)"
)


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Six peers, a partition, two branches, a reorganisation."""
    lab = Lab("fork_and_heal")
    lab.run()
    return lab


@pytest.fixture(scope="module")
def page_of_lab(browser: Browser, lab: Lab) -> ViewsPage:
    """One page for all tests of the story: most of a test's time is loading it."""
    view = ViewsPage(browser)
    view.show_lab(lab, event=MIDDLE, name="curves")
    return view


@pytest.fixture
def view(page_of_lab: ViewsPage, lab: Lab) -> Iterator[ViewsPage]:
    """That page; nothing may go wrong on it."""
    lab.goto(event=MIDDLE)
    page_of_lab.show_again(event=MIDDLE, name="curves", height=420)
    yield page_of_lab
    assert [] == page_of_lab.complaints


def choose(view: ViewsPage, kind: str) -> None:
    """Which curves, by their name in the choice."""
    view.page.get_by_label("Which curves").select_option(kind)
    view.wait_for_pictures()


def get_lines(view: ViewsPage) -> dict[str, Locator]:
    """The lines that are drawn, by name."""
    names = view.page.locator(".bl-plot-series").evaluate_all(LINES)
    return {name: view.page.locator(f'.bl-plot-series[data-name="{name}"]') for name in names}


def get_box(view: ViewsPage) -> dict[str, float]:
    """Where the picture stands on the page."""
    box = view.page.locator(".bl-plot > svg").bounding_box()
    assert box is not None
    return dict(box)


def test_each_line_says_what_the_peer_held(view: ViewsPage, lab: Lab) -> None:
    """Heights, pools, bytes and round trips at three cursors, from Python's folds at the same place."""
    for event in (60, MIDDLE, lab.head):
        view.do(f"() => store.goto({event})")
        lab.goto(event=event)
        choose(view, "heights")
        lines = get_lines(view)
        heights = get_heights(lab)
        assert {f"peer:{name}" for name in lab.names} == set(lines)
        for name in lab.names:
            told = f"{name}, height {value_at(heights[name], lab.now)} at {lab.now / SECOND:.3f} s"
            assert told == lines[f"peer:{name}"].get_attribute("aria-label")
        choose(view, "bytes")
        sent = {name: f"{series[-1][1]:,} B" for name, series in get_bytes(get_records(lab)).items()}
        told_bytes = {name: line.get_attribute("aria-label") or "" for name, line in get_lines(view).items()}
        assert set(sent) == set(told_bytes)
        assert all(f"sent by all {amount} at" in told_bytes[name] for name, amount in sent.items())
    assert {} == get_pool_sizes(lab)
    kinds = view.page.get_by_label("Which curves").locator("option").all_inner_texts()
    assert ["Coverage", "Propagation times", "Heights", "Round trips", "Bytes sent"] == kinds


def test_coverage_follows_the_latest_thing_and_the_selection(view: ViewsPage, lab: Lab) -> None:
    """The latest block that has begun to spread; a selected one instead; its shares are marked."""
    choose(view, "coverage")
    things = find_things(get_records(lab))
    detail = view.page.locator(".bl-curves .bl-detail")
    latest = [thing for thing, known in things.items() if known > 1][-1]

    assert [f"block:{latest}"] == list(get_lines(view))
    assert f"{things[latest]} of 6 peers have it; 50 %" in detail.inner_text()
    first = next(iter(things))
    view.do(f"() => store.select('block:{first}')")
    assert [f"block:{first}"] == list(get_lines(view))
    assert "6 of 6 peers have it; 50 % after" in detail.inner_text()
    spread = find_spread(get_records(lab), lab.names, first)
    assert spread.percentile(90) == spread.percentile(99)  # of six both are the last one
    assert {"50 %", "90 %, 99 %"} == set(view.page.locator(".bl-plot-mark text").all_text_contents())
    assert 1 == view.page.locator(".bl-plot-series.bl-selected").count()


def test_a_press_moves_time_and_a_drag_scrubs(view: ViewsPage, lab: Lab) -> None:
    """Where the pointer is there the cursor goes, to the last event that has happened by then."""
    choose(view, "heights")
    box, mouse = get_box(view), view.page.mouse
    y = box["y"] + box["height"] / 2
    clock = "() => store.clock"

    mouse.move(box["x"] + box["width"] * 0.5, y)
    mouse.down()
    view.wait_for_pictures()
    half = view.page.evaluate(clock)
    mouse.move(box["x"] + box["width"] * 0.2, y)
    view.wait_for_pictures()
    early = view.page.evaluate(clock)
    mouse.up()
    mouse.move(box["x"] + box["width"] * 0.6, y)
    view.wait_for_pictures()

    times = {record.at for record in lab.trace}
    assert 0 < early < half < lab.trace.time_of(lab.head)
    assert {early, half} <= times
    assert early == view.page.evaluate(clock)  # the button is up: looking moves nothing


def test_the_pointer_reads_values_out(view: ViewsPage, lab: Lab) -> None:
    """Beside it stands what each line is worth there, the nearest one marked; Escape takes it away."""
    choose(view, "heights")
    box = get_box(view)
    level = view.page.locator('.bl-plot-series[data-name="peer:ann"] .bl-plot-name text').bounding_box()
    assert level is not None
    view.page.mouse.move(box["x"] + box["width"] * 0.4, level["y"] + level["height"] / 2)
    view.wait_for_pictures()
    tip = view.page.locator(".bl-plot .bl-tooltip")
    time, *lines = tip.inner_text().split("\n")
    at = round(float(time.removesuffix(" s")) * SECOND)

    expected = {name: str(value_at(series, at)) for name, series in get_heights(lab).items()}
    assert expected == {line.split()[-2]: line.split()[-1] for line in lines}
    assert "visible" == view.page.locator(".bl-plot-hair").get_attribute("visibility")
    view.page.keyboard.press("Escape")
    assert not tip.is_visible()


def test_up_and_down_walk_the_lines_and_left_is_the_times(view: ViewsPage, lab: Lab) -> None:
    """One tab stop; each line that is reached is selected everywhere and read out; Enter lets go."""
    choose(view, "heights")
    page = view.page
    view.do("() => { window.first = document.querySelector('.bl-plot svg'); }")
    page.locator(".bl-plot-series[tabindex='0']").focus()
    walked = []
    for _ in lab.names[1:]:
        page.keyboard.press("ArrowDown")
        view.wait_for_pictures()
        walked.append(page.evaluate("() => store.selection"))
        assert walked[-1] == page.locator(".bl-plot-series.bl-selected").get_attribute("data-name")
    assert [f"peer:{name}" for name in lab.names[1:]] == walked

    page.keyboard.press("ArrowLeft")
    assert MIDDLE - 1 == page.evaluate("() => store.cursor")
    lab.goto(event=MIDDLE - 1)
    height = value_at(get_heights(lab)["fay"], lab.now)
    page.wait_for_function(
        "wanted => document.querySelector('.bl-plot [aria-live]').textContent.startsWith(wanted)",
        arg=f"fay, height {height} at",
    )
    page.keyboard.press("Enter")
    view.wait_for_pictures()
    assert page.evaluate("() => store.selection") is None
    assert 1 == page.locator(".bl-plot-series[tabindex='0']").count()
    assert page.evaluate("() => first === document.querySelector('.bl-plot svg')")


def test_nothing_ahead_is_drawn_unless_wanted_and_never_under_a_seal(view: ViewsPage) -> None:
    """Lines end at the cursor; the whole run is faint behind it; a prediction keeps it back."""
    choose(view, "heights")
    page = view.page
    whole = page.get_by_label("whole run")
    ends = "all => Math.max(...all.map(path => path.getBBox().x + path.getBBox().width))"
    cursor = page.locator(".bl-plot-clock").evaluate("line => line.x1.baseVal.value")
    top = page.locator(".bl-plot-axes text").all_text_contents()

    assert page.locator(".bl-plot-series > .bl-plot-line").evaluate_all(ends) <= cursor + 1
    assert 0 == page.locator(".bl-plot-ahead path").count()
    whole.check()
    view.wait_for_pictures()
    assert page.locator(".bl-plot-series > .bl-plot-line").evaluate_all(ends) <= cursor + 1
    assert page.locator(".bl-plot-ahead path").evaluate_all(ends) > cursor + 50
    assert top != page.locator(".bl-plot-axes text").all_text_contents()  # higher, for what is to come
    view.do("() => { window.unseal = store.seal(store.cursor, 'Predict first.'); }")
    assert whole.is_disabled()
    assert not whole.is_checked()
    assert 0 == page.locator(".bl-plot-ahead path").count()
    view.do("() => unseal()")
    assert 6 == page.locator(".bl-plot-ahead path").count()


def test_all_that_has_a_value_is_in_the_table(view: ViewsPage, lab: Lab) -> None:
    """Also what the plot has no room to name: sixteen pairs; choosing one selects its link."""
    choose(view, "trips")
    page = view.page
    trips = get_round_trips(get_records(lab), lab.names)
    assert 8 < len(trips)
    assert page.locator(".bl-plot-series").count() <= 8
    assert f"all {len(trips)} pairs" in page.locator(".bl-curves .bl-legend").inner_text()

    page.get_by_role("button", name="Table: Curves").click()
    view.wait_for_pictures()
    rows = page.locator(".bl-table tbody tr")
    assert {" → ".join(pair) for pair in trips} == {text.split("\t")[0] for text in rows.all_inner_texts()}
    rows.first.locator("button").click()
    assert page.evaluate("() => store.selection").startswith("link:")
    choose(view, "heights")
    assert ["Peer", "Height", "Since", "Changes"] == page.locator(".bl-table thead button").all_inner_texts()
    page.get_by_role("button", name="Table: Curves").click()
    view.wait_for_pictures()
    assert page.locator(".bl-plot").first.is_visible()


def test_of_many_peers_the_middle_the_range_and_whom_the_reader_means(browser: Browser) -> None:
    """A band and a median of 200; the selected peer's line; one that is pointed at, with its neighbours."""
    view = ViewsPage(browser)
    view.show_story("crowd", {}, event=0, name="curves", height=420, curve="heights")
    view.do("() => store.goto(Math.floor(store.trace.lastEvent * 2 / 3))")
    page = view.page

    assert "all 200 peers: from the least to the most" in page.locator(".bl-curves .bl-legend").inner_text()
    band = page.locator("path.bl-plot-band").get_attribute("d") or ""
    assert 1 < band.count("L") < 2 * 200  # a corner for each time of change, not for each peer
    assert "median" in get_lines(view)
    view.do("() => store.select('peer:' + store.trace.peers[17])")
    chosen = page.evaluate("() => store.selection")
    assert chosen in get_lines(view)
    before = set(get_lines(view))
    view.do("() => store.point('peer:' + store.trace.peers[5])")
    pointed = set(get_lines(view)) - before
    assert page.evaluate("() => 'peer:' + store.trace.peers[5]") in pointed
    assert len(get_lines(view)) <= 8
    view.do("() => store.point(null)")
    assert before == set(get_lines(view))
    assert [] == view.complaints


def test_what_has_no_curves_says_so(browser: Browser) -> None:
    """Before anything is here to draw."""
    view = ViewsPage(browser)
    view.show_story("boxes", {}, event=0, name="curves", height=300)
    empty = view.page.locator(".bl-curves .bl-empty")

    shown = view.page.get_by_label("Which curves").locator("option").count() > 0
    assert empty.is_visible() is not shown
    assert [] == view.complaints


def test_the_plot_is_saved_as_a_picture(view: ViewsPage) -> None:
    """One SVG that needs nothing: its lines, their names, the title of the story."""
    choose(view, "heights")
    with view.page.expect_download() as saved:
        view.page.get_by_role("button", name="SVG: save the plot").click()
    text = saved.value.path().read_text(encoding="utf-8")

    assert f"fork_and_heal-heights-{MIDDLE}.svg" == saved.value.suggested_filename
    picture = ElementTree.fromstring(text)
    words = {"".join(each.itertext()) for each in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {"ann", "bob", "cat", "dan", "eve", "fay", "height", "s"} <= words
    assert "var(" not in text
    assert 6 <= len({each.get("stroke") for each in picture.iter("{http://www.w3.org/2000/svg}path")})


@pytest.mark.parametrize("theme", PAPERS)
def test_axe_finds_no_fault_in_curves(view: ViewsPage, lab: Lab, theme: str) -> None:
    """Names, roles and contrast of lines, marks, bands and names, with a selection."""
    lay_on(view.page, theme)
    view.show_again(event=MIDDLE, name="curves", height=420)
    faults: dict[str, Any] = {}
    view.do("() => store.select('peer:bob')")
    for kind in ("coverage", "trips"):
        choose(view, kind)
        faults[kind] = find_faults(view.page)
    words = view.page.locator(".bl-curves > .bl-hidden").inner_text()
    assert words.startswith("Round trips. ")

    assert {"coverage": [], "trips": []} == faults


@pytest.mark.parametrize("width", [310, 700])
def test_narrow_pages_cut_nothing_off(browser: Browser, lab: Lab, width: int) -> None:
    """Head, plot and words stay within the view, at each kind."""
    view = ViewsPage(browser, width=width)
    view.show_lab(lab, event=MIDDLE, name="curves")
    for kind in ("coverage", "heights", "trips"):
        choose(view, kind)
        edge = view.page.locator(".blockchain-lab").evaluate("root => root.getBoundingClientRect().right")
        parts = ".bl-curves .bl-head > *, .bl-plot > svg, .bl-curves .bl-detail"
        shown = view.page.locator(parts).evaluate_all(RIGHTS)
        assert max(shown) <= edge
    assert [] == view.complaints
