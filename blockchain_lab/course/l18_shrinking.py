"""Lesson 18: from a world that fails to the smallest one that fails in the same way, and a lab of it.

    case = find_smallest(Mine)         None when all two hundred hold
    print(case)                        what does not hold, in how small a world
    case.open().show()                 the workbench, at the event where it happened

Leave one thing out, see whether the same invariant still breaks, go on from there; stop when nothing can be
left out (A. Zeller, R. Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002, with steps of
one), or when that would take too long, which the case then says. Each run is a function of its world, so
this finds the same world every time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from blockchain_lab.course.l18_checking import (
    WORLDS,
    NodeClass,
    Verdict,
    check_world,
    check_worlds,
    open_lab,
)
from blockchain_lab.course.l18_invariants import Violation
from blockchain_lab.course.l18_worlds import SLOT, World, get_smaller
from blockchain_lab.lab import Lab

MOST_TRIES: Final = 300  # worlds; with one of the six faults, 17 to 81 are played
MOST_ENDLESS: Final = 10  # of these, worlds in which a peer does not come to an end: each takes half a second


@dataclass(frozen=True, slots=True)
class Case:
    """A small world in which something does not hold."""

    node: NodeClass
    world: World
    violation: Violation
    tries: int  # how many worlds were played to come here
    origin: World  # the one that was found first
    is_smallest: bool = True  # else the search for a smaller one was ended early

    def __repr__(self) -> str:
        """What, where, and how small."""
        world = self.world
        parts = [count(len(world.peers), "peer"), count(len(world.orders), "order")]
        parts += [count(world.until, "slot")]
        parts += [count(len(world.cuts), "cut")] * bool(world.cuts)
        parts += [count(len(world.outages), "outage")] * bool(world.outages)
        parts += [f"{world.loss // 10_000} % loss"] * bool(world.loss)
        rest = (
            ""
            if self.is_smallest
            else f" Perhaps not the smallest: stopped after {count(self.tries, 'world')}."
        )
        return (
            f"{self.violation.invariant}: {self.violation.sentence}.\n"
            f"Event {self.violation.event} of world {world.seed}, made small: {', '.join(parts)}.{rest}"
        )

    def open(self) -> Lab:
        """A lab that stands at the event. All of the run is there, unless a peer does not survive it.

        Then the story ends here, so that no picture of it looks further ahead; the next step raises.
        """
        lab = open_lab(self.world, self.node, self.violation.event)
        if self.violation.invariant != "stands":
            lab.look_ahead(until=self.world.until * SLOT)
            return lab
        here = replace(self.world, until=lab.trace.time_of(lab.head) // SLOT)
        return open_lab(here, self.node, self.violation.event)


def find_smallest(
    node: NodeClass, seeds: Iterable[int] = range(WORLDS), *, progress: Callable[[Verdict], Any] | None = None
) -> Case | None:
    """The first world that fails, made small. None when all of them hold."""
    failed = check_worlds(node, seeds, progress=progress, stop_at_first=True).failed
    return None if failed is None else shrink(failed, node)


def shrink(failed: Verdict, node: NodeClass, most: int = MOST_TRIES) -> Case:
    """The smallest world that can be reached in which the first broken invariant still breaks.

    `failed` must have failed. O(parts of the world, squared) runs, each smaller than the one before; at most
    `most`, and MOST_ENDLESS that had to be stopped.
    """
    assert failed.first is not None, "a world in which all holds has nothing to shrink"
    world, violation, tries, endless = failed.world, failed.first, 0, 0
    is_smaller = True
    while is_smaller:
        is_smaller = False
        for candidate in get_smaller(world):
            if tries == most or endless == MOST_ENDLESS:
                return Case(node, world, violation, tries, failed.world, is_smallest=False)
            tries += 1
            verdict = check_world(candidate, node)
            endless += verdict.is_endless
            found = find(verdict, violation.invariant)
            if found is not None:
                world, violation, is_smaller = candidate, found, True
                break
    return Case(node, world, violation, tries, failed.world)


def count(number: int, noun: str) -> str:
    """`1 order`, `2 orders`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def find(verdict: Verdict, invariant: str) -> Violation | None:
    """The first time that this invariant breaks."""
    return next((each for each in verdict.violations if each.invariant == invariant), None)
