"""A saved run carries the digests that it must come to; one that does not is shown, and never acted in."""

import json
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.toys_stage import stage, wait
from support.toys_worlds import mixed, toy_lab

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.effects import Effect, Note
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import Microseconds
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill
from blockchain_lab.sim.scenario import Peer, Scenario

pytestmark = pytest.mark.filterwarnings("ignore:.*holds no program")


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Two actions, and a reader who stands in the past."""
    lab = Lab("fork_and_heal")
    lab.goto(event=60)
    lab.do(Mine("ann"))
    lab.goto(event=120)
    lab.do(Kill("dan"))
    lab.goto(event=200)
    lab.back(50)
    lab.save(tmp_path / "mine.json")
    return tmp_path / "mine.json"


def edit(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """As somebody does who opens the file in an editor."""
    value = json.loads(path.read_text("utf-8"))
    change(value)
    path.write_text(json.dumps(value, indent=4), "utf-8")


def test_a_file_comes_to_its_own_digests(saved: Path) -> None:
    """Nothing is warned of; the digests in the file are those that the lab itself tells."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lab = Lab(saved)
    digests = json.loads(saved.read_text("utf-8"))["digests"]

    assert not lab.is_read_only
    assert (150, 200, lab.state_digest()) == (lab.cursor, lab.head, digests["cursor"])
    lab.goto(event=200)
    assert (lab.digest(), lab.state_digest()) == (digests["trace"], digests["head"])


def test_other_spaces_are_no_edit(saved: Path) -> None:
    """An editor that indents the text, or a tool that packs it, changes nothing that is said."""
    edit(saved, lambda value: None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        assert not Lab(saved).is_read_only


def set_digest(name: str) -> Callable[[dict[str, Any]], Any]:
    """Another digest in the file."""
    return lambda value: value["digests"].update({name: "0" * 64})


EDITS = {
    "a link's jitter": (lambda value: value["scenario"]["links"].update(jitter=7), {"trace", "head"}),
    "a policy": (lambda value: value["scenario"]["policy"].update(handshake_timeout=1), {"head"}),
    "the title": (lambda value: value["scenario"].update(title="Another"), set()),
    "an action": (lambda value: value["actions"][0][1].update(peer="bob"), {"trace", "head", "cursor"}),
    "when an action was done": (lambda value: value["actions"][1].__setitem__(0, 121), {"trace"}),
    "an action taken out": (lambda value: value["actions"].pop(), {"trace", "head"}),
    "the head": (lambda value: value.update(head=199), {"trace", "head"}),
    "the cursor": (lambda value: value.update(cursor=149), {"cursor"}),
    "the digest of the records": (set_digest("trace"), {"trace"}),
    "the digest at the end": (set_digest("head"), {"head"}),
    "the digest at the cursor": (set_digest("cursor"), {"cursor"}),
    "the digest of the file": (set_digest("file"), set()),
}
SAID = {"trace": "of the records", "head": "of the world at the end", "cursor": "of the world at the cursor"}


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_file_is_opened_read_only(saved: Path, name: str) -> None:
    """The warning names every digest that does not fit, what was found and what was wanted."""
    change, at_least = EDITS[name]
    edit(saved, change)
    with pytest.warns(UserWarning, match="mine.json is open read-only: the file was edited") as told:
        lab = Lab(saved)
    text = str(told[0].message)
    named = {key for key, words in SAID.items() if f"digest {words}: found" in text}

    assert lab.is_read_only
    assert re.search(r"digest of the file: found [0-9a-f]{12}…, wanted [0-9a-f]{12}…", text)
    assert at_least <= named, text
    assert named or not at_least


def test_read_only_means_looking(saved: Path) -> None:
    """Nobody acts, begins anew, switches or saves; looking, stepping and a fork of one's own go on."""
    edit(saved, lambda value: value.update(cursor=149))
    with pytest.warns(UserWarning, match="read-only"):
        lab = Lab(saved)
    before = lab.digest()
    for change in (
        lambda: lab.do(Mine("ann")),
        lab.reset,
        lambda: lab.reset(seed=3),
        lambda: lab.begin("fork_and_heal"),
        lambda: lab.switch(0),
        lambda: lab.save(saved),
    ):
        with pytest.raises(UsageError, match=r"open read-only: the file was edited .*take lab\.fork\(\)"):
            change()

    assert (149, before) == (lab.cursor, lab.digest())
    lab.back(9)
    assert 140 == lab.cursor and lab.peer("ann") is not None and lab.why(100)
    fork = lab.fork()
    fork.do(Mine("ann"))
    assert (True, False) == (lab.is_read_only, fork.is_read_only)


def test_files_from_before_there_were_digests_are_read(saved: Path) -> None:
    """Version 1 had none; nothing is compared, and nothing warned of."""
    edit(saved, lambda value: (value.update(version=1), value.pop("digests")))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lab = Lab(saved)

    assert (150, False) == (lab.cursor, lab.is_read_only)


BROKEN = [
    (lambda value: value.pop("digests"), "the key 'digests' is missing"),
    (lambda value: value.update(digests=7), "digests: found 7"),
    (lambda value: value["digests"].pop("file"), "digests: the key 'file' is missing"),
    (lambda value: value["digests"].update(trace=7), r"digests\.trace: found 7"),
    (lambda value: value["digests"].update(cake="7"), r"digests\.cake: unknown key"),
    (lambda value: value.update(head=10**6), "the saved run reached event 1000000, this program only"),
    (lambda value: value.update(version=3), "version: found 3 .*accepted: 1 or 2; it was made by a newer"),
]


@pytest.mark.parametrize(("change", "problem"), BROKEN)
def test_what_cannot_be_read_stays_an_error(saved: Path, change: Any, problem: str) -> None:
    """Read-only is for runs that can be played; these cannot."""
    edit(saved, change)
    if "1000000" in problem:
        edit(
            saved, lambda value: value.update(scenario={"version": 1, "peers": {"ann": {"kind": "bitcoin"}}})
        )
        edit(saved, lambda value: value.update(actions=[]))

    with pytest.raises(UsageError, match=problem):
        Lab(saved)


class Counting(Node):
    """A learner's own: counts how often it starts."""

    by = 1

    def __init__(self, setup: Setup) -> None:
        self.count = 0

    def on_start(self, now: Microseconds) -> list[Effect]:
        self.count += self.by
        return [Note("started", {"count": self.count})]


class CountingOtherwise(Counting):
    """The same, changed in the meantime."""

    by = 2


class Drifting(Counting):
    """Holds a fraction, which has no plain form."""

    weight = 0.0

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.weight = 0.5


def save_own(path: Path, kind: type[Node]) -> None:
    """A run of a learner's own node."""
    lab = Lab(Scenario(name="own", peers={"ann": Peer("mine")}), kinds={"mine": kind})
    lab.run(until=10)
    lab.save(path)


def test_a_learners_own_class_is_held_to_its_digests(tmp_path: Path) -> None:
    """The file is as it was; the class is not, and that is what the warning says."""
    save_own(tmp_path / "own.json", Counting)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not Lab(tmp_path / "own.json", kinds={"mine": Counting}).is_read_only

    with pytest.warns(UserWarning, match="this program, or a class of nodes, is not the one that"):
        assert Lab(tmp_path / "own.json", kinds={"mine": CountingOtherwise}).is_read_only


def test_nodes_without_a_plain_form_are_compared_by_what_they_said(tmp_path: Path) -> None:
    """A fraction in a node has no digest; its records have one."""
    path = tmp_path / "own.json"
    save_own(path, Drifting)
    digests = json.loads(path.read_text("utf-8"))["digests"]

    assert (None, None) == (digests["head"], digests["cursor"])
    assert not Lab(path, kinds={"mine": Drifting}).is_read_only
    edit(path, lambda value: value["digests"].update(trace="0" * 64))
    with pytest.warns(UserWarning, match="digest of the records: found"):
        Lab(path, kinds={"mine": Drifting})


@pytest.mark.parametrize("options", [{"level": "notes"}, {"level": "none"}, {"keep": 20}])
def test_labs_that_keep_less_compare_their_worlds(tmp_path: Path, options: Any) -> None:
    """Their records are others; their worlds are the same, whichever way they are saved and read."""
    path = tmp_path / "mine.json"
    for ours, theirs in (({}, options), (options, {})):
        lab = toy_lab(mixed(1, 6), **ours)
        lab.goto(event=100)
        lab.save(path)
        again = toy_lab(path, **theirs)

        assert (False, lab.state_digest()) == (again.is_read_only, again.state_digest())


def test_both_ways_of_sending_come_to_the_same_digests(tmp_path: Path) -> None:
    """A run saved where messages go as objects is the same where they go as bytes."""
    lab = Lab("fork_and_heal")
    lab.goto(event=150)
    lab.save(tmp_path / "mine.json")

    assert not Lab(tmp_path / "mine.json", wire=True).is_read_only


def test_a_stage_whose_learner_only_waits(tmp_path: Path) -> None:
    """Event 0 and an empty past have digests, too."""
    lab = stage()
    lab.goto(event=0)
    lab.save(tmp_path / "mine.json")
    wait(lab)

    assert not toy_lab(tmp_path / "mine.json").is_read_only
