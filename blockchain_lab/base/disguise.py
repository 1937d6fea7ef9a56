"""A node in front of another one: passes everything on, and may bend what the inner one answers.

So a liar is an honest node and one bent word, in every protocol. What is bent, each of them says itself.
"""

from typing import Any, Generic, TypeVar

from blockchain_lab.base.actions import Command
from blockchain_lab.base.effects import Effect, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node
from blockchain_lab.base.units import Address, ConnectionId, Microseconds

Inner = TypeVar("Inner", bound=Node)


class Disguise(Node, Generic[Inner]):
    """`inner` hears everything and keeps its own disk. Override `bend_all`, or single handlers."""

    def __init__(self, inner: Inner) -> None:
        """`inner`: the honest node."""
        self.inner = inner

    def bend_all(self, effects: list[Effect]) -> list[Effect]:
        """What becomes of the answer to one event."""
        return effects

    def on_start(self, now: Microseconds) -> list[Effect]:
        """As the inner node."""
        return self.bend_all(self.inner.on_start(now))

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """As the inner node."""
        return self.bend_all(self.inner.on_connected(conn, remote, inbound, now))

    def on_dial_failed(self, remote: Address, reason: str, now: Microseconds) -> list[Effect]:
        """As the inner node."""
        return self.bend_all(self.inner.on_dial_failed(remote, reason, now))

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """As the inner node."""
        return self.bend_all(self.inner.on_message(conn, message, now))

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """As the inner node."""
        return self.bend_all(self.inner.on_datagram(source, message, now))

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """As the inner node."""
        return self.bend_all(self.inner.on_timer(name, now))

    def on_disconnected(self, conn: ConnectionId, reason: str, now: Microseconds) -> list[Effect]:
        """As the inner node."""
        return self.bend_all(self.inner.on_disconnected(conn, reason, now))

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """As the inner node."""
        return self.bend_all(self.inner.on_command(command, now))

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """As the inner node."""
        return self.inner.find_problem(command, now)

    def stored(self) -> dict[str, Any]:
        """As the inner node."""
        return self.inner.stored()
