"""Usenet (1979): every article goes to every host, along lines that people have set up.

A question costs nothing, because everybody has everything; publishing costs a copy for each host. Two things
keep an article from going round for ever: a host throws away what it has seen before, and sends nothing to a
host that the article's Path names (RFC 1036 §2.1.6). The Path saves copies that would be thrown away. Who is
off the air while an article passes never gets it.
"""

from typing import ClassVar

from blockchain_lab.base.effects import Effect, Note, Send
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.overlay.evolution_messages import MOST_FILES, MOST_PATH, Article, File
from blockchain_lab.overlay.evolution_node import EvolutionNode


class UsenetNode(EvolutionNode):
    """Kind "usenet". What it has seen is what it has."""

    where_is_index: ClassVar[str] = "nowhere: everybody has every article"

    def on_publish(self, file: str, now: Microseconds) -> list[Effect]:
        """To everybody."""
        return self._pass_on(Article(file, self.files[file], (self.setup.name,)))

    def on_query(self, id: bytes, file: str, now: Microseconds) -> list[Effect]:
        """What is not here has never come by; there is nobody to ask."""
        return self.answer(id, ())

    def on_file(self, conn: ConnectionId, file: File, now: Microseconds) -> list[Effect]:
        """Keep it and pass it on, if it is new."""
        if not isinstance(file, Article) or len(self.files) >= MOST_FILES or len(file.path) >= MOST_PATH:
            return EvolutionNode.on_file(self, conn, file, now)
        if file.file in self.files:
            return []
        self.files[file.file] = file.content
        facts = {"file": file.file, "bytes": len(file.content), "from": self.show(self.open[conn][0])}
        further = Article(file.file, file.content, (self.setup.name, *file.path))
        return [Note("file received", facts), *self._pass_on(further)]

    def _pass_on(self, article: Article) -> list[Effect]:
        passed = set(article.path)
        return [
            Send(conn, article) for conn, line in self.lines.items() if self.show(line.remote) not in passed
        ]
