"""`alert`: a notice that every program showed to its user, signed with a key that few people held.

It told of bugs and forks from 2010 on. One key with such power was a danger itself, so in 2016 the program
forgot how to listen, and a last alert said for ever that the key is known to too many. Which alerts count,
and that last one, are in `alert`.

    alert:    payload | signature            the signature is over exactly these bytes of payload
    payload:  the fields of `AlertNotice`

Source: Core 0.12 `alert.h`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final, NamedTuple, Self

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.reader import UNSIGNED_32, UNSIGNED_64, Reader
from blockchain_lab.bitcoin.codec import (
    compact_size,
    read_bytes,
    read_count,
    read_text,
    signed,
    variable_bytes,
    variable_text,
)
from blockchain_lab.bitcoin.message_base import BitcoinMessage, LectureClass, Versions

MAX_COMMENT: Final = 65_536  # bytes: Core 0.12 alert.h
MAX_STATUS_BAR: Final = 256  # bytes: the same; for `reserved` too
MAX_PROGRAM_NAME: Final = 256  # bytes: ours, as for user agents in `version`


class AlertNotice(NamedTuple):
    """What an alert says. All numbers are signed and little-endian."""

    version: int  # 4 bytes: of this form, 1
    relay_until: int  # 8 bytes: Unix seconds; until then also those pass it on whom it does not concern
    expiration: int  # 8 bytes: Unix seconds; from then on it counts no more
    id: int  # 4 bytes: its number
    cancel: int  # 4 bytes: cancels all alerts with numbers up to this one
    cancelled: tuple[int, ...]  # CompactSize and 4 bytes each: numbers of further alerts that it cancels
    minimum_version: int  # 4 bytes: protocol versions from this one ...
    maximum_version: int  # 4 bytes: ... to this one are concerned
    user_agents: tuple[str, ...]  # CompactSize, then text: only these programs are concerned; none: all
    priority: int  # 4 bytes: among several alerts the highest is shown
    comment: str  # at most 65,536 bytes: not shown
    status_bar: str  # at most 256 bytes: shown to the user
    reserved: str  # at most 256 bytes: never used

    def encode(self) -> bytes:
        """The fields in order."""
        return b"".join(
            [
                signed(self.version, UNSIGNED_32),
                signed(self.relay_until, UNSIGNED_64),
                signed(self.expiration, UNSIGNED_64),
                signed(self.id, UNSIGNED_32),
                signed(self.cancel, UNSIGNED_32),
                compact_size(len(self.cancelled)),
                *[signed(number, UNSIGNED_32) for number in self.cancelled],
                signed(self.minimum_version, UNSIGNED_32),
                signed(self.maximum_version, UNSIGNED_32),
                compact_size(len(self.user_agents)),
                *[variable_text(name) for name in self.user_agents],
                signed(self.priority, UNSIGNED_32),
                variable_text(self.comment),
                variable_text(self.status_bar),
                variable_text(self.reserved),
            ]
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order. Bytes may follow: a newer form might have had more fields."""
        version = reader.signed("version", UNSIGNED_32)
        relay_until = reader.signed("relay_until", UNSIGNED_64)
        expiration = reader.signed("expiration", UNSIGNED_64)
        number = reader.signed("id", UNSIGNED_32)
        cancel = reader.signed("cancel", UNSIGNED_32)
        count = read_count(reader, "cancelled_count", item_size=UNSIGNED_32)
        cancelled = tuple([reader.signed("cancelled", UNSIGNED_32) for _ in range(count)])
        minimum_version = reader.signed("minimum_version", UNSIGNED_32)
        maximum_version = reader.signed("maximum_version", UNSIGNED_32)
        count = read_count(reader, "user_agent_count", item_size=1)
        user_agents = tuple([read_text(reader, "user_agent", limit=MAX_PROGRAM_NAME) for _ in range(count)])
        return cls(
            *(version, relay_until, expiration, number, cancel, cancelled),
            *(minimum_version, maximum_version, user_agents),
            priority=reader.signed("priority", UNSIGNED_32),
            comment=read_text(reader, "comment", limit=MAX_COMMENT),
            status_bar=read_text(reader, "status_bar", limit=MAX_STATUS_BAR),
            reserved=read_text(reader, "reserved", limit=MAX_STATUS_BAR),
        )


@dataclass(frozen=True)
class Alert(BitcoinMessage):
    """A signed notice to all users. The bytes are kept as they came, for the signature is over them."""

    command: ClassVar[str] = "alert"
    lecture_class: ClassVar[LectureClass] = "connection"
    versions: ClassVar[Versions] = Versions("0.3.11", last="0.12")
    source: ClassVar[str] = "Bitcoin 0.3.11 (2010); to old peers Core still sends the last one"

    payload: bytes  # CompactSize and bytes: an `AlertNotice`
    signature: bytes  # CompactSize and bytes: ECDSA over the payload's double hash, DER

    @cached_property
    def notice(self) -> AlertNotice | None:
        """What it says; None when the payload cannot be read."""
        return read_notice(Reader(self.payload))

    def encode(self) -> bytes:
        """Payload and signature, each behind its length."""
        return variable_bytes(self.payload) + variable_bytes(self.signature)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Payload and signature; the payload's fields are noted too, as far as they can be read."""
        length = read_count(reader, "payload_length", item_size=1)
        start = reader.at
        inner = Reader(reader.source[start : start + length])
        read_notice(inner)
        reader.names += inner.names
        reader.places.extend([start + place for place in inner.places])
        payload = reader.take("payload", length)
        return cls(payload, read_bytes(reader, "signature"))


def read_notice(reader: Reader) -> AlertNotice | None:
    """The notice, if the bytes are one."""
    try:
        return AlertNotice.read(reader)
    except DecodeError:
        return None
