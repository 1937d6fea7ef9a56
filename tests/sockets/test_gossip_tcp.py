"""The gossiping node of the simulator, unmodified, on real TCP: ten of them on loopback, and a stranger."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from support.event_loop import in_loop

from blockchain_lab.base.actions import Publish
from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Note
from blockchain_lab.overlay.gossip import GossipNode
from blockchain_lab.overlay.gossip_messages import Have, Item, Want
from blockchain_lab.overlay.gossip_policy import LINES
from blockchain_lab.overlay.wire import OverlayCodec
from blockchain_lab.sockets.setup import make_setup
from blockchain_lab.sockets.tcp import TcpHost

PEERS = 10
FAST = {"reconcile_every": 50_000, "announce_to": 1}  # microseconds of real time


async def start(stack: AsyncExitStack, policy: dict, notes: list[Note]) -> list[TcpHost]:
    """Ten hosts; each dials three of those that are there already."""
    hosts: list[TcpHost] = []
    for number in range(PEERS):
        dialled = CounterRandom(number).sample(hosts, min(3, len(hosts)))
        setup = make_setup(f"p{number}", neighbours=[host.address for host in dialled], policy=policy)
        hosts.append(
            await stack.enter_async_context(TcpHost(GossipNode, setup, OverlayCodec(), on_note=notes.append))
        )
        await has_lines(hosts[-1], len(dialled))
    return hosts


async def has_lines(host: TcpHost, count: int) -> None:
    """Wait until so many lines are open."""
    await host.until(lambda: len(host.node.ground.lines) >= count)


@pytest.mark.parametrize("protocol", LINES)
@in_loop
async def test_ten_nodes_tell_one_another_everything(protocol: str) -> None:
    """Each publishes three items: 300 items at 10 nodes, whichever way they go over the lines."""
    notes: list[Note] = []
    async with AsyncExitStack() as stack:
        hosts = await start(stack, {"protocol": protocol, **FAST}, notes)
        for number in range(3):
            for host in hosts:
                host.do(Publish("", f"item {number} of {host.address.port}"))
                await asyncio.sleep(0)
        for host in hosts:
            await host.until(lambda host=host: len(host.node.ground.items) == 3 * PEERS)

        assert 1 == len({frozenset(host.node.ground.items) for host in hosts})
    learned = [note.facts["item"] for note in notes if note.topic == "item learned"]
    assert 3 * PEERS * PEERS == len(learned), "each item once at each node"
    assert [] == [note.facts for note in notes if note.topic == "peer misbehaved"]


@in_loop
async def test_a_stranger_speaks_the_same_bytes() -> None:
    """A few lines with a socket and a codec are announced an item, ask for it, get it, and talk nonsense."""
    notes: list[Note] = []
    setup = make_setup("ann", policy={"protocol": "inv"})
    async with TcpHost(GossipNode, setup, OverlayCodec(), on_note=notes.append) as host:
        host.do(Publish("ann", "hello"))
        reader, writer = await asyncio.open_connection(*host.address)
        name = Item("hello").name
        heard = await listen(reader, 1)
        writer.write(OverlayCodec().frame(Want((name,))))
        heard += await listen(reader, 1)
        writer.write(OverlayCodec().frame(Have((name,)))[:-3] + b"\0" * 3)  # the checksum does not fit
        rest = await reader.read()
        writer.close()

        assert [Have((name,)), Item("hello")] == heard
        assert b"" == rest, "hung up on"
        await host.until(lambda: not host.node.ground.lines)
    (fault,) = [note.facts for note in notes if note.topic == "peer misbehaved"]
    assert fault["reason"].startswith("checksum: ")


async def listen(reader: asyncio.StreamReader, count: int) -> list:
    """So many messages off a stream."""
    codec, buffer, heard = OverlayCodec(), b"", []
    while len(heard) < count:
        buffer += await reader.read(4_096)
        found, buffer = codec.split(buffer)
        heard += found
    return heard
