"""How two hosts behind NATs find each other: what they say to a server that both reach, and to each other.

    ann                      server                       bob
     register        ----->        <-----        register      the server sees them as STUN does
     find(bob)       ----->
            found    <-----                                    ... and tells who asks
     introduce(bob)  ----->
            meet     <-----        ----->        meet          both write to each other at once
     probe           ----------------------------->
                     <-----------------------------  puncture  one comes too early; but it opens its own box
     relay-to(bob)   ----->        ----->        relayed       when nothing else works (as TURN does)

Sources of the ideas: RFC 8489 (STUN), RFC 8656 (TURN), Ford, Srisuresh, Kegel, "Peer-to-Peer Communication
Across Network Address Translators" (2005), §3. Wire: ours.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.fields import (
    read_address,
    read_bytes,
    read_text,
    write_address,
    write_bytes,
    write_text,
    write_unsigned,
)
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_64, Reader
from blockchain_lab.base.units import Address

NOWHERE: Final = Address("0.0.0.0", 0)


@dataclass(frozen=True)
class Register(Message):
    """I am here. Wire: name, text; address inside and one that my box has opened to all, 6 bytes each."""

    command: ClassVar[str] = "register"
    name: str
    local: Address
    opened: Address = NOWHERE

    def encode(self) -> bytes:
        """The fields in order."""
        return write_text("name", self.name) + write_address(self.local) + write_address(self.opened)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the fields in order."""
        return cls(read_text(reader, "name"), read_address(reader, "local"), read_address(reader, "opened"))


@dataclass(frozen=True)
class Registered(Message):
    """So you look from here. Wire: address, 6 bytes."""

    command: ClassVar[str] = "registered"
    observed: Address

    def encode(self) -> bytes:
        """The address."""
        return write_address(self.observed)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the address."""
        return cls(read_address(reader, "observed"))


@dataclass(frozen=True)
class Find(Message):
    """Where is that peer? Wire: name, text."""

    command: ClassVar[str] = "find"
    name: str

    def encode(self) -> bytes:
        """The name."""
        return write_text("name", self.name)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the name."""
        return cls(read_text(reader, "name"))


@dataclass(frozen=True)
class Introduce(Find):
    """Tell that peer and me to meet. Wire: name, text."""

    command: ClassVar[str] = "introduce"


@dataclass(frozen=True)
class NotKnown(Find):
    """Nobody has registered under that name. Wire: name, text."""

    command: ClassVar[str] = "not-known"


@dataclass(frozen=True)
class Found(Message):
    """There it is. Wire: name, text; addresses outside and inside, 6 bytes each."""

    command: ClassVar[str] = "found"
    name: str
    outside: Address
    local: Address

    def encode(self) -> bytes:
        """The fields in order."""
        return write_text("name", self.name) + write_address(self.outside) + write_address(self.local)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the fields in order."""
        return cls(read_text(reader, "name"), read_address(reader, "outside"), read_address(reader, "local"))


@dataclass(frozen=True)
class Meet(Found):
    """Write to it now, as it does to you. Wire: as `Found`."""

    command: ClassVar[str] = "meet"


@dataclass(frozen=True)
class Probe(Message):
    """Does this reach you? Wire: name of the sender, text; nonce, 8 bytes."""

    command: ClassVar[str] = "probe"
    name: str
    nonce: int

    def encode(self) -> bytes:
        """The fields in order."""
        return write_text("name", self.name) + write_unsigned("nonce", self.nonce, UNSIGNED_64)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the fields in order."""
        return cls(read_text(reader, "name"), reader.unsigned("nonce", UNSIGNED_64))


@dataclass(frozen=True)
class Puncture(Find):
    """Nothing to read: it opens its sender's box. Wire: name of the sender, text."""

    command: ClassVar[str] = "puncture"


@dataclass(frozen=True)
class ProbeAnswer(Probe):
    """It did. Wire: as `Probe`."""

    command: ClassVar[str] = "probe-answer"


@dataclass(frozen=True)
class RelayTo(Message):
    """Carry this to that peer. Wire: name, text; content behind its length."""

    command: ClassVar[str] = "relay-to"
    name: str
    content: bytes

    def encode(self) -> bytes:
        """The fields in order."""
        return write_text("name", self.name) + write_bytes("content", self.content)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the fields in order."""
        return cls(read_text(reader, "name"), read_bytes(reader, "content"))


@dataclass(frozen=True)
class Relayed(RelayTo):
    """That peer lets you have this. Wire: as `RelayTo`."""

    command: ClassVar[str] = "relayed"


MESSAGES: Final[tuple[type[Message], ...]] = (
    *(Register, Registered, Find, Introduce, NotKnown, Found, Meet),
    *(Probe, ProbeAnswer, Puncture, RelayTo, Relayed),
)
