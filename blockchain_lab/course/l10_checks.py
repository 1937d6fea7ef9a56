"""Lesson 10, what a peer checks before it passes a payment on: sorted by trying, and as a short function.

Each thing to be checked is tried with a payment that is good but for it: a node refuses it, or does not.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any, Final

from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin.mempool import Mempool
from blockchain_lab.bitcoin.mempool_rules import NotWelcome, judge_transaction
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.rules import RuleBroken
from blockchain_lab.bitcoin.signing import sign_inputs
from blockchain_lab.bitcoin.tx import Transaction
from blockchain_lab.course.functions import Function
from blockchain_lab.course.l10_runs import HALVES, sign_as
from blockchain_lab.course.questions import Mistake
from blockchain_lab.course.sorting import Sorting
from blockchain_lab.lab import Lab

AMOUNT: Final = 1_000_000_000
TIME: Final = 1_296_750_006  # Unix seconds: second 6 of the story
Faulty = Callable[[BitcoinNode, Transaction], Transaction]


# -- what is checked -----------------------------------------------------------------------------------------


def change_fee(node: BitcoinNode, tx: Transaction, more: int) -> Transaction:
    """The same payment with so much more change, signed anew."""
    coin = node.chain.ledger.coins.get(tx.inputs[0].previous)
    assert coin is not None
    paid, change = tx.outputs
    other = replace(tx, outputs=(paid, change._replace(value=change.value + more)))
    return sign_inputs(other, [coin.output], deepcopy(node.cashier).wallet.keys.ring)


def take_nothing(node: BitcoinNode, tx: Transaction) -> Transaction:
    """Takes an output that nobody ever made."""
    (spending,) = tx.inputs
    elsewhere = spending._replace(previous=spending.previous._replace(index=9))
    return replace(tx, inputs=(elsewhere,))


def spoil_signature(node: BitcoinNode, tx: Transaction) -> Transaction:
    """Somebody else than the signer has changed whom it pays."""
    return replace(tx, outputs=(tx.outputs[0]._replace(value=AMOUNT + 1), *tx.outputs[1:]))


def get_fee(node: BitcoinNode, tx: Transaction) -> int:
    """What it leaves to the miner, satoshi."""
    coin = node.chain.ledger.coins.get(tx.inputs[0].previous)
    assert coin is not None
    return coin.output.value - sum(output.value for output in tx.outputs)


def pay_too_much(node: BitcoinNode, tx: Transaction) -> Transaction:
    """One satoshi more than it takes, signed by the owner."""
    return change_fee(node, tx, get_fee(node, tx) + 1)


def pay_no_fee(node: BitcoinNode, tx: Transaction) -> Transaction:
    """All that it takes, signed by the owner."""
    return change_fee(node, tx, get_fee(node, tx))


def pay_somebody_else(node: BitcoinNode, tx: Transaction) -> Transaction:
    """The same coin to another payee, for the same fee."""
    return sign_as(node, "nobody", AMOUNT)


def keep(node: BitcoinNode, tx: Transaction) -> Transaction:
    """Nothing is wrong with it: what else could be known of it is not asked."""
    return tx


COINS, SIGNED, SUM, FEE, RIVAL, NAME, GOODS, ELSEWHERE = ITEMS = (
    "the coins are there", "the owner has signed", "no more out than in", "a fee is paid",
    "no rival waits here", "the payer's name", "the goods were delivered", "no rival waits elsewhere",
)  # fmt: skip
FAULTS: Final[dict[str, tuple[Faulty, str]]] = {  # what is wrong, and Core's word for it, or the start of it
    COINS: (take_nothing, "missing-inputs"),
    SIGNED: (spoil_signature, "mempool-script-verify-flag-failed"),
    SUM: (pay_too_much, "bad-txns-in-belowout"),
    FEE: (pay_no_fee, "min relay fee not met"),
    RIVAL: (pay_somebody_else, "insufficient fee"),
    NAME: (keep, ""),
    GOODS: (keep, ""),
    ELSEWHERE: (keep, ""),
}


@cache
def find_refusals(seed: int) -> dict[str, str]:
    """Why a node refuses the payment with each of the faults; "" where it takes it."""
    lab = Lab(HALVES, seed=seed)
    lab.goto(at=6 * SECOND)
    eve = lab.peer("eve")
    honest = sign_as(eve, "ann", AMOUNT)
    refusals = {}
    for item, (spoil, _) in FAULTS.items():
        pool = Mempool()
        if item == RIVAL:  # only here the honest one waits already
            pool.add(judge_transaction(honest, pool, eve.chain, TIME, 0).entry)
        try:
            judge_transaction(spoil(eve, honest), pool, eve.chain, TIME, 0)
        except (NotWelcome, RuleBroken) as fault:
            refusals[item] = fault.reason
        else:
            refusals[item] = ""
    return refusals


def sort_by_trying(seed: int) -> dict[str, str]:
    """What a node of ours does."""
    return {item: "check" if reason else "no" for item, reason in find_refusals(seed).items()}


def sort_by_words(seed: int) -> dict[str, str]:
    """What Bitcoin Core has a word for."""
    return {item: "check" if word else "no" for item, (_, word) in FAULTS.items()}


CHECKS: Final = Sorting(
    id="L10.q7",
    title="Before it is passed on",
    prompt="Which of these does a peer check before it keeps a payment and passes it on, and which does it"
    " not: because it cannot, or because there is nothing to be seen?",
    items=ITEMS,
    groups={"check": "every peer checks it by itself", "no": "it cannot, or there is nothing to check"},
    passes="all eight sorted as a Bitcoin node does.",
    hints=(
        "A peer has the chain, its own mempool, and the bytes of the payment. Nothing else.",
        "Keys have no names. And a mempool on the other side of the world cannot be seen from here.",
        "Five can be checked, three cannot.",
    ),
    because="Coins, signatures, sums, fees, its own mempool: all that a peer sees without asking anybody.",
    solution="What is in the payment, the chain and the own mempool is checked. {answer}.",
    answer=sort_by_trying,
    again=sort_by_words,
    mistakes=(
        Mistake((COINS, "no"), "The coins are there or not: the peer's own copy of the chain says so."),
        Mistake((SIGNED, "no"), "The public key is in the payment: everybody can check the signature."),
        Mistake((SUM, "no"), "Else anybody could make money out of nothing. The sum is easily done."),
        Mistake((FEE, "no"), "Without a fee nobody will ever mine it, and passing it on costs all of us."),
        Mistake((RIVAL, "no"), "Its own mempool it knows well: of two that take one coin it keeps one."),
        Mistake((NAME, "check"), "There is no name in a payment, only keys. Who has the key may spend."),
        Mistake((GOODS, "check"), "What happens in the world outside, no peer can see."),
        Mistake(
            (ELSEWHERE, "check"),
            "No peer can look into all other mempools. That is the point of this lesson.",
        ),
    ),
)


# -- a function of the learner's -----------------------------------------------------------------------------


def on_tx(coins: dict[str, int], taken: list[str], tx: dict[str, Any]) -> str:
    """What to do with a payment: "missing", "rival", "too much" or "keep"."""
    for coin in tx["takes"]:
        if coin not in coins:
            return "missing"
    for coin in tx["takes"]:
        if coin in taken:
            return "rival"
    if tx["pays"] > sum(coins[coin] for coin in tx["takes"]):
        return "too much"
    return "keep"


def on_tx_by_sets(coins: dict[str, int], taken: list[str], tx: dict[str, Any]) -> str:
    """The same with sets."""
    takes = set(tx["takes"])
    if takes - coins.keys():
        return "missing"
    if takes & set(taken):
        return "rival"
    return "keep" if sum(coins[coin] for coin in takes) >= tx["pays"] else "too much"


def forget_rivals(coins: dict[str, int], taken: list[str], tx: dict[str, Any]) -> str:
    """A mistake: only the chain is looked at."""
    return on_tx(coins, [], tx)


def look_at_first(coins: dict[str, int], taken: list[str], tx: dict[str, Any]) -> str:
    """A mistake: one coin only."""
    return on_tx(coins, taken, {**tx, "takes": tx["takes"][:1]})


def forget_sum(coins: dict[str, int], taken: list[str], tx: dict[str, Any]) -> str:
    """A mistake: money out of nothing."""
    return on_tx(coins, taken, {**tx, "pays": 0})


def want_a_fee(coins: dict[str, int], taken: list[str], tx: dict[str, Any]) -> str:
    """A mistake: to pay all that it takes is not too much."""
    return on_tx(coins, taken, {**tx, "pays": tx["pays"] + 1})


def keep_all(coins: dict[str, int], taken: list[str], tx: dict[str, Any]) -> str:
    """A mistake: whatever comes is kept."""
    return "keep"


COINS_OF_CASES: Final = {"c1": 5, "c2": 3, "c3": 8}
CASES: Final[tuple[tuple[Any, ...], ...]] = (
    (COINS_OF_CASES, [], {"takes": ["c1"], "pays": 4}),
    (COINS_OF_CASES, [], {"takes": ["c9"], "pays": 4}),
    (COINS_OF_CASES, ["c1"], {"takes": ["c1"], "pays": 4}),
    (COINS_OF_CASES, [], {"takes": ["c1"], "pays": 6}),
    (COINS_OF_CASES, [], {"takes": ["c1", "c2"], "pays": 8}),
    (COINS_OF_CASES, ["c2"], {"takes": ["c1", "c2"], "pays": 7}),
    (COINS_OF_CASES, ["c3"], {"takes": ["c1", "c9"], "pays": 1}),
    (COINS_OF_CASES, ["c3"], {"takes": ["c1", "c2"], "pays": 9}),
)

KEEP: Final = Function(
    id="L10.q8",
    title="Your own mempool",
    prompt='Write on_tx: "missing" if a coin is not in `coins`, else "rival" if a waiting payment has taken'
    ' one of them, else "too much" if it pays more than it takes, else "keep".',
    name="on_tx",
    cases=CASES,
    passes="the right word in eight cases, with one coin and with two.",
    hints=(
        'Three questions, in this order; each may end the function with `return`. "keep" is what remains.',
        '`for coin in tx["takes"]:` goes through the coins that it takes.',
        'The sum: `sum(coins[coin] for coin in tx["takes"])`. To pay just that much is not too much.',
    ),
    because="The first one that comes is kept, its rival refused. So two peers can be right, and differ.",
    solution="Three questions, one after another.\n\n{answer}",
    answer=lambda seed: on_tx,
    again=lambda seed: on_tx_by_sets,
    mistakes=(
        Mistake(
            forget_rivals,
            "A coin in the chain may be taken already by a payment that waits: look at `taken`.",
        ),
        Mistake(look_at_first, "A payment may take several coins. Look at each of them."),
        Mistake(forget_sum, "It may not pay out more than it takes: that would be money out of nothing."),
        Mistake(
            want_a_fee, "To pay just as much as it takes is not too much: no fee, but no new money either."
        ),
        Mistake(keep_all, "Some of these must be refused. Which coins are there, and which are taken?"),
    ),
)
