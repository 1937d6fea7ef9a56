"""Lesson 15, two attacks as pictures: two branches signed at once, and blocks that are made until they suit.

In a notebook drawings in the theme's colours, elsewhere tables.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from blockchain_lab.base.draws import MILLION, CounterRandom, get_key
from blockchain_lab.base.units import SECOND
from blockchain_lab.chain.races import compute_catch_up
from blockchain_lab.consensus.lottery_attacks import (
    compute_effective_share,
    grind,
    walk_two_branches,
)
from blockchain_lab.consensus.shares import count_blocks
from blockchain_lab.consensus.stake import Stake
from blockchain_lab.course.l04_plots import write_rule, write_svg, write_text
from blockchain_lab.course.l13_plots import write_dots, write_line

LEFT: Final = 66
RIGHT: Final = 560
TOP: Final = 22
BOTTOM: Final = 242
HEIGHT: Final = 290
BEHIND: Final = 6  # blocks that the attacker has to make up for
RACES: Final = 200  # for each dot
LENGTH: Final = 500  # blocks of a race, at most
ATTACKER: Final = 0.1
GREEDY: Final = (0.0, 0.2, 0.4, 0.6, 0.7, 0.75, 0.8, 0.85)  # parts of the stake that sign both branches
STAKES: Final[Mapping[str, int]] = {"eve": 20, "ann": 50, "bob": 30}
TRIES: Final = (1, 2, 4, 8)  # variants of a block
BLOCKS: Final = 200  # of each dot

Point = tuple[float, float]
Place = Callable[[float, float], Point]


def write_axes(most: float, steps: int, marks: Sequence[tuple[float, object]], words: str) -> list[str]:
    """Parts of a hundred upwards, marks at parts of the width."""
    parts = [write_rule(f"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}")]
    for step in range(steps + 1):
        y = BOTTOM - (BOTTOM - TOP) * step / steps
        parts += [
            write_text(LEFT - 8, y + 5, f"{100 * most * step / steps:.0f} %", "end"),
            write_rule(f"M{LEFT} {y}H{RIGHT}", 0.15),
        ]
    parts += [write_text(LEFT + (RIGHT - LEFT) * at, BOTTOM + 18, mark) for at, mark in marks]
    parts.append(write_text((LEFT + RIGHT) / 2, HEIGHT - 8, words))
    return parts


def write_key(row: int, number: int, words: str, *, line: bool = True, dot: bool = True) -> list[str]:
    """What a line and its dots are, beside the plot."""
    y = TOP + 16 + 28 * row
    marks = [write_line([(RIGHT + 16, y), (RIGHT + 56, y)], number)] if line else []
    marks += [write_dots([(RIGHT + 36, y)], number)] if dot else []
    return [*marks, write_text(RIGHT + 64, y + 5, words, "start")]


# -- two branches at once ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Greed:
    """How often an attacker with a tenth of the stake makes up for six blocks, by who signs both branches."""

    won: dict[float, float]  # part that signs both -> part of the races that the attacker has won

    def __repr__(self) -> str:
        """A table."""
        rows = ["sign both  effective share  formula  races won"]
        for greedy, won in self.won.items():
            share = get_share(greedy)
            rows.append(f"{greedy:9.0%}  {share:15.1%}  {compute_catch_up(share, BEHIND):7.2%}  {won:9.1%}")
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        """The chance over the part that signs both."""
        widest = 0.9

        def place(greedy: float, chance: float) -> Point:
            return LEFT + (RIGHT - LEFT) * greedy / widest, BOTTOM - (BOTTOM - TOP) * chance

        marks = [(part / 10 / widest, f"{part * 10} %") for part in range(0, 10, 2)]
        parts = write_axes(1, 4, marks, "stake that signs both branches; upwards: the attack succeeds")
        curve = [place(step / 200, compute_catch_up(get_share(step / 200), BEHIND)) for step in range(179)]
        parts += [write_line(curve, 0), write_dots([place(*point) for point in self.won.items()], 1)]
        parts += [*write_key(0, 0, "formula", dot=False), *write_key(1, 1, f"{RACES} races", line=False)]
        return write_svg(HEIGHT, f"Nothing at stake.\n{self!r}", parts)


def get_share(greedy: float) -> float:
    """The attacker's part of what decides; the rest of the stake is honest."""
    return compute_effective_share(ATTACKER, 1 - ATTACKER - greedy)


def play_race(greedy: float, luck: CounterRandom) -> bool:
    """Does the attacker, six blocks behind, draw level within 500 blocks?"""
    honest = round((1 - ATTACKER - greedy) * MILLION)
    turns = walk_two_branches(round(ATTACKER * MILLION), honest, LENGTH, luck)
    return any(secret - public >= BEHIND for public, secret in turns)


def draw_greed(seed: int) -> Greed:
    """Formula and races, with the learner's luck."""
    won = {}
    for greedy in GREEDY:
        luck = CounterRandom(get_key(seed, "greed", round(greedy * 100)))
        won[greedy] = sum(play_race(greedy, luck) for _ in range(RACES)) / RACES
    return Greed(won)


# -- grinding ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ground:
    """Eve's part of the blocks by how many variants she tries, under two kernels."""

    parts: dict[str, dict[int, float]]  # what the modifier is made from -> variants -> part of the blocks

    def __repr__(self) -> str:
        """A table."""
        rows = ["variants  formula  " + "  ".join(self.parts)]
        for tries in TRIES:
            played = "  ".join(f"{part[tries]:{len(kind)}.1%}" for kind, part in self.parts.items())
            rows.append(f"{tries:8}  {get_ground(tries):7.1%}  {played}")
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        """A curve for the bad kernel, a level line for the good one, and dots that were played."""

        def place(tries: float, part: float) -> Point:
            return LEFT + (RIGHT - LEFT) * tries / 9, BOTTOM - (BOTTOM - TOP) * part

        marks = [(tries / 9, tries) for tries in TRIES]
        drawn = write_axes(
            1, 4, marks, "variants that eve makes of each of her blocks; upwards: her part of all blocks"
        )
        drawn.append(write_line([place(t / 4, get_ground(t / 4)) for t in range(4, 33)], 1))
        drawn.append(write_line([place(1, get_ground(1)), place(8, get_ground(1))], 0))
        for row, (kind, part) in enumerate(self.parts.items()):
            number = 1 - row
            drawn += [
                write_dots([place(*point) for point in part.items()], number),
                *write_key(row, number, kind),
            ]
        return write_svg(HEIGHT, f"Grinding.\n{self!r}", drawn)


def get_ground(tries: float) -> float:
    """By the formula, for 20 % of the stake; a curve, so for parts of a try as well."""
    share = STAKES["eve"] / sum(STAKES.values())
    return share / (share + float((1 - share) ** tries))


def play_grinding(kind: str, tries: int, seed: int) -> float:
    """Eve's part of so many blocks under a modifier of this kind."""
    lottery = Stake(STAKES, tick=3 * SECOND, modifier=kind, seed=get_key(seed, "grind", tries))
    branch = grind(lottery, STAKES, "eve", tries, BLOCKS, seed)
    return count_blocks(branch[0][0], branch[-1][0]).get("eve", 0) / BLOCKS


def draw_grinding(seed: int) -> Ground:
    """Both kernels, 200 blocks for each dot, with the learner's luck."""
    kinds = {"hash of the block": "block", "names of makers": "chain"}
    return Ground(
        {words: {tries: play_grinding(kind, tries, seed) for tries in TRIES} for words, kind in kinds.items()}
    )
