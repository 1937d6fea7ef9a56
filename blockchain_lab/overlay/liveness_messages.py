"""Are you still there? Yes."""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.fields import write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_64, Reader


@dataclass(frozen=True)
class AliveAsk(Message):
    """Are you still there? Wire: nonce, 8 bytes."""

    command: ClassVar[str] = "alive-ask"
    nonce: int

    def encode(self) -> bytes:
        """The nonce."""
        return write_unsigned("nonce", self.nonce, UNSIGNED_64)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the nonce."""
        return cls(reader.unsigned("nonce", UNSIGNED_64))


@dataclass(frozen=True)
class AliveAnswer(AliveAsk):
    """Yes. Wire: nonce, 8 bytes."""

    command: ClassVar[str] = "alive-answer"


MESSAGES: Final[tuple[type[Message], ...]] = (AliveAsk, AliveAnswer)
