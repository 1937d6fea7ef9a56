"""Lesson 13 at real size: how long the hash power waits for a block, and which part of the blocks is stale.

Everybody passes blocks on in short ids that are asked for. The delay comes from a few blocks; to count stale
ones takes many, so that is done only where the kernel is compiled.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from blockchain_lab.base.units import SECOND
from blockchain_lab.chain.races import compute_stale_rate
from blockchain_lab.course.questions import Mistake, Number
from blockchain_lab.course.real_size import make_live_run, spread
from blockchain_lab.scale.closed_forms import compute_fork_rate
from blockchain_lab.scale.engines import get_engine
from blockchain_lab.scale.live import LiveRun
from blockchain_lab.scale.propagation import Propagation
from blockchain_lab.study.shown_figure import ShownFigure
from blockchain_lab.study.spread_figures import COLOURS

FEW: Final = 3  # blocks, for the delay
MANY: Final = 20  # blocks for each interval, for the count
INTERVALS: Final = (600, 60, 10)  # seconds between blocks, on average
FASTEST: Final = INTERVALS[-1]
SIZE: Final = (8.0, 3.6)  # inches


def spread_blocks(seed: int) -> Propagation:
    """Three blocks of the learner's network; two or three seconds without numba."""
    return spread(seed, blocks=FEW)


def get_delay(seed: int) -> float:
    """Seconds until the hash power has heard of a block: the mean over it, and over the three blocks."""
    return spread_blocks(seed).get_mean_delay(by_power=True) / SECOND


@cache
def count_stale(interval: int, seed: int) -> int:
    """Of twenty blocks that are found every so many seconds, on average."""
    return len(spread(seed, blocks=MANY, interval=interval * SECOND).get_stale())


def watch_blocks(seed: int) -> LiveRun:
    """Several blocks, one every ten seconds, not yet played: `.show()` lets their curve grow."""
    return make_live_run(seed, interval=FASTEST * SECOND)


@dataclass(frozen=True, slots=True)
class Rates:
    """The delay of a network, and interval -> stale among twenty blocks; nothing where it was not counted."""

    delay: float  # seconds
    counted: dict[int, int]

    def __repr__(self) -> str:
        """A table; the row of ten seconds leaves its chance to the question."""
        rows = [f"The hash power hears of a block after {self.delay:.3f} s on average."]
        rows.append(f"{'a block every':>13}  {'meets a rival':>13}  {'stale':>8}")
        for interval in INTERVALS:
            chance = "?" if interval == FASTEST else f"{100 * compute_stale_rate(self.delay, interval):.2f} %"
            count = f"{self.counted[interval]} of {MANY}" if interval in self.counted else "-"
            rows.append(f"{interval:>11} s  {chance:>13}  {count:>8}")
        if not self.counted:
            rows.append("Stale blocks were not counted: that takes numba, or minutes.")
        return "\n".join(rows)

    def draw(self) -> Any:
        """The chance over the time between blocks, and what was counted. A matplotlib `Figure`."""
        figure = ShownFigure(figsize=SIZE, layout="constrained")
        axes = figure.subplots()
        intervals = np.geomspace(2, 1_000, 120)
        chances = [100 * compute_stale_rate(self.delay, float(interval)) for interval in intervals]
        label = f"1 - exp(-{self.delay:.2f} / T)"
        axes.plot(intervals, chances, color=COLOURS[0], label=label)
        axes.annotate(label, (2.4, chances[6]), xytext=(12, 4), textcoords="offset points")
        if self.counted:
            shares = [100 * count / MANY for count in self.counted.values()]
            axes.plot(
                list(self.counted), shares, "o", color=COLOURS[1], label=f"counted, of {MANY} blocks each"
            )
        axes.set_xscale("log")
        axes.minorticks_off()
        axes.set_ylim(0, None)
        axes.set_xticks(INTERVALS, [f"{interval}" for interval in INTERVALS])
        axes.set_xlabel("T, seconds between blocks")
        axes.set_ylabel("% with a rival, or stale")
        if self.counted:  # above the frame no curve goes through the words
            above = axes.secondary_xaxis("top")
            above.minorticks_off()
            words = [f"{count} of {MANY}" for count in self.counted.values()]
            above.set_xticks(list(self.counted), words)
            above.set_xlabel("stale blocks that were counted (dots)")
        return figure


def measure_rates(seed: int) -> Rates:
    """The delay, and where the kernel is compiled, what 20 blocks at each interval leave stale."""
    counted = {}
    if get_engine().name == "compiled":
        counted = {interval: count_stale(interval, seed) for interval in INTERVALS}
    return Rates(get_delay(seed), counted)


# -- the question --------------------------------------------------------------------------------------------


def get_percent(seed: int, interval: int = FASTEST) -> float:
    """How many in a hundred blocks meet a rival."""
    return 100 * compute_stale_rate(get_delay(seed), interval)


def add_up_percent(seed: int) -> float:
    """The same by the area above the curve of the hash power that has a block."""
    run = spread_blocks(seed)
    mines = np.flatnonzero(run.network.power)
    delays = run.get_delays()[:, mines].data.ravel() / SECOND
    order = np.argsort(delays, kind="stable")
    heard = np.cumsum(np.tile(run.network.power[mines], run.blocks)[order], dtype=np.float64)
    return 100 * compute_fork_rate(delays[order].tolist(), (heard / heard[-1]).tolist(), FASTEST)


TEN_SECONDS: Final = Number(
    id="L13.q15",
    title="A block every ten seconds",
    prompt="Your network of 18,077 peers stays as it is, but blocks come every 10 seconds, not every 600."
    " How many per cent of them meet a rival, by 1 - exp(-d / T)?",
    unit="per cent",
    tolerance=0.02,
    varies=True,
    passes="the chance in per cent with the delay of your own network, within 0.02.",
    hints=(
        "d is the mean delay in the first line of the table, T the time between blocks.",
        "The rows of 600 and 60 seconds show how it goes. For 10 seconds the same, with T = 10.",
        "`100 * (1 - exp(-d / 10))`, with your own d.",
    ),
    because="Nobody is slower than before. A second of delay costs a sixtieth of what it costs here.",
    solution="100 × (1 - exp(-d / 10)), with d from the table: {answer}.",
    answer=get_percent,
    again=add_up_percent,
    mistakes=(
        Mistake(lambda seed: get_percent(seed) / 100, "That is the chance. Give it in per cent."),
        Mistake(lambda seed: 10 * get_delay(seed), "d / 10 is near. But two rivals count once: take exp."),
        Mistake(lambda seed: get_percent(seed, 600), "That is for a block every 600 seconds."),
        Mistake(lambda seed: get_percent(seed, 60), "That is for a block every 60 seconds."),
        Mistake(lambda seed: 100 - get_percent(seed), "That is the chance that there is no rival."),
    ),
)
