"""Lesson 1, the short function: what two lists come to when they meet, written twice, and the wrong ones.

An entry is a triple (clock, writer, text). The later one counts; of two with the same clock the one whose
writer's name is later in the alphabet, so that everybody decides alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations
from typing import Any, Final

from blockchain_lab.course.functions import Function, call, is_equal, safe_repr
from blockchain_lab.course.questions import Mistake

Entry = tuple[int, str, str]  # clock, writer, text
Entries = dict[str, Entry]  # what it is about -> the entry


def merge(
    mine: dict[str, tuple[int, str, str]], theirs: dict[str, tuple[int, str, str]]
) -> dict[str, tuple[int, str, str]]:
    """Both lists in one: of two entries about the same thing the later one."""
    merged = dict(mine)
    for key, entry in theirs.items():
        if key not in merged or entry > merged[key]:
            merged[key] = entry
    return merged


def merge_by_key(mine: Entries, theirs: Entries) -> Entries:
    """The same, thing by thing."""
    return {key: max(held[key] for held in (mine, theirs) if key in held) for key in {**mine, **theirs}}


def take_theirs(mine: Entries, theirs: Entries) -> Entries:
    """A mistake: what comes in always wins."""
    return {**mine, **theirs}


def keep_mine(mine: Entries, theirs: Entries) -> Entries:
    """A mistake: what is there always wins."""
    return {**theirs, **mine}


def forget_ties(mine: Entries, theirs: Entries) -> Entries:
    """A mistake: of two entries with the same clock each keeps its own."""
    merged = dict(mine)
    for key, entry in theirs.items():
        if key not in merged or entry[0] > merged[key][0]:
            merged[key] = entry
    return merged


def keep_common(mine: Entries, theirs: Entries) -> Entries:
    """A mistake: what only one of them has is lost."""
    return {key: max(mine[key], theirs[key]) for key in mine if key in theirs}


def take_earlier(mine: Entries, theirs: Entries) -> Entries:
    """A mistake: the earlier entry wins."""
    return {key: min(held[key] for held in (mine, theirs) if key in held) for key in {**mine, **theirs}}


MILK: Final = {"milk": (1, "ann", "2")}
MORE_MILK: Final = {"milk": (4, "bob", "3")}
ALSO_MILK: Final = {"milk": (4, "fay", "1")}
BREAD: Final = {"bread": (2, "bob", "1")}
CASES: Final[tuple[tuple[Any, ...], ...]] = (
    (MILK, BREAD),
    (MILK, MORE_MILK),
    (MORE_MILK, MILK),
    (MORE_MILK, ALSO_MILK),
    (ALSO_MILK, MORE_MILK),
    ({}, MILK),
    ({**MILK, **BREAD}, {}),
    ({**MORE_MILK, **BREAD}, {**ALSO_MILK, "tea": (3, "eve", "1")}),
)


@dataclass(frozen=True, slots=True)
class Meetings:
    """What all came to: for each order in which they could meet, the lists in the end."""

    results: tuple[tuple[tuple[str, ...], Any], ...]  # (who met in which order, what it came to)

    @property
    def different(self) -> list[Any]:
        """Each result once, in the order in which it came up."""
        found: list[Any] = []
        for _, result in self.results:
            if not any(is_equal(result, other) for other in found):
                found.append(result)
        return found

    def __repr__(self) -> str:
        """What they agree on, or two orders that come to different things."""
        if self.results[0][1] is None:
            return "merge returns nothing yet."
        if len(self.different) == 1:
            return f"{len(self.results)} orders, one list: {safe_repr(self.different[0])}"
        lines = [f"{len(self.results)} orders, {len(self.different)} different lists:"]
        for result in self.different:
            order = next(names for names, other in self.results if is_equal(result, other))
            lines.append(f"  {', '.join(order)}: {safe_repr(result)}")
        return "\n".join(lines)


def meet_in_every_order(function: Callable[..., Any]) -> Meetings:
    """Let three lists meet one after the other, in all six orders, by a learner's function."""
    lists = {"ann": {**MILK, **BREAD}, "bob": MORE_MILK, "fay": ALSO_MILK}
    results = []
    for order in permutations(lists):
        held: Any = lists[order[0]]
        for name in order[1:]:
            held = call(function, (held, lists[name])).value
        results.append((order, sort_keys(held)))
    return Meetings(tuple(results))


def sort_keys(held: Any) -> Any:
    """A list by what its entries are about; as it is if it is none."""
    is_list = type(held) is dict and all(type(key) is str for key in held)
    return dict(sorted(held.items())) if is_list else held


MERGE: Final = Function(
    id="L01.q5",
    title="When two lists meet",
    prompt="Write merge: both lists in one, and of two entries about the same thing the later one.",
    name="merge",
    numbers="Clocks",
    cases=CASES,
    passes="the right list in eight cases, equal clocks and empty lists among them.",
    hints=(
        "Begin with a copy of your own list, `merged = dict(mine)`, and go through theirs.",
        "An entry of theirs goes in if you have none about that thing, or if theirs is later.",
        "Triples can be compared: `(4, 'fay', '1') > (4, 'bob', '3')` first looks at the clocks.",
    ),
    because="In whatever order lists meet, all come to the same. And nobody had to ask a server.",
    solution="Take what is missing, and what is later.\n\n{answer}",
    answer=lambda seed: merge,
    again=lambda seed: merge_by_key,
    mistakes=(
        Mistake(take_theirs, "What comes in always wins, even if it is older: a late message undoes news."),
        Mistake(keep_mine, "What is there always wins: so nobody ever hears of a change."),
        Mistake(
            forget_ties,
            "With equal clocks each keeps its own entry, and the two never agree. Let the writer decide.",
        ),
        Mistake(keep_common, "What only one of the two has is lost. It is news to the other."),
        Mistake(take_earlier, "That is the earlier entry. The later one counts."),
    ),
)
