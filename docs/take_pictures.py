"""Takes the pictures in `docs/pictures`: every view, on light and dark paper, enlarged and narrow.

    python docs/take_pictures.py [folder]

Needs Chromium and the test extra. Nothing is drawn by hand: each picture is a story at an event, as a lesson
shows it.
"""

import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from playwright.sync_api import Browser  # noqa: E402
from support.address_story import make_address_lab  # noqa: E402
from support.live_page import LivePage  # noqa: E402
from support.nat_story import make_nat_lab  # noqa: E402
from support.pair_page import PairPage  # noqa: E402
from support.pool_story import make_pool_lab  # noqa: E402
from support.views_page import ViewsPage, opened_browser  # noqa: E402

from blockchain_lab.lab import Lab  # noqa: E402
from blockchain_lab.sim.actions import DropMessage  # noqa: E402
from blockchain_lab.study.outcomes import coverage_curve  # noqa: E402
from blockchain_lab.study.predictions import curve, predict  # noqa: E402
from blockchain_lab.study.twin import make_twin  # noqa: E402


@dataclass(frozen=True)
class Picture:
    """A view of a story at an event; `prepare` runs in the page once it is drawn."""

    story: str
    event: int
    options: dict[str, Any]
    prepare: str = ""


@dataclass(frozen=True)
class Format:
    """On which paper, in how wide a page, how much enlarged."""

    theme: str = "light"
    width: int = 934
    scale: float = 1
    names: dict[str, Any] = field(default_factory=dict)


FORMATS = {
    "light": Format(),
    "dark": Format(theme="dark"),
    "200": Format(width=467, scale=2),
    "narrow": Format(width=700),
}
LAPTOP = {"width": 1366, "height": 768}
POOLS = "waiting"  # no scenario that is shipped: made for the tests of the pools
HOSTS = "hosts"  # likewise, for those of address books
BOXES = "boxes"  # likewise, for those of NATs
MADE = {POOLS: make_pool_lab, HOSTS: make_address_lab, BOXES: make_nat_lab}
FIND_BLOCK = """height => {
  for (let row = 0; row < store.trace.length; row++) {
    const {facts} = store.trace.record(row);
    const isIt = facts.topic === "block accepted" && facts.height === height;
    if (isIt) return store.select(`block:${facts.hash}`);
  }
}"""
FIND_MESSAGE = """([command, from]) => {
  for (let row = from; row < store.trace.length; row++) {
    const {kind, facts} = store.trace.record(row);
    if (kind === "deliver" && facts.command === command) return store.select(`record:0:${row}`);
  }
}"""
FIND_RIVAL = """() => {
  store.gotoTime(31e6);
  const told = [...Array(store.trace.length).keys()].map(row => store.trace.record(row).facts);
  store.select(`tx:${told.find(({reason}) => reason === "replaced").txids[0]}`);
}"""
FIND_NOTE = """([name, topic, epoch]) => {
  const rows = [...Array(store.trace.length).keys()].map(row => store.trace.record(row));
  const own = rows.filter(({peer, facts}) => store.trace.peers[peer] === name && facts.topic === topic);
  const {event, facts} = own.find(({facts}) => epoch === null || facts.epoch === epoch);
  store.goto(event);
  store.select(facts.block ? `block:${facts.block}` : `peer:${name}`);
}"""
FIND_ANSWER = """([asked, answered, from]) => {
  for (let row = from; row < store.trace.length; row++) {
    const {kind, facts, cause, event} = store.trace.record(row);
    const isIt = kind === "send" && facts.command === answered;
    if (!isIt || store.trace.record(cause).facts.command !== asked) continue;
    return [store.goto(event), store.select(`record:0:${cause}`)];
  }
}"""
CHOOSE_TELLER = """([at, name]) => {
  store.gotoTime(at);
  requestAnimationFrame(() => document.querySelector(`[data-name='peer:${name}']`).click());
}"""
SORT_BY_BYTES = """() => {
  store.select("peer:ann");
  const head = document.querySelector("[data-column='bytes-sent']");
  head.click();
  head.click(); // down
}"""
CHOOSE_PORT = "() => store.select('address:203.0.113.1:1026')"
CHOOSE_LEASED = "() => store.select('address:203.0.113.2:8333')"
# As with a kernel at the other end, which would obey.
ACT = "() => { store.connect(() => {}); store.select('peer:ava'); }"
OPEN_SHARE = """() => {
  store.connect(() => {});
  document.querySelector(".bl-extras [title^='Share']").click();
}"""
BLOCK_123 = f"() => ({FIND_BLOCK})(123)"
PICTURES = {
    "workbench": Picture("continents", 463, {"views": ["tree", "chart"]}),
    "everybody": Picture("fork_and_heal", 266, {"views": ["tree", "chart"]}),
    "lens": Picture("fork_and_heal", 266, {"views": ["tree", "chart"], "lens": "bob"}),
    "network": Picture("continents", 463, {"name": "network", "height": 480}),
    "map": Picture("continents", 463, {"name": "network", "layout": "regions", "height": 480}),
    "tree": Picture("fork_and_heal", 266, {"name": "tree", "height": 380}),
    "trees": Picture("fork_and_heal", 266, {"name": "tree", "seen_by": ["ann", "dan", "fay"], "height": 460}),
    "chart": Picture("continents", 463, {"name": "chart", "height": 480}, BLOCK_123),
    "bytes": Picture("headers_first", 300, {"name": "bytes"}, f"() => ({FIND_MESSAGE})(['block', 200])"),
    "why": Picture("continents", 470, {"name": "why", "height": 480}, "() => store.select('peer:ben')"),
    "spread": Picture("continents", 579, {"name": "spread", "height": 480}, BLOCK_123),
    "curves": Picture("continents", 579, {"name": "curves", "curve": "coverage", "height": 420}, BLOCK_123),
    "heights": Picture(
        "fork_and_heal", 266, {"name": "curves", "height": 420}, "() => store.select('peer:dan')"
    ),
    "mempool": Picture(
        POOLS, 1, {"name": "mempool", "seen_by": ["ann", "dan", "cat"], "height": 480}, FIND_RIVAL
    ),
    "book": Picture(
        HOSTS,
        1,
        {"name": "address book", "seen_by": "ann", "height": 480},
        f"() => ({CHOOSE_TELLER})([40e6, 'sybil4'])",
    ),
    "books": Picture(
        HOSTS,
        1,
        {"name": "address book", "seen_by": ["ann", "cat", "vm1"], "height": 480},
        f"() => ({CHOOSE_TELLER})([110e6, 'sybil1'])",
    ),
    "nat": Picture("symmetric_nats", 42, {"views": ["nat", "chart"]}, CHOOSE_PORT),
    "nats": Picture(BOXES, 300, {"name": "nat", "height": 620}, CHOOSE_LEASED),
    "dht": Picture("kademlia_lookup", 281, {"name": "dht", "height": 560}),
    "ring": Picture("chord_ring", 2404, {"name": "dht", "height": 480}),
    "messages": Picture(
        "continents",
        1,
        {"name": "message map", "height": 480},
        f"() => ({FIND_ANSWER})(['getdata', 'block', 900])",
    ),
    "final": Picture(
        "twin_validator",
        1,
        {"name": "tree", "height": 480},
        f"() => ({FIND_NOTE})(['bob', 'checkpoint finalised', 4])",
    ),
    "validators": Picture(
        "twin_validator",
        1,
        {"name": "validators", "seen_by": "ann", "height": 480},
        f"() => ({FIND_NOTE})(['ann', 'slashed', null])",
    ),
    "shares": Picture(
        "majority_stake",
        1,
        {"name": "shares", "seen_by": "ann", "height": 420},
        "() => { store.goto(store.trace.lastEvent); store.select('peer:ann'); }",
    ),
    "readings": Picture(
        "join_and_leave",
        1540,
        {"name": "readings", "seen_by": "ann", "height": 480},
        "() => { store.memory.set('readings:about', 'epoch'); store.changed(); }",
    ),
    "peers": Picture("partition_payments", 190, {"name": "peers", "height": 250}, SORT_BY_BYTES),
    "share": Picture("fork_and_heal", 266, {"views": ["tree", "why"]}, OPEN_SHARE),
    "lanes": Picture("four_servers", 700, {"name": "lanes", "height": 420}),
    "events": Picture("headers_first", 300, {"name": "events", "height": 420}),
    "act": Picture("continents", 463, {"name": "controls", "height": 560}, ACT),
}


def take(browser: Browser, lab: Lab, picture: Picture, form: Format, path: Path) -> None:
    """One picture. AssertionError when the page complained."""
    view = ViewsPage(browser, theme=form.theme, width=form.width, scale=form.scale)
    view.show_lab(lab, event=picture.event, **picture.options)
    if picture.prepare:
        view.do(picture.prepare)
    view.page.wait_for_timeout(1200)  # what moves has arrived
    view.page.locator("#host > *").screenshot(path=str(path))
    assert view.complaints == [], view.complaints
    view.page.close()


def take_player(browser: Browser, lab: Lab, theme: str, folder: Path) -> None:
    """An exported run on a learner's laptop. AssertionError when the page complained."""
    complaints: list[str] = []
    with tempfile.TemporaryDirectory() as exported:
        file = lab.export(Path(exported) / "run.html", "tree", "chart", at=463)
        context = browser.new_context(viewport=LAPTOP, color_scheme=theme, offline=True)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(file.as_uri())
        page.wait_for_selector(".bl-network canvas")
        page.wait_for_timeout(1200)
        page.screenshot(path=str(folder / f"player-{theme}.png"))
        context.close()
    assert complaints == [], complaints


def take_prediction(browser: Browser, form: Format, path: Path) -> None:
    """A line drawn by hand against what happened. AssertionError when the page complained."""
    lab = Lab("fork_and_heal")
    lab.goto(event=118)  # the next one is the first block's
    asked = curve(
        "Ann finds block 1. How many of the six peers have it, second by second?",
        coverage_curve(1), unit="peers", least=0, most=6, fair=0.5, until=7_000_000,
    )  # fmt: skip
    said = predict(lab, asked)
    view = LivePage(browser, theme=form.theme, width=form.width, scale=form.scale)
    view.show_card(said.show(alone=True))
    said.commit([(2_000_000, 0), (4_000_000, 2), (5_500_000, 6)])
    view.carrier.get_holdings()  # what waits to be told goes out
    view.deliver()
    view.page.get_by_role("button", name="Skip to the outcome").click()
    view.settle()
    view.page.locator("#host > *").screenshot(path=str(path))
    assert view.complaints == [], view.complaints
    view.page.close()


def take_pair(browser: Browser, tab: str, form: Format, path: Path) -> None:
    """A run, and the same with one message lost. AssertionError when the page complained."""
    a = Lab("fork_and_heal")
    a.run()
    b = make_twin(a, DropMessage(354))  # dan tells eve of the second block
    view = PairPage(browser, theme=form.theme, width=form.width, scale=form.scale)
    view.show_pair(a, b)
    view.page.get_by_role("tab", name=tab).click()
    view.do("() => { stores[0].gotoTime(6.82e6); stores[0].select('peer:dan'); }")
    view.page.locator(".bl-tabbed").scroll_into_view_if_needed()
    view.page.wait_for_timeout(1200)
    view.page.locator("#host > *").screenshot(path=str(path))
    assert view.complaints == [], view.complaints
    view.page.close()


def main(folder: Path) -> None:
    """All pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    labs: dict[str, Lab] = {}
    with opened_browser() as browser:
        for name, picture in PICTURES.items():
            if picture.story not in labs:
                made = MADE.get(picture.story)
                labs[picture.story] = Lab(picture.story) if made is None else made()
            lab = labs[picture.story]
            lab.look_ahead()
            for suffix, form in FORMATS.items():
                take(browser, lab, picture, form, folder / f"{name}-{suffix}.png")
                print(f"{name}-{suffix}.png", flush=True)
        for suffix, form in FORMATS.items():
            take_prediction(browser, form, folder / f"prediction-{suffix}.png")
            print(f"prediction-{suffix}.png", flush=True)
        for suffix, form in FORMATS.items():
            for name, tab in (("pair", "Reached"), ("parting", "Parting")):
                take_pair(browser, tab, form, folder / f"{name}-{suffix}.png")
                print(f"{name}-{suffix}.png", flush=True)
        for theme in ("light", "dark"):
            take_player(browser, labs["continents"], theme, folder)
            print(f"player-{theme}.png", flush=True)
    labs["fork_and_heal"].share.storyboard(folder / "storyboard.svg")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
