"""The base of all messages: caches, whole payloads, and copies that are no copies."""

from copy import deepcopy
from dataclasses import dataclass
from typing import ClassVar, Self

import pytest

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.messages import Message, Unknown
from blockchain_lab.base.reader import Reader


@dataclass(frozen=True)
class Knock(Message):
    """A toy: how often somebody knocked. Wire: count, 1 byte."""

    command: ClassVar[str] = "knock"
    count: int

    def encode(self) -> bytes:
        """One byte."""
        return bytes([self.count])

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """One byte."""
        return cls(reader.unsigned("count", 1))


def test_a_message_goes_round_and_must_be_consumed_whole() -> None:
    """Bytes are taken whole; a reader goes on behind the message."""
    reader = Reader(b"\x02\x03")

    assert Knock(3) == Knock.decode(b"\x03")
    assert Knock(2) == Knock.decode(reader)
    assert 1 == reader.left
    with pytest.raises(DecodeError, match="1 bytes left over"):
        Knock.decode(b"\x02\x03")


def test_content_id_names_command_and_payload() -> None:
    """Equal content draws equal luck on a link; another command with the same bytes does not."""
    assert Knock(1).content_id == Knock(1).content_id
    assert Knock(1).content_id != Knock(2).content_id
    assert Knock(1).content_id != Unknown("ping", b"\x01").content_id
    assert Knock(1).content_id == Unknown("knock", b"\x01").content_id


def test_messages_are_shared_not_copied() -> None:
    """They never change, so a copied world may point to the same ones."""
    knock = Knock(1)

    assert knock is deepcopy(knock)
    assert 25 == knock.size, "24 bytes of envelope and one of payload"
