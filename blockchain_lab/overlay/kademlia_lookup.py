"""One iterative lookup, as a record that can be printed: whom we know, have asked, wait for, have heard from.

    ask the alpha closest of whom we know      each answer: k contacts closer, to ask next
    over when the k closest have answered      who is silent is forgotten, and the next one moves up

The asker steers every step: a liar on the way can delay it, but cannot keep what others say from it.
Source: the paper, §2.3. It tells nobody anything itself: `kademlia_search` sends what is decided here.
"""

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field

from blockchain_lab.base.units import Microseconds
from blockchain_lab.overlay.kademlia_contacts import Contact
from blockchain_lab.overlay.kademlia_ids import NodeId

# What a lookup is for.
JOIN, REFRESH, NODE, VALUE, PUBLISH, REPLICATE, PROVIDE, PROVIDERS = (
    *("join", "refresh", "node", "value", "publish", "replicate", "provide", "providers"),
)


@dataclass(slots=True)
class Lookup:
    """Where a lookup stands. `shortlist`: all whom we know and who are not silent, closest first."""

    number: int
    purpose: str
    target: NodeId
    k: int
    alpha: int
    started_at: Microseconds = 0
    value: bytes | None = None  # to be stored, or found
    age: int = 0  # of the value, seconds
    shortlist: list[Contact] = field(default_factory=list)
    depth: dict[NodeId, int] = field(default_factory=dict)  # 1: from our own table, 2: told by such, ...
    asked: dict[NodeId, None] = field(default_factory=dict)
    waiting: dict[NodeId, None] = field(default_factory=dict)
    answered: dict[NodeId, None] = field(default_factory=dict)
    silent: dict[NodeId, None] = field(default_factory=dict)
    providers: dict[NodeId, Contact] = field(default_factory=dict)
    holder: NodeId | None = None  # who had the value

    @property
    def closest(self) -> list[Contact]:
        """The k closest, as far as we know."""
        return self.shortlist[: self.k]

    @property
    def hops(self) -> int:
        """How far away who had the value was, or else the closest: 1 for a contact of ours; 0: nobody."""
        if self.holder is not None:
            return self.depth.get(self.holder, 0)
        return self.depth[self.shortlist[0].id] if self.shortlist else 0

    @property
    def is_over(self) -> bool:
        """Have the k closest answered, or has the value been found?"""
        return self.holder is not None or all(contact.id in self.answered for contact in self.closest)

    def learn(self, contacts: Iterable[Contact], own: NodeId, depth: int) -> list[Contact]:
        """Take in contacts, told by somebody at `depth` - 1. Ourselves we need not ask. Who was new?"""
        new: list[Contact] = []
        for contact in contacts:
            if contact.id not in self.depth and contact.id != own:
                self.depth[contact.id] = depth
                insort(self.shortlist, contact, key=lambda each: each.id ^ self.target)
                new.append(contact)
        return new

    def choose(self) -> list[Contact]:
        """Whom to ask now: the closest not yet asked, so that alpha questions are on their way."""
        free = self.alpha - len(self.waiting)
        if free <= 0 or self.holder is not None:
            return []
        return [contact for contact in self.closest if contact.id not in self.asked][:free]

    def ask(self, node: NodeId) -> None:
        """It has been asked."""
        self.asked[node] = self.waiting[node] = None

    def on_answer(self, node: NodeId) -> None:
        """It has answered."""
        self.waiting.pop(node, None)
        self.answered[node] = None

    def on_silent(self, node: NodeId) -> None:
        """It has not answered in time."""
        self.waiting.pop(node, None)
        self.silent[node] = None
        self.shortlist = [contact for contact in self.shortlist if contact.id != node]
