"""The proof that all else stands on: a world rebuilt from nothing equals the one that lived."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.toys_gossip import GossipNode
from support.toys_worlds import TOYS, mixed, toy_lab, whim

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.digest import canonical
from blockchain_lab.sim.timeline import Timeline

WANDERS = int(os.environ.get("WANDERS", "300" if os.environ.get("BLOCKCHAIN_LAB_REQUIRE_ALL") else "100"))
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
        walker, _ = timeline.rebuild(0)
        for event in sorted(event for at, event in live if at == number):
            timeline._live_again(walker, event)
            at_event = world if event == branch.head else walker
            assert at_event.state_digest() == live[number, event], f"branch {number}, event {event}"


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_rebuilt_world_equals_the_live_one(chunk: int, tmp_path: Path) -> None:
    """Any mix of step, back, goto, run, actions, saves and loads, at 5 to 20 peers."""
    for seed in range(chunk, WANDERS, CHUNKS):
        lab = toy_lab(mixed(seed, 5 + seed % 16), wire=seed % 4 == 3)
        wander(lab, seed, tmp_path / "lab.json")


NEVER = 1 << 62


def copy_eagerly(monkeypatch: pytest.MonkeyPatch, *, worlds: bool, nodes: bool) -> None:
    """Let copies of worlds, or of nodes, seem worth their while at every opportunity."""
    monkeypatch.setattr("blockchain_lab.sim.checkpoints.SHORTEST", 0 if worlds else NEVER)
    monkeypatch.setattr("blockchain_lab.sim.checkpoints.TIMES_LONGER", 0)
    monkeypatch.setattr("blockchain_lab.sim.timeline.NODE_EVERY", 0 if nodes else NEVER)


@pytest.mark.parametrize("what", ["worlds", "nodes"])
def test_copies_change_no_answer(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With copies wherever possible, the past is read and acted on as without any."""
    copy_eagerly(monkeypatch, worlds=what == "worlds", nodes=what == "nodes")
    copies = 0
    for seed in range(6):
        luck, lab = CounterRandom(get_key(seed, "whims")), toy_lab(mixed(seed, 6), wire=seed % 2 == 1)
        for _ in range(MOVES):
            lab = whim(lab, luck, tmp_path / "lab.json")
            assert_reads_as_from_nothing(lab)
        copies += len(getattr(lab.timeline.branch.checkpoints, what))
    assert copies > 6


def test_copies_of_a_replaced_future_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of a world that nobody will ever see must not stand in for the one that came instead."""
    copy_eagerly(monkeypatch, worlds=True, nodes=True)
    lab = toy_lab(mixed(1, 6))
    lab.goto(event=40)
    for _ in range(3):
        lab.look_ahead(until=lab.now + 9 * SECOND)
        unseen = lab.head
        lab.do(Mine("p0", 2))
        lab.goto(event=unseen + 60)
        for event in (unseen, unseen + 20):
            lab.goto(event=event)
            assert_reads_as_from_nothing(lab)


def assert_reads_as_from_nothing(lab: Lab) -> None:
    """State and peers at the cursor, as if there were no copies."""
    world, _ = lab.timeline.rebuild(lab.cursor)

    assert world.state_digest() == lab.state_digest()
    for host in world.hosts:
        assert canonical(host.node) == canonical(lab.peer(host.name))


COUNT = [0]


class ImpureNode(GossipNode):
    """Keeps something outside itself: what every replay must notice."""

    def on_message(self, conn: Any, message: Any, now: Any) -> Any:
        """Count the messages of all worlds together."""
        COUNT[0] += 1
        self.serial = COUNT[0]
        return super().on_message(conn, message, now)


def test_an_impure_node_fails_the_proof() -> None:
    """A module-level counter changes no record, but the state digest sees it."""
    lab = toy_lab(mixed(3, 10), kinds={**TOYS, "gossip": ImpureNode})
    lab.goto(event=300)
    live = {(0, 300): lab.state_digest()}

    assert lab.timeline.rebuild(300, "full")[1].columns().kinds == lab.trace.columns().kinds  # looks well
    with pytest.raises(AssertionError, match="branch 0, event 300"):
        assert_rebuilds(lab.timeline, live)


STORY = """
from support.toys_worlds import mixed, toy_lab
from blockchain_lab.sim.actions import Kill, Partition
lab = toy_lab(mixed(5, 20))
lab.goto(event=1000); lab.do(Kill("p3")); lab.do(Partition({"p1", "p7", "p2"})); lab.goto(event=2500)
print(lab.digest(), lab.state_digest())
"""


def test_the_hash_seed_does_not_matter() -> None:
    """Two processes with different hash seeds tell the same story."""
    told = {
        subprocess.run(
            [sys.executable, "-c", STORY],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "77")
    }

    assert 1 == len(told)


def test_wire_mode_equals_object_mode(tmp_path: Path) -> None:
    """The same random life, once as objects and once as bytes cut at odd places: same records, same state."""
    for seed in range(12):
        digests = []
        for wire in (False, True):
            luck, lab = CounterRandom(get_key(seed, "whims")), toy_lab(mixed(seed, 8), wire=wire)
            for _ in range(MOVES):
                lab = whim(lab, luck, tmp_path / "lab.json")
            digests.append((lab.digest(), lab.state_digest()))

        assert digests[0] == digests[1], f"seed {seed}"


def test_wire_mode_really_cuts_across_messages() -> None:
    """At some moment some end holds the first bytes of a message that has not arrived yet."""
    lab = toy_lab(mixed(2, 8), wire=True)
    early = []
    while lab.head < 900:
        lab.step(5)
        hosts = lab.timeline.world().hosts
        early += [end.intake.early for host in hosts for end in host.ends.values() if end.intake]

    assert max(early) > 0


def test_a_peer_from_its_inbox_equals_the_live_node(tmp_path: Path) -> None:
    """At any moment, through kills, knobs and revivals, a peer's inbox alone gives its state."""
    for seed in range(10):
        luck, lab = CounterRandom(get_key(seed, "inbox")), toy_lab(mixed(seed, 8))
        for _ in range(MOVES):
            lab = whim(lab, luck, tmp_path / "lab.json")
            for host in lab.timeline.world().hosts:
                assert canonical(lab.peer(host.name)) == canonical(host.node)


def test_reading_a_peer_changes_nothing() -> None:
    """It is a disposable copy, read at the head and in the past."""
    lab = toy_lab(mixed(4, 6))
    lab.goto(event=400)
    before = lab.state_digest()
    for _ in range(2):
        lab.peer("p0").asked["x"] = 1
        assert "x" not in lab.peer("p0").asked
        lab.back(5)
    lab.goto(event=400)

    assert before == lab.state_digest()


def test_levels_change_what_is_kept_not_what_happens() -> None:
    """Same states, same record ids and same peers with a full trace, notes only, or none."""
    labs = {level: toy_lab(mixed(6, 10), level=level) for level in ("full", "notes", "none")}
    for lab in labs.values():
        lab.goto(event=700)
        lab.do(Mine("p0"))
        lab.goto(event=1500)
    kept = {Kind.NOTE, Kind.ACTION, Kind.COMMAND}
    full, notes = (list(labs[level].trace) for level in ("full", "notes"))

    assert 1 == len({lab.state_digest() for lab in labs.values()})
    assert [record for record in full if record.kind in kept] == notes
    assert 0 == len(labs["none"].trace)
    assert canonical(labs["none"].peer("p1")) == canonical(labs["full"].peer("p1"))
    assert labs["none"].now == labs["full"].now
