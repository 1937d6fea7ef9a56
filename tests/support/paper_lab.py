"""A lab on paper: records are written by hand, so a test of the views decides exactly what happens when."""

from collections.abc import Callable
from typing import Any

from blockchain_lab.base.messages import Message
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import Microseconds
from blockchain_lab.bitcoin.envelope import MAGIC, BitcoinCodec
from blockchain_lab.bitcoin.messages import Ping
from blockchain_lab.sim.scenario import Peer, Scenario, Topology

GENESIS = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"  # regtest's
NAMES = ["ann", "bob", "cat", "dan", "eve"]
EDGES = (("ann", "bob"), ("bob", "cat"), ("cat", "dan"), ("dan", "eve"), ("eve", "ann"), ("ann", "cat"))


class PaperTrace(list[Record]):
    """A list of records that answers as a lab's trace does."""

    level = "full"

    def end_of(self, event: int) -> int:
        """How many records belong to events up to this one."""
        return sum(record.event <= event for record in self)


class PaperLab:
    """What the views need of a lab, and three ways to write on the paper."""

    def __init__(self, until: Microseconds = 0, poster: int = 0) -> None:
        self.scenario = Scenario(
            name="paper",
            title="On paper",
            peers={name: Peer("bitcoin") for name in NAMES},
            topology=Topology(EDGES),
            until=until,
            poster=poster,
        )
        self.names, self.genesis, self.codec = list(NAMES), GENESIS, BitcoinCodec(MAGIC["regtest"])
        self.trace, self.cursor, self.branch, self.carrier = PaperTrace(), 0, 0, None
        self._listeners: list[Callable[[str], None]] = []

    @property
    def head(self) -> int:
        """The last event."""
        return self.trace[-1].event if self.trace else 0

    @property
    def now(self) -> Microseconds:
        """When the event under the cursor happened."""
        end = self.trace.end_of(self.cursor)
        return self.trace[end - 1].at if end else 0

    def subscribe(self, listener: Callable[[str], None]) -> None:
        """Call with "cursor", "records" or "branch" after every change."""
        self._listeners.append(listener)

    def tell(self, change: str) -> None:
        """Tell all who subscribed."""
        for listener in self._listeners:
            listener(change)

    def goto(self, *, event: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(event, self.head))
        self.tell("cursor")

    def run(self, *, until: Microseconds) -> None:
        """Nothing happens on paper by itself."""

    def write(
        self, kind: Kind, detail: Any, *, peer: int = 0, other: int = -1, cause: int = -1, after: int = 1000
    ) -> int:
        """Write one record, an event of its own, and return its id. Tells nobody."""
        at = (self.trace[-1].at if self.trace else 0) + after
        record = Record(len(self.trace), self.head + 1, at, kind, peer, other, -1, cause, detail)
        self.trace.append(record)
        return record.id

    def write_talk(self, messages: int, topic: str = "heard") -> None:
        """`messages` times: somebody pings the next peer, who gets it and notes it: three records each."""
        for number in range(messages):
            source, target = number % len(NAMES), (number + 1) % len(NAMES)
            message: Message = Ping(number % 50)
            sent = self.write(Kind.SEND, message, peer=source, other=target)
            got = self.write(Kind.DELIVER, message, peer=target, other=source, cause=sent, after=90_000)
            self.write(Kind.NOTE, (topic, {"number": number}), peer=target, cause=got, after=0)

    def replace_future(self, event: int) -> None:
        """Forget what came after an event; the cursor stands on it. Tells nobody."""
        del self.trace[self.trace.end_of(event) :]
        self.cursor = event
