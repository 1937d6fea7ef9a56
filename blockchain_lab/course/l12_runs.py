"""Lesson 12, the runs: four networks that race, what leads a block to a neighbour, what one line has carried.

In `four_ways` peers are named after their way: push1 to push6, inv1 to inv6, and so on. Each network is a
ladder of three rungs, its first peer finds the blocks, its second one pays.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Final

from blockchain_lab import scenarios
from blockchain_lab.base.messages import Message
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.bitcoin.messages import GetData, Inv
from blockchain_lab.bitcoin.policy import COMPACT, COMPACT_UNASKED, HEADERS, INV
from blockchain_lab.bitcoin.relay_costs import (
    BLOCK_TYPES,
    BlockCost,
    Shares,
    compute_block_costs,
    is_about_blocks,
    share_out,
)
from blockchain_lab.bitcoin.tx import Transaction
from blockchain_lab.course.questions import GUEST_SEED
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.lab import Lab

STORY: Final = "four_ways"
MISSING: Final = "missing_transaction"  # four peers; nobody but ann knows one of three payments in her block
WAYS: Final[Mapping[str, str]] = {
    "push": "pushed whole",
    "inv": "inv",
    "ask": "short ids, asked for",
    "fast": "short ids, unasked",
}
RACE: Final = 22 * SECOND  # when the blocks are found that race
THIRD: Final = 30 * SECOND  # when ann finds the last block of the stories of ten peers
TOO_NEW: Final = 19 * SECOND  # shortly before the block with a payment that nobody knows
SETTLED: Final = 7 * SECOND  # the two blocks before have gone round; no payment is made yet
WATCHED: Final = ("inv1", "inv3")  # a line


@cache
def play(story: str, seed: int) -> Lab:
    """A story to its end. Nobody may act in it."""
    lab = Lab(story, seed=seed)
    lab.run()
    return lab


@cache
def play_announced(story: str, announce: str, seed: int) -> Lab:
    """A story with one way for all to announce blocks."""
    lab = Lab(scenarios.load(story).with_value("policy.announce", announce), seed=seed)
    lab.run()
    return lab


def get_way(peer: str) -> str:
    """The way that a peer of `four_ways` is named after."""
    return peer.rstrip("123456")


# -- what the race has cost ----------------------------------------------------------------------------------


def weigh(lab: Lab, since: Microseconds = RACE) -> dict[str, BlockCost]:
    """Way -> what its first block since a moment has cost its network; ways that have found one."""
    found: dict[str, BlockCost] = {}
    for cost in compute_block_costs(lab.trace, lab.names).values():
        if cost.found >= since:
            found.setdefault(get_way(next(iter(cost.waits))), cost)
    return {way: found[way] for way in WAYS if way in found}


WINNERS: Final = {  # who is first, and who costs most
    ("push", "push"): "a",
    ("fast", "push"): "b",
    ("fast", "inv"): "c",
    ("push", "inv"): "d",
}


@cache
def find_winners(seed: int) -> str:
    """Of the race: which option fits the first and the dearest of the four."""
    costs = weigh(play(STORY, seed))
    first = min(costs, key=lambda way: costs[way].slowest)
    return WINNERS[first, max(costs, key=lambda way: costs[way].total)]


def find_last_arrival(seed: int) -> int:
    """The event at which the last of all peers has a block of the race."""
    notes = get_notes(play(STORY, seed), "block accepted")
    return max(note.event for note, _ in notes if note.at >= RACE)


# -- from a block's finding to a neighbour ------------------------------------------------------------------


def get_trips(lab: Lab, peer: str, since: Microseconds) -> list[str]:
    """The messages that led, one to the next, to the first block that a peer accepts since a moment."""
    note = next(note for note, _ in get_notes(lab, "block accepted", peer) if note.at >= since)
    record: Record | None = note
    commands: list[str] = []
    while record is not None:
        if record.kind is Kind.SEND and record.detail is not None:
            commands.append(record.detail.command)
        record = lab.trace[record.cause] if record.cause >= 0 else None
    return commands[::-1]


TO_TODAY: Final = "inv, to a node of today"  # which does not ask for a block whose header it has not seen
RACERS: Final[Mapping[str, str]] = {  # case of the question -> a finder's neighbour in the race
    "push": "push2",
    "inv, first years": "inv2",
    "short ids, asked for": "ask2",
    "short ids, unasked": "fast2",
}
OTHERS: Final[Mapping[str, tuple[str, str]]] = {  # case -> a story, and how all announce in it
    TO_TODAY: ("relay_headers", INV),
    "headers": ("relay_headers", HEADERS),
    "asked for, one missing": (MISSING, COMPACT),
    "unasked, one missing": (MISSING, COMPACT_UNASKED),
}
CASES: Final = (
    *("push", "inv, first years", TO_TODAY, "headers"),
    *("short ids, asked for", "short ids, unasked", "asked for, one missing", "unasked, one missing"),
)


def find_trips(case: str, seed: int) -> list[str]:
    """The messages that led from a finder to a neighbour's having the block, in one of the cases."""
    if case in RACERS:
        return get_trips(play(STORY, seed), RACERS[case], RACE)
    story, announce = OTHERS[case]
    return get_trips(play_announced(story, announce, seed), "bob", TOO_NEW if story == MISSING else THIRD)


def count_trips(seed: int) -> dict[str, str]:
    """Case -> one-way trips, as a word of the question. No luck is in it: other stories are the guests'."""
    return {case: str(len(find_trips(case, seed if case in RACERS else GUEST_SEED))) for case in CASES}


def find_standard_order(seed: int) -> list[str]:
    """What today's standard says between two neighbours when one payment is missing."""
    return find_trips("asked for, one missing", seed)


# -- one line ------------------------------------------------------------------------------------------------

Rows = Counter[tuple[str, str, int]]  # (command, what it is about, bytes of one message) -> messages


def get_sent(lab: Lab, one: str, other: str) -> list[tuple[Record, Message]]:
    """What two neighbours have said to each other since the race's payments began."""
    ends = {lab.names.index(one), lab.names.index(other)}
    return [
        (record, record.detail)
        for record in get_records(lab, Kind.SEND)
        if record.at >= SETTLED and {record.peer, record.other} == ends and record.detail is not None
    ]


def get_class(message: Message) -> str:
    """Whether it is about payments or about blocks; both kinds of names never stand in one message here."""
    if isinstance(message, Transaction):
        return "payments"
    if isinstance(message, Inv | GetData):
        return "blocks" if any(item.type in BLOCK_TYPES for item in message.items) else "payments"
    return "blocks" if is_about_blocks(message) else "neither"


def count_line(lab: Lab, one: str, other: str) -> Rows:
    """How many messages of each kind, in both directions."""
    return Counter((m.wire_name, get_class(m), m.size) for _, m in get_sent(lab, one, other))


def show_line(lab: Lab, one: str, other: str) -> str:
    """A table of what a line has carried since second 7, in both directions."""
    rows = [f"{'message':12} {'messages':>8} {'bytes each':>11}   about"]
    for (command, about, size), count in sorted(count_line(lab, one, other).items()):
        rows.append(f"{command:12} {count:8} {size:11,}   {about}")
    return "\n".join(rows)


def add_line(about: str, seed: int, commands: tuple[str, ...] = ()) -> int:
    """Bytes of one class on the watched line; of some commands only, if any are named."""
    rows = count_line(play(STORY, seed), *WATCHED)
    return sum(
        size * count
        for (command, found, size), count in rows.items()
        if found == about and (not commands or command in commands)
    )


def sum_payments(seed: int) -> int:
    """Bytes about payments on the watched line."""
    return add_line("payments", seed)


def take_blocks_from_all(seed: int) -> int:
    """The same the other way: all that was said, without the share of each message that is about a block."""
    nothing: Shares = {}
    sent = get_sent(play(STORY, seed), *WATCHED)
    about_blocks = sum(sum(share_out(m, nothing).values()) for _, m in sent if is_about_blocks(m))
    return sum(m.size for _, m in sent) - about_blocks
