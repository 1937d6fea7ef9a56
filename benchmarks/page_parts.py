"""The parts of `views.py` that need no Jupyter: views on a plain page, and what a carrier would send."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from blockchain_lab_widgets.carrier import Carrier
from playwright.sync_api import Browser, Page
from support.stopwatch import drag_over, scrub, spread_out
from support.views_page import ViewsPage
from support.widget_page import open_page, say_hello

from blockchain_lab import scenarios
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab

Row = tuple[str, str, str]

PEERS = (30, 200, 1_000)
PLAYED, RESTED = 6, 3  # seconds
MEGABYTE = 1e6
OPENINGS = 5
LONG = 103_751  # events of the toy story "long"
# Where in a story most messages are under way: looked for at 200 places.
BUSIEST = """() => {
  const places = [...Array(200).keys()].map(part => Math.round(part * store.trace.lastEvent / 200));
  const dots = event => store.trace.flying(store.trace.timeOf(event)).length;
  return places.reduce((best, event) => (dots(event) > dots(best) ? event : best), 0);
}"""
PLAY = """async seconds => {
  const host = document.querySelector('.bl-network');
  const [gaps, dots] = [[], []];
  store.play();
  let last = await new Promise(requestAnimationFrame);
  const end = last + 1000 * seconds;
  while (last < end && store.playing) {
    const now = await new Promise(requestAnimationFrame);
    gaps.push(now - last);
    dots.push(Number(host.dataset.dots));
    last = now;
  }
  store.pause();
  return [gaps, dots];
}"""
# Counts the animation frames that anybody asks for from now on.
COUNT_FRAMES = """() => {
  window.frames_asked = 0;
  const ask = window.requestAnimationFrame;
  window.requestAnimationFrame = draw => { window.frames_asked += 1; return ask(draw); };
}"""
PLAY_ON = "() => { if (!store.playing) store.play(); }"
PLAY_FAST = "() => { store.setSpeed(4); store.play(); }"


def show(browser: Browser, name: str, story: str, event: int, **story_options: Any) -> ViewsPage:
    """A toy story in one view."""
    view = ViewsPage(browser)
    view.page.set_default_timeout(120_000)
    view.show_story(story, story_options, event=event, name=name)
    return view


def measure_frames(browser: Browser) -> Iterator[Row]:
    """Frames a second while a crowd gossips, from where most messages are under way."""
    for name in ("network", "workbench"):
        for peers in PEERS:
            view = show(browser, name, "crowd", 0, peers=peers, blocks=3)
            view.do(f"() => store.goto({view.page.evaluate(BUSIEST)})")
            session = open_clock(view.page)
            before = get_work(session)
            gaps, dots = view.page.evaluate(PLAY, PLAYED)
            work = 1000 * (get_work(session) - before) / len(gaps)
            rate = f"{1000 * len(gaps) / sum(gaps):.0f} a second, each {work:.1f} ms of work"
            yield f"frames: {name}, {peers} peers, {median(dots):.0f} dots", rate, "60 a second"
            view.page.close()


def measure_scrubbing(browser: Browser) -> Iterator[Row]:
    """From a move of the cursor to the paint: jumps all over the trace, and a drag of a hand."""
    lab = Lab("headers_first")
    lab.run(until=lab.scenario.until)
    view = ViewsPage(browser)
    view.show_lab(lab, event=0, name="workbench")
    yield from scrub_both("workbench, lesson 14", view.page, lab.head)
    for name in ("workbench", "network", "chart", "tree", "events"):
        view = show(browser, name, "long", 0)
        yield from scrub_both(f"{name}, {LONG:,} events", view.page, LONG)
        view.page.close()


def scrub_both(what: str, page: Page, last: int) -> Iterator[Row]:
    """Two rows about one picture. The first jump folds the whole trace, once."""
    scrub(page, [last, 0])
    yield f"scrub: {what}, jumps", str(scrub(page, spread_out(last, 60))), "under 50 ms"
    yield f"scrub: {what}, drag", str(scrub(page, drag_over(last, 120))), "under 50 ms"


def measure_idleness(browser: Browser) -> Iterator[Row]:
    """What a paused workbench costs: no frame, and hardly any work of the processor."""
    view = show(browser, "workbench", "crowd", 2_000, peers=200, blocks=3)
    page = view.page
    page.wait_for_timeout(2_000)
    page.evaluate(COUNT_FRAMES)
    session = open_clock(page)
    before = get_work(session)
    page.wait_for_timeout(1000 * RESTED)
    spent = get_work(session) - before
    frames = page.evaluate("() => window.frames_asked")
    yield (
        f"idle: workbench, paused for {RESTED} s",
        f"{frames} frames, {1000 * spent:.1f} ms of work",
        "no frames",
    )
    page.close()


def open_clock(page: Page) -> Any:
    """A session that counts a page's work in processor time, which others on the machine do not change."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    return session


def get_work(session: Any) -> float:
    """Seconds of processor time that the page's main thread has worked so far."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def measure_comm(_: Browser) -> Iterator[Row]:
    """What goes over the channel for a whole trace, packed as it is sent."""
    for name in ("headers_first", "four_servers", "fork_and_heal"):
        lab = Lab(name)
        lab.run(until=lab.scenario.until)
        carrier = Carrier(lab)
        channel = open_page(carrier)
        say_hello(carrier)
        sizes = {"records": 0, "messages": 0}
        for data, buffers in channel.sent:
            if data["method"] == "custom" and data["content"]["type"] in sizes:
                sizes[data["content"]["type"]] += len(str(data)) + sum(len(buffer) for buffer in buffers)
        per = {kind: f"{size / lab.head:.1f} KB of {kind}" for kind, size in sizes.items()}
        yield f"comm: 1,000 events of {name} ({lab.head:,})", ", ".join(per.values()), ""
        carrier.close()


def measure_player(browser: Browser) -> Iterator[Row]:
    """A run as one file: its size, how long it takes to write, and to open from the disk."""
    for name, until in (("headers_first", 60 * SECOND), ("four_servers", 14 * SECOND)):
        lab = Lab(replace(scenarios.load(name), until=until))
        lab.look_ahead()
        with tempfile.TemporaryDirectory() as folder:
            begun = time.monotonic()
            file = lab.export(Path(folder) / "run.html")
            written = time.monotonic() - begun
            times = [open_file(browser, file) for _ in range(OPENINGS)]
            size = f"{file.stat().st_size / MEGABYTE:.1f} MB"
        yield f"player: {lab.head:,} events of {name}", size, "under 3 MB for 5,000"
        yield f"player: {lab.head:,} events, to write", f"{written:.1f} s", ""
        yield f"player: {lab.head:,} events, to its first picture", f"{median(times):.1f} s", ""


def open_file(browser: Browser, file: Path) -> float:
    """Seconds from the address to the first picture, in a browser that knows nothing of it yet."""
    context = browser.new_context(offline=True, viewport={"width": 1366, "height": 768})
    page = context.new_page()
    begun = time.monotonic()
    page.goto(file.as_uri())
    page.wait_for_selector("[data-drawn]")
    opened = time.monotonic() - begun
    context.close()
    return opened


def measure_memory(browser: Browser, minutes: float) -> Iterator[Row]:
    """A workbench plays round and round at four times the pace; what is left after each collection."""
    view = show(browser, "workbench", "crowd", 0, peers=200, blocks=3)
    page = view.page
    session = page.context.new_cdp_session(page)
    page.evaluate(PLAY_FAST)
    page.wait_for_timeout(5_000)  # every fold has started, every layout is known
    begun = time.monotonic()
    used = [get_memory(session)]
    while time.monotonic() < begun + 60 * minutes:
        for _ in range(15):
            page.evaluate(PLAY_ON)
            page.wait_for_timeout(min(1_000, 60_000 * minutes / 15))
        used.append(get_memory(session))
    first, most, last = used[0], max(used, key=lambda pair: pair[0]), used[-1]
    shown = f"{first[0]:.1f} MB, at most {most[0]:.1f}, at last {last[0]:.1f}"
    yield f"memory: workbench plays for {minutes:g} minutes", shown, "bounded"
    yield "memory: nodes of the document", f"{first[1]:,} first, {last[1]:,} last", "bounded"
    assert not view.complaints, view.complaints
    page.close()


def get_memory(session: Any) -> tuple[float, int]:
    """Megabytes in use behind a garbage collection, and nodes of the document."""
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"] / MEGABYTE
    return used, session.send("Memory.getDOMCounters")["nodes"]
