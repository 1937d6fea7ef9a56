"""Figures of runs in large networks: how blocks spread, what that cost, and over which hops.

    plot_spread({"inventory": slow, "push": fast}).savefig("spread.svg")
    plot_bytes({"inventory": slow, "push": fast})
    plot_tree(run, block=3)

Nothing is told by colour alone: each line has a dash and its name beside it, each part of a bar a hatch.
They stand here and not in `scale` because they are drawn as this room's other figures are, for both themes.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MILLISECOND, SECOND
from blockchain_lab.scale.measures import NEVER
from blockchain_lab.scale.propagation import Propagation
from blockchain_lab.scale.thing import BLOCKS, Thing
from blockchain_lab.study.curve_names import name_curves
from blockchain_lab.study.shown_figure import ShownFigure

# after Okabe and Ito, "Color Universal Design" (2008): to be seen on white and on black
COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a8a8a")
DASHES: Final = ("-", "--", ":", "-.", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 3)), (0, (8, 3)))
HATCHES: Final = ("", "///", "...", "\\\\\\", "xxx", "ooo", "+++")
MOST: Final = len(COLOURS)
SIZE: Final = (8.0, 4.0)  # inches
MOST_DOTS: Final = 1_500  # in the picture of a flood; of more peers every n-th by its delay
MOST_WAYS: Final = 300  # lines from peer to peer can be told apart up to here
MARKS: Final = (50, 90)  # percent of the peers, drawn as quiet lines


def plot_spread(
    runs: Mapping[str, Propagation], *, by_power: bool = False, is_log: bool = False, thing: Thing = BLOCKS
) -> Any:
    """A curve for each run: the share that has a block, over seconds since it was found.

    by_power: of the hash power instead of the peers. is_log: time on a logarithmic axis, which leaves out
    the miner's own moment. thing: what the blocks stand for. A matplotlib `Figure`. UsageError for no run, or
    more than seven.
    """
    check_runs(runs)
    figure = ShownFigure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    lines = []
    for number, (name, run) in enumerate(runs.items()):
        curve = run.get_curve(by_power=by_power)
        from_here = int(is_log)  # the logarithm of 0 is nowhere
        seconds, percents = curve.times[from_here:] / SECOND, 100 * curve.shares[from_here:]
        look: dict[str, Any] = {"color": COLOURS[number], "linestyle": DASHES[number]}
        lines += axes.step(seconds, percents, where="post", label=name, **look)
    for percent in MARKS:
        axes.axhline(percent, color=COLOURS[-1], linewidth=0.6, label=f"{percent} %")
    if is_log:
        axes.set_xscale("log")
    axes.set_ylim(0, 104)
    axes.set_xlabel(f"seconds since {thing.since}")
    axes.set_ylabel(f"% of the {'hash power' if by_power else 'peers'}")
    name_curves(axes, lines, MARKS)
    return figure


def plot_bytes(runs: Mapping[str, Propagation]) -> Any:
    """A bar for each run: bytes sent for a block and peer, in parts by command, largest first.

    A matplotlib `Figure`. UsageError for no run, or more than seven.
    """
    check_runs(runs)
    costs = {name: run.get_bytes_each() for name, run in runs.items()}
    totals: dict[str, float] = {}
    for cost in costs.values():
        for command, size in cost.items():
            totals[command] = totals.get(command, 0) + size
    figure = ShownFigure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    left = np.zeros(len(runs))
    for number, command in enumerate(sorted(totals, key=lambda each: -totals[each])):
        sizes = np.array([cost.get(command, 0.0) for cost in costs.values()])
        look: dict[str, Any] = {"color": COLOURS[number], "hatch": HATCHES[number], "edgecolor": "#000000"}
        axes.barh(list(runs), sizes, left=left, label=command, linewidth=0.8, **look)
        left += sizes
    for place, size in enumerate(left):
        axes.annotate(f" {size:,.0f}", (size, place), va="center")
    axes.set_xlim(0, 1.15 * max(1.0, left.max()))
    axes.invert_yaxis()  # the first one on top
    axes.set_xlabel("bytes for each peer and block, headers of messages included")
    axes.legend(frameon=False, ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return figure


def plot_tree(run: Propagation, block: int) -> Any:
    """The flood of one block: a dot for each peer, when it got it and over how many hops; ways in small ones.

    Of more than 1,500 peers every n-th is drawn; the numbers at the right count all. A matplotlib `Figure`.
    UsageError for a block that was not found in this run.
    """
    tree = run.get_tree(block)
    reached = np.flatnonzero(tree.depth != NEVER)
    by_delay = reached[np.argsort(tree.delay[reached], kind="stable")]
    drawn = by_delay[:: -(-len(by_delay) // MOST_DOTS)]
    figure = ShownFigure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    times = tree.delay / MILLISECOND
    if len(reached) <= MOST_WAYS:
        for peer in reached[reached != tree.root]:
            source = tree.deliverer[peer]
            way = times[[source, peer]], tree.depth[[source, peer]]
            axes.plot(*way, color=COLOURS[-1], linewidth=0.5, zorder=1)
    axes.scatter(times[drawn], tree.depth[drawn], s=9, color=COLOURS[0], zorder=2, label="a peer")
    for depth, count in enumerate(tree.count_by_depth().tolist()):
        axes.annotate(f"{count:,}", (1.01, depth), xycoords=("axes fraction", "data"), va="center")
    axes.set_ylim(tree.depth.max() + 0.5, -0.5)
    axes.set_yticks(range(int(tree.depth.max()) + 1))
    axes.set_xlabel("milliseconds since the block was found")
    axes.set_ylabel("hops")
    axes.set_title(f"block {block}, found by peer {tree.root}; peers by hops at the right", fontsize="medium")
    return figure


def check_runs(runs: Mapping[str, Propagation]) -> None:
    """UsageError unless there are as many as can be told apart."""
    if not 0 < len(runs) <= MOST:
        raise UsageError(f"runs: found {len(runs)}, wanted 1 to {MOST}, a name for each")
