"""Six moments of a run on one slide: network and newest blocks of each, when it was, and what has happened.

lab.share.storyboard("board.svg")
"""

import textwrap
from collections.abc import Sequence
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab_widgets.canvas import make_svg
from blockchain_lab_widgets.elsewhere import describe_off, describe_tips
from blockchain_lab_widgets.head import get_head
from blockchain_lab_widgets.looks import EDGE, FAINT
from blockchain_lab_widgets.moment import Moment, get_moment
from blockchain_lab_widgets.narration import Narrator
from blockchain_lab_widgets.packing import Packer
from blockchain_lab_widgets.picture import LARGE, Box, draw_blocks, draw_network, write
from blockchain_lab_widgets.telling import COUNT, find_moments, tell_events

SLIDE: Final = (1280, 720)  # pixels
COLUMNS: Final = 3
EDGE_OF_SLIDE: Final = 24
HEADLINE: Final = 62  # the run's title and what it is
GAP: Final = 16
PANEL: Final = (400, 309)
LINE: Final = 20
MOST_LETTERS: Final = 50  # of a line of the sentence
MOST_LINES: Final = 2
MOST_NAMES: Final = 10
TITLE: Final = 20  # pixels


def make_storyboard(lab: Any, events: Sequence[int] | None = None) -> str:
    """Draw up to six events, those that tell most when None. UsageError for events that are not there.

    Returns the SVG. O(records) for each moment.
    """
    head = get_head(lab)
    packer = Packer(lab.codec)
    packer.follow(lab.trace)
    narrator = Narrator(lab.names, get_moment(packer, head, len(lab.trace)).blocks)
    if events is None:
        told = find_moments(packer, narrator, get_moment(packer, head, 0), lab.scenario.poster)
    else:
        told = tell_events(packer, narrator, check_events(events, lab.head))
    panels = [
        (event, text, get_moment(packer, head, lab.trace.end_of(event)))
        for event, text in sorted(told.items())
    ]
    if not panels:
        raise UsageError("storyboard: nothing has happened yet; lab.run() first")
    about = f"seed {head['seed']}, {lab.head:,} events, {lab.trace.time_of(lab.head) / SECOND:.3f} s"
    words = [tell_panel(lab, number, *panel) for number, panel in enumerate(panels, start=1)]

    def draw(axes: Any) -> None:
        left = EDGE_OF_SLIDE
        write(axes, (left, 26), shorten(head["title"], 100), size=TITLE, ha="left")
        write(axes, (left, 50), about, size=LARGE, ha="left", colour=FAINT)
        for place, ((_, _, moment), (when, sentence)) in enumerate(zip(panels, words, strict=True)):
            draw_panel(axes, place, head, moment, when, sentence)

    about_all = " ".join(f"{when}: {sentence}." for when, sentence in words)
    return make_svg(SLIDE, draw, f"{head['title']}: a storyboard", about_all)


def check_events(events: Sequence[int], head: int) -> set[int]:
    """UsageError unless these are one to six events that have happened."""
    for event in events:
        if type(event) is not int or not 1 <= event <= head:
            raise UsageError(f"storyboard: found event {event!r}, wanted 1 to {head}, which have happened")
    if not 1 <= len(set(events)) <= COUNT:
        raise UsageError(f"storyboard: found {len(set(events))} events, wanted 1 to {COUNT}")
    return set(events)


def tell_panel(lab: Any, number: int, event: int, text: str, moment: Moment) -> tuple[str, str]:
    """What stands over a moment: which it is and when, and what has happened."""
    when = f"{number} · {lab.trace.time_of(event) / SECOND:,.3f} s · event {event:,}"
    if event < lab.head:
        return when, text
    state = [describe_tips(lab.names, moment), describe_off(lab.names, moment)]
    return when, ". ".join([text, *filter(None, state)]) if text == "The end of the run" else text


def draw_panel(axes: Any, place: int, head: Any, moment: Moment, when: str, sentence: str) -> None:
    """One moment: two lines of words, the network, the newest blocks."""
    row, column = divmod(place, COLUMNS)
    left = EDGE_OF_SLIDE + column * (PANEL[0] + GAP)
    top = HEADLINE + GAP / 2 + row * (PANEL[1] + GAP)
    axes.plot([left, left + PANEL[0]], [top, top], color=EDGE, linewidth=1)
    write(axes, (left, top + 16), when, size=LARGE, ha="left", weight="bold")
    lines = textwrap.wrap(sentence, MOST_LETTERS, max_lines=MOST_LINES, placeholder=" …")
    for number, line in enumerate(lines):
        write(axes, (left, top + 16 + LINE * (number + 1)), line, size=LARGE, ha="left")
    below = top + 16 + LINE * MOST_LINES + 10
    high = PANEL[1] - (below - top)
    share = 0.62 if moment.blocks else 1
    draw_network(axes, head, moment, Box(left, below, PANEL[0], high * share, MOST_NAMES, stretch=1.6))
    draw_blocks(
        axes, moment, Box(left - 20, below + high * share, PANEL[0] + 20, high * (1 - share), lanes=2)
    )


def shorten(text: str, most: int) -> str:
    """A text that fits a line."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
