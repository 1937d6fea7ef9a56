"""Dial races, self-dial, closing with deliveries in flight, timers, and why dialling fails."""

import pytest
from support.toys_messages import ToyPing
from support.toys_stage import address, connect, find, order, stage, told, wait

from blockchain_lab.base.effects import CancelTimer, Dial, HangUp, Note, Send, SendTo, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.sim.actions import Kill, Revive

NOWHERE = Address("10.99.99.99", 1)


def test_a_dial_race_gives_two_connections() -> None:
    """Both dial at once: two connections, four ends, all with numbers of their own."""
    lab = stage()
    order(lab, "ann", Dial(address(lab, "bob")))
    order(lab, "bob", Dial(address(lab, "ann")))
    wait(lab)
    ann, bob = told(lab, "ann"), told(lab, "bob")

    assert [False, True] == sorted(inbound for _, _, _, inbound in ann)
    assert {conn ^ 1 for _, conn, _, _ in ann} == {conn for _, conn, _, _ in bob}
    assert 4 == len({conn for _, conn, _, _ in ann + bob})


def test_a_node_may_dial_itself() -> None:
    """Two ends with two numbers on one node; what one sends, the other hears."""
    lab = stage()
    order(lab, "ann", Dial(address(lab, "ann")))
    wait(lab)
    ends = {inbound: conn for _, conn, _, inbound in told(lab, "ann", "connected")}
    order(lab, "ann", Send(ends[False], ToyPing(5)))
    wait(lab)

    assert ends[True] == ends[False] ^ 1
    assert [("message", ends[True], ToyPing(5))] == told(lab, "ann", "message")


def test_one_more_dial_renames_nobody_elses_connections() -> None:
    """A connection's number is made of its dialler and how often it has dialled."""
    plain, busy = stage("ann", "bob", "cat"), stage("ann", "bob", "cat")
    order(busy, "cat", Dial(NOWHERE))

    assert connect(plain) == connect(busy)


def test_closing_with_deliveries_in_flight() -> None:
    """What flies to the closer is lost, what it sent before still arrives, only the other is told."""
    lab = stage()
    conn = connect(lab)
    order(lab, "bob", *(Send(conn ^ 1, ToyPing(n)) for n in range(3)))
    order(lab, "ann", Send(conn, ToyPing(9)), HangUp(conn, "bye"))
    wait(lab, 9)
    expected = [("message", conn ^ 1, ToyPing(9)), ("disconnected", conn ^ 1, "bye")]

    assert [] == told(lab, "ann", "message", "disconnected")
    assert expected == told(lab, "bob", "message", "disconnected")
    assert [ToyPing(n) for n in range(3)] == [record.detail for record in find(lab, Kind.DROP)]


@pytest.mark.parametrize(
    ("effect", "problem"),
    [
        (lambda conn: Send(conn, ToyPing(1)), "sent ping on connection .*not open"),
        (lambda conn: HangUp(conn, "again"), "hung up connection .*not open"),
        (lambda conn: SetTimer(TimerName("x", conn), 1), "that connection is not open"),
        (lambda conn: SetTimer(TimerName("x"), -1), "after -1: wanted whole microseconds"),
        (lambda conn: SetTimer(TimerName("x"), 0.5), "after 0.5: wanted whole microseconds"),
        (lambda conn: "Send", "answered 'Send', wanted: Send, SendTo, Forward, SetTimer"),
    ],
)
def test_an_effect_that_cannot_be_is_the_nodes_mistake(effect, problem) -> None:
    """It raises, its event is undone, and the lab goes on as if it had not been."""
    lab = stage()
    conn = connect(lab)
    order(lab, "ann", HangUp(conn, "bye"))
    before, events = lab.digest(), lab.head
    with pytest.raises(UsageError, match=problem) as caught:
        order(lab, "ann", Note("half done", {}), effect(conn))

    assert (before, events) == (lab.digest(), lab.head)
    assert "event" in caught.value.__notes__[0]
    wait(lab)
    assert [("disconnected", conn ^ 1, "bye")] == told(lab, "bob", "disconnected")
    assert lab.state_digest() == lab.timeline.rebuild(lab.head)[0].state_digest()


def test_timers_have_generations_and_die_with_their_connection() -> None:
    """Replaced, cancelled and orphaned timers fire nothing and are no events."""
    lab = stage()
    conn = connect(lab)
    tick, gone, bound = TimerName("tick"), TimerName("gone"), TimerName("ping", conn)
    order(lab, "ann", SetTimer(tick, SECOND), SetTimer(gone, SECOND), SetTimer(bound, SECOND))
    order(lab, "ann", SetTimer(tick, 2 * SECOND), CancelTimer(gone), HangUp(conn, "bye"))
    before = lab.cursor
    lab.run(until=9 * SECOND)

    assert [("timer", tick)] == told(lab, "ann", "timer")
    assert before + 2 == lab.cursor  # Bob hears of the hang-up; the last tick
    assert lab.timeline.world().next_at is None


def test_generations_survive_a_kill() -> None:
    """A timer of the first life does not fire in the second one, even under the same name."""
    lab = stage()
    tick = TimerName("tick")
    order(lab, "bob", SetTimer(tick, SECOND // 2))  # stands before Ann's in the queue
    order(lab, "ann", SetTimer(tick, SECOND))
    lab.do(Kill("ann"))
    lab.do(Revive("ann"))
    order(lab, "ann", SetTimer(tick, 3 * SECOND))
    wait(lab, 2)

    assert [] == told(lab, "ann", "timer")
    wait(lab, 4)
    assert [("timer", tick)] == told(lab, "ann", "timer")


def test_looking_never_changes_the_queue() -> None:
    """Stale entries leave at the end of an event, so the state is the same whoever has peeked."""
    looked, left = stage(), stage()
    for lab in (looked, left):
        order(lab, "ann", SetTimer(TimerName("a"), SECOND), CancelTimer(TimerName("a")))
        if lab is looked:
            lab.peer("ann")
            lab.timeline.world().next_at  # noqa: B018
        order(lab, "bob", Note("x", {}))

    assert left.state_digest() == looked.state_digest()


def test_dialling_fails_for_a_reason() -> None:
    """Nobody has that address: unreachable, after the time-out. The host is off: refused, at once."""
    lab = stage(dial_timeout=3 * SECOND)
    lab.do(Kill("bob"))
    order(lab, "ann", Dial(NOWHERE), Dial(address(lab, "bob")))
    wait(lab, 1)

    assert [("dial failed", address(lab, "bob"), "refused")] == told(lab, "ann")
    wait(lab, 4)
    assert ("dial failed", NOWHERE, "unreachable") == told(lab, "ann")[-1]
    assert lab.now == find(lab, Kind.DIAL)[0].at + 3 * SECOND


def test_a_dial_may_be_hung_up_before_it_is_answered() -> None:
    """The answer finds nobody and is reset, so the accepting side learns that it is alone."""
    lab = stage()
    order(lab, "ann", Dial(address(lab, "bob")))
    conn = find(lab, Kind.DIAL)[0].conn
    order(lab, "ann", HangUp(conn, "never mind"))
    wait(lab, 2)

    assert [] == told(lab, "ann")
    assert ["connected", "disconnected"] == [entry[0] for entry in told(lab, "bob")]


def test_datagrams_need_an_address_and_somebody_there() -> None:
    """To nobody's address or to a dead host they are lost, and a drop record says so."""
    lab = stage()
    order(lab, "ann", SendTo(NOWHERE, ToyPing(1)), SendTo(address(lab, "bob"), ToyPing(2)))
    wait(lab)
    lab.do(Kill("bob"))
    order(lab, "ann", SendTo(address(lab, "bob"), ToyPing(3)))
    wait(lab)

    assert [ToyPing(1), ToyPing(3)] == [record.detail for record in find(lab, Kind.DROP)]
    assert 2 == len(find(lab, Kind.START)) and 1 == len(find(lab, Kind.DATAGRAM))


def test_a_firewall_lets_out_and_lets_nobody_in() -> None:
    """Bob's host says nothing to whoever dials it: Ann waits the whole dial timeout. Bob himself may dial."""
    lab = stage(options=None, dial_timeout=3 * SECOND, firewalls=("bob",))
    begun = lab.now
    order(lab, "ann", Dial(address(lab, "bob")))
    wait(lab, 5)

    (failed,) = find(lab, Kind.DIAL_FAILED)
    assert ("unreachable", 3 * SECOND) == (failed.detail[1], failed.at - begun)
    assert [] == told(lab, "bob", "connected")
    order(lab, "bob", Dial(address(lab, "ann")))
    wait(lab)
    assert [True, False] == [told(lab, name, "connected")[-1][3] for name in ("ann", "bob")]
