"""What the address book remembers of one address, and how good that makes it.

All times are Unix seconds; 0 means never. Source: Bitcoin Core `addrman.cpp`, AddrInfo.
"""

from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from blockchain_lab.base.draws import MILLION
from blockchain_lab.base.units import Address

NO_PLACE: Final = -1

SECONDS_IN_MINUTE: Final = 60
SECONDS_IN_HOUR: Final = 3_600
SECONDS_IN_DAY: Final = 86_400

JUST_TRIED: Final = 60  # seconds in which a try may still be under way: Core IsTerrible
FROM_THE_FUTURE: Final = 10 * SECONDS_IN_MINUTE  # a time further ahead than this is a lie
HORIZON: Final = 30 * SECONDS_IN_DAY  # Core ADDRMAN_HORIZON
MOST_FIRST_FAILURES: Final = 3  # of an address that never worked; Core ADDRMAN_RETRIES
MOST_FAILURES: Final = 10  # in a row, of one that did; Core ADDRMAN_MAX_FAILURES
SHORTEST_FAILURE: Final = 7 * SECONDS_IN_DAY  # since it last worked; Core ADDRMAN_MIN_FAIL

TRIED_LATELY: Final = 10 * SECONDS_IN_MINUTE  # Core GetChance
TRIED_LATELY_DIVISOR: Final = 100  # its chance is 1 % of what it would be
CHANCE_LEFT_PERCENT: Final = 66  # after each failure in a row
FAILURES_THAT_COUNT: Final = 8  # 0.66 to the 8th power is 1/28: an outage must not last for ever


@dataclass(slots=True)
class AddressEntry:
    """One address: what it is said to offer, who told us, and how our tries went."""

    address: Address
    services: int  # service bits
    time: int  # when somebody last heard of it, as we believe
    source: str  # IP of who told us first
    last_try: int = 0
    last_counted_try: int = 0  # the last one whose failure counts
    last_success: int = 0
    failures: int = 0  # in a row
    new_places: list[int] = field(default_factory=list)  # where it stands in the new table, at most 8
    tried_place: int = NO_PLACE  # where it stands in the tried table

    @property
    def is_tried(self) -> bool:
        """Have we once been connected to it, and is it still in the tried table?"""
        return self.tried_place != NO_PLACE

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Only its places are a thing of their own."""
        return replace(self, new_places=list(self.new_places))


def is_terrible(entry: AddressEntry, time: int) -> bool:
    """Is it so bad that it may be forgotten, and not told to others?"""
    if time - entry.last_try <= JUST_TRIED:
        return False
    if entry.time > time + FROM_THE_FUTURE or time - entry.time > HORIZON:
        return True
    if entry.last_success == 0:
        return entry.failures >= MOST_FIRST_FAILURES
    return time - entry.last_success > SHORTEST_FAILURE and entry.failures >= MOST_FAILURES


def get_chance(entry: AddressEntry, time: int) -> int:
    """Parts per million: with what chance it is taken when the draw has fallen on it."""
    counted = min(entry.failures, FAILURES_THAT_COUNT)
    chance: int = MILLION * CHANCE_LEFT_PERCENT**counted // 100**counted
    return chance // TRIED_LATELY_DIVISOR if time - entry.last_try < TRIED_LATELY else chance
