"""How Gnutella's peers find neighbours: begin with one address, ask who is there, and dial some of them.

    ping   to all neighbours, who pass it on as they pass questions on, as many lines far
    pong   from everybody whom it comes to, back along its way; the asker remembers who is there

Who has fewer lines than it wants dials some of those at random, and asks again when it knows nobody more. A
host who has as many lines as it takes hangs up. One ping costs what a question costs, and one pong for each
hop of each peer that it reaches: this was most of Gnutella's traffic.

Source: Gnutella Protocol Specification 0.4. How often to ask, and whom to dial, it leaves open.
"""

from typing import ClassVar, Final

from blockchain_lab.base.actions import Command, SetPolicy
from blockchain_lab.base.choices import read_number
from blockchain_lab.base.effects import Dial, Effect, Note, Send, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import NOBODY, SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.overlay.evolution_messages import Join
from blockchain_lab.overlay.evolution_node import EvolutionNode
from blockchain_lab.overlay.evolution_ping_messages import ServentPing, ServentPong

PING: Final = "ping"
MOST_SEEN: Final = 10_000  # ids that are remembered; ours
MOST_HOSTS: Final = 200  # whom we remember to be there; ours
MOST_TTL: Final = 255  # what one byte holds
KILOBYTE: Final = 1_000  # bytes; 0.4 does not say which


class Servent(EvolutionNode):
    """More policy: `wants` so many lines (0: the scenario's are enough), `most_lines`, `ping_every`.

    While it has too few lines it looks around so often.
    """

    keys: ClassVar[tuple[str, ...]] = (*EvolutionNode.keys, "wants", "most_lines", "ping_every")

    def __init__(self, setup: Setup) -> None:
        """Nothing seen yet, and nobody found."""
        EvolutionNode.__init__(self, setup)
        self.seen: dict[bytes, ConnectionId] = {}  # id of a question or a ping -> the way back, oldest first
        self.hosts: dict[Address, None] = {}  # who is there, and is no neighbour
        self.dialling: dict[Address, None] = {}  # hosts that are to become neighbours
        self.is_looking = False

    def _read_policy(self) -> None:
        EvolutionNode._read_policy(self)
        self.wants = read_number(self.setup.policy, "wants", 0, least=0)
        self.most_lines = read_number(self.setup.policy, "most_lines", 1_000, least=1)
        self.ping_every = read_number(self.setup.policy, "ping_every", 5 * SECOND, least=1)

    def get_ways(self) -> list[ConnectionId]:
        """Lines on which questions and pings go."""
        return list(self.lines)

    def remember(self, id: bytes, way: ConnectionId) -> None:
        """A question or a ping, and on which line it came; NOBODY for our own."""
        if len(self.seen) >= MOST_SEEN:
            del self.seen[next(iter(self.seen))]
        self.seen[id] = way

    # -- looking around -----------------------------------------------------------------------------------

    def on_join(self, conn: ConnectionId, now: Microseconds) -> list[Effect]:
        """One more line: is it enough?"""
        self.dialling.pop(self.lines[conn].remote, None)
        self.hosts.pop(self.lines[conn].remote, None)
        return self._look_around()

    def _look_around(self) -> list[Effect]:
        """Too few lines: dial somebody, or ask who is there; and look again later."""
        missing = self.wants - len(self.lines) - len(self.dialling)
        if self.is_looking or missing <= 0 or not self.lines:
            return []
        self.is_looking = True
        again = SetTimer(TimerName(PING), self.ping_every)
        if not self.hosts:
            id = self.draw_id()
            self.remember(id, NOBODY)
            return [*(Send(way, ServentPing(id, self.ttl, 0)) for way in self.get_ways()), again]
        chosen = self.setup.random.sample(list(self.hosts), min(missing, len(self.hosts)))
        for host in chosen:
            del self.hosts[host]
            self.dialling[host] = None
        return [*(Dial(host) for host in chosen), again]

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """With another policy it may want more lines."""
        effects = EvolutionNode.on_command(self, command, now)
        return [*effects, *self._look_around()] if isinstance(command, SetPolicy) else effects

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Look around again, if we still have too few."""
        if name.topic != PING:
            return EvolutionNode.on_timer(self, name, now)
        self.is_looking = False
        return self._look_around()

    def on_dial_failed(self, remote: Address, reason: str, now: Microseconds) -> list[Effect]:
        """A host that is there no more."""
        if remote in self.dialling and remote not in self.errands:
            del self.dialling[remote]
            return self._look_around()
        return EvolutionNode.on_dial_failed(self, remote, reason, now)

    def on_disconnected(self, conn: ConnectionId, reason: str, now: Microseconds) -> list[Effect]:
        """A line less, or a host that takes no more."""
        self.dialling.pop(self.open[conn][0], None)
        return [*EvolutionNode.on_disconnected(self, conn, reason, now), *self._look_around()]

    # -- what neighbours say ------------------------------------------------------------------------------

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Pings and pongs; a newcomer for whom there is no room; or what all systems have."""
        match message:
            case ServentPing() if conn in self.lines:
                return self._on_ping(conn, message)
            case ServentPong() if conn in self.lines:
                return self._on_pong(conn, message)
            case Join() if self.open[conn][1] and len(self.lines) + len(self.dialling) >= self.most_lines:
                return self.close(conn, "no more lines")
        return EvolutionNode.on_message(self, conn, message, now)

    def _on_ping(self, conn: ConnectionId, ping: ServentPing) -> list[Effect]:
        """Say that we are there, and pass it on, once."""
        if ping.id in self.seen:
            return []
        self.remember(ping.id, conn)
        shared = sum(map(len, self.files.values())) // KILOBYTE
        back = min(ping.hops + 1, MOST_TTL)
        pong = ServentPong(ping.id, back, 0, self.setup.address, len(self.files), shared)
        ttl = min(ping.ttl, self.ttl - ping.hops) - 1  # nobody's ping goes farther than ours
        further = ServentPing(ping.id, ttl, ping.hops + 1) if ttl > 0 else None
        ways = [way for way in self.get_ways() if way != conn] if further else []
        return [Send(conn, pong), *(Send(way, further) for way in ways if further)]

    def _on_pong(self, conn: ConnectionId, pong: ServentPong) -> list[Effect]:
        """Back along the way of its ping; or somebody whom we may dial."""
        way = self.seen.get(pong.id)
        if way is None:
            return self.complain(conn, "pong: nobody asked for it")
        if way != NOBODY:
            return [Send(way, pong.go_on())] if way in self.lines and pong.ttl > 1 else []
        near = (self.setup.address, *(line.remote for line in self.lines.values()), *self.dialling)
        if pong.address in near or pong.address in self.hosts or len(self.hosts) >= MOST_HOSTS:
            return []
        self.hosts[pong.address] = None
        facts = {"host": self.show(pong.address), "hops": pong.hops + 1, "files": pong.files}
        return [Note("host found", facts)]
