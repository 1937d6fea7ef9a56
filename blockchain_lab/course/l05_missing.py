"""Lesson 5, the short function: which pieces to ask for again, written twice, and the wrong ones.

A learner's function is then played in the simulator: who receives the megabyte asks it what is missing.
"""

from typing import Any, Final

from blockchain_lab.base.node import Node, NodeFactory, Setup
from blockchain_lab.course.functions import Function, call
from blockchain_lab.course.l05_runs import MEGABYTE
from blockchain_lab.course.questions import Mistake
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.transfer import TransferNode
from blockchain_lab.scenarios import load

Missing = Any  # a learner's function: anything may stand there, and anything may come of it


def find_missing(got: list[int], of: int) -> list[int]:
    """The numbers from 0 to `of` - 1 that are not in `got`, in order."""
    here = set(got)
    return [number for number in range(of) if number not in here]


def find_missing_by_gaps(got: list[int], of: int) -> list[int]:
    """The same from the gaps between those that came."""
    missing: list[int] = []
    last = -1
    for number in [*sorted(got), of]:
        missing += range(last + 1, number)
        last = number
    return missing


def stop_at_the_last(got: list[int], of: int) -> list[int]:
    """A mistake: what is missing at the end is not seen."""
    return [number for number in range(max(got, default=-1)) if number not in got]


def count_from_one(got: list[int], of: int) -> list[int]:
    """A mistake: numbers begin with 0."""
    return [number for number in range(1, of + 1) if number not in got]


def ask_for_all(got: list[int], of: int) -> list[int]:
    """A mistake: the whole megabyte again."""
    return list(range(of))


def name_those_that_came(got: list[int], of: int) -> list[int]:
    """A mistake: the other half of them."""
    return sorted(set(got))


def ask_for_jumps(got: list[int], of: int) -> list[int]:
    """A mistake: what was overtaken counts as lost."""
    missing: list[int] = []
    last = -1
    for number in [*got, of]:
        missing += range(last + 1, number)
        last = number
    return missing


CASES: Final[tuple[tuple[Any, ...], ...]] = (
    ([0, 1, 3, 4], 5),
    ([0, 2, 1, 3], 5),
    ([4, 1, 0], 6),
    ([], 3),
    ([2, 0, 1], 3),
    ([0, 0, 2], 4),
)


class AskingNode(TransferNode):
    """A receiver that asks a learner's function what is missing."""

    function: Missing = None

    def choose_missing(self) -> list[int]:
        """What the function answers, as far as it is whole numbers."""
        answer = call(self.function, (list(self.got), self.of)).value
        return [number for number in answer if type(number) is int] if isinstance(answer, list) else []


def make_factory(function: Missing) -> NodeFactory:
    """Peers that ask for what the function says."""

    def make(setup: Setup) -> Node:
        node = AskingNode(setup)
        node.function = function
        return node

    return make


def play_yours(function: Missing, seed: int) -> Lab:
    """The megabyte in datagrams once more, to a receiver that a learner's function drives."""
    story = load(MEGABYTE).with_value("policy.repeats", True)
    lab = Lab(story, seed=seed, kinds={"transfer": make_factory(function)})
    lab.run()
    return lab


MISSING: Final = Function(
    id="L05.q5",
    title="What is missing?",
    prompt="Write find_missing: which of the pieces 0 to of - 1 have not come, in order.",
    name="find_missing",
    numbers="Pieces",
    cases=CASES,
    passes="the right list in six cases: overtaken pieces, doubled ones, the last ones lost, nothing lost.",
    hints=(
        "The numbers in `got` stand in the order in which the pieces came, which is not theirs.",
        "Go through all numbers that there must be, `range(of)`, and keep those that are not in `got`.",
        "As one line: `return [number for number in range(of) if ... ]`.",
    ),
    because="This list, sent back, is all that UDP lacks. TCP does it for you: it acknowledges what came, and"
    " sends again what nobody acknowledged.",
    solution="All that must come, less what came.\n\n{answer}",
    answer=lambda seed: find_missing,
    again=lambda seed: find_missing_by_gaps,
    mistakes=(
        Mistake(stop_at_the_last, "The last pieces can be lost, too: the numbers go up to of - 1."),
        Mistake(count_from_one, "Pieces are counted from 0: the last one is of - 1."),
        Mistake(ask_for_all, "That asks for everything again. Only what has not come is wanted."),
        Mistake(name_those_that_came, "Those are the pieces that came. Wanted are the others."),
        Mistake(
            ask_for_jumps,
            "Datagrams overtake each other: a piece that comes late is not missing. Sort before you compare.",
        ),
    ),
)
