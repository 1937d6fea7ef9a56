"""One lookup on Chord's ring, as a record that can be printed: it asks one node after another.

Each answer is the owner, or nodes nearer to the target. Nobody is asked who is not nearer than who told us:
so a lookup ends, whoever lies. Source: §4.4, iterative style.
"""

from dataclasses import dataclass, field

from blockchain_lab.base.units import Microseconds
from blockchain_lab.overlay.chord_ring import get_way, is_between
from blockchain_lab.overlay.kademlia_contacts import Contact

JOIN, NODE, FINGER = "join", "node", "finger"  # what it is for


@dataclass(slots=True)
class RingLookup:
    """Where a lookup stands."""

    number: int
    purpose: str
    target: int
    m: int
    finger: int = 0  # which one it is for
    started_at: Microseconds = 0
    candidates: list[Contact] = field(default_factory=list)  # whom to ask next, the best last
    asked: list[Contact] = field(default_factory=list)  # in this order
    silent: list[Contact] = field(default_factory=list)
    owners: tuple[Contact, ...] = ()  # the owner and those behind it, once found

    @property
    def hops(self) -> int:
        """From us over those who answered to the owner; 0 while it is not found."""
        return len(self.asked) - len(self.silent) + 1 if self.owners else 0

    @property
    def is_over(self) -> bool:
        """Is the owner found, or nobody left to ask?"""
        return bool(self.owners) or not self.candidates

    def learn(self, contacts: tuple[Contact, ...], teller: int) -> None:
        """Take those who are nearer to the target than who tells of them."""
        known = {contact.id for contact in (*self.candidates, *self.asked)}
        nearer = [each for each in contacts if is_between(each.id, teller, self.target)]
        self.candidates += [each for each in nearer if each.id not in known]
        self.candidates.sort(key=lambda each: -get_way(each.id, self.target, self.m))
