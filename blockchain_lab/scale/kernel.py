"""The plain loop over arrays, compiled by numba. Only who has numba imports this.

`play` is one long function on purpose: numba passes tuples of arrays slowly, and one loop that sends is
quick for an answer (one slot) as well as for an announcement (all slots of a peer).

The queue is a heap with four children a node in two arrays: when, and `number << CELL_BITS | cell`; the cell
holds what it is. Numba keeps what it has compiled and compiles anew when this very file changes. So nothing
that counts may come from another one but as an argument, and these are more than 300 lines in one piece.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from blockchain_lab.scale.network import Numbers
from blockchain_lab.scale.wiring import Wiring

OVER, PAUSED, FULL = range(3)  # how a slice ends
SIZE, NUMBER, FOUND = range(3)  # places in `tally`
INV, HEADERS, GETDATA, BLOCK, CMPCTBLOCK, GETBLOCKTXN, BLOCKTXN, CHECKED = range(8)  # protocol.Kind
NONE, ASKED, LACKING, ARRIVED, OUT_OF_ORDER, READY = range(6)  # protocol.Stage
NOTHING, TELL = -1, -2  # instead of a kind: what a peer has to send
NOBODY = -1
FAR = 1 << 62
SECOND = 1_000_000
MILLION = 1_000_000
OVERHEAD, PARETO = 10_000, 5_000  # sim.formulas: OVERHEAD; PARETO_SHIFT and PARETO_MEAN
MOST_DOUBLINGS = 30
CELL_BITS = 26
CELL_MASK = (1 << CELL_BITS) - 1

GAMMA = np.uint64(0x9E3779B97F4A7C15)  # splitmix64, as in base.draws
MIX_1, MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
ONE, U24, U27, U30, U31, U32, U56 = map(np.uint64, (1, 24, 27, 30, 31, 32, 56))
HALF = np.uint64(0xFFFFFFFF)
ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


class State(NamedTuple):
    """All that changes during a run, so that it can stop anywhere and go on."""

    at: Numbers  # [room] the heap: when
    rank: Numbers  # [room] the heap: which was first, and its cell
    cells: Numbers  # [room] (slot << shift | block) << 3 | kind
    spare: Numbers  # [room] cells of no use from place `size` on
    tally: Numbers  # size of the heap, next number, blocks found
    free: Numbers  # [peers] when the uplink is free
    last: Numbers  # [slots] previous arrival; empty where it cannot matter
    stage: NDArray[np.int8]  # [blocks, peers]
    soonest: Numbers  # [blocks, peers] when a peer hears of it; empty without pruning
    height: Numbers  # [blocks]
    best_height: Numbers  # [peers]
    first_child: Numbers  # [blocks]
    next_sibling: Numbers  # [blocks]
    ready: Numbers  # [blocks + 1] room to work in
    log2: Numbers  # tables of sim.formulas
    exp2: Numbers
    arrival: Numbers  # of the outcome, as are the rest
    deliverer: Numbers
    parent: Numbers
    best: Numbers
    sent: Numbers


@njit(cache=True)
def mix(x: Any) -> Any:
    """`base.draws.mix`."""
    x = x + GAMMA
    x = (x ^ (x >> U30)) * MIX_1
    x = (x ^ (x >> U27)) * MIX_2
    return x ^ (x >> U31)


@njit
def take_below(bits: Any, n: Any) -> Any:
    """`base.draws.to_below` in two halves; n < 2**32."""
    wide = np.uint64(n)
    return np.int64(((bits >> U32) * wide + ((bits & HALF) * wide >> U32)) >> U32)


@njit
def draw_pareto(mean: Any, bits: Any, log2: Any, exp2: Any) -> Any:
    """`sim.formulas.compute_pareto`."""
    if mean <= PARETO:
        return mean
    exponent: Any = np.int64(0)
    if bits != ALL:
        left, whole = bits + ONE, np.int64(63)
        while left >> np.uint64(63) == np.uint64(0):
            left, whole = left << ONE, whole - 1
        left = left << ONE
        row, rest = np.int64(left >> U56), np.int64((left >> U24) & HALF)
        log = (whole << 32) + log2[row] + ((log2[row + 1] - log2[row]) * rest >> 32)
        exponent = ((np.int64(64) << 32) - log) * PARETO // mean
    row, rest = (exponent >> 24) & 255, exponent & ((1 << 24) - 1)
    mantissa = exp2[row] + ((exp2[row + 1] - exp2[row]) * rest >> 24)
    return (mean - PARETO) * mantissa >> (32 - min(exponent >> 32, MOST_DOUBLINGS))


@njit
def count_losses(key: Any, content: Any, chance: Any) -> Any:
    """How often a message is lost before it arrives."""
    bits, attempt = mix(key ^ content), np.int64(0)
    while take_below(mix(bits ^ np.uint64(attempt)), MILLION) < chance:
        attempt += 1
    return attempt


@njit
def push(at: Any, rank: Any, size: Any, when: Any, which: Any) -> None:
    """Put one entry into a heap of `size`; O(log size)."""
    place = size
    while place > 0:
        above = (place - 1) >> 2
        if at[above] < when or (at[above] == when and rank[above] < which):
            break
        at[place], rank[place] = at[above], rank[above]
        place = above
    at[place], rank[place] = when, which


@njit
def pop(at: Any, rank: Any, size: Any) -> None:
    """Take the first entry out of a heap of `size`; O(log size)."""
    size -= 1
    when, which, place = at[size], rank[size], 0
    while True:
        child = 4 * place + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if at[other] < at[least] or (at[other] == at[least] and rank[other] < rank[least]):
                least = other
        if when < at[least] or (when == at[least] and which < rank[least]):
            break
        at[place], rank[place] = at[least], rank[least]
        place = least
    at[place], rank[place] = when, which


@njit
def stand(
    block: Any,
    peer: Any,
    stage: Any,
    height: Any,
    best: Any,
    best_height: Any,
    first_child: Any,
    next_sibling: Any,
    ready: Any,
) -> None:
    """All before this block is checked, so it counts, and so do those that waited for it."""
    ready[0], end, place = block, 1, 0
    while place < end:
        each = ready[place]
        place += 1
        stage[each, peer] = READY
        if height[each] > best_height[peer]:
            best_height[peer], best[peer] = height[each], each
        child = first_child[each]
        while child != NOBODY:
            if stage[child, peer] == OUT_OF_ORDER:
                ready[end] = child
                end += 1
            child = next_sibling[child]


@njit
def grow_tree(block: Any, above: Any, parent: Any, height: Any, first_child: Any, next_sibling: Any) -> None:
    """A block is found on top of the block `above`."""
    parent[block], height[block] = above, 1
    if above == NOBODY:
        return
    height[block] += height[above]
    child = first_child[above]
    if child == NOBODY:
        first_child[above] = block
        return
    while next_sibling[child] != NOBODY:
        child = next_sibling[child]
    next_sibling[child] = block


@njit
def get_wait(latency: Any, jitter: Any, bits: Any, loss_key: Any, content: Any, loss: Any, cost: Any) -> Any:
    """Microseconds behind the uplink: latency and luck."""
    if jitter > 0:
        latency += take_below(bits, jitter)
    if loss > 0:
        latency += count_losses(loss_key, content, loss) * cost
    return latency


@njit(cache=True)
def play(w: Wiring, s: State, shift: int, most_slots: int, most_events: int) -> int:  # noqa: PLR0912, PLR0915
    """Play at most so many events. FULL: the heap needs more room, `most_slots` is what one event may add."""
    at, rank, cells, spare, stages, soonest, sent = s.at, s.rank, s.cells, s.spare, s.stage, s.soonest, s.sent
    offsets, others, owners, reverse, latency = w.offsets, w.others, w.owners, w.reverse, w.latency
    jitter, jitter_key, loss_key, contents, speaks = w.jitter, w.jitter_key, w.loss_key, w.content, w.speaks
    cost, last_at, is_pushed, uplink = w.cost, s.last, w.is_pushed, s.free
    height, best, best_height, parent, ready = s.height, s.best, s.best_height, s.parent, s.ready
    first_child, next_sibling, arrival, deliverer = s.first_child, s.next_sibling, s.arrival, s.deliverer
    size, number, found = s.tally[SIZE], s.tally[NUMBER], s.tally[FOUND]
    blocks, room, is_random = len(w.found_at), len(at) - most_slots, len(w.jitter_key) > 0
    status = PAUSED
    for _ in range(most_events):
        if size > room:
            status = FULL
            break
        answer, source = NOTHING, NOBODY
        if size == 0 or (found < blocks and w.found_at[found] <= at[0]):
            if found == blocks:
                status = OVER
                break
            now, block, peer = w.found_at[found], found, w.miner[found]
            if w.is_pruned:
                soonest[block, peer] = now
            arrival[block, peer], deliverer[block, peer] = now, peer
            grow_tree(block, best[peer], parent, height, first_child, next_sibling)
            stand(block, peer, stages, height, best, best_height, first_child, next_sibling, ready)
            found += 1
            answer, first, last = TELL, offsets[peer], offsets[peer + 1]
        else:
            now, cell = at[0], rank[0] & CELL_MASK
            pop(at, rank, size)
            size -= 1
            spare[size] = cell
            what = cells[cell]
            kind, block, slot = what & 7, (what >> 3) & ((1 << shift) - 1), what >> (3 + shift)
            peer, first = others[slot], reverse[slot]
            last, stage = first + 1, stages[block, peer]
            if kind <= HEADERS:
                if stage == NONE:
                    stages[block, peer], answer = ASKED, GETDATA
            elif kind == GETDATA:
                answer = CMPCTBLOCK if speaks[slot] else BLOCK
            elif kind == GETBLOCKTXN:
                answer = BLOCKTXN
            elif kind == CHECKED:
                above = parent[block]
                if above == NOBODY or stages[above, peer] == READY:
                    stand(block, peer, stages, height, best, best_height, first_child, next_sibling, ready)
                else:
                    stages[block, peer] = OUT_OF_ORDER
                answer, source = TELL, owners[slot]
                first, last = offsets[peer], offsets[peer + 1]
            elif kind == CMPCTBLOCK and stage < LACKING and w.lacks[block, peer]:
                stages[block, peer], answer = LACKING, GETBLOCKTXN
            elif stage < (LACKING if kind == CMPCTBLOCK else ARRIVED):
                stages[block, peer], arrival[block, peer] = ARRIVED, now
                deliverer[block, peer] = owners[slot]
                cell = spare[size]
                cells[cell] = (slot << shift | block) << 3 | CHECKED
                push(at, rank, size, now + w.validation, number << CELL_BITS | cell)
                size, number = size + 1, number + 1
            if answer == NOTHING:
                continue
        free = max(uplink[peer], now)
        for slot in range(first, last):
            other = others[slot]
            if other == source:
                continue
            kind = answer
            if answer == TELL:
                kind = CMPCTBLOCK if w.is_push and speaks[slot] else w.announce
            sent[kind] += 1
            start = free if w.is_queued else now
            wait = latency[slot]
            if is_random:
                content = contents[kind, block]
                bits = mix(jitter_key[slot] ^ content)
                if w.is_simblock:
                    wait = draw_pareto(wait, bits, s.log2, s.exp2)
                    wait += OVERHEAD if w.is_small[kind] else 0
                else:
                    wait = get_wait(wait, jitter[slot], bits, loss_key[slot], content, w.loss, w.retransmit)
            if not w.is_simblock:
                free = start + cost[kind, peer]
                when = free + wait
            elif w.is_small[kind]:
                when = now + wait
            else:
                free = start - (-w.sizes[kind] * SECOND // w.pace[slot]) + wait
                when = free
            if w.has_order:
                when = max(when, last_at[slot])
                last_at[slot] = when
            if answer == TELL and w.is_pruned:
                if when >= soonest[block, other]:
                    continue
                if kind == CMPCTBLOCK or not is_pushed[other]:
                    soonest[block, other] = when
            cell = spare[size]
            cells[cell] = (slot << shift | block) << 3 | kind
            push(at, rank, size, when, number << CELL_BITS | cell)
            size, number = size + 1, number + 1
        uplink[peer] = free
    s.tally[SIZE], s.tally[NUMBER], s.tally[FOUND] = size, number, found
    return status
