"""How an artifact is had: piece by piece, each asked for by its number. All are datagrams.

piece-ask    nonce 6, artifact 20, index 2          give me that
piece        nonce 6, then up to 1,000 bytes        here it is, behind its length
piece-no     nonce 6, reason 1                      I do not have it; too many of yours; too many at all
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.fields import read_bytes, write_bytes, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_8, UNSIGNED_16, Reader
from blockchain_lab.overlay.kademlia_ids import NodeId, read_id, write_id
from blockchain_lab.overlay.requests import NONCE_SIZE

MOST_PIECE: Final = 1_000  # bytes: a piece travels in one datagram
MISSING, YOURS, FULL = "missing", "yours", "full"
REASONS: Final = (MISSING, YOURS, FULL)  # not here; you ask for too much at a time; everybody does


@dataclass(frozen=True)
class PieceAsk(Message):
    """Give me one piece of this."""

    command: ClassVar[str] = "piece-ask"
    nonce: int
    artifact: NodeId  # the key under which its providers are found
    index: int

    def encode(self) -> bytes:
        """The fields in order."""
        head = write_unsigned("nonce", self.nonce, NONCE_SIZE) + write_id(self.artifact)
        return head + write_unsigned("index", self.index, UNSIGNED_16)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order."""
        nonce, artifact = reader.unsigned("nonce", NONCE_SIZE), read_id(reader, "artifact")
        return cls(nonce, artifact, reader.unsigned("index", UNSIGNED_16))


@dataclass(frozen=True)
class Piece(Message):
    """Here it is."""

    command: ClassVar[str] = "piece"
    lecture_class: ClassVar[str] = "data"
    nonce: int
    content: bytes

    def encode(self) -> bytes:
        """The fields in order."""
        return write_unsigned("nonce", self.nonce, NONCE_SIZE) + write_bytes("content", self.content)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order. DecodeError for a piece that no datagram holds."""
        nonce, content = reader.unsigned("nonce", NONCE_SIZE), read_bytes(reader, "content")
        if len(content) > MOST_PIECE:
            raise DecodeError(f"content: {len(content)} bytes are over the limit of {MOST_PIECE}")
        return cls(nonce, content)


@dataclass(frozen=True)
class PieceNo(Message):
    """You will not get it from me, at least not now."""

    command: ClassVar[str] = "piece-no"
    nonce: int
    reason: str  # its place in REASONS

    def encode(self) -> bytes:
        """The fields in order."""
        place = write_unsigned("reason", REASONS.index(self.reason), UNSIGNED_8)
        return write_unsigned("nonce", self.nonce, NONCE_SIZE) + place

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order. DecodeError for a reason that there is not."""
        nonce, place = reader.unsigned("nonce", NONCE_SIZE), reader.unsigned("reason", UNSIGNED_8)
        if place >= len(REASONS):
            raise DecodeError(f"reason: wanted 0 to {len(REASONS) - 1}, found {place}")
        return cls(nonce, REASONS[place])


MESSAGES: Final[tuple[type[Message], ...]] = (PieceAsk, Piece, PieceNo)
