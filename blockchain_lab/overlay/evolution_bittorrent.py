"""BitTorrent (2001): a tracker knows who wants which file, and those give each other its pieces.

Each piece is checked by its SHA-1, so that it does not matter who sends it; the rarest are fetched first; who
gives gets. The tracker has two messages with each newcomer and no part in the rest: when it is off, swarms go
on, and newcomers find none. Left out of BEP 3: blocks within pieces, the asking of all for the last piece.

A peer that fills its own uplink with pieces makes its questions wait behind them, and who gives nothing asks
faster than who gives: so a limit a little under what the uplink carries (`upload`) belongs to tit for tat, as
it did to the first BitTorrent. Pieces then leave one by one, a neighbour after the other.
"""

from collections.abc import Iterable
from typing import ClassVar, Final

from blockchain_lab.base.choices import read_flag, read_number
from blockchain_lab.base.effects import Effect, Note, Send, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import NOBODY, SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.overlay.evolution_choking import Choker, Partner, choose_next
from blockchain_lab.overlay.evolution_messages import MOST_FILES, Fetch
from blockchain_lab.overlay.evolution_node import EvolutionNode
from blockchain_lab.overlay.evolution_pieces import Pieces, choose_pieces, cut
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
UPLOAD: Final = "upload"
MOST_SIZE: Final = 200_000  # bytes of a file: 2,000 of the smallest pieces; ours


class BitTorrentNode(EvolutionNode):
    """Kind "bittorrent". The tracker has `serves`; all others dial it. Pieces that are no file are no file.

    More policy: `piece` in bytes, `every` round of tit for tat, `best` to be served, `gives` at all, how many
    pieces it asks for `ahead` on each line (Cohen 2003, §2.2: 5 small blocks), `upload` in bytes of pieces a
    second (0: no limit). Without `tit_for_tat` all places go by turns.
    """

    where_is_index: ClassVar[str] = "at the tracker: who wants a file; which pieces, each tells the others"
    sources: ClassVar[int] = MOST_PEERS
    most_size: ClassVar[int] = MOST_SIZE
    keys: ClassVar[tuple[str, ...]] = (
        *EvolutionNode.keys,
        *("piece", "every", "best", "gives", "ahead", "upload", "tit_for_tat"),
    )

    def __init__(self, setup: Setup) -> None:
        """Whole files of the disk are shared again."""
        EvolutionNode.__init__(self, setup)
        self.torrents: dict[str, Torrent] = {}  # the tracker's
        self.partners: dict[ConnectionId, Partner] = {}
        self.choker = Choker()
        self.is_timing, self.is_uploading, self.served_last = False, False, NOBODY
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
        self.upload = read_number(policy, "upload", 0, least=0)
        self.tit_for_tat = read_flag(policy, "tit_for_tat", default=True)

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
        """Ask others for what it has not sent, and serve others in its place."""
        if conn in self.partners:
            del self.open[conn]
            return self._part(conn)
        return EvolutionNode.on_disconnected(self, conn, reason, now)

    def close(self, conn: ConnectionId, reason: str) -> list[Effect]:
        """The same when we hang up."""
        parted = self._part(conn) if conn in self.partners else []
        return [*EvolutionNode.close(self, conn, reason), *parted]

    def _part(self, conn: ConnectionId) -> list[Effect]:
        del self.partners[conn]
        self.fetching.pop(conn, None)
        self.choker.turns.remove(conn)
        return [*self._ask_all(), *self._choose_served()]

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
        self.choker.add(conn, self.setup.random)
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
                return [] if partner.is_choked else self._owe(conn, partner, piece)
            case TakePiece(piece=piece) if piece < pieces.count:  # asked for or not: it is checked
                return self._take(conn, partner, message)
        return EvolutionNode.on_message(self, conn, message, now)

    def _on_promise(self, conn: ConnectionId, partner: Partner, message: Interested) -> list[Effect]:
        if isinstance(message, Choke):
            partner.chokes, partner.asked = message.yes, {}
            return self._ask_all()
        partner.wants = message.yes
        return [*self._choose_served(), *self._begin_rounds()]

    def _owe(self, conn: ConnectionId, partner: Partner, piece: int) -> list[Effect]:
        """A piece is to be sent: at once, or in its turn."""
        if not self.upload:
            return [self._give(conn, partner, piece)]
        partner.owed[piece] = None
        return [] if self.is_uploading else self._upload()

    def _upload(self) -> list[Effect]:
        """The next piece, and when the one after it may leave."""
        conn = choose_next(self.partners, self.served_last)
        self.is_uploading = conn is not None
        if conn is None:
            return []
        self.served_last, partner = conn, self.partners[conn]
        piece = next(iter(partner.owed))
        del partner.owed[piece]
        sent = self._give(conn, partner, piece)
        wait = len(sent.message.encoding) * SECOND // self.upload if self.upload else 0
        return [sent, SetTimer(TimerName(UPLOAD), wait)]

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
        others = [other for other in self.partners.values() if other.file == partner.file]
        asked, bits = {piece for other in others for piece in other.asked}, [other.bits for other in others]
        most, random = self.ahead - len(partner.asked), self.setup.random
        chosen = choose_pieces(self.pieces[partner.file], partner.bits, most, asked, bits, random)
        partner.asked.update(dict.fromkeys(chosen))
        return [Send(conn, GetPiece(piece)) for piece in chosen]

    # -- whom to serve ------------------------------------------------------------------------------------

    def _choose_served(self, is_round: bool = False) -> list[Effect]:
        """Serve those whom we should, and nobody else. Who is choked is owed nothing any more."""
        whole = [file for file, pieces in self.pieces.items() if pieces.is_whole]
        best, places = self.best if self.tit_for_tat else 0, self.best + 1 if self.gives else 0
        served = self.choker.choose_served(self.partners, best, places, whole, is_round=is_round)
        effects: list[Effect] = []
        for conn, partner in self.partners.items():
            if partner.is_choked == (conn in served):
                partner.is_choked, partner.owed = conn not in served, {}
                effects.append(Send(conn, Choke(partner.is_choked)))
        return effects

    def _begin_rounds(self) -> list[Effect]:
        """There are rounds as long as somebody wants something."""
        if self.is_timing or not any(partner.wants for partner in self.partners.values()):
            return []
        self.is_timing = True
        return [SetTimer(TimerName(ROUND), self.every)]

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """The next piece may leave; or a round of tit for tat is over."""
        if name.topic == UPLOAD:
            return self._upload()
        if name.topic != ROUND:
            return EvolutionNode.on_timer(self, name, now)
        self.choker.begin_round(self.partners)
        effects = self._choose_served(is_round=True)
        for partner in self.partners.values():
            partner.end_round()
        self.is_timing = False
        return [*effects, *self._begin_rounds()]
