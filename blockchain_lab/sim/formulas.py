"""The table of formulas that answer "when does a message arrive?": a scenario names its own.

`uplink` stands in `sim.link` and is the rule of the house. Here are the others: the same without waiting
for one's own uplink, and SimBlock's of 2019, so that a run can be laid beside its figures.
"""

from dataclasses import dataclass
from functools import cache
from math import isqrt
from types import MappingProxyType
from typing import Final

from blockchain_lab.base.draws import MASK_64, get_log2_table, mix
from blockchain_lab.base.units import MILLISECOND, SECOND, Microseconds
from blockchain_lab.sim.link import ETHERNET_MTU, Formula, Link, StreamRule, datagram_arrivals, stream_arrival

# SimBlock, commit 5fc7f9f: simulator/Network.java (getLatency), task/*MessageTask.java, node/Node.java
OVERHEAD: Final = 10 * MILLISECOND  # on each inv, getdata and getblocktxn
PARETO_SHIFT: Final = 5 * MILLISECOND  # the scale of a latency with a mean of m ms is m - 5 ...
PARETO_MEAN: Final = 5 * MILLISECOND  # ... and its shape 0.2 m, which is m / 5
MOST_DOUBLINGS: Final = 30  # a cap at 2**31 times the scale; only a mean below 11 ms ever comes near it


@dataclass(slots=True)
class PacedLink(Link):
    """A link whose far end cannot take bytes as fast as they come."""

    download: int = 0  # bytes per second of the far end; 0: as fast as they are sent


def make_unqueued(rule: StreamRule) -> StreamRule:
    """The same rule for uplinks that are never busy: a message takes its time, but nobody waits behind it."""

    def arrival(
        link: Link,
        now: Microseconds,
        free: Microseconds,
        size: int,
        bandwidth: int,
        content_id: int,
        previous: Microseconds,
    ) -> tuple[Microseconds, Microseconds]:
        return free, rule(link, now, now, size, bandwidth, content_id, previous)[1]

    return arrival


def simblock_arrival(
    link: Link,
    now: Microseconds,
    free: Microseconds,
    size: int,
    bandwidth: int,
    content_id: int,
    previous: Microseconds,
) -> tuple[Microseconds, Microseconds]:
    """SimBlock's rule: the next upload starts when the one before has arrived, and latency is a Pareto draw.

    What fits into one packet waits for nobody and costs 10 ms more. No jitter, no loss. Unlike SimBlock's
    our streams stay in order, and its processing time is the node's business.
    """
    latency = compute_pareto(link.latency, mix(link.jitter_key ^ content_id))
    if size <= ETHERNET_MTU:
        return free, max(now + latency + OVERHEAD, previous)
    download = link.download if isinstance(link, PacedLink) else 0
    pace = min(bandwidth, download) if download else bandwidth
    arrive = max(now, free) - (-size * SECOND // pace) + latency
    return arrive, max(arrive, previous)


def compute_pareto(mean: Microseconds, bits: int) -> Microseconds:
    """Map 64 random bits to SimBlock's latency: scale * u ** (-1 / shape), u in (0, 1]. Whole numbers only.

    A mean of 5 ms or less has no such law and stands for itself. Error of the tables: below 10**-5 of it.
    """
    scale = mean - PARETO_SHIFT
    if scale <= 0:
        return mean
    exponent = get_log2_of_inverse(bits) * PARETO_MEAN // mean  # 2**-32 units
    row, rest = (exponent >> 24) & 255, exponent & ((1 << 24) - 1)
    table = get_exp2_table()
    mantissa = table[row] + ((table[row + 1] - table[row]) * rest >> 24)
    return scale * mantissa >> (32 - min(exponent >> 32, MOST_DOUBLINGS))


def get_log2_of_inverse(bits: int) -> int:
    """log2(1 / u) in units of 2**-32 for 64 random bits as u in (0, 1]; fits into 64 bits all the way."""
    u = bits + 1
    whole = u.bit_length() - 1
    fraction = ((u << 64) >> whole) & MASK_64
    row, rest = fraction >> 56, (fraction >> 24) & ((1 << 32) - 1)
    table = get_log2_table()
    return (64 << 32) - ((whole << 32) + table[row] + ((table[row + 1] - table[row]) * rest >> 32))


@cache
def get_exp2_table() -> tuple[int, ...]:
    """2 ** (i/256) for i = 0 .. 256 in units of 2**-32: products of roots of 2, which are whole too."""
    roots = [2 << 120]  # 2**120 stands for 1
    for _ in range(8):
        roots.append(isqrt(roots[-1] << 120))
    table = []
    for i in range(256):
        value = 1 << 120
        for bit in range(8):
            if i >> (7 - bit) & 1:
                value = value * roots[bit + 1] >> 120
        table.append(value >> 88)
    return (*table, 2 << 32)


# A scenario names its formula under `links.formula`; other models of the network join here.
FORMULAS: Final = MappingProxyType(
    {
        "uplink": Formula(stream_arrival, datagram_arrivals),
        "uplink unqueued": Formula(make_unqueued(stream_arrival), datagram_arrivals),
        "simblock2019": Formula(simblock_arrival, datagram_arrivals),
        "simblock2019 unqueued": Formula(make_unqueued(simblock_arrival), datagram_arrivals),
    }
)
