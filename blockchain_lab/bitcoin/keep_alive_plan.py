"""Is the line still alive? When to ping and when to give up, in each era, as one pure function.

    2010   30 minutes after our last word we say "ping", which nobody answers; after 90 minutes in which we
           have heard nothing, or could send nothing, the line is dead
    2014   every 2 minutes a ping with a nonce, unless one is open; the line is dead when a pong is missing
    today  for 20 minutes, or nothing at all was heard or sent for so long

A peer that does not know BIP 31 is pinged without nonce and answers nothing; in 2014 it was given 90 minutes.
`keep_alive` is how a node of today does it with two timers.

Sources: Bitcoin 0.3 `main.cpp` SendMessages and `net.cpp` ThreadSocketHandler; Core 0.9 the same; Core today
`net.cpp` InactivityCheck and `net_processing.cpp` MaybeSendPing.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

from blockchain_lab.base.units import Microseconds
from blockchain_lab.bitcoin.eras import PING_WHEN_IDLE, Era

BIP_31_VERSION: Final = 60_000  # a peer that states more than this knows pong; Core until 0.20


@dataclass(slots=True)
class LineTimes:
    """What counts of a line. Microseconds since the start; all equal when it opens."""

    last_sent: Microseconds
    last_received: Microseconds
    last_ping: Microseconds  # when we last pinged
    is_ping_open: bool = False  # we wait for a pong


class KeepAlivePlan(NamedTuple):
    """What to do now, and when to look again."""

    pings: bool = False
    with_nonce: bool = False  # False: the old ping of no bytes
    fault: str | None = None  # why to hang up
    look_after: Microseconds = 0  # unless we hang up


def get_keep_alive_plan(era: Era, line: LineTimes, peer_version: int, now: Microseconds) -> KeepAlivePlan:
    """Ping, give up, or wait. A wait is never longer than until the next thing can happen."""
    knows_pong = era.awaits_pong and peer_version > BIP_31_VERSION
    patience = era.give_up_after if knows_pong else era.give_up_without_pong
    deadlines = {"ping timeout": line.last_ping + patience} if line.is_ping_open else {}
    deadlines["receive timeout"] = line.last_received + patience
    deadlines["send timeout"] = line.last_sent + patience
    for fault, deadline in deadlines.items():
        if now >= deadline:
            return KeepAlivePlan(fault=fault)
    next_ping = get_next_ping(era, line)
    pings = next_ping is not None and now >= next_ping
    moments = [*deadlines.values()]
    if pings:  # what is sent now moves both
        moments = [line.last_received + patience, now + era.ping_after]
    elif next_ping is not None:
        moments.append(next_ping)
    return KeepAlivePlan(pings, pings and knows_pong, None, min(moments) - now)


def get_next_ping(era: Era, line: LineTimes) -> Microseconds | None:
    """When to ping next; None: not before the open one was answered."""
    if era.ping_rule == PING_WHEN_IDLE:
        return line.last_sent + era.ping_after
    return None if line.is_ping_open else line.last_ping + era.ping_after
