"""A comparison as one JSON object: what a page needs to draw it.

Records are named by their numbers, peers by their names, moments are whole microseconds. Values that JSON
cannot hold, or a page not count with, become texts.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any, Final

from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Action, action_to_json
from blockchain_lab.study.compare import Comparison, Divergence, compare, tell
from blockchain_lab.study.set_up import ABSENT, Difference
from blockchain_lab.study.standing import Standing

LARGEST: Final = 2**53  # whole numbers from here on are not whole in a page
LONGEST: Final = 200  # characters of a strange value


def compare_plainly(a: Lab, b: Lab) -> tuple[dict[str, Any], str]:
    """The comparison for a page and, for who has none, its first sentences. UsageError, as `compare`."""
    result = compare(a, b)
    words = tell(result)[: len(result.set_up or [None]) + 2]  # set-up, first divergence, who was reached
    return to_plain(result), " ".join(f"{line.removesuffix('.')}." for line in words)


def to_plain(result: Comparison) -> dict[str, Any]:
    """The whole comparison; what is the same in both runs is left out."""
    names = [each.name for each in fields(Standing)]
    changed = {name for outcome in result.outcomes.values() for name in outcome.find_changed()}
    return {
        "until": result.until,
        "setUp": [describe_difference(each) for each in result.set_up],
        "divergences": [describe_divergence(each) for each in result.divergences],
        "cone": [[name, at] for name, at in result.cone.items()],  # who was reached when, earliest first
        "outcomes": {name: describe_outcome(result, name) for name in names if name in changed},
    }


def describe_difference(found: Difference) -> dict[str, Any]:
    """One thing that the set-ups do not share."""
    return {"path": found.path, "a": describe_value(found.a), "b": describe_value(found.b)}


def describe_value(value: Any) -> Any:
    """None for what is not there; a number, a text, or an action with its time."""
    if value is ABSENT:
        return None
    if isinstance(value, str):
        return value[:LONGEST]
    if isinstance(value, type):
        return value.__name__
    if type(value) is int and abs(value) < LARGEST:
        return value
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], Action):
        at, action = value
        return {"at": at, "action": json.loads(json.dumps(action_to_json(action), default=repr))}
    return repr(value)[:LONGEST]


def describe_divergence(found: Divergence) -> dict[str, Any]:
    """Where one peer's two lives part; "" for the network."""
    a, b = [None if record is None else record.id for record in (found.a, found.b)]
    return {"peer": found.peer, "at": found.at, "a": a, "b": b}


def describe_outcome(result: Comparison, name: str) -> list[list[Any]]:
    """One value of all peers, in their order: [in A, in B].

    Of a collection how large it is, and how much of it the other run has not: [size in A, size in B,
    only in A, only in B].
    """
    pairs = [(getattr(each.a, name), getattr(each.b, name)) for each in result.outcomes.values()]
    return [compare_contents(a, b) if isinstance(a, dict) else [a, b] for a, b in pairs]


def compare_contents(a: Mapping[Any, Any], b: Mapping[Any, Any]) -> list[Any]:
    """Of connections it counts who is at the other end: their numbers change when somebody dials again."""
    one, other = count_items(a), count_items(b)
    return [len(a), len(b), (one - other).total(), (other - one).total()]


def count_items(held: Mapping[Any, Any]) -> Counter[Any]:
    """Keys of what has keys only; else values."""
    items: Collection[Any] = [key if value is None else value for key, value in held.items()]
    return Counter(items)
