"""The views on a plain page in a real browser, without Jupyter and server: requests are answered from disk.

A story comes from `tests/widgets/toy_story.mjs`, or is a packed trace of a real lab.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from blockchain_lab_widgets.assets import FOLDER, get_vis
from blockchain_lab_widgets.head import get_head
from blockchain_lab_widgets.packing import Packer
from playwright.sync_api import Browser, Page, Route, sync_playwright

from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.kinds import get_codec
from support.required import require

ORIGIN = "http://views.test"  # never resolved: requests are answered before they leave the browser
CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"]
STORIES = Path(__file__).parents[1] / "widgets"
TYPES = {"js": "text/javascript", "mjs": "text/javascript", "json": "application/json"}
AUDIT = """async () => (await axe.run(document.body, {resultTypes: ['violations']})).violations
  .filter(({impact}) => impact === 'serious' || impact === 'critical')
  .flatMap(({id, nodes}) => nodes.slice(0, 3).map(({html}) => `${id}: ${html.slice(0, 160)}`))"""
PAPER = {
    "light": "--jp-layout-color0: white; --jp-ui-font-color0: #000",
    "dark": "--jp-layout-color0: #111; --jp-layout-color1: #212121; --jp-layout-color2: #424242;"
    "--jp-border-color2: #424242; --jp-ui-font-color0: #fff; --jp-ui-font-color1: rgba(255, 255, 255, .87)",
}
SHOW = """async ({origin, story, options, event, packed}) => {
  const [{Store}, {mount}, {provide}, stories, {default: vis}] = await Promise.all([
    "widgets/blockchain_lab_widgets/js/store.js", "widgets/blockchain_lab_widgets/js/views.js",
    "widgets/blockchain_lab_widgets/js/libraries.js", "tests/widgets/toy_story.mjs", "vis.js",
  ].map(path => import(`${origin}/${path}`)));
  provide("vis", vis);
  const store = window.store = new Store();
  const read = async name => (await fetch(`${origin}/packed/${name}`)).arrayBuffer();
  if (packed) {
    store.append(packed.head, await read("columns"));
    for (const [i, from] of packed.chunks.entries()) store.appendMessages(from, await read(`messages-${i}`));
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


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """System Chromium. Skips, or fails where everything is required, when there is none."""
    require(CHROMIUM, "no browser: apt-get install chromium (or your system's Chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class ViewsPage:
    """One view or workbench on a page of a notebook's width, and what went wrong on it."""

    def __init__(self, browser: Browser, *, theme: str = "light", width: int = 934, scale: float = 1) -> None:
        """An empty page on light or dark paper; `scale` enlarges it, as a browser's zoom does."""
        self.complaints: list[str] = []
        self.packed: dict[str, bytes] = {}
        self.page: Page = browser.new_page(
            viewport={"width": width, "height": 700}, device_scale_factor=scale
        )
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.route("**/*", self._answer)
        self._style = f"<style>:root {{ {PAPER[theme]} }} body {{ margin: 0 }}</style>"
        self.page.goto(f"{ORIGIN}/")

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path.lstrip("/")
        kind = TYPES.get(path.rpartition(".")[2], "application/octet-stream")
        if path in ("", "favicon.ico"):
            html = f"<!doctype html><title>views</title>{self._style}<body><div id=host></div>"
            route.fulfill(body=html, content_type="text/html")
        elif path == "vis.js":
            route.fulfill(body=get_vis(), content_type=kind)
        elif path.startswith("packed/"):
            route.fulfill(body=self.packed[path.removeprefix("packed/")], content_type=kind)
        elif path.startswith("tests/widgets/"):
            route.fulfill(body=(STORIES / Path(path).name).read_bytes(), content_type=kind)
        elif path.startswith("widgets/blockchain_lab_widgets/js/"):
            route.fulfill(body=(FOLDER / Path(path).name).read_bytes(), content_type=kind)
        else:
            self.complaints.append(f"unexpected request: {route.request.url}")
            route.abort()

    def show_story(self, *story: Any, event: int = 0, **options: Any) -> None:
        """A story of the toy network, by the name of its function and its arguments, at an event."""
        self._show({"story": list(story), "packed": None, "event": event, "options": options})

    def show_lab(self, lab: Lab, *, event: int, **options: Any) -> None:
        """A real lab's whole trace with all its bytes, at an event."""
        packer = Packer(get_codec(lab.scenario))
        packer.follow(lab.trace)
        self.packed = {"columns": packer.pack(0, 0)}
        chunks, start = [], 0
        while start < len(packer.messages):
            count, chunk = packer.messages.pack_chunk(start)
            self.packed[f"messages-{len(chunks)}"] = chunk
            chunks.append(start)
            start += count
        head = {"epoch": 0, "cut": 0, "from": 0, "count": len(packer), "factsFrom": 0} | get_head(lab)
        self._show(
            {"story": None, "packed": {"head": head, "chunks": chunks}, "event": event, "options": options}
        )

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
        """Until everything that was asked for is drawn: two animation frames."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def do(self, script: str) -> Any:
        """Run a script in the page, and wait until its effects are drawn."""
        value = self.page.evaluate(script)
        self.wait_for_pictures()
        return value
