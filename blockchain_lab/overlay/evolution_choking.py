"""Tit for tat: who gives most gets, and one more in its turn. It sends nothing; from Cohen (2003), §3.

Every ten seconds a peer looks at what each neighbour who wants something has sent it in the last twenty, and
serves the best three; who has the whole file has nothing to get and serves those who took most. The fourth
place goes by turns: every third time somebody else's turn begins, so that newcomers get a first piece and
better partners are found. Who gave nothing at all is none of the best: places that are left go by turns, too.

Between rounds only free places are given away: else, with every piece that makes a neighbour interesting, all
would be choked and served anew, and ask others for what is under way.

Source: BEP 3, "choking"; the order of turns, and where in it newcomers stand, is the first BitTorrent's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.units import Address, ConnectionId

ROUNDS_OF_LUCK: Final = 3  # after so many rounds somebody else's turn begins; §3.3: 30 s of 10
FRONT: Final = 3  # newcomers are three times as likely to be next as to stand anywhere else; BEP 3


@dataclass(slots=True)
class Partner:
    """One neighbour in a swarm."""

    remote: Address
    file: str
    bits: int  # the pieces that it has
    wants: bool = False  # it is interested
    is_choked: bool = True  # by us
    chokes: bool = True  # us
    is_wanted: bool = False  # we have said that we are interested
    asked: dict[int, None] = field(default_factory=dict)  # the pieces that we wait for, oldest first
    owed: dict[int, None] = field(default_factory=dict)  # the pieces that it waits for, oldest first
    received: int = 0  # bytes in this round
    sent: int = 0
    received_before: int = 0  # bytes in the last one: a rate is that of twenty seconds
    sent_before: int = 0

    def end_round(self) -> None:
        """Count anew."""
        self.received_before, self.received = self.received, 0
        self.sent_before, self.sent = self.sent, 0


@dataclass(slots=True)
class Choker:
    """Whose turn it is, of all partners."""

    turns: list[ConnectionId] = field(default_factory=list)  # next first
    rounds: int = 0

    def add(self, conn: ConnectionId, random: CounterRandom) -> None:
        """A new partner, at some place in the order."""
        self.turns.insert(max(0, random.below(len(self.turns) + FRONT) - FRONT + 1), conn)

    def begin_round(self, partners: dict[ConnectionId, Partner]) -> None:
        """Every third time the turn passes to the first who wants something and is not served."""
        if self.rounds % ROUNDS_OF_LUCK == 0:
            waiting = (conn for conn in self.turns if partners[conn].wants and partners[conn].is_choked)
            place = self.turns.index(next(waiting, self.turns[0])) if self.turns else 0
            self.turns = self.turns[place:] + self.turns[:place]
        self.rounds += 1

    def choose_served(
        self,
        partners: dict[ConnectionId, Partner],
        best: int,
        places: int,
        whole: Sequence[str],
        *,
        is_round: bool,
    ) -> list[ConnectionId]:
        """The best of those who want something, then others by turns until all places are taken.

        Between two rounds nobody who wants more loses its place. Who is served and wants nothing for the
        moment keeps its place until somebody needs it. whole: the files that we have entirely. Of equally
        good ones, older connections are served.
        """
        rates = {conn: get_rate(partner, partner.file in whole) for conn, partner in partners.items()}
        wanting = [conn for conn in self.turns if partners[conn].wants]
        served = [conn for conn in self.turns if not partners[conn].is_choked]
        good = sorted((conn for conn in wanting if rates[conn]), key=lambda conn: (-rates[conn], conn))
        safe = [] if is_round else [conn for conn in wanting if conn in served]
        return list(dict.fromkeys([*safe, *good[:best], *wanting, *served]))[:places]


def get_rate(partner: Partner, is_whole: bool) -> int:
    """Bytes that count in its favour: what it gave us; what it took, if we need nothing any more."""
    if is_whole:
        return partner.sent + partner.sent_before
    return partner.received + partner.received_before


def choose_next(partners: dict[ConnectionId, Partner], last: ConnectionId) -> ConnectionId | None:
    """Who is owed a piece, the next one round the table after `last`; None when nobody is."""
    owed = sorted(conn for conn, partner in partners.items() if partner.owed)
    return next((conn for conn in owed if conn > last), owed[0] if owed else None)
