"""What Chord's nodes say to each other. All are datagrams that begin with nonce and sender, as Kademlia's do.

find-succ  -> next-hops     who owns this point? Its owner and those behind it, or who may know more
ask-ring   -> ring-state    who is before you, who are behind you? Also: are you there?
i-precede                   I think that I am the one before you (`notify`); no answer
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.fields import write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_8, Reader
from blockchain_lab.overlay.kademlia_contacts import Contact, read_contacts, write_contacts
from blockchain_lab.overlay.kademlia_ids import NodeId, read_id, write_id
from blockchain_lab.overlay.kademlia_messages import read_head
from blockchain_lab.overlay.requests import NONCE_SIZE


@dataclass(frozen=True)
class ChordMessage(Message):
    """The head of every message."""

    lecture_class: ClassVar[str] = "connection"
    nonce: int  # 6 bytes, little-endian
    sender: NodeId  # 20 bytes, big-endian, a point of the ring

    def encode(self) -> bytes:
        """The head alone."""
        return write_unsigned("nonce", self.nonce, NONCE_SIZE) + write_id(self.sender)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The head alone."""
        return cls(*read_head(reader))


@dataclass(frozen=True)
class AskRing(ChordMessage):
    """Who is before you, who are behind you?"""

    command: ClassVar[str] = "ask-ring"


@dataclass(frozen=True)
class Precede(ChordMessage):
    """I think that I am your predecessor."""

    command: ClassVar[str] = "i-precede"


@dataclass(frozen=True)
class FindSuccessor(ChordMessage):
    """Who owns this point?"""

    command: ClassVar[str] = "find-succ"
    lecture_class: ClassVar[str] = "addresses"
    target: NodeId  # 20 bytes

    def encode(self) -> bytes:
        """Head, target."""
        return super().encode() + write_id(self.target)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Head, target."""
        return cls(*read_head(reader), read_id(reader, "target"))


@dataclass(frozen=True)
class NextHops(ChordMessage):
    """The owner and its successors, or the nodes before the target that we know, nearest to it first."""

    command: ClassVar[str] = "next-hops"
    lecture_class: ClassVar[str] = "addresses"
    is_owner: int  # 1 byte: 1 when the first contact owns the target, else 0
    contacts: tuple[Contact, ...]

    def encode(self) -> bytes:
        """Head, whether it is the owner, contacts."""
        flag = write_unsigned("is_owner", self.is_owner, UNSIGNED_8)
        return super().encode() + flag + write_contacts("contacts", self.contacts)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Head, whether it is the owner, contacts."""
        head = read_head(reader)
        return cls(*head, reader.unsigned("is_owner", UNSIGNED_8), read_contacts(reader, "contacts"))


@dataclass(frozen=True)
class RingState(ChordMessage):
    """Our neighbours on the ring."""

    command: ClassVar[str] = "ring-state"
    lecture_class: ClassVar[str] = "addresses"
    predecessor: tuple[Contact, ...]  # one, or none
    successors: tuple[Contact, ...]  # nearest first

    def encode(self) -> bytes:
        """Head, predecessor, successors."""
        before = write_contacts("predecessor", self.predecessor)
        return super().encode() + before + write_contacts("successors", self.successors)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Head, predecessor, successors."""
        head = read_head(reader)
        return cls(*head, read_contacts(reader, "predecessor"), read_contacts(reader, "successors"))


MAY_ANSWER: Final[dict[type[Message], type[Message]]] = {FindSuccessor: NextHops, AskRing: RingState}
QUESTIONS: Final = (FindSuccessor, AskRing, Precede)
MESSAGES: Final[tuple[type[Message], ...]] = (*QUESTIONS, NextHops, RingState)
