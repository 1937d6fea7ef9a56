"""Stories of messages on their way: blocks in four ways, payments in three eras, and who disturbs them."""

from itertools import pairwise

import pytest
from support.story_runs import (
    count_bytes,
    get_blocks,
    get_tips,
    hang_ups,
    messages,
    notes,
    read,
    thoughts,
    timed_notes,
)

from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin.messages import MSG_CMPCT_BLOCK
from blockchain_lab.lab import Lab

WAYS = ("relay_inv", "relay_headers", "relay_compact", "relay_compact_unasked")
FOUND_AT = {121: 10 * SECOND, 122: 20 * SECOND, 123: 30 * SECOND}  # height -> when the block is found
ABOUT_BLOCKS = (
    *("inv", "getheaders", "headers", "getblocks", "getdata", "block"),
    *("cmpctblock", "getblocktxn", "blocktxn"),
)


def count_block_bytes(lab: Lab) -> dict[str, int]:
    """What the three blocks cost the network, in bytes for each command: 3 s from each one's finding on."""
    spans = [count_bytes(lab, at, at + 3 * SECOND) for at in FOUND_AT.values()]
    return {command: sum(span[command] for span in spans) for command in ABOUT_BLOCKS}


def get_slowest(lab: Lab, height: int) -> int:
    """When the last peer had the block of this height, microseconds after it was found."""
    times = [
        at
        for name in lab.names
        for at, tip in timed_notes(lab, name, "tip changed")
        if tip["height"] == height
    ]
    assert 10 == len(times)
    return max(times) - FOUND_AT[height]


@pytest.mark.parametrize("name", WAYS)
def test_three_blocks_reach_ten_peers_whichever_way_they_go(name: str) -> None:
    """With the 18 payments that waited, six in each: everybody ends on the same tip, nobody is hung up on."""
    lab = read(name)

    assert 1 == len(get_tips(lab))
    assert [6, 6, 6] == [len(block.transactions) - 1 for block in get_blocks(lab, "joe", 121)]
    assert [] == hang_ups(lab)


def test_each_way_says_what_it_is_named_after() -> None:
    """By name: inv, whole blocks. By header: no inv. As short ids: no whole block; unasked: few questions."""
    cost = {name: count_block_bytes(read(name)) for name in WAYS}

    assert cost["relay_inv"]["inv"] > 0 == cost["relay_inv"]["headers"] == cost["relay_inv"]["cmpctblock"]
    assert cost["relay_headers"]["headers"] > 0 == cost["relay_headers"]["inv"]
    assert cost["relay_headers"]["block"] == cost["relay_inv"]["block"] > 0
    for name in WAYS[2:]:
        assert cost[name]["cmpctblock"] > 0 == cost[name]["block"]
    assert cost["relay_compact_unasked"]["getdata"] < cost["relay_compact"]["getdata"]
    asked = [m for m in messages(read("relay_compact"), "bob", "ann") if m.wire_name == "getdata"]
    assert MSG_CMPCT_BLOCK == asked[-1].items[-1].type


def test_short_ids_cost_half_the_bytes_and_unasked_ones_half_the_time() -> None:
    """Bytes of all that is said of the blocks; time of the third block: by then all know who is fast."""
    total = {name: sum(count_block_bytes(read(name)).values()) for name in WAYS}
    slowest = {name: get_slowest(read(name), 123) for name in WAYS}

    assert total["relay_compact"] < 0.6 * min(total["relay_inv"], total["relay_headers"])
    assert total["relay_compact_unasked"] < total["relay_compact"]
    assert slowest["relay_compact_unasked"] < 0.5 * min(slowest[name] for name in WAYS[:3])


@pytest.mark.parametrize(
    ("name", "least", "most"), [("trickle_2010", 0.5, 2), ("trickle_2014", 0.5, 2), ("trickle_today", 5, 30)]
)
def test_a_payment_today_takes_ten_times_as_long_as_it_did(name: str, least: float, most: float) -> None:
    """It reaches all twelve peers: in a second or so in rounds of 100 ms, in ten with waits of 2 and 5 s."""
    lab = read(name)
    heard = sorted(at for peer in lab.names for at, _ in timed_notes(lab, peer, "transaction accepted"))

    assert 12 == len(heard)
    assert least * SECOND < heard[-1] - heard[0] < most * SECOND


def test_the_eras_keep_their_lines_alive_in_their_own_way() -> None:
    """A minute is too short for any ping by the clock; what differs is what is said at once."""
    versions = {
        name: {m.version for m in messages(read(name), "bob", "ann") if m.wire_name == "version"}
        for name in ("trickle_2010", "trickle_2014", "trickle_today")
    }

    assert [{31_900}, {70_002}, {70_016}] == list(versions.values())


def test_two_payments_of_one_coin_meet_in_the_middle() -> None:
    """Each half knows one and refuses the other; Ann's is confirmed, so Fay's is in conflict."""
    lab = read("conflict")
    accepted = {name: [n["txid"] for n in notes(lab, name, "transaction accepted")] for name in lab.names}
    ours, theirs = accepted["ann"], accepted["fay"]

    assert ours != theirs
    assert [[1] * 6, True] == [[len(mine) for mine in accepted.values()], accepted["bob"] == ours]
    assert theirs == accepted["eve"]
    refused = {name for name in lab.names if notes(lab, name, "transaction refused")}
    assert 2 == len(refused), "those two between whom the halves meet"
    removed = {name: notes(lab, name, "transactions removed")[0]["reason"] for name in lab.names}
    assert {"confirmed": ours, "conflict": theirs} == {
        reason: accepted[name] for name, reason in removed.items()
    }


def test_a_payment_that_pays_more_replaces_itself() -> None:
    """In every pool, and only the second one is confirmed."""
    lab = read("fee_bump")

    for name in lab.names:
        _, first, second = [n["txid"] for n in notes(lab, name, "transaction accepted")]
        removed = notes(lab, name, "transactions removed")[-2:]
        assert [("replaced", [first]), ("confirmed", [second])] == [
            (r["reason"], r["txids"]) for r in removed
        ]
    assert 2 == len(get_blocks(lab, "cat", 102)[0].transactions)


def test_what_nobody_has_heard_of_is_asked_for() -> None:
    """One of three payments is too new: each peer finds two in its pool, and asks for one."""
    lab = read("missing_transaction")

    for name in ("bob", "cat", "dan"):
        last = notes(lab, name, "compact block")[-1]
        assert (1, 3, 1) == (last["whole"], last["named"], last["missing"]), name
    for asking, asked in (("bob", "ann"), ("cat", "bob"), ("dan", "bob")):
        (question,) = [m for m in messages(lab, asking, asked) if m.wire_name == "getblocktxn"]
        (answer,) = [m for m in messages(lab, asked, asking) if m.wire_name == "blocktxn"]
        assert len(question.places) == 1 == len(answer.transactions)
    assert 0 == sum(m.wire_name == "block" for m in messages(lab, "ann", "bob"))
    assert 1 == len(get_tips(lab))


def test_a_child_that_comes_first_waits_for_its_parent() -> None:
    """Dan has Bob's payment before the one that it spends, and Bob's block before Ann's: both wait."""
    lab = read("orphans")
    ((child_came, child),) = timed_notes(lab, "dan", "transaction orphaned")
    accepted = {note["txid"]: at for at, note in timed_notes(lab, "dan", "transaction accepted")}
    ((block_came, block),) = timed_notes(lab, "dan", "orphan block")
    stored = {note["hash"]: at for at, note in timed_notes(lab, "dan", "block accepted")}

    assert child_came < accepted[child["txid"]] == max(accepted.values())
    assert block_came < stored[block["parent"]] == stored[block["hash"]]
    assert 102 == lab.peer("dan").chain.height


def test_the_stalling_peer_is_left_and_its_blocks_come_from_others() -> None:
    """600 blocks from two of three servers; the third is hung up on while the window waits for it."""
    lab = read("stalling_peer")

    assert [("ann", "tom", "stalling block download")] == hang_ups(lab)
    assert 600 == lab.peer("ann").chain.height
    assert 600 == sum(m.wire_name == "block" for who in ("sue", "sam") for m in messages(lab, who, "ann"))


def test_headers_that_do_not_connect_end_the_conversation() -> None:
    """The liar is the first to answer and the first to go: not one block was asked of it."""
    lab = read("liar")

    assert [("ann", "liz", "non-continuous headers sequence")] == hang_ups(lab)
    assert "getdata" not in {m.wire_name for m in messages(lab, "ann", "liz")}
    assert 200 == lab.peer("ann").chain.height


def test_a_payment_comes_through_a_flood() -> None:
    """Thousands of names are asked for in vain; the real one takes no longer than two hops need."""
    lab = read("flood")
    sent = [at for at, _ in timed_notes(lab, "ann", "transaction accepted")]
    came = [at for at, _ in timed_notes(lab, "cat", "transaction accepted")]
    promised = sum(len(m.items) for m in messages(lab, "mallory", "cat") if m.wire_name == "inv")

    assert ["floods"] == thoughts(lab, "mallory")
    assert promised > 3_000
    assert 0 == sum(m.wire_name == "tx" for m in messages(lab, "mallory", "cat"))
    assert came[0] - sent[0] < 2 * SECOND
    assert [] == hang_ups(lab), "it is no fault to know more than others"


def test_the_most_work_is_followed_not_the_most_blocks() -> None:
    """Zoe hears of 300 easy blocks first and begins to fetch them; then of 61 hard ones, and goes over."""
    lab = read("low_work_chain")
    (note,) = notes(lab, "mallory", "strategy")
    tips = notes(lab, "zoe", "tip changed")
    works = [int(tip["work"], 16) for tip in tips]

    assert 300 == note["height"]
    assert lab.peer("bob").chain.tip == lab.peer("zoe").chain.tip
    assert 61 == tips[-1]["height"]
    assert int(note["work"], 16) < works[-1]
    assert all(earlier < later for earlier, later in pairwise(works))
    assert 1 == sum(tip["disconnected"] > 0 for tip in tips)
    deaf = [r for r in lab.trace if r.kind == Kind.NOTE and lab.names[r.peer] == "mallory"]
    assert "tip changed" not in {record.detail[0] for record in deaf}
