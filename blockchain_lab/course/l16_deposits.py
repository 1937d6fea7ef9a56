"""Lesson 16, deposits: what they earn, when their owner votes first, and how long he waits for them.

All of it is EIP-1011's (2018), the numbers of blocks apart; the two dynasties of joining are the paper's.
"""

from datetime import timedelta
from functools import cache
from math import sqrt
from typing import Final

from blockchain_lab.consensus.ffg import run_epochs
from blockchain_lab.consensus.ffg_params import GWEI, LAB, PRESETS
from blockchain_lab.consensus.penalties import get_withdrawal_epoch
from blockchain_lab.consensus.rewards import Tally, compute_reward_factor, settle_epoch
from blockchain_lab.consensus.theory import EPOCHS_A_YEAR, compute_return
from blockchain_lab.course.questions import Mistake, Number

JOINS_IN: Final = 7  # the dynasty of eve's deposit
BLOCK_SECONDS: Final = 14  # Ethereum's in 2018, about
DEPOSIT: Final = 1_500  # ETH
DEPOSITED: Final = 10_000_000  # ETH, by all


def find_first_dynasty(seed: int) -> int:
    """Play epochs until a deposit of dynasty 7 has made a member: one dynasty an epoch, all vote."""
    founders, last = {"ann": 1, "bob": 1, "cat": 1}, JOINS_IN + 6
    votes = {epoch: tuple(founders) for epoch in range(1, last + 1)}
    begun = run_epochs(founders, votes, last)
    made_in = next(result.epoch for result in begun if result.dynasty == JOINS_IN)
    played = run_epochs(founders, votes, last, deposits={made_in: {"eve": 1}})
    return next(result.dynasty for result in played if "eve" in result.forward)


def add_two(seed: int) -> int:
    """The paper's rule."""
    return JOINS_IN + LAB.join_delay


def convert_delay(seed: int) -> float:
    """Days of EIP-1011's withdrawal delay, by the preset's numbers."""
    rules = PRESETS["eip1011"]
    blocks = get_withdrawal_epoch(0, rules.withdrawal_delay) * rules.epoch_length
    return blocks * BLOCK_SECONDS / 86_400


def multiply_delay(seed: int) -> float:
    """15,000 epochs of 50 blocks of 14 seconds."""
    return 15_000 * 50 * timedelta(seconds=14) / timedelta(days=1)


def compute_year(seed: int) -> float:
    """ETH that a deposit of 1,500 earns in a year when all vote: by the formula for whole curves."""
    rules = PRESETS["eip1011"].rewards
    return DEPOSIT * compute_return(DEPOSITED, rules.base_interest / 1e9)


def play_year(seed: int) -> float:
    """The same epoch by epoch."""
    return settle_year()


@cache
def settle_year() -> float:
    """In whole units, as the state machine settles 44,600 epochs. The same for all learners."""
    rules = PRESETS["eip1011"].rewards
    deposits = {"me": DEPOSIT * GWEI, "all others": (DEPOSITED - DEPOSIT) * GWEI}
    for _ in range(EPOCHS_A_YEAR):
        total = sum(deposits.values())
        all_of_them = Tally(total, total)
        factor = compute_reward_factor(total, 2, rules)
        deposits = settle_epoch(deposits, deposits, factor, 2, all_of_them, all_of_them).deposits
    return deposits["me"] / GWEI - DEPOSIT


def multiply_year(*, halves: bool = True) -> float:
    """As in the text, without interest on interest: f for each epoch, or a half of it."""
    return DEPOSIT * 0.007 / sqrt(DEPOSITED) * EPOCHS_A_YEAR / (2 if halves else 1)


YEAR: Final = Number(
    id="L16.q6",
    title="A year's reward",
    prompt="You deposit 1,500 ETH, all together 10,000,000. Everybody votes in each of 44,600 epochs. How"
    " much do you earn in that year?",
    unit="ETH",
    tolerance=1.5,
    passes="what a deposit of 1,500 ETH earns in 44,600 epochs, within 1.5 ETH; interest on interest or not.",
    hints=(
        "In each epoch you earn f / 2 of your deposit, where f = 0.007 / √10,000,000.",
        "√10,000,000 is about 3,162, so f is about 0.0000022.",
        "1,500 × 0.007 / 3,162 / 2 × 44,600.",
    ),
    because="Five per cent. With four times the deposits in all it would be half as much for each.",
    solution="1,500 × f / 2 × 44,600, and a little more with interest on interest: {answer}.",
    answer=compute_year,
    again=play_year,
    mistakes=(
        Mistake(lambda seed: multiply_year(halves=False), "That is f. When all vote each earns half."),
        Mistake(5, "That is per cent. How much is it of 1,500 ETH?"),
        Mistake(10.5, "0.7 % of the deposit? 0.007 is divided by the root of all deposits, each epoch."),
        Mistake(0.05, "That is what each ETH earns. How much is it for 1,500 of them?"),
        Mistake(0, "A single epoch gives next to nothing, but there are 44,600 of them."),
    ),
)


FIRST_DYNASTY: Final = Number(
    id="L16.q7",
    title="The first vote",
    prompt="Eve's deposit is in a block of dynasty 7. In which dynasty does she vote for the first time?",
    unit="(the number of a dynasty)",
    passes="the number of the first dynasty whose validators eve is one of.",
    hints=(
        "Not in the next one: who votes in it has been settled already.",
        "In the picture go back to where eve appears, soon after second 60: the line above the table says the"
        " dynasty. Beside eve stands in which one she joins.",
        "The deposit's dynasty, and two more.",
    ),
    because="Two dynasties ahead, so that both sets of a change are known before anybody votes on it.",
    solution="7 + 2 = {answer}.",
    answer=find_first_dynasty,
    again=add_two,
    mistakes=(
        Mistake(7, "Then nobody could know who is to vote: the set would change while it votes."),
        Mistake(8, "The set of the next dynasty has been settled already. One more."),
        Mistake(10, "That is three more. Two are enough."),
    ),
)


DELAY: Final = Number(
    id="L16.q8",
    title="Until the money is back",
    prompt="15,000 epochs of 50 blocks, a block in 14 seconds: how many days does a validator that has left"
    " wait for its deposit?",
    unit="days",
    tolerance=0.1,
    passes="the waiting time of EIP-1011 in days, within 0.1.",
    hints=(
        "How many blocks are 15,000 epochs?",
        "750,000 blocks, 14 seconds each. A day has 86,400 seconds.",
        "15_000 * 50 * 14 / 86_400.",
    ),
    because="Four months. So long its deposit can still be slashed for what it has signed.",
    solution="15,000 × 50 × 14 / 86,400 = {answer}.",
    answer=convert_delay,
    again=multiply_delay,
    mistakes=(
        Mistake(15_000 * 14 / 86_400, "That is 15,000 blocks. It is so many epochs, of 50 blocks each."),
        Mistake(15_000 * 50 * 14 / 3_600, "That is hours."),
        Mistake(15_000 * 50 * 14 / 86_400 / 30, "That is months, about. Days are wanted."),
        Mistake(15_000 * 50 / 86_400, "That is with a block in each second. It takes 14."),
    ),
)
