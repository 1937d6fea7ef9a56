"""How strangers are introduced to each other by somebody who knows both, and how a crawler asks who is there.

    ann                       bob                        cat
     intro-ask      ----->                                       whom do you know?
     intro-told     <-----        ----->     punch-ask           there is Cat; write to Ann now
                    <----------------------------  punch         opens Cat's box: its content says nothing
     intro-ask      ---------------------------->                gets in; and whom does Cat know?

     peers-ask      ----->                                       a crawler wants many at once
     peers-told     <-----

Source of the idea: py-ipv8 3.2.1, messages 246, 245, 250 and 249. Its packets carry the sender's key and
signature, but for the puncture request; ours carry neither, so a peer is where it writes from. Wire: ours.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.fields import read_address, read_list, write_address, write_list, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import Reader
from blockchain_lab.base.units import Address
from blockchain_lab.overlay.requests import NONCE_SIZE

NOWHERE: Final = Address("0.0.0.0", 0)  # as a guess of one's own address, and as the one that is introduced
MOST_TOLD: Final = 200  # addresses in one answer, ours: 1,208 bytes fit one packet


@dataclass(frozen=True)
class IntroductionRequest(Message):
    """Whom do you know? Wire: nonce, 6 bytes; three addresses, 6 bytes each."""

    command: ClassVar[str] = "intro-ask"  # IPv8: 246
    nonce: int
    destination: Address  # whom we ask, as we see it
    lan: Address  # we, as we see ourselves
    wan: Address  # we, as others have told us; NOWHERE before

    def encode(self) -> bytes:
        """The fields in order."""
        nonce = write_unsigned("nonce", self.nonce, NONCE_SIZE)
        return nonce + write_address(self.destination) + write_address(self.lan) + write_address(self.wan)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the fields in order."""
        nonce, destination = reader.unsigned("nonce", NONCE_SIZE), read_address(reader, "destination")
        return cls(nonce, destination, read_address(reader, "lan"), read_address(reader, "wan"))


@dataclass(frozen=True)
class IntroductionResponse(Message):
    """So you look from here, and there is somebody. Wire: nonce, 6 bytes; five addresses, 6 bytes each."""

    command: ClassVar[str] = "intro-told"  # IPv8: 245
    nonce: int  # of the request
    destination: Address  # who asked, as we see it: what STUN tells, for nothing
    lan: Address  # we, as in the request
    wan: Address
    other_lan: Address  # somebody else; NOWHERE when we know nobody
    other_wan: Address

    def encode(self) -> bytes:
        """The fields in order."""
        addresses = (self.destination, self.lan, self.wan, self.other_lan, self.other_wan)
        return write_unsigned("nonce", self.nonce, NONCE_SIZE) + b"".join(map(write_address, addresses))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the fields in order."""
        nonce = reader.unsigned("nonce", NONCE_SIZE)
        names = ("destination", "lan", "wan", "other_lan", "other_wan")
        return cls(nonce, *(read_address(reader, name) for name in names))


@dataclass(frozen=True)
class PunctureRequest(Message):
    """Somebody will write to you: open your box. Wire: its two addresses, 6 bytes each."""

    command: ClassVar[str] = "punch-ask"  # IPv8: 250, the only one without a signature
    lan: Address
    wan: Address

    def encode(self) -> bytes:
        """The addresses."""
        return write_address(self.lan) + write_address(self.wan)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the addresses."""
        return cls(read_address(reader, "lan"), read_address(reader, "wan"))


@dataclass(frozen=True)
class WalkPuncture(PunctureRequest):
    """Nothing to read: it opens its sender's box. Wire: the sender's two addresses, 6 bytes each."""

    command: ClassVar[str] = "punch"  # IPv8: 249


@dataclass(frozen=True)
class PeersAsk(Message):
    """Whom do you know, as many as you may tell? Wire: nonce, 6 bytes."""

    command: ClassVar[str] = "peers-ask"
    nonce: int

    def encode(self) -> bytes:
        """The nonce."""
        return write_unsigned("nonce", self.nonce, NONCE_SIZE)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the nonce."""
        return cls(reader.unsigned("nonce", NONCE_SIZE))


@dataclass(frozen=True)
class PeersTold(Message):
    """These. Wire: nonce, 6 bytes; a list of at most 200 addresses, 6 bytes each."""

    command: ClassVar[str] = "peers-told"
    nonce: int  # of the question
    addresses: tuple[Address, ...]

    def encode(self) -> bytes:
        """The fields in order."""
        addresses = write_list("addresses", map(write_address, self.addresses))
        return write_unsigned("nonce", self.nonce, NONCE_SIZE) + addresses

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the fields in order."""
        nonce = reader.unsigned("nonce", NONCE_SIZE)
        return cls(nonce, read_list(reader, "addresses", read_address, most=MOST_TOLD))


MESSAGES: Final[tuple[type[Message], ...]] = (
    *(IntroductionRequest, IntroductionResponse, PunctureRequest, WalkPuncture),
    *(PeersAsk, PeersTold),
)
