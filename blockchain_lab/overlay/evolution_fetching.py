"""How a file comes from one peer to another, once somebody is known to have it. The same in all systems.

    dial the first holder  ->  fetch  ->  file
                           it cannot be dialled, hangs up or says nothing: the next one

Holders whom nobody has tried yet wait; answers that come while the file is still missing add to them. Notes:
`file received`, and `fetch failed` for each holder that failed. When the last one has, the file is given up.
"""

from collections.abc import Iterable
from typing import ClassVar, Final

from blockchain_lab.base.effects import Dial, Effect, HangUp, Note, Send, SetTimer, TimerName
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import MINUTE, Address, ConnectionId
from blockchain_lab.overlay.evolution_files import read_disk
from blockchain_lab.overlay.evolution_messages import Fetch, File

FETCH: Final = "fetch"
MOST_KNOWN: Final = 200  # holders of one file; ours
SILENCE: Final = MINUTE  # until a holder that sends nothing is given up: 60,000 bytes at 1,000 a second; ours


class FetchingNode(Node):
    """What it has, whom it is connected to, and what it fetches from whom."""

    sources: ClassVar[int] = 1  # how many holders a file is fetched from at a time

    def __init__(self, setup: Setup) -> None:
        """UsageError for a disk that cannot be."""
        self.setup = setup
        self.names = {address: name for name, address in setup.contacts.items()}
        self.files: dict[str, bytes] = read_disk(setup.disk)
        self.open: dict[ConnectionId, tuple[Address, bool]] = {}  # all connections: (remote, inbound)
        self.errands: dict[Address, dict[str, None]] = {}  # files to fetch from whom we are dialling
        self.fetching: dict[ConnectionId, dict[str, None]] = {}  # the same, once the connection is open
        self.holders: dict[str, dict[Address, bool]] = {}  # of files that we fetch: were they tried?

    def fetch(self, file: str, holders: Iterable[Address]) -> list[Effect]:
        """Get a file that we do not have from one of these, or from a few."""
        known = self.holders[file] = dict.fromkeys(holders, False)
        known.pop(self.setup.address, None)
        return [dial for _ in range(min(self.sources, len(known))) for dial in self._try_next(file)]

    def learn_holders(self, file: str, holders: Iterable[Address]) -> list[Effect]:
        """More of them are known. Nothing happens when we have the file, or are fetching it."""
        known = self.holders.get(file)
        if known is None:
            return []
        for holder in holders:
            if holder != self.setup.address and len(known) < MOST_KNOWN:
                known.setdefault(holder, False)
        busy = any(file in files for files in (*self.errands.values(), *self.fetching.values()))
        return [] if busy else self._try_next(file)

    def _try_next(self, file: str) -> list[Effect]:
        known = self.holders.get(file, {})
        holder = next((each for each, was_tried in known.items() if not was_tried), None)
        if holder is None:
            return []
        known[holder] = True
        return self.call(holder, file)

    def call(self, holder: Address, file: str) -> list[Effect]:
        """Dial a holder to fetch a file."""
        is_dialling = holder in self.errands
        self.errands.setdefault(holder, {})[file] = None
        return [] if is_dialling else [Dial(holder)]

    def on_errand(self, conn: ConnectionId, files: Iterable[str]) -> list[Effect]:
        """We have reached a holder of these files."""
        return [*(Send(conn, Fetch(file)) for file in files), SetTimer(TimerName(FETCH, conn), SILENCE)]

    def receive(self, conn: ConnectionId, file: File) -> list[Effect]:
        """A file that we have fetched."""
        self.files[file.file] = file.content
        self.holders.pop(file.file, None)
        remote, left = self.open[conn][0], self.fetching[conn]
        del left[file.file]
        facts = {"file": file.file, "bytes": len(file.content), "from": self.show(remote)}
        return [Note("file received", facts), *([] if left else self.close(conn, "fetched"))]

    def lose(self, files: Iterable[str], remote: Address, reason: str) -> list[Effect]:
        """A holder has failed: try the next one."""
        facts = {"from": self.show(remote), "reason": reason}
        effects: list[Effect] = []
        for file in files:
            effects += [Note("fetch failed", {"file": file, **facts}), *self._try_next(file)]
        return effects

    def close(self, conn: ConnectionId, reason: str) -> list[Effect]:
        """Hang up on somebody, for good. What it owes us we fetch elsewhere."""
        remote, _ = self.open.pop(conn)
        return [HangUp(conn, reason), *self.lose(self.fetching.pop(conn, {}), remote, reason)]

    def show(self, address: Address) -> str:
        """A peer's name, or its address when it has none."""
        return self.names.get(address, f"{address.ip}:{address.port}")
