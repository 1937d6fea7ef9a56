"""Lesson 9, the task of the limit: nobody gives more than five a minute, and nobody starves.

The five are those of the herd. Eighteen requests come in three groups, and all want what is least busy.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from blockchain_lab.base.units import MINUTE, SECOND, Microseconds
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import SetKnob

STORY: Final = "five_a_minute"
REQUESTS: Final = 18
MOST: Final = 5  # requests that a neighbouring node takes on in any minute
LIMIT: Final = "requests taken on in a minute"
PATIENCE: Final = "ask again after"
ROUNDS: Final = "give up after so many rounds"
KNOBS: Final = (LIMIT, PATIENCE, ROUNDS)
END: Final = 119 * SECOND  # the story ends at 120


def set_limit(limit: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    limit.goto(at=2 * SECOND)
    limit.do(SetKnob("requests taken on in a minute", 4))
    limit.run()


def share_out(seed: int) -> Lab:
    """The run that `set_limit` makes."""
    lab = Lab(STORY, seed=seed)
    set_limit(lab)
    return lab


def turn(knobs: Iterable[tuple[str, int]], seed: int, *, and_run: bool = True) -> Lab:
    """A run in which some knobs are turned before the first request."""
    lab = Lab(STORY, seed=seed)
    lab.goto(at=2 * SECOND)
    for knob, value in knobs:
        lab.do(SetKnob(knob, value))
    if and_run:
        lab.run()
    return lab


def are_only_limits(lab: Lab) -> bool:
    """Only the limit and the patience of those who ask were touched."""
    return all(isinstance(act, SetKnob) and act.knob in KNOBS for _, act in get_actions(lab))


def is_over(lab: Lab) -> bool:
    """Have all come to an end with their request, or has the whole story been played?"""
    ended = count(lab, "fetch finished") + count(lab, "fetch failed")
    return ended >= REQUESTS or lab.trace.time_of(lab.head) >= END


def count(lab: Lab, topic: str) -> int:
    """How many notes of this topic there are."""
    return sum(1 for _ in get_notes(lab, topic))


def find_sixths(lab: Lab) -> Iterator[int]:
    """The events at which somebody takes on one more than it should within a minute."""
    taken: dict[int, list[Microseconds]] = {}
    for note, _ in get_notes(lab, "piece wanted"):
        own = taken.setdefault(note.peer, [])
        own.append(note.at)
        if sum(at > note.at - MINUTE for at in own) > MOST:
            yield note.event


def find_sixth(lab: Lab) -> int | None:
    """The first of them."""
    return next(find_sixths(lab), None)


def is_nobody_overwhelmed(lab: Lab) -> bool:
    """At most five in any minute, at each."""
    return find_sixth(lab) is None


def find_starved(lab: Lab) -> int | None:
    """The event at which the first one gives up."""
    return next((note.event for note, _ in get_notes(lab, "fetch failed")), None)


def is_nobody_starved(lab: Lab) -> bool:
    """Have all got their file?"""
    return count(lab, "fetch finished") >= REQUESTS


SHARE: Final = Do(
    id="L09.q9",
    title="Five a minute, and nobody starves",
    prompt="Set a limit so that no neighbouring node takes on more than five requests in any minute, and all"
    " eighteen get their file.",
    scenario=STORY,
    run="limit",
    acts=set_limit,
    passes="only the knobs of the limit and of the requesters' patience turned; the run played until all are"
    " done, or to its end; at no neighbouring node more than five requests in any sixty seconds; all"
    " eighteen downloads finished.",
    hints=(
        "Without a limit one of them gets all eighteen. The knob is `requests taken on in a minute`.",
        "Five neighbouring nodes, eighteen requests: how many must each take on at least?",
        'At second 2: `limit.do(SetKnob("requests taken on in a minute", 4))`, then `limit.run()`.',
    ),
    because="Each node can only keep its own limit, and that is enough: who is refused goes to the next one.",
    solution="Four each, which is twenty in all; five would do as well:\n\n{answer}",
    answer=share_out,
    again=partial(turn, [(LIMIT, 3), (PATIENCE, 6 * SECOND)]),
    mistakes=(),
    demands=(
        Demand(
            are_only_limits,
            "Turn the knob of the limit, or those of the requesters' patience, and do nothing else.",
            partial(turn, [("weight of the load", 100)]),
        ),
        Demand(
            is_over,
            "Some are still asking. Let the run go on: `limit.run()`.",
            partial(turn, [(LIMIT, 4)], and_run=False),
        ),
        Demand(
            is_nobody_overwhelmed,
            "A neighbouring node took on a sixth request within a minute. Lower the limit.",
            partial(turn, [(LIMIT, 8)]),
            find_sixth,
        ),
        Demand(
            is_nobody_starved,
            "Somebody was refused by all and gave up: it starved. Allow more, or let them wait longer.",
            partial(turn, [(LIMIT, 2)]),
            find_starved,
        ),
    ),
)
