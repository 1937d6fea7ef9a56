"""Copies of the world along one branch, and of single nodes, so that the past need not be lived again whole.

A copy is made when the running since the last one took much longer than copying does; so quick toy nodes
are never copied, and a node that has checked thousands of blocks is. The stopwatch comes from outside, and
decides only how fast an answer comes, never which. Of large worlds few copies are kept: memory is short
before time is.
"""

from bisect import bisect_right, insort
from collections.abc import Callable
from copy import deepcopy
from typing import Final

from blockchain_lab.sim.replay import Replay
from blockchain_lab.sim.trace import Trace
from blockchain_lab.sim.world import World

Stopwatch = Callable[[], int]  # nanoseconds since some moment

SHORTEST: Final = 50_000_000  # nanoseconds of running that are never worth a copy
TIMES_LONGER: Final = 15  # so copying costs at most a fifteenth of the running
WORTH_KEEPING: Final = 150_000_000  # nanoseconds: a world rebuilt in the past is kept if it took as long
MOST_WORLDS: Final = 24  # then every second one goes, and the next ones come half as often
MOST_BYTES: Final = 64_000_000  # of all worlds together, about: likewise
NODE_EVERY: Final = 5_000_000  # nanoseconds of one node's replay between two copies of it
MOST_NODES: Final = 64  # copies of one node


def get_event(entry: tuple[int, World]) -> int:
    """At which event a copy stands."""
    return entry[0]


class Checkpoints:
    """What one branch keeps. Copies are only copied from, so branches share those of their common past."""

    def __init__(
        self, stopwatch: Stopwatch | None, past: "Checkpoints | None" = None, event: int = 0
    ) -> None:
        """None yet, or those of a parent up to the fork event. Without a stopwatch there will be none."""
        self.stopwatch = stopwatch
        self.worlds: list[tuple[int, World]] = (
            [entry for entry in past.worlds if entry[0] <= event] if past else []
        )
        self.nodes: dict[str, list[Replay]] = {}
        self._run_for, self._copied_for, self._patience = 0, 0, 1

    def start(self) -> int:
        """The time on the stopwatch: running begins."""
        return self.stopwatch() if self.stopwatch else 0

    def consider(self, world: World, started: int) -> int:
        """Between two events: copy the world if enough time has gone into it. The time on the stopwatch."""
        if self.stopwatch is None:
            return 0
        self._run_for += self.stopwatch() - started
        if self._run_for >= max(SHORTEST, self._copied_for * TIMES_LONGER) * self._patience:
            self.keep_world(world)
        return self.stopwatch()

    def keep_world(self, world: World) -> None:
        """Remember the world as it is; too many copies become sparser."""
        start = self.start()
        insort(self.worlds, (world.event, world.copy(Trace(len(world.hosts), "none"))), key=get_event)
        self._copied_for, self._run_for = self.start() - start, 0
        while len(self.worlds) > MOST_WORLDS or self._is_large():
            del self.worlds[::2]
            self._patience *= 2

    def _is_large(self) -> bool:
        """Do several worlds take more than they should? One is always kept."""
        return len(self.worlds) > 1 and sum(world.copied for _, world in self.worlds) > MOST_BYTES

    def restore(self, event: int, trace: Trace) -> World | None:
        """A fresh copy of the newest world at or before `event`, which will write to a new trace."""
        place = bisect_right(self.worlds, event, key=get_event)
        if place == 0:
            return None
        at, world = self.worlds[place - 1]
        return world.copy(Trace(len(world.hosts), "none", parent=trace, fork_event=at))

    def start_replay(self, name: str, event: int, trace: Trace, told: int) -> Replay:
        """A node to continue from: the newest copy that has been told no more than `told` records."""
        best = Replay()
        place = bisect_right(self.worlds, event, key=get_event)
        if place:
            at, world = self.worlds[place - 1]
            host = world.by_name[name]
            inbox = trace.inbox(host.index, at)
            assert inbox is not None
            best = Replay(host.node, host.setup, host.disk, len(inbox))
        for replay in self.nodes.get(name, ()):
            if best.told < replay.told <= told:
                best = replay
        return deepcopy(best)

    def keep_node(self, name: str, replay: Replay) -> None:
        """Remember a node on its way through its inbox."""
        copies = self.nodes.setdefault(name, [])
        copies.append(deepcopy(replay))
        copies.sort(key=lambda each: each.told)
        if len(copies) > MOST_NODES:
            del copies[::2]

    def cut(self, event: int) -> None:
        """Forget worlds behind an event. Nodes were only read where somebody looked, so they can stay."""
        self.worlds = [entry for entry in self.worlds if entry[0] <= event]
