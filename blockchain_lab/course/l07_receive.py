"""Lesson 7, the short function: what a peer does with a rumour, written twice, and the wrong ones.

A learner's function is then played in the simulator: a gossiping node asks it about every rumour that comes.
"""

from dataclasses import dataclass
from typing import Any, Final

from blockchain_lab.base.effects import Effect, SendTo
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, NodeFactory, Setup
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.course.functions import Function, call
from blockchain_lab.course.questions import Mistake
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.gossip import GossipNode
from blockchain_lab.overlay.gossip_ground import Ground
from blockchain_lab.overlay.gossip_messages import LAST_HOP, Rumour
from blockchain_lab.overlay.gossip_push import PushOnce

MOST_SENT: Final = 60  # by one peer: a function that never stops telling must not fill the machine

Receive = Any  # a learner's function: anything may stand there, and anything may come of it


def on_receive(
    item: str, hops: int, known: list[str], contacts: list[str], fanout: int
) -> list[tuple[str, int]]:
    """Whom to tell of `item`, which has come `hops` hops: pairs of a contact and the hops that we send."""
    if item in known:
        return []
    return [(contact, hops + 1) for contact in contacts[:fanout]]


def on_receive_by_counting(
    item: str, hops: int, known: list[str], contacts: list[str], fanout: int
) -> list[tuple[str, int]]:
    """The same, one contact at a time."""
    told: list[tuple[str, int]] = []
    is_new = known.count(item) == 0
    for contact in contacts:
        if is_new and len(told) < fanout:
            told.append((contact, hops + 1))
    return told


def tell_again(
    item: str, hops: int, known: list[str], contacts: list[str], fanout: int
) -> list[tuple[str, int]]:
    """A mistake: tells others whenever the rumour comes."""
    return [(contact, hops + 1) for contact in contacts[:fanout]]


def tell_all(
    item: str, hops: int, known: list[str], contacts: list[str], fanout: int
) -> list[tuple[str, int]]:
    """A mistake: every contact, as in flooding."""
    return [] if item in known else [(contact, hops + 1) for contact in contacts]


def forget_the_hop(
    item: str, hops: int, known: list[str], contacts: list[str], fanout: int
) -> list[tuple[str, int]]:
    """A mistake: the hop that it is about to make is not counted."""
    return [] if item in known else [(contact, hops) for contact in contacts[:fanout]]


def tell_what_is_known(
    item: str, hops: int, known: list[str], contacts: list[str], fanout: int
) -> list[tuple[str, int]]:
    """A mistake: the condition is upside down."""
    return [(contact, hops + 1) for contact in contacts[:fanout]] if item in known else []


def name_contacts(item: str, hops: int, known: list[str], contacts: list[str], fanout: int) -> list[str]:
    """A mistake: the names alone."""
    return [] if item in known else contacts[:fanout]


FOUR: Final = ["bob", "cat", "dan", "eve"]
CASES: Final[tuple[tuple[Any, ...], ...]] = (
    ("dog", 1, [], FOUR, 2),
    ("dog", 4, ["cat"], FOUR, 3),
    ("dog", 1, ["dog"], FOUR, 2),
    ("dog", 2, ["cat", "dog"], FOUR, 4),
    ("dog", 7, [], ["bob"], 4),
    ("dog", 1, [], [], 2),
)


@dataclass(slots=True)
class AsWritten(PushOnce):
    """Push once by a learner's function: it is asked about every rumour, and what it answers is sent."""

    function: Receive = None
    names: tuple[tuple[str, Address], ...] = ()  # all others
    left: int = MOST_SENT

    def on_datagram(
        self, ground: Ground, caller: Address, message: Message, now: Microseconds
    ) -> list[Effect]:
        """Ask the function before the item is known."""
        if not isinstance(message, Rumour):
            return PushOnce.on_datagram(self, ground, caller, message, now)
        item, known = message.item, [learned.item.text for learned in ground.items.values()]
        order = dict(ground.random.sample(self.names, len(self.names)))
        outcome = call(self.function, (item.text, message.hops, known, list(order), ground.policy.fanout))
        news = ground.learn(item, message.hops, caller, now) if ground.is_new(item.name) else []
        told = read_told(outcome.value, order)[: self.left]
        self.left -= len(told)
        return [*news, *(SendTo(order[name], Rumour(hops, item)) for name, hops in told)]


def read_told(value: Any, order: dict[str, Address]) -> list[tuple[str, int]]:
    """The pairs in a learner's answer that can be sent; none in anything else."""
    if not isinstance(value, list | tuple):
        return []
    pairs = [pair for pair in value if isinstance(pair, list | tuple) and len(pair) == 2]
    return [
        (name, hops)
        for name, hops in pairs
        if isinstance(name, str) and name in order and type(hops) is int and 0 < hops <= LAST_HOP
    ]


def make_factory(function: Receive) -> NodeFactory:
    """Gossiping nodes that do with a rumour what the function says."""

    def make(setup: Setup) -> Node:
        node = GossipNode(setup)
        others = tuple((name, at) for name, at in setup.contacts.items() if at != setup.address)
        node.protocol = AsWritten(function, others)
        return node

    return make


def play_yours(function: Receive, seed: int) -> Lab:
    """The lesson's story, played by nodes that a learner's function drives."""
    lab = Lab("push_or_pull", seed=seed, kinds={"gossip": make_factory(function)})
    lab.run()
    return lab


RECEIVE: Final = Function(
    id="L07.q9",
    title="On receipt",
    prompt="Write on_receive: whom a peer tells when a rumour comes, as pairs of a contact and hops.",
    name="on_receive",
    numbers="Hops",
    cases=CASES,
    passes="the right list of pairs in six cases, known news and too few contacts among them.",
    hints=(
        "First decide whether anybody is told at all: is `item` among the things that are `known`?",
        "The contacts come in random order, so the first `fanout` of them will do: `contacts[:fanout]`.",
        "Return `[(contact, hops + 1) for contact in ...]`: where we send it, it has come one hop further.",
    ),
    because="A peer is infected once. That one line, `if item in known`, is what ends every epidemic.",
    solution="Nothing for what is known, else the first contacts with one hop more.\n\n{answer}",
    answer=lambda seed: on_receive,
    again=lambda seed: on_receive_by_counting,
    mistakes=(
        Mistake(
            tell_again, "It tells others again when it knows the news already: such a rumour never ends."
        ),
        Mistake(tell_all, "That is flooding. Only `fanout` of the contacts are told."),
        Mistake(forget_the_hop, "To whom we tell it, the rumour has come one hop further than to us."),
        Mistake(tell_what_is_known, "The other way round: what is known already is not told again."),
        Mistake(
            name_contacts, "Each entry is a pair: the contact, and how many hops the rumour has come then."
        ),
    ),
)
