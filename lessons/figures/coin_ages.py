"""Draws coins whose chances grow with their age until they have won: lines, a hash a day, the blocks."""

from typing import Any, Final

from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.looks import EDGE, FAINT, PAPER, TIPS
from blockchain_lab_widgets.picture import LARGE, write

from blockchain_lab.course.l15_coins import DAYS, MOST, Second, draw_coins

WIDTH: Final = 934  # pixels of a workbench
LEFT: Final = 130
RIGHT: Final = 900
TOP: Final = 62
PANEL: Final = 112  # pixels of one coin
HEIGHT: Final = 440


def draw_coin_ages(seed: int) -> str:
    """Three coins of the guests' run with one large coin, one below the other, on one scale."""
    coins = draw_coins(seed)

    def find_x(at: float) -> float:
        return LEFT + (RIGHT - LEFT) * at / DAYS

    def draw_panel(axes: Any, number: int, name: str, seconds: tuple[Second, ...]) -> None:
        bottom, colour = TOP + PANEL * (number + 1) - 22, TIPS[number]
        high = PANEL - 30

        def find_y(part: float) -> float:
            return bottom - high * min(part, MOST) / MOST

        xs, ys = [find_x(s.at) for s in seconds], [find_y(s.limit) for s in seconds]
        axes.fill_between(xs, ys, bottom, color=colour, alpha=0.18, linewidth=0)
        axes.plot(xs, ys, color=colour, linewidth=2)
        axes.plot([LEFT, LEFT, RIGHT], [bottom - high, bottom, bottom], color=EDGE, linewidth=0.9)
        write(axes, (LEFT - 14, bottom - 52), name, ha="right", weight="bold")
        write(
            axes, (LEFT - 14, bottom - 32), f"{coins.sizes[name]:.0%} of the coins", ha="right", colour=FAINT
        )
        for second in seconds:
            place = [find_x(second.at)], [find_y(second.hash)]
            if second.has_block:
                axes.plot(place[0] * 2, [bottom - high, bottom], color=EDGE, linewidth=0.8, linestyle=":")
                axes.plot(*place, marker="o", markersize=8, color=colour, linestyle="")
            elif second.is_hit:
                look = {"markerfacecolor": PAPER, "markeredgecolor": colour, "markeredgewidth": 2}
                axes.plot(*place, marker="o", markersize=7, linestyle="", **look)
            elif second.hash < MOST:
                look = {"markerfacecolor": "none", "markeredgecolor": FAINT, "markeredgewidth": 0.8}
                axes.plot(*place, marker="o", markersize=3.5, linestyle="", **look)

    def draw(axes: Any) -> None:
        words = "A coin's chance grows with its age. A dot below its line is its turn, and it is young again"
        write(axes, (LEFT - 100, 26), words, size=LARGE, ha="left", weight="bold")
        for number, (name, seconds) in enumerate(coins.tries.items()):
            draw_panel(axes, number, name, seconds)
        bottom = TOP + PANEL * len(coins.tries)
        for day in range(0, DAYS + 1, 30):
            write(axes, (find_x(day), bottom - 4), str(day))
        words = "days; upwards: hashes, the small ones at the bottom; full dots: blocks; rings: turns in vain"
        write(axes, ((LEFT + RIGHT) / 2, bottom + 22), words, colour=FAINT)

    return make_svg((WIDTH, HEIGHT), draw, "Coins that wait, and win", f"{coins!r}.".replace("\n", "; "))
