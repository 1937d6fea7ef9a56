"""Which messages the overlays' peers speak, and how they stand on the wire: in Bitcoin's envelope.

Every topic keeps its messages in a room of its own and enters them here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from blockchain_lab.base.envelope import Envelope, decode_message
from blockchain_lab.base.messages import Message
from blockchain_lab.overlay import (
    artifact_messages,
    bank_messages,
    build_messages,
    chord_messages,
    evolution_messages,
    evolution_ping_messages,
    evolution_torrent_messages,
    gossip_messages,
    kademlia_messages,
    liveness_messages,
    metric_messages,
    nat_messages,
    reconcile_messages,
    rendezvous_messages,
    transfer_messages,
    walk_messages,
)

MAGIC: Final = b"lab\xf0"  # ours; the last byte is no ASCII, so that no text begins so

MESSAGES: Final[tuple[type[Message], ...]] = (
    *gossip_messages.MESSAGES,
    *reconcile_messages.MESSAGES,
    *kademlia_messages.MESSAGES,
    *chord_messages.MESSAGES,
    *liveness_messages.MESSAGES,
    *nat_messages.MESSAGES,
    *rendezvous_messages.MESSAGES,
    *walk_messages.MESSAGES,
    *evolution_messages.MESSAGES,
    *evolution_ping_messages.MESSAGES,
    *evolution_torrent_messages.MESSAGES,
    *metric_messages.MESSAGES,
    *artifact_messages.MESSAGES,
    *build_messages.MESSAGES,
    *bank_messages.MESSAGES,
    *transfer_messages.MESSAGES,
)
COMMANDS: Final[Mapping[str, type[Message]]] = {message.command: message for message in MESSAGES}


def decode(command: str, payload: bytes) -> Message:
    """The message that a peer sent. Never raises: what it got wrong is data too."""
    return decode_message(COMMANDS, command, payload)


@dataclass(frozen=True)
class OverlayCodec(Envelope):
    """`frame` and `split`: a `base.messages.Codec`."""

    decode: ClassVar[Callable[[str, bytes], Message]] = decode
    magic: bytes = MAGIC
