"""A line of events that happened somewhere else and is over: it can be read at every moment, not changed.

The records of a real network have the form of a simulation's, so the cursor, the trace and the rebuilding of
one node out of its inbox are those of `timeline`. What needs a world (acting, branching) is refused.
"""

from collections.abc import Callable
from typing import Final, NoReturn

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.node import Node
from blockchain_lab.sim.actions import Action
from blockchain_lab.sim.scenario import Scenario
from blockchain_lab.sim.timeline import Options, Timeline
from blockchain_lab.sim.trace import Trace
from blockchain_lab.sim.world import World

REAL: Final = "real program"  # the kind of a peer whose inside nobody sees
REFUSAL: Final = "a recording of a real network cannot be changed: act on a network that runs, or in a Lab"


class Recorded(Timeline):
    """A cursor over a finished trace, at its end to begin with."""

    def __init__(self, scenario: Scenario, options: Options, trace: Trace) -> None:
        """`scenario` says who took part; its story is not played."""
        super().__init__(scenario, options)
        self.branch.trace, self.branch.head = trace, trace.last_event
        self.goto(trace.last_event)

    def peer(self, name: str) -> Node | None:
        """A node of ours as it was at the cursor. UsageError for a program."""
        if self.scenario.peers[name].kind == REAL:
            raise UsageError(f"{name} is a program of its own: nobody sees what it holds")
        return super().peer(name)

    def act(self, action: Action) -> NoReturn:
        """UsageError."""
        raise UsageError(REFUSAL)

    def fork_here(self) -> NoReturn:
        """UsageError."""
        raise UsageError(REFUSAL)

    def copy_here(self) -> NoReturn:
        """UsageError."""
        raise UsageError(REFUSAL)

    def rebuild(self, event: int, level: str = "none") -> NoReturn:
        """UsageError: there is no world."""
        raise UsageError(REFUSAL)

    def _advance(self, change: Callable[[World, Callable[[], None]], None]) -> None:
        """Nothing is left to happen."""
