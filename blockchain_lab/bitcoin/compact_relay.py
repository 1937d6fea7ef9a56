"""New blocks as short ids: who wants them so, what is missing, and what if it does not work (BIP 152).

    low bandwidth    inv or headers  ->  getdata (compact)  ->  cmpctblock
    high bandwidth   cmpctblock at once, unasked: from the three peers who were fastest lately
    in both          getblocktxn  ->  blocktxn, when some transactions are not in the pool

Source: Bitcoin Core `net_processing.cpp` (ProcessMessage on cmpctblock, getblocktxn, blocktxn,
MaybeSetPeerAsAnnouncingHeaderAndIDs). How a block is put together stands in `compact`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.base.units import ConnectionId
from blockchain_lab.bitcoin import notes
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.compact import (
    BY_WTXID,
    FullBlockWanted,
    Partial,
    fill,
    find_requested,
    reconstruct,
)
from blockchain_lab.bitcoin.messages import (
    MSG_WITNESS_BLOCK,
    BlockTransactions,
    CompactBlock,
    GetBlockTransactions,
    GetData,
    InventoryItem,
    SendCompact,
)
from blockchain_lab.bitcoin.misbehaviour import Fault
from blockchain_lab.bitcoin.peers import Peer, PeerFault, Peers
from blockchain_lab.bitcoin.tx import Transaction

MAX_HIGH_BANDWIDTH: Final = 3  # peers that may send us compact blocks unasked; BIP 152
MAX_TRANSACTIONS_DEPTH: Final = 10  # blocks below the tip; Core MAX_BLOCKTXN_DEPTH


@dataclass(slots=True)
class CompactRelay:
    """Blocks with gaps, one for each peer at most, and who sends us new ones unasked."""

    partials: dict[ConnectionId, Partial] = field(default_factory=dict)
    fastest: dict[ConnectionId, None] = field(default_factory=dict)  # high bandwidth, the best one last

    def on_compact_block(
        self, peer: Peer, message: CompactBlock, pool: Iterable[Transaction]
    ) -> tuple[Block | None, list[Effect]]:
        """The block if we can make it; else what to ask for. PeerFault for what no honest peer sends."""
        result = reconstruct(message, pool)
        name = message.header.hash()
        match result:
            case Block():
                return result, [notes.compact_block(name, message, 0)]
            case Partial():
                self.partials[peer.conn] = result
                note = notes.compact_block(name, message, len(result.missing))
                return None, [note, Send(peer.conn, result.request)]
        return None, self._ask_for_all(peer, name, result)

    def on_transactions(self, peer: Peer, message: BlockTransactions) -> tuple[Block | None, list[Effect]]:
        """What was missing, perhaps. PeerFault for what was not asked for, as it stands."""
        partial = self.partials.get(peer.conn)
        if partial is None or partial.header.hash() != message.block:
            return None, []  # late: the block has come from somebody else
        result = fill(partial, message)
        if isinstance(result, FullBlockWanted) and result.is_fault:
            raise PeerFault(f"blocktxn: {result.reason}", Fault.BAD_COMPACT_BLOCK)
        del self.partials[peer.conn]
        if isinstance(result, Block):
            return result, []
        return None, self._ask_for_all(peer, message.block, result)

    def on_delivered(self, peer: Peer, peers: Peers) -> list[Effect]:
        """A peer was first with a new block: now it may send such unasked, and a slower one no more."""
        if not peer.sends_compact or next(reversed(self.fastest), None) == peer.conn:
            return []
        known = self.fastest.pop(peer.conn, 0) is None
        self.fastest[peer.conn] = None
        if known:
            return []
        effects: list[Effect] = [Send(peer.conn, SendCompact(announce=True, version=BY_WTXID))]
        if len(self.fastest) > MAX_HIGH_BANDWIDTH:
            slowest = next(iter(self.fastest))
            del self.fastest[slowest]
            effects.append(Send(slowest, SendCompact(announce=False, version=BY_WTXID)))
        return effects

    def forget(self, peer: Peer) -> None:
        """The connection is gone."""
        self.partials.pop(peer.conn, None)
        self.fastest.pop(peer.conn, None)

    def _ask_for_all(self, peer: Peer, name: bytes, wanted: FullBlockWanted) -> list[Effect]:
        if wanted.is_fault:
            raise PeerFault(f"cmpctblock: {wanted.reason}", Fault.BAD_COMPACT_BLOCK)
        return [notes.compact_block_failed(name, wanted.reason), ask_for_whole(peer, name)]


def ask_for_whole(peer: Peer, name: bytes) -> Send:
    """Ask for the block itself."""
    return Send(peer.conn, GetData((InventoryItem(MSG_WITNESS_BLOCK, name),)))


def on_sendcmpct(peer: Peer, message: SendCompact) -> None:
    """It speaks compact blocks, and wants them unasked or not. A version that we do not speak is ignored."""
    if message.version == BY_WTXID:
        peer.sends_compact = True
        peer.wants_compact = message.announce


def on_getblocktxn(peer: Peer, message: GetBlockTransactions, chain: ChainState) -> list[Effect]:
    """The transactions at these places; of a block long past, all. PeerFault for places that it has not."""
    if not chain.has_block(message.block):
        return []
    block = chain.get_block(message.block)
    if chain.tree[message.block].height < chain.height - MAX_TRANSACTIONS_DEPTH:
        return [Send(peer.conn, block)]
    answer = find_requested(message, block)
    if answer is None:
        raise PeerFault("getblocktxn with out-of-bounds tx indices", Fault.BAD_COMPACT_BLOCK)
    return [Send(peer.conn, answer)]
