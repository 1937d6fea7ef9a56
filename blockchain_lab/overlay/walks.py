"""Whom to ask next, of all whom one has heard of: two ways to walk through a network of strangers.

A walk is told whom we know and whom we wait for, and names one address, or nobody. It sends nothing itself.

Source: py-ipv8 3.2.1, `RandomWalk` and `EdgeWalk`. Two liberties: a question that was answered frees its
place in the window at once, and an edge walk that still has too few neighbours looks for them at random.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, Protocol

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.units import SECOND, Address, Microseconds

WINDOW: Final = 5  # questions without an answer, introductions tried; IPv8's
RESET_CHANCE: Final = 50  # of 256: do not go on, ask somebody whom we know already; IPv8's
TRACKER_CHANCE: Final = 13  # of 256, about 5 %: ... and let that be a tracker; IPv8's
TRACKER_AGAIN: Final = 30 * SECOND  # a tracker is left alone for so long by who knows nobody else; IPv8's
EDGE_LENGTH: Final = 4  # IPv8's
NEIGHBOURHOOD: Final = 6  # IPv8's
MOST_INTRODUCED: Final = 1_000  # ours: they cost whoever invents them nothing


@dataclass(frozen=True, slots=True)
class Known:
    """One peer that we have heard from, as it sees itself."""

    lan: Address
    wan: Address


@dataclass(slots=True)
class Circle:
    """All whom we have heard of. A tracker is no peer: it is asked, and never introduced."""

    trackers: tuple[Address, ...]
    tracker_again: Microseconds = TRACKER_AGAIN
    peers: dict[Address, Known] = field(default_factory=dict)  # by where they write from, oldest first
    introduced: dict[Address, Address] = field(default_factory=dict)  # not heard from yet -> who named it
    tracker_asked: dict[Address, Microseconds] = field(default_factory=dict)

    def meet(self, address: Address, known: Known) -> bool:
        """We have heard from it. Is it a new peer?"""
        self.introduced.pop(address, None)
        is_new = address not in self.peers and address not in self.trackers
        if address not in self.trackers:
            self.peers[address] = known
        return is_new

    def hear_of(self, address: Address, by: Address) -> bool:
        """Somebody is said to be there. Is it news? The oldest hearsay makes room."""
        if address in self.peers or address in self.trackers or address in self.introduced:
            return False
        if len(self.introduced) == MOST_INTRODUCED:
            del self.introduced[next(iter(self.introduced))]
        self.introduced[address] = by
        return True

    def choose_tracker(self, random: CounterRandom, now: Microseconds) -> Address | None:
        """One that was left alone for long enough; None when there is none."""
        rested = [
            each
            for each in self.trackers
            if each not in self.tracker_asked or now >= self.tracker_asked[each] + self.tracker_again
        ]
        return random.choice(rested) if rested else None


class Walk(Protocol):
    """Whom to ask now. `waiting`: whom we have asked and who has not answered yet."""

    def choose(
        self, circle: Circle, waiting: Collection[Address], random: CounterRandom, now: Microseconds
    ) -> Address | None:
        """An address, or None: nobody this time."""
        ...


def choose_old(circle: Circle, random: CounterRandom, now: Microseconds) -> Address | None:
    """Somebody who has answered before, and now and then a tracker: there two halves may meet."""
    if not circle.peers:
        return circle.choose_tracker(random, now)
    if circle.trackers and random.below(256) < TRACKER_CHANCE:
        return random.choice(circle.trackers)
    return random.choice(tuple(circle.peers))


@dataclass(frozen=True, slots=True)
class RandomWalk:
    """On to somebody whom we were told of, whoever it was; with some chance back to somebody known."""

    window: int = WINDOW
    reset_chance: int = RESET_CHANCE

    def choose(
        self, circle: Circle, waiting: Collection[Address], random: CounterRandom, now: Microseconds
    ) -> Address | None:
        """As `Walk`."""
        if len(waiting) >= self.window:
            return None
        new = [address for address in circle.introduced if address not in waiting]
        if new and random.below(256) >= self.reset_chance:
            return random.choice(new)
        old = choose_old(circle, random, now)
        return old if old not in waiting else None


@dataclass(slots=True)
class EdgeWalk:
    """Along paths: from a neighbour to whom it names, to whom that one names; then from the next neighbour.

    A path ends after four peers, or where nobody answers, or where nobody new is named.
    """

    length: int = EDGE_LENGTH
    neighbourhood: int = NEIGHBOURHOOD
    roots: int = 0  # paths begun
    path: list[Address] = field(default_factory=list)  # they have answered
    heading: Address | None = None  # the next of the path

    def choose(
        self, circle: Circle, waiting: Collection[Address], random: CounterRandom, now: Microseconds
    ) -> Address | None:
        """As `Walk`."""
        if len(circle.peers) < self.neighbourhood:
            return RandomWalk(reset_chance=RESET_CHANCE).choose(circle, waiting, random, now)
        if self.heading in waiting:
            return None
        if self.heading in circle.peers and self.heading is not None:
            self.path.append(self.heading)
        self.heading = self._go_on(circle, random) or self._begin(circle)
        return self.heading

    def _go_on(self, circle: Circle, random: CounterRandom) -> Address | None:
        is_broken = not self.path or self.heading != self.path[-1] or len(self.path) >= self.length
        named = () if is_broken else [new for new, by in circle.introduced.items() if by == self.path[-1]]
        return random.choice(named) if named else None

    def _begin(self, circle: Circle) -> Address:
        roots = list(circle.peers)[: self.neighbourhood]
        self.path, self.roots = [], self.roots + 1
        return roots[self.roots % len(roots)]
