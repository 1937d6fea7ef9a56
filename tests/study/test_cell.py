"""A run as a cell of code: whoever executes it stands at the same event of the same run."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from support.evil_story import EVIL, make_evil_lab

from blockchain_lab.base.actions import Command, Mine, SubmitTx
from blockchain_lab.base.effects import Effect, Note
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import Address, Microseconds
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.library import load
from blockchain_lab.sim.actions import ChangeAddress, EditMessage, Kill, Partition, SetKnob
from blockchain_lab.sim.recorded import Recorded
from blockchain_lab.sim.scenario import Knob, Peer, Scenario
from blockchain_lab.study.cell import quote, write_action


class Bake(Command):
    """A learner's own command."""


class Baker(Node):
    """A learner's own node."""

    obeys = (Bake,)

    def __init__(self, setup: Setup) -> None:
        self.cakes = 0

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """One more."""
        self.cakes += 1
        return [Note("cake", {"count": self.cakes})]


def execute(text: str, monkeypatch: pytest.MonkeyPatch, **known: Any) -> tuple[Lab, tuple[str, ...]]:
    """Run a cell where nothing is drawn: the lab that it makes, and the views that it shows."""
    shown: list[tuple[str, ...]] = []
    monkeypatch.setattr(Lab, "show", lambda lab, *views, **options: shown.append(views))
    names = dict(known)
    exec(compile(text, "cell", "exec"), names)
    return names["lab"], shown[0]


def acted() -> Lab:
    """Two actions, one before and one behind the cursor; something is selected."""
    lab = Lab("fork_and_heal", seed=12)
    lab.goto(event=60)
    lab.do(Partition({"ann", "bob"}, {"cat"}))
    lab.goto(event=120)
    lab.do(Kill("dan", seen_as="silence"))
    lab.goto(event=90)
    lab.selection = "record:3:40"
    return lab


def set_value(path: str, value: Any) -> Callable[[], Lab]:
    """A named story with one value of its own."""
    return lambda: moved(Lab(load("fork_and_heal").with_value(path, value)))


def moved(lab: Lab) -> Lab:
    """Somewhere in the middle."""
    lab.goto(event=150)
    return lab


def branched() -> Lab:
    """The second of two futures."""
    lab = moved(Lab("fork_and_heal"))
    lab.back(50)
    lab.do(Mine("fay", count=2))
    return lab


def renamed() -> Lab:
    """Peers of one's own."""
    scenario = load("fork_and_heal")
    return moved(Lab(replace(scenario, name="mine", peers={**scenario.peers, "gus": Peer("bitcoin")})))


LABS: dict[str, Callable[[], Lab]] = {
    "a story": lambda: moved(Lab("fork_and_heal")),
    "a seed of its own": lambda: moved(Lab("fork_and_heal", seed=2**64 - 1)),
    "two actions": acted,
    "a branch": branched,
    "another jitter": set_value("links.jitter", 7),
    "another policy": set_value("peers.ann.policy", {"handshake_timeout": 5_000_000}),
    "another title": set_value("title", EVIL),
    "knobs of its own": lambda: moved(
        Lab(replace(load("fork_and_heal"), knobs={"j": Knob("links.jitter", 0, 90_000)}))
    ),
    "messages as bytes": lambda: moved(Lab("fork_and_heal", wire=True)),
    "a scenario of its own": renamed,
    "event 0": lambda: Lab("four_servers"),
}


@pytest.mark.parametrize("name", LABS)
def test_who_executes_the_cell_stands_at_the_same_event(name: str, monkeypatch: Any) -> None:
    """Records, world, cursor, actions and selection are the same; nothing but the cell is needed."""
    lab = LABS[name]()
    cursor = lab.cursor
    lab.look_ahead()  # a lab in which nothing has happened would go to its poster
    text = lab.share.code("tree", "why")
    again, views = execute(text, monkeypatch)

    assert (cursor, ("tree", "why")) == (again.cursor, views)
    assert (lab.digest(), lab.state_digest()) == (again.digest(), again.state_digest())
    assert lab.timeline.branch.actions == again.timeline.branch.actions
    assert lab.scenario == again.scenario
    assert (lab.selection or "").replace("record:3:", "record:0:") == (again.selection or "")


def test_a_story_is_a_few_lines() -> None:
    """What a lecturer pastes into a message to the class."""
    assert (
        "from blockchain_lab import Lab\n"
        "from blockchain_lab.sim.actions import Kill\n"
        "from blockchain_lab.sim.actions import Partition\n"
        "\n"
        'lab = Lab("fork_and_heal", seed=12)\n'
        "lab.goto(event=60)\n"
        "lab.do(Partition(('ann', 'bob'), against=('cat',)))\n"
        "lab.goto(event=120)\n"
        'lab.do(Kill("dan", seen_as="silence"))\n'
        "lab.goto(event=90)\n"
        'lab.selection = "record:0:40"\n'
        "lab.show()\n"
    ) == acted().share.code()


def test_classes_of_ones_own_are_named(monkeypatch: Any) -> None:
    """A cell holds no program: it says which classes it needs, and works where they are."""
    lab = Lab(Scenario(name="own", peers={"ann": Peer("baker")}), kinds={"baker": Baker}, actions=[Bake])
    lab.run(until=10)
    lab.do(Bake("ann"))
    text = lab.share.code()
    again, _ = execute(text, monkeypatch, Baker=Baker, Bake=Bake)

    assert "# Baker is a node of your own" in text and "# Bake is a command of your own" in text
    assert lab.state_digest() == again.state_digest()
    with pytest.raises(NameError, match="Baker"):
        execute(text, monkeypatch)


def test_no_text_of_a_stranger_becomes_code(monkeypatch: Any) -> None:
    """Names, titles and selections are texts in quotes, whatever is in them."""
    lab = make_evil_lab()
    lab.run()
    lab.selection = f'peer:"\n\\{EVIL}\ud800'
    text = lab.share.code()
    again, _ = execute(text, monkeypatch, codec=lab.codec, make_evil=lab.timeline.options.kinds["evil"])

    assert (lab.selection, lab.digest()) == (again.selection, again.digest())
    assert "# codec is the one that you handed to your lab" in text


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (Mine("ann"), 'Mine("ann")'),
        (Mine("ann", 3), 'Mine("ann", count=3)'),
        (SubmitTx("ann", "00ff"), 'SubmitTx("ann", raw_hex="00ff")'),
        (SetKnob("loss", 3), 'SetKnob("loss", value=3)'),
        (EditMessage(7, ((1, 255),)), "EditMessage(7, flips=((1, 255),))"),
        (
            ChangeAddress("ann", Address("1.2.3.4", 8333)),
            "lab.read_action({'do': 'ChangeAddress', 'peer': 'ann', 'address': ['1.2.3.4', 8333], "
            "'seen_as': 'reset'})",
        ),
    ],
)
def test_actions_are_written_as_they_are_made(action: Any, text: str) -> None:
    """Defaults are left out."""
    known = {type(action).__name__: type(action), "lab": Lab("fork_and_heal")}

    assert text == write_action(action)
    assert action == eval(text, known)


@pytest.mark.parametrize("text", ["ann", 'a"b\\c', "\u2028\n\0\x7f", "😀 链", "\ud800x", EVIL])
def test_quoted_texts_are_themselves(text: str) -> None:
    """Python reads what we write, on one line."""
    assert text == eval(quote(text))
    assert 1 == len(quote(text).splitlines())


def test_a_recording_has_no_code(monkeypatch: Any) -> None:
    """A real network does not happen twice."""
    lab = moved(Lab("fork_and_heal"))
    lab.timeline.__class__ = type("Over", (Recorded,), {})

    with pytest.raises(UsageError, match="cannot be made again by code"):
        lab.share.code()
