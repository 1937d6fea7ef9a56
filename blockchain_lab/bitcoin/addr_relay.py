"""Gossip about hosts: what a node believes of an `addr`, whom it tells in turn, and how it answers `getaddr`.

    addr comes in     over 1,000 addresses: a fault     too many in too short a time: the rest is not read
                      impossible times are set back     the others go into the book, two hours older
    passed on         when it is news (10 minutes), one of at most 10, no answer to our own getaddr, and
                      routable: to two peers, the same two for 24 hours
    getaddr           rule and limits by era; today one answer a connection, only to who dialled us, and the
                      same answer to everybody for about a day, so that nobody can read our book by asking

What is told waits in a queue until the peer's turn: a batch every 30 s on average today, the trickle before.

State of one peer is an `AddrState`; these functions change it and nothing else. `now` is in microseconds
since the start, `time` Unix seconds. Source: Bitcoin Core `net_processing.cpp`; 2010: Bitcoin 0.3 `main.cpp`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from blockchain_lab.base.draws import CounterRandom, draw
from blockchain_lab.base.units import HOUR, Address, ConnectionId, Microseconds
from blockchain_lab.bitcoin.address_book import AddressBook
from blockchain_lab.bitcoin.address_buckets import get_cheap_hash
from blockchain_lab.bitcoin.address_entry import AddressEntry
from blockchain_lab.bitcoin.address_groups import Net, get_address_key, is_routable, read_name
from blockchain_lab.bitcoin.eras import GETADDR_RECENT, Era
from blockchain_lab.bitcoin.messages_addresses import MAX_ADDRESSES
from blockchain_lab.bitcoin.misbehaviour import Fault
from blockchain_lab.bitcoin.network_address import NetworkAddress, TimedAddress
from blockchain_lab.bitcoin.peers import PeerFault

TOKEN: Final = 1_000_000  # microtokens; one is used up by each address that is read
MICROSECONDS_PER_MICROTOKEN: Final = 10  # 0.1 tokens a second; Core MAX_ADDR_RATE_PER_SECOND
MOST_TOKENS: Final = MAX_ADDRESSES * TOKEN  # saved up; Core MAX_ADDR_PROCESSING_TOKEN_BUCKET
GETADDR_TOKENS: Final = MAX_ADDRESSES * TOKEN  # on top, for the answer that we have asked for

EARLIEST_TIME: Final = 100_000_000  # Unix seconds, 1973: at or before it, a time is none; since 0.3
MOST_AHEAD: Final = 600  # seconds that a time may lie in the future
TIME_OF_LIARS: Final = 5 * 86_400  # seconds before now: what an impossible time becomes
NEWS: Final = 600  # seconds: an older sighting is not passed on
MOST_IN_NEWS: Final = 10  # addresses in a message that is passed on: more are an answer, or a flood
ROTATION: Final = 86_400  # seconds after which other peers are told; Core ROTATE_ADDR_RELAY_DEST_INTERVAL
RELAY_TO: Final = 2  # peers
MOST_KNOWN: Final = 5_000  # addresses that we remember a peer to know; Core m_addr_known
LOCAL_ADDRESS_EVERY: Final = 24 * HOUR  # mean; Core AVG_LOCAL_ADDRESS_BROADCAST_INTERVAL


@dataclass(slots=True)
class AddrState:
    """What we remember of the talk about hosts with one peer."""

    is_block_only: bool = False  # a line for blocks only: no word about hosts, in no direction
    is_open: bool = False  # may be told of hosts; who dialled us only after it has spoken of hosts itself
    has_asked: bool = False  # we have sent it getaddr, and the answer is not over
    was_answered: bool = False  # it has sent us getaddr
    tokens: int = TOKEN  # microtokens: how many addresses we may still read from it
    tokens_at: Microseconds = 0  # when they were counted last
    known: dict[Address, None] = field(default_factory=dict)  # what it knows, oldest first
    queue: list[TimedAddress] = field(default_factory=list)  # what it will be told


@dataclass(slots=True)
class AnswerCache:
    """The answer that everybody gets to `getaddr`, and until when."""

    answer: list[TimedAddress] = field(default_factory=list)
    until: Microseconds = 0


class Hearing(NamedTuple):
    """What came of an `addr`."""

    stored: list[TimedAddress]  # for the book, with `era.addr_time_penalty`
    relayed: list[TimedAddress]  # for `choose_targets`
    dropped: int  # not read for lack of tokens


def open_talk(state: AddrState) -> bool:
    """The peer speaks of hosts. May it?"""
    state.is_open = not state.is_block_only
    return state.is_open


def on_getaddr_sent(state: AddrState) -> None:
    """We have asked it: a thousand addresses more than usual may come."""
    state.has_asked = True
    state.tokens += GETADDR_TOKENS


def refill(state: AddrState, now: Microseconds) -> None:
    """Tokens grow with time, up to a thousand; more than that only by asking."""
    if state.tokens < MOST_TOKENS:
        earned = (now - state.tokens_at) // MICROSECONDS_PER_MICROTOKEN
        state.tokens = min(MOST_TOKENS, state.tokens + earned)
    state.tokens_at = now


def get_believed_time(stated: int, time: int) -> int:
    """When a host was seen, as we believe: an impossible time is five days ago."""
    return time - TIME_OF_LIARS if stated <= EARLIEST_TIME or stated > time + MOST_AHEAD else stated


def on_addr(
    state: AddrState,
    addresses: Sequence[TimedAddress],
    era: Era,
    time: int,
    now: Microseconds,
    random: CounterRandom,
    *,
    reachable: Sequence[Net] = tuple(Net),
    private_too: bool = False,
) -> Hearing:
    """A peer tells us of hosts. PeerFault when there are too many.

    reachable: networks that we can dial. Others are passed on, but not stored.
    """
    if not open_talk(state):
        return Hearing([], [], 0)
    if len(addresses) > MAX_ADDRESSES:
        raise PeerFault(
            f"addr: {len(addresses)} addresses, wanted at most {MAX_ADDRESSES}", Fault.TOO_MANY_ADDRESSES
        )
    refill(state, now)
    is_news = not state.has_asked and len(addresses) <= MOST_IN_NEWS
    stored, relayed, dropped = [], [], 0
    for item in random.sample(addresses, len(addresses)):  # who reads only some must not let the peer choose
        if era.addr_is_metered:
            if state.tokens < TOKEN:
                dropped += 1
                continue
            state.tokens -= TOKEN
        believed = TimedAddress(get_believed_time(item.time, time), item.address)
        remember(state, believed)
        if is_news and believed.time > time - NEWS and is_routable(item.address.ip, private_too=private_too):
            relayed.append(believed)
        if read_name(item.address.ip)[0] in reachable:
            stored.append(believed)
    if len(addresses) < MAX_ADDRESSES:
        state.has_asked = False
    return Hearing(stored, relayed, dropped)


def choose_targets(
    address: Address,
    conns: Iterable[ConnectionId],
    key: int,
    time: int,
    *,
    is_reachable: bool = True,
) -> list[ConnectionId]:
    """Which of these peers are told of a host: two, or, when we cannot dial it ourselves, one or two.

    The same ones for 24 hours, each host with a midnight of its own; so who names a host again and again
    does not get it known any further. key: 64 secret bits. conns: not the one that it came from.
    """
    number = get_cheap_hash(b"", get_address_key(address))
    luck = draw(key, number, (time + number) // ROTATION)
    count = RELAY_TO if is_reachable or luck & 1 else 1
    return sorted(conns, key=lambda conn: (draw(luck, conn), conn), reverse=True)[:count]


def get_address(item: TimedAddress) -> Address:
    """Of which host it speaks."""
    return Address(item.address.ip, item.address.port)


def remember(state: AddrState, item: TimedAddress) -> None:
    """The peer knows this host."""
    state.known.pop(get_address(item), None)
    state.known[get_address(item)] = None
    if len(state.known) > MOST_KNOWN:
        del state.known[next(iter(state.known))]


def push(state: AddrState, item: TimedAddress, random: CounterRandom, most: int = MAX_ADDRESSES) -> None:
    """Tell the peer at its next turn, unless it knows. When `most` wait already, one of them is lost."""
    if not state.is_open or get_address(item) in state.known:
        return
    if len(state.queue) < most:
        state.queue.append(item)
    else:
        state.queue[random.below(len(state.queue))] = item


def take_batches(state: AddrState) -> list[list[TimedAddress]]:
    """The peer's turn has come: what to tell it now, a thousand addresses to a message; none: say nothing."""
    told: list[TimedAddress] = []
    for item in state.queue:
        if get_address(item) not in state.known:
            remember(state, item)
            told.append(item)
    state.queue.clear()
    return [told[at : at + MAX_ADDRESSES] for at in range(0, len(told), MAX_ADDRESSES)]


def answer_getaddr(
    state: AddrState,
    inbound: bool,
    book: AddressBook,
    cache: AnswerCache,
    era: Era,
    time: int,
    now: Microseconds,
    random: CounterRandom,
) -> bool:
    """A peer asks whom we know: queue the answer in place of all that waits. False: we keep silent."""
    if era.getaddr_inbound_only and not inbound:
        return False
    if not open_talk(state) or (era.getaddr_once and state.was_answered):
        return False
    state.was_answered = True
    state.queue.clear()
    for item in get_answer(book, cache, era, time, now, random):
        push(state, item, random, most=era.getaddr_most)
    return True


def get_answer(
    book: AddressBook,
    cache: AnswerCache,
    era: Era,
    time: int,
    now: Microseconds,
    random: CounterRandom,
) -> list[TimedAddress]:
    """The hosts that we name, by the era's rule; for a while always the same ones."""
    if now < cache.until:
        return cache.answer
    if era.getaddr_rule == GETADDR_RECENT:
        found = book.get_recent(time - era.getaddr_age, era.getaddr_most, random)
    else:
        found = book.sample(era.getaddr_percent, era.getaddr_most, time, random)
    answer = [to_timed(entry) for entry in found]
    if era.getaddr_cache_for:
        spread = random.below(era.getaddr_cache_spread) if era.getaddr_cache_spread else 0
        cache.answer, cache.until = answer, now + era.getaddr_cache_for + spread
    return answer


def to_timed(entry: AddressEntry) -> TimedAddress:
    """As it stands in an `addr`."""
    return TimedAddress(entry.time, NetworkAddress(entry.services, *entry.address))
