"""Erlay's way: tell a few at once, and with all others compare now and then what either side lacks.

Announcing on every line costs each peer as many names as it has lines. Here a new item is announced on
`announce_to` of the lines that we have dialled; on the others it waits. Every `reconcile_every` the side that
has dialled asks for a comparison (`reconcile_messages` shows the talk): it costs as much as the two sets
differ, which is little, because most of what waits has come to both sides meanwhile.

When a sketch cannot be taken apart both sides announce all that waits. Erlay would first ask for a longer
sketch; ours is small enough to do without.

Source: G. Naumenko and others, "Erlay: Efficient Transaction Relay for Bitcoin" (CCS 2019); BIP 330.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from blockchain_lab.base.effects import Effect, Note, Send, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.overlay.gossip_ground import Ground, Protocol, Source, show
from blockchain_lab.overlay.gossip_messages import Have, Item
from blockchain_lab.overlay.gossip_names import Names
from blockchain_lab.overlay.reconcile_messages import Differ, Reconcile, Sketch
from blockchain_lab.overlay.sketch import (
    MEMBER_CELLS,
    Difference,
    choose_size,
    encode,
    peel,
    shorten,
    subtract,
)

TOPIC: Final = "reconcile"
MOST_WAITING: Final = 1_000  # items of one comparison, oldest first; the rest waits for the next one


@dataclass(slots=True)
class Side:
    """Our side of one line: what waits for the neighbour, and the comparison that is going on."""

    waiting: dict[bytes, None] = field(default_factory=dict)  # names that it is not known to have
    comparing: dict[int, bytes] | None = None  # short name -> name, of what we asked or answered about

    def begin(self, salt: int) -> dict[int, bytes]:
        """Compare what waits now; what comes later waits for the next time."""
        self.comparing = {shorten(name, salt): name for name in islice(self.waiting, MOST_WAITING)}
        return self.comparing

    def end(self) -> dict[int, bytes]:
        """It is over: none of that waits any more."""
        compared, self.comparing = self.comparing or {}, None
        for name in compared.values():
            self.waiting.pop(name, None)
        return compared


@dataclass(slots=True)
class Erlay(Protocol):
    """Names and items travel as in `Inv`; who is told when is another matter."""

    names: Names = field(default_factory=Names)
    sides: dict[ConnectionId, Side] = field(default_factory=dict)

    def on_line(self, ground: Ground, conn: ConnectionId, now: Microseconds) -> list[Effect]:
        """All that we have waits for it; who has dialled begins to compare, at a moment of its own."""
        self.names.open(conn)
        self.sides[conn] = Side(dict.fromkeys(ground.items))
        if ground.lines[conn].inbound:
            return []
        return [SetTimer(TimerName(TOPIC, conn), ground.random.below(ground.policy.reconcile_every))]

    def on_line_lost(self, ground: Ground, conn: ConnectionId, now: Microseconds) -> list[Effect]:
        """The comparison ends; its timer dies with the line."""
        del self.sides[conn]
        return self.names.close(ground, conn)

    def on_news(self, ground: Ground, item: Item, source: Source, now: Microseconds) -> list[Effect]:
        """Announce it to a few whom we have dialled; on all other lines it waits."""
        unaware = [conn for conn in ground.lines if self.names.is_unaware(conn, item.name)]
        outbound = [conn for conn in unaware if not ground.lines[conn].inbound]
        chosen = ground.random.sample(outbound, min(ground.policy.announce_to, len(outbound)))
        for conn in unaware:
            if conn not in chosen:
                self.sides[conn].waiting[item.name] = None
        return self.names.announce(item.name, chosen)

    def on_message(
        self, ground: Ground, conn: ConnectionId, message: Message, now: Microseconds
    ) -> list[Effect]:
        """Names and items, or a word of the comparison."""
        match message:
            case Have():  # and `Want`
                for name in message.names:
                    self.sides[conn].waiting.pop(name, None)
                return self.names.answer(ground, conn, message)
            case Item():
                return self.names.take(self, ground, conn, message, now)
            case Reconcile() | Sketch() | Differ():
                return self._discuss(ground, conn, message)
        return Protocol.on_message(self, ground, conn, message, now)

    def on_timer(self, ground: Ground, name: TimerName, now: Microseconds) -> list[Effect]:
        """It is time to compare, or somebody was silent for too long."""
        if name.topic != TOPIC or name.conn is None:
            return self.names.fetching.on_timer(ground, name)
        side, again = self.sides[name.conn], SetTimer(name, ground.policy.reconcile_every)
        if side.comparing is not None:
            return [again]  # the last comparison is not over
        salt = ground.random.bits()
        return [Send(name.conn, Reconcile(salt, len(side.begin(salt)))), again]

    def _discuss(
        self, ground: Ground, conn: ConnectionId, message: Reconcile | Sketch | Differ
    ) -> list[Effect]:
        """A word of the comparison: who has dialled asks, and says what came of it."""
        side, has_dialled = self.sides[conn], ground.lines[conn].inbound
        match message:
            case Reconcile(salt, size) if has_dialled:
                ours = side.begin(salt)
                return [Send(conn, Sketch(tuple(encode(ours, choose_size(len(ours), size)))))]
            case Sketch() if side.comparing is not None and not has_dialled:
                return self._compare(ground, conn, message)
            case Differ() if side.comparing is not None and has_dialled:
                return self._settle(ground, conn, message)
        return ground.complain(conn, f"{message.command}: it is not its turn")

    def _compare(self, ground: Ground, conn: ConnectionId, sketch: Sketch) -> list[Effect]:
        """We have dialled, and here are the other side's cells."""
        cells, ours = sketch.cells, self.sides[conn].end()
        if not cells and not ours:
            return []
        if len(cells) % MEMBER_CELLS:
            return ground.complain(conn, f"sketch: {len(cells)} cells, wanted a multiple of {MEMBER_CELLS}")
        difference = peel(subtract(encode(ours, len(cells)), cells)) if cells else None
        noted = note(ground, conn, len(cells), difference)
        if difference is None:
            return [noted, Send(conn, Differ(False)), *self._tell(conn, ours, ours.values())]
        lacking = [ours[short] for short in difference.ours if short in ours]
        return [noted, Send(conn, Differ(True, tuple(difference.theirs))), *self._tell(conn, ours, lacking)]

    def _settle(self, ground: Ground, conn: ConnectionId, answer: Differ) -> list[Effect]:
        """We were dialled, and here is what came of our cells."""
        ours = self.sides[conn].end()
        if not answer.is_found:
            return self._tell(conn, ours, ours.values())
        unheard_of = sum(1 for short in answer.wanted if short not in ours)
        lie = f"differ: {unheard_of} short names that are not ours"
        lacking = [ours[short] for short in answer.wanted if short in ours]
        told = self._tell(conn, ours, lacking)
        return [*told, *ground.complain(conn, lie)] if unheard_of else told

    def _tell(self, conn: ConnectionId, compared: dict[int, bytes], names: Iterable[bytes]) -> list[Effect]:
        """Announce these; all else that was compared the other side has."""
        told = self.names.tell(conn, names)
        self.names.note_known(conn, compared.values())
        return told


def note(ground: Ground, conn: ConnectionId, cells: int, found: Difference | None) -> Note:
    """What a comparison cost and what it found; None: the sketch was too small."""
    differing = None if found is None else len(found.ours) + len(found.theirs)
    facts = {"with": show(ground.lines[conn].remote), "cells": cells, "differing": differing}
    return Note("sets compared", facts)
