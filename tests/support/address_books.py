"""Address books for tests: made quickly, filled by an attacker or by the world, looked over for faults."""

from collections.abc import Iterable

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.units import Address
from blockchain_lab.bitcoin.address_book import MOST_NEW_PLACES, AddressBook
from blockchain_lab.bitcoin.codec import hash256
from blockchain_lab.bitcoin.network_address import NODE_NETWORK, NetworkAddress, TimedAddress

NOW = 1_700_000_000  # Unix seconds
HOUR, DAY = 3_600, 86_400
KEY_1, KEY_2 = (hash256(number.to_bytes(4, "little")) for number in (1, 2))  # those of Core's tests
SOURCE = "250.7.7.7"


def make_book(**values: bool) -> AddressBook:
    """An empty one."""
    return AddressBook(KEY_1, **values)


def heard(ip: str, port: int = 8333, time: int = NOW, services: int = NODE_NETWORK) -> TimedAddress:
    """An address as it stands in an `addr`."""
    return TimedAddress(time, NetworkAddress(services, ip, port))


def tell(book: AddressBook, ips: Iterable[str], source: str = SOURCE, seed: int = 1, time: int = NOW) -> int:
    """Somebody names these hosts, all seen just now. How many found a place."""
    return book.add([heard(ip, time=time) for ip in ips], source, time, CounterRandom(seed))


def try_all(book: AddressBook, ips: Iterable[str]) -> list[str]:
    """Each of these is named by somebody else and then dialled: those that came into the tried table."""
    came = []
    for number, ip in enumerate(ips):
        tell(book, [ip], f"{1 + number % 9}.{number % 251}.1.1")
        if book.good(Address(ip, 8333), NOW):
            came.append(ip)
    return came


def find_faults(book: AddressBook) -> list[str]:
    """What cannot be in a book that is in order."""
    faults = []
    for address, entry in book.entries.items():
        places = entry.new_places
        if address != entry.address:
            faults.append(f"{entry.address} is filed as {address}")
        if book.is_bucketed != (bool(places) != entry.is_tried):
            faults.append(f"{address} is not in exactly one table")
        if len(places) > MOST_NEW_PLACES or len(set(places)) < len(places):
            faults.append(f"{address} stands at {places}")
        if any(book.new.get(place) != address for place in places):
            faults.append(f"{address} is missing from the new table")
        if entry.is_tried and book.tried.get(entry.tried_place) != address:
            faults.append(f"{address} is missing from the tried table")
        if entry.is_tried and entry.tried_place != book.get_tried_place(address):
            faults.append(f"{address} has a tried place that is not its own")
    in_new, in_tried = list(book.new), list(book.tried)
    if len(in_new) != len(book.new) or len(in_tried) != len(book.tried):
        faults.append("a table has counted wrongly")
    for table, places_of in ((in_new, "new_places"), (in_tried, "tried_place")):
        for place, address in table:
            known = getattr(book.entries.get(address), places_of, None)
            if place != known and place not in (known if isinstance(known, list) else ()):
                faults.append(f"place {place} names {address}, who does not know of it")
    return faults
