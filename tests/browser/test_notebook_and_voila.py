"""The same small notebook in Jupyter Notebook 7 and under voila: views draw and play there, too."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect
from support.lesson_page import served_lessons
from support.required import require
from support.small_notebook import address_of, write_notebook

SHOW = "from blockchain_lab.lab import Lab\nlab = Lab('fork_and_heal')\nlab.show()"
OUTSIDE = re.compile(r"^(https?|wss?)://(?!127\.0\.0\.1[:/])")
NOTEBOOKS_OWN = "Cannot read properties of undefined (reading 'schema')"  # 7.6's shortcuts, without us too
VOILAS_OWN = re.compile(r"font-?awesome|mathjax|require(js|\.min\.js)|\bvoila\b", re.I)


class Visit:
    """One page of the server, and what went wrong on it."""

    def __init__(self, browser: Browser, address: str) -> None:
        """Requests to other machines are written down and refused."""
        self.outside: list[str] = []
        self.complaints: list[str] = []
        self.page: Page = browser.new_page(viewport={"width": 1366, "height": 768})
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.route(OUTSIDE, lambda route: (self.outside.append(route.request.url), route.abort()))
        self.heard = 0  # messages of kernels
        self.page.on("websocket", self._listen)
        self.page.goto(address, wait_until="domcontentloaded")

    def _listen(self, socket: WebSocket) -> None:
        if "/channels?" in socket.url:
            socket.on("framereceived", self._hear)

    def _hear(self, _: object) -> None:
        self.heard += 1

    @property
    def view(self) -> Locator:
        """The workbench."""
        return self.page.locator(".blockchain-lab").first


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a small notebook; it answers for JupyterLab, Notebook 7 and voila alike."""
    for name in ("notebook", "voila"):
        require(find_spec(name), f"{name} is missing: pip install -e '.[test]'")
    folder: Path = tmp_path_factory.mktemp("learner")
    with served_lessons(folder) as printed:
        write_notebook(folder, "small.ipynb", SHOW)
        yield printed


def check_play(visit: Visit) -> None:
    """The workbench draws at its poster, plays, pauses and steps back, by keyboard and by pointer."""
    place = visit.view.locator(".bl-place")
    expect(place).to_contain_text("266 /", timeout=60_000)
    # The bar and the tree are drawn before the library that lays out the network has come.
    expect(visit.view.get_by_role("listbox").get_by_role("option")).to_have_count(6)

    visit.view.focus()
    visit.page.keyboard.press("Home")
    expect(place).to_contain_text(re.compile("^0 /"))
    visit.view.get_by_role("button", name="Play (Space)").click()
    expect(place).not_to_have_text(re.compile("^[0-5] /"))
    visit.view.get_by_role("button", name="Pause (Space)").click()
    visit.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    event = int(place.inner_text().partition("/")[0])
    visit.page.keyboard.press("ArrowLeft")
    expect(place).to_contain_text(f"{event - 1} /")


def check_acting(visit: Visit) -> None:
    """Python is at the other end: a block is mined, by the first peer's menu."""
    place = visit.view.locator(".bl-place")
    before = int(place.inner_text().partition("/")[0])
    visit.view.get_by_role("listbox").get_by_role("option").first.press("Shift+F10")
    visit.page.get_by_role("menuitem", name="Mine a block").press("Enter")
    expect(place).to_contain_text(f"{before + 1} /")
    expect(visit.view.locator(".bl-notes")).to_contain_text("future")


def test_notebook_7(browser: Browser, address: str) -> None:
    """Opened, run by keys; nothing of ours on the console, nobody else is asked for anything."""
    visit = Visit(browser, address_of(address, "notebooks/small.ipynb"))
    while not visit.heard:  # it calls itself idle before there is a kernel, and forgets what it shall run
        visit.page.wait_for_timeout(50)
    visit.page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for()
    visit.page.locator(".jp-Cell .cm-content").first.click()
    visit.page.keyboard.press("Shift+Enter")

    check_play(visit)
    check_acting(visit)
    assert ([], []) == ([text for text in visit.complaints if text != NOTEBOOKS_OWN], visit.outside)


def test_voila(browser: Browser, address: str) -> None:
    """The notebook as a page without cells. What voila's own template asks of the world, we do not need."""
    visit = Visit(browser, address_of(address, "voila/render/small.ipynb"))

    check_play(visit)
    check_acting(visit)
    assert [] == [url for url in visit.outside if not VOILAS_OWN.search(url)]
    theirs = ("net::ERR_FAILED", "/voila/")  # refused above; raised in modules that voila loads for itself
    assert [] == [text for text in visit.complaints if not any(sign in text for sign in theirs)]
