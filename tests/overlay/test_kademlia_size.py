"""How lookups grow with the network: 256, 1,024 and 4,096 nodes, against half of log2(n).

On the light pump. Joins are played out for 256 (with lookups in all buckets) and 1,024 (with the lookup of
one's own id only: the rest would take minutes of messages, see `benchmarks/overlay.py`). For 4,096, and for
all networks with one contact in a bucket, tables are filled with random nodes of each distance: with k = 1
a table that has grown by joins has holes, which is what larger buckets are for.
"""

from functools import cache
from math import log2

import pytest
from support.datagram_pump import Pump
from support.kademlia_nets import Outcome, count_distances, get_mean, look_up, make_ideal, read_grown

from blockchain_lab.overlay.theory_dht import compute_buckets, compute_contacts, compute_kademlia_hops

SIZES = (256, 1_024, 4_096)
K = 20
LOOKUPS = 60


@cache
def read_ideal(count: int, k: int) -> Pump:
    """Made once; nobody may change it."""
    return make_ideal(count, k)


@cache
def read_lookups(count: int, kind: str) -> Outcome:
    """The lookups of one network: "narrow" with k = 1, "ideal", or "grown" by joins."""
    if kind == "narrow":
        return look_up(read_ideal(count, 1), 2 * LOOKUPS, 1)
    pump = read_ideal(count, K) if kind == "ideal" else read_grown(count, count == 256)
    return look_up(pump, LOOKUPS, K)


@pytest.mark.parametrize("count", SIZES)
def test_with_one_contact_in_a_bucket_a_lookup_takes_half_of_log2_n_hops(count: int) -> None:
    """Mean within 0.7. No lookup takes more than the height of the node that it finds.

    At each hop one more bit is shared with the closest node (the paper's §3), so the bound is not log2(n) but
    the height h of that node: how many bits tell it from all others. It is over log2(n) + c for one node in
    2**c at most, as each of n others shares so many bits with a chance of 1 / (n 2**c). So no fixed number of
    hops over log2(n) is a bound; the paper says "a constant, with overwhelming probability".
    """
    outcome = read_lookups(count, "narrow")
    hops, heights = outcome.hops, outcome.heights

    assert abs(get_mean(hops) - compute_kademlia_hops(count)) < 0.7
    assert all(hop <= height for hop, height in zip(hops, heights, strict=True))
    for c in (1, 2, 3):
        share = 2**-c
        spread = 4 * (share * (1 - share) / len(heights)) ** 0.5
        assert sum(height > log2(count) + c for height in heights) / len(heights) < share + spread


@pytest.mark.parametrize(
    ("count", "kind"), [*((n, "ideal") for n in SIZES), (256, "grown"), (1_024, "grown")]
)
def test_with_twenty_every_lookup_finds_the_closest_in_few_hops_and_few_questions(
    count: int, kind: str
) -> None:
    """All 20 closest, in 20 to 30 questions, at a mean depth of log2(n) / 3 + 1 at most."""
    outcome = read_lookups(count, kind)

    assert [1.0, 1.0] == [outcome.closest, outcome.all_closest]
    assert K <= get_mean(outcome.asked) <= 1.5 * K
    assert get_mean(outcome.hops) <= log2(count) / 3 + 1
    assert max(outcome.hops) <= log2(count) / 3 + 2
    assert 0 == sum(outcome.silent)


@pytest.mark.parametrize("count", SIZES)
def test_ideal_tables_hold_what_counting_says(count: int) -> None:
    """20 of each distance class or all there are; a third more than log2(n) classes have somebody in them."""
    pump = read_ideal(count, K)
    names = list(pump.nodes)[:200]
    for name in names:
        pump.asleep.pop(name, int)()
    nodes = [pump.nodes[name] for name in names]

    assert abs(get_mean(len(node.table) for node in nodes) - compute_contacts(count, K)) < 3
    distances = get_mean(count_distances(node.table, node.own.id) for node in nodes)
    assert abs(distances - compute_buckets(count)) < 0.3


def test_tables_that_grew_by_joins_hold_most_of_that() -> None:
    """Who joined early knows few of those who came late; refreshing every hour mends it."""
    nodes = read_grown(256, True).nodes.values()
    contacts = get_mean(len(node.table) for node in nodes)

    assert 0.8 * compute_contacts(256, K) < contacts < 1.1 * compute_contacts(256, K)
    assert all(count_distances(node.table, node.own.id) >= 5 for node in nodes)


def test_four_times_the_nodes_cost_one_hop_more() -> None:
    """Sixteen times: two. In a network that floods, sixteen times the messages."""
    small, large = (get_mean(read_lookups(count, "narrow").hops) for count in (256, 4_096))

    assert abs(large - small - 2) < 0.7
