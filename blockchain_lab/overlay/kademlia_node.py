"""A node of Kademlia: joins through somebody it knows, answers questions, looks up, stores and finds.

    on_start      ping the bootstrap -> look up our own id -> look up something in every bucket (§2.3)
    question      learn who asks, and answer
    answer        somebody was asked: on with the lookup; nobody was asked: noted, and ignored
    silence       the contact has failed once more, and the lookup goes on without it

`kademlia_search` looks things up, `kademlia_keeping` stores them. Source: the paper, §2.3 and §2.5.
"""

from typing import Any, ClassVar, Final

from blockchain_lab.base.actions import (
    Command,
    FindProviders,
    GetValue,
    LookUp,
    Provide,
    PutValue,
    SetPolicy,
)
from blockchain_lab.base.effects import CancelTimer, Effect, SendTo, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.overlay import kademlia_notes as notes
from blockchain_lab.overlay.kademlia_contacts import Contact
from blockchain_lab.overlay.kademlia_ids import (
    NodeId,
    address_to_id,
    draw_id,
    id_to_hex,
    read_target,
)
from blockchain_lab.overlay.kademlia_keeping import Keeping
from blockchain_lab.overlay.kademlia_lookup import JOIN, NODE, PROVIDERS, REFRESH, VALUE, Lookup
from blockchain_lab.overlay.kademlia_messages import (
    MAY_ANSWER,
    MOST_VALUE,
    QUESTIONS,
    FoundNodes,
    FoundValue,
    KademliaMessage,
    NodePing,
    Providers,
)
from blockchain_lab.overlay.kademlia_policy import KademliaPolicy, choose_id
from blockchain_lab.overlay.kademlia_search import BOOTSTRAP, LOOKUP, Asked, Search
from blockchain_lab.overlay.kademlia_serving import answer_question
from blockchain_lab.overlay.kademlia_table import RoutingTable
from blockchain_lab.overlay.requests import TOPIC as REPLY
from blockchain_lab.overlay.requests import Requests

JOIN_TIMER: Final = TimerName("join")
REFRESH_TIMER: Final = TimerName("refresh")
KEEPING_TIMER: Final = TimerName("keeping")


class KademliaNode(Node):
    """Policy: see `kademlia_policy`. Its disk: contacts, and what it has published itself."""

    obeys: ClassVar[tuple[type[Command], ...]] = (PutValue, GetValue, LookUp, Provide, FindProviders)

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy that does not exist."""
        self.setup, self.random = setup, setup.random
        self.policy = policy = KademliaPolicy.from_plain(setup.policy, setup.contacts)
        self.own = Contact(choose_id(setup, policy), setup.address)
        table = RoutingTable(self.own.id, policy.k)
        self.search = Search(self.own.id, table, Requests(self.random, policy.reply_timeout))
        self.keeping = Keeping(self.own, policy.most_values)
        self._apply_policy()
        self.has_joined = self.is_refreshing = False
        self.remembered = [
            Contact(int(node, 16), Address(ip, port)) for node, ip, port in setup.disk.get("contacts", ())
        ]
        for key, value in setup.disk.get("published", ()):
            self.keeping.storage.own_values[int(key, 16)] = (value.encode(), 0)
        for key in setup.disk.get("provided", ()):
            self.keeping.storage.own_provided[int(key, 16)] = 0

    @property
    def table(self) -> RoutingTable:
        """Its contacts."""
        return self.search.table

    def stored(self) -> dict[str, Any]:
        """Contacts survive a restart, so no bootstrap is needed; what is kept for others does not."""
        storage = self.keeping.storage
        return {
            "contacts": [[id_to_hex(each.id), *each.address] for each in (*self.table, *self.remembered)],
            "published": [[id_to_hex(key), value.decode()] for key, (value, _) in storage.own_values.items()],
            "provided": [id_to_hex(key) for key in storage.own_provided],
        }

    # -- joining ------------------------------------------------------------------------------------------

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Join, now or later; who knows nobody waits for others to come."""
        started = notes.node_started(self.own, self.policy)
        if not self.remembered and not self._get_bootstrap():
            return [started]
        if self.policy.join_at:
            return [started, SetTimer(JOIN_TIMER, self.policy.join_at)]
        return [started, *self._join(now)]

    def _join(self, now: Microseconds) -> list[Effect]:
        if not self.remembered and not len(self.table):
            return self._ping_bootstrap(now)
        effects = self.search.start(JOIN, self.own.id, self.policy, now, seeds=self.remembered)
        return [*effects, *self._finish(now)]

    def _ping_bootstrap(self, now: Microseconds) -> list[Effect]:
        asked = Asked(BOOTSTRAP, NodePing)
        pings = [self.search.ping(address, asked, now) for address in self._get_bootstrap()]
        return [effect for ping in pings for effect in ping]

    def _get_bootstrap(self) -> list[Address]:
        named = [self.setup.contacts[name] for name in self.policy.bootstrap] or self.setup.neighbours
        return [address for address in named if address != self.own.address]

    def _on_joined(self, lookup: Lookup, now: Microseconds) -> list[Effect]:
        """Our neighbours know us. In the far buckets we may be unknown, and know few."""
        if not lookup.answered:  # of whom we remember nobody is there
            return [*self._ping_bootstrap(now), SetTimer(JOIN_TIMER, self.policy.rejoin_after)]
        self.has_joined, self.remembered = True, []
        effects: list[Effect] = [
            CancelTimer(JOIN_TIMER),
            notes.joined(len(self.table), len(self.table.buckets)),
        ]
        if self.policy.joins_wide:
            for bucket in self.table.get_farther(lookup.closest[0].id):
                effects += self._refresh(bucket.low, bucket.bits, now)
        return [*effects, *self.keeping.do_what_is_due(self.search, self.policy, now)]

    def _refresh(self, low: NodeId, bits: int, now: Microseconds) -> list[Effect]:
        return self.search.start(REFRESH, draw_id(self.random, low, bits), self.policy, now)

    # -- datagrams ----------------------------------------------------------------------------------------

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """Learn who speaks, if it may have its id; answer, or go on with what waited for the answer."""
        if isinstance(message, Malformed):
            return [notes.misbehaved(source, f"malformed {message.name}: {message.reason}")]
        if not isinstance(message, KademliaMessage):
            return []
        speaker = Contact(message.sender, source)
        problem = self._find_problem_of_speaker(speaker)
        if problem:
            return [notes.misbehaved(source, problem)]
        handle = self._on_question if isinstance(message, QUESTIONS) else self._on_answer
        effects = handle(speaker, message, now)
        is_due = self.search.over or self.keeping.is_new
        return [*effects, *self._finish(now)] if is_due else effects

    def _find_problem_of_speaker(self, speaker: Contact) -> str:
        if speaker.id == self.own.id:
            return "claims to have our id"
        if self.policy.checks_ids and speaker.id != address_to_id(speaker.address):
            return "its id does not belong to its address"
        return ""

    def _on_question(self, speaker: Contact, message: KademliaMessage, now: Microseconds) -> list[Effect]:
        learned = self._learn(speaker, now)  # first: else a giver we did not know is given its value back
        answer, effects = answer_question(message, speaker, self.search, self.keeping, self.policy, now)
        return [SendTo(speaker.address, answer), *effects, *learned]

    def _on_answer(self, speaker: Contact, message: KademliaMessage, now: Microseconds) -> list[Effect]:
        request, effects = self.search.requests.take_answer(speaker.address, message.nonce)
        if request is None:
            return [notes.misbehaved(speaker.address, f"nobody asked for its {message.command}")]
        asked = request.about
        if asked.contact is not None and asked.contact.id != speaker.id:
            problem = "answers with another id than it was known by"
        elif not isinstance(message, MAY_ANSWER[asked.question]):
            problem = f"{message.command} is no answer to {asked.question.command}"
        else:
            self.table.on_alive(speaker.id)
            return [*effects, *self._learn(speaker, now), *self._go_on(asked, speaker, message, now)]
        return [*effects, notes.misbehaved(speaker.address, problem), *self._on_silent(asked, now)]

    def _go_on(
        self, asked: Asked, speaker: Contact, message: KademliaMessage, now: Microseconds
    ) -> list[Effect]:
        is_joining = any(each.purpose == JOIN for each in self.search.lookups.values())
        if asked.why == BOOTSTRAP and not self.has_joined and not is_joining:
            return self._join(now)
        if asked.why != LOOKUP:
            return []
        match message:
            case FoundValue(age=age, value=value):
                return self.search.on_value(asked.lookup, speaker, value, age, now)
            case Providers(providers=providers):
                lookup = self.search.lookups.get(asked.lookup)
                if lookup is not None:
                    lookup.providers |= {each.id: each for each in providers[: self.policy.k]}
        contacts = message.contacts if isinstance(message, FoundNodes | Providers) else ()
        if self.policy.checks_ids:
            contacts = tuple(each for each in contacts if each.id == address_to_id(each.address))
        return self.search.on_told(asked.lookup, speaker, contacts, now)

    def _learn(self, speaker: Contact, now: Microseconds) -> list[Effect]:
        effects, added = self.search.learn(speaker, now)
        if added and not self.is_refreshing:
            self.is_refreshing = True
            effects.append(SetTimer(REFRESH_TIMER, self.policy.refresh_after))
        for newcomer in added:
            effects += self.keeping.hand_over(newcomer, self.search, self.policy, now)
        return effects

    def _on_silent(self, asked: Asked, now: Microseconds) -> list[Effect]:
        if asked.why == BOOTSTRAP and not len(self.table):
            return [SetTimer(JOIN_TIMER, self.policy.rejoin_after)]
        return self.search.on_silent(asked, now)

    # -- time and orders ----------------------------------------------------------------------------------

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """An answer did not come, or it is time to join, to refresh idle buckets, to look after values."""
        if name.topic == REPLY:
            effects = self._on_silent(self.search.requests.take_timeout(name).about, now)
        elif name == JOIN_TIMER:
            effects = self._join(now)
        elif name == REFRESH_TIMER:
            effects = self._refresh_idle(now)
        else:
            effects = self.keeping.do_what_is_due(self.search, self.policy, now)
        return [*effects, *self._finish(now)]

    def _refresh_idle(self, now: Microseconds) -> list[Effect]:
        """Look something up in every bucket where nobody has for an hour (§2.3)."""
        effects: list[Effect] = []
        for bucket in self.table.get_idle(now - self.policy.refresh_after):
            effects += self._refresh(bucket.low, bucket.bits, now)
        next_at = min(each.touched_at for each in self.table.buckets) + self.policy.refresh_after
        return [*effects, SetTimer(REFRESH_TIMER, next_at - now)]

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Look up, store, find."""
        effects: list[Effect] = []
        match command:
            case PutValue(key=key, value=value):
                name, raw = read_target(key), value.encode()
                effects = self.keeping.publish(name, raw, self.search, self.policy, now)
            case Provide(key=key):
                effects = self.keeping.provide(read_target(key), self.search, self.policy, now)
            case GetValue(key=key):
                effects = self._get_value(read_target(key), now)
            case FindProviders(key=key):
                known = self.keeping.storage.get_providers(read_target(key), now)
                effects = self.search.start(PROVIDERS, read_target(key), self.policy, now, providers=known)
            case LookUp(target=target):
                effects = self.search.start(NODE, read_target(target), self.policy, now)
            case SetPolicy():
                self.policy = KademliaPolicy.from_plain(self.setup.policy, self.setup.contacts)
                self._apply_policy()
                effects = [notes.limits_changed(self.policy)]
        return [*effects, *self._finish(now)]

    def _get_value(self, key: NodeId, now: Microseconds) -> list[Effect]:
        """From our own disk, if we keep it: then nobody is asked."""
        kept = self.keeping.storage.values.get(key)
        if kept is None:
            return self.search.start(VALUE, key, self.policy, now)
        value, age = kept.value, kept.get_age(now)
        return self.search.start(VALUE, key, self.policy, now, value=value, age=age, holder=self.own.id)

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """A value that no datagram holds, a knob that does not exist or goes no further."""
        match command:
            case PutValue(value=value) if len(value.encode()) > MOST_VALUE:
                return f"a value of {len(value.encode())} bytes is over {MOST_VALUE}"
            case SetPolicy(key=key, value=value):
                try:
                    KademliaPolicy.from_plain({key: value}, ())
                except UsageError as fault:
                    return str(fault)
        return None

    def _apply_policy(self) -> None:
        policy, table = self.policy, self.table
        table.k, table.b, table.most_spares = policy.k, policy.b, policy.spares
        table.stale_after, table.check_after = policy.stale_after, policy.check_after
        table.keeps_neighbours = policy.keeps_neighbours
        self.search.requests.patience = policy.reply_timeout
        self.keeping.storage.most_values = policy.most_values

    def _finish(self, now: Microseconds) -> list[Effect]:
        """Do what lookups were for, until no more is over."""
        effects: list[Effect] = []
        while self.search.over:
            for lookup in self.search.take_over():
                if lookup.purpose == JOIN:
                    effects += self._on_joined(lookup, now)
                elif lookup.purpose not in (REFRESH, NODE, PROVIDERS):
                    effects += self.keeping.on_lookup_over(lookup, self.search, self.policy, now)
        next_at = self.keeping.take_alarm()
        return effects if next_at is None else [*effects, SetTimer(KEEPING_TIMER, max(0, next_at - now))]
