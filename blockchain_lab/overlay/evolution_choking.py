"""Tit for tat: who gives most gets, and one more by chance. Pure; from Cohen (2003), §3.

Every ten seconds a peer looks at what each neighbour who wants something has sent it, and serves the best
three; who has the whole file has nothing to get and serves those who took most. A fourth is drawn by chance
every third time: so newcomers get a first piece, and better partners are found.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.units import Address, ConnectionId

ROUNDS_OF_LUCK: Final = 3  # after so many rounds another one is drawn by chance; §3.3: 30 s of 10


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
    received: int = 0  # bytes since the last round
    sent: int = 0


def choose_served(
    partners: dict[ConnectionId, Partner], best: int, lucky: ConnectionId | None, whole: Sequence[str]
) -> list[ConnectionId]:
    """The best of those who want something, and the lucky one. whole: the files that we have entirely.

    The lucky one takes no place of the best; of equals, the older connections are served.
    """

    def rank(conn: ConnectionId) -> tuple[int, ConnectionId]:
        partner = partners[conn]
        return (-(partner.sent if partner.file in whole else partner.received), conn)

    wanting = [conn for conn, partner in partners.items() if partner.wants and conn != lucky]
    chosen = sorted(wanting, key=rank)[:best]
    return chosen if lucky is None else [*chosen, lucky]


def draw_lucky(partners: dict[ConnectionId, Partner], random: CounterRandom) -> ConnectionId | None:
    """Somebody who wants something and is not served yet; anybody who wants, if all of them are."""
    wanting = [conn for conn, partner in partners.items() if partner.wants]
    choked = [conn for conn in wanting if partners[conn].is_choked]
    return random.choice(choked or wanting) if wanting else None
