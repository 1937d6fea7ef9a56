"""Which actions are impossible now, and why. An impossible live action is refused before it is an event."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from blockchain_lab.base.actions import Command
from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.sim import actions, wire
from blockchain_lab.sim.actions import Action
from blockchain_lab.sim.knobs import get_target
from blockchain_lab.sim.scenario_json import check_action
from blockchain_lab.sim.scheduler import DATAGRAM, Entry
from blockchain_lab.sim.transport import get_message

if TYPE_CHECKING:
    from blockchain_lab.sim.world import World

NEWEST_FLIGHTS: Final = 5  # how many an error message names


def find_problem(world: "World", action: Action) -> str | None:
    """Why an action is impossible now; None when it is possible."""
    try:
        check_action(action, world.by_name)
    except ScenarioError as error:
        return f"{type(action).__name__}: {error}"
    find = PROBLEMS.get(type(action), _find_problem_of_command)
    problem = find(world, action)
    return f"{type(action).__name__}: {problem}" if problem else None


def _find_nothing(world: "World", action: Action) -> str | None:
    return None


def _find_problem_of_command(world: "World", action: Any) -> str | None:
    node = world.by_name[action.peer].node
    if node is None:
        return f"{action.peer} is off; revive it first"
    return node.find_problem(action, world.scheduler.now) if isinstance(action, Command) else None


def _find_problem_of_revive(world: "World", action: actions.Revive) -> str | None:
    return None if world.by_name[action.peer].node is None else f"{action.peer} is already on"


def _find_problem_of_partition(world: "World", action: actions.Partition) -> str | None:
    if not action.group:
        return "found an empty group, wanted the names of peers"
    both = [name for name in action.group if name in action.against]
    return f"{', '.join(both)} cannot be on both sides" if both else None


def _find_problem_of_flight(world: "World", action: Any) -> str | None:
    flights = world.transport.find_flights(action.record)
    if not flights:
        flying = sorted({entry[6] for entry in world.transport.get_flights()})[-NEWEST_FLIGHTS:]
        newest = f"the newest are {', '.join(map(str, flying))}" if flying else "there is none"
        return f"record {action.record} is no send of a message in flight; {newest}"
    if isinstance(action, actions.DuplicateMessage) and flights[0][2] != DATAGRAM:
        return (
            f"record {action.record} travels on a stream, which delivers everything once; wanted a datagram"
        )
    return _find_problem_of_edit(world, action, flights) if isinstance(action, actions.EditMessage) else None


def _find_problem_of_edit(world: "World", action: actions.EditMessage, flights: list[Entry]) -> str | None:
    if world.codec is None:
        return "this lab knows no codec, so its messages have no bytes"
    size = len(wire.get_frame(world.codec, get_message(flights[0])))
    outside = [position for position, _ in action.flips if position >= size]
    return f"position {outside[0]} lies outside the frame, wanted 0 to {size - 1}" if outside else None


def _find_problem_of_address(world: "World", action: actions.ChangeAddress) -> str | None:
    owner = world.by_address.get(action.address)
    return f"{action.address.ip}:{action.address.port} is {owner.name}'s" if owner else None


def _find_problem_of_knob(world: "World", action: actions.SetKnob) -> str | None:
    knobs = world.scenario.knobs
    knob = knobs.get(action.knob)
    if knob is None:
        return f"no knob {action.knob!r}; this scenario has {', '.join(knobs) or 'none'}"
    if not knob.min <= action.value <= knob.max:
        return f"{action.knob}: found {action.value}, wanted {knob.min} to {knob.max} {knob.unit}".rstrip()
    if get_target(knob.path) is None:
        return f"{action.knob}: {knob.path} is fixed once a run has begun; begin another with `with_value`"
    return None


PROBLEMS: Final[dict[type, Callable[["World", Any], str | None]]] = {
    actions.Partition: _find_problem_of_partition,
    actions.Heal: _find_nothing,
    actions.DropMessage: _find_problem_of_flight,
    actions.DelayMessage: _find_problem_of_flight,
    actions.DuplicateMessage: _find_problem_of_flight,
    actions.EditMessage: _find_problem_of_flight,
    actions.SetLink: _find_nothing,
    actions.Revive: _find_problem_of_revive,
    actions.ChangeAddress: _find_problem_of_address,
    actions.SetKnob: _find_problem_of_knob,
}  # a kill needs a running host, as a command does
