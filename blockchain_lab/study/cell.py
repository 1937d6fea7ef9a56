"""A lab as a short cell of code that brings somebody else to this very moment of this very run.

lab = Lab("fork_and_heal", seed=7)
lab.goto(event=120)
lab.do(Kill("dan"))
lab.goto(event=266)
lab.show("tree", "why")

A run is a pure function of scenario, seed and actions, so these few lines are the run. A lab's page writes
the last ones itself, for it knows where its reader stands (`share-cell.js` has the same words).
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, replace
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.kinds import KINDS
from blockchain_lab.scenarios.library import load, names
from blockchain_lab.sim.actions import ACTIONS, Action, action_to_json
from blockchain_lab.sim.recorded import Recorded
from blockchain_lab.sim.scenario import Scenario
from blockchain_lab.sim.scenario_json import scenario_to_json
from blockchain_lab.study.set_up import ABSENT, OF_NO_EFFECT, walk

MOST_VALUES: Final = 6  # that a cell sets one by one; a scenario with more of its own is written out whole
ON_SOME_BRANCH: Final = re.compile(r"^record:\d+:")
UNSAFE: Final = re.compile('[\\\\"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]')


def write_cell(lab: Lab, views: Sequence[str] = ()) -> str:
    """The whole cell: the run with all actions of this branch, the cursor, the selection, and the views."""
    return "\n".join([*write_run(lab), *write_place(lab.cursor, lab.selection, views)]) + "\n"


def write_run(lab: Lab) -> list[str]:
    """The lines that make the run again. UsageError for a recording of a real network."""
    if isinstance(lab.timeline, Recorded):
        raise UsageError("a recording of a real network cannot be made again by code; recording.save(...) it")
    actions = lab.timeline.branch.actions
    own = list(dict.fromkeys(type(action) for _, action in actions if not is_ours(type(action))))
    source, imports, notes = write_scenario(lab.scenario)
    options, more = write_options(lab, [kind.__name__ for kind in own])
    notes += more + [f"# {kind.__name__} is a command of your own: define it above" for kind in own]
    written = [(after, write_action(action)) for after, action in actions]
    imports += [
        f"from {type(action).__module__} import {type(action).__name__}"
        for _, action in actions
        if is_ours(type(action))
    ]
    lines = ["from blockchain_lab import Lab", *sorted(dict.fromkeys(imports)), *notes, ""]
    lines.append(f"lab = Lab({', '.join([source, f'seed={lab.scenario.seed}', *options])})")
    for after, text in written:
        lines += [f"lab.goto(event={after})", f"lab.do({text})"]
    return lines


def write_place(event: int, selection: str | None, views: Iterable[str]) -> list[str]:
    """The lines that lead to an event, select what was selected there, and show it. A cell has one branch."""
    lines = [f"lab.goto(event={event})"]
    if selection is not None:
        lines.append(f"lab.selection = {quote(ON_SOME_BRANCH.sub('record:0:', selection))}")
    return [*lines, f"lab.show({', '.join(map(quote, views))})"]


def write_scenario(scenario: Scenario) -> tuple[str, list[str], list[str]]:
    """What the lab is made from, what that needs imported, and what stands before it."""
    values = find_values(scenario) if scenario.name in names() else None
    if values == {}:
        return quote(scenario.name), [], []
    if values is not None:
        lines = [f"scenario = load({quote(scenario.name)})"]
        lines += [
            f"scenario = scenario.with_value({quote(path)}, {write_value(value)})"
            for path, value in values.items()
        ]
        return "scenario", ["from blockchain_lab.scenarios.library import load"], ["", *lines]
    text = json.dumps(scenario_to_json(scenario), separators=(",", ":"))
    imports = ["import json", "from blockchain_lab.sim.scenario_json import scenario_from_json"]
    return "scenario_from_json(json.loads(scenario))", imports, ["", f"scenario = {text!r}"]


def find_values(scenario: Scenario) -> dict[str, Any] | None:
    """What differs from the named story, by path; None when a cell cannot say that in a few lines."""
    story = replace(load(scenario.name), seed=scenario.seed)
    found = list(walk("", story, scenario))
    values = {each.path.removeprefix("."): each.b for each in found}
    if len(values) > MOST_VALUES or any(ABSENT in (each.a, each.b) or not is_plain(each.b) for each in found):
        return None
    for path, value in values.items():
        if path.partition(".")[0] in OF_NO_EFFECT and "." in path:
            return None
        story = story.with_value(path, value)
    return values if story == scenario else None


def write_options(lab: Lab, commands: Sequence[str]) -> tuple[list[str], list[str]]:
    """What else the lab was given, and a comment on each class that the cell does not bring along."""
    options = lab.timeline.options
    used = dict.fromkeys(peer.kind for peer in lab.scenario.peers.values())
    kinds = {kind: options.kinds[kind] for kind in used if KINDS.get(kind) is not options.kinds[kind]}
    given, notes = [], []
    if kinds:
        classes = {kind: getattr(factory, "__name__", "factory") for kind, factory in kinds.items()}
        pairs = ", ".join(f"{quote(kind)}: {name}" for kind, name in classes.items())
        given.append(f"kinds={{{pairs}}}")
        notes += [f"# {name} is a node of your own: define it above" for name in classes.values()]
    if commands:
        given.append(f"actions=[{', '.join(commands)}]")
    if options.is_wire:
        given.append("wire=True")
    if lab.has_own_codec:
        given.append("codec=codec")
        notes.append("# codec is the one that you handed to your lab: define it above")
    return given, notes


def is_ours(kind: type[Action]) -> bool:
    """Is this an action that everybody has?"""
    return ACTIONS.get(kind.__name__) is kind


def write_action(action: Action) -> str:
    """`Kill("dan", seen_as="silence")`; what is its default is left out."""
    values = {field.name: (field.default, getattr(action, field.name)) for field in fields(action)}
    if not all(is_plain(value) for _, value in values.values()):
        return f"lab.read_action({action_to_json(action)!r})"
    told = [
        (write_value(value) if not place else f"{name}={write_value(value)}")
        for place, (name, (default, value)) in enumerate(values.items())
        if default is MISSING or default != value
    ]
    return f"{type(action).__name__}({', '.join(told)})"


def is_plain(value: Any) -> bool:
    """Can this be written down as it stands?"""
    if isinstance(value, Mapping):
        return all(is_plain(part) for pair in value.items() for part in pair)
    if type(value) in (tuple, list):
        return all(map(is_plain, value))
    return value is None or type(value) in (int, str, bool, bytes)


def write_value(value: Any) -> str:
    """A plain value as Python writes it."""
    return quote(value) if isinstance(value, str) else repr(value)


def quote(text: str) -> str:
    """A text in double quotes, in Python's way and in JavaScript's: the page writes the same."""
    return f'"{UNSAFE.sub(escape, text)}"'


def escape(found: re.Match[str]) -> str:
    """One letter that cannot stand in a line."""
    return f"\\{found[0]}" if found[0] in '\\"' else f"\\u{ord(found[0]):04x}"
