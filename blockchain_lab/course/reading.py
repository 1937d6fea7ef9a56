"""Reading a run: what checks ask of a trace, in terms of peers' names. Nothing here acts or judges."""

from collections.abc import Iterator, Sequence
from typing import Any

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.lab import Lab


def get_records(lab: Lab, kind: Kind, peer: str | None = None) -> Iterator[Record]:
    """Records of one kind, of one peer or of all, in the order of the run. O(records)."""
    number = None if peer is None else lab.names.index(peer)
    return (record for record in lab.trace.of_kind(kind) if number in (None, record.peer))


def get_notes(lab: Lab, topic: str, peer: str | None = None) -> Iterator[tuple[Record, dict[str, Any]]]:
    """The notes of one topic, with their facts."""
    for record in get_records(lab, Kind.NOTE, peer):
        if record.detail[0] == topic:
            yield record, record.detail[1]


def get_messages(
    lab: Lab, command: str, *, sender: str | None = None, receiver: str | None = None
) -> Iterator[Record]:
    """The sendings of one command."""
    to = None if receiver is None else lab.names.index(receiver)
    for record in get_records(lab, Kind.SEND, sender):
        if record.detail is not None and record.detail.command == command and to in (None, record.other):
            yield record


def get_command_order(lab: Lab, one: str, other: str, pool: Sequence[str]) -> list[str]:
    """Which of the commands in `pool` two peers exchange, by when one of them first sends it."""
    ends = {lab.names.index(one), lab.names.index(other)}
    seen: dict[str, None] = {}
    for record in get_records(lab, Kind.SEND):
        if {record.peer, record.other} == ends and record.detail is not None:
            seen.setdefault(record.detail.command)
    return [command for command in seen if command in pool]


def get_newcomers(lab: Lab) -> list[str]:
    """The peers that start without a chain on their disk."""
    return [name for name, peer in lab.scenario.peers.items() if not peer.disk]


def get_servers(lab: Lab) -> list[str]:
    """The peers that start with a chain on their disk."""
    return [name for name, peer in lab.scenario.peers.items() if peer.disk]
