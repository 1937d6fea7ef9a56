"""What becomes of a peer that breaks the protocol: nothing in 2010, points until 2024, the end at once today.

    2010   0.3: the bad message was dropped with a line in the log; the peer stayed
    2014   since autumn 2011: each fault costs points; at 100 the peer is hung up on and banned for a day
    today  since 28.0: one fault suffices; the peer is hung up on and *discouraged*: while we have room it may
           come back, but it is never dialled, and is the first to go when we are full

Some faults of the score's time are none today. The points are those of 0.21, the last table that we have read
line by line; 0.9 had most of them with the same points.

Sources: Bitcoin Core 0.21 `net_processing.cpp`, today's, and 0.3 `main.cpp`.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from blockchain_lab.bitcoin.eras import AT_ONCE, NO_PUNISHMENT, Era


class Fault(Enum):
    """What a peer can do wrong."""

    NON_CONTINUOUS_HEADERS = "headers that do not follow each other"
    BAD_HEADER_WORK = "a header without its proof of work"
    TOO_MANY_HEADERS = "more than 2,000 headers"
    TOO_MANY_ADDRESSES = "more than 1,000 addresses"
    TOO_MANY_INV = "more than 50,000 inventory items"
    TOO_MANY_GETDATA = "more than 50,000 things wanted"
    BAD_COMPACT_BLOCK = "a compact block that cannot be"
    INVALID_BLOCK = "a block that breaks the rules"
    INVALID_TRANSACTION = "a transaction that can never be valid"
    DUPLICATE_VERSION = "a second introduction"
    REFUSED_ALERT = "an alert that is not believed"


class Judgement(Enum):
    """What to do with the peer."""

    IGNORE = "ignore"  # drop the message, keep the peer
    DISCOURAGE = "discourage"  # hang up, and remember the host


POINTS: Final[Mapping[Fault, int]] = {  # Core 0.21
    Fault.NON_CONTINUOUS_HEADERS: 20,
    Fault.BAD_HEADER_WORK: 50,
    Fault.TOO_MANY_HEADERS: 20,
    Fault.TOO_MANY_ADDRESSES: 20,
    Fault.TOO_MANY_INV: 20,
    Fault.TOO_MANY_GETDATA: 20,
    Fault.BAD_COMPACT_BLOCK: 100,
    Fault.INVALID_BLOCK: 100,
    Fault.INVALID_TRANSACTION: 100,
    Fault.DUPLICATE_VERSION: 1,
    Fault.REFUSED_ALERT: 10,  # Core 0.9 main.cpp: the peer may only have another key
}
OVER_THE_LIMIT: Final[
    Mapping[str, Fault]
] = {  # command -> what its sender is at fault for; Core has no name for the last three
    "headers": Fault.TOO_MANY_HEADERS,
    "inv": Fault.TOO_MANY_INV,
    "getdata": Fault.TOO_MANY_GETDATA,
    "addr": Fault.TOO_MANY_ADDRESSES,
    "addrv2": Fault.TOO_MANY_ADDRESSES,
    "notfound": Fault.TOO_MANY_INV,
    "getheaders": Fault.TOO_MANY_GETDATA,
    "getblocks": Fault.TOO_MANY_GETDATA,
}
FORGIVEN_TODAY: Final = (  # the message is ignored, as if it had not come
    *(Fault.DUPLICATE_VERSION, Fault.REFUSED_ALERT),
)


def judge(fault: Fault, era: Era, score: int) -> tuple[int, Judgement]:
    """The peer's new score, and what to do with it. score: what it had before, points."""
    if era.punishment == NO_PUNISHMENT:
        return score, Judgement.IGNORE
    if era.punishment == AT_ONCE:
        if fault in FORGIVEN_TODAY:
            return score, Judgement.IGNORE
        return era.ban_score, Judgement.DISCOURAGE
    score += POINTS[fault]
    return score, Judgement.DISCOURAGE if score >= era.ban_score else Judgement.IGNORE
