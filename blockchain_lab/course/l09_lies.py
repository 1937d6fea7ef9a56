"""Lesson 9, the words of the trade, and liars: what a number that nobody checks does to whoever believes it.

`ask_pyrsia` chooses as `get_idle_peer` in Pyrsia's `src/network/client.rs` (2022) does, faults and all:

    ask one after another; whoever is below 0.5 is taken at once
    who does not answer is left out
    sort the others, take the lowest; two numbers that cannot be compared end the program
"""

from collections.abc import Sequence
from functools import cache
from itertools import permutations
from math import inf, isnan, nan
from typing import Final

from blockchain_lab.base.actions import Command
from blockchain_lab.course.reading import get_messages, get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.choosing import IDLE_BELOW
from blockchain_lab.overlay.kademlia_contacts import show_address

HONEST: Final = (1.1, 1.4, 1.6, 1.9)  # what the four others say, and it is true
LIES: Final[dict[str, float | None]] = {  # what the fifth one says; None: nothing at all
    "0.4": 0.4,
    "-1000": -1_000.0,
    "minus infinity": -inf,
    "5000000": 5e6,
    "infinity": inf,
    "no number": nan,
    "no answer": None,
}
DRAWS, REPELS, ENDS = "draws", "repels", "ends"


class CannotCompareError(Exception):
    """Pyrsia's program has ended here."""


# -- as Pyrsia chooses ---------------------------------------------------------------------------------------


def choose_as_pyrsia(said: Sequence[float | None]) -> int | None:
    """The place of the one that is taken; None when nobody answers. CannotCompareError."""
    known: list[tuple[float, int]] = []
    for place, metric in enumerate(said):
        if metric is None:
            continue
        if metric < IDLE_BELOW:
            return place
        known.append((metric, place))
    if len(known) > 1 and any(isnan(metric) for metric, _ in known):
        raise CannotCompareError("partial_cmp gave None, and unwrap ends the program")
    return min(known)[1] if known else None


def ask_pyrsia(**said: object) -> str:
    """Who is taken when these peers say that, such as `ask_pyrsia(ann=1.1, mal="-inf")`; None: no answer."""
    try:
        metrics = [None if each is None else float(str(each)) for each in said.values()]
    except ValueError:
        return 'Say a number, "inf", "-inf", "nan", or None for no answer.'
    try:
        place = choose_as_pyrsia(metrics)
    except CannotCompareError as fault:
        return f"nobody: {fault}"
    return "nobody: there was no answer" if place is None else list(said)[place]


@cache
def classify_lies() -> dict[str, str]:
    """What each lie comes to, in whatever order the five are asked; a set has none of its own."""
    found = {}
    for name, lie in LIES.items():
        taken = {try_in_order(order, lie) for order in permutations(range(len(HONEST) + 1))}
        (found[name],) = taken
    return found


def try_in_order(order: Sequence[int], lie: float | None) -> str:
    """What the lie comes to when the five are asked in this order; the liar is the last of them by number."""
    said = [*HONEST, lie]
    try:
        place = choose_as_pyrsia([said[each] for each in order])
    except CannotCompareError:
        return ENDS
    return DRAWS if place is not None and order[place] == len(HONEST) else REPELS


def sort_lies(seed: int) -> dict[str, str]:
    """For the question."""
    return dict(classify_lies())


def compare_lies(seed: int) -> dict[str, str]:
    """The same by comparing each lie with the lowest honest number, in no order at all."""
    lowest = min(HONEST)
    found = {}
    for name, lie in LIES.items():
        if lie is None:
            found[name] = REPELS
        elif not (lie < lowest or lie >= lowest):
            found[name] = ENDS
        else:
            found[name] = DRAWS if lie < lowest else REPELS
    return found


# -- requester, peer, neighbouring node ----------------------------------------------------------------------

LIARS: Final = "artifact_liars"
ASKER: Final = "kim"
REQUESTER, NEIGHBOUR, NEITHER = "requester", "neighbouring node", "peer and no more"
ROLES: Final = {  # what the options say of kim, ida and joe
    "a": (REQUESTER, NEIGHBOUR, NEIGHBOUR),
    "b": (REQUESTER, NEIGHBOUR, NEITHER),
    "c": (NEIGHBOUR, REQUESTER, NEITHER),
    "d": (REQUESTER, NEITHER, NEIGHBOUR),
}


@cache
def play_liars(seed: int) -> Lab:
    """The story to its end. Nobody acts in it."""
    lab = Lab(LIARS, seed=seed)
    lab.run()
    return lab


def find_roles(seed: int) -> str:
    """By what each does in the learner's run: who asks for metrics, whom does Kademlia name?"""
    lab = play_liars(seed)
    asking = {lab.names[record.peer] for record in get_messages(lab, "metric-ask")}
    ((_, started),) = get_notes(lab, "fetch started", ASKER)
    named = set(started["providers"])
    addresses = lab.scenario.contacts
    roles = tuple(
        REQUESTER if name in asking else NEIGHBOUR if show_address(addresses[name]) in named else NEITHER
        for name in (ASKER, "ida", "joe")
    )
    return next(key for key, option in ROLES.items() if option == roles)


def read_roles(seed: int) -> str:
    """The same by the story's orders: who is told to fetch, who to provide?"""
    orders = {}
    for _, action in Lab(LIARS).scenario.story:
        kind = {"Fetch": REQUESTER, "Provide": NEIGHBOUR}.get(type(action).__name__)
        if kind and isinstance(action, Command):
            orders[action.peer] = kind
    roles = tuple(orders.get(name, NEITHER) for name in (ASKER, "ida", "joe"))
    return next(key for key, option in ROLES.items() if option == roles)
