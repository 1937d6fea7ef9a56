"""Flooding: whatever is new goes to all neighbours but the one it came from.

In a network of n peers and m lines that is 2m - (n - 1) messages for each item, exactly: every peer sends on
all its lines once, and all but the first leave one out. Some copy takes the shortest way: nothing is faster.
"""

from dataclasses import dataclass

from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.overlay.gossip_ground import Ground, Protocol, Source
from blockchain_lab.overlay.gossip_messages import Item, Rumour


@dataclass(slots=True)
class Flood(Protocol):
    """It has no state: what it has heard, it has told."""

    def on_news(self, ground: Ground, item: Item, source: Source, now: Microseconds) -> list[Effect]:
        """To everybody else. Not even a line on which the item is just coming is left out."""
        rumour = Rumour(ground.get_hops_beyond(item.name), item)
        return [Send(conn, rumour) for conn in ground.get_other_lines(source)]

    def on_message(
        self, ground: Ground, conn: ConnectionId, message: Message, now: Microseconds
    ) -> list[Effect]:
        """An item, most often for the second time."""
        if not isinstance(message, Rumour):
            return Protocol.on_message(self, ground, conn, message, now)
        return self.hear(ground, message.item, message.hops, conn, now)
