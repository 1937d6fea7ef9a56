"""The envelope: 24 bytes in front of every payload, and how a stream of bytes is cut into messages.

    magic 4 | command 12, ASCII, NUL padded | length 4 | checksum 4 | payload

It is Bitcoin's. Our own families of messages use it with other magics: who can read one can read them all.
Which commands there are, each family says itself; no command may enter here.

Faults as Bitcoin Core (`net.cpp`, V1Transport) treats them: after a wrong magic or a length over the
limit nobody knows where the next message begins, so the stream is lost (`fatal`). A bad command or
checksum costs that message only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from struct import Struct
from typing import ClassVar, Final

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.messages import Malformed, Message, Unknown

HEADER: Final = Struct("<4s12sI4s")
HEADER_SIZE: Final = 24  # bytes
COMMAND_SIZE: Final = 12  # bytes
CHECKSUM_SIZE: Final = 4  # bytes: of the payload's double SHA-256, the first ones
MAX_PAYLOAD: Final = 4_000_000  # bytes: Core's MAX_PROTOCOL_MESSAGE_LENGTH, since BIP 141

UNREADABLE_COMMAND: Final = b"\xff" * COMMAND_SIZE
WRONG_COMMAND: Final = "command: wanted printable ASCII, then NULs"
WRONG_CHECKSUM: Final = "checksum: wanted the first 4 bytes of the payload's double SHA-256"


@dataclass(frozen=True)
class Envelope:
    """`frame` and `split` for one network: a `Codec`. A family of messages sets `decode`."""

    decode: ClassVar[Callable[[str, bytes], Message]]  # command, payload -> message; never raises
    magic: bytes  # 4 bytes

    def frame(self, message: Message) -> bytes:
        """A message as it stands on the wire. UsageError when its command or payload does not fit.

        A `Malformed` is written so that it is just as malformed for who reads it.
        """
        if isinstance(message, Malformed) and message.fatal:
            return message.raw
        payload = message.encoding
        checksum = get_checksum(payload)
        if len(payload) > MAX_PAYLOAD:
            raise UsageError(f"{message.wire_name}: a payload of {len(payload)} bytes is over {MAX_PAYLOAD}")
        if isinstance(message, Malformed) and message.reason == WRONG_CHECKSUM:
            checksum = bytes(byte ^ 0xFF for byte in checksum)
        if isinstance(message, Malformed) and message.reason == WRONG_COMMAND:
            command = UNREADABLE_COMMAND
        else:
            command = command_to_bytes(message.wire_name)
        return HEADER.pack(self.magic, command, len(payload), checksum) + payload

    def split(self, buffer: bytes) -> tuple[list[Message], bytes]:
        """The whole messages at the start of `buffer`, and the bytes not consumed. Never raises.

        The rest is less than one message, at most 4,000,023 bytes: put what comes next behind it and split
        again. After a fatal `Malformed` (always the last one) there is no rest; its `raw` is the 24 bytes
        that could not be followed, so the result does not depend on how the stream was cut.
        """
        buffer = bytes(buffer)  # a `bytearray` that is filled again must not change what was read
        messages: list[Message] = []
        at = 0
        while len(buffer) - at >= HEADER_SIZE:
            found_magic, raw_command, length, checksum = HEADER.unpack_from(buffer, at)
            name = bytes_to_command(raw_command)
            reason = ""
            if found_magic != self.magic:
                reason = f"magic: wanted {self.magic.hex()}, found {found_magic.hex()}"
            elif length > MAX_PAYLOAD:
                reason = f"length: {length} is over the limit of {MAX_PAYLOAD}"
            if reason:
                messages.append(Malformed(name or "", reason, buffer[at : at + HEADER_SIZE], fatal=True))
                return messages, b""
            end = at + HEADER_SIZE + length
            if end > len(buffer):
                break
            messages.append(self._open(name, checksum, buffer[at + HEADER_SIZE : end]))
            at = end
        return messages, buffer[at:]

    def _open(self, name: str | None, checksum: bytes, payload: bytes) -> Message:
        """The message in one envelope, whatever it turns out to be."""
        if name is None:
            return Malformed("", WRONG_COMMAND, payload, fatal=False)
        if checksum != get_checksum(payload):
            return Malformed(name, WRONG_CHECKSUM, payload, fatal=False)
        return type(self).decode(name, payload)


def decode_message(commands: Mapping[str, type[Message]], command: str, payload: bytes) -> Message:
    """The message that a peer sent. Never raises: what it got wrong is data too.

    `Unknown` for a command we do not speak, `Malformed` for a payload that does not fit its command.
    (A class's own `decode` raises `DecodeError` instead.)
    """
    message = commands.get(command)
    if message is None:
        return Unknown(command, payload)
    try:
        return message.decode(payload)
    except DecodeError as fault:
        return Malformed(command, str(fault), payload, fatal=False)


def get_checksum(payload: bytes) -> bytes:
    """4 bytes that tell accidents (not attackers) from the payload. 5df6e0e2 for an empty one."""
    return sha256(sha256(payload).digest()).digest()[:CHECKSUM_SIZE]


def command_to_bytes(name: str) -> bytes:
    """A command in its 12 bytes. UsageError when it does not fit."""
    raw = name.encode("ascii", errors="replace").ljust(COMMAND_SIZE, b"\0")
    if len(raw) > COMMAND_SIZE or bytes_to_command(raw) != name:
        raise UsageError(f"command: wanted at most 12 printable ASCII characters, found {name!r}")
    return raw


def bytes_to_command(raw: bytes) -> str | None:
    """The command in 12 bytes; None unless it is printable ASCII and then NULs only."""
    name = raw.rstrip(b"\0")
    return name.decode("ascii") if all(0x20 <= byte <= 0x7E for byte in name) else None
