"""The life of transactions as a graph, drawn from what peers noted in a run, and the way of one through it.

    unknown -> pending -> executed -> undone -> pending -> failed        what one peer saw of one transaction

Each peer has its own view: one may have it pending while another has refused it. The graph counts how often
which state followed which; ways may lead in circles. Bitcoin's notes are read too, and give a smaller graph:
a payment knows no gap, no failed execution and no other result the second time.

Pure; from records only. Any iterable of records does, a lab's trace for one. Peers are host numbers.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from networkx import DiGraph

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import Microseconds

UNKNOWN: Final = "unknown"  # before a peer has heard of it
MADE: Final = "made"
PENDING: Final = "pending"
QUEUED: Final = "queued"
PRIVATE: Final = "private"
REFUSED: Final = "refused"
EXECUTED: Final = "executed"
FAILED: Final = "failed"  # it stands in a block, and its fee is paid, but it has changed nothing
UNDONE: Final = "undone"  # the peer has left the block
CONFIRMED: Final = "confirmed"  # in a block of a chain on which nothing is executed
REPLACED: Final = "replaced"
OUTDATED: Final = "outdated"  # another one has its nonce, or its coins
DROPPED: Final = "dropped"  # no room, too old, or its sender cannot pay

RUN: Final = (EXECUTED, FAILED)
REMOVED: Final[Mapping[str, str]] = {
    "confirmed": CONFIRMED,
    "replaced": REPLACED,
    "nonce used by another": OUTDATED,
    "conflict": OUTDATED,
}  # reason -> state; every other reason drops it

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A peer sees a transaction in another state than before."""

    state: str
    why: str  # the note's topic, and its reason if it has one
    at: Microseconds
    peer: int
    record: int  # the note's id


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """All states of a run, and how often one followed another; both in the order of their first time."""

    states: Mapping[str, int]  # state -> how often it was entered
    transitions: Mapping[tuple[str, str], int]  # (from, to) -> how often

    def as_graph(self) -> "DiGraph[str]":
        """The same for drawing: nodes with `count`, edges with `weight`."""
        graph: DiGraph[str] = DiGraph()
        for state, count in self.states.items():
            graph.add_node(state, count=count)
        for (source, to), count in self.transitions.items():
            graph.add_edge(source, to, weight=count)
        return graph

    def get_followers(self, state: str) -> dict[str, int]:
        """Where ways led on from a state, and how often."""
        return {to: count for (source, to), count in self.transitions.items() if source == state}


@dataclass(slots=True)
class Walker:
    """Reads notes one after another and keeps every transaction's way at every peer."""

    ways: dict[tuple[int, str], list[Step]] = field(default_factory=dict)  # (peer, txid) -> its way

    def read(self, record: Record) -> None:
        """One record; what is no note of a transaction's life changes nothing."""
        if record.kind is not Kind.NOTE:
            return
        topic, facts = record.detail
        if topic not in READERS:
            return
        for txid, state in READERS[topic](facts):
            way = self.ways.setdefault((record.peer, txid), [])
            before = way[-1].state if way else UNKNOWN
            if is_change(before, state):
                why = f"{topic}: {facts['reason']}" if facts.get("reason") else topic
                way.append(Step(state, why, record.at, record.peer, record.id))


def find_ways(records: Iterable[Record]) -> dict[tuple[int, str], list[Step]]:
    """The way of every transaction at every peer: (peer, txid) -> steps. O(records)."""
    walker = Walker()
    for record in records:
        walker.read(record)
    return walker.ways


def walk(records: Iterable[Record], txid: str, peer: int) -> list[Step]:
    """The way of one transaction, as one peer saw it; empty when it has not heard of it. O(records)."""
    return find_ways(records).get((peer, txid), [])


def get_lifecycle(records: Iterable[Record], peer: int | None = None) -> Lifecycle:
    """The graph of a run: of what one peer saw, or of what all of them did. O(records)."""
    states: Counter[str] = Counter()
    transitions: Counter[tuple[str, str]] = Counter()
    for (host, _), way in find_ways(records).items():
        if peer is None or host == peer:
            names = get_states(way)
            states.update(names)
            transitions.update(pairwise(names))
    return Lifecycle(dict(states), dict(transitions))


def get_states(way: Sequence[Step]) -> list[str]:
    """The states of a way, the first one included: unknown."""
    return [UNKNOWN, *(step.state for step in way)]


def find_loops(way: Sequence[Step]) -> list[tuple[str, ...]]:
    """The circles in a way: from a state to the next time that it was the same.

    pending, executed, undone, pending, executed: two circles, for two states came again.
    """
    names = get_states(way)
    last: dict[str, int] = {}
    loops = []
    for place, name in enumerate(names):
        if name in last:
            loops.append(tuple(names[last[name] : place + 1]))
        last[name] = place
    return loops


def is_change(before: str, after: str) -> bool:
    """Is this news?

    Who has executed it knows that it is confirmed, and to be offered something again that one knows is
    nothing new either.
    """
    if after == CONFIRMED and before in RUN:
        return False
    if after == REFUSED and before not in (UNKNOWN, MADE, UNDONE):
        return False
    return before != after


def read_made(facts: Facts) -> list[tuple[str, str]]:
    """Signed by this peer; who gave it to a builder alone waits for the block."""
    return [(facts["txid"], PRIVATE if facts["private"] else MADE)]


def read_accepted(facts: Facts) -> list[tuple[str, str]]:
    """Into the pool; a payment is never queued."""
    return [(facts["txid"], QUEUED if facts.get("queued") else PENDING)]


def read_executed(facts: Facts) -> list[tuple[str, str]]:
    """In a block, with or without effect."""
    return [(facts["txid"], EXECUTED if facts["ok"] else FAILED)]


def read_removed(facts: Facts) -> list[tuple[str, str]]:
    """Out of the pool, for a reason."""
    return [(txid, REMOVED.get(facts["reason"], DROPPED)) for txid in facts["txids"]]


READERS: Final[Mapping[str, Callable[[Facts], list[tuple[str, str]]]]] = {
    "transaction made": read_made,
    "transaction accepted": read_accepted,
    "transaction refused": lambda facts: [(facts["txid"], REFUSED)],
    "transactions removed": read_removed,
    "transactions promoted": lambda facts: [(txid, PENDING) for txid in facts["txids"]],
    "transactions demoted": lambda facts: [(txid, QUEUED) for txid in facts["txids"]],
    "transaction executed": read_executed,
    "transactions undone": lambda facts: [(txid, UNDONE) for txid in facts["txids"]],
    "private transaction taken": lambda facts: [(facts["txid"], PRIVATE)],
    "private transaction gone": lambda facts: [(facts["txid"], OUTDATED)],
}
