"""The same work for a structured and an unstructured overlay of 100 nodes: hot keys, spam, seven words.

Figures of one network each, with fixed seeds; what the table of properties says is measured here anew.
"""

import pytest
from support import gossip_pump
from support.datagram_pump import Pump
from support.kademlia_nets import ask, grow

from blockchain_lab.base.actions import GetValue, PutValue
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.measures_dht import (
    compute_imbalance,
    count_heard,
    fold_contacts,
    get_lookups,
    summarise,
)
from blockchain_lab.overlay.properties import PROPERTIES, STRUCTURED, UNSTRUCTURED
from blockchain_lab.overlay.theory_dht import (
    compute_addresses_for_sybils,
    compute_kademlia_hops,
    compute_store_messages,
)
from blockchain_lab.overlay.theory_gossip import count_flood_messages
from blockchain_lab.overlay.topologies import k_out

NODES, ITEMS, DIALLED, K = 100, 20, 4, 10
TEXT = "x" * 900
TABLE = {entry.name: entry.judgements for entry in PROPERTIES}


def get_many(keys: int, caches: bool) -> tuple[float, float]:
    """200 times somebody gets one of so many values; the imbalance of loads, and messages for each get."""
    pump, luck, gets = grow(NODES, k=5, caches=caches, joins_wide=False), CounterRandom(4), 200
    for number in range(keys):
        ask(pump, PutValue("n3", f"key {number}", "x"))
    pump.run(pump.now + SECOND)
    pump.heard.clear()
    for _ in range(gets):
        name, key = luck.choice(list(pump.nodes)), f"key {luck.below(keys)}"
        assert "x" == ask(pump, GetValue(name, key))["value"]
    loads = [pump.heard[name] for name in pump.nodes]
    return compute_imbalance(loads), sum(loads) / gets


def test_a_hot_key_is_hard_work_for_few_and_copies_on_the_way_help() -> None:
    """Ten times the mean for one of its five keepers; caching takes a third of it, and some messages."""
    hot, cached, spread = get_many(1, False), get_many(1, True), get_many(200, False)

    assert 7 < hot[0] < 13
    assert cached[0] < 0.75 * hot[0]
    assert cached[1] < 0.9 * hot[1]
    assert spread[0] < 0.5 * hot[0], "many keys, many keepers"


def spam_kademlia() -> tuple[Pump, float, float]:
    """One node stores useless values; messages and copies for each."""
    pump = grow(NODES, k=K, joins_wide=False)
    pump.sent.clear()
    for number in range(ITEMS):
        pump.order(PutValue("n7", f"spam {number}", TEXT))
    pump.run(pump.now + 5 * SECOND)
    copies = sum(len(node.keeping.storage.values) for node in pump.nodes.values())
    return pump, sum(pump.sent.values()) / ITEMS, copies / ITEMS


def make_gossip(nodes: int = NODES) -> gossip_pump.Pump:
    """Flooding along four lines that each node has dialled."""
    names = gossip_pump.make_names(nodes)
    pump = gossip_pump.Pump(names, {"protocol": "flood"}, tuple(k_out(names, DIALLED, seed=1)))
    pump.run(2)
    pump.forget_counts()
    return pump


def spam_gossip(nodes: int = NODES, items: int = ITEMS) -> tuple[gossip_pump.Pump, float, float]:
    """The same, told to everybody."""
    pump = make_gossip(nodes)
    for number in range(items):
        pump.publish("p7", f"spam {number} {TEXT}")
    pump.run(10)
    copies = sum(len(node.ground.items) for node in pump.nodes.values())
    return pump, sum(pump.count.values()) / items, copies / items


def test_spam_costs_a_flooding_network_sixteen_times_as_much() -> None:
    """One budget, twenty items of 900 bytes: ten copies of each, or a hundred; 42 messages, or 685."""
    kademlia, few, ten = spam_kademlia()
    gossip, many, all_of_them = spam_gossip()

    assert [float(K), float(NODES)] == [ten, all_of_them]
    assert abs(few - compute_store_messages(kademlia.sent["find-node"] / ITEMS, K)) < 1
    assert many == count_flood_messages(NODES, len(gossip.edges))
    assert 10 < many / few < 25
    assert abs(few - measured("minimal overhead", STRUCTURED)) < 3
    assert many == measured("minimal overhead", UNSTRUCTURED)
    assert ten / NODES == measured("serendipity", STRUCTURED)
    assert all_of_them / NODES == measured("serendipity", UNSTRUCTURED)


def measured(name: str, kind: str) -> float:
    """What the table says."""
    figure = TABLE[name][kind].measured
    assert figure is not None
    return figure


def test_aimed_at_one_place_the_same_spam_fills_the_disks_of_its_keepers_only() -> None:
    """Twenty values under keys that begin alike: ten nodes have all of them, ninety have none."""
    pump = grow(NODES, k=K, joins_wide=False)
    for number in range(ITEMS):
        pump.order(PutValue("n7", f"{0xABC << 148 | number:040x}", TEXT))
    pump.run(pump.now + 5 * SECOND)
    loads = [len(node.keeping.storage.values) for node in pump.nodes.values()]

    assert [K * [ITEMS], (NODES - K) * [0]] == [sorted(loads)[-K:], sorted(loads)[:-K]]
    assert NODES / K == compute_imbalance(loads)


def test_with_half_of_all_peers_dead_a_flood_still_reaches_the_others() -> None:
    """Four lines dialled, eight on average: after the loss four, enough to hang together."""
    pump = make_gossip()
    for name in CounterRandom(3).sample(list(pump.nodes), NODES // 2):
        pump.kill(name)
    pump.run(1)
    first = next(iter(pump.nodes))
    pump.publish(first, "hello")
    pump.run(10)
    reached = sum(bool(node.ground.items) for node in pump.nodes.values())

    claimed = measured("robust to attacks and failures", UNSTRUCTURED)
    assert abs(reached / len(pump.nodes) - claimed) <= 0.05


def test_sixteen_times_the_nodes_are_sixteen_times_the_flood_and_two_hops() -> None:
    """Hops by the formula (measured in `test_kademlia_size`), the flood by counting."""
    few, many = (spam_gossip(nodes, 1)[1] for nodes in (50, 800))

    assert abs(many / few - measured("scalable", UNSTRUCTURED)) < 1
    hops = compute_kademlia_hops(4_096) - compute_kademlia_hops(256)
    assert hops == measured("scalable", STRUCTURED)
    assert compute_addresses_for_sybils(NODES, K) == measured("permissionless", STRUCTURED)


def test_the_table_has_the_seven_properties_and_a_unit_for_each_number() -> None:
    """In the lecture's order; both kinds judged, with a reason."""
    assert [
        *("open join and leave", "minimal overhead", "robust to attacks and failures", "scalable"),
        *("serendipity", "trustless", "permissionless"),
    ] == [entry.name for entry in PROPERTIES]
    for entry in PROPERTIES:
        assert [STRUCTURED, UNSTRUCTURED] == list(entry.judgements)
        for judgement in entry.judgements.values():
            assert judgement.reason and judgement.verdict in ("yes", "partly", "no")
            assert (judgement.measured is None) == (judgement.unit == "")


def test_measures_are_read_off_a_trace() -> None:
    """A small story: what Pat's lookup cost, whom she knows, who had most to do."""
    lab = Lab("kademlia_lookup")
    lab.run()
    pat = lab.names.index("pat")
    notes = [record.detail for record in lab.trace if record.kind.name == "NOTE" and record.peer == pat]
    heard = count_heard(lab.trace)

    summary = summarise(get_lookups(notes, "value"))
    assert [1, 0.0] == [summary.lookups, summary.silent]
    assert 1 <= summary.hops <= 3 <= summary.asked <= 6
    assert {f"{contact.id:040x}" for contact in lab.peer("pat").table} == set(fold_contacts(notes))
    assert len(lab.names) == len(heard)
    assert 1 < compute_imbalance(heard.values()) < 5
    assert 0 == summarise([]).lookups == compute_imbalance([])


@pytest.mark.parametrize(("loads", "expected"), [([5, 5, 5], 1.0), ([0, 0, 9], 3.0), ([0, 0], 0.0)])
def test_imbalance_is_the_largest_load_over_the_mean(loads: list[int], expected: float) -> None:
    """From one to as many as there are."""
    assert expected == compute_imbalance(loads)
