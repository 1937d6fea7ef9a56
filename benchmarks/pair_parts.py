"""The part of `views.py` about two labs drawn together: 200 Bitcoin peers, and one thing that differs."""

import time
from collections.abc import Iterator
from statistics import median

from page_parts import PLAYED, Row, get_work, open_clock
from playwright.sync_api import Browser
from support.pair_page import PairPage
from workloads import random_graph

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.networks import make_layout, make_names
from blockchain_lab.sim.actions import DropMessage
from blockchain_lab.sim.scenario import Links, Peer, Scenario, Topology
from blockchain_lab.study.compare import compare
from blockchain_lab.study.twin import Change, make_twin

PEERS, DEGREE = 200, 8
BLOCKS_AT = (10 * SECOND, 15 * SECOND, 20 * SECOND)
UNTIL = 25 * SECOND
PLAY_BOTH = """async seconds => {
  const gaps = [];
  stores[0].gotoTime(10e6);
  stores[0].play();
  let last = await new Promise(requestAnimationFrame);
  const end = last + 1000 * seconds;
  while (last < end && stores[0].playing) {
    const now = await new Promise(requestAnimationFrame);
    gaps.push(now - last);
    last = now;
  }
  stores[0].pause();
  return gaps;
}"""
MOVE = """async event => {
  const begun = performance.now();
  stores[0].goto(event);
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - begun;
}"""


def make_crowd() -> Scenario:
    """Three blocks, one after another, through a random network."""
    names = make_names(PEERS)
    return Scenario(
        name="crowd",
        seed=1,
        chain={"network": "regtest"},
        peers={name: Peer("bitcoin") for name in names},
        topology=Topology(tuple(random_graph(names, DEGREE))),
        links=Links(latency=(10_000, 200_000), jitter=20_000),
        layout=make_layout(names),
        story=tuple((at, Mine(names[place])) for place, at in enumerate(BLOCKS_AT)),
        until=UNTIL,
    )


def find_news(lab: Lab) -> int:
    """The sending of the first message of a block."""
    return next(
        record.id
        for record in lab.trace
        if record.kind == Kind.SEND and record.at >= BLOCKS_AT[0] and record.detail.command != "ping"
    )


def measure_comparing(browser: Browser) -> Iterator[Row]:
    """A dropped message, and another jitter, which changes nearly every record: what they cost."""
    a = Lab(make_crowd())
    a.run()
    changes: dict[str, Change] = {
        "a message dropped": DropMessage(find_news(a)),
        "no jitter": {"links.jitter": 0},
    }
    for what, change in changes.items():
        begun = time.monotonic()
        b = make_twin(a, change)
        twin = time.monotonic() - begun
        begun = time.monotonic()
        result = compare(a, b)
        compared = time.monotonic() - begun
        about = f"compare: {PEERS} peers, {a.head:,} events, {what}"
        yield f"{about}, twin", f"{twin:.1f} s", ""
        yield f"{about}, compare()", f"{compared:.1f} s, {len(result.cone)} peers reached", "under 5 s"
        yield from measure_showing(browser, about, a, b)


def measure_showing(browser: Browser, about: str, a: Lab, b: Lab) -> Iterator[Row]:
    """Until both are drawn, and what they cost while they play and jump."""
    page = PairPage(browser)
    page.page.set_default_timeout(120_000)
    begun = time.monotonic()
    page.show_pair(a, b)
    yield f"{about}, to its first picture", f"{time.monotonic() - begun:.1f} s", ""
    session = open_clock(page.page)
    before = get_work(session)
    gaps = page.page.evaluate(PLAY_BOTH, PLAYED)
    work = 1000 * (get_work(session) - before) / len(gaps)
    rate = f"{1000 * len(gaps) / sum(gaps):.0f} a second, each {work:.1f} ms of work"
    yield f"{about}, frames while playing", rate, "60 a second"
    jumps = [page.page.evaluate(MOVE, a.head * part // 20) for part in range(20)]
    yield f"{about}, jumps to the paint", f"median {median(jumps):.0f} ms, at most {max(jumps):.0f}", ""
    assert not page.complaints, page.complaints
    page.page.close()
    page.view.close()
