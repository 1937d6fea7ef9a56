"""Which block is asked of whom, headers first: a window above the tip, spread over all who have it.

    tip 100 |#### ####  ##   ..............| 1,124         # stored, waiting for its parents
             ^                                             everybody waits for 101: when the window is
             asked of eve, 2 s ago                         full, eve has 2 s to send it

Source: Bitcoin Core `net_processing.cpp` (FindNextBlocksToDownload, and SendMessages on stalling).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from blockchain_lab.base.effects import CancelTimer, Effect, Send, SetTimer, TimerName
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.bitcoin import notes
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.constants import (
    BLOCK_TIMEOUT_BASE,
    BLOCK_TIMEOUT_PER_PEER,
    MAX_STALLING_TIMEOUT,
    STALLING_DECAY_PERCENT,
    STALLING_TIMEOUT,
)
from blockchain_lab.bitcoin.messages import (
    MSG_BLOCK,
    MSG_CMPCT_BLOCK,
    MSG_WITNESS_BLOCK,
    GetData,
    InventoryItem,
)
from blockchain_lab.bitcoin.network_address import NODE_WITNESS
from blockchain_lab.bitcoin.params import Network
from blockchain_lab.bitcoin.peers import Handled, Peer, Peers
from blockchain_lab.bitcoin.rules import HEIGHTS, is_segwit_active
from blockchain_lab.bitcoin.stored_chain import HeaderEntry
from blockchain_lab.chain.tree import get_ancestor, get_branch


@dataclass(slots=True)
class Download:
    """The requests that are open. Each peer's own are in its `Peer.in_flight`."""

    in_transit: int  # how many blocks may be asked of one peer at a time
    window: int  # how far above the tip blocks may be asked for
    asked: dict[bytes, ConnectionId] = field(default_factory=dict)  # block -> whom, oldest first
    stalling_timeout: Microseconds = STALLING_TIMEOUT  # doubles at each stall, for our own line may be slow

    def plan(self, chain: ChainState, peers: Peers, now: Microseconds) -> list[Effect]:
        """Ask every peer that has room for what it has and we want. O(peers + requests)."""
        effects: list[Effect] = []
        for peer in peers:
            if peer.best_known is not None and len(peer.in_flight) < self.in_transit:
                effects += self._ask(peer, chain, peers, now)
        return effects

    def take(self, name: bytes, peers: Peers, now: Microseconds) -> list[Effect]:
        """A block has come, from whomever: close its request."""
        conn = self.asked.pop(name, None)
        if conn is None:
            return []
        peer = peers[conn]
        if next(iter(peer.in_flight)) == name:
            peer.downloading_since = now
        del peer.in_flight[name]
        if self.stalling_timeout > STALLING_TIMEOUT:  # our line is not that slow after all
            shrunk = self.stalling_timeout * STALLING_DECAY_PERCENT // 100
            self.stalling_timeout = max(STALLING_TIMEOUT, shrunk)
        effects: list[Effect] = []
        if peer.is_suspect:
            peer.is_suspect = False
            effects.append(CancelTimer(get_stalling_timer(conn)))
        if not peer.in_flight:
            effects.append(CancelTimer(get_block_timer(conn)))
        return effects

    def claim(self, peer: Peer, wanted: list[HeaderEntry], now: Microseconds) -> list[Effect]:
        """From now on this peer owes us these, which were asked of nobody."""
        effects: list[Effect] = []
        if not peer.in_flight:
            peer.downloading_since = now
            effects.append(SetTimer(get_block_timer(peer.conn), BLOCK_TIMEOUT_BASE))
        for entry in wanted:
            self.asked[entry.hash] = peer.conn
            peer.in_flight[entry.hash] = None
        return effects

    def release(self, gone: Peer, peers: Peers) -> None:
        """A peer is gone: its blocks may be asked of others. O(requests of its + peers)."""
        for name in gone.in_flight:
            del self.asked[name]
        for peer in peers:
            peer.planned_to = None

    def on_timer(self, topic: str, peer: Peer, peers: Peers, now: Microseconds) -> Handled:
        """A peer may have kept everybody waiting, or one block for too long. Says whether to hang up."""
        if not peer.in_flight:
            return Handled([], None)
        oldest = next(iter(peer.in_flight))
        if topic == "stalling":
            self.stalling_timeout = min(2 * self.stalling_timeout, MAX_STALLING_TIMEOUT)
            return Handled([notes.stalling(peer.conn, oldest)], "stalling block download")
        others = sum(1 for other in peers if other is not peer and other.in_flight)
        left = peer.downloading_since + BLOCK_TIMEOUT_BASE + others * BLOCK_TIMEOUT_PER_PEER - now
        if left > 0:
            return Handled([SetTimer(get_block_timer(peer.conn), left)], None)
        return Handled([notes.stalling(peer.conn, oldest)], "block download timeout")

    def _ask(self, peer: Peer, chain: ChainState, peers: Peers, now: Microseconds) -> list[Effect]:
        target = get_last_useful(peer, chain.network)
        if target is None or target.work < chain.tip.work or not chain.tree.is_valid(target):
            return []
        fork = chain.get_fork(target)
        end = min(target.height, fork.height + self.window)
        wanted = self._choose(peer, chain, fork, end, self.in_transit - len(peer.in_flight))
        if wanted:
            return self._request(peer, wanted, chain, now)
        if not peer.in_flight and target.height > end:
            return self._suspect(get_ancestor(target, fork.height + 1), peers)
        return []

    def _choose(
        self, peer: Peer, chain: ChainState, fork: HeaderEntry, end: int, room: int
    ) -> list[HeaderEntry]:
        """The next blocks up to height `end` that are neither stored nor asked for, at most `room`."""
        wanted: list[HeaderEntry] = []
        for entry in get_candidates(peer, chain, fork, end):
            peer.planned_to = entry
            if entry.hash not in self.asked and not chain.has_block(entry.hash):
                wanted.append(entry)
                if len(wanted) == room:
                    break
        return wanted

    def _request(
        self, peer: Peer, wanted: list[HeaderEntry], chain: ChainState, now: Microseconds
    ) -> list[Effect]:
        """Ask for these; for a single one on our tip as short ids, for our pool may hold all it holds."""
        effects = self.claim(peer, wanted, now)
        network = chain.network
        is_new = len(wanted) == 1 and wanted[0].previous == chain.tip
        kind = MSG_CMPCT_BLOCK if is_new and peer.sends_compact else get_block_type(peer, network)
        return [Send(peer.conn, GetData(tuple(InventoryItem(kind, e.hash) for e in wanted))), *effects]

    def _suspect(self, missing: HeaderEntry, peers: Peers) -> list[Effect]:
        """The window is full and somebody has nothing to do: who owes us the block after the tip?"""
        conn = self.asked.get(missing.hash)
        if conn is None or peers[conn].is_suspect:
            return []
        peers[conn].is_suspect = True
        return [SetTimer(get_stalling_timer(conn), self.stalling_timeout)]


def get_candidates(peer: Peer, chain: ChainState, fork: HeaderEntry, end: int) -> Iterator[HeaderEntry]:
    """The entries above `fork`, up to height `end`, on the branch that this peer has.

    What was looked at before is left out: there, all is stored or asked for. That holds until a request
    is released, and saves a walk through the whole window for each block that comes.
    """
    target, done = peer.best_known, peer.planned_to
    assert target is not None  # only peers that have something are asked
    path = chain.header_path
    if target not in path:  # a side branch: rare and short
        yield from get_branch(fork, get_ancestor(target, end))
        return
    start = done.height if done is not None and done in path else 0
    for height in range(max(start, fork.height) + 1, end + 1):
        yield path[height]


def get_last_useful(peer: Peer, network: Network) -> HeaderEntry | None:
    """The last block that this peer has and that is of use to us.

    Where witnesses count, a block without them cannot be judged, so who has none is asked for older blocks
    only. Core FindNextBlocksToDownload, since 0.13.1 (2016).
    """
    last = peer.best_known
    if last is None or serves_witnesses(peer) or not is_segwit_active(last.height, network):
        return last
    before = HEIGHTS[network.name].bip141 - 1
    return get_ancestor(last, before) if before >= 0 else None


def get_block_type(peer: Peer, network: Network) -> int:
    """How to name a block in getdata: with its witnesses, if both sides know them (BIP 144)."""
    return MSG_WITNESS_BLOCK if network.segwit and serves_witnesses(peer) else MSG_BLOCK


def serves_witnesses(peer: Peer) -> bool:
    """Does it say so?"""
    return peer.version is not None and bool(peer.version.services & NODE_WITNESS)


def get_stalling_timer(conn: ConnectionId) -> TimerName:
    """Runs out when a suspect has not sent the block that everybody waits for."""
    return TimerName("stalling", conn)


def get_block_timer(conn: ConnectionId) -> TimerName:
    """Runs out when a peer may have let a block wait for too long."""
    return TimerName("block", conn)
