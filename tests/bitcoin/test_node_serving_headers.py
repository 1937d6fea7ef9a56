"""What others want from us: new blocks announced, headers and blocks served."""

from dataclasses import replace

from support.bitcoin_chains import mine_child
from support.bitcoin_dialogue import (
    make_node,
    meet,
    sent,
)
from support.bitcoin_pump import STARTED_AT, Pump

from blockchain_lab.base.actions import Mine
from blockchain_lab.base.effects import Send
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin.codec import hash256
from blockchain_lab.bitcoin.locator import make_locator
from blockchain_lab.bitcoin.messages import (
    MSG_BLOCK,
    MSG_WITNESS_BLOCK,
    Block,
    GetData,
    GetHeaders,
    Headers,
    InventoryItem,
    SendHeaders,
)
from blockchain_lab.bitcoin.miner import find_nonce, mine_chain
from blockchain_lab.bitcoin.rules import COMMITMENT_HEAD
from blockchain_lab.bitcoin.tx import TxOutput

HEADERS = tuple(block.header for block in mine_chain(2_500))


def test_a_new_block_is_announced_as_a_header_to_who_asked_for_that() -> None:
    """Ann said sendheaders once Bob had shown his chain; Bob's next block reaches her without an inv."""
    pump = Pump()
    pump.add("bob", disk={"mined": 10})
    ann = pump.add("ann", dials=("bob",))
    pump.run(until=SECOND)
    before = len(pump.sent)

    pump.do("bob", Mine("bob"))
    pump.run(until=2 * SECOND)

    news = [(a, b, message.command) for a, b, message in pump.sent[before:]]
    assert [("bob", "ann", "headers"), ("ann", "bob", "getdata"), ("bob", "ann", "block")] == news
    assert 11 == ann.chain.height


def test_a_header_is_announced_once() -> None:
    """What Bob has told Ann counts as known to her, even before she has said anything."""
    node = make_node(disk={"mined": 10})
    meet(node, 3, inbound=True)
    node.on_message(3, SendHeaders(), 0)
    node.on_message(3, GetHeaders(70015, (node.chain.tip.hash,)), 0)

    first = [message for message in sent(node.on_command(Mine("ann"), 0)) if isinstance(message, Headers)]
    second = [message for message in sent(node.on_command(Mine("ann"), 0)) if isinstance(message, Headers)]

    assert [[11], [12]] == [
        [node.chain.tree[header.hash()].height for header in message.headers]
        for (message,) in (first, second)
    ]


def test_nine_new_blocks_at_once_are_announced_by_inv() -> None:
    """Eight headers at most (Core's MAX_BLOCKS_TO_ANNOUNCE); Ann asks for the headers then."""
    for count, first in ((8, "headers"), (9, "inv")):
        pump = Pump()
        pump.add("bob", disk={"mined": 10})
        ann = pump.add("ann", dials=("bob",))
        pump.run(until=SECOND)
        before = len(pump.sent)

        pump.do("bob", Mine("bob", count))
        pump.run(until=3 * SECOND)

        assert first == pump.sent[before][2].command
        assert 10 + count == ann.chain.height


def test_getheaders_is_answered_even_with_nothing() -> None:
    """Who asks from our tip gets an empty answer, as from Core; a stop hash is the last one given."""
    node = make_node(disk={"mined": 30})
    meet(node, 3, inbound=True)
    tip, fifth = node.chain.tip, node.chain.active[5]

    assert [Send(3, Headers(()))] == node.on_message(3, GetHeaders(70015, make_locator(tip)), 0)
    (answer,) = sent(node.on_message(3, GetHeaders(70015, (), fifth.hash), 0))
    assert Headers((fifth.header,)) == answer
    (answer,) = sent(node.on_message(3, GetHeaders(70015, (node.chain.active[3].hash,), fifth.hash), 0))
    assert Headers((node.chain.active[4].header, fifth.header)) == answer


def test_who_does_not_ask_for_witnesses_gets_none() -> None:
    """BIP 144: MSG_BLOCK means the block as it was before; the header commits to it all the same."""
    node = make_node()
    meet(node, 3, inbound=True)
    plain, _ = mine_child(node.chain.tip)
    (coinbase,) = plain.transactions
    mark = TxOutput(0, COMMITMENT_HEAD + hash256(bytes(64)))
    full = replace(coinbase, outputs=(*coinbase.outputs, mark), witnesses=((bytes(32),),))
    header = find_nonce(replace(plain.header, merkle_root=full.txid()))
    block = Block(header, (full,))
    node.chain.add_block(block, header.time)

    stripped = Block(header, (replace(full, witnesses=()),))
    for kind, expected in ((MSG_WITNESS_BLOCK, block), (MSG_BLOCK, stripped)):
        asked = GetData((InventoryItem(kind, header.hash()),))
        assert [Send(3, expected)] == node.on_message(3, asked, 0)


def test_at_most_two_thousand_headers_are_served() -> None:
    """2,500 blocks: 2,000 headers, then 500."""
    node = make_node(disk={"mined": 2_500})
    meet(node, 3, inbound=True)

    (first,) = sent(node.on_message(3, GetHeaders(70015, (node.chain.active[0].hash,)), 0))
    (second,) = sent(node.on_message(3, GetHeaders(70015, (HEADERS[1_999].hash(),)), 0))

    assert (Headers(HEADERS[:2_000]), Headers(HEADERS[2_000:])) == (first, second)
    assert STARTED_AT > HEADERS[-1].time
