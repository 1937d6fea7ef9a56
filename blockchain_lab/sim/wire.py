"""Messages as bytes: what an end makes of a byte stream, cut at odd places, and of a frame somebody edited.

Most runs hand over message objects. Here they go through the codec: every message in `wire=True` mode, and
in any mode what arrives behind an edited frame. Both modes must tell the same story, so the queue holds the
same entries in both, and a message is whole exactly when its entry comes up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from blockchain_lab.base.draws import draw, to_below
from blockchain_lab.base.messages import Codec, Malformed, Message
from blockchain_lab.base.packets import Packet
from blockchain_lab.sim.hosts import Intake

PIECES: Final = 3  # a frame arrives in at most this many pieces


@dataclass(frozen=True)
class Edited(Message):
    """Stands in the queue for a message whose frame was changed on the way."""

    command: ClassVar[str] = "?edited"
    original: Message
    frame: bytes

    def encode(self) -> bytes:
        """The frame as it is now."""
        return self.frame


def edit(codec: Codec, message: Message, flips: tuple[tuple[int, int], ...]) -> Edited:
    """The message with some bytes of its frame xored. IndexError for a position outside the frame."""
    frame = bytearray(get_frame(codec, message))
    for position, mask in flips:
        frame[position] ^= mask
    original = message.original if isinstance(message, Edited) else message
    return Edited(original, bytes(frame))


def get_frame(codec: Codec, message: Message) -> bytes:
    """The bytes that travel for a message."""
    if isinstance(message, Edited):
        return message.frame
    return codec.frame(message.message if isinstance(message, Packet) else message)


def receive(codec: Codec, intake: Intake, sent: int, message: Message) -> Message | None:
    """Take one message's bytes off the stream; the next whole message, or None while there is none.

    `sent` is the id of its send. More than one may become whole at once (after an edit): the others wait
    in `intake.ready`. Bytes of the following message come early only while the stream is in step.
    """
    intake.coming.pop(sent, None)
    following = next(iter(intake.coming.values()), None)
    is_in_step = len(intake.rest) == intake.early and not isinstance(message, Edited)
    pieces: Iterable[bytes] = [segment := get_frame(codec, message)[intake.early :]]
    intake.early = 0
    if is_in_step:
        if following is not None and not isinstance(following, Edited):
            head = get_frame(codec, following)
            intake.early = to_below(draw(sent, len(head)), len(head))  # never the whole of it
            segment += head[: intake.early]
        pieces = cut(segment, sent)
    for piece in pieces:
        found, intake.rest = codec.split(intake.rest + piece)
        intake.ready += found
    return intake.ready.pop(0) if intake.ready else None


def cut(segment: bytes, key: int) -> Iterator[bytes]:
    """The same bytes in some odd pieces; which, depends only on `key`."""
    for nth in range(PIECES - 1):
        length = to_below(draw(key, nth), len(segment) + 1)
        yield segment[:length]
        segment = segment[length:]
    yield segment


def change_coming(intake: Intake, sent: int, message: Message | None) -> None:
    """A message in flight is another one now, or lost (None): take back what came early of it."""
    if intake.early and next(iter(intake.coming), None) == sent:
        intake.rest, intake.early = intake.rest[: -intake.early], 0
    if message is None:
        intake.coming.pop(sent, None)
    elif sent in intake.coming:
        intake.coming[sent] = message


def get_original(message: Message) -> Message:
    """What its sender said: without a gateway's header, and before anybody changed its frame."""
    original = message.original if isinstance(message, Edited) else message
    return original.message if isinstance(original, Packet) else original


def receive_datagram(codec: Codec, message: Message) -> Message:
    """What the receiver makes of one datagram."""
    found, rest = codec.split(get_frame(codec, message))
    read = found[0] if found else Malformed("", "the datagram ends inside a message", rest, fatal=False)
    original = message.original if isinstance(message, Edited) else message
    return replace(original, message=read) if isinstance(original, Packet) else read


def get_waiting_bytes(intake: Intake | None) -> bytes:
    """Bytes that wait for the end of their message, without those that only came early."""
    if intake is None:
        return b""
    return intake.rest[: len(intake.rest) - intake.early]
