"""What happened in a real network, written down while it happens, as the records that a simulation writes.

A simulation can be played again, so it saves what led to it; a real network cannot, so its records are all
there is. `blockchain_lab.recording` shows them. Where we know less than a simulator does, a record says the
least that is true (`far_end`).
"""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from blockchain_lab.base.effects import Note
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import NodeFactory
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import NOBODY, Address, ConnectionId, Microseconds


@dataclass(slots=True)
class Party:
    """Who takes part: a node of ours, or a program at the other end of a real line."""

    name: str  # "" for a program that nobody has named
    address: Address
    factory: NodeFactory | None = None  # None: another program, whose inside nobody sees
    policy: dict[str, Any] = field(default_factory=dict)
    disk: dict[str, Any] = field(default_factory=dict)  # at the first start
    dials: tuple[int, ...] = ()  # whom it dials at its start: numbers of parties
    was_met: bool = False  # a program: it has answered, or come to us


class Tape:
    """The parties in the order in which they came, and all records. A tape that is off writes nothing.

    `seed`, `started_at` (Unix seconds at time 0) and `chain` are what our nodes were built from.
    """

    def __init__(self, *, is_on: bool = True, seed: int = 0, chain: dict[str, Any] | None = None) -> None:
        """Empty."""
        self.is_on, self.seed, self.started_at, self.chain = is_on, seed, 0, chain or {}
        self.delays: dict[tuple[int, int], Microseconds] = {}  # one way, of lines in memory
        self.parties: list[Party] = []
        self.records: list[Record] = []
        self._by_address: dict[Address, int] = {}

    def join(self, party: Party) -> int:
        """One more takes part. Its number."""
        if not self.is_on:
            return NOBODY
        number = len(self.parties)
        party.policy, party.disk = deepcopy(party.policy), deepcopy(party.disk)
        self.parties.append(party)
        self._by_address[party.address] = number
        return number

    def move(self, number: int, address: Address) -> None:
        """The system has chosen a port: this is where the party listens."""
        if self.is_on:
            self._by_address.pop(self.parties[number].address, None)
            self.parties[number].address = address
            self._by_address[address] = number

    def find(self, address: Address) -> int:
        """Who is there; NOBODY as far as we know."""
        return self._by_address.get(address, NOBODY)

    def know(self, address: Address) -> int:
        """Who is there; if nobody that we know, a program without a name."""
        number = self.find(address)
        return self.join(Party("", address)) if number == NOBODY else number

    def meet(self, address: Address, at: Microseconds) -> int:
        """A program has come from this address, or answers there: whoever it is, it runs."""
        number = self.know(address)
        if self.is_on and not self.parties[number].was_met:
            self.parties[number].was_met = True
            self.event(at, Kind.START, number)
        return number

    def event(
        self,
        at: Microseconds,
        kind: Kind,
        peer: int,
        other: int = NOBODY,
        conn: ConnectionId = NOBODY,
        cause: int = NOBODY,
        detail: Any = None,
    ) -> int:
        """Something happens: the first record of a new event. Its id."""
        if not self.is_on:
            return NOBODY
        event = self.records[-1].event + 1 if self.records else 1
        return self._write(Record(len(self.records), event, at, kind, peer, other, conn, cause, detail))

    def add(self, kind: Kind, peer: int, other: int, conn: ConnectionId, cause: int, detail: Any) -> int:
        """What a node asks for in answer: one more record of the last event. Its id."""
        if not self.is_on:
            return NOBODY
        last = self.records[-1]
        return self._write(Record(last.id + 1, last.event, last.at, kind, peer, other, conn, cause, detail))

    def note(self, peer: int, cause: int, note: Note) -> None:
        """A fact, as it is now."""
        if self.is_on:
            self.add(Kind.NOTE, peer, NOBODY, NOBODY, cause, (note.topic, deepcopy(note.facts)))

    def said(self, number: int) -> Iterable[Message]:
        """What a party has said, in order. O(records)."""
        return (each.detail for each in self.records if each.kind is Kind.SEND and each.peer == number)

    def _write(self, record: Record) -> int:
        self.records.append(record)
        return record.id
