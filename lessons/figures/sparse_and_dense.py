"""A sparse and a dense network side by side, with all their lines: the figure of lesson 4."""

from math import cos, nan, pi, sin
from typing import Any

from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.looks import EDGE, TIPS
from blockchain_lab_widgets.picture import LARGE, write

from blockchain_lab.course.l04_network import SETTLED, get_lines, make_friends

WIDTH = 934  # pixels of a workbench
HEIGHT = 330
FAR = 132  # pixels from the middle of a ring to its peers
MIDDLE = 178


def draw_sparse_and_dense(seed: int) -> str:
    """Eighty peers on a ring, twice: each has opened 2 lines, and 20."""

    def draw(axes: Any) -> None:
        for number, friends in enumerate((2, 20)):
            lab = make_friends(friends, seed)
            lab.run(until=SETTLED)
            middle = WIDTH * (1 + 2 * number) / 4
            turns = [2 * pi * place / len(lab.names) for place in range(len(lab.names))]
            xs = [round(middle + FAR * sin(turn)) for turn in turns]
            ys = [round(MIDDLE - FAR * cos(turn)) for turn in turns]
            place = dict(zip(lab.names, zip(xs, ys, strict=True), strict=True))
            dots = [dot for a, b in get_lines(lab) for dot in (place[a], place[b], (nan, nan))]
            axes.plot(*zip(*dots, strict=True), color=EDGE, linewidth=0.6, alpha=0.9 - 0.6 * number)
            axes.scatter(xs, ys, s=30, color=TIPS[number], zorder=3)
            write(axes, (middle, 18), f"each of {len(xs)} peers has opened {friends} lines", size=LARGE)

    about = "Left a sparse network, whose lines one can follow; right a dense one, a ball of wool."
    return make_svg((WIDTH, HEIGHT), draw, "Sparse and dense", about)
