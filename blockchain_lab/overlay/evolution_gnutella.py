"""Gnutella 0.4 (2000): no server. A question goes from neighbour to neighbour, seven lines far.

Every peer passes a question on to all neighbours but the one it came from, once: it remembers the ids that it
has seen, and on which line each came. Along these lines the answers go back. Nobody needs to know anybody but
its neighbours; a file that few have, far away, is not found. PING and PONG, by which a peer of Gnutella found
new neighbours, are not played: neighbours are the scenario's.
"""

from typing import ClassVar, Final

from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import NOBODY, Address, ConnectionId, Microseconds
from blockchain_lab.overlay.evolution_messages import Hit, Seek
from blockchain_lab.overlay.evolution_node import UNASKED, EvolutionNode, note_reached

MOST_SEEN: Final = 10_000  # ids that are remembered; ours


class GnutellaNode(EvolutionNode):
    """Kind "gnutella". `ttl`: how far its questions go, and how far it lets others' go."""

    where_is_index: ClassVar[str] = "nowhere: each peer knows its own files"

    def __init__(self, setup: Setup) -> None:
        """Nothing seen yet."""
        EvolutionNode.__init__(self, setup)
        self.seen: dict[bytes, ConnectionId] = {}  # id of a question -> the way back, oldest first

    def get_ways(self) -> list[ConnectionId]:
        """Lines on which questions go."""
        return list(self.lines)

    def find_here(self, file: str, asker: ConnectionId) -> tuple[Address, ...]:
        """Whom we answer for: nobody but ourselves."""
        return (self.setup.address,) if file in self.files else ()

    def on_query(self, id: bytes, file: str, now: Microseconds) -> list[Effect]:
        """Ask all neighbours."""
        self._remember(id, NOBODY)
        return [Send(conn, Seek(id, self.ttl, 0, file)) for conn in self.get_ways()]

    def on_seek(self, conn: ConnectionId, seek: Seek, now: Microseconds) -> list[Effect]:
        """Answer if we can, and pass it on: whoever has an answer does not know who else has one."""
        if seek.id in self.seen:
            return []
        self._remember(seek.id, conn)
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

    def _remember(self, id: bytes, way: ConnectionId) -> None:
        if len(self.seen) >= MOST_SEEN:
            del self.seen[next(iter(self.seen))]
        self.seen[id] = way
