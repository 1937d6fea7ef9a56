"""How what happens reaches a node: one table, for simulated, replayed and real networks alike."""

from collections.abc import Callable
from typing import Any, Final

from blockchain_lab.base.actions import Command, SetPolicy
from blockchain_lab.base.effects import Effect
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import ConnectionId, Microseconds

Tell = Callable[[Node, ConnectionId, Any, Microseconds], list[Effect]]

TELL: Final[dict[int, Tell]] = {
    int(Kind.START): lambda node, conn, detail, now: node.on_start(now),
    int(Kind.CONNECT): lambda node, conn, detail, now: node.on_connected(conn, detail[0], detail[1], now),
    int(Kind.DIAL_FAILED): lambda node, conn, detail, now: node.on_dial_failed(detail[0], detail[1], now),
    int(Kind.DELIVER): lambda node, conn, detail, now: node.on_message(conn, detail, now),
    int(Kind.DATAGRAM): lambda node, conn, detail, now: node.on_datagram(detail[0], detail[1], now),
    int(Kind.TIMER): lambda node, conn, detail, now: node.on_timer(detail, now),
    int(Kind.DISCONNECT): lambda node, conn, detail, now: node.on_disconnected(conn, detail, now),
    int(Kind.COMMAND): lambda node, conn, detail, now: node.on_command(detail, now),
}


def apply_policy(setup: Setup, command: Command) -> None:
    """A turned knob changes the policy that the node was given; then the node is told."""
    if isinstance(command, SetPolicy):
        setup.policy[command.key] = command.value
