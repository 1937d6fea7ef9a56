"""Transactions by the name that covers their witness (BIP 339), beside peers who know them by txid only.

The coins of these tests ask for a witness of two items: anything, and a script that drops it. So anybody can
change the first item on the way: the txid stays, the wtxid does not. That is a *twin*.
"""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from support.bitcoin_dialogue import THERE, facts, hang_ups, make_node, make_peer_version, sent, topics
from support.bitcoin_pump import Pump
from support.bitcoin_purse import COIN, Purse, output

from blockchain_lab.base.actions import Mine, SubmitTx
from blockchain_lab.base.effects import Send, TimerName
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin.messages import (
    MSG_TX,
    MSG_WITNESS_TX,
    MSG_WTX,
    GetData,
    Inv,
    InventoryItem,
    NotFound,
    Transaction,
    Verack,
    WtxidRelay,
)
from blockchain_lab.bitcoin.miner import ANYONE_CAN_SPEND
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.script import pay_to_witness
from blockchain_lab.bitcoin.tx import OutPoint, TxInput, TxOutput

SCRIPT = b"\x75\x51"  # OP_DROP OP_1
CHANGEABLE = pay_to_witness(0, sha256(SCRIPT).digest())
COINS = 4
NEW, WITNESS, OLD = 2, 4, 6  # connections: by wtxid; by txid, with witnesses; by txid, without
RELAY = {"wtxid_relay": True, "protocol_version": 70016}  # all else as in "plain": nobody waits for a turn


def make_disk() -> dict[str, Any]:
    """A chain whose last block makes four such coins."""
    purse = Purse()
    outputs = (TxOutput(COIN // 5, CHANGEABLE),) * COINS
    split = Transaction(2, (TxInput(purse.coinbase(1), b""),), outputs)
    block = purse.mine(purse.chain.tip, split)
    return {"mined": 120, "blocks": [block.encoding.hex()]}


DISK = make_disk()


FEE = 15  # satoshi: enough for 110 virtual bytes, not for 240
HEAVY = bytes(520)  # shown in the witness, it makes 130 more


def pay(node: BitcoinNode, coin: int = 0) -> Transaction:
    """Spend one of the coins."""
    split = node.chain.get_block(node.chain.active[121].hash).transactions[1]
    return spend(output(split, coin), COIN // 5)


def spend(place: OutPoint, value: int, shown: bytes = b"honest") -> Transaction:
    """Half to anyone, half for one who shows something and the script."""
    outputs = (TxOutput(value // 2 - FEE, ANYONE_CAN_SPEND), TxOutput(value // 2, CHANGEABLE))
    return Transaction(2, (TxInput(place, b""),), outputs, ((shown, SCRIPT),))


def make_twin(tx: Transaction, shown: bytes) -> Transaction:
    """The same payment with another witness."""
    return replace(tx, witnesses=((shown, SCRIPT),))


def make_hub(*conns: int) -> BitcoinNode:
    """A node that names by wtxid, and these peers."""
    node = make_node(disk=DISK, policy=RELAY)
    for conn in conns:
        node.on_connected(conn, THERE, False, 0)
        version, services = {NEW: (70016, 9), WITNESS: (70015, 9), OLD: (70015, 1)}[conn % 10]
        node.on_message(conn, make_peer_version(version=version, services=services), 0)
        if conn % 10 == NEW:
            node.on_message(conn, WtxidRelay(), 0)
        node.on_message(conn, Verack(), 0)
    return node


def inv(kind: int, *names: bytes) -> Inv:
    """I have these."""
    return Inv(tuple(InventoryItem(kind, name) for name in names))


def ask(kind: int, *names: bytes) -> GetData:
    """Send me these."""
    return GetData(tuple(InventoryItem(kind, name) for name in names))


def test_between_two_new_nodes_a_transaction_has_its_wtxid_everywhere() -> None:
    """inv, getdata, and the transaction with its witness."""
    pump = Pump()
    ann = pump.add("ann", disk=DISK, policy=RELAY)
    bob = pump.add("bob", dials=("ann",), disk=DISK, policy=RELAY)
    pump.run(until=SECOND)
    pump.sent.clear()
    tx = pay(ann)

    pump.do("ann", SubmitTx("ann", tx.encoding.hex()))
    pump.run(until=2 * SECOND)

    names = InventoryItem(MSG_WTX, tx.wtxid())
    assert tx.txid() != tx.wtxid()
    assert [Inv((names,)), GetData((names,)), tx] == [message for _, _, message in pump.sent]
    assert tx == bob.pool.find(tx.wtxid())


def test_each_peer_is_told_the_name_that_it_knows_and_sent_what_it_can_read() -> None:
    """A wtxid, a txid, a txid; the answer to the third kind of question has no witness (BIP 144)."""
    node = make_hub(NEW, WITNESS, OLD)
    tx = pay(node)

    told = node.on_command(SubmitTx("ann", tx.encoding.hex()), 0)
    asked = [
        node.on_message(conn, ask(kind, name), 0)
        for conn, kind, name in (
            (NEW, MSG_WTX, tx.wtxid()),
            (WITNESS, MSG_WITNESS_TX, tx.txid()),
            (OLD, MSG_TX, tx.txid()),
        )
    ]

    assert {
        NEW: inv(MSG_WTX, tx.wtxid()),
        WITNESS: inv(MSG_TX, tx.txid()),
        OLD: inv(MSG_TX, tx.txid()),
    } == {effect.conn: effect.message for effect in told if isinstance(effect, Send)}
    assert [[tx], [tx], [replace(tx, witnesses=())]] == [sent(effects) for effects in asked]


def test_what_is_asked_for_by_another_witness_is_not_there() -> None:
    """A twin's wtxid, and a txid that is asked for as if it were a wtxid: `notfound`, in the same words."""
    node = make_hub(NEW)
    tx = pay(node)
    node.on_command(SubmitTx("ann", tx.encoding.hex()), 0)
    strange = ask(MSG_WTX, make_twin(tx, b"other").wtxid(), tx.txid())

    assert [NotFound(strange.items)] == sent(node.on_message(NEW, strange, 0))


@pytest.mark.parametrize(("conn", "kind"), [(NEW, MSG_TX), (WITNESS, MSG_WTX), (OLD, MSG_WTX)])
def test_a_name_of_the_kind_that_was_not_agreed_on_is_ignored(conn: int, kind: int) -> None:
    """As Core does; what was agreed on is asked for."""
    node = make_hub(conn)
    right = {NEW: MSG_WTX, WITNESS: MSG_WITNESS_TX, OLD: MSG_TX}[conn]
    announced = MSG_WTX if conn == NEW else MSG_TX

    assert [] == sent(node.on_message(conn, inv(kind, b"n" * 32), 0))
    assert [ask(right, b"n" * 32)] == sent(node.on_message(conn, inv(announced, b"n" * 32), 0))


def test_a_peer_too_old_for_it_cannot_offer_it() -> None:
    """Who introduces itself with version 70015 and says `wtxidrelay` is not heard."""
    node = make_node(policy=RELAY)
    node.on_connected(2, THERE, False, 0)
    node.on_message(2, make_peer_version(version=70015), 0)
    node.on_message(2, WtxidRelay(), 0)

    assert not node.peers[2].names_by_wtxid


def test_one_transaction_under_two_names_is_fetched_once() -> None:
    """An old peer announces its txid, a new one its wtxid: the old one is asked 2 s later, if at all."""
    node = make_hub(NEW, WITNESS)
    fast, slow = pay(node, 0), pay(node, 1)
    later = TimerName("transaction", WITNESS, "by txid")

    first = node.on_message(WITNESS, inv(MSG_TX, fast.txid(), slow.txid()), 0)
    second = node.on_message(NEW, inv(MSG_WTX, fast.wtxid(), slow.wtxid()), SECOND)
    node.on_message(NEW, fast, SECOND)
    third = node.on_timer(later, 2 * SECOND)

    assert [] == sent(first)
    assert [ask(MSG_WTX, fast.wtxid(), slow.wtxid())] == sent(second, NEW)
    assert [ask(MSG_WITNESS_TX, slow.txid())] == sent(third, WITNESS)
    assert [] == sent(third, NEW)
    node.on_message(WITNESS, slow, 2 * SECOND)
    assert {} == node.transactions.requests.asked == node.transactions.requests.others
    assert {} == node.transactions.requests.postponed


def test_without_peers_who_name_by_wtxid_nobody_waits() -> None:
    """The two seconds are for those who have somebody better to ask."""
    node = make_hub(WITNESS)

    assert [ask(MSG_WITNESS_TX, b"t" * 32)] == sent(node.on_message(WITNESS, inv(MSG_TX, b"t" * 32), 0))


def test_without_a_witness_both_names_are_one() -> None:
    """Asked of the first by wtxid; when that one has it no longer, of the second by txid, at once."""
    node = make_hub(NEW, WITNESS)
    name = b"n" * 32

    assert [ask(MSG_WTX, name)] == sent(node.on_message(NEW, inv(MSG_WTX, name), 0))
    assert [] == sent(node.on_message(WITNESS, inv(MSG_TX, name), 0))
    gone = node.on_message(NEW, NotFound(ask(MSG_WTX, name).items), SECOND)
    assert [ask(MSG_WITNESS_TX, name)] == sent(gone, WITNESS)


def test_what_was_to_be_asked_later_is_forgotten_with_its_peer() -> None:
    """It hangs up before the two seconds are over."""
    node = make_hub(NEW, WITNESS)
    node.on_message(WITNESS, inv(MSG_TX, b"t" * 32), 0)
    node.on_disconnected(WITNESS, "gone", SECOND)

    requests = node.transactions.requests
    assert ({}, {}, {}) == (requests.postponed, requests.others, requests.asked)


def test_a_twin_does_not_keep_us_from_the_honest_transaction() -> None:
    """Its witness is too heavy for its fee. Refused by wtxid: the other name is asked for elsewhere."""
    node = make_hub(NEW, WITNESS, 14)
    tx = pay(node)
    twin = make_twin(tx, HEAVY)
    node.on_message(WITNESS, inv(MSG_TX, tx.txid()), 0)
    node.on_message(14, inv(MSG_TX, tx.txid()), 0)
    node.on_timer(TimerName("transaction", WITNESS, "by txid"), 2 * SECOND)

    refused = node.on_message(WITNESS, twin, 2 * SECOND)
    again = node.on_message(NEW, inv(MSG_WTX, twin.wtxid()), 2 * SECOND)
    honest = node.on_message(NEW, inv(MSG_WTX, tx.wtxid()), 2 * SECOND)
    accepted = node.on_message(NEW, tx, 2 * SECOND)

    assert twin.txid() == tx.txid()
    assert "min relay fee not met" == facts(refused, "transaction refused")["reason"]
    assert [ask(MSG_WITNESS_TX, tx.txid())] == sent(refused, 14), "the next who has that txid"
    assert [] == sent(again), "this witness is known to be of no use"
    assert [ask(MSG_WTX, tx.wtxid())] == sent(honest, NEW)
    assert ["transaction accepted"] == topics(accepted)


def test_a_transaction_without_its_witnesses_is_nobodys_fault_and_is_not_remembered() -> None:
    """An old peer cannot send them. Its wtxid is the honest one's txid, so it must stay welcome."""
    node = make_hub(OLD, WITNESS)
    tx = pay(node)
    node.on_message(OLD, inv(MSG_TX, tx.txid()), 0)
    node.on_message(WITNESS, inv(MSG_TX, tx.txid()), 0)

    effects = node.on_message(OLD, replace(tx, witnesses=()), 0)

    assert (["transaction refused"], []) == (topics(effects), hang_ups(effects))
    assert [ask(MSG_WITNESS_TX, tx.txid())] == sent(effects, WITNESS)
    node.on_message(WITNESS, tx, 0)
    assert tx == node.pool.get(tx.txid())


def test_who_breaks_a_witness_is_hung_up_on_and_the_honest_one_still_comes_in() -> None:
    """A witness with nothing to drop fails; that says nothing about the payment."""
    node = make_hub(NEW, 12)
    tx = pay(node)
    broken = replace(tx, witnesses=((SCRIPT,),))

    assert [NEW] == [effect.conn for effect in hang_ups(node.on_message(NEW, broken, 0))]
    assert [ask(MSG_WTX, tx.wtxid())] == sent(node.on_message(12, inv(MSG_WTX, tx.wtxid()), 0))
    node.on_message(12, tx, 0)
    assert tx == node.pool.find(tx.wtxid())


def test_the_second_of_two_valid_twins_may_not_wait() -> None:
    """Core's word for it is another one than for the very same transaction."""
    purse = Purse(make_hub().chain)
    tx = pay(make_hub())
    purse.admit(tx)

    with pytest.raises(Exception, match="txn-same-nonwitness-data-in-mempool"):
        purse.judge(make_twin(tx, b"other"))
    with pytest.raises(Exception, match="txn-already-in-mempool"):
        purse.judge(tx)


def test_twins_wait_for_their_parent_side_by_side() -> None:
    """Nobody knows yet which is honest. The parent is asked for by txid; then the first one is in."""
    node = make_hub(NEW)
    parent = pay(node)
    child = spend(output(parent, 1), COIN // 10)
    twin = make_twin(child, b"other")

    effects = [*node.on_message(NEW, child, 0), *node.on_message(NEW, twin, 0)]
    orphans = list(node.transactions.orphans.waiting)
    node.on_message(NEW, parent, 1)

    assert [child.wtxid(), twin.wtxid()] == orphans
    assert [] == sent(effects), "by txid: two seconds later, as long as there are peers who name by wtxid"
    assert [parent.txid(), child.txid()] == list(node.pool.waiting)
    assert twin.wtxid() in node.transactions.refused
    assert child.txid() not in node.transactions.refused


def test_what_a_block_has_confirmed_is_not_asked_for_by_its_wtxid() -> None:
    """Its coins are known by txid only, so the last six blocks are asked; after those it is news again."""
    node = make_hub(NEW)
    tx = pay(node)
    node.on_command(SubmitTx("ann", tx.encoding.hex()), 0)
    node.on_command(Mine("ann", 6), SECOND)

    assert [] == sent(node.on_message(NEW, inv(MSG_WTX, tx.wtxid()), SECOND))
    node.on_command(Mine("ann"), SECOND)
    assert [ask(MSG_WTX, tx.wtxid())] == sent(node.on_message(NEW, inv(MSG_WTX, tx.wtxid()), SECOND))
    assert "txn-already-known" == facts(node.on_message(NEW, tx, SECOND), "transaction refused")["reason"]


def test_a_twin_that_comes_again_does_not_close_the_other_name_either() -> None:
    """The same useless witness from a second peer: its txid is still asked of the third."""
    node = make_hub(WITNESS, 14, 24)
    tx = pay(node)
    twin = make_twin(tx, HEAVY)
    for conn in (WITNESS, 14, 24):
        node.on_message(conn, inv(MSG_TX, tx.txid()), 0)

    first = node.on_message(WITNESS, twin, 0)
    second = node.on_message(14, twin, 0)

    assert [ask(MSG_WITNESS_TX, tx.txid())] == sent(first, 14)
    assert ([ask(MSG_WITNESS_TX, tx.txid())], []) == (sent(second, 24), topics(second))
