"""Coins by name: they move and never come or go by themselves, so whoever adds them up finds the same sum.

A contract's coins stand under a name of its own ("vault", "rollup", "channel 1a2b..."), which is nobody's.
Who may move them is not this room's question.
"""

from collections.abc import Mapping
from typing import Final, Self

from blockchain_lab.base.reader import UNSIGNED_64
from blockchain_lab.consensus.errors import RuleBroken

MOST_COINS: Final = (1 << 8 * UNSIGNED_64) - 1  # as on the wire
VAULT: Final = "vault"  # what is locked for the other chain
POT: Final = "rollup"  # what belongs to those on the rollup
BONDS: Final = "bonds"  # what those who post batches stand to lose
BURNT: Final = "burnt"  # nobody's for ever
CHANNEL: Final = "channel "  # what a channel's two share; its id follows
RESERVED: Final = (VAULT, POT, BONDS, BURNT)


class Bank:
    """Whole coins, 0 or more, of everybody who has ever had some."""

    __slots__ = ("balances",)

    def __init__(self, balances: Mapping[str, int]) -> None:
        """A table of its own."""
        self.balances = dict(balances)

    def copy(self) -> Self:
        """Another one that may go its own way. O(names)."""
        return type(self)(self.balances)

    def get(self, name: str) -> int:
        """Somebody's coins; 0 for who never had any."""
        return self.balances.get(name, 0)

    def get_sum(self) -> int:
        """All coins of all names."""
        return sum(self.balances.values())

    def move(self, source: str, target: str, amount: int) -> None:
        """From one name to another. RuleBroken "balance" when there is too little; then nothing has moved."""
        self.destroy(source, amount)
        self.create(target, amount)

    def create(self, name: str, amount: int) -> None:
        """New coins. Only for a chain whose coins stand for others that are locked elsewhere."""
        self.balances[name] = self.get(name) + amount

    def destroy(self, name: str, amount: int) -> None:
        """Take coins away, for the same chain. RuleBroken "balance" when there are fewer."""
        if self.get(name) < amount:
            raise RuleBroken("balance", f"{name} has {self.get(name)}, wanted {amount}")
        self.balances[name] = self.get(name) - amount


def find_wrong_amount(amount: int) -> str | None:
    """Why a command cannot be about so many coins; None when it can."""
    return None if 1 <= amount <= MOST_COINS else f"wanted at least 1 coin, found {amount}"


def is_person(name: str) -> bool:
    """Is this a name that somebody may sign for? Contracts sign nothing."""
    return bool(name) and name not in RESERVED and not name.startswith(CHANNEL)
