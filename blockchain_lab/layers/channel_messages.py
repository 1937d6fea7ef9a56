"""What a channel's two say to each other over their line: nobody else hears it, no block carries it.

    channel-next   "let this be the next state; I have signed it"
    channel-yes    "I have signed it, too": now it counts
    channel-shut   "let us close with the newest state; I have signed that": the other calls the contract

A signature holds for one state of one channel, and to go on or to shut, never for both.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import Reader
from blockchain_lab.consensus.keys import SIGNATURE_SIZE
from blockchain_lab.layers.channel_actions import ChannelState


@dataclass(frozen=True)
class HalfSigned(Message):
    """Base of the three. Wire: state, signature 64 of whoever sends it."""

    lecture_class: ClassVar[str] = "data"
    state: ChannelState
    signature: bytes

    def encode(self) -> bytes:
        """The fields in order."""
        return self.state.encoding + self.signature

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        return cls(ChannelState.read(reader), reader.take("signature", SIGNATURE_SIZE))


@dataclass(frozen=True)
class Next(HalfSigned):
    """A proposal."""

    command: ClassVar[str] = "channel-next"


@dataclass(frozen=True)
class Yes(HalfSigned):
    """The answer to a proposal."""

    command: ClassVar[str] = "channel-yes"


@dataclass(frozen=True)
class Shut(HalfSigned):
    """The offer to close together: the newest state, signed to shut the channel with it."""

    command: ClassVar[str] = "channel-shut"


MESSAGES: Final[tuple[type[Message], ...]] = (Next, Yes, Shut)
