"""What happens on a rollup, step by step: a deposit comes in, somebody pays somebody, somebody leaves.

    deposit    ""  -> ann   nonce: which deposit of the contract's list it is; nobody signs it
    payment    ann -> bob   nonce: how many of Ann's were before; she has signed
    exit       ann -> ""    the same; the coins are to be had from the contract, later

`execute` is the one rule of it all. Peers run it on all accounts, the contract on the two that a step
touches: what they call invalid is the same. A step that breaks a rule may stand in no batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final, NamedTuple, Self

from blockchain_lab.base.fields import read_text, write_text, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.once import once
from blockchain_lab.base.reader import UNSIGNED_32, UNSIGNED_64, Reader
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.keys import SIGNATURE_SIZE, is_signed_by, sign
from blockchain_lab.layers.rollup_tree import Account

NOBODY: Final = ""
UNSIGNED: Final = bytes(SIGNATURE_SIZE)


class Deposit(NamedTuple):
    """Coins that the contract has taken for somebody's account on the rollup."""

    name: str
    coins: int


@dataclass(frozen=True)
class Step(Message):
    """Wire: sender, to, amount 8, nonce 4, signature 64."""

    command: ClassVar[str] = "rollup-pay"
    lecture_class: ClassVar[str] = "announce"
    sender: str
    to: str
    amount: int
    nonce: int
    signature: bytes = UNSIGNED

    def sign(self, name: str = "") -> Self:
        """With its sender's signature; a thief signs as somebody else and hopes."""
        return replace(self, signature=sign(name or self.sender, self.signed_bytes))

    @once
    def signed_bytes(self) -> bytes:
        """All but the signature, behind a word that keeps it apart from all else that a name signs."""
        head = write_text("purpose", self.command) + write_text("sender", self.sender)
        amount = write_unsigned("amount", self.amount, UNSIGNED_64)
        return head + write_text("to", self.to) + amount + write_unsigned("nonce", self.nonce, UNSIGNED_32)

    def encode(self) -> bytes:
        """The fields in order."""
        head = write_text("sender", self.sender) + write_text("to", self.to)
        head += write_unsigned("amount", self.amount, UNSIGNED_64)
        return head + write_unsigned("nonce", self.nonce, UNSIGNED_32) + self.signature

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        sender, to = read_text(reader, "sender"), read_text(reader, "to")
        amount, nonce = reader.unsigned("amount", UNSIGNED_64), reader.unsigned("nonce", UNSIGNED_32)
        return cls(sender, to, amount, nonce, reader.take("signature", SIGNATURE_SIZE))

    @property
    def is_deposit(self) -> bool:
        """Does it come from the contract?"""
        return self.sender == NOBODY

    @property
    def is_exit(self) -> bool:
        """Does it leave for the contract?"""
        return self.to == NOBODY


def make_deposit(number: int, deposit: Deposit) -> Step:
    """The step that brings the contract's deposit of that number in."""
    return Step(NOBODY, deposit.name, deposit.coins, number)


def check_step(step: Step, sender: Account | None, deposits: Sequence[Deposit], taken: int) -> None:
    """May this step be the next one? RuleBroken with the rule that it breaks.

    sender: whose account it takes from, as it is; None for a deposit. taken: deposits that came in before.
    """
    if step.is_deposit:
        is_next = step.nonce == taken < len(deposits)
        if not is_next or deposits[taken] != Deposit(step.to, step.amount):
            found = f"found {step.amount} coins for {step.to!r} as number {step.nonce}"
            raise RuleBroken("deposit", f"{found}, which the contract has never taken as the next one")
        return
    assert sender is not None  # only a deposit has none
    if step.amount < 1 or step.sender == step.to:
        raise RuleBroken("amount", "wanted a coin at least, for somebody else")
    if not is_signed_by(step.sender, step.signed_bytes, step.signature):
        raise RuleBroken("signature", f"not signed by {step.sender!r}")
    if step.nonce != sender.nonce:
        raise RuleBroken("nonce", f"found {step.nonce}, wanted {sender.nonce}")
    if step.amount > sender.coins:
        raise RuleBroken("balance", f"{step.sender} has {sender.coins}, wanted {step.amount}")


def execute(
    accounts: Sequence[Account], places: dict[str, int], step: Step, deposits: Sequence[Deposit], taken: int
) -> list[Account]:
    """All accounts behind a step. RuleBroken, also for names that have no account."""
    for name in (step.sender, step.to):
        if name != NOBODY and name not in places:
            raise RuleBroken("account", f"nobody on the rollup is called {name!r}")
    sender = None if step.is_deposit else accounts[places[step.sender]]
    check_step(step, sender, deposits, taken)
    after = list(accounts)
    if sender is not None:
        after[places[step.sender]] = sender.change(-step.amount, 1)
    if not step.is_exit:
        after[places[step.to]] = after[places[step.to]].change(step.amount)
    return after
