"""What happened, in columns: some 40 bytes a record, and the moment of an event kept once per event.

New records go to one flat list, which is quick, and move from there into arrays, which are small, before
anybody reads. Ids are given out at every level, so a cause means the same whether or not the records are
kept. A trace may continue another one behind some event: that is how branches share a past.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final, Literal, Self, get_args

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import LAST_INBOX_KIND, Kind, Record
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.sim.columns import Columns
from blockchain_lab.sim.sharing import Sharing

Level = Literal["full", "notes", "none"]
LEVELS: Final[tuple[str, ...]] = get_args(Level)
NOTES_LEVEL: Final = frozenset(map(int, (Kind.NOTE, Kind.ACTION, Kind.COMMAND)))
NOTE_KIND: Final = int(Kind.NOTE)
KINDS: Final = tuple(Kind)  # a place in a tuple is found ten times as quickly as `Kind(number)`
BITE: Final = 4_096  # records that are read from the columns at a time
Spill = Callable[[Sequence[Record]], None]


class Trace:
    """The records of one line of descent.

    At level "full" a record's place is its id. `keep`: how many of the newest records stay in memory (all
    when None); `spill` is handed every record once, before it can leave.
    """

    def __init__(
        self,
        hosts: int,
        level: Level = "full",
        *,
        parent: Self | None = None,
        fork_event: int = 0,
        keep: int | None = None,
        spill: Spill | None = None,
    ) -> None:
        """An empty trace, or one that continues `parent` behind `fork_event`."""
        self.level, self.keep, self.spill = level, keep, spill
        self.parent, self.fork_event = parent, fork_event
        self.next_id = self.first_id = parent.end_id(fork_event) if parent else 0
        self.first_row = parent.end_of(fork_event) if parent else 0  # place of our own oldest kept record
        self.event_at = array("q")
        self.event_first = array("I")  # event -> id of its first record
        self._inbox = [array("I") for _ in range(hosts)]  # host -> ids of what its node was told
        self._has_inbox = level == "full" and keep is None
        self._rows: list[Any] = []
        self._kept = Columns.empty()
        self._ids = array("I")  # of the kept records, at level "notes" only
        self._sharing = Sharing()  # likewise
        self._spilled = self.first_row  # place of the first record that `spill` has not seen
        if level != "full":
            self.append = self._append_notes if level == "notes" else self._append_none  # type: ignore[method-assign]

    # -- writing ----------------------------------------------------------------------------------------

    def open_event(self, at: Microseconds) -> None:
        """The records that follow belong to the next event. (`World.run` does the same without the call.)"""
        self.event_at.append(at)
        self.event_first.append(self.next_id)

    def tidy(self) -> None:
        """To be called between events, now and then: move new rows into the columns, forget the oldest."""
        self._settle()
        self._forget()

    def append(self, kind: int, peer: int, other: int, conn: ConnectionId, cause: int, detail: Any) -> int:
        """Write one record and return its id. This is on every message's way, twice."""
        number = self.next_id
        self.next_id = number + 1
        self._rows += (kind, peer, other, conn, cause, detail)
        if kind <= LAST_INBOX_KIND:
            self._inbox[peer].append(number)
        return number

    def _append_notes(
        self, kind: int, peer: int, other: int, conn: ConnectionId, cause: int, detail: Any
    ) -> int:
        number = self.next_id
        self.next_id = number + 1
        if kind in NOTES_LEVEL:
            if kind == NOTE_KIND:
                detail = self._sharing.get_shared(detail)
            self._rows += (kind, peer, other, conn, cause, detail)
            self._ids.append(number)
        return number

    def _append_none(
        self, kind: int, peer: int, other: int, conn: ConnectionId, cause: int, detail: Any
    ) -> int:
        self.next_id += 1
        return self.next_id - 1

    def cut(self, event: int) -> None:
        """Forget everything behind `event`, which lies at or behind the fork."""
        self._settle()
        own, row, number = event - self.fork_event, self.end_of(event), self.end_id(event)
        del self.event_at[own:], self.event_first[own:]
        self._kept.cut(max(0, row - self.first_row))
        if self.level == "notes":
            del self._ids[row - self.first_row :]
        for ids in self._inbox:
            del ids[bisect_left(ids, number) :]
        self.next_id = number

    def _settle(self) -> None:
        """Move new rows into the columns."""
        if self._rows:
            self._kept.take(self._rows)
            self._rows = []

    def _forget(self) -> None:
        """Let the oldest records go, in big bites, so that each moves in memory a few times at most."""
        if self.keep is None or len(self._kept) < 2 * self.keep:
            return
        self.hand_over()
        gone = len(self._kept) - self.keep
        self._kept.drop(gone)
        self.first_row += gone
        if self.level == "notes":
            del self._ids[:gone]

    def hand_over(self) -> None:
        """Let `spill` see what it has not seen yet."""
        if self.spill is not None and self._spilled < len(self):
            self.spill([self[place] for place in range(self._spilled, len(self))])
            self._spilled = len(self)

    # -- events -----------------------------------------------------------------------------------------

    @property
    def last_event(self) -> int:
        """The newest event."""
        return self.fork_event + len(self.event_at)

    def end_id(self, event: int) -> int:
        """How many ids were given out up to and including `event`."""
        if event < self.fork_event and self.parent:
            return self.parent.end_id(event)
        own = event - self.fork_event
        return self.event_first[own] if own < len(self.event_first) else self.next_id

    def end_of(self, event: int) -> int:
        """How many records were kept up to and including `event`; forgotten ones count."""
        if event <= self.fork_event and self.parent:
            return self.parent.end_of(event)
        if self.level == "full":
            return self.end_id(event)
        return self.first_row + bisect_left(self._ids, self.end_id(event))

    def time_of(self, event: int) -> Microseconds:
        """When an event happened; 0 for event 0, before the first."""
        if event <= self.fork_event:
            return self.parent.time_of(event) if self.parent else 0
        return self.event_at[event - self.fork_event - 1]

    def last_at(self, at: Microseconds) -> int:
        """The last event at or before a time; O(log events)."""
        own = bisect_right(self.event_at, at)
        if own == 0 and self.parent:
            return min(self.parent.last_at(at), self.fork_event)
        return self.fork_event + own

    def event_of(self, record: int) -> int:
        """The event that a record id belongs to."""
        if record < self.first_id and self.parent:
            return self.parent.event_of(record)
        return self.fork_event + bisect_right(self.event_first, record)

    # -- records ----------------------------------------------------------------------------------------

    def __len__(self) -> int:
        """One more than the place of the newest record."""
        return self.first_row + len(self._kept) + len(self._rows) // 6

    @property
    def first_kept(self) -> int:
        """Place of the oldest record that is still in memory."""
        began = self.parent.end_of(self.fork_event) if self.parent else 0
        if self.first_row > began or self.parent is None:
            return self.first_row
        return min(self.parent.first_kept, self.first_row)

    def __getitem__(self, place: int) -> Record:
        """The record at a place (its id, at level "full"). IndexError; UsageError when it was forgotten."""
        self._settle()
        if place < 0:
            place += len(self)
        if self.parent and place < self.first_row and place < self.parent.end_of(self.fork_event):
            return self.parent[place]
        if not 0 <= place < len(self):
            raise IndexError(f"record {place}: this trace has {len(self)}")
        if place < self.first_row:
            raise UsageError(
                f"record {place} was forgotten: this lab keeps its last {self.keep} (oldest {self.first_row})"
            )
        row = place - self.first_row
        number = self._ids[row] if self.level == "notes" else place
        kind, peer, other, conn, cause, detail = self._kept.row(row)
        event = self.event_of(number)
        return Record(number, event, self.time_of(event), Kind(kind), peer, other, conn, cause, detail)

    def __iter__(self) -> Iterator[Record]:
        """All records in memory, oldest first."""
        return self._read(range(self.first_kept, len(self)), KINDS)

    def of_kind(self, *kinds: Kind) -> Iterator[Record]:
        """Those of some kinds, oldest first. The others are not made at all, so this is quick."""
        return self._read(range(self.first_kept, len(self)), kinds)

    def _read(self, places: range, kinds: Collection[Kind]) -> Iterator[Record]:
        """Records from the columns, one after another: event and time are looked up once per event."""
        event, at, end, wanted = 0, 0, -1, frozenset(map(int, kinds))
        for begin in range(places.start, places.stop, BITE):
            part = self.columns(begin, stop := min(begin + BITE, places.stop))
            rows = zip(self._get_ids(begin, stop), *part.numbers(), part.details, strict=True)
            for number, kind, peer, other, conn, cause, detail in rows:
                if kind in wanted:
                    if number >= end:
                        event = self.event_of(number)
                        at, end = self.time_of(event), self.end_id(event)
                    yield Record(number, event, at, KINDS[kind], peer, other, conn, cause, detail)

    def _get_ids(self, start: int, stop: int) -> Sequence[int]:
        """Of the records at places `start` .. `stop` - 1."""
        if self.level == "full":
            return range(start, stop)
        if self.parent is None or start >= self.first_row:
            return self._ids[start - self.first_row : stop - self.first_row]
        past = self.parent._get_ids(start, min(stop, self.first_row))
        return [*past, *self._ids[: max(0, stop - self.first_row)]]

    def columns(self, start: int = 0, stop: int | None = None) -> Columns:
        """A copy of the records at places `start` .. `stop` - 1 as columns. UsageError when forgotten."""
        self._settle()
        stop = len(self) if stop is None else min(stop, len(self))
        if start < stop and start < self.first_kept:
            raise UsageError(f"the whole trace is needed, but it was forgotten up to {self.first_kept}")
        if self.parent is None or start >= self.first_row:
            return self._kept.part(start - self.first_row, stop - self.first_row)
        past = self.parent.columns(start, min(stop, self.first_row))
        past.extend(self._kept.part(0, max(0, stop - self.first_row)))
        return past

    def events(self, stop: int) -> tuple["array[int]", "array[int]"]:
        """Of the events 1 .. `stop`: when each happened, and the id of its first record; 8 bytes a number."""
        own = max(0, stop - self.fork_event)
        at, first = self.event_at[:own], array("q", self.event_first[:own])
        if self.parent is None:
            return at, first
        past_at, past_first = self.parent.events(min(stop, self.fork_event))
        return past_at + at, past_first + first

    def inbox(self, host: int, event: int) -> "array[int] | None":
        """Ids of what a node was told up to `event`; None where that was not kept."""
        if not self._has_inbox or (self.parent and not self.parent._has_inbox):
            return None
        past = self.parent.inbox(host, min(event, self.fork_event)) if self.parent else array("I")
        assert past is not None
        own = self._inbox[host]
        return past + own[: bisect_left(own, self.end_id(event))]
