"""Gnutella's PING and PONG: from one address to a network, and what it costs to look around."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from networkx import Graph, is_connected, shortest_path_length
from support.gossip_pump import Pump, make_names

from blockchain_lab.base.actions import SetPolicy
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Dial, Note, Send, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.evolution_messages import Join
from blockchain_lab.overlay.evolution_ping_messages import ServentPing, ServentPong
from blockchain_lab.overlay.evolution_servent import MOST_HOSTS, PING
from blockchain_lab.overlay.measures_evolution import PINGING, count_costs
from blockchain_lab.overlay.theory_gossip import count_flood_messages
from blockchain_lab.overlay.topologies import random_regular, ring
from blockchain_lab.overlay.wire import OverlayCodec, decode
from blockchain_lab.scenarios.networks import make_network

PEERS, LINES = 60, 4
NAMES = make_names(PEERS)
PING_SIZE, PONG_SIZE = 24 + 18, 24 + 32  # bytes
IDS = st.binary(min_size=16, max_size=16)
BYTES, NUMBERS = st.integers(1, 255), st.integers(0, (1 << 32) - 1)
ADDRESSES = st.builds(Address, st.ip_addresses(v=4).map(str), st.integers(0, 65_535))


@given(
    message=st.one_of(
        st.builds(ServentPing, IDS, BYTES, BYTES),
        st.builds(ServentPong, IDS, BYTES, BYTES, ADDRESSES, NUMBERS, NUMBERS),
    )
)
def test_what_is_framed_is_split_again(message: ServentPing | ServentPong) -> None:
    """Through the envelope and back; one byte less is data, and so is a time to live of 0."""
    codec, encoding = OverlayCodec(), message.encoding

    assert ([message], b"") == codec.split(codec.frame(message))
    assert isinstance(decode(message.command, encoding[:-1]), Malformed)
    dead = decode(message.command, encoding[:16] + b"\0" + encoding[17:])
    assert isinstance(dead, Malformed) and dead.reason == "ttl: found 0, wanted at least 1"


def make_tree() -> tuple[tuple[str, str], ...]:
    """Each newcomer knows one who was there before."""
    return tuple((NAMES[at], NAMES[CounterRandom(at).below(at)]) for at in range(1, PEERS))


def get_graph(pump: Pump) -> Graph:
    """Who has a line to whom."""
    graph = Graph()
    graph.add_nodes_from(pump.nodes)
    for name, node in pump.nodes.items():
        graph.add_edges_from((name, pump.where[line.remote]) for line in node.lines.values())
    return graph


def play(**policy: int) -> Pump:
    """Sixty who know one other, a minute later."""
    pump = Pump(NAMES, policy, make_tree(), kinds=dict.fromkeys(NAMES, "gnutella"))
    pump.run(60)
    return pump


def test_one_address_is_enough_to_find_neighbours() -> None:
    """All have four lines, and with the first peer gone they still hang together; a tree falls apart."""
    pump, tree = play(wants=LINES), play()

    assert min(len(node.lines) for node in pump.nodes.values()) >= LINES
    assert PEERS - 1 == get_graph(tree).number_of_edges() < get_graph(pump).number_of_edges()
    for each, expected in ((pump, True), (tree, False)):
        each.kill("p0")
        each.run(1)
        assert expected == is_connected(get_graph(each))
    pump.run(60)
    assert min(len(node.lines) for node in pump.nodes.values()) >= LINES, "who has lost a line finds another"
    pump.forget_counts()
    pump.run(60)
    assert 0 == pump.count["servent-ping"], "who has enough is quiet"


def test_a_host_has_no_more_lines_than_it_takes() -> None:
    """At most six each: others are dialled instead."""
    pump = play(wants=LINES, most_lines=6)
    lines = [len(node.lines) for node in pump.nodes.values()]

    assert max(lines) <= 6
    assert sum(count >= LINES for count in lines) > 0.9 * PEERS


def look_around(pump: Pump) -> dict[str, int]:
    """Let p0 want more lines than it has: whom it finds, and how many hops away. Only this is counted."""
    pump.forget_counts()
    node = pump.nodes["p0"]
    node.setup.policy["wants"] = len(node.lines) + 1
    pump.carry_out("p0", node.on_command(SetPolicy("p0", "wants", len(node.lines) + 1), pump.now))
    pump.run(3)
    return {facts["host"]: facts["hops"] for _, topic, facts in pump.notes if topic == "host found"}


def test_a_look_around_costs_a_flood_and_a_pong_for_each_hop() -> None:
    """2m - (n - 1) pings of 42 bytes, and of each peer as many pongs of 56 as it is hops away."""
    edges = tuple(random_regular(NAMES, LINES, seed=1))
    pump = Pump(NAMES, {}, edges, kinds=dict.fromkeys(NAMES, "gnutella"))
    pump.run(1)
    found = look_around(pump)
    hops = shortest_path_length(Graph(edges), "p0")
    pings, pongs = count_flood_messages(PEERS, len(edges)), sum(hops.values())

    assert (pings, pongs) == (pump.count["servent-ping"], pump.count["servent-pong"])
    assert pings * PING_SIZE + pongs * PONG_SIZE == pump.size["servent-ping"] + pump.size["servent-pong"]
    assert {name: far for name, far in hops.items() if far > 1} == found


def test_a_ping_goes_as_far_as_its_time_to_live() -> None:
    """On a ring of ten, three lines each way: its neighbours are no news, three are too far."""
    names = make_names(10)
    pump = Pump(names, {"ttl": 3}, ring(names), kinds=dict.fromkeys(names, "gnutella"))
    pump.run(1)

    assert {"p2": 2, "p3": 3, "p7": 3, "p8": 2} == look_around(pump)


def test_looking_around_stands_in_the_table_of_costs() -> None:
    """Most of what is sent while nobody asks for anything; and a rebuilt world equals the live one."""
    names = make_names(20)
    lab = Lab(make_network(names, "gnutella", ring(names), {"wants": 4}))
    lab.run(until=30 * SECOND)
    costs = count_costs(lab.trace)

    assert costs[PINGING].bytes > 0.8 * sum(cost.bytes for cost in costs.values())
    assert lab.state_digest() == lab.timeline.rebuild(lab.head)[0].state_digest()


def test_pongs_that_nobody_asked_for_and_hosts_without_end() -> None:
    """The first is noted; of the others two hundred are remembered, and a pong passes on to whoever asked."""
    pump = Pump(["p0"], {"wants": 3}, kinds={"p0": "gnutella"})
    node, other = pump.nodes["p0"], Address("192.0.2.1", 1)
    for conn in (101, 103):
        node.on_connected(conn, Address("192.0.2.9", conn), True, 5)
        node.on_message(conn, Join(False), 5)
    (note,) = node.on_message(101, ServentPong(bytes(16), 1, 0, other, 0, 0), 5)
    (own,) = node.seen
    for port in range(300):
        node.on_message(101, ServentPong(own, 1, 4, Address("192.0.2.1", port), 0, 0), 5)
    node.on_message(101, ServentPing(b"x" * 16, 3, 2), 5)
    passed = node.on_message(103, ServentPong(b"x" * 16, 3, 1, other, 7, 8), 5)

    assert isinstance(note, Note) and "pong: nobody asked for it" == note.facts["reason"]
    assert MOST_HOSTS == 200 == len(node.hosts)
    assert [Send(101, ServentPong(b"x" * 16, 2, 2, other, 7, 8))] == passed
    assert [] == node.on_message(103, ServentPong(b"x" * 16, 1, 1, other, 7, 8), 5), "it has come too far"


def test_whoever_is_being_dialled_counts_as_a_line() -> None:
    """Two are missing, two are dialled, and nobody else while they do not answer; who fails is replaced."""
    node = Pump(["p0"], {"wants": 3}, kinds={"p0": "gnutella"}).nodes["p0"]
    node.on_connected(101, Address("192.0.2.9", 1), True, 5)
    node.on_message(101, Join(False), 5)
    (own,) = node.seen
    for port in range(9):
        node.on_message(101, ServentPong(own, 1, 4, Address("192.0.2.1", port), 0, 0), 5)
    first, second = ([e for e in node.on_timer(TimerName(PING), 6) if isinstance(e, Dial)] for _ in "12")

    assert (2, 0) == (len(first), len(second))
    assert 1 == sum(isinstance(e, Dial) for e in node.on_dial_failed(first[0].address, "timed out", 7))


@pytest.mark.parametrize("key", ["wants", "most_lines", "ping_every"])
def test_policies_that_cannot_be(key: str) -> None:
    """Named with what is accepted."""
    with pytest.raises(UsageError, match=rf"policy\.{key}: found -1"):
        Pump(["p0"], {key: -1}, kinds={"p0": "gnutella"})
