"""The executor that needs no numba: one loop over a heap of plain tuples, and what the kernel is checked by.

One object per peer would be easier to read (`readable_relay` is), but costs three times as much. The loop
over a teller's neighbours is where the time goes; `_tell_all` is written for it alone.

`kernel` is the same text over arrays: who changes one changes the other, or a test fails.
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count

from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.scale.delays import compute_delays
from blockchain_lab.scale.network import Numbers
from blockchain_lab.scale.outcome import Outcome
from blockchain_lab.scale.protocol import NO_PARENT, Kind, Stage
from blockchain_lab.scale.wiring import Wiring

EVENTS_AT_ONCE = 50_000  # between two looks at the progress
FAR = 1 << 62

# Plain whole numbers: enum members are slow to compare.
HEADERS, GETDATA, BLOCK, CMPCTBLOCK, GETBLOCKTXN, BLOCKTXN, CHECKED = map(int, tuple(Kind)[1:])
NONE, ASKED, LACKING, ARRIVED, IN_ORDER_NOT_YET, READY = map(int, Stage)


class PlainRun:
    """The state of a run: everything of a peer is a place in a list."""

    def __init__(self, wiring: Wiring, outcome: Outcome) -> None:
        """Nothing has happened yet."""
        self.wiring, self.outcome = wiring, outcome
        self.others, self.owners = wiring.others.tolist(), wiring.owners.tolist()
        self.reverse, self.offsets = wiring.reverse.tolist(), wiring.offsets.tolist()
        self.speaks, self.cost = wiring.speaks.tolist(), wiring.cost.tolist()
        self.is_pushed = wiring.is_pushed.tolist()
        self.heap: list[tuple[Microseconds, int, int, int, int]] = []  # at, number, kind, block, slot
        self.numbers = count()
        self.free = [0] * wiring.size
        self.last = [0] * len(self.others) if wiring.has_order else []
        self.sent = [0] * CHECKED
        self.stage = [bytearray(wiring.size) for _ in range(wiring.blocks)]
        self.left = [wiring.size] * wiring.blocks  # who has not checked it yet
        self.soonest: list[list[int]] = [[] for _ in range(wiring.blocks)]  # when a peer hears of it
        self.delays: dict[tuple[int, int], Numbers] = {}
        self.height, self.best_height = [0] * wiring.blocks, [0] * wiring.size
        self.children: list[list[int]] = [[] for _ in range(wiring.blocks)]

    def play(self) -> Iterator[int]:
        """Play to the end; says now and then how many blocks have been found."""
        heap, found, blocks = self.heap, 0, self.wiring.blocks
        finds = [*zip(self.wiring.found_at.tolist(), self.wiring.miner.tolist(), strict=True), (FAR, 0)]
        handle = (
            *(self.on_news, self.on_news, self.on_getdata, self.on_block, self.on_compact),
            *(self.on_getblocktxn, self.on_block, self.on_checked),
        )
        while heap or found < blocks:
            for _ in range(EVENTS_AT_ONCE):
                if not heap or finds[found][0] <= heap[0][0]:
                    if found == blocks:
                        break
                    self.on_found(found, *finds[found])
                    found += 1
                    continue
                now, _, kind, block, slot = heappop(heap)
                handle[kind](now, block, slot)
            yield found
        self.outcome.sent[:], self.outcome.found = self.sent, found

    # -- what happens -----------------------------------------------------------------------------------

    def on_found(self, block: int, now: Microseconds, miner: int) -> None:
        """A miner finds a block on top of the best one it knows, and tells everybody."""
        outcome, parent = self.outcome, int(self.outcome.best[miner])
        outcome.parent[block] = parent
        if parent != NO_PARENT:
            self.children[parent].append(block)
            self.height[block] = self.height[parent]
        self.height[block] += 1
        self.soonest[block] = [FAR] * self.wiring.size
        outcome.arrival[block, miner], outcome.deliverer[block, miner] = now, miner
        self.soonest[block][miner] = now
        self.stand(block, miner)
        self.tell_all(now, block, miner, NO_PARENT)

    def on_news(self, now: Microseconds, block: int, slot: int) -> None:
        """Inv or headers: ask for what is new."""
        peer = self.others[slot]
        if self.stage[block][peer] == NONE:
            self.stage[block][peer] = ASKED
            self.send(now, GETDATA, block, self.reverse[slot])

    def on_getdata(self, now: Microseconds, block: int, slot: int) -> None:
        """Give what is asked, small where both know how."""
        self.send(now, CMPCTBLOCK if self.speaks[slot] else BLOCK, block, self.reverse[slot])

    def on_compact(self, now: Microseconds, block: int, slot: int) -> None:
        """Take it, or ask for what it lacks."""
        peer = self.others[slot]
        if self.stage[block][peer] >= LACKING:
            return
        if self.wiring.lacks[block, peer]:
            self.stage[block][peer] = LACKING
            self.send(now, GETBLOCKTXN, block, self.reverse[slot])
        else:
            self.on_block(now, block, slot)

    def on_getblocktxn(self, now: Microseconds, block: int, slot: int) -> None:
        """Give the missing transactions."""
        self.send(now, BLOCKTXN, block, self.reverse[slot])

    def on_block(self, now: Microseconds, block: int, slot: int) -> None:
        """A block is complete: check it."""
        peer = self.others[slot]
        if self.stage[block][peer] < ARRIVED:
            self.stage[block][peer] = ARRIVED
            self.outcome.arrival[block, peer] = now
            self.outcome.deliverer[block, peer] = self.owners[slot]
            heappush(self.heap, (now + self.wiring.validation, next(self.numbers), CHECKED, block, slot))

    def on_checked(self, now: Microseconds, block: int, slot: int) -> None:
        """The check is over: stand on it if that is right, and tell the others."""
        peer, parent = self.others[slot], int(self.outcome.parent[block])
        if parent == NO_PARENT or self.stage[parent][peer] == READY:
            self.stand(block, peer)
        else:
            self.stage[block][peer] = IN_ORDER_NOT_YET
        self.tell_all(now, block, peer, self.owners[slot])

    # -- what they do -----------------------------------------------------------------------------------

    def stand(self, block: int, peer: int) -> None:
        """All before this block is checked, so it counts, and so do those that waited for it."""
        ready = [block]
        for each in ready:
            self.stage[each][peer] = READY
            if self.height[each] > self.best_height[peer]:
                self.best_height[peer], self.outcome.best[peer] = self.height[each], each
            ready += [child for child in self.children[each] if self.stage[child][peer] == IN_ORDER_NOT_YET]

    def tell_all(self, now: Microseconds, block: int, peer: int, source: int) -> None:
        """Tell all neighbours but the one who sent it; then nobody is left to be told, perhaps."""
        first, last = self.offsets[peer], self.offsets[peer + 1]
        if self.wiring.is_push or self.wiring.is_simblock:
            for slot in range(first, last):
                if self.others[slot] != source:
                    push = self.wiring.is_push and self.speaks[slot]
                    self.send(now, CMPCTBLOCK if push else self.wiring.announce, block, slot)
        else:
            self._tell_all(now, block, peer, source, first, last)
        self.left[block] -= 1
        if not self.left[block]:  # all have told all
            self.soonest[block] = []
            for kind in range(CHECKED):
                self.delays.pop((kind, block), None)

    def _tell_all(self, now: Microseconds, block: int, peer: int, source: int, first: int, last: int) -> None:
        """The same words to all, from one uplink. An announcement that comes no sooner changes nothing."""
        wiring, kind, soonest, previous = self.wiring, self.wiring.announce, self.soonest[block], self.last
        waits = self.get_delays(kind, block)[first:last].tolist()
        step, is_pruned, has_order = self.cost[kind][peer], wiring.is_pruned, wiring.has_order
        done = now if not wiring.is_queued or self.free[peer] < now else self.free[peer]
        if not wiring.is_queued:
            done, step = now + step, 0
        heap, numbers, slot = self.heap, self.numbers, first - 1
        for other, wait in zip(self.others[first:last], waits, strict=True):
            slot += 1
            if other == source:
                continue
            done += step
            at = done + wait
            if has_order:
                at = max(at, previous[slot])
                previous[slot] = at
            if at < soonest[other]:
                if is_pruned:
                    soonest[other] = at
                heappush(heap, (at, next(numbers), kind, block, slot))
        if wiring.is_queued:
            self.free[peer] = done
        self.sent[kind] += last - first - (source != NO_PARENT)

    def send(self, now: Microseconds, kind: int, block: int, slot: int) -> None:
        """Send one message; into the queue, unless it is an announcement that changes nothing."""
        wiring, sender = self.wiring, self.owners[slot]
        self.sent[kind] += 1
        start = max(now, self.free[sender]) if wiring.is_queued else now
        at = self.get_delays(kind, block).item(slot)
        if not wiring.is_simblock:
            done = start + self.cost[kind][sender]
            at += done
        elif wiring.is_small[kind]:
            done, at = self.free[sender], at + now
        else:
            at += start - (-wiring.sizes.item(kind) * SECOND // wiring.pace.item(slot))
            done = at
        if wiring.is_queued:
            self.free[sender] = done
        if wiring.has_order:
            at = self.last[slot] = max(at, self.last[slot])
        if wiring.is_pruned and (kind <= HEADERS or (kind == CMPCTBLOCK and wiring.is_push)):
            peer, soonest = self.others[slot], self.soonest[block]
            if at >= soonest[peer]:
                return
            if kind == CMPCTBLOCK or not self.is_pushed[peer]:
                soonest[peer] = at
        heappush(self.heap, (at, next(self.numbers), kind, block, slot))

    def get_delays(self, kind: int, block: int) -> Numbers:
        """Of all slots; made when first wanted."""
        delays = self.delays.get((kind, block))
        if delays is None:
            delays = self.delays[kind, block] = compute_delays(self.wiring, kind, block)
        return delays
