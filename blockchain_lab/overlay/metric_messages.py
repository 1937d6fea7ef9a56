"""How busy are you? The question and its answer, whose body is byte for byte that of Pyrsia's own protocol.

    metric-ask    nonce 6, direction 1            Pyrsia's request is empty, on a stream of its own
    metric-told   nonce 6, then the response      08, and 8 bytes: a double, little-endian

Pyrsia's protocol is called /metric-exchange/1; its response stands behind its length, an unsigned varint.
Every double can be said, also such as are no metric: who hears it judges it (`metric.find_problem`).
Source: Pyrsia, `src/network/idle_metric_protocol.rs`.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.fields import write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_8, UNSIGNED_64, Reader
from blockchain_lab.overlay.metric import DIRECTIONS, bits_to_metric
from blockchain_lab.overlay.requests import NONCE_SIZE

MORE: Final = 0x80  # of a varint's byte: another one follows
MOST_VARINT: Final = 10  # bytes: 64 bits, 7 in each


def write_response(bits: int) -> bytes:
    """Pyrsia's response: 9 bytes."""
    return write_varint(UNSIGNED_64) + write_unsigned("metric", bits, UNSIGNED_64)


def read_response(reader: Reader) -> int:
    """The bits of the double. DecodeError for another length than 8."""
    length = read_varint(reader, "metric.length")
    if length != UNSIGNED_64:
        raise DecodeError(f"metric.length: wanted {UNSIGNED_64}, found {length}")
    return reader.unsigned("metric", UNSIGNED_64)


def write_varint(value: int) -> bytes:
    """7 bits in a byte, the least significant first; a set top bit says that another byte follows."""
    written = bytearray()
    while value >= MORE:
        written.append(value & (MORE - 1) | MORE)
        value >>= 7
    return bytes([*written, value])


def read_varint(reader: Reader, name: str) -> int:
    """Back from `write_varint`, as one field. DecodeError when it has no end or is longer than needed."""
    start, value = reader.at, 0
    for place in range(MOST_VARINT):
        byte = reader.source[start + place : start + place + 1]
        if not byte:
            break
        value |= (byte[0] & (MORE - 1)) << 7 * place
        if byte[0] < MORE:
            reader.take(name, place + 1)
            if byte[0] == 0 and place:
                raise DecodeError(f"{name}: a varint ends with a byte of zero, which it does not need")
            return value
    raise DecodeError(f"{name}: a varint that begins at {start} has no end")


@dataclass(frozen=True)
class MetricAsk(Message):
    """How busy are you, for somebody who wants something from you, or wants to bring you something?"""

    command: ClassVar[str] = "metric-ask"
    nonce: int  # 6 bytes
    direction: str  # its place in DIRECTIONS, 1 byte

    def encode(self) -> bytes:
        """The fields in order."""
        place = write_unsigned("direction", DIRECTIONS.index(self.direction), UNSIGNED_8)
        return write_unsigned("nonce", self.nonce, NONCE_SIZE) + place

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The fields in order. DecodeError for a direction that there is not."""
        nonce, place = reader.unsigned("nonce", NONCE_SIZE), reader.unsigned("direction", UNSIGNED_8)
        if place >= len(DIRECTIONS):
            raise DecodeError(f"direction: wanted 0 to {len(DIRECTIONS) - 1}, found {place}")
        return cls(nonce, DIRECTIONS[place])


@dataclass(frozen=True)
class MetricTold(Message):
    """So busy."""

    command: ClassVar[str] = "metric-told"
    nonce: int  # 6 bytes, the question's
    bits: int  # of the double: equal messages are equal even where the number is none

    @property
    def value(self) -> float:
        """The number."""
        return bits_to_metric(self.bits)

    def encode(self) -> bytes:
        """Nonce and response."""
        return write_unsigned("nonce", self.nonce, NONCE_SIZE) + write_response(self.bits)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Nonce and response."""
        return cls(reader.unsigned("nonce", NONCE_SIZE), read_response(reader))


MESSAGES: Final[tuple[type[Message], ...]] = (MetricAsk, MetricTold)
