"""Peers that take too much: of our memory, our patience, our places."""

import asyncio

from support.echo_nodes import Echo, Say, TextCodec, calling, host_of
from support.event_loop import in_loop

from blockchain_lab.base.effects import Send
from blockchain_lab.sockets import host as host_room
from blockchain_lab.sockets import stream as stream_room
from blockchain_lab.sockets import tcp as tcp_room


@in_loop
async def test_who_asks_and_does_not_read_is_not_listened_to(monkeypatch):
    """Its questions stay in the pipes: what waits for it stays near PAUSE_AT, however much it asks."""
    monkeypatch.setattr(stream_room, "PAUSE_AT", 2)
    question = TextCodec().frame(Say("x" * 100_000))
    async with host_of(Echo) as echo:
        reader, writer = await asyncio.open_connection(*echo.address)
        for _ in range(300):  # 30 MB, more than all buffers between us
            writer.write(question)
        await echo.until(lambda: any(stream.waiting > 2 for stream in echo._streams.values()))
        (stream,) = echo._streams.values()
        heard_by_then = len(echo.node.heard)
        most = 0
        answered = 0
        while answered < 300 * len(question):  # now it reads
            answered += len(await reader.read(1 << 16))
            most = max(most, stream.waiting)
        writer.close()

        assert heard_by_then < 300 == len(echo.node.heard)
        assert most <= 3


@in_loop
async def test_who_is_sent_too_much_and_reads_nothing_is_given_up(monkeypatch):
    """News for it comes from others, so not listening is no cure: the node is told that it does not read."""
    monkeypatch.setattr(host_room, "MAX_WAITING", 50)

    class Flooding(Echo):
        def on_connected(self, conn, remote, inbound, now):
            return [*super().on_connected(conn, remote, inbound, now), *[Send(conn, Say("news"))] * 50]

    async with host_of(Flooding) as flooding:
        _, writer = await asyncio.open_connection(*flooding.address)
        await flooding.until(lambda: len(flooding.node.events) == 2)
        writer.close()

        assert ("disconnected", 3, "does not read") == flooding.node.events[-1]


@in_loop
async def test_a_message_without_an_end_is_not_kept(monkeypatch):
    """Even a codec that sets no limit cannot make us keep more than MAX_UNREAD."""
    monkeypatch.setattr(stream_room, "MAX_UNREAD", 1_000)
    async with host_of(Echo) as echo:
        _, writer = await asyncio.open_connection(*echo.address)
        writer.write(TextCodec().frame(Say("x" * 100_000))[:2_000])
        await echo.until(lambda: len(echo.node.events) == 2)
        writer.close()

        assert ("disconnected", 3, "unreadable: 2000 bytes and no whole message") == echo.node.events[-1]


@in_loop
async def test_a_full_house_accepts_nobody(monkeypatch):
    """The connection over the limit is closed and the node never hears of it."""
    monkeypatch.setattr(tcp_room, "MAX_CONNECTIONS", 1)
    async with host_of(Echo) as echo, calling(echo) as first:
        await first.until(lambda: first.node.conns)
        async with calling(echo) as second:
            await second.until(lambda: len(second.node.events) == 2)

        assert [("connected", 3, True)] == echo.node.events
