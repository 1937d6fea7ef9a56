"""Nodes that go, lie, or crowd around one key: what lookups find then, against what counting says.

The figures of liars and sybils are of one network each, with a fixed seed; theirs of the churn have to be
within 0.07 of 1 - f**r: two to three standard deviations, for values share their keepers.
"""

from typing import Any

import pytest
from support.datagram_pump import Pump
from support.kademlia_nets import BETWEEN_JOINS, QUIET, ask, copy_grown, look_up, name_of

from blockchain_lab.base.actions import GetValue, LookUp, PutValue, SetPolicy
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.units import SECOND
from blockchain_lab.overlay.kademlia_ids import read_target
from blockchain_lab.overlay.kademlia_liars import LIES, KademliaLiar, KademliaSybil
from blockchain_lab.overlay.kademlia_node import KademliaNode
from blockchain_lab.overlay.properties import PROPERTIES, STRUCTURED
from blockchain_lab.overlay.theory_dht import compute_addresses_for_sybils, compute_survival

K = 10


@pytest.mark.parametrize(("f", "r"), [(0.5, 3), (0.5, 8), (0.8, 20)])
def test_a_value_survives_as_long_as_one_of_its_keepers(f: float, r: int) -> None:
    """256 nodes, 80 values of r copies; then a fraction f dies at once, nothing is repaired. Twice."""
    found, times, values = 0, 2, 80
    for time in range(times):
        pump, luck = copy_grown(256), CounterRandom(get_key("churn", r, time))
        names = list(pump.nodes)
        for node in pump.nodes.values():
            node.setup.policy.update(replicas=r, caches=False)
            node.on_command(SetPolicy(node.setup.name, "replicas", r), pump.now)
        for number in range(values):
            pump.order(PutValue(luck.choice(names), f"key {number}", str(number)))
        pump.run(pump.now + 10 * SECOND)
        pump.kill(luck.sample(names, int(f * len(names))))
        alive = [name for name in names if name not in pump.dead]
        for number in range(values):
            found += ask(pump, GetValue(luck.choice(alive), f"key {number}"))["value"] == str(number)

    assert abs(found / (times * values) - compute_survival(f, r)) < 0.07


def test_half_of_all_contacts_dead_costs_a_lookup_time_and_not_its_result() -> None:
    """About as many timeouts as answers; what is left of the closest is found nine times in ten."""
    pump = copy_grown(256)
    pump.kill(CounterRandom(5).sample(list(pump.nodes), 128))
    outcome = look_up(pump, 40, 20)

    assert 10 < sum(outcome.silent) / 40 < 30
    assert outcome.closest >= 0.9


def test_one_datagram_in_ten_lost_is_one_node_in_five_passed_over() -> None:
    """A question is not repeated: four of five lookups hear from the closest, the others from the next."""
    pump = copy_grown(256)
    pump.loss = 10
    outcome = look_up(pump, 60, 20)

    assert 0.1 < sum(outcome.silent) / sum(outcome.asked) < 0.3
    assert 0.65 <= outcome.closest < 1


def make_net(honest: int, others: dict[str, tuple[type, dict[str, Any]]], **policy: Any) -> Pump:
    """Honest nodes n0, n1, ... join first, then the others."""
    pump = Pump(3)
    for name in others:
        pump.reserve(name)
    for number in range(honest):
        join(pump, name_of(number), KademliaNode, bootstrap=["n0"] if number else [], **policy)
    for name, (kind, own) in others.items():
        join(pump, name, kind, bootstrap=["n0"], **policy, **own)
    pump.run(pump.now + 5 * SECOND)
    return pump


def join(pump: Pump, name: str, kind: Any, **policy: Any) -> None:
    """One node more."""
    pump.add(name, kind, {**QUIET, "k": K, "stale_after": 1, **policy})
    pump.start(name)
    pump.run(pump.now + BETWEEN_JOINS)


@pytest.mark.parametrize("lie", LIES)
def test_with_a_fifth_of_liars_lookups_still_find_the_closest(lie: str) -> None:
    """80 honest, 20 liars. Only a forged value hurts: nobody can tell it from a true one."""
    pump = make_net(80, {f"liar{number}": (KademliaLiar, {"lie": lie}) for number in range(20)})
    honest, luck = [name_of(number) for number in range(80)], CounterRandom(9)
    ids = {pump.nodes[name].own.id for name in honest}
    found, true, asked = 0, 0, 0
    for number in range(20):
        name = luck.choice(honest)
        facts = ask(pump, LookUp(name, f"target {number}"))
        wanted = sorted(
            ids - {pump.nodes[name].own.id}, key=lambda node: node ^ read_target(f"target {number}")
        )
        told = [int(node, 16) for node in facts["closest"]]
        found += [node for node in told if node in ids][:1] == wanted[:1]
        asked += facts["asked"]
        ask(pump, PutValue(luck.choice(honest), f"key {number}", "true"))
        pump.run(pump.now + SECOND)
        true += ask(pump, GetValue(luck.choice(honest), f"key {number}"))["value"] == "true"

    assert 20 == found
    assert (8 < true < 20) if lie == "value" else true == 20
    assert (asked / 20 > 2 * K) == (lie == "fake"), "made-up contacts cost a question and a timeout each"


@pytest.mark.parametrize(
    ("lie", "reason"), [("malformed", "malformed "), ("unasked", "nobody asked for its ")]
)
def test_what_liars_do_wrong_on_the_wire_is_noted(lie: str, reason: str) -> None:
    """By who they are, and with no other effect."""
    pump = make_net(20, {"liar": (KademliaLiar, {"lie": lie})})
    pump.notes = {"n3": []}
    pump.order(LookUp("n3", f"{pump.nodes['liar'].own.id:040x}"))
    pump.run(pump.now + 5 * SECOND)
    faults = [facts for topic, facts in pump.notes["n3"] if topic == "peer misbehaved"]

    liar = pump.contacts["liar"]
    assert faults and {f"{liar.ip}:{liar.port}"} == {facts["from"] for facts in faults}
    assert all(facts["reason"].startswith(reason) for facts in faults)


def eclipse(sybils: int, **policy: Any) -> float:
    """Sybils sit around a key before something is stored under it; the share of 40 peers who find it."""
    names = [f"sybil{number}" for number in range(sybils)]
    own = {"target": "song", "near": 16, "fellows": names}
    pump = make_net(100, {name: (KademliaSybil, own) for name in names}, **policy)
    ask(pump, PutValue("n5", "song", "la"))
    pump.run(pump.now + SECOND)
    return sum(ask(pump, GetValue(name_of(number), "song"))["value"] == "la" for number in range(10, 50)) / 40


def test_a_key_is_lost_when_as_many_sybils_as_copies_sit_around_it() -> None:
    """K = 10 in a network of 100. Half as many do nothing: the others keep it."""
    table = {entry.name: entry.judgements[STRUCTURED].measured for entry in PROPERTIES}

    assert [1.0, 1.0, 0.0] == [eclipse(sybils) for sybils in (0, K // 2, K)]
    assert 0.0 == table["robust to attacks and failures"]


def test_ids_that_are_hashes_of_addresses_keep_sybils_away_from_a_key() -> None:
    """Thirty of them land anywhere. To have ten at the key they would need about a thousand addresses."""
    assert 1.0 == eclipse(30, checks_ids=True)
    assert 1_010 == compute_addresses_for_sybils(100, 10)


def test_sybils_that_come_too_late_must_wait_for_the_value_to_expire() -> None:
    """Whoever keeps it is still asked on the way to them."""
    names = [f"sybil{number}" for number in range(K)]
    pump = make_net(100, {})
    ask(pump, PutValue("n5", "song", "la"))
    for name in names:
        pump.reserve(name)
    for name in names:
        join(pump, name, KademliaSybil, target="song", near=16, fellows=names, bootstrap=["n0"])
    found = sum(ask(pump, GetValue(name_of(number), "song"))["value"] == "la" for number in range(10, 50))

    assert 20 < found <= 40
