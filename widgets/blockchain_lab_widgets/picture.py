"""A still picture of a lab: the network on its tips, and the newest blocks. For places where no view runs.

Drawn in pixels on a canvas of its own: no pyplot, so a learner's plots are left alone. matplotlib is imported
when the first picture is drawn. The parts are drawn into boxes, so a storyboard draws them, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from blockchain_lab_widgets.looks import (
    EDGE,
    FAINT,
    FULL,
    INK,
    PAPER,
    get_shapes,
    get_tip_colour,
)
from blockchain_lab_widgets.moment import Block, Moment

WIDTH, HEIGHT, HALF = 934, 330, 400  # pixels; the network takes the left 400
TOP: Final = 34  # below the title
MARGIN: Final = 48
MARKERS: Final = {"dot": "o", "square": "s", "triangle": "^", "hexagon": "h", "diamond": "D"}
SIZE: Final = (46, 24)  # pixels of a block
STEP: Final = (62, 44)  # from one block to the next, from one branch to the next
MOST_ABSENT: Final = 4  # tips in the row below
SMALL, LARGE = 12, 14  # pixels

BEHIND_NAMES: Final = {"facecolor": PAPER, "edgecolor": "none", "pad": 1, "alpha": 0.8}

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """Where a part of a picture is drawn, in pixels from the top left corner."""

    left: float
    top: float
    width: float
    height: float
    most_names: int = 40  # more peers than that are too near each other to be named
    lanes: int = 5  # branches of blocks, one below the other
    stretch: float = 1  # so many times wider than high a layout may be drawn

    @property
    def heights(self) -> int:
        """So many blocks fit side by side."""
        return int((self.width - 38) // STEP[0])


NETWORK: Final = Box(0, TOP, HALF, HEIGHT - TOP)
WHOLE: Final = Box(0, TOP, WIDTH, HEIGHT - TOP)
PARTS: Final = ("network", "tree")
BLOCKS: Final = Box(HALF, TOP, WIDTH - HALF, HEIGHT - TOP)


def draw_moment(
    axes: Any, head: Mapping[str, Any], moment: Moment, title: str, parts: Sequence[str] = PARTS
) -> None:
    """Both parts side by side, or one in the middle. `head` is what `get_head` tells of the lab."""
    write(axes, (12, 18), title, size=LARGE, ha="left")
    alone = len(set(parts)) == 1
    if "network" in parts:
        draw_network(axes, head, moment, WHOLE if alone else NETWORK)
    if "tree" in parts:
        draw_blocks(axes, moment, WHOLE if alone else BLOCKS)


def get_colours(moment: Moment) -> dict[str | None, str]:
    """The colours of the tips that peers stand on."""
    return {tip: get_tip_colour(rank) for rank, tip in enumerate(moment.rank_tips())}


def write(axes: Any, place: Place, text: str, *, size: float = SMALL, colour: str = INK, **more: Any) -> None:
    """Text as it is: a dollar sign begins no formula."""
    style = {"ha": "center", "va": "center", "family": "DejaVu Sans", "parse_math": False} | more
    axes.text(*place, text, size=size, color=colour, **style)


def draw_network(axes: Any, head: Mapping[str, Any], moment: Moment, box: Box) -> None:
    """Fill = tip, shape = role, dashed = off, or cut by a partition; named while there is room."""
    from matplotlib.collections import LineCollection  # noqa: PLC0415

    places, colours = fit(head["layout"], box), get_colours(moment)
    names, alpha = head["peers"], min(1, 60 / (len(head["links"]) + 1))
    for is_cut, style in ((False, "-"), (True, (0, (5, 4)))):
        lines = [
            (places[one], places[other])
            for one, other in head["links"]
            if moment.is_cut(names[one], names[other]) == is_cut
        ]
        axes.add_collection(
            LineCollection(lines, colors=EDGE, linewidths=1.4, alpha=alpha, linestyles=[style])
        )
    is_few = len(places) <= box.most_names
    fills = [
        colours.get(tip, FULL) if is_on else PAPER
        for tip, is_on in zip(moment.tips, moment.is_on, strict=True)
    ]
    for shape, is_on, hosts in group_peers(head["roles"], moment.is_on):
        axes.scatter(
            [places[host][0] for host in hosts],
            [places[host][1] for host in hosts],
            s=386 if is_few else 60 if len(places) < 200 else 23,
            linewidths=1.4 if is_few else 0,
            c=[fills[host] for host in hosts],
            marker=MARKERS[shape],
            edgecolors=EDGE,
            linestyle="-" if is_on else ":",
            zorder=2,
        )
    for (x, y), name, tip, is_on in zip(places, head["peers"], moment.tips, moment.is_on, strict=True):
        if is_few:
            block = f" {moment.blocks[tip].name}" if tip else "" if is_on else " off"
            write(axes, (x, y + 20), shorten(name) + block, bbox=BEHIND_NAMES)


def group_peers(roles: Sequence[str], is_on: Sequence[bool]) -> list[tuple[str, bool, list[int]]]:
    """Hosts that are drawn alike: shape, whether they are on, and which they are."""
    shapes = get_shapes(roles)
    groups: dict[tuple[str, bool], list[int]] = {}
    for host, role in enumerate(roles):
        groups.setdefault((shapes[role], is_on[host]), []).append(host)
    return [(shape, on, hosts) for (shape, on), hosts in groups.items()]


def fit(layout: Sequence[Sequence[float]], box: Box) -> list[Place]:
    """The places of a scenario's layout inside a box, their proportions kept as far as the box says."""
    left, right = min(x for x, _ in layout), max(x for x, _ in layout)
    top, bottom = min(y for _, y in layout), max(y for _, y in layout)
    room = (box.width - 2 * MARGIN, box.height - 2 * min(MARGIN, box.height / 5))
    wide, high = room[0] / max(1, right - left), room[1] / max(1, bottom - top)
    scale_x, scale_y = min(wide, high * box.stretch), min(wide, high)
    middle = (box.left + box.width / 2, box.top + box.height / 2 - 6)
    return [
        (middle[0] + (x - (left + right) / 2) * scale_x, middle[1] + (y - (top + bottom) / 2) * scale_y)
        for x, y in layout
    ]


def draw_blocks(axes: Any, moment: Moment, box: Box) -> None:
    """The newest heights, the best tip's branch on top; a tip in its colour, with how many stand there."""
    if not moment.blocks:
        return
    lanes, colours = place_blocks(moment, box), get_colours(moment)
    low = min(moment.blocks[name].height for name in lanes)
    rows = max(lanes.values()) + 1
    top = box.top + (box.height - rows * STEP[1]) / 2 + STEP[1] / 2

    def place_of(block: Block) -> Place:
        return box.left + 40 + (block.height - low + 0.5) * STEP[0], top + lanes[block.hash] * STEP[1]

    for name in lanes:
        block = moment.blocks[name]
        x, y = place_of(block)
        if block.parent in lanes:
            from_x, from_y = place_of(moment.blocks[block.parent])
            turn = from_x + (SIZE[0] + STEP[0]) / 4 + 4
            xs = [from_x + SIZE[0] / 2, turn, turn, x - SIZE[0] / 2]
            axes.plot(xs, [from_y, from_y, y, y], color=EDGE, linewidth=1.4, zorder=1)
        elif block.parent is not None:
            axes.plot([x - STEP[0] / 2, x - SIZE[0] / 2], [y, y], color=EDGE, linewidth=1.4, linestyle=":")
        draw_block(axes, (x, y), block, colours.get(name), count_peers(moment, name))
    write_absent(axes, moment, [tip for tip in colours if tip is not None and tip not in lanes], box)


def draw_block(axes: Any, place: Place, block: Block, colour: str | None, peers: str) -> None:
    """Its name in a box; a bar in the tip's colour below it."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    (x, y), (width, height) = place, SIZE
    corner = (x - width / 2, y - height / 2)
    axes.add_patch(Rectangle(corner, width, height, facecolor=PAPER, edgecolor=EDGE, linewidth=1.4, zorder=2))
    write(axes, (x, y), block.name, zorder=3)
    if colour:
        axes.add_patch(Rectangle((x - width / 2, y + height / 2), width, 4, facecolor=colour, zorder=3))
        write(axes, (x, y + height / 2 + 11), peers, colour=FAINT)


def write_absent(axes: Any, moment: Moment, tips: Sequence[str], box: Box) -> None:
    """Tips that lie before the heights shown, in a row below them."""
    colours = get_colours(moment)
    for place, tip in enumerate(tips[: min(MOST_ABSENT, int(box.width // 110))]):
        x, y = box.left + 24 + place * 110, box.top + box.height - 20
        axes.scatter([x], [y], s=77, c=[colours[tip]], marker="s")
        write(axes, (x + 10, y), f"{moment.blocks[tip].name}: {count_peers(moment, tip)}", ha="left")


def count_peers(moment: Moment, tip: str) -> str:
    """How many stand on it."""
    count = moment.tips.count(tip)
    return "1 peer" if count == 1 else f"{count:,} peers"


def place_blocks(moment: Moment, box: Box) -> dict[str, int]:
    """The lane of each block of the newest heights. Best branch first; others where there is room.

    Branches beyond the box's lanes are left out: the picture says enough without them.
    """
    highest = max(block.height for block in moment.blocks.values())
    low = highest - box.heights + 1
    shown = {name: block for name, block in moment.blocks.items() if block.height >= low}
    parents = {block.parent for block in shown.values()}
    leaves = [name for name in shown if name not in parents]
    rank = {name: place for place, name in enumerate(moment.rank_tips())}
    leaves.sort(key=lambda name: (rank.get(name, len(rank)), -shown[name].height, shown[name].order))
    lanes: dict[str, int] = {}
    taken: list[set[int]] = [set() for _ in range(box.lanes)]
    for leaf in leaves:
        run = get_run(leaf, shown, lanes)
        heights = {shown[name].height for name in run}
        beside = heights | {min(heights) - 1}  # where the line to the parent turns
        free = next((lane for lane, used in enumerate(taken) if not used & beside), None)
        if free is not None:
            taken[free] |= beside
            lanes |= dict.fromkeys(run, free)
    return lanes


def get_run(leaf: str, shown: Mapping[str, Block], placed: Mapping[str, int]) -> list[str]:
    """A leaf and its ancestors, up to one that has its place already."""
    run: list[str] = []
    name: str | None = leaf
    while name in shown and name not in placed:
        run.append(name)
        name = shown[name].parent
    return run


def shorten(name: str) -> str:
    """A name that fits below its peer."""
    return name if len(name) <= 10 else f"{name[:9]}…"
