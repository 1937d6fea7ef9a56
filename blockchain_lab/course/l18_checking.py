"""Lesson 18, the checker: one node class, one world, and what did not hold there.

    verdict = check_world(7, Mine)          one world
    check_worlds(Mine, progress=print)      all two hundred
    find_smallest(Mine)                     in `l18_shrinking`: the smallest that fails, in a lab

A node of a learner's runs here, so each world has a budget: of events, and of lines of Python in the
learner's own methods. Whoever marks the work of others runs all of this in a process of its own
(`teach.capstone`).
"""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from types import FrameType, FunctionType, TracebackType
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.node import NodeFactory
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import display_hash
from blockchain_lab.course.functions import OutOfBudgetError, safe_str
from blockchain_lab.course.l18_invariants import Evidence, Violation, find_violations
from blockchain_lab.course.l18_worlds import KIND, World, make_world
from blockchain_lab.lab import Lab
from blockchain_lab.layers.toy_messages import NAME_SIZE
from blockchain_lab.layers.toy_node import OpenToyNode
from blockchain_lab.layers.toy_rules import Chain
from blockchain_lab.layers.wire import LayersCodec
from blockchain_lab.scenarios.kinds import KINDS
from blockchain_lab.sim.scenario import Scenario
from blockchain_lab.sim.trace import Trace
from blockchain_lab.sim.world import World as Engine

WORLDS: Final = 200
MOST_EVENTS: Final = 20_000  # of one world; one of ours has 484 to 4,320
LINES: Final = 200_000  # of a learner's own methods in one world; the six repairs take about 5,000
STEPS: Final = 1_000_000  # instructions, as `while True: pass` starts no new line; the repairs take 25,000
LONGEST: Final = 120  # letters of an error that is passed on
SHORT: Final = 4  # hexadecimal digits of a hash, as in the views

NodeClass = type[OpenToyNode]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one world."""

    world: World
    violations: tuple[Violation, ...]
    events: int

    @property
    def is_right(self) -> bool:
        """Did everything hold?"""
        return not self.violations

    @property
    def first(self) -> Violation | None:
        """What went wrong first."""
        return self.violations[0] if self.violations else None

    @property
    def is_endless(self) -> bool:
        """Had it to be stopped?"""
        return any(each.is_endless for each in self.violations)

    @property
    def broken(self) -> tuple[str, ...]:
        """The invariants that do not hold, each once, in the order in which they broke."""
        return tuple(dict.fromkeys(each.invariant for each in self.violations))

    def __repr__(self) -> str:
        """In a line."""
        if self.first is None:
            return f"World {self.world.seed}: everything holds ({self.events} events)."
        first = self.first
        return f"World {self.world.seed}: {first.invariant}. {first.sentence} (event {first.event})."


@dataclass(frozen=True, slots=True)
class Report:
    """What came of many worlds."""

    verdicts: tuple[Verdict, ...]

    @property
    def right(self) -> int:
        """In how many everything held."""
        return sum(verdict.is_right for verdict in self.verdicts)

    @property
    def failed(self) -> Verdict | None:
        """The first that did not hold."""
        return next((verdict for verdict in self.verdicts if not verdict.is_right), None)

    def __repr__(self) -> str:
        """In a line or two."""
        count = f"{self.right} of {len(self.verdicts)} worlds hold."
        return count if self.failed is None else f"{count}\n{self.failed!r}"


def check_worlds(
    node: NodeClass,
    seeds: Iterable[int] = range(WORLDS),
    *,
    progress: Callable[[Verdict], Any] | None = None,
    stop_at_first: bool = False,
) -> Report:
    """All worlds of these seeds; `progress` is called after each. UsageError for what is no toy node."""
    verdicts = []
    for seed in seeds:
        verdicts.append(check_world(seed, node))
        if progress is not None:
            progress(verdicts[-1])
        if stop_at_first and not verdicts[-1].is_right:
            break
    return Report(tuple(verdicts))


def check_world(world: World | int, node: NodeClass) -> Verdict:
    """One world, by its seed or itself. Never raises for what the node does. UsageError for no toy node."""
    check_node_class(node)
    world = make_world(world) if isinstance(world, int) else world
    scenario = world.to_scenario()
    trace, problem = play(world, scenario, node)
    records = list(trace)
    chain = Chain.from_plain(world.to_scenario().chain, world.seed)  # anew: a node has seen the other one
    seen = Evidence(chain, list(scenario.peers), world.honest, records, scenario.until)
    found = find_violations(seen, is_over=problem is None and world.is_whole)
    return Verdict(world, (*found, *([problem] if problem else [])), trace.last_event)


def check_node_class(node: Any) -> None:
    """UsageError unless this is a class of peers of the toy chain."""
    if not (isinstance(node, type) and issubclass(node, OpenToyNode)):
        raise UsageError(f"wanted a class such as `class Mine(FaultyNode)`, found {node!r:.60}")


def open_lab(world: World, node: NodeClass, event: int = 0) -> Lab:
    """A lab of a world, at an event. Each call of a learner's method has a budget of its own there."""
    watched = watch(node, Budget(is_renewed=True))
    lab = Lab(world.to_scenario(), kinds={KIND: watched}, codec=LayersCodec())
    lab.goto(event=event)
    return lab


def play(world: World, scenario: Scenario, node: NodeClass) -> tuple[Trace, Violation | None]:
    """The run, and what ended it early: a peer that raises, or one that never comes to an end."""
    trace = Trace(len(scenario.peers))
    kinds: dict[str, NodeFactory] = {**KINDS, KIND: watch(node, Budget())}
    engine = Engine(scenario, kinds, trace, ContentStore(), LayersCodec())
    try:
        engine.run(last_event=MOST_EVENTS, until=scenario.until)
        if trace.last_event < MOST_EVENTS:
            return trace, None
        is_endless, peer, what = (
            True,
            "",
            f"there is no end of messages: stopped after {MOST_EVENTS:,} events",
        )
    except KeyboardInterrupt:
        raise
    except BaseException as fault:
        peer = find_peer(fault.__traceback__)
        trace.cut(trace.last_event - 1)  # what a peer that raises has begun is undone, as in a lab
        is_endless = isinstance(fault, OutOfBudgetError)
        what = (
            f"does not come to an end: stopped after {fault}" if is_endless else f"raises {describe(fault)}"
        )
    return trace, Violation("stands", trace.last_event, peer, f"{peer} {what}".strip(), is_endless)


def find_peer(traceback: TracebackType | None) -> str:
    """Whose node it was that raised: the last one on the way; "" when none was."""
    name = ""
    while traceback is not None:
        node = traceback.tb_frame.f_locals.get("self")
        if isinstance(node, OpenToyNode):
            name = node.name
        traceback = traceback.tb_next
    return name


def describe(fault: BaseException) -> str:
    """An error in a line; a learner's own may raise when it is written. A hash is short, as in views."""
    key = fault.args[0] if type(fault) is KeyError and fault.args else None
    if isinstance(key, bytes) and len(key) == NAME_SIZE:
        return f"KeyError: {display_hash(key)[:SHORT]}…"
    return f"{type(fault).__name__}: {safe_str(fault)}"[:LONGEST]


class Budget:
    """How many lines and steps a learner's methods may still execute in one world. No clock is asked."""

    def __init__(self, lines: int = LINES, steps: int = STEPS, *, is_renewed: bool = False) -> None:
        """A step is an instruction of Python's machine. is_renewed: for each call from outside anew."""
        self.lines, self.steps, self.said = lines, steps, f"{lines:,} lines or {steps:,} steps"
        self.given = (lines, steps) if is_renewed else None

    def count(self, frame: FrameType, event: str, argument: Any) -> Any:
        """Python calls this for every line and step. OutOfBudgetError, which `except Exception` lets pass.

        What a learner's method calls of ours is left out: it comes to an end by itself, and to count it takes
        longer than to run it. What that calls of the learner's in turn is counted.
        """
        if is_of_ours(frame.f_globals.get("__name__", "")):
            return None
        frame.f_trace_opcodes = True
        self.lines -= event == "line"
        self.steps -= event == "opcode"
        if self.lines < 0 or self.steps < 0:
            raise OutOfBudgetError(self.said)
        return self.count

    def guard(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, counted, with all that it calls."""

        @wraps(function)
        def guarded(*arguments: Any, **options: Any) -> Any:
            before = sys.gettrace()
            if self.given is not None and before != self.count:
                self.lines, self.steps = self.given
            sys.settrace(self.count)
            try:
                return function(*arguments, **options)
            finally:
                sys.settrace(before)

        return guarded


def watch(node: NodeClass, budget: Budget) -> NodeClass:
    """The same class, with a budget for the methods that are not ours. Ours come to an end by themselves."""
    theirs: dict[str, Any] = {}
    for kind in reversed(node.__mro__):
        if not is_ours(kind):
            theirs |= {name: thing for name, thing in vars(kind).items() if isinstance(thing, FunctionType)}
        else:
            theirs = {name: thing for name, thing in theirs.items() if name not in vars(kind)}
    guarded = {name: budget.guard(function) for name, function in theirs.items()}
    return type(node.__name__, (node,), guarded)


def is_ours(kind: type) -> bool:
    """Does this class belong to the engine, or to Python?"""
    return kind.__module__ == "builtins" or is_of_ours(kind.__module__)


def is_of_ours(module: str) -> bool:
    """Does a module of this name belong to the engine?"""
    return module.partition(".")[0] == "blockchain_lab"
