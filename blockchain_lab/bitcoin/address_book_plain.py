"""The address book on disk, and the check that a book is in order.

    {"key": "5f3c...", "is_bucketed": true, "private_too": false,
     "addresses": [["250.1.1.1", 8333, 9, 1700000000, "250.7.7.7", 1699990000, 0, [4711], -1], ...],
     "anchors": [["250.1.1.1", 8333]]}

An address is ip, port, services, time, source, last success, failures, places in the new table, place in the
tried table (-1: none). As in Core's peers.dat, our last tries and the collisions are not written: after a
restart everybody may be dialled at once. `stored()` of a node holds this as plain JSON values.

A disk can be broken, so whatever is read is checked, also that the places fit the key. Source of the checks:
Bitcoin Core `addrman.cpp`, CheckAddrman.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeVar

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Address
from blockchain_lab.bitcoin.address_book import MOST_ANCHORS, MOST_NEW_PLACES, AddressBook
from blockchain_lab.bitcoin.address_buckets import (
    BUCKET_SIZE,
    KEY_SIZE,
    NEW_BUCKETS,
    get_place,
    get_position,
)
from blockchain_lab.bitcoin.address_entry import NO_PLACE, AddressEntry
from blockchain_lab.bitcoin.address_groups import get_address_key, is_routable

Book = TypeVar("Book", bound=AddressBook)

KEYS: Final[Mapping[str, type]] = {
    "key": str,
    "is_bucketed": bool,
    "private_too": bool,
    "addresses": list,
    "anchors": list,
}
HIGHEST_PORT: Final = 65_535
HIGHEST_64: Final = (1 << 64) - 1
HIGHEST_NEW_PLACE: Final = NEW_BUCKETS * BUCKET_SIZE - 1


class Row(NamedTuple):
    """An address on disk."""

    ip: str
    port: int
    services: int
    time: int
    source: str
    last_success: int
    failures: int
    new_places: list[int]
    tried_place: int


def write_book(book: AddressBook) -> dict[str, Any]:
    """As plain JSON values. O(addresses)."""
    return {
        "key": book.key.hex(),
        "is_bucketed": book.is_bucketed,
        "private_too": book.private_too,
        "addresses": [list(get_row(entry)) for entry in book],
        "anchors": [list(address) for address in book.anchors],
    }


def get_row(entry: AddressEntry) -> Row:
    """What is written of an address."""
    return Row(
        *entry.address,
        entry.services,
        entry.time,
        entry.source,
        entry.last_success,
        entry.failures,
        list(entry.new_places),
        entry.tried_place,
    )


def read_book(plain: object, kind: type[Book] = AddressBook) -> Book:  # type: ignore[assignment]
    """Back from `write_book`. UsageError, with the place, for what no book has written. O(addresses).

    kind: which class of book to make.
    """
    if not isinstance(plain, Mapping) or set(plain) != set(KEYS):
        raise UsageError(f"book: wanted the keys {', '.join(KEYS)}, found {plain!r:.60}")
    for name, wanted in KEYS.items():
        if type(plain[name]) is not wanted:
            raise UsageError(f"book.{name}: wanted {wanted.__name__}, found {plain[name]!r:.40}")
    book = kind(read_key(plain["key"]), is_bucketed=plain["is_bucketed"], private_too=plain["private_too"])
    for number, values in enumerate(plain["addresses"]):
        where = f"book.addresses[{number}]"
        _restore(book, read_row(values, where), where)
    if len(plain["anchors"]) > MOST_ANCHORS:
        raise UsageError(f"book.anchors: wanted at most {MOST_ANCHORS}, found {len(plain['anchors'])}")
    book.anchors = [read_anchor(pair, number) for number, pair in enumerate(plain["anchors"])]
    return book


def read_key(text: str) -> bytes:
    """The secret key. UsageError."""
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_SIZE:
        raise UsageError(f"book.key: wanted {KEY_SIZE} bytes in hexadecimal, found {text!r:.40}")
    return key


def read_row(values: object, where: str) -> Row:
    """One address. UsageError."""
    if not isinstance(values, list) or len(values) != len(Row._fields):
        raise UsageError(f"{where}: wanted {', '.join(Row._fields)}, found {values!r:.60}")
    row = Row(*values)
    numbers = {"port": HIGHEST_PORT, "services": HIGHEST_64, "time": HIGHEST_64, "last_success": HIGHEST_64}
    for name, highest in {**numbers, "failures": HIGHEST_64}.items():
        check_number(getattr(row, name), 0, highest, f"{where}.{name}")
    for name in ("ip", "source"):
        if type(getattr(row, name)) is not str:
            raise UsageError(f"{where}.{name}: wanted text, found {getattr(row, name)!r:.40}")
    if not isinstance(row.new_places, list) or len(row.new_places) > MOST_NEW_PLACES:
        raise UsageError(
            f"{where}.new_places: wanted at most {MOST_NEW_PLACES}, found {row.new_places!r:.60}"
        )
    for place in row.new_places:
        check_number(place, 0, HIGHEST_NEW_PLACE, f"{where}.new_places")
    check_number(row.tried_place, NO_PLACE, HIGHEST_64, f"{where}.tried_place")
    return row


def read_anchor(pair: object, number: int) -> Address:
    """One anchor. UsageError."""
    match pair:
        case [str(ip), int(port)] if type(port) is int and 0 <= port <= HIGHEST_PORT:
            return Address(ip, port)
    raise UsageError(f"book.anchors[{number}]: wanted an IP and a port, found {pair!r:.40}")


def check_number(value: object, lowest: int, highest: int, where: str) -> None:
    """Is it a whole number in these bounds? UsageError."""
    if type(value) is not int or not lowest <= value <= highest:
        raise UsageError(f"{where}: wanted a whole number {lowest} .. {highest}, found {value!r:.40}")


def _restore(book: AddressBook, row: Row, where: str) -> None:
    address = Address(row.ip, row.port)
    entry = AddressEntry(
        address,
        row.services,
        row.time,
        row.source,
        last_success=row.last_success,
        failures=row.failures,
        new_places=list(row.new_places),
        tried_place=row.tried_place,
    )
    if problem := find_problem(book, entry):
        raise UsageError(f"{where}: {address.ip} {address.port} {problem}")
    book.entries[address] = entry
    for place in entry.new_places:
        book.new.put(place, address)
    if entry.is_tried:
        book.tried.put(entry.tried_place, address)


def find_problem(book: AddressBook, entry: AddressEntry) -> str | None:
    """Why this entry cannot come into this book as it is; None when it can."""
    address, places, tried_place = entry.address, entry.new_places, entry.tried_place
    tables = bool(places) + entry.is_tried
    is_misplaced = entry.is_tried and tried_place != book.get_tried_place(address)
    is_taken = book.tried.get(tried_place) is not None or any(book.new.get(place) for place in places)
    problems = {
        "stands there twice": address in book.entries,
        "can be reached by nobody": not is_routable(address.ip, private_too=book.private_too),
        "must stand in one of the two tables": book.is_bucketed and tables != 1,
        "has a place in a book without tables": not book.is_bucketed and tables != 0,
        f"may not stand at {places}": not all(is_its_position(book, address, place) for place in places),
        f"may not stand at {tried_place}": is_misplaced,
        "is tried and never worked": entry.is_tried and not entry.last_success,
        "stands where somebody else does": is_taken or len(dict.fromkeys(places)) < len(places),
    }
    return next((problem for problem, is_there in problems.items() if is_there), None)


def is_its_position(book: AddressBook, address: Address, place: int) -> bool:
    """May the address stand there in the new table? In which bucket, depends on who told us."""
    bucket = place // BUCKET_SIZE
    return place == get_place(bucket, get_position(book.key, get_address_key(address), bucket, is_new=True))
