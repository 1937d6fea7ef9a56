"""The proof that all else stands on: a world rebuilt from nothing equals the one that lived."""

import os
from pathlib import Path

import pytest
from support.toys_worlds import mixed, toy_lab, whim

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.lab import Lab
from blockchain_lab.sim.digest import canonical
from blockchain_lab.sim.timeline import Timeline

WANDERS = int(os.environ.get("WANDERS", "1000" if os.environ.get("BLOCKCHAIN_LAB_REQUIRE_ALL") else "200"))
CHUNKS = 10
MOVES = 14

pytestmark = pytest.mark.filterwarnings("ignore:.*holds no program")


def wander(lab: Lab, seed: int, scratch: Path) -> None:
    """Do random things, taking digests live; then rebuild from nothing and compare."""
    luck = CounterRandom(get_key(seed, "whims"))
    live: dict[tuple[int, int], str] = {}  # (branch, event) -> digest
    for _ in range(MOVES):
        before, lab = lab, whim(lab, luck, scratch)
        timeline = lab.timeline
        if lab is not before:  # a loaded lab has one branch only
            live.clear()
        live = {
            (branch, event): digest
            for (branch, event), digest in live.items()
            if event <= timeline.branches[branch].seen  # an unseen future may have been replaced
        }
        if timeline.cursor == timeline.branch.head and timeline._world is not None:
            live[timeline.current, timeline.cursor] = timeline._world.state_digest()
    assert_rebuilds(lab.timeline, live)


def assert_rebuilds(timeline: Timeline, live: dict[tuple[int, int], str]) -> None:
    """Every branch: rebuilt records equal the live ones, and so does the state wherever it was taken."""
    for number, branch in enumerate(timeline.branches):
        timeline.switch(number)
        world, trace = timeline.rebuild(branch.head, level="full")
        ours, theirs = trace.columns(), branch.trace.columns()

        assert [column.tolist() for column in ours.numbers()] == [c.tolist() for c in theirs.numbers()]
        assert list(map(canonical, ours.details)) == list(map(canonical, theirs.details))
        assert trace.events(branch.head) == branch.trace.events(branch.head)
        for host in world.hosts:
            assert trace.inbox(host.index, branch.head) == branch.trace.inbox(host.index, branch.head)
        for event in [event for at, event in live if at == number]:
            at_event = world if event == branch.head else timeline.rebuild(event)[0]
            assert at_event.state_digest() == live[number, event], f"branch {number}, event {event}"


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_rebuilt_world_equals_the_live_one(chunk: int, tmp_path: Path) -> None:
    """Any mix of step, back, goto, run, actions, saves and loads, at 5 to 20 peers."""
    for seed in range(chunk, WANDERS, CHUNKS):
        lab = toy_lab(mixed(seed, 5 + seed % 16), wire=seed % 4 == 3)
        wander(lab, seed, tmp_path / "lab.json")
