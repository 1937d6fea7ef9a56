"""Draws two final histories and what lies between them: a tree of two branches, and all deposits."""

from collections.abc import Sequence
from typing import Any, Final

from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.looks import FAINT, INK, PAPER
from blockchain_lab_widgets.picture import LARGE, write

from blockchain_lab.base.units import display_hash
from blockchain_lab.consensus.block import BlockEntry
from blockchain_lab.course.l16_plots import RED, SIDE
from blockchain_lab.course.l16_spares import LEFT, RIGHT, find_overlap, make_two_finals
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab

WIDTH: Final = 934  # pixels of a workbench
HEIGHT: Final = 400
TREE: Final = (40, 110)  # the genesis
STEP: Final = (40, 34)  # to the next block; from the middle to a branch
LAST: Final = 21  # height of the last block that is drawn
EPOCH: Final = 5  # blocks
STRIP: Final = (40, 268, 854, 54)  # left, top, width and height of the row of deposits


def get_branch(lab: Lab, peer: str) -> list[BlockEntry]:
    """The blocks that a peer holds for final, and above, from the genesis on."""
    entry, way = lab.peer(peer).head, []
    while entry is not None:
        way.append(entry)
        entry = entry.previous
    return way[::-1][: LAST + 1]


def get_finals(lab: Lab, peer: str) -> set[str]:
    """The checkpoints that a peer has seen become final, on either branch."""
    return {facts["block"] for _, facts in get_notes(lab, "checkpoint finalised", peer)}


def draw_branch(axes: Any, way: Sequence[BlockEntry], fork: int, side: int, finals: set[str]) -> None:
    """The blocks above the fork, in the colour of the branch; a checkpoint that is final is filled."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    for entry in way:
        is_own = entry.height > fork
        x = TREE[0] + STEP[0] * entry.height
        y = TREE[1] + (STEP[1] if side else -STEP[1]) * is_own
        colour = SIDE[side] if is_own else INK
        if entry.previous is not None:
            from_y = TREE[1] if entry.height == fork + 1 else y
            axes.plot([x - STEP[0], x], [from_y, y], color=colour, linewidth=1.6, zorder=1)
        is_final = display_hash(entry.hash) in finals or entry.height == 0
        is_mark = entry.height % EPOCH == 0
        size = 26 if is_mark else 14
        box = Rectangle((x - size / 2, y - size / 2), size, size, edgecolor=colour, linewidth=1.8, zorder=2)
        box.set(facecolor=colour if is_final else PAPER)
        axes.add_patch(box)
        if is_mark:
            ink = PAPER if is_final else colour
            write(axes, (x, y), str(entry.height // EPOCH), colour=ink, weight="bold", zorder=3)


def draw_two_finals(seed: int) -> str:
    """The tree above, the row below: ann's, bob's and dan's, cat's."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    lab = make_two_finals(seed)
    overlap = find_overlap(lab)
    assert overlap is not None
    ways = get_branch(lab, LEFT), get_branch(lab, RIGHT)
    fork = max(one.height for one, other in zip(*ways, strict=False) if one.hash == other.hash)
    finals = get_finals(lab, LEFT)
    own = overlap.voters
    row = [*(n for n in own[0] if n not in own[1]), *overlap.both, *(n for n in own[1] if n not in own[0])]

    def draw(axes: Any) -> None:
        write(axes, (16, 24), "Two branches, and both are final", size=LARGE, ha="left", weight="bold")
        for side, way in enumerate(ways):
            draw_branch(axes, way, fork, side, finals)
        words = "large: checkpoints; filled: final"
        write(axes, (WIDTH - 20, 24), words, ha="right", colour=FAINT)
        left, top, wide, high = STRIP
        x, edges = float(left), [float(left)]
        for name in row:
            width = wide * overlap.deposits[name] / overlap.sum(row)
            colour = RED if name in overlap.both else SIDE[name not in own[0]]
            axes.add_patch(Rectangle((x, top), width - 3, high, facecolor=colour))
            write(axes, (x + width / 2, top + 19), name, colour=PAPER, weight="bold")
            write(axes, (x + width / 2, top + 37), f"{overlap.deposits[name]} coins", colour=PAPER)
            x += width
            edges.append(x)
        first, last = row.index(overlap.both[0]), row.index(overlap.both[-1]) + 1
        ends = (edges[0], edges[last]), (edges[first], edges[-1])
        for side, (start, end) in enumerate(ends):
            y, away = (top - 12, 7) if side == 0 else (top + high + 12, -7)
            look = {"color": SIDE[side], "linewidth": 2.4}
            axes.plot([start, start, end - 3, end - 3], [y + away, y, y, y + away], **look)
            which = ("upper", "lower")[side]
            told = f"{overlap.sum(own[side])} of {overlap.sum(row):,} coins voted for the {which} branch"
            write(axes, ((start + end) / 2, y - 2 * away if side == 0 else y + 20), told)
        write(
            axes,
            ((edges[first] + edges[last]) / 2, HEIGHT - 16),
            f"{overlap.sum(overlap.both)} coins voted for both: more than a third",
            colour=RED,
            weight="bold",
        )

    about = (
        "A tree of blocks that forks; checkpoints of both branches are final. Below it all"
        f" {overlap.sum(row):,} coins: {', '.join(own[0])} voted for the upper branch,"
        f" {', '.join(own[1])} for the lower one."
        f" In red between them those who voted for both: {' and '.join(overlap.both)},"
        f" {overlap.sum(overlap.both)} coins."
    )
    return make_svg((WIDTH, HEIGHT), draw, "Two final histories, and the red third between them", about)
