"""What Gnutella's peers say to find more neighbours: PING and PONG of its Protocol Specification 0.4.

    servent-ping   "who is there?", from neighbour to neighbour
    servent-pong   "I am, here, and I share so much", back along the way of the ping

A servent is what 0.4 calls a peer: server and client. The fields are theirs; the envelope is ours, so that a
ping has 42 bytes instead of 23, and a pong 56 instead of 37.
"""

from dataclasses import dataclass, replace
from typing import ClassVar, Final, Self

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.fields import read_address, write_address, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_8, UNSIGNED_32, Reader
from blockchain_lab.base.units import Address
from blockchain_lab.overlay.evolution_messages import ID_SIZE


@dataclass(frozen=True)
class ServentPing(Message):
    """Who is there? Wire: id 16 bytes, time to live 1, hops 1."""

    command: ClassVar[str] = "servent-ping"
    lecture_class: ClassVar[str] = "connection"
    id: bytes
    ttl: int  # how many lines it may still cross, this one included
    hops: int  # how many it has crossed before this one

    def encode(self) -> bytes:
        """Id, time to live, hops."""
        return self.id + write_route(self.ttl, self.hops)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Id, time to live, hops. DecodeError when it has no time to live."""
        return cls(*read_route(reader))


@dataclass(frozen=True)
class ServentPong(Message):
    """I am there. Wire: id 16 bytes, time to live 1, hops 1, address 6, files 4, kilobytes 4."""

    command: ClassVar[str] = "servent-pong"
    lecture_class: ClassVar[str] = "connection"
    id: bytes  # of the ping
    ttl: int
    hops: int
    address: Address
    files: int  # that it shares
    kilobytes: int  # of all of them

    def encode(self) -> bytes:
        """Id, time to live, hops, address, files, kilobytes."""
        shared = write_unsigned("files", self.files, UNSIGNED_32)
        shared += write_unsigned("kilobytes", self.kilobytes, UNSIGNED_32)
        return self.id + write_route(self.ttl, self.hops) + write_address(self.address) + shared

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The same. DecodeError when it has no time to live."""
        route, address = read_route(reader), read_address(reader, "address")
        files = reader.unsigned("files", UNSIGNED_32)
        return cls(*route, address, files, reader.unsigned("kilobytes", UNSIGNED_32))

    def go_on(self) -> Self:
        """One line farther."""
        return replace(self, ttl=self.ttl - 1, hops=self.hops + 1)


def write_route(ttl: int, hops: int) -> bytes:
    """Two bytes."""
    return write_unsigned("ttl", ttl, UNSIGNED_8) + write_unsigned("hops", hops, UNSIGNED_8)


def read_route(reader: Reader) -> tuple[bytes, int, int]:
    """Id, time to live, hops. DecodeError."""
    name, ttl = reader.take("id", ID_SIZE), reader.unsigned("ttl", UNSIGNED_8)
    if not ttl:
        raise DecodeError("ttl: found 0, wanted at least 1")
    return name, ttl, reader.unsigned("hops", UNSIGNED_8)


MESSAGES: Final[tuple[type[Message], ...]] = (ServentPing, ServentPong)
