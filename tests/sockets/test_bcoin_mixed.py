"""Peers of ours behind one listening node, and bcoin beside it: what they say to each other, all the way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from support.bcoin import Bcoin
from support.bcoin_line import NAME
from support.event_loop import in_loop

from blockchain_lab.base.actions import Mine, Pay
from blockchain_lab.base.messages import Malformed, Unknown
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import Address, display_hash
from blockchain_lab.recording import Recording
from blockchain_lab.sim.digest import Digest
from blockchain_lab.sockets.network import MixedNetwork

BEHIND = (NAME, "bob", "cat")  # the first one's keys are paid in bcoin's chain
LOOPBACK = Address("127.0.0.1", 0)


def make_network(*dials: Address) -> MixedNetwork:
    """Three behind a gate that listens, and that dials these addresses."""
    net = MixedNetwork()
    net.add("gate", dials=dials, listens=LOOPBACK)
    for name in BEHIND:
        net.add(name, dials=["gate"])
    return net


@asynccontextmanager
async def caught_up(bcoin: Bcoin) -> AsyncIterator[MixedNetwork]:
    """The gate has dialled bcoin, and everybody has its chain."""
    async with make_network(bcoin.address) as net:
        await until_tip(net, await bcoin.call("getbestblockhash"))
        yield net


async def until_tip(net: MixedNetwork, tip: str) -> None:
    """Wait until everybody stands on this block."""
    await net.until(lambda: all(display_hash(net[name].chain.tip.hash) == tip for name in net.names))


def digest(node: object) -> str:
    """A hash of all that a node holds."""
    state = Digest()
    state.add(node)
    return state.hex()


@in_loop
async def test_a_payment_from_behind_enters_bcoins_pool_and_its_block_comes_back(bcoin):
    """Ann signs, the gate passes it on, bcoin waits with it and mines it: the block reaches all behind."""
    async with caught_up(bcoin) as net:
        net.do(Pay(NAME, to="bob"))
        (payment,) = [waiting.tx for waiting in net[NAME].pool]
        await bcoin.until_waiting(payment)
        (tip,) = await bcoin.call("generate", 1)
        await until_tip(net, tip)

        for name in net.names:
            assert payment in net[name].chain.get_block(net[name].chain.tip.hash).transactions
            assert 0 == len(net[name].pool)
        assert [] == await bcoin.call("getrawmempool")


@in_loop
async def test_a_block_from_behind_is_bcoins_tip(bcoin):
    """Cat mines; two steps further bcoin stands on it."""
    async with caught_up(bcoin) as net:
        net.do(Mine("cat"))
        tip, height = display_hash(net["cat"].chain.tip.hash), net["cat"].chain.height
        await bcoin.until(height, tip)
        await until_tip(net, tip)

        assert tip == await bcoin.call("getbestblockhash")


@in_loop
async def test_bcoin_dials_the_gate(bcoin):
    """To us it is whoever came from that port; it says itself what it is."""
    async with make_network() as net:
        gate = net.get_address("gate")
        await bcoin.call("addnode", f"{gate.ip}:{gate.port}", "onetry")
        await until_tip(net, await bcoin.call("getbestblockhash"))
        recording = Recording(net.tape)
        (name,) = [name for name in recording.names if name not in net.names]

        assert name.startswith("bcoin 127.0.0.1:")
        assert (name, "gate") in recording.scenario.topology.edges


@in_loop
async def test_the_recording_is_what_bcoin_said_and_what_our_nodes_became(bcoin):
    """Our codec understands all that it said, byte for byte; each node of ours is rebuilt from its inbox."""
    async with caught_up(bcoin) as net:
        net.do(Mine("bob"))
        await bcoin.until(net["bob"].chain.height, display_hash(net["bob"].chain.tip.hash))
        await until_tip(net, display_hash(net["bob"].chain.tip.hash))
        recording = Recording(net.tape)
        alive = {name: digest(net[name]) for name in net.names}
    bcoins = recording.names.index(f"bcoin {bcoin.address.ip}:{bcoin.address.port}")
    said = [each.detail for each in recording.trace if each.kind is Kind.SEND and each.peer == bcoins]
    codec = recording.codec

    assert alive == {name: digest(recording.peer(name)) for name in net.names}
    assert {"version", "verack", "headers", "block"} <= {message.wire_name for message in said}
    assert not any(isinstance(message, Malformed | Unknown) for message in said)
    assert ([*said], b"") == codec.split(b"".join(codec.frame(message) for message in said))


@in_loop
async def test_bcoin_leaves_in_the_middle(bcoin):
    """It is told to drop the gate: our nodes go on without it, and the tape says whose doing that was."""
    async with caught_up(bcoin) as net:
        (gate,) = [peer["addr"] for peer in await bcoin.call("getpeerinfo")]
        await bcoin.call("disconnectnode", gate)
        await net.until(lambda: len(net["gate"].peers) == len(BEHIND))
        net.do(Mine("cat"))
        await until_tip(net, display_hash(net["cat"].chain.tip.hash))
        recording = Recording(net.tape)
        ends = [each for each in recording.trace if each.kind in (Kind.HANG_UP, Kind.DISCONNECT)]

        assert [("bcoin", Kind.HANG_UP), ("gate", Kind.DISCONNECT)] == [
            (recording.names[each.peer].partition(" ")[0], each.kind) for each in ends
        ]
        assert ends[0].id == ends[1].cause
