"""Lesson 5, the sums: sizes of datagrams, the chance that all arrive, false alarms, what a tick reaches.

Each is done twice: the second way must not use the first one's formula.
"""

from dataclasses import replace
from functools import cache
from itertools import product
from math import exp, log1p, prod
from struct import calcsize

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Effect
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import SECOND, Address, Microseconds
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.liveness import (
    TICK,
    LivenessNode,
    LivenessRule,
    compute_false_drop,
    compute_most_watched,
)
from blockchain_lab.overlay.transfer import ETHERNET_PIECE, MEGABYTE, count_pieces
from blockchain_lab.scenarios import load

IPV8 = LivenessRule()
LOSS = 0.01  # of datagrams, in the question about the megabyte
ONE_WAY_LOSS = 0.1  # in the question about three asks
ASKS = 3
IPV4_HEADER = "!BBHHHBBH4s4s"  # version, type, length, id, fragment, lifetime, protocol, checksum, from, to
UDP_HEADER = "!HHHH"  # from, to, length, checksum


# -- datagrams -----------------------------------------------------------------------------------------------


def get_largest_payload(seed: int) -> int:
    """The length of an IPv4 packet has 16 bits; its header and UDP's count in it."""
    return 2**16 - 1 - calcsize(IPV4_HEADER) - calcsize(UDP_HEADER)


@cache
def try_largest_payload(seed: int) -> int:
    """The same by trying: the largest datagram that the simulator sends, by halving the span."""
    story = load("megabyte").with_value("policy.size", 200_000)
    fits, too_large = 65_000, 66_000
    while too_large - fits > 1:
        middle = (fits + too_large) // 2
        lab = Lab(story.with_value("policy.piece", middle), seed=seed)
        try:
            lab.step()
            fits = middle
        except UsageError:
            too_large = middle
    return fits


def get_datagrams(seed: int) -> int:
    """A megabyte in pieces that fit into Ethernet's 1,500 bytes."""
    return count_pieces(MEGABYTE, ETHERNET_PIECE)


def get_all_arrive(seed: int) -> float:
    """Per cent: that none of the datagrams is lost."""
    return round(100 * (1 - LOSS) ** get_datagrams(seed), 4)


def reckon_all_arrive(seed: int) -> float:
    """The same by logarithms: chances that multiply are logarithms that add up."""
    return round(100 * exp(get_datagrams(seed) * log1p(-LOSS)), 4)


# -- asks that are lost --------------------------------------------------------------------------------------


def get_false_drop(seed: int) -> float:
    """Per cent: that a living peer is asked three times and no answer comes."""
    return round(100 * compute_false_drop(ONE_WAY_LOSS, ASKS), 4)


def count_false_drop(seed: int) -> float:
    """The same by going through all that can happen to three asks and three answers."""
    chance = 0.0
    for arrives in product((True, False), repeat=2 * ASKS):
        exchanges = zip(arrives[::2], arrives[1::2], strict=True)
        if not any(ask and answer for ask, answer in exchanges):
            chance += prod(1 - ONE_WAY_LOSS if each else ONE_WAY_LOSS for each in arrives)
    return round(100 * chance, 4)


# -- silence and ticks ---------------------------------------------------------------------------------------


def get_patience(seed: int) -> float:
    """Seconds of silence until IPv8 drops a peer: idle, and three times the time between two asks."""
    return (IPV8.idle_after + ASKS * IPV8.ask_every) / SECOND


def get_most_looked_at(seed: int) -> int:
    """With so many peers each is looked at once, on average, in the time until it must be dropped."""
    return compute_most_watched(replace(IPV8, ask_every=IPV8.drop_after))


@cache
def count_looks(seed: int) -> int:
    """The same by counting: how often a node looks at somebody in that time, whoever it is."""
    near = tuple(Address(f"10.0.0.{number}", 1) for number in range(1, 51))
    node = CountingNode(Setup("ann", Address("10.0.0.0", 1), near, CounterRandom(seed)))
    node.on_start(0)
    for now in range(0, IPV8.drop_after, IPV8.tick):
        node.on_timer(TICK, now)
    return node.looks


class CountingNode(LivenessNode):
    """Counts its looks at others, and does nothing else."""

    looks = 0

    def _look_at(self, address: Address, now: Microseconds) -> list[Effect]:
        self.looks += 1
        return []
