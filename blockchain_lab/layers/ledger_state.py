"""What is true behind a block: every account's nonce and balance, and every slot of every contract.

    accounts    ann: nonce 3, 2,000 gwei      pool: nonce 0, 1,000,000 gwei     a contract has an account, too
    slots       "pool/tokens": 50,000         "token/ann": 7                    contract, key: a whole number

A state never changes: who runs a transaction makes another one. Its root names it: two peers with one root
have the same accounts and the same slots. (Ethereum's root is that of a Merkle Patricia tree, so that one
account can be proven without the others, Yellow Paper §4.1; ours is a hash of all of them in order.)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Self

from blockchain_lab.base.once import once


@dataclass(frozen=True, slots=True)
class Account:
    """Who can pay."""

    nonce: int = 0  # how many of its transactions ran
    balance: int = 0  # gwei


NOBODY_YET = Account()  # what an account is that nobody has ever paid (Yellow Paper §4.1: the empty account)


@dataclass(frozen=True)
class State:
    """All accounts and all slots."""

    accounts: Mapping[str, Account] = field(default_factory=dict)
    slots: Mapping[str, int] = field(default_factory=dict)

    def get_account(self, name: str) -> Account:
        """One account, an empty one if nobody has paid it yet."""
        return self.accounts.get(name, NOBODY_YET)

    def get_slot(self, slot: str) -> int:
        """What stands in a slot, 0 if nothing was ever written there."""
        return self.slots.get(slot, 0)

    @once
    def root(self) -> bytes:
        """32 bytes that name this state. O(accounts + slots), once."""
        accounts = [(name, each.nonce, each.balance) for name, each in sorted(self.accounts.items())]
        return sha256(repr((accounts, sorted(self.slots.items()))).encode()).digest()

    @once
    def coins(self) -> int:
        """Gwei in all accounts: no transaction makes or destroys any."""
        return sum(account.balance for account in self.accounts.values())

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Immutable, so shared."""
        return self

    def __plain_state__(self) -> bytes:
        """For digests of state: the root says it all."""
        return self.root
