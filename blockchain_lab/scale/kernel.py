"""The plain loop over arrays, compiled by numba. Only who has numba imports this.

The queue is a hierarchical timing wheel (Varghese and Lauck 1987, scheme 7) of six wheels with 2,048
buckets each: one of the first wheel is a microsecond wide, one of another wheel a whole turn of the wheel
before it. A message lies in the first wheel whose turn it shares with the present, behind those that came
before, and falls to an earlier wheel when its bucket is due. So it is moved twice or so instead of compared
twenty times, and order by (time, which was first) costs nothing.

Most of the time goes by waiting for memory, so what is asked for together lies together: records, not
columns. An announcement that can be seen to come too late for anybody is not drawn at all: of its arrival
only the latest possible time is kept, and which draw it is, for the next message on that slot must not
overtake it. Numba counts who holds an array, at the price of a fifth of the run, unless told `_nrt=False`.

Numba keeps what it has compiled and compiles anew when this very file changes. So nothing that counts may
come from another one but as an argument, and these are more than 300 lines in one piece.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

from blockchain_lab.scale.network import Numbers
from blockchain_lab.scale.wiring import Wiring

Function = TypeVar("Function", bound=Callable[..., Any])

OVER, PAUSED, FULL = range(3)  # how a slice ends
NOW, SPARE, FLYING, FOUND = range(4)  # places in `tally`
INV, HEADERS, GETDATA, BLOCK, CMPCTBLOCK, GETBLOCKTXN, BLOCKTXN, CHECKED, MINED = range(9)  # protocol.Kind +
NONE, ASKED, LACKING, ARRIVED, OUT_OF_ORDER, READY = range(6)  # protocol.Stage
NOTHING, TELL = -1, -2  # instead of a kind: what a peer has to send
NOBODY = -1
FAR = 1 << 62
SECOND = 1_000_000
MILLION = 1_000_000
OVERHEAD, PARETO = 10_000, 5_000  # sim.formulas: OVERHEAD; PARETO_SHIFT and PARETO_MEAN
MOST_DOUBLINGS = 30

WHEELS, DIGIT = 6, 11  # a wheel for each digit of a time; a digit has 11 bits, a time 63
LAST_BUCKET = (1 << DIGIT) - 1
TURNS = tuple(1 << DIGIT * (wheel + 1) for wheel in range(WHEELS - 1))  # what a wheel's whole turn takes
WORDS = 1 << DIGIT - 6  # of 64 marks, a mark for each bucket of a wheel; one more word marks these words

GAMMA = np.uint64(0x9E3779B97F4A7C15)  # splitmix64, as in base.draws
MIX_1, MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
ZERO, ONE, TWO, U4, U8, U16, U24, U27, U30, U31, U32, U56, U58, U63 = map(
    np.uint64, (0, 1, 2, 4, 8, 16, 24, 27, 30, 31, 32, 56, 58, 63)
)
HALF = np.uint64(0xFFFFFFFF)
ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
DE_BRUIJN = 0x03F79D71B4CB0A89  # times a power of two: the first six bits are different for each
PLACES = np.array(sorted(range(64), key=lambda bit: (DE_BRUIJN << bit & int(ALL)) >> 58), np.int64)
SEQUENCE = np.uint64(DE_BRUIJN)

# One that is in the queue: what arrives when, and where (the receiver's slot); the next one in its bucket.
ENTRY = np.dtype([(name, "i4") for name in ("kind", "block", "peer", "slot", "next", "")] + [("when", "i8")])
SLOT = np.dtype([(name, "i4") for name in ("other", "reverse", "latency")])
# Of a slot: when the message before arrives or, where a draw is pending, the latest that it can, which is
# 2**bits after it left.
ORDER = np.dtype([("previous", "i8"), ("pending", "i4"), ("bits", "i4")])


class State(NamedTuple):
    """All that changes during a run, so that it can stop anywhere and go on."""

    entries: NDArray[Any]  # [room] ENTRY
    buckets: NDArray[np.int32]  # [WHEELS << DIGIT] the last entry of each, whose `next` is the first
    marks: NDArray[np.uint64]  # [WHEELS, WORDS + 1] which buckets, and which words of them, are not empty
    tally: Numbers  # the time, the first spare entry, entries in use, blocks found
    slots: NDArray[Any]  # [slots] SLOT
    order: NDArray[Any]  # [slots] ORDER; empty where no message could overtake another
    free: Numbers  # [peers] when the uplink is free
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


def compiled(*, is_kept: bool = False) -> Callable[[Function], Function]:
    """Numba's own, without counting who holds an array; what Python calls is kept for the next process."""
    make: Any = njit
    decorator: Callable[[Function], Function] = make(cache=is_kept, _nrt=False)
    return decorator


@compiled(is_kept=True)
def mix(x: Any) -> Any:
    """`base.draws.mix`."""
    x = x + GAMMA
    x = (x ^ (x >> U30)) * MIX_1
    x = (x ^ (x >> U27)) * MIX_2
    return x ^ (x >> U31)


@compiled()
def find_lowest(bits: Any) -> Any:
    """The place of the lowest bit that is set; one is."""
    return PLACES[((bits & (~bits + ONE)) * SEQUENCE) >> U58]


@compiled()
def find_highest(bits: Any) -> Any:
    """The place of the highest bit that is set; one is."""
    for step in (ONE, TWO, U4, U8, U16, U32):
        bits |= bits >> step
    return PLACES[((bits ^ (bits >> ONE)) * SEQUENCE) >> U58]


@compiled()
def take_below(bits: Any, n: Any) -> Any:
    """`base.draws.to_below` in two halves; n < 2**32."""
    wide = np.uint64(n)
    return np.int64(((bits >> U32) * wide + ((bits & HALF) * wide >> U32)) >> U32)


@compiled()
def draw_pareto(mean: Any, bits: Any, log2: Any, exp2: Any) -> Any:
    """`sim.formulas.compute_pareto`."""
    if mean <= PARETO:
        return mean
    exponent: Any = np.int64(0)
    if bits != ALL:
        left = bits + ONE
        whole = find_highest(left)
        left = left << (U63 - np.uint64(whole)) << ONE
        row, rest = np.int64(left >> U56), np.int64((left >> U24) & HALF)
        log = (whole << 32) + log2[row] + ((log2[row + 1] - log2[row]) * rest >> 32)
        exponent = ((np.int64(64) << 32) - log) * PARETO // mean
    row, rest = (exponent >> 24) & 255, exponent & ((1 << 24) - 1)
    mantissa = exp2[row] + ((exp2[row + 1] - exp2[row]) * rest >> 24)
    return (mean - PARETO) * mantissa >> (32 - min(exponent >> 32, MOST_DOUBLINGS))


@compiled()
def count_losses(key: Any, content: Any, chance: Any) -> Any:
    """How often a message is lost before it arrives."""
    bits, attempt = mix(key ^ content), np.int64(0)
    while take_below(mix(bits ^ np.uint64(attempt)), MILLION) < chance:
        attempt += 1
    return attempt


@compiled()
def draw_wait(slot: Any, content: Any, w: Wiring, log2: Any, exp2: Any) -> Any:
    """Microseconds behind the uplink: latency and luck, but for SimBlock's overhead."""
    latency, jitter, bits = w.latency[slot], w.jitter[slot], mix(w.jitter_key[slot] ^ content)
    if w.is_simblock:
        return draw_pareto(latency, bits, log2, exp2)
    if jitter > 0:
        latency += take_below(bits, jitter)
    if w.loss > 0:
        latency += count_losses(w.loss_key[slot], content, w.loss) * w.retransmit
    return latency


@compiled(is_kept=True)
def put(entry: Any, now: Any, entries: Any, buckets: Any, marks: Any) -> None:
    """Into the bucket of its time, which is not before `now`, behind all others."""
    when = entries[entry].when
    apart = when ^ now
    wheel = 0
    for turn in TURNS:
        wheel += apart >= turn
    digit = (when >> (DIGIT * wheel)) & LAST_BUCKET
    bucket, word, mark = wheel << DIGIT | digit, digit >> 6, ONE << np.uint64(digit & 63)
    if marks[wheel, word] & mark:
        last = buckets[bucket]
        entries[entry].next, entries[last].next = entries[last].next, entry
    else:
        entries[entry].next = entry
        marks[wheel, word] |= mark
        marks[wheel, WORDS] |= ONE << np.uint64(word)
    buckets[bucket] = entry


@compiled()
def unmark(wheel: Any, digit: Any, marks: Any) -> None:
    """Nothing is left in a bucket."""
    word = digit >> 6
    marks[wheel, word] ^= ONE << np.uint64(digit & 63)
    if marks[wheel, word] == ZERO:
        marks[wheel, WORDS] ^= ONE << np.uint64(word)


@compiled()
def find_bucket(wheel: Any, digit: Any, marks: Any) -> Any:
    """The first bucket of a wheel, from `digit` on, that is not empty, or NOBODY."""
    word, skip = digit >> 6, np.uint64(digit & 63)
    bits = marks[wheel, word] >> skip << skip
    if bits == ZERO:
        skip = np.uint64(word)
        words = marks[wheel, WORDS] >> skip >> ONE << skip << ONE
        if words == ZERO:
            return NOBODY
        word = find_lowest(words)
        bits = marks[wheel, word]
    return word << 6 | find_lowest(bits)


@compiled()
def fill(now: Any, entries: Any, buckets: Any, marks: Any) -> Any:
    """The first wheel has no more for its turn: fill it for another one, and say when that begins.

    NOBODY when there is nothing left in any wheel.
    """
    wheel = 1
    while wheel < WHEELS:
        low = DIGIT * wheel
        digit = find_bucket(wheel, (now >> low) & LAST_BUCKET, marks)
        if digit == NOBODY:
            wheel += 1
            continue
        now = (now >> low >> DIGIT << DIGIT | digit) << low
        unmark(wheel, digit, marks)
        last = buckets[wheel << DIGIT | digit]
        entry = entries[last].next
        while entry != last:
            following = entries[entry].next
            put(entry, now, entries, buckets, marks)
            entry = following
        put(last, now, entries, buckets, marks)
        if find_bucket(0, 0, marks) != NOBODY:
            return now
        wheel = 1
    return NOBODY


@compiled()
def take(now: Any, entries: Any, buckets: Any, marks: Any) -> Any:
    """Take out the first entry, or say NOBODY. It is not before `now`."""
    digit = find_bucket(0, now & LAST_BUCKET, marks)
    if digit == NOBODY:
        now = fill(now, entries, buckets, marks)
        if now == NOBODY:
            return NOBODY
        digit = find_bucket(0, 0, marks)
    last = buckets[digit]
    entry = entries[last].next
    if entry == last:
        unmark(0, digit, marks)
    else:
        entries[last].next = entries[entry].next
    return entry


@compiled()
def stand(block: Any, peer: Any, stages: Any, height: Any, best: Any, best_height: Any) -> None:
    """All before this block is checked, and so is it: it counts."""
    stages[block, peer] = READY
    if height[block] > best_height[peer]:
        best_height[peer], best[peer] = height[block], block


@compiled()
def stand_above(block: Any, peer: Any, s: State) -> None:
    """The blocks that waited for this one count now, and those that waited for them."""
    s.ready[0], end, place = block, 1, 0
    while place < end:
        child = s.first_child[s.ready[place]]
        place += 1
        while child != NOBODY:
            if s.stage[child, peer] == OUT_OF_ORDER:
                stand(child, peer, s.stage, s.height, s.best, s.best_height)
                s.ready[end] = child
                end += 1
            child = s.next_sibling[child]


@compiled()
def grow_tree(block: Any, above: Any, s: State) -> None:
    """A block is found on top of the block `above`."""
    s.parent[block], s.height[block] = above, 1
    if above == NOBODY:
        return
    s.height[block] += s.height[above]
    child = s.first_child[above]
    if child == NOBODY:
        s.first_child[above] = block
        return
    while s.next_sibling[child] != NOBODY:
        child = s.next_sibling[child]
    s.next_sibling[child] = block


@compiled(is_kept=True)
def play(w: Wiring, s: State, most_slots: int, most_events: int) -> int:  # noqa: PLR0912, PLR0915
    """Play at most so many events. FULL: the queue has no room for `most_slots` more, what one may add."""
    entries, buckets, marks, stages, soonest, sent = s.entries, s.buckets, s.marks, s.stage, s.soonest, s.sent
    slots, order, uplink, log2, exp2, arrival = s.slots, s.order, s.free, s.log2, s.exp2, s.arrival
    height, best, best_height, first_child, parent = s.height, s.best, s.best_height, s.first_child, s.parent
    offsets, cost, contents, speaks, is_small = w.offsets, w.cost, w.content, w.speaks, w.is_small
    now, spare, flying = s.tally[NOW], s.tally[SPARE], s.tally[FLYING]
    room, blocks = len(entries) - most_slots, len(parent)
    is_random, is_simblock = len(w.jitter_key) > 0, w.is_simblock
    status = PAUSED
    for _ in range(most_events):
        if flying > room:
            status = FULL
            break
        entry = take(now, entries, buckets, marks)
        if entry == NOBODY:
            status = OVER
            break
        now = entries[entry].when
        kind: Any = np.int64(entries[entry].kind)
        block = np.int64(entries[entry].block)
        peer, back = np.int64(entries[entry].peer), np.int64(entries[entry].slot)
        entries[entry].next, spare, flying = spare, entry, flying - 1

        answer, first, end, stage = NOTHING, back, back + 1, stages[block, peer]
        source: Any = NOBODY
        if kind <= HEADERS:
            if stage == NONE:
                stages[block, peer], answer = ASKED, GETDATA
        elif kind == GETDATA:
            answer = CMPCTBLOCK if speaks[back] else BLOCK
        elif kind == GETBLOCKTXN:
            answer = BLOCKTXN
        elif kind >= CHECKED:
            if kind == CHECKED:
                source = np.int64(slots[back].other)
            else:
                if w.is_pruned:
                    soonest[block, peer] = now
                arrival[block, peer], s.deliverer[block, peer] = now, peer
                grow_tree(block, best[peer], s)
                s.tally[FOUND] += 1
            if parent[block] == NOBODY or stages[parent[block], peer] == READY:
                stand(block, peer, stages, height, best, best_height)
                if first_child[block] != NOBODY:
                    stand_above(block, peer, s)
            else:
                stages[block, peer] = OUT_OF_ORDER
            answer, first, end = TELL, offsets[peer], offsets[peer + 1]
        elif kind == CMPCTBLOCK and stage < LACKING and w.lacks[block, peer]:
            stages[block, peer], answer = LACKING, GETBLOCKTXN
        elif stage < (LACKING if kind == CMPCTBLOCK else ARRIVED):
            stages[block, peer], arrival[block, peer] = ARRIVED, now
            s.deliverer[block, peer] = slots[back].other
            entry, spare, flying = spare, entries[spare].next, flying + 1
            entries[entry].when, entries[entry].kind = now + w.validation, CHECKED
            entries[entry].block, entries[entry].peer, entries[entry].slot = block, peer, back
            put(entry, now, entries, buckets, marks)
        if answer == NOTHING:
            continue

        free, is_news = max(uplink[peer], now), w.is_pruned and answer == TELL
        for slot in range(first, end):
            other = np.int64(slots[slot].other)
            if other == source:
                continue
            kind = answer
            if answer == TELL:
                kind = CMPCTBLOCK if w.is_push and speaks[slot] else w.announce
            sent[kind] += 1
            leaves = free if w.is_queued else now
            wait = np.int64(slots[slot].latency)
            if not is_simblock:
                leaves += cost[kind, peer]
                free = leaves
            elif is_small[kind]:
                leaves = now
                wait += OVERHEAD - (PARETO if wait > PARETO else 0)
            else:
                leaves -= -w.sizes[kind] * SECOND // w.pace[slot]
            previous = order[slot].previous if w.has_order else 0
            when = leaves + wait  # without any luck
            is_plain = is_small[kind] or not is_simblock  # luck does not decide when the uplink is free
            if is_news and is_plain and when >= soonest[block, other] and when >= previous:
                if w.has_order:
                    order[slot].previous = leaves + (1 << np.int64(order[slot].bits))
                    order[slot].pending = kind * blocks + block
                continue
            if is_random:
                content = contents[kind, block]
                when = leaves + draw_wait(slot, content, w, log2, exp2)
                if is_simblock and is_small[kind]:
                    when += OVERHEAD
                elif is_simblock:
                    free = when
            if w.has_order:
                if previous > when and order[slot].pending != NOBODY:
                    content = contents[order[slot].pending // blocks, order[slot].pending % blocks]
                    previous -= 1 << np.int64(order[slot].bits)  # when it left
                    previous += draw_wait(slot, content, w, log2, exp2)
                    previous += OVERHEAD if is_simblock else 0
                when = max(when, previous)
                order[slot].previous, order[slot].pending = when, NOBODY
            if is_news:
                if when >= soonest[block, other]:
                    continue
                if kind == CMPCTBLOCK or not w.is_pushed[other]:
                    soonest[block, other] = when
            entry, spare, flying = spare, entries[spare].next, flying + 1
            entries[entry].when, entries[entry].kind, entries[entry].block = when, kind, block
            entries[entry].peer, entries[entry].slot = other, slots[slot].reverse
            put(entry, now, entries, buckets, marks)
        uplink[peer] = free
    s.tally[NOW], s.tally[SPARE], s.tally[FLYING] = now, spare, flying
    return status
