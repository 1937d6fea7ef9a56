"""Series over time, read off records: who has what, heights, finality, pings, bytes, who waits. Plain data.

    records = get_records(lab)                      up to the cursor
    spread = find_spread(records, lab.names, hash)   spread.percentile(90), spread.points
    get_heights(lab)["ann"]                          [(0, 0), (3_201_000, 1), ...]

A series is a list of (µs, value), each value true from its time on. Times never go back, and one time stands
once. A pure fold each: what it says at a moment is what the nodes held then. `curve_plots` draws them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import Microseconds
from blockchain_lab.lab import Lab
from blockchain_lab.study.standing import Standing, Standings, get_message

Series = list[tuple[Microseconds, int]]

LEARNING: Final[Mapping[str, str]] = {  # topic -> the fact that names what a peer has from now on
    "item learned": "item",
    "transaction accepted": "txid",
    "block accepted": "hash",
}
PERCENTS: Final = (50, 90, 99)
IN_LINE: Final = ("piece wanted", "piece given")  # notes that say how many wait at their peer now
ANSWERS: Final[Mapping[str, str]] = {"pong": "ping", "alive-answer": "alive-ask"}  # both carry the same nonce


@dataclass(frozen=True, slots=True)
class Spread:
    """How one thing became known: when each peer had it first."""

    times: Mapping[str, Microseconds]  # by peer, earliest first
    peers: int  # in the network

    @property
    def points(self) -> Series:
        """How many peers had it, over time."""
        return tidy((at, count) for count, at in enumerate(self.times.values(), 1))

    def percentile(self, percent: int) -> Microseconds | None:
        """How long until so many of all peers had it, from the first one on; None if they never did."""
        if type(percent) is not int or not 0 < percent <= 100:
            raise UsageError(f"percentile: found {percent!r}, wanted a whole number from 1 to 100")
        wanted = -(-self.peers * percent // 100)
        times = list(self.times.values())
        return times[wanted - 1] - times[0] if wanted <= len(times) else None


def get_records(lab: Lab) -> list[Record]:
    """The run up to the cursor."""
    return [lab.trace[place] for place in range(lab.trace.end_of(lab.cursor))]


def tidy(points: Iterable[tuple[Microseconds, int]]) -> Series:
    """One point for each time at which a value changes: the last one."""
    series: Series = []
    for at, value in points:
        if series and series[-1][0] == at:
            series.pop()
        if not series or series[-1][1] != value:
            series.append((at, value))
    return series


def value_at(series: Series, at: Microseconds) -> int | None:
    """What holds at a time; None before the first point."""
    return next((value for since, value in reversed(series) if since <= at), None)


# -- spreading -----------------------------------------------------------------------------------------------


def find_spreads(records: Iterable[Record], names: Sequence[str]) -> dict[str, Spread]:
    """All that spread, in the order of its appearance: blocks, transactions, items, as notes name them."""
    times: dict[str, dict[str, Microseconds]] = {}
    for record in records:
        if record.kind == Kind.NOTE and record.detail[0] in LEARNING:
            topic, facts = record.detail
            times.setdefault(facts[LEARNING[topic]], {}).setdefault(names[record.peer], record.at)
    return {thing: Spread(own, len(names)) for thing, own in times.items()}


def find_spread(records: Iterable[Record], names: Sequence[str], thing: str) -> Spread:
    """Who had a block, a transaction or an item, since when; nobody for what never spread."""
    return find_spreads(records, names).get(thing, Spread({}, len(names)))


def find_things(records: Iterable[Record]) -> dict[str, int]:
    """All that spread, in the order of its appearance, and how many have come to have it."""
    holders: dict[str, dict[int, None]] = {}
    for record in records:
        if record.kind == Kind.NOTE and record.detail[0] in LEARNING:
            topic, facts = record.detail
            holders.setdefault(facts[LEARNING[topic]], {})[record.peer] = None
    return {thing: len(peers) for thing, peers in holders.items()}


def get_percentiles(
    spreads: Iterable[Spread], percents: Sequence[int] = PERCENTS
) -> dict[str, list[tuple[Microseconds, Microseconds]]]:
    """For "50 %" and so on: (when a thing first was there, how long until so many peers had it), by thing.

    A thing that never reached so many has no point there.
    """
    points: dict[str, list[tuple[Microseconds, Microseconds]]] = {}
    for spread in spreads:
        for percent in percents:
            wait = spread.percentile(percent)
            if wait is not None:
                points.setdefault(f"{percent} %", []).append((next(iter(spread.times.values())), wait))
    return points


# -- what each peer holds -----------------------------------------------------------------------------------


def follow(lab: Lab, read: Callable[[Standing], int | None]) -> dict[str, Series]:
    """A value of each peer's standing over time, up to the cursor; peers that never have one are left out.

    While a peer has no such value (it is off), its series keeps the last one. O(records).
    """
    standings = Standings(lab.scenario, lab.genesis)
    points: dict[str, Series] = {name: [] for name in lab.names}
    for record in get_records(lab):
        standings.apply(record)
        if record.peer >= 0:
            peer = standings.peers[record.peer]
            value = read(peer)
            own = points[peer.name]
            if value is not None and (not own or own[-1][1] != value):
                own.append((record.at, value))
    return {name: tidy(own) for name, own in points.items() if own}


def get_heights(lab: Lab) -> dict[str, Series]:
    """Of each peer's tip."""
    return follow(lab, lambda peer: peer.height)


def get_finality(lab: Lab) -> dict[str, dict[str, Series]]:
    """Epochs "justified" and "finalised" on each peer's branch; empty without Casper."""
    return {
        "justified": follow(lab, lambda peer: peer.justified),
        "finalised": follow(lab, lambda peer: peer.finalised),
    }


def get_pool_sizes(lab: Lab) -> dict[str, Series]:
    """Transactions that wait at each peer that is on and has ever had one."""
    sizes = follow(lab, lambda peer: len(peer.pool) if peer.is_on else 0)
    return {name: series for name, series in sizes.items() if any(size for _, size in series)}


def get_queues(records: Iterable[Record], names: Sequence[str]) -> dict[str, Series]:
    """Pieces that others wait for, at each peer that was ever asked for one; none at a peer that is off."""
    points: dict[str, Series] = {}
    for record in records:
        if record.kind == Kind.NOTE and record.detail[0] in IN_LINE:
            own = points.setdefault(names[record.peer], [])
            own.append((record.at, record.detail[1]["waiting"]))
        elif record.kind == Kind.KILL and names[record.peer] in points:
            points[names[record.peer]].append((record.at, 0))
    return {name: tidy(own) for name, own in points.items()}


# -- traffic ------------------------------------------------------------------------------------------------


def get_bytes(records: Iterable[Record]) -> dict[str, Series]:
    """Bytes sent by all so far, envelopes included, by class of message; by command where it has none."""
    points: dict[str, Series] = {}
    for record in records:
        if record.kind == Kind.SEND:
            own = points.setdefault(get_class(record.detail), [])
            own.append((record.at, (own[-1][1] if own else 0) + record.detail.size))
    return {name: tidy(own) for name, own in points.items()}


def get_class(message: Message) -> str:
    """The lecture's class of a message, or its command."""
    found: Any = getattr(message, "lecture_class", None)
    return str(found or message.wire_name)


def get_round_trips(records: Iterable[Record], names: Sequence[str]) -> dict[tuple[str, str], Series]:
    """How long each answer to a ping took, at its arrival, by (who asked, who answered)."""
    open_pings: dict[tuple[int, int, str, int], Microseconds] = {}
    points: dict[tuple[str, str], Series] = {}
    for record in records:
        if record.kind not in (Kind.SEND, Kind.DELIVER, Kind.DATAGRAM):
            continue
        message = get_message(record)
        nonce = getattr(message, "nonce", None)
        if record.kind == Kind.SEND and nonce is not None and message.command in ANSWERS.values():
            open_pings[record.peer, record.conn, message.command, nonce] = record.at
        elif record.kind != Kind.SEND and nonce is not None and message.command in ANSWERS:
            asked = open_pings.pop((record.peer, record.conn, ANSWERS[message.command], nonce), None)
            if asked is not None:
                pair = (names[record.peer], names[record.other])
                points.setdefault(pair, []).append((record.at, record.at - asked))
    return points
