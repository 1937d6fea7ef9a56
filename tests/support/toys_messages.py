"""Messages of the toy nodes, and the smallest codec that can split a stream."""

from dataclasses import dataclass
from hashlib import blake2b, sha256
from typing import ClassVar, Final, Self

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.messages import Malformed, Message, Unknown
from blockchain_lab.base.reader import Reader

MAGIC: Final = b"toys"
HEAD: Final = 24  # magic 4, command 12, length 4, checksum 4: as Bitcoin's envelope
LONGEST: Final = 100_000


@dataclass(frozen=True)
class ToyInv(Message):
    """I have this block. Wire: hash, 32 bytes."""

    command: ClassVar[str] = "inv"
    block: bytes

    def encode(self) -> bytes:
        """The hash."""
        return self.block

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the hash."""
        return cls(reader.take("block", 32))


@dataclass(frozen=True)
class ToyGetData(ToyInv):
    """Send me this block. Wire: hash, 32 bytes."""

    command: ClassVar[str] = "getdata"


@dataclass(frozen=True)
class ToyBlock(Message):
    """A block without content. Wire: parent 32 bytes, height 4, miner 4, salt 8, little endian."""

    command: ClassVar[str] = "block"
    parent: bytes
    height: int
    miner: int
    salt: int

    def encode(self) -> bytes:
        """The fields in order."""
        numbers = ((self.height, 4), (self.miner, 4), (self.salt, 8))
        return self.parent + b"".join(number.to_bytes(width, "little") for number, width in numbers)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the fields in order."""
        parent, height = reader.take("parent", 32), reader.unsigned("height", 4)
        return cls(parent, height, reader.unsigned("miner", 4), reader.unsigned("salt", 8))

    @property
    def hash(self) -> bytes:
        """32 bytes."""
        return sha256(self.encoding).digest()


@dataclass(frozen=True)
class ToyPing(Message):
    """Are you there? Wire: nonce, 8 bytes, little endian."""

    command: ClassVar[str] = "ping"
    nonce: int

    def encode(self) -> bytes:
        """The nonce."""
        return self.nonce.to_bytes(8, "little")

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the nonce."""
        return cls(reader.unsigned("nonce", 8))


@dataclass(frozen=True)
class ToyPong(ToyPing):
    """I am. Wire: nonce, 8 bytes, little endian."""

    command: ClassVar[str] = "pong"


KINDS: Final = {kind.command: kind for kind in (ToyInv, ToyGetData, ToyBlock, ToyPing, ToyPong)}


class ToyCodec:
    """Frames and splits as Bitcoin's envelope does, with another magic and checksum."""

    def frame(self, message: Message) -> bytes:
        """One message as bytes."""
        payload = message.encoding
        length = len(payload).to_bytes(4, "little")
        return MAGIC + message.wire_name.encode().ljust(12, b"\0") + length + checksum(payload) + payload

    def split(self, buffer: bytes) -> tuple[list[Message], bytes]:
        """The whole messages at the start, and the rest. Never raises."""
        found: list[Message] = []
        while len(buffer) >= HEAD:
            end = HEAD + int.from_bytes(buffer[16:20], "little")
            if buffer[:4] != MAGIC or end > HEAD + LONGEST:
                wrong = "magic" if buffer[:4] != MAGIC else "length"
                return [*found, Malformed("", f"wrong {wrong}", buffer, fatal=True)], b""
            if len(buffer) < end:
                break
            name = buffer[4:16].rstrip(b"\0").decode("ascii", "replace")
            found.append(parse(name, buffer[20:24], buffer[HEAD:end]))
            buffer = buffer[end:]
        return found, buffer


def parse(name: str, check: bytes, payload: bytes) -> Message:
    """One payload, whatever it turns out to be."""
    if check != checksum(payload):
        return Malformed(name, "wrong checksum", payload, fatal=False)
    if name not in KINDS:
        return Unknown(name, payload)
    try:
        return KINDS[name].decode(payload)
    except DecodeError as error:
        return Malformed(name, str(error), payload, fatal=False)


def checksum(payload: bytes) -> bytes:
    """Four bytes."""
    return blake2b(payload, digest_size=4).digest()
