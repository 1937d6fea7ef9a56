"""Peers that only cost others work: what an honest node makes of each kind of flood, and of cheap blocks."""

from typing import Any

import pytest
from support.bitcoin_pump import Pump

from blockchain_lab.base.actions import Mine, Pay
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import HOUR, MINUTE, SECOND
from blockchain_lab.bitcoin.attacks_flood import FLOODS, FloodingNode, LowWorkNode
from blockchain_lab.bitcoin.block import Block

OLD_COINS = {"mined": 101}
HARDER = {
    "network": "regtest",
    "retargeting": True,
    "minimum_difficulty_blocks": False,
    "retarget_interval": 10,
    "spacing": 60,
}


def make_street(flood: str, **policy: Any) -> Pump:
    """Two honest peers; Mallory is connected to both and floods them."""
    pump = Pump()
    pump.add("ann", disk=OLD_COINS)
    pump.add("bob", ("ann",), disk=OLD_COINS)
    pump.add("mallory", ("ann", "bob"), FloodingNode, disk=OLD_COINS, policy={"flood": flood, **policy})
    return pump


def get_last_blocks(pump: Pump, name: str, count: int) -> list[Block]:
    """The last blocks of somebody's chain."""
    chain = pump.nodes[name].chain
    return [
        chain.get_block(e.hash) for e in chain.active.get_slice(chain.height - count + 1, chain.height + 1)
    ]


@pytest.mark.parametrize("flood", FLOODS)
def test_honest_peers_go_on_whatever_floods_them(flood: str) -> None:
    """Half a minute of it: a payment and a block still come over; only stray blocks get one hung up on."""
    pump = make_street(flood)
    pump.run(until=10 * SECOND)
    pump.do("ann", Pay("ann"))
    pump.run(until=20 * SECOND)
    waiting = len(list(pump.nodes["bob"].pool))
    pump.do("bob", Mine("bob"))
    pump.run(until=30 * SECOND)

    assert 1 == waiting
    assert 102 == pump.nodes["ann"].chain.height
    assert [1, 2] == [len(block.transactions) for block in get_last_blocks(pump, "ann", 2)]
    punished = {(who, on, why) for who, on, why in pump.hang_ups}
    expected = {(name, "mallory", "prev-blk-not-found") for name in ("ann", "bob")}
    assert (expected if flood == "blocks" else set()) == punished
    assert {"floods"} == {facts["what"] for _, topic, facts in pump.notes if topic == "strategy"}


def test_names_that_nobody_knows_are_asked_for_up_to_a_limit() -> None:
    """A peer may owe 5,000 transactions, no more; after a minute they are asked of nobody else."""
    pump = make_street("inv", flood_items=1_000, flood_every=100_000)
    pump.run(until=2 * SECOND)
    ann = pump.nodes["ann"]
    owed = {len(peer.asked_transactions) for peer in ann.peers}

    assert {0, 5_000} == owed
    asked = [m for a, b, m in pump.sent if (a, b) == ("ann", "mallory") and m.wire_name == "getdata"]
    assert 5_000 == sum(len(message.items) for message in asked)


def test_questions_for_the_unknown_are_answered_with_notfound() -> None:
    """One answer for each question, and nothing is remembered."""
    pump = make_street("getdata", flood_items=7)
    pump.run(until=5 * SECOND)
    answers = [m for a, b, m in pump.sent if (a, b) == ("ann", "mallory") and m.wire_name == "notfound"]

    assert 9 == len(answers)
    assert {7} == {len(answer.items) for answer in answers}


def test_orphans_take_up_no_more_memory_than_one_peer_may_use() -> None:
    """1,500 in three seconds, each waiting for a parent that is not: the oldest make room for the newest."""
    pump = make_street("transactions", flood_items=250)
    pump.run(until=3_100_000)
    ann = pump.nodes["ann"]
    sent = sum(1 for a, b, m in pump.sent if (a, b) == ("mallory", "ann") and m.wire_name == "tx")

    kept = len(ann.transactions.orphans.waiting)
    weight = 4 * next(m for _, _, m in pump.sent if m.wire_name == "tx").virtual_size()
    assert 1_500 == sent
    assert kept * weight <= ann.policy.era.orphan_weight_per_peer
    assert 0.9 * ann.policy.era.orphan_weight_per_peer < kept * weight
    assert [] == list(ann.pool)


def test_headers_without_end_are_each_asked_about_and_none_is_kept() -> None:
    """They have proof of work, and lead nowhere: each costs Mallory more than it costs Ann."""
    pump = make_street("headers")
    pump.run(until=10 * SECOND)
    ann = pump.nodes["ann"]

    assert pump.commands_between("mallory", "ann").count("headers") > 18
    assert pump.commands_between("ann", "mallory").count("getheaders") > 18
    assert [] == ann.chain.get_new_headers()
    assert 101 == ann.chain.height


def test_a_flood_that_nobody_knows_is_refused() -> None:
    """And so are counts that are none, and keys that no node has."""
    for policy, problem in (
        ({"flood": "tea"}, r"policy.flood: found 'tea', accepted: inv, getdata"),
        ({"flood": "inv", "flood_every": "often"}, r"policy.flood_every: found 'often', accepted: a whole"),
        ({"flood": "inv", "speed": 1}, r"policy.speed: unknown key"),
    ):
        with pytest.raises(UsageError, match=problem):
            Pump().add("mallory", kind=FloodingNode, policy=policy)


def test_a_long_chain_of_little_work_is_not_followed() -> None:
    """Ann mines 60 blocks, ever harder ones; Mallory shows 300 easy ones. A newcomer meets Mallory first.

    300 blocks of 2 hashes each are less than 60 of which the last ones take 30.
    """
    pump = Pump()
    pump.add("mallory", kind=LowWorkNode, disk={"mined": 300}, chain=HARDER)
    ann = pump.add("ann", chain=HARDER, policy={"hash_power": 2_400})
    pump.run(until=HOUR)
    ann.setup.policy["hash_power"] = 0
    bob = pump.add("bob", ("mallory",), chain=HARDER)
    pump.run(until=HOUR + MINUTE)
    alone = bob.chain.height
    zoe = pump.add("zoe", ("mallory", "ann"), chain=HARDER)
    pump.do("bob", Mine("bob"))
    pump.run(until=HOUR + 2 * MINUTE)

    assert ann.chain.height < 300 == alone
    assert ann.chain.tip.work > pump.nodes["mallory"].chain.tip.work
    assert zoe.chain.tip == ann.chain.tip, "the most work, not the most blocks"
    assert 300 == pump.nodes["mallory"].chain.height, "it never listens, not even to Bob's next block"
    assert 301 == bob.chain.height
