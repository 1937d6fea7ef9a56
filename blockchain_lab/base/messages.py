"""What peers say to each other: the base of all messages, and the two that stand for what nobody understood.

Messages never change, so copies of a world share them, and their encoding is made once. How messages
become a stream of bytes is the business of a `Codec`; every family of protocols brings its own.
"""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, ClassVar, Protocol, Self

from blockchain_lab.base.once import once
from blockchain_lab.base.reader import Reader


class Message:
    """Base of all messages. Subclasses are frozen dataclasses without slots (the caches need `__dict__`).

    A subclass writes `encode` and `read`; everything else follows from these two.
    """

    command: ClassVar[str]
    overhead: ClassVar[int] = 24  # bytes of framing around the payload; Bitcoin's envelope unless overridden

    @property
    def wire_name(self) -> str:
        """The command as it stands on the wire; `Unknown` and `Malformed` carry it as a field."""
        return self.command

    def encode(self) -> bytes:
        """The payload, written anew; prefer `encoding`, which is written once."""
        raise NotImplementedError

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the fields in order. DecodeError when they are not valid."""
        raise NotImplementedError

    @classmethod
    def decode(cls, source: bytes | Reader) -> Self:
        """Read one message. Bytes must be consumed whole; a `Reader` goes on behind it. DecodeError."""
        if isinstance(source, Reader):
            return cls.read(source)
        reader = Reader(source)
        message = cls.read(reader)
        reader.check_end(cls.command)
        return message

    @once
    def encoding(self) -> bytes:
        """The payload, made once per object."""
        return self.encode()

    @once
    def size(self) -> int:
        """Bytes on the wire, framing included."""
        return self.overhead + len(self.encoding)

    @once
    def content_id(self) -> int:
        """64 bits of hash over command and payload: names the content in keyed draws. O(size), once."""
        named = self.wire_name.encode() + b"\0" + self.encoding
        return int.from_bytes(blake2b(named, digest_size=8).digest(), "little")

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Messages never change, so copies share them."""
        return self


@dataclass(frozen=True)
class Unknown(Message):
    """A well-framed message whose command we do not speak. Bitcoin ignores such messages by design."""

    command: ClassVar[str] = "?unknown"
    name: str  # the command as it stood on the wire
    payload: bytes

    @property
    def wire_name(self) -> str:
        """The command as it came."""
        return self.name

    def encode(self) -> bytes:
        """The payload as it came."""
        return self.payload


@dataclass(frozen=True)
class Malformed(Message):
    """Bytes that are not a valid message. `fatal`: the stream cannot be followed any further."""

    command: ClassVar[str] = "?malformed"
    name: str  # the command, if it could be read, else ""
    reason: str
    raw: bytes  # the payload, or when fatal all that was left of the stream (cut by the codec)
    fatal: bool

    @property
    def wire_name(self) -> str:
        """The command as it came, if it could be read."""
        return self.name

    def encode(self) -> bytes:
        """The bytes as they came."""
        return self.raw


class Codec(Protocol):
    """How one family of messages becomes a stream of bytes and back."""

    def frame(self, message: Message) -> bytes:
        """One message as it stands on the wire."""

    def split(self, buffer: bytes) -> tuple[list[Message], bytes]:
        """The whole messages at the start of `buffer`, and the bytes not consumed. Never raises."""
