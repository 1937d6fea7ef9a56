"""Bitcoin's way: announce the name on every line, send the item once to whoever wants it.

A peer that has announced an item to us is not told of it. So a line carries one announcement, or two that
cross; and each peer gets the item itself once. One hop takes one and a half round trips.
"""

from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.effects import Effect, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.overlay.gossip_ground import Ground, Protocol, Source
from blockchain_lab.overlay.gossip_messages import Have, Item
from blockchain_lab.overlay.gossip_names import Names

MOST_TOLD: Final = 1_000  # items, the newest, of which a new neighbour is told; ours


@dataclass(slots=True)
class Inv(Protocol):
    """Knows what its neighbours know."""

    names: Names = field(default_factory=Names)

    def on_line(self, ground: Ground, conn: ConnectionId, now: Microseconds) -> list[Effect]:
        """The other side may have been away: tell it of the newest that we have."""
        self.names.open(conn)
        return self.names.tell(conn, list(ground.items)[-MOST_TOLD:])

    def on_line_lost(self, ground: Ground, conn: ConnectionId, now: Microseconds) -> list[Effect]:
        """Ask others."""
        return self.names.close(ground, conn)

    def on_news(self, ground: Ground, item: Item, source: Source, now: Microseconds) -> list[Effect]:
        """Announce it to all who are not known to have it."""
        unaware = [conn for conn in ground.lines if self.names.is_unaware(conn, item.name)]
        return self.names.announce(item.name, unaware)

    def on_message(
        self, ground: Ground, conn: ConnectionId, message: Message, now: Microseconds
    ) -> list[Effect]:
        """An announcement, a question, or an answer."""
        match message:
            case Have():  # and `Want`
                return self.names.answer(ground, conn, message)
            case Item():
                return self.names.take(self, ground, conn, message, now)
        return Protocol.on_message(self, ground, conn, message, now)

    def on_timer(self, ground: Ground, name: TimerName, now: Microseconds) -> list[Effect]:
        """Somebody was silent for too long."""
        return self.names.fetching.on_timer(ground, name)
