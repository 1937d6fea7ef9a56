"""Draws the slots of the toy chain on a bad day: who leads, what came of it, who voted, what is final."""

from typing import Any, Final

from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.looks import EDGE, FAINT, INK, PAPER, TIPS
from blockchain_lab_widgets.picture import LARGE, write

from blockchain_lab.base.units import MILLISECOND
from blockchain_lab.course.l18_runs import get_chain
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.layers.toy_notes import ACCEPTED, CONFIRMED, FINAL
from blockchain_lab.layers.toy_rules import draw_leader

STORY: Final = "toy_chain_storm"
WITNESS: Final = "dan"  # who is there all the time
SLOTS: Final = range(8, 20)
LOOKED_AT: Final = 19_900 * MILLISECOND
WIDTH: Final = 934  # pixels of a workbench
HEIGHT: Final = 230
LEFT, APART, LINE = 56, 74.5, 118  # the first slot, to the next one, where blocks stand
SIZE: Final = 34  # of a block


def draw_slots(seed: int) -> str:
    """A dozen slots, as one peer has them at a moment."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    lab = Lab(STORY, seed=seed)
    lab.run(until=LOOKED_AT)
    chain = get_chain(lab)
    final = {facts["slot"] for _, facts in get_notes(lab, FINAL, WITNESS)}
    weights = {facts["slot"]: facts["votes"] for _, facts in get_notes(lab, CONFIRMED, WITNESS)}
    entries = {facts["hash"]: facts for _, facts in get_notes(lab, ACCEPTED, WITNESS)}
    slot_of = {name: facts["slot"] for name, facts in entries.items()}
    parents = {facts["slot"]: slot_of.get(facts["parent"], 0) for facts in entries.values()}

    def draw(axes: Any) -> None:
        write(axes, (12, 22), "A dozen slots on a bad day", size=LARGE, ha="left", weight="bold")
        write(axes, (WIDTH - 12, 22), "filled: final; empty: confirmed", ha="right", colour=FAINT)
        for number, slot in enumerate(SLOTS):
            x = LEFT + number * APART
            write(axes, (x, 60), str(slot), colour=FAINT)
            write(axes, (x, 80), draw_leader(chain.stakes, chain.seed, slot))
            if slot not in weights:
                write(axes, (x, LINE), "nothing", colour=FAINT)
                continue
            if parents[slot] in SLOTS:
                back = LEFT + (parents[slot] - SLOTS[0]) * APART + SIZE / 2
                style = "-" if parents[slot] == slot - 1 else "--"
                y = LINE if style == "-" else LINE + 13
                axes.plot([back, x - SIZE / 2], [y, y], color=INK, linewidth=1.4, linestyle=style)
            colour = TIPS[0]
            box = Rectangle((x - SIZE / 2, LINE - SIZE / 2), SIZE, SIZE, edgecolor=colour, linewidth=2)
            box.set(facecolor=colour if slot in final else PAPER)
            axes.add_patch(box)
            write(axes, (x, LINE + 44), str(weights[slot]), weight="bold")
        axes.plot([12, WIDTH - 12], [LINE + 64, LINE + 64], color=EDGE, linewidth=0.8)
        words = (
            f"above: the slot, and who leads it; below: the stake that votes for its block, of {chain.total}."
            f" Two thirds are {-(-2 * chain.total // 3)}."
        )
        write(axes, (12, LINE + 88), words, colour=FAINT, ha="left")

    there = [slot for slot in SLOTS if slot in weights]
    told = (
        f"Slots {SLOTS[0]} to {SLOTS[-1]}. Blocks are confirmed in slots {', '.join(map(str, there))};"
        f" nothing came of the others. Final are those of {', '.join(str(s) for s in there if s in final)}."
    )
    return make_svg((WIDTH, HEIGHT), draw, "Slots of the toy chain on a bad day", told)
