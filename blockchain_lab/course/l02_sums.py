"""Lesson 2, the sums: an `addr` in bytes, who counts as active, who is refused, eight bad draws."""

from itertools import product
from typing import Final

from blockchain_lab import scenarios
from blockchain_lab.base.actions import Connect
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.bitcoin.addr_relay import get_believed_time
from blockchain_lab.bitcoin.address_book import AddressBook
from blockchain_lab.bitcoin.eras import ERAS
from blockchain_lab.bitcoin.handshake import check_version
from blockchain_lab.bitcoin.messages import Addr, NetworkAddress, TimedAddress, Version
from blockchain_lab.bitcoin.messages_addresses import MAX_ADDRESSES
from blockchain_lab.bitcoin.network_address import NODE_NETWORK
from blockchain_lab.bitcoin.peers import PeerFault
from blockchain_lab.course.reading import get_records
from blockchain_lab.lab import Lab

NOON: Final = 1_700_049_600  # Unix seconds: 15 November 2023, 12:00 UTC
STATED: Final = {"bob": "11:58", "cat": "09:20", "dan": "08:50", "eve": "00:00", "fay": "14:30"}
OURS: Final = 4_711  # the nonce in the version that we have just sent to somebody
GREETINGS: Final = {  # the protocol version and the nonce that a caller states
    "A": (70_016, 815),
    "B": (31_402, 1_234),
    "C": (80_000, 99),
    "D": (70_016, OURS),
}
LINES: Final = 8  # full relay; Core net.h MAX_OUTBOUND_FULL_RELAY_CONNECTIONS


# --- An addr in bytes ---------------------------------------------------------------------------------


def get_addr_size(seed: int) -> int:
    """Payload bytes of an `addr` with as many entries as it may have; from the message itself."""
    hosts = [NetworkAddress(NODE_NETWORK, f"20.{n // 250}.{n % 250}.1", 8333) for n in range(MAX_ADDRESSES)]
    return len(Addr(tuple(TimedAddress(NOON, host) for host in hosts)).encode())


def sum_addr_size(seed: int) -> int:
    """The same, field by field: time, service bits, IP and port of each, behind a count of three bytes."""
    return 3 + MAX_ADDRESSES * (4 + 8 + 16 + 2)


# --- Who counts as active -----------------------------------------------------------------------------


def to_unix(clock: str) -> int:
    """A time of that day, "11:58", as Unix seconds."""
    hours, minutes = map(int, clock.split(":"))
    return NOON + 3_600 * (hours - 12) + 60 * minutes


def find_active(seed: int) -> dict[str, str]:
    """Whom a node of the lecture's era names at noon: read off its address book."""
    era, random = ERAS["lecture"], CounterRandom(seed)
    homes = {Address(f"20.{number}.1.1", 8333): name for number, name in enumerate(STATED)}
    book = AddressBook(bytes(32), is_bucketed=False)
    for home, name in homes.items():
        time = get_believed_time(to_unix(STATED[name]), NOON)
        book.add([TimedAddress(time, NetworkAddress(NODE_NETWORK, *home))], home.ip, NOON, random)
    found = book.get_recent(NOON - era.getaddr_age, era.getaddr_most, random)
    named = [homes[entry.address] for entry in found]
    return {name: "named" if name in named else "left out" for name in STATED}


def reckon_active(seed: int) -> dict[str, str]:
    """The same by the clock: younger than three hours, and no more than ten minutes ahead."""
    ages = {name: NOON - to_unix(clock) for name, clock in STATED.items()}
    return {name: "named" if -600 <= age < 3 * 3_600 else "left out" for name, age in ages.items()}


# --- Who is refused -----------------------------------------------------------------------------------


def find_refused(seed: int) -> dict[str, str]:
    """What becomes of each caller, by the rule of the handshake."""
    return {name: get_fate(*greeting) for name, greeting in GREETINGS.items()}


def get_fate(version: int, nonce: int) -> str:
    """What our node makes of this greeting."""
    nobody = NetworkAddress(0, "::", 0)
    greeting = Version(version, NODE_NETWORK, NOON, nobody, nobody, nonce, "/Strange:0.1/", 0, True)
    try:
        check_version(greeting, [OURS])
    except PeerFault as fault:
        return "ourselves" if "self" in str(fault) else "too old"
    return "welcome"


def play_refusals(seed: int) -> dict[str, str]:
    """The same, played: gus calls with each version, and ann calls herself."""
    return {name: play_call(version, nonce == OURS, seed) for name, (version, nonce) in GREETINGS.items()}


def play_call(version: int, is_own: bool, seed: int) -> str:
    """What becomes of a call by gus, who states this version; or of ann's to her own address."""
    scenario = scenarios.load("obsolete_version")
    lab = Lab(scenario.with_value("peers.gus.policy.protocol_version", version), seed=seed)
    if is_own:
        lab.goto(at=5 * SECOND)
        lab.do(Connect("ann", "ann"))
    lab.run()
    reasons = [str(record.detail) for record in get_records(lab, Kind.HANG_UP, "ann")]
    if is_own:
        return "ourselves" if "connected to self" in reasons else "welcome"
    return "too old" if f"obsolete version {version}" in reasons else "welcome"


# --- A poisoned book ----------------------------------------------------------------------------------


def get_chance_of_all_bad(seed: int) -> float:
    """The chance that all lines go to bad hosts if half of the book is bad."""
    return float(0.5**LINES)


def count_all_bad(seed: int) -> float:
    """The same, counted: of all ways in which eight draws can end, those that are bad eight times."""
    ways = list(product(("good", "bad"), repeat=LINES))
    return sum("good" not in way for way in ways) / len(ways)
