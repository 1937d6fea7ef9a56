"""Questions with a time to live: how far they get, at what price, what they find. 2,000 peers of 4 lines."""

from functools import cache
from statistics import mean

import pytest
from networkx import Graph, shortest_path_length
from support.gossip_pump import Pump, make_names

from blockchain_lab.base.actions import FindProviders, SetPolicy
from blockchain_lab.base.errors import UsageError
from blockchain_lab.overlay.theory_evolution import compute_hit_rate, compute_tree_reach
from blockchain_lab.overlay.topologies import random_regular, ring

PEERS, DEGREE = 2_000, 4
NAMES = make_names(PEERS)
ASKERS = [f"p{number}" for number in range(0, PEERS, 200)]
# What another implementation of the same rules gave on another such network: time to live, reach, messages.
TABLE = {3: (52, 52), 4: (156, 159), 5: (433, 466), 6: (1_040, 1_300), 7: (1_785, 3_131), 8: (1_998, 5_372)}


@cache
def make(replicas: int = 0) -> Pump:
    """A network with all lines open; the song is at every so-and-so-many-th peer. Nobody may change it."""
    pump = Pump(
        NAMES,
        {"patience": 3_000_000},
        random_regular(NAMES, DEGREE, seed=1),
        kinds=dict.fromkeys(NAMES, "gnutella"),
    )
    pump.run(1)
    for number in range(replicas):
        pump.publish(f"p{number * PEERS // replicas + 7}", "song")
    return pump


def ask(pump: Pump, ttl: int, askers: list[str] = ASKERS) -> list[tuple[int, int, bool]]:
    """Let each ask with this time to live: (peers that saw it, the asker included; `seek`s sent; found)."""
    for node in pump.nodes.values():
        node.setup.policy["ttl"] = ttl
        node.on_command(SetPolicy("", "ttl", ttl), pump.now)
    results = []
    for asker in askers:
        pump.forget_counts()
        pump.notes.clear()
        node = pump.nodes[asker]
        pump.carry_out(asker, node.on_command(FindProviders(asker, "song"), pump.now))
        pump.run(5)
        topics = [topic for _, topic, _ in pump.notes]
        results.append((1 + topics.count("query reached"), pump.count["seek"], "query answered" in topics))
        node.files.pop("song", None)  # it may have fetched it: the next question finds what this one found
    return results


@cache
def measure(ttl: int) -> tuple[float, float]:
    """Mean reach and mean number of messages, where nobody has the song."""
    results = ask(make(), ttl, ASKERS[:5])
    return mean(reach for reach, _, _ in results), mean(sent for _, sent, _ in results)


@pytest.mark.parametrize("ttl", TABLE)
def test_reach_and_price_by_time_to_live(ttl: int) -> None:
    """Within 5 % of the table: seven lines reach nine tenths of 2,000 peers, for 1.75 messages a peer."""
    reach, sent = measure(ttl)
    expected_reach, expected_sent = TABLE[ttl]

    assert expected_reach == pytest.approx(reach, rel=0.05)
    assert expected_sent == pytest.approx(sent, rel=0.05)
    assert reach <= compute_tree_reach(DEGREE, ttl)


def test_the_tree_is_the_bound() -> None:
    """1 + 4 + 12 + 36 + ...: the first steps reach all of it, the seventh not two thirds."""
    assert [1, 5, 17, 53, 161] == [compute_tree_reach(4, ttl) for ttl in range(5)]
    assert measure(3)[0] > 0.95 * compute_tree_reach(4, 3)
    assert measure(7)[0] < 0.62 * compute_tree_reach(4, 7)
    with pytest.raises(UsageError):
        compute_tree_reach(0, 3)


@pytest.mark.parametrize(("ttl", "expected"), [(2, 0.08), (3, 0.23), (4, 0.54), (5, 0.88), (7, 1.0)])
def test_the_formula_gives_the_table_of_hits(ttl: int, expected: float) -> None:
    """One peer in 200 has it: 1-(1-f)^(reach-1)."""
    reach = {2: 17, **{t: row[0] for t, row in TABLE.items()}}[ttl]

    assert expected == pytest.approx(compute_hit_rate(0.005, reach), abs=0.01)


def test_rare_files_are_found_as_often_as_the_formula_says() -> None:
    """Ten of 2,000 have the song; 100 ask. Four standard deviations of 100 throws: +-0.2 at the widest."""
    pump = make(replicas=10)
    askers = [f"p{number}" for number in range(0, PEERS, 20)]
    for ttl in (3, 4, 5):
        results = ask(pump, ttl, askers)
        found = mean(found for _, _, found in results)
        rate = compute_hit_rate(0.005, mean(reach for reach, _, _ in results))
        spread = (rate * (1 - rate) / len(askers)) ** 0.5

        assert abs(found - rate) < 4 * spread


def test_an_answer_goes_back_the_way_of_the_question() -> None:
    """As many hits as hops: from peer to peer, and each of them is told by whom it was asked."""
    pump = make(replicas=1)
    graph = Graph(pump.edges)
    asker = next(name for name in NAMES if shortest_path_length(graph, "p7", name) == 5)
    ask(pump, 7, [asker])

    assert 5 == pump.count["hit"]
    assert (1, 1) == (pump.count["fetch"], pump.count["file"])


def test_one_line_too_far_is_too_far() -> None:
    """A holder five lines away: time to live 4 misses it, 5 finds it. The same without anybody else."""
    names = make_names(6)
    chain = tuple((f"p{at}", f"p{at + 1}") for at in range(5))
    for ttl, expected in ((4, False), (5, True)):
        pump = Pump(names, {"ttl": ttl}, chain, kinds=dict.fromkeys(names, "gnutella"))
        pump.run(1)
        pump.publish("p5", "song")
        pump.carry_out("p0", pump.nodes["p0"].on_command(FindProviders("p0", "song"), pump.now))
        pump.run(30)

        assert expected == ("song" in pump.nodes["p0"].files)
        assert (not expected) == ("query failed" in [topic for _, topic, _ in pump.notes])


def test_the_formula_at_its_ends() -> None:
    """Nobody else is asked: nothing is found. Everybody has it: one other is enough."""
    assert 0.0 == compute_hit_rate(0.5, 1)
    assert 1.0 == compute_hit_rate(1.0, 2)
    with pytest.raises(UsageError):
        compute_hit_rate(0.5, 0)
    with pytest.raises(UsageError):
        compute_hit_rate(1.5, 2)


def test_publishing_costs_nothing() -> None:
    """A peer's files are its own business until somebody asks."""
    names = make_names(10)
    pump = Pump(names, {}, ring(names), kinds=dict.fromkeys(names, "gnutella"))
    pump.run(1)
    pump.forget_counts()
    pump.publish("p7", "song")
    pump.run(5)

    assert 0 == pump.count.total()
