"""Which connection to open next, and to whom.

    1  an anchor        for blocks only: whom we were connected to before the restart, at most two
    2  full relay       until there are eight
    3  blocks only      until there are two: nobody can see them by watching addresses or transactions
    4  full relay       one more while our tip is stale
    5  blocks only      one more every 5 minutes on average, to hear whether others know a better chain
    6  feeler           every 2 minutes on average: dial, shake hands, hang up; so hearsay becomes experience,
                        and who stands in another one's place of the tried table is tested

No two lasting connections go to one network group: an attacker needs addresses of many providers. Tor and I2P
names are keys, their groups cost nothing, so this does not count for them. Inbound ones do not count either,
or an attacker could dial us to keep us away from somebody.

In an era without one of these its number is 0. The plan knows no clock and opens nothing: it answers with a
`Choice`, and whoever carries it out tells the book (`AddressBook.attempt`). Source: Bitcoin Core `net.cpp`,
ThreadOpenConnections, and `net_processing.cpp`, EvictExtraOutboundPeers. Not here: one more connection for
each network that has none yet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.units import MILLISECOND, SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.bitcoin.address_book import AddressBook
from blockchain_lab.bitcoin.address_entry import TRIED_LATELY, AddressEntry
from blockchain_lab.bitcoin.address_groups import Net, get_group, get_net
from blockchain_lab.bitcoin.eras import Era
from blockchain_lab.bitcoin.network_address import NODE_NETWORK, NODE_NETWORK_LIMITED

LOOK_EVERY: Final = 500 * MILLISECOND  # how often Core looks whether a place is free
MOST_DRAWS: Final = 100  # from the book, until we look again later
PATIENT_DRAWS: Final = 30  # so many times somebody tried in the last 10 minutes is drawn in vain
FEELER_NOISE: Final = 1 * SECOND  # at most; Core net.cpp FEELER_SLEEP_WINDOW
LINES_OF_AN_ONLINE_NODE: Final = 2  # with fewer, a failure may be our own
YOUNG: Final = 30 * SECOND  # a line is not judged before; Core MINIMUM_CONNECT_TIME


class Kind(Enum):
    """What an outbound connection is for."""

    FULL = "full relay"
    BLOCKS = "blocks only"
    FEELER = "feeler"  # hung up on after the handshake
    ADDRESSES = "addresses"  # a seed: hung up on after its addr; Core's ADDR_FETCH
    MANUAL = "manual"  # somebody named it by hand


LASTING: Final = (Kind.FULL, Kind.BLOCKS, Kind.MANUAL)
NO_GROUPS: Final = (Net.ONION, Net.I2P)


class Line(NamedTuple):
    """An outbound connection, open or being dialled."""

    address: Address
    kind: Kind
    conn: ConnectionId = -1  # while it is being dialled
    since: Microseconds = 0  # when it opened
    last_block: Microseconds = 0  # when it last brought a new block
    is_busy: bool = False  # it owes us blocks


class Choice(NamedTuple):
    """Dial this one."""

    address: Address
    kind: Kind
    counts: bool  # a failure would be its own, not ours: `AddressBook.attempt(counts=...)`
    after: Microseconds = 0  # wait so long first


@dataclass(slots=True)
class ConnectionPlan:
    """What a node remembers of its own intentions. Times are microseconds since the start."""

    era: Era
    own: Address
    next_feeler: Microseconds
    next_extra: Microseconds  # one more for blocks only
    anchors: list[Address] = field(default_factory=list)  # still to be dialled, the last one first
    is_tip_stale: bool = False
    looks_around: bool = False  # extra connections for blocks; Core from the end of the first sync on
    one_per_group: bool = True  # False: for scenarios whose hosts all live in one /16
    wanted_services: int = NODE_NETWORK


def make_plan(
    era: Era, own: Address, book: AddressBook, now: Microseconds, random: CounterRandom
) -> ConnectionPlan:
    """At the start. The book's anchors are taken out of it."""
    next_feeler = now + random.exponential(era.feeler_every)
    next_extra = now + random.exponential(era.extra_block_relay_every)
    return ConnectionPlan(era, own, next_feeler, next_extra, book.take_anchors()[: era.anchors])


def count_lines(lines: Iterable[Line], kind: Kind) -> int:
    """How many there are of a kind."""
    return sum([line.kind is kind for line in lines])


def get_next_kind(plan: ConnectionPlan, lines: Sequence[Line], now: Microseconds) -> Kind | None:
    """What is missing most; None: nothing. Changes nothing."""
    era = plan.era
    needs_blocks = count_lines(lines, Kind.BLOCKS) < era.block_relay_only
    if plan.anchors and needs_blocks:
        return Kind.BLOCKS
    if count_lines(lines, Kind.FULL) < era.full_outbound:
        return Kind.FULL
    if needs_blocks:
        return Kind.BLOCKS
    if plan.is_tip_stale:
        return Kind.FULL
    if era.extra_block_relay_every and plan.looks_around and now >= plan.next_extra:
        return Kind.BLOCKS
    return Kind.FEELER if era.feeler_every and now >= plan.next_feeler else None


def get_next_look(plan: ConnectionPlan, lines: Sequence[Line], now: Microseconds) -> Microseconds | None:
    """After how long to ask `choose` again; None: not before a line is lost."""
    if get_next_kind(plan, lines, now) is not None:
        return LOOK_EVERY
    moments = [plan.next_feeler] if plan.era.feeler_every else []
    if plan.era.extra_block_relay_every and plan.looks_around:
        moments.append(plan.next_extra)
    return max(min(moments) - now, LOOK_EVERY) if moments else None


def choose(
    plan: ConnectionPlan,
    lines: Sequence[Line],
    book: AddressBook,
    time: int,
    now: Microseconds,
    random: CounterRandom,
) -> Choice | None:
    """The next connection to open; None: nothing is missing, or nobody fits. time: Unix seconds."""
    kind = get_next_kind(plan, lines, now)
    if kind is None:
        return None
    groups = get_groups(plan, lines, book)
    missing = count_lines(lines, Kind.BLOCKS) < plan.era.block_relay_only
    if kind is Kind.BLOCKS and not missing:
        plan.next_extra = now + random.exponential(plan.era.extra_block_relay_every)
    if kind is Kind.FEELER:
        plan.next_feeler = now + random.exponential(plan.era.feeler_every)
    counts = is_online(lines, book)
    while kind is Kind.BLOCKS and missing and plan.anchors:
        anchor = plan.anchors.pop()
        if fits_lines(plan, anchor, lines, groups, book):
            return Choice(anchor, kind, counts)
    book.resolve_collisions(time)
    taken = [] if kind is Kind.FEELER else groups

    def fits(entry: AddressEntry) -> bool:
        return fits_lines(plan, entry.address, lines, taken, book) and serves(plan, entry, kind)

    if kind is not Kind.FEELER and not any(fits(entry) for entry in book):
        return None  # in a small world all draws would be in vain
    for number in range(MOST_DRAWS):
        entry = draw_feeler(lines, book, time, random) if kind is Kind.FEELER else book.select(time, random)
        if entry is None:
            return None
        if not fits(entry):
            continue
        if time - entry.last_try < TRIED_LATELY and number < PATIENT_DRAWS:
            continue
        noise = random.below(FEELER_NOISE) if kind is Kind.FEELER else 0
        return Choice(entry.address, kind, counts, noise)
    return None


def draw_feeler(
    lines: Sequence[Line], book: AddressBook, time: int, random: CounterRandom
) -> AddressEntry | None:
    """Whom to feel for: first who stands in another one's way, else somebody of hearsay."""
    tested = book.select_collision(random)
    if tested is not None and all(line.address != tested.address for line in lines):
        return tested
    if tested is not None:  # we are connected to him: he is alive
        book.good(tested.address, time)
    return book.select(time, random, new_only=True)


def get_groups(plan: ConnectionPlan, lines: Iterable[Line], book: AddressBook) -> list[bytes]:
    """The network groups in which we have a lasting line."""
    if not plan.one_per_group:
        return []
    ips = [line.address.ip for line in lines if line.kind in LASTING]
    return [
        get_group(ip, private_too=book.private_too)
        for ip in ips
        if get_net(ip, private_too=book.private_too) not in NO_GROUPS
    ]


def is_online(lines: Sequence[Line], book: AddressBook) -> bool:
    """Have we lines into two groups at least? Else we may be cut off, and failures say nothing of others."""
    ips = [line.address.ip for line in lines if line.kind in LASTING]
    private = [ip for ip in ips if get_net(ip, private_too=book.private_too) in NO_GROUPS]
    groups = dict.fromkeys(get_group(ip, private_too=book.private_too) for ip in ips if ip not in private)
    return len(groups) + len(private) >= LINES_OF_AN_ONLINE_NODE


def fits_lines(
    plan: ConnectionPlan, address: Address, lines: Sequence[Line], groups: Sequence[bytes], book: AddressBook
) -> bool:
    """May we dial it: not ourselves, nobody twice, no group twice?"""
    if address == plan.own or any(line.address == address for line in lines):
        return False
    return get_group(address.ip, private_too=book.private_too) not in groups


def serves(plan: ConnectionPlan, entry: AddressEntry, kind: Kind) -> bool:
    """Does it claim to offer what we want? For a feeler it is enough that it keeps an address book."""
    if kind is Kind.FEELER:
        return bool(entry.services & (NODE_NETWORK | NODE_NETWORK_LIMITED))
    return entry.services & plan.wanted_services == plan.wanted_services


def choose_extra_blocks_line(lines: Sequence[Line], most: int, now: Microseconds) -> ConnectionId | None:
    """There is one line too many for blocks only: which one goes; None: nobody yet.

    Of the two youngest, the one that brought us a block less lately: so a newcomer with news stays.
    """
    ours = sorted(
        [line for line in lines if line.kind is Kind.BLOCKS], key=lambda line: (line.since, line.conn)
    )
    if len(ours) <= most or len(ours) < 2:
        return None
    older, youngest = ours[-2:]
    loser = older if youngest.last_block > older.last_block else youngest
    return None if now - loser.since < YOUNG or loser.is_busy else loser.conn
