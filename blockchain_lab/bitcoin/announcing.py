"""News of a new tip: to whom, and how. Four ways, from the longest message to the shortest way:

    inv              one hash, and the block when it is asked for; everybody understands it
    headers          up to eight headers, if they connect to what the peer has (BIP 130)
    compact block    the header and short ids, to who wants them unasked (BIP 152)
    block            whole and unasked: costs most when many send it; Bitcoin Core does not do so

Who has the tip already, or has told us of it, gets nothing.
Source: Bitcoin Core `net_processing.cpp` (SendMessages, "Try sending block announcements via headers").
"""

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.compact import make_compact_block
from blockchain_lab.bitcoin.constants import MAX_HEADERS_TO_ANNOUNCE
from blockchain_lab.bitcoin.messages import MSG_BLOCK, CompactBlock, Headers, Inv, InventoryItem
from blockchain_lab.bitcoin.peers import Peer, Peers
from blockchain_lab.bitcoin.stored_chain import HeaderEntry


def announce_tip(chain: ChainState, peers: Peers, random: CounterRandom, *, whole: bool) -> list[Effect]:
    """Tell everybody who may not know it of our tip. O(peers * log height + size of the block).

    random: for the key of short ids, which nobody shall foresee. whole: send the block itself to everybody.
    """
    untold = [peer for peer in peers.ready if not peer.has(chain.tip)]
    unasked = make_unasked(chain.get_block(chain.tip.hash), untold, random, whole=whole)
    effects: list[Effect] = []
    for peer in untold:
        news = get_news(peer, chain)
        if unasked is not None and len(news) == 1 and (whole or peer.wants_compact):
            effects.append(Send(peer.conn, unasked))
        else:
            effects.append(make_announcement(peer, chain, news))
        peer.best_sent = chain.tip
    return effects


def make_unasked(
    block: Block, peers: list[Peer], random: CounterRandom, *, whole: bool
) -> Block | CompactBlock | None:
    """What is sent to those who want it without asking; None when nobody does. The same for all of them."""
    if whole:
        return block
    return make_compact_block(block, random.bits()) if any(peer.wants_compact for peer in peers) else None


def make_announcement(peer: Peer, chain: ChainState, news: list[HeaderEntry]) -> Send:
    """The news by name: as headers, if this peer wants and can use them."""
    if peer.wants_headers and news:
        return Send(peer.conn, Headers(tuple(entry.header for entry in news)))
    return Send(peer.conn, Inv((InventoryItem(MSG_BLOCK, chain.tip.hash),)))


def get_news(peer: Peer, chain: ChainState) -> list[HeaderEntry]:
    """The blocks that lead from what this peer has to our tip; none when there are more than eight."""
    last = chain.tip.height
    for height in range(last, max(last - MAX_HEADERS_TO_ANNOUNCE, 0), -1):
        if peer.has(chain.active[height - 1]):
            return chain.active.get_slice(height, last + 1)
    return []
