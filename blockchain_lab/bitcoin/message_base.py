"""What every Bitcoin message tells about itself besides its bytes: its class in the lecture, age and source.

The lecture sorts messages into four classes; views colour them by these. Where each command stands is
our reading of it:

    connection   version, verack, wtxidrelay, sendaddrv2,       two peers and the line between them
                 ping, pong, reject, alert
    addresses    getaddr, addr, addrv2                          who else is there
    announce     inv, getdata, notfound, getblocks, getheaders, what I have, what I want
                 mempool, feefilter, sendheaders, sendcmpct,
                 getblocktxn, filterload, filteradd, filterclear
    data         headers, block, tx, cmpctblock, blocktxn,      the things themselves
                 merkleblock

Three messages of the first years stand apart. With them two people who were both online paid each other
without addresses; we call their class *payment*: checkorder, submitorder, reply.
"""

from typing import ClassVar, Literal, NamedTuple, Self

from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import Reader

LectureClass = Literal["connection", "addresses", "announce", "data", "payment"]


class Versions(NamedTuple):
    """Which releases of Satoshi's program (today: Bitcoin Core) knew a message."""

    first: str  # release
    last: str | None = None  # release; None: today's still knows it
    protocol: int | None = None  # what a peer's `version` must state to be sent it; None: anything


class BitcoinMessage(Message):
    """Base of all Bitcoin messages."""

    lecture_class: ClassVar[LectureClass]
    versions: ClassVar[Versions]
    source: ClassVar[str]  # the document or the version of the program that introduced it


class EmptyMessage(BitcoinMessage):
    """Base of those whose command says it all: the payload has no bytes."""

    def encode(self) -> bytes:
        """Nothing."""
        return b""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Nothing to read."""
        return cls()
