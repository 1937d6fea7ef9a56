"""The façade: moving, acting, branching, asking why, saving, and what it says to a wrong call."""

import errno
import json
import os
import warnings

import pytest
from support.toys_ping import PuppetNode
from support.toys_stage import order, stage, wait
from support.toys_worlds import TOYS, mixed, toy_lab

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.effects import Note
from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill
from blockchain_lab.sim.scenario import Peer, Scenario

pytestmark = pytest.mark.filterwarnings("ignore:.*holds no program")


def test_the_cursor_moves_by_events_and_by_time() -> None:
    """Forward computes, backward only looks; both ends are safe."""
    lab = toy_lab(mixed(1, 6))
    lab.run(until=3 * SECOND)
    end = lab.cursor

    assert lab.now <= 3 * SECOND < lab.timeline.world().next_at
    lab.back(5)
    assert (end - 5, end) == (lab.cursor, lab.head)
    assert {lab.cursor} == {record.event for record in lab.records}
    assert lab.step(2) and lab.cursor == end - 3
    lab.goto(at=SECOND)
    assert lab.now <= SECOND < lab.trace.time_of(lab.cursor + 1)
    lab.back(10**9)
    assert (0, 0, []) == (lab.cursor, lab.now, lab.records)
    lab.run(until=2 * SECOND)
    assert end == lab.head and lab.cursor < end
    lab.run(until=SECOND)
    assert lab.now > SECOND, "run never goes back"


def test_a_world_at_rest_does_not_step() -> None:
    """`step` says so, and going far ends where the run ends."""
    lab = stage()

    assert not lab.step()
    lab.goto(event=10**6)
    assert (2, 2) == (lab.cursor, lab.head)


def test_why_leads_back_to_the_first_trigger() -> None:
    """A chain of triggers: every record's cause is the next one."""
    lab = toy_lab(mixed(1, 6))
    lab.goto(event=400)
    note = next(record for record in reversed(list(lab.trace)) if record.kind == Kind.NOTE)
    chain = lab.why(note)

    assert chain == lab.why(note.id)
    assert [record.cause for record in chain[:-1]] == [record.id for record in chain[1:]]
    assert (note, -1) == (chain[0], chain[-1].cause)


def test_acting_where_the_future_was_seen_begins_a_branch() -> None:
    """And where nobody has seen it, the future is replaced."""
    lab = toy_lab(mixed(1, 6))
    lab.goto(event=100)
    lab.look_ahead(until=10 * SECOND)
    unseen = lab.head
    lab.do(Mine("p0"))

    assert (0, 101, 101) == (lab.branch, lab.cursor, lab.head) and unseen > 101
    lab.look_ahead(until=10 * SECOND)
    lab.saw(110)
    lab.do(Mine("p1"))
    assert (1, 102) == (lab.branch, lab.head)
    assert lab.state_digest() == lab.timeline.rebuild(102)[0].state_digest()
    lab.switch(0)
    assert lab.state_digest() == lab.timeline.rebuild(lab.head)[0].state_digest()


def test_a_fork_is_a_second_lab_with_the_same_past() -> None:
    """What happens in one changes nothing in the other; nothing of the past is computed again."""
    lab = toy_lab(mixed(1, 6))
    lab.goto(event=200)
    twin = lab.fork()

    assert (lab.digest(), lab.state_digest()) == (twin.digest(), twin.state_digest())
    twin.do(Kill("p0"))
    twin.goto(event=300)
    lab.goto(event=300)
    assert lab.digest() != twin.digest()
    assert lab.peer("p0") is not None and twin.peer("p0") is None
    assert lab.state_digest() == lab.timeline.rebuild(300)[0].state_digest()
    assert twin.state_digest() == twin.timeline.rebuild(300)[0].state_digest()


def test_subscribers_hear_what_changed() -> None:
    """Once per call, and only what is different; after their own end, nothing."""
    lab, heard = toy_lab(mixed(1, 6)), []
    end = lab.subscribe(heard.append)
    moves = [
        (lambda: lab.goto(event=50), ["records", "cursor"]),
        (lambda: lab.back(3), ["cursor"]),
        (lambda: lab.back(0), []),
        (lambda: lab.do(Mine("p0")), ["branch", "records", "cursor"]),
        (lambda: lab.look_ahead(until=9 * SECOND), ["records"]),
        (lambda: lab.do(Mine("p0")), ["branch", "records", "cursor"]),  # that future is no more
    ]
    for move, expected in moves:
        heard.clear()
        move()
        assert expected == heard
    end()
    heard.clear()
    lab.step()
    assert [] == heard


def test_the_same_seed_tells_the_same_story_and_another_one_another() -> None:
    """The seed can be given beside the scenario."""
    digests = []
    for seed in (1, 1, 2):
        lab = toy_lab(mixed(1, 6), seed=seed)
        lab.goto(event=300)
        digests.append(lab.digest())

    assert digests[0] == digests[1] != digests[2]


def test_a_node_that_raises_in_mid_run_leaves_the_lab_before_that_event() -> None:
    """Everything before it has happened; the error says which event was undone."""

    class Fragile(PuppetNode):
        """Breaks at its third order."""

        def on_command(self, command, now):
            """Count."""
            if len(self.told) == 2:
                raise ZeroDivisionError("third order")
            return self._remember("order", (command, now))

    story = tuple((n * SECOND, Mine("ann")) for n in range(1, 6))
    scenario = Scenario(peers={"ann": Peer("fragile")}, story=story)
    lab = toy_lab(scenario, kinds={**TOYS, "fragile": Fragile})
    with pytest.raises(ZeroDivisionError, match="third order") as caught:
        lab.run()

    assert "event 4 was undone" in caught.value.__notes__[0]
    assert (3, 3, 2 * SECOND) == (lab.cursor, lab.head, lab.now)
    assert 2 == len(lab.peer("ann").told)
    assert lab.state_digest() == lab.timeline.rebuild(3)[0].state_digest()


def test_a_saved_lab_goes_on_where_it_was(tmp_path) -> None:
    """Scenario, actions, head and cursor; it can stand in the past."""
    lab = toy_lab(mixed(1, 6))
    lab.goto(event=100)
    lab.do(Mine("p0"))
    lab.goto(event=250)
    lab.back(30)
    lab.save(tmp_path / "mine.json")
    again = toy_lab(str(tmp_path / "mine.json"))

    assert (220, 250) == (again.cursor, again.head)
    assert (lab.digest(), lab.state_digest()) == (again.digest(), again.state_digest())
    for each in (lab, again):
        each.goto(event=400)
    assert lab.digest() == again.digest()


def test_saving_with_node_classes_of_ones_own_says_what_loading_needs(tmp_path) -> None:
    """The file holds no program; without the class, loading names what is missing."""
    lab = stage()
    with pytest.warns(UserWarning, match="holds no program: .*only where puppet is defined"):
        lab.save(tmp_path / "mine.json")

    with pytest.raises(ScenarioError, match=r"peers\.ann\.kind: found 'puppet'"):
        Lab(tmp_path / "mine.json")


@pytest.mark.parametrize("step", ["mkstemp", "write", "replace"])
def test_a_full_disk_or_a_read_only_folder_leaves_the_old_file(step, tmp_path, monkeypatch) -> None:
    """A clear message, the old file whole, no rubbish beside it."""

    def fail(*_, **__):
        raise OSError(errno.ENOSPC if step == "write" else errno.EROFS, "no room")

    lab, path = toy_lab(mixed(1, 6)), tmp_path / "mine.json"
    lab.save(path)
    before = path.read_text(encoding="utf-8")
    lab.goto(event=10)
    target = {"mkstemp": "tempfile.mkstemp", "write": "os.fsync", "replace": "os.replace"}[step]
    monkeypatch.setattr(target, fail)
    with pytest.raises(UsageError, match=r"mine\.json was not saved \(no room\); what was there before"):
        lab.save(path)

    assert before == path.read_text(encoding="utf-8")
    assert ["mine.json"] == os.listdir(tmp_path)


SAVED_BADLY = [
    ("format", "cake", "format: found 'cake'"),
    ("version", 9, "version: found 9 .*newer"),
    ("head", "x", "head: found 'x' .*accepted: a whole number"),
    ("head", -1, "head: found -1"),
    ("cursor", 999, "cursor: found 999, accepted: 0 to 30"),
    ("cake", 1, "cake: unknown key, accepted: scenario, actions, head, cursor"),
    ("actions", [[3, {"do": "Bake"}]], r"actions\.0\.1\.do: found 'Bake'"),
    ("actions", [[40, {"do": "Heal"}]], r"actions\.0\.0: found 40, accepted: 0 to 29"),
    ("actions", [[3, {"do": "Heal"}], [3, {"do": "Heal"}]], r"actions\.1\.0: found 3, accepted: 4 to 29"),
    ("actions", [[3, {"do": "Kill", "peer": "eve"}]], r"actions\.0\.1\.peer: found 'eve'"),
    ("head", 10**6, "the saved run reached event 1000000, this program only"),
]


@pytest.mark.parametrize(("key", "value", "problem"), SAVED_BADLY)
def test_a_broken_saved_run_is_refused_with_its_place(key, value, problem, tmp_path) -> None:
    """Nothing in it is evaluated; what is wrong is named."""
    lab, path = stage(), tmp_path / "mine.json"
    order(lab, "ann", Note("x", {}))
    toy_lab(mixed(1, 6)).save(path)
    saved = json.loads(path.read_text(encoding="utf-8")) | {"head": 30, "cursor": 3}
    if value == 10**6:
        saved["scenario"] = {"version": 1, "peers": {"ann": {"kind": "puppet"}}}
    path.write_text(json.dumps(saved | {key: value}), encoding="utf-8")

    with pytest.raises(UsageError, match=problem):
        toy_lab(path)


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda lab: lab.step(-1), "step: found -1 .*wanted a whole number, 0 or more"),
        (lambda lab: lab.back(1.5), "back: found 1.5"),
        (lambda lab: lab.goto(), "goto: wanted either event=... or at=..."),
        (lambda lab: lab.goto(event=1, at=1), "goto: wanted either"),
        (lambda lab: lab.goto(event="3"), "goto event: found '3'"),
        (lambda lab: lab.run(until=1.5), "run until: found 1.5"),
        (lambda lab: lab.peer("eve"), "no peer 'eve' .*this scenario has p0, p1"),
        (lambda lab: lab.why(10**9), "no record 1000000000"),
        (lambda lab: lab.switch(1), "no branch 1 .*0 to 0"),
        (lambda lab: lab.do(Mine), "found <class .*wanted one of Mine"),
        (lambda lab: lab.saw(None), "saw event: found None"),
        (
            lambda lab: toy_lab("no_such_scenario"),
            "no scenario 'no_such_scenario'; there are .*headers_first",
        ),
        (lambda lab: toy_lab(7), "Lab: found 7 .*wanted a scenario's name"),
        (lambda lab: toy_lab(lab.scenario, seed=-1), "seed: found -1"),
        (
            lambda lab: toy_lab(lab.scenario, level="all"),
            "level: found 'all' .*wanted one of full, notes, none",
        ),
        (lambda lab: toy_lab(lab.scenario, keep=0), "keep: found 0"),
        (lambda lab: toy_lab(lab.scenario, actions=[int]), "actions: found <class 'int'>"),
        (lambda lab: toy_lab(lab.scenario, codec=None, wire=True), "wire=True needs a codec"),
        (lambda lab: toy_lab(lab.scenario, level="notes").why(0), "why.. needs all records"),
    ],
)
def test_wrong_calls_are_told_what_was_found_and_wanted(call, problem) -> None:
    """Always a `UsageError`, and the lab is as it was."""
    lab = toy_lab(mixed(1, 6))
    lab.goto(event=20)
    before = lab.digest()
    with pytest.raises(UsageError, match=problem):
        call(lab)

    assert before == lab.digest()


def test_saving_keeps_a_files_rights_and_follows_links(tmp_path) -> None:
    """A lecturer's shared run stays readable for the class; what is no file is left alone."""
    path, link = tmp_path / "shared.json", tmp_path / "link.json"
    lab = toy_lab(mixed(1, 6))
    lab.save(path)
    path.chmod(0o640)
    link.symlink_to(path)

    lab.save(link)

    assert (0o640, True) == (path.stat().st_mode & 0o777, link.is_symlink())
    with pytest.raises(UsageError, match="it is no file"):
        lab.save(tmp_path)


def test_a_saved_run_keeps_its_seed(tmp_path) -> None:
    """Another seed would be another run."""
    lab = stage()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lab.save(tmp_path / "mine.json")
    wait(lab)

    with pytest.raises(UsageError, match="a saved run has its seed"):
        toy_lab(tmp_path / "mine.json", seed=3)
