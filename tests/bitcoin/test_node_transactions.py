"""Transactions among nodes: announced, asked for, judged, kept, mined, and given back by a reorganisation."""

from dataclasses import replace

import pytest
from support.bitcoin_dialogue import hang_ups, make_node, meet, sent, timers, topics
from support.bitcoin_pump import Pump
from support.bitcoin_purse import Purse, output

from blockchain_lab.base.actions import Mine, Pay, SubmitTx
from blockchain_lab.base.effects import HangUp, Send, TimerName
from blockchain_lab.base.units import MINUTE, SECOND
from blockchain_lab.bitcoin.messages import (
    MSG_TX,
    MSG_WITNESS_TX,
    FeeFilter,
    GetData,
    Inv,
    InventoryItem,
    NotFound,
    Transaction,
)
from blockchain_lab.bitcoin.miner import make_coinbase
from blockchain_lab.bitcoin.node import BitcoinNode

RICH = {"mined": 130}  # a disk on which thirty coinbases may be spent
FAR = 10_000_000_000  # µs: by then every trickle has dripped


def make_purse(node: BitcoinNode) -> Purse:
    """Pays with coins of the node's chain."""
    return Purse(node.chain, node.pool)


def announce(*transactions: Transaction) -> Inv:
    """I have these."""
    return Inv(tuple(InventoryItem(MSG_TX, tx.txid()) for tx in transactions))


def ask_for(*transactions: Transaction) -> GetData:
    """Send me these, with their witnesses."""
    return GetData(tuple(InventoryItem(MSG_WITNESS_TX, tx.txid()) for tx in transactions))


def hops(pump: Pump) -> list[tuple[str, str, str]]:
    """Who sent what about transactions to whom."""
    return [(a, b, m.command) for a, b, m in pump.sent if m.command in ("inv", "getdata", "tx")]


def make_row(policy: dict[str, object] | None = None) -> tuple[Pump, dict[str, BitcoinNode]]:
    """Ann, Bob behind her, and Cat behind him."""
    pump, row = Pump(), {}
    for name, dials in (("ann", ()), ("bob", ("ann",)), ("cat", ("bob",))):
        row[name] = pump.add(name, dials=dials, disk=RICH, policy=policy or {})
    pump.run(until=SECOND)
    pump.sent.clear()
    return pump, row


def test_a_transaction_travels_by_inv_getdata_tx() -> None:
    """Ann is given it, Bob and Cat in a row behind her get it once each; nobody is told by who told him."""
    pump, row = make_row()
    tx = pay_first(row["ann"])

    pump.do("ann", SubmitTx("ann", tx.encoding.hex()))
    pump.run(until=2 * SECOND)

    assert [tx, tx, tx] == [node.pool.get(tx.txid()) for node in row.values()]
    assert [
        *[("ann", "bob", "inv"), ("bob", "ann", "getdata"), ("ann", "bob", "tx")],
        *[("bob", "cat", "inv"), ("cat", "bob", "getdata"), ("bob", "cat", "tx")],
    ] == hops(pump)


def pay_first(node: BitcoinNode, **changes: int) -> Transaction:
    """An honest payment from the oldest coinbase."""
    purse = make_purse(node)
    return purse.make(purse.coinbase(1), **changes)


@pytest.mark.parametrize("era", ["2010", "2014", "today"])
def test_in_every_real_era_a_peer_waits_for_the_news(era: str) -> None:
    """In rounds of 100 ms or by exponential waiting times: later than the wire needs, and in the end."""
    pump, row = make_row({"era": era})
    slow = next(
        tx for tx in (pay_first(row["ann"], fee=fee) for fee in range(1_000, 2_000)) if tx.txid()[0] > 64
    )

    pump.do("ann", SubmitTx("ann", slow.encoding.hex()))
    pump.run(until=pump.now + 20_000)
    assert [] == hops(pump)
    pump.run(until=FAR)

    assert [slow, slow, slow] == [node.pool.get(slow.txid()) for node in row.values()]
    assert 6 == len(hops(pump))


def test_all_who_dialled_us_are_told_at_the_same_moment() -> None:
    """Today: a spy learns no more from many lines than from one. Those we dialled have their own clocks."""
    node = make_node(disk=RICH, policy={"era": "today"})
    for conn in (1, 3, 5):
        meet(node, conn, inbound=True)
    meet(node, 8)
    effects = node.on_command(SubmitTx("ann", pay_first(node).encoding.hex()), 0)

    assert {TimerName("trickle", about="inbound"), TimerName("trickle", 8)} == set(timers(effects))
    dripped = node.on_timer(TimerName("trickle", about="inbound"), SECOND)
    assert [1, 3, 5] == [effect.conn for effect in dripped if isinstance(effect, Send)]


def test_one_peer_is_asked_and_the_next_one_when_it_does_not_deliver() -> None:
    """Two peers have it. A minute later, or when the first says that it has it not, the second is asked."""
    node = make_node(disk=RICH)
    meet(node, 2)
    meet(node, 4)
    first, second = pay_first(node), pay_first(node, fee=2_000)

    assert [ask_for(first, second)] == sent(node.on_message(2, announce(first, second), 0), 2)
    assert [] == sent(node.on_message(2, announce(first), 0))
    assert [] == sent(node.on_message(4, announce(first, second), SECOND))
    assert [ask_for(second)] == sent(node.on_message(2, NotFound(ask_for(second).items), 2 * SECOND), 4)
    assert [ask_for(first)] == sent(node.on_timer(TimerName("transaction", 2), MINUTE), 4)
    node.on_message(4, first, MINUTE)
    assert first.txid() in node.pool


def test_what_a_lost_peer_owes_is_asked_of_another() -> None:
    """Ann hangs up; Bob had said that he has it, too."""
    node = make_node(disk=RICH)
    meet(node, 2)
    meet(node, 4)
    tx = pay_first(node)
    node.on_message(2, announce(tx), 0)
    node.on_message(4, announce(tx), 0)

    assert [ask_for(tx)] == sent(node.on_disconnected(2, "gone", SECOND), 4)


def test_an_orphan_asks_for_its_parent_and_waits() -> None:
    """The child overtakes. When the parent comes, both wait in the pool, and both are passed on."""
    node = make_node(disk=RICH)
    meet(node, 2)
    meet(node, 4)
    parent = pay_first(node)
    purse = make_purse(node)
    purse.values[output(parent)] = parent.outputs[0].value
    child = purse.make(output(parent))

    effects = node.on_message(2, child, 0)
    assert ["transaction orphaned"] == topics(effects)
    assert [ask_for(parent)] == sent(effects)
    effects = node.on_message(2, parent, 1)

    assert [parent.txid(), child.txid()] == list(node.pool.waiting)
    assert [announce(parent), announce(child)] == sent(effects, 4)
    assert [] == sent(effects, 2)


def test_orphans_are_bounded_by_the_era() -> None:
    """2014: 10,000 by count (two are enough here). Today: 404,000 weight units of one peer's."""
    purse = make_purse(make_node(disk=RICH))
    lost = [purse.make(purse.coinbase(height)) for height in range(1, 5)]
    for tx in lost:
        purse.values[output(tx)] = tx.outputs[0].value
    children = [purse.make(output(tx)) for tx in lost]

    for policy in ({"era": "2014", "most_orphans": 2}, {"orphan_weight_per_peer": 2 * children[0].weight()}):
        node = make_node(disk=RICH, policy=policy)
        meet(node, 2)
        for child in children:
            node.on_message(2, child, 0)
        assert [child.txid() for child in children[2:]] == list(node.transactions.orphans.waiting)


def test_a_transaction_that_can_never_be_valid_ends_the_connection() -> None:
    """No outputs; a coinbase outside a block; more than it takes. Each with its reason in the trace."""
    honest = pay_first(make_node(disk=RICH))
    for tx, reason in (
        (replace(honest, outputs=()), "bad-txns-vout-empty"),
        (make_coinbase(1, 50, b"free"), "coinbase"),
        (pay_first(make_node(disk=RICH), fee=-1), "bad-txns-in-belowout"),
    ):
        node = make_node(disk=RICH)
        meet(node)
        effects = node.on_message(2, tx, 0)

        assert [HangUp(2, f"transaction: {reason}")] == hang_ups(effects)
        assert ["transaction refused", "peer misbehaved"] == topics(effects)[:2]
        assert 0 == len(node.pool)


def test_what_is_only_unwelcome_ends_nothing_and_is_not_asked_for_again() -> None:
    """Too small a fee: refused, remembered until the tip moves, then it may be offered once more."""
    node = make_node(disk=RICH)
    meet(node)
    cheap = pay_first(node, fee=1)

    node.on_message(2, announce(cheap), 0)
    effects = node.on_message(2, cheap, 0)
    assert (["transaction refused"], []) == (topics(effects), hang_ups(effects))
    assert [] == sent(node.on_message(2, announce(cheap), 0))
    node.on_command(Mine("ann"), MINUTE)
    assert [ask_for(cheap)] == sent(node.on_message(2, announce(cheap), MINUTE))


def test_a_peer_may_announce_five_thousand_and_is_asked_for_a_thousand_at_a_time() -> None:
    """An inventory flood costs 5,000 names and six messages, however long it goes on."""
    node = make_node(disk=RICH)
    meet(node)
    names = [number.to_bytes(32, "big") for number in range(6_000)]

    asked = sent(node.on_message(2, Inv(tuple(InventoryItem(MSG_TX, name) for name in names)), 0))

    assert [1_000] * 5 == [len(message.items) for message in asked if isinstance(message, GetData)]
    assert 5_000 == len(node.transactions.requests.asked)


def test_a_peer_that_wants_high_fees_hears_of_no_others() -> None:
    """BIP 133, and BIP 37's `relay`: wishes of a peer that has no use for the news."""
    node = make_node(disk=RICH)
    meet(node, 2)
    meet(node, 4)
    node.on_message(2, FeeFilter(1_000_000), 0)
    effects = node.on_command(SubmitTx("ann", pay_first(node).encoding.hex()), 0)

    assert [4] == [effect.conn for effect in effects if isinstance(effect, Send)]


def test_a_miner_takes_what_waits_and_everybody_forgets_it() -> None:
    """Two payments and a block: the coinbase takes the fees, and all three pools are empty."""
    pump, row = make_row()
    pump.do("ann", Pay("ann"))
    pump.run(until=2 * SECOND)
    pump.do("ann", Pay("ann"))
    pump.run(until=4 * SECOND)
    assert [2, 2, 2] == [len(node.pool) for node in row.values()]
    fees = sum(entry.fee for entry in row["cat"].pool)

    pump.do("cat", Mine("cat"))
    pump.run(until=8 * SECOND)

    block = row["ann"].chain.get_block(row["ann"].chain.tip.hash)
    assert 3 == len(block.transactions)
    assert 50 * 100_000_000 + fees == block.transactions[0].outputs[0].value
    assert [0, 0, 0] == [len(node.pool) for node in row.values()]
    removed = [(who, facts["reason"]) for who, topic, facts in pump.notes if topic == "transactions removed"]
    assert [("cat", "confirmed"), ("bob", "confirmed"), ("ann", "confirmed")] == removed


def test_a_block_that_everybody_refuses_changes_no_pool() -> None:
    """A block that spends a coin twice, from a peer with work enough: the peer goes, the pool stays."""
    node = make_node(disk=RICH)
    meet(node)
    tx = pay_first(node)
    node.on_command(SubmitTx("ann", tx.encoding.hex()), 0)
    double = make_purse(node).mine(node.chain.tip, tx, pay_first(node, fee=5_000))

    effects = node.on_message(2, double, 0)

    assert [HangUp(2, "invalid block: bad-txns-inputs-missingorspent")] == hang_ups(effects)
    assert [tx.txid()] == list(node.pool.waiting)
