"""A second lab with one difference, for an A/B run in two lines.

a = Lab("fork_and_heal"); a.run()
b = make_twin(a, {"links.loss": 50_000}); print(compare(a, b))
"""

from collections.abc import Mapping
from typing import Any, Final

from blockchain_lab.base.actions import Command
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Microseconds
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.kinds import KINDS
from blockchain_lab.sim.actions import (
    ACTIONS,
    Action,
    DelayMessage,
    DropMessage,
    DuplicateMessage,
    EditMessage,
)
from blockchain_lab.sim.plain import describe
from blockchain_lab.sim.scenario import Scenario
from blockchain_lab.sim.trace import Trace

Change = Mapping[str, Any] | Action
OF_MESSAGES: Final = (DropMessage, DelayMessage, DuplicateMessage, EditMessage)


def make_twin(lab: Lab, change: Change, *, event: int | None = None) -> Lab:
    """A lab that differs from `lab` in one thing, and has got as far in time. `lab` stays as it is.

    change: values by a knob's name or a path, for another set-up from the beginning on ({} for none); or an
    action, done behind `event`: if none is given right behind a message's sending, else at the cursor.
    UsageError, ScenarioError.
    """
    end = lab.trace.time_of(lab.head)
    if isinstance(change, Mapping):
        if event is not None:
            raise UsageError("make_twin: another set-up holds from the beginning on; leave event=... out")
        twin = rebuild(lab, change)
    else:
        twin = fork_at(lab, get_place(lab, change) if event is None else event)
        twin.do(change)
    twin.run(until=end)
    return twin


def get_place(lab: Lab, action: Action) -> int:
    """Behind which event to act."""
    if not isinstance(action, OF_MESSAGES):
        return lab.cursor
    if type(action.record) is not int or not 0 <= action.record < len(lab.trace):
        raise UsageError(f"no record {describe(action.record)}; this branch has 0 to {len(lab.trace) - 1}")
    return lab.trace.event_of(action.record)


def fork_at(lab: Lab, event: int) -> Lab:
    """A lab with the same past up to an event. The cursor of `lab` is back where it was when we return."""
    if type(event) is not int or not 0 <= event <= lab.head:
        raise UsageError(
            f"make_twin: found event {describe(event)}, wanted 0 to {lab.head}, which have happened"
        )
    timeline, cursor = lab.timeline, lab.cursor
    timeline.goto(event)
    try:
        return lab.fork()
    finally:
        timeline.goto(cursor)


def rebuild(lab: Lab, values: Mapping[str, Any]) -> Lab:
    """The same story with other values; what was done to `lab` is done again, at the same times."""
    scenario = lab.scenario
    for key, value in values.items():
        scenario = set_value(scenario, key, value)
    options = lab.timeline.options
    twin = Lab(
        scenario,
        kinds={name: kind for name, kind in options.kinds.items() if KINDS.get(name) is not kind},
        actions=find_own_commands(lab),
        level=options.level,
        keep=options.keep,
        wire=options.is_wire,
        codec=options.codec if scenario.chain == lab.scenario.chain else None,
    )
    for after, action in lab.timeline.branch.actions:
        if isinstance(action, OF_MESSAGES):
            raise UsageError(
                f"make_twin: {type(action).__name__} (behind event {after}) names a record of this run, and "
                "another set-up has other records; begin from a lab in which no single message was touched"
            )
        twin.goto(event=find_same_moment(lab.trace, after, twin))
        twin.do(action)
    return twin


def find_own_commands(lab: Lab) -> list[type[Command]]:
    """Commands of a learner's own that were given on the lab's branch."""
    kinds = dict.fromkeys(type(action) for _, action in lab.timeline.branch.actions)
    return [kind for kind in kinds if issubclass(kind, Command) and ACTIONS.get(kind.__name__) is not kind]


def find_same_moment(trace: Trace, event: int, twin: Lab) -> int:
    """The twin's event at the same time, as many events into that instant. Its run is played up to there."""
    at: Microseconds = trace.time_of(event)
    twin.look_ahead(until=at)
    into = event - trace.last_at(at - 1) if at else event
    before = twin.trace.last_at(at - 1) if at else 0
    return min(before + into, twin.trace.last_at(at))


def set_value(scenario: Scenario, key: str, value: Any) -> Scenario:
    """Another value of a knob, or at a path; a policy's or the chain's key may be new. UsageError."""
    path = key
    if key in scenario.knobs:
        knob = scenario.knobs[key]
        path = knob.path
        if type(value) is not int or not knob.min <= value <= knob.max:
            raise UsageError(
                f"the knob {key!r}: found {describe(value)}, wanted {knob.min} to {knob.max}"
                f"{' ' if knob.unit else ''}{knob.unit}"
            )
    room, _, name = path.rpartition(".")
    if room == "chain" or room.split(".")[-1] == "policy":
        return scenario.with_value(room, {**scenario.get_value(room), name: value})
    return scenario.with_value(path, value)
