"""Tit for tat: who is served, in which order, and what becomes of those who give nothing."""

from collections import Counter
from dataclasses import replace
from functools import cache
from statistics import mean

import pytest
from support.gossip_pump import Pump, make_names

from blockchain_lab.base.actions import FindProviders, Publish
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Effect, Send, SetTimer, TimerName
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.evolution_bittorrent import ROUND, UPLOAD, BitTorrentNode
from blockchain_lab.overlay.evolution_choking import Choker, Partner, choose_next
from blockchain_lab.overlay.evolution_files import make_content
from blockchain_lab.overlay.evolution_pieces import cut
from blockchain_lab.overlay.evolution_torrent_messages import Bitfield, Choke, GetPiece, Interested, TakePiece
from blockchain_lab.overlay.topologies import star
from blockchain_lab.scenarios.networks import make_network
from blockchain_lab.sim.scenario import Links

NAMES = make_names(12)  # p0 is the tracker, p1 publishes
RIDERS = ("p10", "p11")
SEEDS = (1, 2, 3, 4)
POLICY = {"size": 200_000, "piece": 2_000, "upload": 1_500, "ahead": 2}
SOURCE = "song"


def make_partner(number: int, **facts: int | bool) -> Partner:
    """One of many."""
    return Partner(Address("10.0.0.1", number), SOURCE, 0, **facts)


def choose(turns: list[int], partners: dict[int, Partner], **facts: object) -> list[int]:
    """Whom to serve after a round: three and one more."""
    given = {"best": 3, "places": 4, "whole": [], "is_round": True, **facts}
    return Choker(turns).choose_served(partners, **given)


def test_who_gave_most_is_served_and_one_in_its_turn() -> None:
    """The best three of those who want something; who has all serves those who took most."""
    partners = {at: make_partner(at, wants=at != 4, received=at * 10, sent=80 - at) for at in range(1, 8)}
    turns = [2, 7, 1, 3, 4, 5, 6]

    assert [7, 6, 5, 2] == choose(turns, partners)
    assert [1, 2, 3, 7] == choose(turns, partners, whole=[SOURCE])
    assert [2, 7, 1, 3] == choose(turns, partners, best=0), "without tit for tat: turns only"
    assert [] == choose(turns, partners, places=0), "who gives nothing serves nobody"
    partners[3].received_before = 100
    assert [3, 7, 6, 2] == choose(turns, partners), "the last twenty seconds count, not ten"
    partners[3].end_round()
    assert [7, 6, 5, 2] == choose(turns, partners), "and not thirty"


def test_who_gave_nothing_is_none_of_the_best() -> None:
    """Only 6 gave: the other three places go by turns, and 1, the oldest, has to wait like all."""
    partners = {at: make_partner(at, wants=True, received=6 if at == 6 else 0) for at in range(1, 8)}

    assert [6, 7, 5, 4] == choose([7, 6, 5, 4, 3, 2, 1], partners)


def test_between_rounds_only_free_places_are_given_away() -> None:
    """1, 2 and 3 are served; 2 wants nothing for the moment. 4 and 5 gave more, and 6 waits, too."""
    partners = {
        at: make_partner(at, wants=at != 2, is_choked=at > 3, received=at if at != 6 else 0)
        for at in range(1, 7)
    }
    turns = [1, 2, 3, 4, 5, 6]

    assert [5, 4, 3, 1] == choose(turns, partners)
    assert [1, 3, 5, 4] == choose(turns, partners, is_round=False)
    del partners[4], partners[5], partners[6]
    assert [1, 3, 2] == choose([1, 2, 3], partners, is_round=False), "nobody else needs 2's place"


def test_turns_pass_every_third_round_to_somebody_who_waits() -> None:
    """4 is the first who wants something and is not served; three rounds later it is 6."""
    partners = {at: make_partner(at, wants=at != 3, is_choked=at > 2) for at in range(1, 7)}
    choker = Choker([1, 2, 3, 4, 5, 6])
    fronts = []
    for _ in range(4):
        choker.begin_round(partners)
        fronts.append(choker.turns[0])
        partners[4].is_choked = partners[5].is_choked = False

    assert [4, 4, 4, 6] == fronts
    Choker().begin_round({})


def test_newcomers_are_three_times_as_likely_to_be_next() -> None:
    """A fifth one: 3 of 7 times in front, 1 of 7 at each other place; within four standard deviations."""
    places: Counter[int] = Counter()
    for key in range(7_000):
        choker = Choker([1, 2, 3, 4])
        choker.add(5, CounterRandom(key))
        places[choker.turns.index(5)] += 1

    assert {place: pytest.approx(3_000 if place == 0 else 1_000, abs=170) for place in range(5)} == places


def test_pieces_go_round_the_table() -> None:
    """2 and 5 are owed some: by turns, whoever was the last one."""
    partners = {at: make_partner(at, owed={1: None} if at in (2, 5) else {}) for at in range(1, 7)}

    assert [2, 5, 5, 2, 2] == [choose_next(partners, last) for last in (-1, 2, 4, 5, 6)]
    assert choose_next({}, 1) is None


def make_node(wanting: int, **policy: int) -> tuple[BitTorrentNode, dict[int, bytes], list[Effect]]:
    """A node with piece 0 of five, and so many neighbours who have the others and want this one."""
    pump = Pump(["p0"], {"best": 3, **policy}, kinds={"p0": "bittorrent"})
    node, source = pump.nodes["p0"], cut(SOURCE, make_content(SOURCE, 5_000), 1_000)
    node.pieces[SOURCE] = replace(source, have={0: source.have[0]})
    effects: list[Effect] = []
    for conn in range(101, 101 + wanting):
        node.on_connected(conn, Address("192.0.2.1", conn), True, 5)
        node.on_message(conn, Bitfield(SOURCE, b"\x1e"), 5)
        effects += node.on_message(conn, Interested(True), 5)
    return node, source.have, effects


def get_served(node: BitTorrentNode) -> set[int]:
    """Whom it does not choke."""
    return {conn for conn, partner in node.partners.items() if not partner.is_choked}


def test_who_gives_nothing_is_choked_and_gets_no_piece() -> None:
    """Of six who want pieces 102, 103 and 104 have sent us one: they are served, and one in its turn."""
    node, have, effects = make_node(6)
    for conn in (102, 103, 104):
        node.on_message(conn, TakePiece(conn - 101, have[conn - 101]), 5)
    before = get_served(node)
    effects = node.on_timer(TimerName(ROUND), 5)
    (lucky,) = get_served(node) - {102, 103, 104}

    assert 4 == len(before) == len(get_served(node))
    said = {(e.conn, e.message.yes) for e in effects if isinstance(e, Send) and isinstance(e.message, Choke)}
    assert {(conn, True) for conn in before - get_served(node)} | {
        (conn, False) for conn in get_served(node) - before
    } == said
    choked = next(iter(set(node.partners) - get_served(node)))
    assert [] == node.on_message(choked, GetPiece(0), 5)
    assert 1 == len(node.on_message(lucky, GetPiece(0), 5))


def test_a_place_is_taken_over_at_once() -> None:
    """Who wants nothing any more, or is gone, makes room: nobody waits for the next round."""
    node, _, _ = make_node(6)
    first, second, *_ = get_served(node)
    effects = node.on_message(first, Interested(False), 5)
    ((other, choke),) = [(e.conn, e.message) for e in effects if isinstance(e, Send) and e.conn != first]

    assert Choke(False) == choke
    assert [Choke(True)] == [e.message for e in effects if isinstance(e, Send) and e.conn == first]
    assert other in get_served(node) and first not in get_served(node)
    node.on_disconnected(second, "closed", 5)
    assert 4 == len(get_served(node)) == len(node.choker.turns) - 1


def test_pieces_leave_at_the_rate_that_was_set() -> None:
    """1,004 bytes with its number and length at 502 a second: two seconds. Who is choked is owed nothing."""
    node, _, _ = make_node(5, upload=502)
    first, second, third, fourth = sorted(get_served(node))
    (sent, wait) = node.on_message(first, GetPiece(0), 5)
    later = [node.on_message(conn, GetPiece(0), 5) for conn in (second, third)]

    assert (first, SetTimer(TimerName(UPLOAD), 2 * SECOND)) == (sent.conn, wait)
    assert [[], []] == later
    node.on_message(second, Interested(False), 5)
    assert [third] == [e.conn for e in node.on_timer(TimerName(UPLOAD), 5) if isinstance(e, Send)]
    assert [] == node.on_timer(TimerName(UPLOAD), 5)
    assert 1 == len([e for e in node.on_message(fourth, GetPiece(0), 5) if isinstance(e, Send)])


@cache
def play(seed: int, tit_for_tat: bool = True) -> Lab:
    """p1 has 100 pieces; eight who give and two who do not want them at the same time."""
    policy = {**POLICY, "tit_for_tat": tit_for_tat}
    scenario = make_network(NAMES, "bittorrent", star(NAMES), policy, seed=seed)
    own = {"p0": {"serves": True}, "p1": {"upload": 3_000}, **{name: {"gives": False} for name in RIDERS}}
    uplinks = {"p0": 1_000_000, "p1": 4_000}
    peers = {
        name: replace(peer, policy=own.get(name, {}), bandwidth=uplinks.get(name))
        for name, peer in scenario.peers.items()
    }
    links = Links(latency=(10_000, 50_000), bandwidth=2_000)
    lab = Lab(replace(scenario, peers=peers, links=links), level="notes")
    lab.run(until=SECOND)
    lab.do(Publish("p1", SOURCE))
    lab.run(until=3 * SECOND)
    for name in NAMES[2:]:
        lab.do(FindProviders(name, SOURCE))
    lab.run(until=300 * SECOND)
    return lab


def compute_ratio(lab: Lab) -> float:
    """How long free riders take for the whole file, givers 1. All have it in the end."""
    took = {
        lab.names[record.peer]: record.at - 3 * SECOND
        for record in lab.trace
        if record.kind == Kind.NOTE and record.detail[0] == "file received"
    }
    assert set(NAMES[2:]) == set(took)
    return mean(took[name] for name in RIDERS) / mean(took[name] for name in NAMES[2:10])


def test_free_riders_wait_longer_and_without_tit_for_tat_they_do_not() -> None:
    """A tenth longer on average of four seeds, at least a twentieth; else they are done before the others.

    Before, because their questions need not wait behind pieces of their own. No longer, because who is done
    serves everybody, and because a source cannot tell who gives: now and then it has a rider among those who
    took most, and goes on serving it.
    """
    with_it = [compute_ratio(play(seed)) for seed in SEEDS]
    without = [compute_ratio(play(seed, tit_for_tat=False)) for seed in SEEDS]

    assert 1.05 < mean(with_it) < 1.3
    assert 0.8 < mean(without) < 1.0
    assert all(one > other for one, other in zip(with_it, without, strict=True)), "with every seed"


def test_a_free_rider_sends_no_piece() -> None:
    """Whatever others want of it. It ends with the whole file all the same."""
    notes = (record.detail for record in play(1).trace if record.kind == Kind.NOTE)
    senders = {facts["from"] for topic, facts in notes if topic == "piece received"}

    assert set(NAMES[1:10]) == senders
