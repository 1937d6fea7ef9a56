"""Gossip by calls to anybody, the pushing half: "have you heard?"

    push once   on first receipt to F peers, then never again. Most hear it, some never do: the share s that
                does is s = 1 - exp(-F s). With a time to live it dies sooner
    push        whoever knows an item calls one peer every round, for as long as the item is hot. About
                log2 n + ln n rounds (Pittel 1987): fast while few know, slow for the last few

Source: A. Demers and others, "Epidemic Algorithms for Replicated Database Maintenance" (PODC 1987): push once
is their blind, counted rumour with a counter of one.
"""

from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.effects import Effect, SendTo, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.overlay.gossip_ground import Ground, Protocol, Source
from blockchain_lab.overlay.gossip_messages import Item, Rumour

ROUND: Final = TimerName("round")


def wait_for_round(ground: Ground, now: Microseconds) -> Effect:
    """Rounds are common to all: they begin at whole multiples of `every`."""
    every = ground.policy.every
    return SetTimer(ROUND, every - now % every)


@dataclass(slots=True)
class PushOnce(Protocol):
    """It has no state: what it has heard, it has told."""

    def on_news(self, ground: Ground, item: Item, source: Source, now: Microseconds) -> list[Effect]:
        """Tell F others, whoever they are: perhaps even the one who told us."""
        hops, ttl = ground.get_hops_beyond(item.name), ground.policy.ttl
        if ttl and hops > ttl:
            return []
        rumour = Rumour(hops, item)
        return [SendTo(address, rumour) for address in ground.choose_contacts(ground.policy.fanout)]

    def on_datagram(
        self, ground: Ground, caller: Address, message: Message, now: Microseconds
    ) -> list[Effect]:
        """A rumour that has come further than allowed, or no way at all, is a lie."""
        if not isinstance(message, Rumour):
            return Protocol.on_datagram(self, ground, caller, message, now)
        ttl = ground.policy.ttl
        if message.hops == 0 or (ttl and message.hops > ttl):
            return ground.complain(caller, f"rumour: {message.hops} hops, wanted 1 to {ttl or 'any number'}")
        return self.hear(ground, message.item, message.hops, caller, now)


@dataclass(slots=True)
class Push(Protocol):
    """Knows what is hot, and for how many rounds."""

    hot: dict[bytes, int] = field(default_factory=dict)  # name -> rounds left, oldest first

    def on_news(self, ground: Ground, item: Item, source: Source, now: Microseconds) -> list[Effect]:
        """It is hot from the next round on."""
        is_waiting = bool(self.hot)
        if ground.policy.hot_rounds:
            self.hot[item.name] = ground.policy.hot_rounds
        return [] if is_waiting or not self.hot else [wait_for_round(ground, now)]

    def on_timer(self, ground: Ground, name: TimerName, now: Microseconds) -> list[Effect]:
        """Call one peer and tell it all that is hot."""
        effects: list[Effect] = []
        for address in ground.choose_contacts(1):
            effects += self.push_to(address, ground)
        return [*effects, wait_for_round(ground, now)] if self.hot else effects

    def push_to(self, address: Address, ground: Ground) -> list[Effect]:
        """All that is hot, for one peer; a round less is left of it."""
        items = ground.get_items(self.hot)
        self.hot = {name: left - 1 for name, left in self.hot.items() if left > 1}
        return [SendTo(address, item) for item in items]

    def on_datagram(
        self, ground: Ground, caller: Address, message: Message, now: Microseconds
    ) -> list[Effect]:
        """Somebody has told us something."""
        if not isinstance(message, Item):
            return Protocol.on_datagram(self, ground, caller, message, now)
        return self.hear(ground, message, 1, caller, now)
