"""A tape in a file: the parties and all records, as JSON. Nothing in a file is ever unpickled or evaluated.

A simulation's file holds what led to its records; of a real network the records themselves are kept. Every
distinct message stands once, as the bytes of its frame, and is read again by the codec that read it at first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from blockchain_lab.base.effects import TimerName
from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.messages import Codec, Message
from blockchain_lab.base.node import NodeFactory
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import NOBODY, Address
from blockchain_lab.sim.actions import ActionTable, action_from_json, action_to_json
from blockchain_lab.sim.plain import Range, from_plain, to_plain
from blockchain_lab.sim.recorded import REAL
from blockchain_lab.sim.saved import write_json
from blockchain_lab.sim.scenario_json import check_version, read_json
from blockchain_lab.sockets.tape import Party, Tape

FORMAT: Final = "blockchain-lab recording"
VERSION: Final = 1
Count = Annotated[int, Range(0)]
Place = Annotated[int, Range(NOBODY)]  # -1 for none
Row = tuple[
    Count, Count, Count, Count, Place, Place, Place, Any
]  # event, at, kind, peer, other, conn, cause, ...


@dataclass(frozen=True, slots=True)
class SavedParty:
    """One who took part."""

    name: str
    kind: str
    address: Address
    policy: dict[str, Any]
    disk: dict[str, Any]
    dials: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class SavedTape:
    """The whole file."""

    format: Literal["blockchain-lab recording"]
    version: int
    seed: Count
    started_at: Count
    chain: dict[str, Any]
    delays: tuple[tuple[Count, Count, Count], ...]  # (a, b, microseconds)
    parties: tuple[SavedParty, ...]
    frames: tuple[str, ...]
    records: tuple[Row, ...]


def write_tape(tape: Tape, path: Path, kinds: Sequence[str], codec: Codec) -> None:
    """Write a whole file or nothing; `kinds` are the parties'. UsageError."""
    frames: dict[str, int] = {}

    def number(message: Message) -> int:
        return frames.setdefault(codec.frame(message).hex(), len(frames))

    records = tuple(
        (each.event, each.at, int(each.kind), each.peer, each.other, each.conn, each.cause, detail)
        for each in tape.records
        for detail in [number(each.detail) if isinstance(each.detail, Message) else detail_to_plain(each)]
    )
    parties = tuple(
        SavedParty(party.name, kind, party.address, party.policy, party.disk, party.dials)
        for party, kind in zip(tape.parties, kinds, strict=True)
    )
    delays = tuple((a, b, delay) for (a, b), delay in tape.delays.items())
    saved = SavedTape(
        FORMAT,
        VERSION,
        tape.seed,
        tape.started_at,
        tape.chain,
        delays,
        parties,
        tuple(frames),
        records,
    )
    write_json(path, to_plain(saved))


def detail_to_plain(record: Record) -> Any:
    """JSON values for what is no message."""
    return action_to_json(record.detail) if record.kind is Kind.COMMAND else to_plain(record.detail)


def read_tape(
    path: Path,
    find_kind: Callable[[str], NodeFactory],
    make_codec: Callable[[dict[str, Any]], Codec],
    table: ActionTable,
) -> Tape:
    """Back from `write_tape`. UsageError, ScenarioError with the path of the key."""
    value = read_json(path)
    if isinstance(value, dict) and value.get("format") == FORMAT:
        check_version(value.get("version"), "")
    saved: SavedTape = from_plain(SavedTape, value, "")
    tape = Tape(seed=saved.seed, chain=saved.chain)
    tape.started_at = saved.started_at
    for place, each in enumerate(saved.parties):
        check_numbers(each.dials, len(saved.parties), f"parties.{place}.dials")
        factory = None if each.kind == REAL else find_kind(each.kind)
        tape.join(Party(each.name, each.address, factory, each.policy, each.disk, each.dials))
    for place, (a, b, delay) in enumerate(saved.delays):
        check_numbers((a, b), len(saved.parties), f"delays.{place}")
        tape.delays[a, b] = delay
    codec = make_codec(saved.chain)
    messages = [read_frame(frame, codec, f"frames.{place}") for place, frame in enumerate(saved.frames)]
    for place, row in enumerate(saved.records):
        last = tape.records[-1] if tape.records else None
        tape.records.append(read_record(row, place, last, messages, table, len(saved.parties)))
    return tape


def read_record(
    row: Row,
    place: int,
    last: Record | None,
    messages: Sequence[Message],
    table: ActionTable,
    parties: int,
) -> Record:
    """One record behind the last one. ScenarioError."""
    event, at, kind, peer, other, conn, cause, plain = row
    path = f"records.{place}"
    first, earliest = (last.event, last.at) if last else (1, 0)
    Range(first, first + 1 if last else 1).check(event, f"{path}.0")
    Range(earliest).check(at, f"{path}.1")
    Range(0, int(Kind.NOTE)).check(kind, f"{path}.2")
    check_numbers((peer, max(other, 0)), parties, path)
    Range(NOBODY, place - 1).check(cause, f"{path}.6")
    detail = read_detail(Kind(kind), plain, messages, table, f"{path}.7")
    return Record(place, event, at, Kind(kind), peer, other, conn, cause, detail)


def read_detail(kind: Kind, plain: Any, messages: Sequence[Message], table: ActionTable, path: str) -> Any:
    """What a record of this kind says. ScenarioError."""
    match kind:
        case Kind.SEND | Kind.DELIVER | Kind.DROP:
            check_numbers((from_plain(Count, plain, path),), len(messages), path)
            return messages[plain]
        case Kind.COMMAND:
            return action_from_json(plain, path, table)
        case Kind.TIMER:
            topic, conn, about = from_plain(tuple[str, int | None, Any], plain, path)
            return TimerName(topic, conn, about)
        case _:
            return from_plain(DETAILS[kind], plain, path)


DETAILS: Final[dict[Kind, Any]] = {
    Kind.START: int | None,
    Kind.CONNECT: tuple[Address, bool],
    Kind.DIAL_FAILED: tuple[Address, str],
    Kind.DISCONNECT: str,
    Kind.KILL: str,
    Kind.DIAL: Address,
    Kind.HANG_UP: str,
    Kind.NOTE: tuple[str, dict[str, Any]],
}


def read_frame(frame: str, codec: Codec, path: str) -> Message:
    """The message in a frame's bytes. ScenarioError."""
    try:
        messages, rest = codec.split(bytes.fromhex(frame))
    except ValueError:
        raise ScenarioError(path, f"found {frame!r:.40}, accepted: hexadecimal digits") from None
    if len(messages) != 1 or rest:
        raise ScenarioError(
            path, f"found {len(messages)} messages and {len(rest)} bytes, accepted: one message"
        )
    return messages[0]


def check_numbers(numbers: Sequence[int], count: int, path: str) -> None:
    """ScenarioError for a number that nobody, or no message, has."""
    for number in numbers:
        Range(0, count - 1).check(number, path)
