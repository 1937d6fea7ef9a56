"""What builders say to each other: build this anew, and what it came to.

    build-ask     source: a text behind its length       build it, or say again what came of it
    build-vote    build 32, artifact 32                  of this source (its SHA-256) I have made that

Both are datagrams. Votes are not signed: they count for the address that they come from.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, Final, Self

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.fields import read_text, write_text
from blockchain_lab.base.messages import Message
from blockchain_lab.base.once import once
from blockchain_lab.base.reader import Reader

HASH_SIZE: Final = 32  # bytes, SHA-256
MOST_SOURCE: Final = 1_000  # bytes of UTF-8


@dataclass(frozen=True)
class BuildAsk(Message):
    """Build this."""

    command: ClassVar[str] = "build-ask"
    source: str

    @once
    def build(self) -> bytes:
        """Its name."""
        return get_build(self.source)

    def encode(self) -> bytes:
        """The source."""
        return write_text("source", self.source)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The source. DecodeError for one that no datagram holds."""
        source = read_text(reader, "source")
        if len(source.encode()) > MOST_SOURCE:
            raise DecodeError(f"source: {len(source.encode())} bytes are over the limit of {MOST_SOURCE}")
        return cls(source)


@dataclass(frozen=True)
class BuildVote(Message):
    """That is what I have made of it."""

    command: ClassVar[str] = "build-vote"
    build: bytes  # 32
    artifact: bytes  # 32

    def encode(self) -> bytes:
        """The two hashes."""
        return self.build + self.artifact

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The two hashes."""
        return cls(reader.take("build", HASH_SIZE), reader.take("artifact", HASH_SIZE))


def get_build(source: str) -> bytes:
    """The name of a build: its source's hash."""
    return sha256(source.encode()).digest()


MESSAGES: Final[tuple[type[Message], ...]] = (BuildAsk, BuildVote)
