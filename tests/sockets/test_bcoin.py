"""A foreign implementation agrees: bcoin, a real Bitcoin node, and ours synchronise from each other over TCP.

Its chain has 147 common blocks, a stale branch of 3 and a winning one of 4: height 151.
"""

import asyncio
import json
from importlib.resources import files

import pytest
from support.bcoin import running_bcoin, shared_bcoin
from support.bcoin_line import REGTEST, Line
from support.event_loop import in_loop

from blockchain_lab.base.units import display_hash
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.envelope import BitcoinCodec
from blockchain_lab.bitcoin.messages import GetBlocks, GetHeaders, Inv
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.sockets.setup import make_setup
from blockchain_lab.sockets.sync import sync
from blockchain_lab.sockets.tcp import TcpHost

HEIGHT = 151
TIP = "39378b21481e9d632255a15857b1418a9372027c15af4d9b1580dc6c64b484c0"
STALE_TIP = "482e647e4f455439a8180c94fd65ec5abfcbc3b9b46ae36830ed3fb424c728b9"


@pytest.fixture(scope="module")
def ahead():
    """One that stays as it is, for those who only take its chain."""
    with shared_bcoin(blocks=150, fork_length=3) as bcoin:
        asyncio.run(bcoin.hear())
        yield bcoin


def get_recorded_chain() -> list[str]:
    """The same 151 blocks as the scenario's, hexadecimal."""
    recording = files("blockchain_lab.scenarios").joinpath("data", "bcoin_regtest_chain.json")
    return json.loads(recording.read_text(encoding="utf-8"))["blocks"]


@in_loop
async def test_our_node_synchronises_headers_first_from_bcoin(ahead):
    """The unmodified node: headers first, then all 151 blocks, and bcoin's tip is ours."""
    line = Line(BitcoinNode, neighbours=(ahead.address,))
    async with line.host:
        await line.until_tip(TIP)
        topics = [note.topic for note in line.notes]

        assert (HEIGHT, TIP) == (ahead.height, ahead.tip)
        assert HEIGHT == line.node.chain.height
        assert line.find_said(GetHeaders)
        assert not line.find_said(GetBlocks)
        assert topics.index("headers accepted") < topics.index("block accepted")
        assert HEIGHT == topics.count("block accepted")
        assert [] == line.find_faults()
        assert [bytes.fromhex(raw) for raw in get_recorded_chain()] == [
            block.encode() for block in line.node.stored()["blocks"]
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
async def test_six_hundred_blocks_come_in_two_bundles():
    """From our node to a bcoin without a chain, and on to a node of ours of 2014: by getblocks and inv.

    Whoever has fetched the last block of a bundle of 500 is told of the tip. It fetches that, too, and asks
    what comes before it: bcoin names the tip once more in its answer, we do not, as in Core.
    """
    giver = Line(BitcoinNode, disk={"mined": 600})
    async with (
        giver.host,
        running_bcoin(blocks=0, fork_length=0, dial=giver.host.address) as bcoin,
    ):
        heights = await bcoin.until(600, giver.tip)
        taker = Line(BitcoinNode, neighbours=(bcoin.address,), policy={"era": "2014"})
        async with taker.host:
            await taker.until_tip(giver.tip)

            assert list(range(601)) == heights
            assert [500, 1, 99] == [len(inv.items) for inv in giver.find_said(Inv)]
            assert [500, 1, 100] == [len(inv.items) for inv in taker.find_heard(Inv)]
            assert [] == taker.find_faults()


@in_loop
async def test_a_synchronisation_reports_how_far_it_is(ahead):
    """Who waits is told the goal, headers and blocks, and in the end the other node's name."""
    told: list[tuple[int, int, int]] = []
    result = await sync(ahead.address, REGTEST, lambda *numbers: told.append(numbers))

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
