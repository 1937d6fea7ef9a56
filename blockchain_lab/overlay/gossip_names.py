"""What goes by name: who has been told of which item, who wants it, who was asked for it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.overlay.gossip_fetch import Fetching
from blockchain_lab.overlay.gossip_ground import UNASKED, Ground, Protocol
from blockchain_lab.overlay.gossip_messages import Have, Item, Want, announce

MOST_KNOWN: Final = 10_000  # names that we remember a peer to know; Core has 50,000


@dataclass(slots=True)
class Names:
    """What each neighbour is known to have, and what was asked of it."""

    fetching: Fetching = field(default_factory=Fetching)
    known: dict[ConnectionId, dict[bytes, None]] = field(default_factory=dict)  # by line, oldest first

    def open(self, conn: ConnectionId) -> None:
        """A new line: nothing is known of it."""
        self.known[conn] = {}

    def close(self, ground: Ground, conn: ConnectionId) -> list[Effect]:
        """A line is gone: what it owed us is asked of others."""
        del self.known[conn]
        return self.fetching.on_line_lost(ground, conn)

    def is_unaware(self, conn: ConnectionId, name: bytes) -> bool:
        """Would it be news to this neighbour, as far as we know?"""
        return name not in self.known[conn]

    def tell(self, conn: ConnectionId, names: Iterable[bytes]) -> list[Effect]:
        """Announce those of these that a neighbour is not known to have."""
        news = [name for name in names if self.is_unaware(conn, name)]
        self.note_known(conn, news)
        return [Send(conn, have) for have in announce(news)]

    def announce(self, name: bytes, conns: Iterable[ConnectionId]) -> list[Effect]:
        """Tell these neighbours of one item that is news to them; all get the same message."""
        have = Have((name,))
        effects: list[Effect] = []
        for conn in conns:
            self.note_known(conn, (name,))
            effects.append(Send(conn, have))
        return effects

    def note_known(self, conn: ConnectionId, names: Iterable[bytes]) -> None:
        """A neighbour has these, or has been told of them."""
        known = self.known[conn]
        for name in names:
            known[name] = None
        while len(known) > MOST_KNOWN:
            del known[next(iter(known))]

    def answer(self, ground: Ground, conn: ConnectionId, message: Have) -> list[Effect]:
        """A `want` is granted, as far as we can; what a `have` names is asked for, if it is new."""
        if isinstance(message, Want):
            return [Send(conn, item) for item in ground.get_items(message.names)]
        self.note_known(conn, message.names)
        return self.fetching.on_have(ground, conn, message.names)

    def take(
        self, protocol: Protocol, ground: Ground, conn: ConnectionId, item: Item, now: Microseconds
    ) -> list[Effect]:
        """An item has come. Unless we have asked this neighbour for it, it is not looked at."""
        if not self.fetching.was_asked(conn, item):
            return ground.complain(conn, UNASKED)
        return [*self.fetching.on_item(conn, item), *protocol.hear(ground, item, 1, conn, now)]
