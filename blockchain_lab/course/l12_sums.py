"""Lesson 12, the sums: the race on paper, trips, needless copies, short ids, stale blocks."""

from collections import deque
from collections.abc import Mapping
from functools import cache
from math import exp
from typing import Final, NamedTuple

from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.compact import make_compact_block
from blockchain_lab.bitcoin.conversations import ANSWERS
from blockchain_lab.bitcoin.messages_compact import CompactBlock
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput
from blockchain_lab.chain.work import TARGET_SPACING
from blockchain_lab.course.l12_runs import WINNERS

ENVELOPE: Final = 24  # bytes before each payload
HEADER: Final = 80  # bytes of a block's header
ENTRY: Final = 36  # bytes of an entry of inv and getdata, which one byte counts
NEIGHBOURS: Final = 8
MEGABYTE: Final = 1_000_000  # bytes of the block that all push
PAYMENTS: Final = 2_500  # of the block in short ids
COINBASE: Final = 200  # its bytes
SHORT_ID: Final = 6  # bytes
HASHES: Final = 1_000_000  # a second, of all miners together: any large number gives the same


# -- the race on paper ---------------------------------------------------------------------------------------

LATENCY: Final = 0.1  # seconds, of every line in the story
UPLINK: Final = 8_000  # bytes a second
HOPS: Final = 3  # from the finder to the far end of a ladder
LINES: Final = 7  # of a ladder
OTHERS: Final = 5  # peers beside the finder
WHOLE: Final = ENVELOPE + HEADER + 1 + 73 + 24 * 71  # the block: its coinbase, and 24 payments
SHORT: Final = ENVELOPE + HEADER + 8 + 1 + 24 * SHORT_ID + 2 + 73  # the same in short ids
NAMED: Final = ENVELOPE + 1 + ENTRY  # an inv or a getdata of one entry
TOLD: Final = ENVELOPE + 1 + HEADER + 1  # one header in a headers message


class Hop(NamedTuple):
    """What goes over a line until the block is there: the names before it, and the block."""

    before: tuple[int, ...]  # bytes of each
    block: int  # bytes
    copies: int = OTHERS  # of the block, at least, in the whole ladder: one for each who does not have it


HOP_OF: Final[Mapping[str, Hop]] = {
    "push": Hop((), WHOLE, LINES),  # nobody is asked, so a copy on each line
    "inv": Hop((NAMED, NAMED), WHOLE),
    "ask": Hop((TOLD, NAMED), SHORT),
    "fast": Hop((), SHORT),
}


def reckon_seconds(way: str) -> float:
    """Until the far end has it, when nothing else waits for the uplinks."""
    hop = HOP_OF[way]
    messages = (*hop.before, hop.block)
    return HOPS * sum(LATENCY + size / UPLINK for size in messages)


def reckon_bytes(way: str) -> int:
    """At least so many in all: the copies, each with its names."""
    hop = HOP_OF[way]
    return hop.copies * (sum(hop.before) + hop.block)


def reckon_winners(seed: int) -> str:
    """Which option of the first question fits the first and the dearest way."""
    return WINNERS[min(HOP_OF, key=reckon_seconds), max(HOP_OF, key=reckon_bytes)]


# -- trips ---------------------------------------------------------------------------------------------------

START: Final[Mapping[str, tuple[str, ...]]] = {  # what is said, beginning with what nobody asked for
    "push": ("block",),
    "inv, first years": ("inv", "getdata", "block"),
    "inv, to a node of today": ("inv", "getheaders", "headers", "getdata", "block"),
    "headers": ("headers", "getdata", "block"),
    "short ids, asked for": ("headers", "getdata", "cmpctblock"),
    "short ids, unasked": ("cmpctblock",),
    "asked for, one missing": ("headers", "getdata", "cmpctblock", "getblocktxn", "blocktxn"),
    "unasked, one missing": ("cmpctblock", "getblocktxn", "blocktxn"),
}


def reckon_trips(seed: int) -> dict[str, str]:
    """Case -> messages by the standards, each of which crosses the line once."""
    return {case: str(len(commands)) for case, commands in START.items()}


def find_way_on_map(first: str, last: str) -> list[str]:
    """The shortest way on the map of messages, from each to its answer, as a search in breadth finds it."""
    ways = deque([[first]])
    while ways:
        way = ways.popleft()
        if way[-1] == last:
            return way
        ways.extend([*way, answer] for answer in ANSWERS.get(way[-1], ()) if answer not in way)
    return []


def order_by_map(seed: int) -> list[str]:
    """From the header to the missing payments."""
    return find_way_on_map("headers", "blocktxn")


# -- copies that nobody needs --------------------------------------------------------------------------------


def reckon_waste(seed: int) -> int:
    """Bytes of all copies but the first."""
    return (NEIGHBOURS - 1) * (ENVELOPE + MEGABYTE)


def measure_waste(seed: int) -> int:
    """The same with a block of just that size: what eight of them weigh on the wire, less one."""
    empty = Block(make_header(), (pad_transaction(0, MEGABYTE - HEADER - 1),))
    return NEIGHBOURS * empty.size - empty.size


def make_header() -> Header:
    """Any header."""
    return Header(4, bytes(32), bytes(32), 0, 0, 0)


def pad_transaction(number: int, size: int) -> Transaction:
    """A transaction of just so many bytes; another number, another transaction."""
    script = 0
    while True:
        output = TxOutput(number, bytes(script))
        tx = Transaction(2, (TxInput(OutPoint(bytes(32), number), b""),), (output,))
        if (short := size - len(tx.encode())) <= 0:
            return tx
        script += short if script else max(short - 4, 1)


# -- short ids -----------------------------------------------------------------------------------------------


def reckon_compact(seed: int) -> int:
    """Header, nonce, count of 3 bytes, ids, one whole coinbase with its place and their count; envelope."""
    return ENVELOPE + HEADER + 8 + 3 + PAYMENTS * SHORT_ID + 1 + 1 + COINBASE


@cache
def make_compact() -> CompactBlock:
    """Such a block in short ids."""
    coinbase = pad_transaction(0, COINBASE)
    payments = [pad_transaction(number, 300) for number in range(1, PAYMENTS + 1)]
    return make_compact_block(Block(make_header(), (coinbase, *payments)), nonce=7)


def measure_compact(seed: int) -> int:
    """What the engine's message weighs."""
    return make_compact().size


# -- stale blocks --------------------------------------------------------------------------------------------


def get_stale_percent(delay: int) -> float:
    """By the law of rare events: the chance that somebody finds a rival within the delay (seconds)."""
    return 100 * (1 - exp(-delay / TARGET_SPACING))


def count_stale_percent(delay: int) -> float:
    """The same hash by hash: none of those that are tried meanwhile is a find."""
    return 100 * (1 - (1 - 1 / (TARGET_SPACING * HASHES)) ** (delay * HASHES))
