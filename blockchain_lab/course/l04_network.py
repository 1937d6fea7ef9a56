"""Lesson 4, the runs: a network of 80 in which everybody opens lines to k others; what is read off one.

A line is a pair of names: who opened it first, and to whom.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from math import cos, pi, sin
from typing import Final

from blockchain_lab import scenarios
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import MILLISECOND, SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.degrees import BITCOIN, Shape, get_shape, make_graph
from blockchain_lab.overlay.gossip_policy import FLOOD, NEIGHBOURS
from blockchain_lab.overlay.measures_gossip import count_messages, find_learning
from blockchain_lab.scenarios.networks import HEIGHT, WIDTH, make_names, make_network
from blockchain_lab.sim.scenario import Scenario
from blockchain_lab.study.curves import get_records

STORY: Final = "how_many_friends"
PEERS: Final = 80  # of the story
FRIENDS: Final = "friends"  # its knobs
PLACES: Final = "places"
SOURCE: Final = "p0"  # who has news, at 2 s and at 8 s
SETTLED: Final = 1_900 * MILLISECOND  # all lines are open, the first news is not out
FIRST_IS_OVER: Final = 7_900 * MILLISECOND
HOSTS: Final = 120  # of the network in which few can be dialled
OPEN_HOSTS: Final = 9  # of them can: 7.5 per cent

Line = tuple[str, str]


# -- what is read off a run ----------------------------------------------------------------------------------


def get_lines(lab: Lab) -> list[Line]:
    """The lines that are open at the cursor, oldest first. O(records)."""
    ends: dict[int, Line] = {}  # an end of a connection -> whose it is, and who is at the other
    for record in get_records(lab):
        if record.kind == Kind.CONNECT:
            ends[record.conn] = lab.names[record.peer], lab.names[record.other]
        elif record.kind in (Kind.DISCONNECT, Kind.HANG_UP):
            ends.pop(record.conn, None)
        elif record.kind == Kind.KILL:
            dead = lab.names[record.peer]
            ends = {conn: end for conn, end in ends.items() if end[0] != dead}
    return [end for conn, end in ends.items() if conn % 2 == 0 and conn ^ 1 in ends]


def find_friends(lab: Lab, name: str) -> list[str]:
    """With whom this peer has a line at the cursor, whoever opened it."""
    return [b if a == name else a for a, b in get_lines(lab) if name in (a, b)]


def count_reached(lab: Lab) -> int:
    """How many peers hear of the first news, as far as the run was played; 0 before it is out."""
    return len(next(iter(find_learning(lab.trace).values()), {}))


def choose_half(lab: Lab) -> list[str]:
    """Forty of the eighty, by the seed's chance; not the one that has news."""
    others = [name for name in lab.names if name != SOURCE]
    return CounterRandom(get_key(lab.scenario.seed, "half")).sample(others, PEERS // 2)


# -- networks to measure -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measured:
    """What one number of friends comes to."""

    friends: int
    lines: int
    messages: int  # for one news
    reached: int  # peers that heard of it
    shape: Shape


def make_friends(friends: int, seed: int, *, places: int = 125) -> Lab:
    """The story with another number of friends from the beginning on. Nothing is played yet."""
    story = scenarios.load(STORY).with_value("policy.outbound", friends)
    return Lab(story.with_value("policy.most_lines", places), seed=seed)


@cache
def measure(friends: int, seed: int) -> Measured:
    """Play it up to the end of the first news."""
    lab = make_friends(friends, seed)
    lab.run(until=SETTLED)
    lines = get_lines(lab)
    lab.run(until=FIRST_IS_OVER)
    shape = get_shape(make_graph(lab.names, lines), sources=PEERS)
    return Measured(friends, len(lines), count_messages(get_records(lab)).total(), count_reached(lab), shape)


def count_lines_of_each(lab: Lab) -> dict[str, int]:
    """How many lines each peer has at the cursor."""
    counts = dict.fromkeys(lab.names, 0)
    for line in get_lines(lab):
        for name in line:
            counts[name] += 1
    return counts


# -- few can be dialled --------------------------------------------------------------------------------------


def make_few_open(seed: int) -> Scenario:
    """120 hosts that open 8 lines each, to the 9 that can be dialled; the others' firewalls let nobody in.

    In the picture the nine stand in the middle.
    """
    names = make_names(HOSTS)
    open_hosts, others = names[:OPEN_HOSTS], names[OPEN_HOSTS:]
    edges = [(a, b) for a in names for b in open_hosts if a != b]
    policy = {"protocol": FLOOD, "outbound": BITCOIN.outbound, "among": NEIGHBOURS}
    network = make_network(names, "gossip", edges, policy, name="few_open", seed=seed, until=2 * SECOND)
    half = len(others) // 2
    rings = {0.25: open_hosts, 0.7: others[:half], 1.0: others[half:]}
    return replace(
        network,
        peers={name: replace(peer, firewall=name in others) for name, peer in network.peers.items()},
        layout={name: place for share, ring in rings.items() for name, place in place_ring(ring, share)},
    )


def place_ring(names: list[str], share: float) -> Iterator[tuple[str, tuple[int, int]]]:
    """Peers on an ellipse of this share of a picture's width and height."""
    for number, name in enumerate(names):
        angle = 2 * pi * number / len(names)
        x, y = WIDTH / 2 * (1 + share * sin(angle)), HEIGHT / 2 * (1 - share * cos(angle))
        yield name, (round(x), round(y))
