"""Draws packets on their way between hosts, each a line down the page: what opens a box, what it lets in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.looks import EDGE, FAINT, INK, TIPS
from blockchain_lab_widgets.picture import LARGE, write

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.lab import Lab

WIDTH: Final = 934  # pixels of a workbench
PLACES: Final[Mapping[str, int]] = {"ann": 110, "home": 300, "server": 467, "office": 634, "bob": 824}
TITLES: Final = {"ann": "Ann", "home": "her box", "server": "server", "office": "his box", "bob": "Bob"}
TOP: Final = 96
STEP: Final = 15  # pixels from one event to the next
HOLE: Final = 5  # pixels, the width of a line that is open


@dataclass(frozen=True, slots=True)
class Hop:
    """One packet from one host to the next, by the rows of its sending and of its arrival."""

    sent: Record
    arrived: Record
    is_blocked: bool


def find_hops(lab: Lab, first: int, last: int) -> list[Hop]:
    """Those that are sent and arrive between two events."""
    arrivals = {record.cause: record for record in lab.trace if record.kind == Kind.DATAGRAM}
    notes = (record for record in lab.trace if record.kind == Kind.NOTE)
    blocked = {note.cause for note in notes if note.detail[0] == "packet blocked"}
    sent = (record for record in lab.trace if record.kind == Kind.SEND and record.id in arrivals)
    hops = [Hop(record, arrivals[record.id], arrivals[record.id].id in blocked) for record in sent]
    return [hop for hop in hops if first <= hop.sent.event and hop.arrived.event <= last]


def draw_punch(seed: int) -> str:
    """A knock in vain, the server's word to both, and the packet that opens the way."""
    lab = Lab("hole_punching", seed=seed)
    lab.run()
    notes = [note for note in lab.trace if note.kind == Kind.NOTE]
    knock = [note for note in notes if note.detail[0] == "packet blocked"][-1].event
    reached = next(note.event for note in notes if note.detail[0] == "peer reached")
    hops = find_hops(lab, knock - 2, reached)
    events = dict.fromkeys(sorted(event for hop in hops for event in (hop.sent.event, hop.arrived.event)))
    rows = {event: TOP + STEP * (row + (event > knock)) for row, event in enumerate(events)}
    bottom = TOP + STEP * (len(events) + 1)
    ends = [(lab.names[hop.sent.peer], lab.names[hop.sent.other]) for hop in hops]
    opened = hops[ends.index(("office", "home"))].sent

    def draw(axes: Any) -> None:
        write(
            axes, (12, 18), "Both write first: the packet that goes out opens the box", size=LARGE, ha="left"
        )
        for name, x in PLACES.items():
            write(axes, (x, TOP - 40), TITLES[name], size=LARGE, weight="bold")
            width = 2.5 if name in ("home", "office") else 1
            axes.plot([x, x], [TOP - 24, bottom], color=EDGE, linewidth=width)
        for name, since in (("home", knock - 1), ("office", opened.event)):
            x = PLACES[name]
            axes.plot([x, x], [rows[since], bottom], color=TIPS[2], linewidth=HOLE, solid_capstyle="butt")
        write(axes, (PLACES["home"] - 10, rows[knock - 1] + 16), "open for his box", ha="right", colour=FAINT)
        write(axes, (PLACES["office"] + 10, bottom - 12), "open for her box", ha="left", colour=FAINT)
        for hop in hops:
            draw_hop(axes, lab, hop, rows)

    told = (
        "Ann's packet is thrown away at Bob's box. The server tells both to write. Bob's packet goes out"
        " through his box, and after that Ann's packet is let in and answered."
    )
    return make_svg((WIDTH, bottom + 16), draw, lab.scenario.title, told)


def draw_hop(axes: Any, lab: Lab, hop: Hop, rows: Mapping[int, int]) -> None:
    """An arrow, with the packet's name on the long ones; a cross where it ends in vain."""
    x, to = (PLACES[lab.names[number]] for number in (hop.sent.peer, hop.sent.other))
    y, end = rows[hop.sent.event], rows[hop.arrived.event]
    colour = TIPS[1] if hop.is_blocked else INK
    arrow = {"arrowstyle": "-|>", "color": colour, "shrinkA": 3, "shrinkB": 4, "linewidth": 1.3}
    axes.annotate("", xy=(to, end), xytext=(x, y), arrowprops=arrow)
    if hop.is_blocked:
        axes.plot([to], [end], marker="x", color=colour, markersize=11, markeredgewidth=3)
        write(axes, (to + 14, end), "thrown away", ha="left", weight="bold")
    names = {lab.names[hop.sent.peer], lab.names[hop.sent.other]}
    if names <= {"home", "server", "office"}:
        place = (x + 0.5 * (to - x), y + 0.5 * (end - y))
        look = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        write(axes, place, hop.sent.detail.wire_name, bbox=look)
