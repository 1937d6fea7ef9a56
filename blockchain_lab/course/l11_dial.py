"""Lesson 11, the nonce race: two miners try one nonce after another, each try a dot on a dial of hashes.

From left to right all hashes that there are; a dot left of the target line seals the block. Both headers are
real and differ in their coinbase, so the same nonces give other hashes. In a notebook a drawing, elsewhere a
table.
"""

from dataclasses import dataclass, replace
from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.chain.work import NUMBER_OF_HASHES
from blockchain_lab.course.l04_plots import write_rule, write_svg, write_text
from blockchain_lab.course.l07_race import LINES
from blockchain_lab.course.l11_chain import get_limit, make_blocks

MINERS: Final = ("ann", "bob")
ZEROS: Final = 1  # one hash in 16 is good enough: something to see with few tries
MOST: Final = 200  # tries that can be drawn
TOP: Final = 52
HIGH: Final = 236  # of a dial
WIDE: Final = 336
GAP: Final = 52
LEFT: Final = 34
TALL: Final = 13  # a number that stands beside a dial


@dataclass(frozen=True, slots=True)
class Race:
    """For each miner the hashes of its nonces 0, 1, ... as parts of the highest one, 0 to 1."""

    tries: dict[str, list[float]]
    line: float  # the target, as such a part

    def get_hits(self, name: str) -> list[int]:
        """The nonces that seal this miner's block."""
        return [nonce for nonce, at in enumerate(self.tries[name]) if at <= self.line]

    @property
    def verdict(self) -> str:
        """Who finds first, if anybody."""
        first = {name: self.get_hits(name)[0] for name in self.tries if self.get_hits(name)}
        if not first:
            return "nobody has found one yet"
        best = min(first.values())
        winners = [name for name, nonce in first.items() if nonce == best]
        return f"{' and '.join(winners)} first, with nonce {best}"

    def __repr__(self) -> str:
        """A line for each."""
        rows = []
        for name, tries in self.tries.items():
            hits = self.get_hits(name)
            which = ", ".join(map(str, hits)) or "none"
            rows.append(f"{name}: of {len(tries)} nonces {len(hits)} are good enough ({which})")
        return "\n".join([*rows, self.verdict])

    def _repr_html_(self) -> str:
        """A dial for each; the nonce counts downwards."""
        verdict = f"{self.verdict[0].upper()}{self.verdict[1:]}"
        parts = [write_text(LEFT, 20, verdict, "start", font_weight="600")]
        for number, (name, tries) in enumerate(self.tries.items()):
            parts += self._draw(LEFT + number * (WIDE + GAP), name, tries)
        bottom = TOP + HIGH
        words = "from left to right: the hash as a number; downwards: nonce after nonce; ◆ seals the block"
        parts.append(write_text((2 * LEFT + 2 * WIDE + GAP) / 2, bottom + 44, words))
        return write_svg(bottom + 54, f"Two miners at once.\n{self!r}", parts)

    def _draw(self, left: float, name: str, tries: list[float]) -> list[str]:
        bottom, line = TOP + HIGH, left + WIDE * self.line
        (miss, _), (hit, _) = LINES[0], LINES[1]
        words = f"{name}: {len(self.get_hits(name))} hits in {len(tries)} tries"
        shade = f'x="{left}" y="{TOP}" width="{line - left:.1f}" height="{HIGH}"'
        parts = [
            write_text(left, TOP - 10, words, "start"),
            write_rule(f"M{left} {TOP}H{left + WIDE}V{bottom}H{left}Z", 0.4),
            f'<rect {shade} fill="{hit}" opacity="0.16"/>',
            f'<path stroke="{hit}" stroke-width="2" d="M{line:.1f} {TOP - 4}V{bottom + 4}"/>',
            write_text(line, bottom + 20, "target", "middle", font_weight="600"),
            write_text(left + WIDE, bottom + 20, "ffff…", "end"),
        ]
        free = 0.0  # from here on a number touches none above it
        for nonce, at in enumerate(tries):
            x, y = left + WIDE * at, TOP + (nonce + 0.5) * HIGH / len(tries)
            if at <= self.line:
                parts.append(f'<path fill="{hit}" d="M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z"/>')
                if y >= free:  # beside the frame, where no dot is
                    parts.append(write_text(left - 9, y + 4, nonce, "end", font_size="12", font_weight="600"))
                    free = y + TALL
            else:
                parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{miss}"/>')
        return parts


def show_race(seed: int, tries: int) -> Race:
    """The first so many nonces of two miners whose luck is the learner's. UsageError."""
    if type(tries) is not int or not 1 <= tries <= MOST:
        raise UsageError(f"show_race: found {tries!r} tries, wanted a whole number from 1 to {MOST}")
    found = {}
    for name in MINERS:
        (candidate,) = make_blocks((f"{name} mines {seed}",), (0,))
        hashes = (replace(candidate.header, nonce=nonce).hash() for nonce in range(tries))
        found[name] = [int.from_bytes(raw, "little") / NUMBER_OF_HASHES for raw in hashes]
    return Race(found, get_limit(ZEROS) / NUMBER_OF_HASHES)
