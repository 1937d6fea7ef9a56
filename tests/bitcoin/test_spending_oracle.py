"""Who may spend what: random trees of blocks that pay, some against the rules, judged by Core as well."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.bitcoin_chains import FAR_FUTURE, REGTEST, make_chain_state, mine_child
from support.bitcoin_spending import FAULTS, Coins, Tree, apply_block, spend
from support.kernel import Kernel

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.miner import make_block
from blockchain_lab.bitcoin.rules import MAX_MONEY, RuleBroken, compute_median_time
from blockchain_lab.bitcoin.rules_spending import LOCK_COUNTS_TIME, LOCK_TIME_UNIT
from blockchain_lab.bitcoin.tx import NULL_OUT_POINT, OutPoint, Transaction, TxInput, TxOutput

BASE = 110  # blocks, so that the first ten coinbases may be spent
TREES, BLOCKS = 20, 10  # trees for one kernel, one on the other, and blocks in each
KERNELS = 50 if os.environ.get("BLOCKCHAIN_LAB_REQUIRE_ALL") == "1" else 5


def begin(kernel: Kernel, chain: ChainState, luck: CounterRandom) -> Tree:
    """The base chain, known to both, and the tree that will grow on it."""
    entry, coins = chain.tip, Coins()
    for _ in range(BASE):
        block, entry = mine_child(entry)
        chain.add_block(block, FAR_FUTURE)
        assert kernel.takes(block)
        coins = apply_block(coins, block, entry.height)
    return Tree(luck, [entry], {entry.hash: coins})


@pytest.mark.parametrize("batch", range(KERNELS))
def test_random_chains_with_payments_have_the_same_tip_in_the_kernel(batch: int, tmp_path: Path) -> None:
    """Twenty times ten blocks; a quarter of them break a rule of spending, others build on one that does.

    After each block both follow the same tip, and our coins are those of a model that copies them all.
    """
    kernel, chain = Kernel(tmp_path), make_chain_state()
    luck = CounterRandom(get_key("random spending", batch))
    tree = begin(kernel, chain, luck)
    reorgs, refused = 0, dict.fromkeys(FAULTS, 0)

    for _ in range(TREES):
        for _ in range(BLOCKS):
            block = tree.grow()
            try:
                change, _ = chain.add_block(block, FAR_FUTURE)
                reorgs += change is not None and len(change.path.disconnect) > 0
            except RuleBroken:
                refused[tree.faults[block.header.hash()]] += 1
            except KeyError:  # its parent was refused, and with it all that builds on it
                assert block.header.previous not in chain.tree
            kernel.takes(block)
            assert kernel.tip == chain.tip.hash
        expected = {place: (value, *rest) for place, (value, *rest) in tree.coins[chain.tip.hash].items()}
        found = {p: (c.output.value, c.height, c.is_coinbase) for p, c in chain.ledger.coins.items()}
        assert expected == found
        tree.entries = [chain.tip, chain.tip]

    assert reorgs > 0
    assert sum(refused.values()) > TREES // 4


COIN = 50 * 100_000_000  # satoshi: what each of the first coinbases made
TAKEN = 3  # height of the coinbase that the payments below take
PAID = 107  # height of the first of two blocks that have each spent one coinbase already


def get_coinbase(chain: ChainState, height: int) -> OutPoint:
    """The coin that the miner of that block made."""
    return OutPoint(chain.get_block(chain.active[height].hash).transactions[0].txid(), 0)


def pay(chain: ChainState, height: int = TAKEN, **changes: int) -> Transaction:
    """An honest payment that takes this coinbase, but for `changes`."""
    return spend(get_coinbase(chain, height), COIN, **{"fee": 1_000, **changes})


def pay_again(chain: ChainState, sequence: int) -> Transaction:
    """Takes the payment of block 107, if it is as old as `sequence` demands."""
    paid = chain.get_block(chain.active[PAID].hash).transactions[1]
    return spend(OutPoint(paid.txid(), 0), paid.outputs[0].value, fee=0, sequence=sequence)


def get_age_in_units(chain: ChainState) -> int:
    """How old, in units of 512 seconds, the payment of block 107 is for a block on the tip."""
    before = chain.active[PAID - 1]
    return (compute_median_time(chain.tip) - compute_median_time(before)) // LOCK_TIME_UNIT


def mine(chain: ChainState, *transactions: Transaction, fees: int = 0) -> Block:
    """A block on the tip with these."""
    time = chain.tip.header.time + 600
    return make_block(chain.tip, time, b"spender", REGTEST, transactions=transactions, fees=fees)


def take_twice(chain: ChainState) -> Block:
    """Two payments in one block take the same coin."""
    return mine(chain, pay(chain), pay(chain, fee=2_000))


def spend_later_output(chain: ChainState) -> Block:
    """The second transaction's output is taken by the first one: the order counts."""
    parent = pay(chain)
    child = spend(OutPoint(parent.txid(), 0), parent.outputs[0].value, fee=0)
    return mine(chain, child, parent)


VIOLATIONS: dict[str, tuple[str, Callable[[ChainState], Block]]] = {
    "a coin that never was": (
        "bad-txns-inputs-missingorspent",
        lambda chain: mine(chain, spend(OutPoint(bytes([7] * 32), 0), COIN, fee=0)),
    ),
    "a coin that was spent in an earlier block": (
        "bad-txns-inputs-missingorspent",
        lambda chain: mine(chain, pay(chain, 1, fee=2_000)),
    ),
    "a transaction that stands in the chain already": (
        "bad-txns-BIP30",
        lambda chain: mine(chain, pay(chain, 1)),
    ),
    "a coin that is spent twice in one block": ("bad-txns-inputs-missingorspent", take_twice),
    "a coin that is made further down": ("bad-txns-inputs-missingorspent", spend_later_output),
    "a coinbase one block too young": (
        "bad-txns-premature-spend-of-coinbase",
        lambda chain: mine(chain, pay(chain, chain.height + 1 - 99)),
    ),
    "money from nothing": ("bad-txns-in-belowout", lambda chain: mine(chain, pay(chain, fee=-1))),
    "a coinbase that takes a satoshi too much": (
        "bad-cb-amount",
        lambda chain: mine(chain, pay(chain), fees=1_001),
    ),
    "a lock on this very height": (
        "bad-txns-nonfinal",
        lambda chain: mine(chain, pay(chain, lock_time=chain.height + 1)),
    ),
    "a lock on the median time": (
        "bad-txns-nonfinal",
        lambda chain: mine(chain, pay(chain, lock_time=compute_median_time(chain.tip))),
    ),
    "a relative lock, one block too long": (
        "bad-txns-nonfinal",
        lambda chain: mine(chain, pay_again(chain, chain.height + 2 - PAID)),
    ),
    "a relative lock, 512 seconds too long": (
        "bad-txns-nonfinal",
        lambda chain: mine(chain, pay_again(chain, LOCK_COUNTS_TIME + get_age_in_units(chain) + 1)),
    ),
    "an output above all money": (
        "bad-txns-vout-toolarge",
        lambda chain: mine(chain, Transaction(2, pay(chain).inputs, (TxOutput(MAX_MONEY + 1, b""),))),
    ),
    "a signature check too many": ("bad-blk-sigops", lambda chain: mine(chain, demand_checks(chain, 20_001))),
    "an input that names nothing": (
        "bad-txns-prevout-null",
        lambda chain: mine(
            chain, Transaction(2, (*pay(chain).inputs, TxInput(NULL_OUT_POINT, b"")), pay(chain).outputs)
        ),
    ),
}


def demand_checks(chain: ChainState, count: int) -> Transaction:
    """A payment with an output whose script names so many signature checks, each of which costs 4."""
    honest = pay(chain)
    return replace(honest, outputs=(*honest.outputs, TxOutput(0, b"\xac" * count)))


PERMITTED: dict[str, Callable[[ChainState], Block]] = {
    "a payment, its fee taken": lambda chain: mine(chain, pay(chain), fees=1_000),
    "as many signature checks as there may be": lambda chain: mine(chain, demand_checks(chain, 20_000)),
    "a fee that nobody takes": lambda chain: mine(chain, pay(chain)),
    "a chain of two in one block": lambda chain: mine(
        chain, pay(chain), spend(OutPoint(pay(chain).txid(), 0), COIN - 1_000, fee=0)
    ),
    "a coinbase that is just ripe": lambda chain: mine(chain, pay(chain, chain.height + 1 - 100)),
    "a lock on the height before": lambda chain: mine(chain, pay(chain, lock_time=chain.height)),
    "a lock on the second before the median time": lambda chain: mine(
        chain, pay(chain, lock_time=compute_median_time(chain.tip) - 1)
    ),
    "a lock that a final input lifts": lambda chain: mine(
        chain, pay(chain, lock_time=chain.height + 9, sequence=0xFFFFFFFF)
    ),
    "a relative lock that is over": lambda chain: mine(chain, pay_again(chain, chain.height + 1 - PAID)),
    "a relative lock of seconds that is over": lambda chain: mine(
        chain, pay_again(chain, LOCK_COUNTS_TIME + get_age_in_units(chain))
    ),
}


def make_two_chains(tmp_path: Path) -> tuple[Kernel, ChainState]:
    """Both know 110 blocks; the coinbases of heights 1 and 2 are spent in the blocks 107 and 108."""
    kernel, chain = Kernel(tmp_path), make_chain_state()
    for height in range(1, BASE + 1):
        spent = {PAID: 1, PAID + 1: 2}.get(height)
        block = mine(chain, *([pay(chain, spent)] if spent else []))
        chain.add_block(block, FAR_FUTURE)
        assert kernel.takes(block)
    assert chain.tip.hash == kernel.tip
    return kernel, chain


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_block_that_breaks_one_rule_of_spending_is_refused_by_both(name: str, tmp_path: Path) -> None:
    """Each rule in turn: both keep their tip, our coins stay as they were, and an honest block is welcome."""
    kernel, chain = make_two_chains(tmp_path)
    reason, make = VIOLATIONS[name]
    spoiled, honest = make(chain), mine(chain, pay(chain), fees=1_000)
    tip, coins = chain.tip, dict(chain.ledger.coins)

    with pytest.raises(RuleBroken) as fault:
        chain.add_block(spoiled, FAR_FUTURE)
    kernel.takes(spoiled)

    assert reason == fault.value.reason
    assert tip.hash == chain.tip.hash == kernel.tip
    assert coins == dict(chain.ledger.coins)
    chain.add_block(honest, FAR_FUTURE)
    kernel.takes(honest)
    assert honest.header.hash() == chain.tip.hash == kernel.tip


@pytest.mark.parametrize("name", PERMITTED)
def test_a_block_just_inside_a_rule_is_accepted_by_both(name: str, tmp_path: Path) -> None:
    """The other side of each border: not one block, second or satoshi too strict."""
    kernel, chain = make_two_chains(tmp_path)
    block = PERMITTED[name](chain)

    chain.add_block(block, FAR_FUTURE)
    kernel.takes(block)

    assert block.header.hash() == chain.tip.hash == kernel.tip
