"""What a run says of gossip: how many heard of an item and when, and at what price. Pure; from records only.

Any iterable of records does, a lab's trace for one. Items are named as in the note `item learned`: the
hexadecimal SHA-256. Peers are host numbers.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import Microseconds
from blockchain_lab.overlay.gossip_messages import Item, Rumour

LEARNED: Final = "item learned"
ARRIVALS: Final = (Kind.DELIVER, Kind.DATAGRAM)

Learning = Mapping[str, Mapping[int, Microseconds]]  # item -> peer -> when it learned it first


def find_learning(records: Iterable[Record]) -> dict[str, dict[int, Microseconds]]:
    """Who learned which item when, in order. Who forgot it and learned it again counts once."""
    learning: dict[str, dict[int, Microseconds]] = {}
    for record in records:
        if record.kind == Kind.NOTE and record.detail[0] == LEARNED:
            learning.setdefault(record.detail[1]["item"], {}).setdefault(record.peer, record.at)
    return learning


def compute_coverage(learning: Learning, item: str, peers: int) -> float:
    """The share of the peers that have heard of an item."""
    return len(learning.get(item, {})) / peers


def get_curve(learning: Learning, item: str) -> list[tuple[Microseconds, int]]:
    """When how many knew it, from the time of its publishing on."""
    times = sorted(learning.get(item, {}).values())
    return [(at - times[0], count) for count, at in enumerate(times, 1)]


def count_rounds(learning: Learning, item: str, every: Microseconds) -> int:
    """In which round after its own the last one heard of it; rounds begin at multiples of `every`."""
    times = learning[item].values()
    return max(times) // every - min(times) // every


def count_duplicates(records: Iterable[Record]) -> dict[str, int]:
    """How often an item came to somebody who had it, or had just been sent another copy."""
    copies: Counter[str] = Counter()
    firsts: Counter[str] = Counter()
    for record in records:
        if record.kind in ARRIVALS:
            message = record.detail[1] if record.kind == Kind.DATAGRAM else record.detail
            item = message.item if isinstance(message, Rumour) else message
            if isinstance(item, Item):
                copies[item.name.hex()] += 1
        elif record.kind == Kind.NOTE and record.detail[0] == LEARNED and record.detail[1]["from"]:
            firsts[record.detail[1]["item"]] += 1
    return {item: copies[item] - firsts[item] for item in copies}


def count_messages(records: Iterable[Record]) -> Counter[str]:
    """Messages sent, by command."""
    return Counter(record.detail.wire_name for record in records if record.kind == Kind.SEND)


def count_bytes(records: Iterable[Record]) -> Counter[str]:
    """Bytes sent, by command, envelopes included."""
    sizes: Counter[str] = Counter()
    for record in records:
        if record.kind == Kind.SEND:
            sizes[record.detail.wire_name] += record.detail.size
    return sizes


def compute_bytes_per_peer(sizes: Mapping[str, int], peers: int, items: int) -> float:
    """What one item costs one peer, in bytes sent (or received: nothing gets lost in between on lines)."""
    return sum(sizes.values()) / peers / items
