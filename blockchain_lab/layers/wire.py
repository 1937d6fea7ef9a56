"""Which messages the peers of the layers speak, and how they stand on the wire: in Bitcoin's envelope.

Every topic keeps its messages in a room of its own and enters them here; no rule of any protocol may enter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from blockchain_lab.base.envelope import Envelope, decode_message
from blockchain_lab.base.messages import Message
from blockchain_lab.layers import bridge_blocks, channel_messages, ledger_messages, rollup_steps, toy_messages

MAGIC: Final = b"lab\xf2"  # ours; the overlays' ends in f0, the consensus floor's in f1

MESSAGES: Final[tuple[type[Message], ...]] = (
    *ledger_messages.MESSAGES,
    *bridge_blocks.MESSAGES,
    *channel_messages.MESSAGES,
    rollup_steps.Step,
    *toy_messages.MESSAGES,
)
COMMANDS: Final[Mapping[str, type[Message]]] = {message.command: message for message in MESSAGES}


def decode(command: str, payload: bytes) -> Message:
    """The message that a peer sent. Never raises: what it got wrong is data too."""
    return decode_message(COMMANDS, command, payload)


@dataclass(frozen=True)
class LayersCodec(Envelope):
    """`frame` and `split`: a `base.messages.Codec`."""

    decode: ClassVar[Callable[[str, bytes], Message]] = decode
    magic: bytes = MAGIC
