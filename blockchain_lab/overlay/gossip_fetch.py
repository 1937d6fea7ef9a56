"""Fetching what was announced: each item is asked of one peer at a time, and of the next one if it is silent.

    have (from anybody)  ->  want (to the first)  ->  item
                             ... patience ...  ->  want (to the next)

A peer that announces what it does not have costs us one patience, and an item that does not match its name
was never asked for. Bitcoin's transactions are fetched like this (Core since 0.21, `txrequest.h`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.effects import CancelTimer, Effect, Send, SetTimer, TimerName
from blockchain_lab.base.units import ConnectionId
from blockchain_lab.overlay.gossip_ground import Ground
from blockchain_lab.overlay.gossip_messages import Item, Want

TOPIC: Final = "want"
MOST_PROMISED: Final = 1_000  # items that one peer may owe; Core has 5,000


@dataclass(slots=True)
class Fetching:
    """Who has announced what, and who was asked."""

    promised: dict[ConnectionId, dict[bytes, None]] = field(default_factory=dict)  # announced, not sent yet
    asked: dict[ConnectionId, dict[bytes, None]] = field(default_factory=dict)  # asked for, oldest first
    wanted: dict[bytes, ConnectionId] = field(default_factory=dict)  # who is to send it now

    def on_have(self, ground: Ground, conn: ConnectionId, names: Iterable[bytes]) -> list[Effect]:
        """A peer has these: ask for what nobody was asked for, remember the rest."""
        promised = self.promised.setdefault(conn, {})
        asking: list[bytes] = []
        for name in names:
            if not ground.is_new(name) or name in promised:
                continue
            if len(promised) >= MOST_PROMISED:
                rest = ground.complain(conn, f"have: over {MOST_PROMISED} items announced and not sent")
                return [*self._ask(ground, conn, asking), *rest]
            promised[name] = None
            if name not in self.wanted:
                asking.append(name)
        return self._ask(ground, conn, asking)

    def was_asked(self, conn: ConnectionId, item: Item) -> bool:
        """Did we ask this peer for it? An answer that comes late is one all the same."""
        return item.name in self.asked.get(conn, {})

    def on_item(self, conn: ConnectionId, item: Item) -> list[Effect]:
        """It is here, and nobody owes it any more; but others who were asked may still send it."""
        for names in self.promised.values():
            names.pop(item.name, None)
        self.asked.get(conn, {}).pop(item.name, None)
        return [CancelTimer(get_timer(item.name))] if self.wanted.pop(item.name, None) is not None else []

    def on_line_lost(self, ground: Ground, conn: ConnectionId) -> list[Effect]:
        """What it owed is asked of the next one, at once."""
        self.promised.pop(conn, None)
        self.asked.pop(conn, None)
        owed = [name for name, owing in self.wanted.items() if owing == conn]
        return [effect for name in owed for effect in self._ask_next(ground, name)]

    def on_timer(self, ground: Ground, name: TimerName) -> list[Effect]:
        """Somebody did not send what it has announced."""
        return self._ask_next(ground, bytes.fromhex(str(name.about)))

    def _ask(self, ground: Ground, conn: ConnectionId, names: list[bytes]) -> list[Effect]:
        """One question to one peer."""
        if not names:
            return []
        asked = self.asked.setdefault(conn, {})
        for name in names:
            self.wanted[name] = conn
            asked[name] = None
        while len(asked) > MOST_PROMISED:
            del asked[next(iter(asked))]
        timers: list[Effect] = [SetTimer(get_timer(name), ground.policy.patience) for name in names]
        return [Send(conn, Want(tuple(names))), *timers]

    def _ask_next(self, ground: Ground, name: bytes) -> list[Effect]:
        """The next peer that has announced it, one that was not asked before if there is one."""
        late = self.wanted.pop(name)
        self.promised.get(late, {}).pop(name, None)  # it may announce it anew
        ready = [conn for conn, promised in self.promised.items() if name in promised]
        fresh = [conn for conn in ready if name not in self.asked.get(conn, {})]
        return self._ask(ground, (fresh or ready)[0], [name]) if ready else [CancelTimer(get_timer(name))]


def get_timer(name: bytes) -> TimerName:
    """Of one item."""
    return TimerName(TOPIC, about=name.hex())
