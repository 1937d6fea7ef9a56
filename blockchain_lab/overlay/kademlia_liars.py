"""Nodes that break Kademlia's promises: they lie about who is close, or sit around a key and make it vanish.

    kademlia-liar    one node, anywhere; `lie` says how:
        silent       it never answers
        far          it tells of the farthest contacts it knows
        fake         it makes up contacts next to the target, at addresses where nobody is
        value        it answers every question for a value with one of its own
        malformed    its answers are cut in the middle of an id
        unasked      it answers as it should, and once more with a nonce of its own
    kademlia-sybil   one of many, with an id next to a key that somebody has chosen (`target`): it takes
                     values and forgets them, and names nobody but its fellows

The sybils' attack needs nothing but ids of one's own choice; where an id must be the hash of its address
(`checks_ids`) each wanted id costs as many addresses as there are nodes nearer to the key (BEP 42).
"""

from dataclasses import replace
from typing import ClassVar, Final

from blockchain_lab.base.actions import Command, SetPolicy
from blockchain_lab.base.choices import read_names, read_number, read_word
from blockchain_lab.base.disguise import Disguise
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.effects import Effect, SendTo
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.overlay import kademlia_notes as notes
from blockchain_lab.overlay.kademlia_contacts import Contact
from blockchain_lab.overlay.kademlia_ids import ID_BITS, draw_near, id_to_hex, read_target
from blockchain_lab.overlay.kademlia_messages import (
    QUESTIONS,
    AskProviders,
    FindValue,
    FoundNodes,
    FoundValue,
    KademliaMessage,
    KeyQuestion,
    Providers,
)
from blockchain_lab.overlay.kademlia_node import KademliaNode

FAR, FAKE = "far", "fake"
LIES: Final = ("silent", FAR, FAKE, "value", "malformed", "unasked")
FORGERY: Final = b"forged"
NEAR: Final = 100  # bits that a made-up id shares with its target: nobody honest is as near
NOWHERE: Final = Address("192.0.2.1", 9)  # of a range that is nobody's: RFC 5737


class DisguisedContact(Disguise[KademliaNode]):
    """An honest node whose answers are changed on their way out. Whoever asks it is learned as ever."""

    obeys: ClassVar[tuple[type[Command], ...]] = KademliaNode.obeys

    @property
    def own(self) -> Contact:
        """Its place in the space."""
        return self.inner.own

    def change(self, question: KademliaMessage, answer: KademliaMessage) -> list[Message]:
        """What is answered in place of an honest answer."""
        return [answer]

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """As the inner node, but for the answer."""
        effects = self.inner.on_datagram(source, message, now)
        if not isinstance(message, KademliaMessage) or not isinstance(message, QUESTIONS):
            return effects
        changed: list[Effect] = []
        for effect in effects:
            answer = effect.message if isinstance(effect, SendTo) else None
            if isinstance(answer, KademliaMessage) and answer.nonce == message.nonce:
                changed += [SendTo(source, other) for other in self.change(message, answer)]
            else:
                changed.append(effect)
        return changed

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """As the inner node, which knows no key of ours."""
        if isinstance(command, SetPolicy):
            self.inner.setup.policy[command.key] = command.value
        return super().on_command(command, now)


class KademliaLiar(DisguisedContact):
    """Lies in one way, to everybody. Policy, over that of an honest node: `lie`, one of LIES."""

    def __init__(self, setup: Setup) -> None:
        """UsageError for a lie that it does not know."""
        self.lie = read_word(setup.policy, "lie", LIES, FAR)
        self.random = CounterRandom(get_key(setup.random.key, "lies"))
        super().__init__(KademliaNode(without(setup, "lie")))

    def change(self, question: KademliaMessage, answer: KademliaMessage) -> list[Message]:
        """The lie."""
        match self.lie:
            case "silent":
                return []
            case "malformed":
                cut = answer.encoding[: len(answer.encoding) // 2]
                return [Malformed(answer.command, "cut in the middle", cut, fatal=False)]
            case "unasked":
                return [answer, replace(answer, nonce=answer.nonce ^ 1)]
            case "value" if isinstance(question, FindValue):
                return [FoundValue(question.nonce, answer.sender, 0, FORGERY)]
        if isinstance(question, KeyQuestion) and isinstance(answer, FoundNodes):
            return [replace(answer, contacts=self._lie_about(question))]
        return [answer]

    def _lie_about(self, question: KeyQuestion) -> tuple[Contact, ...]:
        table, target = self.inner.table, question.target
        if self.lie == FAR:
            far = sorted(table, key=lambda contact: -(contact.id ^ target))
            return tuple(far[: table.k])
        if self.lie == FAKE:
            ids = [draw_near(self.random, target, NEAR) for _ in range(table.k)]
            return tuple(Contact(node, NOWHERE) for node in ids)
        return tuple(table.find_closest(target, table.k))


class KademliaSybil(DisguisedContact):
    """One of many around a key.

    Policy, over that of an honest node: `target`, the key (an id or a name); `near`, how many bits its id
    shares with it; `fellows`, names of the other sybils, whose ids follow from their names.
    """

    def __init__(self, setup: Setup) -> None:
        """UsageError for fellows that nobody is."""
        self.target = read_target(str(setup.policy.get("target", "")))
        self.near = read_number(setup.policy, "near", NEAR, least=0, most=ID_BITS)
        names = read_names(setup.policy, "fellows", setup.contacts)
        self.fellows = tuple(Contact(self._choose_id(name), setup.contacts[name]) for name in names)
        honest = without(setup, "target", "near", "fellows")
        if not honest.policy.get("checks_ids") and "id" not in honest.policy:
            honest.policy["id"] = id_to_hex(self._choose_id(setup.name))
        super().__init__(KademliaNode(honest))

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """Values are forgotten as soon as they have come."""
        effects = super().on_datagram(source, message, now)
        values = self.inner.keeping.storage.values
        dropped = [notes.value_dropped(key) for key in values]
        values.clear()
        return [*effects, *dropped]

    def change(self, question: KademliaMessage, answer: KademliaMessage) -> list[Message]:
        """Of its key it knows only fellows."""
        if not isinstance(question, KeyQuestion) or question.target != self.target:
            return [answer]
        if isinstance(question, AskProviders):
            return [Providers(question.nonce, answer.sender, (), self.fellows)]
        if isinstance(answer, FoundNodes | FoundValue):
            return [FoundNodes(question.nonce, answer.sender, self.fellows)]
        return [answer]

    def _choose_id(self, name: str) -> int:
        return draw_near(CounterRandom(get_key("sybil", name)), self.target, self.near)


def without(setup: Setup, *keys: str) -> Setup:
    """The setup of the honest node inside."""
    return replace(setup, policy={key: value for key, value in setup.policy.items() if key not in keys})
