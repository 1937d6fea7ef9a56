"""Gossip by calls to anybody, the asking half: "what is new?" Demers (1987) calls it anti-entropy.

    pull        everybody asks one peer every round. About log2 n + log2 ln n rounds: slow while few know;
                once half of them do, the share of those who do not is squared round by round
    push-pull   both in one call, about log3 n + log2 ln n rounds (Karp and others 2000)

Nobody knows that there is nothing new, so asking never ends: this is what lets a peer that was away catch up.
Only who was asked in this round is believed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Effect, SendTo, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.overlay.gossip_ground import UNASKED, Ground, Protocol, Source
from blockchain_lab.overlay.gossip_messages import MOST_PREFIXES, NAME_PREFIX, Item, Pull
from blockchain_lab.overlay.gossip_push import Push, wait_for_round

FIRST: Final = bytes(NAME_PREFIX)
NO_LIMIT: Final = b"\xff" * NAME_PREFIX
MOST_ANSWERS: Final = 20  # items for one `pull`: a question must not cost us megabytes


@dataclass(slots=True)
class Pulling(Protocol):
    """Knows whom it has asked. It has nothing to do when it learns an item: others will ask."""

    asked: Address | None = None  # in this round

    def on_start(self, ground: Ground, now: Microseconds) -> list[Effect]:
        """The first round."""
        return [wait_for_round(ground, now)]

    def on_timer(self, ground: Ground, name: TimerName, now: Microseconds) -> list[Effect]:
        """Ask one peer."""
        effects: list[Effect] = [wait_for_round(ground, now)]
        for address in ground.choose_contacts(1):
            effects.append(self.ask(address, ground))
        return effects

    def ask(self, address: Address, ground: Ground) -> Effect:
        """What is new to us?"""
        self.asked = address
        return SendTo(address, make_question(ground.items, ground.random))

    def on_datagram(
        self, ground: Ground, caller: Address, message: Message, now: Microseconds
    ) -> list[Effect]:
        """A question, or an answer to ours."""
        match message:
            case Pull():
                return [SendTo(caller, item) for item in find_answers(ground, message)]
            case Item() if caller == self.asked:
                return self.hear(ground, message, 1, caller, now)
            case Item():
                return ground.complain(caller, UNASKED)
        return Protocol.on_datagram(self, ground, caller, message, now)


@dataclass(slots=True)
class PushPull(Protocol):
    """Both halves; what is told needs no question, so nobody is a liar for telling."""

    push: Push = field(default_factory=Push)
    pull: Pulling = field(default_factory=Pulling)

    def on_start(self, ground: Ground, now: Microseconds) -> list[Effect]:
        """The first round; it is never the last."""
        return self.pull.on_start(ground, now)

    def on_news(self, ground: Ground, item: Item, source: Source, now: Microseconds) -> list[Effect]:
        """It is hot; the timer runs already."""
        self.push.on_news(ground, item, source, now)
        return []

    def on_timer(self, ground: Ground, name: TimerName, now: Microseconds) -> list[Effect]:
        """Call one peer: tell it, and ask it."""
        effects: list[Effect] = [wait_for_round(ground, now)]
        for address in ground.choose_contacts(1):
            effects += [*self.push.push_to(address, ground), self.pull.ask(address, ground)]
        return effects

    def on_datagram(
        self, ground: Ground, caller: Address, message: Message, now: Microseconds
    ) -> list[Effect]:
        """A question, an answer or a push."""
        if isinstance(message, Item):
            return self.hear(ground, message, 1, caller, now)
        return self.pull.on_datagram(ground, caller, message, now)


NOTHING: Final = Pull(FIRST, NO_LIMIT, ())  # what most ask at first: one message serves all of them


def make_question(names: Iterable[bytes], random: CounterRandom) -> Pull:
    """All that we have, or a part drawn by chance where a datagram does not hold it. O(n log n)."""
    prefixes = sorted(name[:NAME_PREFIX] for name in names)
    if not prefixes:
        return NOTHING
    if len(prefixes) <= MOST_PREFIXES:
        return Pull(FIRST, NO_LIMIT, tuple(prefixes))
    start = random.below(len(prefixes) + MOST_PREFIXES) - MOST_PREFIXES  # so that both ends are asked about
    end = start + MOST_PREFIXES
    low = FIRST if start <= 0 else prefixes[start]
    high = NO_LIMIT if end >= len(prefixes) else prefixes[end]
    return Pull(low, high, tuple(prefixes[max(0, start) : end]))


def find_answers(ground: Ground, question: Pull) -> list[Item]:
    """Items of ours that the asker lacks, newest first. O(items)."""
    if not ground.items:
        return []
    known = frozenset(question.known)
    missing = []
    for name in reversed(ground.items):
        prefix = name[:NAME_PREFIX]
        is_inside = question.low <= prefix and (prefix < question.high or question.high == NO_LIMIT)
        if is_inside and prefix not in known:
            missing.append(name)
            if len(missing) == MOST_ANSWERS:
                break
    return ground.get_items(missing)
