"""Counts a network by asking: everybody who is told of is asked whom it knows, until nobody new is named.

It goes level by level, as a breadth-first search: the seeds, all whom they name, all whom those name. Who
does not answer is found but silent: it is off, does not speak this protocol, or stands behind a NAT.

    policy: {"seeds": ["server"], "start_at": 20000000, "window": 100}

Source of the idea: bitnodes, which asks Bitcoin's nodes with `getaddr` in the same way.
"""

from typing import Final

from blockchain_lab.base.choices import check_keys, read_names, read_number
from blockchain_lab.base.effects import Effect, Note, SetTimer, TimerName
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import SECOND, Address, Microseconds
from blockchain_lab.overlay.requests import TOPIC, Requests
from blockchain_lab.overlay.walk_messages import NOWHERE, PeersAsk, PeersTold
from blockchain_lab.overlay.walk_node import note_misbehaviour

PATIENCE: Final = 3 * SECOND  # ours; bitnodes waits 5 s for a connection
WINDOW: Final = 100  # questions without an answer; bitnodes has 700 workers
MOST_FOUND: Final = 100_000  # ours: liars invent addresses for nothing
KEYS: Final = ("seeds", "start_at", "window")
START: Final = TimerName("start")


class CrawlerNode(Node):
    """The crawler. `levels`: how far from the seeds each address was found; `answered`: who has spoken."""

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy that cannot be."""
        check_keys(setup.policy, KEYS)
        names = read_names(setup.policy, "seeds", setup.contacts)
        self.setup = setup
        self.start_at = read_number(setup.policy, "start_at", 0, least=0)
        self.window = read_number(setup.policy, "window", WINDOW, least=1)
        self.requests: Requests[None] = Requests(setup.random, PATIENCE)
        self.levels: dict[Address, int] = {setup.contacts[name]: 0 for name in names}
        self.answered: dict[Address, None] = {}
        self.level = 0  # of those who are being asked
        self.to_ask = list(self.levels)[::-1]  # of this level; the next one is the last

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Wait for the moment to begin."""
        return [SetTimer(START, max(self.start_at - now, 0))] if self.levels else []

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Begin; or somebody has not answered in time: on to the next."""
        if name.topic == TOPIC:
            self.requests.take_timeout(name)
        return self._go_on(now)

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """An answer, if we have asked for it; all else is noted and ignored."""
        if not isinstance(message, PeersTold):
            reason = message.reason if isinstance(message, Malformed) else "not for a crawler"
            return [note_misbehaviour(source, f"{message.wire_name}: {reason}")]
        request, effects = self.requests.take_answer(source, message.nonce)
        if request is None:
            return [note_misbehaviour(source, f"{message.wire_name}: nobody asked for it")]
        self.answered[source] = None
        for address in message.addresses:
            if is_somebody(address) and len(self.levels) < MOST_FOUND and address != self.setup.address:
                self.levels.setdefault(address, self.level + 1)
        return [*effects, *self._go_on(now)]

    def _go_on(self, now: Microseconds) -> list[Effect]:
        """Ask as many as may be asked at once; when a level is through, begin the next."""
        effects: list[Effect] = []
        if not self.to_ask and not self.requests.waiting:
            effects.append(self._end_level())
            if not self.to_ask:
                return [*effects, self._end()]
        while self.to_ask and len(self.requests.waiting) < self.window:
            nonce = self.requests.draw_nonce()
            effects += self.requests.ask(self.to_ask.pop(), nonce, PeersAsk(nonce), None, now)
        return effects

    def _end_level(self) -> Note:
        asked = [address for address, level in self.levels.items() if level == self.level]
        spoke = sum(address in self.answered for address in asked)
        self.to_ask = [address for address, level in self.levels.items() if level == self.level + 1][::-1]
        facts = {"level": self.level, "asked": len(asked), "answered": spoke, "new": len(self.to_ask)}
        self.level += 1
        return Note("level crawled", facts)

    def _end(self) -> Note:
        """The last level named nobody new. `levels`: from the seeds, which are level 0."""
        found, answered = len(self.levels), len(self.answered)
        return Note("crawl finished", {"levels": self.level - 1, "found": found, "answered": answered})


def is_somebody(address: Address) -> bool:
    """Could anybody be there?"""
    return address.port != 0 and address.ip != NOWHERE.ip
