"""What each effect does that a node asks for. An effect that cannot be carried out is the node's mistake."""

from collections.abc import Callable
from heapq import heappush
from typing import TYPE_CHECKING, Any, Final

from blockchain_lab.base import effects as ask
from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.packets import Packet
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import NOBODY
from blockchain_lab.sim.hosts import End, Host
from blockchain_lab.sim.link import LARGEST_DATAGRAM
from blockchain_lab.sim.routing import find_listener, find_next_hop, is_gateway
from blockchain_lab.sim.scheduler import ACCEPT, CLOSED, DELIVER, TIMER
from blockchain_lab.sim.transport import ALWAYS

if TYPE_CHECKING:
    from blockchain_lab.sim.world import World

SEND_KIND: Final = int(Kind.SEND)
DROP_KIND: Final = int(Kind.DROP)
DIAL_KIND: Final = int(Kind.DIAL)
HANG_UP_KIND: Final = int(Kind.HANG_UP)
NOTE_KIND: Final = int(Kind.NOTE)
PLAIN: Final = frozenset({int, str, bool, type(None)})  # values that cannot be changed, and are JSON


def carry_out(world: "World", host: Host, effects: list[Effect], cause: int) -> None:
    """Do what a node asks, in order. UsageError when it cannot be done.

    Nearly every effect is a `Send`; it is dealt with here, and not by calls into the transport, because this
    loop and `events.deliver` are where a run spends its time.
    """
    if type(effects) is not list:
        raise UsageError(f"{host.name} answered {effects!r}, wanted a list of effects")
    append, transport = world.trace.append, world.transport
    for effect in effects:
        if type(effect) is not Send:
            CARRY_OUT.get(type(effect), refuse)(world, host, effect, cause)
            continue
        conn, message = effect.conn, effect.message
        end = host.ends.get(conn)
        if end is None or not end.is_open:
            raise UsageError(f"{host.name} sent {message.command} on connection {conn}: it is not open")
        other = end.other
        sent = append(SEND_KIND, host.index, other, conn, cause, message)
        scheduler = transport.scheduler
        host.uplink_free, end.last_arrival = transport.formula.stream(
            end.link,
            scheduler.now,
            host.uplink_free,
            message.size,
            host.bandwidth,
            message.content_id,
            end.last_arrival,
        )
        if transport.is_special:  # a partition, or messages as bytes
            transport.send_special(host, end, conn, message, sent)
        else:
            number = scheduler.next_number
            scheduler.next_number = number + 1
            entry = (end.last_arrival, number, DELIVER, other, host.index, conn ^ 1, sent, message)
            heappush(scheduler.queue, entry)


def send_to(world: "World", host: Host, effect: ask.SendTo, cause: int) -> None:
    """Send one datagram."""
    _send_packet(world, host, Packet(host.address, effect.address, effect.message), cause)


def forward(world: "World", host: Host, effect: ask.Forward, cause: int) -> None:
    """Send on what another one had sent. Who is no gateway cannot speak with another one's voice."""
    if not is_gateway(world, host):
        raise UsageError(f"{host.name} forwarded a packet: nobody stands behind it")
    _send_packet(world, host, effect.packet, cause)


def _send_packet(world: "World", host: Host, packet: Packet, cause: int) -> None:
    """One hop. A gateway gets the packet; anybody else the message and whom it seems to be from."""
    if packet.size > LARGEST_DATAGRAM:
        found = f"{packet.wire_name} of {packet.size} bytes as a datagram"
        raise UsageError(f"{host.name} sent {found}: wanted at most {LARGEST_DATAGRAM}")
    hop = find_next_hop(world, host, packet.destination)
    other, message = (hop.index if hop else NOBODY), packet.message
    sent = world.trace.append(SEND_KIND, host.index, other, NOBODY, cause, message)
    carried = packet if hop and is_gateway(world, hop) else message
    if not world.transport.send_datagram(host, other, packet.source, carried, sent):
        world.trace.append(DROP_KIND, host.index, other, NOBODY, sent, message)


def set_timer(world: "World", host: Host, effect: ask.SetTimer, cause: int) -> None:
    """Arm a timer; the one of the same name becomes stale."""
    name, after = effect.name, effect.after
    if type(after) is not int or after < 0:
        raise UsageError(f"{host.name} set {name} after {after!r}: wanted whole microseconds, 0 or more")
    if name.conn is not None and name.conn not in host.ends:
        raise UsageError(f"{host.name} set {name}: that connection is not open")
    host.timers_set += 1
    host.timers[name] = host.timers_set
    at = world.scheduler.now + after
    world.scheduler.schedule(at, TIMER, host.index, NOBODY, NOBODY, cause, (name, host.timers_set))


def cancel_timer(world: "World", host: Host, effect: ask.CancelTimer, cause: int) -> None:
    """Forget a timer."""
    host.timers.pop(effect.name, None)


def dial(world: "World", host: Host, effect: ask.Dial, cause: int) -> None:
    """Ask an address to open a connection."""
    transport, conn = world.transport, host.new_connection()
    target, seen_as = find_listener(world, host, effect.address)
    other = target.index if target else NOBODY
    end = End(other, effect.address, is_open=False, link=transport.link(host.index, other))
    host.ends[conn] = end
    dialled = world.trace.append(DIAL_KIND, host.index, other, conn, cause, effect.address)
    transport.send_control(host, end, conn, ACCEPT, dialled, seen_as)
    if target is None or world.scenario.peers[target.name].firewall:
        timeout = transport.settings.dial_timeout
        transport.give_up_later(host, conn, timeout, "unreachable", dialled, ALWAYS)
    elif transport.is_cut(host.index, other):
        transport.lose_patience(host, conn, dialled)


def hang_up(world: "World", host: Host, effect: ask.HangUp, cause: int) -> None:
    """Close our end at once; the other is told behind what we sent before."""
    conn = effect.conn
    if conn not in host.ends:
        raise UsageError(f"{host.name} hung up connection {conn}: it is not open")
    end = host.close(conn)
    hung_up = world.trace.append(HANG_UP_KIND, host.index, end.other, conn, cause, effect.reason)
    world.transport.send_control(host, end, conn, CLOSED, hung_up, effect.reason)


def note(world: "World", host: Host, effect: ask.Note, cause: int) -> None:
    """Record a fact of the protocol, as it is now: the node may go on to change what it gave."""
    facts = copy_facts(effect.facts, f"{host.name} noted {effect.topic}")
    world.trace.append(NOTE_KIND, host.index, NOBODY, NOBODY, cause, (effect.topic, facts))


def copy_facts(value: Any, where: str) -> Any:
    """A copy of a JSON value; UsageError for anything else, a float too: records must be equal everywhere."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is dict:
        return {
            name: item if type(item) in PLAIN else copy_facts(item, f"{where}.{name}")
            for name, item in value.items()
        }
    if kind is list or kind is tuple:
        return kind(item if type(item) in PLAIN else copy_facts(item, where) for item in value)
    raise UsageError(
        f"{where}: found {value!r}, wanted whole numbers, text, true, false, null, lists, objects"
    )


def refuse(world: "World", host: Host, effect: Any, cause: int) -> None:
    """A node answered with something else."""
    wanted = ", ".join(kind.__name__ for kind in (Send, *CARRY_OUT))
    raise UsageError(f"{host.name} answered {effect!r}, wanted: {wanted}")


CARRY_OUT: Final[dict[type, Callable[["World", Host, Any, int], None]]] = {
    ask.SendTo: send_to,
    ask.Forward: forward,
    ask.SetTimer: set_timer,
    ask.CancelTimer: cancel_timer,
    ask.Dial: dial,
    ask.HangUp: hang_up,
    ask.Note: note,
}
