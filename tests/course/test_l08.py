"""Lesson 8: table and flood over several seeds, distance by its definition, the tasks, the full table."""

import networkx
import pytest

from blockchain_lab.course import l08_ids as ids
from blockchain_lab.course import l08_runs as runs
from blockchain_lab.course import l08_table as table
from blockchain_lab.course.l08_tasks import SPEND, SURROUND, count_spam, get_hirelings
from blockchain_lab.course.l08_trust import SYSTEMS, find_what_attack_needs, find_what_proves_itself
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.kademlia_ids import get_shared_bits, hash_to_id
from blockchain_lab.overlay.properties import PROPERTIES

SEED = 7


@pytest.mark.parametrize("seed", [SEED, 100])
def test_a_lookup_is_cheap_and_a_flood_is_quick(seed: int) -> None:
    """Some eight messages against 325; a quarter of a second against less."""
    found = runs.measure_searches(seed, 0)
    lookup, flood = found[runs.TABLE], found[runs.GRAPH]

    assert [1, 1] == [lookup.found, flood.found]
    assert 6 <= lookup.messages <= 12
    assert 323 < flood.messages <= 323 + 3, "the questions, and the answer's way back"
    assert flood.seconds < lookup.seconds < 0.5


def test_when_half_have_gone_the_lookup_waits_and_the_flood_does_not() -> None:
    """A second for everyone who does not answer; with fewer lines a flood is even cheaper."""
    before, after = runs.measure_searches(SEED, 0), runs.measure_searches(SEED, 50)

    assert after[runs.TABLE].seconds > 1 > after[runs.GRAPH].seconds
    assert 1 == after[runs.GRAPH].found
    assert after[runs.GRAPH].messages < 0.7 * before[runs.GRAPH].messages
    assert "50 %" in repr(runs.Race({0: before, 50: after}))


def test_a_flood_costs_what_the_formula_says_whoever_asks() -> None:
    """2m - (n - 1), counted in another learner's run; the graph as another library sees it."""
    graph = networkx.Graph(Lab(runs.STORY).scenario.topology.edges)

    assert 2 * graph.number_of_edges() - (len(graph) - 1) == runs.get_flood(0) == runs.count_flood(103)
    assert 6 == min(degree for _, degree in graph.degree)
    assert 3 < networkx.node_connectivity(graph), "so three bought peers cut nobody off"


@pytest.mark.parametrize("seed", range(30))
def test_the_three_closest_share_the_most_bits(seed: int) -> None:
    """XOR by its definition: whoever is closer never shares fewer bits at the beginning."""
    key, closest = ids.get_key_of(seed), ids.find_closest(seed)
    shared = [get_shared_bits(ids.PEERS[name], key) for name in closest]
    others = [get_shared_bits(own, key) for name, own in ids.PEERS.items() if name not in closest]

    assert sorted(shared, reverse=True) == shared
    assert max(others) <= min(shared)
    assert closest != ids.find_by_difference(seed), "else subtraction would pass"


@pytest.mark.parametrize("seed", [201, 202])
def test_three_with_the_right_ids_own_a_key_for_everybody(seed: int) -> None:
    """And three with others do not: it is the ids that the attack lives on."""
    assert SURROUND.judge(SURROUND.answer(seed), seed).is_right
    assert "b" == find_what_attack_needs(seed)


def test_three_of_the_nine_for_hire_are_closer_to_the_song_than_anybody_honest() -> None:
    """What the story promises, by their ids."""
    key = hash_to_id("song")
    hired, peers = get_hirelings(), Lab("chosen_ids").scenario.peers
    honest = min(hash_to_id(name) ^ key for name in peers if name not in hired)

    assert ["x2", "x4", "x9"] == sorted(name for name, own in hired.items() if own ^ key < honest)


def test_the_same_spam_bothers_a_handful_or_all() -> None:
    """Five questions on each side: five floods, and five lookups of some ten messages."""
    counts = count_spam(SPEND.answer(SEED))

    assert 5 * 323 == counts["asking everybody"]
    assert 5 * 6 <= counts["hash table"] <= 5 * 14
    assert {"hash table": 0, "asking everybody": 0} == count_spam(Lab(runs.STORY, seed=SEED))


def test_the_table_fills_itself_and_agrees_with_the_judgement() -> None:
    """All seven in the lecture's order; five have numbers, and a star where one is better."""
    filled = table.fill_table(SEED)

    assert [entry.name for entry in PROPERTIES] == [row.name for row in filled.rows]
    assert [2, 2, 2, 2, 2, 0, 0] == [sum(cell != "" for cell in row.get_cells()) for row in filled.rows]
    assert table.get_better(SEED) == table.measure_better(SEED)
    assert 4 == repr(filled).count("★") == filled._repr_html_().count("★")


@pytest.mark.parametrize(
    ("values", "is_less_better", "better"),
    [((1, 1), False, "both"), ((8, 325), True, "table"), ((0, 1), False, "graph"), ((1, 1.4), False, "both"),
     ((None, 3), False, "both"), ((9, 2), False, "table"), ((9, 2), True, "graph")],
)  # fmt: skip
def test_a_star_needs_half_as_much_again(values: tuple, is_less_better: bool, better: str) -> None:
    """Small differences are luck."""
    assert better == table.Row("", "", *values, is_less_better=is_less_better).better


def test_only_what_is_named_by_its_hash_proves_itself() -> None:
    """A name is hashed, too, but its value is not."""
    assert "b" == find_what_proves_itself(SEED)
    assert {"table", "graph", "centre"} == {system.kind for system in SYSTEMS.values()}
