"""What one block costs on each overlay: messages and bytes by command. Pure; from records only.

A message belongs to the overlay of its line, which the first `status` on it names. It is about a block if it
brings the block, attests it, or brings, names or asks for one of its transactions.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from blockchain_lab.base.messages import Message
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import ConnectionId
from blockchain_lab.layers.ledger_block import Block, Branch
from blockchain_lab.layers.ledger_messages import (
    Aggregate,
    Attestation,
    Overlay,
    PrivateTx,
    Status,
    TxNames,
)
from blockchain_lab.layers.ledger_transaction import Transaction


@dataclass(frozen=True, slots=True)
class Cost:
    """What was sent."""

    messages: int = 0
    size: int = 0  # bytes, envelopes included

    def plus(self, message: Message) -> "Cost":
        """One message more."""
        return Cost(self.messages + 1, self.size + message.size)


Costs = Mapping[Overlay, Mapping[str, Cost]]  # overlay -> command -> what was sent


def find_overlays(records: Iterable[Record]) -> dict[ConnectionId, Overlay]:
    """What each end of a line is for: both ends say so before they say anything else."""
    found: dict[ConnectionId, Overlay] = {}
    for record in records:
        if record.kind is Kind.SEND and isinstance(record.detail, Status):
            found.setdefault(record.conn, Overlay(record.detail.overlay))
    return found


def find_block(records: Iterable[Record], height: int) -> Block | None:
    """The first block of a height that anybody sent."""
    for record in records:
        is_block = record.kind is Kind.SEND and isinstance(record.detail, Block)
        if is_block and record.detail.height == height:
            block: Block = record.detail
            return block
    return None


def get_costs(records: Iterable[Record], block: Block) -> Costs:
    """All that was sent about a block and what it carries. O(records), twice."""
    kept = [record for record in records if record.kind is Kind.SEND]
    overlays = find_overlays(kept)
    names = frozenset(each.name for each in block.transactions)
    costs: dict[Overlay, dict[str, Cost]] = {overlay: {} for overlay in Overlay}
    for record in kept:
        if record.conn in overlays and is_about(record.detail, block.name, names):
            row = costs[overlays[record.conn]]
            command = record.detail.wire_name
            row[command] = row.get(command, Cost()).plus(record.detail)
    return costs


def is_about(message: Message, block: bytes, names: frozenset[bytes]) -> bool:
    """Is a message about this block, or about one of these transactions?"""
    match message:
        case Attestation() | Aggregate():
            return message.block == block
    return block in get_blocks(message) or any(name in names for name in get_names(message))


def get_blocks(message: Message) -> Iterator[bytes]:
    """The blocks that a message brings."""
    match message:
        case Block():
            yield message.name
        case Branch():
            yield from (each.name for each in message.blocks)


def get_names(message: Message) -> Iterator[bytes]:
    """The transactions that a message brings by themselves, names or asks for."""
    match message:
        case Transaction():
            yield message.name
        case PrivateTx():
            yield message.transaction.name
        case TxNames():
            yield from message.names


def sum_costs(costs: Mapping[str, Cost]) -> Cost:
    """Of all commands together."""
    return Cost(sum(each.messages for each in costs.values()), sum(each.size for each in costs.values()))


def get_listeners(records: Iterable[Record], subnet: int, slot: int) -> dict[str, list[int]]:
    """Which peers heard which validator's attestation, on a subnet in a slot: validator -> host numbers."""
    heard: dict[str, list[int]] = {}
    for record in records:
        if record.kind is Kind.NOTE and record.detail[0] == "attestation heard":
            facts = record.detail[1]
            if (facts["subnet"], facts["slot"]) == (subnet, slot):
                heard.setdefault(facts["validator"], []).append(record.peer)
    return heard
