"""What a peer of a chain with contracts has before it: its chains, its lines, its name; and its trade.

A `Trade` is what a peer does besides keeping chains: it pays through channels, posts batches, guards a
bridge. It is told what happens and answers with effects; calls of its own go out through `Desk.submit`.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from blockchain_lab.base.actions import Command
from blockchain_lab.base.effects import Effect, Note, Send, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import Address, ConnectionId, Microseconds
from blockchain_lab.chain.tree import ReorgPath
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers import bridge_notes as notes
from blockchain_lab.layers.bridge_blocks import ChainBlock
from blockchain_lab.layers.bridge_calls import Call
from blockchain_lab.layers.bridge_view import ChainView


@dataclass(slots=True)
class Desk:
    """One peer's state, but for its trade."""

    setup: Setup
    name: str  # as whom it signs
    views: dict[str, ChainView]  # the chains that it keeps, by name
    lines: dict[ConnectionId, Address] = field(default_factory=dict)

    def tell(self, message: Message, but: ConnectionId | None = None) -> list[Effect]:
        """To everybody that we have a line to, except the one it came from."""
        return [Send(conn, message) for conn in self.lines if conn != but]

    def find_line(self, name: str) -> ConnectionId | None:
        """An open line to a peer; None without one."""
        address = self.setup.contacts.get(name)
        return next((conn for conn, remote in self.lines.items() if remote == address), None)

    def get_name(self, conn: ConnectionId) -> str:
        """Who is at the other end of a line; its address when nobody of that name is known."""
        address = self.lines[conn]
        known = (name for name, each in self.setup.contacts.items() if each == address)
        return next(known, f"{address.ip}:{address.port}")

    def submit(self, chain: str, action: Message) -> list[Effect]:
        """Sign a call and tell everybody. It waits until a block carries it."""
        view = self.views[chain]
        call = Call(chain, self.name, view.get_next_nonce(self.name), action).sign()
        view.waiting[call.name] = call
        return [notes.call_made(call), *self.tell(call)]

    def find_problem(self, chain: str, action: Message) -> str | None:
        """Why the next block could not carry this call of ours; None when it could. Changes nothing."""
        if chain not in self.views:
            return f"{self.setup.name} does not keep the chain {chain!r}"
        view = self.views[chain]
        draft = view.books.open_block()
        try:
            for call in view.waiting.values():
                if call.sender == self.name:
                    draft = draft.after(call)
        except RuleBroken:
            pass  # an older call of ours cannot be carried now: this one is judged on what is
        try:
            draft.carry_out(Call(chain, self.name, draft.get_nonce(self.name), action).sign())
        except RuleBroken as broken:
            return str(broken)
        return None


class Trade:
    """Does nothing; a trade overrides what it needs."""

    obeys: ClassVar[tuple[type[Command], ...]] = ()
    keys: ClassVar[tuple[str, ...]] = ()  # of its policy

    def __init__(self, desk: Desk) -> None:
        """UsageError for a policy that cannot be."""
        self.desk = desk
        self.check_policy(desk.setup.policy)

    def check_policy(self, policy: dict[str, Any]) -> None:
        """UsageError with the key and what is accepted."""

    def on_start(self, now: Microseconds) -> list[Effect]:
        """The chains are read from the disk, and no line is open yet."""
        return []

    def on_connected(self, conn: ConnectionId) -> list[Effect]:
        """A line is open."""
        return []

    def on_moved(self, view: ChainView, path: ReorgPath[ChainBlock], now: Microseconds) -> list[Effect]:
        """A chain's own branch has become another one; the view is there already."""
        return []

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """What is no block and no call."""
        return []

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """A timer of the trade."""
        return []

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """One of `obeys`; or `SetPolicy`."""
        return []

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """Why it cannot be done now."""
        return None

    def stored(self) -> dict[str, Any]:
        """What survives a restart."""
        return {}

    def accuse(self, conn: ConnectionId, reason: str) -> list[Effect]:
        """Somebody has said what may not be said. It is noted, and changes nothing."""
        return [Note("peer misbehaved", {"from": self.desk.get_name(conn), "reason": reason})]
