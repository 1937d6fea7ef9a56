"""Runs one call on a working copy of the state, counts its gas, and remembers every step.

A contract here is a function of this machine and of the transaction that calls it. It reads and writes slots,
moves coins, and may say `revert`. It knows no clock, no messages and no other way to look at the state, so
every peer that runs it on the same state comes to the same result: that is why a call can be checked by all.

What things cost: Yellow Paper, appendix G, and EIP-2929 (Berlin, April 2021) for slots. A slot is cold until
this transaction has touched it. Refunds for slots that are cleared are left out.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from blockchain_lab.layers.ledger_state import Account, State
from blockchain_lab.layers.ledger_transaction import MOST_NUMBER, Transaction

COLD_READ_GAS: Final = 2_100  # SLOAD of a slot that this transaction has not touched; EIP-2929
WARM_READ_GAS: Final = 100  # of one that it has; EIP-2929
NEW_SLOT_GAS: Final = 20_000  # SSTORE from zero to something; G_sset
CHANGE_GAS: Final = 2_900  # SSTORE over something else, the cold touch apart; EIP-2929
PAY_GAS: Final = 9_000  # CALL that carries coins; G_callvalue


class Reverted(Exception):
    """The contract refuses: nothing has happened, but for the gas that was used (EIP-140)."""


class OutOfGas(Exception):
    """The gas limit is used up: nothing has happened, and all of the gas is gone (Yellow Paper §9.4.2)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a peer did to run a transaction."""

    what: str  # "read", "write", "pay", ...
    about: str  # a slot, an account
    gas: int  # units


class Machine:
    """The state as it is while one call runs."""

    def __init__(self, state: State, transaction: Transaction, gas: int, height: int) -> None:
        """gas: units left for the call; height: of the block that it stands in."""
        self.accounts = dict(state.accounts)
        self.slots = dict(state.slots)
        self.caller = transaction.sender
        self.contract = transaction.to
        self.height = height
        self.left = gas
        self.reads: dict[str, None] = {}  # slots, in order
        self.writes: dict[str, None] = {}
        self.steps: list[Step] = []

    def charge(self, what: str, about: str, gas: int) -> None:
        """Take gas for a step. OutOfGas when there is too little."""
        if gas > self.left:
            self.left = 0
            raise OutOfGas(f"out of gas: {what} {about} costs {gas:,} units")
        self.left -= gas
        self.steps.append(Step(what, about, gas))

    def read(self, slot: str) -> int:
        """What stands in a slot."""
        is_warm = slot in self.reads or slot in self.writes
        self.charge("read", slot, WARM_READ_GAS if is_warm else COLD_READ_GAS)
        self.reads[slot] = None
        return self.slots.get(slot, 0)

    def write(self, slot: str, value: int) -> None:
        """Put a number from 0 on into a slot. Reverted when it is none that 8 bytes can hold."""
        if not 0 <= value <= MOST_NUMBER:
            raise Reverted(f"{slot} would become {value}")
        cold = 0 if slot in self.reads or slot in self.writes else COLD_READ_GAS
        self.charge("write", slot, cold + (CHANGE_GAS if self.slots.get(slot, 0) else NEW_SLOT_GAS))
        self.writes[slot] = None
        self.slots[slot] = value

    def pay(self, to: str, amount: int) -> None:
        """Coins from the contract's account to another one. Reverted when it has not that many."""
        self.charge("pay", to, PAY_GAS)
        if amount > self.get_balance(self.contract):
            raise Reverted(f"{self.contract} cannot pay {amount:,}")
        self.move(self.contract, to, amount)

    def check(self, is_fulfilled: bool, reason: str) -> None:
        """Reverted unless a condition of the contract is fulfilled."""
        if not is_fulfilled:
            raise Reverted(reason)

    def get_balance(self, name: str) -> int:
        """Gwei of an account."""
        return self.accounts.get(name, Account()).balance

    def move(self, source: str, to: str, amount: int) -> None:
        """Coins from one account to another, without asking; the caller has looked whether they are there."""
        self.add(source, -amount)
        self.add(to, amount)

    def add(self, name: str, amount: int) -> None:
        """Change a balance by so many gwei."""
        account = self.accounts.get(name, Account())
        self.accounts[name] = replace(account, balance=account.balance + amount)


Contract = Callable[[Machine, Transaction], int]  # returns what the call returns
