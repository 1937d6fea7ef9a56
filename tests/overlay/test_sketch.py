"""Sets compared at the price of their difference: tables that are encoded, subtracted and peeled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.overlay.sketch import (
    MEMBER_CELLS,
    MOST_CELLS,
    Cell,
    Difference,
    choose_size,
    encode,
    get_places,
    peel,
    shorten,
    subtract,
)

MEMBERS = st.sets(st.integers(0, (1 << 48) - 1), max_size=30)


def make_sets(seed: int, shared: int, ours: int, theirs: int) -> tuple[list[int], list[int]]:
    """Two sets of random numbers of 6 bytes that share some."""
    luck = CounterRandom(get_key("sketch", seed))
    numbers = [luck.bits() >> 16 for _ in range(shared + ours + theirs)]
    return numbers[: shared + ours], numbers[:shared] + numbers[shared + ours :]


@given(ours=MEMBERS, theirs=MEMBERS)
def test_what_is_found_is_the_difference_or_nothing(ours: set[int], theirs: set[int]) -> None:
    """A table that is too small says so; it never gives a wrong answer."""
    for size in (3, 30, 300):
        found = peel(subtract(encode(sorted(ours), size), encode(sorted(theirs), size)))

        if found is not None:
            assert (ours - theirs, theirs - ours) == (set(found.ours), set(found.theirs))


def test_two_equal_sets_leave_nothing() -> None:
    """However large they are: three cells are enough."""
    members, _ = make_sets(1, 500, 0, 0)

    assert Difference([], []) == peel(subtract(encode(members, 3), encode(members, 3)))


@pytest.mark.parametrize(("ours", "theirs"), [(0, 1), (3, 1), (10, 10), (60, 0)])
def test_a_table_of_twice_the_difference_and_a_few_is_enough(ours: int, theirs: int) -> None:
    """200 pairs of sets that share a hundred: at most one in ten cannot be taken apart."""
    size = MEMBER_CELLS * (2 * (ours + theirs + 1) // MEMBER_CELLS + 3)
    failures = 0
    for seed in range(200):
        a, b = make_sets(seed, 100, ours, theirs)
        failures += peel(subtract(encode(a, size), encode(b, size))) is None

    assert failures <= 20


def test_a_difference_larger_than_the_table_is_not_found() -> None:
    """A hundred members in thirty cells: no cell has but one."""
    ours, theirs = make_sets(7, 0, 50, 50)

    assert peel(subtract(encode(ours, 30), encode(theirs, 30))) is None


def test_the_size_follows_the_difference_not_the_sets() -> None:
    """Nothing waits: no cells. A hundred against three: for what three can hide. There is a limit."""
    assert 0 == choose_size(0, 0)
    assert 9 == choose_size(1, 1)
    assert choose_size(100, 103) < choose_size(3, 100) < 3 * 100
    assert MOST_CELLS == choose_size(60_000, 0)
    assert {0} == {choose_size(a, b) % MEMBER_CELLS for a in range(50) for b in range(50)}


def test_cells_that_nobody_could_have_made_come_to_an_end() -> None:
    """A liar's cells that keep giving birth to one another: peeling stops, with no answer."""
    member = 77
    places = get_places(member, 9)
    check = encode([member], 9)[places[0]].check
    endless = [Cell(1, member, check) if place in places[:1] else Cell() for place in range(9)]

    assert peel(endless) is None
    assert peel([Cell(5, 5, 5)] * 9) is None


def test_a_short_name_needs_the_salt() -> None:
    """The same name is another number in each comparison: nobody can make two of them collide beforehand."""
    shorts = {shorten(b"name", salt) for salt in range(100)}

    assert 100 == len(shorts)
    assert max(shorts) < 1 << 48
