"""XOR as a distance: the facts of the paper's §2.1, on any ids; and which of 160 buckets an id falls into."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.reader import Reader
from blockchain_lab.base.units import Address
from blockchain_lab.overlay.kademlia_ids import (
    ID_BITS,
    LAST_ID,
    address_to_id,
    draw_id,
    draw_near,
    get_bucket_index,
    get_distance,
    get_shared_bits,
    hash_to_id,
    id_to_hex,
    read_id,
    read_target,
    write_id,
)

IDS = st.integers(0, LAST_ID)
NUMBERS = st.integers(0, 1 << 32)


@given(IDS, IDS)
def test_only_equals_have_no_distance_and_both_ways_are_equal(a: int, b: int) -> None:
    """d(x, x) = 0, d(x, y) > 0 for others, d(x, y) = d(y, x)."""
    assert 0 == get_distance(a, a)
    assert (a == b) is (get_distance(a, b) == 0)
    assert get_distance(a, b) == get_distance(b, a)


@given(IDS, IDS, IDS)
def test_a_detour_is_never_shorter(a: int, b: int, c: int) -> None:
    """The triangle; and two distances make up the third by XOR, too."""
    assert get_distance(a, c) <= get_distance(a, b) + get_distance(b, c)
    assert get_distance(a, c) == get_distance(a, b) ^ get_distance(b, c)


@given(IDS, IDS)
def test_at_each_distance_there_is_exactly_one(a: int, distance: int) -> None:
    """One direction: on a line there would be two."""
    there = a ^ distance

    assert distance == get_distance(a, there)
    assert all(get_distance(a, there ^ (1 << bit)) != distance for bit in range(0, ID_BITS, 13))


@given(IDS, IDS)
def test_a_bucket_holds_a_power_of_two_of_distances(a: int, b: int) -> None:
    """2**i <= d < 2**(i + 1); so the shared beginning has 159 - i bits."""
    if a == b:
        with pytest.raises(UsageError, match="no bucket for itself"):
            get_bucket_index(a, b)
        return
    index = get_bucket_index(a, b)

    assert 1 << index <= get_distance(a, b) < 1 << index + 1
    assert ID_BITS - 1 - index == get_shared_bits(a, b)


def test_distances_of_small_ids_by_hand() -> None:
    """Three bits, seen from 101."""
    assert [5, 4, 7, 6, 1, 0, 3, 2] == [get_distance(0b101, other) for other in range(8)]
    assert [2, 2, 2, 2, 0, 1, 1] == [get_bucket_index(0b101, other) for other in range(8) if other != 0b101]


@given(IDS)
def test_an_id_is_twenty_bytes_and_forty_digits(node: int) -> None:
    """The most significant first, so that texts sort as ids do."""
    assert node == read_id(Reader(write_id(node)), "id") == int(id_to_hex(node), 16)
    assert node == read_target(id_to_hex(node))
    assert 40 == len(id_to_hex(node))


def test_a_name_is_hashed() -> None:
    """SHA-1 of "abc", from FIPS 180-1, appendix A; a text of 40 other characters is a name like others."""
    assert 0xA9993E364706816ABA3E25717850C26C9CD0D89D == hash_to_id("abc") == read_target("abc")
    assert hash_to_id("z" * 40) == read_target("z" * 40)
    assert address_to_id(Address("10.0.0.1", 1)) != address_to_id(Address("10.0.0.1", 2))


@given(IDS, st.integers(0, ID_BITS), NUMBERS)
def test_who_may_choose_may_sit_anywhere(target: int, shared: int, seed: int) -> None:
    """As near to a key as it likes, and elsewhere within that range each time."""
    assert get_shared_bits(target, draw_near(CounterRandom(seed), target, shared)) >= shared


@given(IDS, st.integers(0, ID_BITS), NUMBERS)
def test_an_id_is_drawn_inside_a_range(place: int, bits: int, seed: int) -> None:
    """Refreshing a bucket means to look up an id of it."""
    low = place >> bits << bits

    assert low <= draw_id(CounterRandom(seed), low, bits) < low + (1 << bits)


@pytest.mark.parametrize("node", [-1, LAST_ID + 1])
def test_what_has_more_bits_is_no_id(node: int) -> None:
    """The caller's mistake."""
    with pytest.raises(UsageError, match="an id of 160 bits"):
        write_id(node)
