"""Draws the race of lesson 12 in the guests' run: four networks at its start, and what each way has cost."""

from typing import Any, Final

from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.looks import EDGE, FAINT, REST, TIPS
from blockchain_lab_widgets.picture import LARGE, write

from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.course.l12_plots import draw_ways
from blockchain_lab.course.l12_runs import RACE, STORY, WAYS, get_way, play
from blockchain_lab.course.reading import get_notes

WIDTH: Final = 934  # pixels of a workbench
HEIGHT: Final = 360
LEFT, RIGHT, TOP, BOTTOM = 90, 880, 52, 290
MOST: Final = (2 * SECOND, 20_000)  # at the right, and at the top
FIRST: Final = (80, 84)  # pixels: where the first ladder's first peer stands
STEP: Final = (222, 108)  # to the next ladder, to the next rung
RUNG: Final = 104
NAMES: Final = {  # where its name stands beside a mark: right of it, and how far below
    "push": ("push: whole, unasked", 0),
    "inv": ("inv: whole, asked for by name", -15),
    "ask": ("short ids, asked for", 0),
    "fast": ("short ids, unasked", 0),
}
MARKS: Final = "s^Do"  # a shape for each: colour alone tells nobody enough


def place(slowest: Microseconds, size: int) -> tuple[float, float]:
    """Where a way stands."""
    across, up = slowest / MOST[0], size / MOST[1]
    return LEFT + (RIGHT - LEFT) * across, BOTTOM - (BOTTOM - TOP) * up


def draw_four_ways(seed: int) -> str:
    """Four marks and the corner that one of them has."""
    ways = draw_ways(play(STORY, seed)).costs

    def draw(axes: Any) -> None:
        write(axes, (12, 18), "One block for six peers, in four ways", size=LARGE, ha="left")
        for size in range(0, MOST[1] + 1, 5_000):
            _, y = place(0, size)
            axes.plot([LEFT, RIGHT], [y, y], color=EDGE, linewidth=0.7, alpha=0.6)
            write(axes, (LEFT - 8, y), f"{size:,}", ha="right")
        for half in range(5):
            write(axes, (place(half * SECOND // 2, 0)[0], BOTTOM + 18), f"{half / 2:g}")
        words = "seconds until all six have it; upwards: bytes in all"
        write(axes, ((LEFT + RIGHT) / 2, BOTTOM + 44), words, colour=FAINT)
        for number, (way, (size, slowest)) in enumerate(ways.items()):
            name, below = NAMES[way]
            x, y = place(slowest, size)
            is_far = x > (LEFT + RIGHT) / 2 + 100
            colour = TIPS[number % len(TIPS)]
            axes.plot(x, y, marker=MARKS[number], markersize=12, color=colour, linestyle="")
            write(axes, (x - 14 if is_far else x + 14, y + below), name, ha="right" if is_far else "left")

    about = "; ".join(
        f"{NAMES[way][0]}, {slowest / SECOND:.2f} s and {size:,} bytes"
        for way, (size, slowest) in ways.items()
    )
    return make_svg((WIDTH, HEIGHT), draw, "What a block costs in four ways", f"{about}.")


def draw_ladders(seed: int) -> str:
    """Four ladders at the moment at which the lesson opens: who has the block already?"""
    lab = play(STORY, seed)
    until = lab.trace.time_of(lab.scenario.poster)
    notes = get_notes(lab, "block accepted")
    having = [lab.names[note.peer] for note, _ in notes if RACE <= note.at <= until]

    def stand(name: str) -> tuple[float, float]:
        ladder, number = list(WAYS).index(get_way(name)), int(name[-1]) - 1
        return FIRST[0] + STEP[0] * ladder + RUNG * (number % 2), FIRST[1] + STEP[1] * (number // 2)

    def draw(axes: Any) -> None:
        words = "Four networks; the first peer of each has just found a block"
        write(axes, (12, 18), words, size=LARGE, ha="left")
        for one, other in lab.scenario.topology.edges:
            axes.plot(*zip(stand(one), stand(other), strict=True), color=EDGE, linewidth=1.6, zorder=1)
        for name in lab.names:
            colour = TIPS[list(WAYS).index(get_way(name))] if name in having else REST
            x, y = stand(name)
            axes.plot(x, y, marker="o", markersize=19, color=colour, linestyle="", zorder=2)
            write(axes, (x + 13, y + 20), name, ha="left")

    about = f"{', '.join(having)} have found a block; nobody else of {len(lab.names)} peers has one of them."
    return make_svg((WIDTH, HEIGHT), draw, "The start of the race", about)
