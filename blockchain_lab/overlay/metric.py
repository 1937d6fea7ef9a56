"""How busy is a peer? Pyrsia's Q(x): attributes of a machine, each times what it costs; the lowest is best.

    Q(x) = sum of pa_n * weight_n        load 2, network 0.001, disk 0.001

What goes in, said by Pyrsia's blog, done by its code, and done here (from two readings, a while apart):

    attribute   blog                        code                              fair
    load        average, last minute        the same                          the same, for each core
    network     packets in and out, now     BYTES since the last refresh      packets a second
    disk        packets read, written, now  BYTES since each process began    packets a second

In the code the refresh is microseconds ago, so its network is about 0; and a machine whose programs have read
5 GB says 5,000,000 for as long as they run, however idle it is. One with 8 cores at load 0.3 says 0.6, and
0.5 is the most that counts as idle.

A metric is a float that a stranger says of itself. It is refused unless it is finite and not negative; what
is left is ordered by its 64 bits as a whole number, which is the same order and a total one.

Sources: Pyrsia, `src/peer_metrics/metrics.rs`; its blog of 3 June 2022, "Peer Metrics in the Pyrsia Network".
"""

from dataclasses import dataclass, fields
from math import isinf, isnan
from struct import Struct
from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND, Microseconds

BITS: Final = Struct("<d")  # an IEEE 754 double, little-endian
SIGN: Final = 1 << 63
THOUSAND: Final = 1_000
PACKET: Final = 1_500  # bytes; ours: the blog counts packets and does not say how large they are

DOWNLOAD: Final = "download"  # somebody wants to have something from this peer: it reads and sends
UPLOAD: Final = "upload"  # somebody wants to bring it something: it receives and writes
DIRECTIONS: Final = (DOWNLOAD, UPLOAD)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the counters of a machine show at one moment. Whole numbers."""

    at: Microseconds
    load: int  # runnable tasks, mean of the last minute, in thousandths
    cores: int = 1
    sent: int = 0  # bytes, all interfaces, since the machine was switched on
    received: int = 0
    read: int = 0  # bytes, all processes, each since it began
    written: int = 0


@dataclass(frozen=True, slots=True)
class Attributes:
    """What Q adds up, in the units of whoever made them."""

    load: float
    network: float
    disk: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What one unit of each attribute costs."""

    load: float = 2.0  # metrics.rs, CPU_STRESS_WEIGHT
    network: float = 0.001  # NETWORK_STRESS_WEIGHT
    disk: float = 0.001  # DISK_STRESS_WEIGHT


PYRSIA: Final = Weights()


def compute_quality(attributes: Attributes, weights: Weights = PYRSIA) -> float:
    """Q(x), 0 for a machine that does nothing. UsageError for an attribute or a weight that is no amount."""
    total = 0.0
    for name in (each.name for each in fields(Attributes)):
        amount, weight = getattr(attributes, name), getattr(weights, name)
        for what, value in ((name, amount), (f"weight of {name}", weight)):
            if problem := find_problem(value):
                raise UsageError(f"{what}: {problem}")
        total += amount * weight
    return total


# -- what goes in -----------------------------------------------------------------------------------------


def get_blog_attributes(before: Reading, after: Reading) -> Attributes:
    """As the blog says: the load as it is, packets in both directions. A second is our idea of "current"."""
    return Attributes(
        after.load / THOUSAND,
        get_rate(before, after, "sent", "received") / PACKET,
        get_rate(before, after, "read", "written") / PACKET,
    )


def get_code_attributes(refreshed: Reading, now: Reading) -> Attributes:
    """As Pyrsia's code: all bytes since the last refresh, and all bytes since the processes began."""
    moved = now.sent + now.received - refreshed.sent - refreshed.received
    return Attributes(now.load / THOUSAND, float(moved), float(now.read + now.written))


def get_fair_attributes(before: Reading, after: Reading, direction: str) -> Attributes:
    """What a transfer in this direction competes with: load for each core, packets a second of its kind."""
    network, disk = ("sent", "read") if direction == DOWNLOAD else ("received", "written")
    return Attributes(
        after.load / (THOUSAND * after.cores),
        get_rate(before, after, network) / PACKET,
        get_rate(before, after, disk) / PACKET,
    )


def get_rate(before: Reading, after: Reading, *counters: str) -> float:
    """Bytes a second of some counters together. UsageError when no time has passed or one has gone back."""
    if after.at <= before.at:
        raise UsageError(f"a rate needs two moments, found {before.at} and then {after.at}")
    moved = 0
    for name in counters:
        grown = getattr(after, name) - getattr(before, name)
        if grown < 0:
            raise UsageError(f"{name}: a counter has gone back by {-grown}")
        moved += grown
    return moved * SECOND / (after.at - before.at)


# -- what comes out ---------------------------------------------------------------------------------------


def find_problem(value: float | None) -> str:
    """Why this is no metric; "" when it is one. Minus zero is negative: its bits would sort behind all."""
    if value is None:
        return "absent"
    if isnan(value):
        return "not a number"
    if isinf(value):
        return "infinite"
    return "negative" if metric_to_bits(value) & SIGN else ""


def metric_to_bits(value: float) -> int:
    """Its 64 bits. Of metrics without a problem, these have the order of the values."""
    return int.from_bytes(BITS.pack(value), "little")


def show_metric(value: float) -> str:
    """The shortest decimal that is read as the same double. Notes hold texts and whole numbers only."""
    return repr(value)


def bits_to_metric(bits: int) -> float:
    """Back from `metric_to_bits`."""
    (value,) = BITS.unpack(bits.to_bytes(BITS.size, "little"))
    return float(value)
