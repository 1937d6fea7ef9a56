"""Connecting blocks to the active chain and disconnecting them again, checked: the coins at the tip.

A block that may be connected to its parent may be so for every peer: its hash commits to all of its past.
So the judgement is made once and kept in the content store; each peer's own coins change by themselves.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from blockchain_lab.base.store import ContentStore
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.coins import Coin, CoinSet, Shelves, connect, disconnect, get_new_coins
from blockchain_lab.bitcoin.interpreter import verify_inputs
from blockchain_lab.bitcoin.params import Network
from blockchain_lab.bitcoin.rules import RuleBroken
from blockchain_lab.bitcoin.rules_spending import (
    Place,
    check_no_overwriting,
    check_reward,
    check_sigops,
    check_spending,
    compute_fee,
    find_coins_of,
)
from blockchain_lab.bitcoin.sigops import compute_sigop_cost
from blockchain_lab.bitcoin.tx import OutPoint, Transaction
from blockchain_lab.bitcoin.verdict import Flags, Outcome, get_block_flags
from blockchain_lab.chain.tree import Entry


@dataclass(frozen=True, slots=True)
class Spending:
    """What was found out about a block that may be connected."""

    fees: int  # satoshi that its transactions leave
    unevaluated: tuple[
        tuple[bytes, str], ...
    ] = ()  # transactions (txid) with a script we do not know, and why


def judge_spending(
    block: Block, place: Place, coins: Mapping[OutPoint, Coin], store: ContentStore
) -> Spending:
    """May this block be connected where the coins are these? Changes nothing. RuleBroken. O(size).

    store: remembers signatures, which most transactions have shown before, when they came to wait.
    """
    view = CoinSet(coins)  # an output may be spent further down in its own block
    fees = sigops = 0
    flags = get_block_flags(place.height, place.network, block.header.hash())
    unevaluated: list[tuple[bytes, str]] = []
    check_no_overwriting(block, coins)
    for tx in block.transactions:
        taken = [] if tx.is_coinbase() else find_coins_of(tx, view)
        sigops += compute_sigop_cost(tx, [coin.output for coin in taken], flags)
        check_sigops(sigops)
        if not tx.is_coinbase():
            check_spending(tx, taken, place)
            fees += compute_fee(tx, taken)
            unevaluated += judge_scripts(tx, taken, flags, store)
            for spending in tx.inputs:
                view.take(spending.previous)
        for new, coin in get_new_coins(tx, place.height):
            view.add(new, coin)
    check_reward(block, fees, place)
    return Spending(fees, tuple(unevaluated))


def judge_scripts(
    tx: Transaction, taken: Sequence[Coin], flags: Flags, store: ContentStore
) -> list[tuple[bytes, str]]:
    """Does every input satisfy the script of its coin? RuleBroken. The scripts that we do not know: why."""
    verdicts = verify_inputs(tx, [coin.output for coin in taken], flags, store)
    for verdict in verdicts:
        if verdict.outcome is Outcome.INVALID:
            raise RuleBroken(verdict.block_reason)
    return [(tx.txid(), verdict.reason) for verdict in verdicts if verdict.outcome is Outcome.NOT_EVALUATED]


class Ledger:
    """The coins at the active tip, and how to take back each block of the active chain."""

    __slots__ = ("coins", "network", "store", "undo", "unevaluated")

    def __init__(
        self,
        network: Network,
        store: ContentStore,
        coins: CoinSet,
        undo: Mapping[bytes, tuple[Coin, ...]],
    ) -> None:
        """`undo`: of the connected blocks, by hash; those that took nothing may be missing."""
        self.network, self.store, self.coins, self.undo = network, store, coins, dict(undo)
        # connected block -> its transactions with a script that we do not know (txid, why)
        self.unevaluated: dict[bytes, tuple[tuple[bytes, str], ...]] = {}

    def judge(self, block: Block, parent: Entry[Header]) -> Spending:
        """May this block be connected to the tip, which is `parent`? RuleBroken. Judged once for all."""

        def compute() -> Spending | RuleBroken:
            try:
                place = Place(parent, block.header.time, self.network)
                return judge_spending(block, place, self.coins, self.store)
            except RuleBroken as fault:
                return fault

        verdict = self.store.once(f"spending {self.network.key}", block.header.hash(), compute)
        if isinstance(verdict, RuleBroken):
            raise RuleBroken(verdict.reason)
        return verdict

    def connect(self, block: Block, parent: Entry[Header]) -> None:
        """Apply a block on the tip, which is `parent`. RuleBroken before anything has changed."""
        spending, name = self.judge(block, parent), block.header.hash()
        if taken := connect(self.coins, block, parent.height + 1):
            self.undo[name] = self.store.once(f"undo {self.network.key}", name, lambda: taken)
        if spending.unevaluated:
            self.unevaluated[name] = spending.unevaluated
        self.coins.settle(name, self.store.once("shelves", b"", Shelves))

    def disconnect(self, block: Block, height: int) -> None:
        """Take back the tip, a block at `height`."""
        name = block.header.hash()
        disconnect(self.coins, block, height, self.undo.pop(name, ()))
        self.unevaluated.pop(name, None)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Ledger":
        """Undo data and coins never change; only which there are is copied."""
        twin = Ledger(self.network, self.store, deepcopy(self.coins, memo), self.undo)
        twin.unevaluated = dict(self.unevaluated)
        return twin
