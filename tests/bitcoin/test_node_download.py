"""The block download of headers first: window, requests in transit, and peers that do not deliver."""

import pytest
from support.bitcoin_chains import mine_child
from support.bitcoin_dialogue import hang_ups, make_node, meet, sent, timers, topics
from support.bitcoin_pump import Pump

from blockchain_lab.base.effects import CancelTimer, HangUp, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import MINUTE, SECOND
from blockchain_lab.bitcoin.faulty import LyingNode, StallingNode
from blockchain_lab.bitcoin.messages import MSG_BLOCK, MSG_WITNESS_BLOCK, GetData, Headers, Inv, InventoryItem
from blockchain_lab.bitcoin.miner import mine_chain
from blockchain_lab.bitcoin.node import BitcoinNode

MINED = mine_chain(1_500)
HEADERS = tuple(block.header for block in MINED)
HEIGHTS = {block.header.hash(): height for height, block in enumerate(MINED, start=1)}
STALLS, SERVES = 2, 4  # connections: one peer that never sends a block, one that does


def asked(messages: list[Message]) -> list[int]:
    """The heights of the blocks that some messages ask for."""
    requests = [message for message in messages if isinstance(message, GetData)]
    return [HEIGHTS[item.hash] for request in requests for item in request.items]


def make_pair() -> BitcoinNode:
    """A node that knows all headers, with 16 blocks asked of each of two peers."""
    node = make_node()
    meet(node, STALLS, height=1_500)
    meet(node, SERVES, height=1_500)
    first = node.on_message(STALLS, Headers(HEADERS), 0)
    second = node.on_message(SERVES, Headers(HEADERS[-2:]), 0)
    assert (list(range(1, 17)), list(range(17, 33))) == (asked(sent(first)), asked(sent(second)))
    return node


def serve(node: BitcoinNode, heights: list[int], now: int = SECOND) -> list[list[object]]:
    """Let the serving peer send these blocks; the effects of each."""
    return [list(node.on_message(SERVES, MINED[height - 1], now)) for height in heights]


def test_each_block_that_comes_makes_room_for_one_more() -> None:
    """16 are on their way from each peer; no block is asked of both."""
    node = make_pair()

    ((*effects,),) = serve(node, [17])

    assert [33] == asked(sent(effects))
    assert [16, 16] == [len(peer.in_flight) for peer in node.peers]


def test_blocks_that_come_early_wait_for_their_parents() -> None:
    """17 to 32 are stored, but the chain cannot grow before 1 to 16 have come; then it jumps to 32."""
    node = make_pair()
    serve(node, list(range(17, 33)))
    waiting = node.chain.height

    effects = [
        effect for height in range(1, 17) for effect in node.on_message(STALLS, MINED[height - 1], SECOND)
    ]

    changes = [effect.facts for effect in effects if getattr(effect, "topic", "") == "tip changed"]
    assert 0 == waiting
    assert [*range(1, 16), 32] == [facts["height"] for facts in changes]
    assert (0, 17) == (changes[-1]["disconnected"], changes[-1]["connected"])


def test_nothing_beyond_the_window_is_asked_for_and_the_slow_peer_becomes_a_suspect() -> None:
    """All up to 1,024 is stored but the stalling peer's 1 to 16: the other one has nothing left to do.

    Now two seconds begin for the peer that owes block 1.
    """
    node = make_pair()
    *before, last = serve(node, list(range(17, 1_025)))

    assert 1_024 == max(height for effects in before for height in asked(sent(effects)))
    assert not any(timers(effects) for effects in before)
    assert {TimerName("stalling", STALLS): 2 * SECOND} == timers(last)


def test_two_seconds_are_two_seconds() -> None:
    """Whatever else happens meanwhile, the suspect's time does not begin anew."""
    node = make_pair()
    serve(node, list(range(17, 1_025)))

    known = Inv((InventoryItem(MSG_BLOCK, MINED[20].header.hash()),))

    assert {} == timers(node.on_message(SERVES, known, 2 * SECOND))


def test_a_stalling_peer_is_replaced() -> None:
    """Its two seconds are over: its blocks are asked of the other one, and the next suspect gets four."""
    node = make_pair()
    serve(node, list(range(17, 1_025)))

    effects = node.on_timer(TimerName("stalling", STALLS), 3 * SECOND)

    assert "stalling" in topics(effects)
    assert [HangUp(STALLS, "stalling block download")] == hang_ups(effects)
    assert list(range(1, 17)) == asked(sent(effects, SERVES))
    assert 4 * SECOND == node.blocks.sync.download.stalling_timeout
    serve(node, [*range(1, 17), *range(1_025, 1_501)])
    assert 1_500 == node.chain.height
    assert 2 * SECOND == node.blocks.sync.download.stalling_timeout


def test_a_suspect_that_delivers_is_none() -> None:
    """One block in time ends the two seconds."""
    node = make_pair()
    serve(node, list(range(17, 1_025)))

    effects = node.on_message(STALLS, MINED[0], 2 * SECOND)

    assert CancelTimer(TimerName("stalling", STALLS)) in effects
    assert 1 == node.chain.height


def test_the_patience_doubles_up_to_64_seconds() -> None:
    """If every peer seems to stall, it is our own line that is slow."""
    node = make_node()
    patience = []
    for conn in range(2, 18, 2):
        meet(node, conn, height=1_500)
        node.on_message(conn, Headers(HEADERS), 0)
        node.on_timer(TimerName("stalling", conn), SECOND)
        patience.append(node.blocks.sync.download.stalling_timeout // SECOND)

    assert [4, 8, 16, 32, 64, 64, 64, 64] == patience


def test_a_single_peer_that_sends_nothing_is_given_up_after_ten_minutes() -> None:
    """Nobody else waits for its blocks, so only the long timeout catches it: one block interval."""
    node = make_node()
    meet(node, STALLS, height=20)
    effects = node.on_message(STALLS, Headers(HEADERS[:20]), 0)

    assert 10 * MINUTE == timers(effects)[TimerName("block", STALLS)]
    gone = node.on_timer(TimerName("block", STALLS), 10 * MINUTE)
    assert [HangUp(STALLS, "block download timeout")] == hang_ups(gone)


def test_no_timer_runs_when_nothing_is_on_its_way() -> None:
    """The last block of all ends the wait: a timer is armed only while something is waited for."""
    node = make_node()
    meet(node, SERVES, height=2)
    node.on_message(SERVES, Headers(HEADERS[:2]), 0)

    first, last = (node.on_message(SERVES, block, SECOND) for block in MINED[:2])

    assert CancelTimer(TimerName("block", SERVES)) not in first
    assert CancelTimer(TimerName("block", SERVES)) in last


def test_the_long_timeout_counts_from_the_last_block_that_came_in_order() -> None:
    """The oldest request was answered after 6 minutes: 10 more from there, and 5 for another busy peer."""
    node = make_pair()
    node.on_message(STALLS, MINED[0], 6 * MINUTE)
    node.on_message(STALLS, MINED[5], 7 * MINUTE)  # out of order: the oldest request is still open

    left = timers(node.on_timer(TimerName("block", STALLS), 10 * MINUTE))

    assert {TimerName("block", STALLS): 11 * MINUTE} == left


def test_what_a_lost_peer_owed_is_asked_of_others() -> None:
    """The connection breaks while 16 blocks are on their way."""
    node = make_pair()
    serve(node, list(range(17, 33)))

    effects = node.on_disconnected(STALLS, "reset", SECOND)
    serve(node, list(range(33, 49)))

    assert 0 == len(asked(sent(effects)))  # the other one is busy: 16 are on their way already
    assert list(range(1, 17)) == sorted(HEIGHTS[name] for name in node.peers[SERVES].in_flight)


def test_a_rival_of_equal_work_is_downloaded_too() -> None:
    """As Core does: the tip stays, but when the rival grows, its blocks are there already."""
    node = make_node(disk={"mined": 3})
    meet(node, SERVES, height=3)
    rival, _ = mine_child(node.chain.active[2], tag=1)

    effects = node.on_message(SERVES, Headers((rival.header,)), 0)

    assert [GetData((InventoryItem(MSG_WITNESS_BLOCK, rival.header.hash()),))] == [
        message for message in sent(effects) if isinstance(message, GetData)
    ]


@pytest.mark.parametrize("lie", ["work", "links"])
def test_four_servers_one_lies_and_one_stalls(lie: str) -> None:
    """Ann dials the liar first. She ends on the true tip, has hung up on both, and knows why."""
    pump = Pump()
    pump.add("liz", kind=LyingNode, disk={"mined": 1_500}, policy={"lie": lie})
    pump.add("tom", kind=StallingNode, disk={"mined": 1_500})
    pump.add("sue", disk={"mined": 1_500})
    pump.add("sam", disk={"mined": 1_500})
    ann = pump.add("ann", dials=("liz", "tom", "sue", "sam"))

    pump.run(until=MINUTE)

    reason = {"work": "header with invalid proof of work", "links": "non-continuous headers sequence"}[lie]
    assert [("ann", "liz", reason), ("ann", "tom", "stalling block download")] == pump.hang_ups
    assert 1_500 == ann.chain.height
    assert 0 == pump.commands_between("tom", "ann").count("block")
