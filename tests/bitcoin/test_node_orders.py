"""Payments by IP: checkorder, reply, submitorder, reply; and everything that can go wrong on the way."""

from dataclasses import replace
from typing import Any

import pytest
from support.bitcoin_dialogue import HERE, THERE, facts, make_node, meet, sent, state_of, timers, topics
from support.bitcoin_pump import Pump

from blockchain_lab.base.actions import Disconnect, Mine, Pay, PayByIp
from blockchain_lab.base.effects import Dial, Effect, Send
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND, Address, ConnectionId
from blockchain_lab.bitcoin import orders
from blockchain_lab.bitcoin.messages import CheckOrder, Reply, SubmitOrder, Transaction
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.orders import EMPTY, fill_form
from blockchain_lab.bitcoin.script import Form, classify, pay_to_public_key_hash
from blockchain_lab.bitcoin.tx import OutPoint, TxInput, TxOutput

COIN = 100_000_000  # satoshi
OLD: dict[str, Any] = {"era": "2010"}
OPEN: dict[str, Any] = {**OLD, "allow_receive_by_ip": True}
ASK, OTHER = bytes(31) + b"\x01", bytes(31) + b"\x02"  # requests
CONTACTS = {"ann": HERE, "bob": THERE}
ELSEWHERE = Address("10.8.8.8", 8333)
EMPTY_FORM = fill_form(EMPTY, time=0)


def make_couple(payee: dict[str, Any] = OPEN, payer: dict[str, Any] = OLD, mined: int = 110) -> Pump:
    """Bob waits to be called; Ann may call him, but is not connected."""
    pump = Pump()
    pump.add("bob", policy=payee, disk={"mined": mined})
    pump.add("ann", policy=payer, disk={"mined": mined})
    get_node(pump, "bob").setup.contacts.update(get_node(pump, "ann").setup.contacts)
    return pump


def pay(pump: Pump, until: int = 2 * SECOND, **order: Any) -> None:
    """Ann pays Bob by IP."""
    pump.do("ann", PayByIp("ann", "bob", **order))
    pump.run(until=pump.now + until)


def get_notes(pump: Pump, name: str, topic: str) -> list[dict[str, Any]]:
    """The facts of a node's notes of one topic."""
    return [said for who, what, said in pump.notes if (who, what) == (name, topic)]


def get_messages(pump: Pump, kind: type) -> list[Any]:
    """All messages of a kind, in order."""
    return [message for _, _, message in pump.sent if isinstance(message, kind)]


def get_node(pump: Pump, name: str) -> BitcoinNode:
    """A Bitcoin node of a pump."""
    node = pump.nodes[name]
    assert isinstance(node, BitcoinNode)
    return node


def owns(pump: Pump, name: str, script: bytes) -> bool:
    """Has this node's wallet the key?"""
    return get_node(pump, name).cashier.wallet.keys.is_mine(script)


# --- All goes well --------------------------------------------------------------------------------------


def test_ann_calls_bob_asks_for_a_key_and_pays_to_it() -> None:
    """Both have the payment in their pools; it pays to a public key as it is, which only Bob has."""
    pump = make_couple()
    pay(pump, amount=COIN)
    question, answer, payment = (get_messages(pump, kind) for kind in (CheckOrder, Reply, SubmitOrder))

    talk = [m.wire_name for _, _, m in pump.sent if m.lecture_class == "payment"]  # type: ignore[attr-defined]
    assert ["checkorder", "reply", "submitorder", "reply"] == talk
    assert EMPTY == question[0].order.linked.transaction
    assert 1 == len({message.request for message in (*question, *answer, *payment)})
    assert [(0, 67), (0, None)] == [(each.code, each.script and len(each.script)) for each in answer]
    tx = payment[0].order.linked.transaction
    (output,) = [output for output in tx.outputs if output.value == COIN]
    assert (answer[0].script, Form.PUBLIC_KEY) == (output.script, classify(output.script).form)
    assert [True, False] == [
        get_node(pump, who).cashier.wallet.keys.is_mine(output.script) for who in ("bob", "ann")
    ]
    assert all(tx.txid() in get_node(pump, name).pool for name in ("ann", "bob"))
    assert [COIN] == [note["amount"] for note in get_notes(pump, "bob", "order received")]
    assert ([], {}) == (get_notes(pump, "ann", "order failed"), get_node(pump, "ann").side_talks.orders.ours)
    (paid,) = get_notes(pump, "ann", "order paid")
    assert paid == {key: get_notes(pump, "bob", "order received")[0][key] for key in ("request", "txid")}


def test_the_payment_is_signed_and_bob_can_spend_it() -> None:
    """Ann's own coins, with a signature of hers and change to a key hash; later Bob signs for his key."""
    pump = make_couple()
    pump.do("bob", Pay("bob", to="ann", amount=40 * COIN))
    pump.do("bob", Mine("bob"))
    pump.do("ann", PayByIp("ann", "bob", amount=COIN))
    pump.run(until=3 * SECOND)  # they talk now, so Ann hears of the block
    assert "no coin to spend" not in str(get_notes(pump, "ann", "order failed"))
    pay(pump, amount=3 * COIN)
    second = get_messages(pump, SubmitOrder)[1].order.linked.transaction
    pump.do("bob", Mine("bob"))
    pump.run(until=6 * SECOND)
    pump.do("bob", Pay("bob", to="ann", amount=2 * COIN))

    assert all(spending.script for spending in second.inputs)
    assert {Form.PUBLIC_KEY, Form.PUBLIC_KEY_HASH} == {classify(each.script).form for each in second.outputs}
    last = [*get_node(pump, "bob").pool][-1].tx
    assert {spending.previous.txid for spending in last.inputs} <= {
        message.order.linked.transaction.txid() for message in get_messages(pump, SubmitOrder)
    }
    assert all(len(spending.script) > 70 for spending in last.inputs)


def test_who_is_connected_is_not_called_again() -> None:
    """And the others hear of the payment by inv, as of any other."""
    pump = make_couple()
    pump.add("cat", dials=("ann",), policy=OLD, disk={"mined": 110})
    pay(pump)
    pay(pump)

    assert 2 == len(get_notes(pump, "ann", "order paid"))
    assert 1 == sum(name == "version" for name in pump.commands_between("ann", "bob"))
    assert 2 == len(get_node(pump, "cat").pool)


def test_a_key_is_told_again_until_it_was_paid() -> None:
    """To the same IP. Another one has a key of its own, and after a payment there is a new key."""
    pump = make_couple()
    bob = get_node(pump, "bob")
    bob.on_connected(21, ELSEWHERE, True, 0)
    bob.on_connected(23, Address("10.7.7.7", 8333), True, 0)
    here, there = bob.peers[21], bob.peers[23]

    def ask(peer: Any) -> bytes | None:
        (reply,) = sent(
            bob.side_talks.orders.on_checkorder(peer, CheckOrder(ASK, EMPTY_FORM), moment, bob.cashier)
        )
        assert isinstance(reply, Reply)
        return reply.script

    talks, moment = bob.side_talks.orders, bob._get_moment(0)
    first = ask(here)
    assert first == ask(here) != ask(there)
    tx = get_node(pump, "ann").cashier.pay_to(first, COIN, 0, get_node(pump, "ann")._get_moment(0), bob.pool)
    talks.on_submitorder(here, SubmitOrder(ASK, fill_form(tx, 0)), moment, bob.transactions)
    assert ask(here) not in (first, ask(there))


def test_bobs_keys_survive_a_restart() -> None:
    """The disk holds how many keys were given out; all follow from that."""
    pump = make_couple()
    pay(pump, amount=COIN)
    script = get_messages(pump, Reply)[0].script

    again = make_node(policy=OPEN, disk=get_node(pump, "bob").stored())
    again.cashier.name = "bob"

    assert again.cashier.wallet.keys.is_mine(script)


# --- What Bob does not take -------------------------------------------------------------------------------


def make_payee(policy: dict[str, Any] = OPEN) -> BitcoinNode:
    """A node to whom a peer on connection 2 may say orders."""
    node = make_node(policy=policy, disk={"mined": 110})
    meet(node)
    return node


def make_paying(node: BitcoinNode, script: bytes = b"\x51") -> Transaction:
    """A payment that the node would take, of coins that are anyone's."""
    return node.cashier.pay_to(script, COIN, 0, node._get_moment(0), node.pool)


def submit(node: BitcoinNode, tx: Transaction, request: bytes = ASK) -> list[Effect]:
    """Somebody says that he has paid."""
    return node.on_message(2, SubmitOrder(request, fill_form(tx, 0)), 0)


def test_without_the_switch_nothing_is_taken() -> None:
    """Code 2 to both, since 0.3.13: with an empty text to the first, with nothing to the second."""
    node = make_payee(OLD)
    before = state_of(node)
    tx = make_paying(make_payee())

    asked, submitted = node.on_message(2, CheckOrder(ASK, EMPTY_FORM), 0), submit(node, tx)

    assert [Reply(ASK, 2, b""), Reply(ASK, 2)] == sent([*asked, *submitted])
    assert ["order refused"] == topics(asked) == topics(submitted)
    assert before == state_of(node)


def test_a_second_submission_is_refused() -> None:
    """The payment waits already: code 1, as in AcceptWalletTransaction; nothing else changes."""
    node = make_payee()
    tx = make_paying(node)
    first = submit(node, tx)
    before = state_of(node)

    second = submit(node, tx, OTHER)

    assert [[Reply(ASK, 0)], [Reply(OTHER, 1)]] == [
        [each for each in sent(effects) if isinstance(each, Reply)] for effects in (first, second)
    ]
    assert "txn-already-in-mempool" == facts(second, "order refused")["reason"]
    assert before == state_of(node)


def test_what_cannot_be_paid_is_refused_and_nobody_is_blamed() -> None:
    """A coin that does not exist, more than the coin holds, a signature that is none, and no input at all."""
    node = make_payee()
    good = make_paying(node)
    unknown = replace(good, inputs=(TxInput(OutPoint(bytes(31) + b"\x07", 0), b""),))
    too_much = replace(good, outputs=(TxOutput(51 * COIN, b"\x51"), *good.outputs))
    locked = replace(good, outputs=(TxOutput(COIN, pay_to_public_key_hash(bytes(20))), good.outputs[1]))
    submit(node, locked)
    forged = Transaction(2, (TxInput(OutPoint(locked.txid(), 0), b"\x01\x00"),), good.outputs[:1])
    before = state_of(node)

    effects = [submit(node, tx) for tx in (unknown, too_much, forged, EMPTY)]

    assert [[Reply(ASK, 1)]] * 4 == [sent(each) for each in effects]
    assert [["order refused"]] * 4 == [topics(each) for each in effects]
    reasons = [facts(each, "order refused")["reason"] for each in effects]
    assert ["missing-inputs", "bad-txns-in-belowout", "bad-txns-vin-empty"] == [*reasons[:2], reasons[3]]
    assert before == state_of(node)


def test_whom_a_payment_pays_is_not_asked() -> None:
    """As in Bitcoin: any valid transaction is taken; the note tells how much of it is ours."""
    node = make_payee()

    effects = submit(node, make_paying(node))

    assert 0 == facts(effects, "order received")["amount"]
    assert Send(2, Reply(ASK, 0)) == effects[-1]


def test_keys_are_not_given_to_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each costs a place on the disk; who was first may still ask again."""
    monkeypatch.setattr(orders, "MOST_KEYS", 1)
    node = make_payee()
    node.side_talks.orders.scripts["10.1.1.1"] = b"\x51"

    effects = node.on_message(2, CheckOrder(ASK, EMPTY_FORM), 0)

    assert [Reply(ASK, 1, b"")] == sent(effects)
    assert {"receive": 1, "change": 0} == {**{"change": 0}, **node.cashier.given}


# --- What Ann does not get ----------------------------------------------------------------------------------


def make_payer(connected: bool = True, **values: Any) -> BitcoinNode:
    """A node that knows Bob's address, and is connected to him on connection 2."""
    node = make_node(
        **{"policy": OLD, "disk": {"mined": 110}, "contacts": {"ann": HERE, "bob": THERE}, **values}
    )
    if connected:
        meet(node)
    return node


def begin(node: BitcoinNode) -> bytes:
    """Ann wants to pay; the request."""
    effects = node.on_command(PayByIp("ann", "bob", amount=COIN), 0)
    return bytes.fromhex(facts(effects, "order begun")["request"])


def reply(node: BitcoinNode, answer: Reply, conn: ConnectionId = 2) -> list[Effect]:
    """Somebody answers."""
    return node.on_message(conn, answer, 0)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Reply(ASK, 2, b""), "the payee takes no payments by IP"),
        (Reply(ASK, 1, b""), "the payee refused it"),
        (Reply(ASK, -7), "the payee says -7"),
        (Reply(ASK, 0), "the reply has no script"),
    ],
    ids=["not allowed", "refused", "other code", "no script"],
)
def test_an_answer_that_is_no_key_ends_the_order(answer: Reply, reason: str) -> None:
    """Nothing was paid, and the payer's coins are free."""
    node = make_payer()
    request = begin(node)

    effects = reply(node, replace(answer, request=request))

    assert {"request": request.hex(), "txid": None, "reason": reason} == facts(effects, "order failed")
    assert (0, {}) == (len(node.pool), node.side_talks.orders.ours)


def test_whatever_is_answered_is_paid_to() -> None:
    """As in Bitcoin: nothing tells Bob's script from one that nobody can ever spend. So it was given up."""
    node = make_payer()
    request = begin(node)

    effects = reply(node, Reply(request, 0, b"\x6a"))

    assert ["transaction accepted"] == topics(effects)
    assert b"\x6a" in [output.script for waiting in node.pool for output in waiting.tx.outputs]


def test_a_reply_that_answers_nothing_is_ignored() -> None:
    """Another request, the right one from somebody else, a second answer after the end."""
    node = make_payer()
    node.on_connected(4, ELSEWHERE, False, 0)
    meet(node, 6)
    request = begin(node)
    before = state_of(node)

    assert [] == reply(node, Reply(OTHER, 0, b"\x51")) == reply(node, Reply(request, 0, b"\x51"), conn=6)
    assert before == state_of(node)
    reply(node, Reply(request, 0, b"\x51"))
    assert ["order paid"] == topics(reply(node, Reply(request, 0)))
    assert [] == reply(node, Reply(request, 0)) == reply(node, Reply(request, 1))


def test_a_payment_that_was_refused_is_on_its_way_all_the_same() -> None:
    """As in Bitcoin: the payer has told everybody; the note has the txid."""
    node = make_payer()
    request = begin(node)
    reply(node, Reply(request, 0, b"\x51"))
    (waiting,) = node.pool

    effects = reply(node, Reply(request, 1))

    assert waiting.tx.txid()[::-1].hex() == facts(effects, "order failed")["txid"]
    assert 1 == len(node.pool)


def test_nobody_answers() -> None:
    """A minute for the answer. Who knows no orders (here: today's Bob) says nothing."""
    pump = make_couple(payee={"era": "plain"})
    pay(pump, until=59 * SECOND)
    assert [] == get_notes(pump, "ann", "order failed")
    pump.run(until=pump.now + 3 * SECOND)

    assert ["no answer"] == [note["reason"] for note in get_notes(pump, "ann", "order failed")]
    assert [] == get_messages(pump, Reply)


def test_nobody_is_there() -> None:
    """The call fails, or the line breaks before the answer."""
    node = make_payer(connected=False)
    effects = node.on_command(PayByIp("ann", "bob"), 0)
    assert [Dial(THERE)] == [effect for effect in effects if isinstance(effect, Dial)]
    assert 60 * SECOND in timers(effects).values()
    assert [] == topics(node.on_dial_failed(ELSEWHERE, "refused", 0))
    assert "cannot be reached: gone" == facts(node.on_dial_failed(THERE, "gone", 0), "order failed")["reason"]

    begin(node)
    assert ["checkorder"] == [m.wire_name for m in sent(meet(node)) if isinstance(m, CheckOrder)]
    lost = node.on_disconnected(2, "reset", 0)
    assert "the connection was lost" == facts(lost, "order failed")["reason"]
    meet(node)
    begin(node)
    assert ["order failed"] == topics(node.on_command(Disconnect("ann", "bob"), 0))


@pytest.mark.parametrize(
    ("values", "order", "problem"),
    [
        ({"policy": {"era": "today"}}, PayByIp("ann", "bob"), "era 'today' knows no payments by IP"),
        ({"policy": {"era": "2014"}}, PayByIp("ann", "bob"), "era '2014' knows no payments by IP"),
        ({}, PayByIp("ann", "eve"), "found 'eve', wanted the name of another peer"),
        ({}, PayByIp("ann", "ann"), "found 'ann', wanted the name of another peer"),
        ({}, PayByIp("ann", "bob", amount=60 * COIN), "no coin to spend"),
        ({"disk": {"mined": 10}}, PayByIp("ann", "bob"), "no coin to spend"),
    ],
)
def test_what_cannot_be_paid_is_not_begun(values: dict[str, Any], order: PayByIp, problem: str) -> None:
    """It is tried on copies, and nothing changes: no key, no draw."""
    node = make_payer(**values)
    before = state_of(node)

    assert problem in str(node.find_problem(order, 0))
    assert before == state_of(node)
    with pytest.raises(UsageError, match="PayByIp"):
        node.on_command(order, 0)


def test_coins_that_need_a_witness_do_not_fit_an_order() -> None:
    """Bob of today paid Ann by P2WPKH: in 2010 nobody could read what spends that."""
    pump = make_couple(payee={"era": "today"}, payer={**OLD, "pays_by_witness": True})
    pump.do("bob", Pay("bob", to="ann", amount=COIN))
    pump.do("bob", Mine("bob"))
    ann = get_node(pump, "ann")
    block = get_node(pump, "bob").chain.get_block(get_node(pump, "bob").chain.tip.hash)
    meet(ann, 40)
    ann.on_message(40, block, 0)

    assert "need witnesses" in str(ann.find_problem(PayByIp("ann", "bob"), 0))
