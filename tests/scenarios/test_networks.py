"""Gossip in the simulator, from scenarios that are made in Python: measured, replayed, as bytes."""

import pytest

from blockchain_lab.base.actions import Publish
from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.gossip_messages import Item
from blockchain_lab.overlay.gossip_policy import LINES, PROTOCOLS
from blockchain_lab.overlay.measures_gossip import (
    compute_bytes_per_peer,
    compute_coverage,
    count_bytes,
    count_duplicates,
    count_messages,
    count_rounds,
    find_learning,
    get_curve,
)
from blockchain_lab.overlay.theory_gossip import compute_push_pull_rounds, count_flood_messages
from blockchain_lab.overlay.topologies import get_latencies, k_out, ring
from blockchain_lab.scenarios.networks import make_layout, make_names, make_network
from blockchain_lab.sim.actions import Kill, Revive
from blockchain_lab.sim.scenario_json import scenario_from_json, scenario_to_json

NAMES = make_names(30)
NEWS = Item("hello").name.hex()


def play(protocol: str, **options: object) -> Lab:
    """30 peers, 3 dialled by each; after 4.5 s one of them says hello, and half a minute goes by."""
    edges = k_out(NAMES, 3, seed=1) if protocol in LINES else ()
    policy = {"protocol": protocol, "fanout": 8, "announce_to": 1, "reconcile_every": 2 * SECOND}
    lab = Lab(make_network(NAMES, "gossip", edges, policy), **options)
    lab.run(until=4_500_000)
    lab.do(Publish("p3", "hello"))
    lab.run(until=35 * SECOND)
    return lab


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_each_protocol_tells_everybody(protocol: str) -> None:
    """On links of 10 to 200 ms. Notes, nodes and measures agree, and the first one to know is who said it."""
    lab = play(protocol)
    learning = find_learning(lab.trace)

    assert 1.0 == compute_coverage(learning, NEWS, 30)
    assert (0, 1) == get_curve(learning, NEWS)[0]
    assert 30 == get_curve(learning, NEWS)[-1][1]
    assert 3 == next(iter(learning[NEWS]))
    for number, name in enumerate(NAMES):
        (learned,) = lab.peer(name).ground.items.values()
        assert learned.at == learning[NEWS][number]
    nodes = sum(lab.peer(name).ground.duplicates for name in NAMES)
    assert nodes == count_duplicates(lab.trace)[NEWS]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_bytes_and_objects_and_a_rebuilt_world_agree(protocol: str) -> None:
    """With wire=True each hop is decoded from bytes; the state in the past is rebuilt from the inbox."""
    objects, wire = play(protocol), play(protocol, wire=True)
    world, _ = objects.timeline.rebuild(objects.head, level="full")

    assert objects.digest() == wire.digest()
    assert objects.state_digest() == wire.state_digest() == world.state_digest()


def test_measures_of_a_flood() -> None:
    """2m - (n - 1) rumours; bytes are messages times their size; nothing else is said."""
    lab = play("flood")
    lines = len(lab.scenario.topology.edges)
    copies = count_flood_messages(30, lines)

    assert {"rumour": copies} == dict(count_messages(lab.trace))
    assert {"rumour": copies * (24 + 1 + 2 + 5)} == dict(count_bytes(lab.trace))
    assert copies * 32 / 30 == compute_bytes_per_peer(count_bytes(lab.trace), 30, 1)
    assert {NEWS: copies - 29} == count_duplicates(lab.trace)


def test_rounds_in_the_simulator() -> None:
    """Push-pull, one round a second, on real links: within 3 rounds of theory for 30 peers (5)."""
    lab = play("push-pull")

    assert compute_push_pull_rounds(30) == pytest.approx(
        count_rounds(find_learning(lab.trace), NEWS, SECOND), abs=3
    )


def test_what_was_published_survives_a_restart() -> None:
    """A peer dies and comes back: its items are on its disk, what it has missed a neighbour tells it."""
    lab = play("inv")
    lines = len(lab.peer("p5").ground.lines)
    lab.do(Kill("p5"))
    lab.do(Publish("p7", "meanwhile"))
    lab.run(until=lab.now + SECOND)
    lab.do(Revive("p5"))
    at_once = len(lab.peer("p5").ground.items)
    lab.run(until=lab.now + 20 * SECOND)

    assert [1, 2] == [at_once, len(lab.peer("p5").ground.items)]
    assert lines == len(lab.peer("p5").ground.lines) > 3, "those who had dialled it dial again"


def test_an_impossible_publication_is_refused_before_it_happens() -> None:
    """Twice the same, or to somebody who is off."""
    lab = play("flood")
    with pytest.raises(UsageError, match="Publish: p4 has heard of 'hello' already"):
        lab.do(Publish("p4", "hello"))
    lab.do(Kill("p4"))
    with pytest.raises(UsageError, match="p4 is off"):
        lab.do(Publish("p4", "again"))


def test_regions_become_latencies() -> None:
    """What `get_latencies` makes of edges and regions is what the links take; and JSON holds all of it."""
    names = make_names(3)
    edges = ring(names)
    regions = dict(zip(names, ("europe", "europe", "japan"), strict=True))
    scenario = make_network(names, "gossip", edges, {}, between=get_latencies(edges, regions))

    assert [11_000, 252_000, 252_000] == scenario.get_latencies()
    assert scenario == scenario_from_json(scenario_to_json(scenario))


def test_mistakes_are_refused() -> None:
    """A kind for a peer that is not there, a policy that no node knows, a network of nobody."""
    with pytest.raises(UsageError, match="kinds: zoe are no peers of this network"):
        make_network(NAMES, "gossip", kinds={"zoe": "gossip-liar"})
    with pytest.raises(ScenarioError, match=r"peers.p0: policy.protocol: found 'shout'"):
        Lab(make_network(NAMES, "gossip", policy={"protocol": "shout"}))
    with pytest.raises(UsageError, match="count: found 0, wanted at least 1"):
        make_names(0)


def test_everybody_has_a_place_of_its_own() -> None:
    """Within 700 x 420, on rings inside one another."""
    layout = make_layout(make_names(200))

    assert 200 == len(set(layout.values()))
    assert {True} == {0 <= x <= 700 and 0 <= y <= 420 for x, y in layout.values()}
