"""What a node keeps for others: values under their keys, and who provides what. All of it has an end.

    published     by its owner, again each day: what nobody wants any more disappears
    kept          until a day after it was published; sooner where many nodes are closer to its key (§2.3)
    replicated    an hour or two after the last one has stored it here, by one of those who keep it: so it
                  survives its keepers, and once one has done it the others need not (§2.5; the second hour is
                  drawn, or all would do it at once)

Times are microseconds, ages seconds.
"""

from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.units import MINUTE, SECOND, Microseconds
from blockchain_lab.overlay.kademlia_contacts import Contact
from blockchain_lab.overlay.kademlia_ids import NodeId

SHORTEST_LIFE: Final = MINUTE  # ours: a copy may be far from its key, but not live for no time at all
MOST_PROVIDERS: Final = 20  # of one key: no answer tells of more


@dataclass(slots=True)
class Kept:
    """One value."""

    value: bytes
    published_at: Microseconds  # by its owner; may lie before time 0
    expires_at: Microseconds
    replicate_at: Microseconds

    def get_age(self, now: Microseconds) -> int:
        """Seconds since it was published."""
        return max(0, now - self.published_at) // SECOND


@dataclass(slots=True)
class Storage:
    """Everything that one node keeps, for others and of its own."""

    most_values: int
    values: dict[NodeId, Kept] = field(default_factory=dict)
    providers: dict[NodeId, dict[NodeId, tuple[Contact, Microseconds]]] = field(default_factory=dict)
    own_values: dict[NodeId, tuple[bytes, Microseconds]] = field(default_factory=dict)  # value, publish at
    own_provided: dict[NodeId, Microseconds] = field(default_factory=dict)  # announce again at

    def keep(self, key: NodeId, kept: Kept) -> bool:
        """Keep a value. False when an owner has published another one later, or when we are full.

        The same value, published at the same moment, is a copy: it may be here for longer, and need not be
        replicated before long.
        """
        old = self.values.get(key)
        if old is None and len(self.values) >= self.most_values:
            return False
        if old is not None and old.published_at > kept.published_at + SECOND:  # ages are whole seconds
            return False
        self.values[key] = kept
        return True

    def add_provider(self, key: NodeId, contact: Contact, expires_at: Microseconds) -> bool:
        """Remember who provides something. False when no more can be remembered."""
        if key not in self.providers and len(self.providers) >= self.most_values:
            return False
        there = self.providers.setdefault(key, {})
        if contact.id not in there and len(there) >= MOST_PROVIDERS:
            return False
        there[contact.id] = (contact, expires_at)
        return True

    def get_providers(self, key: NodeId, now: Microseconds) -> tuple[Contact, ...]:
        """Who provides it."""
        there = self.providers.get(key, {}).values()
        return tuple(contact for contact, expires_at in there if expires_at > now)

    def expire(self, now: Microseconds) -> tuple[list[NodeId], list[tuple[NodeId, NodeId]]]:
        """Forget what is too old: the keys of values that have gone, keys and ids of providers."""
        values = [key for key, kept in self.values.items() if kept.expires_at <= now]
        for key in values:
            del self.values[key]
        providers = [
            (key, node) for key, there in self.providers.items() for node in there if there[node][1] <= now
        ]
        for key, node in providers:
            del self.providers[key][node]
            if not self.providers[key]:
                del self.providers[key]
        return values, providers

    def get_next_at(self) -> Microseconds | None:
        """When there is something to do; None while nothing is kept. O(everything kept)."""
        moments = [min(kept.expires_at, kept.replicate_at) for kept in self.values.values()]
        moments += [at for there in self.providers.values() for _, at in there.values()]
        moments += [at for _, at in self.own_values.values()]
        moments += self.own_provided.values()
        return min(moments, default=None)


def compute_lifetime(expire_after: Microseconds, closer: int, k: int) -> Microseconds:
    """How long a value may stay at a node, if `closer` nodes that it knows are closer to the key.

    The k closest keep it for its whole life; every one farther halves it. "Exponentially inversely
    proportional to the number of nodes between the current node and the node whose ID is closest" (§2.3).
    """
    return max(SHORTEST_LIFE, expire_after >> max(0, closer - k + 1))
