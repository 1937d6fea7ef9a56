"""What a node does about values and providers: publish, keep, hand over, replicate, expire.

Who publishes looks the key up and gives the value to the closest nodes it found, itself perhaps among them.
The node is told when something is due next (`take_alarm`), so that its timer runs only while something waits.
"""

from typing import Final

from blockchain_lab.base.effects import Effect
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.overlay import kademlia_notes as notes
from blockchain_lab.overlay.kademlia_contacts import Contact, show_address
from blockchain_lab.overlay.kademlia_ids import NodeId
from blockchain_lab.overlay.kademlia_lookup import PROVIDE, PUBLISH, REPLICATE, VALUE, Lookup
from blockchain_lab.overlay.kademlia_messages import AddProvider, Store
from blockchain_lab.overlay.kademlia_policy import KademliaPolicy
from blockchain_lab.overlay.kademlia_search import GIVE, Asked, Search
from blockchain_lab.overlay.kademlia_store import Kept, Storage, compute_lifetime

MANY: Final = 4  # times k: beyond so many closer nodes, a life is at its shortest anyway


class Keeping:
    """One node's storage, and when something in it is due."""

    __slots__ = ("alarm_at", "is_new", "own", "storage")

    def __init__(self, own: Contact, most_values: int) -> None:
        """Nothing is kept yet."""
        self.own, self.storage = own, Storage(most_values)
        self.alarm_at: Microseconds | None = None  # when the node will look after it next
        self.is_new = False  # the node has not been told of that moment yet

    def take_alarm(self) -> Microseconds | None:
        """When something is due, if that is sooner than the node knows."""
        is_new, self.is_new = self.is_new, False
        return self.alarm_at if is_new else None

    def remind(self, at: Microseconds) -> None:
        """Something is due then."""
        if self.alarm_at is None or at < self.alarm_at:
            self.alarm_at, self.is_new = at, True

    # -- what others ask ----------------------------------------------------------------------------------

    def on_store(
        self, message: Store, giver: Contact, search: Search, policy: KademliaPolicy, now: Microseconds
    ) -> list[Effect]:
        """Somebody gives us a value to keep."""
        source = show_address(giver.address)
        return self.keep(message.key, message.value, message.age, source, search, policy, now)

    def keep(
        self,
        key: NodeId,
        value: bytes,
        age: int,
        source: str,
        search: Search,
        policy: KademliaPolicy,
        now: Microseconds,
    ) -> list[Effect]:
        """Keep a value that was published `age` seconds ago, for as long as our place allows."""
        published_at = now - age * SECOND
        near = search.table.find_closest(key, MANY * policy.k)
        closer = sum(contact.id ^ key < self.own.id ^ key for contact in near)
        expires_at = published_at + compute_lifetime(policy.expire_after, closer, policy.k)
        replicate_at = now + policy.replicate_after + search.requests.random.below(policy.replicate_after)
        kept = Kept(value, published_at, expires_at, replicate_at)
        if expires_at <= now or not self.storage.keep(key, kept):
            return []
        self.remind(min(expires_at, replicate_at))
        return [notes.value_stored(key, value, source, expires_at)]

    def on_provider(
        self, key: NodeId, provider: Contact, policy: KademliaPolicy, now: Microseconds
    ) -> list[Effect]:
        """Somebody says that it has something. It can say so for itself only: its address is its own."""
        expires_at = now + policy.expire_after
        if not self.storage.add_provider(key, provider, expires_at):
            return []
        self.remind(expires_at)
        return [notes.provider_stored(key, provider)]

    def hand_over(
        self, newcomer: Contact, search: Search, policy: KademliaPolicy, now: Microseconds
    ) -> list[Effect]:
        """A newcomer gets the values that belong to it; from the closest of its keepers only (§2.5)."""
        effects: list[Effect] = []
        for key, kept in self.storage.values.items():
            near = search.table.find_closest(key, policy.copies + 1)
            others = [contact for contact in near if contact.id != newcomer.id]
            is_ours = all(self.own.id ^ key < contact.id ^ key for contact in others)
            if is_ours and newcomer in near[: policy.copies]:
                effects += self._give(newcomer, key, kept.value, kept.get_age(now), search, now)
        return effects

    # -- what we want ourselves ---------------------------------------------------------------------------

    def publish(
        self, key: NodeId, value: bytes, search: Search, policy: KademliaPolicy, now: Microseconds
    ) -> list[Effect]:
        """Store a value in the network, and again every day."""
        self.storage.own_values[key] = (value, now + policy.republish_after)
        self.remind(now + policy.republish_after)
        return search.start(PUBLISH, key, policy, now, value=value)

    def provide(self, key: NodeId, search: Search, policy: KademliaPolicy, now: Microseconds) -> list[Effect]:
        """Tell the network that we have something, and again every day."""
        self.storage.own_provided[key] = now + policy.republish_after
        self.remind(now + policy.republish_after)
        return search.start(PROVIDE, key, policy, now)

    def do_what_is_due(self, search: Search, policy: KademliaPolicy, now: Microseconds) -> list[Effect]:
        """Expire, replicate, publish again."""
        storage = self.storage
        values, providers = storage.expire(now)
        effects: list[Effect] = [notes.value_expired(key) for key in values]
        effects += [notes.provider_expired(key, node) for key, node in providers]
        for key, kept in list(storage.values.items()):
            if kept.replicate_at <= now:
                kept.replicate_at = now + policy.replicate_after
                age = kept.get_age(now)
                effects += search.start(REPLICATE, key, policy, now, value=kept.value, age=age)
        for key, (value, at) in list(storage.own_values.items()):
            if at <= now:
                effects += self.publish(key, value, search, policy, now)
        for key, at in list(storage.own_provided.items()):
            if at <= now:
                effects += self.provide(key, search, policy, now)
        self.alarm_at, self.is_new = storage.get_next_at(), True
        return effects

    def on_lookup_over(
        self, lookup: Lookup, search: Search, policy: KademliaPolicy, now: Microseconds
    ) -> list[Effect]:
        """The closest nodes are known: give them what they should have."""
        if lookup.purpose == VALUE:
            return self._cache(lookup, search, policy, now)
        near = sorted([*lookup.closest, self.own], key=lambda contact: contact.id ^ lookup.target)
        effects: list[Effect] = []
        for contact in near[: policy.copies]:
            if lookup.purpose == PROVIDE:
                effects += self._tell(contact, lookup.target, search, policy, now)
            elif contact != self.own:
                assert lookup.value is not None
                effects += self._give(contact, lookup.target, lookup.value, lookup.age, search, now)
            elif lookup.purpose == PUBLISH:
                assert lookup.value is not None
                effects += self.keep(lookup.target, lookup.value, 0, "", search, policy, now)
        return effects

    def _cache(
        self, lookup: Lookup, search: Search, policy: KademliaPolicy, now: Microseconds
    ) -> list[Effect]:
        """Who found a value gives it to the closest node that had none: the next one is quicker (§2.3)."""
        answered = [each for each in lookup.shortlist if each.id in lookup.answered]
        without = [each for each in answered if each.id != lookup.holder]
        if not policy.caches or not without or lookup.value is None or lookup.holder is None:
            return []
        return self._give(without[0], lookup.target, lookup.value, lookup.age, search, now)

    def _give(
        self, to: Contact, key: NodeId, value: bytes, age: int, search: Search, now: Microseconds
    ) -> list[Effect]:
        nonce = search.requests.draw_nonce()
        message = Store(nonce, self.own.id, key, age, value)
        return search.requests.ask(to.address, nonce, message, Asked(GIVE, Store, to), now)

    def _tell(
        self, to: Contact, key: NodeId, search: Search, policy: KademliaPolicy, now: Microseconds
    ) -> list[Effect]:
        if to == self.own:
            return self.on_provider(key, self.own, policy, now)
        nonce = search.requests.draw_nonce()
        message = AddProvider(nonce, self.own.id, key)
        return search.requests.ask(to.address, nonce, message, Asked(GIVE, AddProvider, to), now)
