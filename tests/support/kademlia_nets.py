"""Networks of Kademlia on the light pump: grown by joins, or with ideal tables; and what lookups came to."""

import pickle
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache, partial
from statistics import mean
from typing import Any, NamedTuple

from blockchain_lab.base.actions import LookUp
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.units import MILLISECOND, MINUTE, SECOND
from blockchain_lab.overlay.kademlia_contacts import Contact
from blockchain_lab.overlay.kademlia_ids import ID_BITS, get_bucket_index
from blockchain_lab.overlay.kademlia_node import KademliaNode
from support.datagram_pump import Pump

BETWEEN_JOINS = 500 * MILLISECOND
QUIET: dict[str, Any] = {"check_after": 15 * MINUTE}  # as BEP 5: without it, half of all messages are pings


def name_of(number: int) -> str:
    """n0, n1, ..."""
    return f"n{number}"


def grow(count: int, seed: int = 1, first: dict[str, Any] | None = None, **policy: Any) -> Pump:
    """`count` nodes that join one after another, each through one that is there already."""
    pump, luck = Pump(seed), CounterRandom(get_key(seed, "bootstrap"))
    for number in range(count):
        bootstrap = {"bootstrap": [name_of(luck.below(number))]} if number else {}
        pump.add(name_of(number), KademliaNode, {**QUIET, **policy, **bootstrap})
        pump.start(name_of(number))
        pump.run(pump.now + BETWEEN_JOINS)
    pump.run(pump.now + 5 * SECOND)
    return pump


@cache
def read_grown(count: int, wide: bool = True) -> Pump:
    """The same for those who only look something up; grown once."""
    return grow(count, joins_wide=wide)


@cache
def _dump_grown(count: int, wide: bool) -> bytes:
    return pickle.dumps(read_grown(count, wide))


def copy_grown(count: int, wide: bool = True) -> Pump:
    """One for those who change it."""
    pump = pickle.loads(_dump_grown(count, wide))
    assert isinstance(pump, Pump)
    return pump


def make_ideal(count: int, k: int, seed: int = 1) -> Pump:
    """Nodes whose tables hold, for each distance, k random ones of those there are, or all.

    A table is filled when its node is told something: few of thousands ever are.
    """
    pump, luck = Pump(seed), CounterRandom(get_key(seed, "ideal"))
    for number in range(count):
        pump.add(name_of(number), KademliaNode, {"k": k, "keeps_neighbours": False, **QUIET})
    everybody = sorted((node.own for node in pump.nodes.values()), key=lambda own: own.id)
    ids = [own.id for own in everybody]

    def fill(node: KademliaNode) -> None:
        for near in get_distance_ranges(node.own.id, ids):
            for place in luck.sample(near, min(k, len(near))):
                node.table.observe(everybody[place])

    pump.asleep = {name: partial(fill, node) for name, node in pump.nodes.items()}
    return pump


def get_distance_ranges(own: int, ids: list[int]) -> Iterable[range]:
    """The places in a sorted list of those who share 0, 1, 2, ... bits with us and differ in the next."""
    low, bits = 0, ID_BITS
    while bits > 0 and bisect_left(ids, low + (1 << bits)) - bisect_left(ids, low) > 1:
        bits -= 1
        half = 1 << bits
        other = low + half if not own & half else low
        low += half if own & half else 0
        yield range(bisect_left(ids, other), bisect_left(ids, other + half))


class Outcome(NamedTuple):
    """What many lookups came to."""

    hops: list[int]
    asked: list[int]
    silent: list[int]
    closest: float  # share of lookups that found the closest node
    all_closest: float  # share that found all k
    heights: list[int]  # bits that tell each closest node from all others: the paper's h


def look_up(pump: Pump, count: int, k: int, seed: int = 2, patience: int = 4 * SECOND) -> Outcome:
    """Lookups of random ids from random nodes, one after another."""
    luck = CounterRandom(get_key(seed, "lookups"))
    alive = [name for name in pump.nodes if name not in pump.dead]
    everybody = [pump.nodes[name].own.id for name in alive]
    hops, asked, silent, heights, hits, whole = [], [], [], [], 0, 0
    for number in range(count):
        name = luck.choice(alive)
        facts = ask(pump, LookUp(name, f"target {seed} {number}"), patience)
        target, own = int(facts["target"], 16), pump.nodes[name].own.id
        true = sorted((node for node in everybody if node != own), key=lambda node: node ^ target)[:k]
        found = [int(node, 16) for node in facts["closest"]]
        hits += found[:1] == true[:1]
        whole += found == true
        hops.append(facts["hops"])
        asked.append(facts["asked"])
        silent.append(facts["silent"])
        nearest = min(node ^ true[0] for node in everybody if node != true[0])
        heights.append(ID_BITS - nearest.bit_length() + 1)
    return Outcome(hops, asked, silent, hits / count, whole / count, heights)


def ask(pump: Pump, command: Any, patience: int = 4 * SECOND) -> dict[str, Any]:
    """Let a node look something up, and wait; the facts of its note when it has finished."""
    pump.notes = {command.peer: []}
    pump.order(command)
    for _ in range(60):
        pump.run(pump.now + patience // 4)
        for topic, facts in pump.notes[command.peer]:
            if topic == "lookup finished" and facts["purpose"] not in ("refresh", "join", "replicate"):
                return facts
    raise AssertionError(f"{command} never ended")


def count_distances(contacts: Iterable[Contact], own: int) -> int:
    """How many of the 160 k-buckets of the paper's §2.2 are not empty."""
    return len({get_bucket_index(own, contact.id) for contact in contacts})


def get_mean(values: Iterable[float]) -> float:
    """The mean."""
    return mean(values)
