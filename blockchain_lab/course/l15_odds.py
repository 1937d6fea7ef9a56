"""Lesson 15, the sums: six in a row, equal stakes, two branches at once, grinding, parts of the blocks."""

from fractions import Fraction
from itertools import pairwise
from math import sqrt
from typing import Final

from blockchain_lab.base.draws import get_key
from blockchain_lab.base.units import SECOND
from blockchain_lab.consensus.authority import RoundRobin
from blockchain_lab.consensus.burn import Ashes, BurnLottery, Burnt
from blockchain_lab.consensus.capacity import Capacity
from blockchain_lab.consensus.history import History
from blockchain_lab.consensus.kernel import compute_kernel, get_first_modifier
from blockchain_lab.consensus.lottery_attacks import compute_effective_share, compute_grinding_share
from blockchain_lab.consensus.shares import count_blocks, run_lottery
from blockchain_lab.consensus.stake import Stake

ROW: Final = 6
HALF_AND_MORE: Final = Stake({"ann": 51, "others": 49})
EQUAL: Final = Stake({"ann": 1, "bob": 1}, tick=3 * SECOND)
DRAWS: Final = 400  # blocks of two equal stakes
ATTACKER, HONEST, GREEDY = 10, 30, 60  # per cent of the stake
GRINDER: Final = Fraction(1, 5)
VARIANTS: Final = 8
SIGNERS: Final = ("ann", "bob", "cat", "dan")
PLOTS: Final = {"ann": 64, "bob": 128, "cat": 192, "dan": 256}
NEW_DISK: Final = 192  # nonces that ann plots
OLD_ASHES: Final = {"ann": 100, "bob": 100, "cat": 100}  # units burnt before block 1
FRESH_ASHES: Final = 300  # units that dan burns
HALF_LIFE: Final = 40  # blocks
STAKES: Final = {"ann": 30, "bob": 20, "cat": 25, "dan": 25}
SLOTS: Final = 60_000  # of schedules that are counted


# -- 51 % ----------------------------------------------------------------------------------------------------


def chain_limits(seed: int) -> float:
    """Six blocks in a row for 51 %, by the limits under which the kernels win."""
    own, other = (HALF_AND_MORE.get_limit(name) for name in HALF_AND_MORE.stakes)
    return float(Fraction(own, own + other) ** ROW)


def count_rows(seed: int) -> float:
    """The same: of all 64 ways in which six blocks may go, weighed, the one that is all hers."""
    chance = {True: 0.51, False: 0.49}
    ways = [[bool(number >> place & 1) for place in range(ROW)] for number in range(1 << ROW)]
    weights = []
    for way in ways:
        product = 1.0
        for is_hers in way:
            product *= chance[is_hers]
        weights.append(product)
    return sum(w for w, way in zip(weights, ways, strict=True) if all(way)) / sum(weights)


# -- equal stakes --------------------------------------------------------------------------------------------


def tell_apart(winners: list[str]) -> str:
    """Which option describes these winners of two equal stakes?"""
    if not winners:
        return "d"
    far = 2.5 * sqrt(len(winners))  # five standard errors of tosses of a coin
    if abs(winners.count("ann") - len(winners) / 2) > far:
        return "a"
    repeats = sum(before == after for before, after in pairwise(winners))
    return "b" if abs(repeats - len(winners) / 2) > far else "c"


def play_equal(seed: int) -> str:
    """By a lottery of the engine, each of whose blocks is checked."""
    branch = run_lottery(EQUAL, EQUAL.stakes, DRAWS, seed)
    return tell_apart([entry.header.proposer for entry, _ in branch[1:]])


def hash_equal(seed: int) -> str:
    """By their hashes alone, second after second; of two in the same one neither is counted."""
    modifier, winners = get_first_modifier(get_key(seed, "equal")).value, []
    for tick in range(DRAWS * EQUAL.clock.ticks):
        kernels = {name: compute_kernel(modifier, name.encode(), tick) for name in EQUAL.stakes}
        able = [name for name, kernel in kernels.items() if kernel < EQUAL.get_limit(name)]
        winners += able if len(able) == 1 else []
    return tell_apart(winners)


# -- two branches at once ------------------------------------------------------------------------------------


def get_effective_share(seed: int) -> float:
    """Of the blocks that make one branch longer than the other, the attacker's part."""
    return compute_effective_share(ATTACKER / 100, HONEST / 100)


def count_turns(seed: int) -> float:
    """The same by a hundred turns: those of the greedy make both branches longer, and cancel out."""
    public, secret = HONEST + GREEDY, ATTACKER + GREEDY
    both = public + secret - 100
    return (secret - both) / (100 - both)


# -- grinding ------------------------------------------------------------------------------------------------


def get_ground_share(seed: int) -> float:
    """The part of the blocks of who picks the best of eight variants, by the formula."""
    return compute_grinding_share(float(GRINDER), VARIANTS)


def walk_ground_share(seed: int) -> float:
    """The same as a walk of two states, the grinder's block and another's, until it settles."""
    after_own = 1 - (1 - float(GRINDER)) ** VARIANTS
    share = float(GRINDER)
    for _ in range(1_000):
        share = share * after_own + (1 - share) * float(GRINDER)
    return share


# -- parts of the blocks -------------------------------------------------------------------------------------


def play_without_bob(seed: int) -> float:
    """Ann's part of the blocks of four signers in turn, of whom one is away: twelve blocks, played."""
    branch = run_lottery(RoundRobin(SIGNERS), [name for name in SIGNERS if name != "bob"], 12, seed)
    return count_blocks(branch[0][0], branch[-1][0])["ann"] / 12


def divide_by_three(seed: int) -> float:
    """The same by a sum: her slots, among those that are not empty."""
    slots = [SIGNERS[slot % len(SIGNERS)] for slot in range(4 * len(SIGNERS))]
    filled = [name for name in slots if name != "bob"]
    return filled.count("ann") / len(filled)


def get_plotted_part(seed: int) -> float:
    """Ann's part of all plots with her new disk, as the lottery has it."""
    lottery = Capacity({**PLOTS, "ann": PLOTS["ann"] + NEW_DISK})
    shares = lottery.get_shares(lottery.get_start())
    return shares["ann"] / sum(shares.values())


def add_up_deadlines(seed: int) -> float:
    """The same by deadlines: hers is x, and all others' are longer, added up over x."""
    own, others, steps = PLOTS["ann"] + NEW_DISK, sum(PLOTS.values()) - PLOTS["ann"], 200_000
    middles = ((step + 0.5) / steps for step in range(steps))
    return sum(own * (1 - x) ** (own - 1) * (1 - x) ** others for x in middles) / steps


def get_fresh_part(seed: int) -> float:
    """Dan's part when his burn begins to count and the others' have halved, as the lottery has it."""
    lottery = BurnLottery(OLD_ASHES, half_life=HALF_LIFE)
    start = lottery.get_start()
    burns = (*start.burns, Burnt("dan", FRESH_ASHES, HALF_LIFE + 1))
    shares = lottery.get_shares(Ashes(burns, start.modifier, HALF_LIFE))
    return shares["dan"] / sum(shares.values())


def halve_old_ashes(seed: int) -> float:
    """The same by a sum."""
    return FRESH_ASHES / (FRESH_ASHES + sum(OLD_ASHES.values()) / 2)


def leave_out_bob(seed: int) -> float:
    """Ann's part of the blocks when bob's slots stay empty, by the stakes of those who are there."""
    return STAKES["ann"] / (sum(STAKES.values()) - STAKES["bob"])


def count_schedules(seed: int) -> float:
    """The same by the slots of many schedules, one after another."""
    history = History(STAKES, row=1, seed=seed)  # more draws for as many slots
    filled = [name for name in map(history.get_leader, range(SLOTS)) if name != "bob"]
    return filled.count("ann") / len(filled)
