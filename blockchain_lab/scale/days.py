"""The queue of the plain executor: events by day, and a day is put in order when it comes.

A heap of all that is under way would be some ten thousand deep, and every step into it a miss in the cache.
So nearly everything is just appended to the day it is due; a heap orders only the days that have events
(R. Brown 1988, "Calendar queues", Communications of the ACM 31). An event is a tuple that begins with its
time. Equal times come in the order in which they were put: a list's sort keeps it, and `insort` goes behind.

    days[at >> DAY].append((at, ...))
"""

from bisect import insort
from heapq import heappop, heappush
from operator import itemgetter
from typing import Any, Final

DAY: Final = 11  # a day has 2 ** 11 microseconds: some tens of events of a flood in 18,077 peers
TIME: Final = itemgetter(0)


class Days(dict[int, Any]):
    """Lists of events by the number of their day; one that is asked for is there."""

    def __init__(self) -> None:
        """Nothing is due."""
        self.ahead: list[int] = []  # heap of days that have events

    def __missing__(self, day: int) -> list[Any]:
        """The first event of its day."""
        heappush(self.ahead, day)
        events = self[day] = []
        return events

    def begin(self) -> tuple[int, list[Any]]:
        """The next day and its events in order; what is put into it from now on finds its place, too."""
        day = heappop(self.ahead)
        events = self[day]
        events.sort(key=TIME)
        self[day] = Today(events)
        return day, events


class Today:
    """Stands where the list of the day was that is being played."""

    def __init__(self, events: list[Any]) -> None:
        """`events` are in order."""
        self.events = events

    def append(self, event: Any) -> None:
        """Behind all that are due no later, so never before the one that is being played."""
        insort(self.events, event, key=TIME)
