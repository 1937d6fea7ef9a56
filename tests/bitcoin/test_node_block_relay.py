"""One new block, four ways to pass it on; and short ids that do not lead where they should."""

from dataclasses import replace

import pytest
from support.bitcoin_dialogue import facts, hang_ups, make_node, meet, sent, topics
from support.bitcoin_pump import Pump
from support.bitcoin_purse import Purse

from blockchain_lab.base.actions import Mine, Pay
from blockchain_lab.base.effects import Send
from blockchain_lab.base.units import MINUTE, SECOND
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.compact import make_compact_block
from blockchain_lab.bitcoin.messages import (
    MSG_CMPCT_BLOCK,
    MSG_WITNESS_BLOCK,
    BlockTransactions,
    CompactBlock,
    GetBlockTransactions,
    GetData,
    InventoryItem,
    SendCompact,
)
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.tx import Transaction

RICH = {"mined": 130}  # a disk on which thirty coinbases may be spent
KEEP_ALIVE = ("ping", "pong")


def make_pair(**policy: object) -> tuple[Pump, BitcoinNode, BitcoinNode]:
    """Ann, and Bob who dials her; both have the same chain and have said all that there is to say."""
    pump = Pump()
    ann = pump.add("ann", disk=RICH, policy=policy)
    bob = pump.add("bob", dials=("ann",), disk=RICH, policy=policy)
    pump.run(until=MINUTE)
    return pump, ann, bob


def pass_on(pump: Pump, count: int = 1) -> list[tuple[str, str]]:
    """Ann finds blocks, one after the other; what is said about the last of them."""
    for _ in range(count):
        pump.sent.clear()
        pump.do("ann", Mine("ann"))
        pump.run(until=pump.now + 10 * SECOND)
    return [(sender, m.command) for sender, _, m in pump.sent if m.command not in KEEP_ALIVE]


def test_everybody_understands_inv() -> None:
    """A name, a question for the header and for the block: two round trips before it comes."""
    pump, ann, bob = make_pair(announce="inv")

    assert [
        *[("ann", "inv"), ("bob", "getheaders"), ("ann", "headers")],
        *[("bob", "getdata"), ("ann", "block")],
    ] == pass_on(pump)
    assert ann.chain.tip == bob.chain.tip


def test_a_header_saves_a_question() -> None:
    """BIP 130: who has shown a chain is asked to announce by headers. One round trip."""
    pump, ann, bob = make_pair(announce="headers")

    assert [("ann", "headers"), ("bob", "getdata"), ("ann", "block")] == pass_on(pump)
    assert ann.chain.tip == bob.chain.tip


def test_short_ids_save_the_transactions() -> None:
    """BIP 152, low bandwidth: the block is asked for as short ids; Bob has all of its transactions."""
    pump, ann, bob = make_pair(announce="compact")
    pump.do("ann", Pay("ann"))
    pump.run(until=pump.now + SECOND)
    words = pass_on(pump)

    assert [("ann", "headers"), ("bob", "getdata"), ("ann", "cmpctblock")] == words
    assert 2 == len(bob.chain.get_block(bob.chain.tip.hash).transactions)
    assert ann.chain.tip == bob.chain.tip


def test_the_fastest_peer_may_send_short_ids_unasked() -> None:
    """BIP 152, high bandwidth: not even half a round trip, from the second block on."""
    pump, ann, bob = make_pair(announce="compact-unasked")

    assert ("bob", "sendcmpct") in pass_on(pump)
    assert [("ann", "cmpctblock")] == pass_on(pump)
    assert ann.chain.tip == bob.chain.tip


def test_a_whole_block_unasked() -> None:
    """The way of textbooks: one message, however many others send the same."""
    pump, ann, bob = make_pair(push_blocks=True)

    assert [("ann", "block")] == pass_on(pump)
    assert ann.chain.tip == bob.chain.tip


def test_bytes_and_time_of_each_way() -> None:
    """The same block of twenty payments: how many messages one after the other, and how many bytes.

    All that is said from Ann's block to Bob's tip is counted, envelopes included.
    """
    costs = {}
    for policy in ({"announce": way} for way in ("inv", "headers", "compact", "compact-unasked")):
        pump, _, bob = make_pair(**policy)
        pass_on(pump, count=2)
        for _ in range(20):
            pump.do("ann", Pay("ann"))
        pump.run(until=pump.now + SECOND)
        words = pass_on(pump)
        assert 21 == len(bob.chain.get_block(bob.chain.tip.hash).transactions)
        costs[policy["announce"]] = (len(words), sum(m.size for _, _, m in pump.sent))

    assert [5, 3, 3, 1] == [messages for messages, _ in costs.values()]
    by_inv, by_headers, by_ids, unasked = (size for _, size in costs.values())
    assert by_inv > by_headers > 3 * by_ids > 3 * unasked


def test_what_the_pool_lacks_is_asked_for() -> None:
    """A payment that Bob never heard of: the block has one gap, and one question more fills it."""
    pump, ann, bob = make_pair(announce="compact")
    pump.do("ann", Pay("ann"))
    pump.run(until=pump.now + SECOND)
    unheard = Purse(ann.chain, ann.pool)
    secret = unheard.make(unheard.coinbase(1))
    unheard.admit(secret)

    assert [
        *[("ann", "headers"), ("bob", "getdata"), ("ann", "cmpctblock")],
        *[("bob", "getblocktxn"), ("ann", "blocktxn")],
    ] == pass_on(pump)
    assert ann.chain.tip == bob.chain.tip
    assert secret in bob.chain.get_block(bob.chain.tip.hash).transactions
    (told,) = [note for who, topic, note in pump.notes if (who, topic) == ("bob", "compact block")]
    assert (1, 2, 1) == (told["whole"], told["named"], told["missing"])


# --- Short ids that lead astray -------------------------------------------------------------------------


def make_listener() -> tuple[BitcoinNode, Block, Transaction]:
    """A node that speaks compact blocks, a block of one payment on its tip, and that payment."""
    node = make_node(disk=RICH, policy={"announce": "compact"})
    meet(node, 2, height=130)
    node.on_message(2, SendCompact(announce=True, version=2), 0)
    purse = Purse(node.chain)
    payment = purse.make(purse.coinbase(1))
    return node, purse.mine(node.chain.tip, payment), payment


def test_an_answer_fills_the_gap() -> None:
    """The plain case, word by word."""
    node, block, payment = make_listener()
    effects = node.on_message(2, make_compact_block(block, nonce=7), 0)

    assert {"whole": 1, "named": 1, "missing": 1, "hash": block.header.hash()[::-1].hex()} == facts(
        effects, "compact block"
    )
    assert [GetBlockTransactions(block.header.hash(), (1,))] == sent(effects)
    node.on_message(2, BlockTransactions(block.header.hash(), (payment,)), 1)
    assert block.header.hash() == node.chain.tip.hash


def test_a_wrong_answer_leads_to_the_whole_block() -> None:
    """Another transaction than the one named: nobody can say whose fault it is, so the block is asked for."""
    node, block, payment = make_listener()
    node.on_message(2, make_compact_block(block, nonce=7), 0)
    wrong = replace(payment, lock_time=1)

    effects = node.on_message(2, BlockTransactions(block.header.hash(), (wrong,)), 1)

    assert ["compact block failed"] == topics(effects)
    assert [GetData((InventoryItem(MSG_WITNESS_BLOCK, block.header.hash()),))] == sent(effects)
    node.on_message(2, block, 2)
    assert block.header.hash() == node.chain.tip.hash


def test_two_equal_short_ids_lead_to_the_whole_block() -> None:
    """A collision in the block itself: an accident of one in 2**48, or a joke."""
    node, block, _ = make_listener()
    compact = make_compact_block(block, nonce=7)
    doubled = replace(compact, short_ids=compact.short_ids * 2)

    effects = node.on_message(2, doubled, 0)

    assert ["headers accepted", "best header", "compact block failed"] == topics(effects)
    assert [GetData((InventoryItem(MSG_WITNESS_BLOCK, block.header.hash()),))] == sent(effects)


@pytest.mark.parametrize("count", [0, 2])
def test_more_or_fewer_than_asked_for_is_a_fault(count: int) -> None:
    """One was asked for."""
    node, block, payment = make_listener()
    node.on_message(2, make_compact_block(block, nonce=7), 0)

    effects = node.on_message(2, BlockTransactions(block.header.hash(), (payment,) * count), 1)

    assert [f"blocktxn: asked for 1 transactions, found {count}"] == [end.reason for end in hang_ups(effects)]


def test_what_was_not_asked_for_is_ignored() -> None:
    """An answer without a question, and one to a question of long ago."""
    node, block, payment = make_listener()

    assert [] == node.on_message(2, BlockTransactions(block.header.hash(), (payment,)), 0)


def test_a_compact_block_without_work_ends_the_connection() -> None:
    """Its header is judged like any header."""
    node, block, _ = make_listener()
    lazy = block.header
    while lazy.hash()[-1] < 0x80:
        lazy = replace(lazy, nonce=lazy.nonce + 1)

    effects = node.on_message(2, CompactBlock(lazy, 7, (), ()), 0)

    assert ["header with invalid proof of work"] == [end.reason for end in hang_ups(effects)]


def test_an_invalid_block_in_short_ids_costs_its_sender_nothing() -> None:
    """It may have passed it on before judging it: the block is refused, the line stays open."""
    node, _, payment = make_listener()
    double = Purse(node.chain).mine(node.chain.tip, payment, replace(payment, lock_time=5))
    node.on_message(2, make_compact_block(double, nonce=7), 0)

    effects = node.on_message(2, BlockTransactions(double.header.hash(), double.transactions[1:]), 1)

    assert "block invalid" in topics(effects)
    assert [] == hang_ups(effects)
    assert 130 == node.chain.height


def test_what_a_peer_may_ask_of_a_block() -> None:
    """Places that it has; a place that it has not ends the connection; an unknown block is nobody's fault."""
    node, block, payment = make_listener()
    node.on_message(2, block, 0)
    name = block.header.hash()

    assert [BlockTransactions(name, (payment,))] == sent(
        node.on_message(2, GetBlockTransactions(name, (1,)), 1)
    )
    assert [] == node.on_message(2, GetBlockTransactions(bytes(32), (0,)), 1)
    asked = GetData((InventoryItem(MSG_CMPCT_BLOCK, name),))
    assert [CompactBlock] == [type(message) for message in sent(node.on_message(2, asked, 1))]
    effects = node.on_message(2, GetBlockTransactions(name, (2,)), 2)
    assert ["getblocktxn with out-of-bounds tx indices"] == [end.reason for end in hang_ups(effects)]


def test_an_old_block_is_sent_whole() -> None:
    """Nobody has the transactions of eleven blocks ago in a pool: block, not short ids, not single ones."""
    node, _, _ = make_listener()
    for height, ask in ((124, MSG_CMPCT_BLOCK), (125, MSG_CMPCT_BLOCK)):
        items = GetData((InventoryItem(ask, node.chain.active[height].hash),))
        (answer,) = sent(node.on_message(2, items, 0))
        assert (Block if height == 124 else CompactBlock) is type(answer)
    old = node.chain.active[119].hash
    assert [node.chain.get_block(old)] == sent(node.on_message(2, GetBlockTransactions(old, (0,)), 0))


def test_at_most_three_peers_send_unasked() -> None:
    """The one that was fast longest ago is told to stop when a fourth was faster."""
    node = make_node(disk=RICH, policy={"announce": "compact-unasked"})
    told = {}
    for conn in (2, 4, 6, 8):
        meet(node, conn, height=130)
        node.on_message(conn, SendCompact(announce=False, version=2), 0)
        effects = node.on_message(conn, Purse(node.chain).mine(node.chain.tip), 0)
        sends = [effect for effect in effects if isinstance(effect, Send)]
        told[conn] = [(s.conn, s.message.announce) for s in sends if isinstance(s.message, SendCompact)]

    assert {2: [(2, True)], 4: [(4, True)], 6: [(6, True)], 8: [(8, True), (2, False)]} == told
