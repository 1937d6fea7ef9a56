"""A wallet pays: each transaction is signed, standard, pays the rate asked for, and loses no satoshi."""

from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.kernel_scripts import kernel_takes

from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin.coins import Coin
from blockchain_lab.bitcoin.interpreter import verify_inputs
from blockchain_lab.bitcoin.key_chain import CHANGE, FORMS, KeyChain, derive_key
from blockchain_lab.bitcoin.script import Form, null_data, pay_to_public_key_hash, pay_to_witness
from blockchain_lab.bitcoin.standardness import (
    compute_dust_threshold,
    get_inputs_objection,
    get_proof_objection,
    get_transaction_objection,
)
from blockchain_lab.bitcoin.tx import OutPoint, TxOutput
from blockchain_lab.bitcoin.verdict import ALL_FLAGS, VALID
from blockchain_lab.bitcoin.wallet import Balance, Built, Placed, Wallet, choose_oldest_first
from blockchain_lab.sim.digest import canonical

SHOP = pay_to_public_key_hash(bytes(20))
HEIGHT = 500


def make_coins(
    wallet: Wallet, *values: int, form: Form = Form.WITNESS_KEY_HASH, height: int = 100
) -> list[Placed]:
    """Coins of these values, each for a fresh key, each a block younger."""
    return [
        (
            OutPoint(bytes([number + 1]) * 32, number),
            Coin(TxOutput(value, wallet.keys.new_script(form)), height + number, is_coinbase=False),
        )
        for number, value in enumerate(values)
    ]


def check(built: Built, fee_rate: int) -> None:
    """Valid for us and for the kernel, standard, nothing lost, and of the rate: at most 2 % above it."""
    tx, spent, fee, change = built

    assert sum(output.value for output in spent) == fee + sum(output.value for output in tx.outputs)
    assert {VALID} == set(verify_inputs(tx, spent, ALL_FLAGS))
    assert all(kernel_takes(tx, index, output, ALL_FLAGS) for index, output in enumerate(spent))
    assert get_transaction_objection(tx) is None
    assert get_inputs_objection(tx, spent) is None
    assert {None} == {get_proof_objection(tx, index, output) for index, output in enumerate(spent)}
    exact = fee_rate * tx.virtual_size() / 1000
    assert exact <= fee
    if change is not None:
        assert fee <= exact * 1.02 + 1


@settings(max_examples=60)
@given(
    forms=st.lists(st.sampled_from(FORMS), min_size=1, max_size=6),
    fee_rate=st.integers(1_000, 50_000),
    paid=st.integers(600, 90_000),
    seed=st.integers(0, 2**64 - 1),
)
def test_any_coins_any_rate(forms: list[Form], fee_rate: int, paid: int, seed: int) -> None:
    """Coins of any of our forms, mixed: the fee rate holds to within two percent."""
    wallet = Wallet(KeyChain(seed))
    coins = [make_coins(wallet, 150_000, form=form)[0] for form in forms]
    coins = [(OutPoint(bytes([at]) * 32, at), coin) for at, (_, coin) in enumerate(coins)]

    built = wallet.build([TxOutput(paid, SHOP)], fee_rate, coins, HEIGHT)

    check(built, fee_rate)
    assert TxOutput(paid, SHOP) == built.tx.outputs[0]
    assert built.change == 1
    assert wallet.keys.is_change(built.tx.outputs[1].script)


def test_oldest_coins_first_until_it_is_enough() -> None:
    """30,000 satoshi are wanted: the two oldest coins do, the big young one stays."""
    wallet = Wallet(KeyChain(1))
    old, older, young = make_coins(wallet, 20_000, 20_000, 1_000_000)

    built = wallet.build([TxOutput(30_000, SHOP)], 1_000, [young, older, old], HEIGHT)

    assert [old[0], older[0]] == [spending.previous for spending in built.tx.inputs]
    assert {0xFFFFFFFD} == {spending.sequence for spending in built.tx.inputs}
    check(built, 1_000)
    assert [old, older, young] == choose_oldest_first([young, older, old], HEIGHT)


def test_a_small_rest_is_left_to_the_miner() -> None:
    """293 satoshi of change would be dust (294 is the least for P2WPKH): no change, a higher fee."""
    wallet = Wallet(KeyChain(2))
    coins = make_coins(wallet, 100_000)
    with_change = wallet.build([TxOutput(50_000, SHOP)], 1_000, coins, HEIGHT).fee
    given = dict(wallet.keys.given)

    just = wallet.build([TxOutput(100_000 - with_change - 294, SHOP)], 1_000, coins, HEIGHT)
    none = wallet.build([TxOutput(100_000 - with_change - 293, SHOP)], 1_000, coins, HEIGHT)

    assert (294, 1) == (just.tx.outputs[1].value, just.change)
    assert (1, None, with_change + 293) == (len(none.tx.outputs), none.change, none.fee)
    assert given[CHANGE] + 1 == wallet.keys.given[CHANGE]  # a fresh key only where there is change
    check(just, 1_000)
    check(none, 1_000)


def test_what_cannot_be_paid() -> None:
    """Too little, unripe, of somebody else; dust; nothing at all."""
    wallet, other = Wallet(KeyChain(3)), Wallet(KeyChain(4))
    coins = make_coins(wallet, 10_000)
    place, coin = coins[0]
    unripe = [(place, coin._replace(is_coinbase=True, height=HEIGHT - 98))]
    pay = [TxOutput(10_000, SHOP)]

    for found in (coins, unripe, make_coins(other, 50_000), []):
        held = 10_000 if found is coins else 0
        with pytest.raises(
            UsageError, match=f"payments of 10000 satoshi and their fee: our ripe coins hold {held}"
        ):
            wallet.build(pay, 1_000, found, HEIGHT)
    with pytest.raises(UsageError, match="545 satoshi is dust, wanted 546"):
        wallet.build([TxOutput(545, SHOP)], 1_000, coins, HEIGHT)
    with pytest.raises(UsageError, match="no payments"):
        wallet.build([], 1_000, coins, HEIGHT)
    check(wallet.build([TxOutput(0, null_data(b"a note"))], 1_000, coins, HEIGHT), 1_000)


def test_a_coinbase_ripens_in_a_hundred_blocks() -> None:
    """Block 401 made it: block 501 is the first that may hold its spending, so at height 500 it is ripe."""
    wallet = Wallet(KeyChain(5))
    ((place, coin),) = make_coins(wallet, 5_000_000_000)
    coins = [(place, coin._replace(is_coinbase=True, height=HEIGHT - 99))]

    assert Balance(0, 5_000_000_000) == wallet.compute_balance(coins, HEIGHT - 1)
    assert Balance(5_000_000_000, 0) == wallet.compute_balance(coins, HEIGHT)
    check(wallet.build([TxOutput(10_000, SHOP)], 2_000, coins, HEIGHT), 2_000)


def test_change_can_go_elsewhere() -> None:
    """The caller's script instead of a fresh key."""
    wallet = Wallet(KeyChain(6))
    elsewhere = pay_to_witness(0, bytes(32))

    built = wallet.build(
        [TxOutput(10_000, SHOP)], 1_000, make_coins(wallet, 50_000), HEIGHT, change=elsewhere
    )

    assert elsewhere == built.tx.outputs[1].script
    assert 0 == wallet.keys.given[CHANGE]
    check(built, 1_000)


def test_a_stuck_payment_is_replaced() -> None:
    """Three times the rate: the same coins and payments, and the change pays the difference."""
    wallet = Wallet(KeyChain(7))
    built = wallet.build([TxOutput(30_000, SHOP)], 1_000, make_coins(wallet, 20_000, 20_000), HEIGHT)

    bumped = wallet.bump_fee(built.tx, built.spent, 3_000)

    check(bumped, 3_000)
    assert built.tx.txid() != bumped.tx.txid()
    assert [a.previous for a in built.tx.inputs] == [b.previous for b in bumped.tx.inputs]
    assert built.tx.outputs[0] == bumped.tx.outputs[0]
    assert built.tx.outputs[1].value - bumped.tx.outputs[1].value == bumped.fee - built.fee > 0
    check(wallet.bump_fee(bumped.tx, bumped.spent, 9_000), 9_000)  # and once more


def test_a_change_that_is_used_up_goes_whole() -> None:
    """What is left of it would be dust: one output less. More than there is cannot be paid."""
    wallet = Wallet(KeyChain(8))
    coins = make_coins(wallet, 20_000)
    built = wallet.build([TxOutput(18_000, SHOP)], 1_000, coins, HEIGHT)

    bumped = wallet.bump_fee(built.tx, built.spent, 13_000)

    assert (1, None, 2_000) == (len(bumped.tx.outputs), bumped.change, bumped.fee)
    check(bumped, 13_000)
    with pytest.raises(UsageError, match="satoshi more are wanted, the change has"):
        wallet.bump_fee(built.tx, built.spent, 20_000)
    with pytest.raises(UsageError, match="do not replace a fee of"):
        wallet.bump_fee(built.tx, built.spent, 1_050)
    without = replace(built.tx, outputs=built.tx.outputs[:1])
    with pytest.raises(UsageError, match="no output of the transaction is change"):
        wallet.bump_fee(without, built.spent, 9_000)


def test_a_lone_change_cannot_be_used_up() -> None:
    """A payment of nothing but a note to ourselves: a transaction needs an output."""
    wallet = Wallet(KeyChain(9))
    built = wallet.build([TxOutput(0, null_data(b"x"))], 1_000, make_coins(wallet, 1_000), HEIGHT)
    lone = replace(built.tx, outputs=built.tx.outputs[1:])

    with pytest.raises(UsageError, match="satoshi more are wanted"):
        wallet.bump_fee(lone, built.spent, 8_900)


# --- The keys -------------------------------------------------------------------------------------------


def test_the_seed_is_the_wallet() -> None:
    """Three numbers survive a restart, and all keys are there again; another seed has other keys."""
    chain = KeyChain(42)
    scripts = [chain.new_script(form) for form in FORMS] + [chain.new_script(row=CHANGE)]

    again = KeyChain(42, given=chain.given)

    assert {"receive": 4, "change": 1} == chain.given
    assert all(map(again.is_mine, scripts))
    assert [False, False, False, False, True] == list(map(again.is_change, scripts))
    assert chain.new_script() == again.new_script()
    assert 5 == len({*scripts})
    assert not KeyChain(43, given=chain.given).is_mine(scripts[0])
    assert derive_key(42, "receive", 0) != derive_key(42, "change", 0)


def test_every_form_of_a_key_is_ours() -> None:
    """Who asked for P2WPKH is paid by P2PKH just as well. The next key is not ours before it is given."""
    chain, ahead = KeyChain(1), KeyChain(1, given={"receive": 1})
    chain.new_script(Form.WITNESS_KEY_HASH)
    key = derive_key(1, "receive", 0)

    assert chain.is_mine(pay_to_public_key_hash(key.key_hash))
    assert not chain.is_mine(ahead.new_script())
    with pytest.raises(UsageError, match="form 'multisig': a key of ours is paid by pubkey, pubkeyhash"):
        chain.new_script(Form.MULTISIG)
    with pytest.raises(UsageError, match="row 'gifts': known are receive, change"):
        chain.new_script(row="gifts")
    assert 1 == chain.given["receive"]


def test_a_wallet_is_copied_with_its_node() -> None:
    """A copy goes its own way, and signs; the digest of a state tells them apart."""
    wallet = Wallet(KeyChain(10))
    coins = make_coins(wallet, 50_000)
    twin = deepcopy(wallet)

    assert canonical(wallet) == canonical(twin)
    ours = wallet.build([TxOutput(20_000, SHOP)], 1_000, coins, HEIGHT)
    assert canonical(wallet) != canonical(twin)  # a key for the change
    assert not twin.keys.is_mine(ours.tx.outputs[1].script)
    assert len(twin.keys.ring.keys) < len(wallet.keys.ring.keys)
    assert ours == twin.build([TxOutput(20_000, SHOP)], 1_000, coins, HEIGHT)
    assert canonical(wallet) == canonical(twin)


def test_dust_thresholds_are_cores() -> None:
    """The figures that everybody quotes, in satoshi."""
    thresholds = {SHOP: 546, pay_to_witness(0, bytes(20)): 294, pay_to_witness(0, bytes(32)): 330}
    thresholds |= {null_data(b"a note"): 0}

    assert thresholds == {script: compute_dust_threshold(TxOutput(0, script)) for script in thresholds}
