"""Chord: points on a ring, one node by hand, rings that join, break and close again, and how far lookups go.

Rings up to 256 nodes are built by joins and rounds; for the hops of larger ones, successors and fingers are
filled in as they would be. On the light pump, whose clock is simulated.
"""

from bisect import bisect_left
from functools import cache
from itertools import pairwise
from math import log2
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.datagram_pump import Pump
from support.kademlia_nets import get_mean, name_of

from blockchain_lab.base.actions import LookUp
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.effects import CancelTimer, Effect, Note, SendTo
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import MILLISECOND, SECOND, Address
from blockchain_lab.overlay.chord_lookup import RingLookup
from blockchain_lab.overlay.chord_messages import (
    MESSAGES,
    AskRing,
    FindSuccessor,
    NextHops,
    Precede,
    RingState,
)
from blockchain_lab.overlay.chord_node import ROUND_TIMER, ChordNode
from blockchain_lab.overlay.chord_ring import (
    find_successor,
    get_finger_start,
    get_way,
    hash_to_point,
    is_between,
    is_owned,
    read_point,
)
from blockchain_lab.overlay.kademlia_contacts import Contact
from blockchain_lab.overlay.theory_dht import compute_chord_hops, compute_survival
from blockchain_lab.overlay.wire import OverlayCodec

M = 32
POINTS = st.integers(0, 15)  # a ring of four bits: everything happens on it
QUICK: dict[str, Any] = {"round_every": SECOND}
BOB, CAT = Address("10.0.0.2", 1), Address("10.0.0.3", 1)


@given(POINTS, POINTS, POINTS)
def test_between_is_walked_clockwise(point: int, a: int, b: int) -> None:
    """Compared with walking from a to b, step by step."""
    walked = [(a + step) % 16 for step in range(1, get_way(a, b, 4) or 16)]

    assert (point in walked) == is_between(point, a, b)
    assert (point in walked or point == b) == is_owned(point, a, b)


@given(st.sets(POINTS, min_size=1), POINTS)
def test_every_point_has_one_owner(nodes: set[int], point: int) -> None:
    """The first node at or behind it, over the top of the ring if need be."""
    ring = sorted(nodes)
    pairs = [(ring[-1], ring[0]), *pairwise(ring)]

    assert [find_successor(point, ring)] == [b for a, b in pairs if is_owned(point, a, b)]


def test_the_paper_s_ring() -> None:
    """Figure 3: nodes 0, 1 and 3 on a ring of three bits; keys 1, 2 and 6; the fingers of node 1."""
    assert [1, 3, 0] == [find_successor(key, [0, 1, 3]) for key in (1, 2, 6)]
    assert [2, 3, 5] == [get_finger_start(1, index, 3) for index in range(3)]
    assert [3, 3, 0] == [find_successor(start, [0, 1, 3]) for start in (2, 3, 5)]
    assert read_point("00000010", M) == 16 != read_point("10", M) == hash_to_point("10", M)


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.command)
def test_messages_are_read_as_they_were_written(kind: type) -> None:
    """Through the envelope."""
    some = (Contact(5, BOB), Contact(9, CAT))
    values = {"nonce": 1, "sender": 2, "target": 3, "is_owner": 1, "contacts": some}
    values |= {"predecessor": some[:1], "successors": some}
    message = kind(**{name: values[name] for name in values if name in kind.__dataclass_fields__})

    assert ([message], b"") == OverlayCodec().split(OverlayCodec().frame(message))


def make(**policy: Any) -> ChordNode:
    """Ann at point 100 of a ring of 1,024."""
    contacts = {"ann": Address("10.0.0.1", 1), "bob": BOB}
    policy = {"m": 10, "point": 100, **policy}
    return ChordNode(Setup("ann", contacts["ann"], (), CounterRandom(1), policy=policy, contacts=contacts))


def sent(effects: list[Effect]) -> list[tuple[Address, Any]]:
    """What goes out."""
    return [(effect.address, effect.message) for effect in effects if isinstance(effect, SendTo)]


def test_a_newcomer_is_noticed_by_the_round_of_its_neighbour() -> None:
    """Ann's successor is Bob at 300; Cat at 200 has come before him: Ann takes her, and tells her so."""
    ann, bob, cat = make(), Contact(300, BOB), Contact(200, CAT)
    ann.ring.successors = [bob]
    ((to, question),) = sent(ann.on_timer(ROUND_TIMER, 0))[:1]
    assert (BOB, AskRing) == (to, type(question))

    effects = ann.on_datagram(BOB, RingState(question.nonce, 300, (cat,), ()), 1)
    assert [cat, bob] == ann.ring.successors
    assert [(CAT, Precede)] == [(to, type(message)) for to, message in sent(effects)]


def test_whoever_is_nearer_becomes_the_predecessor() -> None:
    """300 is, until 900 says that it is; 500 is not nearer than that."""
    ann = make()
    for point in (300, 900, 500):
        ann.on_datagram(BOB, Precede(1, point), 0)

    assert Contact(900, BOB) == ann.ring.predecessor


def test_a_question_is_answered_with_the_owner_or_with_who_is_nearer() -> None:
    """Ann knows 300, 400 and 600."""
    ann = make()
    near, far, finger = Contact(300, BOB), Contact(400, CAT), Contact(600, Address("10.0.0.4", 1))
    ann.ring.successors, ann.ring.fingers = [near, far], {9: finger}

    ((_, owned),) = sent(ann.on_datagram(CAT, FindSuccessor(7, 400, 250), 0))
    ((_, before),) = sent(ann.on_datagram(CAT, FindSuccessor(8, 400, 700), 0))
    assert NextHops(7, 100, 1, (near, far)) == owned
    assert NextHops(8, 100, 0, (finger, far, near)) == before


def test_a_lookup_only_goes_forward() -> None:
    """Told by 400 on the way to 700: 300 is a step back, 800 is past it; the nearest comes first."""
    lookup = RingLookup(1, "node", 700, 10)
    lookup.learn(tuple(Contact(point, BOB) for point in (300, 500, 600, 400, 800)), 400)

    assert [500, 600] == [contact.id for contact in lookup.candidates], "the best stands last"
    assert not lookup.is_over


def test_what_nobody_asked_for_and_nonsense_are_noted() -> None:
    """And change nothing."""
    ann = make()
    state = RingState(5, 300, (), (Contact(400, CAT),))
    for message in (
        state,
        Malformed("find-succ", "cut", b"", fatal=False),
        AskRing(1, 100),
        AskRing(1, 2_000),
    ):
        (note,) = ann.on_datagram(BOB, message, 0)
        assert isinstance(note, Note) and "peer misbehaved" == note.topic
    assert [] == ann.ring.get_known()


def test_an_answer_from_another_point_counts_as_silence() -> None:
    """Bob was known as 300, and answers as 301."""
    ann = make()
    ann.ring.successors = [Contact(300, BOB), Contact(400, CAT)]
    ((_, question),) = sent(ann.on_timer(ROUND_TIMER, 0))[:1]
    effects = ann.on_datagram(BOB, RingState(question.nonce, 301, (), ()), 1)

    topics = [each.topic for each in effects if isinstance(each, Note)]
    assert ["peer misbehaved", "contact removed", "successor changed", "ring changed"] == topics
    assert isinstance(effects[0], CancelTimer)
    assert [Contact(400, CAT)] == ann.ring.successors


@pytest.mark.parametrize(
    ("policy", "problem"),
    [({"m": 0}, "policy.m"), ({"m": 3, "point": 8}, "policy.point"), ({"colour": 1}, "policy.colour")],
)
def test_choices_that_cannot_be_are_refused(policy: dict[str, Any], problem: str) -> None:
    """A ring of three bits ends at 7."""
    with pytest.raises(UsageError, match=problem):
        make(**policy)


def grow(count: int, **policy: Any) -> Pump:
    """Nodes that join one after another, then time for three rounds of all fingers."""
    pump, luck = Pump(4), CounterRandom(get_key("chord", count))
    for number in range(count):
        bootstrap = {"bootstrap": [name_of(luck.below(number))]} if number else {}
        pump.add(name_of(number), ChordNode, {**QUICK, **policy, **bootstrap})
        pump.start(name_of(number))
        pump.run(pump.now + 200 * MILLISECOND)
    pump.run(pump.now + 30 * SECOND)
    return pump


def get_ring(pump: Pump) -> list[int]:
    """The points of those who are alive, in order."""
    return sorted(node.own.id for name, node in pump.nodes.items() if name not in pump.dead)


def check_ring(pump: Pump) -> None:
    """Everybody's successor and predecessor are who they should be."""
    ring = get_ring(pump)
    after = dict(zip(ring, ring[1:] + ring[:1], strict=True))
    for name, node in pump.nodes.items():
        if name not in pump.dead:
            assert after[node.own.id] == node.ring.successor.id, name
            assert node.ring.predecessor is not None and after[node.ring.predecessor.id] == node.own.id, name


def look_up(pump: Pump, count: int) -> tuple[float, list[int]]:
    """Lookups from anybody; the share that found the owner, and their hops."""
    luck, ring, right, hops = CounterRandom(6), get_ring(pump), 0, []
    alive = [name for name in pump.nodes if name not in pump.dead]
    for number in range(count):
        name = luck.choice(alive)
        pump.notes = {name: []}
        pump.order(LookUp(name, f"target {number}"))
        done: list[dict[str, Any]] = []
        while not done:
            pump.run(pump.now + SECOND)
            finished = [facts for topic, facts in pump.notes[name] if topic == "lookup finished"]
            done = [facts for facts in finished if facts["purpose"] == "node"]
        owner = f"{find_successor(hash_to_point(f'target {number}', M), ring):x}"
        right += done[0]["closest"][:1] == [owner]
        hops.append(done[0]["hops"])
    return right / count, hops


def test_nodes_that_join_become_a_ring_with_fingers() -> None:
    """64 of them: neighbours are right, and so is every finger."""
    pump = grow(64)
    ring = get_ring(pump)

    check_ring(pump)
    for node in pump.nodes.values():
        for index, contact in node.ring.fingers.items():
            assert find_successor(get_finger_start(node.own.id, index, M), ring) == contact.id
    assert 1.0 == look_up(pump, 60)[0]


@pytest.mark.parametrize(("share", "r"), [(0.25, 8), (0.5, 8)])
def test_a_ring_closes_again_when_many_leave_at_once(share: float, r: int) -> None:
    """With eight successors hardly anybody loses all of them: 1 - f**8 of the nodes keep one."""
    pump = grow(64, successors=r)
    pump.kill(CounterRandom(3).sample(list(pump.nodes), int(64 * share)))
    assert compute_survival(share, r) > 0.99
    pump.run(pump.now + 30 * SECOND)

    check_ring(pump)
    assert 1.0 == look_up(pump, 40)[0]


def test_with_one_successor_a_ring_falls_apart() -> None:
    """Half of the nodes have nobody behind them any more; fingers alone do not mend it soon."""
    pump = grow(64, successors=1)
    pump.kill(CounterRandom(3).sample(list(pump.nodes), 32))
    pump.run(pump.now + 2 * SECOND)

    with pytest.raises(AssertionError):
        check_ring(pump)


@cache
def read_ideal(count: int, r: int) -> Pump:
    """A ring with all successors and fingers as they should be, and no rounds."""
    pump = Pump(8)
    for number in range(count):
        pump.add(name_of(number), ChordNode, {})
    by_point = {node.own.id: node for node in pump.nodes.values()}
    ring = sorted(by_point)
    for place, point in enumerate(ring):
        fingers = by_point[point].ring
        fingers.successors = [by_point[ring[(place + step) % count]].own for step in range(1, r + 1)]
        fingers.predecessor = by_point[ring[place - 1]].own
        for index in fingers.get_finger_starts():
            start = get_finger_start(point, index, M)
            fingers.fingers[index] = by_point[find_near(ring, start)].own
    return pump


def find_near(ring: list[int], point: int) -> int:
    """`find_successor` by halving: a ring of thousands is asked often."""
    return ring[bisect_left(ring, point) % len(ring)]


@pytest.mark.parametrize("count", [64, 256, 1_024, 4_096])
def test_lookups_take_half_of_log2_n_hops_and_one(count: int) -> None:
    """With fingers alone: mean within 0.5 of 0.5 log2(n) + 0.9, for one more hop leads to the owner."""
    right, hops = look_up(read_ideal(count, 1), 200)

    assert 1.0 == right
    assert abs(get_mean(hops) - compute_chord_hops(count) - 0.9) < 0.5
    assert max(hops) <= log2(count) + 2


def test_a_list_of_eight_successors_saves_the_last_short_hops() -> None:
    """It is there for safety, and is of use before anybody leaves."""
    short, long = (get_mean(look_up(read_ideal(1_024, r), 200)[1]) for r in (8, 1))

    assert 0.3 < long - short < 1.2


@pytest.mark.parametrize("count", [64, 1_024])
def test_distinct_fingers_are_about_log2_n(count: int) -> None:
    """Of the 32 most point at the same node; successors apart, within 1 of log2(n)."""
    nodes = read_ideal(count, 1).nodes.values()
    distinct = get_mean(
        len({node.ring.successor.id, *(each.id for each in node.ring.fingers.values())}) for node in nodes
    )

    assert abs(distinct - log2(count)) < 1
