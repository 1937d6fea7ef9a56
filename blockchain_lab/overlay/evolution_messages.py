"""What peers of the early systems say to each other: the same few words for all of them, so costs compare.

    join      "I am your neighbour now, and these files are here"     both ways, before anything else
    share     "this file is here, too"
    seek      "who has this file?"                                    Gnutella's QUERY
    hit       "they have it", back along the way of the question      Gnutella's QUERYHIT
    fetch     "send me this file"                                     on a line of its own, from peer to peer
    file      a file
    upload    a file that a server shall keep
    article   a file that goes to everybody, and whom it has passed   Usenet's article with its Path

Ids of questions have 16 bytes, and time to live and hops one byte each, as in the Gnutella Protocol
Specification 0.4. The envelope is ours: theirs has 23 bytes with the id.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.fields import (
    read_address,
    read_bytes,
    read_list,
    read_text,
    write_address,
    write_bytes,
    write_list,
    write_text,
    write_unsigned,
)
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_8, Reader
from blockchain_lab.base.units import Address

ID_SIZE: Final = 16  # bytes: the descriptor id of Gnutella 0.4
MOST_NAME: Final = 200  # bytes of a file's name; ours
MOST_FILES: Final = 1_000  # of one peer, in an index; ours
MOST_HOLDERS: Final = 50  # in one answer; ours
MOST_PATH: Final = 1_000  # hosts that an article has passed; ours


def read_file_name(reader: Reader, name: str) -> str:
    """The name of a file, or of a host. DecodeError when it is too long."""
    text = read_text(reader, name)
    if (size := len(text.encode())) > MOST_NAME:
        raise DecodeError(f"{name}: {size} bytes are over the limit of {MOST_NAME}")
    return text


@dataclass(frozen=True)
class Join(Message):
    """I am your neighbour. Wire: serves 1 byte, list of names."""

    command: ClassVar[str] = "join"
    lecture_class: ClassVar[str] = "connection"
    serves: bool  # do I answer for others: a server, a hub, any peer of Gnutella
    files: tuple[str, ...] = ()  # at most 1,000; none where no index is kept for others

    def encode(self) -> bytes:
        """Serves, names."""
        names = write_list("files", (write_text("file", file) for file in self.files))
        return write_unsigned("serves", self.serves, UNSIGNED_8) + names

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Serves, names. DecodeError for too many, and for what is neither yes nor no."""
        if (serves := reader.unsigned("serves", UNSIGNED_8)) > 1:
            raise DecodeError(f"serves: found {serves}, wanted 0 or 1")
        return cls(bool(serves), read_list(reader, "files", read_file_name, most=MOST_FILES))


@dataclass(frozen=True)
class Share(Message):
    """One more file is here. Wire: name."""

    command: ClassVar[str] = "share"
    lecture_class: ClassVar[str] = "announce"
    file: str

    def encode(self) -> bytes:
        """The name."""
        return write_text("file", self.file)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The name."""
        return cls(read_file_name(reader, "file"))


@dataclass(frozen=True)
class Fetch(Share):
    """Send me this file. Wire: name."""

    command: ClassVar[str] = "fetch"
    lecture_class: ClassVar[str] = "data"


@dataclass(frozen=True)
class Seek(Message):
    """Who has this file? Wire: id 16 bytes, time to live 1, hops 1, name."""

    command: ClassVar[str] = "seek"
    lecture_class: ClassVar[str] = "announce"
    id: bytes
    ttl: int  # how many lines it may still cross, this one included
    hops: int  # how many it has crossed before this one
    file: str

    def encode(self) -> bytes:
        """Id, time to live, hops, name."""
        numbers = write_unsigned("ttl", self.ttl, UNSIGNED_8) + write_unsigned("hops", self.hops, UNSIGNED_8)
        return self.id + numbers + write_text("file", self.file)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Id, time to live, hops, name. DecodeError for a question with no time to live."""
        name, ttl = reader.take("id", ID_SIZE), reader.unsigned("ttl", UNSIGNED_8)
        if not ttl:
            raise DecodeError("ttl: found 0, wanted at least 1")
        return cls(name, ttl, reader.unsigned("hops", UNSIGNED_8), read_file_name(reader, "file"))


@dataclass(frozen=True)
class Hit(Message):
    """These have the file; nobody, where the index is complete. Wire: id 16 bytes, list of addresses."""

    command: ClassVar[str] = "hit"
    lecture_class: ClassVar[str] = "announce"
    id: bytes  # of the question
    holders: tuple[Address, ...]  # at most 50

    def encode(self) -> bytes:
        """Id, addresses."""
        return self.id + write_list("holders", map(write_address, self.holders))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Id, addresses. DecodeError for too many."""
        name = reader.take("id", ID_SIZE)
        return cls(name, read_list(reader, "holders", read_address, most=MOST_HOLDERS))


@dataclass(frozen=True)
class File(Message):
    """A file. Wire: name, content behind its length."""

    command: ClassVar[str] = "file"
    lecture_class: ClassVar[str] = "data"
    file: str
    content: bytes  # at most 65,535

    def encode(self) -> bytes:
        """Name, content."""
        return write_text("file", self.file) + write_bytes("content", self.content)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Name, content."""
        return cls(read_file_name(reader, "file"), read_bytes(reader, "content"))


@dataclass(frozen=True)
class Upload(File):
    """A file for the server. Wire: as a file."""

    command: ClassVar[str] = "upload"


@dataclass(frozen=True)
class Article(File):
    """A file for everybody. Wire: as a file, then a list of hosts; RFC 1036 §2.1.6."""

    command: ClassVar[str] = "article"
    path: tuple[str, ...]  # the hosts that it has passed, the latest first

    def encode(self) -> bytes:
        """Name, content, path."""
        return File.encode(self) + write_list("path", (write_text("host", host) for host in self.path))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Name, content, path. DecodeError for a path that is too long."""
        file, content = read_file_name(reader, "file"), read_bytes(reader, "content")
        return cls(file, content, read_list(reader, "path", read_file_name, most=MOST_PATH))


MESSAGES: Final[tuple[type[Message], ...]] = (Join, Share, Seek, Hit, Fetch, File, Upload, Article)
