"""Blocks first, as Bitcoin synchronised until 0.9: ask one peer what comes next, fetch it, ask again.

    we                                    peer
    getblocks (locator of our tip)  -->
                                    <--   inv, 500 blocks
    getdata, 500 blocks             -->
                                    <--   block, block, ... and behind the last one: inv of its tip
    getdata, the tip                -->
                                    <--   block: an orphan, for we are far below it
    getblocks (up to its root)      -->   and so on

One lane: nobody else is asked while this peer is slow, and a block is only found to be worthless after it
was downloaded. What has not come after two minutes is asked again of whoever has announced it too. Source:
Bitcoin 0.1 to 0.9 `main.cpp` (ProcessMessage, PushGetBlocks, AskFor).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from blockchain_lab.base.effects import Effect, Send, SetTimer, TimerName
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.bitcoin import notes
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.codec import ZERO_HASH
from blockchain_lab.bitcoin.constants import (
    ASK_AGAIN_AFTER,
    MAX_GETDATA_ITEMS,
    MAX_ORPHAN_BLOCKS,
    PROTOCOL_VERSION,
)
from blockchain_lab.bitcoin.download import get_block_type
from blockchain_lab.bitcoin.eras import BLOCKS_FIRST
from blockchain_lab.bitcoin.locator import make_locator
from blockchain_lab.bitcoin.messages import GetBlocks, GetData, InventoryItem
from blockchain_lab.bitcoin.misbehaviour import Fault
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.peers import Handled, Peer, PeerFault, Peers
from blockchain_lab.bitcoin.policy import Policy
from blockchain_lab.bitcoin.rules import RuleBroken, check_merkle_root, check_proof_of_work
from blockchain_lab.bitcoin.stored_chain import HeaderEntry
from blockchain_lab.chain.orphans import OrphanPool


@dataclass(slots=True)
class BlocksSync:
    """Whom we follow, what we have asked for, and the blocks that came before their parents."""

    mode: ClassVar[str] = BLOCKS_FIRST
    leader: ConnectionId | None = None  # claimed to be ahead of us; followed until it has no more
    asked: dict[bytes, ConnectionId] = field(default_factory=dict)  # block -> whom, oldest first
    orphans: OrphanPool[Block] = field(default_factory=lambda: OrphanPool(MAX_ORPHAN_BLOCKS))
    lost: dict[bytes, None] = field(default_factory=dict)  # asked for in vain; empty between two events

    def proceed(self, chain: ChainState, peers: Peers, now: Microseconds) -> list[Effect]:
        """Ask again for what was lost; follow a peer that claims to be ahead, unless we follow one."""
        return [*self._ask_again(chain, peers, now), *self._follow(chain, peers, now)]

    def _follow(self, chain: ChainState, peers: Peers, now: Microseconds) -> list[Effect]:
        """The first that we have dialled, if there is one."""
        if self.leader is not None and self.is_caught_up(chain, peers):
            self.leader = None
        if self.leader is not None:
            return []
        ahead = [peer for peer in peers.ready if peer.start_height > chain.height and not peer.is_slow]
        if not ahead:
            return []
        leader = next((peer for peer in ahead if not peer.inbound), ahead[0])
        self.leader = leader.conn
        return [*ask_what_follows(leader, chain.tip), *self._wait_for(leader, now)]

    def is_caught_up(self, chain: ChainState, peers: Peers) -> bool:
        """Is nothing on its way or waiting for a parent, and nothing left of what our leader claimed?"""
        claimed = -1 if self.leader is None else peers[self.leader].start_height
        return not self.asked and not self.orphans and chain.height >= claimed

    def on_inv(self, peer: Peer, names: list[bytes], chain: ChainState, now: Microseconds) -> list[Effect]:
        """Fetch the announced blocks that we lack; at most 1,000 are on their way from one peer."""
        self._note_offers(peer, names, chain)
        room = MAX_GETDATA_ITEMS - len(peer.in_flight)
        wanted = [name for name in dict.fromkeys(names) if not self._is_known(name, chain)][:room]
        if wanted:
            return self._fetch(peer, wanted, chain, now)
        last = names[-1]
        if last in self.orphans:
            return ask_what_follows(peer, chain.tip, stop=self.orphans.get_root(last))
        if len(names) > 1 and chain.has_block(last):  # a whole bundle that we have: what is behind it?
            return ask_what_follows(peer, chain.tree[last])
        return []

    def is_far_behind(self, chain: ChainState) -> bool:
        """Does a block wait whose parents we have never heard of?"""
        return len(self.orphans) > 0

    def on_headers(
        self, peer: Peer, headers: Sequence[Header], moment: Moment
    ) -> tuple[list[HeaderEntry], list[Effect]]:
        """Bitcoin before 0.3.18 knew no such message and ignored it; so do we, who never asked."""
        return [], []

    def is_too_cheap(self, header: Header, moment: Moment) -> bool:
        """Has this header too little work? Here it comes with its block, and that is judged anyway."""
        return False

    def on_block(self, name: bytes, peers: Peers, now: Microseconds) -> list[Effect]:
        """A block has come, from whomever: close its request."""
        for peer in peers:
            peer.offered.pop(name, None)
        conn = self.asked.pop(name, None)
        if conn is not None:
            del peers[conn].in_flight[name]
            peers[conn].downloading_since = now
        return []

    def claim(self, peer: Peer, entry: HeaderEntry, now: Microseconds) -> list[Effect]:
        """A part of a block: nobody sends such to who learns of blocks by inv only."""
        return []

    def on_stray_block(self, peer: Peer, block: Block, chain: ChainState) -> list[Effect]:
        """Let a block wait for its parent, and ask its sender what lies between. PeerFault if worthless."""
        try:
            check_proof_of_work(block.header, chain.network)
            check_merkle_root(block)
        except RuleBroken as fault:
            raise PeerFault(f"orphan block: {fault.reason}", Fault.INVALID_BLOCK) from None
        name = block.header.hash()
        self.orphans.add(name, block.header.previous, block)
        asked = ask_what_follows(peer, chain.tip, stop=self.orphans.get_root(name))
        return [notes.orphan_block(name, block.header.previous), *asked]

    def take_children(self, name: bytes) -> list[Block]:
        """The blocks that waited for this one."""
        return self.orphans.take_children(name)

    def on_timer(self, topic: str, peer: Peer, peers: Peers, now: Microseconds) -> Handled:
        """If nothing has come from this peer for two minutes, it leads no longer; nobody is hung up on."""
        if not peer.in_flight and self.leader != peer.conn:
            return Handled([], None)
        left = peer.downloading_since + ASK_AGAIN_AFTER - now
        if left > 0:
            return Handled([SetTimer(get_timer(peer.conn), left)], None)
        stalls: list[Effect] = [notes.stalling(peer.conn, name) for name in list(peer.in_flight)[:1]]
        peer.is_slow = True
        self._let_go(peer)
        return Handled(stalls, None)

    def apply(self, policy: Policy) -> None:
        """The node's policy has changed: nothing in it is about blocks first."""

    def release(self, peer: Peer, peers: Peers) -> None:
        """A peer is gone."""
        self._let_go(peer)

    def _let_go(self, peer: Peer) -> None:
        """What this peer owes may be asked of others, and it leads no longer."""
        for name in peer.in_flight:
            del self.asked[name]
            self.lost[name] = None
        peer.in_flight.clear()
        if self.leader == peer.conn:
            self.leader = None

    def _note_offers(self, peer: Peer, names: list[bytes], chain: ChainState) -> None:
        """Remember who could be asked if another one fails us; at most 1,000 blocks of one peer."""
        for name in names:
            if len(peer.offered) < MAX_GETDATA_ITEMS and not (name in self.orphans or chain.has_block(name)):
                peer.offered[name] = None

    def _ask_again(self, chain: ChainState, peers: Peers, now: Microseconds) -> list[Effect]:
        """What was lost is asked of those who have announced it and are not slow; there may be none."""
        effects: list[Effect] = []
        for peer in peers.ready if self.lost else ():
            wanted = [name for name in self.lost if name in peer.offered and not self._is_known(name, chain)]
            if wanted and not peer.is_slow:
                effects += self._fetch(peer, wanted, chain, now)
        self.lost.clear()
        return effects

    def _fetch(self, peer: Peer, wanted: list[bytes], chain: ChainState, now: Microseconds) -> list[Effect]:
        waits = self._wait_for(peer, now) if not peer.in_flight and peer.conn != self.leader else []
        for name in wanted:
            self.asked[name] = peer.conn
            peer.in_flight[name] = None
        kind = get_block_type(peer, chain.network)
        return [Send(peer.conn, GetData(tuple(InventoryItem(kind, name) for name in wanted))), *waits]

    def _wait_for(self, peer: Peer, now: Microseconds) -> list[Effect]:
        peer.downloading_since = now
        return [SetTimer(get_timer(peer.conn), ASK_AGAIN_AFTER)]

    def _is_known(self, name: bytes, chain: ChainState) -> bool:
        return name in self.asked or name in self.orphans or chain.has_block(name)


def ask_what_follows(peer: Peer, tip: HeaderEntry, stop: bytes = ZERO_HASH) -> list[Effect]:
    """Ask for the names of at most 500 blocks that come after `tip`, up to but not including `stop`."""
    return [Send(peer.conn, GetBlocks(PROTOCOL_VERSION, make_locator(tip), stop))]


def get_timer(conn: ConnectionId) -> TimerName:
    """Runs out when a peer that owes us blocks may have been silent for too long."""
    return TimerName("blocks", conn)
