"""BitTorrent (2001): a tracker knows who wants which file, and those give each other its pieces.

Each piece is checked by its SHA-1, so that it does not matter who sends it; the rarest are fetched first; who
gives gets. The tracker has two messages with each newcomer and no part in the rest: when it is off, swarms go
on, and newcomers find none. Left out of BEP 3: blocks within pieces, the asking of all for the last piece,
rates over more than one round.

Tit for tat is played here, its success is not promised: of ten who fetched 60,000 bytes from one source,
the two who gave nothing did not wait longer, on average of 8 seeds.
"""

from collections.abc import Iterable
from typing import ClassVar, Final

from blockchain_lab.base.choices import read_flag, read_number
from blockchain_lab.base.effects import Effect, Note, Send, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.overlay.evolution_choking import ROUNDS_OF_LUCK, Partner, choose_served, draw_lucky
from blockchain_lab.overlay.evolution_messages import MOST_FILES, Fetch
from blockchain_lab.overlay.evolution_node import EvolutionNode
from blockchain_lab.overlay.evolution_pieces import Pieces, choose_piece, cut
from blockchain_lab.overlay.evolution_torrent_messages import (
    MOST_PEERS,
    Announce,
    Bitfield,
    Choke,
    GetPiece,
    GotPiece,
    Interested,
    Swarm,
    TakePiece,
    Torrent,
)

ROUND: Final = "tit for tat"


class BitTorrentNode(EvolutionNode):
    """Kind "bittorrent". The tracker has `serves`; all others dial it. Pieces that are no file are no file.

    More policy: `piece` in bytes, `every` round of tit for tat, `best` to be served, `gives` at all, and how
    many pieces it asks for `ahead` on each line (Cohen 2003, §2.2: 5 small blocks).
    """

    where_is_index: ClassVar[str] = "at the tracker: who wants a file; which pieces, each tells the others"
    sources: ClassVar[int] = MOST_PEERS
    keys: ClassVar[tuple[str, ...]] = (*EvolutionNode.keys, "piece", "every", "best", "gives", "ahead")

    def __init__(self, setup: Setup) -> None:
        """Whole files of the disk are shared again."""
        EvolutionNode.__init__(self, setup)
        self.torrents: dict[str, Torrent] = {}  # the tracker's
        self.partners: dict[ConnectionId, Partner] = {}
        self.lucky: ConnectionId | None = None
        self.rounds = 0
        self.is_timing = False
        self.pieces: dict[str, Pieces] = {
            file: cut(file, content, self.piece) for file, content in self.files.items()
        }

    def _read_policy(self) -> None:
        EvolutionNode._read_policy(self)
        policy = self.setup.policy
        self.piece = read_number(policy, "piece", 1_000, least=100, most=16_384)
        self.every = read_number(policy, "every", 10 * SECOND, least=1)  # Cohen (2003) §3.2
        self.best = read_number(policy, "best", 3, least=0)  # with the lucky one four; §3.1
        self.ahead = read_number(policy, "ahead", 1, least=1, most=100)
        self.gives = read_flag(policy, "gives", default=True)

    # -- the tracker --------------------------------------------------------------------------------------

    def on_join(self, conn: ConnectionId, now: Microseconds) -> list[Effect]:
        """A tracker that was off must be told anew."""
        if not self.lines[conn].serves:
            return []
        return [Send(conn, pieces.torrent) for pieces in self.pieces.values()]

    def on_publish(self, file: str, now: Microseconds) -> list[Effect]:
        """Tell the tracker what the file is made of."""
        self.pieces[file] = cut(file, self.files[file], self.piece)
        return [Send(conn, self.pieces[file].torrent) for conn in self.get_servers()]

    def on_query(self, id: bytes, file: str, now: Microseconds) -> list[Effect]:
        """Ask the tracker, which will name us to others."""
        return [Send(conn, Announce(id, file)) for conn in self.get_servers()]

    def _track(self, conn: ConnectionId, message: Torrent | Announce) -> list[Effect]:
        line = self.lines[conn]
        if len(line.files) >= MOST_FILES:
            return self.complain(conn, f"{message.wire_name}: too many files")
        file = message.file
        if isinstance(message, Torrent):
            self.torrents.setdefault(file, message)
            line.files[file] = None
            return []
        torrent = self.torrents.get(file, Torrent(file, 0, 1, ()))
        there = [other.remote for way, other in self.lines.items() if way != conn and file in other.files]
        drawn = self.setup.random.sample(there, min(MOST_PEERS, len(there)))
        line.files[file] = None
        told = Note("query reached", {"query": message.id.hex(), "hops": 1})
        return [told, Send(conn, Swarm(message.id, torrent, tuple(drawn)))]

    def _on_swarm(self, swarm: Swarm) -> list[Effect]:
        torrent, file = swarm.torrent, self.queries[swarm.id]
        if torrent.length and torrent.file == file:
            self.pieces.setdefault(file, Pieces(torrent))
            return self.answer(swarm.id, swarm.peers)
        return self.answer(swarm.id, ())

    # -- the swarm ----------------------------------------------------------------------------------------

    def call(self, holder: Address, file: str) -> list[Effect]:
        """Dial somebody in the swarm, unless we are connected."""
        known = [partner.remote for partner in self.partners.values() if partner.file == file]
        return [] if holder in known else EvolutionNode.call(self, holder, file)

    def on_errand(self, conn: ConnectionId, files: Iterable[str]) -> list[Effect]:
        """We have reached somebody in the swarm of a file: one connection, one file."""
        return [self._make_bitfield(conn, next(iter(files)))]

    def _make_bitfield(self, conn: ConnectionId, file: str) -> Send:
        pieces = self.pieces[file]
        return Send(conn, Bitfield(file, pieces.get_bits().to_bytes(-(-pieces.count // 8), "little")))

    def on_disconnected(self, conn: ConnectionId, reason: str, now: Microseconds) -> list[Effect]:
        """Ask others for what it has not sent."""
        if self.partners.pop(conn, None) is not None:
            self.fetching.pop(conn, None)
            del self.open[conn]
            return self._ask_all()
        return EvolutionNode.on_disconnected(self, conn, reason, now)

    def close(self, conn: ConnectionId, reason: str) -> list[Effect]:
        """The same when we hang up."""
        self.partners.pop(conn, None)
        return [*EvolutionNode.close(self, conn, reason), *self._ask_all()]

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Tracker, swarm, or what all systems have."""
        match message:
            case Torrent() | Announce() if self.serves and conn in self.lines:
                return self._track(conn, message)
            case Swarm(id=id) if conn in self.lines:
                return self._on_swarm(message) if id in self.queries else []  # too late
            case Fetch():
                return self.complain(conn, "fetch: files come in pieces")
            case Bitfield(file=file) if conn not in self.partners and file in self.pieces:
                return self._on_bitfield(conn, message)
        if conn in self.partners:
            return self._on_partner(conn, self.partners[conn], message, now)
        return EvolutionNode.on_message(self, conn, message, now)

    def _on_bitfield(self, conn: ConnectionId, message: Bitfield) -> list[Effect]:
        remote, inbound = self.open[conn]
        file, bits = message.file, int.from_bytes(message.bits, "little")
        if bits >> self.pieces[file].count or (not inbound and file not in self.fetching.get(conn, ())):
            return [*self.complain(conn, "bitfield: out of place"), *self.close(conn, "no such pieces")]
        self.partners[conn] = Partner(remote, file, bits)
        return [*([self._make_bitfield(conn, file)] if inbound else []), *self._show_interest(conn)]

    def _on_partner(
        self, conn: ConnectionId, partner: Partner, message: Message, now: Microseconds
    ) -> list[Effect]:
        pieces = self.pieces[partner.file]
        match message:
            case Choke() | Interested():
                return self._on_promise(conn, partner, message)
            case GotPiece(piece=piece) if piece < pieces.count:
                partner.bits |= 1 << piece
                return [*self._show_interest(conn), *self._ask(conn)]
            case GetPiece(piece=piece) if piece in pieces.have:
                return [] if partner.is_choked else [self._give(conn, partner, piece)]
            case TakePiece(piece=piece) if piece < pieces.count:  # asked for or not: it is checked
                return self._take(conn, partner, message)
        return EvolutionNode.on_message(self, conn, message, now)

    def _on_promise(self, conn: ConnectionId, partner: Partner, message: Interested) -> list[Effect]:
        if isinstance(message, Choke):
            partner.chokes, partner.asked = message.yes, {}
            return self._ask_all()
        partner.wants = message.yes
        return self._serve_more(conn) if message.yes else []

    def _give(self, conn: ConnectionId, partner: Partner, piece: int) -> Send:
        content = self.pieces[partner.file].have[piece]
        partner.sent += len(content)
        return Send(conn, TakePiece(piece, content))

    def _take(self, conn: ConnectionId, partner: Partner, taken: TakePiece) -> list[Effect]:
        file, pieces = partner.file, self.pieces[partner.file]
        partner.asked.pop(taken.piece, None)
        if taken.piece in pieces.have:
            return self._ask(conn)
        if not pieces.add(taken.piece, taken.content):
            reason = f"piece {taken.piece} has another SHA-1 than the torrent says"
            return [*self.complain(conn, reason), *self.close(conn, reason)]
        partner.received += len(taken.content)
        swarm = [way for way, other in self.partners.items() if other.file == file]
        effects: list[Effect] = [Send(way, GotPiece(taken.piece)) for way in swarm]
        facts = {"file": file, "piece": taken.piece, "from": self.show(partner.remote)}
        effects.append(Note("piece received", facts))
        if pieces.is_whole:
            self.files[file] = pieces.get_content()
            facts = {"file": file, "bytes": pieces.torrent.length, "from": self.show(partner.remote)}
            effects.append(Note("file received", facts))
        return [*effects, *(each for way in swarm for each in self._show_interest(way)), *self._ask_all()]

    # -- what to ask for ----------------------------------------------------------------------------------

    def _show_interest(self, conn: ConnectionId) -> list[Effect]:
        partner = self.partners[conn]
        is_wanted = bool(partner.bits & ~self.pieces[partner.file].get_bits())
        if is_wanted == partner.is_wanted:
            return []
        partner.is_wanted = is_wanted
        return [Send(conn, Interested(is_wanted))]

    def _ask_all(self) -> list[Effect]:
        return [effect for conn in self.partners for effect in self._ask(conn)]

    def _ask(self, conn: ConnectionId) -> list[Effect]:
        partner = self.partners[conn]
        if partner.chokes:
            return []
        pieces = self.pieces[partner.file]
        others = [other for other in self.partners.values() if other.file == partner.file]
        gone = {piece for other in others for piece in other.asked} | set(pieces.have)
        wanted = [each for each in range(pieces.count) if partner.bits >> each & 1 and each not in gone]
        bits = [other.bits for other in others]
        effects: list[Effect] = []
        while wanted and len(partner.asked) < self.ahead:
            piece = choose_piece(wanted, bits, not pieces.have, self.setup.random)
            wanted.remove(piece)
            partner.asked[piece] = None
            effects.append(Send(conn, GetPiece(piece)))
        return effects

    # -- whom to serve ------------------------------------------------------------------------------------

    def _serve_more(self, conn: ConnectionId) -> list[Effect]:
        """Somebody begins to want something: it need not wait for the next round if there is room."""
        if not self.gives:
            return []
        served = sum(not partner.is_choked for partner in self.partners.values())
        effects: list[Effect] = []
        if self.partners[conn].is_choked and served <= self.best:
            effects.append(self._choke(conn, False))
        if not self.is_timing:
            self.is_timing = True
            effects.append(SetTimer(TimerName(ROUND), self.every))
        return effects

    def _choke(self, conn: ConnectionId, is_choked: bool) -> Send:
        self.partners[conn].is_choked = is_choked
        return Send(conn, Choke(is_choked))

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """A round of tit for tat; the rounds end when nobody wants anything."""
        if name.topic != ROUND:
            return EvolutionNode.on_timer(self, name, now)
        lucky = self.partners.get(self.lucky) if self.lucky is not None else None
        if self.rounds % ROUNDS_OF_LUCK == 0 or lucky is None or not lucky.wants:
            self.lucky = draw_lucky(self.partners, self.setup.random)
        self.rounds += 1
        whole = [file for file, pieces in self.pieces.items() if pieces.is_whole]
        served = choose_served(self.partners, self.best, self.lucky, whole)
        effects: list[Effect] = []
        for conn, partner in self.partners.items():
            if partner.is_choked == (conn in served):
                effects.append(self._choke(conn, conn not in served))
            partner.received = partner.sent = 0
        self.is_timing = any(partner.wants for partner in self.partners.values())
        return [*effects, SetTimer(TimerName(ROUND), self.every)] if self.is_timing else effects
