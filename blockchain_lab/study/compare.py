"""A/B: two runs of one story that differ in one thing, held side by side.

a = Lab("fork_and_heal"); a.run()
b = make_twin(a, DropMessage(record=120))
result = compare(a, b)
result.first, result.cone, result.outcomes          print(result) says it in words, result.show() draws it

Randomness is keyed, so all that differs comes from the one difference: the first divergent record, then its
cone, the peers that it reaches and when. Two labs without a difference have none.
"""

from dataclasses import dataclass, fields
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import KIND_NAMES, Kind, Record
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.lab import Lab
from blockchain_lab.study.matching import Parting, Side, find_partings
from blockchain_lab.study.set_up import Difference, find_differences
from blockchain_lab.study.standing import Standing, stand_at

NETWORK: Final = ""  # in the place of a peer's name: what befalls the network
NOT_LIVED: Final = (Kind.DROP, Kind.ACTION)  # no peer learns of these
SHOWN: Final = 12  # peers or outcomes that the words name


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where one peer's two lives part."""

    peer: str  # or NETWORK
    at: Microseconds
    a: Record | None  # None: this run says nothing more of the peer
    b: Record | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a peer stands in the end, in both runs."""

    a: Standing
    b: Standing

    def find_changed(self) -> list[str]:
        """Which of its values differ."""
        return [
            each.name for each in fields(Standing) if getattr(self.a, each.name) != getattr(self.b, each.name)
        ]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs, up to the same time."""

    a: Lab
    b: Lab
    until: Microseconds
    set_up: list[Difference]
    divergences: list[Divergence]  # the first of each peer that has one, earliest first
    cone: dict[str, Microseconds]  # who was told, or did, something else, and since when
    outcomes: dict[str, Outcome]  # by peer, all of them

    @property
    def first(self) -> Divergence | None:
        """The first divergence of the run; None when there is none."""
        return self.divergences[0] if self.divergences else None

    def count_touched(self, at: Microseconds) -> int:
        """How many peers the difference has reached by a time."""
        return sum(since <= at for since in self.cone.values())

    def show(self, **options: Any) -> Any:
        """Both runs in a notebook, drawn together, as far as they go. `options` are those of the network."""
        from blockchain_lab_widgets.pair import show_pair  # noqa: PLC0415  (the engine runs without Jupyter)

        from blockchain_lab.study.compare_plain import compare_plainly  # noqa: PLC0415  (it imports us)

        return show_pair(self.a, self.b, compare_plainly, **options)

    def __repr__(self) -> str:
        """In words."""
        return "\n".join(tell(self))


def compare(a: Lab, b: Lab, *, until: Microseconds | None = None) -> Comparison:
    """Two labs of one scenario up to a time; if none is given, as far as the longer one has got.

    A lab that has not got so far is computed up to there; no cursor moves. UsageError for labs of different
    scenarios, and for labs that do not keep all records. O(records).
    """
    set_up = find_differences(a, b)
    for lab in (a, b):
        if lab.trace.level != "full":
            raise UsageError(f"compare needs all records; a lab keeps level {lab.trace.level!r}")
    if until is None:
        until = max(lab.trace.time_of(lab.head) for lab in (a, b))
    for lab in (a, b):
        lab.look_ahead(until=until)
    last_a, last_b = a.trace.last_at(until), b.trace.last_at(until)
    one, other = Side.read(a.trace, last_a), Side.read(b.trace, last_b)
    lived = find_partings(one, other, NOT_LIVED)
    pairs = zip(stand_at(a, last_a), stand_at(b, last_b), strict=True)
    return Comparison(
        a=a,
        b=b,
        until=until,
        set_up=set_up,
        divergences=[make_divergence(a, b, parting) for parting in find_partings(one, other)],
        cone={a.names[parting.host]: parting.at for parting in lived if parting.host >= 0},
        outcomes={standing.name: Outcome(standing, twin) for standing, twin in pairs},
    )


def make_divergence(a: Lab, b: Lab, parting: Parting) -> Divergence:
    """With names and records in the place of numbers."""
    return Divergence(
        NETWORK if parting.host < 0 else a.names[parting.host],
        parting.at,
        None if parting.a is None else a.trace[parting.a],
        None if parting.b is None else b.trace[parting.b],
    )


def tell(result: Comparison) -> list[str]:
    """The comparison in sentences, a line each."""
    lines = [f"{each.path}: A {each.a!r}, B {each.b!r}" for each in result.set_up] or [
        "The set-up is the same."
    ]
    until = result.until / SECOND
    if result.first is None:
        return [*lines, f"No record differs up to {until:.3f} s."]
    first = result.first
    lines.append(
        f"First divergence at {first.at / SECOND:.3f} s, {first.peer or 'the network'}: "
        f"A {tell_record(first.a, first.at)}, B {tell_record(first.b, first.at)}."
    )
    reached = [f"{name} {at / SECOND:.3f} s" for name, at in result.cone.items()]
    rest = f" and {len(reached) - SHOWN} more" if len(reached) > SHOWN else ""
    lines.append(
        f"Reached {len(reached)} of {len(result.outcomes)} peers: {', '.join(reached[:SHOWN])}{rest}."
    )
    lines += [
        f"{name}: {tell_outcome(each)}" for name, each in result.outcomes.items() if each.find_changed()
    ][:SHOWN]
    return lines


def tell_record(record: Record | None, at: Microseconds) -> str:
    """One run's record at a divergence, shortly: the other run may have been first."""
    if record is None:
        return "says nothing more"
    name = f"{KIND_NAMES[record.kind]} (record {record.id})"
    return name if record.at == at else f"nothing until {record.at / SECOND:.3f} s, then {name}"


def tell_outcome(outcome: Outcome) -> str:
    """What differs in the end; collections as how many they are."""
    told = []
    for name in outcome.find_changed():
        pair = [getattr(side, name) for side in (outcome.a, outcome.b)]
        a, b = [len(value) if isinstance(value, dict) else value for value in pair]
        told.append(f"{name} {a} / {b}")
    return ", ".join(told)
