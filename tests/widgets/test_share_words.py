"""Words that stand both in Python and in the page, for neither can ask the other: they are the same."""

from pathlib import Path
from typing import Any

import pytest
from blockchain_lab_widgets.head import get_head
from blockchain_lab_widgets.moment import get_moment
from blockchain_lab_widgets.narration import Narrator
from blockchain_lab_widgets.packing import Packer
from support.evil_story import EVIL, make_evil_lab
from support.page_folds import fold_at

from blockchain_lab.lab import Lab
from blockchain_lab.study.cell import quote, write_place

PROGRAM = Path(__file__).with_name("share_words.mjs")
STORIES = ["fork_and_heal", "headers_first", "symmetric_nats", "surround_vote", "evil"]
TEXTS = ["ann", 'a"b\\c', "\u2028\n\0\x7f\x9f", "😀 链", "record:12:40", "peer:record:3:1", EVIL]


def tell_all(lab: Lab) -> list[str]:
    """Every record in Python's words."""
    packer, head = Packer(lab.codec), get_head(lab)
    packer.follow(lab.trace)
    narrator = Narrator(lab.names, get_moment(packer, head, len(lab.trace)).blocks)
    return [
        narrator.describe(kind, peer, other, facts)
        for _, kind, peer, other, facts in packer.tell(0, len(packer))
    ]


@pytest.mark.parametrize("story", STORIES)
def test_records_are_told_as_the_page_tells_them(story: str, tmp_path: Path) -> None:
    """Every record of stories with blocks, datagrams, votes, and with markup in every text."""
    lab = make_evil_lab() if story == "evil" else Lab(story)
    lab.run()
    told: dict[str, Any] = fold_at(lab, [], tmp_path, program=PROGRAM)

    assert told["words"] == tell_all(lab)


def test_a_cell_ends_in_the_same_lines(tmp_path: Path) -> None:
    """The page puts the last lines there itself, in the words and quotes of Python's own cell."""
    lab = Lab("four_servers")
    told: dict[str, Any] = fold_at(lab, [], tmp_path, TEXTS, PROGRAM)

    assert told["quoted"] == [quote(text) for text in TEXTS]
    assert told["cells"] == ["\n".join(["first", *write_place(7, text, TEXTS)]) + "\n" for text in TEXTS]
    assert told["alone"] == "first\nlab.goto(event=0)\nlab.show()\n"
