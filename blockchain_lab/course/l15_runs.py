"""Lesson 15, what is read off runs: who makes the blocks with 51 % of the stake, and with one large coin."""

from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Final

from blockchain_lab.base.units import SECOND
from blockchain_lab.consensus.proposers import read_proposer
from blockchain_lab.consensus.shares import count_blocks, run_lottery
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab

MAJORITY: Final = "just_over_half"
ONE_COIN: Final = "one_large_coin"
RICH: Final = "ann"  # in both stories
BLOCKS: Final = 200  # of a lottery that is played without a network


@cache
def play_makers(story: str, seed: int) -> tuple[str, ...]:
    """Who made the blocks of the rich one's branch, in their order."""
    lab = Lab(story, seed=seed)
    lab.run()
    entry, makers = lab.peer(RICH).head, []
    while entry.previous is not None:
        makers.append(entry.header.proposer)
        entry = entry.previous
    return tuple(reversed(makers))


def draw_makers(story: str, seed: int) -> Counter[str]:
    """Who makes so many blocks of the same lottery when everybody hears of each of them at once."""
    plain = Lab(story, seed=seed).scenario.chain["consensus"]["proposer"]
    lottery = read_proposer(plain, seed=seed)
    names = list(plain.get("stakes") or plain["coins"])
    branch = run_lottery(lottery, names, BLOCKS, seed)
    return Counter(count_blocks(branch[0][0], branch[-1][0]))


def get_part(makers: Counter[str]) -> float:
    """The rich one's part of the blocks."""
    return makers[RICH] / makers.total()


def choose(part: float, options: tuple[tuple[float, str], ...]) -> str:
    """The first option whose most is not below this part."""
    return next(key for most, key in options if part <= most)


def find_event(story: str, is_wanted: Callable[[dict[str, object]], bool], topic: str, seed: int) -> int:
    """The first event at which a peer says something of this topic that is wanted."""
    lab = Lab(story, seed=seed)
    lab.run()
    return next(note.event for note, facts in get_notes(lab, topic) if is_wanted(facts))


# -- 51 % of the stake ---------------------------------------------------------------------------------------

MAJORITY_OPTIONS: Final = ((0.05, "d"), (0.25, "c"), (0.75, "b"), (1.0, "a"))


def find_majority(seed: int) -> str:
    """The option that fits the learner's run."""
    return choose(get_part(Counter(play_makers(MAJORITY, seed))), MAJORITY_OPTIONS)


def draw_majority(seed: int) -> str:
    """The same without a network."""
    return choose(get_part(draw_makers(MAJORITY, seed)), MAJORITY_OPTIONS)


def find_another_maker(seed: int) -> int:
    """The event at which a block of somebody else is heard of for the first time."""
    return find_event(MAJORITY, lambda facts: facts["proposer"] != RICH, "block proposed", seed)


# -- one large coin ------------------------------------------------------------------------------------------

COIN_OPTIONS: Final = ((0.05, "d"), (0.5, "c"), (0.75, "b"), (1.0, "a"))


def find_one_coin(seed: int) -> str:
    """The option that fits the learner's run."""
    return choose(get_part(Counter(play_makers(ONE_COIN, seed))), COIN_OPTIONS)


def draw_one_coin(seed: int) -> str:
    """The same without a network."""
    return choose(get_part(draw_makers(ONE_COIN, seed)), COIN_OPTIONS)


def find_reset(seed: int) -> int:
    """The event at which the rich one's weight is 0 again, since it has made a block."""

    def is_reset(facts: dict[str, object]) -> bool:
        shares = facts["shares"]
        return isinstance(shares, dict) and shares[RICH] == 0 and sum(shares.values()) > 0

    return find_event(ONE_COIN, is_reset, "lottery", seed)


def count_coins(output: int, seed: int) -> float:
    """The rich one's part of the blocks when everybody's coins are split into outputs of so many units."""
    plain = Lab(ONE_COIN, seed=seed).scenario.chain["consensus"]["proposer"]
    lottery = read_proposer({**plain, "output": output, "tick": SECOND}, seed=seed)
    branch = run_lottery(lottery, plain["coins"], BLOCKS, seed)
    return count_blocks(branch[0][0], branch[-1][0])[RICH] / BLOCKS
