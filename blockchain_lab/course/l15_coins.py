"""Lesson 15, the age of coins: the rule, and a drawing of coins whose chances grow until they have won.

chance |        ____          the line is the largest hash that wins; each mark is the one hash of a second
       |      /   .
       |    / o               a full dot below it is a block, and the coin is young again
       |__/__ ____/__ seconds
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from blockchain_lab.base.units import SECOND
from blockchain_lab.consensus.kernel import HASHES, compute_kernel
from blockchain_lab.consensus.peercoin import LEAST_AGE, MOST_AGE, Coinage, Peercoin, get_ticket, weight
from blockchain_lab.consensus.proposers import read_proposer
from blockchain_lab.course.l04_plots import write_rule, write_svg, write_text
from blockchain_lab.course.l07_race import LINES
from blockchain_lab.course.l15_runs import ONE_COIN
from blockchain_lab.lab import Lab

POOR: Final = (100, 40)  # coins, and days since they moved
RICH: Final = (1_000, 3)
SHOWN: Final = ("ann", "bob", "cat")
DAYS: Final = 200  # drawn; a day of this story is a second
LEFT: Final = 96
RIGHT: Final = 730
PANEL: Final = 118  # pixels of one coin
TOP: Final = 30
MOST: Final = 0.13  # at the top of a panel: the part of all hashes
BLOCK: Final = 'r="5.5" fill="{}"'
LOST: Final = 'r="5" fill="none" stroke="{}" stroke-width="2"'
MISS: Final = 'r="2.5" fill="none" stroke="currentColor" opacity="0.7"'


# -- the rule ------------------------------------------------------------------------------------------------


def coin_days(coins: int, days: int) -> int:
    """What counts of coins that have not moved for so many days."""
    return coins * max(0, min(days, 90) - 30)


def coin_days_by_engine(coins: int, days: int) -> int:
    """The same, as the chain checks it."""
    return weight(coins, days)


def count_every_day(coins: int, days: int) -> int:
    """A mistake, and Peercoin's rule before 0.3: all days count."""
    return coins * min(days, MOST_AGE)


def never_stop(coins: int, days: int) -> int:
    """A mistake: the weight grows for ever."""
    return coins * max(0, days - LEAST_AGE)


def fall_below_nothing(coins: int, days: int) -> int:
    """A mistake: young coins weigh less than nothing."""
    return coins * (min(days, MOST_AGE) - LEAST_AGE)


def stop_too_late(coins: int, days: int) -> int:
    """A mistake: the ceiling of 90 is laid over the days that are left."""
    return coins * min(max(0, days - LEAST_AGE), MOST_AGE)


def jump_at_thirty(coins: int, days: int) -> int:
    """A mistake: nothing until day 30, then all days at once."""
    return coins * min(days, MOST_AGE) if days >= LEAST_AGE else 0


def weigh_the_better(seed: int) -> int:
    """Of the poor one's old coins and the rich one's young ones: the larger weight, by the chain's rule."""
    return max(weight(*POOR), weight(*RICH))


def add_the_better(seed: int) -> int:
    """The same, day by day."""
    return max(coins * len(range(LEAST_AGE, days)) for coins, days in (POOR, RICH))


# -- the drawing ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Second:
    """One try of one coin."""

    at: int  # seconds
    limit: float  # the part of all hashes that would win
    hash: float  # the one that it has, as a part of all
    has_block: bool  # of this second and this coin, on the branch that was followed

    @property
    def is_hit(self) -> bool:
        """May it make a block now?"""
        return self.hash < self.limit


@dataclass(frozen=True, slots=True)
class Coins:
    """Some coins, each with its tries."""

    tries: dict[str, tuple[Second, ...]]
    sizes: dict[str, float]  # of each, as a part of all coins

    def __repr__(self) -> str:
        """When each has won."""
        return "\n".join(
            f"{name}, {self.sizes[name]:.0%} of all coins: "
            + f"blocks at second {', '.join(str(second.at) for second in seconds if second.has_block)}"
            for name, seconds in self.tries.items()
        )

    def _repr_html_(self) -> str:
        """One below the other, on one scale."""
        parts = []
        for number, (name, seconds) in enumerate(self.tries.items()):
            parts += self._draw(number, name, seconds)
        bottom = TOP + PANEL * len(self.tries)
        parts += [write_text(find_x(at), bottom + 4, at) for at in range(0, DAYS + 1, 30)]
        words = "seconds of the run (a second is a day); upwards: hashes, the small ones at the bottom"
        parts.append(write_text((LEFT + RIGHT) / 2, bottom + 26, words))
        marks = (("its block", BLOCK), ("a turn in vain", LOST), ("too large", MISS))
        for (words, look), x in zip(marks, (LEFT + 20, LEFT + 150, LEFT + 310), strict=True):
            parts.append(f'<circle cx="{x}" cy="{bottom + 46}" {look.format("currentColor")}/>')
            parts.append(write_text(x + 14, bottom + 51, words, "start"))
        return write_svg(bottom + 60, f"Coins, and the seconds in which they win.\n{self!r}", parts)

    def _draw(self, number: int, name: str, seconds: Sequence[Second]) -> list[str]:
        top, bottom = TOP + PANEL * number, TOP + PANEL * (number + 1) - 20
        colour = LINES[number % len(LINES)][0]

        def find_y(part: float) -> float:
            return bottom - (bottom - top) * min(part, MOST) / MOST

        line = "L".join(f"{find_x(second.at):.1f} {find_y(second.limit):.1f}" for second in seconds)
        area = f"M{find_x(seconds[0].at):.1f} {bottom}L{line}L{find_x(seconds[-1].at):.1f} {bottom}Z"
        parts = [
            f'<path fill="{colour}" opacity="0.18" d="{area}"/>',
            f'<path fill="none" stroke="{colour}" stroke-width="2" d="M{line}"/>',
            write_rule(f"M{LEFT} {top}V{bottom}H{RIGHT}"),
            write_text(LEFT - 10, top + 34, name, "end", font_weight="600"),
            write_text(LEFT - 10, top + 54, f"{self.sizes[name]:.0%} of all", "end"),
            write_text(LEFT - 10, top + 72, "coins", "end"),
        ]
        for second in seconds:
            x, y = find_x(second.at), find_y(second.hash)
            if second.has_block:
                parts.append(write_rule(f"M{x:.1f} {top}V{bottom}", 0.5, "2 3"))
            if second.is_hit or second.hash < MOST:
                look = BLOCK if second.has_block else LOST if second.is_hit else MISS
                parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" {look.format(colour)}/>')
        return parts


def find_x(at: float) -> float:
    """Where a second stands."""
    return LEFT + (RIGHT - LEFT) * at / DAYS


def draw_coins(seed: int) -> Coins:
    """Of the learner's run with one large coin: three of the five, on the branch that was followed."""
    lab = Lab(ONE_COIN, seed=seed)
    lab.run()
    rule = read_proposer(lab.scenario.chain["consensus"]["proposer"], seed=seed)
    assert isinstance(rule, Peercoin)
    node = lab.peer(SHOWN[0])
    entry, states, blocks = node.head, [], []
    while entry is not None:
        states.append((entry.header.time, node.branches.get_state(entry).lottery))
        blocks.append((entry.header.time, entry.header.proposer))
        entry = entry.previous
    states.reverse()
    total = sum(rule.coins.values())
    tries: dict[str, list[Second]] = {name: [] for name in SHOWN}
    for at in range(1, DAYS + 1):
        state = [state for time, state in states if time < at * SECOND][-1]
        for name in SHOWN:
            limit, kernel = look_up(rule, state, name, at)
            tries[name].append(Second(at, limit, kernel, (at * SECOND, name) in blocks))
    sizes = {name: rule.coins[name] / total for name in SHOWN}
    return Coins({name: tuple(seconds) for name, seconds in tries.items()}, sizes)


def look_up(rule: Peercoin, state: Coinage, name: str, at: int) -> tuple[float, float]:
    """What would win, and the hash, of a name's only coin in one second behind this state; parts of all."""
    number, coin = next((n, coin) for n, coin in enumerate(state.coins) if coin.owner == name)
    limit = rule.get_limit(state, coin, at * SECOND)
    tick = at * SECOND // rule.tick
    kernel = compute_kernel(state.modifier.value, get_ticket(number, coin), tick)
    return limit / HASHES, kernel / HASHES
