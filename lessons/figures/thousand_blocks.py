"""Draws how long after the one before each of a thousand blocks came."""

from typing import Any, Final

from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.looks import EDGE, FAINT, INK, TIPS
from blockchain_lab_widgets.picture import LARGE, write

from blockchain_lab.course.l11_gaps import LAST, MEAN, STEP, get_shares, mine_gaps

WIDTH: Final = 934  # pixels of a workbench
HEIGHT: Final = 340
LEFT, RIGHT, TOP, BOTTOM = 40, 914, 62, 276


def draw_thousand_blocks(seed: int) -> str:
    """Bars; those of blocks that came sooner than the mean in another colour and with a name of their own."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    gaps = mine_gaps(seed)
    bars, shares, wide = gaps.bars, get_shares(), (RIGHT - LEFT) / len(gaps.bars)
    scale = (BOTTOM - TOP) / max(*bars, shares[0] * len(gaps.minutes))

    def draw(axes: Any) -> None:
        write(axes, (LEFT, 20), gaps.summary, size=LARGE, ha="left", weight="bold")
        for number, bar in enumerate(bars):
            x, is_soon = LEFT + wide * number, number * STEP < MEAN
            box = Rectangle((x + 4, BOTTOM - bar * scale), wide - 8, bar * scale, linewidth=0)
            box.set(facecolor=TIPS[0] if is_soon else TIPS[1])
            axes.add_patch(box)
            tick = BOTTOM - shares[number] * len(gaps.minutes) * scale
            axes.plot([x, x + wide], [tick, tick], color=INK, linewidth=2)
            write(axes, (x + wide / 2, min(BOTTOM - bar * scale, tick) - 10), f"{bar}")
            end = f" to {(number + 1) * STEP}" if number * STEP < LAST else " …"
            write(axes, (x + wide / 2, BOTTOM + 16), f"{number * STEP}{end}")
        axes.plot([LEFT, RIGHT], [BOTTOM, BOTTOM], color=EDGE, linewidth=1)
        mean = LEFT + wide * MEAN / STEP
        axes.plot([mean, mean], [TOP - 16, BOTTOM], color=INK, linewidth=1.4)
        write(axes, (mean + 8, TOP - 8), "10 minutes", ha="left")
        words = "minutes since the block before; black: what luck without memory predicts"
        write(axes, ((LEFT + RIGHT) / 2, BOTTOM + 44), words, colour=FAINT)

    return make_svg((WIDTH, HEIGHT), draw, "A thousand blocks", f"{gaps.summary}.")
