"""Strangers who begin with one address: how many they meet, through which boxes, and what stops them.

The figures for 60 peers and one tracker are those of py-ipv8 3.2.1 on one machine: with a target of 20 mean
22.9 peers, mean path 1.60; with 4 mean 6.3. There the tracker stood in the graph, so that no path was long.
"""

from itertools import product
from statistics import mean
from typing import Any

import networkx as nx
import pytest
from support.datagram_pump import Pump
from support.story_runs import notes
from support.walk_nets import TRACKER, count_peers, have_met, make_graph, two_homes, walk

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import SendTo
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MINUTE, SECOND, Address
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.liveness import LivenessRule
from blockchain_lab.overlay.walk_messages import (
    NOWHERE,
    IntroductionRequest,
    IntroductionResponse,
    PunctureRequest,
)
from blockchain_lab.overlay.walk_node import WalkNode
from blockchain_lab.overlay.walks import MOST_INTRODUCED, Circle, EdgeWalk, Known, RandomWalk
from blockchain_lab.overlay.watch import Watch
from blockchain_lab.overlay.wire import OverlayCodec
from blockchain_lab.sim.scenario import Peer, Scenario

CLASSIC = ("full cone", "restricted cone", "port restricted cone", "symmetric")
STRANGER = Address("10.9.9.9", 9)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("way", ["random", "edge"])
def test_sixty_peers_with_a_target_of_twenty(way: str, seed: int) -> None:
    """All of them meet twenty, some more because they were asked; nobody is far from anybody."""
    pump = walk(60, seed=seed, walk=way)
    met, graph = count_peers(pump), make_graph(pump)

    assert 20 == min(met)
    assert max(met) <= 31
    assert 22.9 == pytest.approx(mean(met), abs=1.5)
    assert nx.is_connected(graph)
    assert 1.6 == pytest.approx(nx.average_shortest_path_length(graph), abs=0.05)


def test_all_are_there_within_twenty_seconds_and_then_nobody_walks_any_more() -> None:
    """IPv8's took eleven seconds with as short a tick. From then on they only ask who is still there."""
    pump = walk(60, 20)

    assert 20 <= min(count_peers(pump))
    asked = pump.sent["intro-ask"]
    pump.run(5 * MINUTE)
    assert asked == pump.sent["intro-ask"]
    assert {"alive-ask", "alive-answer"} < set(pump.sent)


def test_who_falls_silent_is_forgotten_and_a_walk_goes_on() -> None:
    """After 57.5 s of silence. Nobody who lives is lost, and whoever has too few peers looks for others."""
    pump = walk(30, target=10)
    dead = [f"n{number}" for number in range(10, 20)]
    pump.kill(dead)
    gone = {pump.contacts[name] for name in dead}
    alive = {name: node for name, node in pump.nodes.items() if name not in (*dead, TRACKER)}
    assert any(gone & set(node.circle.peers) for node in alive.values())
    pump.run(180 * SECOND)
    dropped = [facts for name in alive for topic, facts in pump.notes[name] if topic == "peer dropped"]

    assert not any(gone & set(node.circle.peers) for node in (*alive.values(), pump.nodes[TRACKER]))
    assert 10 <= min(len(node.circle.peers) for node in alive.values())
    assert gone == {Address(*facts["address"]) for facts in dropped}
    assert {57_500} == {facts["silent"] // 1_000 for facts in dropped}


def test_the_moments_of_a_watch() -> None:
    """One peer that never says anything again, and one that is heard once more at 30 s."""
    watch, now, moments = Watch(LivenessRule()), 0, []
    here, there = STRANGER, STRANGER._replace(port=10)
    watch.hear(here, 0)
    watch.hear(there, 0)
    while (due := watch.get_next(now)) is not None and due < 60 * SECOND:
        if now < 30 * SECOND < due:
            watch.hear(there, 30 * SECOND)
        now = watch.get_next(now) or 0
        moments.append((now // 1_000, list(watch.find_gone(now)), watch.find_due(now)))

    assert [
        (27_500, [], [here, there]),
        (37_500, [], [here]),
        (47_500, [], [here]),
        (57_500, [here], [there]),
    ] == [moment for moment in moments if moment[1] or moment[2]]
    assert None is Watch(LivenessRule()).get_next(5)


def test_a_target_of_four_makes_a_long_chain_that_only_the_tracker_shortens() -> None:
    """With few peers the early ones know only each other; through the tracker everybody is two steps away."""
    pump = walk(60, target=4)
    met = count_peers(pump)

    assert 4 == min(met)
    assert 6.3 == pytest.approx(mean(met), abs=1)
    assert 2.5 < nx.average_shortest_path_length(make_graph(pump))
    with_tracker = make_graph(pump, has_tracker=True)
    assert 1.88 == pytest.approx(nx.average_shortest_path_length(with_tracker), abs=0.05)


def test_who_wants_as_many_as_others_allow_is_refused() -> None:
    """Target and limit are the same: full peers answer nobody, and the last ones look on in vain."""
    pump = walk(60, target=30)
    refused = [facts for notes in pump.notes.values() for topic, facts in notes if topic == "request refused"]

    assert min(count_peers(pump)) < 30
    assert 31 == min(fact["peers"] for fact in refused)


def test_a_full_peer_is_silent_and_a_tracker_never_is() -> None:
    """Three strangers ask a peer that answers while it has met no more than one; so does a tracker."""
    pump = walk(0)
    node = pump.add("n0", WalkNode, {"max_peers": 1})
    question = IntroductionRequest(7, pump.contacts["n0"], STRANGER, NOWHERE)
    strangers = [STRANGER._replace(port=port) for port in (1, 2, 3)]

    answers = [sends(node.on_datagram(stranger, question, 0))[:1] for stranger in strangers]
    assert [True, True, False] == [bool(answer) for answer in answers]
    tracker = pump.nodes[TRACKER]
    assert all(sends(tracker.on_datagram(STRANGER._replace(port=port), question, 0)) for port in range(1, 99))


def test_with_a_tracker_that_is_off_nobody_meets_anybody() -> None:
    """Each asks again after thirty seconds, and no more often."""
    pump = walk(10, 65, is_on=False)

    assert [0] * 10 == count_peers(pump)
    assert 30 == pump.sent["intro-ask"] == pump.sent.total()


@pytest.mark.parametrize(("a", "b"), list(product(["", *CLASSIC], ["", *CLASSIC])))
def test_introductions_pass_every_pair_of_boxes_but_two(a: str, b: str) -> None:
    """A symmetric box fails with a port restricted one and with another symmetric one, as always."""
    fails = {a, b} in ({"symmetric"}, {"symmetric", "port restricted cone"})

    assert fails != have_met(two_homes(a, b))


def test_one_introduction_is_enough_for_two_port_restricted_boxes() -> None:
    """Who came first was introduced to nobody: it only opens its box when the tracker tells it to."""
    lab = two_homes("port restricted cone", "port restricted cone", tracker_again=10 * MINUTE)
    introduced = [name for name in ("ann", "bob") if notes(lab, name, "peer introduced")]

    assert 1 == len(introduced)
    assert have_met(lab)


def test_two_behind_one_box_use_their_addresses_inside() -> None:
    """The tracker sees one address for both; a box without hairpins would keep them apart."""
    own = {"trackers": [TRACKER], "target": 1}
    peers = {name: Peer("walker", behind="home", policy=own) for name in ("ann", "bob")}
    lab = Lab(Scenario(peers={**peers, "home": Peer("nat"), TRACKER: Peer("walk-tracker")}, until=MINUTE))
    lab.run(until=MINUTE)
    addresses = lab.scenario.get_addresses()

    assert [addresses["bob"]] == list(lab.peer("ann").circle.peers)
    assert [addresses["ann"]] == list(lab.peer("bob").circle.peers)


def test_a_neighbour_is_introduced_to_the_world_by_its_address_outside() -> None:
    """Bob sees Cat inside; Ann, far away, must be told where Cat is outside, as Cat has told Bob."""
    node, ann = walk(1, 0).nodes["n0"], STRANGER
    inside, outside = Address("192.168.0.3", 8333), Address("203.0.113.1", 1024)
    node.on_datagram(inside, IntroductionRequest(1, node.setup.address, inside, outside), 0)

    answer, puncture = sends(node.on_datagram(ann, IntroductionRequest(2, node.setup.address, ann, ann), 0))
    assert (inside, outside) == (answer.message.other_lan, answer.message.other_wan)
    assert (inside, PunctureRequest(ann, ann)) == (puncture.address, puncture.message)


def test_nobody_is_introduced_to_itself() -> None:
    """Ann asks again, and nobody else is known: the answer names nobody, and no puncture is asked for."""
    node = walk(1, 0).nodes["n0"]
    question = IntroductionRequest(1, node.setup.address, STRANGER, STRANGER)

    for _ in range(2):
        (answer,) = sends(node.on_datagram(STRANGER, question, 0))
        assert (NOWHERE, NOWHERE) == (answer.message.other_lan, answer.message.other_wan)


def test_a_tracker_is_no_peer_and_hearsay_has_an_end() -> None:
    """A tracker is asked and never counted; of 1,001 invented addresses the oldest is dropped."""
    tracker, invented = STRANGER, [Address("10.0.0.1", port) for port in range(1, MOST_INTRODUCED + 2)]
    circle = Circle((tracker,))

    assert not circle.meet(tracker, Known(tracker, tracker))
    assert {} == circle.peers
    assert all([circle.hear_of(address, by=tracker) for address in invented])
    assert invented[1:] == list(circle.introduced)
    assert not circle.hear_of(tracker, by=tracker)


def test_a_random_walk_waits_for_five_at_most() -> None:
    """Thousand are named; while five have not answered nobody else is asked."""
    circle, random = Circle(()), CounterRandom(1)
    named = [Address("10.0.0.1", port) for port in range(1, 1_000)]
    for address in named:
        circle.hear_of(address, by=STRANGER)

    assert RandomWalk(reset_chance=0).choose(circle, named[:4], random, 0) in named[4:]
    assert RandomWalk(reset_chance=0).choose(circle, named[:5], random, 0) is None


def test_an_edge_walk_goes_from_one_to_the_next_and_turns_back_after_four() -> None:
    """Each is named by the one before; a neighbour begins the path, and the next one the next path."""
    roots = [Address("10.0.0.1", port) for port in range(1, 7)]
    path = [Address("10.0.0.2", port) for port in range(1, 5)]
    circle = Circle((), peers={root: Known(root, root) for root in roots})
    random, way = CounterRandom(1), EdgeWalk()
    first = way.choose(circle, (), random, 0)
    assert first in roots

    asked = [first]
    for before, after in zip([first, *path], path, strict=False):
        circle.hear_of(after, by=before)
        assert way.choose(circle, [before], random, 0) is None  # it has not answered yet
        asked.append(way.choose(circle, (), random, 0))
        circle.meet(after, Known(after, after))
    assert [first, *path[:3], roots[roots.index(first) + 1]] == asked


def test_answers_that_nobody_asked_for_change_nothing() -> None:
    """From the wrong address, with the wrong nonce, twice, or half a message: noted, and no more."""
    node, tracker, (question,) = ask_tracker()
    good = make_answer(question.nonce, STRANGER)
    bad = make_answer(question.nonce + 1, STRANGER)

    for source, message in (
        (STRANGER, good),
        (tracker, bad),
        (tracker, OverlayCodec.decode("intro-told", good.encoding[:-1])),
    ):
        assert ["peer misbehaved"] == topics(node.on_datagram(source, message, 0))
    assert {} == node.circle.introduced
    assert ["outside address", "peer introduced"] == topics(node.on_datagram(tracker, good, 0))
    assert ["peer misbehaved"] == topics(node.on_datagram(tracker, good, 0))
    assert [STRANGER] == list(node.circle.introduced)


@pytest.mark.parametrize("nobody", [NOWHERE, Address("0.0.0.0", 5), Address("10.1.2.3", 0), None])
def test_addresses_of_nobody_and_of_ourselves_are_not_asked(nobody: Address | None) -> None:
    """No ip, no port, or our own address: nobody is introduced, and no puncture is sent there."""
    node, tracker, (question,) = ask_tracker()
    address = nobody or node.setup.address

    assert "peer introduced" not in topics(node.on_datagram(tracker, make_answer(question.nonce, address), 0))
    assert [] == node.on_datagram(tracker, PunctureRequest(address, address), 0)


def test_whoever_is_introduced_and_is_not_there_is_forgotten() -> None:
    """Somebody names an address where nobody lives; three seconds after the question it is gone."""
    pump = walk(1, 0)
    node = pump.nodes["n0"]
    node.circle.hear_of(STRANGER, by=pump.contacts[TRACKER])
    pump.run(5 * SECOND)

    assert ("peer silent", {"address": list(STRANGER)}) in pump.notes["n0"]
    assert ({}, {}) == (node.circle.introduced, node.circle.peers)


@pytest.mark.parametrize(
    ("policy", "problem"),
    [
        ({"walk": "moon"}, r"policy\.walk: found 'moon', accepted: random, edge"),
        ({"trackers": ["zoe"]}, r"policy\.trackers: no peer is called 'zoe'"),
        ({"max_peers": -2}, r"policy\.max_peers: found -2, accepted: a whole number from -1 on"),
        ({"tells": 201}, r"policy\.tells: found 201, accepted: a whole number from 0 to 200"),
        ({"peers": 1}, r"policy\.peers: unknown key"),
    ],
)
def test_a_walker_that_cannot_be_is_refused(policy: dict[str, Any], problem: str) -> None:
    """The key, what was found, what is accepted."""
    with pytest.raises(UsageError, match=problem):
        Pump().add("n0", WalkNode, policy)


def ask_tracker() -> tuple[Any, Address, list[Any]]:
    """One peer that has just asked its tracker: the peer, the tracker's address, the question."""
    pump = walk(1, 0)
    node, tracker = pump.nodes["n0"], pump.contacts[TRACKER]
    (name,) = (name for _, name in pump.timers)
    return node, tracker, [effect.message for effect in sends(node.on_timer(name, 0))]


def make_answer(nonce: int, other: Address) -> IntroductionResponse:
    """The tracker names somebody."""
    outside = Address("203.0.113.1", 1024)
    return IntroductionResponse(nonce, outside, NOWHERE, NOWHERE, other, other)


def sends(effects: list[Any]) -> list[Any]:
    """The datagrams among the effects."""
    return [effect for effect in effects if type(effect) is SendTo]


def topics(effects: list[Any]) -> list[str]:
    """The topics of the notes among the effects."""
    return [effect.topic for effect in effects if hasattr(effect, "topic")]
