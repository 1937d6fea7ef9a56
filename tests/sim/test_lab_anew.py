"""The façade, second part: beginning anew, branches, plain actions, and what a kind of node obeys."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.talking_lab import make_talking_lab
from support.toys_worlds import mixed, toy_lab

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.overlay.wire import OverlayCodec
from blockchain_lab.sim.actions import Kill, Partition, SetKnob


def run_to(lab: Lab, event: int) -> tuple[str, str]:
    """Both digests there."""
    lab.goto(event=event)
    return lab.digest(), lab.state_digest()


def test_a_reset_lab_is_a_fresh_one() -> None:
    """Whatever was done to it: acts, branches, turned knobs, a stop in the past."""
    lab = toy_lab(mixed(1, 6))
    lab.goto(event=100)
    lab.do(SetKnob("loss", 400_000))
    lab.do(Kill("p1"))
    lab.run(until=5 * SECOND)
    lab.goto(event=50)
    lab.do(Mine("p0"))
    assert 1 == lab.branch

    lab.reset()

    assert (0, 0, 0, 1, []) == (lab.cursor, lab.head, lab.branch, len(lab.branches), lab.records)
    assert run_to(toy_lab(mixed(1, 6)), 300) == run_to(lab, 300)


def test_a_reset_with_another_seed_is_a_fresh_lab_with_that_seed() -> None:
    """And the next reset keeps it: that is what "the same seed" means then."""
    lab = toy_lab(mixed(1, 6))
    before = run_to(lab, 300)

    lab.reset(2)

    wanted = run_to(toy_lab(mixed(1, 6), seed=2), 300)
    assert before != wanted
    assert (2, wanted) == (lab.scenario.seed, run_to(lab, 300))
    lab.reset()
    assert (2, wanted) == (lab.scenario.seed, run_to(lab, 300))


@pytest.mark.parametrize("seed", [-1, 1.5, "7", True, 2**64])
def test_what_is_no_seed_leaves_the_run_as_it_was(seed: object) -> None:
    """A mistake costs nobody the run."""
    lab = toy_lab(mixed(1, 6))
    before = run_to(lab, 100)
    with pytest.raises(UsageError, match=r"seed: found .*wanted a whole number from 0"):
        lab.reset(seed)  # type: ignore[arg-type]

    assert before == (lab.digest(), lab.state_digest())


def test_a_saved_run_begins_anew_without_its_actions(tmp_path) -> None:
    """What was saved is the story and what was done; a reset keeps the story."""
    lab = toy_lab(mixed(1, 6))
    lab.goto(event=40)
    lab.do(Kill("p1"))
    with pytest.warns(UserWarning, match="holds no program"):
        lab.save(tmp_path / "mine.json")
    loaded = toy_lab(tmp_path / "mine.json")
    assert 41 == loaded.cursor

    loaded.reset()

    assert run_to(toy_lab(mixed(1, 6)), 100) == run_to(loaded, 100)


def test_a_reset_is_told_to_subscribers() -> None:
    """All is new, and so is the rest."""
    lab = toy_lab(mixed(1, 6))
    lab.goto(event=40)
    heard: list[str] = []
    lab.subscribe(heard.append)

    lab.reset()

    assert ["run", "branch", "records", "cursor"] == heard


def test_branches_tell_parent_fork_head_and_actions() -> None:
    """A branch off a branch: each knows where it left which."""
    lab = toy_lab(mixed(1, 6))
    lab.goto(event=100)
    for event, action in ((60, Kill("p1")), (80, Mine("p2"))):
        lab.goto(event=event)
        lab.do(action)
        lab.goto(event=event + 40)

    found = [(branch.parent, branch.fork_event, branch.head) for branch in lab.branches]
    assert [(None, 0, 100), (0, 60, 100), (1, 80, 120)] == found
    assert [(60, Kill("p1")), (80, Mine("p2"))] == list(lab.branches[2].actions)


def test_a_node_that_raises_leaves_no_branch_behind(stumbling: Lab) -> None:
    """Acting in a seen past began a branch; nothing has happened on it, so there is none."""
    lab = stumbling
    before = run_to(lab, 30)
    with pytest.raises(RuntimeError, match="stumbled"):
        lab.do(lab.read_action({"do": "Stumble", "peer": "ann"}))

    assert (0, 1, 30, 100) == (lab.branch, len(lab.branches), lab.cursor, lab.head)
    assert before == (lab.digest(), lab.state_digest())


@pytest.fixture
def stumbling() -> Lab:
    """A lab whose nodes raise when they are told to stumble, run to event 100."""
    lab = make_talking_lab()
    lab.goto(event=100)
    return lab


def test_actions_are_read_from_their_plain_form() -> None:
    """As they stand in a saved run; sets of names in any order."""
    lab = toy_lab(mixed(1, 6))

    assert Mine("p0", 2) == lab.read_action({"do": "Mine", "peer": "p0", "count": 2})
    plain = {"do": "Partition", "group": ["p1", "p0"]}
    assert Partition({"p0", "p1"}) == lab.read_action(plain)


@pytest.mark.parametrize(
    ("plain", "problem"),
    [
        ({"do": "Bake"}, "action.do: found 'Bake'"),
        ({"peer": "p0"}, "action"),
        ({"do": "Mine"}, "the key 'peer' is missing"),
        ({"do": "Mine", "peer": "p0", "cake": 1}, "action.cake"),
        ({"do": "Mine", "peer": 7}, "action.peer: found 7"),
        ("Mine", "action: found 'Mine'"),
    ],
)
def test_a_plain_action_that_is_none_is_refused_with_its_place(plain: object, problem: str) -> None:
    """Before anything happens."""
    with pytest.raises(ScenarioError, match=problem):
        toy_lab(mixed(1, 6)).read_action(plain)  # type: ignore[arg-type]


def test_a_kind_of_node_says_which_commands_it_obeys() -> None:
    """So a menu offers what will be done; a kind that says nothing is offered nothing."""
    assert {"Mine", "Pay", "Connect"} < set(Lab("ping").get_commands("ann"))
    assert [] == toy_lab(mixed(1, 6)).get_commands("p4")
    with pytest.raises(UsageError, match=r"no peer 'eve' .*this scenario has ann, bob"):
        Lab("ping").get_commands("eve")


def test_another_scenario_is_begun_in_the_same_lab() -> None:
    """Other peers, another language: all as in a lab of its own; who follows the lab hears of it."""
    lab, heard = Lab("keep_alive_today"), []
    lab.run()
    lab.subscribe(heard.append)

    lab.begin("kademlia_lookup")

    fresh = Lab("kademlia_lookup")
    assert ["run", "branch", "records", "cursor"] == heard
    assert (fresh.names, 0, 1) == (lab.names, lab.head, len(lab.branches))
    assert (fresh.codec, fresh.genesis) == (lab.codec, lab.genesis)
    assert run_to(fresh, 300) == run_to(lab, 300)
    lab.reset()
    assert run_to(fresh, 200) == run_to(lab, 200)


def test_what_cannot_be_begun_leaves_the_run_as_it_was(tmp_path: Path) -> None:
    """A name that nobody knows, a kind that this lab does not know, a run that was saved on its way."""
    lab = toy_lab(mixed(1, 6))
    before = run_to(lab, 100)
    ping = Lab("ping")
    ping.step(5)
    ping.save(tmp_path / "run.json")

    with pytest.raises(UsageError, match="no scenario 'fork'"):
        lab.begin("fork")
    with pytest.raises(UsageError, match="begin: found a saved run, wanted a scenario"):
        lab.begin(tmp_path / "run.json")
    with pytest.raises(ScenarioError, match=r"links\.latency: found"):
        lab.begin(replace(lab.scenario, links=replace(lab.scenario.links, latency=(2, 1))))

    assert before == (lab.digest(), lab.state_digest())


def test_a_lab_keeps_the_codec_that_it_was_given() -> None:
    """Whoever passes one knows of messages that ours do not; without one it is the scenario's own."""
    given = OverlayCodec(b"mine")
    lab = Lab("ping", codec=given)

    lab.begin("fork_and_heal")

    assert given == lab.codec
