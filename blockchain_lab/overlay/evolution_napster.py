"""Napster (1999): a server knows who has which file; the files go from peer to peer.

Two messages a question, as with one server, but the bytes of the files are spread over all. The index lives
as long as its lines: who leaves takes its entries along. When the server is off nobody finds anything, though
all the files are still there.
"""

from collections.abc import Iterable
from typing import ClassVar

from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.overlay.evolution_messages import Hit, Seek, Share
from blockchain_lab.overlay.evolution_node import EvolutionNode, note_reached


class NapsterNode(EvolutionNode):
    """Kind "napster". The server has `serves`; all others dial it."""

    knows_all: ClassVar[bool] = True
    where_is_index: ClassVar[str] = "at the server; the files are at the peers"

    def get_shown_files(self) -> Iterable[str]:
        """A peer tells the server all its files when it logs in."""
        return () if self.serves else self.files

    def on_publish(self, file: str, now: Microseconds) -> list[Effect]:
        """One more for the index."""
        return [Send(conn, Share(file)) for conn in self.get_servers()]

    def on_query(self, id: bytes, file: str, now: Microseconds) -> list[Effect]:
        """Ask the server."""
        return [Send(conn, Seek(id, 1, 0, file)) for conn in self.get_servers()]

    def on_seek(self, conn: ConnectionId, seek: Seek, now: Microseconds) -> list[Effect]:
        """The server looks it up."""
        if not self.serves:
            return EvolutionNode.on_seek(self, conn, seek, now)
        return [note_reached(seek), Send(conn, Hit(seek.id, self.find_holders(seek.file, conn)))]
