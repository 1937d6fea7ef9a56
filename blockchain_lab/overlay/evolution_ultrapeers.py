"""Ultrapeers (FastTrack 2001, Gnutella 0.6): hubs ask each other as in Gnutella, and answer for their leaves.

A leaf tells its hubs what it has, as Napster's peers tell the server, and hears no questions. With L leaves
a hub a question goes to one peer in L + 1. A lost hub takes its leaves' entries along, and leaves with no
other hub find nothing any more.
"""

from collections.abc import Iterable
from typing import ClassVar

from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.base.units import Address, ConnectionId, Microseconds
from blockchain_lab.overlay.evolution_gnutella import GnutellaNode
from blockchain_lab.overlay.evolution_messages import Seek, Share
from blockchain_lab.overlay.evolution_node import EvolutionNode


class UltrapeerNode(GnutellaNode):
    """Kind "ultrapeer". A hub has `serves`; leaves dial hubs, and hubs dial hubs."""

    where_is_index: ClassVar[str] = "at the hubs, each for its leaves"

    def get_shown_files(self) -> Iterable[str]:
        """A leaf tells its hubs all its files."""
        return () if self.serves else self.files

    def on_publish(self, file: str, now: Microseconds) -> list[Effect]:
        """One more for the index of each hub of ours."""
        return [] if self.serves else [Send(conn, Share(file)) for conn in self.get_servers()]

    def get_ways(self) -> list[ConnectionId]:
        """Questions go to hubs only."""
        return self.get_servers()

    def find_here(self, file: str, asker: ConnectionId) -> tuple[Address, ...]:
        """We answer for ourselves and for our leaves."""
        return self.find_holders(file, asker)

    def on_seek(self, conn: ConnectionId, seek: Seek, now: Microseconds) -> list[Effect]:
        """No hub asks a leaf."""
        if not self.serves:
            return EvolutionNode.on_seek(self, conn, seek, now)
        return GnutellaNode.on_seek(self, conn, seek, now)
