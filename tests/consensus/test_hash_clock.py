"""A clock of hashes is made in one go and checked in parts, by as many helpers as there are."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.hash_clock import find_forged, record, split, tick, verify

START = bytes(32)
EVENTS = st.lists(
    st.tuples(st.integers(1, 5), st.sampled_from([b"", b"ann pays bob", b"bob pays cat"])), min_size=1
)


def hash_of(value):
    """SHA-256."""
    return sha256(value).digest()


def test_the_clock_by_hand():
    """Two ticks, then a third that takes a payment in, then one more."""
    second = hash_of(hash_of(START))
    third = hash_of(second + hash_of(b"ann pays bob"))

    marks = record(START, [(2, b""), (1, b"ann pays bob"), (1, b"")])

    assert second == tick(START, 2)
    assert [second, third, hash_of(third)] == [mark.value for mark in marks]
    assert [2, 1, 1] == [mark.ticks for mark in marks]


@given(events=EVENTS, parts=st.integers(1, 12))
def test_checked_in_parts_it_is_as_right_as_in_one_go(events, parts):
    """Whatever happened, and however it is divided."""
    marks = record(START, events)

    assert verify(START, marks) is None
    assert verify(START, marks, parts) is None


@given(events=EVENTS, parts=st.integers(1, 12), place=st.integers(0), what=st.sampled_from(["tick", "event"]))
def test_a_forged_tick_or_event_is_found_where_it_is(events, parts, place, what):
    """One tick claimed too many, or something recorded that was not: its mark is named."""
    marks = record(START, events)
    place %= len(marks)
    mark = marks[place]
    more = replace(mark, ticks=mark.ticks + 1) if what == "tick" else replace(mark, event=hash_of(b"forged"))
    marks[place] = more

    assert place == verify(START, marks) == verify(START, marks, parts)


def test_a_value_that_was_never_reached_breaks_the_mark_behind_it_too():
    """Each part starts from what is written down: the first wrong mark is named, whoever finds it first."""
    marks = record(START, [(3, b"")] * 8)
    marks[3] = replace(marks[3], value=bytes(32))
    parts = split(START, marks, 4)

    assert 3 == verify(START, marks, 4)
    assert [None, 3, 4, None] == [find_forged(part) for part in parts], "4 starts from 3's value"


def test_what_happened_cannot_change_places():
    """Two payments in the other order: the clock tells."""
    marks = record(START, [(1, b"ann pays bob"), (1, b"bob pays cat"), (1, b"")])
    first, second, last = marks

    assert 0 == verify(START, [second, first, last])
    assert 0 == verify(START, [second, last])


def test_a_mark_that_took_no_time_is_none():
    """0 ticks: neither recorded nor accepted."""
    (mark,) = record(START, [(1, b"")])

    assert 0 == verify(START, [replace(mark, ticks=0)])
    with pytest.raises(UsageError, match="ticks: found 0, wanted 1 or more"):
        record(START, [(0, b"")])
    with pytest.raises(UsageError, match="parts: found 0, wanted 1 or more"):
        split(START, [mark], 0)


def test_parts_are_about_equal_and_nothing_is_left_out():
    """Ten marks for four helpers, and for twenty."""
    marks = record(START, [(1, b"")] * 10)

    assert [2, 3, 2, 3] == [len(part.marks) for part in split(START, marks, 4)]
    assert [1] * 10 == [len(part.marks) for part in split(START, marks, 20)]
    assert marks == [mark for part in split(START, marks, 4) for mark in part.marks]
    assert [] == split(START, [], 3)


def test_helpers_check_at_the_same_time():
    """A pool's `map` takes the place of Python's own; the answer stays."""
    marks = record(START, [(50, b"")] * 40)
    with ThreadPoolExecutor(4) as pool:
        assert verify(START, marks, 4, pool.map) is None
        marks[33] = replace(marks[33], ticks=49)
        assert 33 == verify(START, marks, 4, pool.map)
