"""How a newcomer finds its first peers: whom to ask, in which order, and how long to wait before asking.

    1  its own book          who has been here before dials those whom it knows, and asks nobody
    2  seed nodes            named by hand: dial, getaddr, read the answer, hang up; with an empty book at
                             once, else one every 10 s while there are not two connections
    3  DNS seeds             an empty book: all at once; else three after 11 s, three more after 11 s, ...
                             (5 minutes when the book has 1,000 addresses); two connections end it
    4  fixed seeds           a list inside the program, when the book is still empty after a minute

Each source that one asks could lie, so Core asks as few as possible, several at a time, and takes at most 32
addresses of each. An answer's addresses count as 3 to 7 days old, fixed seeds as 7 to 14: whatever peers tell
later is newer, and counts for more. In 2010 nodes met in an IRC channel, which we do not play.

The names below are what Bitcoin Core asks. They are shown and never resolved: a seed of a simulated network
is a node with an address (`dns_seed`), asked as Core does behind a proxy, over a connection.

Source: Bitcoin Core `net.cpp` ThreadDNSAddressSeed, ThreadOpenConnections; `kernel/chainparams.cpp`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.units import MINUTE, SECOND, Address, Microseconds
from blockchain_lab.bitcoin.address_entry import SECONDS_IN_DAY
from blockchain_lab.bitcoin.network_address import NODE_NETWORK, NetworkAddress, TimedAddress

DNS_SEED_NAMES: Final = (  # mainnet, Core of 2025; who runs them
    "seed.bitcoin.sipa.be",  # Pieter Wuille
    "dnsseed.bluematt.me",  # Matt Corallo
    "seed.bitcoin.jonasschnelli.ch",  # Jonas Schnelli
    "seed.btc.petertodd.net",  # Peter Todd
    "seed.bitcoin.sprovoost.nl",  # Sjors Provoost
    "dnsseed.emzy.de",  # Stephan Oeste
    "seed.bitcoin.wiz.biz",  # Jason Maurice
    "seed.mainnet.achownodes.xyz",  # Ava Chow
)

ENOUGH_LINES: Final = 2  # full relay; Core SEED_OUTBOUND_CONNECTION_THRESHOLD
SEED_NODE_EVERY: Final = 10 * SECOND  # Core ADD_NEXT_SEEDNODE
SEED_NODES_FIRST: Final = (
    30 * SECOND
)  # until the DNS seeds are asked, if there are any; Core SEEDNODE_TIMEOUT
DNS_AT_ONCE: Final = 3  # Core DNSSEEDS_TO_QUERY_AT_ONCE
DNS_WAIT: Final = 11 * SECOND  # Core DNSSEEDS_DELAY_FEW_PEERS
DNS_LONG_WAIT: Final = 5 * MINUTE  # Core DNSSEEDS_DELAY_MANY_PEERS
MANY_ADDRESSES: Final = 1_000  # Core DNSSEEDS_DELAY_PEER_THRESHOLD
FIXED_SEEDS_AFTER: Final = 1 * MINUTE

MOST_FROM_A_SEED: Final = 32  # Core nMaxIPs
ANSWER_AGE_DAYS: Final = (3, 7)
FIXED_SEED_AGE_DAYS: Final = (7, 14)


class Task(Enum):
    """What to do next."""

    ASK_SEED_NODE = "ask a seed node"
    ASK_DNS_SEED = "ask a DNS seed"
    ADD_FIXED_SEEDS = "add the fixed seeds"


class Step(NamedTuple):
    """One thing to do now."""

    task: Task
    address: Address | None = None  # whom to ask


@dataclass(slots=True)
class Bootstrap:
    """Who has not been asked yet, and when to go on. Times are microseconds since the start."""

    seed_nodes: list[Address]
    dns_seeds: list[Address]
    fixed_seeds: tuple[Address, ...]
    fixed_at: Microseconds  # not before; at once when there is nobody else to ask
    next_seed_node: Microseconds
    next_dns: Microseconds
    dns_wait: Microseconds
    has_waited: bool = False  # before the first three DNS seeds

    @property
    def is_over(self) -> bool:
        """Is there nobody left to ask?"""
        return not (self.seed_nodes or self.dns_seeds or self.fixed_seeds)


def make_bootstrap(
    seed_nodes: Sequence[Address],
    dns_seeds: Sequence[Address],
    fixed_seeds: Sequence[Address],
    book_size: int,
    now: Microseconds,
    random: CounterRandom,
) -> Bootstrap:
    """At the start of a node. Both kinds of seeds are asked in random order."""
    return Bootstrap(
        seed_nodes=random.sample(seed_nodes, len(seed_nodes)),
        dns_seeds=random.sample(dns_seeds, len(dns_seeds)),
        fixed_seeds=tuple(fixed_seeds),
        fixed_at=now + FIXED_SEEDS_AFTER if seed_nodes or dns_seeds else now,
        next_seed_node=now if book_size == 0 else now + SEED_NODE_EVERY,
        next_dns=now + (SEED_NODES_FIRST if seed_nodes else 0),
        dns_wait=DNS_LONG_WAIT if book_size >= MANY_ADDRESSES else DNS_WAIT,
    )


def get_next_steps(boot: Bootstrap, lines: int, book_size: int, now: Microseconds) -> list[Step]:
    """What to do now. lines: how many full relay connections are ready."""
    return [
        *_ask_seed_node(boot, lines, now),
        *_ask_dns_seeds(boot, lines, book_size, now),
        *_add_fixed_seeds(boot, book_size, now),
    ]


def get_next_look(boot: Bootstrap, now: Microseconds) -> Microseconds | None:
    """After how long to call `get_next_steps` again; None: it is over."""
    moments = [boot.next_seed_node] if boot.seed_nodes else []
    moments += [boot.next_dns] if boot.dns_seeds else []
    moments += [boot.fixed_at] if boot.fixed_seeds else []
    ahead = [moment - now for moment in moments if moment > now]
    return min(ahead) if ahead else None


def _ask_seed_node(boot: Bootstrap, lines: int, now: Microseconds) -> list[Step]:
    if lines >= ENOUGH_LINES:
        boot.seed_nodes.clear()
    if not boot.seed_nodes or now < boot.next_seed_node:
        return []
    boot.next_seed_node = now + SEED_NODE_EVERY
    return [Step(Task.ASK_SEED_NODE, boot.seed_nodes.pop())]


def _ask_dns_seeds(boot: Bootstrap, lines: int, book_size: int, now: Microseconds) -> list[Step]:
    if lines >= ENOUGH_LINES:
        boot.dns_seeds.clear()
    if not boot.dns_seeds or now < boot.next_dns:
        return []
    if book_size > 0 and not boot.has_waited:
        boot.has_waited, boot.next_dns = True, now + boot.dns_wait
        return []
    count = DNS_AT_ONCE if book_size > 0 else len(boot.dns_seeds)
    batch, boot.dns_seeds = boot.dns_seeds[:count], boot.dns_seeds[count:]
    boot.next_dns = now + boot.dns_wait
    return [Step(Task.ASK_DNS_SEED, address) for address in batch]


def _add_fixed_seeds(boot: Bootstrap, book_size: int, now: Microseconds) -> list[Step]:
    if not boot.fixed_seeds or now < boot.fixed_at or book_size > 0:
        return []
    boot.fixed_seeds = ()
    return [Step(Task.ADD_FIXED_SEEDS)]


def age_answer(addresses: Iterable[TimedAddress], time: int, random: CounterRandom) -> list[TimedAddress]:
    """What a DNS seed has answered: its first 32, each dated 3 to 7 days back."""
    taken = list(addresses)[:MOST_FROM_A_SEED]
    return [TimedAddress(get_random_past(ANSWER_AGE_DAYS, time, random), item.address) for item in taken]


def date_fixed_seeds(seeds: Iterable[Address], time: int, random: CounterRandom) -> list[TimedAddress]:
    """The fixed seeds for the book, each dated one to two weeks back."""
    return [
        TimedAddress(
            get_random_past(FIXED_SEED_AGE_DAYS, time, random), NetworkAddress(NODE_NETWORK, *address)
        )
        for address in seeds
    ]


def get_random_past(days: tuple[int, int], time: int, random: CounterRandom) -> int:
    """A moment so many days ago, Unix seconds."""
    least, most = days
    return max(0, time - least * SECONDS_IN_DAY - random.below((most - least) * SECONDS_IN_DAY))
