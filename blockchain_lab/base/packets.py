"""A datagram as a gateway sees it: with both addresses that its header bears.

Who sends and who receives see a message and one address. Between them may stand a box that reads both
addresses, and may write others: a NAT, a firewall. What such a box does is its own business, not ours.
"""

from dataclasses import dataclass
from typing import ClassVar

from blockchain_lab.base.messages import Message
from blockchain_lab.base.once import once
from blockchain_lab.base.units import Address


@dataclass(frozen=True)
class Packet(Message):
    """A message under way. Name, bytes and luck are its message's: the header counts nowhere in this lab."""

    command: ClassVar[str] = "?packet"
    source: Address
    destination: Address
    message: Message

    @property
    def wire_name(self) -> str:
        """The message's."""
        return self.message.wire_name

    def encode(self) -> bytes:
        """The message's payload."""
        return self.message.encoding

    @once
    def size(self) -> int:
        """The message's, bytes on the wire."""
        return self.message.size
