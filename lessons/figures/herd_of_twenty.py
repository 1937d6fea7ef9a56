"""Draws the herd: twenty requests that all go to one of five, and the lines at the five over time."""

from typing import Any, Final

from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.looks import EDGE, FAINT, INK, REST, TIPS
from blockchain_lab_widgets.picture import BEHIND_NAMES, LARGE, write

from blockchain_lab.base.units import SECOND
from blockchain_lab.course.l09_herd import SECOND_WAVE, get_metrics, play
from blockchain_lab.course.reading import get_notes
from blockchain_lab.study.curves import get_queues

WIDTH: Final = 934  # pixels of a workbench
HEIGHT: Final = 392
SHRINK: Final = 0.6  # of the story's layout
CORNER: Final = (14, 78)  # of the network
LEFT, RIGHT, TOP, BOTTOM = 520, 850, 84, 318  # of the plot
STYLES: Final = ("-", (0, (2, 2)), (0, (8, 2, 2, 2)), (0, (6, 3)), (0, (1, 2)))
COLOURS: Final = (*TIPS, REST)


def draw_herd(seed: int) -> str:
    """The first wave as lines from who asks to whom, beside how many wait where."""
    lab = play(seed)
    layout = lab.scenario.layout
    queues = get_queues(lab.trace, lab.names)
    until = lab.scenario.until
    asked = [lab.names[note.peer] for note, _ in get_notes(lab, "piece wanted") if note.at < SECOND_WAVE]
    tallest = {name: max(count for _, count in line) for name, line in queues.items()}
    most = max(tallest.values())

    def spot(name: str) -> tuple[float, float]:
        x, y = layout[name]
        return CORNER[0] + SHRINK * x, CORNER[1] + SHRINK * y

    def place(at: float, count: float) -> tuple[float, float]:
        return LEFT + (RIGHT - LEFT) * at / until, BOTTOM - (BOTTOM - TOP) * count / most

    def draw_network(axes: Any) -> None:
        busiest = max(set(asked), key=asked.count)
        for name in layout:
            if name not in get_metrics():
                axes.plot(
                    *zip(spot(name), spot(busiest), strict=True), color=TIPS[0], linewidth=1.4, alpha=0.7
                )
        for name in layout:
            is_one_of_five = name in get_metrics()
            colour = TIPS[0] if name == busiest else INK if is_one_of_five else EDGE
            size = 19 if is_one_of_five else 8
            axes.plot(*spot(name), marker="o", markersize=size, color=colour, linestyle="", zorder=3)
            if is_one_of_five:
                x, y = spot(name)
                write(axes, (x, y + 22), name, bbox=BEHIND_NAMES)

    def draw_lines(axes: Any) -> None:
        for count in range(0, most + 1, 5):
            _, y = place(0, count)
            axes.plot([LEFT, RIGHT], [y, y], color=EDGE, linewidth=0.7, alpha=0.6)
            write(axes, (LEFT - 8, y), str(count), ha="right")
        for second in range(0, until // SECOND + 1, 3):
            write(axes, (place(second * SECOND, 0)[0], BOTTOM + 16), str(second))
        for number, name in enumerate(get_metrics()):
            points = [(0, 0), *queues.get(name, []), (until, 0)]
            xs, ys = zip(*(place(*point) for point in points), strict=True)
            look = {"color": COLOURS[number], "linestyle": STYLES[number], "linewidth": 2.4}
            axes.plot(xs, ys, drawstyle="steps-post", **look)
            y = TOP + 12 + number * 26
            axes.plot([RIGHT + 14, RIGHT + 40], [y, y], **look)
            write(axes, (RIGHT + 48, y), name, ha="left")
        write(axes, ((LEFT + RIGHT) / 2, BOTTOM + 40), "seconds; upwards: requests that wait", colour=FAINT)

    def draw(axes: Any) -> None:
        write(axes, (14, 20), title, size=LARGE, ha="left")
        write(axes, (14, 48), f"second 3: {len(asked)} requests, one goal", ha="left", weight="bold")
        write(axes, (LEFT - 30, 48), "the lines at the five", ha="left", weight="bold")
        draw_network(axes)
        draw_lines(axes)

    title = "Twenty take the least busy of five"
    told = ", ".join(f"{tallest.get(name, 0)} at {name}" for name in get_metrics())
    return make_svg((WIDTH, HEIGHT), draw, title, f"Longest lines: {told}.")
