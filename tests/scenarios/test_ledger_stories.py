"""Stories of the ledger: replaced, sandwiched, run again, told on two overlays. Each must show its point."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from support.story_runs import notes, play, read, thoughts, timed_notes

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.actions_layers import SendCall
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.layers.ledger_committees import get_committee, get_subnet, get_subscriptions
from blockchain_lab.layers.ledger_exchange import compute_output, get_token_slot
from blockchain_lab.layers.ledger_messages import Attestation, Overlay, Status
from blockchain_lab.layers.lifecycle import find_loops, find_ways, get_states
from blockchain_lab.layers.measures_overlays import find_block, find_overlays, get_costs, sum_costs
from blockchain_lab.scenarios import load
from blockchain_lab.sim.actions import SetKnob

STORIES = ("replaced", "sandwich", "re_included", "two_overlays")
ETHER = 1_000_000_000  # gwei


def made(lab: Lab, peer: str) -> list[str]:
    """The transactions that a peer has signed, in order."""
    return [fact["txid"] for fact in notes(lab, peer, "transaction made")]


def executed(lab: Lab, peer: str) -> dict[str, dict[str, Any]]:
    """What a peer says of everything that it ran; of what ran twice, the last time."""
    return {fact["txid"]: fact for fact in notes(lab, peer, "transaction executed")}


def states(lab: Lab, peer: str, txid: str) -> list[str]:
    """One transaction's way, as a peer saw it."""
    return get_states(find_ways(lab.trace)[lab.names.index(peer), txid])


@pytest.mark.parametrize("name", STORIES)
def test_bytes_and_objects_tell_the_same_story(name: str) -> None:
    """And a world that is rebuilt from its records is the one that lived."""
    lab, wire = play(name), play(name, wire=True)

    assert (lab.digest(), lab.state_digest()) == (wire.digest(), wire.state_digest())
    assert lab.state_digest() == lab.timeline.rebuild(lab.head)[0].state_digest()


def test_a_raised_price_replaces_if_it_is_raised_enough() -> None:
    """From 100 gwei: 109 is refused at home and told to nobody, 110 replaces it everywhere."""
    lab = read("replaced")
    first, little, enough = made(lab, "ann")

    assert ["unknown", "made", "refused"] == states(lab, "ann", little)
    assert not any((number, little) in find_ways(lab.trace) for number in range(1, 6))
    for peer in lab.names:
        assert "replaced" == states(lab, peer, first)[-1]
        assert "executed" == states(lab, peer, enough)[-1]


def test_a_gap_keeps_a_transaction_at_home() -> None:
    """Bob's nonce 1 waits three seconds for his nonce 0; nobody else hears of it before."""
    lab = read("replaced")
    late, early = made(lab, "bob")
    heard = {fact["txid"]: at for at, fact in reversed(timed_notes(lab, "cat", "transaction accepted"))}

    assert ["unknown", "made", "queued", "pending", "executed"] == states(lab, "bob", late)
    assert 11 * SECOND <= heard[late] and 11 * SECOND <= heard[early]


def test_a_cancelled_payment_never_happens() -> None:
    """Cat's empty payment to itself takes the nonce: dan gets nothing, and cat pays 21,000 units of gas."""
    lab = read("replaced")
    paid, cancelled = made(lab, "cat")
    state = lab.peer("ann").chain.state

    assert "replaced" == states(lab, "dan", paid)[-1]
    assert 10 * ETHER + 3 * ETHER - 33 * 21_000 == state.get_account("cat").balance, "bob paid it three"
    assert (1, 33 * 21_000) == (state.get_account("cat").nonce, executed(lab, "ann")[cancelled]["fee"])


def test_a_full_pool_drives_out_the_cheapest() -> None:
    """Dan's 5 gwei make room for eve's 60 at all six; his next try, with the same nonce, is taken."""
    lab = read("replaced")
    cheap, dear = made(lab, "dan")

    for peer in lab.names:
        assert "dropped" == states(lab, peer, cheap)[-1]
        assert "executed" == states(lab, peer, dear)[-1]
        assert 0 == len(lab.peer(peer).pool)


def test_more_room_keeps_it() -> None:
    """The story's knob: with seven places nobody has to go, and dan's first payment runs, too."""
    lab = Lab("replaced")
    lab.run(until=SECOND)
    lab.do(SetKnob("room in every pool", 7))
    lab.run()
    cheap, dear = made(lab, "dan")

    assert executed(lab, "ann")[cheap]["ok"] and executed(lab, "ann")[dear]["ok"]


TRADE = 10 * ETHER  # what ann gives each time
HELD = 1_000 * ETHER, 1_000_000_000  # what the exchange begins with: gwei, tokens


def test_a_loose_limit_is_used_up() -> None:
    """Alone ann would have got 9,871,580 tokens. Eve leaves her what she said she would take, no more."""
    lab = read("sandwich")
    first = made(lab, "ann")[0]
    front, back = made(lab, "eve")[:2]
    ran = executed(lab, "ann")

    assert 9_871_580 == compute_output(TRADE, *HELD)
    assert 9_000_000 == ran[first]["output"]
    assert [front, first, back] == [
        each["txid"] for each in notes(lab, "ann", "transaction executed") if each["height"] == 1
    ]
    assert ran[front]["ok"] and ran[back]["ok"]


def test_without_the_searcher_ann_gets_what_the_price_was() -> None:
    """The same story, in which eve only looks: the sum of the test above is what happens."""
    scenario = load("sandwich")
    eve = replace(scenario.peers["eve"], policy={"attacks": False})
    lab = Lab(replace(scenario, peers={**scenario.peers, "eve": eve}))
    lab.run(until=12 * SECOND)

    assert 9_871_580 == executed(lab, "bob")[made(lab, "ann")[0]]["output"]
    assert [] == made(lab, "eve") + notes(lab, "eve", "strategy")


def test_what_the_searcher_says_it_earns_is_what_it_has() -> None:
    """Its balance behind the block, against its balance at the start."""
    lab = read("sandwich")
    (said, *_) = [fact["profit"] for fact in notes(lab, "eve", "strategy")]
    chain = lab.peer("eve").chain
    entry = next(each for each in chain.tree.own.values() if each.height == 1)

    assert said == chain.get_post_state(entry).state.get_account("eve").balance - 1_000 * ETHER > 0


def test_what_stands_before_it_makes_a_call_fail_and_it_pays_all_the_same() -> None:
    """Bob pays more and comes first: ann's tight limit is missed, and so is eve's, who would earn by it."""
    lab = read("sandwich")
    second = made(lab, "ann")[1]
    ran = executed(lab, "cat")
    block = [each for each in notes(lab, "cat", "transaction executed") if each["height"] == 2]

    assert [True, False, False, False] == [each["ok"] for each in block]
    assert second in [each["txid"] for each in block]
    assert "9,504,612 tokens are less than 9,600,000" == ran[second]["reason"]
    assert ran[second]["fee"] == 30 * ran[second]["gas_used"] > 30 * 21_000
    assert {made(lab, "eve")[2], made(lab, "eve")[3]} < {each["txid"] for each in block}
    assert ["sandwich", "sandwich", "no sandwich"] == thoughts(lab, "eve")


def test_a_private_way_is_not_seen() -> None:
    """Only max has heard of it before its block. Ann gets what the price was, though her limit was loose."""
    lab = read("sandwich")
    third = made(lab, "ann")[2]
    ways = {name: find_ways(lab.trace)[number, third] for number, name in enumerate(lab.names)}
    ran = executed(lab, "eve")

    assert ["unknown", "private", "executed"] == get_states(ways["max"]) == get_states(ways["ann"])
    assert all(["unknown", "executed"] == get_states(ways[name]) for name in ("bob", "cat", "dan", "eve"))
    assert 9_504_612 == ran[third]["output"] > 8_500_000
    assert 4 == len(made(lab, "eve")), "no trade of eve's around it"
    tokens = lab.peer("ann").chain.state.get_slot(get_token_slot("ann"))
    assert 9_000_000 + ran[third]["output"] == tokens


def test_the_private_line_carries_nothing_else() -> None:
    """From ann to max: statuses, and one transaction."""
    lab = read("sandwich")
    overlays = find_overlays(lab.trace)
    said = [
        record.detail.command
        for record in lab.trace
        if record.kind is Kind.SEND and overlays.get(record.conn) is Overlay.PRIVATE
    ]

    assert ["status", "status", "private-tx"] == said


def test_the_same_call_runs_twice_with_two_results() -> None:
    """In cat's block it was the first; in bob's, after the cut, eve's trade stands before it."""
    lab = read("re_included")
    (call,) = made(lab, "ann")
    (paid,) = made(lab, "bob")

    assert [True, False] == [
        each["ok"] for each in notes(lab, "cat", "transaction executed") if each["txid"] == call
    ]
    assert [True, True] == [
        each["ok"] for each in notes(lab, "cat", "transaction executed") if each["txid"] == paid
    ]
    ways = find_ways(lab.trace)
    circle = ("pending", "executed", "undone", "pending")
    assert [circle] == find_loops(ways[lab.names.index("cat"), call])
    assert [circle, (*circle[1:], "executed")] == find_loops(ways[lab.names.index("cat"), paid])
    assert ["unknown", "pending", "failed"] == states(lab, "eve", call), "there it had never run before"


def test_the_other_half_undoes_nothing() -> None:
    """Its branch was the longer one: what it had run stays as it was."""
    lab = read("re_included")

    assert [[]] * 3 == [notes(lab, peer, "transactions undone") for peer in ("dan", "eve", "fay")]
    assert [1] * 3 == [len(notes(lab, peer, "transactions undone")) for peer in ("ann", "bob", "cat")]
    assert 1 == len({lab.peer(name).chain.tip.hash for name in lab.names})


def test_each_overlay_carries_its_own() -> None:
    """Transactions on one, blocks and votes on the other; no line carries both."""
    lab = read("two_overlays")
    overlays = find_overlays(lab.trace)
    said: dict[Overlay, set[str]] = {overlay: set() for overlay in Overlay}
    for record in lab.trace:
        if record.kind is Kind.SEND and not isinstance(record.detail, Status):
            said[overlays[record.conn]].add(record.detail.command)

    assert {"tx", "tx-names", "want-txs"} == said[Overlay.EXECUTION]
    assert {"proposal", "attest", "aggregate"} == said[Overlay.CONSENSUS]


def test_neighbours_differ_from_one_overlay_to_the_other() -> None:
    """Ann has three neighbours here and four there, and nobody is both."""
    node = read("two_overlays").peer("ann")
    there = [
        {node.desk.directory.names[line.remote] for _, line in node.desk.get_lines(overlay)}
        for overlay in (Overlay.EXECUTION, Overlay.CONSENSUS)
    ]

    assert [{"bob", "eve", "hal"}, {"cat", "dan", "fay", "gus"}] == there


def test_what_one_block_costs_on_each_overlay() -> None:
    """The block of slot 1, with three transactions: counted anew, by who sent what."""
    lab = read("two_overlays")
    block = find_block(lab.trace, 1)
    assert block is not None
    costs = get_costs(lab.trace, block)
    lines = 16  # pairs of neighbours on the consensus overlay

    assert 3 == len(block.transactions)
    assert (72, 101) == tuple(
        sum_costs(costs[overlay]).messages for overlay in (Overlay.EXECUTION, Overlay.CONSENSUS)
    )
    sent = [each for each in lab.trace if each.kind is Kind.SEND and each.detail == block]
    assert len(sent) == costs[Overlay.CONSENSUS]["proposal"].messages
    assert len(sent) * block.size == costs[Overlay.CONSENSUS]["proposal"].size
    assert 2 * lines - (len(lab.names) - 1) == 25 == len(sent), "flooding: 2m - (n - 1)"
    bodies = [each for each in lab.trace if each.kind is Kind.SEND and each.detail in block.transactions]
    assert len(bodies) == costs[Overlay.EXECUTION]["tx"].messages


def test_flooded_aggregates_cost_more_than_votes_on_their_subnets() -> None:
    """A vote goes to those who listen; an aggregate to everybody, on every line but the one it came on."""
    lab = read("two_overlays")
    for height in range(1, 5):
        block = find_block(lab.trace, height)
        assert block is not None
        row = get_costs(lab.trace, block)[Overlay.CONSENSUS]
        assert (25, 2 * 25) == (row["proposal"].messages, row["aggregate"].messages)
        assert row["attest"].messages < 4 * 25, "four votes"


def test_a_vote_is_heard_by_those_who_listen_to_its_subnet_and_no_others() -> None:
    """And its weight by everybody, in an aggregate."""
    lab = read("two_overlays")
    rules = lab.peer("ann").chain.rules
    for record in lab.trace:
        if record.kind is Kind.DELIVER and isinstance(record.detail, Attestation):
            assert record.detail.subnet in get_subscriptions(rules, lab.names[record.peer])
    heard = {
        name: {
            (fact["slot"], fact["subnet"])
            for topic in ("aggregate heard", "aggregate made")
            for fact in notes(lab, name, topic)
        }
        for name in lab.names
    }
    wanted = {(slot, get_subnet(rules, slot, each)) for slot in range(1, 5) for each in range(2)}
    assert [wanted] * 8 == [*heard.values()]


def test_a_vote_that_no_neighbour_listens_to_is_lost() -> None:
    """Gus attests in slot 1 on subnet 2, and none of its neighbours there listens to that."""
    lab = read("two_overlays")
    rules = lab.peer("gus").chain.rules
    (sent, *_) = notes(lab, "gus", "attestation sent")
    (said,) = [fact for fact in notes(lab, "fay", "aggregate made") if fact["slot"] == 1]

    assert (1, 2, 0) == (sent["slot"], sent["subnet"], sent["told"])
    assert {"eve", "gus"} == {*get_committee(rules, 1, 0)}
    assert ["eve"] == said["validators"]


def test_slots_have_their_proposers_and_nobody_waits_for_a_full_block() -> None:
    """A block each twelve seconds, by whom the draw names, with or without transactions."""
    lab = read("two_overlays")
    chain = lab.peer("hal").chain
    blocks = [entry.header for entry in chain.tree.own.values()]

    assert [1, 2, 3, 4, 5] == [block.slot for block in blocks]
    assert all(block.proposer == chain.rules.get_proposer(block.slot) for block in blocks)
    assert {12 * SECOND} == {b.time - a.time for a, b in pairwise(blocks)}
    assert [3, 1, 2, 0, 0] == [len(block.transactions) for block in blocks]


def test_nobody_is_told_to_mine_in_slots_and_live_orders_are_checked_first() -> None:
    """Refused before they are events."""
    lab = Lab("two_overlays")
    lab.run(until=SECOND)
    cursor = lab.cursor

    with pytest.raises(UsageError, match="in slots"):
        lab.do(Mine("ann"))
    with pytest.raises(UsageError, match="insufficient funds"):
        lab.do(SendCall("ann", "bob", 11 * ETHER))
    assert cursor == lab.cursor


def test_a_learner_s_own_call_is_part_of_the_run() -> None:
    """Sent at second 1 of the story, saved with it, and in the first block."""
    lab = Lab("replaced")
    lab.run(until=SECOND)
    lab.do(SendCall("max", "ann", ETHER, gas_price=500))
    lab.run()
    (own,) = made(lab, "max")

    assert (True, 0) == (executed(lab, "cat")[own]["ok"], executed(lab, "cat")[own]["place"])


def test_on_the_open_road_nothing_happens_by_itself() -> None:
    """No transaction and no block: what comes is a learner's doing. Two halves, and two lines between."""
    lab = play("open_road")
    lines = [len({"ann", "bob", "cat"} & set(edge)) for edge in lab.scenario.topology.edges]

    assert {} == find_ways(lab.trace)
    assert [0] * 6 == [lab.peer(name).chain.height for name in lab.names]
    assert [3, 2, 3] == [lines.count(ends) for ends in (0, 1, 2)]
