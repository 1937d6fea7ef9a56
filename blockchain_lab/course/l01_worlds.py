"""Lesson 1, the picture: what every peer's list holds at one moment, beside what all of them hold together.

In a notebook a drawing in the theme's colours, elsewhere a table. Peers whose lists are alike share a letter.
"""

from dataclasses import dataclass
from html import escape
from typing import Final

from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.study.standing import Standings, count_local_states, stand_at

CARD: Final = 116  # pixels of a card's width
GAP: Final = 14
HEAD: Final = 34  # above the first entry
ROW: Final = 22
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
COLOURS: Final = (  # after Okabe and Ito, "Color Universal Design" (2008); a letter each, too
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#b35a8c",
    "#8a6d00",
    "#56778f",
)
STYLE: Final = (
    "<style>.blockchain-lab-worlds{display:block;max-width:100%;height:auto;font-size:13px;"
    "font-family:var(--jp-content-font-family,sans-serif);color:var(--jp-content-font-color1,#212121)}"
    ".blockchain-lab-worlds text{fill:currentColor}</style>"
)


@dataclass(frozen=True, slots=True)
class Worlds:
    """The lists of all peers that are on, at one moment."""

    at: Microseconds
    entries: tuple[str, ...]  # all that exist, in the order in which they were written
    lists: dict[str, frozenset[str]]  # peer -> its entries

    @property
    def count(self) -> int:
        """How many different lists there are."""
        return len(set(self.lists.values()))

    def get_letter(self, peer: str) -> str:
        """A for the first peer's list and all that are like it, B for the next other one."""
        different = list(dict.fromkeys(self.lists.values()))
        return LETTERS[different.index(self.lists[peer]) % len(LETTERS)]

    def __repr__(self) -> str:
        """A table: a line for each entry, a column for each peer."""
        head = f"{'':12}{'all':>5}" + "".join(f"{peer:>6}" for peer in self.lists)
        rows = [f"{entry:12}{'x':>5}" + self._mark(entry) for entry in self.entries]
        letters = "".join(f"{self.get_letter(peer):>6}" for peer in self.lists)
        return "\n".join([self.title, head, *rows, f"{'world':17}{letters}"])

    def _mark(self, entry: str) -> str:
        return "".join(f"{'x' if entry in held else '.':>6}" for held in self.lists.values())

    @property
    def title(self) -> str:
        """How many worlds, and when."""
        worlds = "1 world" if self.count == 1 else f"{self.count} worlds"
        return f"{worlds} at {self.at / SECOND:.2f} s"

    def _repr_html_(self) -> str:
        """A drawing, with the table as its words: first what is there, seen from above, then each peer."""
        cards = [self._draw_card(0, "from above", frozenset(self.entries), "")]
        cards += [
            self._draw_card(place, peer, held, self.get_letter(peer))
            for place, (peer, held) in enumerate(self.lists.items(), start=1)
        ]
        width = (CARD + GAP) * len(cards) + GAP
        height = HEAD + ROW * max(1, len(self.entries)) + 60
        words = escape(f"What is on each peer's list.\n{self!r}", quote=True)
        return (
            f'{STYLE}<svg class="blockchain-lab-worlds" viewBox="0 0 {width} {height}" width="{width}" '
            f'role="img" aria-label="{words}"><text x="2" y="16" font-size="15" font-weight="600">'
            f"{escape(self.title)}</text>{''.join(cards)}</svg>"
        )

    def _draw_card(self, place: int, name: str, held: frozenset[str], letter: str) -> str:
        """One list. What it lacks is a dash; the colour of its edge is that of its world."""
        x = 2 + place * (CARD + GAP) + (GAP if place else 0)
        colour = COLOURS[LETTERS.index(letter) % len(COLOURS)] if letter else "currentColor"
        height = HEAD + ROW * max(1, len(self.entries)) + 4
        edge = 'stroke-width="2"' if letter else 'stroke-dasharray="5 4"'
        parts = [
            f'<rect x="{x}" y="28" width="{CARD}" height="{height}" rx="8" fill="none" stroke="{colour}" '
            f"{edge}/>",
            f'<text x="{x + 12}" y="48" font-weight="600">{escape(name)}</text>',
        ]
        if letter:
            parts.append(f'<circle cx="{x + CARD - 17}" cy="44" r="10" fill="{colour}"/>')
            parts.append(
                f'<text x="{x + CARD - 17}" y="48.5" text-anchor="middle" font-weight="600" '
                f'style="fill:#ffffff">{letter}</text>'
            )
        for row, entry in enumerate(self.entries):
            y = 28 + HEAD + ROW * row + 14
            if entry in held:
                parts.append(f'<text x="{x + 12}" y="{y}">{escape(shorten(entry))}</text>')
            else:
                parts.append(f'<text x="{x + 12}" y="{y}" opacity="0.45">–</text>')
        return "".join(parts)


def shorten(entry: str) -> str:
    """So much of it as fits on a card."""
    return entry if len(entry) <= 13 else f"{entry[:12]}…"


def draw_worlds(lab: Lab) -> Worlds:
    """The lists at the cursor. Plays nothing on."""
    texts: dict[str, str] = {}
    for note, facts in get_notes(lab, "item learned"):
        if note.event <= lab.cursor:
            texts.setdefault(facts["item"], facts["text"])
    lists = {peer.name: frozenset(texts[item] for item in peer.items) for peer in stand_at(lab) if peer.is_on}
    return Worlds(lab.now, tuple(texts.values()), lists)


def count_worlds(lab: Lab, event: int | None = None) -> int:
    """How many different local states there are after an event, the cursor's if none is given."""
    return count_local_states(stand_at(lab, event))


def find_most_worlds(lab: Lab) -> int:
    """The event at which most local states differ; of several, where the lists are nearest to half full.

    Of all that has been computed.
    """
    standings, event = Standings(lab.scenario, lab.genesis), 0
    best = (0, 0, 0)
    for record in lab.trace:
        if record.event != event:
            lists = [peer.items for peer in standings.peers]
            full = len(lists) * len(set().union(*lists))
            fill = abs(2 * sum(map(len, lists)) - full)
            best = max(best, (count_local_states(standings.peers), -fill, -event))
            event = record.event
        standings.apply(record)
    return -best[2]
