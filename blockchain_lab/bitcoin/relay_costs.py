"""What a block has cost the network, read off a trace: bytes for each command, and how long each peer waited.

    costs = compute_block_costs(lab.trace, lab.names)
    costs[hash].spent     {"inv": 915, "getdata": 549, "block": 7803, ...}     bytes, all peers together
    costs[hash].waits     {"ann": 0, "bob": 241_000, ...}                      µs from its finding

So four ways to pass on blocks can be compared: by inv, by header, by short ids, and by short ids unasked. A
message about several things is shared out among them; one that names no block (`getheaders`, empty `headers`)
belongs to the blocks that led to it. A pure function of records: no node and no simulator here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.messages import Message
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import Microseconds, display_hash
from blockchain_lab.bitcoin.messages import (
    MSG_BLOCK,
    MSG_CMPCT_BLOCK,
    MSG_FILTERED_BLOCK,
    MSG_WITNESS_BLOCK,
    Block,
    BlockTransactions,
    CompactBlock,
    GetBlocks,
    GetBlockTransactions,
    GetData,
    GetHeaders,
    Headers,
    Inv,
)

BLOCK_TYPES: Final = (MSG_BLOCK, MSG_WITNESS_BLOCK, MSG_FILTERED_BLOCK, MSG_CMPCT_BLOCK)

Shares = Mapping[bytes, int]  # block -> how many bytes of a message are about it


@dataclass(slots=True)
class BlockCost:
    """One block's. It is found when the first peer accepts it."""

    found: Microseconds
    spent: Counter[str] = field(default_factory=Counter)  # command -> bytes, envelopes included
    waits: dict[str, Microseconds] = field(default_factory=dict)  # peer -> until it had accepted the block

    @property
    def total(self) -> int:
        """Bytes in all."""
        return self.spent.total()

    @property
    def slowest(self) -> Microseconds:
        """Until the last of those who have it had it."""
        return max(self.waits.values())


def compute_block_costs(records: Iterable[Record], names: Sequence[str]) -> dict[str, BlockCost]:
    """The costs of all blocks that somebody has accepted meanwhile, by hash as people write it.

    names: of the peers, by host number. A trace of another level than "full" has no messages. O(records)
    """
    costs: dict[str, BlockCost] = {}
    spent: dict[bytes, Counter[str]] = {}
    shares: dict[int, Shares] = {}  # message record -> what it is about
    for record in records:
        if record.kind is Kind.SEND and is_about_blocks(record.detail):
            shares[record.id] = share_out(record.detail, shares.get(record.cause, {}))
            for name, size in shares[record.id].items():
                spent.setdefault(name, Counter())[record.detail.wire_name] += size
        elif record.kind is Kind.DELIVER and record.cause in shares:
            shares[record.id] = shares[record.cause]
        elif record.kind is Kind.NOTE and record.detail[0] == "block accepted":
            cost = costs.setdefault(record.detail[1]["hash"], BlockCost(record.at))
            cost.waits.setdefault(names[record.peer], record.at - cost.found)
    for name, sizes in spent.items():
        if (shown := display_hash(name)) in costs:
            costs[shown].spent = sizes
    return costs


def is_about_blocks(message: Message | None) -> bool:
    """Is it one of the messages with which blocks are told of, asked for or sent?"""
    return isinstance(
        message,
        Inv
        | GetBlocks
        | GetHeaders
        | Headers
        | GetData
        | Block
        | CompactBlock
        | GetBlockTransactions
        | BlockTransactions,
    )


def share_out(message: Message, cause: Shares) -> Shares:
    """Which blocks a message is about, and how many of its bytes belong to each. cause: of what led to it."""
    match message:
        case Inv(items) | GetData(items):
            parts = split(message.size, len(items))
            found = [
                (item.hash, part) for item, part in zip(items, parts, strict=True) if item.type in BLOCK_TYPES
            ]
            return add_up(found)
        case Headers(headers) if headers:
            names = [header.hash() for header in headers]
            return add_up(zip(names, split(message.size, len(names)), strict=True))
        case Block(header) | CompactBlock(header):
            return {header.hash(): message.size}
        case GetBlockTransactions(block) | BlockTransactions(block):
            return {block: message.size}
    return dict(zip(cause, split(message.size, len(cause)), strict=True))


def add_up(parts: Iterable[tuple[bytes, int]]) -> Shares:
    """A block may be named twice."""
    total: Counter[bytes] = Counter()
    for name, size in parts:
        total[name] += size
    return total


def split(size: int, count: int) -> list[int]:
    """So many bytes in equal parts; the first ones have one more where it does not come out even."""
    each, more = divmod(size, count) if count else (0, 0)
    return [each + (place < more) for place in range(count)]
