"""Named scenarios played to their end, and what tests read off their traces."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from blockchain_lab.base.messages import Message
from blockchain_lab.base.records import Kind
from blockchain_lab.bitcoin.paying import get_script_of
from blockchain_lab.bitcoin.script import Form
from blockchain_lab.lab import Lab


def play(name: str, **options: Any) -> Lab:
    """A scenario run to its end."""
    lab = Lab(name, **options)
    lab.run(until=lab.scenario.until)
    return lab


@cache
def read(name: str) -> Lab:
    """The same, for those who only look: played once, so nobody may act in it or move its cursor."""
    return play(name)


def messages(lab: Lab, sender: str, receiver: str) -> Iterator[Message]:
    """What one peer sent to another, in order."""
    pair = lab.names.index(sender), lab.names.index(receiver)
    for record in lab.trace:
        if record.kind == Kind.SEND and (record.peer, record.other) == pair:
            yield record.detail


def notes(lab: Lab, peer: str, topic: str) -> list[dict[str, Any]]:
    """The facts of a peer's notes of one topic."""
    return [facts for _, facts in timed_notes(lab, peer, topic)]


def timed_notes(lab: Lab, peer: str, topic: str) -> list[tuple[int, dict[str, Any]]]:
    """The same, each with its moment, microseconds."""
    host = lab.names.index(peer)
    return [
        (record.at, record.detail[1])
        for record in lab.trace
        if record.kind == Kind.NOTE and record.peer == host and record.detail[0] == topic
    ]


def thoughts(lab: Lab, peer: str) -> list[str]:
    """What an attacker thought, in order."""
    return [facts["what"] for facts in notes(lab, peer, "strategy")]


def hang_ups(lab: Lab) -> list[tuple[str, str, str]]:
    """(who, on whom, why)."""
    return [
        (lab.names[record.peer], lab.names[record.other], record.detail)
        for record in lab.trace
        if record.kind == Kind.HANG_UP
    ]


def count_bytes(lab: Lab, start: int, end: int) -> Counter[str]:
    """What was sent in a span of time, in bytes for each command; microseconds, the end excluded."""
    sizes: Counter[str] = Counter()
    for record in lab.trace:
        if record.kind == Kind.SEND and start <= record.at < end:
            sizes[record.detail.wire_name] += record.detail.size
    return sizes


def get_blocks(lab: Lab, peer: str, start: int = 1) -> list[Any]:
    """The blocks of a peer's active chain, from a height on."""
    chain = lab.peer(peer).chain
    return [chain.get_block(entry.hash) for entry in chain.active.get_slice(start, chain.height + 1)]


def count_owners(lab: Lab, peer: str) -> Counter[str]:
    """Whose rewards the blocks of a peer's active chain are, where miners are paid by name."""
    names = {get_script_of(name, Form.WITNESS_KEY_HASH): name for name in lab.names}
    return Counter(names[block.transactions[0].outputs[0].script] for block in get_blocks(lab, peer))


def get_tips(lab: Lab) -> set[str]:
    """The tips that the peers end on."""
    return {lab.peer(name).chain.tip.hash for name in lab.names}
