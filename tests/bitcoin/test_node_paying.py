"""Payments by order: out of a wallet, to a peer by name, and once more with a higher fee."""

from dataclasses import replace

import pytest
from support.bitcoin_dialogue import THERE, make_node, state_of
from support.bitcoin_pump import Pump

from blockchain_lab.base.actions import BumpFee, Mine, Pay
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND, display_hash
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.paying import get_script_of
from blockchain_lab.bitcoin.script import Form

RICH = {"mined": 120}
KEY = Form.WITNESS_KEY_HASH


def make_friends() -> tuple[Pump, BitcoinNode, BitcoinNode]:
    """Ann and Bob; each has a wallet, and the first coins are anyone's."""
    pump = Pump()
    ann = pump.add("ann", disk=RICH, policy={"rewards": "wallet"})
    bob = pump.add("bob", dials=("ann",), disk=RICH, policy={"rewards": "wallet"})
    ann.setup.contacts["bob"] = THERE  # she was built before he was there
    pump.run(until=SECOND)
    return pump, ann, bob


def balance(node: BitcoinNode) -> int:
    """What the node's wallet may spend, satoshi."""
    return node.cashier.wallet.compute_balance(node.chain.ledger.coins.items(), node.chain.height).ripe


def step(pump: Pump) -> None:
    """Let a second pass."""
    pump.run(until=pump.now + SECOND)


def test_a_payment_to_a_peer_by_name_can_be_spent_by_that_peer_alone() -> None:
    """Ann pays Bob out of anyone's coins; once it is confirmed he pays Ann, signed, and she has it."""
    pump, ann, bob = make_friends()
    pump.do("ann", Pay("ann", to="bob", amount=1_000_000))
    step(pump)
    pump.do("ann", Mine("ann"))
    step(pump)
    assert (0, 1_000_000) == (balance(ann), balance(bob))

    pump.do("bob", Pay("bob", to="ann", amount=400_000, fee_rate=2_000))
    step(pump)
    (waiting,) = list(ann.pool)
    assert [()] != list(waiting.tx.witnesses)
    pump.do("ann", Mine("ann"))
    step(pump)

    assert 400_000 == balance(ann)
    assert 600_000 - waiting.fee == balance(bob)
    assert 2_000 <= waiting.fee_rate <= 2_040


def test_a_higher_fee_replaces_the_payment_everywhere() -> None:
    """Bob's payment waits at both; he pays more, and both pools hold the new one alone."""
    pump, ann, bob = make_friends()
    pump.do("ann", Pay("ann", to="bob", amount=1_000_000))
    pump.do("ann", Mine("ann"))
    step(pump)
    pump.do("bob", Pay("bob", to="ann", amount=400_000, fee_rate=1_000))
    step(pump)
    (old,) = list(ann.pool)

    pump.do("bob", BumpFee("bob", display_hash(old.tx.txid()), 20_000))
    step(pump)

    (new,) = list(ann.pool)
    assert list(bob.pool.waiting) == list(ann.pool.waiting) != [old.tx.txid()]
    assert old.tx.inputs[0].previous == new.tx.inputs[0].previous
    assert new.fee > 10 * old.fee
    assert 400_000 in [output.value for output in new.tx.outputs]
    assert get_script_of("ann", KEY) in [output.script for output in new.tx.outputs]


def test_a_restart_keeps_the_wallet() -> None:
    """Change went to a fresh key; after a restart its coin is ours still: the counts are on the disk."""
    pump, _, bob = make_friends()
    pump.do("ann", Pay("ann", to="bob", amount=1_000_000))
    pump.do("ann", Mine("ann"))
    step(pump)
    pump.do("bob", Pay("bob", to="ann", amount=400_000))
    pump.do("bob", Mine("bob"))
    step(pump)

    again = BitcoinNode(replace(bob.setup, disk=bob.stored()))
    assert {"receive": 1, "change": 1} == bob.stored()["wallet"]
    assert 0 < balance(bob) == balance(again)


@pytest.mark.parametrize(
    ("order", "problem"),
    [
        (Pay("ann", to="zoe"), "Pay: ann knows no peer called 'zoe'"),
        (Pay("ann", amount=10**12), "Pay: no coin to spend"),
        (BumpFee("ann", "00", 5_000), "BumpFee: "),
        (BumpFee("ann", "00" * 32, 5_000), "BumpFee: no transaction 0000"),
    ],
)
def test_a_payment_that_cannot_be_is_refused_and_changes_nothing(order: object, problem: str) -> None:
    """Nobody of that name, not enough, nothing that waits."""
    node = make_node(disk=RICH)
    before = state_of(node)

    with pytest.raises(UsageError, match=problem):
        node.on_command(order, 0)
    assert before == state_of(node)


@pytest.mark.parametrize("wallet", [7, {"receive": -1}, {"receive": "many"}, {"savings": 1}])
def test_a_wallet_on_a_disk_that_cannot_be_is_refused(wallet: object) -> None:
    """Counts of keys, by row."""
    with pytest.raises(UsageError, match=r"wallet|row"):
        _ = make_node(disk={"wallet": wallet}).cashier.wallet
