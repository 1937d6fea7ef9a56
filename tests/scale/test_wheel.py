"""The kernel's queue: a timing wheel gives back what was put in by time, and equal times as they came."""

from dataclasses import replace
from heapq import heappop, heappush
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.engines import get_columns, need_engine
from support.random_networks import make_random_network

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.run import simulate

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


@pytest.mark.parametrize("relay", list(Relay))
def test_slices_and_room_change_nothing(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped after every third event, and with a queue that must grow again and again: the same run."""
    import_kernel()
    compiled = import_module("blockchain_lab.scale.compiled")
    network, plan = make_random_network(40, jitter=20_000, loss=10_000), Plan(relay=relay, blocks=6)
    plan = replace(plan, interval=100 * SECOND, is_pruned=False)
    expected = get_columns(simulate(network, plan, engine="compiled"))
    rooms: list[int] = []
    give_room = compiled.give_room
    monkeypatch.setattr(compiled, "give_room", lambda state: rooms.append(1) or give_room(state))
    monkeypatch.setattr(compiled, "EVENTS_AT_ONCE", 3)
    monkeypatch.setattr(compiled, "FIRST_ROOM", 1)

    assert expected == get_columns(simulate(network, plan, engine="compiled"))
    assert 1 < len(rooms)


def test_too_many_messages_in_flight_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal says how many there are and what to change."""
    import_kernel()
    monkeypatch.setattr("blockchain_lab.scale.compiled.FIRST_ROOM", 1)
    monkeypatch.setattr("blockchain_lab.scale.compiled.MOST_FLYING", 64)

    with pytest.raises(UsageError, match=r"found \d+ messages in flight, wanted at most 64: plan.interval"):
        simulate(make_random_network(60), Plan(blocks=5, interval=SECOND, is_pruned=False), engine="compiled")
