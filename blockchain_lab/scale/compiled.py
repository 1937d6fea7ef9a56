"""The compiled executor: makes the kernel's arrays, runs it in slices, gives its queue room when it asks.

Importing this module imports numba.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numba.core import event
from numpy.typing import NDArray

from blockchain_lab.base.draws import get_log2_table, mix
from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.kernel import (
    DIGIT,
    ENTRY,
    FAR,
    FLYING,
    FOUND,
    FULL,
    MINED,
    NOBODY,
    ORDER,
    OVER,
    OVERHEAD,
    SLOT,
    SPARE,
    WHEELS,
    WORDS,
    State,
    play,
    put,
)
from blockchain_lab.scale.kernel import mix as compiled_mix
from blockchain_lab.scale.outcome import Outcome
from blockchain_lab.scale.wiring import Wiring
from blockchain_lab.sim.formulas import compute_pareto, get_exp2_table

EVENTS_AT_ONCE = 100_000  # between two looks at the progress: some tens of milliseconds
FIRST_ROOM = 1 << 16  # entries of the queue
MOST_FLYING = 1 << 26  # entries; they would be two gigabytes


class Announcer(event.Listener):
    """Says once that the kernel is being compiled; numba tells it only when it really is."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        self.has_spoken = False

    def on_start(self, event: Any) -> None:
        """A function is being compiled, or one that it calls."""
        if not self.has_spoken:
            print("compiling the kernel once (about 6 s); later runs find it in numba's cache …", flush=True)
            self.has_spoken = True

    def on_end(self, event: Any) -> None:
        """Nothing to say."""


def check_kernel() -> None:
    """RuntimeError when numba compiles, but wrongly: one draw must be that of `base.draws`."""
    found, wanted = int(compiled_mix(np.uint64(1))), mix(1)
    if found != wanted:
        raise RuntimeError(f"found {found} for a draw, wanted {wanted}")


def play_compiled(wiring: Wiring, outcome: Outcome) -> Iterator[int]:
    """Play to the end; says now and then how many blocks have been found."""
    frozen = Wiring(*map(_freeze, wiring))
    most_slots = int(np.diff(wiring.offsets).max(initial=0)) + 2
    state = make_state(wiring, outcome, max(FIRST_ROOM, 2 * most_slots))
    status = FULL
    while status != OVER:
        with event.install_listener("numba:compile", Announcer()):
            status = play(frozen, state, most_slots, EVENTS_AT_ONCE)
        if status == FULL:
            state = give_room(state)
        outcome.found = int(state.tally[FOUND])
        yield outcome.found


def make_state(wiring: Wiring, outcome: Outcome, room: int) -> State:
    """Nothing has happened yet, but it is known when each block will be found."""
    peers, blocks = wiring.size, wiring.blocks
    state = State(
        entries=make_entries(0, blocks + room),
        buckets=np.zeros(WHEELS << DIGIT, np.int32),
        marks=np.zeros((WHEELS, WORDS + 1), np.uint64),
        tally=np.zeros(4, np.int64),
        slots=make_slots(wiring),
        order=make_order(wiring),
        free=np.zeros(peers, np.int64),
        stage=np.zeros((blocks, peers), np.int8),
        soonest=np.full((blocks, peers if wiring.is_pruned else 0), FAR, np.int64),
        height=np.zeros(blocks, np.int64),
        best_height=np.zeros(peers, np.int64),
        first_child=np.full(blocks, NOBODY, np.int64),
        next_sibling=np.full(blocks, NOBODY, np.int64),
        ready=np.zeros(blocks + 1, np.int64),
        log2=np.array(get_log2_table(), np.int64),
        exp2=np.array(get_exp2_table(), np.int64),
        arrival=outcome.arrival,
        deliverer=outcome.deliverer,
        parent=outcome.parent,
        best=outcome.best,
        sent=outcome.sent,
    )
    finds = state.entries[:blocks]
    finds["when"], finds["kind"], finds["block"] = wiring.found_at, MINED, np.arange(blocks)
    finds["peer"] = wiring.miner
    for entry in range(blocks):
        put(entry, 0, state.entries, state.buckets, state.marks)
    state.tally[SPARE] = state.tally[FLYING] = blocks
    return state


def make_entries(first: int, end: int) -> NDArray[Any]:
    """Spare entries, in a row; `first` is how many there were already."""
    entries = np.zeros(end - first, ENTRY)
    entries["next"] = np.arange(first + 1, end + 1)
    return entries


def make_slots(wiring: Wiring) -> NDArray[Any]:
    """[slots] What every message on it asks for."""
    slots = np.empty(len(wiring.others), SLOT)
    slots["other"], slots["reverse"], slots["latency"] = wiring.others, wiring.reverse, wiring.latency
    return slots


def make_order(wiring: Wiring) -> NDArray[Any]:
    """[slots] No message was before the first one, and none takes longer than 2**bits microseconds."""
    if not wiring.has_order:
        return np.empty(0, ORDER)
    order = np.zeros(len(wiring.others), ORDER)
    if wiring.is_simblock:
        means, rows = np.unique(wiring.latency, return_inverse=True)
        slowest = np.array([compute_pareto(mean, 0) + OVERHEAD for mean in means.tolist()])[rows]
    else:
        slowest = wiring.latency + wiring.jitter + (FAR >> 2 if wiring.loss else 0)
    order["bits"] = np.frexp(slowest.astype(np.float64))[1]
    order["pending"] = NOBODY
    return order


def give_room(state: State) -> State:
    """The same with twice the room in the queue. UsageError beyond 67 million messages in flight."""
    old = len(state.entries)
    if 2 * old > MOST_FLYING:
        flying = int(state.tally[FLYING])
        raise UsageError(f"found {flying} messages in flight, wanted at most {MOST_FLYING}: plan.interval")
    entries = np.concatenate([state.entries, make_entries(old, 2 * old)])
    entries["next"][-1] = state.tally[SPARE]
    state.tally[SPARE] = old
    return state._replace(entries=entries)


def _freeze(column: Any) -> Any:
    """Numba compiles anew for arrays of another layout, or that may be written: let them be all alike."""
    if not isinstance(column, np.ndarray):
        return column
    column = np.ascontiguousarray(column).view()
    column.flags.writeable = False
    return column
