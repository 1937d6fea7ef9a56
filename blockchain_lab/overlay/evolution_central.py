"""One server has everything: who publishes uploads, who looks for something asks there and downloads there.

Two messages a question, and every byte of every file goes through one host. When it is off, all is.
"""

from typing import ClassVar

from blockchain_lab.base.effects import Effect, Note, Send
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.overlay.evolution_messages import MOST_FILES, File, Hit, Seek, Upload
from blockchain_lab.overlay.evolution_node import EvolutionNode, note_reached


class CentralNode(EvolutionNode):
    """Kind "central". The server has `serves`; all others dial it."""

    knows_all: ClassVar[bool] = True
    where_is_index: ClassVar[str] = "at the server, and so are the files"

    def on_publish(self, file: str, now: Microseconds) -> list[Effect]:
        """Upload it."""
        return [Send(conn, Upload(file, self.files[file])) for conn in self.get_servers()]

    def on_query(self, id: bytes, file: str, now: Microseconds) -> list[Effect]:
        """Ask the server."""
        return [Send(conn, Seek(id, 1, 0, file)) for conn in self.get_servers()]

    def on_seek(self, conn: ConnectionId, seek: Seek, now: Microseconds) -> list[Effect]:
        """The server knows whether there is such a file."""
        if not self.serves:
            return EvolutionNode.on_seek(self, conn, seek, now)
        return [note_reached(seek), Send(conn, Hit(seek.id, self.find_holders(seek.file, conn)))]

    def on_file(self, conn: ConnectionId, file: File, now: Microseconds) -> list[Effect]:
        """The server keeps what is uploaded; the first of a name stays."""
        if not isinstance(file, Upload) or not self.serves or len(self.files) >= MOST_FILES:
            return EvolutionNode.on_file(self, conn, file, now)
        if file.file in self.files:
            return []
        self.files[file.file] = file.content
        facts = {"file": file.file, "bytes": len(file.content), "from": self.show(self.open[conn][0])}
        return [Note("file received", facts)]
