"""The queue of the plain executor: events come by time, and equal times in the order they were put."""

from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.scale.days import DAY, Days

LONG = 1 << (DAY + 2)
DELAYS = st.lists(st.lists(st.integers(0, 3) | st.integers(0, LONG), max_size=3), max_size=40)


def put(days: Days, at: int, number: int) -> None:
    """As the executor does."""
    days[at >> DAY].append((at, number))


@given(starts=st.lists(st.integers(0, LONG), min_size=1, max_size=10), delays=DELAYS)
def test_events_come_by_time_and_then_by_number(starts, delays) -> None:
    """Each event that is played puts some more, many into the day, or the very moment, of its own."""
    days, played, number = Days(), [], 0
    for at in starts:
        put(days, at, number)
        number += 1
    more = iter(delays)
    while days:
        day, events = days.begin()
        for at, which in events:
            played.append((at, which))
            for delay in next(more, ()):
                put(days, at + delay, number)
                number += 1
        del days[day]

    assert sorted(played) == played
    assert list(range(number)) == sorted(which for _, which in played)
