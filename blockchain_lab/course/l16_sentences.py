"""Lesson 16, ten sentences about Casper: which of them hold, and which are only popular.

Each is asked twice: of the learner's runs (`l16_measures`, with the figures that decide), and of the rules
alone, without a run. What sources say of the false ones stands in `consensus.ffg_misreadings`; the words here
are ours.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from html import escape
from itertools import pairwise
from typing import Final

from blockchain_lab.consensus.ffg import EpochResult, run_epochs
from blockchain_lab.consensus.ffg_counting import is_supermajority
from blockchain_lab.consensus.ffg_misreadings import draw_committee, get_vague_checkpoints
from blockchain_lab.consensus.ffg_params import LAB
from blockchain_lab.consensus.vote import Vote
from blockchain_lab.course import l16_measures as measures
from blockchain_lab.course.l16_measures import Found
from blockchain_lab.course.l16_votes import DEPOSITS
from blockchain_lab.course.questions import Mistake
from blockchain_lab.course.sorting import Sorting

# -- asked of the rules --------------------------------------------------------------------------------------


def play_epochs(epochs: int, *, are_voting: bool = True) -> list[EpochResult]:
    """So many epochs, in which all four vote or nobody does. Votes for later ones are there, too."""
    votes = {epoch: tuple(DEPOSITS) for epoch in range(1, 9)} if are_voting else {}
    return run_epochs(DEPOSITS, votes, epochs)


def has_growing_epochs() -> bool:
    """By the checkpoints' heights."""
    marks = [LAB.get_checkpoint_height(epoch) for epoch in range(4)]
    return len({after - before for before, after in pairwise(marks)}) > 1


def has_many_checkpoints() -> bool:
    """Is every block above the last final one a checkpoint?"""
    marks = [LAB.get_checkpoint_height(epoch) for epoch in range(9)]
    return all(height in marks for height in get_vague_checkpoints(10, 18))


def is_counted_in_coins() -> bool:
    """Two of four with 670 coins are enough, three of four with 600 are not."""
    return is_supermajority(670, 1_000) and not is_supermajority(600, 1_000)


def is_final_at_once() -> bool:
    """Three epochs of votes: is the third one's checkpoint final?"""
    return play_epochs(3)[-1].finalised == 3


def is_drawn() -> bool:
    """Is the set of an epoch's voters a committee?"""
    return list(play_epochs(1)[0].forward) == draw_committee(DEPOSITS, 1)


def is_a_bet() -> bool:
    """Does a vote say an amount?"""
    return "amount" in [each.name for each in fields(Vote)]


def joins_at_once() -> bool:
    """By the delay of the paper."""
    return LAB.join_delay == 1


def waits_from_request() -> bool:
    """Is there nothing between the request and the end dynasty?"""
    return LAB.exit_delay == 0


def differs_by_branch() -> bool:
    """A branch with votes, and one without."""
    return play_epochs(3)[-1].dynasty != play_epochs(3, are_voting=False)[-1].dynasty


def needs_makers() -> bool:
    """The same votes with three epochs of blocks, and with none."""
    return play_epochs(3)[-1].finalised > 0 and not play_epochs(0)


# -- the ten -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sentence:
    """One of them, and the two ways to ask."""

    says: str
    measure: Callable[[int], Found]
    is_a_rule: Callable[[], bool]


SENTENCES: Final = {
    "epoch": Sentence(
        "Each epoch is one block longer than the one before.", measures.measure_epochs, has_growing_epochs
    ),
    "checkpoint": Sentence(
        "Every block that is being made final is a checkpoint.",
        measures.measure_checkpoints,
        has_many_checkpoints,
    ),
    "coins": Sentence(
        "Two thirds are counted in coins, not in heads.", measures.measure_coins, is_counted_in_coins
    ),
    "finality": Sentence(
        "With two thirds of the votes all blocks of the epoch are final.",
        measures.measure_finality,
        is_final_at_once,
    ),
    "lot": Sentence(
        "For each epoch a few validators are drawn by lot, and they vote.", measures.measure_lot, is_drawn
    ),
    "bet": Sentence(
        "A validator bets on a block, with as much of its money as it likes.", measures.measure_bet, is_a_bet
    ),
    "joining": Sentence(
        "Who has deposited joins with the next dynasty.", measures.measure_joining, joins_at_once
    ),
    "waiting": Sentence(
        "The wait for the money back begins when one asks to leave.",
        measures.measure_waiting,
        waits_from_request,
    ),
    "dynasty": Sentence(
        "Two branches can be in different dynasties at one moment.",
        measures.measure_dynasties,
        differs_by_branch,
    ),
    "makers": Sentence(
        "Where nobody makes blocks, Casper makes nothing final.", measures.measure_makers, needs_makers
    ),
}
KEYS: Final = tuple(SENTENCES)


@cache
def ask_runs(seed: int) -> dict[str, Found]:
    """What the learner's runs say of each. O(five runs)."""
    return {key: each.measure(seed) for key, each in SENTENCES.items()}


def get_groups(seed: int) -> dict[str, str]:
    """As the learner's runs have it."""
    return {key: name_group(holds) for key, (holds, _) in ask_runs(seed).items()}


def get_groups_by_rule(seed: int) -> dict[str, str]:
    """As the rules have it, for everybody."""
    return {key: name_group(each.is_a_rule()) for key, each in SENTENCES.items()}


def name_group(holds: bool) -> str:
    """The word of the question."""
    return "holds" if holds else "popular"


# -- the table -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Table:
    """All ten; with what the learner's runs say, once that is to be shown."""

    found: dict[str, Found]

    def __repr__(self) -> str:
        """A line for each."""
        return "\n".join(": ".join(row) for row in self._get_rows())

    def _repr_html_(self) -> str:
        """Rows: word, sentence, and perhaps what the runs say."""
        heads = ("word", "sentence", "your runs", "so it is")[: 4 if self.found else 2]
        top = "".join(f'<th scope="col" style="text-align:left">{head}</th>' for head in heads)
        rows = "".join(
            "<tr>" + "".join(f'<td style="{get_style(cell)}">{escape(cell)}</td>' for cell in row) + "</tr>"
            for row in self._get_rows()
        )
        return f'<table class="blockchain-lab-sentences"><tr>{top}</tr>{rows}</table>'

    def _get_rows(self) -> list[tuple[str, ...]]:
        rows = []
        for key, each in SENTENCES.items():
            holds, told = self.found.get(key, (False, ""))
            more = (told, "✓ holds" if holds else "✗ popular") if self.found else ()
            rows.append((key, each.says, *more))
        return rows


def get_style(cell: str) -> str:
    """How a cell is set: single words and verdicts stay on one line."""
    return "text-align:left" + (";white-space:nowrap" if cell.count(" ") < 2 else "")


def show_sentences(seed: int, *, runs: bool = False) -> Table:
    """The ten sentences; with `runs` the figures beside them that decide."""
    return Table(ask_runs(seed) if runs else {})


TEN_SENTENCES: Final = Sorting(
    id="L16.q13",
    title="Ten sentences",
    prompt="Which of the ten sentences hold, and which are only popular?",
    items=KEYS,
    groups={
        "holds": "a rule of Casper, and so it is in your runs",
        "popular": "one can read it, and the rules and runs of this lesson show otherwise",
    },
    passes="each of the ten sentences is where the runs of this lesson put it.",
    hints=(
        "Go back to the pictures and to the text: each sentence is decided by one of them.",
        "Three hold. They are about money, about branches, and about who makes blocks.",
        "coins, dynasty and makers.",
    ),
    because="The false ones are all close to the truth, which is how they have become popular.",
    solution="As the runs say: {answer}.",
    answer=get_groups,
    again=get_groups_by_rule,
    mistakes=(
        Mistake(
            ("epoch", "holds"), "Count: five blocks from each checkpoint to the next. The *number* grows."
        ),
        Mistake(
            ("checkpoint", "holds"), "There is one for each epoch, and four blocks between them are none."
        ),
        Mistake(("coins", "popular"), "ann and bob were two of four heads, and enough: they had 670 coins."),
        Mistake(
            ("finality", "holds"), "Two thirds justify. And what stands above a checkpoint is not voted for."
        ),
        Mistake(("lot", "holds"), "In every epoch all four voted. Lots are drawn for blocks, and later."),
        Mistake(
            ("bet", "holds"), "A vote names two checkpoints and no amount: the whole deposit is behind it."
        ),
        Mistake(("joining", "holds"), "Two dynasties later: the set of the next one is settled already."),
        Mistake(("waiting", "holds"), "It begins when the validator has really left, two dynasties later."),
        Mistake(
            ("dynasty", "popular"),
            "Each branch counts its own final checkpoints, so two branches may come to different numbers.",
        ),
        Mistake(
            ("makers", "popular"),
            "Votes count when they are in blocks. Casper makes none: it needs somebody who does.",
        ),
    ),
)
