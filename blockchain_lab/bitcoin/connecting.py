"""Connecting blocks to the active chain and disconnecting them again, checked: the coins at the tip.

A block that may be connected to its parent may be so for every peer: its hash commits to all of its past.
So the judgement is made once and kept in the content store; each peer's own coins change by themselves.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from blockchain_lab.base.store import ContentStore
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.coins import Coin, CoinSet, Shelves, connect, disconnect, get_new_coins
from blockchain_lab.bitcoin.params import Network
from blockchain_lab.bitcoin.rules import RuleBroken
from blockchain_lab.bitcoin.rules_spending import (
    Place,
    check_no_overwriting,
    check_reward,
    check_spending,
    compute_fee,
    find_coins_of,
)
from blockchain_lab.bitcoin.tx import OutPoint
from blockchain_lab.chain.tree import Entry


@dataclass(frozen=True, slots=True)
class Spending:
    """What was found out about a block that may be connected."""

    fees: int  # satoshi that its transactions leave


def judge_spending(block: Block, place: Place, coins: Mapping[OutPoint, Coin]) -> Spending:
    """May this block be connected where the coins are these? Changes nothing. RuleBroken. O(size)."""
    view, fees = CoinSet(coins), 0  # an output may be spent further down in its own block
    check_no_overwriting(block, coins)
    for tx in block.transactions:
        if not tx.is_coinbase():
            taken = find_coins_of(tx, view)
            check_spending(tx, taken, place)
            fees += compute_fee(tx, taken)
            for spending in tx.inputs:
                view.take(spending.previous)
        for new, coin in get_new_coins(tx, place.height):
            view.add(new, coin)
    check_reward(block, fees, place)
    return Spending(fees)


class Ledger:
    """The coins at the active tip, and how to take back each block of the active chain."""

    __slots__ = ("coins", "network", "store", "undo")

    def __init__(
        self,
        network: Network,
        store: ContentStore,
        coins: CoinSet,
        undo: Mapping[bytes, tuple[Coin, ...]],
    ) -> None:
        """`undo`: of the connected blocks, by hash; those that took nothing may be missing."""
        self.network, self.store, self.coins, self.undo = network, store, coins, dict(undo)

    def judge(self, block: Block, parent: Entry[Header]) -> Spending:
        """May this block be connected to the tip, which is `parent`? RuleBroken. Judged once for all."""

        def compute() -> Spending | RuleBroken:
            try:
                return judge_spending(block, Place(parent, block.header.time, self.network), self.coins)
            except RuleBroken as fault:
                return fault

        verdict = self.store.once(f"spending {self.network.name}", block.header.hash(), compute)
        if isinstance(verdict, RuleBroken):
            raise RuleBroken(verdict.reason)
        return verdict

    def connect(self, block: Block, parent: Entry[Header]) -> None:
        """Apply a block on the tip, which is `parent`. RuleBroken before anything has changed."""
        self.judge(block, parent)
        name = block.header.hash()
        if taken := connect(self.coins, block, parent.height + 1):
            self.undo[name] = taken
        self.coins.settle(name, self.store.once("shelves", b"", Shelves))

    def disconnect(self, block: Block, height: int) -> None:
        """Take back the tip, a block at `height`."""
        disconnect(self.coins, block, height, self.undo.pop(block.header.hash(), ()))

    def __deepcopy__(self, memo: dict[int, Any]) -> "Ledger":
        """Undo data and coins never change; only which there are is copied."""
        return Ledger(self.network, self.store, deepcopy(self.coins, memo), self.undo)
