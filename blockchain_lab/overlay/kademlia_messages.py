"""What Kademlia's nodes say to each other: the four questions of the paper, two for providers, the answers.

    node-ping      -> node-pong                      are you there?
    find-node      -> found-nodes                    the k contacts closest to an id that you know
    find-value     -> found-value or found-nodes     the value of a key, else as above
    store          -> stored                         keep this value
    add-provider   -> stored                         remember that I have what this key names
    ask-provider   -> providers                      who has it, and the closest contacts that you know

All are datagrams. Each begins with the nonce of its question and the sender's id: with the address that it
came from, that is a contact. Nothing is signed. Source: the paper, §2.3; providers: libp2p's Kademlia.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.fields import read_bytes, write_bytes, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_32, Reader
from blockchain_lab.overlay.kademlia_contacts import Contact, read_contacts, write_contacts
from blockchain_lab.overlay.kademlia_ids import NodeId, read_id, write_id
from blockchain_lab.overlay.requests import NONCE_SIZE

MOST_VALUE: Final = 1_000  # bytes: a value travels in one datagram


@dataclass(frozen=True)
class KademliaMessage(Message):
    """The head of every message."""

    lecture_class: ClassVar[str] = "connection"
    nonce: int  # 6 bytes, little-endian; drawn by who asks, repeated by who answers
    sender: NodeId  # 20 bytes, big-endian, as all ids

    def encode(self) -> bytes:
        """The head alone."""
        return write_unsigned("nonce", self.nonce, NONCE_SIZE) + write_id(self.sender)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The head alone."""
        return cls(*read_head(reader))


def read_head(reader: Reader) -> tuple[int, NodeId]:
    """Nonce and sender. DecodeError."""
    return reader.unsigned("nonce", NONCE_SIZE), read_id(reader, "sender")


@dataclass(frozen=True)
class NodePing(KademliaMessage):
    """Are you there?"""

    command: ClassVar[str] = "node-ping"


@dataclass(frozen=True)
class NodePong(KademliaMessage):
    """I am."""

    command: ClassVar[str] = "node-pong"


@dataclass(frozen=True)
class KeyQuestion(KademliaMessage):
    """A question about one place in the space."""

    lecture_class: ClassVar[str] = "addresses"
    target: NodeId

    def encode(self) -> bytes:
        """Head, target."""
        return super().encode() + write_id(self.target)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Head, target."""
        return cls(*read_head(reader), read_id(reader, "target"))


@dataclass(frozen=True)
class FindNode(KeyQuestion):
    """Which contacts closest to the target do you know?"""

    command: ClassVar[str] = "find-node"


@dataclass(frozen=True)
class FindValue(KeyQuestion):
    """The value of this key, else the closest contacts."""

    command: ClassVar[str] = "find-value"


@dataclass(frozen=True)
class AskProviders(KeyQuestion):
    """Who provides what this key names, and the closest contacts."""

    command: ClassVar[str] = "ask-provider"


@dataclass(frozen=True)
class AddProvider(KeyQuestion):
    """The sender provides what this key names. It can speak only for itself."""

    command: ClassVar[str] = "add-provider"
    lecture_class: ClassVar[str] = "announce"


@dataclass(frozen=True)
class FoundNodes(KademliaMessage):
    """The closest contacts, closest first; the one who asks is not among them."""

    command: ClassVar[str] = "found-nodes"
    lecture_class: ClassVar[str] = "addresses"
    contacts: tuple[Contact, ...]  # count 2, then 26 bytes each; at most 40

    def encode(self) -> bytes:
        """Head, contacts."""
        return super().encode() + write_contacts("contacts", self.contacts)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Head, contacts."""
        return cls(*read_head(reader), read_contacts(reader, "contacts"))


@dataclass(frozen=True)
class Providers(KademliaMessage):
    """Who provides it, and the closest contacts."""

    command: ClassVar[str] = "providers"
    lecture_class: ClassVar[str] = "addresses"
    providers: tuple[Contact, ...]  # as contacts
    contacts: tuple[Contact, ...]

    def encode(self) -> bytes:
        """Head, providers, contacts."""
        both = write_contacts("providers", self.providers) + write_contacts("contacts", self.contacts)
        return super().encode() + both

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Head, providers, contacts."""
        return cls(*read_head(reader), read_contacts(reader, "providers"), read_contacts(reader, "contacts"))


@dataclass(frozen=True)
class FoundValue(KademliaMessage):
    """The value, and how long ago its owner published it."""

    command: ClassVar[str] = "found-value"
    lecture_class: ClassVar[str] = "data"
    age: int  # seconds, 4 bytes
    value: bytes  # length 2, then at most 1,000 bytes

    def encode(self) -> bytes:
        """Head, age, value."""
        return super().encode() + write_value(self.age, self.value)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Head, age, value."""
        return cls(*read_head(reader), *read_value(reader))


@dataclass(frozen=True)
class Store(KademliaMessage):
    """Keep this value under this key."""

    command: ClassVar[str] = "store"
    lecture_class: ClassVar[str] = "data"
    key: NodeId
    age: int  # seconds since its owner published it, 4 bytes: copies of copies must not live for ever
    value: bytes  # length 2, then at most 1,000 bytes

    def encode(self) -> bytes:
        """Head, key, age, value."""
        return super().encode() + write_id(self.key) + write_value(self.age, self.value)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Head, key, age, value."""
        return cls(*read_head(reader), read_id(reader, "key"), *read_value(reader))


@dataclass(frozen=True)
class Stored(KademliaMessage):
    """It is kept."""

    command: ClassVar[str] = "stored"


def write_value(age: int, value: bytes) -> bytes:
    """Age and value."""
    return write_unsigned("age", age, UNSIGNED_32) + write_bytes("value", value)


def read_value(reader: Reader) -> tuple[int, bytes]:
    """Back from `write_value`. DecodeError for a value that is too long."""
    age, value = reader.unsigned("age", UNSIGNED_32), read_bytes(reader, "value")
    if len(value) > MOST_VALUE:
        raise DecodeError(f"value: {len(value)} bytes are over the limit of {MOST_VALUE}")
    return age, value


MAY_ANSWER: Final[dict[type[Message], tuple[type[Message], ...]]] = {
    NodePing: (NodePong,),
    FindNode: (FoundNodes,),
    FindValue: (FoundNodes, FoundValue),
    Store: (Stored,),
    AddProvider: (Stored,),
    AskProviders: (Providers,),
}
QUESTIONS: Final = tuple(MAY_ANSWER)
MESSAGES: Final[tuple[type[Message], ...]] = (*QUESTIONS, NodePong, FoundNodes, FoundValue, Stored, Providers)
