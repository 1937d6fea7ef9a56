"""Lesson 3, the picture: how Ann reached Bob, for six kinds of boxes against six, and what the learner said.

Each cell is a run of its own. It stays empty until the learner's function says what will come of it. In a
notebook a table in colours, elsewhere one of letters.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any, Final

from blockchain_lab.base.actions import Connect
from blockchain_lab.base.units import MILLISECOND, SECOND, Address
from blockchain_lab.course.functions import call
from blockchain_lab.course.l03_boxes import BOXES, FIREWALL
from blockchain_lab.lab import Lab
from blockchain_lab.sim.scenario import Links, Peer, Scenario

LADDER: Final = ("direct", "punch", "relay")
SHORT: Final = {
    "none": "no box",
    FIREWALL: "firewall",
    "full cone": "full cone",
    "restricted cone": "restricted",
    "port restricted cone": "port restr.",
    "symmetric": "symmetric",
}
PUBLIC: Final = {"ann": Address("198.51.100.9", 8333), "bob": Address("198.51.100.10", 8333)}
STYLE: Final = (  # colours after Okabe and Ito, "Color Universal Design" (2008); dark letters on them
    "<style>#TABLE{border-collapse:separate;border-spacing:3px;font-size:13px;"
    "font-family:var(--jp-content-font-family,sans-serif);color:var(--jp-content-font-color1,#212121)}"
    "#TABLE caption{text-align:left;padding:0 0 6px;font-size:14px}#TABLE thead{border:0}"
    "#TABLE th{font-weight:600;text-align:right;padding:2px 8px;background:var(--jp-layout-color0,#fff)}"
    "#TABLE thead th{text-align:center}"
    "#TABLE td{width:84px;height:40px;padding:2px 4px;text-align:center;line-height:1.25;border-radius:3px;"
    "border:2px solid transparent;color:#111;background:#e3e3e3}"
    "#TABLE td.direct{background:#8fcdf0}#TABLE td.punch{background:#5cc9a7}"
    "#TABLE td.relay{background:#f0b429}"
    "#TABLE td.wrong{border-color:var(--jp-content-font-color1,#212121)}</style>"
).replace(
    "#TABLE",
    ".blockchain-lab-reach" * 3,  # said thrice it outweighs the page's own rules for tables
)


@cache
def play_pair(a: str, b: str, seed: int) -> str:
    """Ann behind box `a` looks for Bob behind box `b`: by which step of the ladder she reaches him."""
    peers = {"server": Peer("rendezvous")}
    for name, box_name, box in (("ann", "home", a), ("bob", "office", b)):
        if box != "none":
            peers[box_name] = Peer("nat", policy={"type": box})
        address = PUBLIC[name] if box == FIREWALL else None
        policy = {"server": "server", "ladder": list(LADDER)}
        peers[name] = Peer(
            "traversal", behind=box_name if box != "none" else "", policy=policy, address=address
        )
    links = Links(latency=(20 * MILLISECOND, 60 * MILLISECOND), jitter=2 * MILLISECOND)
    story = ((SECOND, Connect("ann", "bob")),)
    lab = Lab(Scenario(seed=seed, peers=peers, links=links, story=story, until=7 * SECOND), level="notes")
    lab.run()
    reached_by: str = lab.peer("ann").attempts["bob"].reached_by
    return reached_by


@dataclass(frozen=True, slots=True)
class Reach:
    """What was said of each pair, True, False or None for nothing, and what the packets did."""

    said: Mapping[tuple[str, str], bool | None]
    done: Mapping[tuple[str, str], str]  # empty where nothing was said

    @property
    def right(self) -> int:
        """Pairs of which the function says what the packets did."""
        return sum(self.is_right(pair) for pair in self.done)

    def is_right(self, pair: tuple[str, str]) -> bool:
        """Did the packets as was said?"""
        return self.said[pair] is (self.done[pair] != "relay")

    @property
    def title(self) -> str:
        """The sentence above the table."""
        if not self.done:
            return "Nothing to compare yet: can_connect does not say True or False."
        return f"can_connect says what the packets did in {self.right} of {len(self.said)} pairs."

    def tell(self, pair: tuple[str, str]) -> tuple[str, str]:
        """What happened, and whether it was said."""
        if pair not in self.done:
            return "?", ""
        if self.is_right(pair):
            return self.done[pair], "✓"
        return self.done[pair], "✗ you say yes" if self.said[pair] else "✗ you say no"

    def __repr__(self) -> str:
        """A table of letters."""
        rows = [self.title, f"{'Ann, Bob:':12}" + "".join(f"{SHORT[b]:>14}" for b in BOXES)]
        for a in BOXES:
            cells = (" ".join(self.tell((a, b))).split(" you")[0].strip() for b in BOXES)
            rows.append(f"{SHORT[a]:12}" + "".join(f"{cell:>14}" for cell in cells))
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        """A table in colours."""
        heads = "".join(f'<th scope="col">{SHORT[b]}</th>' for b in BOXES)
        rows = "".join(self._draw_row(a) for a in BOXES)
        words = f"{escape(self.title)} Rows: Ann, who looks for Bob. Columns: Bob."
        return (
            f'{STYLE}<table class="blockchain-lab-reach"><caption>{words}</caption>'
            f"<thead><tr><th></th>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _draw_row(self, a: str) -> str:
        cells = "".join(self._draw((a, b)) for b in BOXES)
        return f'<tr><th scope="row">{SHORT[a]}</th>{cells}</tr>'

    def _draw(self, pair: tuple[str, str]) -> str:
        done, said = self.tell(pair)
        look = f"{done if pair in self.done else ''}{' wrong' if said.startswith('✗') else ''}"
        return f'<td class="{look}">{done}<br>{said}</td>'


def draw_reach(can_connect: Callable[[str, str], Any], seed: int) -> Reach:
    """Ask the function about every pair, and play those of which it says something."""
    said: dict[tuple[str, str], bool | None] = {}
    for pair in ((a, b) for a in BOXES for b in BOXES):
        value = call(can_connect, pair).value
        said[pair] = value if isinstance(value, bool) else None
    return Reach(said, {pair: play_pair(*pair, seed) for pair, value in said.items() if value is not None})
