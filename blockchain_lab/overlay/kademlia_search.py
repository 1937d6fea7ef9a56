"""A node's table, its questions on their way and its lookups: what is learned of others, and by asking whom.

Whoever speaks to us is learned. Whom others only tell of is asked in a lookup, and learned when it answers:
contacts that somebody has made up never reach the table.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from blockchain_lab.base.effects import Effect
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.overlay import kademlia_notes as notes
from blockchain_lab.overlay.kademlia_buckets import ADDED, FULL, Change
from blockchain_lab.overlay.kademlia_contacts import Contact
from blockchain_lab.overlay.kademlia_ids import NodeId
from blockchain_lab.overlay.kademlia_lookup import PROVIDERS, VALUE, Lookup
from blockchain_lab.overlay.kademlia_messages import AskProviders, FindNode, FindValue, NodePing
from blockchain_lab.overlay.kademlia_policy import KademliaPolicy
from blockchain_lab.overlay.kademlia_table import RoutingTable
from blockchain_lab.overlay.requests import Requests

CHECK, BOOTSTRAP, LOOKUP, GIVE = "check", "bootstrap", "lookup", "give"  # why something is asked
NO_LOOKUP: Final = -1


class Asked(NamedTuple):
    """What we remember of a question."""

    why: str
    question: type[Message]
    contact: Contact | None = None  # None: an address of which we do not know the id yet
    lookup: int = NO_LOOKUP


@dataclass(slots=True)
class Search:
    """All that one node knows of the others."""

    own: NodeId
    table: RoutingTable
    requests: Requests[Asked]
    lookups: dict[int, Lookup] = field(default_factory=dict)  # those that go on
    over: list[Lookup] = field(default_factory=list)  # finished ones that the node has not dealt with yet
    started: int = 0

    # -- learning -----------------------------------------------------------------------------------------

    def learn(self, contact: Contact, now: Microseconds) -> tuple[list[Effect], list[Contact]]:
        """Somebody has spoken to us: what we do about it, and who is new in the table."""
        changes = self.table.observe(contact, now)
        return (self.follow(changes, now), _get_added(changes)) if changes else ([], [])

    def follow(self, changes: Iterable[Change], now: Microseconds) -> list[Effect]:
        """State what became of the table, and ping who stands first in a bucket that is full."""
        effects: list[Effect] = []
        for change in changes:
            effects.append(notes.table_changed(change))
            if change.what == FULL and change.contact is not None:
                effects += self.ping(change.contact.address, Asked(CHECK, NodePing, change.contact), now)
        return effects

    def ping(self, address: Address, asked: Asked, now: Microseconds) -> list[Effect]:
        """Are you there?"""
        nonce = self.requests.draw_nonce()
        return self.requests.ask(address, nonce, NodePing(nonce, self.own), asked, now)

    # -- lookups ------------------------------------------------------------------------------------------

    def start(
        self,
        purpose: str,
        target: NodeId,
        policy: KademliaPolicy,
        now: Microseconds,
        *,
        value: bytes | None = None,
        age: int = 0,
        seeds: Iterable[Contact] = (),
        holder: NodeId | None = None,
        providers: Iterable[Contact] = (),
    ) -> list[Effect]:
        """Begin a lookup from whom we know; `seeds` are asked too, though the table does not have them.

        holder: we have the value ourselves. providers: of those we know already.
        """
        self.started += 1
        lookup = Lookup(self.started, purpose, target, policy.k, policy.alpha, now, value, age)
        self.table.find_bucket(target).touched_at = now
        lookup.learn(self.table.find_closest(target, policy.k), self.own, depth=1)
        lookup.learn(seeds, self.own, depth=1)
        lookup.holder, lookup.providers = holder, {contact.id: contact for contact in providers}
        self.lookups[lookup.number] = lookup
        return [notes.lookup_started(lookup), *self.advance(lookup, now)]

    def advance(self, lookup: Lookup, now: Microseconds) -> list[Effect]:
        """Ask whom there is to ask; when nobody is left, the lookup is over."""
        effects: list[Effect] = []
        for contact in lookup.choose():
            lookup.ask(contact.id)
            effects += [notes.lookup_asked(lookup, contact), *self._question(lookup, contact, now)]
        if lookup.is_over:
            del self.lookups[lookup.number]
            self.over.append(lookup)
            effects.append(notes.lookup_finished(lookup))
        return effects

    def on_told(
        self, number: int, teller: Contact, contacts: tuple[Contact, ...], now: Microseconds
    ) -> list[Effect]:
        """Somebody has told a lookup of contacts. More than k of them are too many: the rest is not read."""
        lookup = self.lookups.get(number)
        if lookup is None:
            return []
        lookup.on_answer(teller.id)
        new = lookup.learn(contacts[: lookup.k], self.own, lookup.depth[teller.id] + 1)
        return [notes.lookup_answered(lookup, teller, len(contacts), new), *self.advance(lookup, now)]

    def on_value(
        self, number: int, teller: Contact, value: bytes, age: int, now: Microseconds
    ) -> list[Effect]:
        """Somebody has the value: that ends the lookup."""
        lookup = self.lookups.get(number)
        if lookup is None:
            return []
        lookup.on_answer(teller.id)
        lookup.value, lookup.age, lookup.holder = value, age, teller.id
        return [notes.lookup_answered(lookup, teller, 0, []), *self.advance(lookup, now)]

    def on_silent(self, asked: Asked, now: Microseconds) -> list[Effect]:
        """A question was not answered in time, or with nonsense."""
        if asked.contact is None:
            return []
        effects = self.follow(self.table.on_silent(asked.contact.id), now)
        lookup = self.lookups.get(asked.lookup)
        if lookup is not None:
            lookup.on_silent(asked.contact.id)
            effects += [notes.lookup_silent(lookup, asked.contact), *self.advance(lookup, now)]
        return effects

    def take_over(self) -> list[Lookup]:
        """The lookups that have finished since somebody asked last."""
        over, self.over = self.over, []
        return over

    def _question(self, lookup: Lookup, contact: Contact, now: Microseconds) -> list[Effect]:
        kind = {VALUE: FindValue, PROVIDERS: AskProviders}.get(lookup.purpose, FindNode)
        nonce = self.requests.draw_nonce()
        asked = Asked(LOOKUP, kind, contact, lookup.number)
        return self.requests.ask(contact.address, nonce, kind(nonce, self.own, lookup.target), asked, now)


def _get_added(changes: list[Change]) -> list[Contact]:
    return [change.contact for change in changes if change.what == ADDED and change.contact is not None]
