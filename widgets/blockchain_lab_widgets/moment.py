"""Who stands on which block at the cursor, and which blocks there are, as the run's notes tell it.

The page's folds say the same and more; this is for a sentence and a picture where no page runs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from blockchain_lab.base.records import Kind
from blockchain_lab_widgets.packing import Packer

KINDS: Final = (Kind.START, Kind.KILL, Kind.NOTE, Kind.ACTION)
LETTERS: Final = "bcdefghijklmnopqrstuvwxyz"


@dataclass(slots=True)
class Block:
    """A block that somebody has heard of. Hashes as people write them."""

    hash: str
    parent: str | None
    height: int
    name: str  # B3; the second block of that height is B3b
    order: int  # of first being heard of
    work: int | None = None  # of the whole branch, where a note told it


@dataclass(slots=True)
class Moment:
    """The run at one event."""

    genesis: str | None
    tips: list[str | None]  # by host number; None while it is off, not known, or there are no blocks
    is_on: list[bool]
    blocks: dict[str, Block] = field(default_factory=dict)  # in the order of first being heard of
    sides: tuple[frozenset[str], frozenset[str] | None] | None = None  # of a partition: None is all the rest
    _at_height: dict[int, int] = field(default_factory=dict)  # how many blocks of that height

    def rank_tips(self) -> list[str]:
        """The distinct tips that peers stand on, best first: most work, else the highest, else the first."""
        tips = [self.blocks[tip] for tip in dict.fromkeys(self.tips) if tip is not None]
        is_work_known = all(block.work is not None for block in tips)
        tips.sort(key=lambda block: (-(block.work or 0) if is_work_known else -block.height, block.order))
        return [block.hash for block in tips]

    def is_cut(self, one: str, other: str) -> bool:
        """Does a partition stand between these two peers?"""
        if self.sides is None:
            return False
        group, against = self.sides
        inside, outside = (one, other) if one in group else (other, one)
        return inside in group and outside not in group and (against is None or outside in against)

    def add(self, hash_: str, parent: str | None, height: int, work: str | None = None) -> None:
        """Somebody has heard of a block, for the first time or again."""
        if hash_ not in self.blocks:
            earlier = self._at_height.get(height, 0)
            self._at_height[height] = earlier + 1
            self.blocks[hash_] = Block(hash_, parent, height, get_name(height, earlier), len(self.blocks))
        block = self.blocks[hash_]
        block.parent = block.parent or parent  # a note of a tip does not tell it
        if work is not None:
            block.work = int(work, 16)


def get_name(height: int, earlier: int) -> str:
    """How a block is called, as the views call it."""
    if height == 0:
        return "G"
    letter = "" if earlier == 0 else LETTERS[earlier - 1] if earlier <= len(LETTERS) else f"-{earlier + 1}"
    return f"B{height}{letter}"


def get_moment(packer: Packer, head: Mapping[str, Any], rows: int) -> Moment:
    """The run as its first so many records tell it. O(rows), and one reading of each distinct note.

    `head` is what `get_head` tells of the lab.
    """
    count = len(head["peers"])
    moment = Moment(head["genesis"], [None] * count, [False] * count)
    if moment.genesis is not None:
        moment.add(moment.genesis, None, 0, "0")
    for kind, peer, facts in packer.read(KINDS, rows):
        if kind == Kind.NOTE:
            learn(moment, peer, facts)
        elif kind == Kind.ACTION:
            undergo(moment, facts)
        else:
            moment.is_on[peer] = kind == Kind.START
            is_seen = kind == Kind.START and not facts.get("unknown")
            moment.tips[peer] = moment.genesis if is_seen else None
    return moment


def undergo(moment: Moment, facts: Mapping[str, Any]) -> None:
    """What is done to the network, as far as a picture shows it: it is cut, and heals."""
    if facts["do"] == "Partition":
        moment.sides = frozenset(facts["group"]), frozenset(facts["against"]) or None
    elif facts["do"] == "Heal":
        moment.sides = None


def learn(moment: Moment, peer: int, facts: Mapping[str, Any]) -> None:
    """What one note says. A learner's own node may say anything: what is no block is passed over."""
    for hash_, parent, height, work in read_blocks(facts):
        moment.add(hash_, parent, height, work)
    tip = {"tip changed": "hash", "chain loaded": "tip"}.get(facts["topic"])
    if tip and facts.get(tip) in moment.blocks and facts.get("full", True):
        moment.tips[peer] = facts[tip]


def read_blocks(facts: Mapping[str, Any]) -> Iterator[tuple[str, str | None, int, str | None]]:
    """Hash, parent, height and work of the blocks that a note is about."""
    match facts:
        case {"topic": "chain loaded", "parent": str(parent), "hashes": [*hashes]}:
            first = 1
        case {"topic": "headers accepted", "parent": str(parent), "height": int(first), "hashes": [*hashes]}:
            pass
        case {"topic": "block accepted", "parent": str(parent), "height": int(first), "hash": str(only)}:
            hashes = [only]
        case {"topic": "tip changed", "height": int(first), "hash": str(only)}:
            parent, hashes = None, [only]
        case _:
            return
    work = facts.get("work")
    for place, hash_ in enumerate(hashes):
        is_last = place == len(hashes) - 1
        yield hash_, parent, first + place, work if is_last else None
        parent = hash_
