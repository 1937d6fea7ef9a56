"""Against the `kademlia` package of PyPI, 2.2.3: distances, buckets, and what lookups find.

Where the two differ on purpose, the difference is taken out first, and said: it takes a bucket's depth from
what is in it, we (as the paper) from its range; it walks to neighbouring buckets in turn, so what it tells
may not be the closest that it knows.
"""

import asyncio
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kademlia import routing
from kademlia.crawling import NodeSpiderCrawl
from kademlia.node import Node
from kademlia.utils import digest
from support.kademlia_nets import look_up, make_ideal

from blockchain_lab.base.units import Address
from blockchain_lab.overlay.kademlia_contacts import Contact
from blockchain_lab.overlay.kademlia_ids import (
    ID_BITS,
    LAST_ID,
    get_distance,
    hash_to_id,
    read_target,
    write_id,
)
from blockchain_lab.overlay.kademlia_table import RoutingTable

IDS = st.integers(0, LAST_ID)
HERE = Address("10.0.0.1", 1)
DEPTH_LIMIT = 5  # the b that it has built in


class Silent:
    """What its table needs of a protocol: it wants to ping, and gets no answer."""

    async def call_ping(self, node: Node) -> None:
        """Nothing happens."""


def make_theirs(own: int, k: int, ids: list[int]) -> Any:
    """Its table after it has heard of these ids, in this order."""

    async def hear() -> Any:
        table = routing.RoutingTable(Silent(), k, Node(write_id(own)))
        for node in ids:
            table.add_contact(Node(write_id(node)))
        return table

    return asyncio.run(hear())


@given(IDS, IDS)
def test_distances_are_the_same(a: int, b: int) -> None:
    """And so is the number that an id's bytes stand for."""
    assert Node(write_id(a)).distance_to(Node(write_id(b))) == get_distance(a, b)


@given(st.text(max_size=20))
def test_keys_are_hashed_alike(name: str) -> None:
    """SHA-1 of the text's bytes."""
    assert digest(name) == write_id(hash_to_id(name))


@pytest.mark.parametrize("relaxed", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_buckets_hold_the_same_contacts_in_the_same_order(
    seed: int, relaxed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """600 contacts heard of, some twice: the same buckets, and the same newcomers wait."""
    luck = random.Random(seed)
    own, k = luck.randrange(1 << ID_BITS), 8
    ids = [luck.randrange(1 << ID_BITS) for _ in range(600)]
    ids += luck.sample(ids, 100)

    def get_depth(bucket: Any) -> int:
        return ID_BITS - (bucket.range[1] - bucket.range[0] - 1).bit_length()

    monkeypatch.setattr(routing.KBucket, "depth", get_depth if relaxed else lambda bucket: 0)
    theirs = make_theirs(own, k, ids)
    ours = RoutingTable(own, k, DEPTH_LIMIT if relaxed else 1, most_spares=5 * k, keeps_neighbours=False)
    for node in ids:
        ours.observe(Contact(node, HERE))

    assert [[node.long_id for node in bucket.get_nodes()] for bucket in theirs.buckets] == [
        list(bucket.contacts) for bucket in ours.buckets
    ]
    assert [[node.long_id for node in bucket.replacement_nodes.values()] for bucket in theirs.buckets] == [
        list(bucket.spares) for bucket in ours.buckets
    ]


@pytest.mark.parametrize("seed", range(3))
def test_what_we_tell_is_never_farther_than_what_it_tells(seed: int) -> None:
    """With all contacts asked for, the same; with k of them, ours are the closest that there are."""
    luck = random.Random(seed)
    own = luck.randrange(1 << ID_BITS)
    ids = [luck.randrange(1 << ID_BITS) for _ in range(200)]
    theirs, ours = make_theirs(own, 500, ids), RoutingTable(own, 500)
    for node in ids:
        ours.observe(Contact(node, HERE))

    for _ in range(50):
        target = luck.randrange(1 << ID_BITS)
        told = [node.long_id for node in theirs.find_neighbors(Node(write_id(target)), k=500)]
        assert told == [contact.id for contact in ours.find_closest(target, 500)]
        few = [node.long_id ^ target for node in theirs.find_neighbors(Node(write_id(target)), k=20)]
        assert all(
            mine.id ^ target <= other for mine, other in zip(ours.find_closest(target, 20), few, strict=True)
        )


def test_its_crawler_finds_in_our_network_what_our_lookup_finds() -> None:
    """200 nodes of ours, asked by its lookup: the same k closest, in a like number of questions."""
    k, alpha = 20, 3
    pump = make_ideal(200, k)
    by_id = {node.own.id: node for node in pump.nodes.values()}
    asked: list[int] = []

    class Asking:
        """Puts its question to one of our tables."""

        async def call_find_node(self, peer: Node, target: Node) -> tuple[bool, list[Any]]:
            asked.append(peer.long_id)
            table = by_id[peer.long_id].table
            near = table.find_closest(target.long_id, k)
            return True, [(write_id(each.id), each.address.ip, each.address.port) for each in near]

    for name in list(pump.asleep):
        pump.asleep.pop(name)()
    source = pump.nodes["n0"]
    counts = []
    for number in range(30):
        target = read_target(f"target {number}")
        seeds = [Node(write_id(each.id), *each.address) for each in source.table.find_closest(target, k)]
        asked.clear()
        crawl = NodeSpiderCrawl(Asking(), Node(write_id(target)), seeds, k, alpha)
        found = [node.long_id for node in asyncio.run(crawl.find())]
        counts.append(len(asked))
        assert sorted(by_id, key=lambda node: node ^ target)[:k] == found, "as it should"

    ours = look_up(pump, 30, k)
    assert 1.0 == ours.all_closest
    assert abs(sum(counts) / 30 - sum(ours.asked) / 30) < 4
