"""News of a new tip: to whom, and how.

A peer that has said `sendheaders` gets the headers of up to eight new blocks, if they connect to what it
has; everybody else an `inv` of the tip. Who has the tip already, or has told us of it, gets nothing.
Source: Bitcoin Core `net_processing.cpp` (SendMessages, "Try sending block announcements via headers").
"""

from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.constants import MAX_HEADERS_TO_ANNOUNCE
from blockchain_lab.bitcoin.messages import MSG_BLOCK, Headers, Inv, InventoryItem
from blockchain_lab.bitcoin.peers import Peer, Peers
from blockchain_lab.bitcoin.stored_chain import HeaderEntry


def announce_tip(chain: ChainState, peers: Peers) -> list[Effect]:
    """Tell everybody who may not know it of our tip. O(peers * log height)."""
    effects: list[Effect] = []
    for peer in peers.ready:
        if not peer.has(chain.tip):
            effects.append(make_announcement(peer, chain))
            peer.best_sent = chain.tip
    return effects


def make_announcement(peer: Peer, chain: ChainState) -> Send:
    """The news in the form that this peer wants and can use."""
    new = get_news(peer, chain) if peer.wants_headers else []
    if new:
        return Send(peer.conn, Headers(tuple(entry.header for entry in new)))
    return Send(peer.conn, Inv((InventoryItem(MSG_BLOCK, chain.tip.hash),)))


def get_news(peer: Peer, chain: ChainState) -> list[HeaderEntry]:
    """The blocks that lead from what this peer has to our tip; none when there are more than eight."""
    last = chain.tip.height
    for height in range(last, max(last - MAX_HEADERS_TO_ANNOUNCE, 0), -1):
        if peer.has(chain.active[height - 1]):
            return chain.active.get_slice(height, last + 1)
    return []
