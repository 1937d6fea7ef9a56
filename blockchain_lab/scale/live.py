"""A run that is watched while it goes on: step by step, each with the curve so far.

    run = LiveRun(get_network("lecture 2024"), get_plan("lecture 2024"))
    run.show()                  in a cell: a growing curve, progress, time left, a button that stops it
    run.result                  the `Propagation`, once it is over; the same that `simulate` gives

Nothing runs beside it: whoever takes the next step decides when. So a cell can go on while it plays.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from blockchain_lab.base.units import SECOND
from blockchain_lab.scale.engines import get_engine, get_player
from blockchain_lab.scale.measures import compute_curve, compute_delays
from blockchain_lab.scale.memory import check_memory
from blockchain_lab.scale.network import Network
from blockchain_lab.scale.outcome import make_outcome, to_propagation
from blockchain_lab.scale.plan import Plan
from blockchain_lab.scale.propagation import Propagation
from blockchain_lab.scale.thing import BLOCKS, Thing
from blockchain_lab.scale.wiring import make_wiring

POINTS: Final = 80  # of a curve: as many as can be seen in a cell
SAMPLE: Final = 50  # blocks, the latest: a look at all of them would take longer than the step


class LiveStep(NamedTuple):
    """How far a run is. The curve is of blocks that have had time to spread; empty before there is one."""

    found: int
    blocks: int
    seconds: list[float]
    percents: list[float]


class LiveRun:
    """One run, not yet begun."""

    def __init__(
        self, network: Network, plan: Plan, *, engine: str | None = None, thing: Thing = BLOCKS
    ) -> None:
        """UsageError for what cannot be played, before anything is shown. `thing`: what blocks stand for."""
        self.engine = get_engine(engine).name
        check_memory(network, plan, self.engine)
        self.network, self.plan, self.thing = network, plan, thing
        self.result: Propagation | None = None

    @property
    def title(self) -> str:
        """What is played."""
        network, plan = self.network, self.plan
        return f"{network.name}, {network.size:,} peers, {plan.relay}, {plan.blocks:,} {self.thing.many}"

    def play(self) -> Iterator[LiveStep]:
        """From the beginning to the end; `result` is set with the last step. Who stops early has none."""
        wiring = make_wiring(self.network, self.plan)
        outcome = make_outcome(wiring)
        self.result = None
        for found in get_player(self.engine)(wiring, outcome):
            yield self._look(wiring.found_at, outcome.arrival, found, found - 1)
        columns = self.engine, wiring.found_at, wiring.miner, outcome
        self.result = to_propagation(self.network, self.plan, *columns)
        yield self._look(wiring.found_at, outcome.arrival, self.plan.blocks, self.plan.blocks)

    def _look(self, found_at: Any, arrival: Any, found: int, spread: int) -> LiveStep:
        """The curve of the latest blocks among the first `spread`; the newest one is still under way."""
        if spread <= 0:
            return LiveStep(found, self.plan.blocks, [], [])
        latest = slice(max(0, spread - SAMPLE), spread)
        delays = compute_delays(found_at[latest], arrival[latest])
        curve = compute_curve(delays, np.ones(self.network.size, dtype=np.int64), POINTS)
        seconds, percents = curve.times / SECOND, 100 * curve.shares
        return LiveStep(found, self.plan.blocks, seconds.tolist(), percents.tolist())

    def show(self) -> Any:
        """A widget that plays it at once. In a script it plays to the end before it is shown."""
        from blockchain_lab_widgets.growing import Growing  # noqa: PLC0415  (the engine runs without Jupyter)

        return Growing(self)

    def __repr__(self) -> str:
        """The result in words, or that there is none yet."""
        return str(self.result) if self.result else f"{self.title}: not played to its end"
