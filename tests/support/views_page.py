"""The views on a plain page in a real browser, without Jupyter: a server of ours has only their files.

A story comes from `tests/widgets/toy_story.mjs`, or is a packed trace of a real lab.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from blockchain_lab_widgets.head import get_head
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright

from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.kinds import get_codec
from support.packed_lab import pack
from support.required import require
from support.tabs import get_tabs
from support.views_server import ORIGIN, get_server

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"]
SHOW = """async ({origin, story, options, event, packed}) => {
  const [{Store}, {mount}, {provide}, stories, {default: vis}] = await Promise.all([
    "widgets/blockchain_lab_widgets/js/store.js", "widgets/blockchain_lab_widgets/js/views.js",
    "widgets/blockchain_lab_widgets/js/libraries.js", "tests/widgets/toy_story.mjs", "vis.js",
  ].map(path => import(`${origin}/${path}`)));
  provide("vis", vis);
  const store = window.store = new Store();
  const read = async name => (await fetch(`${origin}/packed/${packed.name}/${name}`)).arrayBuffer();
  if (packed) {
    store.append(packed.head, await read("columns"));
    for (const from of packed.chunks) store.appendMessages(from, await read(from));
  } else {
    const [name, ...values] = story;
    store.append(...stories[name](...values).packed());
  }
  store.goto(event);
  window.unmount = mount(document.getElementById("host"), store, options);
}"""

AGAIN = """async ({origin, options, event}) => {
  window.unmount();
  store.memory.clear();
  store.select(null);
  store.goto(event);
  const {mount} = await import(`${origin}/widgets/blockchain_lab_widgets/js/views.js`);
  window.unmount = mount(document.getElementById("host"), store, options);
}"""

# A round is an animation frame, and the word of those who watch in it what is in sight; a task later all have
# it. Who is told asks for a frame of his own, and so does a picture whose drawing moves another one.
DRAWN = """async () => {
  const isPlaying = () => [window.store, ...(window.stores ?? [])].some(store => store?.playing);
  const round = () => new Promise(done => requestAnimationFrame(() => {
    const watcher = new IntersectionObserver(() => {
      watcher.disconnect();
      scheduler.postTask(done);
    });
    watcher.observe(document.documentElement);
  }));
  for (let rounds = 1; rounds <= 100; rounds++) {
    await round();
    if (rounds >= 2 && (isPlaying() || !window.framesAsked?.size)) return;
  }
  throw new Error("it draws without end");
}"""


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """System Chromium. Skips, or fails where everything is required, when there is none."""
    require(CHROMIUM, "no browser: apt-get install chromium (or your system's Chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, get_server().flag])
        try:
            yield browser
        finally:
            browser.close()


class ViewsPage:
    """One view or workbench on a page of a notebook's width, and what went wrong on it."""

    def __init__(self, browser: Browser, *, theme: str = "light", width: int = 934, scale: float = 1) -> None:
        """An empty page on light or dark paper; `scale` enlarges it, as a browser's zoom does."""
        self.complaints: list[str] = []
        self._tabs = get_tabs(browser)
        self.page: Page = (
            self._tabs.take(self.leave) if scale == 1 else browser.new_page(device_scale_factor=scale)
        )
        self.page.set_viewport_size({"width": width, "height": 700})
        self.page.goto(f"{ORIGIN}/?{theme}")
        self.page.on("console", self._on_console)
        self.page.on("pageerror", self._on_error)
        self.page.on("requestfailed", self._on_failure)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _on_error(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _on_failure(self, request: Request) -> None:
        self.complaints.append(f"unexpected request: {request.url}")

    def leave(self) -> None:
        """Nobody looks at it any more: whatever comes from its tab is another page's business."""
        self.page.remove_listener("console", self._on_console)
        self.page.remove_listener("pageerror", self._on_error)
        self.page.remove_listener("requestfailed", self._on_failure)

    def show_story(self, *story: Any, event: int = 0, **options: Any) -> None:
        """A story of the toy network, by the name of its function and its arguments, at an event."""
        self._show({"story": list(story), "packed": None, "event": event, "options": options})

    def show_lab(self, lab: Lab, *, event: int, **options: Any) -> None:
        """A real lab's whole trace with all its bytes, at an event."""
        trace = pack(lab, get_codec(lab.scenario))
        get_server().packed[trace.name] = trace.files
        head = {"epoch": 0, "cut": 0, "from": 0, "count": trace.count, "factsFrom": 0} | get_head(lab)
        packed = {"head": head, "chunks": trace.chunks, "name": trace.name}
        self._show({"story": None, "packed": packed, "event": event, "options": options})

    def _show(self, what: dict[str, Any]) -> None:
        what["options"] = {"name": "workbench"} | what["options"]
        self.page.evaluate(SHOW, json.loads(json.dumps({"origin": ORIGIN, **what})))
        self.page.wait_for_selector("[data-drawn]")
        self.wait_for_pictures()

    def show_again(self, *, event: int, **options: Any) -> None:
        """Another view of the same lab, or the same anew: as at first, without loading everything."""
        self.page.evaluate(AGAIN, {"origin": ORIGIN, "options": options, "event": event})
        self.page.wait_for_selector("[data-drawn]")
        self.wait_for_pictures()

    def wait_for_pictures(self) -> None:
        """Until everything that was asked for is drawn: two animation frames, or as many as it takes.

        While the story plays it is two. Timers are not waited for: who types into a search box, say.
        """
        self.page.evaluate(DRAWN)

    def do(self, script: str) -> Any:
        """Run a script in the page, and wait until its effects are drawn."""
        value = self.page.evaluate(script)
        self.wait_for_pictures()
        return value
