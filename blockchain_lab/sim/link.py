"""When does a message arrive? One formula with two profiles; others, by name, in `sim.formulas`.

    start       = max(now, uplink_free)                      a host has one uplink: first come, first served
    uplink_free = start + ceil(size * 10**6 / bandwidth)
    arrive      = uplink_free + latency + jitter draw
    stream (tcp):    arrive = max(arrive, previous arrival); a loss is a delay of k retransmissions
    datagram (udp):  may be lost, doubled and overtaken; a large one travels in pieces, each may be lost

The draws are keyed by the two hosts' names and by the message's content, never by a connection's number
or by what was sent before; so one message more or less changes nobody else's luck. Only a datagram's
draws also count how often this content was sent: else a lost request would be lost again at each retry.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from blockchain_lab.base.draws import draw, is_hit, mix, to_below
from blockchain_lab.base.units import SECOND, Microseconds

JITTER, LOSS, DUPLICATE = range(3)  # what a draw is for
IP_HEADER: Final = 20  # bytes, IPv4 without options (RFC 791)
UDP_HEADER: Final = 8  # bytes (RFC 768)
LARGEST_DATAGRAM: Final = 65_535 - IP_HEADER - UDP_HEADER  # bytes: an IPv4 packet holds no more
ETHERNET_MTU: Final = 1_500  # bytes of an IP packet on Ethernet (RFC 894)


@dataclass(slots=True)
class Link:
    """One direction between two hosts."""

    key: int  # from the two hosts' names
    latency: Microseconds
    jitter: Microseconds = 0  # additional delay, even over 0 .. jitter - 1
    loss: int = 0  # chance, parts per million
    duplicate: int = 0  # chance, parts per million; datagrams only
    retransmit: Microseconds = 200_000  # streams: the delay that one loss costs
    mtu: int = ETHERNET_MTU  # datagrams: the largest IP packet that travels in one piece, bytes
    repeats: dict[int, int] = field(default_factory=dict)  # datagrams: content id -> times sent
    jitter_key: int = field(init=False)  # made once: this draw lies on every message's way

    def __post_init__(self) -> None:
        """Derive the jitter's own key."""
        self.jitter_key = draw(self.key, JITTER)


def stream_arrival(
    link: Link,
    now: Microseconds,
    free: Microseconds,
    size: int,
    bandwidth: int,
    content_id: int,
    previous: Microseconds,
) -> tuple[Microseconds, Microseconds]:
    """When the uplink is free again, and when the message arrives: late, never lost, in order.

    `size` in bytes, `bandwidth` in bytes per second, `previous`: when the last thing on this stream arrives.
    """
    free = (now if now > free else free) - (-size * SECOND // bandwidth)  # rounded up
    arrive = free + link.latency
    if link.jitter:
        arrive += mix(link.jitter_key ^ content_id) * link.jitter >> 64  # `to_below`, without the call
    if link.loss:
        attempt = 0
        while is_hit(draw(link.key, LOSS, content_id, attempt), link.loss):
            arrive += link.retransmit
            attempt += 1
    return free, (arrive if arrive > previous else previous)


def datagram_arrivals(
    link: Link, now: Microseconds, free: Microseconds, size: int, bandwidth: int, content_id: int
) -> tuple[Microseconds, list[Microseconds]]:
    """When the uplink is free again, and the arrivals: none if lost, two if doubled."""
    free = max(now, free) - (-size * SECOND // bandwidth)
    nth = link.repeats.get(content_id, 0)
    link.repeats[content_id] = nth + 1
    if is_lost(link, content_id, nth, get_fragments(size, link.mtu)):
        return free, []
    copies = 2 if is_hit(draw(link.key, DUPLICATE, content_id, nth), link.duplicate) else 1
    return free, [
        free + link.latency + to_below(draw(link.jitter_key, content_id, nth, copy), link.jitter)
        for copy in range(copies)
    ]


def get_fragments(size: int, mtu: int) -> int:
    """In how many IP packets a datagram of `size` bytes travels (RFC 791 §3.2, pieces of whole eights)."""
    room = (mtu - IP_HEADER) // 8 * 8
    return -(-(size + UDP_HEADER) // room)


def is_lost(link: Link, content_id: int, nth: int, fragments: int) -> bool:
    """Is it lost, as it is with any of its fragments? Nobody sends a fragment again. O(fragments)."""
    first = is_hit(draw(link.key, LOSS, content_id, nth), link.loss)
    rest = (draw(link.key, LOSS, content_id, nth, number) for number in range(1, fragments))
    return first or any(is_hit(bits, link.loss) for bits in rest)


StreamRule = Callable[
    [Link, Microseconds, Microseconds, int, int, int, Microseconds], tuple[Microseconds, Microseconds]
]
DatagramRule = Callable[
    [Link, Microseconds, Microseconds, int, int, int], tuple[Microseconds, list[Microseconds]]
]


class Formula(NamedTuple):
    """One way to answer "when does it arrive?", for both profiles."""

    stream: StreamRule
    datagram: DatagramRule
