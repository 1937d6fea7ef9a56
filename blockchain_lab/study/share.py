"""Handing a run on: as a cell of code, a picture of this moment, six moments on a slide, a graph for the web.

lab.share.code()                          the few lines that bring somebody else here
lab.share.draw("moment.svg")              network and newest blocks at the cursor; .svg or .png
lab.share.storyboard("board.svg")         six moments on a slide of 1280 x 720
lab.share.graph("graph.html")             the network at the cursor, alive, without a network

The whole run goes into a file by `lab.save` and into a page of its own by `lab.export`. What a page's views
draw is taken from there, by their Share button; these pictures need no browser.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from blockchain_lab.base.units import NOBODY
from blockchain_lab.lab import Lab
from blockchain_lab.study.cell import write_cell, write_run
from blockchain_lab.study.standing import stand_at


class Share:
    """What `lab.share` is."""

    def __init__(self, lab: Lab) -> None:
        """Of this lab, as it will be when something is asked for."""
        self._lab = lab

    def code(self, *views: str) -> str:
        """A cell that makes this run again and shows these views at this event. UsageError for recordings."""
        return write_cell(self._lab, views)

    def code_of_run(self) -> str:
        """The cell without its last lines, which say where somebody stands: a page knows that better."""
        return "\n".join(write_run(self._lab))

    def draw(self, path: str | Path, *views: str) -> Path:
        """Draw this moment as an SVG or a PNG. `views`: "network", "tree" (the newest blocks), or both."""
        from blockchain_lab_widgets.elsewhere import draw_still  # noqa: PLC0415  (runs without Jupyter, too)

        file = Path(path)
        file.write_bytes(draw_still(self._lab, file.suffix, views))
        return file

    def storyboard(self, path: str | Path, events: Sequence[int] | None = None) -> Path:
        """Six moments as one SVG for a slide: these events, or those that tell most of the run."""
        from blockchain_lab_widgets.storyboard import make_storyboard  # noqa: PLC0415

        return write(path, make_storyboard(self._lab, events))

    def graph(self, path: str | Path) -> Path:
        """The network at the cursor as one HTML page that asks nothing of anybody."""
        from blockchain_lab_widgets.graph_page import make_graph_page  # noqa: PLC0415

        return write(path, make_graph_page(self._lab, dict.fromkeys(find_links(self._lab))))


def find_links(lab: Lab) -> Iterator[tuple[int, int]]:
    """Who is connected with whom at the cursor: host numbers, the lower one first."""
    for host, standing in enumerate(stand_at(lab, lab.cursor)):
        for other in standing.lines.values():
            if other != NOBODY:
                yield min(host, other), max(host, other)


def write(path: str | Path, text: str) -> Path:
    """A text file with the same bytes on every system."""
    file = Path(path)
    file.write_text(text, encoding="utf-8", newline="\n")
    return file
