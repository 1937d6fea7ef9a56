"""A foreign implementation agrees: bcoin, a real Bitcoin node, and ours synchronise from each other over TCP.

Its chain has 147 common blocks, a stale branch of 3 and a winning one of 4: height 151.
"""

import json
from importlib.resources import files

from support.bcoin import running_bcoin
from support.event_loop import in_loop

from blockchain_lab.base.units import display_hash
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.envelope import BitcoinCodec
from blockchain_lab.bitcoin.messages import GetBlocks, GetHeaders
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.params import NETWORKS
from blockchain_lab.sockets.setup import make_setup
from blockchain_lab.sockets.sync import sync
from blockchain_lab.sockets.tcp import TcpHost

REGTEST = NETWORKS["regtest"]
HEIGHT = 151
TIP = "39378b21481e9d632255a15857b1418a9372027c15af4d9b1580dc6c64b484c0"
STALE_TIP = "482e647e4f455439a8180c94fd65ec5abfcbc3b9b46ae36830ed3fb424c728b9"


class Tap(BitcoinCodec):
    """The codec of every Bitcoin node, which also notes what we say."""

    def __init__(self) -> None:
        super().__init__(REGTEST.magic)
        self.said: list[type] = []

    def frame(self, message):
        self.said.append(type(message))
        return super().frame(message)


def get_recorded_chain() -> list[str]:
    """The same 151 blocks as the scenario's, hexadecimal."""
    recording = files("blockchain_lab.scenarios").joinpath("data", "bcoin_regtest_chain.json")
    return json.loads(recording.read_text(encoding="utf-8"))["blocks"]


@in_loop
async def test_our_node_synchronises_headers_first_from_bcoin():
    """The unmodified node: headers first, then all 151 blocks, and bcoin's tip is ours."""
    async with running_bcoin(blocks=150, fork_length=3) as bcoin:
        codec, notes = Tap(), []
        host = TcpHost(
            BitcoinNode,
            make_setup("ann", neighbours=[bcoin.address]),
            codec,
            listen=False,
            on_note=notes.append,
        )
        async with host:
            await host.until(lambda: host.node.chain.height == HEIGHT)
            topics = [note.topic for note in notes]

            assert (HEIGHT, TIP) == (bcoin.height, bcoin.tip)
            assert TIP == display_hash(host.node.chain.tip.hash)
            assert GetHeaders in codec.said
            assert GetBlocks not in codec.said
            assert topics.index("headers accepted") < topics.index("block accepted")
            assert HEIGHT == topics.count("block accepted")
            assert "peer misbehaved" not in topics
            assert [bytes.fromhex(raw) for raw in get_recorded_chain()] == [
                block.encode() for block in host.node.stored()["blocks"]
            ]


@in_loop
async def test_bcoin_synchronises_and_reorganises_from_our_node():
    """It dials us from its own stale tip at 150, and ends on ours: 3 blocks undone, 4 done."""
    setup = make_setup("ann", disk={"blocks": get_recorded_chain()})
    notes = []
    async with (
        TcpHost(BitcoinNode, setup, BitcoinCodec(REGTEST.magic), on_note=notes.append) as host,
        running_bcoin(blocks=150, fork_length=0, dial=host.address) as bcoin,
    ):
        began = (bcoin.height, bcoin.tip)
        heights = await bcoin.until(HEIGHT, TIP)

        assert (150, STALE_TIP) == began
        assert [150, 149, 148, 147, 148, 149, 150, 151] == heights
        assert TIP == display_hash(host.node.chain.tip.hash)
        assert "peer misbehaved" not in [note.topic for note in notes]


@in_loop
async def test_a_bcoin_without_a_chain_takes_all_of_ours():
    """From height 0 to 151, block by block, by getblocks: bcoin catches up as Bitcoin did before 2015."""
    setup = make_setup("ann", disk={"blocks": get_recorded_chain()})
    async with (
        TcpHost(BitcoinNode, setup, BitcoinCodec(REGTEST.magic)) as host,
        running_bcoin(blocks=0, fork_length=0, dial=host.address) as bcoin,
    ):
        heights = await bcoin.until(HEIGHT, TIP)

        assert list(range(HEIGHT + 1)) == heights


@in_loop
async def test_a_synchronisation_reports_how_far_it_is():
    """Who waits is told the goal, headers and blocks, and in the end the other node's name."""
    async with running_bcoin(blocks=150, fork_length=3) as bcoin:
        told: list[tuple[int, int, int]] = []
        result = await sync(bcoin.address, REGTEST, lambda *numbers: told.append(numbers))

        assert (HEIGHT, TIP) == (result.height, result.tip)
        assert "/bcoin:v1.0.2/" == result.user_agent
        assert (HEIGHT, HEIGHT, HEIGHT) == told[-1]
        assert (HEIGHT, HEIGHT, 0) in told
        assert sorted(told) == told


@in_loop
async def test_a_bcoin_at_height_zero_has_nothing_to_give():
    """To getheaders it says nothing then, and we do not wait for it."""
    async with running_bcoin(blocks=0, fork_length=0) as bcoin:
        result = await sync(bcoin.address, REGTEST, lambda *numbers: None)

        assert 0 == result.height
        assert display_hash(Block.decode(REGTEST.genesis.encode()).header.hash()) == result.tip
