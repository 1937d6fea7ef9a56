"""Whom a gossiping node dials: those whom the topology names, or as many as it wants, drawn by chance.

    Named    each neighbour of the topology, and again when the line is lost
    Drawn    `policy.outbound` others, whoever they are; for one that is lost, another one

How many lines come in is not for the node to decide: where everybody dials k others, k come on average.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.effects import Dial, Effect, SetTimer, TimerName
from blockchain_lab.base.units import Address, ConnectionId
from blockchain_lab.overlay.gossip_ground import Ground, Line

REDIAL: Final = "redial"
FULL: Final = "no more lines"
TWICE: Final = "we have dialled you"
ENOUGH: Final = "enough lines dialled"


@dataclass(slots=True)
class Named:
    """The topology's neighbours. They have no other dialler: a line that comes in is always welcome."""

    neighbours: Sequence[Address]

    def on_start(self, ground: Ground) -> list[Effect]:
        """Dial all of them."""
        return [Dial(address) for address in self.neighbours]

    def on_opened(self, ground: Ground, conn: ConnectionId, remote: Address, inbound: bool) -> str | None:
        """Why a line that has just come about is not wanted; None when it is. Who has dialled has room."""
        return FULL if inbound and len(ground.lines) >= ground.policy.most_lines else None

    def take_surplus(self, ground: Ground) -> list[ConnectionId]:
        """Lines that the policy no longer wants: it has no say in whom the topology names."""
        return []

    def on_policy(self, ground: Ground) -> list[Effect]:
        """Another policy changes nothing."""
        return []

    def on_lost(self, ground: Ground, line: Line, reason: str) -> list[Effect]:
        """Who has dialled dials again, later."""
        return [] if line.inbound else self.on_failed(ground, line.remote)

    def on_failed(self, ground: Ground, remote: Address) -> list[Effect]:
        """The same for a call that nobody answered."""
        if remote not in self.neighbours:
            return []
        name = TimerName(REDIAL, about=self.neighbours.index(remote))
        return [SetTimer(name, ground.policy.redial_after)]

    def on_nonsense(self, ground: Ground, line: Line) -> list[Effect]:
        """We have closed a line ourselves, on which nobody could understand anything: it stays closed."""
        return []

    def on_timer(self, ground: Ground, name: TimerName) -> list[Effect]:
        """Dial the one that the timer is about."""
        return [Dial(self.neighbours[int(str(name.about))])]


@dataclass(slots=True)
class Drawn:
    """Some of all others, each on one line only."""

    order: list[Address]  # by chance; whoever was lost, or did not answer, stands behind all others
    dialled: dict[Address, ConnectionId | None] = field(default_factory=dict)  # oldest first; None: not yet

    def on_start(self, ground: Ground) -> list[Effect]:
        """Dial as many as are wanted."""
        return self._dial_more(ground)

    def on_opened(self, ground: Ground, conn: ConnectionId, remote: Address, inbound: bool) -> str | None:
        """Why a line is not wanted: no room; enough; or two have dialled each other, and one line is kept.

        Of those two the one with the smaller address decides, else both lines might go.
        """
        is_full = len(ground.lines) >= ground.policy.most_lines
        if inbound:
            is_ours = remote in self.dialled and ground.address < remote
            return FULL if is_full else TWICE if is_ours else None
        if self.dialled.get(remote, conn) is not None:
            return ENOUGH  # no longer wanted, or open already
        if is_full:
            del self.dialled[remote]
            return FULL
        self.dialled[remote] = conn
        return None

    def take_surplus(self, ground: Ground) -> list[ConnectionId]:
        """The youngest lines dialled beyond what is wanted. They count no more; calls under way neither."""
        surplus = list(self.dialled)[ground.policy.outbound :]
        conns = [self.dialled.pop(address) for address in surplus]
        return [conn for conn in conns if conn is not None]

    def on_policy(self, ground: Ground) -> list[Effect]:
        """Perhaps more are wanted now."""
        return self._dial_more(ground)

    def on_lost(self, ground: Ground, line: Line, reason: str) -> list[Effect]:
        """Another one in its place: at once if the other keeps our other line, else after a while."""
        if line.inbound:
            return self._dial_later(ground)
        self._put_behind(line.remote)
        return self._dial_more(ground) if reason == TWICE else self._dial_later(ground)

    def on_failed(self, ground: Ground, remote: Address) -> list[Effect]:
        """Nobody is there: after a while another one."""
        self._put_behind(remote)
        return self._dial_later(ground)

    def on_nonsense(self, ground: Ground, line: Line) -> list[Effect]:
        """It is never dialled again; another one is."""
        self.dialled.pop(line.remote, None)
        self.order.remove(line.remote)
        return self._dial_later(ground)

    def on_timer(self, ground: Ground, name: TimerName) -> list[Effect]:
        """Now."""
        return self._dial_more(ground)

    def _put_behind(self, address: Address) -> None:
        self.dialled.pop(address, None)
        self.order.remove(address)
        self.order.append(address)

    def _dial_more(self, ground: Ground) -> list[Effect]:
        """Up to what is wanted, as long as there are others and there is room."""
        waiting = sum(conn is None for conn in self.dialled.values())
        room = ground.policy.most_lines - len(ground.lines) - waiting
        missing = max(0, min(ground.policy.outbound - len(self.dialled), room))
        known = dict.fromkeys([*self.dialled, *(line.remote for line in ground.lines.values())])
        new = [address for address in self.order if address not in known][:missing]
        self.dialled |= dict.fromkeys(new)
        return [Dial(address) for address in new]

    def _dial_later(self, ground: Ground) -> list[Effect]:
        if len(self.dialled) >= ground.policy.outbound:
            return []
        return [SetTimer(TimerName(REDIAL), ground.policy.redial_after)]


Dialling = Named | Drawn


def make_dialling(neighbours: Sequence[Address], ground: Ground) -> Dialling:
    """By the policy. Drawing an order takes as long as there are others, once."""
    if not ground.policy.outbound:
        return Named(neighbours)
    others = [address for address in ground.contacts if address != ground.address]
    return Drawn(ground.random.sample(others, len(others)))
