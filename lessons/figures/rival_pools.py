"""Draws who holds which of two payments that spend one coin: a row of peers, a mempool above each."""

from typing import Any, Final

from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.looks import EDGE, FAINT, INK, PAPER, TIPS
from blockchain_lab_widgets.picture import LARGE, write

from blockchain_lab.base.units import SECOND
from blockchain_lab.course.l10_runs import RIVALS, find_holders, get_own, play

WIDTH: Final = 934  # pixels of a workbench
HEIGHT: Final = 250
LEFT: Final = 92  # the first peer
APART: Final = 150
LINE: Final = 190  # where the peers stand
BOX: Final = (116, 54)  # of a mempool
LOOKED_AT: Final = 10 * SECOND


def draw_rival_pools(seed: int) -> str:
    """Six peers in a row; both ends have spent the same coin."""
    from matplotlib.patches import FancyBboxPatch  # noqa: PLC0415

    lab = play(RIVALS, seed)
    holders = find_holders(lab, LOOKED_AT)
    payments = {"A": ("ann's payment", get_own(lab, "ann")), "B": ("fay's payment", get_own(lab, "fay"))}
    wide, high = BOX

    def draw(axes: Any) -> None:
        write(axes, (12, 20), "One coin, spent twice: which payment is the real one?", size=LARGE, ha="left")
        places = {name: LEFT + number * APART for number, name in enumerate(lab.names)}
        axes.plot([LEFT, max(places.values())], [LINE, LINE], color=EDGE, linewidth=1.6, zorder=1)
        for name, x in places.items():
            letter = next(letter for letter, (_, txid) in payments.items() if name in holders[txid])
            kind = list(payments).index(letter)
            box = FancyBboxPatch(
                (x - wide / 2, 74), wide, high, boxstyle="round,pad=0,rounding_size=8",
                facecolor=PAPER, edgecolor=TIPS[kind], linewidth=2.4, linestyle=("-", "--")[kind],
            )  # fmt: skip
            axes.add_patch(box)
            write(axes, (x, 92), letter, size=LARGE, weight="bold", colour=TIPS[kind])
            write(axes, (x, 113), payments[letter][0])
            axes.plot([x, x], [74 + high, LINE - 12], color=EDGE, linewidth=0.8, linestyle=":")
            look = {"color": TIPS[kind], "marker": "os"[kind], "markersize": 17}
            axes.plot(x, LINE, linestyle="", markeredgecolor=INK, zorder=2, **look)
            write(axes, (x, LINE + 26), name)
        write(axes, (12, 58), "what each of them holds in its mempool", colour=FAINT, ha="left")

    told = "; ".join(f"{words}: {', '.join(holders[txid])}" for words, txid in payments.values())
    return make_svg((WIDTH, HEIGHT), draw, lab.scenario.title, f"Who holds which. {told}.")
