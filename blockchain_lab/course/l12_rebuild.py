"""Lesson 12, a function of the learner's: which payments of a block in short ids must be asked for."""

from collections import Counter
from typing import Any, Final

from blockchain_lab.course.functions import Function
from blockchain_lab.course.questions import Mistake

Ids = list[int]


def find_missing(short_ids: list[int], pool: list[int]) -> list[int]:
    """The places in the block, from 0 on, whose payment must be asked for."""
    places = []
    for place, short_id in enumerate(short_ids):
        if pool.count(short_id) != 1:
            places.append(place)
    return places


def find_missing_by_counting(short_ids: Ids, pool: Ids) -> Ids:
    """The same with a table."""
    seen = Counter(pool)
    return [place for place, short_id in enumerate(short_ids) if seen[short_id] != 1]


def trust_twins(short_ids: Ids, pool: Ids) -> Ids:
    """A mistake: an id that two payments share is believed."""
    return [place for place, short_id in enumerate(short_ids) if short_id not in pool]


def return_ids(short_ids: Ids, pool: Ids) -> Ids:
    """A mistake: the ids, not where they stand."""
    return [short_ids[place] for place in find_missing(short_ids, pool)]


def return_found(short_ids: Ids, pool: Ids) -> Ids:
    """A mistake: what is there, not what is missing."""
    return [place for place, short_id in enumerate(short_ids) if pool.count(short_id) == 1]


def count_from_one(short_ids: Ids, pool: Ids) -> Ids:
    """A mistake: the first place is 0."""
    return [place + 1 for place in find_missing(short_ids, pool)]


def ask_for_all(short_ids: Ids, pool: Ids) -> Ids:
    """A mistake: one is missing, so the whole block is fetched."""
    return list(range(len(short_ids))) if find_missing(short_ids, pool) else []


CASES: Final[tuple[tuple[Any, ...], ...]] = (
    ([31, 12, 77], [12, 77, 31, 50]),
    ([31, 12, 77], [12, 31]),
    ([31, 12, 77], [77, 12, 31, 12]),
    ([5, 6, 7, 8], []),
    ([9], [1, 2, 3]),
    ([4, 8, 15, 16, 23], [16, 4, 23, 23, 42]),
)

FIND_MISSING: Final = Function(
    id="L12.q6",
    title="What is missing?",
    prompt="Write find_missing: of a block's short ids and those of your mempool, the places whose payment"
    " must be asked for.",
    name="find_missing",
    cases=CASES,
    numbers="Places",
    passes="the right list of places, from 0 on and in order, in six cases; an id that stands twice in the"
    " mempool is asked for.",
    hints=(
        "`for place, short_id in enumerate(short_ids):` gives each id with its place.",
        "`pool.count(short_id)` says how often it stands in the mempool: once is good.",
        "Collect the places whose count is not 1, and return the list.",
    ),
    because="A few small numbers go out, only what is missing comes back: `getblocktxn`, `blocktxn`.",
    solution="A payment is known if its id stands in the mempool just once.\n\n{answer}",
    answer=lambda seed: find_missing,
    again=lambda seed: find_missing_by_counting,
    mistakes=(
        Mistake(
            trust_twins,
            "In one case two payments of the mempool share an id. Which one is in the block? Ask.",
        ),
        Mistake(return_ids, "You return the ids. Wanted are their places in the block, from 0 on."),
        Mistake(return_found, "Those are the places that you can fill. Wanted are the others."),
        Mistake(count_from_one, "The first place is 0, as everywhere in Python."),
        Mistake(ask_for_all, "Ask only for what is missing: the rest you have."),
    ),
)
