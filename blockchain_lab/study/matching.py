"""Where two traces of one story part: the first record of each peer that is not the same in both.

Records are matched peer by peer, in their order, by what they say: when, what kind, who with, on which
connection, which message. Ids do not count, for one more record anywhere renames all that follow; nor do
causes, which are ids.
"""

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from blockchain_lab.base.messages import Message
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import Microseconds
from blockchain_lab.sim.columns import Columns
from blockchain_lab.sim.trace import Trace


class Parting(NamedTuple):
    """The first difference of one peer. Places are ids of records, None where that run has no more."""

    at: Microseconds  # of the earlier one of both records
    order: int  # place in its run of that record: orders what happens at the same time
    host: int  # -1: the network
    a: int | None
    b: int | None


@dataclass(slots=True)
class Side:
    """One of two traces, as columns."""

    columns: Columns
    times: "array[int]"  # of each record

    @classmethod
    def read(cls, trace: Trace, event: int) -> "Side":
        """All records up to an event. O(records)."""
        columns = trace.columns(0, trace.end_of(event))
        moments, firsts = trace.events(event)
        times: array[int] = array("q")
        ends = [*firsts[1:], len(columns)]
        for at, first, end in zip(moments, firsts, ends, strict=True):
            times.extend([at] * (end - first))
        return cls(columns, times)

    def group(self, start: int, but: Collection[Kind]) -> dict[int, list[int]]:
        """Places from `start` on, by peer, of records of all kinds but some."""
        places: dict[int, list[int]] = {}
        kinds, peers = self.columns.kinds, self.columns.peers
        for place in range(start, len(kinds)):
            if kinds[place] not in but:
                places.setdefault(peers[place], []).append(place)
        return places


def find_partings(a: Side, b: Side, but: Collection[Kind] = ()) -> list[Parting]:
    """One for each peer that has lived something else, in the order of their first differences.

    but: kinds of record that do not count. O(records of both).
    """
    start = count_common(a, b)
    of_a, of_b = a.group(start, but), b.group(start, but)
    partings = [
        parting
        for host in dict.fromkeys((*of_a, *of_b))
        if (parting := part(host, a, b, of_a.get(host, []), of_b.get(host, []))) is not None
    ]
    return sorted(partings)


def count_common(a: Side, b: Side) -> int:
    """How many records are the same in both from the beginning on."""
    most = min(len(a.times), len(b.times))
    return next((place for place in range(most) if not is_same(a, place, b, place)), most)


def part(host: int, a: Side, b: Side, of_a: Sequence[int], of_b: Sequence[int]) -> Parting | None:
    """The first difference between one peer's records in two runs."""
    most = min(len(of_a), len(of_b))
    step = next((step for step in range(most) if not is_same(a, of_a[step], b, of_b[step])), most)
    here = of_a[step] if step < len(of_a) else None
    there = of_b[step] if step < len(of_b) else None
    found = [(side.times[place], place) for side, place in ((a, here), (b, there)) if place is not None]
    return Parting(*min(found), host, here, there) if found else None


def is_same(a: Side, place: int, b: Side, other: int) -> bool:
    """Do two records say the same?"""
    one, two = a.columns, b.columns
    return (
        a.times[place] == b.times[other]
        and one.kinds[place] == two.kinds[other]
        and one.peers[place] == two.peers[other]
        and one.others[place] == two.others[other]
        and one.conns[place] == two.conns[other]
        and is_equal(one.details[place], two.details[other])
    )


def is_equal(a: Any, b: Any) -> bool:
    """Is it the same content? Messages are by their bytes."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, Message):
        return bool(a.wire_name == b.wire_name and a.encoding == b.encoding)
    if type(a) is tuple:
        return len(a) == len(b) and all(map(is_equal, a, b))
    return bool(a == b)
