"""A run as one HTML file: what is in it, what nobody gets into it, and how large it is."""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from blockchain_lab_widgets import assets
from blockchain_lab_widgets.player import make_page
from blockchain_lab_widgets.view import show
from support.evil_story import EVIL, NAMES, make_evil_lab
from support.talking_lab import make_talking_lab

from blockchain_lab import scenarios
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Partition
from blockchain_lab.sim.scenario import Moment

MEGABYTE = 1_000_000
ADDRESS = re.compile(r"https?://|//cdn|\bsrc=|\bhref=")


class Parsed(HTMLParser):
    """The page as a browser takes it apart: its elements in order, and the text in those with an id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, dict[str, str | None]] = {}  # of the last element of a kind
        self.texts: dict[str, str] = {}
        self._name = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        self.attributes[found.get("http-equiv") or tag] = found
        self._name = found.get("id") or tag

    def handle_data(self, data: str) -> None:
        self.texts[self._name] = self.texts.get(self._name, "") + data

    @property
    def run(self) -> dict[str, Any]:
        """What the player reads first."""
        return json.loads(self.texts["run"])

    def unpack(self, name: str) -> bytes:
        """One of the packed parts."""
        return gzip.decompress(base64.b64decode(self.texts[name]))


@pytest.fixture
def lab() -> Lab:
    """Five talkers, at their poster, with all that will happen."""
    lab = make_talking_lab()
    lab.look_ahead()
    lab.goto(event=10)
    return lab


def test_a_file_holds_the_whole_run_and_opens_where_the_lab_stands(lab: Lab, tmp_path: Path) -> None:
    """All records up to the end, though the learner looks at event 10; the same modules as in Jupyter."""
    path = lab.export(tmp_path / "run.html", "chart", "why")
    page = Parsed(path.read_text(encoding="utf-8"))
    modules = json.loads(page.unpack("modules"))

    assert tmp_path / "run.html" == path
    assert (10, len(lab.trace)) == (page.run["head"]["opening"], page.run["head"]["count"])
    assert {"views": ["chart", "why"]} == page.run["options"]
    assert "Five talkers" == page.texts["title"].strip()
    assert assets.order_modules("player.js") == modules
    with_python = {*assets.order_modules("jupyter.js")} - {*modules}
    assert {"jupyter", "claim", "pair", "predict", "curve"} >= {
        name.removesuffix(".js").partition("-")[0] for name in with_python
    }
    assert assets.pack_library("vis") == base64.b64decode(page.texts["vis"])


def test_a_lecture_needs_no_kernel(lab: Lab) -> None:
    """Prepared moments travel with the file, and it opens as a presentation when that is wanted."""
    page = Parsed(make_page(lab, moments=[Moment(event=12, caption=EVIL, select="peer:ann")], present=True))

    assert {"present": True} == page.run["options"]
    assert [{"event": 12, "at": None, "caption": EVIL, "select": "peer:ann", "views": []}] == page.run[
        "head"
    ]["moments"]
    assert "<" not in page.texts["run"]


def test_a_lab_that_was_never_run_is_run_and_opens_at_its_poster(tmp_path: Path) -> None:
    """As `show` does: nobody wants a file of nothing."""
    lab = make_talking_lab()
    page = Parsed(lab.export(tmp_path / "run.html").read_text(encoding="utf-8"))

    assert (10, len(lab.trace)) == (page.run["head"]["opening"], page.run["head"]["count"])
    assert len(lab.trace) > 100


def test_the_caller_may_say_where_it_opens_and_what_it_is_called(lab: Lab) -> None:
    """And which layout the network has. The lab itself stays where it is."""
    page = Parsed(make_page(lab, at=3, title="Homework & more", layout="ring"))

    assert 3 == page.run["head"]["opening"]
    assert {"Homework & more"} == {page.run["head"]["title"], page.texts["title"].strip()}
    assert "ring" == page.run["options"]["layout"]
    assert 10 == lab.cursor


def test_of_several_futures_the_one_on_which_the_lab_stands_is_kept(lab: Lab) -> None:
    """Records are named by their branch, so it keeps its number."""
    lab.saw(lab.head)
    lab.do(Partition(("ann",)))
    page = Parsed(make_page(lab))

    assert 1 == lab.branch == page.run["head"]["branch"]
    assert len(lab.trace) == page.run["head"]["count"]


def test_the_same_run_is_the_same_file() -> None:
    """No date, no random name: two people who ran the same seed can compare their files."""
    assert make_page(make_talking_lab()) == make_page(make_talking_lab())


@pytest.mark.parametrize(
    ("views", "options", "words"),
    [
        (("tee",), {}, "no view is called 'tee'"),
        (("controls",), {}, "needs Python"),
        ((), {"layout": "cube"}, "no layout is called 'cube'"),
        ((), {"at": 10**6}, "at=1000000, wanted 0 to"),
        ((), {"at": "first"}, "at='first'"),
        ((), {"height": {1, 2}}, "JSON"),
        ((), {"moments": [Moment(event=10**6, caption="Never")]}, "moment 0: event 1000000: the run ends at"),
        ((), {"moments": [Moment(event=1, caption="Now", views=("tee",))]}, "no view is called 'tee'"),
    ],
)
def test_what_cannot_be_exported_is_said(lab: Lab, views: Any, options: Any, words: str) -> None:
    """In one sentence, before anything is written."""
    with pytest.raises(UsageError, match=words):
        make_page(lab, *views, **options)


def test_a_lab_that_forgets_cannot_be_exported() -> None:
    """Half a run would fold to wrong pictures."""
    with pytest.raises(UsageError, match="views need every record"):
        make_page(Lab("fork_and_heal", level="notes"))


def test_no_text_of_a_stranger_becomes_markup() -> None:
    """Title, names, topics, facts and bytes that try: the page has the elements of a harmless one."""
    lab = make_evil_lab()
    page = Parsed(make_page(lab))

    assert Parsed(make_page(make_talking_lab())).tags == page.tags
    assert (EVIL, list(NAMES)) == (page.run["head"]["title"], page.run["head"]["peers"])
    assert [EVIL, EVIL] == [page.texts[name].rstrip("\n") for name in ("title", "h1")]
    assert "<" not in page.texts["run"]
    assert json.dumps(EVIL).encode() in page.unpack("records")
    assert EVIL.encode() in page.unpack("messages-0")


def test_a_title_in_the_options_is_no_markup_either(lab: Lab) -> None:
    """Nor is any other option."""
    page = Parsed(make_page(lab, title=EVIL, seen_by=EVIL))

    assert Parsed(make_page(lab)).tags == page.tags
    assert EVIL == page.run["head"]["title"] == page.run["options"]["seen_by"]


def test_the_page_forbids_itself_every_connection(lab: Lab) -> None:
    """Its one script is named by its digest, modules are blobs of what it holds; no address is in it."""
    text = make_page(lab)
    page = Parsed(text)
    policy = page.attributes["Content-Security-Policy"]["content"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    script = text.partition('<script type="module">')[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()

    assert "'none'" == rules["default-src"]
    assert f"'sha256-{digest}' blob:" == rules["script-src"]
    assert {"default-src", "script-src", "style-src", "img-src", "base-uri", "form-action"} == {*rules}
    assert "data:" == rules["img-src"]
    assert [] == ADDRESS.findall(re.sub(r'(<script type="application/gzip".*)', "", text))


def test_what_it_holds_is_what_a_notebook_would_send(lab: Lab) -> None:
    """Byte for byte: there is one way to pack a run."""
    packer = show(lab, "tree").carrier.get_packer()
    page = Parsed(make_page(lab))

    assert packer.pack(0, 0) == page.unpack("records")
    assert packer.messages.pack_chunk(0)[1] == page.unpack("messages-0")


def test_five_thousand_events_fit_in_three_megabytes() -> None:
    """Lesson 14's four servers, with all bytes of all blocks: a file that can be mailed."""
    lab = Lab(replace(scenarios.load("four_servers"), until=14 * SECOND))
    page = make_page(lab)

    assert 5_000 <= lab.head
    assert len(page) < 3 * MEGABYTE
