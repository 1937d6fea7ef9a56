"""Draws a call's long road: the lifecycle of a run as a graph, and the way that goes round its loop."""

from typing import Any, Final

from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.looks import EDGE, FAINT, INK, PAPER
from blockchain_lab_widgets.picture import LARGE, write

from blockchain_lab.course.l16_votes import play
from blockchain_lab.course.l17_loops import (
    BLUE,
    BOX,
    COUNT,
    MARK,
    PLACES,
    Bow,
    draw_lifecycle,
    find_point,
    get_bow,
)
from blockchain_lab.course.l17_road import BUYER, STORY, WITNESS, get_made
from blockchain_lab.layers.lifecycle import get_states

WIDTH: Final = 934  # pixels of a workbench
HEIGHT: Final = 410
SCALE: Final = 1.2  # of the notebook's drawing
CORNER: Final = (10, -52)  # of the graph


def place(point: tuple[float, float]) -> tuple[float, float]:
    """Where a point of the notebook's drawing stands here."""
    return CORNER[0] + SCALE * point[0], CORNER[1] + SCALE * point[1]


def draw_bow(axes: Any, bow: Bow, count: int, steps: list[int]) -> None:
    """An arrow, how often it was gone, and as which steps of the way."""
    from matplotlib.patches import FancyArrowPatch  # noqa: PLC0415
    from matplotlib.path import Path  # noqa: PLC0415

    curve = Path([place(point) for point in bow], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
    look = {"arrowstyle": "-|>", "mutation_scale": 14, "shrinkA": 0, "shrinkB": 0, "fill": True}
    colour, width = (BLUE, 2.6) if steps else (EDGE, 1.2)
    axes.add_patch(FancyArrowPatch(path=curve, color=colour, linewidth=width, zorder=1, **look))
    ground = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}
    write(axes, place(find_point(bow, COUNT)), f"{count}", bbox=ground, weight="bold" if steps else "normal")
    if steps:
        mark = {"facecolor": BLUE, "edgecolor": "none", "boxstyle": "round,pad=0.3"}
        words = ", ".join(map(str, steps))
        write(axes, place(find_point(bow, MARK)), words, colour=PAPER, bbox=mark, weight="bold")


def draw_state(axes: Any, state: str, count: int, *, is_on_way: bool) -> None:
    """A box with its name, and how often it was entered."""
    from matplotlib.patches import FancyBboxPatch  # noqa: PLC0415

    wide, high = SCALE * BOX[0], SCALE * BOX[1]
    x, y = place(PLACES[state])
    box = FancyBboxPatch((x - wide / 2 + 6, y - high / 2 + 6), wide - 12, high - 12, boxstyle="round,pad=6")
    box.set(
        facecolor=PAPER, edgecolor=BLUE if is_on_way else INK, linewidth=2.4 if is_on_way else 1, zorder=2
    )
    axes.add_patch(box)
    write(axes, (x, y - 9), state, weight="bold", zorder=3)
    write(axes, (x, y + 11), f"{count}", zorder=3)


def draw_long_road(seed: int) -> str:
    """Ann's call, as cat saw it, over all that happened to all transactions of the run."""
    lab = play(STORY, seed)
    (call,) = get_made(lab, BUYER)
    loops = draw_lifecycle(lab, WITNESS, call)
    steps, states = loops.get_steps(), get_states(loops.way)

    def draw(axes: Any) -> None:
        write(axes, (16, 24), "A call's road, and its loop", size=LARGE, ha="left", weight="bold")
        words = f"blue: {BUYER}'s call, as {WITNESS} saw it; numbers on arrows: how often"
        write(axes, (WIDTH - 20, 24), words, ha="right", colour=FAINT)
        for pair, count in loops.graph.transitions.items():
            draw_bow(axes, get_bow(pair), count, steps.get(pair, []))
        for state, count in loops.graph.states.items():
            draw_state(axes, state, count, is_on_way=state in states)
        told = f"why it failed: {loops.way[-1].why.partition(': ')[2]}"
        write(axes, (WIDTH - 20, HEIGHT - 14), told, ha="right")

    about = f"A graph of states with arrows and counts. The way drawn in blue: {', '.join(states)}."
    return make_svg((WIDTH, HEIGHT), draw, "The lifecycle of a call, with a loop", about)
