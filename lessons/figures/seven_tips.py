"""Draws seven tips in one network, and the one that is left after the next block: who follows what, twice."""

from math import cos, pi, sin
from typing import Any, Final

from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.looks import EDGE, FAINT, PAPER, TIPS
from blockchain_lab_widgets.picture import LARGE, write

from blockchain_lab.course.l13_tips import NEXT_BLOCK, STORY, Tips, follow_tips
from blockchain_lab.lab import Lab

WIDTH: Final = 934  # pixels of a workbench
HEIGHT: Final = 420
RADIUS: Final = 74
RING: Final = (116, 226)  # its middle, from the left of a half
HALF: Final = WIDTH / 2
COLOURS: Final = (*TIPS, "#c2410c", "#56a0d3", "#5c5c5c")  # a colour for each peer
TREE: Final = (240, 88)  # the place of the first block in a half
STEP: Final = (58, 43)  # to the next height, to the next rival
WIDE, HIGH = 40, 28


def find_moments() -> tuple[Tips, Tips]:
    """Everybody's tip before the next block, and in the end; in the guests' run."""
    lab = Lab(STORY, seed=7)
    lab.run()
    before: Tips = {}
    after: Tips = {}
    for _, at, tips in follow_tips(lab):
        after = {name: tips[name] for name in sorted(tips)}
        before = after if at < NEXT_BLOCK else before
    return before, after


def draw_seven_tips() -> str:
    """A ring of peers and their tree, before and after."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    before, after = find_moments()
    rivals = [block for _, block in before.values()]
    finder = 2  # cat finds the next block, on its own

    def draw_block(axes: Any, x: float, y: float, colour: str, *, is_full: bool) -> None:
        box = Rectangle((x - WIDE / 2, y - HIGH / 2), WIDE, HIGH, edgecolor=colour, linewidth=2)
        box.set(facecolor=colour if is_full else PAPER, linestyle="-" if is_full else (0, (3, 2)), zorder=2)
        axes.add_patch(box)

    def draw_half(axes: Any, left: float, tips: Tips, *, is_over: bool) -> None:
        names = list(tips)
        spots = []
        for number in range(len(names)):
            angle = 2 * pi * number / len(names) - pi / 2
            spots.append((left + RING[0] + RADIUS * cos(angle), RING[1] + RADIUS * sin(angle)))
        axes.plot(*zip(*spots, spots[0], strict=True), color=EDGE, linewidth=1.4, zorder=1)
        for number, ((x, y), name) in enumerate(zip(spots, names, strict=True)):
            colour = COLOURS[finder if is_over else number]
            axes.plot([x], [y], marker="o", markersize=19, color=colour, linestyle="", zorder=2)
            away = 1 + 25 / RADIUS
            middle = left + RING[0], RING[1]
            write(axes, tuple(m + (p - m) * away for m, p in zip(middle, (x, y), strict=True)), name)
        x0, y0 = left + TREE[0], TREE[1] + STEP[1] * (len(rivals) - 1) / 2
        axes.plot([x0, x0 + STEP[0]], [y0, y0], color=EDGE, zorder=1)
        for height in range(2):
            draw_block(axes, x0 + STEP[0] * height, y0, EDGE, is_full=True)
        fork = x0 + STEP[0] + WIDE / 2
        for number in range(len(rivals)):
            y = TREE[1] + STEP[1] * number
            x = x0 + STEP[0] * 2 + 22
            is_main = not is_over or number == finder
            colour = COLOURS[number] if is_main else EDGE
            axes.plot([fork, x - WIDE / 2], [y0, y], color=colour, linewidth=2 if is_main else 1, zorder=1)
            draw_block(axes, x, y, colour, is_full=is_main)
            if is_over and number == finder:
                axes.plot([x, x + STEP[0]], [y, y], color=colour, linewidth=2, zorder=1)
                draw_block(axes, x + STEP[0], y, colour, is_full=True)
            elif is_over:
                write(axes, (x + WIDE / 2 + 8, y), "stale", colour=FAINT, ha="left")
            else:
                write(axes, (x + WIDE / 2 + 8, y), names[number], ha="left", weight="bold")
        if is_over:
            place = (x0 + STEP[0] * 3 + 22, TREE[1] + STEP[1] * finder)
            write(axes, place, "all 7", colour=PAPER, weight="bold")

    def draw(axes: Any) -> None:
        for left, words, tips, is_over in (
            (0, f"{len(set(before.values()))} tips: each follows its own block", before, False),
            (HALF, f"{len(set(after.values()))} tip: after the next block all follow it", after, True),
        ):
            write(axes, (left + 20, 26), words, size=LARGE, ha="left", weight="bold")
            draw_half(axes, left, tips, is_over=is_over)
        axes.plot([HALF, HALF], [20, HEIGHT - 20], color=EDGE, linewidth=0.7, alpha=0.5)

    about = (
        f"Seven peers in a ring. On the left each has its tip: {len(set(rivals))} blocks side by side"
        " on one parent. On the right one more block stands on cat's, all follow it, and six are stale."
    )
    return make_svg((WIDTH, HEIGHT), draw, "Seven tips, and one after the next block", about)
