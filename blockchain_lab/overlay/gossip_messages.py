"""What gossiping nodes say to each other. An item is a text, named by the SHA-256 of its encoding.

    item      the news itself: pushed, or because somebody wanted it
    rumour    an item and how many hops it has come: push once, Plumtree's tree
    pull      "this is what I have between these two names: what else is there?"
    have      "I have these"            (Bitcoin's inv)
    want      "send me these"           (Bitcoin's getdata)
    i-have    one name and how many hops its item has come: Plumtree's lazy push
    graft     "be my eager neighbour again", and perhaps the name of an item that is missing
    prune     "I had that already: send me names only"

Each of them fits into a datagram, and into a packet of IPv8: what has more to say says it in parts. What two
nodes say to compare sets stands in `reconcile_messages`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, Final, Self

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.fields import read_list, read_text, write_list, write_text, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.once import once
from blockchain_lab.base.reader import UNSIGNED_8, Reader

NAME_SIZE: Final = 32  # bytes: a SHA-256
MOST_NAMES: Final = 37  # in one `have` or `want`: 1,186 bytes, so one IPv8 packet of 1,200 holds it; ours
MOST_TEXT: Final = 1_000  # bytes of an item: with its envelope it fits into an Ethernet frame's 1,500
LAST_HOP: Final = 255  # what one byte holds; nothing comes as far in a network worth the name

NAME_PREFIX: Final = 8  # bytes of a name in a `pull`: a datagram holds 140 of them
MOST_PREFIXES: Final = 140


def read_name(reader: Reader, name: str) -> bytes:
    """The name of an item. DecodeError."""
    return reader.take(name, NAME_SIZE)


@dataclass(frozen=True)
class Item(Message):
    """One piece of news. Wire: a text."""

    command: ClassVar[str] = "item"
    lecture_class: ClassVar[str] = "data"
    text: str  # at most 1,000 bytes of UTF-8

    def encode(self) -> bytes:
        """The text behind its length."""
        return write_text("text", self.text)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError for a text that is too long."""
        text = read_text(reader, "text")
        if (size := len(text.encode())) > MOST_TEXT:
            raise DecodeError(f"text: {size} bytes are over the limit of {MOST_TEXT}")
        return cls(text)

    @once
    def name(self) -> bytes:
        """32 bytes: whoever has the name of an item can tell whether it is given the right one."""
        return sha256(self.encoding).digest()


@dataclass(frozen=True)
class Rumour(Message):
    """An item on its way. Wire: hops 1 byte, item."""

    command: ClassVar[str] = "rumour"
    lecture_class: ClassVar[str] = "data"
    hops: int  # 1 for whoever hears it from its maker; 255 stands for all that is more
    item: Item

    def encode(self) -> bytes:
        """Hops, item."""
        return write_unsigned("hops", self.hops, UNSIGNED_8) + self.item.encoding

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Hops, item."""
        return cls(reader.unsigned("hops", UNSIGNED_8), Item.read(reader))


@dataclass(frozen=True)
class Pull(Message):
    """What the asker has between two names, by the names' first 8 bytes. Wire: low 8, high 8, list of 8.

    Asked is for everything else from `low` up to `high`, that one excluded; eight bytes 0xff as `high` are
    no limit. So a node with many items asks about a part of them, another part each time.
    """

    command: ClassVar[str] = "pull"
    lecture_class: ClassVar[str] = "announce"
    low: bytes
    high: bytes
    known: tuple[bytes, ...]  # at most 140

    def encode(self) -> bytes:
        """Low, high, list."""
        return self.low + self.high + write_list("known", self.known)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Low, high, list."""
        low, high = reader.take("low", NAME_PREFIX), reader.take("high", NAME_PREFIX)
        return cls(low, high, read_list(reader, "known", read_prefix, most=MOST_PREFIXES))


def read_prefix(reader: Reader, name: str) -> bytes:
    """The beginning of a name. DecodeError."""
    return reader.take(name, NAME_PREFIX)


@dataclass(frozen=True)
class Have(Message):
    """I have these items. Wire: list of names."""

    command: ClassVar[str] = "have"
    lecture_class: ClassVar[str] = "announce"
    names: tuple[bytes, ...]  # at most 37

    def encode(self) -> bytes:
        """The names."""
        return write_list("names", self.names)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The names. DecodeError for too many."""
        return cls(read_list(reader, "names", read_name, most=MOST_NAMES))


@dataclass(frozen=True)
class Want(Have):
    """Send me these items. Wire: list of names."""

    command: ClassVar[str] = "want"


def announce(names: Sequence[bytes]) -> list[Have]:
    """As many `have`s as it takes to name all of these, in their order."""
    return [Have(tuple(names[at : at + MOST_NAMES])) for at in range(0, len(names), MOST_NAMES)]


@dataclass(frozen=True)
class IHave(Message):
    """I have this item, and it has come so far. Wire: hops 1 byte, name 32 bytes. Plumtree's IHAVE."""

    command: ClassVar[str] = "i-have"
    lecture_class: ClassVar[str] = "announce"
    hops: int  # what a `rumour` from the sender would say
    name: bytes

    def encode(self) -> bytes:
        """Hops, name."""
        return write_unsigned("hops", self.hops, UNSIGNED_8) + self.name

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Hops, name."""
        return cls(reader.unsigned("hops", UNSIGNED_8), read_name(reader, "name"))


@dataclass(frozen=True)
class Graft(Message):
    """Push me whole items from now on. Wire: list of at most one name, of an item to begin with."""

    command: ClassVar[str] = "graft"
    lecture_class: ClassVar[str] = "connection"
    missing: tuple[bytes, ...] = ()

    def encode(self) -> bytes:
        """The name, or none."""
        return write_list("missing", self.missing)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The name, or none. DecodeError for more."""
        return cls(read_list(reader, "missing", read_name, most=1))


@dataclass(frozen=True)
class Prune(Message):
    """Push me names only from now on. Wire: nothing."""

    command: ClassVar[str] = "prune"
    lecture_class: ClassVar[str] = "connection"

    def encode(self) -> bytes:
        """Nothing."""
        return b""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Nothing."""
        return cls()


MESSAGES: Final[tuple[type[Message], ...]] = (Item, Rumour, Pull, Have, Want, IHave, Graft, Prune)
