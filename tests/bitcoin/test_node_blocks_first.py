"""Blocks first, as before Bitcoin 0.10 (2015): getblocks, inv of 500, getdata, and one peer at a time."""

from support.bitcoin_chains import RECORDED_TIP, get_recorded_chain
from support.bitcoin_dialogue import facts, hang_ups, make_node, meet, sent, timers, topics
from support.bitcoin_pump import Pump

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.effects import HangUp, Send, TimerName
from blockchain_lab.base.units import MINUTE, SECOND, display_hash
from blockchain_lab.bitcoin.faulty import StallingNode, spoil_work
from blockchain_lab.bitcoin.locator import make_locator
from blockchain_lab.bitcoin.messages import (
    MSG_BLOCK,
    MSG_WITNESS_BLOCK,
    Block,
    GetBlocks,
    GetData,
    Inv,
    InventoryItem,
)
from blockchain_lab.bitcoin.miner import mine_chain
from blockchain_lab.bitcoin.node import BitcoinNode

OLD = {"sync": "blocks-first"}
MINED = mine_chain(1_200)
NAMES = [block.header.hash() for block in MINED]


def announce(*names: bytes) -> Inv:
    """An inv of blocks."""
    return Inv(tuple(InventoryItem(MSG_BLOCK, name) for name in names))


def request(*names: bytes) -> GetData:
    """The getdata that asks a peer with witnesses for blocks."""
    return GetData(tuple(InventoryItem(MSG_WITNESS_BLOCK, name) for name in names))


def following(height: int = 1_200) -> BitcoinNode:
    """A newcomer that has just asked its only peer, who claims this height, what comes after the genesis."""
    node = make_node(policy=OLD)
    effects = meet(node, height=height)
    assert GetBlocks(70015, (node.chain.tip.hash,)) in sent(effects)
    assert {"conn": 2, "mode": "blocks-first"} == facts(effects, "sync started")
    return node


def test_the_server_names_five_hundred_blocks_and_later_tells_of_its_tip() -> None:
    """Behind the 500th block it sends an inv of its tip: the newcomer will ask again."""
    node = make_node(disk={"mined": 1_200})
    meet(node, 3, inbound=True)
    genesis = node.chain.active[0].hash

    answer = node.on_message(3, GetBlocks(70015, (genesis,)), 0)
    first = node.on_message(3, request(NAMES[0]), 0)
    last = node.on_message(3, request(NAMES[499]), 0)
    again = node.on_message(3, request(NAMES[499]), 0)

    assert [Send(3, announce(*NAMES[:500]))] == answer
    assert [Send(3, MINED[0])] == first
    assert [Send(3, MINED[499]), Send(3, announce(NAMES[-1]))] == last
    assert [Send(3, MINED[499])] == again


def test_the_server_stops_before_the_block_named_last_and_is_silent_when_there_is_nothing() -> None:
    """Unlike getheaders: no answer from who has nothing more."""
    node = make_node(disk={"mined": 1_200})
    meet(node, 3, inbound=True)
    genesis = node.chain.active[0].hash

    assert [Send(3, announce(*NAMES[:9]))] == node.on_message(3, GetBlocks(70015, (genesis,), NAMES[9]), 0)
    assert [] == node.on_message(3, GetBlocks(70015, (NAMES[-1],)), 0)


def test_the_newcomer_fetches_what_is_named_and_goes_on_from_the_orphaned_tip() -> None:
    """500 blocks, then the tip as an orphan: ask for what lies between, up to that orphan."""
    node = following()
    assert [request(*NAMES[:500])] == sent(node.on_message(2, announce(*NAMES[:500]), 0))
    for block in MINED[:500]:
        node.on_message(2, block, 0)
    assert [request(NAMES[-1])] == sent(node.on_message(2, announce(NAMES[-1]), 0))

    effects = node.on_message(2, MINED[-1], 0)

    assert 500 == node.chain.height
    shown = {"hash": display_hash(NAMES[-1]), "parent": display_hash(NAMES[-2])}
    assert shown == facts(effects, "orphan block")
    assert [GetBlocks(70015, make_locator(node.chain.tip), NAMES[-1])] == sent(effects)


def test_an_orphan_is_adopted_when_its_parent_comes() -> None:
    """B3 and B2 wait; with B1 all three join the chain, and nobody has to send them again."""
    node = following(height=3)
    node.on_message(2, MINED[2], 0)
    node.on_message(2, MINED[1], 0)

    effects = node.on_message(2, MINED[0], 0)

    assert 3 == node.chain.height
    assert ["block accepted", "tip changed"] * 3 == [
        topic for topic in topics(effects) if topic in ("block accepted", "tip changed")
    ]
    assert "sync finished" in topics(effects)


def test_when_a_leader_has_no_more_the_next_one_that_is_ahead_is_followed() -> None:
    """Ann's first peer has 2 blocks, her second one 3: one after the other is asked."""
    node = following(height=2)
    meet(node, 4, height=3)
    node.on_message(2, announce(*NAMES[:2]), 0)
    node.on_message(2, MINED[0], 0)

    effects = node.on_message(2, MINED[1], 0)

    assert [GetBlocks(70015, make_locator(node.chain.tip))] == sent(effects, 4)


def test_a_worthless_orphan_ends_the_connection() -> None:
    """An orphan costs memory, so it must at least have cost its maker work."""
    node = following()
    cheap = Block(spoil_work(MINED[5].header, node.chain.network), MINED[5].transactions)

    assert [HangUp(2, "orphan block: high-hash")] == hang_ups(node.on_message(2, cheap, 0))


def test_the_whole_chain_comes_from_one_peer_in_rounds_of_five_hundred() -> None:
    """Two servers; 1,200 blocks are three rounds, all of them from the first one."""
    pump = Pump()
    pump.add("sue", disk={"mined": 1_200})
    pump.add("sam", disk={"mined": 1_200})
    ann = pump.add("ann", dials=("sue", "sam"), policy=OLD)

    pump.run(until=MINUTE)

    assert 1_200 == ann.chain.height
    assert 3 == pump.commands_between("ann", "sue").count("getblocks")
    assert 0 == pump.commands_between("sam", "ann").count("block")
    assert 0 == pump.commands_between("ann", "sue").count("getheaders")


def test_the_recorded_chain_spreads_and_new_blocks_are_announced_by_inv() -> None:
    """Cat learns from Bob, who learns from Ann; then Cat mines and both learn of it."""
    pump = Pump()
    nodes = [pump.add("ann", disk={"blocks": list(get_recorded_chain())}, policy=OLD)]
    nodes += [pump.add("bob", dials=("ann",), policy=OLD), pump.add("cat", dials=("bob",), policy=OLD)]
    pump.run(until=MINUTE)
    synced = [node.chain.tip.hash for node in nodes]

    pump.do("cat", Mine("cat"))
    pump.run(until=2 * MINUTE)

    assert [RECORDED_TIP] * 3 == synced
    assert [152] * 3 == [node.chain.height for node in nodes]
    assert "headers" not in {message.wire_name for _, _, message in pump.sent}


def test_a_stalling_peer_stops_everything_for_two_minutes() -> None:
    """One lane: a second server stands idle, but nothing moves until patience ends. Nobody is hung up on."""
    pump = Pump()
    pump.add("tom", kind=StallingNode, disk={"mined": 300})
    pump.add("sue", disk={"mined": 300})
    ann = pump.add("ann", dials=("tom", "sue"), policy=OLD)

    pump.run(until=2 * MINUTE)
    stuck = ann.chain.height
    pump.run(until=3 * MINUTE)

    assert (0, 300) == (stuck, ann.chain.height)
    assert [] == pump.hang_ups
    assert ["stalling"] == [topic for _, topic, _ in pump.notes if topic == "stalling"]


def test_a_lost_block_is_asked_of_who_announced_it_too() -> None:
    """Peer 4 named the block that peer 2 owed: after two minutes of silence, or a lost line, it is asked.

    Bitcoin kept a list of announced things for each peer and asked again after two minutes (AskFor).
    """
    for has_left in (False, True):
        node = following(height=1)
        meet(node, 4, height=0)
        node.on_message(2, announce(NAMES[0]), 0)
        assert [] == sent(node.on_message(4, announce(NAMES[0]), 0))

        if has_left:
            effects = node.on_disconnected(2, "reset", SECOND)
        else:
            effects = node.on_timer(TimerName("blocks", 2), 2 * MINUTE)

        assert Send(4, request(NAMES[0])) in effects
        node.on_message(4, MINED[0], 3 * MINUTE)
        assert {} == node.peers[4].offered


def test_a_peer_that_sends_slowly_but_steadily_is_followed() -> None:
    """Two minutes count from the last block that came, not from the request."""
    node = following()
    node.on_message(2, announce(*NAMES[:3]), 0)
    node.on_message(2, MINED[0], 90 * SECOND)

    again = node.on_timer(TimerName("blocks", 2), 2 * MINUTE)

    assert {TimerName("blocks", 2): 90 * SECOND} == timers(again)
    assert "stalling" in topics(node.on_timer(TimerName("blocks", 2), 210 * SECOND))


def test_no_peer_can_make_us_owe_more_than_a_thousand_requests() -> None:
    """An inv of 1,200 names: 1,000 are fetched, the rest forgotten; made-up names cost no more than that."""
    node = following()

    (fetched,) = sent(node.on_message(2, announce(*NAMES), 0))

    assert request(*NAMES[:1_000]) == fetched
    assert [] == sent(node.on_message(2, announce(bytes(32)), 0))


def test_a_bundle_that_is_known_already_is_followed_by_a_question_for_the_next() -> None:
    """On a long side branch the last name of an inv may be known: go on behind it."""
    node = following()
    node.on_message(2, announce(*NAMES[:3]), 0)
    for block in MINED[:3]:
        node.on_message(2, block, 0)

    assert [GetBlocks(70015, make_locator(node.chain.tip))] == sent(
        node.on_message(2, announce(*NAMES[:3]), 0)
    )
