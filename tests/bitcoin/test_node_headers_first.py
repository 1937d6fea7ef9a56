"""Headers first: the headers from one, the blocks from all, and news of new blocks."""

from dataclasses import replace

import pytest
from support.bitcoin_chains import RECORDED_TIP, REGTEST, get_recorded_chain
from support.bitcoin_dialogue import (
    THERE,
    facts,
    hang_ups,
    make_node,
    make_peer_version,
    meet,
    sent,
    state_of,
    timers,
    topics,
)
from support.bitcoin_pump import Pump

from blockchain_lab.base.effects import CancelTimer, HangUp, Send, TimerName
from blockchain_lab.base.messages import Malformed
from blockchain_lab.base.units import MINUTE, SECOND, display_hash
from blockchain_lab.bitcoin.faulty import spoil_work
from blockchain_lab.bitcoin.locator import compute_locator_heights, make_locator
from blockchain_lab.bitcoin.messages import (
    MSG_BLOCK,
    MSG_WITNESS_BLOCK,
    GetData,
    GetHeaders,
    Headers,
    Inv,
    InventoryItem,
    SendHeaders,
    Verack,
)
from blockchain_lab.bitcoin.miner import find_nonce, mine_chain
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.pow import is_proof_of_work_valid

RECORDED = {"blocks": list(get_recorded_chain())}
MINED = mine_chain(2_500)
HEADERS = tuple(block.header for block in MINED)


def leading(height: int = 2_500) -> BitcoinNode:
    """A node at the genesis that has just asked its only peer, who claims this height, for headers."""
    node = make_node()
    meet(node, height=height)
    return node


def test_a_locator_is_dense_at_the_tip_and_sparse_below() -> None:
    """Eleven steps of one block, then doubling, always ending in the genesis (Core's LocatorEntries)."""
    assert [0] == compute_locator_heights(0)
    assert list(range(11, -1, -1)) == compute_locator_heights(11)
    assert [*range(100, 88, -1), 87, 83, 75, 59, 27, 0] == compute_locator_heights(100)
    assert 31 == len(compute_locator_heights(850_000))


def test_a_newcomer_asks_the_peer_that_is_ahead() -> None:
    """At the genesis the locator has one hash; "sync started" names the peer."""
    node = make_node()

    effects = meet(node, height=2_500)

    genesis = node.chain.tip
    assert GetHeaders(70015, (genesis.hash,)) in sent(effects)
    assert {"conn": 2, "mode": "headers-first"} == facts(effects, "sync started")
    assert 15 * MINUTE + 2_500_000 == timers(effects)[TimerName("headers", 2)]


def test_a_newcomer_asks_first_whom_it_has_chosen_itself() -> None:
    """Mallory dials and claims much; Ann waits for the peer that she has dialled, and asks him."""
    node = make_node()
    node.on_connected(2, THERE, False, 0)

    from_mallory = meet(node, 3, height=9_999, inbound=True)
    node.on_message(2, make_peer_version(2_500), 0)
    from_bob = node.on_message(2, Verack(), 0)

    assert ["ping"] == [message.command for message in sent(from_mallory)]
    assert ["ping", "getheaders"] == [message.command for message in sent(from_bob)]
    assert {"conn": 2, "mode": "headers-first"} == facts(from_bob, "sync started")


def test_when_a_leader_is_lost_the_next_is_again_one_that_it_has_chosen() -> None:
    """Mallory was there before Cat, but Cat was dialled."""
    node = leading()
    meet(node, 3, height=9_999, inbound=True)
    meet(node, 4, height=2_500)

    effects = node.on_disconnected(2, "reset", SECOND)

    assert {"conn": 4, "mode": "headers-first"} == facts(effects, "sync started")


def test_who_sends_a_block_is_not_told_of_it() -> None:
    """Bob sends a block that nobody asked for but that fits: Cat hears of it, Bob knows it."""
    node = make_node()
    for conn in (2, 4):
        meet(node, conn)
        node.on_message(conn, Headers(()), 0)

    effects = node.on_message(2, MINED[0], SECOND)

    assert [Send(4, Inv((InventoryItem(MSG_BLOCK, HEADERS[0].hash()),)))] == [
        effect for effect in effects if isinstance(effect, Send)
    ]


def test_a_block_that_a_peer_announced_is_asked_of_it_when_the_header_comes_from_another() -> None:
    """Bob said that he has block 20; the leader's headers tell what that is.

    Ann asks the leader for the first 16, and Bob for the next four.
    """
    node = leading(height=20)
    meet(node, 4)
    node.on_message(4, Inv((InventoryItem(MSG_BLOCK, HEADERS[19].hash()),)), 0)

    effects = node.on_message(2, Headers(HEADERS[:20]), 0)

    items = tuple(InventoryItem(MSG_WITNESS_BLOCK, header.hash()) for header in HEADERS[16:20])
    assert GetData(items) in sent(effects, 4)


def test_two_thousand_headers_mean_that_there_are_more() -> None:
    """The next question begins at the 2,000th; meanwhile the first 16 blocks are on their way."""
    node = leading()

    effects = node.on_message(2, Headers(HEADERS[:2_000]), SECOND)

    best = node.chain.best_header
    assert (2_000, 0) == (best.height, node.chain.height)
    items = tuple(InventoryItem(MSG_WITNESS_BLOCK, header.hash()) for header in HEADERS[:16])
    assert [GetHeaders(70015, make_locator(best)), SendHeaders(), GetData(items)] == sent(effects)
    told = {"hash": display_hash(best.hash), "height": 2_000, "work": f"{best.work:x}"}
    assert told == facts(effects, "best header")
    accepted = facts(effects, "headers accepted")
    assert (1, 2_000) == (accepted["height"], len(accepted["hashes"]))
    assert display_hash(node.chain.active[0].hash) == accepted["parent"]


def test_fewer_headers_mean_that_this_was_all_and_the_others_are_asked() -> None:
    """Bob waits in line while the leader sends; then he is asked too, from one below our best header."""
    node = leading()
    waiting = meet(node, 4, height=2_500)
    node.on_message(2, Headers(HEADERS[:2_000]), SECOND)

    effects = node.on_message(2, Headers(HEADERS[2_000:]), SECOND)

    assert ["ping"] == [message.command for message in sent(waiting)]
    assert [GetHeaders(70015, make_locator(node.chain.tree[HEADERS[-2].hash()]))] == sent(effects, 4)
    assert [CancelTimer(TimerName("headers", 2))] == effects[:1]


def test_blocks_come_from_all_who_have_them() -> None:
    """Three servers, one newcomer: each sends about a third, in batches of at most 16 on their way."""
    pump = Pump()
    for name in ("sue", "sam", "sid"):
        pump.add(name, disk={"mined": 600})
    ann = pump.add("ann", dials=("sue", "sam", "sid"))

    pump.run(until=MINUTE)

    assert 600 == ann.chain.height
    shares = [pump.commands_between(name, "ann").count("block") for name in ("sue", "sam", "sid")]
    assert 600 == sum(shares)
    assert min(shares) > 150
    done = [facts for name, topic, facts in pump.notes if topic == "sync finished"]
    assert ["headers-first"] == [fact["mode"] for fact in done]


def test_the_recorded_chain_spreads_through_a_network() -> None:
    """Cat learns from Bob what he learns from Ann; all end on one tip, and only Ann knows the stale one."""
    pump = Pump()
    ann = pump.add("ann", disk=RECORDED)
    others = [pump.add("bob", dials=("ann",)), pump.add("cat", dials=("bob",))]

    pump.run(until=MINUTE)

    assert [RECORDED_TIP] * 3 == [node.chain.tip.hash for node in (ann, *others)]
    assert [150] == [entry.height for entry in ann.chain.get_stale_tips()]
    assert [] == others[1].chain.get_stale_tips()


def test_an_inv_of_an_unknown_block_is_answered_by_a_question_for_headers() -> None:
    """Once; a second one while the answer is due is not."""
    node = make_node()
    meet(node)
    node.on_message(2, Headers(()), 0)
    news = Inv((InventoryItem(MSG_BLOCK, HEADERS[0].hash()),))

    assert [GetHeaders(70015, (node.chain.tip.hash,))] == sent(node.on_message(2, news, 0))
    assert [] == sent(node.on_message(2, news, 0))


def test_headers_that_do_not_connect_are_answered_by_a_question_for_what_lies_between() -> None:
    """A peer announces block 12 to a newcomer: no fault, but the first 11 are missing."""
    node = make_node()
    meet(node)
    node.on_message(2, Headers(()), 0)

    effects = node.on_message(2, Headers(HEADERS[11:12]), 0)

    assert [GetHeaders(70015, (node.chain.tip.hash,))] == sent(effects)
    assert [] == hang_ups(effects)
    assert 0 == node.chain.best_header.height


SPOILED = {  # reason -> headers of which the last one is not what it should be
    "header with invalid proof of work": (*HEADERS[:4], spoil_work(HEADERS[4], REGTEST)),
    "non-continuous headers sequence": (*HEADERS[:4], HEADERS[5]),
    "headers message size = 2001": HEADERS[:2_001],
    "invalid header received: bad-diffbits": (*HEADERS[:4], find_nonce(replace(HEADERS[4], bits=0x1F7FFFFF))),
    "invalid header received: time-too-old": (*HEADERS[:4], find_nonce(replace(HEADERS[4], time=0))),
}


@pytest.mark.parametrize("reason", SPOILED)
def test_headers_that_no_honest_peer_sends_end_the_connection(reason: str) -> None:
    """One bad header among good ones: nothing of the message is believed, and the chain is as before."""
    node = leading()
    before = state_of(node.chain)

    effects = node.on_message(2, Headers(SPOILED[reason]), SECOND)

    assert {"conn": 2, "reason": reason} == facts(effects, "peer misbehaved")
    assert [HangUp(2, reason)] == hang_ups(effects)
    assert before == state_of(node.chain)
    assert 0 == len(node.peers)


def test_after_a_liar_the_next_peer_leads() -> None:
    """The first of two peers lies: the second is asked the same question at once."""
    node = leading()
    meet(node, 4, height=2_500)

    effects = node.on_message(2, Headers((HEADERS[0], HEADERS[2])), SECOND)

    assert [GetHeaders(70015, (node.chain.tip.hash,))] == sent(effects, 4)
    assert {"conn": 4, "mode": "headers-first"} == facts(effects, "sync started")


def test_a_block_from_the_future_is_nobodys_fault() -> None:
    """Its clock or ours is wrong: not believed now, no hang-up."""
    node = make_node(started_at=HEADERS[0].time - 7_201)
    meet(node, height=1)

    effects = node.on_message(2, Headers(HEADERS[:1]), 0)

    assert ([], 0) == (hang_ups(effects), node.chain.best_header.height)


def test_a_leader_that_claims_much_and_sends_nothing_is_replaced() -> None:
    """After 15 minutes and a millisecond for each header; a single peer is kept, for there is nobody else."""
    node = leading()

    assert [] == hang_ups(node.on_timer(TimerName("headers", 2), 16 * MINUTE))

    node = leading()
    meet(node, 4, height=2_500)
    effects = node.on_timer(TimerName("headers", 2), 16 * MINUTE)
    assert [HangUp(2, "headers download timeout")] == hang_ups(effects)
    assert {"conn": 4, "mode": "headers-first"} == facts(effects, "sync started")


def test_a_spoiled_block_is_noted_and_its_sender_hung_up_on() -> None:
    """The header is honest, the body is not: the header stays good, for another peer may have the block."""
    node = leading()
    node.on_message(2, Headers(HEADERS[:20]), SECOND)
    before = state_of(node.chain)

    effects = node.on_message(2, replace(MINED[0], transactions=MINED[1].transactions), 2 * SECOND)

    shown = display_hash(HEADERS[0].hash())
    assert {"hash": shown, "reason": "bad-txnmrklroot"} == facts(effects, "block invalid")
    assert [HangUp(2, "invalid block: bad-txnmrklroot")] == hang_ups(effects)
    assert before == state_of(node.chain)


def test_a_block_that_nobody_asked_for_and_without_parent_is_a_fault() -> None:
    """Core's prev-blk-not-found: blocks are only sent on request, and requested only above a known header."""
    node = leading()

    effects = node.on_message(2, MINED[100], SECOND)

    assert [HangUp(2, "prev-blk-not-found")] == hang_ups(effects)


def test_what_cannot_be_read_is_a_record_and_mostly_no_more() -> None:
    """Core ignores what it cannot parse; it hangs up when the stream is lost or a count is over the limit."""
    node = make_node()
    meet(node)

    ignored = node.on_message(
        2, Malformed("ping", "nonce: wanted 8 bytes at 0, found 3", b"abc", fatal=False), 0
    )
    assert (["peer misbehaved"], []) == (topics(ignored), hang_ups(ignored))

    too_many = Malformed("headers", "header_count: 2001 is over the limit of 2000", b"", fatal=False)
    reason = "headers: header_count: 2001 is over the limit of 2000"
    assert [HangUp(2, reason)] == hang_ups(node.on_message(2, too_many, 0))

    meet(node, 4)
    lost = Malformed("", "magic: wanted fabfb5da, found f9beb4d9", b"", fatal=True)
    assert [HangUp(4, "stream: magic: wanted fabfb5da, found f9beb4d9")] == hang_ups(
        node.on_message(4, lost, 0)
    )


def test_headers_without_work_are_a_fault_even_if_their_parent_is_unknown() -> None:
    """Work is judged first of all (Core's CheckHeadersPoW): no question of ours comes free."""
    node = make_node()
    meet(node)
    orphan = replace(HEADERS[5], previous=b"\7" * 32)
    while is_proof_of_work_valid(orphan.hash(), orphan.bits, REGTEST.proof_of_work_limit):
        orphan = replace(orphan, nonce=orphan.nonce + 1)

    effects = node.on_message(2, Headers((orphan,)), 0)

    assert [HangUp(2, "header with invalid proof of work")] == hang_ups(effects)
    assert [] == sent(effects)
