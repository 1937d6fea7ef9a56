"""Under which name two peers speak of a transaction: its txid, or since 2020 its wtxid (BIP 339).

    both said `wtxidrelay`    inv (MSG_WTX, wtxid)    getdata (MSG_WTX, wtxid)
    all others                inv (MSG_TX, txid)      getdata (MSG_TX, txid), with witnesses if both know them

A txid does not cover witnesses, so anybody can make a twin with the same txid and a witness that is wrong.
Who asks by txid may be given the twin, and cannot refuse it without refusing the honest one, too. A parent is
asked for by txid from everybody: an input names no wtxid.

What is asked for is written as an `InventoryItem` with its type in `getdata`. Source: Bitcoin Core
`net_processing.cpp` (ProcessMessage on inv, GetFetchFlags), since 0.21.
"""

from collections.abc import Iterable
from typing import Final

from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.eras import Era
from blockchain_lab.bitcoin.messages import MSG_TX, MSG_WITNESS_TX, MSG_WTX, InventoryItem
from blockchain_lab.bitcoin.network_address import NODE_WITNESS
from blockchain_lab.bitcoin.peers import Peer
from blockchain_lab.bitcoin.tx import Transaction

RECENT_BLOCKS: Final = 6  # Core remembers 48,000 names of confirmed transactions: those of about six blocks


def get_announced_type(peer: Peer) -> int:
    """How this peer and we announce transactions to each other."""
    return MSG_WTX if peer.names_by_wtxid else MSG_TX


def get_name(peer: Peer, tx: Transaction) -> bytes:
    """What this peer and we call it, 32 bytes."""
    return tx.wtxid() if peer.names_by_wtxid else tx.txid()


def make_item(peer: Peer, tx: Transaction) -> InventoryItem:
    """As it stands in an `inv` to this peer."""
    return InventoryItem(get_announced_type(peer), get_name(peer, tx))


def ask_by_txid(peer: Peer, txid: bytes, era: Era) -> InventoryItem:
    """As it stands in a `getdata` to this peer: with its witnesses, if both sides know them (BIP 144)."""
    theirs = 0 if peer.version is None else peer.version.services
    return InventoryItem(MSG_WITNESS_TX if theirs & era.services & NODE_WITNESS else MSG_TX, txid)


def read_announced(peer: Peer, items: Iterable[InventoryItem], era: Era) -> list[InventoryItem]:
    """The transactions that an `inv` names, each once, as they would be asked for.

    Names of the kind that we have not agreed on are ignored, as Core does.
    """
    wanted = get_announced_type(peer)
    names = dict.fromkeys(item.hash for item in items if item.type == wanted)
    if peer.names_by_wtxid:
        return [InventoryItem(MSG_WTX, name) for name in names]
    return [ask_by_txid(peer, name, era) for name in names]


def is_confirmed_lately(wtxid: bytes, chain: ChainState) -> bool:
    """Does one of the last blocks hold it? A wtxid finds no coins, so it is looked for in the blocks."""
    last = chain.active.get_slice(max(0, chain.height + 1 - RECENT_BLOCKS), chain.height + 1)
    return any(wtxid in get_wtxids(entry.hash, chain) for entry in last)


def get_wtxids(block: bytes, chain: ChainState) -> frozenset[bytes]:
    """Of the transactions of a block that we have. Collected once for all peers."""
    return chain.store.once(
        "wtxids", block, lambda: frozenset(tx.wtxid() for tx in chain.get_block(block).transactions)
    )
