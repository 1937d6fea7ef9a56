"""The queue: events in time order, equal times in the order in which they were scheduled.

Entries are flat tuples of plain data, never functions: the queue can be saved, shown and compared. What an
entry means is said in `sim.events`. Time is whole microseconds, so replays are exact.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Any, Final

from blockchain_lab.base.units import ConnectionId, Microseconds

# What an entry is. Plain whole numbers: they are compared once per event.
DELIVER: Final = 0  # a message of a stream arrives
DATAGRAM: Final = 1
ACCEPT: Final = 2  # the request to open a connection arrives
CONNECTED: Final = 3  # the answer to it arrives
START: Final = 4  # a host is switched on for the first time
ACTION: Final = 5  # of the story
# From here on an entry may have become stale before its time: then it is no event and leaves no record.
TIMER: Final = 6
CLOSED: Final = 7  # news that the other end has closed
GIVE_UP: Final = 8  # an end notices by itself that nobody answers
COMMAND: Final = 9  # a change of policy reaches a node
FIRST_STALE_KIND: Final = TIMER

PACKETS: Final = frozenset((DELIVER, ACCEPT, CONNECTED, CLOSED))  # what a stream carries

# (at, number, kind, host, other, conn, cause, detail); the number is unique, so nothing behind it is compared
Entry = tuple[Microseconds, int, int, int, int, ConnectionId, int, Any]


@dataclass(slots=True)
class Scheduler:
    """A heap, the clock, and a counter that breaks ties. Only taking an event moves the clock."""

    now: Microseconds = 0
    queue: list[Entry] = field(default_factory=list)
    next_number: int = 0

    def schedule(
        self, at: Microseconds, kind: int, host: int, other: int, conn: ConnectionId, cause: int, detail: Any
    ) -> None:
        """Add one entry, at `now` or later; O(log queue)."""
        assert at >= self.now, f"kind {kind} for host {host} scheduled at {at}, but it is already {self.now}"
        heappush(self.queue, (at, self.next_number, kind, host, other, conn, cause, detail))
        self.next_number += 1

    def take(self) -> Entry:
        """Remove the next entry and move the clock to it. IndexError when none is left."""
        entry = heappop(self.queue)
        self.now = entry[0]
        return entry

    def discard_first(self, is_stale: Callable[[Entry], bool]) -> None:
        """Drop stale entries from the front; the clock stays."""
        queue = self.queue
        while queue and queue[0][2] >= FIRST_STALE_KIND and is_stale(queue[0]):
            heappop(queue)

    def remove(self, is_unwanted: Callable[[Entry], bool]) -> list[Entry]:
        """Take entries out of the middle, in order; O(queue)."""
        taken = sorted(entry for entry in self.queue if is_unwanted(entry))
        if taken:
            self.queue[:] = [entry for entry in self.queue if not is_unwanted(entry)]
            heapify(self.queue)
        return taken
