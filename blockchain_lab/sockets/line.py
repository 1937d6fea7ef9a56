"""What a host wants of its end of a connection, whatever it is made of: a TCP stream, or a line in memory."""

from collections.abc import Callable
from typing import Protocol

from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import NOBODY, ConnectionId


class Line(Protocol):
    """Our end of an open connection."""

    conn: ConnectionId
    other: int  # the number on the tape of who is at the other end
    ended_by: int  # id of the record of the other side's hanging up

    @property
    def waiting(self) -> int:
        """How many messages have not been taken by the other side, or by the system."""

    def send(self, message: Message, sent: int) -> None:
        """Let it travel; `sent` is the id of its record."""

    def hang_up(self, cause: int = NOBODY) -> None:
        """Close our end; what was sent before still travels."""

    def abort(self) -> None:
        """Close at once."""

    async def carry(self, deliver: Callable[[Message, int], None]) -> str:
        """Hand over what arrives, until the connection ends; the reason why it does."""
