"""Nodes of the simulator, unmodified, as peers of py-ipv8: what a line is there, and what they get of it."""

import asyncio
from contextlib import AsyncExitStack
from importlib.util import find_spec

import pytest
from support.echo_nodes import Caller, Say, Speak
from support.event_loop import in_loop
from support.required import require

require(find_spec("ipv8"), 'py-ipv8 is missing: pip install -e ".[ipv8]"')

from support.ipv8_hosts import SHORT, Obedient, Reach, Shout, calling, host_of  # noqa: E402

from blockchain_lab.base.actions import Publish  # noqa: E402
from blockchain_lab.base.draws import CounterRandom  # noqa: E402
from blockchain_lab.base.effects import Note, Send  # noqa: E402
from blockchain_lab.base.records import Kind  # noqa: E402
from blockchain_lab.base.units import Address  # noqa: E402
from blockchain_lab.overlay.gossip import GossipNode  # noqa: E402
from blockchain_lab.overlay.gossip_policy import LINES  # noqa: E402
from blockchain_lab.overlay.wire import decode  # noqa: E402
from blockchain_lab.scenarios.kinds import KINDS  # noqa: E402
from blockchain_lab.sockets import ipv8 as ipv8_room  # noqa: E402
from blockchain_lab.sockets.ipv8 import Ipv8Host, Patience  # noqa: E402
from blockchain_lab.sockets.ipv8_line import MOST_BYTES, Outbox  # noqa: E402
from blockchain_lab.sockets.setup import make_setup  # noqa: E402
from blockchain_lab.sockets.tape import Tape  # noqa: E402

PEERS = 20
PATIENT = 20_000_000  # microseconds of real time: nobody is asked twice because this machine is busy
GOSSIP = {
    "inv": {"protocol": "inv", "patience": PATIENT},
    "plumtree": {"protocol": "plumtree", "patience": 300_000},
    "push-pull": {
        "protocol": "push-pull",
        "every": 200_000,
        "hot_rounds": 1,
        "among": "neighbours",
    },  # by datagrams
}


@pytest.mark.parametrize("policy", GOSSIP.values(), ids=GOSSIP)
@in_loop
async def test_twenty_nodes_tell_one_another_everything(policy: dict) -> None:
    """Each publishes an item: 20 items at 20 nodes, no packet lost, and the class is the simulator's own."""
    notes: list[Note] = []
    async with AsyncExitStack() as stack:
        hosts: list[Ipv8Host] = []
        for number in range(PEERS):
            dialled = CounterRandom(number).sample(hosts, min(3, len(hosts)))
            setup = make_setup(f"p{number}", neighbours=[host.address for host in dialled], policy=policy)
            hosts.append(
                await stack.enter_async_context(Ipv8Host(GossipNode, setup, decode, on_note=notes.append))
            )
        for number, host in enumerate(hosts):
            dials = min(3, number) if policy["protocol"] in LINES else 0  # rounds go by datagrams
            await host.until(lambda host=host, dials=dials: len(host.node.ground.lines) >= dials)
        for number, host in enumerate(hosts):
            host.do(Publish("", f"item {number}"))
        for host in hosts:
            await host.until(lambda host=host: len(host.node.ground.items) == PEERS)

        assert 1 == len({frozenset(host.node.ground.items) for host in hosts})
        assert {KINDS["gossip"]} == {GossipNode} == {type(host.node) for host in hosts}
    learned = [note.facts["item"] for note in notes if note.topic == "item learned"]
    assert PEERS * PEERS == len(learned), "each item once at each node"
    assert [] == [note.facts for note in notes if note.topic == "peer misbehaved"]


# -- one line ---------------------------------------------------------------------------------------------


@in_loop
async def test_who_sent_the_request_has_dialled_and_messages_keep_their_order() -> None:
    """The dialler's end is even and not inbound, the other one is the next number, as everywhere."""
    async with host_of() as echo, calling(echo) as caller:
        await caller.until(lambda: caller.node.conns)
        for number in range(300):
            caller.do(Speak("caller", str(number)))
        await caller.until(lambda: len(caller.node.heard) == 300)

        assert [str(number) for number in range(300)] == echo.node.heard == caller.node.heard
        assert [("connected", 2, False)] == caller.node.events
        assert [("connected", 3, True)] == echo.node.events


@in_loop
async def test_what_was_said_before_hanging_up_still_arrives() -> None:
    """The echo answers and hangs up; the caller hears the answer, and then that the line is closed."""
    async with host_of() as echo, calling(echo) as caller:
        await caller.until(lambda: caller.node.conns)
        caller.do(Speak("caller", "bye"))
        await caller.until(lambda: len(caller.node.events) == 2)

        assert ["bye"] == caller.node.heard
        assert ("disconnected", 2, "closed by the other end") == caller.node.events[-1]
        assert [("connected", 3, True)] == echo.node.events, "who hangs up is not called back"


@in_loop
async def test_a_stopped_peer_is_noticed_and_comes_back_with_its_disk() -> None:
    """At the same address: the port was given back."""
    async with host_of() as echo:
        async with calling(echo) as caller:
            await caller.until(lambda: caller.node.conns)
            caller.do(Speak("caller", "remember"))
            await caller.until(lambda: caller.node.heard)
            there = echo.address
            await echo.stop()
            await caller.until(lambda: not caller.node.conns)
            await echo.start()

            assert ("disconnected", 2, "closed by the other end") == caller.node.events[-1]
            assert there == echo.address
            assert ["remember"] == echo.node.heard
        async with calling(echo) as again:
            await again.until(lambda: again.node.conns)


@in_loop
async def test_who_has_crashed_is_dropped_as_py_ipv8_does_it() -> None:
    """No `bye` comes: pings, no answer, and after a while it is gone. Who answers pings is kept."""
    async with host_of() as echo, host_of() as other:
        both = [echo.address, other.address]
        async with host_of(Caller, neighbours=both, patience=SHORT) as caller:
            await caller.until(lambda: len(caller.node.conns) == 2)
            echo._ipv8.endpoint.send = lambda address, packet: None  # dumb from now on
            await caller.until(lambda: len(caller.node.conns) == 1)

            assert "silent" == caller.node.events[-1][-1]
            (conn,) = caller.node.conns
            peer = caller._get_line(conn).peer
            assert other.address == Address(*peer.address)
            assert peer.pings, "how long its answers took"
            await other.until(lambda: other.node.events)


@in_loop
async def test_who_has_forgotten_a_line_says_so() -> None:
    """It is back before anybody has missed it: the first message is answered with a `bye`."""
    async with host_of() as echo, calling(echo) as caller:
        await caller.until(lambda: caller.node.conns)
        await echo.until(lambda: echo.node.events)
        echo._streams[3].abort()
        caller.do(Speak("caller", "are you there?"))
        await caller.until(lambda: not caller.node.conns)

        assert [] == echo.node.heard


@in_loop
async def test_who_dials_again_has_forgotten_its_line() -> None:
    """The old line ends at our end, too, and then there is a new one."""
    async with host_of() as echo, calling(echo, Obedient) as caller:
        await echo.until(lambda: echo.node.events)
        caller._streams[2].abort()
        await caller.until(lambda: not caller.node.conns)
        caller.do(Reach("caller", echo.address))
        await echo.until(lambda: len(echo.node.events) == 3)

        assert [
            ("connected", 3, True),
            ("disconnected", 3, "reset"),
            ("connected", 5, True),
        ] == echo.node.events


# -- dialling ---------------------------------------------------------------------------------------------


@in_loop
async def test_when_both_dial_at_once_the_smaller_key_has_dialled() -> None:
    """One line, not two, and both ends agree on who dialled. The other one's dial fails."""
    for _ in range(4):
        async with host_of(Obedient, "ann") as ann, host_of(Obedient, "bob") as bob:
            ann.do(Reach("ann", bob.address))
            bob.do(Reach("bob", ann.address))
            for host in (ann, bob):
                await host.until(lambda host=host: host.node.conns)
            first, second = sorted((ann, bob), key=lambda host: host._ipv8.my_peer.mid)
            await second.until(lambda second=second: len(second.node.events) == 2)

            assert [("connected", 2, False)] == first.node.events
            assert ("dial failed", first.address, ipv8_room.CONNECTED) == second.node.events[0]
            assert ("connected", 5, True) == second.node.events[1]


@in_loop
async def test_dials_that_come_to_nothing_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ourselves, a peer that has a line, nobody at all, and whatever is not on this machine."""
    monkeypatch.setattr(ipv8_room, "DIAL_TIMEOUT", 0.2)
    async with host_of() as gone:
        nowhere = gone.address
    outside = Address("10.0.0.1", 8090)
    async with host_of() as echo, calling(echo, Obedient) as caller:
        await caller.until(lambda: caller.node.conns)
        for address in (caller.address, echo.address, outside, nowhere):
            caller.do(Reach("caller", address))
        await caller.until(lambda: len(caller.node.events) == 5)

        assert [
            ("dial failed", caller.address, "it is our own address"),
            ("dial failed", echo.address, ipv8_room.CONNECTED),
            ("dial failed", outside, "not on loopback"),
            ("dial failed", nowhere, "timed out"),
        ] == caller.node.events[1:]


@in_loop
async def test_a_lost_request_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """UDP promises nothing; so neither the first request nor the first answer need arrive.

    Both ends open though nobody speaks, and long before anybody looks for the silent.
    """
    monkeypatch.setattr(ipv8_room, "TICK", 0.02)
    never = Patience(tick=1_000.0)
    async with (
        host_of(patience=never) as echo,
        host_of(Obedient, "caller", patience=never) as caller,
    ):
        for host in (echo, caller):
            lose_first(host)
        caller.do(Reach("caller", echo.address))
        await echo.until(lambda: echo.node.events)

        assert [("connected", 3, True)] == echo.node.events
        assert 1 == len(caller.node.conns)


def lose_first(host: Ipv8Host) -> None:
    """Its first packet goes nowhere."""
    endpoint = host._ipv8.endpoint
    send = endpoint.send

    def lose(address, packet) -> None:
        endpoint.send = send

    endpoint.send = lose


# -- packets ----------------------------------------------------------------------------------------------


@in_loop
async def test_a_call_needs_no_line() -> None:
    """A datagram arrives with the caller's address, and nobody is connected."""
    tape = Tape()
    async with host_of(Obedient, "ann", tape=tape) as ann, host_of(Obedient, "bob") as bob:
        ann.do(Shout("ann", bob.address, "hello"))
        await bob.until(lambda: bob.node.events)
        ann.do(Shout("ann", Address("10.0.0.1", 8090), "is anybody out there?"))

        assert [("called", ann.address, "hello")] == bob.node.events
        assert [] == ann.node.events
    dropped = [record.detail for record in tape.records if record.kind is Kind.DROP]
    assert [Say("is anybody out there?")] == dropped


@in_loop
async def test_a_message_is_not_cut_into_pieces() -> None:
    """What fills a packet is carried; one byte more is refused, with or without a line. The host lives."""
    tape, notes = Tape(), []
    async with host_of() as echo, calling(echo, Obedient, tape=tape, on_note=notes.append) as caller:
        await caller.until(lambda: caller.node.conns)
        caller.do(Speak("caller", "x" * (MOST_BYTES + 1)))
        caller.do(Shout("caller", echo.address, "y" * 1_201))
        caller.do(Speak("caller", "x" * MOST_BYTES))
        await caller.until(lambda: caller.node.heard)

        assert ["x" * 1_200] == caller.node.heard == echo.node.heard
    refused = [note.facts for note in notes if note.topic == "message refused"]
    assert [{"message": "say", "bytes": 1_201, "most": 1_200}] * 2 == refused
    assert ["x", "y"] == [record.detail.text[0] for record in tape.records if record.kind is Kind.DROP]


@in_loop
async def test_a_newcomer_is_told_of_more_than_a_packet_names() -> None:
    """A hundred items: three `have`s, three `want`s, and nothing is refused."""
    notes: list[Note] = []
    policy = GOSSIP["inv"]
    async with Ipv8Host(GossipNode, make_setup("ann", policy=policy), decode, on_note=notes.append) as ann:
        for number in range(100):
            ann.do(Publish("", f"item {number}"))
        setup = make_setup("bob", neighbours=[ann.address], policy=policy)
        async with Ipv8Host(GossipNode, setup, decode, on_note=notes.append) as bob:
            await bob.until(lambda: len(bob.node.ground.items) == 100)

            assert bob.is_on and ann.is_on
    assert {"item learned"} == {note.topic for note in notes}


@in_loop
async def test_one_packet_leaves_in_a_turn_of_the_loop() -> None:
    """Fifty at once: asyncio reads one datagram a turn, so the other side's buffer would overflow."""
    turn, left = 0, []
    outbox = Outbox()
    for _ in range(50):
        outbox.put(lambda: left.append(turn))
    sending = asyncio.create_task(outbox.run())
    outbox.close()
    while not sending.done():
        turn += 1
        await asyncio.sleep(0)

    assert 50 == len(left) == len(set(left))


@in_loop
async def test_of_a_line_a_tape_says_what_it_says_of_tcp() -> None:
    """Our half, and of the other program's what can be known."""
    tape = Tape()

    class Once(Caller):
        def on_connected(self, conn, remote, inbound, now):
            return [*super().on_connected(conn, remote, inbound, now), Send(conn, Say("bye"))]

    async with host_of() as echo, calling(echo, Once, tape=tape) as caller:
        await caller.until(lambda: len(caller.node.events) == 2)
    ours = [record.kind for record in tape.records if record.peer == 0]
    theirs = [record.kind for record in tape.records if record.peer == 1]

    assert [Kind.START, Kind.DIAL, Kind.CONNECT, Kind.SEND, Kind.DELIVER, Kind.DISCONNECT, Kind.KILL] == ours
    assert [Kind.START, Kind.CONNECT, Kind.DELIVER, Kind.SEND, Kind.HANG_UP] == theirs
