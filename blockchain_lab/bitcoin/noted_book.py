"""An address book that tells what has changed in it, so that a view need not look through all of it.

Whoever is about to enter or leave a place is remembered with the table in which it stood before; when the
handler is over, `take_notes` compares that with where it stands now. Of the places of an address in the new
table the first one counts: further ones that it gains are no news.
"""

from collections.abc import Iterable
from typing import NamedTuple

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Effect
from blockchain_lab.base.units import Address
from blockchain_lab.bitcoin import notes
from blockchain_lab.bitcoin.addr_relay import get_address
from blockchain_lab.bitcoin.address_book import AddressBook
from blockchain_lab.bitcoin.address_buckets import BUCKET_SIZE
from blockchain_lab.bitcoin.address_entry import AddressEntry
from blockchain_lab.bitcoin.network_address import TimedAddress

NEW, TRIED = "new", "tried"


class Standing(NamedTuple):
    """Where an address stands."""

    table: str
    bucket: int | None  # None: the book of 2010, which has none


class NotedBook(AddressBook):
    """The book of a node: `take_notes` after whatever may have changed it."""

    def __init__(self, key: bytes, *, is_bucketed: bool = True, private_too: bool = False) -> None:
        """As an `AddressBook`."""
        super().__init__(key, is_bucketed=is_bucketed, private_too=private_too)
        self.touched: dict[Address, Standing | None] = {}  # since the last notes -> where it stood before

    def get_standing(self, address: Address) -> Standing | None:
        """Where it stands now; None: nowhere."""
        entry = self.entries.get(address)
        if entry is None:
            return None
        if not self.is_bucketed:
            return Standing(NEW, None)
        if entry.is_tried:
            return Standing(TRIED, entry.tried_place // BUCKET_SIZE)
        return Standing(NEW, entry.new_places[0] // BUCKET_SIZE) if entry.new_places else None

    def take_notes(self) -> list[Effect]:
        """What has changed since the last time, and forget it."""
        found: list[Effect] = []
        for address, before in self.touched.items():
            after = self.get_standing(address)
            if after is None:
                found += [] if before is None else [notes.address_removed(address, before.table)]
            elif before is None:
                found.append(notes.address_added(address, *after, self.entries[address].source))
            elif before != after:
                found.append(notes.address_moved(address, *after))
        self.touched.clear()
        return found

    def describe(self) -> Effect:
        """All that stands in it, for the start. O(addresses)."""
        standing = [(entry, self.get_standing(entry.address)) for entry in self]
        rows = [(entry.address, *at, entry.source) for entry, at in standing if at is not None]
        return notes.addresses_loaded(rows, is_bucketed=self.is_bucketed)

    def add(
        self, heard: Iterable[TimedAddress], source: str, time: int, random: CounterRandom, penalty: int = 0
    ) -> int:
        """As an `AddressBook`."""
        named = list(heard)
        for item in named:
            self._touch(get_address(item))
        return super().add(named, source, time, random, penalty)

    def _enter_new(self, entry: AddressEntry, place: int) -> None:
        self._touch(entry.address)
        super()._enter_new(entry, place)

    def _leave_new(self, entry: AddressEntry, place: int) -> None:
        self._touch(entry.address)
        super()._leave_new(entry, place)

    def _make_tried(self, entry: AddressEntry, place: int) -> None:
        self._touch(entry.address)
        occupant = self.tried.get(place)
        if occupant is not None:
            self._touch(occupant)
        super()._make_tried(entry, place)

    def _touch(self, address: Address) -> None:
        if address not in self.touched:
            self.touched[address] = self.get_standing(address)
