"""What a partition does to streams, dials and datagrams, and what remains when it heals."""

import pytest
from support.toys_messages import ToyPing
from support.toys_stage import address, connect, find, find_sends, order, stage, told, wait

from blockchain_lab.base.effects import Dial, HangUp, Note, Send, SendTo, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.sim.actions import DelayMessage, DropMessage, Heal, Kill, Partition, SetLink

CUT = Partition({"ann"}, {"bob"})


@pytest.mark.parametrize("wire", [False, True])
def test_a_stream_that_survives_a_partition_loses_nothing(wire) -> None:
    """Sent before and during it: all arrives after the healing, in order."""
    lab = stage(options={"wire": wire})
    conn = connect(lab)
    order(lab, "ann", Send(conn, ToyPing(1)), Send(conn, ToyPing(2)))
    lab.do(CUT)
    order(lab, "ann", Send(conn, ToyPing(3)), SetTimer(TimerName("later"), 5 * SECOND))
    wait(lab, 5)

    assert [] == told(lab, "bob", "message")
    lab.do(Heal())
    order(lab, "ann", Send(conn, ToyPing(4)))
    healed = lab.now
    wait(lab, 30)
    assert [ToyPing(n) for n in (1, 2, 3, 4)] == [entry[2] for entry in told(lab, "bob", "message")]
    assert all(record.at >= healed + 100_000 for record in find(lab, Kind.DELIVER))
    assert [] == told(lab, "bob", "disconnected") + told(lab, "ann", "disconnected")


def test_what_is_sent_after_the_healing_overtakes_nothing() -> None:
    """The stream keeps its order, even when the link has become quicker meanwhile."""
    lab = stage()
    conn = connect(lab)
    lab.do(CUT)
    order(lab, "ann", Send(conn, ToyPing(1)), SetTimer(TimerName("later"), SECOND))
    wait(lab)
    lab.do(Heal())
    lab.do(SetLink("ann", "bob", latency=1))
    order(lab, "ann", Send(conn, ToyPing(2)))
    wait(lab)

    assert [ToyPing(1), ToyPing(2)] == [entry[2] for entry in told(lab, "bob", "message")]


def test_a_partition_that_outlasts_the_keep_alive_times_both_ends_out() -> None:
    """Both are told; what was held back is dropped, and healing brings nothing of it back."""
    lab = stage(keep_alive=20 * SECOND)
    conn = connect(lab)
    order(lab, "ann", Send(conn, ToyPing(1)))
    lab.do(CUT)
    cut_at = lab.now
    wait(lab, 25)

    assert [("disconnected", conn, "timed out")] == told(lab, "ann", "disconnected")
    assert [("disconnected", conn ^ 1, "timed out")] == told(lab, "bob", "disconnected")
    assert {cut_at + 20 * SECOND} == {record.at for record in find(lab, Kind.DISCONNECT)}
    assert [ToyPing(1)] == [record.detail for record in find(lab, Kind.DROP)]
    lab.do(Heal())
    wait(lab, 60)
    assert [] == told(lab, "bob", "message")
    assert lab.timeline.world().next_at is None


def test_a_healed_partition_restores_patience() -> None:
    """Nobody times out because of a partition that has ended; a second one counts from its own start."""
    lab = stage("ann", "bob", keep_alive=20 * SECOND)
    conn = connect(lab)
    lab.do(CUT)
    order(lab, "ann", SetTimer(TimerName("tick"), 15 * SECOND))
    wait(lab, 15)
    lab.do(Heal())
    lab.do(CUT)
    second = lab.now
    wait(lab, 60)

    assert [("disconnected", conn, "timed out")] == told(lab, "ann", "disconnected")
    assert second + 20 * SECOND == find(lab, Kind.DISCONNECT)[0].at


def test_dialling_across_a_partition() -> None:
    """It times out, unless the healing comes first: then it succeeds."""
    lab = stage(dial_timeout=5 * SECOND)
    lab.do(CUT)
    order(lab, "ann", Dial(address(lab, "bob")))
    wait(lab, 8)
    order(lab, "ann", Dial(address(lab, "bob")), Note("now", {}))
    lab.do(Heal())
    wait(lab, 30)

    assert ["dial failed", "connected"] == [entry[0] for entry in told(lab, "ann")]
    assert ("dial failed", address(lab, "bob"), "timed out") == told(lab, "ann")[0]


def test_datagrams_across_a_partition_are_lost() -> None:
    """Both those sent during it and those that would arrive during it."""
    lab = stage()
    order(lab, "ann", SendTo(address(lab, "bob"), ToyPing(1)))
    lab.do(CUT)
    order(lab, "ann", SendTo(address(lab, "bob"), ToyPing(2)))
    wait(lab, 5)

    assert [] == told(lab, "bob")
    assert [ToyPing(2), ToyPing(1)] == [record.detail for record in find(lab, Kind.DROP)]


def test_only_those_on_both_sides_are_cut() -> None:
    """Ann | Bob leaves Cat in touch with both; one group alone is cut off from everybody else."""
    lab = stage("ann", "bob", "cat")
    to_bob, to_cat = connect(lab, "ann", "bob"), connect(lab, "ann", "cat")
    lab.do(CUT)
    order(lab, "ann", Send(to_bob, ToyPing(1)), Send(to_cat, ToyPing(2)))
    wait(lab, 1)
    lab.do(Partition(["ann"]))
    order(lab, "ann", Send(to_cat, ToyPing(3)))
    wait(lab, 5)

    assert [] == told(lab, "bob", "message")
    assert [ToyPing(2)] == [entry[2] for entry in told(lab, "cat", "message")]


def test_faults_reach_what_a_partition_holds_back() -> None:
    """A held message can be dropped or delayed; a killed host's held messages are lost."""
    lab = stage("ann", "bob", "cat")
    conn = connect(lab)
    lab.do(CUT)
    order(lab, "ann", *(Send(conn, ToyPing(n)) for n in (1, 2, 3)))
    lab.do(DropMessage(find_sends(lab, ToyPing(1))[0]))
    lab.do(DelayMessage(find_sends(lab, ToyPing(2))[0], 3 * SECOND))
    sent = lab.now
    order(lab, "bob", Send(conn ^ 1, ToyPing(9)))
    lab.do(Heal())
    wait(lab, 9)

    assert [ToyPing(2), ToyPing(3)] == [entry[2] for entry in told(lab, "bob", "message")]
    assert all(r.at >= sent + 3 * SECOND for r in find(lab, Kind.DELIVER) if r.detail != ToyPing(9))
    lab.do(CUT)
    order(lab, "ann", Send(conn, ToyPing(4)), HangUp(conn, "bye"))
    lab.do(Kill("bob"))
    lab.do(Heal())
    wait(lab, 9)
    assert ToyPing(4) == find(lab, Kind.DROP)[-1].detail


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        (Partition(set()), "empty group"),
        (Partition({"ann"}, {"ann", "bob"}), "ann cannot be on both sides"),
        (Partition({"eve"}), "group: found 'eve'.*accepted: ann, bob"),
    ],
)
def test_partitions_that_cannot_be(action, problem) -> None:
    """They are refused before they are events."""
    lab = stage()
    with pytest.raises(UsageError, match=problem):
        lab.do(action)

    assert 2 == lab.head
