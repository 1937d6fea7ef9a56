"""Nodes of eras before witnesses (BIP 141, 0.13.1 in 2016): what they ask for, and what they make of it."""

from functools import cache

import pytest
from support.bitcoin_chains import FAR_FUTURE, REGTEST
from support.bitcoin_dialogue import make_node, make_peer_version, sent
from support.bitcoin_pump import Pump
from support.spendings import RING, WITNESS_ANN

from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import MINUTE, SECOND, Address
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.disk import read_disk
from blockchain_lab.bitcoin.messages import (
    MSG_BLOCK,
    MSG_WITNESS_BLOCK,
    GetData,
    Headers,
    Verack,
)
from blockchain_lab.bitcoin.miner import make_block, mine_chain
from blockchain_lab.bitcoin.network_address import NODE_NETWORK, NODE_WITNESS
from blockchain_lab.bitcoin.params import NETWORKS, Network
from blockchain_lab.bitcoin.rules import is_segwit_active
from blockchain_lab.bitcoin.serving import strip
from blockchain_lab.bitcoin.signing import sign_inputs
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput
from blockchain_lab.bitcoin.verdict import Flags, get_block_flags

OLD = ("2010", "2014", "lecture")
NEW = ("plain", "today")
AGED = 101  # blocks: the first coinbase may be spent
OLD_RULES = REGTEST.known_to(NODE_NETWORK)


def make_chain_state(network: Network, *blocks: Block) -> ChainState:
    """101 mined blocks, and some more."""
    store = ContentStore()
    chain = ChainState(read_disk({"mined": AGED}, network, store), store)
    for block in blocks:
        chain.add_block(block, FAR_FUTURE)
    return chain


@cache
def make_payments() -> tuple[Transaction, Transaction]:
    """A coinbase of anyone's is paid to a witness program, and that is spent with its owner's witness."""
    coinbase = mine_chain(AGED)[0].transactions[0]
    value = coinbase.outputs[0].value
    paid = TxOutput(value - 1_000, WITNESS_ANN)
    first = Transaction(2, (TxInput(OutPoint(coinbase.txid(), 0), b""),), (paid,))
    back = TxOutput(value - 2_000, b"\x51")
    second = Transaction(2, (TxInput(OutPoint(first.txid(), 0), b""),), (back,))
    return first, sign_inputs(second, [paid], RING)


@cache
def make_blocks() -> tuple[Block, Block]:
    """A block for each of the two payments."""
    chain = make_chain_state(REGTEST)
    blocks = []
    for tx in make_payments():
        tip = chain.tip
        block = make_block(tip, tip.header.time + 600, b"w", REGTEST, transactions=[tx], fees=1_000)
        chain.add_block(block, FAR_FUTURE)
        blocks.append(block)
    return blocks[0], blocks[1]


@pytest.mark.parametrize("era", OLD)
def test_an_old_node_follows_a_chain_whose_witnesses_it_never_sees(era: str) -> None:
    """It asks for blocks as it always has, gets them without, and finds nothing wrong with them."""
    pump = Pump()
    ann = pump.add("ann", disk={"mined": AGED, "blocks": list(make_blocks())})
    otto = pump.add("otto", ("ann",), policy={"era": era})
    pump.run(until=MINUTE)

    asked = [item.type for _, _, m in pump.sent if isinstance(m, GetData) for item in m.items]
    assert {MSG_BLOCK} == set(asked)
    assert ann.chain.tip == otto.chain.tip
    stored = otto.chain.get_block(otto.chain.tip.hash)
    assert not any(tx.has_witness for tx in stored.transactions)
    assert [tx.txid() for tx in make_blocks()[1].transactions] == [tx.txid() for tx in stored.transactions]
    assert dict(ann.chain.ledger.coins) == dict(otto.chain.ledger.coins)
    assert [] == pump.hang_ups


@pytest.mark.parametrize("era", NEW)
def test_a_node_that_knows_witnesses_asks_for_them(era: str) -> None:
    """And keeps them."""
    pump = Pump()
    pump.add("ann", disk={"mined": AGED, "blocks": list(make_blocks())})
    bob = pump.add("bob", ("ann",), policy={"era": era})
    pump.run(until=MINUTE)

    asked = [item.type for _, _, m in pump.sent if isinstance(m, GetData) for item in m.items]
    assert {MSG_WITNESS_BLOCK} == set(asked)
    assert make_blocks()[1] == bob.chain.get_block(bob.chain.tip.hash)


def test_a_block_without_its_witnesses_is_refused_by_who_knows_them_only() -> None:
    """The header commits to both forms: to one by the txids, to the other by the coinbase."""
    paid, spent = make_blocks()
    bare = strip(spent)
    new, old = make_chain_state(REGTEST, paid), make_chain_state(OLD_RULES, paid)

    assert spent.header == bare.header
    with pytest.raises(ValueError, match="bad-witness-nonce-size"):
        new.add_block(bare, FAR_FUTURE)
    old.add_block(bare, FAR_FUTURE)
    new.add_block(spent, FAR_FUTURE)
    assert old.tip == new.tip


def test_what_a_witness_protects_is_anyones_for_an_old_node() -> None:
    """Why miners had to be asked first: a theft that old rules allow splits the old nodes off."""
    paid, _ = make_blocks()
    new, old = make_chain_state(REGTEST, paid), make_chain_state(OLD_RULES, paid)
    theft = Transaction(2, make_payments()[1].inputs, make_payments()[1].outputs)
    tip = new.tip
    block = make_block(tip, tip.header.time + 600, b"thief", REGTEST, transactions=[theft], fees=1_000)

    old.add_block(block, FAR_FUTURE)
    assert block.header.hash() == old.tip.hash
    with pytest.raises(ValueError, match="Witness program hash mismatch"):
        new.add_block(block, FAR_FUTURE)
    assert paid.header.hash() == new.tip.hash


def test_who_knows_witnesses_asks_nobody_who_has_none_for_a_block() -> None:
    """Such a block could not be judged; its header is believed, and the next peer is asked."""
    node = make_node()
    blocks = mine_chain(3)
    headers = Headers(tuple(block.header for block in blocks))
    asked = []
    for conn, services in ((2, NODE_NETWORK), (4, NODE_NETWORK | NODE_WITNESS)):
        node.on_connected(conn, Address("10.9.9.9", 8333), False, 0)
        node.on_message(conn, make_peer_version(3, services=services), 0)
        node.on_message(conn, Verack(), 0)
        effects = node.on_message(conn, headers, SECOND)
        asked.append([message for message in sent(effects, conn) if isinstance(message, GetData)])

    assert 3 == node.chain.best_header.height
    assert [] == asked[0]
    assert [MSG_WITNESS_BLOCK] * 3 == [item.type for item in asked[1][0].items]


def test_before_the_soft_fork_old_peers_are_as_good_as_new_ones() -> None:
    """On mainnet witnesses count from block 481,824 on; for an old node never, nor the rule of the dummy."""
    mainnet = NETWORKS["mainnet"]
    old = mainnet.known_to(NODE_NETWORK)

    assert mainnet is mainnet.known_to(NODE_NETWORK | NODE_WITNESS)
    assert [False, True] == [is_segwit_active(height, mainnet) for height in (481_823, 481_824)]
    assert not is_segwit_active(900_000, old)
    since = Flags.WITNESS | Flags.NULLDUMMY
    assert get_block_flags(900_000, mainnet) == get_block_flags(900_000, old) | since
    assert not get_block_flags(900_000, old) & since
