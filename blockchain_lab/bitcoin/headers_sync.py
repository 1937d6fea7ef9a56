"""Headers first: learn the whole chain's headers, 81 bytes each, before asking for any block.

    we                                       peer
    getheaders (locator of our best)  -->
                                      <--    headers, 2,000 of them: more to come
    getheaders (locator of the last)  -->
                                      <--    headers, fewer: that is all

Headers cannot be faked cheaply: each carries its proof of work. While we are behind, one peer, the leader,
is asked alone; when it has no more, all others are asked once, so we learn what they have. Which blocks
are then fetched from whom is the business of `download`. A chain of so little work that anybody could have
made it has to come twice before it is kept: see `headers_presync`.

Source: Bitcoin Core `net_processing.cpp` (ProcessHeadersMessage). Core asks the others when its best
header is younger than a day; we ask when the leader is done, so that old recorded chains behave the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import ClassVar

from blockchain_lab.base.effects import CancelTimer, Effect, Send, SetTimer, TimerName
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.bitcoin import notes
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.constants import (
    HEADERS_TIMEOUT_BASE,
    HEADERS_TIMEOUT_PER_HEADER,
    MAX_HEADERS_TO_ANNOUNCE,
    PROTOCOL_VERSION,
)
from blockchain_lab.bitcoin.download import Download
from blockchain_lab.bitcoin.eras import HEADERS_FIRST
from blockchain_lab.bitcoin.headers_presync import HeadersPresync, Phase, PresyncFailed, compute_least_work
from blockchain_lab.bitcoin.locator import make_locator
from blockchain_lab.bitcoin.messages import GetHeaders
from blockchain_lab.bitcoin.messages_data import MAX_HEADERS
from blockchain_lab.bitcoin.misbehaviour import Fault
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.peers import Handled, Peer, PeerFault, Peers
from blockchain_lab.bitcoin.policy import Policy
from blockchain_lab.bitcoin.pow import work
from blockchain_lab.bitcoin.rules import RuleBroken, check_proof_of_work
from blockchain_lab.bitcoin.stored_chain import HeaderEntry


@dataclass(slots=True)
class HeadersSync:
    """Whom we ask for headers, and the download that follows them."""

    mode: ClassVar[str] = HEADERS_FIRST
    download: Download
    leader: ConnectionId | None = None  # asked alone, until it has no more
    presyncs: dict[ConnectionId, HeadersPresync] = field(default_factory=dict)  # whose work is being counted

    def proceed(self, chain: ChainState, peers: Peers, now: Microseconds) -> list[Effect]:
        """Ask whoever is due for headers, and whoever has room for blocks."""
        return [*self._ask_for_headers(chain, peers), *self.download.plan(chain, peers, now)]

    def is_caught_up(self, chain: ChainState, peers: Peers) -> bool:
        """Do we have all blocks that are worth having, and expect no more headers from a leader?"""
        return self.leader is None and chain.is_complete

    def is_far_behind(self, chain: ChainState) -> bool:
        """Have we heard of so many more blocks than we have that it is no mere news?"""
        return chain.best_header.height - chain.height > MAX_HEADERS_TO_ANNOUNCE

    def on_headers(
        self, peer: Peer, headers: Sequence[Header], moment: Moment
    ) -> tuple[list[HeaderEntry], list[Effect]]:
        """A peer's headers: the entries that were new, and what to send.

        PeerFault for headers that no honest peer sends: nothing of the message has been believed.
        """
        chain = moment.chain
        check_form(headers, chain)
        believed, presync, said = self._count_work(peer, headers, moment)
        entries = check_headers(believed, chain, moment.time)
        peer.awaits_headers = False
        effects: list[Effect] = [CancelTimer(get_timer(peer.conn)), *said]
        if entries is None:  # their parent is unknown: ask for what lies between
            peer.learn_block(headers[-1].hash(), chain)
            return [], effects + ask(peer, chain, chain.best_header)
        new = chain.add_headers(entries)
        for other in moment.peers:
            other.resolve_unknown(chain)
        if presync is not None:  # the peer counts as having these only when all has come that was promised
            self.presyncs[peer.conn] = presync
            return new, effects + ask(peer, chain, presync.start, after=presync.name)
        if entries:
            peer.learn_block(entries[-1].hash, chain)
        if entries and len(headers) == MAX_HEADERS:
            return new, effects + ask(peer, chain, entries[-1])
        self._follow_no_more(peer)
        return new, effects

    def is_too_cheap(self, header: Header, moment: Moment) -> bool:
        """Is this header, which came alone, new to us and of a chain with too little work to be kept?"""
        is_known = header.hash() in moment.chain.tree
        return moment.era.presyncs_headers and not is_known and not has_enough_work((header,), moment.chain)

    def on_inv(self, peer: Peer, names: list[bytes], chain: ChainState, now: Microseconds) -> list[Effect]:
        """A peer has blocks; if we have not heard of them, ask it for the headers up to them."""
        if all(name in chain.tree for name in names) or self.leader is not None:
            return []
        return ask(peer, chain, chain.best_header)

    def on_block(self, name: bytes, peers: Peers, now: Microseconds) -> list[Effect]:
        """A block has come: close its request."""
        return self.download.take(name, peers, now)

    def claim(self, peer: Peer, entry: HeaderEntry, now: Microseconds) -> list[Effect]:
        """A peer has sent a part of this block: the rest is asked of nobody else, unless it is already."""
        return [] if entry.hash in self.download.asked else self.download.claim(peer, [entry], now)

    def on_stray_block(self, peer: Peer, block: Block, chain: ChainState) -> list[Effect]:
        """Nobody asked for a block whose parent we do not know: today that is a fault."""
        raise PeerFault("prev-blk-not-found", Fault.INVALID_BLOCK)

    def take_children(self, name: bytes) -> list[Block]:
        """No block waits for its parent outside the chain here."""
        return []

    def on_timer(self, topic: str, peer: Peer, peers: Peers, now: Microseconds) -> Handled:
        """Headers or blocks have not come in time. Says whether to hang up."""
        if topic == "headers":
            return self._on_silence(peer, peers)
        return self.download.on_timer(topic, peer, peers, now)

    def apply(self, policy: Policy) -> None:
        """The node's policy has changed."""
        self.download.in_transit, self.download.window = policy.in_transit, policy.window

    def release(self, peer: Peer, peers: Peers) -> None:
        """A peer is gone."""
        self._follow_no_more(peer)
        self.presyncs.pop(peer.conn, None)
        self.download.release(peer, peers)

    def _count_work(
        self, peer: Peer, headers: Sequence[Header], moment: Moment
    ) -> tuple[Sequence[Header], HeadersPresync | None, list[Effect]]:
        """Which headers may be believed now, how a presync goes on, if one does, and notes. PeerFault."""
        presync = self.presyncs.pop(peer.conn, None)
        if presync is not None and not (headers and headers[0].previous == presync.name):
            presync = None  # it follows another chain now, or none: no fault, but we begin anew
        chain, is_full = moment.chain, len(headers) == MAX_HEADERS
        if presync is None:
            if not moment.era.presyncs_headers or has_enough_work(headers, chain):
                return headers, None, []
            presync = begin_presync(chain.tree[headers[0].previous], moment)
        try:
            believed, goes_on = presync.take(headers, is_full=is_full)
        except PresyncFailed as fault:
            raise PeerFault(f"headers presync: {fault}") from None
        if not goes_on and presync.phase is Phase.PRESYNC:
            return [], None, [notes.headers_ignored(peer.conn, presync)]
        return believed, presync if goes_on else None, [notes.headers_presync(peer.conn, presync)]

    def _ask_for_headers(self, chain: ChainState, peers: Peers) -> list[Effect]:
        """If somebody claims to be ahead of us, make it the leader; else ask all who have not been asked."""
        if self.leader is not None:
            return []
        due = [peer for peer in peers.ready if not peer.was_asked_for_headers]
        ahead = [peer for peer in due if peer.start_height > chain.best_header.height]
        if not ahead:
            return [effect for peer in due for effect in ask(peer, chain, get_start(chain))]
        dialled = [peer for peer in ahead if not peer.inbound]
        if not dialled and any(not peer.inbound and not peer.is_ready for peer in peers):
            return []  # who dials us may want to deceive us: wait for one that we have chosen
        leader = (dialled or ahead)[0]
        self.leader = leader.conn
        return ask(leader, chain, get_start(chain))

    def _on_silence(self, peer: Peer, peers: Peers) -> Handled:
        """Hang up on a leader that claimed to be ahead of us, if there is anybody else to ask."""
        was_leader = self.leader == peer.conn
        peer.awaits_headers = False
        self._follow_no_more(peer)
        is_lost = was_leader and len(peers.ready) > 1
        return Handled([], "headers download timeout" if is_lost else None)

    def _follow_no_more(self, peer: Peer) -> None:
        if self.leader == peer.conn:
            self.leader = None


def check_form(headers: Sequence[Header], chain: ChainState) -> None:
    """PeerFault, in Core's words, for what can be said of a message without knowing what it builds on."""
    if len(headers) > MAX_HEADERS:
        raise PeerFault(f"headers message size = {len(headers)}", Fault.TOO_MANY_HEADERS)
    try:
        for header in headers:  # first of all, so that no question of ours comes without work
            check_proof_of_work(header, chain.network)
    except RuleBroken:
        raise PeerFault("header with invalid proof of work", Fault.BAD_HEADER_WORK) from None
    if any(child.previous != parent.hash() for parent, child in pairwise(headers)):
        raise PeerFault("non-continuous headers sequence", Fault.NON_CONTINUOUS_HEADERS)


def has_enough_work(headers: Sequence[Header], chain: ChainState) -> bool:
    """May these be kept at once, for the work in them and below them, or because we have them already?

    Those whose parent we do not know may be looked at too: they are not kept, but asked about.
    """
    parent = chain.tree.get(headers[0].previous) if headers else None
    if parent is None:
        return True
    last = chain.tree.get(headers[-1].hash())
    if last is not None and (last in chain.header_path or last in chain.active):
        return True
    claimed = parent.work + sum(work(header.bits) for header in headers)
    return claimed >= compute_least_work(chain.tip, chain.network)


def begin_presync(start: HeaderEntry, moment: Moment) -> HeadersPresync:
    """A peer's chain that builds on `start` has to show its work."""
    network = moment.chain.network
    least = compute_least_work(moment.chain.tip, network)
    return HeadersPresync.begin(start, least, network, moment.random, moment.time)


def check_headers(headers: Sequence[Header], chain: ChainState, time: int) -> list[HeaderEntry] | None:
    """The entries of a peer's headers; None when the first one's parent is unknown. time: Unix seconds.

    PeerFault, in Core's words, for faults that no honest peer makes.
    """
    if headers and headers[0].previous not in chain.tree and headers[0].hash() not in chain.tree:
        return None
    try:
        return chain.check_headers(headers, time)
    except RuleBroken as fault:
        if fault.reason == "time-too-new":  # its clock or ours is wrong: no fault, but no headers either
            return []
        raise PeerFault(f"invalid header received: {fault.reason}", Fault.INVALID_BLOCK) from None


def ask(peer: Peer, chain: ChainState, start: HeaderEntry, *, after: bytes | None = None) -> list[Effect]:
    """Ask for the headers that come after `start`, unless an answer is due already.

    after: the hash of a header above `start` that we have not kept; if the peer still has it, after that one.
    """
    if peer.awaits_headers:
        return []
    peer.was_asked_for_headers = peer.awaits_headers = True
    behind = max(0, peer.start_height - chain.best_header.height)
    patience = HEADERS_TIMEOUT_BASE + behind * HEADERS_TIMEOUT_PER_HEADER
    above = () if after in (None, start.hash) else (after,)
    request = GetHeaders(PROTOCOL_VERSION, (*above, *make_locator(start)))
    return [Send(peer.conn, request), SetTimer(get_timer(peer.conn), patience)]


def get_start(chain: ChainState) -> HeaderEntry:
    """One before our best header, so that a peer with the same chain answers at least that one."""
    return chain.best_header.previous or chain.best_header


def get_timer(conn: ConnectionId) -> TimerName:
    """Runs out when headers do not come."""
    return TimerName("headers", conn)
