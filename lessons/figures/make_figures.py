"""Makes the pictures of the lessons: what GitHub shows where no view can run.

    python lessons/figures/make_figures.py            writes all that FIGURES names beside this file
    python lessons/figures/make_figures.py --check    writes nothing; 1 when a committed one is stale

A picture is a story at an event with the guests' seed, the curves of some runs, or a diagram of plain data:
in the colours and letters of the views, on white paper of its own, so that a dark page shows it, too. The
same source gives the same bytes. Learners get the pictures, not this script.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.looks import EDGE, FAINT, PAPER, TIPS
from blockchain_lab_widgets.picture import LARGE, write
from coin_ages import draw_coin_ages
from first_addresses import tell_first_addresses
from four_ways import draw_four_ways, draw_ladders
from herd_of_twenty import draw_herd
from long_road import draw_long_road
from message_bytes import draw_message
from packet_ways import draw_punch
from rival_pools import draw_rival_pools
from sealed_blocks import draw_sealed_blocks
from seven_tips import draw_seven_tips
from slots_of_a_storm import draw_slots
from sparse_and_dense import draw_sparse_and_dense
from thousand_blocks import draw_thousand_blocks
from two_finals import draw_two_finals
from two_searches import draw_two_searches

from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.course.l01_worlds import draw_worlds
from blockchain_lab.course.l05_pictures import draw_megabyte
from blockchain_lab.course.l05_runs import send_megabyte
from blockchain_lab.course.l07_race import say
from blockchain_lab.course.l07_runs import play_race
from blockchain_lab.lab import Lab
from blockchain_lab.study.curves import find_spreads, get_records

HERE = Path(__file__).parent
WIDTH = 934  # pixels of a workbench
SEED = 7  # the guests'
STYLES = ("-", (0, (6, 3)), (0, (2, 2)), (0, (8, 2, 2, 2)))  # of lines: colour alone tells nobody enough

Line = Sequence[tuple[Microseconds, float]]


@dataclass(frozen=True, slots=True)
class Layer:
    """One floor of the map: its colour, what it is about, and the lessons that stand on it."""

    name: str
    about: str
    colour: str
    lessons: Sequence[tuple[str, str]]  # numbers, and what they are about


LAYERS = (  # from the top
    Layer(
        "Layer 2: on top",
        "built on a chain that holds",
        TIPS[3],
        [("17", "payments beside the chain,\nlayers that lean on each other"), ("18", "repair a blockchain")],
    ),
    Layer(
        "Layer 1: the chain",
        "one order of events, agreed on by strangers",
        TIPS[1],
        [
            ("10", "transactions"), ("11", "proof of work"), ("12", "spreading\na block"), ("13", "forks"),
            ("14", "joining late"), ("15", "stake"), ("16", "finality"),
        ],
    ),
    Layer(
        "Layer 0: the network",
        "who is there, who talks with whom, what is passed on",
        TIPS[0],
        [
            ("01", "peers\nand state"), ("02", "who is\nonline?"), ("03", "behind\nthe NAT"),
            ("04", "how many\nfriends?"), ("05", "keeping\nthe line"), ("06", "what is a\nmessage?"),
            ("07", "epidemics"), ("08", "overlays"), ("09", "whom\nto ask?"),
        ],
    ),
)  # fmt: skip


def draw_moment(story: str, *views: str, event: int | None = None) -> str:
    """A story at an event, by default at the one at which it opens; views: "network", "tree", or both."""
    lab = Lab(story, seed=SEED)
    lab.look_ahead()
    lab.goto(event=lab.scenario.poster if event is None else event)
    with tempfile.TemporaryDirectory() as folder:
        return lab.share.draw(Path(folder) / "moment.svg", *views).read_text(encoding="utf-8")


def draw_lines(lines: Mapping[str, Line], title: str, about: str, upwards: str) -> str:
    """Steps over time from 0 on, with their names beside the plot; `upwards`: what the values count."""
    left, right, top, bottom = 60, 690, 48, 268
    end = max(at for line in lines.values() for at, _ in line) * 1.05
    most = max(value for line in lines.values() for _, value in line)

    def place(at: float, value: float) -> tuple[float, float]:
        return left + (right - left) * at / end, bottom - (bottom - top) * value / most

    def draw(axes: Any) -> None:
        write(axes, (12, 18), title, size=LARGE, ha="left")
        for value in (0, most / 2, most):
            _, y = place(0, value)
            axes.plot([left, right], [y, y], color=EDGE, linewidth=0.7, alpha=0.6)
            write(axes, (left - 8, y), f"{value:g}", ha="right")
        step = max(SECOND // 4, round(end / SECOND / 8) * SECOND)
        for at in range(0, int(end) + 1, step):
            write(axes, (place(at, 0)[0], bottom + 16), f"{at / SECOND:g}")
        write(axes, ((left + right) / 2, bottom + 38), f"seconds; upwards: {upwards}", colour=FAINT)
        for number, (name, line) in enumerate(lines.items()):
            xs, ys = zip(*(place(*point) for point in [*line, (end, line[-1][1])]), strict=True)
            look = {"color": TIPS[number % 4], "linewidth": 2.4, "linestyle": STYLES[number % 4]}
            axes.plot(xs, ys, drawstyle="steps-post", **look)
            y = top + 14 + number * 32
            axes.plot([right + 24, right + 64], [y, y], **look)
            write(axes, (right + 74, y), name, ha="left")

    return make_svg((WIDTH, 330), draw, title, about)


def draw_rumours() -> str:
    """How many know a rumour that each tells to one other, and one that each tells to four."""
    lab = Lab("rumours", seed=SEED)
    lab.look_ahead()
    lab.goto(event=lab.head)
    spreads = find_spreads(get_records(lab), lab.names).values()
    lines = {}
    for words, spread in zip(("told to one other", "told to four others"), spreads, strict=True):
        first = spread.points[0][0]
        lines[words] = [(at - first, count) for at, count in spread.points]
    about = f"Of {len(lab.names)} peers, " + "; ".join(
        f"{line[-1][1]} come to know what is {words}" for words, line in lines.items()
    )
    return draw_lines(lines, lab.scenario.title, f"{about}.", "peers that know it")


def draw_race() -> str:
    """How many know the news when who knows tells, when who does not asks, and when they do both."""
    race = play_race(SEED)
    words = ("push: who knows tells", "pull: who does not asks", "push-pull: both")
    names = dict(zip(race.curves, words, strict=True))
    ends = {way: race.when(way, race.peers) for way in names}
    about = "; ".join(
        f"{name}, half of them after {say(race.when(way, race.peers // 2))}, "
        + (f"all after {say(ends[way])}" if ends[way] else f"{race.curves[way][-1][1]} in the end")
        for way, name in names.items()
    )
    lines = {name: race.curves[way] for way, name in names.items()}
    title = f"News for {race.peers} peers: push wins the start, pull the tail"
    return draw_lines(lines, title, f"{about}.", "peers that know it")


def draw_lists() -> str:
    """What each of six peers has on its list at one moment, beside what there is in all."""
    from matplotlib.patches import FancyBboxPatch  # noqa: PLC0415

    lab = Lab("six_worlds", seed=SEED)
    lab.look_ahead()
    lab.goto(event=lab.scenario.poster)
    worlds = draw_worlds(lab)
    wide, high, row = 116, 182, 23  # pixels of a card, and of a line on it

    def draw(axes: Any) -> None:
        lists = {"from above": frozenset(worlds.entries), **worlds.lists}
        for number, (name, held) in enumerate(lists.items()):
            x = 12 + number * (wide + 14) + (10 if number else -2)
            look = {"edgecolor": TIPS[0] if number else EDGE, "linewidth": 2 if number else 1}
            box = FancyBboxPatch((x, 12), wide, high, boxstyle="round,pad=0,rounding_size=8", **look)
            box.set(facecolor=PAPER, linestyle="-" if number else "--")
            axes.add_patch(box)
            write(axes, (x + 12, 34), name, size=LARGE, ha="left", weight="bold")
            for line, entry in enumerate(worlds.entries):
                has_it = entry in held
                ink = {} if has_it else {"colour": FAINT}
                write(axes, (x + 12, 64 + line * row), entry if has_it else "–", ha="left", **ink)

    told = [
        f"{name}: {', '.join(e for e in worlds.entries if e in held)}" for name, held in worlds.lists.items()
    ]
    return make_svg((WIDTH, high + 24), draw, lab.scenario.title, f"{'; '.join(told)}.")


def draw_pieces() -> str:
    """How a megabyte comes together over UDP, over UDP when somebody asks again, and over TCP."""
    ways: Mapping[str, Mapping[str, Any]] = {
        "UDP": {}, "UDP, asked again": {"repeats": True}, "TCP": {"over": "stream"},
    }  # fmt: skip
    come = draw_megabyte({name: send_megabyte(SEED, **policy) for name, policy in ways.items()})
    lines = {name: [(round(at * SECOND), count) for at, count in line] for name, line in come.lines.items()}
    about = "; ".join(f"{name}, {remark}" for name, remark in come.remarks.items())
    return draw_lines(lines, "A megabyte, of which one piece in a hundred is lost", f"{about}.", come.counted)


def draw_layers() -> str:
    """The map of the course: three floors, the network at the bottom."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    high, gap, words = 104, 12, 240  # pixels of a floor, between two, for its name

    def draw(axes: Any) -> None:
        for number, layer in enumerate(LAYERS):
            y = gap + number * (high + gap)
            floor = Rectangle((gap, y), WIDTH - 2 * gap, high, facecolor=PAPER, edgecolor=EDGE, linewidth=1.4)
            axes.add_patch(floor)
            axes.add_patch(Rectangle((gap, y), 10, high, facecolor=layer.colour))
            write(axes, (gap + 26, y + 40), layer.name, size=LARGE, ha="left", va="baseline", weight="bold")
            write_lines(axes, (gap + 26, y + 66), wrap(layer.about), colour=FAINT, ha="left")
            room = (WIDTH - 2 * gap - words - 8) / len(layer.lessons)
            for place, (lesson, topic) in enumerate(layer.lessons):
                x = gap + words + (place + 0.5) * room
                write(axes, (x, y + 40), lesson, size=LARGE, va="baseline", weight="bold")
                write_lines(axes, (x, y + 66), topic)

    title = "Three layers, and the lessons about each"
    told = [
        f"{layer.name}, {layer.about}: lessons {', '.join(number for number, _ in layer.lessons)}."
        for layer in LAYERS
    ]
    return make_svg((WIDTH, 3 * (high + gap) + gap), draw, title, " ".join(told))


def write_lines(axes: Any, place: tuple[float, float], text: str, **look: Any) -> None:
    """Each line on its own, so that rows stand level whatever letters are in them."""
    x, y = place
    for number, line in enumerate(text.split("\n")):
        write(axes, (x, y + 17 * number), line, va="baseline", **look)


def wrap(text: str, width: int = 28) -> str:
    """Lines of so many letters at most."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


FIGURES: Mapping[str, Callable[[], str]] = {
    "00-tour.svg": lambda: draw_moment("fork_and_heal", event=265),  # 30 s: the cable is still cut
    "00-layers.svg": draw_layers,
    "01-peers-and-state.svg": draw_lists,
    "02-bootstrap.svg": lambda: draw_lines(*tell_first_addresses(SEED)),
    "03-nat.svg": lambda: draw_punch(SEED),
    "04-how-many-friends.svg": lambda: draw_sparse_and_dense(SEED),
    "05-keeping-the-line.svg": draw_pieces,
    "06-what-is-a-message.svg": draw_message,
    "07-epidemics.svg": draw_rumours,
    "07-race.svg": draw_race,
    "08-overlays.svg": lambda: draw_two_searches(SEED),
    "09-choosing-a-peer.svg": lambda: draw_herd(SEED),
    "10-transactions.svg": lambda: draw_rival_pools(SEED),
    "11-proof-of-work.svg": draw_sealed_blocks,
    "11-thousand-blocks.svg": lambda: draw_thousand_blocks(SEED),
    "12-corner.svg": lambda: draw_four_ways(SEED),
    "12-spreading-a-block.svg": lambda: draw_ladders(SEED),
    "13-forks.svg": draw_seven_tips,
    "14-joining-late.svg": lambda: draw_moment("headers_first"),
    "15-stake.svg": lambda: draw_coin_ages(SEED),
    "16-finality.svg": lambda: draw_two_finals(SEED),
    "17-layers.svg": lambda: draw_long_road(SEED),
    "18-capstone.svg": lambda: draw_slots(2),  # world 2 of the lesson's two hundred
}


def find_stale(folder: Path = HERE) -> list[str]:
    """Figures that are missing in a folder, or would be made otherwise now, and such as nobody makes."""
    made = {name: draw() for name, draw in FIGURES.items()}
    there = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.svg")}
    return sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))


def main(arguments: Sequence[str]) -> int:
    """Write all, or look at all."""
    if list(arguments) == ["--check"]:
        stale = find_stale()
        if stale:
            print(f"stale: {', '.join(stale)}; run python lessons/figures/make_figures.py")
        return 1 if stale else 0
    for name, draw in FIGURES.items():
        (HERE / name).write_text(draw(), encoding="utf-8", newline="\n")
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
