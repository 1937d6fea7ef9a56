"""What each entry of the queue does: a message arrives, a connection opens or closes, a timer runs out.

Every function takes the world, the host where it happens, the host it came from, the end it is for, the
record that caused it, and a detail. It writes at least one record and tells at most one node.
"""

from typing import TYPE_CHECKING, Any, Final, Protocol

from blockchain_lab.base.actions import Command
from blockchain_lab.base.effects import TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.records import Kind
from blockchain_lab.base.telling import TELL, apply_policy
from blockchain_lab.base.units import NOBODY, Address, ConnectionId
from blockchain_lab.sim import faults, wire
from blockchain_lab.sim.effects import carry_out
from blockchain_lab.sim.hosts import End, Host, Intake
from blockchain_lab.sim.scheduler import (
    ACCEPT,
    ACTION,
    CLOSED,
    COMMAND,
    CONNECTED,
    DATAGRAM,
    DELIVER,
    GIVE_UP,
    START,
    TIMER,
)

if TYPE_CHECKING:
    from blockchain_lab.sim.world import World

# Plain whole numbers: enum members are slow to look up and to compare.
CONNECT_KIND: Final = int(Kind.CONNECT)
DIAL_FAILED_KIND: Final = int(Kind.DIAL_FAILED)
DELIVER_KIND: Final = int(Kind.DELIVER)
DATAGRAM_KIND: Final = int(Kind.DATAGRAM)
TIMER_KIND: Final = int(Kind.TIMER)
DISCONNECT_KIND: Final = int(Kind.DISCONNECT)
COMMAND_KIND: Final = int(Kind.COMMAND)
DROP_KIND: Final = int(Kind.DROP)
TELL_MESSAGE: Final = TELL[DELIVER_KIND]


class Happen(Protocol):
    """One kind of event."""

    def __call__(
        self, world: "World", host: Host, other: int, conn: ConnectionId, cause: int, detail: Any, /
    ) -> None:
        """Let it happen."""


def deliver(world: "World", host: Host, other: int, conn: ConnectionId, cause: int, message: Message) -> None:
    """A message of a stream arrives. The busiest function of all, so it does itself what `tell` does."""
    end = host.ends.get(conn)
    if end is None or not end.is_open:
        _arrive_for_nobody(world, host, other, conn, cause, message)
        return
    if end.intake is not None or type(message) is wire.Edited:
        whole = _take_bytes(world, host, end, conn, cause, message)
        if whole is None:
            return
        message = whole
    record = world.trace.append(DELIVER_KIND, host.index, other, conn, cause, message)
    carry_out(world, host, TELL_MESSAGE(host.node, conn, message, world.scheduler.now), record)  # type: ignore[arg-type]


def datagram(
    world: "World", host: Host, other: int, conn: ConnectionId, cause: int, detail: tuple[Address, Message]
) -> None:
    """A datagram arrives, if somebody is there and nothing lies between."""
    source, message = detail
    if host.node is None or world.transport.is_cut(host.index, other):
        world.trace.append(DROP_KIND, host.index, other, conn, cause, wire.get_original(message))
        return
    if world.codec is not None and (world.transport.is_wire or isinstance(message, wire.Edited)):
        message = wire.receive_datagram(world.codec, message)
    world.tell(host, DATAGRAM_KIND, other, conn, cause, (source, message))


def timer(
    world: "World", host: Host, other: int, conn: ConnectionId, cause: int, detail: tuple[TimerName, int]
) -> None:
    """A timer runs out; it is forgotten before the node is told."""
    name, _ = detail
    del host.timers[name]
    world.tell(host, TIMER_KIND, NOBODY, NOBODY, cause, name)


def accept(world: "World", host: Host, other: int, conn: ConnectionId, cause: int, remote: Address) -> None:
    """A request to open a connection arrives: open our end and answer, refuse, or say nothing."""
    if world.scenario.peers[host.name].firewall:
        world.trace.append(DROP_KIND, host.index, other, conn, cause, None)  # who dials waits in vain
        return
    if host.node is None:
        drop = world.trace.append(DROP_KIND, host.index, other, conn, cause, None)
        world.transport.send_reset(host, other, conn, drop, "refused")
        return
    end = End(other, remote, is_open=True, link=world.transport.link(host.index, other))
    host.ends[conn] = end
    world.transport.send_control(host, end, conn, CONNECTED, cause, host.address)
    world.tell(host, CONNECT_KIND, other, conn, cause, (remote, True))


def connected(
    world: "World", host: Host, other: int, conn: ConnectionId, cause: int, remote: Address
) -> None:
    """The other side has accepted what we dialled."""
    end = host.ends.get(conn)
    if end is None:
        _arrive_for_nobody(world, host, other, conn, cause, None)
    else:
        end.is_open = True
        world.tell(host, CONNECT_KIND, other, conn, cause, (remote, False))


def closed(world: "World", host: Host, other: int, conn: ConnectionId, cause: int, reason: str) -> None:
    """The other end has closed, or will never open. Stale, and no event, once our end is gone."""
    end = host.close(conn)
    if end.is_open:
        world.tell(host, DISCONNECT_KIND, other, conn, cause, reason)
    else:
        world.tell(host, DIAL_FAILED_KIND, other, conn, cause, (end.remote, reason))


def give_up(
    world: "World", host: Host, other: int, conn: ConnectionId, cause: int, detail: tuple[str, int]
) -> None:
    """Nobody answers any more: our end closes, and what a partition held back of ours is lost."""
    reason, _ = detail
    closed(world, host, other, conn, cause, reason)
    faults.lose_held(world, conn, cause)


def command(
    world: "World", host: Host, other: int, conn: ConnectionId, cause: int, detail: tuple[Command, int]
) -> None:
    """A turned knob reaches a node."""
    order, _ = detail
    assert host.setup is not None
    apply_policy(host.setup, order)
    world.tell(host, COMMAND_KIND, NOBODY, NOBODY, cause, order)


def start(world: "World", host: Host, other: int, conn: ConnectionId, cause: int, detail: None) -> None:
    """A host is switched on for the first time."""
    world.start(host, cause)


def action(world: "World", host: Host, other: int, conn: ConnectionId, cause: int, detail: Any) -> None:
    """The story goes on. `host` is of no meaning here."""
    faults.perform(world, detail)


def _arrive_for_nobody(
    world: "World", host: Host, other: int, conn: ConnectionId, cause: int, message: Message | None
) -> None:
    """Something came for an end that is gone: if we are on, tell the other end, which may not know."""
    original = message.original if isinstance(message, wire.Edited) else message
    drop = world.trace.append(DROP_KIND, host.index, other, conn, cause, original)
    if conn not in host.ends and host.node is not None and conn ^ 1 in world.hosts[other].ends:
        world.transport.send_reset(host, other, conn, drop, "reset")


def _take_bytes(
    world: "World", host: Host, end: End, conn: ConnectionId, cause: int, message: Message | None
) -> Message | None:
    """Let bytes arrive; the message that is whole now, or None (and a drop record) while none is."""
    assert world.codec is not None
    end.intake = intake = end.intake or Intake()
    if message is None:  # something that became whole together with another message
        whole = intake.ready.pop(0) if intake.ready else None
    else:
        whole = wire.receive(world.codec, intake, cause, message)
        for _ in intake.ready:  # one event each
            world.scheduler.schedule(world.scheduler.now, DELIVER, host.index, end.other, conn, cause, None)
    if whole is None:
        original = message.original if isinstance(message, wire.Edited) else message
        world.trace.append(DROP_KIND, host.index, end.other, conn, cause, original)
    return whole


_BY_KIND: Final[dict[int, Happen]] = {
    DELIVER: deliver,
    DATAGRAM: datagram,
    ACCEPT: accept,
    CONNECTED: connected,
    START: start,
    ACTION: action,
    TIMER: timer,
    CLOSED: closed,
    GIVE_UP: give_up,
    COMMAND: command,
}
HAPPEN: Final[tuple[Happen, ...]] = tuple(_BY_KIND[kind] for kind in sorted(_BY_KIND))
