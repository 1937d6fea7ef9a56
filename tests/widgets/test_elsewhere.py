"""The sentence and the picture that stand where no view runs."""

import io
import json
import shutil
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from blockchain_lab_widgets import looks
from blockchain_lab_widgets.canvas import make_png
from blockchain_lab_widgets.elsewhere import get_bundle
from blockchain_lab_widgets.head import get_head
from blockchain_lab_widgets.moment import Block, Moment, get_moment
from blockchain_lab_widgets.packing import Packer
from blockchain_lab_widgets.picture import BLOCKS, HEIGHT, WIDTH, draw_moment, place_blocks
from PIL import Image
from support.required import require
from support.talking_lab import make_talking_lab

from blockchain_lab.base.units import display_hash
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill

NODE = shutil.which("node")
ROLES = [
    ["peer"],
    ["server", "newcomer"],
    ["miner", "peer", "liar", "oracle", "sage", "fool"],
    ["learner", "fool"],
]


def packed(lab: Lab) -> Packer:
    """All that the lab has recorded."""
    packer = Packer(lab.codec)
    packer.follow(lab.trace)
    return packer


def bundle(lab: Lab) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stands in the workbench's place."""
    return get_bundle(lab, "workbench", packed(lab))


def moment_of(lab: Lab) -> Moment:
    """The run at the cursor."""
    return get_moment(packed(lab), get_head(lab), lab.trace.end_of(lab.cursor))


def test_the_sentence_says_where_and_who_stands_on_what() -> None:
    """In a terminal it is all there is: the story, the place, the tips, best first, and who is off."""
    lab = Lab("fork_and_heal")
    lab.goto(event=266)
    lab.do(Kill("cat"))
    lab.look_ahead()

    text = bundle(lab)[0]["text/plain"]

    assert text.startswith("Blockchain Lab, workbench of “A cut network mines two chains")
    assert f"”: 6 peers at event 267 of {lab.head}, 32.000 s." in text
    assert "Tips: B5 (dan, eve, fay), B4 (ann, bob); off: cat. This is a live view: run" in text


def test_a_network_without_blocks_is_told_without_tips() -> None:
    """Five talkers know no chain; before event 1 nobody runs."""
    lab = make_talking_lab()
    assert "0.000 s. Nobody is on yet. This" in bundle(lab)[0]["text/plain"]

    lab.look_ahead()
    lab.goto(event=10)
    assert "“Five talkers”: 5 peers at event 10 of 283, 0.100 s. This is" in bundle(lab)[0]["text/plain"]


@pytest.mark.parametrize("name", ["fork_and_heal", "headers_first", "four_servers"])
def test_tips_are_those_of_the_nodes(name: str) -> None:
    """At five places of the run: every Bitcoin node's own tip, and nothing for one that is off."""
    lab = Lab(name)
    lab.look_ahead()
    for place in range(5):
        lab.goto(event=1 + place * (lab.head - 1) // 4)
        found = moment_of(lab)
        for peer, tip, is_on in zip(lab.names, found.tips, found.is_on, strict=True):
            node = lab.peer(peer)
            assert (node is not None) == is_on
            if hasattr(node, "chain"):
                assert (display_hash(node.chain.tip.hash), node.chain.height) == (
                    tip,
                    found.blocks[tip].height,
                )


@pytest.mark.parametrize("name", ["fork_and_heal", "headers_first", "four_servers", "ping"])
def test_the_picture_is_small_and_says_in_words_what_it_shows(name: str) -> None:
    """It lies in every saved notebook, so it may not weigh much; who cannot see it reads the state."""
    lab = Lab(name)
    lab.look_ahead()
    lab.goto(event=lab.scenario.poster)

    data, metadata = bundle(lab)

    picture = b64decode(data["image/png"])
    assert len(picture) < 40_000
    assert (934, 330) == Image.open(io.BytesIO(picture)).size
    assert metadata["image/png"]["alt"] in data["text/plain"]


def colours_in(picture: bytes) -> dict[tuple[int, ...], int]:
    """How many pixels there are of each colour."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    return {colour: count for count, colour in image.getcolors(10_000)}


def test_peers_have_the_colour_of_their_tip() -> None:
    """Two islands, two tips: the best one's colour and the second one's are there, no third."""
    lab = Lab("fork_and_heal")
    lab.goto(event=266)

    found = colours_in(b64decode(bundle(lab)[0]["image/png"]))

    def count(colour: str) -> int:
        wanted = bytes.fromhex(colour[1:])
        near = [
            n for own, n in found.items() if all(abs(a - b) < 6 for a, b in zip(own, wanted, strict=True))
        ]
        return sum(near)

    assert count(looks.TIPS[0]) > 500 < count(looks.TIPS[1])
    assert (0, 0) == (count(looks.TIPS[2]), count(looks.TIPS[3]))


def test_a_thousand_peers_stay_small() -> None:
    """No names, thin links: the picture is a pattern, and still below 40 KB."""
    names = [f"p{number}" for number in range(1000)]
    links = [(number, number * 7919 % 1000) for number in range(1000)] * 4
    layout = [(number % 40, number // 40) for number in range(1000)]
    head = {"peers": names, "roles": ["peer"] * 1000, "layout": layout, "links": links, "genesis": "00"}
    moment = Moment("00", ["00"] * 1000, [True] * 1000)
    moment.add("00", None, 0, "0")

    picture = make_png((WIDTH, HEIGHT), lambda axes: draw_moment(axes, head, moment, "A thousand"))

    assert len(picture) < 40_000


def test_names_are_no_formulas_and_foreign_letters_no_error() -> None:
    """A dollar sign begins no mathematics; a title in a script that the font lacks is drawn as boxes."""
    lab = make_talking_lab(title="$\\frac{1}{$ 区块链 " * 3)
    lab.look_ahead()

    assert "image/png" in bundle(lab)[0]


def test_what_cannot_be_drawn_is_told_in_fewer_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A learner's node may note anything; the view is shown all the same."""

    def fail(*_: object) -> bytes:
        raise ValueError("no such height")

    monkeypatch.setattr("blockchain_lab_widgets.elsewhere.draw_moment", fail)
    data, metadata = bundle(make_talking_lab())

    assert {"text/plain"} == set(data)
    assert data["text/plain"].startswith("Blockchain Lab, workbench of “Five talkers” at event 0 of 0")
    assert {} == metadata


def test_plots_of_the_learner_are_left_alone() -> None:
    """No pyplot is imported, no setting changed; and matplotlib only when a picture is wanted."""
    code = """
import sys
import blockchain_lab_widgets
from blockchain_lab.lab import Lab
lab = Lab("ping"); view = lab.show()
assert "matplotlib" not in sys.modules
view._repr_mimebundle_()
import matplotlib
assert "matplotlib.pyplot" not in sys.modules
assert matplotlib.rcParams == matplotlib.rcParamsOrig
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def make_moment(*blocks: tuple[str, str | None, int], tips: tuple[str, ...] = ()) -> Moment:
    """A tree by hand: name, parent, height."""
    moment = Moment("g", list(tips), [True] * len(tips))
    for name, parent, height in blocks:
        moment.add(name, parent, height)
    return moment


def test_the_best_branch_is_on_top_and_others_find_room() -> None:
    """A fork of two, and a third that begins where the second has ended."""
    moment = make_moment(
        ("g", None, 0), ("a1", "g", 1), ("b1", "g", 1), ("b2", "b1", 2), ("a2", "a1", 2), ("a3", "a2", 3),
        ("a4", "a3", 4), ("c5", "a4", 5), ("d5", "a4", 5), tips=("d5", "b2"),
    )  # fmt: skip

    lanes = place_blocks(moment, BLOCKS)

    assert dict.fromkeys(["g", "a1", "a2", "a3", "a4", "d5"], 0) | {"b1": 1, "b2": 1, "c5": 1} == lanes


def test_only_the_newest_heights_are_drawn() -> None:
    """Of a long chain the last eight, whose first hangs on a dotted line."""
    chain = [(f"b{height}", f"b{height - 1}", height) for height in range(1, 30)]

    assert [f"b{height}" for height in range(29, 21, -1)] == list(place_blocks(make_moment(*chain), BLOCKS))


def test_colours_shapes_and_ranks_are_those_of_the_page() -> None:
    """One palette: what is blue in the view is blue in the picture."""
    require(NODE, "install node (Debian: nodejs) to test the views' modules")
    moment = make_moment(
        ("x", "g", 7), ("y", "g", 9), ("z", "g", 9), ("w", "g", 8), tips=("x", "y", "z", "w")
    )
    for name, work in (("x", 80), ("y", 20), ("z", 20), ("w", 30)):
        moment.blocks[name].work = work
    tips = [{"hash": b.hash, "height": b.height, "order": b.order, "work": b.work} for b in blocks_of(moment)]
    question = json.dumps({"roles": ROLES, "tips": tips})
    command = [str(NODE), str(Path(__file__).with_name("looks.mjs")), question]
    page = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)

    assert page["tips"] == [looks.get_tip_colour(rank) for rank in range(6)]
    assert [page[name] for name in ("paper", "ink", "faint", "edge", "full")] == [
        looks.PAPER, looks.INK, looks.FAINT, looks.EDGE, looks.FULL,
    ]  # fmt: skip
    assert page["shapes"] == [looks.get_shapes(roles) for roles in ROLES]
    assert page["ranked"] == moment.rank_tips()


def blocks_of(moment: Moment) -> list[Block]:
    """All blocks, in the order in which they were heard of."""
    return list(moment.blocks.values())
