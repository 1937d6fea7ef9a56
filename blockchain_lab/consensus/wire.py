"""Which messages the peers of the consensus floor speak, and their bytes: in Bitcoin's envelope."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from blockchain_lab.base.envelope import Envelope, decode_message
from blockchain_lab.base.messages import Message
from blockchain_lab.consensus import sync_messages
from blockchain_lab.consensus.block import Block
from blockchain_lab.consensus.orders import OPERATIONS

MAGIC: Final = b"lab\xf1"  # ours; the overlays' ends in f0

COMMANDS: Final[Mapping[str, type[Message]]] = {
    message.command: message for message in (Block, *OPERATIONS, *sync_messages.MESSAGES)
}


def decode(command: str, payload: bytes) -> Message:
    """The message that a peer sent. Never raises: what it got wrong is data too."""
    return decode_message(COMMANDS, command, payload)


@dataclass(frozen=True)
class ConsensusCodec(Envelope):
    """`frame` and `split`: a `base.messages.Codec`."""

    decode: ClassVar[Callable[[str, bytes], Message]] = decode
    magic: bytes = MAGIC
