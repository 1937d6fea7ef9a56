"""Lesson 15, lotteries side by side: share of the resource and share of the blocks, and what is left.

In a notebook a drawing in the theme's colours, elsewhere a table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final

from blockchain_lab.base.draws import get_key
from blockchain_lab.base.units import SECOND
from blockchain_lab.consensus.burn import compute_decayed
from blockchain_lab.consensus.peercoin import Peercoin, weight
from blockchain_lab.consensus.proposers import read_proposer
from blockchain_lab.consensus.shares import Share, count_blocks, get_histogram, run_lottery
from blockchain_lab.course.l04_plots import write_rule, write_svg, write_text
from blockchain_lab.course.l07_race import LINES

FOUR: Final[Mapping[str, int]] = {"ann": 10, "bob": 20, "cat": 30, "dan": 40}
BLOCKS: Final = 300  # of each lottery
HALF_LIFE: Final = 40  # blocks; of burns
LOTTERIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "work": {"name": "pow", "powers": FOUR},
    "stake": {"name": "stake", "stakes": FOUR, "tick": 3 * SECOND},
    "coin age": {"name": "peercoin", "coins": FOUR, "output": 5, "tick": 20 * SECOND},
    "burn": {"name": "burn", "burnt": FOUR, "tick": 3 * SECOND},
    "capacity": {"name": "capacity", "plots": FOUR},
    "history": {"name": "history", "stakes": FOUR, "row": 1},
    "authority": {"name": "authority", "signers": list(FOUR), "spacing": SECOND},
}
RESOURCES: Final[Mapping[str, str]] = {
    "work": "hashes a second", "stake": "coins", "coin age": "coins in outputs of one size",
    "burn": "coins destroyed", "capacity": "nonces plotted", "history": "coins; turns by schedule",
    "authority": "a name on the list; turns in order",
}  # fmt: skip
LEFT: Final = 150
WIDE: Final = 130  # pixels of one name
GAP: Final = 16
ROW: Final = 50
MOST: Final = 0.5  # at the right end of a name's bars


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Of each lottery: its bars."""

    bars: dict[str, tuple[Share, ...]]

    def __repr__(self) -> str:
        """A line for each lottery: each name's share of the resource, and of the blocks."""
        return "\n".join(
            f"{lottery}: "
            + ", ".join(
                f"{bar.name} {bar.units / bar.total:.0%} and {bar.blocks / bar.among:.1%}" for bar in bars
            )
            for lottery, bars in self.bars.items()
        )

    def _repr_html_(self) -> str:
        """A row for each lottery, a column for each name."""
        parts = []
        for column, name in enumerate(FOUR):
            parts.append(write_text(find_x(column), 20, name, "start", font_weight="600"))
        for row, (lottery, bars) in enumerate(self.bars.items()):
            top = 36 + ROW * row
            parts.append(write_text(LEFT - 14, top + 15, lottery, "end", font_weight="600"))
            parts += [draw_bars(column, top, bar) for column, bar in enumerate(bars)]
        bottom = 36 + ROW * len(self.bars) + 6
        for place, (words, look) in enumerate(
            (("share of the resource", 'fill="currentColor" opacity="0.3"'), ("share of the blocks", LOOK))
        ):
            x = LEFT + place * 220
            parts.append(f'<rect x="{x}" y="{bottom - 11}" width="26" height="12" {look}/>')
            parts.append(write_text(x + 34, bottom, words, "start"))
        words = f"Shares after {BLOCKS} blocks each."
        return write_svg(bottom + 12, f"{words}\n{self!r}", parts)


LOOK: Final = f'fill="{LINES[1][0]}"'


def find_x(column: int) -> float:
    """Where the bars of a name begin."""
    return LEFT + column * (WIDE + GAP)


def draw_bars(column: int, top: float, bar: Share) -> str:
    """Two bars, the resource above the blocks, and both in numbers."""
    x = find_x(column)
    units, blocks = bar.units / bar.total, bar.blocks / bar.among
    room = WIDE - 42
    wide = [max(1.0, min(part, MOST) / MOST * room) for part in (units, blocks)]
    return "".join(
        (
            write_rule(f"M{x} {top - 2}V{top + 34}"),
            f'<rect x="{x}" y="{top}" width="{wide[0]:.1f}" height="13" fill="currentColor" opacity="0.3"/>',
            f'<rect x="{x}" y="{top + 17}" width="{wide[1]:.1f}" height="13" {LOOK}/>',
            write_text(x + wide[0] + 5, top + 11, f"{units:.0%}", "start", font_size="12"),
            write_text(x + wide[1] + 5, top + 28, f"{blocks:.0%}", "start", font_size="12"),
        )
    )


@cache
def play_lottery(lottery: str, seed: int) -> tuple[Share, ...]:
    """Its bars after 300 blocks, when everybody hears of each block at once."""
    rule = read_proposer(LOTTERIES[lottery], seed=get_key(seed, lottery))
    branch = run_lottery(rule, FOUR, BLOCKS, seed)
    return tuple(get_histogram(rule.get_shares(branch[0][1]), count_blocks(branch[0][0], branch[-1][0])))


def draw_side_by_side(seed: int) -> SideBySide:
    """All seven, with the learner's luck."""
    return SideBySide({lottery: play_lottery(lottery, seed) for lottery in LOTTERIES})


# -- what is left of the resource ----------------------------------------------------------------------------

SORTED: Final = ("work", "stake", "coin age", "burn", "capacity", "authority")


def tell_fate(rows: Sequence[tuple[str, Mapping[str, int], Mapping[str, int]]]) -> str:
    """What becomes of weights, by (maker, weights before, weights behind) of some blocks in a row."""
    if all(before == behind for _, before, behind in rows):
        return "stays"
    own = all(behind[maker] < before[maker] for maker, before, behind in rows)
    others = any(
        behind[name] < before[name] for maker, before, behind in rows for name in before if name != maker
    )
    return "resets" if own and not others else "melts"


def play_fate(lottery: str, seed: int) -> str:
    """By twenty blocks of the lottery: one coin for each name, and burns that fade."""
    plain = dict(LOTTERIES[lottery])
    if lottery == "coin age":
        plain |= {"output": 0, "patience": 0}
    if lottery == "burn":
        plain |= {"burnt": {name: 1_000 * units for name, units in FOUR.items()}, "half_life": HALF_LIFE}
    rule = read_proposer(plain, seed=seed)
    branch = run_lottery(rule, FOUR, 20, seed)
    rows = []
    for (_, before), (entry, behind) in pairwise(branch):
        weights = [rule.get_shares(state) for state in (before, behind)]
        if isinstance(rule, Peercoin):  # both at the time of the block: days go by, too
            weights = [rule.get_weights(state, entry.header.time) for state in (before, behind)]
        rows.append((entry.header.proposer, weights[0], weights[1]))
    return tell_fate(rows)


def find_fates(seed: int) -> dict[str, str]:
    """Of each lottery, by playing it."""
    return {lottery: play_fate(lottery, seed) for lottery in SORTED}


def reckon_fates(seed: int) -> dict[str, str]:
    """The same by the rules for a weight: of a coin that has just won, of a burn one half-life old."""
    after = {
        "coin age": ("resets", weight(10, 0)),
        "burn": ("melts", compute_decayed(10, HALF_LIFE, HALF_LIFE)),
    }
    fates = dict.fromkeys(SORTED, "stays")
    for lottery, (fate, units) in after.items():
        if units < 10:
            fates[lottery] = fate
    return fates
