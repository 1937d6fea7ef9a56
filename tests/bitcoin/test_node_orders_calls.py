"""Payments by IP and the lines they go over: who is called, who is already there, whose end matters."""

from typing import Any

from support.bitcoin_dialogue import HERE, THERE, facts, make_node, make_peer_version, meet, sent, topics
from support.bitcoin_pump import Pump

from blockchain_lab.base.actions import PayByIp
from blockchain_lab.base.effects import CancelTimer, Dial
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.bitcoin.messages import CheckOrder, Reply, SubmitOrder, Verack
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.orders import get_timer

ELSEWHERE = Address("10.8.8.8", 8333)


def make_payer(**values: Any) -> BitcoinNode:
    """A node of 2010 that knows where Bob is."""
    plain = {
        "policy": {"era": "2010"},
        "disk": {"mined": 110},
        "contacts": {"ann": HERE, "bob": THERE},
    }
    return make_node(**{**plain, **values})


def test_who_is_just_shaking_hands_is_not_called_again() -> None:
    """The question waits for the end of the handshake."""
    node = make_payer()
    node.on_connected(2, THERE, False, 0)

    begun = node.on_command(PayByIp("ann", "bob"), 0)
    node.on_message(2, make_peer_version(version=31_900), 0)
    ready = node.on_message(2, Verack(), 0)

    assert [] == [effect for effect in begun if isinstance(effect, Dial)]
    assert ([], 1) == (sent(begun), sum(isinstance(message, CheckOrder) for message in sent(ready)))


def test_somebody_elses_end_is_not_the_payees() -> None:
    """Another line breaks: the order goes on. An answer ends the wait."""
    node = make_payer()
    meet(node)
    node.on_connected(4, ELSEWHERE, True, 0)
    begun = node.on_command(PayByIp("ann", "bob"), 0)
    request = bytes.fromhex(facts(begun, "order begun")["request"])

    assert [] == topics(node.on_disconnected(4, "reset", 0))
    assert [request] == list(node.side_talks.orders.ours)
    ended = node.on_message(2, Reply(request, 2, b""), 0)
    assert CancelTimer(get_timer(request)) in ended


def test_the_payee_is_not_told_what_he_was_sent() -> None:
    """Ann tells everybody of the payment by inv, but not Bob, who has it from the order."""
    pump = Pump()
    pump.add("bob", policy={"era": "2010", "allow_receive_by_ip": True}, disk={"mined": 110})
    pump.add("ann", policy={"era": "2010"}, disk={"mined": 110})
    pump.add("cat", dials=("ann",), policy={"era": "2010"}, disk={"mined": 110})
    pump.do("ann", PayByIp("ann", "bob"))
    pump.run(until=5 * SECOND)
    (order,) = [message for _, _, message in pump.sent if isinstance(message, SubmitOrder)]

    assert order.order.linked.transaction.txid() in pump.nodes["bob"].pool  # type: ignore[attr-defined]
    assert "inv" in pump.commands_between("ann", "cat")
    assert "inv" not in pump.commands_between("ann", "bob")
