"""A toy node that pings by datagram, and a puppet that does as it is told."""

from dataclasses import dataclass, field
from typing import Any

from blockchain_lab.base.actions import Command
from blockchain_lab.base.effects import CancelTimer, Effect, Note, SendTo, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import SECOND, Address, Microseconds
from support.toys_messages import ToyPing, ToyPong


class PingNode(Node):
    """Pings a random neighbour once a second by datagram; asks once more when no answer comes."""

    def __init__(self, setup: Setup) -> None:
        self.setup, self.random = setup, setup.random
        self.waiting: dict[int, tuple[Address, Microseconds, int]] = {}  # nonce -> whom, since, tries
        self.round_trips: list[Microseconds] = []
        self.lost = 0

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Begin after a random part of a second."""
        return [SetTimer(TimerName("next"), self.random.below(SECOND))] if self.setup.neighbours else []

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """Answer a ping; note the time of a pong."""
        match message:
            case ToyPong(nonce) if nonce in self.waiting:
                _, since, _ = self.waiting.pop(nonce)
                self.round_trips.append(now - since)
                return [CancelTimer(TimerName("lost", about=nonce)), Note("round trip", {"us": now - since})]
            case ToyPong():
                return []
            case ToyPing(nonce):
                return [SendTo(source, ToyPong(nonce))]
        return []

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Send the next ping, or repeat one."""
        match name:
            case TimerName("lost", _, int(nonce)):
                whom, since, tries = self.waiting.pop(nonce)
                if tries == 2:
                    self.lost += 1
                    return [Note("no answer", {"nonce": nonce})]
                return self._ping(nonce, whom, since, tries + 1)
        first = self._ping(self.random.bits(), self.random.choice(self.setup.neighbours), now, 1)
        return [SetTimer(TimerName("next"), SECOND), *first]

    def _ping(self, nonce: int, whom: Address, since: Microseconds, tries: int) -> list[Effect]:
        self.waiting[nonce] = (whom, since, tries)
        return [SendTo(whom, ToyPing(nonce)), SetTimer(TimerName("lost", about=nonce), SECOND)]


@dataclass(frozen=True, slots=True)
class Order(Command):
    """Make a puppet answer with these effects."""

    effects: tuple[Any, ...]


@dataclass
class PuppetNode(Node):
    """Remembers what it was told and does as ordered."""

    setup: Setup
    told: list[tuple[Any, ...]] = field(default_factory=list)

    def on_connected(self, *facts: Any) -> list[Effect]:
        """Remember."""
        return self._remember("connected", facts)

    def on_dial_failed(self, *facts: Any) -> list[Effect]:
        """Remember."""
        return self._remember("dial failed", facts)

    def on_message(self, *facts: Any) -> list[Effect]:
        """Remember."""
        return self._remember("message", facts)

    def on_datagram(self, *facts: Any) -> list[Effect]:
        """Remember."""
        return self._remember("datagram", facts)

    def on_timer(self, *facts: Any) -> list[Effect]:
        """Remember."""
        return self._remember("timer", facts)

    def on_disconnected(self, *facts: Any) -> list[Effect]:
        """Remember."""
        return self._remember("disconnected", facts)

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Do it, or remember what else was asked."""
        return (
            list(command.effects) if isinstance(command, Order) else self._remember("command", (command, now))
        )

    def _remember(self, what: str, facts: tuple[Any, ...]) -> list[Effect]:
        self.told.append((what, *facts[:-1]))  # without the time
        return []
