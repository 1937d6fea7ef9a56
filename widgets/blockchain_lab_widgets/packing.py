"""A trace as the page gets it: columns, one after another, and a table of distinct facts.

Five thousand records hold some five hundred distinct facts, so facts are numbered and a column names them.
A table only grows: what was said once stays sayable, even when the future in which it was said is replaced.
"""

import functools
import json
import reprlib
from array import array
from collections.abc import Callable, Container, Iterator
from typing import Any, Final

from blockchain_lab.base.messages import Codec, Message
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import NOBODY, Microseconds
from blockchain_lab_widgets.facts import get_facts
from blockchain_lab_widgets.message_table import MessageTable, little_endian

GetLatency = Callable[[int, int], Microseconds]  # of two hosts

# The order and the types of `RECORD` in trace.js: widest first, so that every column begins aligned.
COLUMNS: Final = {
    "at": "d", "conn": "d", "event": "i", "cause": "i", "peer": "i", "other": "i", "facts": "i", "kind": "B",
}  # fmt: skip


class Packer:
    """Follows a trace and packs any stretch of it. O(1) a record, kept at some 40 bytes."""

    def __init__(self, codec: Codec | None, get_latency: GetLatency | None = None) -> None:
        """Nothing is packed yet. Without a codec a message's frame is its payload.

        `get_latency`, of two hosts: how long their link takes at time 0, told where they are connected.
        """
        self.messages = MessageTable(codec)
        self._get_latency = get_latency
        self._columns = new_columns()
        self._facts: list[str] = ["{}"]  # JSON of the distinct facts; entry 0 stands for none
        self._numbers = {"{}": 0}  # the same, by text
        self._of_message: dict[int, int] = {}  # number of a message -> number of its facts

    def __len__(self) -> int:
        """How many records are packed: whole ones, whose last column is there."""
        return len(self._columns["kind"])

    @property
    def fact_count(self) -> int:
        """How many distinct facts there are."""
        return len(self._facts)

    def follow(self, trace: Any) -> None:
        """Pack what the trace has more than we. O(new records)."""
        for column in self._columns.values():
            del column[len(self) :]  # the learner may have interrupted us within a record
        for row in range(len(self), len(trace)):
            self._add(self._columns, trace[row])

    def begin(self, codec: Codec | None) -> None:
        """Another scenario: its records are none of those before. What was said stays sayable."""
        self._columns = new_columns()
        self.messages.use(codec)

    def replace(self, trace: Any) -> int:
        """Pack the trace anew, and tell how many records at its start are as they were. O(records)."""
        before, self._columns = self._columns, new_columns()
        try:
            self.follow(trace)
        except BaseException:
            self._columns = before
            raise
        return get_common_length(before, self._columns)

    def pack(self, start: int, facts_start: int) -> bytes:
        """The records from `start` on and the facts from `facts_start` on."""
        parts = [little_endian(column[start:]).tobytes() for column in self._columns.values()]
        return b"".join([*parts, f"[{','.join(self._facts[facts_start:])}]".encode()])

    def read(self, kinds: Container[int], rows: int) -> Iterator[tuple[int, int, dict[str, Any]]]:
        """Kind, host and facts of the records of these kinds among the first so many. O(rows)."""
        kind_of, peer_of, facts_of = (self._columns[name] for name in ("kind", "peer", "facts"))
        tell = functools.cache(lambda number: json.loads(self._facts[number]))
        for row in range(min(rows, len(self))):
            if kind_of[row] in kinds:
                yield kind_of[row], peer_of[row], tell(facts_of[row])

    def tell(self, start: int, stop: int) -> Iterator[tuple[int, int, int, int, dict[str, Any]]]:
        """Event, kind, host, other host and facts of some records. O(records)."""
        columns = [self._columns[name] for name in ("event", "kind", "peer", "other", "facts")]
        tell = functools.cache(lambda number: json.loads(self._facts[number]))
        for row in range(start, min(stop, len(self))):
            event, kind, peer, other, facts = (column[row] for column in columns)
            yield event, kind, peer, other, tell(facts)

    def _add(self, columns: "dict[str, array[Any]]", record: Record) -> None:
        facts = self._number_facts(record)
        columns["at"].append(record.at)
        columns["conn"].append(record.conn)
        columns["event"].append(record.event)
        columns["cause"].append(record.cause)
        columns["peer"].append(record.peer)
        columns["other"].append(record.other)
        columns["facts"].append(facts)
        columns["kind"].append(record.kind)

    def _number_facts(self, record: Record) -> int:
        detail = record.detail
        if not isinstance(detail, Message):
            return self._number(get_facts(record, self.messages.number_of) | self._measure(record))
        message = self.messages.number_of(detail)
        if message not in self._of_message:
            self._of_message[message] = self._number(get_facts(record, self.messages.number_of))
        return self._of_message[message]

    def _measure(self, record: Record) -> dict[str, Any]:
        if record.kind != Kind.CONNECT or record.other == NOBODY or self._get_latency is None:
            return {}
        return {"latency": self._get_latency(record.peer, record.other)}

    def _number(self, facts: dict[str, Any]) -> int:
        text = encode(facts)
        number = self._numbers.setdefault(text, len(self._facts))
        if number == len(self._facts):
            self._facts.append(text)
        return number


def new_columns() -> "dict[str, array[Any]]":
    """Empty columns."""
    return {name: array(code) for name, code in COLUMNS.items()}


def get_common_length(ours: "dict[str, array[Any]]", theirs: "dict[str, array[Any]]") -> int:
    """How many records at the start are equal in every column. O(records), by comparing blocks of memory."""
    low, high = 0, min(len(ours["event"]), len(theirs["event"]))
    while low < high:
        middle = (low + high + 1) // 2
        if all(ours[name][low:middle] == theirs[name][low:middle] for name in COLUMNS):
            low = middle
        else:
            high = middle - 1
    return low


def encode(facts: dict[str, Any]) -> str:
    """Facts as JSON. A learner's note may hold anything: what JSON does not know is shown as Python does."""
    try:
        return dump(facts)
    except (TypeError, ValueError, RecursionError):
        return dump({str(name): tell(value) for name, value in facts.items()})


def dump(value: Any) -> str:
    """JSON without spaces, and without NaN, which a page does not read."""
    return json.dumps(value, separators=(",", ":"), default=to_json, allow_nan=False)


def tell(value: Any) -> Any:
    """The value if JSON knows it, else its `repr`, cut."""
    try:
        dump(value)
    except (TypeError, ValueError, RecursionError):
        return reprlib.repr(value)
    return value


def to_json(value: Any) -> Any:
    """What JSON does not know but actions and notes may hold: sets in order, bytes in hexadecimal."""
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"facts hold JSON values, found {type(value).__name__}")
