"""Lesson 16, pairs of votes: which of them cost a deposit. Each learner's are at other places and epochs.

A vote is a span: from the epoch of its source to that of its target. What is slashable says the engine
(`consensus.slashing`, as the paper has it), and again a comparison of four numbers.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.consensus.slashing import slashable
from blockchain_lab.consensus.vote import Vote
from blockchain_lab.course.l04_plots import write_rule, write_svg, write_text
from blockchain_lab.course.l07_race import LINES
from blockchain_lab.course.questions import Mistake
from blockchain_lab.course.sorting import Sorting

LETTERS: Final = tuple("ABCDEFG")
MOST_SHIFT: Final = 3  # epochs by which a pair may be moved
EPOCHS: Final = 9  # on the picture
ROW: Final = 62  # pixels
LEFT: Final = 96
WIDE: Final = 52  # pixels of an epoch


@dataclass(frozen=True, slots=True)
class Cast:
    """A vote as the picture has it: who, on which branch, from which epoch to which."""

    who: str
    branch: str  # "x" or "y": two branches that part at the genesis
    source: int
    target: int

    def as_vote(self, shift: int = 0) -> Vote:
        """For the engine: a checkpoint is named after its branch and its epoch."""
        source, target = self.source + shift, self.target + shift
        names = [f"{self.branch}{epoch}".encode().ljust(32, b".") for epoch in (source, target)]
        return Vote(self.who, names[0], names[1], source, target)

    def __str__(self) -> str:
        return f"{self.who} {self.source} → {self.target} on {self.branch}"


Pair = tuple[Cast, Cast]
PAIRS: Final[tuple[Pair, ...]] = (  # what each of them shows stands beside it
    (Cast("dan", "x", 1, 2), Cast("dan", "y", 1, 2)),  # two targets of one epoch
    (Cast("dan", "x", 0, 3), Cast("dan", "x", 2, 3)),  # one target, two sources: distinct votes
    (Cast("dan", "x", 0, 4), Cast("dan", "y", 1, 2)),  # one inside the other
    (Cast("dan", "x", 1, 2), Cast("dan", "x", 1, 3)),  # the same source: neither is inside
    (Cast("dan", "x", 0, 2), Cast("dan", "y", 1, 3)),  # they overlap, and neither is inside
    (Cast("dan", "x", 1, 2), Cast("eve", "y", 1, 2)),  # two validators
    (Cast("dan", "x", 1, 2), Cast("dan", "y", 3, 4)),  # one after the other, on two branches
)


def get_pairs(seed: int) -> dict[str, Pair]:
    """Letter -> pair, in the order of the letters: places, epochs and which vote came first are drawn."""
    luck = CounterRandom(get_key(seed, "pairs of votes"))
    pairs: dict[str, Pair] = {}
    for letter, number in zip(LETTERS, luck.sample(range(len(PAIRS)), len(PAIRS)), strict=True):
        shift = luck.below(MOST_SHIFT + 1)
        moved = [Cast(c.who, c.branch, c.source + shift, c.target + shift) for c in PAIRS[number]]
        first, second = moved if luck.below(2) else moved[::-1]
        pairs[letter] = first, second
    return pairs


def judge_pairs(seed: int) -> dict[str, str]:
    """By the engine's rule."""
    return {
        letter: slashable(first.as_vote(), second.as_vote()) or "harmless"
        for letter, (first, second) in get_pairs(seed).items()
    }


def compare_pairs(seed: int) -> dict[str, str]:
    """The same by comparing numbers, as one would on paper."""
    return {letter: compare(*pair) for letter, pair in get_pairs(seed).items()}


def compare(first: Cast, second: Cast) -> str:
    """Same validator? Same target's epoch? Is one span strictly inside the other?"""
    if first.who != second.who:
        return "harmless"
    if first.target == second.target:
        return "double"
    outer, inner = sorted((first, second), key=lambda cast: cast.source - cast.target)
    return "surround" if outer.source < inner.source and inner.target < outer.target else "harmless"


def pick(number: int, group: str) -> partial[tuple[str, str]]:
    """Of the pair with this number in PAIRS: computes its letter from the seed, in a group that is wrong."""
    return partial(find_letter, number, group)


def find_letter(number: int, group: str, seed: int) -> tuple[str, str]:
    """(letter, group)."""
    order = CounterRandom(get_key(seed, "pairs of votes")).sample(range(len(PAIRS)), len(PAIRS))
    return LETTERS[order.index(number)], group


# -- the picture ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spans:
    """Pairs of votes, drawn as spans of epochs."""

    pairs: dict[str, Pair]

    def __repr__(self) -> str:
        """A line for each."""
        return "\n".join(f"{letter}: {first}; {second}" for letter, (first, second) in self.pairs.items())

    def _repr_html_(self) -> str:
        """A row for each; a vote is an arrow from its source's epoch to its target's."""
        high = ROW * len(self.pairs) + 44
        parts = [write_rule(f"M{LEFT + epoch * WIDE} 26V{high - 14}", 0.18) for epoch in range(EPOCHS)]
        parts += [write_text(LEFT + epoch * WIDE, 18, epoch) for epoch in range(EPOCHS)]
        parts.append(write_text(LEFT - 16, 18, "epoch", "end"))
        for row, (letter, casts) in enumerate(self.pairs.items()):
            top = 36 + row * ROW
            parts.append(write_text(36, top + 31, letter, font_size="20", font_weight="600"))
            for place, cast in enumerate(casts):
                parts += draw_span(cast, top + 14 + place * 24)
        return write_svg(high, f"Pairs of votes.\n{self!r}", parts)


def draw_span(cast: Cast, y: float) -> list[str]:
    """An arrow with its names."""
    colour, dash = LINES["xy".index(cast.branch)]
    start, end = LEFT + cast.source * WIDE, LEFT + cast.target * WIDE
    line = f'fill="none" stroke="{colour}" stroke-width="3" stroke-dasharray="{dash}"'
    return [
        f'<path {line} d="M{start} {y}H{end - 8}"/>',
        f'<path fill="{colour}" d="M{end} {y}l-11 -6v12z"/>',
        f'<circle cx="{start}" cy="{y}" r="5" fill="{colour}"/>',
        write_text(LEFT + EPOCHS * WIDE - 20, y + 5, f"{cast}", "start"),
    ]


def show_pairs(seed: int) -> Spans:
    """The learner's seven pairs."""
    return Spans(get_pairs(seed))


PAIRS_OF_VOTES: Final = Sorting(
    id="L16.q9",
    title="Two votes too many",
    prompt="Which of the seven pairs of votes cost a deposit, and by which commandment?",
    items=LETTERS,
    groups={
        "double": "two different votes for targets of one epoch",
        "surround": "one span strictly inside the other",
        "harmless": "neither",
    },
    varies=True,
    passes="each of the seven pairs is where the paper's two commandments put it.",
    hints=(
        "First: is it one validator? Then: do both arrows end in the same epoch?",
        "If not: does one arrow begin later *and* end earlier than the other one?",
        "Two are double, one surrounds, four are harmless. Branches have no part in it.",
    ),
    because="Two signatures and four numbers are all the evidence. No clock, no tree, no judge.",
    solution="By the ends of the arrows: {answer}.",
    answer=judge_pairs,
    again=compare_pairs,
    mistakes=(
        Mistake(pick(0, "harmless"), "One validator, two targets of the same epoch: that is a double vote."),
        Mistake(
            pick(1, "harmless"),
            "One target but two sources: these are two different votes for one epoch, a double vote.",
        ),
        Mistake(
            pick(2, "harmless"),
            "One begins later and ends earlier, so it is inside the other: a surround vote.",
        ),
        Mistake(pick(3, "surround"), "Both begin in the same epoch, so neither is strictly inside."),
        Mistake(pick(4, "surround"), "They overlap. The one that begins later also ends later."),
        Mistake(pick(5, "double"), "Two names: each of them has voted once."),
        Mistake(
            pick(6, "double"),
            "Two branches, but two epochs as well. To change to another branch is no crime.",
        ),
    ),
)
