"""Scenarios as JSON: there and back, and every mistake named with its place and what is accepted."""

import copy
import json

import pytest
from support.toys_ping import Order
from support.toys_worlds import TOYS, mixed, toy_lab

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.sim.actions import ACTIONS, ChangeAddress, EditMessage, Kill, Partition
from blockchain_lab.sim.scenario import Between, Knob, Links, Peer, Scenario
from blockchain_lab.sim.scenario_json import check_scenario, read_json, scenario_from_json, scenario_to_json

RICH = Scenario(
    name="rich",
    seed=5,
    peers={
        "ann": Peer("gossip", policy={"mine_every": 1}, address=Address("2001:db8::1", 8333), bandwidth=9),
        "bob": Peer("ping", disk={"blocks": ["00", {"x": None}]}),
    },
    links=Links(latency=(1, 2), between=(Between("ann", "bob", latency=7),)),
    story=(
        (5, Mine("ann")),
        (3, Partition({"bob"})),
        (9, EditMessage(4, ((0, 1),))),
        (9, ChangeAddress("bob", Address("10.1.1.1", 5), "silence")),
        (11, Kill("ann", "time-out")),
    ),
    knobs={"pair": Knob("links.between.0.latency", 0, 10, "µs")},
    layout={"ann": (1, -2)},
)


def test_a_scenario_survives_the_way_through_json() -> None:
    """Equal after a round trip, text included, and so is its run."""
    again = scenario_from_json(json.loads(json.dumps(scenario_to_json(RICH))))

    assert RICH == again
    assert scenario_from_json({"version": 1, "peers": {"ann": {"kind": "ping"}}}) == Scenario(
        peers={"ann": Peer("ping")}
    )


def set_at(value, path, new):
    """A copy of JSON with another value at a path; `DELETE` takes it out."""
    changed = copy.deepcopy(value)
    *keys, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    inside = changed
    for key in keys:
        inside = inside[key]
    if new is DELETE:
        del inside[last]
    else:
        inside[last] = new
    return changed


DELETE = object()

BAD = [
    ("colour", 1, "colour", "unknown key, accepted: name, title, seed"),
    ("version", 2, "version", "found 2 (a whole number), accepted: 1; it was made by a newer"),
    ("version", "1", "version", "found '1' (text), accepted: 1"),
    ("version", DELETE, "version", "accepted: 1"),
    ("seed", -1, "seed", "found -1, accepted: 0 to 18446744073709551615"),
    ("seed", 1.5, "seed", "found 1.5 (a number with a fraction), accepted: a whole number"),
    ("seed", True, "seed", "found True (true or false), accepted: a whole number"),
    ("title", None, "title", "found None (null), accepted: text"),
    ("peers", DELETE, "", "the key 'peers' is missing"),
    ("peers", {}, "peers", "found 0, accepted: 1 to 20000"),
    ("peers", [], "peers", "accepted: an object"),
    ("peers.ann.kidn", "x", "peers.ann.kidn", "unknown key, accepted: kind, policy"),
    ("peers.ann.kind", DELETE, "peers.ann", "the key 'kind' is missing"),
    ("peers.ann.address", ["10.0.0.1"], "peers.ann.address", "found 1 values, accepted: 2"),
    ("peers.ann.address", ["10.0.0.1", 0], "peers.ann.address.1", "found 0, accepted: 1 to 65535"),
    ("peers.bob.address", ["2001:db8::1", 8333], "peers.bob.address", "is ann's already"),
    ("peers.ann.bandwidth", 0, "peers.ann.bandwidth", "found 0, accepted: 1 or more"),
    ("peers.bob.disk.blocks.1.x", 0.5, "peers.bob.disk.blocks.1.x", "accepted: whole numbers"),
    ("topology", {"edges": [["ann", "eve"]]}, "topology.edges.0", "found 'eve' (text), accepted: ann, bob"),
    ("topology", {"edges": [["ann"]]}, "topology.edges.0", "found 1 values, accepted: 2"),
    ("links.latency", [5, 2], "links.latency", "accepted: [lowest, highest]"),
    ("links.latency", 5, "links.latency", "accepted: a list"),
    ("links.loss", 10**6, "links.loss", "found 1000000, accepted: 0 to 900000"),
    ("links.duplicate", 10**7, "links.duplicate", "accepted: 0 to 1000000"),
    ("links.formula", "magic", "links.formula", "found 'magic' (text), accepted: uplink"),
    ("links.between.0.b", "eve", "links.between.0.b", "accepted: ann, bob"),
    ("story.0.do", "Explode", "story.0.do", "found 'Explode' (text), accepted: Mine, Pay, BumpFee, SubmitTx"),
    ("story.0.at", DELETE, "story.0", "the key 'at' is missing"),
    ("story.0.at", -5, "story.0.at", "found -5, accepted: 0 or more"),
    ("story.0.peer", "eve", "story.0.peer", "accepted: ann, bob"),
    ("story.0.count", 0, "story.0.count", "found 0, accepted: 1 to 1000"),
    ("story.0.hat", 1, "story.0.hat", "unknown key, accepted: peer, count"),
    ("story.1.group", ["eve"], "story.1.group", "accepted: ann, bob"),
    ("story.2.flips", [[0, 999]], "story.2.flips.0.1", "found 999, accepted: 0 to 255"),
    ("story.4.seen_as", "magic", "story.4.seen_as", "accepted: reset, time-out, silence"),
    ("knobs.pair.path", "links.colour", "knobs.pair.path", "links.colour: no such value, accepted: latency"),
    ("knobs.pair.path", "links.latency", "knobs.pair.path", "accepted: a whole number"),
    (
        "knobs.pair.max",
        3,
        "knobs.pair",
        "links.between.0.latency is 7, accepted: from its min 0 to its max 3",
    ),
    ("knobs.pair.min", -1, "links.between.0.latency", "found -1, accepted: 0 or more"),
    ("layout.eve", [0, 0], "layout.eve", "accepted: ann, bob"),
    ("until", "60s", "until", "found '60s' (text), accepted: a whole number"),
]


@pytest.mark.parametrize(("path", "value", "where", "problem"), BAD)
def test_a_bad_scenario_is_refused_with_its_place(path, value, where, problem) -> None:
    """Unknown keys, wrong types, impossible values, newer versions."""
    with pytest.raises(ScenarioError) as caught:
        scenario_from_json(set_at(scenario_to_json(RICH), path, value))

    assert where == caught.value.path
    assert problem in caught.value.problem


def test_a_scenario_made_in_python_is_checked_as_strictly() -> None:
    """Kinds too, which a file alone cannot know."""
    wrong = RICH.with_value("peers.ann.kind", "wizard")
    with pytest.raises(
        ScenarioError, match=r"peers\.ann\.kind: found 'wizard' .*accepted: gossip, ping, puppet"
    ):
        check_scenario(wrong, ACTIONS, TOYS)
    with pytest.raises(ScenarioError, match=r"links\.loss: found -1"):
        toy_lab(RICH.with_value("links.loss", -1))


def test_files_that_are_no_scenario(tmp_path) -> None:
    """Not there, no JSON, JSON of another shape, nested beyond all measure."""
    with pytest.raises(UsageError, match=r"cannot read .*No such file"):
        read_json(tmp_path / "none.json")
    for text in ("{", "[" * 100_000):
        (tmp_path / "bad.json").write_text(text, encoding="utf-8")
        with pytest.raises(ScenarioError, match="is no JSON text"):
            read_json(tmp_path / "bad.json")
    (tmp_path / "list.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"the file: found .*accepted: an object"):
        toy_lab(tmp_path / "list.json")


def test_a_learners_command_can_stand_in_a_story() -> None:
    """Its name joins the table of actions for that lab only."""
    plain = {"version": 1, "peers": {"ann": {"kind": "puppet"}}}
    plain["story"] = [{"at": SECOND, "do": "Order", "peer": "ann", "effects": []}]
    with pytest.raises(ScenarioError, match="accepted: Mine"):
        scenario_from_json(plain)

    assert Order("ann", ()) == scenario_from_json(plain, {**ACTIONS, "Order": Order}).story[0][1]


def test_values_by_path() -> None:
    """For knobs and for variations of a scenario; the original stays."""
    scenario = mixed(1, 5)
    other = scenario.with_value("peers.p0.policy.mine_every", 9).with_value("links.latency", (1, 1))

    assert (7 * SECOND, 9) == tuple(s.get_value("peers.p0.policy.mine_every") for s in (scenario, other))
    with pytest.raises(ScenarioError, match=r"peers\.p9: no such value, accepted: p0, p1"):
        scenario.with_value("peers.p9.kind", "ping")
