"""Pay in, and what is there now: the two messages of the smallest overlay of all.

    deposit    number 4, amount 4        payer -> bank        number: the payer's own, one for each order
    balance    number 4, total 4         bank -> payer        done; so much is in the box

A datagram may be lost, so a payer repeats its order until it is answered; and then the order may come twice.
Wire: ours, in the envelope; numbers are little-endian.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.fields import write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_32, Reader


@dataclass(frozen=True)
class Deposit(Message):
    """Put this into the box."""

    command: ClassVar[str] = "deposit"
    lecture_class: ClassVar[str] = "data"
    number: int  # 4 bytes: the payer's, of this order
    amount: int  # 4 bytes: coins

    def encode(self) -> bytes:
        """The fields in order."""
        return write_unsigned("number", self.number, UNSIGNED_32) + write_unsigned(
            "amount", self.amount, UNSIGNED_32
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order."""
        return cls(reader.unsigned("number", UNSIGNED_32), reader.unsigned("amount", UNSIGNED_32))


@dataclass(frozen=True)
class Balance(Message):
    """That order is carried out, and so much is in the box now."""

    command: ClassVar[str] = "balance"
    lecture_class: ClassVar[str] = "announce"
    number: int  # 4 bytes: of the order
    total: int  # 4 bytes: coins

    def encode(self) -> bytes:
        """The fields in order."""
        return write_unsigned("number", self.number, UNSIGNED_32) + write_unsigned(
            "total", self.total, UNSIGNED_32
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order."""
        return cls(reader.unsigned("number", UNSIGNED_32), reader.unsigned("total", UNSIGNED_32))


MESSAGES: Final[tuple[type[Message], ...]] = (Deposit, Balance)
