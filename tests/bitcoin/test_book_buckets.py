"""The places where an address may stand: Core's own test vectors, and what an attacker can reach."""

from copy import deepcopy
from hashlib import sha256

import pytest
from support.address_books import KEY_1, KEY_2, find_faults, make_book, tell, try_all

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.units import Address
from blockchain_lab.bitcoin.address_buckets import (
    BUCKET_SIZE,
    Table,
    get_new_bucket,
    get_new_place,
    get_position,
    get_tried_bucket,
    get_tried_place,
)
from blockchain_lab.bitcoin.address_groups import get_address_key, get_group
from blockchain_lab.sim.digest import canonical


def tried_bucket(key: bytes, ip: str, port: int = 8333) -> int:
    """By its parts, as the book asks for it."""
    return get_tried_bucket(key, get_address_key(Address(ip, port)), get_group(ip))


def new_bucket(key: bytes, ip: str, source: str) -> int:
    """By its parts, as the book asks for it."""
    return get_new_bucket(key, get_group(ip), get_group(source))


def H(*parts: bytes) -> int:
    """The hash of the formulas, written down a second time."""
    return int.from_bytes(sha256(sha256(b"".join(parts)).digest()).digest()[:8], "little")


def test_tried_buckets_are_cores() -> None:
    """`caddrinfo_get_tried_bucket_legacy`: bucket 40; 8 buckets for a /16, 160 for 255 of them."""
    assert 40 == tried_bucket(KEY_1, "250.1.1.1")
    assert tried_bucket(KEY_1, "250.1.1.1") != tried_bucket(KEY_2, "250.1.1.1")
    assert tried_bucket(KEY_1, "250.1.1.1") != tried_bucket(KEY_1, "250.1.1.1", 9999)
    assert 8 == len({tried_bucket(KEY_1, f"250.1.1.{i}", 0) for i in range(255)})
    assert 160 == len({tried_bucket(KEY_1, f"250.{i}.1.1", 0) for i in range(255)})


def test_new_buckets_are_cores() -> None:
    """`caddrinfo_get_new_bucket_legacy`: bucket 786, whatever the port; 64 for one source."""
    assert 786 == new_bucket(KEY_1, "250.1.2.1", "250.1.2.1")
    assert new_bucket(KEY_1, "250.1.2.1", "250.1.2.1") != new_bucket(KEY_2, "250.1.2.1", "250.1.2.1")
    assert 1 == len({new_bucket(KEY_1, f"250.1.1.{i}", f"250.1.1.{i}") for i in range(255)})
    assert 64 >= len({new_bucket(KEY_1, f"250.{i // 255}.{i % 255}.1", "251.4.1.1") for i in range(4 * 255)})
    assert 64 < len({new_bucket(KEY_1, "250.1.1.1", f"250.{i}.1.1") for i in range(255)})


def test_the_formulas_written_down_a_second_time() -> None:
    """Every part stands behind its length; numbers are little-endian, 8 bytes for a share, 4 for a bucket."""
    name = bytes([18]) + bytes(10) + b"\xff\xff" + bytes([250, 1, 2, 1]) + b"\x20\x8d"
    group, source = b"\x03\x01\xfa\x01", b"\x03\x01\xfb\x04"
    new = H(KEY_1, source, (H(KEY_1, group, source) % 64).to_bytes(8, "little")) % 1024
    tried = H(KEY_1, group, (H(KEY_1, name) % 8).to_bytes(8, "little")) % 256
    address = Address("250.1.2.1", 8333)

    assert new * 64 + H(KEY_1, b"N", new.to_bytes(4, "little"), name) % 64 == get_new_place(
        KEY_1, address, "251.4.1.1"
    )
    assert tried * 64 + H(KEY_1, b"K", tried.to_bytes(4, "little"), name) % 64 == get_tried_place(
        KEY_1, address
    )
    assert get_position(KEY_1, name[1:], 7, is_new=True) != get_position(KEY_1, name[1:], 7, is_new=False)


def test_one_sixteenth_of_the_internet_fills_at_most_512_tried_places() -> None:
    """An attacker with a whole /16 tries 3,000 hosts: 8 buckets of 256, and no place more."""
    book = make_book()

    came = try_all(book, [f"250.1.{i >> 8}.{i & 255}" for i in range(3_000)])

    assert {place // BUCKET_SIZE for place, _ in book.tried} == {
        tried_bucket(KEY_1, f"250.1.9.{i}") for i in range(255)
    }
    assert len(came) == len(book.tried) <= 8 * 64 == 512
    assert 500 < len(came)
    assert [] == find_faults(book)


def test_one_source_fills_at_most_64_new_buckets() -> None:
    """One /16 names 12,000 hosts all over the world: at most 4,096 of 65,536 places."""
    book = make_book()

    came = tell(book, [f"{1 + i % 9}.{i // 50}.{i % 251}.1" for i in range(12_000)], source="251.4.1.1")

    assert 60 < len({place // BUCKET_SIZE for place, _ in book.new}) <= 64
    assert 3_000 < came == len(book.new) == len(book) <= 64 * 64 == 4_096
    assert [] == find_faults(book)


def test_a_table_picks_among_buckets_first() -> None:
    """Who stands alone in a bucket is drawn as often as a full bucket together."""
    table = Table()
    for position in range(BUCKET_SIZE):
        table.put(position, Address("full", position))
    table.put(999 * BUCKET_SIZE + 5, Address("alone", 5))
    random = CounterRandom(7)

    alone = sum(table.pick(random).ip == "alone" for _ in range(2_000))

    assert 900 <= alone <= 1_100  # 2,000 draws at one half: 4.5 standard deviations of 22 each way
    assert 65 == len(table) == len(list(table))


def test_a_table_picks_the_next_one_behind_a_random_position() -> None:
    """With places 10 and 42 taken, 32 starts of 64 lead to either; 11 and 12 would be 63 to 1."""
    even, uneven = Table(), Table()
    for table, positions in ((even, (10, 42)), (uneven, (11, 12))):
        for position in positions:
            table.put(position, Address("x", position))
    random = CounterRandom(8)

    first = [sum(t.pick(random).port == p for _ in range(6_400)) for t, p in ((even, 10), (uneven, 12))]

    assert 3_000 <= first[0] <= 3_400
    assert 60 <= first[1] <= 145


def test_a_table_knows_its_buckets_in_order() -> None:
    """Whatever came and went: a draw of the same number must find the same bucket."""
    table, random = Table(), CounterRandom(5)
    for number in range(2_000):
        place = random.below(200 * BUCKET_SIZE)
        if table.get(place) is None:
            table.put(place, Address("x", number))
        else:
            table.clear(place)
    for place in [place for place, _ in table if place % 3]:
        table.clear(place)

    assert 100 < len(table.in_use) < 200
    assert sorted(table.buckets) == table.in_use


def test_a_copy_of_a_book_goes_its_own_way() -> None:
    """Worlds are copied to be moved in time: what happens to a copy leaves the first one as it was."""
    book = make_book()
    tell(book, [f"{20 + i % 60}.{i}.1.1" for i in range(200)])
    try_all(book, ["250.1.1.1", "250.2.1.1"])
    before = canonical(book), sorted(book.new), sorted(book.tried)

    twin = deepcopy(book)
    same = canonical(twin), sorted(twin.new), sorted(twin.tried)
    try_all(twin, [f"{20 + i % 60}.{i}.1.1" for i in range(100)])
    tell(twin, ["99.1.1.1"])

    assert before == same
    assert [] == find_faults(twin) == find_faults(book)
    assert before == (canonical(book), sorted(book.new), sorted(book.tried))
    assert len(twin.tried) > len(book.tried)


def test_a_table_forgets_and_is_empty_again() -> None:
    """Empty buckets take no memory; there is nobody to pick."""
    table = Table()
    table.put(70, Address("x", 1))
    table.clear(70)

    assert (0, {}, [], None) == (len(table), table.buckets, table.in_use, table.get(70))
    with pytest.raises(IndexError):
        table.pick(CounterRandom(1))
    with pytest.raises(KeyError):
        table.clear(70)
