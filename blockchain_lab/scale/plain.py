"""The executor that needs no numba: one loop over a heap of plain tuples, and what the kernel is checked by.

`readable_relay` is the one to read. Here a peer is a place in a list, and `play_plain` is one long function
because a call costs as much as the work: most of a run are its last ten lines. `kernel.play` is the
same text over arrays: who changes one changes the other, or a test fails.
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count
from typing import Final

from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.scale.delays import compute_delays
from blockchain_lab.scale.network import Numbers
from blockchain_lab.scale.outcome import Outcome
from blockchain_lab.scale.protocol import NO_PARENT, Kind, Stage
from blockchain_lab.scale.wiring import Wiring

EVENTS_AT_ONCE: Final = 50_000  # between two looks at the progress
FAR: Final = 1 << 62
NOBODY: Final = -1

# Plain whole numbers: enum members are slow to compare.
INV, HEADERS, GETDATA, BLOCK, CMPCTBLOCK, GETBLOCKTXN, BLOCKTXN, CHECKED = map(int, Kind)
NONE, ASKED, LACKING, ARRIVED, OUT_OF_ORDER, READY = map(int, Stage)
NOTHING, TELL = -1, -2  # instead of a kind: what a peer has to send


class Tree:
    """The blocks found so far, and on which of them each peer stands."""

    def __init__(self, wiring: Wiring) -> None:
        """No block yet."""
        self.parent, self.height = [NO_PARENT] * wiring.blocks, [0] * wiring.blocks
        self.children: list[list[int]] = [[] for _ in range(wiring.blocks)]
        self.best, self.best_height = [NO_PARENT] * wiring.size, [0] * wiring.size
        self.stage = [bytearray(wiring.size) for _ in range(wiring.blocks)]

    def grow(self, block: int, miner: int) -> None:
        """A miner finds a block on top of the best one it knows."""
        parent = self.parent[block] = self.best[miner]
        self.height[block] = 1
        if parent != NO_PARENT:
            self.height[block] += self.height[parent]
            self.children[parent].append(block)
        self.stand(block, miner)

    def stand(self, block: int, peer: int) -> None:
        """All before this block is checked, so it counts, and so do those that waited for it."""
        ready = [block]
        for each in ready:
            self.stage[each][peer] = READY
            if self.height[each] > self.best_height[peer]:
                self.best_height[peer], self.best[peer] = self.height[each], each
            ready += [child for child in self.children[each] if self.stage[child][peer] == OUT_OF_ORDER]


class Delays:
    """What messages need behind their uplink: computed for all slots when first asked for."""

    def __init__(self, wiring: Wiring) -> None:
        """Nothing is asked for yet. Where there is no luck, all messages need the same."""
        self.wiring, self.is_fixed = wiring, not len(wiring.jitter_key)
        self.latency: list[int] = wiring.latency.tolist()
        self.drawn: dict[tuple[int, int], Numbers] = {}

    def get_all(self, kind: int, block: int, first: int, last: int) -> list[int]:
        """Of the slots `first` .. `last` - 1."""
        if self.is_fixed:
            return self.latency[first:last]
        delays = self.drawn.get((kind, block))
        if delays is None:
            delays = self.drawn[kind, block] = compute_delays(self.wiring, kind, block)
        part: list[int] = delays[first:last].tolist()
        return part

    def forget(self, block: int) -> None:
        """Everybody has told everybody."""
        for kind in range(CHECKED):
            self.drawn.pop((kind, block), None)


def play_plain(w: Wiring, outcome: Outcome) -> Iterator[int]:  # noqa: PLR0912, PLR0915 - a call costs too much
    """Play to the end; says now and then how many blocks have been found."""
    heap: list[tuple[Microseconds, int, int, int, int]] = []  # at, number, kind, block, slot
    numbers, found, sent, free = count(), 0, [0] * CHECKED, [0] * w.size
    others, owners, reverse, offsets = (
        column.tolist() for column in (w.others, w.owners, w.reverse, w.offsets)
    )
    speaks, is_pushed, cost, lacks = w.speaks.tolist(), w.is_pushed.tolist(), w.cost.tolist(), w.lacks
    last_at = [0] * len(others) if w.has_order else []
    is_queued, is_pruned, is_push, is_simblock = w.is_queued, w.is_pruned, w.is_push, w.is_simblock
    has_order, is_alike, announce = w.has_order, not w.is_push and not w.is_simblock, w.announce
    tree, delays = Tree(w), Delays(w)
    stages, is_fixed, latency = tree.stage, delays.is_fixed, delays.latency
    soonest: list[list[int]] = [[] for _ in range(w.blocks)]  # when a peer hears of it
    left = [w.size] * w.blocks  # who has not told others of it yet
    finds = [*zip(w.found_at.tolist(), w.miner.tolist(), strict=True), (FAR, NOBODY)]
    while heap or found < w.blocks:
        for _ in range(EVENTS_AT_ONCE):
            answer, source = NOTHING, NOBODY
            if not heap or finds[found][0] <= heap[0][0]:
                if found == w.blocks:
                    break
                (now, peer), block = finds[found], found
                outcome.arrival[block, peer], outcome.deliverer[block, peer] = now, peer
                soonest[block] = [FAR] * w.size
                soonest[block][peer] = now
                tree.grow(block, peer)
                found += 1
                answer = TELL
            else:
                now, _, kind, block, slot = heappop(heap)
                peer, stage = others[slot], stages[block]
                if kind <= HEADERS:
                    if stage[peer] == NONE:
                        stage[peer], answer = ASKED, GETDATA
                elif kind == GETDATA:
                    answer = CMPCTBLOCK if speaks[slot] else BLOCK
                elif kind == GETBLOCKTXN:
                    answer = BLOCKTXN
                elif kind == CHECKED:
                    above = tree.parent[block]
                    if above == NO_PARENT or stages[above][peer] == READY:
                        tree.stand(block, peer)
                    else:
                        stage[peer] = OUT_OF_ORDER
                    answer, source = TELL, owners[slot]
                elif kind == CMPCTBLOCK and stage[peer] < LACKING and lacks[block, peer]:
                    stage[peer], answer = LACKING, GETBLOCKTXN
                elif stage[peer] < (LACKING if kind == CMPCTBLOCK else ARRIVED):
                    stage[peer] = ARRIVED
                    outcome.arrival[block, peer], outcome.deliverer[block, peer] = now, owners[slot]
                    heappush(heap, (now + w.validation, next(numbers), CHECKED, block, slot))
                if answer == NOTHING:
                    continue
            if answer == TELL:
                first, last = offsets[peer], offsets[peer + 1]
                left[block] -= 1
            else:
                first = reverse[slot]
                last = first + 1
            done = free[peer] if free[peer] > now else now
            if answer != TELL or not is_alike:
                for slot in range(first, last):
                    other, kind = others[slot], answer
                    if other == source:
                        continue
                    if answer == TELL:
                        kind = CMPCTBLOCK if is_push and speaks[slot] else announce
                    sent[kind] += 1
                    at = latency[slot] if is_fixed else delays.get_all(kind, block, slot, slot + 1)[0]
                    start = done if is_queued else now
                    if not is_simblock:
                        done = start + cost[kind][peer]
                        at += done
                    elif w.is_small[kind]:
                        at += now
                    else:
                        done = at = at + start - (-w.sizes.item(kind) * SECOND // w.pace.item(slot))
                    if has_order:
                        at = last_at[slot] = max(at, last_at[slot])
                    if answer == TELL and is_pruned:
                        if at >= soonest[block][other]:
                            continue
                        if kind == CMPCTBLOCK or not is_pushed[other]:
                            soonest[block][other] = at
                    heappush(heap, (at, next(numbers), kind, block, slot))
            else:  # the same words to all: only this is on every announcement's way
                sent[announce] += last - first - (source != NOBODY)
                step, hears, slot = cost[announce][peer], soonest[block], first - 1
                if not is_queued:
                    done, step = now + step, 0
                waits = delays.get_all(announce, block, first, last)
                for other, wait in zip(others[first:last], waits, strict=True):
                    slot += 1
                    if other != source:
                        done += step
                        at = done + wait
                        if has_order:
                            at = last_at[slot] = max(at, last_at[slot])
                        if at < hears[other]:
                            if is_pruned:
                                hears[other] = at
                            heappush(heap, (at, next(numbers), announce, block, slot))
            free[peer] = done
            if not left[block]:
                soonest[block] = []
                delays.forget(block)
                left[block] = NOBODY
        yield found
    outcome.parent[:], outcome.best[:] = tree.parent, tree.best
    outcome.sent[:], outcome.found = sent, found
