"""The executor that needs no numba: events in order, and a handler for each kind of them.

`readable_relay` is the one to read first. Here peers and connections are places in columns, each direction
of a connection is a *slot*, and what happens is (when, kind, flood, slot), where a flood is one block on its
way. Of ten peers that have checked a block, seven have only neighbours that know of it; what they say
takes its time on the uplink and is counted, but has no effect. So `tell_alike` looks first who is unaware.

`kernel.play` is the same over arrays: who changes one changes the other, or a test fails.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import compress
from operator import itemgetter
from typing import Any, Final

from blockchain_lab.base.units import Microseconds
from blockchain_lab.scale.days import DAY, Days
from blockchain_lab.scale.floods import FAR, Flood, Tree, look
from blockchain_lab.scale.outcome import Outcome
from blockchain_lab.scale.protocol import Kind, Stage
from blockchain_lab.scale.wiring import Wiring

EVENTS_AT_ONCE: Final = 50_000  # between two looks at the progress

# Plain whole numbers: enum members are slow to compare.
INV, HEADERS, GETDATA, BLOCK, CMPCTBLOCK, GETBLOCKTXN, BLOCKTXN, CHECKED = map(int, Kind)
NONE, ASKED, LACKING, ARRIVED = map(int, tuple(Stage)[:4])
FOUND: Final = CHECKED + 1  # an event, too: a peer finds a block


class Player:
    """One run: what peers have beside their blocks, and what they do when something happens."""

    def __init__(self, w: Wiring, outcome: Outcome) -> None:
        """All finds are known before: put first, each comes before whatever else is due at its time."""
        self.wiring, self.outcome, self.tree, self.days = w, outcome, Tree(w), Days()
        self.others, self.reverse, self.speaks = look(w.others), look(w.reverse), look(w.speaks)
        self.offsets, neighbours = w.offsets.tolist(), w.others.tolist()
        ends = zip(self.offsets, self.offsets[1:], strict=False)
        # Out of a column of all peers the entries of one's neighbours, and twice nobody's: it needs two.
        self.pick = [itemgetter(*neighbours[first:last], w.size, w.size) for first, last in ends]
        self.cost = [[0] * w.size] * CHECKED if w.is_simblock else [look(each) for each in w.cost]
        self.is_loose = [w.is_simblock and is_small for is_small in w.is_small.tolist()]  # waits for nobody
        self.is_void = [w.is_push and w.is_pruned and kind in (w.announce, CMPCTBLOCK) for kind in Kind]
        self.free, self.sent = [0] * w.size, [0] * CHECKED
        self.announce, self.validation, self.is_pushed = w.announce, w.validation, look(w.is_pushed)
        self.is_queued, self.is_simblock, self.has_order = w.is_queued, w.is_simblock, w.has_order
        self.is_push, self.is_pruned = w.is_push, w.is_pruned
        self.last_at = [0] * len(w.others) if w.has_order else []
        self.alone: Flood | None = None  # began when nothing was on its way that was said of another one
        self.under_way, self.quiet_at, self.found = 0, 0, 0
        self.find_at = [*w.found_at.tolist(), FAR]
        for block, miner in enumerate(w.miner.tolist()):
            at = self.find_at[block]
            self.days[at >> DAY].append((at, FOUND, block, miner))

    def get_handlers(self) -> dict[int, Callable[[Microseconds, Any, int], None]]:
        """What to do when a message of this kind arrives, when a block is checked, and when one is found."""
        return {
            INV: self.on_announcement,
            HEADERS: self.on_announcement,
            GETDATA: self.on_getdata,
            BLOCK: self.on_block,
            CMPCTBLOCK: self.on_cmpctblock,
            GETBLOCKTXN: self.on_getblocktxn,
            BLOCKTXN: self.on_block,
            CHECKED: self.on_checked,
            FOUND: self.on_found,
        }

    def on_found(self, now: Microseconds, block: int, peer: int) -> None:
        """Stand on one's own block and tell everybody."""
        self.tree.grow(block, peer)
        flood = Flood(self.wiring, self.outcome, block, self.tree.stage[block])
        flood.arrival[peer], flood.deliverer[peer] = now, peer
        flood.soonest[peer], flood.unaware[peer] = now, 0
        self.alone = flood if not self.under_way and now >= self.quiet_at else None
        self.found += 1
        self.under_way += 1
        self.tell(now, flood, peer, self.offsets[peer + 1])

    def on_announcement(self, now: Microseconds, flood: Flood, slot: int) -> None:
        """Ask the first who announces."""
        peer = self.others[slot]
        if flood.stage[peer] == NONE:
            flood.stage[peer], flood.unaware[peer] = ASKED, 0
            self.send(now, flood, GETDATA, peer, self.reverse[slot])

    def on_getdata(self, now: Microseconds, flood: Flood, slot: int) -> None:
        """Send the block, compact if both know how."""
        kind = CMPCTBLOCK if self.speaks[slot] else BLOCK
        self.send(now, flood, kind, self.others[slot], self.reverse[slot])

    def on_getblocktxn(self, now: Microseconds, flood: Flood, slot: int) -> None:
        """Send the rest."""
        self.send(now, flood, BLOCKTXN, self.others[slot], self.reverse[slot])

    def on_cmpctblock(self, now: Microseconds, flood: Flood, slot: int) -> None:
        """Ask for what is lacking; if nothing is, this is the block."""
        peer = self.others[slot]
        if flood.stage[peer] < LACKING:
            if flood.lacks[peer]:
                flood.stage[peer] = LACKING
                self.send(now, flood, GETBLOCKTXN, peer, self.reverse[slot])
            else:
                self.on_block(now, flood, slot)

    def on_block(self, now: Microseconds, flood: Flood, slot: int) -> None:
        """The block is complete: check it."""
        peer = self.others[slot]
        if flood.stage[peer] < ARRIVED:
            flood.stage[peer] = ARRIVED
            flood.arrival[peer], flood.deliverer[peer] = now, self.others[self.reverse[slot]]
            at = now + self.validation
            self.days[at >> DAY].append((at, CHECKED, flood, slot))

    def on_checked(self, now: Microseconds, flood: Flood, slot: int) -> None:
        """Stand on it, if its parent is checked, and tell others in any case."""
        peer = self.others[slot]
        self.tree.take(flood.block, peer)
        self.tell(now, flood, peer, self.reverse[slot])

    def send(self, now: Microseconds, flood: Flood, kind: int, peer: int, slot: int) -> None:
        """One message of `peer`, over its `slot`."""
        self.sent[kind] += 1
        at: Microseconds = flood.waits[kind][slot]
        if self.is_loose[kind]:
            at += now
        else:
            free = self.free[peer]
            done = (free if free > now else now) + self.cost[kind][peer]
            at += done
            if self.is_queued:
                self.free[peer] = at if self.is_simblock else done
        if self.has_order:
            previous = self.last_at[slot]
            at = self.last_at[slot] = at if at > previous else previous
        if self.is_void[kind]:
            other = self.others[slot]
            if at >= flood.soonest[other]:
                return
            if kind == CMPCTBLOCK or not self.is_pushed[other]:
                flood.soonest[other] = at
        self.days[at >> DAY].append((at, kind, flood, slot))

    def tell(self, now: Microseconds, flood: Flood, peer: int, back: int) -> None:
        """Tell all neighbours but the one at the slot `back`, who sent the block."""
        if not self.is_push:
            self.tell_alike(now, flood, peer, back)
        else:
            for slot in range(self.offsets[peer], self.offsets[peer + 1]):
                if slot != back:
                    kind = CMPCTBLOCK if self.speaks[slot] else self.announce
                    self.send(now, flood, kind, peer, slot)
        flood.left -= 1
        if not flood.left:
            self.under_way -= 1
            flood.forget()

    def tell_alike(self, now: Microseconds, flood: Flood, peer: int, back: int) -> None:
        """The same words to all; every message is through the uplink one `step` after the one before."""
        first, end, kind = self.offsets[peer], self.offsets[peer + 1], self.announce
        count = end - first - (back < end)
        self.sent[kind] += count
        step, done = 0, now  # with the message before the first
        if not self.is_loose[kind]:
            step = self.cost[kind][peer]
            if self.is_queued:
                free = self.free[peer]
                done = free if free > now else now
                self.free[peer] = done + step * count
            else:
                step, done = 0, now + step
        is_ordered = self.has_order and not self.is_undisturbed(flood, done + step * count)
        slots: Iterable[int] = range(first, end)
        if self.is_pruned and not is_ordered:
            unaware = self.pick[peer](flood.unaware)
            if not any(unaware):
                return
            slots = compress(slots, unaware)
        waits, soonest, done = flood.waits[kind], flood.soonest, done - step * first
        for slot in slots:
            if slot != back:
                other = self.others[slot]
                at = done + step * (slot + 1 if slot < back else slot) + waits[slot]
                if is_ordered:
                    previous = self.last_at[slot]
                    at = self.last_at[slot] = at if at > previous else previous
                if at < soonest[other]:
                    if self.is_pruned:
                        soonest[other] = at
                    self.days[at >> DAY].append((at, kind, flood, slot))

    def is_undisturbed(self, flood: Flood, done: Microseconds) -> bool:
        """Will what is sent until `done` have arrived before there is a word of any other block?

        Then nothing overtakes: of one block, each message on a stream waits for an answer to the one before.
        """
        latest = done + flood.longest
        self.quiet_at = max(self.quiet_at, latest)
        return flood is self.alone and latest <= self.find_at[self.found]


def play_plain(wiring: Wiring, outcome: Outcome) -> Iterator[int]:
    """Play to the end; says now and then how many blocks have been found."""
    player, played = Player(wiring, outcome), 0
    days, handlers = player.days, player.get_handlers()
    while days:
        day, events = days.begin()
        for now, kind, flood, slot in events:
            handlers[kind](now, flood, slot)
        del days[day]
        played += len(events)
        if played >= EVENTS_AT_ONCE:
            played = 0
            yield player.found
    yield player.found
    outcome.parent[:], outcome.best[:] = player.tree.parent, player.tree.best
    outcome.sent[:], outcome.found = player.sent, player.found
