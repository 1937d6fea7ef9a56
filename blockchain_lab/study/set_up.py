"""What two labs are made from, held side by side: scenarios, node classes, what was done to them.

Paths are those of `Scenario.get_value`, so a difference can be handed back to `make_twin`. What changes no
event (titles, layouts, knobs' ends, how long a run is) is no difference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Microseconds
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Action
from blockchain_lab.sim.scenario import Scenario

MUST_BE_EQUAL: Final = ("name", "seed", "started_at")
OF_NO_EFFECT: Final = ("title", "knobs", "until", "poster", "views", "moments", "layout")


class Absent:
    """Stands for a value that only the other lab has."""

    def __repr__(self) -> str:
        """As a reader sees it."""
        return "(absent)"


ABSENT: Final = Absent()


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the labs A and B do not share."""

    path: str  # links.loss, peers.ann.policy.era, kinds.bitcoin, wire; "action" for what was done live
    a: Any  # ABSENT where there is none; an action comes with its time, µs
    b: Any


def find_differences(a: Lab, b: Lab) -> list[Difference]:
    """All that may make the runs differ. UsageError when these are two scenarios, not two runs of one."""
    check_comparable(a.scenario, b.scenario)
    found = [
        difference
        for field in fields(Scenario)
        if field.name not in OF_NO_EFFECT
        for difference in walk(field.name, getattr(a.scenario, field.name), getattr(b.scenario, field.name))
    ]
    ours, theirs = a.timeline.options, b.timeline.options
    used = {peer.kind for lab in (a, b) for peer in lab.scenario.peers.values()}
    for kind in sorted(used):
        found += walk(f"kinds.{kind}", ours.kinds.get(kind, ABSENT), theirs.kinds.get(kind, ABSENT))
    found += walk("wire", ours.is_wire, theirs.is_wire)
    return [*found, *find_other_actions(get_actions(a), get_actions(b))]


def check_comparable(a: Scenario, b: Scenario) -> None:
    """UsageError, with all that differs, unless both are the same story with the same cast and seed."""
    faults = [
        f"{key} ({getattr(a, key)!r} and {getattr(b, key)!r})"
        for key in MUST_BE_EQUAL
        if getattr(a, key) != getattr(b, key)
    ]
    for one, other, whose in ((a, b, "A"), (b, a, "B")):
        only = [name for name in one.peers if name not in other.peers]
        faults += (
            [f"peers (only {whose} has {', '.join(only[:6])}{'...' if len(only) > 6 else ''})"]
            if only
            else []
        )
    if not faults and list(a.peers) != list(b.peers):
        faults.append("the order of the peers")
    if faults:
        raise UsageError(
            f"compare: these are different scenarios; they differ in {'; '.join(faults)}. "
            "make_twin(lab, ...) makes a lab with one difference"
        )


def walk(path: str, a: Any, b: Any) -> Iterator[Difference]:
    """The deepest places at which two values differ."""
    if a is b or (type(a) is type(b) and a == b):
        return
    inside_a, inside_b = get_parts(a), get_parts(b)
    if type(a) is not type(b) or inside_a is None or inside_b is None:
        yield Difference(path, a, b)
        return
    for key in dict.fromkeys((*inside_a, *inside_b)):
        yield from walk(f"{path}.{key}", inside_a.get(key, ABSENT), inside_b.get(key, ABSENT))


def get_parts(value: Any) -> Mapping[str, Any] | None:
    """What lies inside a value, by key; None for what is one thing: a number, an action, an address."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Action) or hasattr(value, "_fields") or isinstance(value, type):
        return None
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return {str(place): item for place, item in enumerate(value)} if isinstance(value, tuple | list) else None


def get_actions(lab: Lab) -> list[tuple[Microseconds, Action]]:
    """What was done live on the lab's branch, and when."""
    trace = lab.trace
    return [(trace.time_of(after + 1), action) for after, action in lab.timeline.branch.actions]


def find_other_actions(
    a: list[tuple[Microseconds, Action]], b: list[tuple[Microseconds, Action]]
) -> list[Difference]:
    """Those that only one of two runs has, by time."""
    left = list(b)
    found: list[Difference] = []
    for item in a:
        if item in left:
            left.remove(item)
        else:
            found.append(Difference("action", item, ABSENT))
    found += [Difference("action", ABSENT, item) for item in left]
    return sorted(found, key=lambda each: (each.b if each.a is ABSENT else each.a)[0])
