"""The kernel's queue: a timing wheel gives back what was put in by time, and equal times as they came."""

from heapq import heappop, heappush
from importlib import import_module
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from support.engines import need_engine

MICROSECONDS = st.one_of(st.integers(0, 3), st.integers(0, 5_000), st.integers(0, 1 << 40), st.just(1 << 61))
STEPS = st.lists(st.one_of(MICROSECONDS, st.none()), max_size=60)  # put so much later, or take one out


def import_kernel() -> Any:
    """Without numba it cannot be."""
    need_engine("compiled")
    return import_module("blockchain_lab.scale.kernel")


@given(STEPS)
def test_the_wheel_is_a_queue(steps: list[int | None]) -> None:
    """Beside Python's own heap of (time, which was first): the same comes out, at any distance in time."""
    kernel = import_kernel()
    entries = np.zeros(len(steps) + 1, kernel.ENTRY)
    buckets = np.zeros(kernel.WHEELS << kernel.DIGIT, np.int32)
    marks = np.zeros((kernel.WHEELS, kernel.WORDS + 1), np.uint64)
    heap: list[tuple[int, int]] = []
    now = 0
    for entry, later in enumerate([*steps, *[None] * len(steps)]):
        if later is not None and now + later < 1 << 62:
            entries["when"][entry] = now + later
            kernel.put(entry, now, entries, buckets, marks)
            heappush(heap, (now + later, entry))
        elif later is None:
            wanted = heappop(heap)[1] if heap else kernel.NOBODY
            assert wanted == kernel.take(now, entries, buckets, marks)
            now = now if wanted == kernel.NOBODY else int(entries["when"][wanted])
    assert not marks.any()


@given(st.integers(1, (1 << 64) - 1))
def test_bits_are_found(bits: int) -> None:
    """The lowest and the highest, as Python counts them."""
    kernel = import_kernel()
    assert (bits & -bits).bit_length() - 1 == kernel.find_lowest(np.uint64(bits))
    assert bits.bit_length() - 1 == kernel.find_highest(np.uint64(bits))
