"""Draws two searches for one song: every message of a lookup in a hash table, and of a flood, as a line."""

from math import cos, pi, sin
from typing import Any, Final

from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.looks import EDGE, FAINT, INK, TIPS
from blockchain_lab_widgets.picture import LARGE, write

from blockchain_lab.base.records import Record
from blockchain_lab.course.l08_runs import ASKED_AT, ASKER, GRAPH, HAS_IT, PEERS, TABLE, get_sent, play

WIDTH: Final = 934  # pixels of a workbench
HEIGHT: Final = 400
RADIUS: Final = 140
HALVES: Final = {TABLE: (236, "hash table", "ask-provider", 0), GRAPH: (698, "random graph", "seek", 1)}
MIDDLE: Final = 196


def find_questions_sent(seed: int, half: str) -> list[Record]:
    """The questions of the story's search in one half."""
    command = HALVES[half][2]
    sent = get_sent(play(seed))
    return [record for record in sent if record.at >= ASKED_AT and record.detail.wire_name == command]


def place(half: str, number: int) -> tuple[float, float]:
    """Where a peer stands on its ring."""
    angle = 2 * pi * number / PEERS - pi / 2
    return HALVES[half][0] + RADIUS * cos(angle), MIDDLE + RADIUS * sin(angle)


def draw_two_searches(seed: int) -> str:
    """Both rings, with the lines along which they were asked."""
    questions = {half: find_questions_sent(seed, half) for half in HALVES}
    names = play(seed).names

    def draw(axes: Any) -> None:
        write(axes, (12, 18), "One search in a network of forty peers", size=LARGE, ha="left")
        for half, (x, name, _, colour) in HALVES.items():
            for record in questions[half]:
                ends = [place(half, int(names[host][1:])) for host in (record.peer, record.other)]
                many = len(questions[half]) > PEERS
                width, alpha = (0.8, 0.45) if many else (2.4, 1.0)
                axes.plot(*zip(*ends, strict=True), color=TIPS[colour], linewidth=width, alpha=alpha)
            for number in range(PEERS):
                is_end = number in {ASKER, HAS_IT}
                look = {"color": INK if is_end else EDGE, "markersize": 11 if is_end else 7}
                axes.plot(*place(half, number), marker="os"[colour], linestyle="", **look)
            for number, word in ((ASKER, "who asks"), (HAS_IT, "who has it")):
                across, down = place(half, number)
                is_left = across < x
                write(
                    axes, (across + (-14 if is_left else 14), down), word, ha="right" if is_left else "left"
                )
            write(
                axes, (x, HEIGHT - 34), f"{name}: {len(questions[half])} questions", size=LARGE, weight="bold"
            )
        write(axes, (WIDTH / 2, HEIGHT - 12), "answers are not drawn", colour=FAINT)

    counts = "; ".join(f"{HALVES[half][1]}, {len(questions[half])} questions" for half in HALVES)
    return make_svg((WIDTH, HEIGHT), draw, "One search in a network of forty peers", f"As lines: {counts}.")
