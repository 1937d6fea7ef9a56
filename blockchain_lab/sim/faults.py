"""What the learner's and the story's actions do to the world.

A story's action that has become impossible (its peer was killed meanwhile, say) is recorded and does nothing.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from blockchain_lab.base.actions import Command, SetPolicy
from blockchain_lab.base.messages import Message
from blockchain_lab.base.records import Kind
from blockchain_lab.base.telling import apply_policy
from blockchain_lab.base.units import NOBODY, ConnectionId
from blockchain_lab.sim import actions, wire
from blockchain_lab.sim.actions import Action
from blockchain_lab.sim.hosts import Host
from blockchain_lab.sim.knobs import get_target, turn_links
from blockchain_lab.sim.problems import find_problem
from blockchain_lab.sim.scenario import set_link
from blockchain_lab.sim.scheduler import CLOSED, COMMAND, DATAGRAM, Entry
from blockchain_lab.sim.transport import ALWAYS, get_message

if TYPE_CHECKING:
    from blockchain_lab.sim.world import World

ACTION_KIND: Final = int(Kind.ACTION)
COMMAND_KIND: Final = int(Kind.COMMAND)
DROP_KIND: Final = int(Kind.DROP)
KILL_KIND: Final = int(Kind.KILL)


def perform(world: "World", action: Action) -> None:
    """Record an action and carry it out, unless it is impossible."""
    peer = world.by_name[action.peer].index if hasattr(action, "peer") else NOBODY
    record = world.trace.append(ACTION_KIND, peer, NOBODY, NOBODY, NOBODY, action)
    if find_problem(world, action) is None:
        FAULTS.get(type(action), _command)(world, action, record)


def lose_held(world: "World", conn: ConnectionId, cause: int) -> None:
    """What our end `conn` had sent and a partition held back is lost: a drop record for each message."""
    _drop(world, world.transport.lose_held(conn), cause)


def _command(world: "World", action: Command, record: int) -> None:
    host = world.by_name[action.peer]
    if isinstance(action, SetPolicy):
        host.policy[action.key] = action.value
        assert host.setup is not None
        apply_policy(host.setup, action)
    world.tell(host, COMMAND_KIND, NOBODY, NOBODY, record, action)


def _partition(world: "World", action: actions.Partition, record: int) -> None:
    against = action.against or [name for name in world.by_name if name not in action.group]
    side = {world.by_name[name].index: 0 for name in action.group}
    side |= {world.by_name[name].index: 1 for name in against}
    world.transport.partition(side, record)


def _heal(world: "World", action: actions.Heal, record: int) -> None:
    world.transport.heal()


def _drop_message(world: "World", action: actions.DropMessage, record: int) -> None:
    flights = world.transport.find_flights(action.record)
    world.transport.take_out(flights)
    for entry in flights:
        _change_coming(world, entry, None)
    _drop(world, flights, record)


def _delay_message(world: "World", action: actions.DelayMessage, record: int) -> None:
    for entry in world.transport.find_flights(action.record):
        world.transport.delay(entry, action.by)


def _duplicate_message(world: "World", action: actions.DuplicateMessage, record: int) -> None:
    at, _, *rest = world.transport.find_flights(action.record)[0]
    world.scheduler.schedule(at, *rest)


def _edit_message(world: "World", action: actions.EditMessage, record: int) -> None:
    assert world.codec is not None
    for entry in world.transport.find_flights(action.record):
        edited = wire.edit(world.codec, get_message(entry), action.flips)
        _change_coming(world, entry, edited)
        detail = (entry[7][0], edited) if entry[2] == DATAGRAM else edited
        world.transport.swap(entry, detail)


def _set_link(world: "World", action: actions.SetLink, record: int) -> None:
    a, b = world.by_name[action.a].index, world.by_name[action.b].index
    for link in (world.transport.link(a, b), world.transport.link(b, a)):
        set_link(link, action.latency, action.jitter, action.loss, action.duplicate)


def _kill(world: "World", action: actions.Kill, record: int) -> None:
    host = world.by_name[action.peer]
    assert host.node is not None
    killed = world.trace.append(KILL_KIND, host.index, NOBODY, NOBODY, record, action.seen_as)
    host.disk, host.node, host.setup = host.node.stored(), None, None
    for conn in list(host.ends):
        _let_others_see(world, host, conn, action.seen_as, killed)
        host.close(conn)
        lose_held(world, conn, killed)
    host.timers.clear()


def _revive(world: "World", action: actions.Revive, record: int) -> None:
    world.start(world.by_name[action.peer], record)


def _change_address(world: "World", action: actions.ChangeAddress, record: int) -> None:
    host = world.by_name[action.peer]
    del world.by_address[host.address]
    host.address = world.moved[host.name] = action.address
    world.by_address[host.address] = host
    for conn in host.ends:
        _let_others_see(world, host, conn, action.seen_as, record)
        world.transport.give_up_later(host, conn, 0, "our address changed", record, ALWAYS)


def _set_knob(world: "World", action: actions.SetKnob, record: int) -> None:
    target = get_target(world.scenario.knobs[action.knob].path)
    assert target is not None
    if target.room == "links":
        turn_links(world, target, action.value)
        return
    for host in world.hosts:
        has_own = target.key in world.scenario.peers[host.name].policy
        if host.name == target.peer or (target.peer is None and not has_own):
            host.policy[target.key] = action.value
            order = SetPolicy(host.name, target.key, action.value)
            if host.node is not None:
                now, detail = world.scheduler.now, (order, host.lives)
                world.scheduler.schedule(now, COMMAND, host.index, NOBODY, NOBODY, record, detail)


def _let_others_see(world: "World", host: Host, conn: ConnectionId, seen_as: str, cause: int) -> None:
    """How the other end of a lost connection learns of it."""
    end, transport = host.ends[conn], world.transport
    if seen_as == "reset":
        transport.send_control(host, end, conn, CLOSED, cause, "reset")
    elif seen_as == "time-out" and end.other != NOBODY and conn ^ 1 in world.hosts[end.other].ends:
        patience = transport.settings.keep_alive
        transport.give_up_later(world.hosts[end.other], conn ^ 1, patience, "timed out", cause, ALWAYS)


def _drop(world: "World", flights: list[Entry], cause: int) -> None:
    for _, _, kind, host, other, conn, _, detail in flights:
        message = detail[1] if kind == DATAGRAM else detail
        if isinstance(message, Message):  # a lost control packet leaves no record of its own
            world.trace.append(DROP_KIND, host, other, conn, cause, wire.get_original(message))


def _change_coming(world: "World", flight: Entry, message: Message | None) -> None:
    end = world.hosts[flight[3]].ends.get(flight[5])
    if end is not None and end.intake is not None:
        wire.change_coming(end.intake, flight[6], message)


FAULTS: Final[dict[type, Callable[["World", Any, int], None]]] = {
    actions.Partition: _partition,
    actions.Heal: _heal,
    actions.DropMessage: _drop_message,
    actions.DelayMessage: _delay_message,
    actions.DuplicateMessage: _duplicate_message,
    actions.EditMessage: _edit_message,
    actions.SetLink: _set_link,
    actions.Kill: _kill,
    actions.Revive: _revive,
    actions.ChangeAddress: _change_address,
    actions.SetKnob: _set_knob,
}
