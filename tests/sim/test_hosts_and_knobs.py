"""Kills, revivals, new addresses, changed links and turned knobs."""

import pytest
from support.toys_gossip import GENESIS
from support.toys_messages import ToyPing
from support.toys_stage import LATENCY, address, connect, find, order, stage, told, wait
from support.toys_worlds import toy_lab

from blockchain_lab.base.actions import Mine, SetPolicy
from blockchain_lab.base.effects import Dial, Send
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import MILLISECOND, SECOND, Address
from blockchain_lab.sim import actions as act
from blockchain_lab.sim.scenario import Between, Knob, Links, Peer, Scenario, Topology


@pytest.mark.parametrize(
    ("seen_as", "after"), [("reset", LATENCY + 40), ("time-out", 20 * SECOND), ("silence", None)]
)
def test_how_the_others_see_a_kill(seen_as, after) -> None:
    """A reset soon, a time-out late, or nothing until Bob speaks to the revived host."""
    lab = stage()
    conn = connect(lab)
    lab.do(act.Kill("ann", seen_as))
    killed = lab.now
    wait(lab, 90)
    expected = [] if after is None else [killed + after]

    assert expected == [record.at for record in find(lab, Kind.DISCONNECT)]
    if after is None:
        lab.do(act.Revive("ann"))
        order(lab, "bob", Send(conn ^ 1, ToyPing(1)))
        wait(lab)
        assert [("disconnected", conn ^ 1, "reset")] == told(lab, "bob", "disconnected")


def test_a_revived_node_has_its_disk_and_a_luck_of_its_own() -> None:
    """It keeps its blocks, not its connections; and it does not find the very same block again."""
    scenario = Scenario(
        peers={"ann": Peer("gossip"), "bob": Peer("gossip")}, topology=Topology((("bob", "ann"),))
    )
    lab = toy_lab(scenario)
    wait(lab)
    lab.do(Mine("ann"))
    wait(lab)
    lab.do(act.Kill("ann"))
    assert lab.peer("ann") is None
    wait(lab)
    lab.do(act.Revive("ann"))
    ann = lab.peer("ann")
    assert ann.height(ann.tip) == 1 and ann.tip != GENESIS and ann.conns == {}
    lab.do(Mine("ann"))
    wait(lab, 10)
    bob = lab.peer("bob")

    assert 2 == bob.height(bob.tip)
    assert 2 == len({bob.blocks[name].salt for name in bob.blocks})
    assert [0, 1] == [r.detail.number for r in find(lab, Kind.START) if r.peer == 0]


def test_a_new_address_closes_connections_and_leaves_nobody_at_the_old_one() -> None:
    """Both sides are told, later dials to the old address fail, and the next life knows the new one."""
    lab = stage(dial_timeout=SECOND)
    conn, old, new = connect(lab), address(lab, "bob"), Address("10.7.7.7", 7777)
    lab.do(act.ChangeAddress("bob", new))
    wait(lab)
    order(lab, "ann", Dial(old), Dial(new))
    wait(lab, 3)

    assert [("disconnected", conn, "reset")] == told(lab, "ann", "disconnected")
    assert [("disconnected", conn ^ 1, "our address changed")] == told(lab, "bob", "disconnected")
    assert [("dial failed", old, "unreachable")] == told(lab, "ann", "dial failed")
    assert new == told(lab, "ann", "connected")[-1][2]
    lab.do(act.Kill("bob"))
    lab.do(act.Revive("bob"))
    lab.do(act.Kill("ann"))
    lab.do(act.Revive("ann"))
    assert new == lab.peer("bob").setup.address == lab.peer("ann").setup.contacts["bob"]


def test_set_link_changes_both_ways_from_now_on() -> None:
    """What is in flight keeps its time; None leaves a value as it was."""
    lab = stage()
    conn = connect(lab)
    order(lab, "ann", Send(conn, ToyPing(1)))
    lab.do(act.SetLink("bob", "ann", latency=5 * MILLISECOND))
    order(lab, "bob", Send(conn ^ 1, ToyPing(2)))
    sent = lab.now
    wait(lab)
    arrived = {record.detail: record.at for record in find(lab, Kind.DELIVER)}

    assert sent + LATENCY <= arrived[ToyPing(1)]
    assert sent + 5 * MILLISECOND <= arrived[ToyPing(2)] < sent + 6 * MILLISECOND


KNOBBED = Scenario(
    peers={"ann": Peer("puppet"), "bob": Peer("puppet", policy={"pace": 5})},
    policy={"pace": 3},
    links=Links(latency=(LATENCY, LATENCY), jitter=0),
    knobs={
        "pace": Knob("policy.pace", 0, 9, "blocks"),
        "bob": Knob("peers.bob.policy.pace", 0, 9),
        "bandwidth": Knob("links.bandwidth", 1000, 10**6, "bytes/s"),
        "seed": Knob("seed", 1, 9),
    },
)


def test_a_policy_knob_reaches_the_nodes_concerned() -> None:
    """Those without a value of their own; their policy has changed when they are told."""
    lab = toy_lab(KNOBBED)
    lab.goto(event=2)
    lab.do(act.SetKnob("pace", 7))
    wait(lab)
    lab.do(act.SetKnob("bob", 8))
    wait(lab)

    assert [("command", SetPolicy("ann", "pace", 7))] == told(lab, "ann")
    assert [("command", SetPolicy("bob", "pace", 8))] == told(lab, "bob")
    assert (7, 8) == tuple(lab.peer(name).setup.policy["pace"] for name in ("ann", "bob"))
    lab.do(act.Kill("ann"))
    lab.do(act.Revive("ann"))
    assert 7 == lab.peer("ann").setup.policy["pace"]


@pytest.mark.parametrize("is_revived", [False, True])
def test_a_knob_turned_just_before_a_kill_reaches_nobody(is_revived) -> None:
    """The news is of a life that is over; the next one begins with the new value and is not told again."""
    lab = toy_lab(KNOBBED)
    lab.goto(event=2)
    lab.do(act.SetKnob("pace", 7))
    lab.do(act.Kill("ann"))
    if is_revived:
        lab.do(act.Revive("ann"))
    wait(lab)

    assert [] == find(lab, Kind.COMMAND)
    if is_revived:
        assert 7 == lab.peer("ann").setup.policy["pace"]


def test_a_link_knob_changes_the_network_from_now_on() -> None:
    """A thousandth of the bandwidth, a thousand times the time on the uplink."""
    lab = toy_lab(KNOBBED)
    lab.goto(event=2)
    conn = connect(lab)
    lab.do(act.SetKnob("bandwidth", 1000))
    order(lab, "ann", Send(conn, ToyPing(1)))
    sent = lab.now
    wait(lab)

    assert [sent + ToyPing(1).size * 1000 + LATENCY] == [r.at for r in find(lab, Kind.DELIVER)]


def test_a_pair_keeps_its_own_value_when_a_link_knob_is_turned() -> None:
    """And its own knob turns only that pair."""
    names = ("ann", "bob", "cat")
    links = Links(between=(Between("ann", "bob", jitter=7),))
    knobs = {"all": Knob("links.jitter", 0, 10**6), "pair": Knob("links.between.0.jitter", 0, 10**6)}
    lab = toy_lab(Scenario(peers={name: Peer("puppet") for name in names}, links=links, knobs=knobs))
    lab.goto(event=3)
    expected = {("all", 50): (7, 50), ("pair", 9): (9, 50), ("all", 60): (9, 60)}
    for turn, jitters in expected.items():
        connect(lab, "ann", "bob"), connect(lab, "ann", "cat")
        lab.do(act.SetKnob(*turn))
        transport = lab.timeline.world().transport
        assert jitters == (transport.link(0, 1).jitter, transport.link(0, 2).jitter)
        assert jitters[1] == transport.link(1, 2).jitter  # made only now


@pytest.mark.parametrize(
    ("knob", "value", "problem"),
    [
        ("pace", 10, "pace: found 10, wanted 0 to 9 blocks"),
        ("speed", 1, "no knob 'speed'; this scenario has pace, bob, bandwidth, seed"),
        ("seed", 2, "seed is fixed once a run has begun"),
        ("pace", "5", "value: found '5' .*accepted: a whole number"),
    ],
)
def test_knobs_that_cannot_be_turned(knob, value, problem) -> None:
    """Out of range, unknown, or not while it runs."""
    lab = toy_lab(KNOBBED)
    with pytest.raises(UsageError, match=problem):
        lab.do(act.SetKnob(knob, value))
