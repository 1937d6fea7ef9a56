"""Messages of the lecture's first class: two peers and the line between them.

    dialler -> version      acceptor -> version, verack      dialler -> verack      then ping and pong

Between version and verack newer peers agree on features: `wtxidrelay`, `sendaddrv2`. With `reject` a peer
said why it refused something until Core 0.20. `alert` has a room of its own.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.reader import UNSIGNED_8, UNSIGNED_32, UNSIGNED_64, Reader
from blockchain_lab.bitcoin.codec import (
    HASH_SIZE,
    check_hash,
    read_flag,
    read_text,
    signed,
    unsigned,
    variable_text,
)
from blockchain_lab.bitcoin.message_base import BitcoinMessage, EmptyMessage, LectureClass, Versions
from blockchain_lab.bitcoin.network_address import NetworkAddress

MAX_USER_AGENT: Final = 256  # bytes: Core's MAX_SUBVERSION_LENGTH
MAX_REJECTED_COMMAND: Final = 12  # bytes: a command's width in the envelope
MAX_REJECT_REASON: Final = 111  # bytes: Core's MAX_REJECT_MESSAGE_LENGTH


@dataclass(frozen=True)
class Version(BitcoinMessage):
    """Introduces a peer; the first message either side sends, and sent once."""

    command: ClassVar[str] = "version"
    lecture_class: ClassVar[LectureClass] = "connection"
    versions: ClassVar[Versions] = Versions("0.1")
    source: ClassVar[str] = "Bitcoin 0.1; user agent: BIP 14; relay: BIP 37"

    version: int  # 4 bytes, signed: protocol version, e.g. 70015
    services: int  # 8 bytes: what the sender offers, see `network_address`
    timestamp: int  # 8 bytes, signed: the sender's clock, Unix seconds
    receiver: NetworkAddress  # 26 bytes: as the sender sees the other side
    sender: NetworkAddress  # 26 bytes: Core has sent zeros since 0.14
    nonce: int  # 8 bytes: drawn for each connection; who receives its own has dialled itself
    user_agent: str  # CompactSize and at most 256 bytes: e.g. "/Satoshi:27.0.0/"
    start_height: int  # 4 bytes, signed: height of the sender's tip
    relay: bool | None  # 1 byte, 0 or 1; absent (None) means 1: announce transactions to me

    def encode(self) -> bytes:
        """The fields in order, all little-endian but ports."""
        return b"".join(
            [
                signed(self.version, UNSIGNED_32),
                unsigned(self.services, UNSIGNED_64),
                signed(self.timestamp, UNSIGNED_64),
                self.receiver.encode(),
                self.sender.encode(),
                unsigned(self.nonce, UNSIGNED_64),
                variable_text(self.user_agent),
                signed(self.start_height, UNSIGNED_32),
                b"" if self.relay is None else bytes([self.relay]),
            ]
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order; `relay` only if there is a byte left."""
        return cls(
            version=reader.signed("version", UNSIGNED_32),
            services=reader.unsigned("services", UNSIGNED_64),
            timestamp=reader.signed("timestamp", UNSIGNED_64),
            receiver=NetworkAddress.read(reader, "receiver"),
            sender=NetworkAddress.read(reader, "sender"),
            nonce=reader.unsigned("nonce", UNSIGNED_64),
            user_agent=read_text(reader, "user_agent", limit=MAX_USER_AGENT),
            start_height=reader.signed("start_height", UNSIGNED_32),
            relay=read_flag(reader, "relay") if reader.left else None,
        )


@dataclass(frozen=True)
class Verack(EmptyMessage):
    """I have read your version. From both sides: the handshake is done."""

    command: ClassVar[str] = "verack"
    lecture_class: ClassVar[LectureClass] = "connection"
    versions: ClassVar[Versions] = Versions("0.2.9", protocol=209)
    source: ClassVar[str] = "protocol version 209 (Bitcoin 0.2.9, 2010)"


@dataclass(frozen=True)
class WtxidRelay(EmptyMessage):
    """Let us name transactions by wtxid. Only between version and verack, and only if both sides say it."""

    command: ClassVar[str] = "wtxidrelay"
    lecture_class: ClassVar[LectureClass] = "connection"
    versions: ClassVar[Versions] = Versions("0.21", protocol=70016)
    source: ClassVar[str] = "BIP 339"


@dataclass(frozen=True)
class SendAddrV2(EmptyMessage):
    """Send me `addrv2` instead of `addr`. Only between version and verack."""

    command: ClassVar[str] = "sendaddrv2"
    lecture_class: ClassVar[LectureClass] = "connection"
    versions: ClassVar[Versions] = Versions("0.21", protocol=70016)
    source: ClassVar[str] = "BIP 155"


@dataclass(frozen=True)
class Ping(BitcoinMessage):
    """Are you there? Answered by a `Pong` with the same nonce."""

    command: ClassVar[str] = "ping"
    lecture_class: ClassVar[LectureClass] = "connection"
    versions: ClassVar[Versions] = Versions("0.2")
    source: ClassVar[str] = "Bitcoin 0.2 (empty, unanswered); BIP 31 (nonce, pong)"

    nonce: (
        int | None
    )  # 8 bytes; absent (None) from peers up to version 60000: keeps the line alive, no answer

    def encode(self) -> bytes:
        """8 bytes or none."""
        return b"" if self.nonce is None else unsigned(self.nonce, UNSIGNED_64)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """8 bytes or none."""
        return cls(nonce=reader.unsigned("nonce", UNSIGNED_64) if reader.left else None)


@dataclass(frozen=True)
class Pong(BitcoinMessage):
    """I am here: the answer to a `Ping`."""

    command: ClassVar[str] = "pong"
    lecture_class: ClassVar[LectureClass] = "connection"
    versions: ClassVar[Versions] = Versions("0.6.1", protocol=60001)
    source: ClassVar[str] = "BIP 31"

    nonce: int  # 8 bytes: that of the ping

    def encode(self) -> bytes:
        """8 bytes."""
        return unsigned(self.nonce, UNSIGNED_64)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """8 bytes."""
        return cls(nonce=reader.unsigned("nonce", UNSIGNED_64))


@dataclass(frozen=True)
class Reject(BitcoinMessage):
    """I have refused what you sent. Core sent it from 0.9 until 0.20; bcoin still does."""

    command: ClassVar[str] = "reject"
    lecture_class: ClassVar[LectureClass] = "connection"
    versions: ClassVar[Versions] = Versions("0.9", last="0.19", protocol=70002)
    source: ClassVar[str] = "BIP 61"

    rejected: str  # CompactSize and at most 12 bytes: the command refused
    code: int  # 1 byte: 0x01 malformed, 0x10 invalid, 0x11 obsolete, 0x12 duplicate, 0x40 not standard, ...
    reason: str  # CompactSize and at most 111 bytes: for people
    hash: bytes | None  # 32 bytes, internal order: the transaction or block refused; absent for the rest

    def encode(self) -> bytes:
        """The fields in order."""
        return b"".join(
            [
                variable_text(self.rejected),
                unsigned(self.code, UNSIGNED_8),
                variable_text(self.reason),
                b"" if self.hash is None else check_hash("hash", self.hash),
            ]
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order; `hash` only if there are bytes left."""
        return cls(
            rejected=read_text(reader, "rejected", limit=MAX_REJECTED_COMMAND),
            code=reader.unsigned("code", UNSIGNED_8),
            reason=read_text(reader, "reason", limit=MAX_REJECT_REASON),
            hash=reader.take("hash", HASH_SIZE) if reader.left else None,
        )
