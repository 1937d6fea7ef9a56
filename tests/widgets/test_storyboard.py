"""Pictures that need no page: six moments on a slide, this moment, and the graph for the web."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from blockchain_lab_widgets import assets
from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.picture import write
from blockchain_lab_widgets.storyboard import make_storyboard
from click.testing import CliRunner
from support.evil_story import NAMES, make_evil_lab

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.cli import main
from blockchain_lab.lab import Lab

SVG = "{http://www.w3.org/2000/svg}"
ADDRESS = re.compile(r"https?://(?!www\.w3\.org/)|\bsrc=|@import")


@pytest.fixture(scope="module")
def lab() -> Lab:
    """A partition that heals, to its end; we stand at its poster."""
    lab = Lab("fork_and_heal")
    lab.share.code()  # plays a new lab to its end, as showing it does
    return lab


def read_texts(svg: str) -> list[str]:
    """All lines of text, in order. Raises where the file is no XML."""
    return ["".join(each.itertext()) for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def find_heads(svg: str) -> list[tuple[str, str]]:
    """Of each moment: its headline, and the sentence below."""
    texts = read_texts(svg)
    places = [place for place, text in enumerate(texts) if re.match(r"\d · ", text)]
    return [(texts[place], texts[place + 1]) for place in places]


def test_six_moments_tell_the_story(lab: Lab) -> None:
    """The first block, the cut, the fork, the healing, the deepest reorganisation, the end."""
    reorganisations = [
        (record.detail[1]["disconnected"], -record.event)
        for record in lab.trace
        if record.kind is Kind.NOTE and record.detail[0] == "tip changed"
    ]
    deepest = -max(reorganisations)[1]
    heads = find_heads(make_storyboard(lab))

    assert [
        ("1 · 3.000 s · event 119", "ann has block B1, the first new one"),
        ("2 · 10.000 s · event 194", "A partition cuts off ann, bob, cat"),
        ("3 · 19.000 s · event 216", "A fork: B3b and B3 are both built on B2"),
        ("4 · 32.000 s · event 266", "The partition heals"),
        (f"5 · 34.633 s · event {deepest}", "cat undoes 2 blocks and goes over to B5"),
        ("6 · 35.294 s · event 315", "The end of the run. Tip: B5 (ann, bob, cat, dan,"),
    ] == heads


def test_chosen_moments_are_told_as_the_page_tells_them(lab: Lab) -> None:
    """In the order of time, each once; what set the event off is its sentence."""
    heads = find_heads(make_storyboard(lab, [300, 119, 300]))

    assert [
        ("1 · 3.000 s · event 119", "Mine"),
        ("2 · 34.633 s · event 300", "block B5 reaches cat"),
    ] == heads


@pytest.mark.parametrize(
    ("events", "problem"),
    [
        ([0], "found event 0, wanted 1 to 315"),
        ([316], "found event 316"),
        (["7"], "found event '7'"),
        ([], "found 0 events, wanted 1 to 6"),
        ([1, 2, 3, 4, 5, 6, 7], "found 7 events"),
    ],
)
def test_moments_that_cannot_be_are_refused(lab: Lab, events: list[int], problem: str) -> None:
    """What was found and what is wanted."""
    with pytest.raises(UsageError, match=f"storyboard: {problem}"):
        make_storyboard(lab, events)


@pytest.mark.parametrize(
    "story", ["symmetric_nats", "surround_vote", "kademlia_lookup", "ping", "trickle_today"]
)
def test_every_kind_of_story_has_six_moments(story: str) -> None:
    """Blocks, votes, packets or names: six moments in order, apart from each other, each with a sentence."""
    lab = Lab(story)
    lab.run()
    heads = find_heads(make_storyboard(lab))
    events = [int(when.rpartition(" ")[2].replace(",", "")) for when, _ in heads]

    assert 6 == len(heads) and sorted(events) == events and lab.head == events[-1]
    assert all(later - earlier >= lab.head // 100 for earlier, later in pairwise(events))
    assert all(sentence and not re.match(r"\d · ", sentence) for _, sentence in heads)


def test_the_slide_is_one_file_of_its_own(lab: Lab, tmp_path: Path) -> None:
    """1280 x 720, texts as texts, a name and a description, nothing outside; the same bytes again."""
    path = lab.share.storyboard(tmp_path / "board.svg")
    text = path.read_text("utf-8")
    root = ElementTree.fromstring(text)

    assert ("1280", "720") == (root.get("width"), root.get("height"))
    assert lab.scenario.title in (root.findtext(f"{SVG}title") or "")
    assert "The partition heals" in (root.findtext(f"{SVG}desc") or "")
    assert not ADDRESS.search(text) and "<script" not in text and "<image" not in text
    assert text == make_storyboard(lab)


def test_the_command_writes_it(tmp_path: Path) -> None:
    """`blockchain-lab storyboard fork_and_heal board.svg`, and with moments of one's own."""
    file = tmp_path / "board.svg"
    first = CliRunner().invoke(main, ["storyboard", "fork_and_heal", str(file)])
    told = find_heads(file.read_text("utf-8"))
    second = CliRunner().invoke(
        main, ["storyboard", "fork_and_heal", str(file), "--at", "119", "--at", "300"]
    )
    wrong = CliRunner().invoke(main, ["storyboard", "fork_and_heal", str(file), "--at", "9999"])

    assert (0, 0, 1) == (first.exit_code, second.exit_code, wrong.exit_code)
    assert (6, 2) == (len(told), len(find_heads(file.read_text("utf-8"))))
    assert "found event 9999, wanted 1 to 315" in wrong.output


def test_this_moment_is_drawn_as_svg_and_png(lab: Lab, tmp_path: Path) -> None:
    """Both parts, or one; a partition's links are dashed; other views and endings are refused."""
    whole = read_texts(lab.share.draw(tmp_path / "m.svg").read_text("utf-8"))
    network = read_texts(lab.share.draw(tmp_path / "n.svg", "network").read_text("utf-8"))
    png = lab.share.draw(tmp_path / "m.png").read_bytes()

    assert {"ann B4", "B4b", "3 peers"} <= set(whole)
    assert "ann B4" in network and "B4b" not in network
    assert png.startswith(b"\x89PNG")
    with pytest.raises(UsageError, match="draw: found 'why', wanted network or tree"):
        lab.share.draw(tmp_path / "w.svg", "why")
    with pytest.raises(UsageError, match=r"ends in '\.pdf', wanted \.svg or \.png"):
        lab.share.draw(tmp_path / "w.pdf")


def test_links_across_a_partition_are_dashed(lab: Lab) -> None:
    """Two of the seven links, while it lasts."""

    def count_dashed(event: int) -> int:
        drawn = make_storyboard(lab, [event])
        return len(re.findall(r"stroke-dasharray: 7", drawn))

    assert (0, 2, 0) == tuple(count_dashed(event) for event in (119, 200, 266))


def test_no_name_becomes_markup(tmp_path: Path) -> None:
    """Names, titles and notes of a run full of markup stay texts in every picture."""
    lab = make_evil_lab()
    for text in (
        lab.share.storyboard(tmp_path / "b.svg").read_text("utf-8"),
        lab.share.draw(tmp_path / "m.svg").read_text("utf-8"),
    ):
        kinds = {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(text).iter()}
        assert not kinds & {"script", "img", "b", "image", "foreignObject"}
        assert any("mallory<i" in each for each in read_texts(text))


class Page(HTMLParser):
    """Tags, attributes and texts of a page, as a browser takes it apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: dict[str, str] = {}
        self._name = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self._name = dict(attrs).get("id") or tag

    def handle_endtag(self, tag: str) -> None:
        self._name = ""

    def handle_data(self, data: str) -> None:
        self.texts[self._name] = self.texts.get(self._name, "") + data


def test_the_graph_is_a_page_that_may_ask_nobody(lab: Lab, tmp_path: Path) -> None:
    """The links of this very moment, tips as fills; its policy lets one script run and fetches nothing."""
    path = lab.share.graph(tmp_path / "graph.html")
    page = Page(path.read_text("utf-8"))
    data = json.loads(page.texts["data"])
    policy = next(value for name, value in page.attributes if name == "content" and "default-src" in value)
    digest = base64.b64encode(hashlib.sha256(page.texts["script"].encode()).digest()).decode()

    assert policy.startswith(f"default-src 'none'; script-src 'sha256-{digest}';")
    assert not {name for name, _ in page.attributes} & {"src", "href", "onerror"}
    assert assets.get_vis().split("\n")[2] in page.texts["script"]
    assert {(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5)} == {
        tuple(sorted((edge["from"], edge["to"]))) for edge in data["edges"]
    }
    assert ["ann\nB4", "dan\nB5"] == [data["nodes"][host]["label"] for host in (0, 3)]
    assert "connected to 2" in data["nodes"][0]["title"]


def test_names_in_the_graph_stay_texts(tmp_path: Path) -> None:
    """The data holds no "<" at all; what the page shows of it is text."""
    page = Page(make_evil_lab().share.graph(tmp_path / "graph.html").read_text("utf-8"))

    assert "<" not in page.texts["data"]
    assert NAMES[0] in json.loads(page.texts["data"])["nodes"][0]["label"]
    assert 2 == page.tags.count("script") and not {"img", "b"} & set(page.tags)


def test_a_picture_has_no_formulas() -> None:
    """A dollar sign is one."""
    assert ["$x$ & <b>"] == read_texts(
        make_svg((90, 30), lambda axes: write(axes, (9, 9), "$x$ & <b>"), "", "")
    )
