"""Two wallets pay each other in blocks that Bitcoin Core's own engine takes; a forged payment is refused."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.bitcoin_chains import FAR_FUTURE, REGTEST, make_chain_state
from support.kernel import Kernel
from support.spendings import with_script, with_witness

from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.key_chain import FORMS, KeyChain
from blockchain_lab.bitcoin.miner import make_block
from blockchain_lab.bitcoin.rules import RuleBroken
from blockchain_lab.bitcoin.script import Form
from blockchain_lab.bitcoin.tx import Transaction, TxOutput
from blockchain_lab.bitcoin.wallet import Built, Wallet

COIN = 100_000_000  # satoshi
MATURE = 103  # blocks, so that the first four coinbases may be spent by the next one


class Town:
    """A kernel and a node of ours that see the same blocks; Ann mines, and pays Bob."""

    def __init__(self, folder: Path) -> None:
        self.kernel, self.chain = Kernel(folder), make_chain_state()
        self.ann, self.bob = Wallet(KeyChain(1)), Wallet(KeyChain(2))
        for number in range(MATURE):
            self.mine(form=FORMS[number % len(FORMS)])

    def make(self, *built: Built, form: Form = Form.WITNESS_KEY_HASH) -> Block:
        """The next block, with these payments; it pays a fresh key of Ann."""
        return make_block(
            self.chain.tip,
            self.chain.tip.header.time + 600,
            b"ann",
            REGTEST,
            script=self.ann.keys.new_script(form),
            transactions=[each.tx for each in built],
            fees=sum(each.fee for each in built),
        )

    def mine(self, *built: Built, form: Form = Form.WITNESS_KEY_HASH) -> None:
        """Mine it; both must follow."""
        block = self.make(*built, form=form)
        self.chain.add_block(block, FAR_FUTURE)
        self.kernel.takes(block)
        assert block.header.hash() == self.chain.tip.hash == self.kernel.tip

    def pay(self, payer: Wallet, payee: Wallet, value: int, form: Form) -> Built:
        """A payment to a fresh key, at five satoshi a virtual byte."""
        output = TxOutput(value, payee.keys.new_script(form))
        return payer.build([output], 5_000, get_coins(self.chain), self.chain.height)


def get_coins(chain: ChainState) -> list:
    """All coins at the tip."""
    return list(chain.ledger.coins.items())


def forge(tx: Transaction) -> Iterator[Transaction]:
    """One byte of a signature changed; the same proof for more money; somebody else's coin."""
    spending = tx.inputs[0]
    if spending.script:
        yield with_script(tx, 0, spending.script[:20] + b"\x00" + spending.script[21:])
    if tx.witnesses:
        signature, key = tx.witnesses[0]
        yield with_witness(tx, 0, signature[:20] + b"\x00" + signature[21:], key)
    yield replace(tx, outputs=(tx.outputs[0]._replace(value=tx.outputs[0].value + 1), *tx.outputs[1:]))


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """103 blocks: coinbases in three forms."""
    return Town(tmp_path)


def test_payments_go_round(town: Town) -> None:
    """Ann pays Bob in every form, Bob pays back, a stuck payment is replaced; no satoshi is lost."""
    for form in FORMS:
        town.mine(town.pay(town.ann, town.bob, 20 * COIN, form))
    back = town.pay(town.bob, town.ann, 65 * COIN, Form.PUBLIC_KEY_HASH)
    town.mine(town.bob.bump_fee(back.tx, back.spent, 20_000))

    coins, height = get_coins(town.chain), town.chain.height
    ann, bob = (wallet.compute_balance(coins, height) for wallet in (town.ann, town.bob))
    assert 4 == len(back.spent)  # of four forms, in one transaction
    assert 0 == bob.unripe
    assert 14 * COIN < bob.ripe < 15 * COIN
    assert height * 50 * COIN == sum(ann) + sum(bob)  # fees came back to Ann, who mines


@pytest.mark.parametrize("form", FORMS)
def test_a_forged_payment_is_in_no_block(town: Town, form: Form) -> None:
    """Whatever is changed, neither Core's engine nor our node takes the block, and both say why alike."""
    town.mine(town.pay(town.ann, town.bob, 20 * COIN, form))
    honest = town.pay(town.bob, town.ann, 5 * COIN, form)
    forged = list(forge(honest.tx))

    for tx in forged:
        block = town.make(honest._replace(tx=tx, fee=0))
        tip = town.chain.tip.hash
        with pytest.raises(RuleBroken, match="block-script-verify-flag-failed"):
            town.chain.add_block(block, FAR_FUTURE)
        town.kernel.takes(block)
        assert tip == town.chain.tip.hash == town.kernel.tip
    assert len(forged) >= 2
    town.mine(honest)
