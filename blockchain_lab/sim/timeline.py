"""A cursor over what happened, its branches, and the worlds that are rebuilt from nothing when needed.

The trace stands outside the world, so moving the cursor is instant. A world is rebuilt only to act, run or
fork in the past; a peer is rebuilt from its own inbox.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Final, Self

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Codec
from blockchain_lab.base.node import Node, NodeFactory
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import Microseconds
from blockchain_lab.sim.actions import Action
from blockchain_lab.sim.checkpoints import NODE_EVERY, WORTH_KEEPING, Checkpoints, Stopwatch
from blockchain_lab.sim.scenario import Scenario
from blockchain_lab.sim.trace import Level, Spill, Trace
from blockchain_lab.sim.world import World

REPLAY_BATCH: Final = 16  # inbox records between two looks at the stopwatch


@dataclass(frozen=True, slots=True)
class Options:
    """How runs are made; the same for all branches of a lab and for its forks."""

    kinds: Mapping[str, NodeFactory]
    store: ContentStore
    codec: Codec | None = None
    is_wire: bool = False
    level: Level = "full"
    keep: int | None = None
    spill: Spill | None = None
    stopwatch: Stopwatch | None = None  # decides when a copy of the world is worth its while; None: never


@dataclass(slots=True)
class Branch:
    """One line of descent: a parent, the event where it left it, and what came since."""

    parent: int | None
    fork_event: int
    trace: Trace  # continues the parent's
    checkpoints: Checkpoints
    actions: list[tuple[int, Action]] = field(default_factory=list)  # (after this event, action), all of them
    head: int = 0  # the last event that has happened
    seen: int = 0  # the furthest event that anybody has looked at


class Timeline:
    """Branches, the cursor, and the one live world at the head of the current branch, if any."""

    def __init__(self, scenario: Scenario, options: Options) -> None:
        """Event 0, before anything has happened."""
        self.scenario, self.options = scenario, options
        root = Trace(len(scenario.peers), options.level, keep=options.keep, spill=options.spill)
        self.branches = [Branch(None, 0, root, Checkpoints(options.stopwatch))]
        self.current, self.cursor = 0, 0
        self.replaced = 0  # how often an unseen future was replaced
        self._world: World | None = None

    @property
    def branch(self) -> Branch:
        """The branch under the cursor."""
        return self.branches[self.current]

    # -- moving -----------------------------------------------------------------------------------------

    def goto(self, event: int) -> None:
        """Any event, past or future. Stops where nothing is left to happen."""
        try:
            if event > self.branch.head:
                self._advance(lambda world, between: world.run(last_event=event, between=between))
        finally:
            self._put_cursor(min(event, self.branch.head))

    def goto_time(self, at: Microseconds) -> None:
        """The last event at or before a time, past or future."""
        try:
            self.extend(at)
        finally:
            self._put_cursor(min(self.branch.trace.last_at(at), self.branch.head))

    def extend(self, until: Microseconds) -> None:
        """Let the run reach a time without moving the cursor: a future that nobody has seen yet."""
        if self.branch.trace.time_of(self.branch.head) <= until:
            self._advance(lambda world, between: world.run(until=until, between=between))

    def act(self, action: Action) -> None:
        """Act at the cursor. A future that somebody has seen stays as a branch; another one is replaced."""
        parent = self.current
        if self.cursor < self.branch.head:
            if self.options.keep is not None:
                raise UsageError("this lab keeps only part of its trace, so it cannot act in its past")
            world = self._restore(self.cursor)
            world.check(action)
            if self.branch.seen > self.cursor:
                self.fork_here()
            else:
                self._cut(self.cursor)
                self.replaced += 1
            self._adopt(world)
        try:
            self._advance(lambda world, between: world.act(action))
        except BaseException:
            if self.current != parent:  # a branch on which nothing has happened is none
                self.branches.pop()
                self.switch(parent, self.cursor)
            raise
        self.branch.actions.append((self.cursor, action))
        self._put_cursor(self.cursor + 1)

    def fork_here(self) -> None:
        """Begin a branch at the cursor, and stand on it."""
        self.branches.append(self._new_branch(self.current))
        self.switch(len(self.branches) - 1, self.cursor)

    def copy_here(self) -> Self:
        """Another timeline that begins where this one stands; it shares the past and spills nothing."""
        copy = type(self)(self.scenario, replace(self.options, spill=None))
        copy.branches = [self._new_branch(None)]
        copy.cursor, copy._world = self.cursor, None
        return copy

    def _new_branch(self, parent: int | None) -> Branch:
        event, past = self.cursor, self.branch
        trace = Trace(len(self.scenario.peers), self.options.level, parent=past.trace, fork_event=event)
        actions = [(after, action) for after, action in past.actions if after < event]
        checkpoints = Checkpoints(self.options.stopwatch, past.checkpoints, event)
        return Branch(parent, event, trace, checkpoints, actions, event, event)

    def switch(self, branch: int, event: int | None = None) -> None:
        """Go to another branch, to its head or to an event of it."""
        self.current, self._world = branch, None
        self._put_cursor(self.branch.head if event is None else event)

    def see(self, event: int) -> None:
        """Somebody has looked at this event."""
        self.branch.seen = max(self.branch.seen, min(event, self.branch.head))

    def _put_cursor(self, event: int) -> None:
        self.cursor = event
        self.see(event)

    # -- reading ----------------------------------------------------------------------------------------

    def peer(self, name: str) -> Node | None:
        """A disposable copy of a node as it is at the cursor; None while it is off. O(its inbox)."""
        scenario, options, trace = self.scenario, self.options, self.branch.trace
        ids = trace.inbox(list(scenario.peers).index(name), self.cursor)
        if ids is None:
            return deepcopy(self.world().by_name[name].node)
        checkpoints = self.branch.checkpoints
        replay = checkpoints.start_replay(name, self.cursor, trace, len(ids))
        factory = options.kinds[scenario.peers[name].kind]
        watch, start = options.stopwatch, 0
        for first in range(replay.told, len(ids), REPLAY_BATCH):
            start = start or (watch() if watch else 0)
            batch = ids[first : first + REPLAY_BATCH]
            replay.tell((trace[number] for number in batch), scenario, options.store, factory, name)
            if watch and watch() - start >= NODE_EVERY:
                checkpoints.keep_node(name, replay)
                start = 0
        return replay.node

    def world(self, event: int | None = None) -> World:
        """The world at the cursor, or at an event that has happened; rebuilt if need be. Only for reading."""
        event = self.cursor if event is None else event
        return self._restore(event) if event < self.branch.head else self._get_head_world()

    def rebuild(self, event: int, level: Level = "none") -> tuple[World, Trace]:
        """A world from nothing up to `event`, and the records it wrote on the way. O(events)."""
        trace, options = Trace(len(self.scenario.peers), level), self.options
        world = World(
            self.scenario, options.kinds, trace, options.store, options.codec, is_wire=options.is_wire
        )
        self._live_again(world, event)
        return world, trace

    def _restore(self, event: int) -> World:
        """A world at `event`, from the nearest copy. O(events since)."""
        checkpoints = self.branch.checkpoints
        start = checkpoints.start()
        world = checkpoints.restore(event, self.branch.trace)
        if world is None:
            world, _ = self.rebuild(event)
        else:
            self._live_again(world, event)
        if checkpoints.start() - start >= WORTH_KEEPING:
            checkpoints.keep_world(world)
        return world

    def _live_again(self, world: World, event: int) -> None:
        """Let a world that stands somewhere on this branch live on to `event`."""
        start = world.event
        for after, action in self.branch.actions:
            if start <= after < event:
                _run_to(world, after)
                world.act(action)
        _run_to(world, event)

    # -- the head ---------------------------------------------------------------------------------------

    def _get_head_world(self) -> World:
        if self._world is None:
            self._adopt(self._restore(self.branch.head))
        assert self._world is not None
        return self._world

    def _adopt(self, world: World) -> None:
        """From now on this world, which stands at the head, writes this branch."""
        world.trace = self.branch.trace
        self._world = world

    def _advance(self, change: Callable[[World, Callable[[], None]], None]) -> None:
        """Change the world at the head. If a node raises, undo that event: the lab stays usable."""
        branch, world = self.branch, self._get_head_world()
        start = branch.checkpoints.start()

        def between() -> None:
            nonlocal start
            start = branch.checkpoints.consider(world, start)

        try:
            change(world, between)
        except BaseException as error:
            if world.event > branch.head:
                error.add_note(f"event {world.event} was undone; the lab goes on from the one before it")
                self._cut(world.event - 1)
            raise
        branch.head = world.event
        branch.checkpoints.consider(world, start)
        branch.trace.tidy()
        branch.trace.hand_over()

    def _cut(self, event: int) -> None:
        """Forget what came behind an event of this branch: no live action, for whoever acts has seen it."""
        branch = self.branch
        branch.trace.cut(event)
        branch.checkpoints.cut(event)
        branch.head, self._world = event, None


def _run_to(world: World, event: int) -> None:
    world.run(last_event=event)
    if world.event < event:
        raise UsageError(
            f"the rebuilt world ended at event {world.event}, the live one reached {event}: some node "
            "depends on more than it was told"
        )
