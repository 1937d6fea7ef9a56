"""The share panel in a real browser: what it hands out is opened again, and is the same."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, expect
from support.audit import find_faults, lay_on
from support.evil_story import make_evil_lab
from support.live_page import LivePage
from support.views_page import ViewsPage

from blockchain_lab.base.actions import Mine
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill

SVG = "{http://www.w3.org/2000/svg}"
CAPTION = 32  # pixels above what is drawn
TEXTS_DIFFER = 0.04  # part of the pixels that smoothing of letters and lines may change
CLIPBOARD = """() => Object.defineProperty(navigator, 'clipboard', {
  configurable: true, value: { writeText: async text => { window.copied = text; } },
})"""
FORBIDDEN = {"script", "img", "image", "b", "foreignObject", "style", "a", "use"}


@pytest.fixture
def live(browser: Browser) -> Iterator[LivePage]:
    """A page joined to a real carrier; nothing may go wrong on it."""
    live = LivePage(browser)
    yield live
    assert [] == live.complaints


@pytest.fixture
def lab() -> Lab:
    """Somebody has switched dan off, later one more block was found; we look at what lies between."""
    lab = Lab("fork_and_heal")
    lab.goto(event=120)
    lab.do(Kill("dan"))
    lab.goto(event=200)
    lab.do(Mine("ann"))
    return lab


def open_panel(page: Page) -> None:
    """By pointer."""
    page.get_by_role("button", name="Share: picture, code, run").click()
    expect(page.get_by_role("dialog", name="Share this moment")).to_be_visible()


def save(view: ViewsPage, button: str, folder: Path) -> Path:
    """What a button hands to the browser."""
    with view.page.expect_download() as download:
        view.page.get_by_role("button", name=button).click()
        view.page.evaluate("() => window.waiting")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def open_alone(browser: Browser, file: Path) -> tuple[Any, Page]:
    """A file from the disk, without a network; who asks for anything else is told of."""
    context = browser.new_context(offline=True, viewport={"width": 1000, "height": 640})
    page = context.new_page()
    page.on("request", lambda request: request.url.startswith("file:") or pytest.fail(request.url))
    page.goto(file.as_uri())
    return context, page


def differ(one: bytes, other: bytes) -> float:
    """Which part of two pictures of one size is not of the same colour, more or less."""
    pair = [Image.open(io.BytesIO(each)).convert("L") for each in (one, other)]
    assert pair[0].size == pair[1].size
    distance = ImageChops.difference(*pair).point(lambda value: 255 if value > 64 else 0)
    return distance.histogram()[255] / (distance.width * distance.height)


@pytest.mark.parametrize("view", ["tree", "bytes", "chart", "why", "events"])
def test_the_svg_looks_like_the_page(live: LivePage, browser: Browser, tmp_path: Path, view: str) -> None:
    """Opened from the disk it is the network and the open tab, pixel for pixel but for smoothing."""
    live.show_live(Lab("fork_and_heal"), event=300, views=[view])
    live.page.wait_for_selector(".bl-network[data-layout]")
    page = live.page
    boxes = [page.locator(path).bounding_box() for path in (".bl-network > .bl-stage", ".bl-panel > div")]
    shots = [page.screenshot(clip=box) for box in boxes]
    open_panel(page)
    path = save(live, "This moment as SVG", tmp_path)
    context, alone = open_alone(browser, path)
    top = min(box["y"] for box in boxes) - CAPTION
    left = page.locator(".bl-network").bounding_box()["x"]
    moved = [{**box, "x": box["x"] - left, "y": box["y"] - top} for box in boxes]
    drawn = [alone.screenshot(clip=box) for box in moved]
    context.close()

    assert "fork_and_heal-300.svg" == path.name
    assert TEXTS_DIFFER > differ(shots[0], drawn[0])
    assert TEXTS_DIFFER > differ(shots[1], drawn[1])


def test_the_svg_holds_shapes_and_texts_and_nothing_else(live: LivePage, tmp_path: Path) -> None:
    """A name, a description, the peers' names as texts; no picture of pixels, no script, no address."""
    live.show_live(Lab("fork_and_heal"), event=300, views=["tree"])
    open_panel(live.page)
    text = save(live, "This moment as SVG", tmp_path).read_text("utf-8")
    root = ElementTree.fromstring(text)
    texts = ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]

    assert not FORBIDDEN & {element.tag.removeprefix(SVG) for element in root.iter()}
    assert {"ann", "eve", "B4b", "B5"} <= set(texts)
    assert "event 300 of 315, 34.633 s" in texts[-1]
    assert "4 on B5, 2 on B4" in (root.findtext(f"{SVG}desc") or "")
    assert 1 == text.count("http")


def test_parts_and_formats_are_chosen(live: LivePage, tmp_path: Path) -> None:
    """The network alone is smaller; a PNG is twice as sharp."""
    live.show_live(Lab("fork_and_heal"), event=300, views=["tree"])
    open_panel(live.page)
    live.page.get_by_label("Picture of").select_option("Network")
    root = ElementTree.parse(save(live, "This moment as SVG", tmp_path)).getroot()
    png = Image.open(save(live, "This moment as PNG", tmp_path))
    texts = {"".join(each.itertext()) for each in root.iter(f"{SVG}text")}

    assert "ann" in texts and "B4b" not in texts
    assert (int(root.get("width")) * 2, int(root.get("height")) * 2) == png.size
    assert png.convert("RGB").getcolors(1 << 20) is None or len(png.convert("RGB").getcolors(1 << 20)) > 9


def test_no_text_of_a_stranger_is_markup_in_a_picture(live: LivePage, tmp_path: Path) -> None:
    """Names, title and notes full of markup stay letters."""
    live.show_live(make_evil_lab(), event=10, views=["events"])
    open_panel(live.page)
    root = ElementTree.parse(save(live, "This moment as SVG", tmp_path)).getroot()

    assert not FORBIDDEN & {element.tag.removeprefix(SVG) for element in root.iter()}
    assert "<img" in "".join("".join(each.itertext()) for each in root.iter(f"{SVG}text"))
    assert not live.page.evaluate("() => 'hacked' in window")


def test_the_cell_is_copied_and_leads_to_the_same_event(
    live: LivePage, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By keyboard: Python's lines and the page's own; executed they make the same run at this very moment."""
    live.show_live(lab, event=150, views=["chart", "why"])
    live.do("() => store.select('peer:ann')")
    live.page.evaluate(CLIPBOARD)
    live.page.get_by_role("button", name="Share: picture, code, run").focus()
    live.page.keyboard.press("Enter")
    live.page.get_by_role("button", name="Copy a cell of code").focus()
    live.page.keyboard.press("Enter")
    expect(live.page.locator(".bl-share-status")).to_have_text("Copied: paste it into a cell.")
    text = live.page.evaluate("() => copied")
    live.page.keyboard.press("Escape")
    expect(live.page.get_by_role("dialog")).to_have_count(0)
    monkeypatch.setattr(Lab, "show", lambda lab, *views: None)
    known: dict[str, Any] = {}
    exec(text, known)
    again = known["lab"]

    assert text.endswith('lab.goto(event=150)\nlab.selection = "peer:ann"\nlab.show("chart", "why")\n')
    assert (150, "peer:ann", lab.digest()) == (again.cursor, again.selection, again.digest())
    assert lab.state_digest() == again.state_digest()
    assert lab.timeline.branch.actions == again.timeline.branch.actions


def test_a_browser_that_forbids_copying_shows_the_text_selected(live: LivePage, lab: Lab) -> None:
    """Then Ctrl+C takes it."""
    live.show_live(lab, event=150, views=["tree"])
    live.page.evaluate("() => { document.execCommand = () => false; }")  # by plain http there is no other way
    open_panel(live.page)
    live.page.get_by_role("button", name="Copy a cell of code").click()
    expect(live.page.locator(".bl-share-status")).to_contain_text("press Ctrl+C")

    assert "lab = Lab" in live.page.evaluate("() => getSelection().toString()")


def test_the_run_and_its_page_come_out_of_python(
    live: LivePage, browser: Browser, lab: Lab, tmp_path: Path
) -> None:
    """The file goes on where the reader stood; the page plays and shares without Python."""
    live.show_live(lab, event=150, views=["tree"])
    live.do("() => store.goto(140)")
    open_panel(live.page)
    again = Lab(save(live, "Save the run as a file", tmp_path))
    path = save(live, "Save the run as a page of its own", tmp_path)
    context, page = open_alone_player(browser, path)
    open_panel(page)
    names = page.get_by_role("dialog").get_by_role("button").all_inner_texts()
    with page.expect_download() as download:
        page.get_by_role("button", name="This moment as PNG").click()
    png = Image.open(download.value.path())
    page.get_by_role("button", name="Copy a cell of code").click()
    text = page.get_by_role("textbox", name="Cell of code").input_value()
    context.close()

    assert (140, lab.head) == (again.cursor, again.head)
    again.goto(event=again.head)
    lab.goto(event=lab.head)
    assert lab.digest() == again.digest()
    assert ["×", "SVG", "PNG", "Copy"] == names
    assert png.width > 1000
    assert lab.share.code_of_run() in text and "lab.goto(event=140)\n" in text


def open_alone_player(browser: Browser, file: Path) -> tuple[Any, Page]:
    """An exported run, when it is drawn."""
    context = browser.new_context(offline=True, viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("#waiting", state="hidden")
    page.wait_for_selector(".bl-network canvas")
    return context, page


def test_a_read_only_run_says_so_and_offers_no_acting(
    live: LivePage, tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    """An edited file: the note names it; no tab to act in, no seed. Python refuses, too."""
    Lab("fork_and_heal").save(tmp_path / "mine.json")
    text = (tmp_path / "mine.json").read_text("utf-8").replace("A cut network", "A good network")
    (tmp_path / "mine.json").write_text(text, "utf-8")
    lab = Lab(tmp_path / "mine.json")
    live.show_live(lab, event=150, views=["tree"])
    note = live.page.locator(".bl-note").filter(has_text="open read-only")
    expect(note).to_contain_text("the file was edited after it was saved (digest of the file: found")
    assert 0 == live.page.get_by_role("button", name="Act", exact=True).count()
    live.page.get_by_role("button", name="More: jump, loop, pace").click()
    assert 0 == live.page.get_by_label("Seed").count()
    answer = live.act({"do": "Mine", "peer": "ann"})
    assert not answer["ok"] and "open read-only" in answer["text"]


@pytest.mark.parametrize("paper", ["light", "dark"])
@pytest.mark.parametrize("width", [934, 310])
def test_the_panel_keeps_nobody_out(browser: Browser, paper: str, width: int) -> None:
    """No fault for axe, on both papers; it fits the narrowest cell."""
    view = ViewsPage(browser, theme=paper, width=width)
    lab = Lab("fork_and_heal")
    lab.run()
    view.show_lab(lab, event=300)
    lay_on(view.page, paper)
    open_panel(view.page)
    box = view.page.get_by_role("dialog").bounding_box()

    assert 0 <= box["x"] and box["x"] + box["width"] <= width
    assert [] == find_faults(view.page)
    assert [] == view.complaints


def test_the_graph_lives_without_a_network(browser: Browser, tmp_path: Path) -> None:
    """The page from the disk: drawn, hovered, and nothing is asked; markup in names is shown as it is."""
    for lab in (Lab("fork_and_heal"), make_evil_lab()):
        context, page = open_alone(browser, lab.share.graph(tmp_path / f"{lab.scenario.name}.html"))
        page.wait_for_selector("#graph canvas")
        page.wait_for_timeout(100)
        canvas = page.locator("#graph canvas").screenshot()
        page.mouse.move(500, 340)

        assert len(Image.open(io.BytesIO(canvas)).convert("RGB").getcolors(1 << 20)) > 9
        assert [0, False] == page.evaluate(
            "() => [document.querySelectorAll('img, b').length, 'hacked' in window]"
        )
        context.close()
