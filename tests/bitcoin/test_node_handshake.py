"""The first minute of a connection, and how it is kept alive afterwards."""

import pytest
from support.bitcoin_dialogue import (
    HERE,
    THERE,
    hang_ups,
    make_node,
    make_peer_version,
    meet,
    sent,
    state_of,
    timers,
    topics,
)
from support.bitcoin_pump import STARTED_AT, Pump

from blockchain_lab.base.effects import CancelTimer, HangUp, Note, Send, SetTimer, TimerName
from blockchain_lab.base.messages import Message, Unknown
from blockchain_lab.base.units import MINUTE, SECOND, Address
from blockchain_lab.bitcoin.messages import (
    GetHeaders,
    Headers,
    Inv,
    NetworkAddress,
    Ping,
    Pong,
    Verack,
    Version,
)


def test_the_dialler_speaks_first() -> None:
    """Ann dials: her version goes out at once, and a minute begins."""
    node = make_node()

    version, timer = node.on_connected(2, THERE, False, 5 * SECOND)

    assert isinstance(version, Send)
    ours = version.message
    assert isinstance(ours, Version)
    assert SetTimer(TimerName("handshake", 2), 60 * SECOND) == timer
    assert (70015, 9, STARTED_AT + 5, 0) == (ours.version, ours.services, ours.timestamp, ours.start_height)
    assert NetworkAddress(0, *THERE) == ours.receiver
    assert NetworkAddress(9, *HERE) == ours.sender


def test_a_host_that_has_no_16_byte_address_is_named_by_zeros() -> None:
    """A long onion name fits no version message; Core sends zeros for it."""
    node = make_node()

    (version, _) = node.on_connected(2, Address("a" * 56 + ".onion", 8333), False, 0)

    assert isinstance(version, Send)
    assert isinstance(version.message, Version)
    assert NetworkAddress(0, "::", 0) == version.message.receiver
    assert 24 + 86 + len("/BlockchainLab:0.1/") == version.message.size


def test_the_acceptor_waits_and_then_answers_with_version_and_verack() -> None:
    """Somebody dials Ann: she keeps silent until the other's version has come."""
    node = make_node()

    opened = node.on_connected(3, THERE, True, 0)
    answer = node.on_message(3, make_peer_version(), 0)

    assert [] == sent(opened)
    assert ["version", "verack"] == [message.command for message in sent(answer)]


def test_after_both_veracks_the_line_is_open() -> None:
    """The timer ends, the fact is noted, and the first words are Core's: ping and getheaders."""
    node = make_node()
    node.on_connected(2, THERE, False, 0)

    after_version = node.on_message(2, make_peer_version(height=7), 0)
    after_verack = node.on_message(2, Verack(), 0)

    assert [Send(2, Verack())] == after_version
    assert CancelTimer(TimerName("handshake", 2)) in after_verack
    done = {"conn": 2, "version": 70015, "user_agent": "/test:1/", "height": 7}
    assert Note("handshake done", done) in after_verack
    assert ["ping", "getheaders"] == [message.command for message in sent(after_verack)]


@pytest.mark.parametrize(
    "early", [Ping(5), Inv(()), Headers(()), GetHeaders(70015, ()), Unknown("wtxidrelay", b"")]
)
def test_nothing_else_is_heard_before_the_verack(early: Message) -> None:
    """Too early is ignored, as Core does, before the version and after it; also what we do not speak."""
    node = make_node()
    node.on_connected(2, THERE, False, 0)
    before = state_of(node)

    assert [] == node.on_message(2, early, 0)
    assert before == state_of(node)
    node.on_message(2, make_peer_version(), 0)
    assert [] == node.on_message(2, early, 0)


def test_a_second_version_and_a_second_verack_change_nothing() -> None:
    """A peer introduces itself once; what it says of itself later does not count."""
    node = make_node()
    meet(node, height=7)
    before = state_of(node)

    assert [] == node.on_message(2, make_peer_version(height=9), 0)
    assert [] == node.on_message(2, Verack(), 0)
    assert before == state_of(node)


def test_a_verack_before_the_version_opens_nothing() -> None:
    """The table has no such row."""
    node = make_node()
    node.on_connected(3, THERE, True, 0)

    assert [] == node.on_message(3, Verack(), 0)
    assert not node.peers[3].is_ready


def test_who_does_not_shake_hands_in_a_minute_is_hung_up_on() -> None:
    """The timer runs out; nothing of the peer is kept."""
    node = make_node()
    node.on_connected(3, THERE, True, 0)

    effects = node.on_timer(TimerName("handshake", 3), 60 * SECOND)

    assert [HangUp(3, "handshake timeout")] == effects
    assert 0 == len(node.peers)


def test_a_node_that_dials_itself_finds_out_by_its_nonce() -> None:
    """Her own version comes back to her on another connection. She hangs up and dials herself no more."""
    pump = Pump()
    ann = pump.add("ann")
    pump.carry_out("ann", ann.neighbours.add(ann.setup.address))

    pump.run(until=10 * MINUTE)

    assert [("ann", "ann", "connected to self")] == pump.hang_ups
    assert 0 == len(ann.peers)


def test_a_peer_that_is_too_old_to_know_headers_is_hung_up_on() -> None:
    """Core talks to version 31800 (2010) and later."""
    node = make_node()
    node.on_connected(2, THERE, False, 0)

    effects = node.on_message(2, make_peer_version(version=31799), 0)

    assert [HangUp(2, "obsolete version 31799")] == hang_ups(effects)
    assert ["peer misbehaved"] == topics(effects)


def test_pings_go_out_every_two_minutes_and_are_answered() -> None:
    """For ten minutes of silence: six pings from each side, the first one right after the handshake."""
    pump = Pump()
    pump.add("ann")
    pump.add("bob", dials=("ann",))

    pump.run(until=10 * MINUTE + SECOND)

    assert 6 == pump.commands_between("bob", "ann").count("ping")
    assert 6 == pump.commands_between("ann", "bob").count("pong")
    assert [] == pump.hang_ups


def test_a_peer_that_answers_no_ping_for_twenty_minutes_is_gone() -> None:
    """A pong with another nonce is none. While a ping is open, no other one is sent."""
    node = make_node()
    opened = meet(node)
    (nonce,) = [message.nonce for message in sent(opened) if isinstance(message, Ping)]
    assert nonce is not None

    assert {TimerName("pong", 2): 20 * MINUTE, TimerName("ping", 2): 2 * MINUTE}.items() <= timers(
        opened
    ).items()
    assert [] == node.on_message(2, Pong(nonce ^ 1), SECOND)
    assert [SetTimer(TimerName("ping", 2), 2 * MINUTE)] == node.on_timer(TimerName("ping", 2), 2 * MINUTE)
    assert [HangUp(2, "ping timeout")] == node.on_timer(TimerName("pong", 2), 20 * MINUTE)


def test_the_right_pong_ends_the_wait() -> None:
    """And then the next ping may go out, with another nonce."""
    node = make_node()
    (first,) = [message for message in sent(meet(node)) if isinstance(message, Ping)]
    assert first.nonce is not None

    assert [CancelTimer(TimerName("pong", 2))] == node.on_message(2, Pong(first.nonce), SECOND)
    (second,) = sent(node.on_timer(TimerName("ping", 2), 2 * MINUTE))
    assert isinstance(second, Ping)
    assert first.nonce != second.nonce


def test_a_ping_is_answered_and_an_old_one_is_not() -> None:
    """BIP 31: a ping without nonce comes from a peer that knows no pong."""
    node = make_node()
    meet(node)

    assert [Send(2, Pong(77))] == node.on_message(2, Ping(77), 0)
    assert [] == node.on_message(2, Ping(None), 0)


def test_a_lost_neighbour_is_dialled_again_after_a_minute() -> None:
    """Who dialled us dials again itself; whom we dialled, we do, unless the line is back by then."""
    node = make_node(neighbours=(THERE,))
    (dial,) = node.on_start(0)
    meet(node, 2)
    meet(node, 3, inbound=True)

    lost = node.on_disconnected(2, "reset", SECOND)
    lost_inbound = node.on_disconnected(3, "reset", SECOND)
    (redial,) = timers(lost)

    assert 60 * SECOND == timers(lost)[redial]
    assert {} == timers(lost_inbound)
    assert [dial] == node.on_timer(redial, 61 * SECOND)
    assert 60 * SECOND in timers(node.on_dial_failed(THERE, "refused", SECOND)).values()
    meet(node, 4)
    assert [] == node.on_timer(redial, 61 * SECOND)
