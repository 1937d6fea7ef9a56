"""Nodes of ours in one program, some of them on TCP too: what one learns reaches all, and is on the tape."""

import asyncio
import random

import pytest
from support.echo_nodes import Caller, Echo, Say, Speak, TextCodec
from support.event_loop import in_loop
from support.mixed_story import FAR, LOOPBACK, OURS, is_everywhere, make_far, make_near, play

from blockchain_lab.base.actions import Connect, Mine, Pay, SetPolicy
from blockchain_lab.base.effects import Send
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Malformed
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import MILLISECOND, SECOND, Address
from blockchain_lab.bitcoin.envelope import MAGIC, BitcoinCodec
from blockchain_lab.bitcoin.messages import Ping
from blockchain_lab.recording import Recording
from blockchain_lab.sim.digest import Digest
from blockchain_lab.sockets import host as host_room
from blockchain_lab.sockets.network import MixedNetwork

NOWHERE = Address("127.0.0.1", 9)


def find(net: MixedNetwork, kind: Kind, name: str) -> list[Record]:
    """A peer's records of one kind."""
    host = [party.name for party in net.tape.parties].index(name)
    return [record for record in net.tape.records if record.kind is kind and record.peer == host]


def digest(node: object) -> str:
    """A hash of all that a node holds."""
    state = Digest()
    state.add(node)
    return state.hex()


def make_talkers(**values) -> MixedNetwork:
    """An echo, and a caller that dials it."""
    net = MixedNetwork(codec=TextCodec(), **values)
    net.add("echo", factory=Echo)
    net.add("caller", dials=["echo"], factory=Caller)
    return net


@in_loop
async def test_blocks_and_payments_cross_memory_and_tcp():
    """Mined here and there, paid here: in the end all five peers on both sides stand on the same tip."""
    async with make_far() as far, make_near(far.get_address("far")) as near:
        await play(near, far)

        assert is_everywhere(105, near, far)
        assert [2] == [len(near["ann"].chain.get_block(near["ann"].chain.tip.hash).transactions)]
        assert {"ann", "bob", "gate"} == {*near.names}


@in_loop
async def test_a_peer_is_rebuilt_from_what_it_was_told():
    """Real time, real sockets: the tape holds a node's whole inbox, so a replay equals the living node.

    Looked at while it lives, at moments that nobody chose.
    """
    luck = random.Random(4)
    alive: list[tuple[int, dict[str, str]]] = []
    async with make_far() as far, make_near(far.get_address("far"), delay=MILLISECOND) as near:
        playing = asyncio.create_task(play(near, far))
        while not playing.done():
            await asyncio.wait([playing], timeout=luck.random() / 5)
            if near.tape.records:
                alive.append((near.tape.records[-1].event, {name: digest(near[name]) for name in OURS}))
        await playing

        recording = Recording(near.tape)
        for event, states in alive:
            recording.goto(event=event)
            assert states == {name: digest(recording.peer(name)) for name in OURS}, f"event {event}"
        assert len(alive) > 2


@in_loop
async def test_lines_in_memory_take_their_time_and_keep_their_order():
    """20 ms each way from caller to echo: what was said arrives in order, none before its time."""
    texts = [f"{number}" for number in range(50)]
    async with make_talkers(delay=5 * MILLISECOND) as net:
        net.set_delay("caller", "echo", 20 * MILLISECOND)
        await net.until(lambda: net["caller"].conns)
        for text in texts:
            net.do(Speak("caller", text))
        await net.until(lambda: len(net["caller"].heard) == len(texts))
        records = net.tape.records
        delivered = find(net, Kind.DELIVER, "echo")

        assert texts == net["echo"].heard == net["caller"].heard
        assert texts == [each.detail.text for each in delivered]
        assert {Kind.SEND} == {records[each.cause].kind for each in delivered}
        assert all(each.at - records[each.cause].at >= 5 * MILLISECOND for each in delivered)
        assert [(2, False), (3, True)] == [
            (conn, inbound) for name in ("caller", "echo") for _, conn, inbound in net[name].events[:1]
        ]


@in_loop
async def test_a_polite_end_in_memory():
    """A "bye" is answered, then the echo hangs up; what came too late is dropped, and the tape says so."""
    async with make_talkers(delay=MILLISECOND) as net:
        await net.until(lambda: net["caller"].conns)
        net.do(Speak("caller", "bye"))
        net.do(Speak("caller", "too late"))
        await net.until(lambda: not net["caller"].conns)
        (hung_up,) = find(net, Kind.HANG_UP, "echo")
        (lost,) = find(net, Kind.DISCONNECT, "caller")
        (drop,) = find(net, Kind.DROP, "echo")

        assert ["bye"] == net["caller"].heard == net["echo"].heard
        assert (hung_up.id, "closed by the other end") == (lost.cause, lost.detail)
        assert Say("too late") == drop.detail == net.tape.records[drop.cause].detail


@in_loop
async def test_only_a_gate_reaches_the_world():
    """Ann is behind the gate: to her an address outside is unreachable, with and without a name.

    The gate may dial it, and is refused by the system, for nobody listens there.
    """
    net = MixedNetwork()
    net.add("gate", listens=LOOPBACK)
    net.add("ann", dials=["gate"])
    net.add_real("shop", NOWHERE)
    async with net:
        for name in ("ann", "gate"):
            net.do(Connect(name, "shop"))
        await net.until(lambda: find(net, Kind.DIAL_FAILED, "ann") and find(net, Kind.DIAL_FAILED, "gate"))

        assert (NOWHERE, "unreachable") == find(net, Kind.DIAL_FAILED, "ann")[0].detail
        assert (NOWHERE, "refused") == find(net, Kind.DIAL_FAILED, "gate")[0].detail


@in_loop
async def test_a_peer_goes_and_comes_back_with_its_disk():
    """Off, it refuses and obeys nothing; a turned knob, a mined block and its life's number outlast it."""
    net = MixedNetwork(policy={"redial_after": SECOND // 100})
    net.add("gate")
    net.add("ann", dials=["gate"])
    async with net:
        net.do(Mine("gate", 2))
        net.do(SetPolicy("gate", "in_transit", 3))
        await net.until(lambda: is_everywhere(2, net))
        await net.stop_peer("gate")
        await net.until(lambda: find(net, Kind.DIAL_FAILED, "ann"))
        with pytest.raises(UsageError, match="gate is off"):
            net.do(Mine("gate"))
        await net.start_peer("gate")
        await net.until(lambda: net["ann"].peers.ready)
        recording = Recording(net.tape)

        assert "refused" == find(net, Kind.DIAL_FAILED, "ann")[0].detail[1]
        assert [0, 1] == [each.detail for each in find(net, Kind.START, "gate")]
        assert ["stopped"] == [each.detail for each in find(net, Kind.KILL, "gate")]
        assert (2, 3) == (net["gate"].chain.height, net["gate"].policy.in_transit)
        assert {name: digest(net[name]) for name in net.names} == {
            name: digest(recording.peer(name)) for name in net.names
        }


@in_loop
async def test_what_cannot_be_done_is_refused_and_not_recorded():
    """A payment without coins, a stranger, a real program: a reason each, and everybody lives on."""
    net = MixedNetwork()
    net.add("ann")
    net.add_real("shop", NOWHERE)
    async with net:
        before = len(net.tape.records)
        for command, words in (
            (Pay("ann"), "Pay: "),
            (Mine("zoe"), "no peer 'zoe'; there are ann"),
            (Mine("shop"), "shop is a program of its own"),
        ):
            with pytest.raises(UsageError, match=words):
                net.do(command)

        assert before == len(net.tape.records)
        net.do(Mine("ann"))
        assert 1 == net["ann"].chain.height
    with pytest.raises(UsageError, match="all peers are off"):
        await net.until(lambda: False)
    with pytest.raises(UsageError, match="runs once"):
        await net.start()


def test_a_plan_that_cannot_be():
    """Two of one name or one address, no name, a delay that is none."""
    net = MixedNetwork()
    net.add("ann", listens=Address("127.0.0.1", 18_444))
    net.add_real("shop", NOWHERE)

    for add, words in (
        (lambda: net.add("ann"), "a peer called 'ann' already"),
        (lambda: net.add_real("ann", LOOPBACK), "a peer called 'ann' already"),
        (lambda: net.add("shop"), "a peer called 'shop' already"),
        (lambda: net.add("bob", listens=NOWHERE), "bob: 127.0.0.1:9 is shop's address already"),
        (lambda: net.add_real("pub", Address("127.0.0.1", 18_444)), "pub: 127.0.0.1:18444 is ann's"),
        (lambda: net.add(""), "needs a name"),
        (lambda: net.set_delay("ann", "bob", 1), "no peer 'bob'"),
        (lambda: net.set_delay("ann", "ann", -1), "delay: found -1"),
        (lambda: MixedNetwork(delay=0.5), "delay: found 0.5, wanted whole microseconds"),
        (lambda: Recording(net.tape), "nothing was recorded"),
    ):
        with pytest.raises(UsageError, match=words):
            add()


@in_loop
async def test_a_port_in_use_and_a_stranger_to_dial():
    """One clear line, and no port stays taken by those who had started already."""
    async with make_far() as far:
        net = MixedNetwork()
        net.add("first", listens=LOOPBACK)
        net.add("second", listens=far.get_address("far"))
        with pytest.raises(UsageError, match=r"cannot listen on 127.0.0.1:\d+ .*another port"):
            await net.start()
    again = MixedNetwork()
    again.add("first", listens=net.get_address("first"))
    again.add("ann", dials=["zoe"])
    with pytest.raises(UsageError, match="no peer 'zoe'; there are first, ann"):
        await again.start()


@in_loop
async def test_a_remote_that_talks_nonsense_and_one_that_leaves_in_the_middle():
    """Both are on the tape as they were: the bytes that nobody understood, and whose doing the end was."""
    net = MixedNetwork()
    net.add("gate", listens=LOOPBACK)
    frame = BitcoinCodec(MAGIC["regtest"]).frame(Ping(7))
    async with net:
        for sent in (b"GET / HTTP/1.1\r\nHost: example\r\n\r\n", frame[:30]):
            reader, writer = await asyncio.open_connection(*net.get_address("gate"))
            writer.write(sent)
            if sent == frame[:30]:
                writer.write_eof()
            while await reader.read(1 << 16):
                pass
            writer.close()
        await net.until(lambda: not net["gate"].peers)
        recording = Recording(net.tape)
        said, left = [
            [
                (each.kind, each.detail)
                for each in net.tape.records
                if each.peer == host and each.kind is not Kind.DELIVER
            ]
            for host in (1, 2)
        ]
        (nonsense,) = [detail for kind, detail in said if kind is Kind.SEND]

        assert isinstance(nonsense, Malformed) and nonsense.fatal
        assert b"GET / HTTP/1.1\r\nHost: ex" == recording.codec.frame(nonsense)
        assert [Kind.START, Kind.DIAL, Kind.CONNECT, Kind.SEND, Kind.DISCONNECT] == [kind for kind, _ in said]
        assert [Kind.START, Kind.DIAL, Kind.CONNECT, Kind.HANG_UP] == [kind for kind, _ in left]
        assert "it does not say why" == left[-1][1]
        assert all(name.startswith("127.0.0.1:") for name in recording.names[1:])


@in_loop
async def test_what_never_left_us_is_dropped(monkeypatch):
    """A remote that reads nothing is given up: each message has gone out, or is on the tape as lost."""
    monkeypatch.setattr(host_room, "MAX_WAITING", 50)

    class Flooding(Echo):
        def on_connected(self, conn, remote, inbound, now):
            return [*super().on_connected(conn, remote, inbound, now), *[Send(conn, Say("x" * 100_000))] * 50]

    net = MixedNetwork(codec=TextCodec())
    net.add("gate", listens=LOOPBACK, factory=Flooding)
    async with net:
        _, writer = await asyncio.open_connection(*net.get_address("gate"))
        await net.until(
            lambda: any(each.kind is Kind.DISCONNECT and each.peer == 1 for each in net.tape.records)
        )
        writer.close()
        ends = [
            each for each in net.tape.records if each.peer == 1 and each.kind in (Kind.DELIVER, Kind.DROP)
        ]

        assert ["does not read"] == [each.detail for each in find(net, Kind.DISCONNECT, "gate")]
        assert [each.id for each in find(net, Kind.SEND, "gate")] == [each.cause for each in ends]
        assert Kind.DROP is ends[-1].kind


@in_loop
async def test_a_fault_of_a_node_reaches_who_waits():
    """It switches off, the others live on; its tape says why it went."""
    async with make_talkers() as net:
        await net.until(lambda: net["caller"].conns)
        with pytest.raises(ValueError, match="caller cannot"):
            net.do(Mine("caller"))
        await net.until(lambda: len(net["echo"].events) == 2)

        assert ["ValueError"] == [each.detail.partition(":")[0] for each in find(net, Kind.KILL, "caller")]
        assert "disconnected" == net["echo"].events[-1][0]


@in_loop
async def test_a_network_that_is_not_recorded_keeps_nothing():
    """It works all the same."""
    async with make_far() as far, make_near(far.get_address(FAR), recorded=False) as near:
        await play(near, far)

        assert [] == near.tape.records == near.tape.parties
