"""The compiled executor: makes the kernel's arrays, runs it in slices, gives its heap room when it asks.

Importing this module imports numba.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numba.core import event

from blockchain_lab.base.draws import get_log2_table, mix
from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.kernel import CELL_BITS, FAR, FOUND, FULL, NOBODY, OVER, SIZE, State, play
from blockchain_lab.scale.kernel import mix as compiled_mix
from blockchain_lab.scale.outcome import Outcome
from blockchain_lab.scale.wiring import Wiring
from blockchain_lab.sim.formulas import get_exp2_table

EVENTS_AT_ONCE = 100_000  # between two looks at the progress: some tens of milliseconds
FIRST_ROOM = 1 << 16  # entries of the heap


class Announcer(event.Listener):
    """Says once that the kernel is being compiled; numba tells it only when it really is."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        self.has_spoken = False

    def on_start(self, event: Any) -> None:
        """A function is being compiled, or one that it calls."""
        if not self.has_spoken:
            print("compiling the kernel once (about 15 s); later runs find it in numba's cache …", flush=True)
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
    shift = max(1, (wiring.blocks - 1).bit_length())
    state = make_state(wiring, outcome, max(FIRST_ROOM, 2 * most_slots))
    status = FULL
    while status != OVER:
        with event.install_listener("numba:compile", Announcer()):
            status = play(frozen, state, shift, most_slots, EVENTS_AT_ONCE)
        if status == FULL:
            state = give_room(state)
        outcome.found = int(state.tally[FOUND])
        yield outcome.found


def make_state(wiring: Wiring, outcome: Outcome, room: int) -> State:
    """Nothing has happened yet."""
    peers, blocks = wiring.size, wiring.blocks
    return State(
        at=np.zeros(room, np.int64),
        rank=np.zeros(room, np.int64),
        cells=np.zeros(room, np.int64),
        spare=np.arange(room, dtype=np.int64),
        tally=np.zeros(3, np.int64),
        free=np.zeros(peers, np.int64),
        last=np.zeros(len(wiring.others) if wiring.has_order else 0, np.int64),
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


def give_room(state: State) -> State:
    """The same with twice the room in the heap. UsageError beyond 67 million messages in flight."""
    old = len(state.at)
    if 2 * old > 1 << CELL_BITS:
        flying = int(state.tally[SIZE])
        raise UsageError(f"found {flying} messages in flight, wanted at most {1 << CELL_BITS}: plan.interval")
    columns = {name: np.concatenate([getattr(state, name), np.zeros(old, np.int64)]) for name in HEAP}
    columns["spare"][old:] = np.arange(old, 2 * old)
    return state._replace(**columns)


HEAP = ("at", "rank", "cells", "spare")


def _freeze(column: Any) -> Any:
    """Numba compiles anew for arrays of another layout, or that may be written: let them be all alike."""
    if not isinstance(column, np.ndarray):
        return column
    column = np.ascontiguousarray(column).view()
    column.flags.writeable = False
    return column
