"""Two toy nodes talk over real sockets on loopback, politely and otherwise."""

import asyncio
import socket
import struct
import time

import pytest
from support.echo_nodes import Alarms, Caller, Echo, Say, Speak, TextCodec, calling, host_of
from support.event_loop import in_loop

from blockchain_lab.base.effects import HangUp, Note, Send, SendTo, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Address
from blockchain_lab.sockets import tcp as tcp_room
from blockchain_lab.sockets.setup import make_setup
from blockchain_lab.sockets.tcp import TcpHost


@in_loop
async def test_an_echo_comes_back_in_order():
    """The caller dials, says three things and hears them; the dialler's end is even, the other one odd."""
    async with host_of(Echo) as echo, calling(echo) as caller:
        await caller.until(lambda: caller.node.conns)
        for text in ("one", "two", "three"):
            caller.do(Speak("caller", text))
        await caller.until(lambda: len(caller.node.heard) == 3)

        assert ["one", "two", "three"] == caller.node.heard == echo.node.heard
        assert [("connected", 2, False)] == caller.node.events
        assert [("connected", 3, True)] == echo.node.events


@in_loop
async def test_the_node_learns_where_it_listens_and_when_it_began():
    """Port 0 lets the system choose; `started_at` is the real clock, `now` counts from the start."""
    before = int(time.time())
    async with host_of(Echo) as echo:
        setup = echo.node.setup

        assert echo.address == setup.address
        assert setup.address.port > 0
        assert before <= setup.started_at <= int(time.time())
        assert 0 <= echo.now < 60_000_000


@in_loop
async def test_hanging_up_lets_the_last_word_out():
    """A "bye" is answered, then our end closes: the caller hears the answer first and the closing after."""
    async with host_of(Echo) as echo, calling(echo) as caller:
        await caller.until(lambda: caller.node.conns)
        caller.do(Speak("caller", "bye"))
        caller.do(Speak("caller", "too late"))
        await caller.until(lambda: not caller.node.conns)

        assert ["bye"] == caller.node.heard
        assert ("disconnected", 2, "closed by the other end") == caller.node.events[-1]
        assert ["bye"] == echo.node.heard
        assert [("connected", 3, True)] == echo.node.events  # who hangs up is not called back


@in_loop
async def test_messages_larger_than_any_buffer_pass_whole():
    """Half a megabyte arrives in many pieces and is one message."""
    text = "x" * (1 << 19)
    async with host_of(Echo) as echo, calling(echo) as caller:
        await caller.until(lambda: caller.node.conns)
        caller.do(Speak("caller", text))
        await caller.until(lambda: caller.node.heard)

        assert text == caller.node.heard[0]


@in_loop
async def test_an_unreadable_stream_is_told_and_closed():
    """A length that makes no sense: the node sees `Malformed`, then the connection is lost; others go on."""
    notes: list[Note] = []
    async with host_of(Echo, on_note=notes.append) as echo:
        reader, writer = await asyncio.open_connection(*echo.address)
        writer.write(TextCodec().frame(Say("fine")) + b"\xff\xff\xff\xff and so on")
        await echo.until(lambda: len(echo.node.events) == 2)
        answer = await reader.read()
        writer.close()

        assert [Note("heard", {"text": "fine"}), Note("nonsense", {"reason": "length 4294967295"})] == notes
        assert ("disconnected", 3, "unreadable: length 4294967295") == echo.node.events[-1]
        assert TextCodec().frame(Say("fine")).startswith(answer)


@in_loop
async def test_who_hangs_up_on_nonsense_still_has_the_last_word():
    """The node itself answers nonsense and closes: its answer arrives, and it is told nothing more."""

    class Strict(Echo):
        def on_message(self, conn, message, now):
            return [Send(conn, Say("what?")), HangUp(conn, "nonsense")]

    async with host_of(Strict) as strict:
        reader, writer = await asyncio.open_connection(*strict.address)
        writer.write(b"\xff" * 70_000)
        answer = await reader.read()
        writer.close()

        assert TextCodec().frame(Say("what?")) == answer
        assert [("connected", 3, True)] == strict.node.events


@in_loop
async def test_a_reset_is_not_a_polite_end():
    """The other program dies: its system sends a reset, and the node is told so."""
    async with host_of(Echo) as echo:
        _, writer = await asyncio.open_connection(*echo.address)
        await echo.until(lambda: echo.node.events)
        writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        writer.transport.abort()
        await echo.until(lambda: len(echo.node.events) == 2)

        assert ("disconnected", 3, "reset") == echo.node.events[-1]


@in_loop
async def test_a_dial_that_nobody_answers():
    """Nobody listens on that port any more: refused. A name that cannot exist: not an address."""
    async with host_of(Echo) as echo:
        nobody = echo.address
    impossible = Address("x" * 64 + ".", 1)
    async with host_of(Caller, "caller", neighbours=[nobody, impossible], listen=False) as caller:
        await caller.until(lambda: len(caller.node.events) == 2)

        assert {("dial failed", nobody, "refused"), ("dial failed", impossible, "not an address")} == set(
            caller.node.events
        )


@in_loop
async def test_a_dial_that_takes_too_long(monkeypatch):
    """A system that says neither yes nor no: after the time-out the node is told."""

    async def never(*address):
        await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(tcp_room, "DIAL_TIMEOUT", 0.01)
    monkeypatch.setattr(asyncio, "open_connection", never)
    async with host_of(Caller, "caller", neighbours=[Address("127.0.0.1", 9)], listen=False) as caller:
        await caller.until(lambda: caller.node.events)

        assert [("dial failed", Address("127.0.0.1", 9), "timed out")] == caller.node.events


@in_loop
async def test_timers_ring_in_order_and_a_name_rings_once():
    """Setting a timer again puts it off: its first time passes in silence. A cancelled one never rings."""
    async with host_of(Alarms, listen=False) as host:
        await host.until(lambda: len(host.node.rang) == 2)

        assert ["prompt", "put off"] == [topic for topic, _ in host.node.rang]
        assert host.node.rang[0][1] >= 2_000
        assert host.node.rang[1][1] >= 40_000


@in_loop
async def test_a_closed_connection_s_timers_die_with_it():
    """The timer of the connection that closed does not ring; the other one, set after it, does."""

    class Impatient(Echo):
        def on_connected(self, conn, remote, inbound, now):
            return [SetTimer(TimerName("of the connection", conn), 30_000)]

        def on_disconnected(self, conn, reason, now):
            return [SetTimer(TimerName("of nobody"), 60_000)]

        def on_timer(self, name, now):
            self.heard.append(name.topic)
            return []

    async with host_of(Impatient) as host:
        _, writer = await asyncio.open_connection(*host.address)
        writer.close()
        await host.until(lambda: "of nobody" in host.node.heard)

        assert ["of nobody"] == host.node.heard


@in_loop
async def test_a_fault_of_our_own_reaches_the_caller():
    """A node that raises has switched its host off; whoever waits gets the very exception, once."""
    async with host_of(Caller, "caller", listen=False) as caller:
        with pytest.raises(ValueError, match="caller cannot"):
            caller.do(HangUp(2, "no command at all"))
        with pytest.raises(UsageError, match="caller is off"):
            await caller.until(lambda: False)


@in_loop
async def test_a_fault_inside_a_connection_reaches_who_waits():
    """It happens in a task that nobody awaits, and is not lost there."""

    class Fragile(Echo):
        def on_message(self, conn, message, now):
            raise RuntimeError(f"choked on {message.text}")

    async with host_of(Fragile) as fragile, calling(fragile) as caller:
        await caller.until(lambda: caller.node.conns)
        caller.do(Speak("caller", "a bone"))
        with pytest.raises(RuntimeError, match="choked on a bone"):
            await fragile.until(lambda: False)
        await caller.until(lambda: not caller.node.conns)


@in_loop
async def test_a_message_that_cannot_be_encoded_is_our_own_fault():
    """It is found when it leaves, in yet another task."""

    class Mute(Echo):
        def on_connected(self, conn, remote, inbound, now):
            return [Send(conn, Note("no message", {}))]

    async with host_of(Mute) as mute, calling(mute):
        with pytest.raises(AttributeError, match="encoding"):
            await mute.until(lambda: False)


@pytest.mark.parametrize(
    "effect",
    [
        Send(8, Say("hello")),
        HangUp(8, "no"),
        SendTo(Address("", 1), Say("a")),
        SetTimer(TimerName("late", 8), 1),
        SetTimer(TimerName("early"), -1),
    ],
)
@in_loop
async def test_misuse_is_an_exception(effect):
    """What the simulator refuses is refused here: an end that is not open, a time before now, datagrams."""

    class Wrong(Echo):
        def on_start(self, now):
            return [effect]

    with pytest.raises(UsageError):
        await host_of(Wrong).start()


@in_loop
async def test_stop_and_start_again_keeps_the_disk_only():
    """A second life: what was heard is on the disk, events are not, and no connection number comes back."""
    echo = host_of(Echo)
    for text in ("first life", "second life"):
        await echo.start()
        async with calling(echo) as caller:
            await caller.until(lambda: caller.node.conns)
            caller.do(Speak("caller", text))
            await caller.until(lambda: caller.node.heard)
        events, luck = echo.node.events[:1], echo.node.setup.random.key
        await echo.stop()
        await echo.stop()  # stopping twice is harmless

        assert [("connected", 3 if text == "first life" else 5, True)] == events
    await echo.start()

    assert ["first life", "second life"] == echo.node.heard
    assert [] == echo.node.events
    assert luck != echo.node.setup.random.key
    with pytest.raises(UsageError, match="on already"):
        await echo.start()
    await echo.stop()
    with pytest.raises(UsageError, match="echo is off"):
        _ = echo.node


@in_loop
async def test_a_port_in_use_is_one_clear_line():
    """The second host on a port says which one it is and what to do."""
    async with host_of(Echo) as echo:
        second = TcpHost(Echo, make_setup("second", address=echo.address), TextCodec())
        with pytest.raises(
            UsageError, match=rf"cannot listen on 127.0.0.1:{echo.address.port}.*another port"
        ):
            await second.start()
