"""The address book: every host that a node has heard of, and the draw of whom to dial next.

Two tables. *New* is hearsay: addresses that peers told us about. *Tried* are those that we have once been
connected to. `address_buckets` says in which few places an address may stand: nobody can fill the book.

    add         somebody tells us: into the new table, at up to eight places, each further one half as likely
    attempt     we dial it                       connected   it has just been seen alive
    good        the handshake worked: into tried; if that place is taken, the older one is tested first
    select      half the time from new, half from tried; failures make an address less likely
    sample      what `getaddr` is answered with

`is_bucketed=False` is the book of 2010: one list and a plain draw. An attacker who tells us of many addresses
owns that draw; the eclipse experiment compares the two.

It knows no clock: times are Unix seconds and come as arguments, chance as a `CounterRandom`. Chances are
whole parts per million, so every machine draws the same. Source: Bitcoin Core `addrman.cpp`.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from blockchain_lab.base.draws import MILLION, CounterRandom, is_hit
from blockchain_lab.base.units import Address
from blockchain_lab.bitcoin.address_buckets import Table, get_new_place, get_tried_place
from blockchain_lab.bitcoin.address_entry import (
    NO_PLACE,
    SECONDS_IN_DAY,
    SECONDS_IN_HOUR,
    SECONDS_IN_MINUTE,
    AddressEntry,
    get_chance,
    is_terrible,
)
from blockchain_lab.bitcoin.address_groups import is_routable
from blockchain_lab.bitcoin.network_address import TimedAddress

MOST_NEW_PLACES: Final = 8  # of one address; Core ADDRMAN_NEW_BUCKETS_PER_ADDRESS
MOST_COLLISIONS: Final = 10  # Core ADDRMAN_SET_TRIED_COLLISION_SIZE
SAFE_AFTER_SUCCESS: Final = 4 * SECONDS_IN_HOUR  # in tried; Core ADDRMAN_REPLACEMENT
TEST_WINDOW: Final = 40 * SECONDS_IN_MINUTE  # to test a tried address; Core ADDRMAN_TEST_WINDOW
TIME_TO_CONNECT: Final = 60  # seconds before a test counts as failed
ONLINE_WITHIN: Final = SECONDS_IN_DAY  # who was seen since counts as online
ONLINE_UPDATE_AFTER: Final = SECONDS_IN_HOUR  # how much newer a time must be to replace the one we have
OFFLINE_UPDATE_AFTER: Final = SECONDS_IN_DAY
CONNECTED_UPDATE_AFTER: Final = 20 * SECONDS_IN_MINUTE
CHANCE_GROWS: Final = (6, 5)  # after each draw that found nobody good enough: by 1.2
MOST_ANCHORS: Final = 2  # Core net.cpp MAX_BLOCK_RELAY_ONLY_ANCHORS


class AddressBook:
    """All addresses in the order in which they came, and the two tables that point at them."""

    def __init__(self, key: bytes, *, is_bucketed: bool = True, private_too: bool = False) -> None:
        """`key`: 32 secret bytes. `private_too`: RFC 1918's addresses count as ordinary ones."""
        self.key, self.is_bucketed, self.private_too = key, is_bucketed, private_too
        self.entries: dict[Address, AddressEntry] = {}
        self.new, self.tried = Table(), Table()
        self.collisions: dict[Address, None] = {}  # these want a tried place that somebody else has
        self.last_good = 1  # when any connection last worked: failures while we are offline do not count
        self.anchors: list[Address] = []  # whom to dial first after a restart

    def __len__(self) -> int:
        """How many addresses it holds."""
        return len(self.entries)

    def __contains__(self, address: Address) -> bool:
        """Has it heard of this address?"""
        return address in self.entries

    def __iter__(self) -> Iterator[AddressEntry]:
        """All of them, oldest acquaintance first."""
        return iter(self.entries.values())

    def __plain_state__(self) -> tuple[object, ...]:
        """What counts; the tables follow from the entries' places."""
        return self.key, list(self.entries.values()), list(self.collisions), self.last_good, self.anchors

    def get_new_place(self, address: Address, source: str) -> int:
        """Where in the new table an address from this source (IP) may stand."""
        return get_new_place(self.key, address, source, private_too=self.private_too)

    def get_tried_place(self, address: Address) -> int:
        """Where in the tried table an address may stand."""
        return get_tried_place(self.key, address, private_too=self.private_too)

    # --- Hearsay --------------------------------------------------------------------------------------

    def add(
        self, heard: Iterable[TimedAddress], source: str, time: int, random: CounterRandom, penalty: int = 0
    ) -> int:
        """Somebody at IP `source` tells us of these. How many found a place.

        penalty: seconds by which they count as older than stated; none for what somebody says of himself.
        """
        return sum([self._add_one(item, source, time, random, penalty) for item in heard])

    def _add_one(
        self, item: TimedAddress, source: str, time: int, random: CounterRandom, penalty: int
    ) -> bool:
        address = Address(item.address.ip, item.address.port)
        if not is_routable(address.ip, private_too=self.private_too):
            return False
        believed = max(0, item.time - (0 if address.ip == source else penalty))
        entry = self.entries.get(address)
        if entry is None:
            entry = AddressEntry(address, item.address.services, believed, source)
            self.entries[address] = entry
        elif not self._wants_another_place(entry, item, believed, time, random):
            return False
        if not self.is_bucketed:
            return True
        return self._place_new(entry, self.get_new_place(address, source), time)

    def _wants_another_place(
        self, entry: AddressEntry, item: TimedAddress, believed: int, time: int, random: CounterRandom
    ) -> bool:
        """We know it already: learn what is new, then draw whether it may stand at one more place."""
        update_after = ONLINE_UPDATE_AFTER if time - item.time < ONLINE_WITHIN else OFFLINE_UPDATE_AFTER
        if entry.time < believed - update_after:
            entry.time = believed
        entry.services |= item.address.services
        if item.time <= entry.time or entry.is_tried or not self.is_bucketed:
            return False
        places = len(entry.new_places)
        return places < MOST_NEW_PLACES and random.below(1 << places) == 0

    def _place_new(self, entry: AddressEntry, place: int, time: int) -> bool:
        """Stand there unless somebody better does. An address without any place is forgotten."""
        occupant = self.new.get(place)
        if occupant == entry.address:
            return False
        if occupant is not None:
            other = self.entries[occupant]
            is_spare = len(other.new_places) > 1 and not entry.new_places
            if not is_terrible(other, time) and not is_spare:
                if not entry.new_places:
                    del self.entries[entry.address]
                return False
            self._leave_new(other, place)
        self._enter_new(entry, place)
        return True

    def _enter_new(self, entry: AddressEntry, place: int) -> None:
        self.new.put(place, entry.address)
        entry.new_places.append(place)

    def _leave_new(self, entry: AddressEntry, place: int) -> None:
        self.new.clear(place)
        entry.new_places.remove(place)
        if not entry.new_places and not entry.is_tried:
            del self.entries[entry.address]

    # --- Experience -----------------------------------------------------------------------------------

    def attempt(self, address: Address, time: int, *, counts: bool) -> None:
        """We dial it. `counts`: as a failure, until it has worked; not while we may be offline ourselves."""
        entry = self.entries.get(address)
        if entry is None:
            return
        entry.last_try = time
        if counts and entry.last_counted_try < self.last_good:
            entry.last_counted_try = time
            entry.failures += 1

    def connected(self, address: Address, time: int) -> None:
        """A connection to it ends: until now it was alive. Only told to others in steps of 20 minutes."""
        entry = self.entries.get(address)
        if entry is not None and time - entry.time > CONNECTED_UPDATE_AFTER:
            entry.time = time

    def set_services(self, address: Address, services: int) -> None:
        """It has introduced itself."""
        if address in self.entries:
            self.entries[address].services = services

    def good(self, address: Address, time: int, *, tests_first: bool = True) -> bool:
        """The handshake worked. Has it moved to the tried table?

        tests_first: leave the place to who has it until he was dialled once more. `entry.time` stays as it
        was: others must not learn from it whom we are connected to.
        """
        self.last_good = time
        entry = self.entries.get(address)
        if entry is None:
            return False
        entry.last_success = entry.last_try = time
        entry.failures = 0
        if entry.is_tried or not self.is_bucketed:
            return False
        place = self.get_tried_place(address)
        if tests_first and self.tried.get(place) is not None:
            if len(self.collisions) < MOST_COLLISIONS:
                self.collisions[address] = None
            return False
        self._make_tried(entry, place)
        return True

    def _make_tried(self, entry: AddressEntry, place: int) -> None:
        """Move it over; who stood there goes back to the new table."""
        entry.tried_place = place
        for new_place in list(entry.new_places):
            self._leave_new(entry, new_place)
        occupant = self.tried.get(place)
        if occupant is not None:
            other = self.entries[occupant]
            self.tried.clear(place)
            other.tried_place = NO_PLACE
            new_place = self.get_new_place(occupant, other.source)
            loser = self.new.get(new_place)
            if loser is not None:
                self._leave_new(self.entries[loser], new_place)
            self._enter_new(other, new_place)
        self.tried.put(place, entry.address)

    # --- Test before evict ----------------------------------------------------------------------------

    def select_collision(self, random: CounterRandom) -> AddressEntry | None:
        """Somebody in tried whose place another one wants: a feeler should dial him. None: nobody."""
        if not self.collisions:
            return None
        newcomer = random.choice(list(self.collisions))
        occupant = self.tried.get(self.get_tried_place(newcomer)) if newcomer in self.entries else None
        if occupant is None:
            del self.collisions[newcomer]
            return None
        return self.entries[occupant]

    def resolve_collisions(self, time: int) -> None:
        """Decide what the tests have shown: he has answered and stays, or has not and makes room."""
        for newcomer in list(self.collisions):
            entry = self.entries.get(newcomer)
            occupant = None if entry is None else self.tried.get(self.get_tried_place(newcomer))
            if entry is None:
                del self.collisions[newcomer]
            elif occupant is None:
                self._settle(newcomer, time)
            else:
                other = self.entries[occupant]
                if time - other.last_success < SAFE_AFTER_SUCCESS:
                    del self.collisions[newcomer]
                elif time - other.last_try < SAFE_AFTER_SUCCESS:
                    if time - other.last_try > TIME_TO_CONNECT:
                        self._settle(newcomer, time)
                elif time - entry.last_success > TEST_WINDOW:  # nobody could test him in time
                    self._settle(newcomer, time)

    def _settle(self, newcomer: Address, time: int) -> None:
        del self.collisions[newcomer]
        self.good(newcomer, time, tests_first=False)

    # --- Draws ----------------------------------------------------------------------------------------

    def select(self, time: int, random: CounterRandom, *, new_only: bool = False) -> AddressEntry | None:
        """Whom to dial next; None when there is nobody."""
        if not self.is_bucketed:
            return random.choice(list(self.entries.values())) if self.entries else None
        if not self.new and (new_only or not self.tried):
            return None
        from_tried = not new_only and bool(self.tried) and (not self.new or random.below(2) == 0)
        table = self.tried if from_tried else self.new
        patience = MILLION
        while True:
            entry = self.entries[table.pick(random)]
            if is_hit(random.bits(), get_chance(entry, time) * patience // MILLION):
                return entry
            patience = patience * CHANCE_GROWS[0] // CHANCE_GROWS[1]

    def sample(self, percent: int, most: int, time: int, random: CounterRandom) -> list[AddressEntry]:
        """A share of all addresses in random order, without the terrible ones: `getaddr` since 0.6."""
        left = list(self.entries.values())
        found: list[AddressEntry] = []
        wanted = min(percent * len(left) // 100, most)
        while left and len(found) < wanted:
            at = random.below(len(left))
            left[at], left[-1] = left[-1], left[at]
            entry = left.pop()
            if not is_terrible(entry, time):
                found.append(entry)
        return found

    def get_recent(self, since: int, most: int, random: CounterRandom) -> list[AddressEntry]:
        """All heard of after `since`, thinned out to about `most`: `getaddr` in 2010."""
        found = [entry for entry in self if entry.time > since]
        return [entry for entry in found if random.below(len(found)) < most]

    # --- Anchors --------------------------------------------------------------------------------------

    def set_anchors(self, addresses: Iterable[Address]) -> None:
        """We are about to stop, connected to these for blocks only: remember two of them."""
        self.anchors = list(addresses)[:MOST_ANCHORS]

    def take_anchors(self) -> list[Address]:
        """Whom to dial first; asked once, or a bad anchor would hold us for ever."""
        taken, self.anchors = self.anchors, []
        return taken
