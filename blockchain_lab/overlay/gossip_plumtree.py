"""Plumtree: items travel along a tree that grows by itself, names along all other lines.

Every neighbour is eager at first. Whoever gets an item for the second time makes the line that brought it
lazy (PRUNE): what is left of the eager lines is a tree, n - 1 of them, and each item crosses each once. On
the lazy lines its name travels (IHAVE). A name without its item means that the tree is broken above: the
line is made eager again (GRAFT), which brings the item and mends the tree. Where a name has come a shorter
way than its item, the line that it came on takes the place of the other one.

Source: J. Leitão, J. Pereira, L. Rodrigues, "Epidemic Broadcast Trees" (SRDS 2007), Algorithms 1 to 3.
"""

from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.effects import CancelTimer, Effect, Note, Send, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.overlay.gossip_ground import Ground, Protocol, Source, show
from blockchain_lab.overlay.gossip_messages import Graft, IHave, Item, Prune, Rumour

TOPIC: Final = "missing"
MOST_MISSING: Final = 1_000  # items that one neighbour may have announced and not sent
EAGER: Final = "eager"
LAZY: Final = "lazy"


@dataclass(slots=True)
class Plumtree(Protocol):
    """Which lines are eager, and which items have been announced and have not come."""

    eager: dict[ConnectionId, None] = field(default_factory=dict)
    lazy: dict[ConnectionId, None] = field(default_factory=dict)
    missing: dict[bytes, dict[ConnectionId, int]] = field(default_factory=dict)  # name -> line -> hops

    def on_line(self, ground: Ground, conn: ConnectionId, now: Microseconds) -> list[Effect]:
        """A new neighbour is eager (Algorithm 3, NeighborUp). What it has missed it is told by name."""
        self.eager[conn] = None
        newest = list(ground.items)[-MOST_MISSING:]
        return [Send(conn, IHave(ground.get_hops_beyond(name), name)) for name in newest]

    def on_line_lost(self, ground: Ground, conn: ConnectionId, now: Microseconds) -> list[Effect]:
        """It announces nothing any more (NeighborDown); lazy lines will mend the tree."""
        self.eager.pop(conn, None)
        self.lazy.pop(conn, None)
        for announced in self.missing.values():
            announced.pop(conn, None)
        return []

    def on_news(self, ground: Ground, item: Item, source: Source, now: Microseconds) -> list[Effect]:
        """The item to the eager, its name to the lazy."""
        hops = ground.get_hops_beyond(item.name)
        whole, named = Rumour(hops, item), IHave(hops, item.name)
        pushed = [Send(conn, whole) for conn in self.eager if conn != source]
        return [*pushed, *(Send(conn, named) for conn in self.lazy if conn != source)]

    def on_message(
        self, ground: Ground, conn: ConnectionId, message: Message, now: Microseconds
    ) -> list[Effect]:
        """Algorithm 1: Gossip, Prune; Algorithm 2: IHave, Graft."""
        match message:
            case Rumour(_, item) if ground.is_new(item.name):
                return self._take(ground, conn, message, now)
            case Rumour():
                ground.duplicates += 1
                return [*self._make_lazy(ground, conn), Send(conn, Prune())]
            case IHave(hops, name):
                return self._remember(ground, conn, name, hops)
            case Graft(missing):
                items = ground.get_items(missing)
                rumours = [Rumour(ground.get_hops_beyond(item.name), item) for item in items]
                return [*self._make_eager(ground, conn), *(Send(conn, rumour) for rumour in rumours)]
            case Prune():
                return self._make_lazy(ground, conn)
        return Protocol.on_message(self, ground, conn, message, now)

    def on_timer(self, ground: Ground, name: TimerName, now: Microseconds) -> list[Effect]:
        """The item has not come: graft the line that announced it first, and then the next one."""
        item = bytes.fromhex(str(name.about))
        announced = self.missing.get(item, {})
        if not announced:
            self.missing.pop(item, None)
            return []
        conn = next(iter(announced))
        del announced[conn]
        again = SetTimer(name, ground.policy.patience)
        return [*self._make_eager(ground, conn), Send(conn, Graft((item,))), again]

    def _take(self, ground: Ground, conn: ConnectionId, rumour: Rumour, now: Microseconds) -> list[Effect]:
        """A new item: its line is part of the tree, unless another one is a good deal shorter."""
        item = rumour.item
        announced = self.missing.pop(item.name, None)
        effects: list[Effect] = [] if announced is None else [CancelTimer(get_timer(item.name))]
        effects += [*self._make_eager(ground, conn), *self.hear(ground, item, rumour.hops, conn, now)]
        for shorter, hops in (announced or {}).items():  # Algorithm 4, Optimization
            if shorter != conn and rumour.hops - hops >= ground.policy.shortcut:
                effects += [*self._make_eager(ground, shorter), Send(shorter, Graft())]
                effects += [*self._make_lazy(ground, conn), Send(conn, Prune())]
                break
        return effects

    def _remember(self, ground: Ground, conn: ConnectionId, name: bytes, hops: int) -> list[Effect]:
        """A name: if its item does not come by itself, this neighbour will be asked."""
        if not ground.is_new(name):
            return []
        if sum(conn in announced for announced in self.missing.values()) >= MOST_MISSING:
            return ground.complain(conn, f"i-have: over {MOST_MISSING} items announced and not sent")
        is_first = name not in self.missing
        self.missing.setdefault(name, {}).setdefault(conn, hops)
        return [SetTimer(get_timer(name), ground.policy.patience)] if is_first else []

    def _make_eager(self, ground: Ground, conn: ConnectionId) -> list[Effect]:
        if conn in self.eager:
            return []
        self.lazy.pop(conn, None)
        self.eager[conn] = None
        return [note(ground, conn, EAGER)]

    def _make_lazy(self, ground: Ground, conn: ConnectionId) -> list[Effect]:
        if conn in self.lazy:
            return []
        self.eager.pop(conn, None)
        self.lazy[conn] = None
        return [note(ground, conn, LAZY)]


def get_timer(name: bytes) -> TimerName:
    """Of one item."""
    return TimerName(TOPIC, about=name.hex())


def note(ground: Ground, conn: ConnectionId, kind: str) -> Note:
    """A line has joined the tree, or left it."""
    return Note("tree changed", {"with": show(ground.lines[conn].remote), "is": kind})
