"""The bytes of all distinct messages of a trace, with their named fields, packed for the page.

A message that crosses ten links is sent to the page once. The fields are those that the message's own
reader finds: there is no second schema.
"""

import json
import sys
from array import array
from typing import Any, Final

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.messages import Codec, Malformed, Message, Unknown
from blockchain_lab.base.reader import Field, Reader

CHUNK_BYTES: Final = 1 << 20  # of frames in one packed chunk, at least one message
ENVELOPE: Final[list[Field]] = [("magic", 0, 4), ("command", 4, 16), ("length", 16, 20), ("checksum", 20, 24)]


class MessageTable:
    """Numbers messages in the order in which they first occur. Entries never change and never leave."""

    def __init__(self, codec: Codec | None) -> None:
        """`codec` frames the messages, as on the wire; without one a frame is the payload alone."""
        self._codecs = [codec]
        self._messages: list[tuple[Message, int]] = []  # with the codec that frames it
        # A malformed message may have a good one's bytes, and two languages may have a payload in common.
        self._numbers: dict[tuple[type, int, int], int] = {}

    def __len__(self) -> int:
        """How many distinct messages there are."""
        return len(self._messages)

    def use(self, codec: Codec | None) -> None:
        """What comes from now on is framed by this codec."""
        if codec != self._codecs[-1]:
            self._codecs.append(codec)

    def number_of(self, message: Message) -> int:
        """The message's number, a new one when it is new."""
        codec = len(self._codecs) - 1
        key = (type(message), message.content_id, codec)
        number = self._numbers.setdefault(key, len(self._messages))
        if number == len(self._messages):
            self._messages.append((message, codec))
        return number

    def pack_chunk(self, start: int) -> tuple[int, bytes]:
        """How many messages from `start` on fit in one chunk, and the chunk (its shape: `messages.js`)."""
        names: dict[str, int] = {}
        entries, frames, triples, size = [], [], array("i"), 0
        for message, codec in self._messages[start:]:
            frame = get_frame(message, self._codecs[codec])
            if frames and size + len(frame) > CHUNK_BYTES:
                break
            fields = get_fields(message, frame)
            for name, begin, end in fields:
                triples.extend((names.setdefault(name, len(names)), begin, end))
            entries.append((message.wire_name, len(frame), len(fields)))
            frames.append(frame)
            size += len(frame)
        head = json.dumps({"names": list(names), "messages": entries}, separators=(",", ":")).encode()
        head += b" " * (-len(head) % 4)  # the integers behind it must lie at a multiple of 4
        return len(entries), b"".join(
            [len(head).to_bytes(4, "little"), head, little_endian(triples).tobytes(), *frames]
        )


def get_frame(message: Message, codec: Codec | None) -> bytes:
    """A message as on the wire. O(size)."""
    if codec is None or (isinstance(message, Malformed) and message.fatal):
        return message.encoding  # of a fatal one: all that was left, because no frame could be made out
    return codec.frame(message)


def get_fields(message: Message, frame: bytes) -> list[Field]:
    """The fields of a whole frame, in the order in which they are read. O(size)."""
    payload = message.encoding
    before = len(frame) - len(payload)
    envelope = ENVELOPE if before == ENVELOPE[-1][2] else [("envelope", 0, before)] * (before > 0)
    return [
        *envelope,
        *((name, before + start, before + end) for name, start, end in read_fields(message, payload)),
    ]


def read_fields(message: Message, payload: bytes) -> list[Field]:
    """The fields of a payload; what nobody understands is one field."""
    reader = Reader(payload)
    if not isinstance(message, Unknown | Malformed):
        try:
            type(message).decode(reader)
        except DecodeError:  # an edited message may be one that its own reader refuses: show what was read
            rest = reader.at
        else:
            return reader.fields
        return [*reader.fields, ("not read", rest, len(payload))]
    return [("payload", 0, len(payload))] if payload else []


def little_endian(column: "array[Any]") -> "array[Any]":
    """The page reads little-endian numbers, as all machines on which browsers run. May change the column."""
    if sys.byteorder == "big":
        column.byteswap()
    return column
