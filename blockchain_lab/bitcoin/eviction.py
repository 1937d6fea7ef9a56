"""All inbound places are taken and somebody dials: who has to go?

An attacker can dial as often as he likes, and must not push everybody out. So peers are kept for what costs
him something: being of a group whose number only we know, being near, bringing new transactions and blocks,
having stayed for long. Of the others, the largest group loses its youngest member.

    4 by group, in an order that only we know          cannot be foreseen
    8 with the shortest ping                           needs hosts near us
    4 who last brought a new transaction               needs work
    8 for blocks only who last brought a new block     needs work
    4 who last brought a new block                     needs work
    half of the rest, the longest connected; of this   needs time
      half up to a half is kept for Tor, I2P and this
      machine, whose pings are long

So up to 20 peers nobody goes, and from 29 on always somebody. Before 0.12 (2016) nobody was pushed out: who
came when all places were taken was refused (`Era.evicts_inbound`).

Source: Bitcoin Core `node/eviction.cpp`. Not here: CJDNS, which we do not know. Where Core leaves a tie open,
the longer connected one is kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.bitcoin.address_groups import Net

KEPT_BY_GROUP: Final = 4
KEPT_BY_PING: Final = 8
KEPT_BY_TRANSACTIONS: Final = 4
KEPT_FOR_BLOCKS_ONLY: Final = 8
KEPT_BY_BLOCKS: Final = 4
NO_PING: Final = 1 << 62  # µs: longer than any that was measured
LOCAL: Final = "local"
DISADVANTAGED: Final[tuple[Net | str, ...]] = (Net.I2P, LOCAL, Net.ONION)  # the first one wins a tie


@dataclass(frozen=True, slots=True)
class Candidate:
    """What counts of an inbound peer. Times are microseconds since the start; 0: never."""

    conn: ConnectionId
    connected_at: Microseconds
    group: int  # keyed hash of its network group: the order is ours alone
    min_ping: Microseconds = NO_PING  # the shortest answer to a ping
    last_block: Microseconds = 0  # when it last brought a block that was new and valid
    last_transaction: Microseconds = 0  # when it last brought one that came into our pool
    has_services: bool = False  # serves what we want
    relays_transactions: bool = True
    has_filter: bool = False  # a light client (BIP 37)
    goes_first: bool = False  # discouraged
    is_local: bool = False
    net: Net = Net.IPV4
    may_not_go: bool = False  # our own people


Key = Callable[[Candidate], Any]
Test = Callable[[Candidate], bool]


def spare(
    candidates: Sequence[Candidate], key: Key, count: int, test: Test = lambda _: True
) -> list[Candidate]:
    """Without those of the last `count` in this order that pass the test: they are safe."""
    ordered = sorted(candidates, key=lambda one: (key(one), -one.connected_at, -one.conn))
    border = len(ordered) - min(count, len(ordered))
    return ordered[:border] + [candidate for candidate in ordered[border:] if not test(candidate)]


def get_uptime_key(candidate: Candidate) -> Microseconds:
    """Who has been connected longest comes last."""
    return -candidate.connected_at


def get_transaction_key(candidate: Candidate) -> tuple[int, bool, bool, int]:
    """Who brought the latest transaction comes last."""
    return (
        candidate.last_transaction,
        candidate.relays_transactions,
        not candidate.has_filter,
        -candidate.connected_at,
    )


def get_block_key(candidate: Candidate) -> tuple[int, bool, int]:
    """Who brought the latest block comes last."""
    return candidate.last_block, candidate.has_services, -candidate.connected_at


def is_of(candidate: Candidate, kind: Net | str) -> bool:
    """Is it of this disadvantaged kind?"""
    return candidate.is_local if kind == LOCAL else candidate.net == kind


def spare_by_ratio(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Without the half that is safe for its uptime, up to half of that half from disadvantaged networks."""
    left, half = list(candidates), len(candidates) // 2
    reserved = half // 2
    kinds = sorted(DISADVANTAGED, key=lambda kind: sum([is_of(one, kind) for one in left]))
    while (spared := len(candidates) - len(left)) < reserved:
        present = [kind for kind in kinds if any(is_of(one, kind) for one in left)]
        if not present:
            break
        share = max((reserved - spared) // len(present), 1)
        for kind in present:
            left = _spare_kind(left, kind, share)
            if len(candidates) - len(left) >= reserved:
                break
    return spare(left, get_uptime_key, half - (len(candidates) - len(left)))


def _spare_kind(candidates: Sequence[Candidate], kind: Net | str, count: int) -> list[Candidate]:
    """Without the `count` longest connected of this kind."""
    return spare(
        candidates,
        lambda candidate: (is_of(candidate, kind), -candidate.connected_at),
        count,
        lambda candidate: is_of(candidate, kind),
    )


def choose_to_evict(candidates: Sequence[Candidate]) -> ConnectionId | None:
    """Who goes; None: nobody, so the newcomer is refused. O(n log n)."""
    left = [candidate for candidate in candidates if not candidate.may_not_go]
    left = spare(left, lambda candidate: candidate.group, KEPT_BY_GROUP)
    left = spare(left, lambda candidate: -candidate.min_ping, KEPT_BY_PING)
    left = spare(left, get_transaction_key, KEPT_BY_TRANSACTIONS)
    left = spare(
        left,
        lambda candidate: (not candidate.relays_transactions, *get_block_key(candidate)),
        KEPT_FOR_BLOCKS_ONLY,
        lambda candidate: not candidate.relays_transactions and candidate.has_services,
    )
    left = spare(left, get_block_key, KEPT_BY_BLOCKS)
    left = spare_by_ratio(left)
    left = [candidate for candidate in left if candidate.goes_first] or left
    groups: dict[int, list[Candidate]] = {}
    for candidate in sorted(left, key=get_uptime_key):  # the youngest of each group comes first
        groups.setdefault(candidate.group, []).append(candidate)
    if not groups:
        return None
    largest = max(groups.values(), key=lambda members: (len(members), members[0].connected_at))
    return largest[0].conn
