"""What BitTorrent's peers say: to the tracker, and to each other. After BEP 3, in our own bytes.

    torrent      what a file is made of: the SHA-1 of each piece
    announce     "I want this file: who else is in its swarm?"
    swarm        the tracker's answer: the torrent, and some peers
    bitfield     "of this file I have these pieces"               both ways, before anything else
    interested   "you have something that I lack", or no more
    choke        "I send you nothing", or do again
    get-piece    "send me this piece"                             BEP 3's request, of a whole piece
    take-piece   a piece
    got-piece    "I have one more"                                BEP 3's have

With BEP 3 a torrent comes from the web, and the tracker knows only its hash; here the tracker keeps both.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.fields import (
    read_address,
    read_bytes,
    read_list,
    write_address,
    write_bytes,
    write_list,
    write_text,
    write_unsigned,
)
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_8, UNSIGNED_16, UNSIGNED_32, Reader
from blockchain_lab.base.units import Address
from blockchain_lab.overlay.evolution_messages import ID_SIZE, read_file_name

HASH_SIZE: Final = 20  # bytes: a SHA-1; BEP 3
MOST_PIECES: Final = 2_000  # of one file; ours
MOST_PEERS: Final = 50  # in the tracker's answer; BEP 3's usual number


@dataclass(frozen=True)
class Torrent(Message):
    """What a file is made of. Wire: name, length 4 bytes, size of a piece 2, list of hashes."""

    command: ClassVar[str] = "torrent"
    lecture_class: ClassVar[str] = "announce"
    file: str
    length: int  # bytes; 0 stands for a file that nobody knows
    piece_size: int  # bytes; the last piece may be shorter
    hashes: tuple[bytes, ...]  # one SHA-1 for each piece

    def encode(self) -> bytes:
        """Name, sizes, hashes."""
        sizes = write_unsigned("length", self.length, UNSIGNED_32)
        sizes += write_unsigned("piece size", self.piece_size, UNSIGNED_16)
        return write_text("file", self.file) + sizes + write_list("hashes", self.hashes)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Name, sizes, hashes. DecodeError when there is not one hash for each piece."""
        file, length = read_file_name(reader, "file"), reader.unsigned("length", UNSIGNED_32)
        piece_size = reader.unsigned("piece size", UNSIGNED_16)
        hashes = read_list(reader, "hashes", read_hash, most=MOST_PIECES)
        if not piece_size or -(-length // piece_size) != len(hashes):
            raise DecodeError(f"hashes: {len(hashes)} for {length} bytes in pieces of {piece_size}")
        return cls(file, length, piece_size, hashes)


def read_hash(reader: Reader, name: str) -> bytes:
    """A SHA-1. DecodeError."""
    return reader.take(name, HASH_SIZE)


@dataclass(frozen=True)
class Announce(Message):
    """Who is in the swarm of this file? Wire: id 16 bytes, name."""

    command: ClassVar[str] = "announce"
    lecture_class: ClassVar[str] = "announce"
    id: bytes
    file: str

    def encode(self) -> bytes:
        """Id, name."""
        return self.id + write_text("file", self.file)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Id, name."""
        return cls(reader.take("id", ID_SIZE), read_file_name(reader, "file"))


@dataclass(frozen=True)
class Swarm(Message):
    """The file's torrent and some who want it or have it. Wire: id 16 bytes, torrent, list of addresses."""

    command: ClassVar[str] = "swarm"
    lecture_class: ClassVar[str] = "announce"
    id: bytes  # of the announcement
    torrent: Torrent
    peers: tuple[Address, ...]  # at most 50

    def encode(self) -> bytes:
        """Id, torrent, addresses."""
        return self.id + self.torrent.encoding + write_list("peers", map(write_address, self.peers))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Id, torrent, addresses. DecodeError for too many."""
        name, torrent = reader.take("id", ID_SIZE), Torrent.read(reader)
        return cls(name, torrent, read_list(reader, "peers", read_address, most=MOST_PEERS))


@dataclass(frozen=True)
class Bitfield(Message):
    """The pieces that I have. Wire: name, bits behind their length; the first piece is the lowest bit."""

    command: ClassVar[str] = "bitfield"
    lecture_class: ClassVar[str] = "announce"
    file: str
    bits: bytes

    def encode(self) -> bytes:
        """Name, bits."""
        return write_text("file", self.file) + write_bytes("bits", self.bits)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Name, bits. DecodeError for more than 2,000 pieces."""
        file, bits = read_file_name(reader, "file"), read_bytes(reader, "bits")
        if len(bits) * 8 > MOST_PIECES:
            raise DecodeError(f"bits: {len(bits)} bytes are over the limit of {MOST_PIECES // 8}")
        return cls(file, bits)


@dataclass(frozen=True)
class Interested(Message):
    """You have something that I lack, or no more. Wire: 1 byte."""

    command: ClassVar[str] = "interested"
    lecture_class: ClassVar[str] = "connection"
    yes: bool

    def encode(self) -> bytes:
        """Yes or no."""
        return write_unsigned("yes", self.yes, UNSIGNED_8)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Yes or no. DecodeError for anything else."""
        if (yes := reader.unsigned("yes", UNSIGNED_8)) > 1:
            raise DecodeError(f"yes: found {yes}, wanted 0 or 1")
        return cls(bool(yes))


@dataclass(frozen=True)
class Choke(Interested):
    """I send you nothing, or do again. Wire: 1 byte."""

    command: ClassVar[str] = "choke"


@dataclass(frozen=True)
class GetPiece(Message):
    """Send me this piece. Wire: its number, 2 bytes."""

    command: ClassVar[str] = "get-piece"
    lecture_class: ClassVar[str] = "data"
    piece: int

    def encode(self) -> bytes:
        """The number."""
        return write_unsigned("piece", self.piece, UNSIGNED_16)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The number."""
        return cls(reader.unsigned("piece", UNSIGNED_16))


@dataclass(frozen=True)
class GotPiece(GetPiece):
    """I have one more piece. Wire: its number, 2 bytes."""

    command: ClassVar[str] = "got-piece"
    lecture_class: ClassVar[str] = "announce"


@dataclass(frozen=True)
class TakePiece(Message):
    """A piece. Wire: its number, 2 bytes; its content behind its length."""

    command: ClassVar[str] = "take-piece"
    lecture_class: ClassVar[str] = "data"
    piece: int
    content: bytes

    def encode(self) -> bytes:
        """Number, content."""
        return write_unsigned("piece", self.piece, UNSIGNED_16) + write_bytes("content", self.content)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Number, content."""
        return cls(reader.unsigned("piece", UNSIGNED_16), read_bytes(reader, "content"))


MESSAGES: Final[tuple[type[Message], ...]] = (
    *(Torrent, Announce, Swarm, Bitfield, Interested, Choke, GetPiece, GotPiece, TakePiece),
)
