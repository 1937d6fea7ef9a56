"""What lies between hosts: uplinks, links, streams, partitions. It moves messages and tells no node.

A partition holds back what streams carry (their hosts keep repeating it); `heal` lets it go. An end that
waits too long gives up, and what it had sent and was held back is lost.
"""

from dataclasses import dataclass, field, replace
from typing import Any, Final

from blockchain_lab.base.draws import mix
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import NOBODY, Address, ConnectionId, Microseconds
from blockchain_lab.sim.formulas import FORMULAS
from blockchain_lab.sim.hosts import End, Host, Intake
from blockchain_lab.sim.link import Formula, Link
from blockchain_lab.sim.scenario import Between, Links, Scenario, is_local, make_link, make_links
from blockchain_lab.sim.scheduler import CLOSED, DATAGRAM, DELIVER, GIVE_UP, PACKETS, Entry, Scheduler

CONTROL_SIZE: Final = 40  # bytes of a packet that opens or closes a connection: bare IP and TCP headers
ALWAYS: Final = -1  # a giving up that does not hang on a partition


@dataclass(slots=True)
class Transport:
    """Decides when what is sent arrives, and puts it into the queue."""

    scenario: Scenario
    scheduler: Scheduler
    hosts: list[Host]
    is_wire: bool = False
    settings: Links = field(init=False)  # as the knobs have set them
    formula: Formula = field(init=False)
    links: dict[tuple[int, int], Link] = field(default_factory=dict)
    own: dict[tuple[str, str], Between] = field(init=False)
    nowhere: Link = field(default_factory=lambda: Link(0, 0))  # to addresses that nobody has
    side: dict[int, int] = field(default_factory=dict)  # partition: host -> 0 or 1, none for the others
    is_special: bool = field(init=False)  # sends take the slow way: there is a partition, or bytes
    partitions: int = 0  # how often a partition began or ended
    held: list[Entry] = field(default_factory=list)  # by the partition

    def __post_init__(self) -> None:
        """Read what the scenario says of the network."""
        self.settings = self.scenario.links
        self.formula = FORMULAS[self.settings.formula]
        self.own = make_links(self.scenario)
        self.is_special = self.is_wire

    def link(self, a: int, b: int) -> Link:
        """The link from a to b, made when first used. `b` may be nobody."""
        if b == NOBODY:
            return self.nowhere
        link = self.links.get((a, b))
        if link is None:
            names = self.hosts[a].name, self.hosts[b].name
            settings = self.settings
            if is_local(self.scenario.peers, *names):
                settings = replace(settings, latency=(settings.local, settings.local), jitter=0)
            link = make_link(self.scenario.seed, settings, *names, self.own.get(names))
            self.links[a, b] = link
        return link

    # -- sending ----------------------------------------------------------------------------------------

    def send_special(self, host: Host, end: End, conn: ConnectionId, message: Message, sent: int) -> None:
        """Put a message on a stream while there is a partition, or where messages travel as bytes.

        The plain case stands in `sim.effects.carry_out`. `sent`: the id of its record.
        """
        if self.is_wire:
            self._note_coming(end.other, conn ^ 1, message, sent)
        put = self._hold if self.is_cut(host.index, end.other) else self.scheduler.schedule
        put(end.last_arrival, DELIVER, end.other, host.index, conn ^ 1, sent, message)

    def send_control(
        self, host: Host, end: End, conn: ConnectionId, kind: int, cause: int, detail: Any
    ) -> None:
        """Put a small packet on the stream of our end `conn`; it keeps the stream's order."""
        if end.other == NOBODY:
            return
        host.uplink_free, at = self.formula.stream(
            end.link,
            self.scheduler.now,
            host.uplink_free,
            CONTROL_SIZE,
            host.bandwidth,
            mix(kind),
            end.last_arrival,
        )
        end.last_arrival = at
        put = self._hold if self.is_cut(host.index, end.other) else self.scheduler.schedule
        put(at, kind, end.other, host.index, conn ^ 1, cause, detail)

    def send_datagram(self, host: Host, other: int, source: Address, message: Message, sent: int) -> bool:
        """Send one datagram, which seems to be from `source`. False when it is lost."""
        host.uplink_free, arrivals = self.formula.datagram(
            self.link(host.index, other),
            self.scheduler.now,
            host.uplink_free,
            message.size,
            host.bandwidth,
            message.content_id,
        )
        if other == NOBODY or self.is_cut(host.index, other):
            return False
        for at in arrivals:
            detail = (source, message)
            self.scheduler.schedule(at, DATAGRAM, other, host.index, NOBODY, sent, detail)
        return bool(arrivals)

    def send_reset(self, host: Host, other: int, conn: ConnectionId, cause: int, reason: str) -> None:
        """Tell the other end of `conn`, of which we know nothing, that nobody is here."""
        at = self.scheduler.now + self.link(host.index, other).latency
        put = self._hold if self.is_cut(host.index, other) else self.scheduler.schedule
        put(at, CLOSED, other, host.index, conn ^ 1, cause, reason)

    def give_up_later(
        self, host: Host, conn: ConnectionId, delay: Microseconds, reason: str, cause: int, partition: int
    ) -> None:
        """Let an end give up after a while, unless the partition with that number has ended (`ALWAYS`)."""
        at, other = self.scheduler.now + delay, host.ends[conn].other
        self.scheduler.schedule(at, GIVE_UP, host.index, other, conn, cause, (reason, partition))

    def _note_coming(self, other: int, conn: ConnectionId, message: Message, sent: int) -> None:
        twin = self.hosts[other].ends.get(conn)
        if twin is not None:
            twin.intake = twin.intake or Intake()
            twin.intake.coming[sent] = message

    # -- partitions -------------------------------------------------------------------------------------

    def is_cut(self, a: int, b: int) -> bool:
        """Does a partition lie between a and b?"""
        side = self.side
        return a in side and b in side and side[a] != side[b]

    def partition(self, side: dict[int, int], cause: int) -> None:
        """Begin another partition: hold back what streams carry across it, and let ends lose patience."""
        self.heal()
        self.side, self.is_special = side, True
        held = self.scheduler.remove(lambda entry: entry[2] in PACKETS and self.is_cut(entry[3], entry[4]))
        self.held = held
        for host in self.hosts:
            for conn, end in host.ends.items():
                if self.is_cut(host.index, end.other):
                    self.lose_patience(host, conn, cause)

    def lose_patience(self, host: Host, conn: ConnectionId, cause: int) -> None:
        """An end across the partition will time out unless it heals in time."""
        is_open = host.ends[conn].is_open
        patience = self.settings.keep_alive if is_open else self.settings.dial_timeout
        self.give_up_later(host, conn, patience, "timed out", cause, self.partitions)

    def heal(self) -> None:
        """End the partition: what was held back arrives, in the order of each stream."""
        self.partitions += 1
        self.side, self.is_special = {}, self.is_wire
        released, self.held = sorted(self.held), []
        last: dict[ConnectionId, Microseconds] = {}
        for at, _, kind, host, other, conn, cause, detail in released:
            soonest = self.scheduler.now + self.link(other, host).latency
            last[conn] = max(at, soonest, last.get(conn, 0))
            self.scheduler.schedule(last[conn], kind, host, other, conn, cause, detail)
            self._push_stream(other, conn ^ 1, last[conn])

    def lose_held(self, conn: ConnectionId) -> list[Entry]:
        """Take out what our end `conn` had sent and was held back: nobody repeats it any more."""
        lost = [entry for entry in self.held if entry[5] == conn ^ 1]
        self.held = [entry for entry in self.held if entry[5] != conn ^ 1]
        return lost

    def _hold(
        self, at: Microseconds, kind: int, host: int, other: int, conn: ConnectionId, cause: int, detail: Any
    ) -> None:
        self.held.append((at, self.scheduler.next_number, kind, host, other, conn, cause, detail))
        self.scheduler.next_number += 1

    # -- faults on single messages ----------------------------------------------------------------------

    def find_flights(self, sent: int) -> list[Entry]:
        """The entries of one send that have not arrived; O(queue)."""
        return sorted(entry for entry in self.get_flights() if entry[6] == sent)

    def get_flights(self) -> list[Entry]:
        """All messages in flight, in no order; O(queue)."""
        flying = [*self.scheduler.queue, *self.held]
        return [entry for entry in flying if entry[2] in (DELIVER, DATAGRAM) and entry[7] is not None]

    def take_out(self, flights: list[Entry]) -> None:
        """Let these never arrive."""
        numbers = {entry[1] for entry in flights}
        self.scheduler.remove(lambda entry: entry[1] in numbers)
        self.held = [entry for entry in self.held if entry[1] not in numbers]

    def swap(self, flight: Entry, detail: Any) -> None:
        """Let something else arrive in its place."""
        for entries in (self.scheduler.queue, self.held):
            if flight in entries:
                entries[entries.index(flight)] = (*flight[:7], detail)

    def delay(self, flight: Entry, by: Microseconds) -> None:
        """Let a flight arrive later; on a stream, what follows waits behind it."""
        later, conn = flight[0] + by, flight[5]
        is_held = flight in self.held
        moved = [flight]
        if flight[2] == DELIVER:
            line = self.held if is_held else self.scheduler.queue
            moved += sorted(e for e in line if e[5] == conn and e[2] in PACKETS and e[:2] > flight[:2])
            self._push_stream(flight[4], conn ^ 1, max(later, moved[-1][0]))
        self.take_out(moved)
        put = self._hold if is_held else self.scheduler.schedule
        for at, _, kind, host, other, _, cause, detail in moved:
            put(max(later, at), kind, host, other, conn, cause, detail)

    def _push_stream(self, sender: int, conn: ConnectionId, at: Microseconds) -> None:
        """What is sent next on our end `conn` arrives at `at` or later."""
        end = self.hosts[sender].ends.get(conn)
        if end is not None:
            end.last_arrival = max(end.last_arrival, at)


def get_message(flight: Entry) -> Message:
    """What a flight carries."""
    message: Message = flight[7][1] if flight[2] == DATAGRAM else flight[7]
    return message
