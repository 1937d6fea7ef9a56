"""Two runs of one story: without a difference nothing parts; with one, all that parts lies in its cone."""

from collections.abc import Iterator

import pytest

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.library import load
from blockchain_lab.sim.actions import DropMessage, EditMessage, Heal, Kill, Partition, SetKnob
from blockchain_lab.sim.digest import canonical
from blockchain_lab.study.compare import Comparison, compare
from blockchain_lab.study.set_up import ABSENT
from blockchain_lab.study.twin import make_twin

STORIES = ("fork_and_heal", "happy_finality", "flood_or_names", "kademlia_lookup", "trickle_today")


def run(story: str) -> Lab:
    """A lab that has reached its scenario's end."""
    lab = Lab(story)
    lab.run()
    return lab


def find_send(lab: Lab, command: str, after: int = 0) -> Record:
    """The first message of that name that was sent after a time."""
    return next(
        record
        for record in lab.trace
        if record.kind == Kind.SEND and record.detail.command == command and record.at >= after
    )


def look(lab: Lab, at: int) -> Iterator[tuple[str, str]]:
    """All that each node holds after the events before a time."""
    lab.goto(at=at - 1)
    return ((name, canonical(lab.peer(name))) for name in lab.names)


@pytest.mark.parametrize("story", STORIES)
def test_a_and_a_have_no_divergence(story: str) -> None:
    """Made anew from the same story: not one record differs, and all stand alike in the end."""
    lab = run(story)

    result = compare(lab, make_twin(lab, {}))

    assert ([], [], {}, None) == (result.set_up, result.divergences, result.cone, result.first)
    assert [] == [outcome for outcome in result.outcomes.values() if outcome.find_changed()]
    assert "No record differs" in repr(result)


def test_a_and_a_have_none_after_live_actions_either() -> None:
    """What a learner did is done again in the twin, in the middle of an instant, too."""
    lab = Lab("fork_and_heal")
    lab.goto(event=2)  # several happen at time 0
    for action in (Kill("ann"), Mine("bob"), SetKnob("jitter", 0)):
        lab.do(action)
    lab.run(until=10 * SECOND)

    assert lab.trace.time_of(2) == lab.trace.time_of(6) == 0
    assert compare(lab, make_twin(lab, {})).first is None
    assert compare(lab, lab.fork()).first is None


def check_cone(a: Lab, b: Lab, result: Comparison) -> None:
    """Until the difference reaches a peer its node is the same in both runs; all others' stay so."""
    assert list(result.cone.values()) == sorted(result.cone.values())
    for name, at in result.cone.items():
        assert dict(look(a, at))[name] == dict(look(b, at))[name]
    end = result.until + 1
    same = [name for (name, one), (_, other) in zip(look(a, end), look(b, end), strict=True) if one == other]
    assert set(a.names) - set(result.cone) <= set(same)
    assert len(result.cone) == result.count_touched(result.until)


def test_one_dropped_message_reaches_others_by_and_by() -> None:
    """A reader drops one message in flight: its receiver is told else first, whom it talks to after that."""
    a = run("fork_and_heal")
    lost = find_send(a, "headers", 5 * SECOND)
    cursor = a.cursor

    b = make_twin(a, DropMessage(lost.id))
    result = compare(a, b)

    assert (cursor, a.head) == (a.cursor, a.head)
    ((path, nothing, (at, action)),) = [(each.path, each.a, each.b) for each in result.set_up]
    assert ("action", ABSENT, lost.at, DropMessage(lost.id)) == (path, nothing, at, action)
    assert result.first is not None
    assert ("", lost.at) == (result.first.peer, result.first.at)
    assert result.first.b is not None and result.first.b.detail == DropMessage(lost.id)
    assert a.names[lost.other] == next(iter(result.cone))
    assert 1 < len(result.cone) < len(a.names)
    assert 0 == result.count_touched(lost.at) < result.count_touched(lost.at + SECOND)
    check_cone(a, b, result)


def test_what_happens_on_an_island_stays_there() -> None:
    """Nobody beyond the cut is told anything else, although all later records have other numbers."""
    a = Lab("fork_and_heal")
    a.run(until=20 * SECOND)
    a.do(Partition(("ann", "bob"), ("cat", "dan", "eve", "fay")))
    cut = a.cursor
    a.run(until=29 * SECOND)

    b = make_twin(a, Kill("ann"), event=cut)
    result = compare(a, b)

    assert len(a.trace) != len(b.trace)
    assert {"ann"} <= set(result.cone) <= {"ann", "bob"}
    assert {"", *result.cone} >= {each.peer for each in result.divergences}
    check_cone(a, b, result)


@pytest.mark.parametrize(
    ("change", "path", "values"),
    [
        ({"jitter": 0}, "links.jitter", (20_000, 0)),
        ({"links.loss": 50_000}, "links.loss", (0, 50_000)),
        ({"policy.era": "2014"}, "policy.era", (ABSENT, "2014")),
        ({"peers.bob.policy.sync": "blocks-first"}, "peers.bob.policy.sync", (ABSENT, "blocks-first")),
    ],
)
def test_another_set_up_is_named_by_its_path(
    change: dict[str, object], path: str, values: tuple[object, object]
) -> None:
    """A knob, a value, a policy that nobody had chosen: the path can be handed back to make the twin."""
    a = run("fork_and_heal")

    b = make_twin(a, change)
    result = compare(a, b)

    (difference,) = result.set_up
    assert (path, *values) == (difference.path, difference.a, difference.b)
    assert result.first is not None and result.cone
    if path.startswith("links"):  # a node holds its policy, so it is another one from its start
        check_cone(a, b, result)
    else:
        assert "bob" in result.cone


def test_the_outcome_is_what_the_nodes_hold() -> None:
    """With lossy links a branch has won that lost before: the table says whose, and so do the nodes."""
    a = run("fork_and_heal")
    b = make_twin(a, {"links.loss": 50_000})

    result = compare(a, b)

    for name, outcome in result.outcomes.items():
        for lab, side in ((a, outcome.a), (b, outcome.b)):
            lab.goto(at=result.until)
            assert lab.peer(name).chain.tip.height == side.height
    changed = {name for name, outcome in result.outcomes.items() if "tip" in outcome.find_changed()}
    assert changed and all(f"\n{name}: tip " in repr(result) for name in changed)


def test_a_node_class_of_ones_own_is_a_difference() -> None:
    """The same story with a student's node in the place of ours."""

    class Deaf(BitcoinNode):
        def find_problem(self, command: object, now: int) -> str:
            return "no"

    story = load("fork_and_heal")
    result = compare(Lab(story), Lab(story, kinds={"bitcoin": Deaf}), until=30 * SECOND)

    assert [("kinds.bitcoin", BitcoinNode, Deaf)] == [(each.path, each.a, each.b) for each in result.set_up]
    assert result.first is not None


def test_labs_of_different_scenarios_are_not_compared() -> None:
    """All that differs is named, so a reader sees which of both is the wrong one."""
    with pytest.raises(UsageError) as found:
        compare(Lab("fork_and_heal"), Lab("ping", seed=9))
    for word in ("name ('fork_and_heal' and 'ping')", "seed (", "only A has", "make_twin(lab, ...)"):
        assert word in str(found.value)
    with pytest.raises(UsageError, match="seed"):
        compare(Lab("ping", seed=1), Lab("ping", seed=2))


def test_what_cannot_be_compared_or_twinned_is_refused() -> None:
    """Each mistake says what was found and what is wanted."""
    lab = run("fork_and_heal")
    cases = (
        (lambda: compare(Lab("ping"), Lab("ping", level="notes")), "level 'notes'"),
        (lambda: make_twin(lab, {"jitter": -1}), "the knob 'jitter': found -1 .* wanted 0 to"),
        (lambda: make_twin(lab, {"policy.nonsense": 1}), "nonsense: unknown key"),
        (lambda: make_twin(lab, {}, event=3), "leave event=... out"),
        (lambda: make_twin(lab, Heal(), event=lab.head + 1), f"wanted 0 to {lab.head}"),
        (lambda: make_twin(lab, DropMessage(len(lab.trace))), "no record"),
    )
    for act, words in cases:
        with pytest.raises(UsageError, match=words):
            act()
    with pytest.raises(ScenarioError, match="no such value"):
        make_twin(lab, {"links.colour": 1})


def test_a_touched_message_has_no_like_in_another_set_up() -> None:
    """Its number names another record there; to act on whatever that is would be no comparison."""
    lab = run("ping")
    twin = make_twin(lab, DropMessage(find_send(lab, "ping").id))

    with pytest.raises(UsageError, match=r"DropMessage .* names a record of this run"):
        make_twin(twin, {"jitter": 0})


def test_one_flipped_bit_is_a_difference() -> None:
    """A ping with another nonce: same time, same peers, same kind of record, other bytes."""
    a = run("ping")
    ping = find_send(a, "ping")
    arrival = next(record for record in a.trace if record.cause == ping.id)

    result = compare(a, make_twin(a, EditMessage(ping.id, ((4, 1),))))

    receiver = a.names[arrival.peer]
    assert arrival.at == result.cone[receiver]
    assert [arrival] == [each.a for each in result.divergences if each.peer == receiver]
