"""Gossip along the lines of a network: what each item costs when it is flooded, named, compared or treed."""

from collections import Counter

import pytest
from support.gossip_pump import Edges, Pump, make_names

from blockchain_lab.overlay.gossip_messages import Have, Item, Want
from blockchain_lab.overlay.theory_gossip import (
    compute_flood_bytes,
    compute_inv_bytes,
    count_flood_messages,
    count_tree_messages,
)
from blockchain_lab.overlay.topologies import k_out, mesh, random_regular, ring, watts_strogatz

HAVE, WANT = Have((bytes(32),)).size, Want((bytes(32),)).size  # bytes, each with one name
TEXT = "x" * 240  # with its number, length and envelope: an item of 276 bytes


def play(protocol: str, peers: int, edges: Edges, *, items: int = 1, **policy: int) -> Pump:
    """Open all lines, then publish one item a second, each by another peer; count only what that costs."""
    pump = Pump(make_names(peers), {"protocol": protocol, **policy}, edges)
    pump.run(1)
    pump.forget_counts()
    for number in range(items):
        pump.publish(f"p{number * 7 % peers}", f"{TEXT}{number:010}")
        pump.run(1)
    pump.run(30)
    return pump


def count_items(pump: Pump) -> Counter[int]:
    """How many items how many nodes have."""
    return Counter(len(node.ground.items) for node in pump.nodes.values())


@pytest.mark.parametrize(
    "edges",
    [
        ring(make_names(60)),
        mesh(make_names(60)),
        k_out(make_names(60), 4, seed=1),
        random_regular(make_names(60), 5, seed=2),
        watts_strogatz(make_names(60), 4, 0.2, seed=3),
    ],
    ids=["ring", "mesh", "4-out", "5-regular", "small world"],
)
def test_flooding_costs_exactly_two_copies_a_line_less_a_tree(edges: Edges) -> None:
    """2m - (n - 1) messages for each item, whatever the network is like."""
    pump = play("flood", 60, edges, items=3)

    assert Counter({3: 60}) == count_items(pump)
    assert Counter({"rumour": 3 * count_flood_messages(60, len(edges))}) == pump.count
    duplicates = sum(node.ground.duplicates for node in pump.nodes.values())
    assert duplicates == pump.count["rumour"] - 3 * 59


@pytest.mark.parametrize("degree", [8, 16])
def test_names_are_cheaper_than_items(degree: int) -> None:
    """Bytes of a peer for an item: one or two names on each of d/2 lines, one question, one item."""
    edges = random_regular(make_names(100), degree, seed=1)
    flood, inv = play("flood", 100, edges, items=5), play("inv", 100, edges, items=5)
    item = Item(TEXT + "0" * 10).size
    flooded, named = (pump.size.total() / 500 for pump in (flood, inv))

    assert compute_flood_bytes(degree, item + 1) == pytest.approx(flooded, rel=0.01)
    bounds = compute_inv_bytes(degree, item, HAVE, WANT)
    assert bounds.least * 0.98 < named < bounds.most
    assert Counter({5: 100}) == count_items(inv)
    assert {"item": 5 * 99, "want": 5 * 99} == {word: inv.count[word] for word in ("item", "want")}
    assert 0 == sum(node.ground.duplicates for node in inv.nodes.values())
    assert 5 * len(edges) <= inv.count["have"] <= 5 * (2 * len(edges) - 99), "nobody is told back"


def test_the_lecture_s_table_of_flood_and_inv() -> None:
    """250 bytes, in messages of Bitcoin's sizes: at 8 lines 1,918 against 579, at 125 33,976 and 4,148."""
    table = {8: (1_918, 579), 16: (4_110, 823), 32: (8_494, 1_311), 125: (33_976, 4_148)}
    for degree, (flood, inv) in table.items():
        assert flood == compute_flood_bytes(degree, 24 + 250)
        assert inv == pytest.approx(compute_inv_bytes(degree, 24 + 250, 61, 61).least, abs=1)


def test_comparing_sets_saves_a_third_of_the_bytes_and_takes_longer() -> None:
    """16 lines dialled, 32 in all. Erlay tells one and compares with the others: 0.63 of inv's bytes."""
    edges = tuple(k_out(make_names(60), 16, seed=1))
    inv, erlay = play("inv", 60, edges, items=20), play("erlay", 60, edges, items=20, announce_to=1)
    item_bytes = inv.size["item"]

    assert Counter({20: 60}) == count_items(inv) == count_items(erlay)
    assert item_bytes == erlay.size["item"], "each peer still gets each item once"
    assert erlay.size.total() - item_bytes < 0.6 * (inv.size.total() - item_bytes)
    assert erlay.size.total() < 0.66 * inv.size.total()
    assert get_slowest(inv) < get_slowest(erlay)
    compared = [facts for _, topic, facts in erlay.notes if topic == "sets compared"]
    failed = sum(facts["differing"] is None for facts in compared)
    assert failed < 0.05 * len(compared), "now and then a sketch is too small, and all is announced"


def get_slowest(pump: Pump) -> int:
    """How long an item took to the last peer, on average; microseconds."""
    times: dict[bytes, list[int]] = {}
    for node in pump.nodes.values():
        for name, learned in node.ground.items.items():
            times.setdefault(name, []).append(learned.at)
    return sum(max(at) - min(at) for at in times.values()) // len(times)


def test_more_bytes_are_saved_the_more_lines_there_are() -> None:
    """Erlay's point: a line more costs it hardly anything, so a peer can afford more of them."""
    shares = []
    for outbound in (4, 16):
        edges = tuple(k_out(make_names(60), outbound, seed=1))
        inv, erlay = play("inv", 60, edges, items=20), play("erlay", 60, edges, items=20, announce_to=1)
        shares.append(erlay.size.total() / inv.size.total())

    assert shares[1] < shares[0] < 1


def test_a_sketch_that_is_too_small_is_made_up_for() -> None:
    """Each side has 60 items that the other lacks; the guess was a quarter: both tell all that they have."""
    pump = Pump(["ann", "bob"], {"protocol": "erlay", "announce_to": 0}, (("ann", "bob"),))
    pump.run(0.02)
    for number in range(120):
        pump.publish(("ann", "bob")[number % 2], f"item {number}")
    pump.run(30)
    compared = [facts["differing"] for _, topic, facts in pump.notes if topic == "sets compared"]

    assert None is compared[0]
    assert Counter({120: 2}) == count_items(pump)


def test_the_tree_carries_each_item_n_minus_one_times() -> None:
    """The first item prunes the network to a tree; from then on no copy is one too many."""
    edges = tuple(k_out(make_names(100), 4, seed=1))
    pump = Pump(make_names(100), {"protocol": "plumtree"}, edges)
    pump.run(1)
    pump.publish("p0", "first")
    pump.run(30)
    first = pump.count["rumour"]
    pump.forget_counts()
    for number in range(5):
        pump.publish("p0", f"item {number}")
        pump.run(10)

    assert count_flood_messages(100, len(edges)) == first
    assert {5: count_tree_messages(100)} == {5: pump.count["rumour"] / 5}
    assert Counter({"rumour": 5 * 99, "i-have": pump.count["i-have"]}) == pump.count, "no graft, no prune"
    assert pump.count["i-have"] <= 5 * (2 * len(edges) - 99)
    eager = sum(len(node.protocol.eager) for node in pump.nodes.values())
    assert 2 * 99 == eager, "each end of each line of the tree"
    assert Counter({6: 100}) == count_items(pump)


def test_a_broken_tree_is_mended_by_the_names() -> None:
    """A tenth of the peers die at once: the next item reaches all others, the one after is on a tree."""
    names = make_names(100)
    edges = tuple(k_out(names, 4, seed=1))
    pump = Pump(names, {"protocol": "plumtree"}, edges)
    pump.run(1)
    for number in range(2):
        pump.publish("p0", f"item {number}")
        pump.run(30)
    for name in names[5::10]:
        pump.kill(name)
    pump.run(1)
    pump.forget_counts()
    pump.publish("p0", "after the failure")
    pump.run(30)
    grafts = pump.count["graft"]
    pump.forget_counts()
    pump.publish("p0", "mended")
    pump.run(30)

    assert 90 == len(pump.nodes)
    assert Counter({4: 90}) == count_items(pump)
    assert grafts > 0
    assert count_tree_messages(90) == pump.count["rumour"]


@pytest.mark.parametrize(("shortcut", "farthest"), [(3, [6, 11, 10, 9, 8, 7, 7]), (20, [6] + [11] * 6)])
def test_a_shorter_way_takes_the_longer_one_s_place(shortcut: int, farthest: list[int]) -> None:
    """A ring of twelve, pruned on the side away from p0. Then p6 speaks: its items go the whole way round.

    Each item's name goes the short way. So its last receiver changes its line, and the cut moves on by one
    peer an item, until it lies across from p6; it does not where no shortcut is short enough.
    """
    names = make_names(12)
    pump = Pump(names, {"protocol": "plumtree", "shortcut": shortcut}, tuple(ring(names)))
    pump.run(1)
    hops = []
    for number in range(7):
        pump.publish("p6" if number else "p0", f"item {number}")
        pump.run(10)
        name = Item(f"item {number}").name
        hops.append(max(node.ground.items[name].hops for node in pump.nodes.values()))

    assert farthest == hops


@pytest.mark.parametrize("protocol", ["inv", "erlay", "plumtree"])
def test_who_comes_late_hears_what_it_has_missed(protocol: str) -> None:
    """A line between two halves opens when one is away no more: old news crosses it, too."""
    pump = Pump(["ann", "bob", "cat"], {"protocol": protocol}, (("ann", "bob"), ("cat", "bob")))
    bob = pump.nodes.pop("bob")
    pump.publish("ann", "old news")
    pump.run(2)
    pump.nodes["bob"] = bob
    pump.run(60)

    assert Counter({1: 3}) == count_items(pump)


def test_no_more_lines_than_allowed() -> None:
    """Twelve peers dial one that takes five: the others are told so, and try again."""
    names = make_names(13)
    edges = tuple((name, "p0") for name in names[1:])
    pump = Pump(names, {"protocol": "inv", "most_lines": 5, "redial_after": 1_000_000}, edges)
    pump.run(0.5)
    first = len(pump.nodes["p0"].ground.lines)
    pump.kill("p1")
    pump.run(5)

    assert [5, 5] == [first, len(pump.nodes["p0"].ground.lines)]
    assert "p1" not in pump.ends.values()
