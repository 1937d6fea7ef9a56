"""Lesson 12 at real size: one block among 18,077 peers, passed on in four ways by the same finder."""

from collections.abc import Mapping
from math import isclose
from typing import Any, Final

from blockchain_lab.base.units import SECOND
from blockchain_lab.course.questions import Mistake, Number
from blockchain_lab.course.real_size import make_live_run, make_real_network, spread, write_seconds
from blockchain_lab.scale.countries import REACHABLE
from blockchain_lab.scale.live import LiveRun
from blockchain_lab.scale.plan import Relay
from blockchain_lab.scale.propagation import Propagation
from blockchain_lab.study.curve_names import name_curves
from blockchain_lab.study.shown_figure import ShownFigure
from blockchain_lab.study.spread_figures import COLOURS, DASHES

WAYS: Final[Mapping[str, Relay]] = {  # as the race has them, but for the blocks that are pushed whole
    "inv": Relay.INVENTORY,
    "headers": Relay.HEADERS,
    "short ids, asked for": Relay.COMPACT,
    "short ids, unasked": Relay.PUSH,
}
COPIES: Final = ("block", "cmpctblock")  # the commands that carry a block
SIZE: Final = (8.0, 3.6)  # inches
TICKS: Final = (0.5, 1, 2, 5, 10, 20, 50)  # seconds
MARKS: Final = (10, 50, 90)  # per cent of the peers, where curves are compared
ALIKE: Final = 0.01  # of the time: less than the width of a line
OTHERS: Final = REACHABLE - 1  # who needs a copy: all but the finder


def play_ways(seed: int) -> dict[str, Propagation]:
    """Way -> the same block of 2,000,000 bytes in the learner's network; some seconds without numba."""
    return {way: spread(seed, relay=relay) for way, relay in WAYS.items()}


def show_ways(runs: Mapping[str, Propagation]) -> str:
    """A table: when half of the peers and nearly all of them have the block, and what that has cost."""
    rows = [f"{'way':21} {'50 % after':>10} {'99 % after':>10} {'bytes a peer':>13} {'copies in all':>14}"]
    for way, run in runs.items():
        half, most = (write_seconds(run, percent) for percent in (50, 99))
        size = sum(run.get_bytes_each().values())
        rows.append(f"{way:21} {half:>10} {most:>10} {size:13,.0f} {count_copies(run):14,}")
    return "\n".join(rows)


def draw_spread(runs: Mapping[str, Propagation]) -> Any:
    """The share of peers that have the block, over time; names stand beside the lines. A `Figure`."""
    figure = ShownFigure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    lines = []
    for number, (name, run) in enumerate(join_ways(runs).items()):
        curve = run.get_curve()
        seconds, percents = curve.times[1:] / SECOND, 100 * curve.shares[1:]  # log 0 is nowhere
        look: dict[str, Any] = {"color": COLOURS[number], "linestyle": DASHES[number]}
        lines += axes.step(seconds, percents, where="post", label=name, **look)
    axes.set_xscale("log")
    axes.set_xlim(0.3, 100)
    axes.minorticks_off()
    axes.set_xticks(TICKS, [str(second) for second in TICKS])
    axes.set_ylim(0, 104)
    axes.set_xlabel("seconds since the block was found")
    axes.set_ylabel("% of the peers")
    name_curves(axes, lines, ())
    return figure


def join_ways(runs: Mapping[str, Propagation]) -> dict[str, Propagation]:
    """The same, but ways whose curves cannot be told apart are one, with both names: "inv, headers"."""
    joined: list[tuple[str, Propagation]] = []
    for way, run in runs.items():
        if joined and are_alike(run, joined[-1][1]):
            joined[-1] = f"{joined[-1][0]}, {way}", joined[-1][1]
        else:
            joined.append((way, run))
    return dict(joined)


def are_alike(one: Propagation, other: Propagation) -> bool:
    """Is a line's width all that lies between two curves?"""
    pairs = [(float(run.get_percentile(percent)) for run in (one, other)) for percent in MARKS]
    return all(isclose(mine, yours, rel_tol=ALIKE) for mine, yours in pairs)


def count_copies(run: Propagation) -> int:
    """How often the block was sent, whole or in short ids."""
    return sum(run.messages.get(command, 0) for command in COPIES)


def watch_blocks(seed: int) -> LiveRun:
    """Several blocks in short ids that are asked for, not yet played: `.show()` lets their curve grow."""
    return make_live_run(seed)


def count_needless(seed: int) -> float:
    """Of the copies that an unasked block is sent in, how many too many for each who needs one."""
    return count_copies(spread(seed, relay=WAYS["short ids, unasked"])) / OTHERS - 1


def reckon_needless(seed: int) -> float:
    """The same by the lines: a copy goes over each, both ways, but not back to who sent the first one."""
    first = OTHERS  # so many have it from somebody
    return (make_real_network(seed).slots - first) / OTHERS - 1


NEEDLESS: Final = Number(
    id="L12.q12",
    title="Copies for nothing, at real size",
    prompt="18,077 peers send a block in short ids to all their neighbours, unasked, as in the last row. How"
    " many of the copies that come to a peer are, on average, of no use to it?",
    unit="copies",
    tolerance=0.05,
    passes="the mean number of needless copies for each of the 18,076 who needed one, within 0.05.",
    hints=(
        "18,076 peers need the block, for its finder has it. How many copies were sent?",
        "Divide the copies of the last row by those who need one. That is how many come to a peer.",
        "One of them it needs: 271,156 / 18,076 - 1.",
    ),
    because="One is needed, all others come for nothing. So a node asks three neighbours for it, not all.",
    solution="271,156 / 18,076 - 1 = {answer}. Of 16 neighbours each sends it, but not back to its source.",
    answer=count_needless,
    again=reckon_needless,
    mistakes=(
        Mistake(lambda seed: count_needless(seed) + 1, "So many come. One of them it needs."),
        Mistake(
            lambda seed: make_real_network(seed).slots / REACHABLE,
            "So many neighbours it has on average. Does each of them send? And one copy is needed.",
        ),
        Mistake(7, "8 lines it has opened itself. As many, on average, were opened by others."),
        Mistake(
            lambda seed: count_needless(seed) * OTHERS,
            "That is all of them together. How many are that for each of the 18,076?",
        ),
        Mistake(
            lambda seed: count_copies(spread(seed, relay=WAYS["short ids, unasked"])),
            "So many were sent in all. Divide them among the 18,076, and leave out the one that is needed.",
        ),
        Mistake(0, "That is so where a peer asks for it: one copy for each, in the rows above."),
    ),
)
