"""What the peers of the toy chain say: a payment, a block, a vote, and "what have I missed?".

    payment    sender, receiver, amount, number, signature       anybody -> everybody
    block      parent, slot, proposer, payments, signature       the slot's leader -> everybody
    vote       block, slot, voter, signature                     who holds stake -> everybody
    ask        height                                            who was away -> who knows more

The first three are signed by their `author`, so that they may come by any way. Everything goes by datagram,
and a block with its five payments fits into one of py-ipv8's. No rule of the chain enters here: a message
may say anything.

Wire: ours, in the envelope; numbers are little-endian.
"""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import ClassVar, Final, Self

from blockchain_lab.base.fields import (
    read_bytes,
    read_list,
    read_text,
    write_bytes,
    write_list,
    write_text,
    write_unsigned,
)
from blockchain_lab.base.messages import Message
from blockchain_lab.base.once import once
from blockchain_lab.base.reader import UNSIGNED_32, Reader
from blockchain_lab.consensus.keys import is_signed_by, sign

NAME_SIZE: Final = 32  # bytes: a block's or a payment's SHA-256
MOST_PAYMENTS: Final = 5  # in a block, as in the lecture's program (asci-a27, `pending[:5]`)


class Signed(Message):
    """Base of what bears its author's signature, behind everything else."""

    signature: bytes

    @property
    def author(self) -> str:
        """Who claims to have said it."""
        raise NotImplementedError

    @property
    def signed_bytes(self) -> bytes:
        """All but the signature."""
        raise NotImplementedError

    def encode(self) -> bytes:
        """What is signed, and the signature."""
        return self.signed_bytes + write_bytes("signature", self.signature)

    def signed_by(self, name: str) -> Self:
        """The same with a signature of this name's key: the author's, unless somebody forges.

        Whose key it was is known here, so peers who are handed this very object need not ask the curve (150
        microseconds each); who reads the same from bytes does.
        """
        signed: Self = replace(self, signature=sign(name, self.signed_bytes))  # type: ignore[type-var]
        signed.__dict__["has_own_signature"] = name == self.author
        return signed

    @once
    def has_own_signature(self) -> bool:
        """Is it signed by its author? Asked once for all who are handed this object."""
        return is_signed_by(self.author, self.signed_bytes, self.signature)

    @once
    def name(self) -> bytes:
        """32 bytes: the SHA-256 of all of it."""
        return sha256(self.encoding).digest()


@dataclass(frozen=True)
class Payment(Signed):
    """Coins go from one account to another. A sender's payments are numbered from 1 on, without gaps."""

    command: ClassVar[str] = "toy-payment"
    lecture_class: ClassVar[str] = "data"
    sender: str
    receiver: str
    amount: int  # 4 bytes: coins
    number: int  # 4 bytes: how many payments of this sender there are with this one
    signature: bytes = b""  # the sender's

    @property
    def author(self) -> str:
        """Whose coins these are."""
        return self.sender

    @property
    def signed_bytes(self) -> bytes:
        """Sender, receiver, amount, number."""
        numbers = [("amount", self.amount), ("number", self.number)]
        raw = b"".join(write_unsigned(name, value, UNSIGNED_32) for name, value in numbers)
        return write_text("sender", self.sender) + write_text("receiver", self.receiver) + raw

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        sender, receiver = read_text(reader, "sender"), read_text(reader, "receiver")
        amount, number = reader.unsigned("amount", UNSIGNED_32), reader.unsigned("number", UNSIGNED_32)
        return cls(sender, receiver, amount, number, read_bytes(reader, "signature"))


@dataclass(frozen=True)
class Block(Signed):
    """What the leader of a slot puts on top of a block that it holds for confirmed."""

    command: ClassVar[str] = "toy-block"
    lecture_class: ClassVar[str] = "data"
    parent: bytes  # a block's name, 32 bytes
    slot: int  # 4 bytes: of time, from 1 on; the genesis has 0
    proposer: str
    payments: tuple[Payment, ...] = ()
    signature: bytes = b""  # the proposer's

    @property
    def author(self) -> str:
        """Who made it."""
        return self.proposer

    @property
    def signed_bytes(self) -> bytes:
        """Parent, slot, proposer, payments."""
        head = self.parent + write_unsigned("slot", self.slot, UNSIGNED_32)
        payments = write_list("payments", [payment.encoding for payment in self.payments])
        return head + write_text("proposer", self.proposer) + payments

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError, for more payments than a block may have, too."""
        parent, slot = reader.take("parent", NAME_SIZE), reader.unsigned("slot", UNSIGNED_32)
        proposer = read_text(reader, "proposer")
        payments = read_list(reader, "payments", read_payment, most=MOST_PAYMENTS)
        return cls(parent, slot, proposer, payments, read_bytes(reader, "signature"))


@dataclass(frozen=True)
class Vote(Signed):
    """Its voter holds a block for valid, and votes for no other one of its slot."""

    command: ClassVar[str] = "toy-vote"
    lecture_class: ClassVar[str] = "announce"
    block: bytes  # its name, 32 bytes
    slot: int  # 4 bytes: the block's
    voter: str
    signature: bytes = b""  # the voter's

    @property
    def author(self) -> str:
        """Who votes."""
        return self.voter

    @property
    def signed_bytes(self) -> bytes:
        """Block, slot, voter."""
        return self.block + write_unsigned("slot", self.slot, UNSIGNED_32) + write_text("voter", self.voter)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        block, slot = reader.take("block", NAME_SIZE), reader.unsigned("slot", UNSIGNED_32)
        return cls(block, slot, read_text(reader, "voter"), read_bytes(reader, "signature"))


@dataclass(frozen=True)
class Ask(Message):
    """Something is missing here: tell me the confirmed blocks above this height, and who voted for them."""

    command: ClassVar[str] = "toy-ask"
    lecture_class: ClassVar[str] = "announce"
    height: int  # 4 bytes: of the last block that is final here

    def encode(self) -> bytes:
        """The height."""
        return write_unsigned("height", self.height, UNSIGNED_32)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        return cls(reader.unsigned("height", UNSIGNED_32))


def read_payment(reader: Reader, name: str) -> Payment:
    """One of a block's. DecodeError."""
    start = reader.at
    payment = Payment.read(reader)
    reader.close(name, start)
    return payment


MESSAGES: Final[tuple[type[Message], ...]] = (Payment, Block, Vote, Ask)
GENESIS: Final = Block(bytes(NAME_SIZE), 0, "")  # nobody has made it, and everybody has it
