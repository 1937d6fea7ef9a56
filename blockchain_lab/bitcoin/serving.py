"""Answers to those who ask: headers, names of blocks, blocks, transactions. Only the active chain is served.

Source: Bitcoin Core `net_processing.cpp` (ProcessMessage on getheaders and getblocks, ProcessGetData).
"""

from dataclasses import replace

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.compact import make_compact_block
from blockchain_lab.bitcoin.constants import MAX_BLOCKS_IN_INV, MAX_COMPACT_DEPTH
from blockchain_lab.bitcoin.locator import find_fork
from blockchain_lab.bitcoin.mempool import Mempool
from blockchain_lab.bitcoin.messages import (
    MSG_BLOCK,
    MSG_CMPCT_BLOCK,
    MSG_TX,
    MSG_WITNESS_BLOCK,
    MSG_WITNESS_TX,
    MSG_WTX,
    CompactBlock,
    GetBlocks,
    GetData,
    GetHeaders,
    Headers,
    Inv,
    InventoryItem,
    NotFound,
    Transaction,
)
from blockchain_lab.bitcoin.messages_announce import LocatorMessage
from blockchain_lab.bitcoin.messages_data import MAX_HEADERS
from blockchain_lab.bitcoin.peers import Peer


def on_getheaders(peer: Peer, message: GetHeaders, chain: ChainState) -> list[Effect]:
    """At most 2,000 headers after the fork, the stop hash included. Core answers even when there are none.

    An empty locator asks for the one header named by `stop`.
    """
    if not message.locator:
        entry = chain.tree.get(message.stop)
        return [] if entry is None else [Send(peer.conn, Headers((entry.header,)))]
    entries = chain.active.get_slice(start := get_start(message, chain), start + MAX_HEADERS)
    end = next((i + 1 for i, entry in enumerate(entries) if entry.hash == message.stop), len(entries))
    peer.best_sent = entries[end - 1] if end else chain.tip
    return [Send(peer.conn, Headers(tuple(entry.header for entry in entries[:end])))]


def on_getblocks(peer: Peer, message: GetBlocks, chain: ChainState) -> list[Effect]:
    """The names of at most 500 blocks after the fork, the stop hash excluded; silence when there are none.

    When 500 are not all, whoever fetches the last of them is told of our tip, so that it asks again.
    """
    entries = chain.active.get_slice(start := get_start(message, chain), start + MAX_BLOCKS_IN_INV)
    names = [entry.hash for entry in entries]
    if message.stop in names:
        names = names[: names.index(message.stop)]
    elif len(names) == MAX_BLOCKS_IN_INV:
        peer.continue_at = names[-1]
    return [Send(peer.conn, Inv(tuple(InventoryItem(MSG_BLOCK, name) for name in names)))] if names else []


def on_getdata(
    peer: Peer, message: GetData, chain: ChainState, pool: Mempool, random: CounterRandom
) -> list[Effect]:
    """The blocks and transactions that we have, in the order asked for.

    Core says `notfound` for transactions only; who asks for a block that we do not have hears nothing.
    random: for the key of short ids, which nobody shall foresee.
    """
    effects: list[Effect] = []
    missing = []
    for item in message.items:
        if item.type in (MSG_BLOCK, MSG_WITNESS_BLOCK, MSG_CMPCT_BLOCK):
            effects += send_block(peer, item, chain, random)
        elif item.type in (MSG_TX, MSG_WITNESS_TX, MSG_WTX):
            tx = pool.find(item.hash) if item.type == MSG_WTX else pool.get(item.hash)
            if tx is None:
                missing.append(item)
            else:
                effects.append(Send(peer.conn, strip_transaction(tx) if item.type == MSG_TX else tx))
    if missing:
        effects.append(Send(peer.conn, NotFound(tuple(missing))))
    return effects


def send_block(peer: Peer, item: InventoryItem, chain: ChainState, random: CounterRandom) -> list[Effect]:
    """One block; behind the last one of an inv of 500, our tip, lest the peer think that was all."""
    if not chain.has_block(item.hash):
        return []
    block = chain.get_block(item.hash)
    effects: list[Effect] = [Send(peer.conn, get_as_wanted(block, item.type, chain, random))]
    if item.hash == peer.continue_at:
        peer.continue_at = None
        effects.append(Send(peer.conn, Inv((InventoryItem(MSG_BLOCK, chain.tip.hash),))))
    return effects


def get_as_wanted(block: Block, kind: int, chain: ChainState, random: CounterRandom) -> Block | CompactBlock:
    """With or without witnesses; in short ids only near the tip, for further down nobody has the rest."""
    if kind == MSG_CMPCT_BLOCK:
        is_new = chain.tree[block.header.hash()].height >= chain.height - MAX_COMPACT_DEPTH
        return make_compact_block(block, random.bits()) if is_new else block
    return block if kind == MSG_WITNESS_BLOCK else strip(block)


def strip(block: Block) -> Block:
    """The block for a peer that does not know witnesses (BIP 144)."""
    if not any(tx.has_witness for tx in block.transactions):
        return block
    return Block.decode(block.encode_stripped())


def strip_transaction(tx: Transaction) -> Transaction:
    """The transaction for a peer that does not know witnesses (BIP 144)."""
    return replace(tx, witnesses=()) if tx.has_witness else tx


def get_start(message: LocatorMessage, chain: ChainState) -> int:
    """The first height that the asking peer lacks."""
    return find_fork(message.locator, chain).height + 1
