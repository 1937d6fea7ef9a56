"""A node of Chord: joins a ring, repairs it in rounds, and looks points up.

    stabilise          ask the successor who is before it: a newcomer between us? Then it is our successor;
                       tell the successor of us (`i-precede`); take its list of successors (§5.1, §5.2)
    fix a finger       look up where one of the fingers begins, another one each round
    check              is the predecessor still there?

These rounds never rest: a ring does not notice by itself that somebody is gone. (Kademlia's tables learn from
every question that comes by.) Source: see `chord_ring`; figures 5 and 7 of the paper.
"""

from typing import Any, ClassVar, Final, NamedTuple

from blockchain_lab.base.actions import Command, LookUp
from blockchain_lab.base.effects import Effect, SendTo, SetTimer, TimerName
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.overlay import chord_notes as notes
from blockchain_lab.overlay.chord_fingers import Fingers
from blockchain_lab.overlay.chord_lookup import FINGER, JOIN, NODE, RingLookup
from blockchain_lab.overlay.chord_messages import (
    MAY_ANSWER,
    QUESTIONS,
    AskRing,
    ChordMessage,
    FindSuccessor,
    NextHops,
    Precede,
    RingState,
)
from blockchain_lab.overlay.chord_policy import ChordPolicy
from blockchain_lab.overlay.chord_ring import (
    get_finger_start,
    hash_to_point,
    is_between,
    is_owned,
    read_point,
)
from blockchain_lab.overlay.kademlia_contacts import Contact
from blockchain_lab.overlay.kademlia_notes import misbehaved
from blockchain_lab.overlay.requests import TOPIC as REPLY
from blockchain_lab.overlay.requests import Requests

JOIN_TIMER: Final = TimerName("join")
ROUND_TIMER: Final = TimerName("round")
STABILISE, CHECK, BOOTSTRAP, LOOKUP = "stabilise", "check", "bootstrap", "lookup"
ALTERNATIVES: Final = 3  # ours: nodes told of in one answer, should the best of them be gone


class Asked(NamedTuple):
    """What we remember of a question."""

    why: str
    question: type[Message]
    contact: Contact | None = None  # None: an address of which we do not know the point yet
    lookup: int = -1


class ChordNode(Node):
    """Policy: `ChordPolicy`."""

    obeys: ClassVar[tuple[type[Command], ...]] = (LookUp,)

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy that does not exist."""
        self.setup, self.random = setup, setup.random
        self.policy = policy = ChordPolicy.from_plain(setup.policy, setup)
        point = hash_to_point(setup.name, policy.m) if policy.point < 0 else policy.point
        self.own = Contact(point, setup.address)
        self.ring = Fingers(self.own, policy.m, policy.successors)
        self.requests: Requests[Asked] = Requests(self.random, policy.reply_timeout)
        self.lookups: dict[int, RingLookup] = {}
        self.started, self.next_finger = 0, 0
        named = [setup.contacts[name] for name in policy.bootstrap] or setup.neighbours
        self.bootstrap = [address for address in named if address != setup.address]
        self.told: dict[str, Any] = notes.get_ring(self.ring)  # what it has noted of its ring last
        self.is_joined = not self.bootstrap  # until then it answers nobody: it would call itself a ring

    # -- joining and rounds -------------------------------------------------------------------------------

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Join, now or later; the first of a ring waits for others."""
        begun = [notes.node_started(self.own, self.policy.m, self.policy.successors)]
        if self.policy.join_at:
            return [*begun, SetTimer(JOIN_TIMER, self.policy.join_at)]
        return [*begun, *self._join(now)]

    def _join(self, now: Microseconds) -> list[Effect]:
        effects: list[Effect] = []
        for address in self.bootstrap:
            effects += self._ask(address, AskRing, Asked(BOOTSTRAP, AskRing), now)
        return effects

    def _do_round(self, now: Microseconds) -> list[Effect]:
        ring, effects = self.ring, list[Effect]()
        if ring.successor == self.own:
            others = ring.get_nearest() or [each for each in [ring.predecessor] if each is not None]
            if not others:
                return self._join(now)  # alone; whoever comes sets the rounds going
            effects += self._take_successors(others[:1])
        effects.append(SetTimer(ROUND_TIMER, self.policy.round_every))
        effects += self._ask(ring.successor.address, AskRing, Asked(STABILISE, AskRing, ring.successor), now)
        if ring.predecessor is not None and ring.predecessor != ring.successor:
            asked = Asked(CHECK, AskRing, ring.predecessor)
            effects += self._ask(ring.predecessor.address, AskRing, asked, now)
        starts = ring.get_finger_starts()
        ring.fingers = {index: ring.fingers[index] for index in starts if index in ring.fingers}
        if starts:
            self.next_finger += 1
            index = starts[self.next_finger % len(starts)]
            start = get_finger_start(self.own.id, index, self.policy.m)
            effects += self._start(FINGER, start, now, finger=index)
        return effects

    def _take_successors(self, contacts: list[Contact]) -> list[Effect]:
        before = self.ring.successor
        is_changed = self.ring.take_successors(contacts)
        if not is_changed or self.ring.successor == before:
            return []
        return [notes.successor_changed(self.ring.successor)]

    # -- datagrams ----------------------------------------------------------------------------------------

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """Answer, or go on with what waited for the answer."""
        return self._tell_ring(self._read(source, message, now))

    def _tell_ring(self, effects: list[Effect]) -> list[Effect]:
        """The ring as it is now, if it is not as it was noted last."""
        ring = notes.get_ring(self.ring)
        if ring == self.told:
            return effects
        self.told = ring
        return [*effects, notes.ring_changed(self.ring)]

    def _read(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        if isinstance(message, Malformed):
            return [misbehaved(source, f"malformed {message.name}: {message.reason}")]
        if not isinstance(message, ChordMessage):
            return []
        if message.sender == self.own.id or message.sender >> self.policy.m:
            return [misbehaved(source, "its point is ours, or none of this ring")]
        speaker = Contact(message.sender, source)
        if isinstance(message, QUESTIONS):
            return self._on_question(speaker, message) if self.is_joined else []
        return self._on_answer(speaker, message, now)

    def _on_question(self, speaker: Contact, message: ChordMessage) -> list[Effect]:
        if isinstance(message, AskRing | FindSuccessor):
            return [SendTo(speaker.address, self._answer(message))]
        return self._on_notify(speaker)

    def _answer(self, question: AskRing | FindSuccessor) -> ChordMessage:
        nonce, own, ring = question.nonce, self.own.id, self.ring
        if isinstance(question, AskRing):
            before = () if ring.predecessor is None else (ring.predecessor,)
            return RingState(nonce, own, before, tuple(ring.successors))
        owners, nearer = self._find(question.target)
        return NextHops(nonce, own, int(bool(owners)), owners or nearer)

    def _find(self, target: int) -> tuple[tuple[Contact, ...], tuple[Contact, ...]]:
        """The owner of a point and those behind it, if we know it; else whom we know before the point."""
        ring = self.ring
        if ring.predecessor is not None and is_owned(target, ring.predecessor.id, self.own.id):
            return (self.own, *ring.successors), ()
        if ring.owns_next(target):
            return (ring.successor, *ring.successors[1:]), ()
        return (), tuple(ring.find_before(target, ALTERNATIVES))

    def _on_notify(self, speaker: Contact) -> list[Effect]:
        if not self.ring.on_notify(speaker):
            return []
        changed = notes.predecessor_changed(speaker)
        is_first = self.ring.successor == self.own  # nobody has called on us before: rounds begin
        return [changed, SetTimer(ROUND_TIMER, 0)] if is_first else [changed]

    def _on_answer(self, speaker: Contact, message: ChordMessage, now: Microseconds) -> list[Effect]:
        request, effects = self.requests.take_answer(speaker.address, message.nonce)
        if request is None:
            return [misbehaved(speaker.address, f"nobody asked for its {message.command}")]
        asked = request.about
        is_other = asked.contact is not None and asked.contact.id != speaker.id
        if is_other or not isinstance(message, MAY_ANSWER[asked.question]):
            fault = misbehaved(speaker.address, f"its {message.command} is not what was asked")
            return [*effects, fault, *self._on_silent(asked, now)]
        if isinstance(message, RingState):
            return [*effects, *self._on_state(asked, speaker, message, now)]
        assert isinstance(message, NextHops)
        lookup = self.lookups.get(asked.lookup)
        if lookup is None:
            return effects
        if message.is_owner and message.contacts:
            lookup.owners = message.contacts[: self.policy.successors]
        else:
            lookup.learn(message.contacts, speaker.id)
        return [*effects, *self._advance(lookup, now)]

    def _on_state(self, asked: Asked, speaker: Contact, state: RingState, now: Microseconds) -> list[Effect]:
        if asked.why == BOOTSTRAP and self.ring.successor == self.own:
            return self._start(JOIN, self.own.id, now, first=speaker)
        if asked.why != STABILISE or speaker != self.ring.successor:
            return []
        behind, before = [speaker, *state.successors], list(state.predecessor[:1])
        if before and is_between(before[0].id, self.own.id, speaker.id):
            behind = [*before, *behind]
        effects = self._take_successors(behind)
        nonce = self.requests.draw_nonce()
        return [*effects, SendTo(self.ring.successor.address, Precede(nonce, self.own.id))]

    def _on_silent(self, asked: Asked, now: Microseconds) -> list[Effect]:
        """Whoever did not answer is forgotten; a lookup goes round it."""
        if asked.contact is None:
            return [SetTimer(JOIN_TIMER, self.policy.round_every)]  # no bootstrap: try again
        before = self.ring.successor
        self.ring.forget(asked.contact.id)
        effects: list[Effect] = [notes.contact_removed(asked.contact)]
        if self.ring.successor != before:
            effects.append(notes.successor_changed(self.ring.successor))
        lookup = self.lookups.get(asked.lookup)
        if lookup is None:
            return effects
        lookup.silent.append(asked.contact)
        return [*effects, notes.lookup_silent(lookup, asked.contact), *self._advance(lookup, now)]

    # -- lookups ------------------------------------------------------------------------------------------

    def _start(
        self, purpose: str, target: int, now: Microseconds, *, finger: int = 0, first: Contact | None = None
    ) -> list[Effect]:
        self.started += 1
        lookup = RingLookup(self.started, purpose, target, self.policy.m, finger, now)
        self.lookups[lookup.number] = lookup
        if first is not None:
            lookup.candidates = [first]
        else:
            lookup.owners, nearer = self._find(target)
            lookup.learn(nearer, self.own.id)
        return [notes.lookup_started(lookup), *self._advance(lookup, now)]

    def _advance(self, lookup: RingLookup, now: Microseconds) -> list[Effect]:
        if not lookup.is_over:
            contact = lookup.candidates.pop()
            lookup.asked.append(contact)
            return [notes.lookup_asked(lookup, contact), *self._question(lookup, contact, now)]
        del self.lookups[lookup.number]
        owner = lookup.owners[0] if lookup.owners else None
        return [notes.lookup_finished(lookup), *self._use(lookup, owner, now)]

    def _use(self, lookup: RingLookup, owner: Contact | None, now: Microseconds) -> list[Effect]:
        if owner is None and lookup.purpose == JOIN:
            return [SetTimer(JOIN_TIMER, self.policy.round_every)]
        if owner is None or lookup.purpose == NODE:
            return []
        if lookup.purpose == JOIN:
            self.is_joined = True
            successors = self._take_successors(list(lookup.owners))
            return [*successors, notes.joined(owner), SetTimer(ROUND_TIMER, 0)]
        if owner != self.own:
            self.ring.fingers[lookup.finger] = owner
        return []

    def _question(self, lookup: RingLookup, contact: Contact, now: Microseconds) -> list[Effect]:
        nonce = self.requests.draw_nonce()
        message = FindSuccessor(nonce, self.own.id, lookup.target)
        asked = Asked(LOOKUP, FindSuccessor, contact, lookup.number)
        return self.requests.ask(contact.address, nonce, message, asked, now)

    def _ask(self, address: Address, kind: type[AskRing], asked: Asked, now: Microseconds) -> list[Effect]:
        nonce = self.requests.draw_nonce()
        return self.requests.ask(address, nonce, kind(nonce, self.own.id), asked, now)

    # -- time and orders ----------------------------------------------------------------------------------

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """An answer did not come, or it is time to join, or for the next round."""
        if name.topic == REPLY:
            return self._tell_ring(self._on_silent(self.requests.take_timeout(name).about, now))
        return self._join(now) if name == JOIN_TIMER else self._tell_ring(self._do_round(now))

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Look up a point: a number in hexadecimal digits as long as a point, or a name that is hashed."""
        match command:
            case LookUp(target=target):
                return self._start(NODE, read_point(target, self.policy.m), now)
        return []
