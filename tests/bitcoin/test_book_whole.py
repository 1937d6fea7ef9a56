"""The book as a whole: always in order, the same after a restart, and hard to fill for one who wants to."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.address_books import DAY, NOW, find_faults, heard, make_book, tell, try_all

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Address
from blockchain_lab.bitcoin.address_book import AddressBook
from blockchain_lab.bitcoin.address_book_plain import Row, read_book, write_book
from blockchain_lab.sim.digest import canonical

HONEST = [f"{ip % 60 + 20}.{ip // 60}.{ip % 7}.1" for ip in range(1_000)]
CROWD = [f"250.1.{ip >> 8}.{ip & 255}" for ip in range(4_000)]  # one attacker's, all of one /16

HOSTS = st.one_of(st.integers(0, 9), st.integers(0, 299))  # few to meet again, many to fill a bucket
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "good", "attempt", "connected", "resolve"]),
        HOSTS,
        st.integers(0, 3),  # who tells
        st.integers(0, 3 * DAY),  # how much later
    ),
    max_size=150,
)


def live(book: AddressBook, steps: list[tuple[str, int, int, int]]) -> AddressBook:
    """Let all this happen, after somebody has told of 200 hosts."""
    random, time = CounterRandom(5), NOW
    tell(book, CROWD[:200])
    for deed, host, source, later in steps:
        time += later
        address = Address(CROWD[host], 8333)
        match deed:
            case "add":
                book.add([heard(address.ip, time=time)], f"251.{source}.1.1", time, random, 7_200)
            case "good":
                book.good(address, time, tests_first=host % 4 > 0)
            case "attempt":
                book.attempt(address, time, counts=True)
            case "connected":
                book.connected(address, time)
            case "resolve":
                book.resolve_collisions(time)
    return book


@given(STEPS, st.booleans())
@settings(max_examples=60)
def test_whatever_happens_the_book_is_in_order(
    steps: list[tuple[str, int, int, int]], bucketed: bool
) -> None:
    """Every place names somebody known, who knows of it; at most eight places; nobody in both tables."""
    assert [] == find_faults(live(make_book(is_bucketed=bucketed), steps))


@given(STEPS, st.booleans())
@settings(max_examples=40)
def test_nothing_is_lost_on_disk(steps: list[tuple[str, int, int, int]], bucketed: bool) -> None:
    """Through JSON and back: the same hosts at the same places, in the same order."""
    book = live(make_book(is_bucketed=bucketed), steps)
    book.set_anchors([Address(CROWD[0], 8333)])

    again = read_book(json.loads(json.dumps(write_book(book))))

    assert [] == find_faults(again)
    assert write_book(book) == write_book(again)
    assert sorted(book.new) == sorted(again.new)
    assert sorted(book.tried) == sorted(again.tried)
    assert [entry.time for entry in book] == [entry.time for entry in again]


def test_the_same_draws_after_a_restart() -> None:
    """Whom to dial depends on who stands where, not on when he came there."""
    book = make_book()
    try_all(book, HONEST[:100])
    tell(book, HONEST)
    again = read_book(write_book(book))

    ours, theirs = CounterRandom(1), CounterRandom(1)

    for _ in range(50):
        one, other = book.select(NOW + DAY, ours), again.select(NOW + DAY, theirs)
        assert one is not None and other is not None
        assert one.address == other.address


def test_what_counts_of_a_book_is_seen_by_digests() -> None:
    """A copy is equal, and any experience makes a difference."""
    book = make_book()
    tell(book, HONEST[:5])
    copy = deepcopy(book)

    assert canonical(book) == canonical(copy)
    copy.attempt(Address(HONEST[0], 8333), NOW, counts=False)
    assert canonical(book) != canonical(copy)


ROW = ["250.1.1.1", 8333, 9, NOW, "250.7.7.7", 0, 0, [], -1]


def broken(**values: Any) -> dict[str, Any]:
    """A disk with a book of two addresses, one of them tried, changed in one way."""
    book = make_book()
    tell(book, ["250.1.1.1"])
    try_all(book, ["250.2.1.1"])
    return {**write_book(book), **values}


def broken_row(**values: Any) -> dict[str, Any]:
    """The same with one field of the first address changed, or of the second when it is `tried_place`."""
    plain = broken()
    for name, value in values.items():
        plain["addresses"][name == "tried_place"][Row._fields.index(name)] = value
    return plain


@pytest.mark.parametrize(
    ("plain", "message"),
    [
        (
            "peers.dat",
            "book: wanted the keys key, is_bucketed, private_too, addresses, anchors, found 'peers.dat'",
        ),
        ({"key": "00"}, "book: wanted the keys"),
        (broken(key="00" * 31), "book.key: wanted 32 bytes in hexadecimal, found '0000"),
        (broken(key="xy"), "book.key: wanted 32 bytes in hexadecimal, found 'xy'"),
        (broken(key=5), "book.key: wanted str, found 5"),
        (broken(is_bucketed=1), "book.is_bucketed: wanted bool, found 1"),
        (broken(is_bucketed=False), "book.addresses[0]: 250.1.1.1 8333 has a place in a book without tables"),
        (broken(addresses={}), "book.addresses: wanted list, found {}"),
        (broken(addresses=[7]), "book.addresses[0]: wanted ip, port, services,"),
        (broken(addresses=[ROW]), "book.addresses[0]: 250.1.1.1 8333 must stand in one of the two tables"),
        (
            broken(addresses=[*broken()["addresses"], broken()["addresses"][0]]),
            "book.addresses[2]: 250.1.1.1",
        ),
        (broken(anchors=[["1.2.3.4"]]), "book.anchors[0]: wanted an IP and a port, found ['1.2.3.4']"),
        (broken(anchors=[["1.2.3.4", True]]), "book.anchors[0]: wanted an IP and a port"),
        (broken(anchors=[["1.2.3.4", 1]] * 3), "book.anchors: wanted at most 2, found 3"),
        (broken_row(ip=5), "book.addresses[0].ip: wanted text, found 5"),
        (broken_row(ip="10.0.0.1"), "book.addresses[0]: 10.0.0.1 8333 can be reached by nobody"),
        (broken_row(ip="250.1.1.2"), "book.addresses[0]: 250.1.1.2 8333 may not stand at ["),
        (broken_row(port=65_536), "book.addresses[0].port: wanted a whole number 0 .. 65535, found 65536"),
        (broken_row(time=-1), "book.addresses[0].time: wanted a whole number 0 .. "),
        (broken_row(failures=0.5), "book.addresses[0].failures: wanted a whole number 0 .. "),
        (broken_row(source=None), "book.addresses[0].source: wanted text, found None"),
        (broken_row(new_places=3), "book.addresses[0].new_places: wanted at most 8, found 3"),
        (broken_row(new_places=[65_536]), "book.addresses[0].new_places: wanted a whole number 0 .. 65535"),
        (
            broken_row(new_places=list(range(9))),
            "book.addresses[0].new_places: wanted at most 8, found [0, 1,",
        ),
        (broken_row(tried_place=5), "book.addresses[1]: 250.2.1.1 8333 may not stand at 5"),
        (broken_row(tried_place=-2), "book.addresses[1].tried_place: wanted a whole number -1 .. "),
    ],
)
def test_a_broken_disk_is_refused_by_the_place_of_the_fault(plain: object, message: str) -> None:
    """Nobody gets a book that is not in order."""
    with pytest.raises(UsageError) as caught:
        read_book(plain)

    assert str(caught.value).startswith(message)


def test_a_disk_with_a_place_twice_or_a_tried_one_that_never_worked_is_refused() -> None:
    """Each rule of the book has its own words."""
    plain = broken()
    first, second = plain["addresses"]
    twice = {**plain, "addresses": [[*first[:7], first[7] * 2, -1], second]}
    never = {**plain, "addresses": [[*second[:5], 0, *second[6:]]]}

    with pytest.raises(UsageError, match="stands where somebody else does"):
        read_book(twice)
    with pytest.raises(UsageError, match="is tried and never worked"):
        read_book(never)


def test_two_who_want_one_place_cannot_both_have_it_on_disk() -> None:
    """In neither table: two good disks put together are none."""
    book = make_book()
    one, place = Address(CROWD[0], 8333), book.get_new_place(Address(CROWD[0], 8333), CROWD[0])
    tried = book.get_tried_place(one)
    other = next(ip for ip in CROWD[1:] if book.get_new_place(Address(ip, 8333), CROWD[0]) == place)
    rival = next(ip for ip in CROWD[1:] if book.get_tried_place(Address(ip, 8333)) == tried)

    for names, goes_on in (((one.ip, other), False), ((one.ip, rival), True)):
        rows = []
        for ip in names:
            disk = make_book()
            tell(disk, [ip], source=CROWD[0])
            assert goes_on is (goes_on and disk.good(Address(ip, 8333), NOW))
            rows += write_book(disk)["addresses"]
        with pytest.raises(UsageError, match=r"addresses\[1\]: .* stands where somebody else does"):
            read_book(broken(addresses=rows))


def test_the_largest_values_that_can_be_are_read() -> None:
    """Ports 0 and 65535, all service bits, eight places."""
    book, random = make_book(), CounterRandom(3)
    for number in range(3_000):
        source, time = f"{1 + number % 9}.{number // 9 % 256}.1.1", NOW + number
        book.add([heard(CROWD[0], 65_535, time, (1 << 64) - 1)], source, time, random)
    book.set_anchors([Address("1.2.3.4", 0), Address("1.2.3.4", 65_535)])
    (entry,) = read_book(write_book(book))

    assert (65_535, (1 << 64) - 1, 8) == (entry.address.port, entry.services, len(entry.new_places))
    assert book.anchors == read_book(write_book(book)).anchors
    with pytest.raises(UsageError, match="services: wanted a whole number"):
        read_book(broken_row(services=1 << 64))


def count_eclipses(book: AddressBook, runs: int) -> int:
    """How often all eight outbound connections go to the attacker, who has all of 250.0.0.0/8."""
    count = 0
    for run in range(runs):
        random = CounterRandom(get_key("restart", run))
        drawn = [book.select(NOW + DAY, random) for _ in range(8)]
        count += all(entry is not None and entry.address.ip.startswith("250.") for entry in drawn)
    return count


@pytest.mark.parametrize(
    ("share", "expected", "slack"), [(0.5, 0.0039, 0.005), (0.8, 0.168, 0.03), (0.9, 0.43, 0.04)]
)
def test_who_owns_f_of_a_plain_list_owns_all_eight_connections_by_f_to_the_eighth(
    share: float, expected: float, slack: float
) -> None:
    """2,000 restarts each; the slack is about 3.5 standard deviations."""
    crowd = round(len(HONEST) * share / (1 - share))
    book = make_book(is_bucketed=False)
    tell(book, [*HONEST, *[f"250.{i >> 8}.{i & 255}.1" for i in range(crowd)]])

    eclipsed = count_eclipses(book, 2_000) / 2_000

    assert abs(share**8 - expected) < 0.001
    assert abs(eclipsed - expected) < slack


def test_with_buckets_the_same_flood_of_one_sixteenth_is_one_bucket_of_a_thousand() -> None:
    """4,000 hosts of one /16, told of by one of them, against 1,000: 80 % of a list, but 64 places here.

    The draw goes by buckets first, so 64 of a thousand addresses are not even 6 % of the draws.
    """
    naive, book = make_book(is_bucketed=False), make_book()
    for either in (naive, book):
        for number, ip in enumerate(HONEST):
            tell(either, [ip], f"{20 + number % 60}.9.1.1")
        tell(either, CROWD, source=CROWD[0])
    crowd = [entry for entry in book if entry.address.ip.startswith("250.")]
    random = CounterRandom(1)
    drawn = [book.select(NOW + DAY, random) for _ in range(2_000)]
    hits = sum(entry is not None and entry.address.ip.startswith("250.") for entry in drawn)

    assert 4_000 == sum(entry.address.ip.startswith("250.") for entry in naive)
    assert 1 == len({place // 64 for entry in crowd for place in entry.new_places})
    assert 50 < len(crowd) <= 64
    assert hits <= 20  # one bucket of several hundred
    assert 0 == count_eclipses(book, 200)
