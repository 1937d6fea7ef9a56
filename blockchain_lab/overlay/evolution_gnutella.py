"""Gnutella 0.4 (2000): no server. A question goes from neighbour to neighbour, seven lines far.

Every peer passes a question on to all neighbours but the one it came from, once: it remembers the ids that it
has seen, and on which line each came. Along these lines the answers go back. Nobody needs to know anybody but
its neighbours; a file that few have, far away, is not found. How it comes by neighbours shows
`evolution_servent`.
"""

from typing import ClassVar

from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.base.units import NOBODY, Address, ConnectionId, Microseconds
from blockchain_lab.overlay.evolution_messages import Hit, Seek
from blockchain_lab.overlay.evolution_node import UNASKED, note_reached
from blockchain_lab.overlay.evolution_servent import Servent


class GnutellaNode(Servent):
    """Kind "gnutella". `ttl`: how far its questions go, and how far it lets others' go."""

    where_is_index: ClassVar[str] = "nowhere: each peer knows its own files"

    def find_here(self, file: str, asker: ConnectionId) -> tuple[Address, ...]:
        """Whom we answer for: nobody but ourselves."""
        return (self.setup.address,) if file in self.files else ()

    def on_query(self, id: bytes, file: str, now: Microseconds) -> list[Effect]:
        """Ask all neighbours."""
        self.remember(id, NOBODY)
        return [Send(conn, Seek(id, self.ttl, 0, file)) for conn in self.get_ways()]

    def on_seek(self, conn: ConnectionId, seek: Seek, now: Microseconds) -> list[Effect]:
        """Answer if we can, and pass it on: whoever has an answer does not know who else has one."""
        if seek.id in self.seen:
            return []
        self.remember(seek.id, conn)
        effects: list[Effect] = [note_reached(seek)]
        if holders := self.find_here(seek.file, conn):
            effects.append(Send(conn, Hit(seek.id, holders)))
        ttl = min(seek.ttl, self.ttl - seek.hops) - 1  # nobody's question goes farther than ours
        if ttl > 0:
            further = Seek(seek.id, ttl, seek.hops + 1, seek.file)
            effects += [Send(way, further) for way in self.get_ways() if way != conn]
        return effects

    def on_foreign_hit(self, conn: ConnectionId, hit: Hit, now: Microseconds) -> list[Effect]:
        """Back along the way of the question, if it still is there."""
        way = self.seen.get(hit.id)
        if way is None:
            return self.complain(conn, f"hit: {UNASKED}")
        return [Send(way, hit)] if way in self.lines else []
