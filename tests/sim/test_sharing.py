"""What hundreds of peers note alike is kept once; and of large worlds only few copies."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.toys_worlds import mixed, toy_lab

from blockchain_lab.base.records import Kind
from blockchain_lab.sim import checkpoints
from blockchain_lab.sim.checkpoints import Checkpoints
from blockchain_lab.sim.sharing import MOST_LATELY, Sharing
from blockchain_lab.sim.timeline import Timeline

FACTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


def describe(value: Any) -> str:
    """Tells apart what Python calls equal: 1 and true, and dicts in another order."""
    return repr(value)


@given(st.lists(st.tuples(st.sampled_from(["tip changed", "note"]), FACTS), max_size=20))
def test_shared_facts_are_those_that_were_noted(noted: list[tuple]) -> None:
    """Each as it was given, types and order included; and the same object exactly when they are the same."""
    sharing = Sharing()
    shared = [sharing.get_shared(facts) for facts in noted]

    assert list(map(describe, noted)) == list(map(describe, shared))
    for one, first in zip(noted, shared, strict=True):
        for other, second in zip(noted, shared, strict=True):
            assert (describe(one) == describe(other)) is (first is second)


def test_old_news_is_forgotten() -> None:
    """Two generations are remembered, no more."""
    sharing = Sharing()
    first = sharing.get_shared(("note", {"number": 0}))
    for number in range(1, MOST_LATELY + 1):
        sharing.get_shared(("note", {"number": number}))
    assert first is sharing.get_shared(("note", {"number": 0}))
    for number in range(1, 2 * MOST_LATELY + 1):
        sharing.get_shared(("note", {"number": -number}))
    assert first is not sharing.get_shared(("note", {"number": 0}))


def test_notes_are_the_same_at_every_level() -> None:
    """A trace of notes only says of each note what the full trace says."""
    full, notes = toy_lab(mixed(1, 6)), toy_lab(mixed(1, 6), level="notes")
    for lab in (full, notes):
        lab.goto(event=2_000)

    told = [(r.id, r.event, r.at, r.peer, repr(r.detail)) for r in full.trace if r.kind == Kind.NOTE]
    assert told == [(r.id, r.event, r.at, r.peer, repr(r.detail)) for r in notes.trace if r.kind == Kind.NOTE]
    assert len(told) > 10


def test_of_large_worlds_few_copies_are_kept(monkeypatch) -> None:
    """Three fit; with the fourth, every second one goes, and at last one alone, however large."""
    lab = toy_lab(mixed(1, 6))
    lab.goto(event=500)
    world = get_world(lab.timeline)
    size = world.copy(lab.trace).copied
    monkeypatch.setattr(checkpoints, "MOST_BYTES", 3 * size + size // 2)
    kept = Checkpoints(stopwatch=None)
    counts = []
    for _ in range(6):
        kept.keep_world(world)
        counts.append(len(kept.worlds))
    monkeypatch.setattr(checkpoints, "MOST_BYTES", 1)
    kept.keep_world(world)

    assert size > 10_000
    assert [1, 2, 3, 2, 3, 2] == counts
    assert 1 == len(kept.worlds)


def get_world(timeline: Timeline) -> Any:
    """The world at the cursor."""
    return timeline.rebuild(500, "full")[0]
