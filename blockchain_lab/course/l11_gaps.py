"""Lesson 11, a thousand blocks: how long after the one before did each of them come?

Nobody waits for that. Real headers are hashed until a thousand of them were good enough for an easy target,
and each try counts as so many seconds that the thousand come ten minutes apart on average. In a notebook a
drawing in the theme's colours, elsewhere a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from math import exp
from typing import Final

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.bitcoin.nonce_search import NONCE_SIZE
from blockchain_lab.chain.work import NUMBER_OF_HASHES
from blockchain_lab.course.l04_plots import write_rule, write_svg, write_text
from blockchain_lab.course.l07_race import LINES
from blockchain_lab.course.l11_chain import make_blocks
from blockchain_lab.course.l11_mine import hash_twice

BLOCKS: Final = 1_000
TRIES: Final = 128  # that a block takes on average
MEAN: Final = 10.0  # minutes that these stand for: 4.7 seconds a try
STEP: Final = 5  # minutes of a bar
LAST: Final = 60  # minutes; what took longer stands in the last bar
OPTIONS: Final = {"a": 370, "b": 500, "c": 630, "d": 950}  # how many of 1,000 come within ten minutes
TOP: Final = 44
BOTTOM: Final = 258
LEFT: Final = 56
RIGHT: Final = 720


@dataclass(frozen=True, slots=True)
class Gaps:
    """Minutes between blocks, in the order of the chain."""

    minutes: Sequence[float]

    @property
    def mean(self) -> float:
        """Minutes."""
        return sum(self.minutes) / len(self.minutes)

    @property
    def sooner(self) -> int:
        """How many came within ten minutes."""
        return sum(gap < MEAN for gap in self.minutes)

    @property
    def bars(self) -> list[int]:
        """How many took 0 to 5 minutes, 5 to 10, and so on; the last: as long or longer."""
        bars = [0] * (LAST // STEP + 1)
        for gap in self.minutes:
            bars[min(int(gap // STEP), LAST // STEP)] += 1
        return bars

    @property
    def summary(self) -> str:
        """A sentence."""
        return (
            f"{self.sooner} of {len(self.minutes):,} blocks came within 10 minutes;"
            f" mean {self.mean:.1f} minutes, slowest {max(self.minutes):.0f}"
        )

    def __repr__(self) -> str:
        """A table."""
        rows = [f"{number * STEP:3} min and more: {bar:4}" for number, bar in enumerate(self.bars)]
        return "\n".join([self.summary, *rows])

    def _repr_html_(self) -> str:
        """Bars; the black strokes are what memoryless waiting predicts."""
        bars, shares = self.bars, get_shares()
        tallest = max(*bars, shares[0] * len(self.minutes))
        wide = (RIGHT - LEFT) / len(bars)
        parts = [write_text(LEFT, 20, self.summary, "start", font_weight="600")]
        parts.append(write_rule(f"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"))
        for number, (bar, share) in enumerate(zip(bars, shares, strict=True)):
            x, is_last = LEFT + wide * number, number * STEP >= LAST
            y, stroke = (
                BOTTOM - (BOTTOM - TOP - 16) * amount / tallest for amount in (bar, share * len(self.minutes))
            )
            colour = LINES[0 if number * STEP < MEAN else 1][0]
            parts += [
                f'<rect x="{x + 3:.1f}" y="{y:.1f}" width="{wide - 6:.1f}" height="{BOTTOM - y:.1f}" '
                f'fill="{colour}"/>',
                f'<path stroke="currentColor" stroke-width="2" d="M{x:.1f} {stroke:.1f}h{wide:.1f}"/>',
                write_text(x + wide / 2, min(y, stroke) - 5, bar, font_size="12"),
                write_text(x + is_last * wide / 2, BOTTOM + 17, f"{LAST}…" if is_last else number * STEP),
            ]
        mean = LEFT + wide * MEAN / STEP
        parts.append(write_rule(f"M{mean:.1f} {TOP - 6}V{BOTTOM}", 0.9))
        parts.append(write_text(mean + 6, TOP + 2, "10 minutes", "start"))
        words = "minutes since the block before; upwards: blocks. Strokes: what luck without memory predicts"
        parts.append(write_text((LEFT + RIGHT) / 2, BOTTOM + 42, words))
        return write_svg(BOTTOM + 52, f"Gaps between blocks.\n{self!r}", parts)


def get_shares() -> list[float]:
    """Which part of all gaps belongs into each bar, if waiting has no memory."""
    longer = [exp(-at / MEAN) for at in range(0, LAST + 1, STEP)]
    return [one - next_one for one, next_one in zip(longer, [*longer[1:], 0], strict=True)]


@lru_cache(maxsize=4)
def mine_gaps(seed: int) -> Gaps:
    """Of a thousand blocks of the learner's, by real hashes: 128,000 of them, 0.2 s."""
    (candidate,) = make_blocks((f"a thousand blocks of {seed}",), (0,))
    head, limit = candidate.header.encode()[:-NONCE_SIZE], NUMBER_OF_HASHES // TRIES
    minutes, last = [], -1
    for nonce in count():
        if int.from_bytes(hash_twice(head + nonce.to_bytes(NONCE_SIZE, "little")), "little") < limit:
            minutes.append((nonce - last) * MEAN / TRIES)
            last = nonce
            if len(minutes) == BLOCKS:
                return Gaps(tuple(minutes))
    raise AssertionError("counting has no end")


def draw_gaps(seed: int) -> Gaps:
    """The same many by the clock that the engine's miners draw from."""
    random = CounterRandom(get_key(seed, "lesson 11", "gaps"))
    return Gaps(tuple(random.exponential(round(MEAN * 60_000)) / 60_000 for _ in range(BLOCKS)))


def find_option(gaps: Gaps) -> str:
    """The option whose number is nearest."""
    return min(OPTIONS, key=lambda key: abs(OPTIONS[key] - gaps.sooner))


def find_sooner(seed: int) -> str:
    """Of the learner's thousand."""
    return find_option(mine_gaps(seed))


def draw_sooner(seed: int) -> str:
    """By the clock."""
    return find_option(draw_gaps(seed))
