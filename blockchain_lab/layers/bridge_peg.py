"""The two contracts of a bridge, one on either chain: what leaves one chain may arrive on the other, once.

    main chain                                     side chain
    Depart: 50 of Ann's coins go into the vault    Arrive: 50 coins are made for Ann
    Arrive: 50 come out of the vault, for Bob      Depart: 50 of Bob's coins are destroyed

No chain can look into the other one. So somebody keeps both and says here what has happened there: the
operator, whose word is all that an arrival needs. That is a federation of one; Back et al., "Enabling
Blockchain Innovations with Pegged Sidechains" (2014), §3 would have the chain check the other one's proof of
work instead, and wait for as long. The word is as good as the block that it relies on: when that block is
left, coins stand on the other chain for which nothing is locked.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple, Self

from blockchain_lab.base.fields import read_text, write_text, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_64, Reader
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.bridge_bank import VAULT, Bank, is_person
from blockchain_lab.layers.bridge_facts import Fact

ID_SIZE: Final = 32  # bytes: a departure's id is the name of its call
LEFT: Final = {True: "coins locked", False: "coins burnt"}  # is it the main chain -> topic
CAME: Final = {True: "coins released", False: "coins minted"}


class Parcel(NamedTuple):
    """Coins on their way from one chain to the other."""

    name: str  # whose they are on both sides
    amount: int


Parcels = dict[bytes, Parcel]  # by the departure's id; a state's own copy


@dataclass(slots=True)
class Peg:
    """What one of the two contracts remembers."""

    operator: str  # "" where there is no bridge
    is_main: bool
    left: Parcels
    came: Parcels

    def copy(self) -> Self:
        """Another one that may go its own way."""
        return type(self)(self.operator, self.is_main, dict(self.left), dict(self.came))

    def get_balance(self) -> int:
        """Coins that came less coins that left."""
        return sum(each.amount for each in self.came.values()) - sum(
            each.amount for each in self.left.values()
        )


@dataclass(frozen=True)
class Depart(Message):
    """Send coins of mine to the other chain. Wire: amount 8."""

    command: ClassVar[str] = "depart"
    amount: int

    def encode(self) -> bytes:
        """The amount."""
        return write_unsigned("amount", self.amount, UNSIGNED_64)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        return cls(reader.unsigned("amount", UNSIGNED_64))


@dataclass(frozen=True)
class Arrive(Message):
    """I have seen this departure on the other chain. Wire: departure 32, name, amount 8."""

    command: ClassVar[str] = "arrive"
    departure: bytes
    name: str
    amount: int

    def encode(self) -> bytes:
        """The fields in order."""
        head = self.departure + write_text("name", self.name)
        return head + write_unsigned("amount", self.amount, UNSIGNED_64)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        departure, name = reader.take("departure", ID_SIZE), read_text(reader, "name")
        return cls(departure, name, reader.unsigned("amount", UNSIGNED_64))


ACTIONS: Final[tuple[type[Message], ...]] = (Depart, Arrive)


def apply(peg: Peg, bank: Bank, sender: str, action: Message, name: bytes) -> list[Fact]:
    """Carry out a call. name: the call's. RuleBroken, and then nothing has changed."""
    if not peg.operator:
        raise RuleBroken("no such contract", "this chain has no bridge")
    if isinstance(action, Depart):
        return depart(peg, bank, sender, action.amount, name)
    assert isinstance(action, Arrive)
    if sender != peg.operator:
        raise RuleBroken("operator", f"{sender} is not {peg.operator}, whose word alone counts")
    return arrive(peg, bank, action)


def depart(peg: Peg, bank: Bank, sender: str, amount: int, name: bytes) -> list[Fact]:
    """Into the vault, or out of the world. RuleBroken."""
    if amount < 1:
        raise RuleBroken("amount", "found 0 coins, wanted at least 1")
    if peg.is_main:
        bank.move(sender, VAULT, amount)
    else:
        bank.destroy(sender, amount)
    peg.left[name] = Parcel(sender, amount)
    return [Fact(LEFT[peg.is_main], {"departure": name.hex(), "name": sender, "amount": amount})]


def arrive(peg: Peg, bank: Bank, action: Arrive) -> list[Fact]:
    """Out of the vault, or out of nothing. RuleBroken, for an empty vault too."""
    if action.departure in peg.came:
        raise RuleBroken("arrived", f"{action.departure.hex():.16} has arrived before")
    if not is_person(action.name) or action.amount < 1:
        raise RuleBroken("parcel", f"found {action.amount} coins for {action.name!r}")
    if peg.is_main:
        bank.move(VAULT, action.name, action.amount)
    else:
        bank.create(action.name, action.amount)
    peg.came[action.departure] = Parcel(action.name, action.amount)
    facts = {"departure": action.departure.hex(), "name": action.name, "amount": action.amount}
    return [Fact(CAME[peg.is_main], facts)]
