"""What validators and owners ask of the chain besides voting: signed, gossiped, carried by blocks.

    deposit      I lock this much and want to vote
    exit         I want to leave
    withdrawal   give me back what is left
    evidence     these two votes of one validator break a commandment (`slashing`)
    burn         I destroy this much, for a better place in the lottery (proof of burn)

Which of them are valid, and what comes of them, other rooms say.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.fields import read_text, write_text, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_64, Reader
from blockchain_lab.consensus.keys import SIGNATURE_SIZE, is_signed_by, sign
from blockchain_lab.consensus.vote import SignedVote


@dataclass(frozen=True)
class Order(Message):
    """What one name asks for. Wire: name, amount 8 (0 where it needs none), signature 64."""

    lecture_class: ClassVar[str] = "announce"
    name: str
    amount: int  # units of stake
    signature: bytes

    @classmethod
    def by(cls, name: str, amount: int = 0) -> Self:
        """Signed as its owner signs it."""
        return cls(name, amount, sign(name, cls.get_signed_bytes(name, amount)))

    @classmethod
    def get_signed_bytes(cls, name: str, amount: int) -> bytes:
        """What is signed: the command too, or a deposit could be read as an exit."""
        return write_text("command", cls.command) + cls.get_plain_bytes(name, amount)

    @staticmethod
    def get_plain_bytes(name: str, amount: int) -> bytes:
        """Name and amount as they stand on the wire."""
        return write_text("name", name) + write_unsigned("amount", amount, UNSIGNED_64)

    def encode(self) -> bytes:
        """Name, amount, signature."""
        return self.get_plain_bytes(self.name, self.amount) + self.signature

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        name, amount = read_text(reader, "name"), reader.unsigned("amount", UNSIGNED_64)
        return cls(name, amount, reader.take("signature", SIGNATURE_SIZE))

    def is_signed(self) -> bool:
        """Is it the owner's own signature?"""
        return is_signed_by(self.name, self.get_signed_bytes(self.name, self.amount), self.signature)


@dataclass(frozen=True)
class Deposit(Order):
    """Lock an amount and become a validator, two dynasties on."""

    command: ClassVar[str] = "deposit"


@dataclass(frozen=True)
class Exit(Order):
    """Stop being a validator, so and so many dynasties on. The amount says nothing."""

    command: ClassVar[str] = "exit"


@dataclass(frozen=True)
class Withdrawal(Order):
    """Pay out what is left of a deposit, once the delay is over. The amount says nothing."""

    command: ClassVar[str] = "withdrawal"


@dataclass(frozen=True)
class Burn(Order):
    """Send an amount to where nobody can spend it."""

    command: ClassVar[str] = "burn"


@dataclass(frozen=True)
class Evidence(Message):
    """Two votes of one validator. Wire: finder (who is paid for it), two signed votes."""

    command: ClassVar[str] = "evidence"
    lecture_class: ClassVar[str] = "announce"
    finder: str
    first: SignedVote
    second: SignedVote

    def encode(self) -> bytes:
        """Finder, first, second."""
        return write_text("finder", self.finder) + self.first.encoding + self.second.encoding

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        return cls(read_text(reader, "finder"), SignedVote.read(reader), SignedVote.read(reader))


Operation = SignedVote | Deposit | Exit | Withdrawal | Burn | Evidence
OPERATIONS: Final[tuple[type[Operation], ...]] = (SignedVote, Deposit, Exit, Withdrawal, Burn, Evidence)
