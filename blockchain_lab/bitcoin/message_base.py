"""What every Bitcoin message tells about itself besides its bytes: its class in the lecture and its source.

The lecture sorts messages into four classes; views colour them by these. Where each command stands is
our reading of it:

    connection   version, verack, ping, pong, reject            two peers and the line between them
    addresses    getaddr, addr                                  who else is there
    announce     inv, getdata, getblocks, getheaders, ...       what I have, what I want
    data         headers, block, tx                             the things themselves
"""

from typing import ClassVar, Literal, Self

from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import Reader

LectureClass = Literal["connection", "addresses", "announce", "data"]


class BitcoinMessage(Message):
    """Base of all Bitcoin messages."""

    lecture_class: ClassVar[LectureClass]
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
