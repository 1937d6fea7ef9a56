"""A memory pool that only takes what has a well-known form: where that is asked, and how it says no."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from support.bitcoin_dialogue import facts, hang_ups, make_node, meet, sent, topics
from support.bitcoin_purse import Purse
from support.spendings import RING, SCRIPTS

from blockchain_lab.base.actions import Pay, SetPolicy, SubmitTx
from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin.eras import ERAS
from blockchain_lab.bitcoin.mempool_rules import InputsNotStandard, NotWelcome
from blockchain_lab.bitcoin.messages import MSG_TX, Inv, InventoryItem
from blockchain_lab.bitcoin.miner import ANYONE_CAN_SPEND
from blockchain_lab.bitcoin.params import NETWORKS
from blockchain_lab.bitcoin.policy import Policy
from blockchain_lab.bitcoin.signing import sign_inputs
from blockchain_lab.bitcoin.standardness import is_standard_required
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput

RICH = {"mined": 130}
VALUE = 100_000  # satoshi of each coin below
FORMS = ["P2PKH", "P2WPKH", "P2WSH multisig", "anyone"]


def make_purse() -> tuple[Purse, dict[str, OutPoint]]:
    """A strict pool, and a coin of each form."""
    purse = Purse()
    outputs = tuple(TxOutput(VALUE, SCRIPTS[form]) for form in FORMS)
    split = Transaction(2, (TxInput(purse.coinbase(1), b""),), outputs)
    purse.connect(purse.mine(purse.chain.tip, split))
    purse.pool.require_standard = True
    return purse, {form: OutPoint(split.txid(), index) for index, form in enumerate(FORMS)}


def pay(coin: OutPoint, form: str, **changes: object) -> Transaction:
    """Spend the coin of that form to a P2PKH, signed where it needs a signature."""
    tx = Transaction(2, (TxInput(coin, b""),), (TxOutput(VALUE - 1_000, SCRIPTS["P2PKH"]),))
    tx = replace(tx, **changes)
    return tx if form == "anyone" else sign_inputs(tx, [TxOutput(VALUE, SCRIPTS[form])], RING)


def show_more(tx: Transaction) -> Transaction:
    """The same proof behind one more item, which is dropped: that is no push."""
    spending = tx.inputs[0]
    return replace(tx, inputs=(spending._replace(script=b"\x51\x75" + spending.script),))


def push_clumsily(tx: Transaction) -> Transaction:
    """The same items, the first one with a longer push than it needs: 4c, and then the length."""
    spending = tx.inputs[0]
    return replace(tx, inputs=(spending._replace(script=b"\x4c" + spending.script),))


def show_too_much(tx: Transaction) -> Transaction:
    """Items that no script in use asks for: the witness becomes invalid, but that is not even looked at."""
    *items, script = tx.witnesses[0]
    return replace(tx, witnesses=((bytes(81), *items, script),))


@pytest.mark.parametrize(
    ("era", "expected"),
    [("2010", "mainnet"), ("2014", "mainnet"), ("lecture", "mainnet"), ("today", "mainnet"), ("plain", "")],
)
def test_where_it_is_asked(era: str, expected: str) -> None:
    """On mainnet in every real era, on test networks only if a scenario wants it."""
    usual, strict = Policy(ERAS[era]), Policy(ERAS[era], standard_on_test_networks=True)
    asked = [name for name, network in NETWORKS.items() if is_standard_required(usual, network)]
    asked_if_strict = [name for name, network in NETWORKS.items() if is_standard_required(strict, network)]

    assert ([expected] if expected else []) == asked
    assert (list(NETWORKS) if expected else []) == asked_if_strict


@pytest.mark.parametrize("form", FORMS[:3])
def test_what_our_wallet_writes_may_wait(form: str) -> None:
    """Signed payments of three forms."""
    purse, coins = make_purse()
    tx = pay(coins[form], form)
    purse.admit(tx)

    assert tx == purse.pool.get(tx.txid())


@pytest.mark.parametrize(
    ("form", "changes", "spoil", "reason"),
    [
        ("P2PKH", {"version": 4}, None, "version"),
        ("P2PKH", {}, show_more, "scriptsig-not-pushonly"),
        ("P2PKH", {"outputs": (TxOutput(9_000, ANYONE_CAN_SPEND),) * 2}, None, "scriptpubkey"),
        ("P2PKH", {"outputs": (TxOutput(545, SCRIPTS["P2PKH"]),)}, None, "dust"),
        ("anyone", {}, None, "bad-txns-nonstandard-inputs"),
        ("P2WSH multisig", {}, show_too_much, "bad-witness-nonstandard"),
        (
            "P2PKH",
            {},
            push_clumsily,
            "mempool-script-verify-flag-failed (Data push larger than necessary)",
        ),
    ],
)
def test_why_a_valid_transaction_may_not_wait(
    form: str, changes: dict, spoil: Callable[[Transaction], Transaction] | None, reason: str
) -> None:
    """In Core's words. A pool that does not ask takes it, unless its witness is invalid as well."""
    purse, coins = make_purse()
    tx = pay(coins[form], form, **changes)
    tx = spoil(tx) if spoil else tx

    with pytest.raises(NotWelcome) as fault:
        purse.judge(tx)
    assert reason == fault.value.reason
    if spoil is not show_too_much:
        purse.pool.require_standard = False
        purse.admit(tx)


def test_a_block_may_hold_it_all_the_same() -> None:
    """Taste, not validity."""
    purse, coins = make_purse()
    tx = pay(coins["anyone"], "anyone")
    block = purse.mine(purse.chain.tip, tx)

    with pytest.raises(InputsNotStandard):
        purse.judge(tx)
    purse.connect(block)
    assert block.header.hash() == purse.chain.tip.hash


def test_a_node_asks_when_its_policy_says_so() -> None:
    """Coins that are anyone's to anyone: on regtest they travel, until somebody turns the knob."""
    node = make_node(disk=RICH, policy={"era": "today"})
    meet(node)
    purse = Purse(node.chain, node.pool)
    first, second = purse.make(purse.coinbase(1)), purse.make(purse.coinbase(2))

    node.on_command(SubmitTx("ann", first.encoding.hex()), 0)
    node.setup.policy["standard_on_test_networks"] = True
    node.on_command(SetPolicy("ann", "standard_on_test_networks", True), 0)
    effects = node.on_message(2, second, 0)

    assert first.txid() in node.pool
    assert (["transaction refused"], []) == (topics(effects), hang_ups(effects))
    assert "scriptpubkey" == facts(effects, "transaction refused")["reason"]
    with pytest.raises(UsageError, match="Pay: scriptpubkey"):
        node.on_command(Pay("ann"), 0)


def test_coins_of_no_known_form_are_refused_whatever_the_witness() -> None:
    """So the txid is remembered too: nobody is asked for it again under that name."""
    node = make_node(disk=RICH, policy={"era": "today", "standard_on_test_networks": True})
    meet(node)
    purse = Purse(node.chain, node.pool)
    outputs = (TxOutput(VALUE, SCRIPTS["P2PKH"]),)
    tx = Transaction(2, (TxInput(purse.coinbase(1), b""),), outputs, ((b"for nothing",),))

    effects = node.on_message(2, tx, 0)
    announced = Inv((InventoryItem(MSG_TX, tx.txid()),))

    assert "bad-txns-nonstandard-inputs" == facts(effects, "transaction refused")["reason"]
    assert [] == hang_ups(effects)
    assert [] == sent(node.on_message(2, announced, 0))


def test_a_rule_that_nobody_knows_is_refused() -> None:
    """With what is accepted."""
    with pytest.raises(UsageError, match=r"policy.require_standard: found 'no', accepted: true, false"):
        make_node(policy={"require_standard": "no"})
