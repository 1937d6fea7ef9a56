"""What all the early systems have in common: neighbours, files, questions, and how a file is fetched.

A system is four answers, and nothing else is its own:

    where_is_index      who knows where a file is
    on_join             what happens when somebody becomes a neighbour
    on_publish          what happens when we have a new file
    on_query            what happens when we look for one

The commands are `Publish` (its text names the file) and `FindProviders` (its key does). Who has found a
holder dials it and fetches the file (`evolution_fetching`): from peer to peer, whoever has kept the index. It
believes what it gets: that a file is what its name says, none of these systems can tell. Notes: `file
published`, `query sent`, `query reached`, `query answered`, `query failed`, `peer misbehaved`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from blockchain_lab.base.actions import Command, FindProviders, Publish, SetPolicy
from blockchain_lab.base.choices import check_keys, read_flag, read_number
from blockchain_lab.base.effects import CancelTimer, Dial, Effect, Note, Send, SetTimer, TimerName
from blockchain_lab.base.messages import Malformed, Message, Unknown
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.overlay.evolution_fetching import FETCH, FetchingNode
from blockchain_lab.overlay.evolution_files import make_content
from blockchain_lab.overlay.evolution_messages import (
    MOST_FILES,
    MOST_HOLDERS,
    MOST_NAME,
    Fetch,
    File,
    Hit,
    Join,
    Seek,
    Share,
)

REDIAL: Final = "redial"
QUERY: Final = "query"
REDIAL_AFTER: Final = 5 * SECOND  # until a neighbour that was lost is dialled again; ours
MOST_TTL: Final = 7  # Gnutella Protocol Specification 0.4: what a question starts with
MOST_SIZE: Final = 60_000  # bytes of a file: a message's part holds 65,535
UNASKED: Final = "nobody asked for it"


@dataclass(slots=True)
class Line:
    """One neighbour, and what it says of itself."""

    remote: Address
    serves: bool
    files: dict[str, None]  # an index's share; gone when the line is


class EvolutionNode(FetchingNode):
    """Policy: `serves` (keeps the index for others), `size` of what it publishes, `patience`, `ttl`."""

    obeys = (Publish, FindProviders)
    where_is_index: ClassVar[str]
    most_size: ClassVar[int] = MOST_SIZE
    knows_all: ClassVar[bool] = False  # is an answer that names nobody an answer?
    keys: ClassVar[tuple[str, ...]] = ("serves", "size", "patience", "ttl")

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy or a disk that cannot be."""
        FetchingNode.__init__(self, setup)
        self.lines: dict[ConnectionId, Line] = {}  # those to neighbours
        self.queries: dict[bytes, str] = {}  # our questions without an answer: id -> file
        self.answered: dict[bytes, str] = {}  # those with one: others may answer, too
        self._read_policy()

    def _read_policy(self) -> None:
        policy = self.setup.policy
        check_keys(policy, self.keys)
        self.serves = read_flag(policy, "serves", default=False)
        self.size = read_number(policy, "size", 1_000, least=1, most=self.most_size)
        self.patience = read_number(policy, "patience", 10 * SECOND, least=1)
        self.ttl = read_number(policy, "ttl", MOST_TTL, least=1, most=255)

    def stored(self) -> dict[str, Any]:
        """All files, as hexadecimal digits."""
        return {"files": {name: content.hex() for name, content in self.files.items()}}

    # -- the four answers ---------------------------------------------------------------------------------

    def get_shown_files(self) -> Iterable[str]:
        """On join: what a new neighbour is told that we have."""
        return ()

    def on_join(self, conn: ConnectionId, now: Microseconds) -> list[Effect]:
        """Somebody is our neighbour now."""
        return []

    def on_publish(self, file: str, now: Microseconds) -> list[Effect]:
        """We have a new file."""
        return []

    def on_query(self, id: bytes, file: str, now: Microseconds) -> list[Effect]:
        """We look for a file that we do not have."""
        raise NotImplementedError

    def on_seek(self, conn: ConnectionId, seek: Seek, now: Microseconds) -> list[Effect]:
        """A neighbour looks for a file."""
        return self.complain(conn, f"seek: {UNASKED}")

    def on_foreign_hit(self, conn: ConnectionId, hit: Hit, now: Microseconds) -> list[Effect]:
        """An answer to a question that is not ours, or is over."""
        return []

    def on_file(self, conn: ConnectionId, file: File, now: Microseconds) -> list[Effect]:
        """A neighbour sends a file that nobody has fetched."""
        return self.complain(conn, f"{file.wire_name}: {UNASKED}")

    # -- commands -----------------------------------------------------------------------------------------

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Publish, look for something, or go on with another policy."""
        match command:
            case Publish(text=file):
                self.files[file] = make_content(file, self.size)
                return [Note("file published", {"file": file}), *self.on_publish(file, now)]
            case FindProviders(key=file):
                id = self.draw_id()
                self.queries[id] = file
                told = Note("query sent", {"query": id.hex(), "file": file})
                if file in self.files:
                    return [told, *self.answer(id, (self.setup.address,))]
                wait = SetTimer(TimerName(QUERY, about=id.hex()), self.patience)
                return [told, wait, *self.on_query(id, file, now)]
            case SetPolicy():
                self._read_policy()
        return []

    def draw_id(self) -> bytes:
        """16 bytes that nobody else has drawn."""
        return b"".join(self.setup.random.bits().to_bytes(8, "little") for _ in range(2))

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """A name must fit, and a file is published once by each peer."""
        match command:
            case Publish(text=file) | FindProviders(key=file) if len(file.encode()) > MOST_NAME:
                return f"a name of {len(file.encode())} bytes; wanted at most {MOST_NAME}"
            case Publish(peer, file) if file in self.files:
                return f"{peer} has {file!r} already"
            case Publish(peer) if len(self.files) >= MOST_FILES:
                return f"{peer} has {MOST_FILES} files already"
        return None

    # -- connections --------------------------------------------------------------------------------------

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Dial the neighbours."""
        return [Dial(address) for address in self.setup.neighbours]

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """Who dials says first what it wants: to join, or to fetch."""
        self.open[conn] = (remote, inbound)
        if inbound:
            return []
        if (files := self.errands.pop(remote, None)) is not None:
            self.fetching[conn] = files
            return self.on_errand(conn, files)
        return [Send(conn, self._make_join())]

    def _make_join(self) -> Join:
        return Join(self.serves, tuple(self.get_shown_files()))

    def on_dial_failed(self, remote: Address, reason: str, now: Microseconds) -> list[Effect]:
        """A neighbour is tried again later; a holder never, but there may be others."""
        if (files := self.errands.pop(remote, None)) is not None:
            return self.lose(files, remote, reason)
        return self._redial(remote)

    def _redial(self, remote: Address) -> list[Effect]:
        if remote not in self.setup.neighbours:
            return []
        number = self.setup.neighbours.index(remote)
        return [SetTimer(TimerName(REDIAL, about=number), REDIAL_AFTER)]

    def on_disconnected(self, conn: ConnectionId, reason: str, now: Microseconds) -> list[Effect]:
        """Its share of the index goes with it. Whom we have dialled as a neighbour we dial again."""
        remote, inbound = self.open.pop(conn)
        self.lines.pop(conn, None)
        if (files := self.fetching.pop(conn, None)) is not None:
            return self.lose(files, remote, reason)
        return [] if inbound else self._redial(remote)

    def close(self, conn: ConnectionId, reason: str) -> list[Effect]:
        """Its share of the index goes with it."""
        self.lines.pop(conn, None)
        return FetchingNode.close(self, conn, reason)

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Dial again; or nobody has answered in time; or a holder sends nothing."""
        if name.topic == FETCH and name.conn is not None:
            return self.close(name.conn, "it sends nothing")
        if name.topic == REDIAL:
            return [Dial(self.setup.neighbours[int(str(name.about))])]
        return self._fail(bytes.fromhex(str(name.about)), "no answer")

    # -- what others say ----------------------------------------------------------------------------------

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Joining and fetching are the same everywhere; all else only neighbours may say."""
        match message:
            case Malformed(reason=reason):
                return [*self.complain(conn, reason), *self.close(conn, reason)]
            case Join() if conn not in self.lines and conn not in self.fetching:
                remote, inbound = self.open[conn]
                self.lines[conn] = Line(remote, message.serves, dict.fromkeys(message.files))
                reply = [Send(conn, self._make_join())] if inbound else []
                return [*reply, *self.on_join(conn, now)]
            case Fetch(file=file) if file in self.files:
                return [Send(conn, File(file, self.files[file]))]
            case Fetch():
                return self.close(conn, "no such file")
            case File(file=file) if file in self.fetching.get(conn, ()):
                return self.receive(conn, message)
        return self._hear(conn, message, now)

    def _hear(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        match message:
            case Unknown():
                return []
            case Share(file=file) if (line := self.lines.get(conn)) and len(line.files) < MOST_FILES:
                line.files[file] = None
                return []
            case Seek() if conn in self.lines:
                return self.on_seek(conn, message, now)
            case Hit() if conn in self.lines and (message.holders or self.knows_all):
                return self._on_hit(conn, message, now)
            case File() if conn in self.lines:
                return self.on_file(conn, message, now)
        return self.complain(conn, f"{message.wire_name}: out of place")

    def _on_hit(self, conn: ConnectionId, hit: Hit, now: Microseconds) -> list[Effect]:
        if hit.id in self.queries:
            return self.answer(hit.id, hit.holders)
        if hit.id in self.answered:
            return self.learn_holders(self.answered[hit.id], hit.holders)
        return self.on_foreign_hit(conn, hit, now)

    def answer(self, id: bytes, holders: tuple[Address, ...]) -> list[Effect]:
        """A question of ours is over: fetch the file."""
        if not holders:
            return self._fail(id, "nobody has it")
        if len(self.answered) >= MOST_FILES:
            del self.answered[next(iter(self.answered))]
        file = self.answered[id] = self.queries.pop(id)
        facts = {"query": id.hex(), "file": file, "holders": [self.show(holder) for holder in holders]}
        over: list[Effect] = [CancelTimer(TimerName(QUERY, about=id.hex())), Note("query answered", facts)]
        return [*over, *([] if file in self.files else self.fetch(file, holders))]

    def _fail(self, id: bytes, reason: str) -> list[Effect]:
        facts = {"query": id.hex(), "file": self.queries.pop(id), "reason": reason}
        return [CancelTimer(TimerName(QUERY, about=id.hex())), Note("query failed", facts)]

    # -- for the systems ----------------------------------------------------------------------------------

    def get_servers(self) -> list[ConnectionId]:
        """Lines to those who answer for others, oldest first."""
        return [conn for conn, line in self.lines.items() if line.serves]

    def find_holders(self, file: str, asker: ConnectionId) -> tuple[Address, ...]:
        """Who has a file, as far as we know: we, and the neighbours whose files we have been told."""
        own = (self.setup.address,) if file in self.files else ()
        theirs = (line.remote for conn, line in self.lines.items() if conn != asker and file in line.files)
        return (*own, *theirs)[:MOST_HOLDERS]

    def complain(self, conn: ConnectionId, reason: str) -> list[Effect]:
        """Somebody breaks the rules: it is noted, and what it said is forgotten."""
        return [Note("peer misbehaved", {"from": self.show(self.open[conn][0]), "reason": reason})]


def note_reached(seek: Seek) -> Note:
    """A question has come to one more peer."""
    return Note("query reached", {"query": seek.id.hex(), "hops": seek.hops + 1})
