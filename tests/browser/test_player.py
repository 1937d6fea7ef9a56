"""An exported run opened from the disk, with the network off: all but acting works, and nothing is asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from support.audit import find_faults
from support.evil_story import EVIL, NAMES, make_evil_lab

from blockchain_lab.lab import Lab

LAPTOP = {"width": 1366, "height": 768}
FITS = """() => {
  const {scrollWidth, scrollHeight} = document.documentElement;
  return [scrollWidth <= innerWidth, scrollHeight <= innerHeight];
}"""
PAPER = "color => getComputedStyle(document.querySelector('.blockchain-lab')).backgroundColor === color"
WHITE, BLACK = "rgb(255, 255, 255)", "rgb(17, 17, 17)"
STRANGE = "() => [document.querySelectorAll('img, b').length, typeof hacked]"
# What the page's own policy refuses is told by an event.
TRY = """address => new Promise(done => {
  document.addEventListener('securitypolicyviolation', event => done(event.effectiveDirective));
  setTimeout(() => done('nothing refused it'), 3000);
  const tag = { png: 'img', js: 'script' }[address.split('.').at(-1)];
  if (tag) document.body.append(Object.assign(document.createElement(tag), { src: address }));
  else fetch(address).catch(() => null);
})"""


ASKED = {
    "img-src": "https://example.org/spy.png",
    "script-src-elem": "https://example.org/spy.js",
    "connect-src": "https://example.org/",
}


@dataclass
class Player:
    """A page, and what it complained of or asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, file: Path) -> None:
        """From the disk; ready when the workbench is drawn."""
        self.page.on("console", lambda told: told.type == "error" and self.complaints.append(told.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._on_request(request.url))
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("#waiting", state="hidden")
        self.page.wait_for_selector(".bl-network canvas")  # the library that draws it came with the page

    def _on_request(self, address: str) -> None:
        if not address.startswith(("file:", "blob:")):
            self.complaints.append(f"unexpected request: {address}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files: a partition that heals, opened at its poster, and a run full of markup."""
    folder = tmp_path_factory.mktemp("exported")
    Lab("fork_and_heal").export(folder / "fork.html", "tree", "why", "bytes")
    make_evil_lab().export(folder / "evil.html", "events", "why")
    return folder


@pytest.fixture
def player(browser: Browser) -> Iterator[Player]:
    """An empty page of a laptop's size without a network. Nothing may go wrong on it."""
    context = browser.new_context(viewport=LAPTOP, offline=True)
    player = Player(context.new_page())
    yield player
    context.close()
    assert [] == player.complaints


def test_it_opens_at_the_poster_and_fits_a_laptop(player: Player, folder: Path) -> None:
    """Title and workbench fill 1366 x 768 without scrolling; the tabs are those that were asked for."""
    player.open(folder / "fork.html")
    page = player.page

    assert "A cut network mines two chains; when it heals, the longer one wins" == page.title()
    expect(page.locator(".bl-place").first).to_have_text("266 / 315")
    assert ["Block tree", "Why?", "Bytes"] == page.get_by_role("tab").all_inner_texts()
    assert [True, True] == page.evaluate(FITS)


def test_keys_step_and_play_and_the_scrubber_moves(player: Player, folder: Path) -> None:
    """The workbench has the keys at once: nobody must click into it first."""
    player.open(folder / "fork.html")
    place = player.page.locator(".bl-place").first
    for key, event in (("ArrowLeft", 265), ("End", 315), ("Home", 0), ("ArrowRight", 1)):
        player.page.keyboard.press(key)
        expect(place).to_have_text(f"{event} / 315")
    player.page.keyboard.press("Space")
    expect(place).not_to_have_text("1 / 315")
    player.page.keyboard.press("Space")
    player.page.get_by_role("slider", name="Event").fill("120")
    expect(place).to_have_text("120 / 315")

    tips = player.page.locator(".bl-tabbed").inner_text()
    assert "B1" in tips
    assert "B5" not in tips


def test_why_is_asked_and_bytes_are_shown(player: Player, folder: Path) -> None:
    """A block is chosen in the tree; "?" asks why it is there; its bytes stand in the third tab, by keys."""
    player.open(folder / "fork.html")
    page = player.page
    page.locator(".bl-tabbed [data-name^='block:']").last.click()
    page.keyboard.press("?")
    expect(page.get_by_role("tab", name="Why?")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".bl-question")).to_have_text("How did dan get block B5?")
    steps = page.locator(".bl-step .bl-what").all_inner_texts()
    page.get_by_role("tab", name="Why?").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Bytes")).to_have_attribute("aria-selected", "true")

    assert ["dan shall mine", "dan accepts block B5"] == [steps[0], steps[-1]]
    expect(page.locator(".bl-tabbed")).to_contain_text("merkle root")


def test_every_view_of_the_notebook_but_acting_can_be_added(player: Player, folder: Path) -> None:
    """One after the other draws without a complaint."""
    player.open(folder / "fork.html")
    more = player.page.get_by_role("combobox", name="Add a view")
    names = more.locator("option").evaluate_all("all => all.map(one => one.value).filter(Boolean)")
    for name in names:
        more.select_option(name)
        player.page.wait_for_selector(".bl-panel [data-drawn], .bl-panel[data-drawn]")

    assert {"chart", "spread", "events", "message map"} < {*names}
    assert "controls" not in names
    assert 3 + len(names) == player.page.get_by_role("tab").count()


def test_nothing_is_offered_that_would_need_python(player: Player, folder: Path) -> None:
    """No "Act"; menus hold what concerns the page only; no other seed; a changed byte cannot be sent."""
    player.open(folder / "fork.html")
    page = player.page
    block = page.locator(".bl-tabbed [data-name^='block:']").last
    block.click(button="right")
    offers = page.get_by_role("menuitem").all_inner_texts()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More").first.click()

    assert offers
    assert [] == [offer for offer in offers if "Mine" in offer or "finished run" in offer]
    assert [] == page.get_by_text("Act", exact=True).all()
    expect(page.get_by_text("Jump to")).to_be_visible()
    expect(page.get_by_label("Seed")).to_have_count(0)
    expect(page.get_by_text("To act, run it in a notebook.")).to_be_visible()


def test_paper_follows_the_system_until_the_reader_chooses(player: Player, folder: Path) -> None:
    """Light, dark at night, light again by the switch, and so it stays."""
    player.page.emulate_media(color_scheme="light")
    player.open(folder / "fork.html")
    player.page.wait_for_function(PAPER, arg=WHITE)
    player.page.emulate_media(color_scheme="dark")
    player.page.wait_for_function(PAPER, arg=BLACK)
    player.page.get_by_role("button", name="Dark paper").click()
    player.page.wait_for_function(PAPER, arg=WHITE)
    player.page.emulate_media(color_scheme="light")
    player.page.emulate_media(color_scheme="dark")
    player.page.wait_for_timeout(100)

    assert player.page.evaluate(PAPER, WHITE)
    expect(player.page.get_by_role("button", name="Dark paper")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(player: Player, folder: Path, scheme: str) -> None:
    """In the page as a whole: headings, landmarks, contrast, names."""
    player.page.emulate_media(color_scheme=scheme)
    player.open(folder / "fork.html")

    assert [] == find_faults(player.page)


def test_markup_of_strangers_stays_text(player: Player, folder: Path) -> None:
    """It is read in title, list and question; no script of theirs runs, and no picture is asked for."""
    player.open(folder / "evil.html")
    page = player.page
    page.keyboard.press("End")
    page.keyboard.press("?")
    expect(page.locator(".bl-steps, .bl-tabbed").first).to_contain_text(NAMES[0])

    assert EVIL.strip("\u2028") in page.title()
    assert EVIL.strip("\u2028") in page.locator("h1").inner_text()
    assert [0, "undefined"] == page.evaluate(STRANGE)


def test_the_page_refuses_to_ask_anybody(browser: Browser, folder: Path) -> None:
    """Even of code that would try, and with a network: its own policy stands before it."""
    page = browser.new_page()
    page.goto((folder / "fork.html").as_uri())
    page.wait_for_selector("#waiting", state="hidden")

    assert {rule: rule for rule in ASKED} == {
        rule: page.evaluate(TRY, address) for rule, address in ASKED.items()
    }
    page.close()


def test_a_broken_file_says_so(player: Player, folder: Path, tmp_path: Path) -> None:
    """A download that was cut in the middle of a part is told, not a blank page."""
    text = (folder / "fork.html").read_text(encoding="utf-8")
    broken = tmp_path / "broken.html"
    begin = text.index('id="records">') + len('id="records">')
    broken.write_text(text[:begin] + "AAAA" + text[begin + 4 :], encoding="utf-8")
    player.page.goto(broken.as_uri())

    expect(player.page.get_by_text("This run cannot be shown")).to_be_visible()
