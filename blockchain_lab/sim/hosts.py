"""Hosts and the ends of their connections: what an operating system knows, whatever node runs on it.

A connection is two ends. The dialler's end is even and the other one is `conn ^ 1`; the number is made of
the dialler and how often it has dialled, so one more dial renames nobody else's connections.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from blockchain_lab.base.effects import TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import Address, ConnectionId, Microseconds
from blockchain_lab.sim.link import Link

DIAL_BITS: Final = 20  # a host may dial a million times


@dataclass(slots=True)
class Intake:
    """The receiving side of a byte stream, for an end whose messages arrive as bytes (`sim.wire`)."""

    rest: bytes = b""  # arrived, but not yet a whole message
    ready: list[Message] = field(default_factory=list)  # whole, but not yet told
    coming: dict[int, Message] = field(default_factory=dict)  # in flight: id of the send -> what, in order
    early: int = 0  # how many bytes of the first coming message are in `rest` already


@dataclass(slots=True)
class End:
    """One end of a connection, from dial or accept until it closes."""

    other: int  # host number, -1 where nobody has that address
    remote: Address
    is_open: bool
    link: Link  # what we send goes this way
    last_arrival: Microseconds = 0  # when the last thing that we sent arrives: a stream keeps its order
    intake: Intake | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """What one life of a host is made of besides scenario and disk. It stands in the record of its start."""

    number: int  # 0 for the first; keys this life's randomness
    moved: tuple[tuple[str, Address], ...] = ()  # peers that have changed their address so far
    policy: tuple[tuple[str, Any], ...] = ()  # this peer's policy values that were changed so far


@dataclass(slots=True)
class Host:
    """One machine: the node, and what its operating system knows."""

    index: int
    name: str
    address: Address
    bandwidth: int  # of the uplink, bytes per second
    disk: dict[str, Any]  # while the host is off; given away when it starts
    node: Node | None = None  # None while it is off
    setup: Setup | None = None  # what the node was made from
    lives: int = 0  # how often it has started
    policy: dict[str, Any] = field(default_factory=dict)  # values changed while running, by key
    uplink_free: Microseconds = 0
    dials: int = 0
    timers_set: int = 0  # never reset, not even by a kill, so a generation is never used again
    timers: dict[TimerName, int] = field(default_factory=dict)  # name -> generation
    ends: dict[ConnectionId, End] = field(default_factory=dict)

    def new_connection(self) -> ConnectionId:
        """The number of our end of the next connection that we dial."""
        self.dials += 1
        assert self.dials < 1 << DIAL_BITS, f"{self.name} has dialled {self.dials} times"
        return (self.index << DIAL_BITS | self.dials) << 1

    def close(self, conn: ConnectionId) -> End:
        """Forget an end and its timers; O(timers)."""
        for name in [name for name in self.timers if name.conn == conn]:
            del self.timers[name]
        return self.ends.pop(conn)
