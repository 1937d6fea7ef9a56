"""Ready-made measures for predictions, so that a lesson asks in one line. All are read off the records.

coverage_time(3, 9)                    seconds until nine peers have the first block of height 3
arrival_order(3, ["bob", "cat"])       who has it first, second
first_to_have(3, ["bob", "cat"])       who has it first; for a choice
fork_winner({"ann's": hash, ...})      whose block everybody ends on; for a choice
final_epoch("ann")                     the last final epoch on a peer's branch in the end
message_count("inv")                   how many were sent
coverage_curve(3), height_curve("ann"), bytes_curve("data")

Each is a function of a lab that stands at the end of what is asked. A measure of one's own is one, too: it
returns a `Measured`, or the bare value. A thing is named as notes name it (the hash of a block or transaction
as people write it, an item's name), or is a height: then the block of that height that anybody had first.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.lab import Lab
from blockchain_lab.study.curves import (
    LEARNING,
    Series,
    get_bytes,
    get_heights,
    get_records,
    tidy,
)
from blockchain_lab.study.prediction_kinds import Measure, Measured
from blockchain_lab.study.prediction_values import say_list, say_time
from blockchain_lab.study.standing import Standings

Thing = str | int
PLACES: Final = {1: "first", 2: "second", 3: "third"}


# -- who has a thing ----------------------------------------------------------------------------------------


def coverage_time(thing: Thing, count: int, *, since: Microseconds | None = None) -> Measure:
    """Seconds until so many peers have it, from `since` on; if that is not given, from the first one on."""

    def measure(lab: Lab) -> Measured:
        if type(count) is not int or not 1 <= count <= len(lab.names):
            raise UsageError(f"coverage_time: found {count!r} peers, wanted 1 to {len(lab.names)}")
        arrivals = find_arrivals(lab, thing)
        if len(arrivals) < count:
            return Measured(None, because=f"Only {len(arrivals)} of {len(lab.names)} peers had it by then.")
        records = list(arrivals.values())
        last, start = records[count - 1], records[0].at if since is None else since
        return Measured(
            (last.at - start) / SECOND,
            last.event,
            f"{lab.names[last.peer]} was the {say_place(count)} peer that had it, at {say_time(last.at)}.",
        )

    return measure


def arrival_order(thing: Thing, names: Sequence[str]) -> Measure:
    """These peers in the order in which they first had it; peers of one instant share a place."""

    def measure(lab: Lab) -> Measured:
        arrivals = find_arrivals(lab, thing, names)
        groups: dict[Microseconds, list[str]] = {}
        for name, record in arrivals.items():
            groups.setdefault(record.at, []).append(name)
        return Measured(
            list(groups.values()),
            max((record.event for record in arrivals.values()), default=None),
            " ".join(f"{say_list(group)}: {say_time(at)}." for at, group in groups.items()),
            {name: record.event for name, record in arrivals.items()},
        )

    return measure


def first_to_have(thing: Thing, names: Sequence[str]) -> Measure:
    """Which of these peers had it first; all that had it at that instant."""

    def measure(lab: Lab) -> Measured:
        arrivals = find_arrivals(lab, thing, names)
        if not arrivals:
            return Measured(None, because="None of them ever had it.")
        first = next(iter(arrivals.values()))
        winners = [name for name, record in arrivals.items() if record.at == first.at]
        return Measured(winners, first.event, f"It was there at {say_time(first.at)}.")

    return measure


def coverage_curve(thing: Thing) -> Measure:
    """How many peers have it."""

    def measure(lab: Lab) -> Series:
        return tidy((record.at, count) for count, record in enumerate(find_arrivals(lab, thing).values(), 1))

    return measure


def find_arrivals(lab: Lab, thing: Thing, names: Sequence[str] | None = None) -> dict[str, Record]:
    """By peer the note that says it has a thing now, earliest first; of these peers, if they are given."""
    for name in names or ():
        if name not in lab.names:
            raise UsageError(f"found no peer {name!r}, wanted one of {', '.join(lab.names)}")
    records = [record for record in get_records(lab) if record.kind == Kind.NOTE]
    wanted = find_block(records, thing) if isinstance(thing, int) else thing
    arrivals: dict[str, Record] = {}
    for record in records:
        topic, facts = record.detail
        if topic in LEARNING and facts.get(LEARNING[topic]) == wanted:
            arrivals.setdefault(lab.names[record.peer], record)
    return {name: record for name, record in arrivals.items() if names is None or name in names}


def find_block(notes: Sequence[Record], height: int) -> str | None:
    """The hash of the block of a height that anybody had first."""
    facts = (record.detail[1] for record in notes if record.detail[0] == "block accepted")
    return next((each["hash"] for each in facts if each["height"] == height), None)


# -- chains -------------------------------------------------------------------------------------------------


def fork_winner(blocks: Mapping[str, str], otherwise: str | None = None) -> Measure:
    """On whose block all peers stand in the end, by text -> hash: its text; `otherwise` while they differ.

    A block counts for its descendants. What decides is the event in which the last peer has come over.
    """

    def measure(lab: Lab) -> Measured:
        names = {block: text for text, block in blocks.items()}
        side_of: dict[str, str | None] = dict(names)  # block -> the text of the block that it builds on
        standings = Standings(lab.scenario, lab.genesis)
        sides: list[str | None] = [None] * len(lab.names)  # by host: whose block is below its tip
        event = None
        for record in get_records(lab):
            standings.apply(record)
            if record.kind == Kind.NOTE and record.detail[0] == "block accepted":
                facts = record.detail[1]
                side_of.setdefault(facts["hash"], side_of.get(facts["parent"]))
            if record.peer < 0 or record.kind not in (Kind.NOTE, Kind.START, Kind.KILL):
                continue
            side = side_of.get(standings.peers[record.peer].tip or "")
            if side != sides[record.peer]:
                sides[record.peer], event = side, record.event
        ends = {peer.name: side for peer, side in zip(standings.peers, sides, strict=True) if peer.tip}
        counts = {text: list(ends.values()).count(text) for text in names.values()}
        because = ", ".join(f"{text}: {count} of {len(ends)} peers" for text, count in counts.items()) + "."
        winner = next((text for text, count in counts.items() if count == len(ends) > 0), None)
        return Measured(winner or otherwise, event if winner else None, because)

    return measure


def final_epoch(name: str) -> Measure:
    """The last final epoch on a peer's branch; nothing for a peer that knows no finality."""

    def measure(lab: Lab) -> Measured:
        standings = Standings(lab.scenario, lab.genesis)
        host = find_host(lab, name)
        epoch, event = None, None
        for record in get_records(lab):
            standings.apply(record)
            found = standings.peers[host].finalised
            if found != epoch:
                epoch, event = found, record.event
        since = "" if event is None else f" It is so since event {event:,}."
        return Measured(epoch, None, f"Epoch {epoch} is the last final one on {name}'s branch.{since}")

    return measure


def height_curve(name: str) -> Measure:
    """The height of a peer's tip."""

    def measure(lab: Lab) -> Series:
        find_host(lab, name)
        return get_heights(lab).get(name, [])

    return measure


# -- traffic ------------------------------------------------------------------------------------------------


def message_count(command: str, *, since: Microseconds = 0, by: str | None = None) -> Measure:
    """How many messages of that name were sent, from `since` on; by one peer, if it is named."""

    def measure(lab: Lab) -> Measured:
        host = None if by is None else find_host(lab, by)
        sent = [
            record
            for record in get_records(lab)
            if record.kind == Kind.SEND
            and record.detail.wire_name == command
            and record.at >= since
            and host in (None, record.peer)
        ]
        last = f"The last one left at {say_time(sent[-1].at)}." if sent else "Nobody sent one."
        return Measured(len(sent), None, last)

    return measure


def bytes_curve(name: str | None = None) -> Measure:
    """Bytes that all have sent so far; of one class of message, or command without one, if it is named."""

    def measure(lab: Lab) -> Series:
        records = get_records(lab)
        if name is not None:
            return get_bytes(records).get(name, [])
        total, points = 0, []
        for record in records:
            if record.kind == Kind.SEND:
                total += record.detail.size
                points.append((record.at, total))
        return tidy(points)

    return measure


def find_host(lab: Lab, name: str) -> int:
    """A peer's number. UsageError when nobody is called so."""
    if name not in lab.names:
        raise UsageError(f"found no peer {name!r}, wanted one of {', '.join(lab.names)}")
    return lab.names.index(name)


def say_place(place: int) -> str:
    """Writes "first", "4th"."""
    ending = "th" if place % 100 in range(11, 14) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return PLACES.get(place, f"{place}{ending}")
