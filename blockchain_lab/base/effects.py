"""All that a peer's logic can ask for: effects, returned as a list by every handler.

    on_message(conn, Inv(hash), now)  ->  [Send(conn, GetData(hash)), SetTimer(TimerName("x", conn), SECOND)]

They are slots dataclasses and not frozen: they live for microseconds and are made by the million.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from blockchain_lab.base.messages import Message
from blockchain_lab.base.packets import Packet
from blockchain_lab.base.units import Address, ConnectionId, Microseconds


class TimerName(NamedTuple):
    """A node's own name for a timer. With `conn`, the timer dies with that connection."""

    topic: str
    conn: ConnectionId | None = None
    about: int | str | None = None  # tells apart many of one topic: a nonce, an address


@dataclass(slots=True)
class Send:
    """Send a message on an open connection."""

    conn: ConnectionId
    message: Message


@dataclass(slots=True)
class SendTo:
    """Send one datagram to an address."""

    address: Address
    message: Message


@dataclass(slots=True)
class Forward:
    """Send a packet on, with the addresses that it bears. Only who has others behind it may."""

    packet: Packet


@dataclass(slots=True)
class SetTimer:
    """Call `on_timer(name)` after a while. Replaces a timer of the same name."""

    name: TimerName
    after: Microseconds


@dataclass(slots=True)
class CancelTimer:
    """Forget a timer; a name that is not set is ignored."""

    name: TimerName


@dataclass(slots=True)
class Dial:
    """Open a connection: answered by `on_connected` or `on_dial_failed`."""

    address: Address


@dataclass(slots=True)
class HangUp:
    """Close our end at once. We are not called back; the other end is, after what we sent before."""

    conn: ConnectionId
    reason: str


@dataclass(slots=True)
class Note:
    """A fact of the protocol (tip changed, block accepted) for views, checks and counters.

    The facts are JSON values and are given away: a node must not change them later.
    """

    topic: str
    facts: dict[str, Any]


Effect = Send | SendTo | Forward | SetTimer | CancelTimer | Dial | HangUp | Note
