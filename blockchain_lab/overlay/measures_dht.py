"""What can be read off a run of a structured overlay: its notes and its datagrams. Pure functions.

Notes come as (topic, facts) pairs of one node, records as a trace gives them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import mean
from typing import Any, NamedTuple

from blockchain_lab.base.records import Kind, Record

Notes = Iterable[tuple[str, dict[str, Any]]]
HEARD = (Kind.DELIVER, Kind.DATAGRAM)


class Finished(NamedTuple):
    """What many lookups came to, on average."""

    lookups: int
    hops: float
    asked: float
    silent: float


def get_lookups(notes: Notes, purpose: str) -> list[dict[str, Any]]:
    """The facts of finished lookups of one kind: "node", "value", "publish", "providers", ..."""
    finished = (facts for topic, facts in notes if topic == "lookup finished")
    return [facts for facts in finished if facts["purpose"] == purpose]


def summarise(lookups: Sequence[dict[str, Any]]) -> Finished:
    """Means of some lookups; zeros for none."""
    if not lookups:
        return Finished(0, 0.0, 0.0, 0.0)
    means = [mean(facts[key] for facts in lookups) for key in ("hops", "asked", "silent")]
    return Finished(len(lookups), *means)


def fold_contacts(notes: Notes) -> dict[str, str]:
    """A node's contacts, id -> address, as its notes add up to; in the order in which they came."""
    known: dict[str, str] = {}
    for topic, facts in notes:
        if topic == "contact added":
            known[facts["id"]] = facts["address"]
        elif topic == "contact removed":
            known.pop(facts["id"], None)
    return known


def count_heard(records: Iterable[Record]) -> Counter[int]:
    """How many messages each host has been told: the work that others gave it."""
    return Counter(record.peer for record in records if record.kind in HEARD)


def compute_imbalance(loads: Iterable[int]) -> float:
    """The largest load over the mean: 1 where all work alike, n where one does everything. 0 without work."""
    found = list(loads)
    return max(found) * len(found) / sum(found) if sum(found) else 0.0
